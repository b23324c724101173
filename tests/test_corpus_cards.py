import pytest
from conftest import ROOT, SECOND_PARTNERSHIP

from corpus.cards import Printer, cards_of, title
from corpus.knowledge import load
from corpus.vocabulary import load_vocabulary

ENGLISH = load_vocabulary()


@pytest.fixture(
    scope="module",
    params=[SECOND_PARTNERSHIP, ROOT / "corpus" / "ambp"],
    ids=lambda path: path.name,
)
def knowledge(request):
    return load(request.param)


@pytest.fixture(scope="module")
def woven_knowledge():
    return load(SECOND_PARTNERSHIP)


def record(knowledge, key):
    return next(r for r in knowledge.records if r.key == key)


def card(knowledge, source, key):
    return next(c for c in cards_of(knowledge, source, ENGLISH) if c.record_key == key)


def test_a_card_has_one_line_per_statement_of_one_source(woven_knowledge):
    vats = card(woven_knowledge, "coast-brief", "project:vats")
    assert vats.text.splitlines() == [
        "Project: Seaweed Vats (project 2)",
        "Also: project 2",
        "Number: 2",
        "Leader: Costa Weave Centre",
        "Thematic area: Natural dyes (thematic area 2)",
        "On the project list: yes",
        "Number of partners: 9 partners",
        "Budget: €4 million",
        "Duration: 18 months",
        "Applications: Loom Fund, March 2021 - rejected",
    ]
    assert (vats.section, vats.page, str(vats.as_of)) == ("section 3", 3, "March 2022")
    assert vats.heading == ("Projects",)


def test_another_source_has_a_card_of_its_own(woven_knowledge):
    vats = card(woven_knowledge, "coast-review", "project:vats")
    assert "€4.5 million" in vats.text
    assert "€4 million" not in vats.text
    assert str(vats.as_of) == "June 2023"


def test_a_source_without_a_date_gives_none(woven_knowledge):
    assert card(woven_knowledge, "weavers-page", "term:selvedge").as_of is None


def test_a_source_without_records_has_no_cards(woven_knowledge):
    assert cards_of(woven_knowledge, "nobody", ENGLISH) == []


def test_every_statement_of_every_record_stands_on_a_line_of_a_card(knowledge):
    printer = Printer.of(knowledge, ENGLISH)
    lines = {
        (c.record_key, source.id): set(f"{c.text}".split("\n"))
        for source in knowledge.sources
        for c in cards_of(knowledge, source.id, ENGLISH)
    }
    for one in knowledge.records:
        for field, value in one.stated().items():
            for seen in value.observations:
                line = printer.line(one, field, seen)
                assert set(line.split("\n")) <= lines[one.key, seen.source]
                assert "[" not in line.split(": ")[0]


def test_every_card_names_its_record_and_its_place(knowledge):
    for source in knowledge.sources:
        cards = cards_of(knowledge, source.id, ENGLISH)
        assert len({c.record_key for c in cards}) == len(cards)
        for one in cards:
            assert one.text.split("\n")[0].endswith(title(record(knowledge, one.record_key)))
            assert one.section


@pytest.mark.parametrize(
    ("key", "field", "printed"),
    [
        ("project:vats", "leader", "Costa Weave Centre"),
        ("project:vats", "on_project_list", "yes"),
        ("project:vats", "duration", "18 months"),
        ("region:fjordmark", "country", "Norway"),
        ("region:fjordmark", "role", "participating"),
        ("event:porto", "date", "3-4 February 2022"),
        ("thematic_area:dyes", "lead_regions", "Costa Verde, Altamira"),
        ("initiative:blue-loom", "lead", "Woven Coasts Partnership"),
        ("figure:waste", "amount", "350,000 t"),
    ],
)
def test_values_are_printed_for_readers(woven_knowledge, key, field, printed):
    printer = Printer.of(woven_knowledge, ENGLISH)
    one = record(woven_knowledge, key)
    assert printer.value(one, field, one.observed(field).value) == printed


def test_items_with_commas_are_set_apart_by_semicolons(woven_knowledge):
    printer = Printer.of(woven_knowledge, ENGLISH)
    vats = record(woven_knowledge, "project:vats")
    assert printer.value(vats, "applications", ("a, b", "c")) == "a, b; c"


def test_a_note_stands_behind_the_value(woven_knowledge):
    printer = Printer.of(woven_knowledge, ENGLISH)
    vats = record(woven_knowledge, "project:vats")
    seen = vats.budget.observations[0].model_copy(update={"note": "Without tax."})
    assert printer.line(vats, "budget", seen) == "Budget: €4.5 million (Without tax)"


def test_a_reference_to_what_is_gone_is_printed_as_its_id(woven_knowledge):
    left = woven_knowledge.without(["coast-brief"])
    printer = Printer.of(left, ENGLISH)
    assert printer.value(record(woven_knowledge, "project:vats"), "leader", "gone") == "gone"


@pytest.mark.parametrize(
    ("key", "printed"),
    [
        ("project:vats", "Seaweed Vats (project 2)"),
        ("thematic_area:dyes", "Natural dyes (thematic area 2)"),
        ("region:fjordmark", "Fjordmark"),
    ],
)
def test_titles(woven_knowledge, key, printed):
    assert title(record(woven_knowledge, key)) == printed


def test_a_number_that_stands_in_the_name_is_not_said_twice(woven_knowledge):
    vats = record(woven_knowledge, "project:vats")
    assert title(vats.model_copy(update={"name": "Project 2: Vats"})) == "Project 2: Vats"
