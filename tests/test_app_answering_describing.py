"""Things that a question describes instead of naming them."""

import pytest

from app.answering.answer import Status
from app.answering.understanding import understand


def named(woven, text):
    """The records that the question names once its description is found; None where it is not."""
    question = understand(text, woven.lexicon)
    found = woven.descriptions.named(question, lambda q: bool(woven.planner.plans(q)), surely=True)
    return {span.meaning.value for span in found.entities} if found else None


@pytest.mark.parametrize(
    ("asked", "record"),
    [
        ("Who leads the project with the largest budget?", "project:open-mill"),
        ("Who leads the costliest project?", "project:open-mill"),
        ("What is the budget of the project led by Baltic Yarn Works?", "project:sensor-sails"),
        ("Who coordinates the thematic area of Denim Loop?", "thematic_area:fibres"),
    ],
)
def test_a_query_finds_what_is_described(woven, asked, record):
    assert record in named(woven, asked)


@pytest.mark.parametrize(
    "asked",
    [
        "Who leads the projects with a budget?",  # several: none of them is meant
        "What is the budget of a project led by Baltic Yarn Works?",
        "Who leads the project about flying carpets?",
        "What is the budget of project 3?",
    ],
)
def test_what_is_not_one_thing_is_not_taken_for_one(woven, asked):
    assert named(woven, asked) is None


def test_the_answer_names_what_was_meant(woven):
    answer = woven.ask("Who leads the project with the largest budget?")
    assert answer.status is Status.ANSWERED
    assert "project 5 (Open Mill)" in answer.text


def test_what_is_described_before_the_question_is_its_subject(woven):
    answer = woven.ask("The project with the largest budget: how long does it last?")
    assert "5 years" in answer.text
    assert "Open Mill" in answer.text


@pytest.mark.parametrize(
    "question",
    ["When was the meeting in Lisbon?", "How many people came to the meeting in Madrid?",
     "Where was the meeting with Siemens?"],
)  # fmt: skip
def test_a_description_with_another_name_is_of_nothing_on_record(woven, question):
    text = woven.ask(question).text
    assert "Porto" not in text
    assert "Gdańsk" not in text


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("How many projects are there altogether?", "5 projects"),
        ("How many regions take part altogether?", "7 leading or participating regions"),
        ("How many goals did the partnership rate in total?", "3 Sustainable"),
        ("How many thematic areas are there all told?", "4 thematic areas"),
        ("How many requirements do the documents name altogether?", "3 requirements"),
    ],
)
def test_altogether_counts_them_all(woven, question, number):
    assert number in woven.ask(question).text
