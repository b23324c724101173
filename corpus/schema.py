"""What a structured record is made of: fields, and for each field what which source says of it.

A field of a record holds an `Observed` value: one `Observation` per source (or per date) that
states it. Observations are never merged; `Observed.first` names the one that goes first.

Rule of precedence: the latest as-of date, then the source that stands earlier in ``sources.yaml``
(the more specific one about the partnership), then the order in the file.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, ClassVar, Generic, Literal, TypeVar, get_args, get_origin

import pycountry
from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer

from corpus.values import Duration, Money, PartialDate, Quantity

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Ref:
    """Marks a text field as the id of another record of one of ``kinds``."""

    kinds: tuple[str, ...]


def _reader(cls: Any) -> BeforeValidator:
    def read(value: Any) -> Any:
        return value if isinstance(value, cls) else cls.parse(value)

    return BeforeValidator(read)


_ISO = PlainSerializer(lambda value: value.iso(), return_type=str)

DateField = Annotated[PartialDate, _reader(PartialDate), _ISO]
MoneyField = Annotated[Money, _reader(Money), _ISO]
QuantityField = Annotated[Quantity, _reader(Quantity), _ISO]
DurationField = Annotated[Duration, _reader(Duration), _ISO]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Observation(_Frozen, Generic[T]):
    """What one source says of one field, where it says so, and as of when."""

    value: T
    source: str
    at: str  # the place in the source as a reader would name it: "section 3, project table"
    page: int | None = None
    as_of: DateField | None = None  # None: the source gives no date
    note: str = ""


class Observed(_Frozen, Generic[T]):
    """All observations of one field, by precedence (see the module's docstring)."""

    observations: tuple[Observation[T], ...] = ()

    @property
    def first(self) -> Observation[T] | None:
        """The observation that goes first; None when no source states the field."""
        return self.observations[0] if self.observations else None

    @property
    def value(self) -> T | None:
        """The value that goes first; None when no source states the field."""
        return self.observations[0].value if self.observations else None

    def differing(self) -> tuple[Observation[T], ...]:
        """The observations whose value is not the first one's."""
        return tuple(o for o in self.observations if o.value != self.observations[0].value)

    def __bool__(self) -> bool:
        return bool(self.observations)


class Mention(_Frozen):
    """A place where a source speaks of the thing that a record is about."""

    source: str
    at: str
    page: int | None = None
    as_of: DateField | None = None


class Record(_Frozen):
    """Base of all kinds of records. ``id`` is unique within its kind.

    ``mentions`` has one entry per source that speaks of it, by precedence.
    """

    kind: ClassVar[str]

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    mentions: tuple[Mention, ...]
    summary: Observed[str] = Observed()  # one or two sentences that define or describe it

    @property
    def key(self) -> str:
        """``kind:id``, unique over all records."""
        return f"{self.kind}:{self.id}"

    def observed(self, field: str) -> Observed[Any]:
        """The observations of ``field``; raises KeyError for a field that the kind lacks."""
        if field not in fields_of(type(self)):
            raise KeyError(f"{self.kind} has no field {field}")
        value: Observed[Any] = getattr(self, field)
        return value

    def stated(self) -> dict[str, Observed[Any]]:
        """The fields that some source states, in the order of the schema."""
        found = {name: self.observed(name) for name in fields_of(type(self))}
        return {name: value for name, value in found.items() if value}

    def sources(self) -> tuple[str, ...]:
        """Ids of the sources that speak of it, by precedence."""
        return tuple(mention.source for mention in self.mentions)


class FieldType(StrEnum):
    """The types that a field can have (see `FieldSpec.type`)."""

    TEXT = "text"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    DATE = "date"
    MONEY = "money"
    QUANTITY = "quantity"
    DURATION = "duration"
    CHOICE = "choice"
    COUNTRY = "country"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """What a field of a kind holds.

    ``many``: the value is a tuple. ``targets``: the kinds a reference may point to.
    ``choices``: the values a choice may take, in their natural order.
    """

    name: str
    type: FieldType
    many: bool = False
    targets: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()


_TYPES: dict[Any, FieldType] = {
    str: FieldType.TEXT,
    int: FieldType.INTEGER,
    bool: FieldType.BOOLEAN,
    PartialDate: FieldType.DATE,
    Money: FieldType.MONEY,
    Quantity: FieldType.QUANTITY,
    Duration: FieldType.DURATION,
}


@dataclass(frozen=True, slots=True)
class CountryCode:
    """Marks a text field as an ISO 3166-1 alpha-2 code."""


@cache
def fields_of(cls: type[Record]) -> Mapping[str, FieldSpec]:
    """The observed fields of a kind, by name, in the order of the schema."""
    specs = {}
    own_first = sorted(cls.model_fields, key=lambda name: name in Record.model_fields)
    for name in own_first:
        annotation = cls.model_fields[name].annotation
        if isinstance(annotation, type) and issubclass(annotation, Observed):
            inner = annotation.__pydantic_generic_metadata__["args"][0]
            specs[name] = _spec(name, inner)
    return specs


def _spec(name: str, inner: Any, many: bool = False) -> FieldSpec:
    if get_origin(inner) is tuple:
        return _spec(name, get_args(inner)[0], many=True)
    if get_origin(inner) is Literal:
        return FieldSpec(name, FieldType.CHOICE, many, choices=get_args(inner))
    marks: Iterable[Any] = ()
    if get_origin(inner) is Annotated:
        inner, *marks = get_args(inner)
    for mark in marks:
        if isinstance(mark, Ref):
            return FieldSpec(name, FieldType.REFERENCE, many, targets=mark.kinds)
        if isinstance(mark, CountryCode):
            return FieldSpec(name, FieldType.COUNTRY, many)
    return FieldSpec(name, _TYPES[inner], many)


def _known_country(code: object) -> str:
    if not isinstance(code, str) or code not in _countries():
        raise ValueError(f"{code!r} is not an ISO 3166-1 alpha-2 country code (like SI)")
    return code


@cache
def _countries() -> frozenset[str]:
    return frozenset(country.alpha_2 for country in pycountry.countries)


Country = Annotated[str, BeforeValidator(_known_country), CountryCode()]
