"""A query over structured records: which of a kind, and what to compute over all of them.

Results are computed over every record of the kind, never over a sample, and say how many there are
and how many of them state the field in question.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from corpus.records import KINDS
from corpus.schema import FieldType, Observation, Record, fields_of
from corpus.values import Duration, Money, PartialDate, Quantity
from corpus.words import fold


class Aggregate(StrEnum):
    """What is computed over the records that match."""

    COUNT = "count"
    SUM = "sum"
    AVERAGE = "average"
    LARGEST = "largest"
    SMALLEST = "smallest"


class Test(StrEnum):
    """How a condition compares a field with its values."""

    IS = "is"  # one of the values
    IS_NOT = "is not"  # none of the values (a field that is not stated passes)
    STATED = "is stated"
    NOT_STATED = "is not stated"
    FROM = "from"  # a date that ends on or after the day on which the value begins
    UNTIL = "until"  # a date that begins on or before the day on which the value ends
    MORE = "more than"
    LESS = "less than"
    AT_LEAST = "at least"
    AT_MOST = "at most"


@dataclass(frozen=True, slots=True)
class Condition:
    """A test of one field. ``path`` is a field, or a reference and a field of what it refers to."""

    path: str
    test: Test
    values: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordQuery:
    """Which records of ``kind``, and what of them.

    ``field`` is what ``aggregate`` (except count) and ``order`` work on. ``ids`` restricts the
    query to the named records, ``source`` to what one source says. ``group`` is a field to count
    by. ``rank`` is 2 for the second largest or smallest.
    """

    kind: str
    conditions: tuple[Condition, ...] = ()
    fields: tuple[str, ...] = ()
    aggregate: Aggregate | None = None
    field: str = ""
    order: str = ""  # "", "ascending" or "descending" by ``field``, "alphabetical" by name
    group: str = ""
    limit: int | None = None
    ids: frozenset[str] | None = None
    source: str = ""
    rank: int = 1

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"no kind {self.kind!r}; one of {', '.join(KINDS)}")
        known = fields_of(KINDS[self.kind])
        named = [*self.fields, self.field, self.group]
        named += [condition.path.split(".")[0] for condition in self.conditions]
        for name in named:
            if name and name not in known and name != "id":
                raise ValueError(f"{self.kind} has no field {name!r}; one of {', '.join(known)}")


@dataclass(frozen=True, slots=True)
class QueryResult:
    """What a query found.

    ``records`` are all that match (cut to the query's limit), ``total`` is the number of all
    records of the kind, ``matching`` of those that match, ``stating`` of those among them that
    state ``query.field``. ``value`` is the aggregate, None where none states the field or
    (``mixed``) the values are of several currencies or units; ``groups`` maps a printed value to a
    count.
    """

    query: RecordQuery
    records: tuple[Record, ...]
    total: int
    matching: int
    stating: int = 0
    value: Any = None
    mixed: bool = False
    groups: Mapping[str, int] = field(default_factory=dict)


class Records:
    """All records at hand, by kind and id, in the order of precedence."""

    def __init__(self, records: Iterable[Record]) -> None:
        self._all = tuple(records)
        self._by_key = {record.key: record for record in self._all}
        self._by_kind: dict[str, list[Record]] = {}
        for record in self._all:
            self._by_kind.setdefault(record.kind, []).append(record)

    def __iter__(self) -> Any:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def of(self, kind: str) -> Sequence[Record]:
        """All records of a kind."""
        return self._by_kind.get(kind, ())

    def get(self, kinds: Iterable[str], record_id: str) -> Record | None:
        """The record of that id among the kinds; None when there is none."""
        keys = (f"{kind}:{record_id}" for kind in kinds)
        return next((self._by_key[key] for key in keys if key in self._by_key), None)

    def run(self, query: RecordQuery) -> QueryResult:
        """Answer a query over all records of its kind."""
        everything = [
            r for r in self.of(query.kind) if not query.source or query.source in r.sources()
        ]
        found = [
            record
            for record in everything
            if (query.ids is None or record.id in query.ids)
            and all(self._meets(record, c, query.source) for c in query.conditions)
        ]
        stating = [r for r in found if query.field and first(r, query.field, query.source)]
        value, mixed = None, False
        shown = found
        if query.aggregate is Aggregate.COUNT:
            value = len(found)
        elif query.aggregate:
            mixed = _mixed(query, stating)
            value, shown = (None, stating) if mixed else _aggregate(query, stating)
        elif query.order == "alphabetical":
            shown = sorted(found, key=lambda record: fold(record.name))
        elif query.order:
            shown = _ordered(query, stating) + [r for r in found if r not in stating]
        groups: dict[str, int] = {}
        for record in found if query.group else ():
            seen = first(record, query.group, query.source)
            for item in _items(seen.value) if seen else ("not stated",):
                groups[str(item)] = groups.get(str(item), 0) + 1
        return QueryResult(
            query=query,
            records=tuple(shown[: query.limit]),
            total=len(everything),
            matching=len(found),
            stating=len(stating),
            value=value,
            mixed=mixed,
            groups=groups,
        )

    def values(self, record: Record, path: str, source: str = "") -> tuple[Any, ...]:
        """The values that a path leads to, following references (``leader.country``)."""
        name, _, rest = path.partition(".")
        if name == "id":
            return (record.id,)
        seen = first(record, name, source)
        if seen is None:
            return ()
        items = tuple(_items(seen.value))
        if not rest:
            return items
        kinds = fields_of(type(record))[name].targets
        targets = [self.get(kinds, item) for item in items]
        # One of several kinds that a reference may point to can lack the field: it states none.
        known = [t for t in targets if t and rest.partition(".")[0] in (*fields_of(type(t)), "id")]
        return tuple(v for target in known for v in self.values(target, rest))

    def _meets(self, record: Record, condition: Condition, source: str) -> bool:
        found = self.values(record, condition.path, source)
        return _TESTS[condition.test](found, condition.values)


def first(record: Record, name: str, source: str = "") -> Observation[Any] | None:
    """The observation of a field that goes first, or the first one of ``source``."""
    seen = record.observed(name).observations
    return next((o for o in seen if not source or o.source == source), None)


def _items(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)


def holds(value: Any, test: Test, wanted: tuple[Any, ...]) -> bool:
    """Whether the value of a field passes a test.

    A number stands for an amount of any unit, a date for all days in it.
    """
    found = _items(value)
    if test is Test.IS and all(isinstance(w, PartialDate) for w in wanted):
        return any(w.first <= f.first and f.last <= w.last for f in found for w in wanted)
    if test is Test.IS and all(isinstance(w, Decimal) for w in wanted):
        found = tuple(number_of(item) for item in found)
    return _TESTS[test](found, wanted)


def number_of(value: Any) -> Decimal:
    """The number by which a value is ordered; raises TypeError for a value that has none."""
    if isinstance(value, Money):
        return value.amount
    if isinstance(value, Quantity):
        return value.low
    if isinstance(value, Duration):
        return Decimal(value.months)
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, PartialDate):
        return Decimal(value.first.toordinal())
    raise TypeError(f"{value!r} has no order")


_TESTS: Mapping[Test, Callable[[tuple[Any, ...], tuple[Any, ...]], bool]] = {
    Test.IS: lambda found, wanted: any(f in wanted for f in found),
    Test.IS_NOT: lambda found, wanted: not any(f in wanted for f in found),
    Test.STATED: lambda found, wanted: bool(found),
    Test.NOT_STATED: lambda found, wanted: not found,
    Test.FROM: lambda found, wanted: any(f.last >= wanted[0].first for f in found),
    Test.UNTIL: lambda found, wanted: any(f.first <= wanted[0].last for f in found),
    Test.MORE: lambda found, wanted: any(number_of(f) > wanted[0] for f in found),
    Test.LESS: lambda found, wanted: any(number_of(f) < wanted[0] for f in found),
    Test.AT_LEAST: lambda found, wanted: any(number_of(f) >= wanted[0] for f in found),
    Test.AT_MOST: lambda found, wanted: any(number_of(f) <= wanted[0] for f in found),
}

_LONGEST_SYMBOL = 3  # letters of a unit's symbol (%, t, GWh); a longer unit names things counted

ORDERED_TYPES = frozenset(
    {FieldType.INTEGER, FieldType.DATE, FieldType.MONEY, FieldType.QUANTITY, FieldType.DURATION}
)


def _ordered(query: RecordQuery, stating: list[Record]) -> list[Record]:
    def key(record: Record) -> tuple[Decimal, int]:
        seen = first(record, query.field, query.source)
        return _rank(seen.value) if seen else (Decimal(0), 0)

    return sorted(stating, key=key, reverse=query.order == "descending")


def _rank(value: Any) -> tuple[Decimal, int]:
    """By what a value is ordered: its number, then whether it is more or less than that."""
    return number_of(value), {"<": -1, ">": 1}.get(getattr(value, "bound", ""), 0)


def _mixed(query: RecordQuery, stating: list[Record]) -> bool:
    """Whether the values are of several currencies or units, so that nothing can be computed.

    Counts of different things (of banks, of representatives) have an order, but no sum.
    """
    seen = (first(record, query.field, query.source) for record in stating)
    values = [observation.value for observation in seen if observation]
    units = {getattr(value, "currency", getattr(value, "unit", "")) for value in values}
    adding = query.aggregate in (Aggregate.SUM, Aggregate.AVERAGE)
    counts = all(isinstance(v, Quantity) and len(v.unit) > _LONGEST_SYMBOL for v in values)
    return len(units) > 1 and (adding or not counts)


def _aggregate(query: RecordQuery, stating: list[Record]) -> tuple[Any, list[Record]]:
    """The aggregate over the records that state the field, and the records to show for it."""
    if not stating:
        return None, []
    seen = [(first(record, query.field, query.source), record) for record in stating]
    values = [observation.value for observation, _ in seen if observation]
    if query.aggregate in (Aggregate.LARGEST, Aggregate.SMALLEST):
        down = query.aggregate is Aggregate.LARGEST
        ranked = sorted({_rank(value) for value in values}, reverse=down)
        if len(ranked) < query.rank:
            return None, []
        best = ranked[query.rank - 1]
        shown = [r for o, r in seen if o and _rank(o.value) == best]
        return next(v for v in values if _rank(v) == best), shown
    return _added(values, len(values) if query.aggregate is Aggregate.AVERAGE else 1), stating


def _added(values: Sequence[Any], parts: int) -> Any:
    """The sum of values of one currency or unit, divided by ``parts``; bounds and ranges stay."""
    total = _quotient(map(number_of, values), parts)
    bounds = {value.bound for value in values if getattr(value, "bound", "")}
    bound = bounds.pop() if len(bounds) == 1 else "~" if bounds else ""
    sample = values[0]
    if isinstance(sample, Money):
        return Money(total, sample.currency, bound)
    if isinstance(sample, Quantity):
        high = _quotient((value.high for value in values), parts)
        return Quantity(total, high, sample.unit, bound)
    if isinstance(sample, Duration):
        return Duration(round(total))
    return total


def difference_of(left: Any, right: Any) -> Any:
    """How far two values are apart; None where they are of several units, or not exact."""
    for value in (left, right):
        if getattr(value, "bound", "") or getattr(value, "high", 0) != getattr(value, "low", 0):
            return None
    apart = abs(number_of(left) - number_of(right))
    if isinstance(left, Money) and isinstance(right, Money):
        return Money(apart, left.currency) if left.currency == right.currency else None
    if isinstance(left, Quantity) and isinstance(right, Quantity):
        return Quantity(apart, apart, left.unit) if left.unit == right.unit else None
    if isinstance(left, Duration) and isinstance(right, Duration):
        return Duration(int(apart))
    return None


def total_of(values: Sequence[Any]) -> Any:
    """The sum of values of one currency or unit; None where they are of several, or none."""
    units = {getattr(value, "currency", getattr(value, "unit", "")) for value in values}
    return _added(values, 1) if len(units) == 1 else None


def _quotient(numbers: Iterable[Decimal], parts: int) -> Decimal:
    """The sum of numbers, exact, or a part of it with two places."""
    total = sum(numbers, Decimal(0))
    return total if parts == 1 else (total / parts).quantize(Decimal("0.01"))
