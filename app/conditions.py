"""Conditions on records as other programs write them, read into what `retrieval.query` compares."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from corpus.cards import title
from corpus.countries import GROUPS, countries, members
from corpus.errors import QueryError
from corpus.records import KINDS
from corpus.schema import FieldSpec, FieldType, Record, fields_of
from corpus.values import Duration, Money, PartialDate, Quantity
from corpus.words import fold
from retrieval.query import Condition, Records, Test

Given = str | bool | int | float

TESTS = tuple(str(test) for test in Test)
_WITHOUT_VALUE = (Test.STATED, Test.NOT_STATED)
_BY_DATE = (Test.FROM, Test.UNTIL)
_BY_NUMBER = (Test.MORE, Test.LESS)
_ITSELF = ("id", "name")
_NUMBERS = (FieldType.INTEGER, FieldType.MONEY, FieldType.QUANTITY, FieldType.DURATION)
_YES_NO = {"yes": True, "true": True, "no": False, "false": False}
_PARSED: Mapping[FieldType, Any] = {
    FieldType.DATE: PartialDate,
    FieldType.MONEY: Money,
    FieldType.QUANTITY: Quantity,
    FieldType.DURATION: Duration,
}
_FORMS: Mapping[FieldType, str] = {
    FieldType.INTEGER: "a whole number",
    FieldType.BOOLEAN: "yes or no",
    FieldType.DATE: "a date (2001, 2001-04, 2001-04-17, or two of them with / between)",
    FieldType.MONEY: "an amount of money (like EUR 250000)",
    FieldType.QUANTITY: "a quantity (like 12 %, 7 or 2-3 thousand visitors)",
    FieldType.DURATION: "a duration (like 6 years or 10 months)",
    FieldType.COUNTRY: "a country, by code (BR) or English name (Brazil)",
}
_MOST_DIGITS = 18  # no field holds more; a much larger power of ten would fill the memory
_DEEPEST = 3  # steps of a path; no field is further away


def field_named(kind: str, name: str) -> FieldSpec:
    """The field of a kind; raises QueryError that names those that it has."""
    known = fields_of(KINDS[kind])
    if name not in known:
        raise QueryError(
            f"{kind} has no field {name[:60]!r}", remedy=f"Known are {', '.join(known)}."
        )
    return known[name]


def condition_of(
    kind: str, path: str, test: str, values: Sequence[Given], records: Records | None
) -> Condition:
    """One condition on records of a kind; raises QueryError when it makes no sense.

    ``path`` is a field, ``name`` or ``id``, or a reference and a field of what it refers to.
    """
    how = Test(test)
    spec = _field_at(kind, path)
    _check_test(spec, path, how, len(values))
    if spec.name == "name":  # what a name stands for is an id
        path = path.removesuffix("name") + "id"
    if how in _WITHOUT_VALUE:
        return Condition(path, how)
    if how in _BY_DATE:
        return Condition(path, how, (_parsed(spec, path, values[0]),))
    if how in _BY_NUMBER:
        return Condition(path, how, (_number(spec, path, values[0]),))
    read = (each for value in values for each in _values(spec, path, value, records))
    return Condition(path, how, tuple(dict.fromkeys(read)))


def _field_at(kind: str, path: str) -> FieldSpec:
    """What a path leads to; ``name`` and ``id`` count as references to the record itself."""
    first, *rest = path.split(".")
    if len(rest) >= _DEEPEST:
        raise QueryError(f"The path {path[:60]!r} is too long", remedy="Use fewer steps.")
    kinds: tuple[str, ...] = (kind,)
    spec = _step(kinds, first)
    for step in rest:
        kinds = spec.targets
        if not kinds or spec.name in _ITSELF:
            raise QueryError(
                f"{spec.name} leads to no other records, so {path[:60]!r} means nothing",
                remedy="Only a field that refers to records can be followed by a dot.",
            )
        spec = _step(kinds, step)
    return spec


def _step(kinds: tuple[str, ...], name: str) -> FieldSpec:
    """A field of records of one of these kinds; raises QueryError when none has it."""
    if name in _ITSELF:
        return FieldSpec(name, FieldType.REFERENCE, targets=kinds)
    having = [kind for kind in kinds if name in fields_of(KINDS[kind])]
    return field_named((having or kinds)[0], name)


def _check_test(spec: FieldSpec, path: str, test: Test, count: int) -> None:
    if test in _WITHOUT_VALUE:
        if count:
            raise QueryError(f"“{path} {test}” takes no values", remedy="Leave values empty.")
        return
    if not count:
        raise QueryError(f"“{path} {test}” needs a value", remedy="Put one into values.")
    if test in (*_BY_DATE, *_BY_NUMBER) and count > 1:
        raise QueryError(f"“{path} {test}” takes one value", remedy="Leave one in values.")
    if test in _BY_DATE and spec.type is not FieldType.DATE:
        raise QueryError(f"{path} is no date", remedy="from and until are for dates.")
    if test in _BY_NUMBER and spec.type not in _NUMBERS:
        remedy = "more than and less than are for numbers"
        if spec.type is FieldType.DATE:
            remedy = "For dates there are from and until"
        raise QueryError(f"{path} is no number", remedy=f"{remedy}.")


def _values(spec: FieldSpec, path: str, value: Given, records: Records | None) -> Iterable[Any]:
    """What a field can hold that is meant by one given value."""
    if spec.type is FieldType.REFERENCE:
        return ids_of(str(value), spec.targets, records) or (str(value),)
    if spec.type is FieldType.COUNTRY:
        return _countries(spec, path, str(value))
    if spec.type is FieldType.TEXT:
        return _as_stated(spec, str(value), records) or (str(value),)
    if spec.type is FieldType.CHOICE:
        chosen = [c for c in spec.choices if fold(c) == fold(str(value))]
        if not chosen:
            raise _misfit(path, value, f"one of {', '.join(spec.choices)}")
        return chosen
    if spec.type is FieldType.BOOLEAN:
        if isinstance(value, bool):
            return (value,)
        if str(value).lower() not in _YES_NO:
            raise _misfit(path, value, _FORMS[spec.type])
        return (_YES_NO[str(value).lower()],)
    if spec.type is FieldType.INTEGER:
        number = _number(spec, path, value)
        if number != int(number):
            raise _misfit(path, value, _FORMS[spec.type])
        return (int(number),)
    return (_parsed(spec, path, value),)


def ids_of(name: str, kinds: Iterable[str], records: Records | None) -> tuple[str, ...]:
    """The ids of the records of these kinds that have this id, name or alias, in any case."""
    if records is None:
        return ()
    wanted = fold(name)
    among = [record for kind in kinds for record in records.of(kind)]
    exact = tuple(record.id for record in among if record.id == name)
    return exact or tuple(record.id for record in among if wanted in _names(record))


def _names(record: Record) -> set[str]:
    return {fold(each) for each in (record.id, record.name, title(record), *record.aliases)}


def _as_stated(spec: FieldSpec, text: str, records: Records | None) -> tuple[str, ...]:
    """A text in the spellings in which records state it, whatever its case."""
    every: Iterable[Record] = () if records is None else records
    found = (
        value
        for record in every
        if spec.name in fields_of(type(record))
        for seen in record.observed(spec.name).observations
        for value in (seen.value if isinstance(seen.value, tuple) else (seen.value,))
    )
    wanted = fold(text)
    return tuple(sorted({v for v in found if isinstance(v, str) and fold(v) == wanted}))


def _countries(spec: FieldSpec, path: str, value: str) -> Iterable[str]:
    wanted = fold(value)
    if wanted in GROUPS:
        return sorted(members(wanted))
    if value.upper() in countries():
        return (value.upper(),)
    found = [c.code for c in countries().values() if wanted in c.names or wanted == fold(c.name)]
    if not found:
        raise _misfit(path, value, _FORMS[spec.type])
    return found


def _parsed(spec: FieldSpec, path: str, value: Given) -> Any:
    try:
        if isinstance(value, bool):
            raise ValueError
        return _PARSED[spec.type].parse(str(value))
    except ValueError as error:
        raise _misfit(path, value, _FORMS[spec.type]) from error


def _number(spec: FieldSpec, path: str, value: Given) -> Decimal:
    """The number that a field is compared with: a bare one, or that of a whole value."""
    if isinstance(value, bool):
        raise _misfit(path, value, "a number")
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        pass
    else:
        if not number.is_finite() or number.adjusted() > _MOST_DIGITS:
            raise _misfit(path, value, "a number")
        return number
    if spec.type is FieldType.INTEGER:
        raise _misfit(path, value, _FORMS[spec.type])
    found = _parsed(spec, path, value)
    if isinstance(found, Money):
        return found.amount
    return Decimal(found.months) if isinstance(found, Duration) else Decimal(found.low)


def _misfit(path: str, value: Given, expected: str) -> QueryError:
    return QueryError(
        f"{str(value)[:60]!r} is no value of {path}", remedy=f"It has to be {expected}."
    )
