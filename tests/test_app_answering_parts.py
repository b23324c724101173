"""Several questions in one: where they part, and how their answers stand together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.answering.answer import Status
from app.answering.parts import parts_of
from app.answering.understanding import understand


def parted(woven, text):
    return parts_of(understand(text, woven.lexicon), woven.lexicon)


@pytest.mark.parametrize(
    ("asked", "texts"),
    [
        (
            "What is the budget of project 3 and who leads it?",
            ("What is the budget of project 3?", "who leads it?"),
        ),
        (
            "When and where was the launch?",
            ("When was the launch?", "where was the launch?"),
        ),
        (
            "Who leads project 2, what does it cost, and for how long does it run?",
            ("Who leads project 2?", "what does it cost?", "for how long does it run?"),
        ),
        (
            "Where did the launch take place, and when?",
            ("Where did the launch take place?", "when did the launch take place?"),
        ),
        (
            "How many regions are leading and how many are interested?",
            ("How many regions are leading?", "how many regions are interested?"),
        ),
        (
            "When did it begin, where, and how many regions take part?",
            ("When did it begin?", "where did it begin?", "how many regions take part?"),
        ),
        ("Is Fjordmark in WCP? And who leads it?", ("Is Fjordmark in WCP?", "who leads it?")),
    ],
)
def test_questions_part_where_the_next_one_begins(woven, asked, texts):
    assert parted(woven, asked).texts == texts


@pytest.mark.parametrize(
    "asked",
    [
        "What is the budget of project 3?",
        "Which regions lead a project and which are in Norway?",  # a condition, not a question
        "Which projects are led by Baltic Yarn Works and are active?",
        "What is the budget and the duration of project 3?",
        "Who knows when project 3 begins?",
        "project 3 budget",
        "",
    ],
)
def test_one_question_stays_one(woven, asked):
    assert parted(woven, asked) is None


def test_more_than_a_handful_is_not_taken_apart(woven):
    assert len(parted(woven, "Who? " * 3 + "When is it?").texts) == 4
    assert parted(woven, "Who leads it, and what is it? " * 40) is None


def test_what_is_said_before_the_questions_is_their_context(woven):
    parts = parted(woven, "About project 3: what does it cost and who leads it?")
    assert parts.context == "About project 3"
    assert parts.texts == ("what does it cost?", "who leads it?")


def test_each_question_gets_its_answer_with_its_own_citation(woven):
    answer = woven.ask("What is the budget of project 3 and how long does it last?")
    assert "€900,000" in answer.text
    assert "duration of project 3" in answer.text
    assert {c.quote.partition(":")[0] for c in answer.citations} == {"Budget", "Duration"}


def test_what_is_missing_is_said_beside_what_is_known(woven):
    answer = woven.ask("What is the budget of project 3 and what is the moon made of?")
    assert answer.status is Status.ANSWERED
    assert "€900,000" in answer.text
    assert "do not hold an answer to “what is the moon made of?”" in answer.text


def test_a_question_of_which_nothing_is_known_is_refused_whole(woven):
    answer = woven.ask("Who built the moon and what is it made of?")
    assert answer.status is Status.ABSTAINED
    assert answer.citations == ()


_WORDS = st.sampled_from(
    [
        "who",
        "what",
        "which",
        "when",
        "where",
        "how",
        "many",
        "much",
        "of",
        "in",
        "and",
        "or",
        ",",
        ";",
        ":",
        "?",
        ".",
        "is",
        "it",
        "the",
        "projects",
        "regions",
        "leads",
        "project",
        "3",
        "Fjordmark",
        "WCP",
    ]
)


@given(said=st.lists(_WORDS, max_size=14))
def test_whatever_is_asked_comes_apart_or_stays_whole(woven, said):
    parts = parted(woven, " ".join(said))
    assert parts is None or (len(parts.texts) > 1 and all(parts.texts))
