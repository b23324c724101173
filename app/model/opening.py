"""Opens the chat model that the settings name, with any of LangChain's integrations."""

import importlib.util
import os
from pathlib import Path
from typing import Any

from langchain.chat_models import init_chat_model
from langchain_core.language_models import BaseChatModel

from app.settings import PREFIX, Settings
from corpus.errors import SettingsError

# What people call a provider -> what LangChain does.
_ALIASES = {"mistral": "mistralai", "hf": "huggingface", "claude": "anthropic"}
# Providers that are extras of this package -> (package, extra, variable of the key).
_EXTRAS = {
    "anthropic": ("langchain_anthropic", "anthropic", "ANTHROPIC_API_KEY"),
    "huggingface": ("langchain_huggingface", "huggingface", ""),
    "mistralai": ("langchain_mistralai", "mistral", "MISTRAL_API_KEY"),
    "ollama": ("langchain_ollama", "ollama", ""),
    "openai": ("langchain_openai", "openai", "OPENAI_API_KEY"),
}
_OPENAI_ADDRESSES = frozenset({"OPENAI_API_BASE", "OPENAI_BASE_URL"})
_NO_KEY = "none"  # a server of one's own that wants no key; the client wants some text


def open_model(settings: Settings) -> BaseChatModel:
    """The chat model of ``settings.llm``; nothing is asked of it yet.

    Raises SettingsError where the provider's package is not installed, where it is unknown, and
    where it lacks what it needs (a key, a file).
    """
    provider, model = _named(settings)
    if extra := _EXTRAS.get(provider):
        _check_installed(*extra[:2])
        _check_given(provider, model, settings)
    try:
        opened = init_chat_model(model, model_provider=provider, **_options(provider, settings))
    except ImportError as error:
        raise SettingsError(
            f"the chat model {settings.llm} needs a package that is not installed",
            remedy=f"{_first_line(error)}".rstrip(".") + ".",
        ) from error
    except Exception as error:  # each library has its own for a missing key, file or name
        raise SettingsError(
            f"the chat model {settings.llm} could not be opened ({type(error).__name__})",
            remedy=_remedy(provider),
        ) from error
    if not isinstance(opened, BaseChatModel):  # init_chat_model may give one that is made later
        raise SettingsError(f"{settings.llm} is no chat model", remedy=_remedy(provider))
    return opened


def _named(settings: Settings) -> tuple[str, str]:
    provider, _, model = (settings.llm or "").partition(":")
    provider = provider.strip().lower().replace("-", "_")
    return _ALIASES.get(provider, provider), model.strip()


def _check_installed(package: str, extra: str) -> None:
    if importlib.util.find_spec(package) is None:
        raise SettingsError(
            f"chat models of {extra} need the package {package.replace('_', '-')}",
            remedy=f"Install it: pip install -e '.[{extra}]'",
        )


def _check_given(provider: str, model: str, settings: Settings) -> None:
    """Raises SettingsError for a key or a folder without which a question would fail at best."""
    variable = _EXTRAS[provider][2]
    lacks_key = variable and not settings.llm_base_url and not os.environ.get(variable)
    if lacks_key and not (provider == "openai" and _OPENAI_ADDRESSES & os.environ.keys()):
        raise SettingsError(f"the chat model {settings.llm} needs a key", remedy=_remedy(provider))
    if provider == "huggingface" and not Path(model).expanduser().is_dir():
        raise SettingsError(f"there is no folder {model}", remedy=_remedy(provider))


def _options(provider: str, settings: Settings) -> dict[str, Any]:
    """What is passed to a provider's client, each of which names things its own way."""
    address, tokens = settings.llm_base_url, settings.llm_max_tokens
    seconds = float(settings.llm_timeout_seconds)
    if provider == "huggingface":
        kwargs = {"max_new_tokens": tokens, "do_sample": False, "return_full_text": False}
        return {"backend": "pipeline", "task": "text-generation", "pipeline_kwargs": kwargs}
    if provider == "ollama":
        client = {"timeout": seconds}
        options = {"num_predict": tokens, "temperature": 0, "client_kwargs": client}
        return options | ({"base_url": address} if address else {})
    # A question that failed is answered without the model: trying again would only take time.
    options = {"timeout": seconds, "max_retries": 0}
    if provider == "openai" and (address or _OPENAI_ADDRESSES & os.environ.keys()):
        # Servers other than OpenAI's know the older name of the limit, and need no key.
        options |= {"temperature": 0, "extra_body": {"max_tokens": tokens}, "stream_usage": True}
        options |= _key_if_missing()
    else:
        options["max_tokens"] = tokens
    if provider == "mistralai":
        options |= {"temperature": 0, "timeout": int(seconds)}
    return options | ({"base_url": address} if address else {})


def _key_if_missing() -> dict[str, str]:
    return {} if os.environ.get("OPENAI_API_KEY") else {"api_key": _NO_KEY}


def _remedy(provider: str) -> str:
    variable = _EXTRAS.get(provider, ("", "", ""))[2]
    if variable:
        return f"Set {variable}, or {PREFIX}LLM_BASE_URL for a server of your own."
    if provider == "huggingface":
        return f"Set {PREFIX}LLM to huggingface: and the path of a folder with a model."
    return f"Check {PREFIX}LLM: it is provider:model, such as ollama:llama3.1."


def _first_line(error: BaseException) -> str:
    return str(error).strip().split("\n")[0] or type(error).__name__
