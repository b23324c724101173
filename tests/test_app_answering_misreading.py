"""A query that lists all there are is no answer to every question that names a kind."""

import pytest

from app.answering import misreading
from app.answering.answer import Status
from app.answering.plans import Select
from app.answering.understanding import understand


def _lists_all(woven, question):
    plans = woven.planner.plans(understand(question, woven.lexicon))
    return any(isinstance(plan, Select) and not plan.text for plan in plans[:1])


@pytest.mark.parametrize(
    "question",
    [
        "What is the goal of the whole thing?",
        "What is the region of it all?",
        "What's in it for our region?",
        "What has a region got from it?",
        "And the event?",
        "Why a project?",
    ],
)
def test_all_there_are_are_not_listed_where_one_is_spoken_of(woven, question):
    assert not _lists_all(woven, question)


@pytest.mark.parametrize(
    "question",
    ["What are the goals?", "Which region?", "The regions, please", "How many events are there?"],
)
def test_all_there_are_are_listed_where_they_are_asked_for(woven, question):
    assert _lists_all(woven, question)


@pytest.mark.parametrize(
    "question",
    [
        "Is Atlantis a leading region?",
        "Is Atlantis a region that takes part?",
        "Is Atlantis among the interested regions?",
    ],
)
def test_somebody_on_no_record_has_no_role(woven, question):
    assert woven.ask(question).text.startswith("There is no record of Atlantis")


@pytest.mark.parametrize(
    "question", ["Is WCP part of Horizon Europe?", "Is the partnership part of it?"]
)
def test_what_the_partnership_is_part_of_is_no_region(woven, question):
    assert "no record of" not in woven.ask(question).text


def test_what_a_record_mentions_is_not_the_record(woven):
    def is_another(question, record):
        asked = understand(question, woven.lexicon)
        return misreading.is_another(asked, record, woven.lexicon.vocabulary)

    (charter, *_) = woven.records.of("requirement")
    (region, *_) = woven.records.of("region")
    assert is_another("Is Tomasz Wilk a requirement?", charter)
    assert is_another(f"Is {charter.name} a requirement?", region)
    assert not is_another(f"Is {charter.name} a requirement?", charter)
    assert not is_another("Is there a requirement?", charter)
    assert not is_another("Which is a requirement?", region)


def test_what_is_asked_of_a_thing_and_not_held_is_refused(woven):
    assert woven.ask("What are the fees of Haven Fibre Lab?").status is Status.ABSTAINED


def test_only_records_whose_field_has_the_very_words_are_listed(woven):
    text = woven.ask("Which projects are looking for partners?").text
    assert text.startswith("1 project")
    assert "Woad Revival" in text


def test_goals_that_are_helped_are_not_all_goals(woven):
    text = woven.ask("Which goals does it help with?").text
    assert text.startswith("2 ")
    assert "Quality education" not in text
