"""Questions that lead over one record to another, and things told by an amount."""

import pytest

from app.answering.answer import Status
from retrieval.query import Condition, RecordQuery
from retrieval.query import Test as Relation


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("Who leads the 12-million project?", "Fjord Textile Institute"),
        ("Which organisation leads the project with a budget of 12 million euros?", "Fjord"),
        ("What is the duration of the project of 2.4 million euros?", "3 years"),
        ("Who leads the 5-year project?", "Fjord Textile Institute"),
        ("Which project has a budget of 900,000 euros?", "Sensor Sails"),
    ],
)
def test_an_amount_says_which_one_is_meant(woven, question, name):
    answer = woven.ask(question)
    assert answer.status is Status.ANSWERED
    assert name in answer.text


def test_an_amount_that_none_has_finds_nothing(woven):
    assert "Sensor Sails" not in woven.ask("Which project has a budget of 800,000 euros?").text


@pytest.mark.parametrize(
    ("question", "there", "not_there"),
    [
        ("Which countries do the leaders of the projects come from?",
         ("Netherlands", "Portugal", "Poland", "Norway"), "Spain"),
        ("From which countries are the leaders of the projects in thematic area 2?",
         ("Portugal",), "Norway"),
        ("In which country is the leader of the projects in area 4?", ("Norway",), "Portugal"),
        ("Countries of the leaders of the projects on natural dyes", ("Portugal",), "Poland"),
        ("Which countries do the coordinators' organisations come from?", (), "Spain"),
    ],
)  # fmt: skip
def test_the_country_of_what_a_field_refers_to(woven, question, there, not_there):
    answer = woven.ask(question)
    assert all(name in answer.text for name in there)
    assert not_there not in answer.text


@pytest.mark.parametrize(
    ("question", "facts"),
    [
        ("Nadmorze leads one area: who coordinates it, and is it active?",
         ("Tomasz Wilk", "not active")),
        ("Westhaven leads one theme: who coordinates it, and is it active?",
         ("Joost van Dijk", "active")),
        ("Baltic Yarn Works leads one project. What does it cost, and how long does it last?",
         ("€900,000", "2 years")),
    ],
)  # fmt: skip
def test_what_a_statement_speaks_of_is_what_the_questions_behind_it_are_about(
    woven, question, facts
):
    answer = woven.ask(question)
    assert all(fact in answer.text for fact in facts)


def test_what_is_found_by_name_is_counted_without_its_conditions(woven):
    """What two other things share in a chain is picked by name; the name follows anyway."""
    regions = woven.records.of("region")[:2]
    picked = tuple(region.id for region in regions)
    conditions = (
        Condition("role", Relation.IS, ("leading", "participating")),
        Condition("id", Relation.IS, picked),
    )
    query = RecordQuery("region", conditions)
    assert woven.speaker.wording.headline(query, (), 2) == "2 regions"
    assert woven.speaker.wording.headline(query, (), 1) == "1 leading or participating region"
    assert f"the name is {regions[0].name}" in woven.speaker.wording.query(query)


@pytest.mark.parametrize(
    ("question", "there", "not_there"),
    [
        # What a field says in words, where it names nobody.
        ("Which regions are involved in area 2?", ("Atlantic regions",), "Costa Verde"),
        ("Who takes part in natural dyes?", ("Atlantic regions",), "Altamira"),
        ("Which regions participate in thematic area 2?", ("Atlantic regions",), "Costa"),
        # Some of those that a field names.
        ("Which organisations from Nadmorze are involved in area 4?",
         ("Baltic Yarn Works",), "Costa Weave"),
        ("Which Portuguese organisations take part in shared laboratories?",
         ("Costa Weave Centre",), "Baltic"),
        ("Who from Nadmorze works on area 4?", ("Baltic Yarn Works",), "Costa Weave"),
        ("Which regions are involved in area 4?", ("Skogland", "Nadmorze"), "Altamira"),
        # Those that refer to what is named, and what they refer to in turn.
        ("Who works at Baltic Yarn Works?", ("Tomasz Wilk",), "Beatriz"),
        ("Which people work for Haven Fibre Lab?", ("Joost van Dijk",), "Tomasz"),
        ("Who is employed by Costa Weave Centre?", ("Beatriz Moura",), "Joost"),
        ("Which projects belong to areas that are not active?", ("Sensor Sails",), "Denim"),
        ("Which projects belong to an inactive area?", ("Sensor Sails",), "Open Mill"),
        ("Which organisations lead projects of inactive areas?", ("Baltic Yarn Works",), "Fjord"),
        ("Which projects belong to areas led by Costa Verde?",
         ("Seaweed Vats", "Woad Revival"), "Sensor"),
        ("Which projects are in the area coordinated by Tomasz Wilk?", ("Sensor Sails",), "Denim"),
        ("In which countries do the regions lie?", ("Norway", "Sweden", "Poland"), "France"),
    ],
)  # fmt: skip
def test_some_of_those_that_another_record_names(woven, question, there, not_there):
    answer = woven.ask(question)
    assert answer.status is Status.ANSWERED
    assert all(name in answer.text for name in there), answer.text
    assert not_there not in answer.text


@pytest.mark.parametrize(
    "question",
    [
        "Who coordinates the area that Skogland leads?",
        "Is the area that Saareland leads active?",
        "What does the project led by the Guild of Coastal Weavers cost?",
        "Which regions are involved in area 1?",  # it names its lead region only
        "What is the number of projects in the area led by Skogland?",
    ],
)
def test_what_no_record_leads_to_is_refused(woven, question):
    answer = woven.ask(question)
    assert answer.status is Status.ABSTAINED
    assert "no record of that" in answer.text or "do not state" in answer.text


def test_a_value_of_what_is_referred_to_is_said_in_plain_words(woven):
    text = woven.ask("Which projects belong to areas led by Costa Verde?").text
    assert "lead region of the thematic area: Costa Verde" in text


@pytest.mark.parametrize(
    "question",
    ["Which projects are more advanced?", "Which areas have more projects than area 3?",
     "Which regions are bigger?", "Which projects are cheaper than others?"],
)  # fmt: skip
def test_more_than_what_is_not_read_as_all(woven, question):
    assert "Open Mill" not in woven.ask(question).text or "Denim Loop" not in (
        woven.ask(question).text
    )
