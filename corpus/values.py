"""Typed values of records: each is read one way, compared as what it is, and printed one way.

Text forms (what YAML files hold, and what ``str`` of the stored form gives back):

    PartialDate   2018   2018-10   2018-10-08   2020-01-29/2020-01-30   2014/2020
    Money         EUR 18000000
    Quantity      51 %   400000 t   > 500 SMEs   4-5 million jobs
    Duration      5 years   9 months
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, total_ordering

from babel.dates import format_date
from babel.numbers import format_decimal, get_currency_symbol, list_currencies

LOCALE = "en_GB"


@total_ordering
@dataclass(frozen=True, slots=True)
class PartialDate:
    """A year, a month, a day or a span of days: as exact as the source states it.

    ``first`` and ``last`` are the days it covers; dates are ordered by ``first``, then ``last``
    ("2020" alone vouches for no month of it, so it does not outrank "July 2020").
    """

    first: date
    last: date

    @classmethod
    def parse(cls, text: str | int | date) -> "PartialDate":
        """Read ``YYYY``, ``YYYY-MM``, ``YYYY-MM-DD`` or two of them with ``/`` between.

        Raises ValueError for anything else.
        """
        if isinstance(text, date):
            return cls(text, text)
        start, stroke, end = str(text).strip().partition("/")
        first = _days(start)
        last = _days(end) if stroke else first
        if last[1] < first[0]:
            raise ValueError(f"{text!r} ends before it begins")
        return cls(first[0], last[1])

    def __lt__(self, other: "PartialDate") -> bool:
        return (self.first, self.last) < (other.first, other.last)

    def iso(self) -> str:
        """The form that `parse` reads."""
        start, end = self.first.isoformat(), self.last.isoformat()
        one = (start[:length] for length in _PRECISIONS)
        span = (f"{start[:length]}/{end[:length]}" for length in _PRECISIONS)
        # The shortest form that covers exactly these days.
        return next(text for text in (*one, *span) if PartialDate.parse(text) == self)

    def __str__(self) -> str:
        """For readers: ``8 October 2018``, ``July 2020``, ``29-30 January 2020``, ``2020``."""
        iso = self.iso()
        start, _, end = iso.partition("/")
        if not end:
            return _readable(start)
        a, b = self.first, self.last
        if len(start) == 10 and (a.year, a.month) == (b.year, b.month):
            return f"{a.day}-{_readable(end)}"
        if a.year == b.year:
            return f"{_readable(start).rsplit(' ', 1)[0]} to {_readable(end)}"
        return f"{_readable(start)} to {_readable(end)}"


_PRECISIONS = (len("2018"), len("2018-10"), len("2018-10-08"))


def _days(text: str) -> tuple[date, date]:
    match = re.fullmatch(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", text.strip())
    if not match:
        raise ValueError(f"{text!r} is not a date (YYYY, YYYY-MM or YYYY-MM-DD)")
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None
    if month is None:
        return date(year, 1, 1), date(year, 12, 31)
    if day is None:
        return date(year, month, 1), date(year, month, monthrange(year, month)[1])
    return date(year, month, day), date(year, month, day)


def _readable(iso: str) -> str:
    first, _ = _days(iso)
    pattern = {4: "yyyy", 7: "MMMM yyyy", 10: "d MMMM yyyy"}[len(iso)]
    return format_date(first, pattern, locale=LOCALE)


_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9}


def number_text(value: Decimal) -> str:
    """A number for readers: ``250 billion``, ``4.5 million``, ``25,267,000``, ``0.71``."""
    for word, scale in (("billion", 10**9), ("million", 10**6)):
        if abs(value) >= scale and value % (scale // 10) == 0:
            return f"{format_decimal((value / scale).normalize(), locale=LOCALE)} {word}"
    return str(format_decimal(value, format="#,##0.######", locale=LOCALE))


@total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    """An amount in one currency (ISO 4217).

    ``bound`` is "", ">" (over), "<" (under) or "~" (about).
    """

    amount: Decimal
    currency: str
    bound: str = ""

    @classmethod
    def parse(cls, text: str) -> "Money":
        """Read ``EUR 18000000``, ``EUR 250 billion`` or ``> EUR 2.7 billion``; else ValueError."""
        # Separators only between thousands: in "EUR 1,5 million" the comma is not one.
        match = re.fullmatch(
            r"([<>~]?)\s*([A-Z]{3})\s+((?:\d{1,3}(?:[ ,]\d{3})+|\d+)(?:\.\d+)?)"
            r"(?:\s+(thousand|million|billion))?",
            str(text).strip(),
        )
        if not match or match[2] not in _currencies():
            raise ValueError(f"{text!r} is not an amount of money (like EUR 18000000)")
        bound, currency, digits, scale = match.groups()
        amount = Decimal(digits.replace(" ", "").replace(",", "")) * _SCALES.get(scale or "", 1)
        return cls(amount, currency, bound)

    def __lt__(self, other: "Money") -> bool:
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} cannot be compared")
        mine, theirs = (self.amount, _RANKS[self.bound]), (other.amount, _RANKS[other.bound])
        return mine < theirs

    def iso(self) -> str:
        """The form that `parse` reads."""
        return f"{self.bound} {self.currency} {self.amount:f}".strip()

    def __str__(self) -> str:
        symbol = get_currency_symbol(self.currency, locale=LOCALE)
        return f"{_BOUNDS[self.bound]}{symbol}{number_text(self.amount)}"


_BOUNDS = {"": "", ">": "more than ", "<": "less than ", "~": "about "}
_RANKS = {"<": 0, "~": 1, "": 2, ">": 3}  # the order of bounds on one number


@cache
def _currencies() -> frozenset[str]:
    return frozenset(list_currencies())


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number, or a range of numbers, with a unit ("" for a plain count).

    ``bound`` is "", ">" (over), "<" (under) or "~" (about). Compared and summed by ``low``.
    """

    low: Decimal
    high: Decimal
    unit: str = ""
    bound: str = ""

    @classmethod
    def parse(cls, text: str | int) -> "Quantity":
        """Read ``29``, ``51 %``, ``> 500 SMEs`` or ``4-5 million jobs``; else ValueError."""
        match = re.fullmatch(
            r"([<>~]?)\s*(-?\d+(?:\.\d+)?)(?:\s*-\s*(\d+(?:\.\d+)?))?"
            # A unit does not begin like a number: "1,000 t" must not be read as 1 of ",000 t".
            r"(?:\s+(thousand|million|billion)\b)?\s*([^\d\s.,-].*)?",
            str(text).strip(),
        )
        if not match:
            raise ValueError(f"{text!r} is not a quantity (like 51 %, 29 or 4-5 million jobs)")
        bound, low, high, scale, unit = match.groups()
        factor = _SCALES.get(scale or "", 1)
        first = Decimal(low) * factor
        last = Decimal(high) * factor if high else first
        if last < first:
            raise ValueError(f"{text!r} ends before it begins")
        return cls(first, last, (unit or "").strip(), bound)

    def iso(self) -> str:
        """The form that `parse` reads."""
        span = f"{self.low:f}" if self.low == self.high else f"{self.low:f}-{self.high:f}"
        return f"{self.bound} {span} {self.unit}".strip()

    def __str__(self) -> str:
        if self.low == self.high:
            span = number_text(self.low)
        else:
            low, high = number_text(self.low), number_text(self.high)
            scale = high.rpartition(" ")[2]
            if scale in _SCALES and low.endswith(scale):
                low = low.removesuffix(scale).strip()
            span = f"{low}-{high}"
        unit = f"{'' if self.unit == '%' else ' '}{self.unit}" if self.unit else ""
        return f"{_BOUNDS[self.bound]}{span}{unit}"


@total_ordering
@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time in whole months."""

    months: int

    @classmethod
    def parse(cls, text: str) -> "Duration":
        """Read ``5 years`` or ``9 months``; else ValueError."""
        match = re.fullmatch(r"(\d+) (year|month)s?", str(text).strip())
        if not match:
            raise ValueError(f"{text!r} is not a duration (like 5 years or 9 months)")
        return cls(int(match[1]) * (12 if match[2] == "year" else 1))

    def __lt__(self, other: "Duration") -> bool:
        return self.months < other.months

    def iso(self) -> str:
        """The form that `parse` reads."""
        return str(self)

    def __str__(self) -> str:
        count, unit = (self.months, "month")
        if self.months % 12 == 0:
            count, unit = (self.months // 12, "year")
        return f"{count} {unit}{'' if count == 1 else 's'}"
