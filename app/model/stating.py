"""Whether the words of a document state a value that a model proposes."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from app.accepted import record_of, spec_of
from app.answering.figures import days_in, number_words_in, numbers_in
from app.answering.lexicon import Lexicon, Role
from app.model.language import tongue
from app.proposals import Proposal, ProposedField
from corpus.model import Source
from corpus.schema import FieldSpec, FieldType
from corpus.values import Duration, Money, PartialDate, Quantity
from corpus.words import words
from retrieval.query import number_of

_SCALED = re.compile(r"(\d[\d,.\u202f]*)(?:\s*(thousand|million|billion)\b)?", re.IGNORECASE)
_SCALES = {"": 1, "thousand": 10**3, "million": 10**6, "billion": 10**9}
_CURRENCIES = {"EUR": ("€", "eur"), "USD": ("$", "usd", "dollar"), "GBP": ("£", "gbp", "pound")}


class Statements:
    """Checks whether the words of a document state a value."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def states(
        self, proposal: Proposal, field: ProposedField, source: Source, language: str
    ) -> bool:
        """Whether a field's quote, in ``language`` (ISO 639-1), holds its value, all of it."""
        alone = Proposal(proposal.kind, proposal.record_id, proposal.name, False, (field,))
        try:
            spec = spec_of(proposal.kind, field.name)
            seen = record_of(alone, source).observed(field.name).first
        except (ValueError, TypeError, IndexError):
            return False
        values = seen.value if spec.many and seen else (seen.value,) if seen else ()
        return bool(values) and all(
            self._is_in(v, spec, alone.kind, field.quote, language) for v in values
        )

    def _is_in(self, value: Any, spec: FieldSpec, kind: str, quote: str, language: str) -> bool:
        if spec.type is FieldType.DATE:
            return any(self._same_days(value, day) for day in days_in(quote))
        if spec.type is FieldType.BOOLEAN:
            return False  # no words say yes or no alone: that is for a person to set
        if isinstance(value, Money):
            marks = _CURRENCIES.get(value.currency, (value.currency.lower(),))
            return any(m in quote.lower() for m in marks) and value.amount in _amounts(quote)
        if isinstance(value, Quantity):
            unit = {w.stem for w in words(value.unit)} - {w.stem for w in words(quote)}
            return {value.low, value.high} <= _amounts(quote) and (not unit or value.unit in quote)
        if isinstance(value, Duration):
            by_unit = {"year": value.months / 12, "month": float(value.months)}
            held = {float(n) for n in _amounts(quote)}
            return any(unit in quote.lower() and n in held for unit, n in by_unit.items())
        if spec.type is FieldType.INTEGER:
            return number_of(value) in _amounts(quote)
        return self._named(str(value), spec, kind, quote, language)

    @staticmethod
    def _same_days(value: PartialDate, day: PartialDate) -> bool:
        return value.first <= day.first and day.last <= value.last

    def _named(self, value: str, spec: FieldSpec, kind: str, quote: str, language: str) -> bool:
        spans = self._lexicon.spans(quote, words(quote))
        held = {(s.meaning.role, s.meaning.value) for s in spans}
        if spec.type is FieldType.CHOICE:
            said = (Role.CHOICE, f"{kind}.{spec.name}={value}") in held or _stems(value) <= _stems(
                quote
            )
            return said and not tongue(language).denies(quote)
        if spec.type is FieldType.COUNTRY:
            return (Role.COUNTRY, value) in held
        if spec.type is FieldType.REFERENCE:
            return any((Role.ENTITY, f"{target}:{value}") in held for target in spec.targets)
        return _stems(value) <= _stems(quote)


def _stems(text: str) -> set[str]:
    neutral = tongue("en").neutral
    return {w.stem for w in words(text) if w.folded not in neutral}


def _amounts(text: str) -> set[Decimal]:
    """The numbers of a text with their scales: "4.5 million" is 4500000."""
    found = {Decimal(n) for n in (*numbers_in(text), *number_words_in(text))}
    for digits, scale in _SCALED.findall(text):
        for number in numbers_in(digits):
            found.add(Decimal(number) * _SCALES[scale.lower()])
    return found


def kept(fields: Iterable[ProposedField]) -> tuple[ProposedField, ...]:
    """One field of each name: the first."""
    by_name: dict[str, ProposedField] = {}
    for field in fields:
        by_name.setdefault(field.name, field)
    return tuple(by_name.values())
