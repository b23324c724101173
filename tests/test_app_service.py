"""What every door offers: requests are checked, results say where each thing stands."""

import pytest
from conftest import SECOND_PARTNERSHIP
from fakes import ContentEmbedder
from pydantic import ValidationError

from app.assistant import Assistant
from app.requests import MAX_HISTORY, MAX_QUESTION
from app.service import AskRequest, RecordRequest, SearchRequest, Service
from app.settings import Settings
from app.workspace import Workspace
from corpus.errors import QueryError, UnknownPassage, UnknownSource
from corpus.records import KINDS
from corpus.schema import fields_of
from retrieval.query import Test as Check


@pytest.fixture(scope="module")
def service(woven_assistant):
    return Service(woven_assistant)


@pytest.fixture
def own(tmp_path):
    """An assistant of its own, which may be changed."""
    settings = Settings(data_dir=tmp_path / "data", partnership=str(SECOND_PARTNERSHIP))
    with Assistant(Workspace.open(settings, embedder=ContentEmbedder())) as assistant:
        yield assistant


def ask_for(service, kind, *conditions, **options):
    tests = [
        {"field": field, "test": test, "values": list(values)}
        for field, test, *values in conditions
    ]
    request = {"kind": kind, "conditions": tests, **options}
    return service.records(RecordRequest.model_validate(request))


def names(page):
    return [record.name.partition(" (")[0] for record in page.records]


# --- Requests: shape ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"kind": "projects"}, "there is no kind of record 'projects'; known are region, "),
        ({"kind": "project", "where": "x"}, "where"),
        ({"kind": "project", "aggregate": "median"}, "known are count, sum, average, largest"),
        ({"kind": "project", "order": "random"}, "known are ascending, descending, alphabetical"),
        ({"kind": "project", "limit": 10**9}, "limit"),
        ({"kind": "project", "limit": "5"}, "limit"),
        ({"kind": "project", "offset": -1}, "offset"),
        ({"kind": "project", "conditions": [{"field": "country", "test": "="}]}, "known are is, "),
        ({"kind": "project", "conditions": [{"field": "x", "values": [float("nan")]}]}, "values"),
    ],
)
def test_a_request_of_the_wrong_shape_is_refused_by_what_is_known(given, told):
    with pytest.raises(ValidationError) as caught:
        RecordRequest.model_validate(given)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    "question", ["", "   ", "\n\t", "\x00", "x" * (MAX_QUESTION + 1), "\ud800"]
)
def test_what_is_no_question_is_refused(question):
    with pytest.raises(ValidationError):
        AskRequest(question=question)
    with pytest.raises(ValidationError):
        SearchRequest(query=question)


def test_a_question_is_cleaned_of_characters_that_are_none():
    assert AskRequest(question=" Who\x00leads\u200bit?\x1b ").question == "Who leads it?"


def test_a_conversation_is_bounded():
    with pytest.raises(ValidationError):
        AskRequest(question="Who?", history=["Who?"] * (MAX_HISTORY + 1))


def test_the_schema_names_every_kind_and_test():
    schema = RecordRequest.model_json_schema()
    assert schema["properties"]["kind"]["enum"] == list(KINDS)
    test = schema["$defs"]["ConditionRequest"]["properties"]["test"]
    assert test["enum"] == [str(each) for each in Check]


