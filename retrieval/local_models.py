"""Models of a user's choice: found on this machine, never downloaded, and what their cards say."""

from collections.abc import Iterable
from pathlib import Path

import yaml

from corpus.errors import EmbedderError

_ANY = "multilingual"  # what the cards of models for many languages say instead of naming them
_SAME = {"nb": "no", "nn": "no"}


def locate(name_or_path: str, kind: str) -> Path:
    """The folder of a model: a folder itself, or the name of one in the Hugging Face cache.

    ``kind`` is what the model is for. Raises EmbedderError when it is not on this machine.
    """
    folder = Path(name_or_path).expanduser()
    if folder.is_dir():
        return folder.resolve()
    # Imported here because the default model does without it.
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(name_or_path, local_files_only=True))
    except (LocalEntryNotFoundError, HFValidationError, OSError) as error:
        raise EmbedderError(
            f"The {kind} model {name_or_path} is not on this machine",
            remedy="Name a folder that holds a sentence-transformers model. "
            "Nothing is downloaded at run time.",
        ) from error


def languages_of_card(folder: Path) -> frozenset[str]:
    """The languages (ISO 639-1) that the front matter of the model's README.md declares.

    Empty where there is no card, it declares none, or it says ``multilingual``.
    """
    try:
        text = (folder / "README.md").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return frozenset()
    head, _, rest = text.partition("---\n")
    front, end, _ = rest.partition("\n---")
    if head.strip() or not end:
        return frozenset()
    try:
        card = yaml.safe_load(front)
    except yaml.YAMLError:  # people write cards by hand
        return frozenset()
    said = card.get("language") if isinstance(card, dict) else None
    return languages_from(said if isinstance(said, list) else [said] if said else [])


def languages_from(codes: Iterable[object]) -> frozenset[str]:
    """Language codes as `corpus.languages` writes them; empty where ``multilingual`` is one."""
    # YAML reads a bare "no" (Norwegian) as false.
    plain = ["no" if code is False else str(code).lower().partition("-")[0] for code in codes]
    return frozenset() if _ANY in plain else frozenset(_SAME.get(code, code) for code in plain)
