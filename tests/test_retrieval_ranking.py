"""What becomes of the rankings of the legs: languages, repeats, the better of two places."""

from dataclasses import replace

import pytest

from corpus.model import Passage
from retrieval.model import Hit, Ranked, Weights
from retrieval.ranking import OUTSIDE, Found, fused, hits_of, knows, without_repeats

LONG = "The pilot line in the north makes forty cells a day from recycled cobalt and nickel."
OTHER = "Another plant, further south, has been closed since the spring of that year."


def passage(
    text: str,
    source: str = "s",
    rendition: str = "original",
    page: int | None = None,
    start: int = 0,
) -> Passage:
    name = f"{source}/{rendition}/text/plain"
    return Passage(name, source, 0, start, start + len(text), text, page=page)


def found(*passages: Passage) -> list[Hit]:
    return [Hit(p, score=1 / n, word_rank=n) for n, p in enumerate(passages, start=1)]


@pytest.mark.parametrize(
    ("languages", "language", "expected"),
    [((), "fi", True), (("en",), None, True), (("en",), "en", True), (("en",), "fi", False)],
)
def test_what_an_embedder_knows(
    languages: tuple[str, ...], language: str | None, expected: bool
) -> None:
    assert knows(languages, language) is expected


def test_passages_outside_an_embedders_languages_take_no_rank_away() -> None:
    dense = [Ranked("de", 0.9), Ranked("en", 0.8)]
    ranking = fused([Found([], dense, outside={"de"})], Weights())
    assert ranking == [("en", 0.8 / 11), ("de", pytest.approx(0.8 * OUTSIDE / 11))]
    assert [name for name, _ in fused([Found([], dense)], Weights())] == ["de", "en"]


def test_what_is_found_among_some_adds_to_what_is_found_among_all() -> None:
    everywhere = Found([Ranked("a", 9.0), Ranked("b", 8.0)], [])
    there = Found([Ranked("b", 8.0), Ranked("c", 1.0)], [], weight=0.5)
    assert [name for name, _ in fused([everywhere, there], Weights())] == ["b", "a", "c"]


def test_hits_say_what_each_leg_said_of_them() -> None:
    held = passage(LONG)
    words, dense = [Ranked(held.id, 7.5)], [Ranked("gone", 0.9), Ranked(held.id, 0.5)]
    assert hits_of([("gone", 2.0), (held.id, 1.0)], {held.id: held}, words, dense) == [
        Hit(held, 1.0, 1, 7.5, 2, 0.5)
    ]


def test_what_was_said_before_is_left_out() -> None:
    one, two = passage(f"{LONG} {OTHER}"), passage(OTHER, start=500)
    assert [hit.passage for hit in without_repeats(found(one, two))] == [one]
    # The other way round there is something new in the second one.
    assert [hit.passage for hit in without_repeats(found(two, one))] == [two, one]


def test_two_sources_that_say_the_same_are_both_evidence() -> None:
    one, two = passage(LONG, "s"), passage(LONG, "t")
    assert [hit.passage for hit in without_repeats(found(one, two))] == [one, two]


def test_cards_of_records_are_no_repeats() -> None:
    cards = [replace(passage(LONG, start=n), record=f"region:r{n}") for n in range(3)]
    assert [hit.passage for hit in without_repeats(found(*cards))] == cards
    # ... and a passage that says what a card says is none either: it is the publication's word.
    text = passage(LONG, start=90)
    assert without_repeats(found(cards[0], text))[1].passage == text


@pytest.mark.parametrize(
    ("worse", "better"),
    [
        (passage(LONG, rendition="digest", page=2), passage(LONG)),
        (passage(LONG), passage(LONG, page=2, start=9)),
    ],
)
def test_of_two_places_of_one_text_the_better_one_is_shown(worse: Passage, better: Passage) -> None:
    for order in ((worse, better), (better, worse)):
        (hit,) = without_repeats(found(*order))
        assert hit.passage == better
        assert hit.score == 1.0


def test_a_short_text_repeats_only_itself() -> None:
    hits = found(passage("Lithium"), passage("Lithium", start=9), passage("Lithium ore", start=20))
    assert [hit.passage.text for hit in without_repeats(hits)] == ["Lithium", "Lithium ore"]
