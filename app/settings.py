"""What can be set, read once from the environment (``AMBP_*``) and the command line."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from platformdirs import user_data_path
from rapidfuzz.process import extractOne

import corpus
from corpus.errors import SettingsError

PREFIX = "AMBP_"
# Closer than this, an unknown name is taken for a slip of the pen (rapidfuzz ratio, 0 to 100).
_LIKELY_MEANT = 60
_MOST_DAYS = 3650
SCOPES = ("ask", "search", "records", "sources")
"""What other programs can be allowed over MCP."""
_WHO = ("this machine", "everyone", "nobody")


@dataclass(frozen=True, slots=True)
class Settings:
    """How the assistant runs. Made by `read_settings`; every field has its ``AMBP_*`` name."""

    data_dir: Path
    """Where the library lives."""
    partnership: str = "ambp"
    """Whose knowledge: the name of a folder in ``corpus/``, or the path of one."""
    bundled: bool = True
    """``false``: only what was added answers, nothing that is shipped."""
    embedder: str | None = None
    """A sentence-transformers model by name or path; None: the one that is shipped."""
    embedder_languages: tuple[str, ...] | None = None
    """Languages that the embedder knows (ISO 639-1); None: those that its card names."""
    reranker: str | None = None
    """A cross-encoder by name or path, which puts the best passages in order; None: none does."""
    chroma_host: str | None = None
    """A Chroma server; None: Chroma runs inside this process."""
    chroma_port: int = 8000
    """The port of that server."""
    host: str = "127.0.0.1"
    """The address at which the pages are served; 0.0.0.0: at all that this machine has."""
    port: int = 7860
    """The port at which the pages are served."""
    max_file_mb: int = 200
    """A larger file is not read."""
    question_log_days: int = 0
    """For how long questions are kept that were not answered or not helpfully; 0: none is."""
    hosts: tuple[str, ...] = ()
    """Names under which the server is reached, beside localhost and bare addresses."""
    api: bool = True
    """``false``: neither REST nor OpenAI's protocol, but for the state of the server."""
    api_origins: tuple[str, ...] = ()
    """Other sites (https://...) whose pages may use the doors for programs; none: no other."""
    api_at_once: int = 8
    """How many questions of other programs are worked on at once; more of them wait."""
    metrics: str = "this machine"
    """Who may read the metrics: this machine, everyone or nobody."""
    mcp_scopes: tuple[str, ...] = SCOPES
    """What programs may do over MCP; empty: nothing, there is no such door."""
    llm: str | None = None
    """A chat model as ``provider:model``, which words the answers; None: none does."""
    llm_base_url: str | None = None
    """The address of the chat model's server; None: the one that its provider's settings name."""
    llm_timeout_seconds: int = 90
    """For how long a chat model may work on one question, its searches included."""
    llm_max_tokens: int = 1500
    """How long one reply of the chat model may be."""

    @property
    def names(self) -> frozenset[str]:
        """Under which the doors for programs may be asked for, beside localhost and addresses."""
        return frozenset({self.host.lower(), *self.hosts})

    @property
    def max_file_bytes(self) -> int:
        """The size limit of one file in bytes."""
        return self.max_file_mb * 1024 * 1024

    @property
    def knowledge_dir(self) -> Path:
        """The folder of the partnership's knowledge; raises SettingsError if there is none."""
        shipped = Path(corpus.__file__).parent
        for folder in (shipped / self.partnership, Path(self.partnership).expanduser()):
            if (folder / "partnership.yaml").is_file():
                return folder
        names = ", ".join(sorted(path.parent.name for path in shipped.glob("*/partnership.yaml")))
        raise SettingsError(
            f"there is no partnership {self.partnership!r}",
            remedy=f"Set {PREFIX}PARTNERSHIP to one of {names}, or to the path of a folder "
            "with a partnership.yaml.",
        )


def _text(value: str) -> str | None:
    return value or None


def _languages(value: str) -> tuple[str, ...] | None:
    codes = tuple(code.strip().lower() for code in value.split(",") if code.strip())
    if not all(code.isalpha() for code in codes):
        raise ValueError
    return codes or None


def _hosts(value: str) -> tuple[str, ...]:
    names = tuple(name.strip().lower() for name in value.split(",") if name.strip())
    if not all(re.fullmatch(r"[a-z0-9.-]+", name) for name in names):
        raise ValueError
    return names


def _origins(value: str) -> tuple[str, ...]:
    origins = tuple(part.strip().lower().rstrip("/") for part in value.split(",") if part.strip())
    if not all(re.fullmatch(r"https?://[a-z0-9.-]+(?::\d+)?", origin) for origin in origins):
        raise ValueError
    return origins


