"""Words of a text: folded, with their places, and their stems."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from threading import Lock

import snowballstemmer

from corpus import slovene

# A word, a number with its separators, or an abbreviation with inner marks (R&D, EU28, don't).
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W_]+(?:[&'’][^\W_]+)*", re.UNICODE)
# Where an article or a pronoun leans on the next word (l'Europe), the mark parts two words.
_LEANING = re.compile(r"\d+(?:[.,]\d+)*|[^\W_]+(?:&[^\W_]+)*", re.UNICODE)
_LEANING_LANGUAGES = frozenset({"fr", "it"})
# Several of one abbreviation: SDGs, TRLs.
_ABBREVIATIONS = re.compile(r"[b-df-hj-np-tv-xz]+[b-df-hj-np-rtv-xz]s")
# A stemmer keeps the word that it works on: one thread at a time.
_STEMMING = Lock()
# ISO 639-1 code -> the Snowball stemmer of that language, here and in the index of words.
STEMMERS = {
    "da": "danish", "de": "german", "en": "english", "es": "spanish", "fi": "finnish",
    "fr": "french", "hu": "hungarian", "it": "italian", "nl": "dutch", "no": "norwegian",
    "pt": "portuguese", "ro": "romanian", "sv": "swedish",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: as folded, its stem, and its place (``text[start:end]``)."""

    folded: str
    stem: str
    start: int
    end: int


@lru_cache(maxsize=50_000)
def fold(text: str) -> str:
    """Lower case, accents and compatibility forms taken off: ``Ångström`` -> ``angstrom``."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("ø", "o").replace("ł", "l"))
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold()


@cache
def _stemmer(language: str) -> "snowballstemmer.stemmer":
    return snowballstemmer.stemmer(STEMMERS[language])


@lru_cache(maxsize=100_000)
def stem(word: str, language: str = "en") -> str:
    """The stem of a folded word; the word itself in a language without a stemmer."""
    if language == "sl":
        return slovene.stem(word)
    if language not in STEMMERS:
        return word
    if language == "en" and _ABBREVIATIONS.fullmatch(word):
        return word[:-1]
    with _STEMMING:
        return str(_stemmer(language).stemWord(word))


def words(text: str, language: str = "en") -> list[Word]:
    """The words of a text in order; a possessive "'s" is not part of the word."""
    found = []
    pattern = _LEANING if language in _LEANING_LANGUAGES else _WORD
    for match in pattern.finditer(text):
        folded = fold(match[0]).replace("’", "'").removesuffix("'s")
        found.append(Word(folded, stem(folded, language), match.start(), match.end()))
    return found


def folded_words(text: str) -> tuple[str, ...]:
    """The folded words of a text, for comparing names."""
    return tuple(word.folded for word in words(text))
