"""Places in an order, the first few of it, how many of something each has, what is computed."""

import pytest

from app.answering.answer import Status


@pytest.mark.parametrize(
    ("question", "place", "name"),
    [
        ("Which project has the second largest budget?", "second largest", "Seaweed Vats"),
        ("What is the third highest budget of the projects?", "third largest", "Denim Loop"),
        ("Which project is the second shortest?", "second smallest", "Sensor Sails"),
        ("The second cheapest project?", "second smallest", "Denim Loop"),
        ("Which event had the second most participants?", "second largest", "Porto"),
    ],
)
def test_a_place_in_an_order_is_not_the_first(woven, question, place, name):
    answer = woven.ask(question)
    assert f"The {place} " in answer.text
    assert name in answer.text


def test_a_place_beyond_the_last_is_none(woven):
    answer = woven.ask("Which project has the eleventh largest budget?")
    assert answer.status is Status.ABSTAINED


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("Which two projects have the largest budgets?", ["Open Mill", "Seaweed Vats"]),
        ("Two projects with the longest duration", ["Open Mill", "Denim Loop"]),
        ("the top three projects by budget", ["Open Mill", "Seaweed Vats", "Denim Loop"]),
        ("Which three projects have the smallest budgets?",
         ["Sensor Sails", "Denim Loop", "Seaweed Vats"]),
        ("Name the two projects with the most partners", ["Open Mill", "Seaweed Vats"]),
    ],
)  # fmt: skip
def test_the_first_few_of_an_order_are_as_many_as_asked(woven, question, names):
    answer = woven.ask(question)
    found = [n for n in ("Denim Loop", "Seaweed Vats", "Sensor Sails", "Woad Revival", "Open Mill")
             if n in answer.text]  # fmt: skip
    assert sorted(found) == sorted(names)
    assert sorted(names, key=answer.text.index) == names


@pytest.mark.parametrize(
    ("question", "head", "there", "not_there"),
    [
        ("Which countries have exactly one region?", "with exactly 1 region each:", "Poland", ""),
        ("Which countries have more than one region?", "No country has more than 1 region", "",
         "Poland"),
        ("How many countries have only one region?", "with exactly 1 region each:", "Sweden", ""),
        ("Name the countries with a single region", "exactly 1 region each:", "Norway", ""),
        ("Which organisations lead at least two projects?", "at least 2 projects",
         "Costa Weave Centre", "Baltic Yarn Works"),
        ("Which organisations lead exactly one project?", "exactly 1 project",
         "Baltic Yarn Works", "Costa Weave Centre"),
    ],
)  # fmt: skip
def test_how_many_of_something_each_has(woven, question, head, there, not_there):
    answer = woven.ask(question)
    assert head in answer.text
    assert there in answer.text
    assert not not_there or not_there not in answer.text


@pytest.mark.parametrize(
    "question",
    [
        "What is the average budget of the projects, ignoring those without one?",
        "Average budget of the projects, leaving out those without a stated budget",
        "Mean budget of the projects, not counting projects without one",
        "What is the average budget of the projects that state one?",
        "On average, what is the budget of the projects, setting aside those without one?",
    ],
)
def test_an_average_says_how_many_it_is_of(woven, question):
    answer = woven.ask(question)
    assert "The average budget of the 4 projects that state one is €4,950,000" in answer.text


def test_a_computed_time_is_said_in_years_too(woven):
    assert (
        "34 months (2.8 years)" in woven.ask("What is the average duration of the projects?").text
    )


@pytest.mark.parametrize(
    "question",
    [
        "What share do the top three have?",
        "Which are the two largest shares?",
        "How many looms are there, and what share do the top two have?",
    ],
)
def test_an_order_of_nothing_that_is_named_is_no_answer(woven, question):
    answer = woven.ask(question)
    assert answer.status is Status.ABSTAINED or "all supply shares" not in answer.text
