"""What the description of REST shows as examples: everything in them is made up."""

from typing import Any

from app.service.data import (
    AnswerData,
    CitationData,
    ComputedData,
    DocumentData,
    FieldData,
    FieldInfo,
    GroupData,
    KindData,
    PassageData,
    PassagePage,
    PlaceData,
    RecordData,
    RecordPage,
    SectionData,
    SourceData,
    StatementData,
    TableData,
)

_ID = "3f2a9c0d1e4b5a6978c1d2e3"
_TITLE = "Progress report, January - June 2023"
_QUOTE = "Twelve regions from nine countries take part."
_SECTION = "State of play > Membership"

CITATION = CitationData(
    n=1,
    source="progress-report",
    title=_TITLE,
    section=_SECTION,
    page=4,
    as_of="2023-06",
    url="https://partnership.example/report",
    quote=_QUOTE,
    passage=_ID,
    footnote=f"{_TITLE}, The Lakeside Partnership, June 2023, p. 4, {_SECTION}, "
    "https://partnership.example/report",
)
ANSWER = AnswerData(
    question="How many regions take part?",
    answer="Twelve regions from nine countries take part [1].",
    status="answered",
    citations=(CITATION,),
    notes=("Counted over all 14 regions on record (12 match).",),
    follow_ups=("Which regions lead the partnership?",),
    table=TableData(header=("Region", "Role"), rows=(("Lakeside", "leading"),)),
    as_of="2023-06",
    language="en",
    seconds=0.021,
    wording="",
    fallback="",
)
PASSAGE = PassageData(
    id=_ID,
    source="progress-report",
    title=_TITLE,
    section=_SECTION,
    page=4,
    page_end=5,
    as_of="2023-06",
    url="https://partnership.example/report",
    text=f"{_QUOTE} Three of them lead it.",
    kind="original",
    record="",
    language="en",
    score=0.1634,
)
PASSAGES = PassagePage(
    query="how many regions", offset=0, limit=1, next_offset=1, passages=(PASSAGE,)
)
_OTHER = StatementData(
    value="€4 million",
    data="EUR 4000000",
    source="scoping-note",
    place="section 3",
    page=3,
    as_of="2022-03",
    note="",
    passage="9c1d2e3f4a5b6c7d8e9f0a1b",
)
RECORDS = RecordPage(
    kind="project",
    query="projects where country is Finland",
    completeness="1 of all 11 projects on record match; 1 of these state the budget.",
    total=11,
    matching=1,
    stating=1,
    computed=ComputedData(name="sum", field="budget", value="€4.5 million", mixed=False),
    groups=(GroupData(value="Finland", count=1),),
    notes=(),
    offset=0,
    limit=50,
    next_offset=50,
    records=(
        RecordData(
            kind="project",
            id="vats",
            name="Seaweed Vats (project 2)",
            aliases=("project 2",),
            sources=("progress-report", "scoping-note"),
            fields={
                "budget": FieldData(
                    label="budget",
                    value="€4.5 million",
                    data="EUR 4500000",
                    source="progress-report",
                    place="Projects",
                    page=4,
                    as_of="2023-06",
                    note="",
                    passage=_ID,
                    differing=True,
                    others=(_OTHER,),
                )
            },
        ),
    ),
)
KIND = KindData(
    kind="project",
    name="project",
    plural="projects",
    count=11,
    fields=(
        FieldInfo(
            name="budget",
            label="budget",
            type="money",
            many=False,
            choices=(),
            refers_to=(),
            stated=4,
        ),
    ),
)
SOURCE = SourceData(
    id="progress-report",
    title=_TITLE,
    publisher="The Lakeside Partnership",
    date="2023-06",
    url="https://partnership.example/report",
    language="en",
    description="What became of the projects in the first half of 2023.",
    reference=f"{_TITLE}, The Lakeside Partnership, June 2023, https://partnership.example/report",
    documents=(
        DocumentData(
            id="progress-report/original/application/pdf",
            kind="original",
            origin="added",
            media_type="application/pdf",
            pages=18,
            passages=54,
            warnings=(),
        ),
    ),
)
PLACE = PlaceData(
    id=_ID,
    document="progress-report/original/application/pdf",
    section=_SECTION,
    page=4,
    passages=2,
)
SECTION = SectionData(
    source="progress-report",
    title=_TITLE,
    document="progress-report/original/application/pdf",
    section=_SECTION,
    page=4,
    page_end=5,
    url="https://partnership.example/report",
    text=f"{_QUOTE} Three of them lead it.\n\nTwo more have asked to join.",
    complete=True,
    passages=(_ID, "9c1d2e3f4a5b6c7d8e9f0a1b"),
)
EVENTS = (
    'event: working\ndata: {"what":"searching the documents for regions"}\n\n'
    'event: unverified\ndata: {"text":"Twelve regions"}\n\n'
    f"event: answer\ndata: {ANSWER.model_dump_json()}\n\n"
)


def shown(example: Any, description: str) -> dict[int | str, dict[str, Any]]:
    """A response of an operation with an example (a model, or plain data)."""
    value = example.model_dump(mode="json") if hasattr(example, "model_dump") else example
    return {200: {"description": description, "content": {"application/json": {"example": value}}}}
