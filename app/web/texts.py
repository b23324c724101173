"""The words of the interface in six languages; answers and records stay in their own.

One file per page, ``texts/<page>.yaml``::

    ask_again: {en: Ask again, es: Preguntar otra vez, fr: ..., de: ..., it: ..., sl: ...}

A text may have places to fill, ``{like_this}``, the same ones in every language (a test checks).
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from corpus.yaml_files import read_yaml

LANGUAGES: Mapping[str, str] = MappingProxyType(
    {
        "en": "English",
        "es": "Español",
        "fr": "Français",
        "de": "Deutsch",
        "it": "Italiano",
        "sl": "Slovenščina",
    }
)
ENGLISH = "en"
_FOLDER = Path(__file__).parent / "texts"


def texts(page: str, language: str = ENGLISH) -> Mapping[str, str]:
    """The texts of a page by key, in English where the language is none of ours.

    Raises KnowledgeError for a page that has no texts.
    """
    return _of_page(page)[language if language in LANGUAGES else ENGLISH]


@cache
def _of_page(page: str) -> Mapping[str, Mapping[str, str]]:
    entries: dict[str, dict[str, str]] = read_yaml(_FOLDER / f"{page}.yaml")
    return MappingProxyType(
        {
            language: MappingProxyType({key: of[language] for key, of in entries.items()})
            for language in LANGUAGES
        }
    )
