"""Values of records, printed as people write them in another language than English.

Names and texts stay as the sources have them; dates, amounts, countries and choices are said in
the language.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_compact_currency, format_compact_decimal, format_currency
from babel.numbers import format_decimal as format_number
from babel.units import format_unit

from corpus.countries import country_name
from corpus.schema import FieldType, Record, fields_of
from corpus.values import Duration, Money, PartialDate, Quantity
from corpus.vocabulary import Phrases, Vocabulary
from corpus.words import folded_words, stem

_COMPACT = Decimal(10**6)  # amounts from here on are said in millions where that is exact
_STEP = Decimal(10**5)


class Local:
    """Prints values, labels and names of records in the language of a vocabulary."""

    def __init__(self, vocabulary: Vocabulary, phrases: Phrases, records: Mapping[str, Record]):
        self.vocabulary = vocabulary
        self.phrases = phrases
        self.records = records  # by key
        self.locale = vocabulary.language
        self._own_words: dict[str, str] = {}  # of the glossary, by the stem of the English one
        for own, english in vocabulary.glossary.items():
            self._own_words.setdefault(stem(english), own)

    def title(self, record: Record) -> str:
        """A record's name, with its number where it has one."""
        number = getattr(record, "number", None)
        if number is None or number.value is None or str(number.value) in folded_words(record.name):
            return record.name
        return f"{record.name} ({self.vocabulary.kinds[record.kind].one} {number.value})"

    def subject(self, record: Record) -> str:
        """A record as what is spoken of: its number first, where it has one."""
        number = getattr(record, "number", None)
        if number is None or number.value is None or str(number.value) in folded_words(record.name):
            return record.name
        return f"{capital(self.vocabulary.kinds[record.kind].one)} {number.value} ({record.name})"

    def label(self, kind: str, field: str) -> str:
        """The label of a field."""
        return self.vocabulary.label(kind, field)

    def value(self, record: Record, field: str, value: Any) -> str:
        """One value of a field, or several of them in a row."""
        if isinstance(value, tuple):
            return self.several([self.value(record, field, item) for item in value])
        spec = fields_of(type(record))[field]
        if spec.type is FieldType.REFERENCE:
            keys = (f"{kind}:{value}" for kind in spec.targets)
            return next((self.title(self.records[k]) for k in keys if k in self.records), value)
        if spec.type is FieldType.COUNTRY:
            return self.country(value)
        return self.plain(value)

    def plain(self, value: Any) -> str:
        """A value without a field: of a choice, a boolean, an amount, a date, or text."""
        if isinstance(value, bool):
            return (self.phrases.yes if value else self.phrases.no).rstrip(".").lower()
        if isinstance(value, PartialDate):
            return self.date(value)
        if isinstance(value, Money):
            return self._bound(value.bound, self._money(value))
        if isinstance(value, Quantity):
            return self._bound(value.bound, self._quantity(value))
        if isinstance(value, Duration):
            return self._duration(value)
        if isinstance(value, Decimal):
            return self._number(value)
        return self.vocabulary.values.get(str(value), str(value))

    def country(self, code: str) -> str:
        """The name of a country."""
        return str(Locale(self.locale).territories.get(code) or country_name(code))

    def date(self, when: PartialDate) -> str:
        """A date as exact as it is known: a year, a month, a day, or two of them."""
        start, _, end = when.iso().partition("/")
        return f"{self._day(start)} – {self._day(end)}" if end else self._day(start)

    def several(self, items: list[str], last: str = "") -> str:
        """``a, b y c``; semicolons where an item has a comma of its own."""
        if len(items) < 2:
            return "".join(items)
        separator = "; " if any("," in item for item in items) else ", "
        return f"{separator.join(items[:-1])} {last or self.phrases.conjunction} {items[-1]}"

    def own_word(self, word: str) -> str:
        """The language's word for one that records have in English; the word itself for others."""
        return self._own_words.get(stem(word), word)

    def _day(self, iso: str) -> str:
        first = PartialDate.parse(iso).first
        if len(iso) == len("2018"):
            return iso
        if len(iso) == len("2018-10"):
            return str(format_skeleton("yMMMM", first, locale=self.locale))
        return format_date(first, "long", locale=self.locale)

    def _bound(self, bound: str, text: str) -> str:
        frames = {
            ">": self.phrases.more_than,
            "<": self.phrases.less_than,
            "~": self.phrases.nearly,
        }
        return frames[bound].format(value=text) if bound else text

    def _money(self, money: Money) -> str:
        if money.amount >= _COMPACT and money.amount % _STEP == 0:
            return format_compact_currency(
                money.amount, money.currency, locale=self.locale, fraction_digits=1
            )
        return format_currency(
            money.amount, money.currency, locale=self.locale, currency_digits=False,
            format="#,##0.## ¤",
        )  # fmt: skip

    def _quantity(self, quantity: Quantity) -> str:
        low, high = self._number(quantity.low), self._number(quantity.high)
        unit = self.vocabulary.quantities.get(quantity.unit, quantity.unit)
        span = low if quantity.low == quantity.high else f"{low} – {high}"
        return f"{span} {unit}".strip()

    def _number(self, number: Decimal) -> str:
        if number >= _COMPACT and number % _STEP == 0:
            return format_compact_decimal(
                number, format_type="long", locale=self.locale, fraction_digits=1
            )
        return format_number(number, locale=self.locale, format="#,##0.######")

    def _duration(self, duration: Duration) -> str:
        unit, count = ("month", duration.months)
        if count % 12 == 0:
            unit, count = "year", count // 12
        text = format_unit(count, unit, locale=self.locale)
        # Some locales lack the long form, and babel then gives the English name of the unit.
        return text if unit not in text else format_unit(count, unit, "short", locale=self.locale)


def capital(text: str) -> str:
    """The text with its first letter in capitals."""
    return text[:1].upper() + text[1:]
