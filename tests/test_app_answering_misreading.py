"""A query that lists all there are is no answer to every question that names a kind."""

import pytest

from app.answering.plans import Select
from app.answering.understanding import understand


def _lists_all(woven, question):
    plans = woven.planner.plans(understand(question, woven.lexicon))
    return any(isinstance(plan, Select) and not plan.text for plan in plans[:1])


@pytest.mark.parametrize(
    "question",
    [
        "What is the goal of the whole thing?",
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
