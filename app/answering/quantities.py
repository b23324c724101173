"""Amounts in a cell of a table, each with its unit and the words that name it.

``15 partners, budget €25 267 000 / 3 years`` holds three: 15 partners, 25,267,000 euros (a budget)
and 3 years.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from app.answering.demands import demands
from app.answering.figures import months_in
from corpus.vocabulary import languages, load_vocabulary
from corpus.words import words

_PARTS = re.compile(r",(?!\d)|;|\s/\s|\s(?:and|&)\s")
_NUMBER = re.compile(
    r"(?<![\w.,])\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\w)|(?<![\w.])\d{1,3}(?:,\d{3})+(?!\w)"
    r"|(?<![\w.,])\d+(?:\.\d+)?(?![\w])"
)
_SIGNS = {"€": "euro", "$": "dollar", "£": "pound", "%": "percent"}
_SCALED = {"thousand": 3, "million": 6, "billion": 9}  # powers of ten
_PER_YEAR = {"day": 365, "week": 52, "month": 12, "year": 1}
TIME = "time"


@dataclass(frozen=True, slots=True)
class Quantity:
    """One amount: ``value`` counts ``unit``s (spans of time in years); ``text`` as written.

    ``named`` are the stems of the words beside it.
    """

    value: Decimal
    unit: str
    text: str
    named: frozenset[str]


def quantities(text: str, language: str = "en") -> list[Quantity]:
    """The amounts of a cell; a part of it with two numbers (a span, a date) has none."""
    return [q for part in _PARTS.split(text) if (q := _quantity(part, language))]


def _quantity(part: str, language: str) -> Quantity | None:
    numbers = list(_NUMBER.finditer(part))
    own = words(part, language)
    if len(numbers) != 1 or _YEAR.fullmatch(part) or months_in(part, language):
        return None
    number = numbers[0]
    scales, units, spans = _written(language)
    value = Decimal(re.sub(r"[^\d.]", "", number[0]))
    rest = [w for w in own if not w.folded[0].isdigit()]
    after = [w for w in rest if w.start >= number.end()][:1]
    unit = next((name for sign, name in _SIGNS.items() if sign in part), "")
    unit = unit or next((units[w.folded] for w in rest if w.folded in units), "")
    if after and after[0].folded in scales:
        value *= 10 ** scales[after[0].folded]
    if after and not unit and after[0].folded in spans:
        value, unit = value / spans[after[0].folded], TIME
    named = (w.stem for w in rest if w.folded not in units and w.folded not in scales)
    return Quantity(value, unit, part.strip(" ."), frozenset(named))


@cache
def _written(language: str) -> tuple[dict[str, int], dict[str, str], dict[str, int]]:
    """The words of scales, of currencies and of spans of time in a language."""
    vocabulary = load_vocabulary(language if language in languages() else "en")
    scales = {w: _SCALED[name] for name, said in vocabulary.scales.items() for w in said}
    units = {w: name for name, said in vocabulary.units.items() for w in said}
    own = demands(language).words
    units |= {w: w.rstrip("s") for w in own.currencies} | _CODES
    units = {w: name for w, name in units.items() if name not in _PER_YEAR}
    spans = {f"{w}{s}": _PER_YEAR[w] for w in own.time_units if w in _PER_YEAR for s in ("", "s")}
    return scales, units, spans


_CODES = {"eur": "euro", "usd": "dollar", "gbp": "pound"}
_YEAR = re.compile(r"\s*(?:19|20)\d\d\s*")


def amount(value: Decimal, unit: str) -> str:
    """An amount that was computed, as an answer gives it."""
    number = f"{value:,.2f}".rstrip("0").rstrip(".") if value % 1 else f"{value:,.0f}"
    sign = next((s for s, name in _SIGNS.items() if name == unit and s != "%"), "")
    behind = {"percent": " %", TIME: " years"}.get(unit, "")
    return f"{sign}{number}{behind}"
