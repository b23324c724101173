"""What comes back to other programs: plain data with where each thing stands.

Dates are text as exact as the source states them: 2018, 2018-10, 2018-10-08, or two of them with
``/`` between. Pages count from 1. What a source does not have (a date, a page) is null or "".
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True)


class CitationData(_Data):
    """The evidence behind marker [n] of an answer."""

    n: int
    source: str = Field(description="The id of the source.")
    title: str
    section: str
    page: int | None
    as_of: str | None = Field(description="The date that the quoted statement holds for.")
    url: str = Field(description='The address of the publication; "" where it has none.')
    quote: str = Field(description="The exact words of the passage that carry the statement.")
    passage: str = Field(description="The id of the passage.")
    footnote: str = Field(description="The footnote, ready for a report.")


class TableData(_Data):
    """Rows behind an answer: rows[i][j] stands under header[j]."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class AnswerData(_Data):
    """The answer to a question. Its text is Markdown with markers [1] for the citations."""

    question: str
    answer: str
    status: Literal["answered", "abstained"] = Field(
        description="abstained: the documents hold no answer; the text says what is missing."
    )
    citations: tuple[CitationData, ...]
    notes: tuple[str, ...] = Field(
        description="What differs between sources, how complete a list is, how a sum was made."
    )
    follow_ups: tuple[str, ...] = Field(description="Questions that may be asked next.")
    table: TableData | None
    as_of: str | None = Field(description="The latest date that the evidence holds for.")
    language: str = Field(description="The language of the text (ISO 639-1).")
    seconds: float = Field(description="How long it took.")
    wording: str = Field(description='The chat model that worded the text; "" where none did.')
    fallback: str = Field(description="Why a chat model that was asked did not word the text.")


class PassageData(_Data):
    """A passage of a document, and where it stands."""

    id: str
    source: str = Field(description="The id of the source.")
    title: str = Field(description="The title of the source.")
    section: str
    page: int | None
    page_end: int | None = Field(description="Where the passage runs over a page break.")
    as_of: str | None
    url: str
    text: str
    kind: str = Field(
        description="original (the publication), digest (its facts in other words) or records "
        "(the card of one record)."
    )
    record: str = Field(description='kind:id of the record whose card it is; else "".')
    language: str
    score: float | None = Field(
        description="How well it fits what was searched for, to be compared within one search "
        "only; null where nothing was searched for."
    )


class PassagePage(_Data):
    """Some of the passages that a search found, the best first."""

    query: str
    offset: int
    limit: int
    next_offset: int | None = Field(
        description="Where the next page begins; null: this is the last."
    )
    passages: tuple[PassageData, ...]


class StatementData(_Data):
    """What one source says of one field."""

    value: str = Field(description="For readers: names instead of ids, €250,000.")
    data: bool | int | str | tuple[str, ...] = Field(
        description="For programs: ids, country codes, EUR 250000, 2001-04-17."
    )
    source: str = Field(description="The id of the source.")
    place: str = Field(description="Where in the source it stands.")
    page: int | None
    as_of: str | None
    note: str
    passage: str | None = Field(description="The id of the passage that carries it.")


class FieldData(StatementData):
    """A field of a record: the statement that goes first, and all others."""

    label: str = Field(description="The name of the field for readers.")
    differing: bool = Field(description="Whether another source says something else.")
    others: tuple[StatementData, ...]


class RecordData(_Data):
    """One record. A field that no source states is not there."""

    kind: str
    id: str
    name: str
    aliases: tuple[str, ...]
    sources: tuple[str, ...] = Field(description="The ids of the sources that speak of it.")
    fields: dict[str, FieldData]


class ComputedData(_Data):
    """What was computed over all records that match."""

    name: str = Field(description="count, sum, average, largest or smallest.")
    field: str | None
    value: str | None = Field(
        description="For readers; null where no record states the field, or where the values are "
        "of several currencies or units."
    )
    mixed: bool = Field(description="The values are of several currencies or units.")


class GroupData(_Data):
    """How many of the records that match have a value."""

    value: str
    count: int


class RecordPage(_Data):
    """Some of the records that match a query, and what was computed over all that match."""

    kind: str
    query: str = Field(description="The query in plain words.")
    completeness: str = Field(description="How many records were looked at, match and state it.")
    total: int = Field(description="All records of the kind.")
    matching: int
    stating: int | None = Field(description="How many of those that match state `field`.")
    computed: ComputedData | None
    groups: tuple[GroupData, ...]
    notes: tuple[str, ...] = Field(description="Names that no record has.")
    offset: int
    limit: int
    next_offset: int | None = Field(
        description="Where the next page begins; null: this is the last."
    )
    records: tuple[RecordData, ...]


class FieldInfo(_Data):
    """What a field of a kind of record holds."""

    name: str
    label: str
    type: str
    many: bool = Field(description="Whether it holds a list.")
    choices: tuple[str, ...] = Field(description="The values that it can have; empty: any.")
    refers_to: tuple[str, ...] = Field(description="The kinds of record that it names.")
    stated: int = Field(description="How many records state it.")


class KindData(_Data):
    """A kind of record: what it is called, how many there are, and its fields."""

    kind: str
    name: str
    plural: str
    count: int
    fields: tuple[FieldInfo, ...]


class DocumentData(_Data):
    """A document of a source."""

    id: str
    kind: str = Field(description="original, digest or records.")
    origin: str = Field(description="bundled (it came with the program) or added.")
    media_type: str
    pages: int | None
    passages: int
    warnings: tuple[str, ...] = Field(description="What could not be read.")


class SourceData(_Data):
    """A publication that answers rest on."""

    id: str
    title: str
    publisher: str
    date: str | None
    url: str
    language: str
    description: str
    reference: str = Field(description="The publication as a bibliography lists it.")
    documents: tuple[DocumentData, ...]


class PlaceData(_Data):
    """A section of a source."""

    id: str = Field(description="The id of its first passage, by which the section is had.")
    document: str
    section: str
    page: int | None
    passages: int


class SectionData(_Data):
    """The text of a whole section of a source."""

    source: str
    title: str
    document: str
    section: str
    page: int | None
    page_end: int | None
    url: str
    text: str
    complete: bool = Field(description="False: it is longer than what can be given at once.")
    passages: tuple[str, ...] = Field(description="The ids of its passages, in order.")
