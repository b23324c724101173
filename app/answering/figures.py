"""Numbers and dates of a text in one form, so that one text can be checked against another.

``25,267,000`` and ``25 267 000`` are the same number, ``seven`` and ``7`` too; ``3 May 2019``,
``03/05/2019`` and ``2019-05-03`` are the same day.
"""

import re
from functools import lru_cache

from app.answering.amounts import dates_in
from app.answering.demands import demands
from corpus.values import PartialDate
from corpus.vocabulary import load_vocabulary
from corpus.words import words

# A number as it is compared: digits with separators between them, without a trailing mark.
_NUMBER = re.compile(r"\d{1,3}(?:[,\u202f ]\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?")
_NUMERIC = re.compile(r"\b(\d{1,2})[./](\d{1,2})[./]((?:19|20)\d{2})\b")
_ISO = re.compile(r"\b((?:19|20)\d{2})-(\d{2})-(\d{2})\b")


def numbers_in(text: str) -> frozenset[str]:
    """The numbers of a text that are written in digits, in one form."""
    return frozenset(re.sub(r"[,\u202f ]", "", n) for n in _NUMBER.findall(text))


def number_words_in(text: str, language: str = "en") -> frozenset[str]:
    """The numbers of a text that are written as words, in digits ("seven" is 7)."""
    named = load_vocabulary(language).numbers
    held = {word.folded for word in words(text, language)}
    return frozenset(str(value) for value, name in enumerate(named, 1) if name in held)


@lru_cache(maxsize=4096)
def days_in(text: str, language: str = "en") -> tuple[PartialDate, ...]:
    """The dates that a text names, those written in numbers too (day before month)."""
    vocabulary = load_vocabulary(language)
    plain = _ISO.sub(" ", _NUMERIC.sub(" ", text))
    found = [m.date for m in dates_in(plain, words(plain, language), vocabulary)]
    written = [(y, m, d) for d, m, y in _NUMERIC.findall(text)] + _ISO.findall(text)
    for year, month, day in written:
        try:
            found.append(PartialDate.parse(f"{year}-{int(month):02}-{int(day):02}"))
        except ValueError:  # 31/02/2020, or the month first: not a date for certain
            continue
    return tuple(dict.fromkeys(found))


def months_in(text: str, language: str = "en") -> frozenset[str]:
    """The names of months in a text, folded."""
    return demands(language).months & {word.folded for word in words(text, language)}


def with_year(text: str, year: int, language: str = "en") -> str:
    """A text with a year after each name of a month."""
    months = "|".join(re.escape(month) for month in sorted(demands(language).months, key=len))
    return re.sub(rf"\b(?:{months})\b\.?", rf"\g<0> {year}", text, flags=re.IGNORECASE)