# --- Requests: meaning ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"fields": ["colour"]}, "project has no field 'colour'. Known are number, leader, "),
        ({"conditions": [{"field": "colour", "values": ["x"]}]}, "project has no field 'colour'"),
        ({"conditions": [{"field": "status.x", "values": ["x"]}]}, "leads to no other records"),
        ({"conditions": [{"field": "leader.colour", "values": ["x"]}]}, "organisation has no"),
        ({"conditions": [{"field": "id.id", "values": ["x"]}]}, "leads to no other records"),
        ({"conditions": [{"field": "a.b.c.d.e", "values": ["x"]}]}, "too long"),
        ({"conditions": [{"field": "", "values": ["x"]}]}, "field"),
        ({"conditions": [{"field": "stage", "values": ["x"]}]}, "one of under discussion, "),
        ({"conditions": [{"field": "country", "values": ["Atlantis"]}]}, "a country, by code"),
        ({"conditions": [{"field": "budget", "values": ["a lot"]}]}, "an amount of money"),
        ({"conditions": [{"field": "budget", "values": [True]}]}, "an amount of money"),
        ({"conditions": [{"field": "on_project_list", "values": ["x"]}]}, "yes or no"),
        ({"conditions": [{"field": "number", "values": [1.5]}]}, "a whole number"),
        ({"conditions": [{"field": "number", "values": ["1e999999999"]}]}, "a number"),
        ({"conditions": [{"field": "number", "values": [10**400]}]}, "a number"),
        ({"conditions": [{"field": "budget", "test": "from", "values": ["2020"]}]}, "is no date"),
        ({"conditions": [{"field": "status", "test": "less than", "values": [1]}]}, "no number"),
        ({"conditions": [{"field": "budget", "test": "is"}]}, "needs a value"),
        ({"conditions": [{"field": "budget", "test": "less than", "values": [1, 2]}]}, "one value"),
        ({"conditions": [{"field": "budget", "test": "is stated", "values": [1]}]}, "no values"),
        ({"aggregate": "sum"}, "sum needs a field to work on. Set field to one of number, "),
        ({"aggregate": "sum", "field": "status"}, "sum does not work on status of project"),
        ({"order": "ascending"}, "ascending needs a field"),
        ({"source": "nowhere"}, "There is no source 'nowhere'. Known are coast-brief, "),
    ],
)
def test_a_request_without_sense_names_what_is_known(service, options, told):
    with pytest.raises((QueryError, UnknownSource, ValidationError)) as caught:
        service.records(RecordRequest.model_validate({"kind": "project", **options}))
    error = caught.value
    assert told in (str(error) if isinstance(error, ValidationError) else error.line())


def test_dates_have_an_order_but_no_sum(service):
    with pytest.raises(QueryError, match="sum does not work on date"):
        ask_for(service, "event", aggregate="sum", field="date")
    page = ask_for(service, "event", aggregate="largest", field="date")
    assert page.computed.value


@pytest.mark.parametrize(
    ("kind", "condition", "expected"),
    [
        ("project", ("leader", "is", "weave-centre"), ["Seaweed Vats", "Woad Revival"]),
        ("project", ("leader", "is", "COSTA weave centre"), ["Seaweed Vats", "Woad Revival"]),
        ("project", ("leader.country", "is", "Portugal"), ["Seaweed Vats", "Woad Revival"]),
        ("project", ("leader.country", "is", "pt"), ["Seaweed Vats", "Woad Revival"]),
        ("project", ("leader.region.country", "is", "PL"), ["Sensor Sails"]),
        ("project", ("leader.name", "is", "FTI"), ["Open Mill"]),
        ("project", ("name", "is", "denim loop", "Project 3"), ["Denim Loop", "Sensor Sails"]),
        ("project", ("id", "is not", "loop", "vats", "woad", "open-mill"), ["Sensor Sails"]),
        ("project", ("budget", "more than", 4_000_000), ["Seaweed Vats", "Open Mill"]),
        ("project", ("budget", "more than", "EUR 4 million"), ["Seaweed Vats", "Open Mill"]),
        ("project", ("duration", "less than", "2 years"), ["Seaweed Vats"]),
        ("project", ("partners", "is", "14 partners"), ["Open Mill"]),
        ("project", ("budget", "is not stated"), ["Woad Revival"]),
        ("project", ("status", "is", "PILOT line ordered."), ["Denim Loop"]),
        ("project", ("number", "is", "2", 3), ["Seaweed Vats", "Sensor Sails"]),
        ("region", ("country", "is", "nordic"), ["Fjordmark", "Skogland"]),
        ("region", ("coordinates_partnership", "is", "yes"), ["Westhaven"]),
        ("region", ("role", "is", "Leading"), ["Westhaven", "Costa Verde"]),
        ("event", ("date", "until", "2021"), ["Launch of Woven Coasts"]),
    ],
)
def test_conditions_are_taken_as_people_write_them(service, kind, condition, expected):
    assert names(ask_for(service, kind, condition)) == expected


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_of_every_kind_can_be_asked_for(service, kind):
    for name in fields_of(KINDS[kind]):
        page = ask_for(service, kind, (name, "is stated"), fields=[name], group=name)
        assert page.matching == sum(1 for r in page.records if name in r.fields)


