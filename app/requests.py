"""What may be asked for, as pydantic models: their JSON schema is what other programs are shown."""

from collections.abc import Callable, Iterable
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictInt

from app.conditions import TESTS, condition_of, field_named
from corpus.errors import QueryError
from corpus.records import KINDS
from corpus.schema import FieldType, fields_of
from retrieval.query import ORDERED_TYPES, Aggregate, RecordQuery, Records

MAX_QUESTION = 1000  # characters; the box on the page holds to it too
"""Characters of a question."""
MAX_HISTORY = 20
"""Earlier questions of a conversation."""
MOST_RECORDS = 200
"""Records on one page."""
MOST_PASSAGES = 50
"""Passages on one page of a search."""
DEEPEST = 500
"""How far down its ranking a search can be paged."""
NOT_BLANK = r"\S"
"""What a text has to have in it that says something."""
_ADDED_UP = ORDERED_TYPES - {FieldType.DATE}
_ORDERS = ("ascending", "descending", "alphabetical")
_KINDS_OF_DOCUMENT = ("original", "digest", "records")


def _one_of(known: Iterable[str], what: str) -> Callable[[str], str]:
    names = tuple(known)

    def check(value: str) -> str:
        if value not in names:
            raise ValueError(f"there is no {what} {value[:60]!r}; known are {', '.join(names)}")
        return value

    return check


def _choice(known: Iterable[str], what: str) -> Any:
    """Marks a text as one of several, in the schema and in words when it is none of them."""
    names: list[Any] = list(known)
    return AfterValidator(_one_of(names, what)), Field(json_schema_extra={"enum": names})


def _printable(text: str) -> str:
    """Text without the characters that are none (they come from programs, not from people)."""
    return "".join(c if c.isprintable() or c in "\n\t" else " " for c in text)


def _stated(text: str) -> str:
    text = _printable(text).strip()
    if not text:
        raise ValueError("the question is empty")
    return text


Kind = Annotated[str, *_choice(KINDS, "kind of record")]
Question = Annotated[
    str, Field(min_length=1, max_length=MAX_QUESTION, pattern=NOT_BLANK), AfterValidator(_stated)
]
SourceId = Annotated[str, Field(min_length=1, max_length=200)]
FieldName = Annotated[str, Field(min_length=1, max_length=100)]


RecordAggregate = Annotated[str, *_choice(Aggregate, "thing to compute")]
RecordOrder = Annotated[str, *_choice(_ORDERS, "order")]
DocumentKind = Annotated[str, *_choice(_KINDS_OF_DOCUMENT, "kind of document")]


class _Request(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class AskRequest(_Request):
    """A question, and the earlier ones of the conversation that it may lean on."""

    question: Question = Field(
        description="The question, in any of the languages that the assistant knows.",
        examples=["Which regions lead the partnership?"],
    )
    history: tuple[Question, ...] = Field(
        (),
        max_length=MAX_HISTORY,
        description="The earlier questions of the conversation, the oldest first.",
    )


class SearchRequest(_Request):
    """Passages of the documents, the best first."""

    query: Question = Field(
        description="What to look for, in words or as a question.",
        examples=["conditions for joining"],
    )
    limit: StrictInt = Field(10, ge=1, le=MOST_PASSAGES, description="Passages on a page.")
    offset: StrictInt = Field(0, ge=0, le=DEEPEST, description="Passages to skip.")
    sources: tuple[SourceId, ...] = Field(
        (), max_length=20, description="Only passages of these sources (their ids); empty: all."
    )
    kinds: tuple[DocumentKind, ...] = Field(
        (),
        max_length=len(_KINDS_OF_DOCUMENT),
        description="Only originals (the publications themselves), digests (their facts in other "
        "words) or records (one card per record); empty: all.",
    )


class ConditionRequest(_Request):
    """A test of one field of a record."""

    field: FieldName = Field(
        description="A field of the kind, `name` or `id`; with a dot a field of what it refers to "
        "(leader.country).",
        examples=["country"],
    )
    test: Annotated[str, *_choice(TESTS, "test")] = Field(
        "is",
        description="`is` one of the values, `is not` any of them, `is stated`, `is not stated`, "
        "`from` and `until` a date, `more than` and `less than` a number.",
    )
    values: tuple[Annotated[str, Field(max_length=300)] | bool | int | float, ...] = Field(
        (),
        max_length=50,
        description="What the field is compared with. Dates are 2020, 2020-05 or 2020-05-29; "
        "countries a code or an English name; records of other kinds their id or name.",
        examples=[["Finland"]],
    )


class RecordRequest(_Request):
    """Which records of a kind, and what to compute over all of them.

    Lists, counts, sums and orderings are computed over every record of the kind.
    """

    kind: Kind = Field(description="The kind of record.", examples=["project"])
    conditions: tuple[ConditionRequest, ...] = Field(
        (), max_length=20, description="Tests that a record has to pass, all of them."
    )
    fields: tuple[FieldName, ...] = Field(
        (), max_length=50, description="The fields to give; empty: all that are stated."
    )
    aggregate: RecordAggregate | None = Field(
        None, description="What to compute over the records that match; all but count need `field`."
    )
    field: FieldName | None = Field(
        None,
        description="The field that `aggregate` and `order` work on. How many records state it is "
        "part of the result.",
    )
    order: RecordOrder | None = Field(
        None, description="By `field`, or alphabetical by name. Records without the field go last."
    )
    group: FieldName | None = Field(
        None, description="A field to count by: how many records have each value."
    )
    source: SourceId | None = Field(
        None, description="Only what this source says (its id); else what goes first of all."
    )
    limit: StrictInt = Field(50, ge=1, le=MOST_RECORDS, description="Records on a page.")
    offset: StrictInt = Field(0, ge=0, le=100_000, description="Records to skip.")

    def query(self, records: Records | None = None) -> RecordQuery:
        """The query, over everything (paging is left to whoever shows it).

        With the ``records`` at hand, names of records are taken for their ids and texts are
        compared whatever their case. Raises QueryError, which names what is known, for a field
        that the kind lacks and for a test, value, aggregate or order that the field does not take.
        """
        for name in (*self.fields, self.field, self.group):
            if name:
                field_named(self.kind, name)
        self._check_computed()
        return RecordQuery(
            self.kind,
            tuple(
                condition_of(self.kind, one.field, one.test, one.values, records)
                for one in self.conditions
            ),
            self.fields,
            Aggregate(self.aggregate) if self.aggregate else None,
            self.field or "",
            self.order or "",
            self.group or "",
            source=self.source or "",
        )

    def _check_computed(self) -> None:
        """Raises QueryError when nothing of the sort can be computed."""
        ordered = self.order if self.order != "alphabetical" else None
        computed = self.aggregate if self.aggregate != Aggregate.COUNT else None
        if not (ordered or computed):
            return
        if self.field is None:
            raise QueryError(
                f"{computed or ordered} needs a field to work on",
                remedy=f"Set field to one of {', '.join(self._fields_of(ORDERED_TYPES))}.",
            )
        adding = computed in (Aggregate.SUM, Aggregate.AVERAGE)
        fitting = self._fields_of(_ADDED_UP if adding else ORDERED_TYPES)
        if self.field not in fitting:
            raise QueryError(
                f"{computed or ordered} does not work on {self.field} of {self.kind}",
                remedy=f"Use one of {', '.join(fitting)}."
                if fitting
                else "No field of it has numbers.",
            )

    def _fields_of(self, types: frozenset[FieldType]) -> list[str]:
        specs = fields_of(KINDS[self.kind])
        return [name for name, spec in specs.items() if spec.type in types and not spec.many]
