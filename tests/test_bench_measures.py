"""The measures, by hand."""

import math

import pytest

from bench.measures import ndcg, recall, reciprocal_rank


def test_a_perfect_ranking_has_all() -> None:
    assert ndcg(["a", "b", "x"], {"a": 2, "b": 1}) == pytest.approx(1)
    assert recall(["a", "b"], {"a": 2, "b": 1}) == 1
    assert reciprocal_rank(["a"], {"a": 1}) == 1


def test_what_stands_lower_counts_less() -> None:
    assert ndcg(["x", "a"], {"a": 1}) == pytest.approx(1 / math.log2(3))
    assert recall(["x"] * 5 + ["a"], {"a": 1, "b": 0}) == 0
    assert reciprocal_rank(["x", "b", "a"], {"a": 2, "b": 1}) == 1 / 2
    assert reciprocal_rank(["x", "b", "a"], {"a": 2, "b": 1}, least=2) == 1 / 3


def test_only_ten_count_and_nothing_relevant_is_nothing() -> None:
    late = ["x"] * 10 + ["a"]
    assert ndcg(late, {"a": 1}) == reciprocal_rank(late, {"a": 1}) == 0
    assert ndcg(["a"], {}) == recall(["a"], {}) == 0