# --- Records --------------------------------------------------------------------------------------


def test_a_page_says_what_was_asked_and_how_complete_it_is(service):
    page = ask_for(service, "project", aggregate="sum", field="budget")
    assert page.query == "all projects"
    assert page.completeness == "5 of all 5 projects on record match; 4 of these state the budget."
    assert (page.total, page.matching, page.stating) == (5, 5, 4)
    assert page.computed.value == "€19.8 million"
    assert len(page.records) == 4


def test_every_value_says_who_states_it_and_what_others_say(service):
    page = ask_for(service, "project", ("name", "is", "Seaweed Vats"), fields=["budget", "leader"])
    (record,) = page.records
    budget = record.fields["budget"]
    assert (budget.value, budget.data) == ("€4.5 million", "EUR 4500000")
    assert (budget.source, budget.place, budget.page) == ("coast-review", "Projects", 4)
    assert budget.as_of == "2023-06"
    assert budget.differing
    (other,) = budget.others
    assert (other.value, other.source, other.as_of) == ("€4 million", "coast-brief", "2022-03")
    assert "€4.5 million" in service.passage(budget.passage).text
    assert "€4 million" in service.passage(other.passage).text
    leader = record.fields["leader"]
    assert (leader.value, leader.data, leader.differing) == (
        "Costa Weave Centre", "weave-centre", False,
    )  # fmt: skip


def test_what_one_source_says_can_be_asked_for(service):
    page = ask_for(service, "project", aggregate="largest", field="budget", source="coast-review")
    assert page.computed.value == "€4.5 million"
    assert "according to Annual review" in page.query
    assert page.total == 2
    assert page.records[0].fields["budget"].source == "coast-review"


def test_a_mixed_or_empty_result_has_no_value(service):
    page = ask_for(service, "project", ("budget", "is not stated"), aggregate="sum", field="budget")
    assert page.computed.value is None
    assert (page.matching, page.stating) == (1, 0)


def test_counts_by_a_field_name_its_values(service):
    page = ask_for(service, "project", group="leader")
    assert page.groups[0].value == "Costa Weave Centre"
    assert page.groups[0].count == 2
    assert {g.value for g in ask_for(service, "region", group="country").groups} >= {"Norway"}


def test_pages_follow_each_other_without_gap_or_repetition(service):
    everything = names(ask_for(service, "region", order="alphabetical"))
    found, offset = [], 0
    while offset is not None:
        page = ask_for(service, "region", order="alphabetical", limit=4, offset=offset)
        found += names(page)
        offset = page.next_offset
    assert found == everything == sorted(everything)
    assert names(ask_for(service, "region", offset=5000)) == []


def test_a_name_that_no_record_has_is_told_with_the_nearest(service):
    page = ask_for(service, "region", ("name", "is", "Fjordmerk"))
    assert page.matching == 0
    assert page.notes == (
        "No region on record is called 'Fjordmerk'; the nearest names are Fjordmark.",
    )
    page = ask_for(service, "project", ("leader", "is", "zzz"))
    assert page.notes == ("No organisation on record is called 'zzz'.",)


def test_kinds_tell_what_their_fields_hold(service):
    kinds = {kind.kind: kind for kind in service.kinds()}
    assert set(kinds) == set(KINDS)
    assert kinds["project"].count == 5
    fields = {field.name: field for field in kinds["project"].fields}
    assert fields["leader"].refers_to == ("organisation",)
    assert fields["budget"].stated == 4
    assert "described" in fields["stage"].choices


# --- Answers, passages, sources -------------------------------------------------------------------


def test_an_answer_has_its_evidence(service, woven_assistant):
    answer = service.ask("How many projects are there?")
    assert answer.status == "answered"
    assert answer.answer == woven_assistant.ask("How many projects are there?").text
    citation = answer.citations[0]
    assert citation.quote in service.passage(citation.passage).text
    assert citation.title in citation.footnote
    assert answer.as_of
    assert answer.seconds > 0


def test_the_conversation_before_counts(service):
    answer = service.ask("And project 5?", ["What is the budget of project 3?"])
    assert "€12 million" in answer.answer


