"""Whole questions in other words: read as what they mean, or not at all."""

import pytest

from app.answering.answer import Status
from app.answering.understanding import understand


def meant(woven, text):
    asked = understand(text, woven.lexicon)
    found = woven.rewordings.of(asked, lambda other: bool(woven.planner.plans(other)))
    return found.question.text if found else ""


@pytest.mark.parametrize(
    ("asked", "meaning"),
    [
        ("Who has signed up so far?", "Which regions take part?"),
        ("Who else from Norway has signed up?", "Which regions from Norway take part?"),
        ("Has Westhaven signed up?", "Is Westhaven in the partnership?"),
        ("What is holding project 3 back?", "What are the obstacles of project 3?"),
        ("For which projects is the cost unknown?", "Which projects have no budget?"),
        ("Which goals were left blank?", "Which goals are not rated?"),
        ("What was going on in 2023?", "Which events took place in 2023?"),
        # a number that is that of all of them says no more than "all"
        ("Which of the three goals were left blank?", "Which goals are not rated?"),
    ],
)
def test_a_question_is_read_as_what_it_means(woven, asked, meaning):
    assert meant(woven, asked) == meaning


@pytest.mark.parametrize(
    ("asked", "meaning"),
    [
        # what is asked beyond the rewording
        ("Who has not signed up so far?", "Which regions take part?"),
        ("When has Norway signed up?", "Is Norway in the partnership?"),
        ("Why were goals left blank?", "Which goals are not rated?"),
        ("Who else from Norway has signed up in 2019?", "Which regions from Norway take part?"),
        ("Has Westhaven signed up 3 unicorns?", "Is Westhaven in the partnership?"),
        ("What is holding the unicorns of project 3 back?", "What are the obstacles of project 3?"),
        ("Who of the interested ones has signed up so far?", "Which regions take part?"),
        ("Which of the four goals were left blank?", "Which goals are not rated?"),
        ("Which goals were left blank?", "How many goals are not rated?"),
        # what the rewording says beyond what is asked
        ("Which countries are represented?", "Which countries do the leading regions come from?"),
    ],
)
def test_what_is_asked_beyond_it_is_not_dropped(woven, asked, meaning):
    assert meant(woven, asked) != meaning


@pytest.mark.parametrize("asked", ["", "?", "the of and", "Which unicorns graze?"])
def test_a_question_that_is_far_from_all_of_them_means_none(woven, asked):
    assert meant(woven, asked) == ""


def test_the_answer_is_that_to_what_is_meant(woven):
    answer = woven.ask("Can I see everyone who is on board from Norway?")
    assert answer.status is Status.ANSWERED
    assert answer.question == "Can I see everyone who is on board from Norway?"
    assert "Fjordmark" in answer.text
    assert "Skogland" not in answer.text


@pytest.mark.parametrize(
    ("asked", "meaning"),
    [
        ("Who is at the helm of the partnership?", "Which regions are leading?"),
        ("who is at the helm of the partnership", "Which regions are leading?"),
        ("Which country does Norway deliver?", ""),  # nobody's very words
        ("Who has not signed up so far?", ""),
    ],
)
def test_a_rewording_in_its_very_words_is_what_it_means(woven, asked, meaning):
    found = woven.rewordings.same(
        understand(asked, woven.lexicon), lambda other: bool(woven.planner.plans(other))
    )
    assert (found.text if found else "") == meaning
