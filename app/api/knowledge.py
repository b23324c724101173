"""What the answers rest on: passages, records, sources, sections."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from app.api import examples
from app.api.asking import PROBLEMS, GateOf
from app.api.examples import shown
from app.api.problems import told
from app.requests import (
    DEEPEST,
    MOST_PASSAGES,
    MOST_RECORDS,
    DocumentKind,
    FieldName,
    Kind,
    Question,
    RecordAggregate,
    RecordOrder,
    SourceId,
)
from app.service import ConditionRequest, RecordRequest, SearchRequest
from app.service.data import (
    KindData,
    PassageData,
    PassagePage,
    PlaceData,
    RecordPage,
    SectionData,
    SourceData,
)

_COMMON = ("invalid", "not-ready", "too-many", "library", "foreign-origin", "unexpected")
_Id = Annotated[
    str,
    Path(
        min_length=1,
        max_length=200,
        description="The id of a source.",
        examples=[examples.SOURCE.id],
    ),
]
_PassageId = Annotated[
    str,
    Path(
        min_length=1,
        max_length=200,
        description="The id of a passage, as answers and searches give it.",
        examples=[examples.PASSAGE.id],
    ),
]
router = APIRouter()


class _Params(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SearchParams(_Params):
    """What a search takes in its address."""

    q: Question = Field(description="What to look for.", examples=["conditions for joining"])
    limit: int = Field(10, ge=1, le=MOST_PASSAGES, description="Passages on a page.")
    offset: int = Field(0, ge=0, le=DEEPEST, description="Passages to skip.")
    source: list[SourceId] = Field(
        [], max_length=20, description="Only passages of this source. May be given many times."
    )
    kind: list[DocumentKind] = Field(
        [],
        max_length=3,
        description="Only originals, digests or records. May be given many times.",
    )


class RecordParams(_Params):
    """What a list of records takes in its address."""

    where: list[Annotated[str, Field(max_length=300, pattern=r"^[A-Za-z_.]{1,100}=[\s\S]+$")]] = (
        Field(
            [],
            max_length=20,
            description="FIELD=VALUE: only records whose field has this value. May be given many "
            "times; then all of them have to hold.",
            examples=[["country=Finland"]],
        )
    )
    fields: list[FieldName] = Field(
        [], max_length=50, description="Only these fields. May be given many times."
    )
    aggregate: RecordAggregate | None = Field(None, description="What to compute over all matches.")
    field: FieldName | None = Field(None, description="What aggregate and order work on.")
    order: RecordOrder | None = Field(None, description="By field, or alphabetical by name.")
    group: FieldName | None = Field(None, description="A field to count by.")
    source: SourceId | None = Field(None, description="Only what this source says.")
    limit: int = Field(50, ge=1, le=MOST_RECORDS, description="Records on a page.")
    offset: int = Field(0, ge=0, le=100_000, description="Records to skip.")

    def request(self, kind: str) -> RecordRequest:
        """The same as a request for records of a kind."""
        given = self.model_dump(exclude={"where"})
        conditions = tuple(
            ConditionRequest(field=name, values=(value,))
            for name, _, value in (each.partition("=") for each in self.where)
        )
        return RecordRequest(kind=kind, conditions=conditions, **given)


class Kinds(BaseModel):
    """The kinds of records."""

    kinds: list[KindData]


class Sources(BaseModel):
    """The sources."""

    sources: list[SourceData]


class Sections(BaseModel):
    """The sections of a source, in its order."""

    sections: list[PlaceData]


@router.get(
    "/search",
    tags=["Passages"],
    responses=shown(examples.PASSAGES, "The passages, the best first.")
    | told("unknown-source", "too-long", *_COMMON),
    summary="Search the documents",
)
async def search(params: Annotated[SearchParams, Query()], gate: GateOf) -> PassagePage:
    """Passages that fit what is looked for, by words and by meaning, the best first."""
    request = SearchRequest(
        query=params.q,
        limit=params.limit,
        offset=params.offset,
        sources=tuple(params.source),
        kinds=tuple(params.kind),
    )
    return await gate.carry_out(lambda service: service.search(request))


@router.get(
    "/passages/{passage_id}",
    tags=["Passages"],
    responses=shown(examples.PASSAGE, "The passage.") | told("unknown-passage", *_COMMON),
    summary="One passage",
)
async def passage(passage_id: _PassageId, gate: GateOf) -> PassageData:
    """The passage that a citation or a search names."""
    return await gate.carry_out(lambda service: service.passage(passage_id))


@router.get(
    "/sections/{passage_id}",
    tags=["Passages"],
    responses=shown(examples.SECTION, "The section.") | told("unknown-passage", *_COMMON),
    summary="The section around a passage",
)
async def section(passage_id: _PassageId, gate: GateOf) -> SectionData:
    """The whole section in which a passage stands."""
    return await gate.carry_out(lambda service: service.section(passage_id))


@router.get(
    "/sources",
    tags=["Sources"],
    responses=shown({"sources": [examples.SOURCE.model_dump(mode="json")]}, "All sources.")
    | told(*_COMMON),
    summary="All sources",
)
async def sources(gate: GateOf) -> Sources:
    """The publications that answers rest on, with their documents."""
    return await gate.carry_out(lambda service: Sources(sources=service.sources()))


@router.get(
    "/sources/{source_id}",
    tags=["Sources"],
    responses=shown(examples.SOURCE, "The source.") | told("unknown-source", *_COMMON),
    summary="One source",
)
async def source(source_id: _Id, gate: GateOf) -> SourceData:
    """A publication with its documents."""
    return await gate.carry_out(lambda service: service.source(source_id))


@router.get(
    "/sources/{source_id}/sections",
    tags=["Sources"],
    responses=shown({"sections": [examples.PLACE.model_dump(mode="json")]}, "Its sections.")
    | told("unknown-source", *_COMMON),
    summary="The sections of a source",
)
async def sections(source_id: _Id, gate: GateOf) -> Sections:
    """What a source is made of, document by document."""
    return await gate.carry_out(lambda service: Sections(sections=service.sections(source_id)))


@router.get(
    "/kinds",
    tags=["Records"],
    responses=shown({"kinds": [examples.KIND.model_dump(mode="json")]}, "All kinds.")
    | told(*_COMMON),
    summary="The kinds of records",
)
async def kinds(gate: GateOf) -> Kinds:
    """What is on record: the kinds, their fields, what these can hold and how many state them."""
    return await gate.carry_out(lambda service: Kinds(kinds=service.kinds()))


_QUERIES: dict[str, Any] = {
    "list": {
        "summary": "All projects led from Finland",
        "value": {
            "kind": "project",
            "conditions": [{"field": "leader.country", "test": "is", "values": ["Finland"]}],
        },
    },
    "sum": {
        "summary": "The sum of all budgets that are stated",
        "value": {"kind": "project", "aggregate": "sum", "field": "budget"},
    },
    "groups": {
        "summary": "How many regions there are of each country",
        "value": {"kind": "region", "group": "country", "limit": 1},
    },
}


# Before the next operation, for which "query" would be a kind.
@router.post(
    "/records/query",
    tags=["Records"],
    responses=shown(examples.RECORDS, "A page of the records, and what was computed.")
    | told("unknown-source", "no-sense", *PROBLEMS, *_COMMON),
    summary="Ask for records",
)
async def query(
    request: Annotated[RecordRequest, Body(openapi_examples=_QUERIES)], gate: GateOf
) -> RecordPage:
    """The records that pass every test: values, bounds, dates, what is stated or not.

    Counts, sums and orderings are over all of them, never over the page.
    """
    return await gate.carry_out(lambda service: service.records(request))


@router.get("/records/query", include_in_schema=False)
async def no_query() -> None:
    """Not a kind of record either."""
    raise HTTPException(405, headers={"Allow": "POST"})


@router.get(
    "/records/{kind}",
    tags=["Records"],
    responses=shown(examples.RECORDS, "A page of the records, and what was computed.")
    | told("unknown-kind", "unknown-source", "no-sense", *_COMMON),
    summary="Records of a kind",
)
async def records(
    kind: Annotated[Kind, Path(description="The kind of record.", examples=["project"])],
    params: Annotated[RecordParams, Query()],
    gate: GateOf,
) -> RecordPage:
    """The records of a kind that match, each value with its source.

    Counts, sums and orderings are over all of them, never over the page.
    """
    request = params.request(kind)
    return await gate.carry_out(lambda service: service.records(request))