def test_a_search_gives_passages_with_their_place(service):
    page = service.search(SearchRequest(query="Who leads the Denim Loop?", limit=3))
    assert len(page.passages) == 3
    best = page.passages[0]
    assert any("Denim Loop" in passage.text for passage in page.passages)
    assert best.title == service.source(best.source).title
    assert best.score >= page.passages[1].score
    assert service.passage(best.id).model_copy(update={"score": best.score}) == best


def test_a_search_can_be_paged_and_narrowed(service):
    whole = service.search(SearchRequest(query="regions", limit=6))
    parts = [
        service.search(SearchRequest(query="regions", limit=3, offset=offset)) for offset in (0, 3)
    ]
    assert [p.id for part in parts for p in part.passages] == [p.id for p in whole.passages]
    assert parts[0].next_offset == 3
    only = service.search(
        SearchRequest(query="regions", limit=50, sources=["coast-brief"], kinds=["records"])
    )
    assert {(p.source, p.kind) for p in only.passages} == {("coast-brief", "records")}
    with pytest.raises(UnknownSource, match="nowhere"):
        service.search(SearchRequest(query="regions", sources=["nowhere"]))
    assert service.search(SearchRequest(query="regions", offset=500)).next_offset is None


def test_sources_have_their_documents(service):
    sources = service.sources()
    assert [source.id for source in sources] == ["coast-brief", "coast-review", "weavers-page"]
    brief = service.source("coast-brief")
    assert brief in sources
    assert {document.kind for document in brief.documents} == {"digest", "records"}
    assert brief.reference.startswith("Woven Coasts: a brief for regions, ")
    with pytest.raises(UnknownSource, match="nowhere"):
        service.source("nowhere")


def test_a_section_is_the_whole_of_where_a_passage_stands(service):
    places = service.sections("coast-brief")
    assert sum(place.passages for place in places) == sum(
        document.passages for document in service.source("coast-brief").documents
    )
    for place in places:
        section = service.section(place.id)
        assert (section.section, len(section.passages)) == (place.section, place.passages)
        assert all(service.passage(each).text in section.text for each in section.passages)
        assert service.section(section.passages[-1]) == section


@pytest.mark.parametrize("passage", ["", "nothing", "../../etc/passwd", "\x00", "x" * 9999])
def test_a_passage_that_is_not_there_is_told(service, passage):
    with pytest.raises(UnknownPassage):
        service.passage(passage)
    with pytest.raises(UnknownPassage):
        service.section(passage)


def test_what_was_removed_is_gone_from_every_door(own):
    service = Service(own)
    gone = {p.id for p in service.search(SearchRequest(query="budget", limit=50)).passages
            if p.source == "coast-review"}  # fmt: skip
    assert gone
    own.remove("coast-review")
    assert [source.id for source in service.sources()] == ["coast-brief", "weavers-page"]
    left = service.search(SearchRequest(query="budget", limit=50)).passages
    assert not {p.id for p in left} & gone
    for passage in gone:
        with pytest.raises(UnknownPassage):
            service.passage(passage)
    page = ask_for(service, "project", ("name", "is", "Seaweed Vats"), fields=["budget"])
    assert page.records[0].fields["budget"].value == "€4 million"
    assert page.records[0].fields["budget"].others == ()


def test_without_the_bundled_knowledge_nothing_of_it_comes_out(own, tmp_path):
    note = tmp_path / "note.txt"
    note.write_text("The weavers meet in Lugano on Fridays to compare their looms.\n")
    own.ingest([note])
    held = {p.id for p in Service(own).search(SearchRequest(query="weavers", limit=50)).passages}
    own.close()
    settings = Settings(
        data_dir=tmp_path / "data", partnership=str(SECOND_PARTNERSHIP), bundled=False
    )
    with Assistant(Workspace.open(settings, embedder=ContentEmbedder())) as bare:
        service = Service(bare)
        (source,) = service.sources()
        assert source.documents[0].origin == "added"
        found = service.search(SearchRequest(query="weavers", limit=50)).passages
        assert len(found) == 1
        for passage in held - {found[0].id}:
            with pytest.raises(UnknownPassage):
                service.passage(passage)
        assert ask_for(service, "project").total == 0
