"""What each source says, in how people ask for it; what there was in a place or on a day."""

import pytest

from app.answering.answer import Status


@pytest.mark.parametrize(
    "question",
    [
        "Do both papers give the same budget for Seaweed Vats?",
        "What does each source say about the budget of project 2?",
        "Do the two reports name the same budget for project 2?",
        "The budget of project 2, according to both publications?",
        "In both WCP documents, what is the budget of Seaweed Vats?",
    ],
)
def test_each_source_is_given_with_its_value(woven, question):
    answer = woven.ask(question)
    assert "€4.5 million" in answer.text
    assert "€4 million" in answer.text
    assert len({citation.source.id for citation in answer.citations}) == 2


@pytest.mark.parametrize(
    "question",
    [
        "Do the two papers name the same interested regions?",
        "Which regions are interested, according to each source?",
        "Do both reports list the same would-be members among the regions?",
        "Which regions does each document name as interested?",
        "Are the interested regions the same in both documents?",
    ],
)
def test_each_source_is_given_with_its_list(woven, question):
    answer = woven.ask(question)
    lines = [line for line in answer.text.split("\n") if line.startswith("- ")]
    assert answer.text.startswith("The sources differ:")
    assert len(lines) == 2
    assert any("Saareland" in line for line in lines)
    assert any("Bretagne Sud" in line and "Saareland" not in line for line in lines)


def test_a_single_source_is_said_to_be_alone(woven):
    answer = woven.ask("Do both papers count Altamira among the participating regions?")
    assert answer.text.startswith("Only one source says so.")
    assert not answer.text.startswith("Yes")


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("What went on in Porto?", "Porto meeting"),
        ("What happened in Rotterdam?", "Launch of Woven Coasts"),
        ("What took place in Portugal in February 2022?", "Porto meeting"),
        ("Which meetings were held in Porto?", "Porto meeting"),
        ("What was held on 12 May 2021?", "Launch of Woven Coasts"),
    ],
)
def test_what_there_was_is_the_event(woven, question, name):
    answer = woven.ask(question)
    assert answer.status is Status.ANSWERED
    assert name in answer.text


@pytest.mark.parametrize(
    ("question", "there", "not_there"),
    [
        ("Which projects are over three million euros?", "Open Mill", "Denim Loop"),
        ("Any project of more than two years?", "Denim Loop", "Sensor Sails"),
        ("Projects under one million euros", "Sensor Sails", "Open Mill"),
        ("Which projects take at least three years?", "Denim Loop", "Sensor Sails"),
        ("Projects over two million euros that take longer than four years", "Open Mill", "Loop"),
    ],
)
def test_a_bound_is_on_what_its_unit_measures(woven, question, there, not_there):
    answer = woven.ask(question)
    assert there in answer.text
    assert not_there not in answer.text


@pytest.mark.parametrize(
    "question",
    [
        "Do the brief and the review name the same interested regions?",
        "Do the brief and the annual review give the same interested regions?",
        "Do both documents name the same interested regions?",
        "Which interested regions does each source name?",
        "Do the report and the note list the same interested regions?",
    ],
)
def test_who_is_named_in_each_source_is_told_source_by_source(woven, question):
    text = woven.ask(question).text
    assert "The sources differ" in text
    assert "Saareland" in text
    assert "Bretagne Sud" in text


@pytest.mark.parametrize(
    "question",
    [
        "How many regions were committed in May 2021 or March 2022?",
        "How many regions were committed in May 2021 and in March 2022?",
    ],
)
def test_the_figures_of_two_dates_are_both_given(woven, question):
    text = woven.ask(question).text
    assert "4 regions" in text
    assert "6 regions" in text


def test_a_date_that_one_of_two_years_is_asked_for_is_given(woven):
    text = woven.ask("Was the Porto meeting in 2021 or 2022?").text
    assert "3-4 February 2022" in text


@pytest.mark.parametrize(
    "question",
    ["How many goals got a strong agreement?", "How many SDGs got a strong contribution?",
     "How many goals were rated strongly agree?"],
)  # fmt: skip
def test_how_many_goals_have_a_rating(woven, question):
    text = woven.ask(question).text
    assert text.startswith("2 Sustainable Development Goals rated strongly agree")
