import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.fusion import fuse


def test_ranks_count_from_one() -> None:
    assert fuse([["a", "b"], ["b"]]) == [("b", 1 / 12 + 1 / 11), ("a", 1 / 11)]


def test_ties_are_broken_by_id() -> None:
    assert [name for name, _ in fuse([["b", "a"], ["a", "b"]])] == ["a", "b"]


def test_weights_scale_a_ranking_and_zero_leaves_it_out() -> None:
    assert [name for name, _ in fuse([["a"], ["b"]], weights=[1, 2])] == ["b", "a"]
    assert fuse([["a"], ["b"]], weights=[1, 0]) == [("a", 1 / 11)]


def test_nothing_fuses_to_nothing() -> None:
    assert fuse([]) == []
    assert fuse([[], []]) == []


def test_an_id_counts_once_in_a_ranking() -> None:
    assert fuse([["a", "a", "b"]]) == [("a", 1 / 11), ("b", 1 / 12)]


@pytest.mark.parametrize("weights", [[1.0], [1.0, -1.0]])
def test_weights_that_make_no_sense_are_refused(weights: list[float]) -> None:
    with pytest.raises(ValueError, match="weight"):
        fuse([["a"], ["b"]], weights=weights)


@given(st.lists(st.lists(st.sampled_from("abcdef"), unique=True), max_size=4))
def test_the_order_of_the_rankings_does_not_matter(rankings: list[list[str]]) -> None:
    there = dict(fuse(rankings))
    back = dict(fuse(rankings[::-1]))
    assert there == pytest.approx(back)
    assert set(there) == {name for ranking in rankings for name in ranking}
