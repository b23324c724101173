"""Questions in other words than the records use: the nearest expected question answers, or none."""

from types import SimpleNamespace

import numpy as np
import pytest

from app.answering.alike import ask_the_same
from app.answering.answer import Status
from app.answering.expected import ExpectedAnswers
from app.answering.understanding import understand
from corpus.expected import ExpectedQuestion
from corpus.schema import Observed


def test_the_record_of_the_nearest_question_answers(woven):
    answer = woven.ask("What papers must newcomers hand in?")
    assert answer.status is Status.ANSWERED
    assert "Sign the charter" in answer.text
    assert {citation.source.id for citation in answer.citations} == {"coast-brief"}


@pytest.mark.parametrize(
    "question",
    [
        "What papers do newcomers read in Iceland?",  # names what the record does not speak of
        "How much do newcomers have to hand in?",  # asks for an amount, the record holds none
        "In which language must newcomers hand in papers?",  # which one, it does not tell
    ],
)
def test_what_the_record_does_not_hold_is_not_answered_with_it(woven, question):
    assert "Sign the charter" not in woven.ask(question).text


def test_a_question_that_is_far_from_all_of_them_finds_none(woven):
    found = woven.expected.matches("Which unicorns graze?")
    assert all(match.score < 0.5 for match in found)


def test_matches_are_one_per_field_nearest_first(woven):
    found = woven.expected.matches("How mixed must the consortium be across borders?")
    assert found[0].expected.record == "requirement:four-regions"
    assert found[0].score == pytest.approx(1.0, abs=1e-3)
    assert [m.score for m in found] == sorted((m.score for m in found), reverse=True)
    assert len({(m.expected.record, m.expected.field) for m in found}) == len(found)


def test_nothing_is_embedded_twice_and_nothing_kept_too_long(woven):
    texts = [question.text for question in woven.knowledge.questions]
    held = woven.library.question_vectors([*texts, "never kept"])
    assert held.shape == (len(texts) + 1, 64)
    assert held[-1].tolist() == [0.0] * 64
    assert all(row.any() for row in held[:-1])


@pytest.mark.parametrize(
    "question", ["What is the budget of project 3?", "Which regions lead the partnership?"]
)
def test_what_is_suggested_next_is_answered(woven, question):
    answer = woven.ask(question)
    assert 0 < len(answer.follow_ups) <= 3
    for suggested in answer.follow_ups:
        assert woven.ask(suggested).status is Status.ANSWERED
        assert suggested != question


def test_every_question_that_is_expected_is_answered_by_its_record(woven):
    for expected in woven.knowledge.questions:
        answer = woven.ask(expected.text)
        assert answer.status is Status.ANSWERED, expected.text
        assert expected.record in {c.passage.record for c in answer.citations}, expected.text


@pytest.mark.parametrize(
    "question",
    ["How old is Tomasz Wilk?", "What did Tomasz Wilk study?", "Is Tomasz Wilk a vegetarian?"],
)
def test_who_somebody_is_answers_no_question_for_something_else(woven, question):
    asked = woven.from_passages.asked(understand(question, woven.lexicon))
    assert woven.expected.matches(question)[0].score > 0.66
    assert woven.expected.draft(asked.question, asked) is None
    same = woven.from_passages.asked(understand("So who is Tomasz Wilk?", woven.lexicon))
    assert woven.expected.draft(same.question, same) is not None


def test_a_refusal_suggests_nothing_of_another_matter(woven):
    assert woven.ask("Which unicorns graze in the mills?").follow_ups == ()


def test_a_refusal_suggests_what_can_be_answered(woven):
    answer = woven.ask("How many lawyers has the consortium across borders?")
    assert answer.status is Status.ABSTAINED
    assert 0 < len(answer.follow_ups) <= 3
    assert all(woven.ask(other).status is Status.ANSWERED for other in answer.follow_ups)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Who leads the harbour?", "Who heads the harbour?", True),
        ("Who leads the harbour?", "Where is the harbour?", False),
        ("Is there a harbour?", "Is there no harbour?", False),
        ("How long is the pier?", "How many piers are there?", False),
        ("What is the largest pier?", "What is the smallest pier?", False),
        ("What happened in May 2021?", "What happened in May 2022?", False),
        ("Are 3 towns enough?", "Are 4 towns enough?", False),
        ("Does Norway take part?", "Does Sweden take part?", False),
        ("Who owned the mill before?", "Who owned the mill?", False),
        ("Which private grants are there?", "Which public grants are there?", False),
        ("Who left the harbour?", "Who built the harbour?", False),
    ],
)
def test_questions_that_differ_in_what_meaning_does_not_tell(woven, one, other, same):
    first, second = (understand(text, woven.lexicon) for text in (one, other))
    assert ask_the_same(first, second, woven.vocabulary.turns) is same


def test_of_several_summaries_the_one_that_is_clearly_nearer_to_the_question_is_given(woven):
    record = woven.speaker.record("term:selvedge")
    seen = record.observed("summary").first
    told = "Tailors in Norway buy it from mill 4."
    other = seen.model_copy(update={"source": "coast-brief", "value": told})
    told = record.model_copy(update={"summary": Observed(observations=(other, seen))})

    def summary(question, source=""):
        asked = understand(question, woven.lexicon)
        return woven.expected._summary(told, asked, source).source

    assert summary("What is a selvedge?") == seen.source
    assert summary("Where do tailors in Norway buy the selvedge?") == other.source
    assert summary("What is a selvedge?", other.source) == other.source


@pytest.mark.parametrize(
    ("question", "same"),
    [
        ("What papers do newcomers have to hand in?", True),
        ("what papers do the newcomers have to hand in", True),
        ("What papers do newcomers refuse to hand in?", False),
        ("What papers did newcomers have to hand in before?", False),
    ],
)
def test_only_the_very_words_go_before_the_plans(woven, question, same):
    draft = woven.expected.same(understand(question, woven.lexicon))
    assert (draft is not None) is same


def test_a_word_that_turns_the_question_has_to_be_told(woven):
    answer = woven.ask("Which former papers did newcomers have to hand in?")
    assert "Sign the charter" not in answer.text


def test_of_the_questions_of_a_field_the_one_most_like_the_others_is_suggested(woven):
    asked = {
        "budget in euros": (1.0, 0.0),
        "Has anybody counted the coins?": (0.0, 1.0),
        "What is the budget?": (0.9, 0.2),
        "How large is the budget?": (0.8, 0.1),
        "keywords only": (0.0, 1.0),
    }
    fields = ["budget"] * 4 + ["partners"]
    library = SimpleNamespace(
        embedder=woven.library.embedder,
        question_vectors=lambda texts: np.array([asked[text] for text in texts], np.float32),
    )
    questions = [
        ExpectedQuestion(text, "project:one", field)
        for text, field in zip(asked, fields, strict=True)
    ]
    typical = ExpectedAnswers(library, questions, woven.speaker, woven.lexicon).typical
    assert [question.text for question in typical.values()] == [
        "What is the budget?",  # near the middle, and a whole question
        "keywords only",  # there is no other
    ]
