"""How lists and fields are worded, and which words that are left over narrow a list."""

import pytest

from app.answering.answer import Status


def said(answer):
    """The text without markers of citations."""
    return " ".join(part for part in answer.text.split() if not part.startswith("["))


@pytest.mark.parametrize(
    ("question", "head"),
    [
        ("Which projects are led by Fjord Textile Institute?", "1 project led by Fjord Textile"),
        ("Which regions are from Poland?", "1 leading or participating region in Poland"),
        ("Which organisations are based in Portugal?", "1 organisation in Portugal"),
        ("Which events took place in February 2022?", "1 held event in February 2022"),
        ("What are the requirements for an investment project?",
         "2 requirements for an investment project"),
        ("Which areas does Altamira lead?", "1 thematic area led by Altamira"),
        ("Who works at Baltic Yarn Works?", "1 person at Baltic Yarn Works"),
        ("List the projects of natural dyes", "2 projects in Natural dyes"),
        ("Which projects are on the list?", "5 projects on the project list"),
    ],
)  # fmt: skip
def test_a_list_begins_with_what_it_is_a_list_of(woven, question, head):
    text = said(woven.ask(question))
    assert head in text
    assert ": yes" not in text


@pytest.mark.parametrize(
    "question",
    ["How can my region join?", "How do we join?", "What has a region to do to join?",
     "What does a region need to join?", "How does a region become a member?"],
)  # fmt: skip
def test_the_one_requirement_is_told_and_not_counted(woven, question):
    text = said(woven.ask(question))
    assert "Sign the charter" in text
    assert "1 requirement" not in text


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("When was the Porto meeting?", "Porto meeting took place on 3-4 February 2022."),
        ("Where was the launch?", "The launch of Woven Coasts took place in Rotterdam."),
        ("Is project 3 on the project list?",
         "Yes. Project 3 (Sensor Sails) is on the project list."),
        ("Is the Fibre Forward Fund complementary to the partnership?",
         "Yes. Fibre Forward Fund complements the partnership."),
    ],
)  # fmt: skip
def test_a_field_reads_as_a_sentence(woven, question, sentence):
    assert sentence in said(woven.ask(question))


def test_what_a_record_states_is_named_by_the_record(woven):
    record = woven.speaker.record("requirement:four-regions")
    assert woven.speaker.wording.of(record, "statement") == "Four regions"


def test_a_long_list_with_one_field_names_what_has_a_number_by_it(woven, monkeypatch):
    monkeypatch.setattr("app.answering.listing._MOST_WORDS", 5)
    text = said(woven.ask("List the projects with their duration"))
    assert "Project 1 – 3 years" in text
    assert "Denim Loop" not in text


@pytest.mark.parametrize(
    "question",
    [
        "Which projects have challenges?",  # no challenge is a project
        "Which regions have next steps?",
        "Which organisations have requirements?",
        "Which events have goals?",
        "How often does thematic area 2 meet?",  # no event mentions "area 2"
    ],
)
def test_what_is_asked_for_is_not_something_else_that_mentions_it(woven, question):
    text = woven.ask(question).text
    assert "mentioning" not in text


@pytest.mark.parametrize(
    "question",
    ["How many projects had an application rejected?",
     "Which projects had a Loom Fund application rejected?"],
)  # fmt: skip
def test_the_label_of_a_field_is_said_of_each_of_its_items(woven, question):
    """The record lists the application as "rejected", under a label that says what it is."""
    text = woven.ask(question).text
    assert "Seaweed Vats" in text


def test_a_share_that_is_asked_for_is_shown_and_no_word_to_look_for(woven):
    answer = woven.ask("What are the durations of the projects on natural dyes?")
    assert answer.status is Status.ANSWERED
    assert "mentioning" not in answer.text
