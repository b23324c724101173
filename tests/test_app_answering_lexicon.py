import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.answering.lexicon import Meaning, Role, Span
from corpus.words import words


@pytest.fixture(scope="module")
def lexicon(woven):
    return woven.lexicon


def meanings(lexicon, text, role):
    return {s.meaning.value for s in lexicon.spans(text, words(text)) if s.meaning.role is role}


@pytest.mark.parametrize(
    ("text", "role", "value"),
    [
        ("Where is Fjordmark?", Role.ENTITY, "region:fjordmark"),
        ("the seaweed vats", Role.ENTITY, "project:vats"),
        ("plant dyes", Role.ENTITY, "thematic_area:dyes"),
        ("beatriz moura", Role.ENTITY, "person:beatriz-moura"),
        (
            "the Launch of the Woven Coasts",
            Role.ENTITY,
            "event:launch",
        ),  # with particles or without
        ("Gdansk meeting", Role.ENTITY, "event:gdansk"),  # without accents
        ("which projects", Role.KIND, "project"),
        ("the budgets", Role.FIELD, "*.budget"),
        ("interested regions", Role.CHOICE, "region.role=interested"),
        ("Polish regions", Role.COUNTRY, "PL"),
        ("in Norway", Role.COUNTRY, "NO"),
        ("Nordic regions", Role.GROUP, "nordic"),
        ("in the annual review", Role.SOURCE, "coast-review"),
        ("the Woven Coasts", Role.PARTNERSHIP, ""),
        ("of WCP", Role.PARTNERSHIP, ""),
        ("how many regions", Role.CUE, "count"),
        ("when was it", Role.ANSWER, "when"),
        ("regions outside the EU", Role.NEGATION, ""),
    ],
)
def test_what_words_stand_for(lexicon, text, role, value):
    assert value in meanings(lexicon, text, role)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Beatris Moura", "person:beatriz-moura"),
        ("Joost van Dijck", "person:joost-van-dijk"),
        ("Fjord Textil Institute", "organisation:textile-institute"),
    ],
)
def test_names_that_are_spelled_nearly_right(lexicon, text, value):
    assert value in meanings(lexicon, text, Role.ENTITY)


@pytest.mark.parametrize("text", ["Beatrice Potter", "Blue Whale Platform", "Open Sea", "Bretagne"])
def test_other_names_are_not_taken_for_known_ones(lexicon, text):
    assert meanings(lexicon, text, Role.ENTITY) == set()


@pytest.mark.parametrize("text", ["", "   ", "?", "lorem ipsum dolor"])
def test_nothing_known_has_no_meaning(lexicon, text):
    assert [s for s in lexicon.spans(text, words(text)) if s.meaning.role is Role.ENTITY] == []


@pytest.mark.parametrize(
    ("word", "spelled"),
    [
        ("projetcs", "projects"), ("regoins", "regions"), ("budgte", "budget"),
        ("fjordmarc", "fjordmark"), ("whcih", "which"),
        ("projects", "projects"), ("weather", "weather"), ("2022", "2022"), ("xyzzy", "xyzzy"),
    ],
)  # fmt: skip
def test_slips_of_the_pen(lexicon, word, spelled):
    (found,) = words(word)
    assert lexicon.spelled(found) == spelled


def test_words_of_the_dictionary_are_mended_only_when_daring(lexicon):
    (word,) = words("leeds")
    assert lexicon.spelled(word) == "leeds"
    assert lexicon.spelled(word, daring=True) == "leads"


def test_records_with_numbers_are_found_by_them(lexicon):
    assert lexicon.numbered["project", 2] == "project:vats"
    assert lexicon.numbered["thematic_area", 4] == "thematic_area:labs"
    assert lexicon.numbered["goal", 12] == "goal:goal-12"
    assert ("project", 9) not in lexicon.numbered


def test_a_longer_span_covers_what_lies_inside():
    meaning = Meaning(Role.KIND, "project")
    long, short, same = Span(1, 4, meaning), Span(2, 3, meaning), Span(1, 4, meaning)
    assert long.covers(short)
    assert not short.covers(long)
    assert not long.covers(same)


@given(st.text(max_size=60))
def test_any_text_has_spans_within_it(woven, text):
    found = words(text)
    for span in woven.lexicon.spans(text, found):
        assert 0 <= span.start < span.end <= len(found)