def _who(value: str) -> str:
    if value.lower() not in _WHO:
        raise ValueError
    return value.lower()


def _scopes(value: str) -> tuple[str, ...]:
    named = {part.strip().lower() for part in value.split(",") if part.strip()}
    if not named <= set(SCOPES):
        raise ValueError
    return tuple(scope for scope in SCOPES if scope in named)


def _folder(value: str) -> Path:
    if not value:
        raise ValueError
    return Path(value).expanduser()


def _yes_or_no(value: str) -> bool:
    return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}[
        value.lower()
    ]


def _model(value: str) -> str | None:
    provider, mark, name = value.partition(":")
    if value and not (provider.strip() and mark and name.strip()):
        raise ValueError
    return value or None


def _address(value: str) -> str | None:
    if value and not re.fullmatch(r"https?://[^\s/@]+(/\S*)?", value):
        raise ValueError
    return value or None


def _port(value: str) -> int:
    port = int(value)
    if not 0 < port < 65536:
        raise ValueError
    return port


def _at_least_one(value: str) -> int:
    number = int(value)
    if number < 1:
        raise ValueError
    return number


def _days(value: str) -> int:
    number = int(value)
    if not 0 <= number <= _MOST_DAYS:
        raise ValueError
    return number


# How the text of each setting is read, and what a person is told when it cannot be.
_READERS: dict[str, tuple[Callable[[str], Any], str]] = {
    "data_dir": (_folder, "the path of a folder"),
    "partnership": (lambda value: _text(value) or "ambp", "the name or path of a folder"),
    "bundled": (_yes_or_no, "true or false"),
    "embedder": (_text, "the name or path of a sentence-transformers model"),
    "embedder_languages": (_languages, "language codes with commas between them, such as en,es"),
    "reranker": (_text, "the name or path of a cross-encoder"),
    "chroma_host": (_text, "the name or address of a machine"),
    "chroma_port": (_port, "a port number from 1 to 65535"),
    "host": (lambda value: _text(value) or "127.0.0.1", "the name or address of this machine"),
    "port": (_port, "a port number from 1 to 65535"),
    "max_file_mb": (_at_least_one, "a whole number of megabytes, at least 1"),
    "llm": (_model, "a provider and a model with a colon between, such as ollama:llama3.1"),
    "llm_base_url": (_address, "an address that begins with http:// or https://, without a key"),
    "llm_timeout_seconds": (_at_least_one, "a whole number of seconds, at least 1"),
    "llm_max_tokens": (_at_least_one, "a whole number of tokens, at least 1"),
    "hosts": (_hosts, "host names with commas between them, such as ambp.example.org"),
    "api": (_yes_or_no, "true or false"),
    "api_origins": (_origins, "addresses of sites, such as https://example.org"),
    "api_at_once": (_at_least_one, "a whole number, at least 1"),
    "metrics": (_who, f"one of {', '.join(_WHO)}"),
    "mcp_scopes": (_scopes, f"some of {', '.join(SCOPES)}, with commas between them, or nothing"),
    "question_log_days": (_days, f"a number of days from 0 (off) to {_MOST_DAYS}"),
}


def read_settings(environ: Mapping[str, str], **given: object) -> Settings:
    """The settings from the environment, then from what was given (None: not given).

    Raises SettingsError for a value that makes no sense and for an unknown ``AMBP_*`` name.
    """
    values: dict[str, Any] = {"data_dir": user_data_path("ambp", appauthor=False)}
    for name in sorted(name for name in environ if name.startswith(PREFIX)):
        values[_field(name)] = _value(name, environ[name])
    values.update((name, value) for name, value in given.items() if value is not None)
    return Settings(**values)


def variables() -> dict[str, str]:
    """The environment variables that are read, with what each one holds."""
    return {PREFIX + field.name.upper(): _READERS[field.name][1] for field in fields(Settings)}


def _field(variable: str) -> str:
    known = variables()
    if variable in known:
        return variable.removeprefix(PREFIX).lower()
    # Without the prefix that they all share, which makes any two of them look alike.
    names = {name: name.removeprefix(PREFIX) for name in known}
    close = extractOne(variable.removeprefix(PREFIX), names, score_cutoff=_LIKELY_MEANT)
    remedy = f"Did you mean {close[2]}?" if close else f"Known are {', '.join(known)}."
    raise SettingsError(f"there is no setting {variable}", remedy=remedy)


def _value(variable: str, text: str) -> Any:
    read, expected = _READERS[_field(variable)]
    try:
        return read(text.strip())
    except (ValueError, KeyError) as error:
        raise SettingsError(
            f"{variable} is {text!r}", remedy=f"It has to be {expected}."
        ) from error
