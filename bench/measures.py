"""Measures of a ranking against what is judged relevant (id -> relevance, 0 or more)."""

import math
from collections.abc import Mapping, Sequence

DEPTH = 10


def ndcg(found: Sequence[str], relevant: Mapping[str, int]) -> float:
    """Normalised discounted cumulative gain of the first ten (Järvelin and Kekäläinen, 2002)."""
    gain = _gain([relevant.get(name, 0) for name in found[:DEPTH]])
    best = _gain(sorted(relevant.values(), reverse=True)[:DEPTH])
    return gain / best if best else 0.0


def _gain(values: Sequence[int]) -> float:
    return sum(value / math.log2(n + 2) for n, value in enumerate(values))


def recall(found: Sequence[str], relevant: Mapping[str, int], k: int = 5) -> float:
    """The share of what is relevant that is among the first ``k``."""
    wanted = {name for name, value in relevant.items() if value > 0}
    return len(wanted.intersection(found[:k])) / len(wanted) if wanted else 0.0


def reciprocal_rank(found: Sequence[str], relevant: Mapping[str, int], least: int = 1) -> float:
    """1 / the rank of the first of ten that is relevant (by ``least`` or more); 0 for none."""
    ranks = (n for n, name in enumerate(found[:DEPTH], 1) if relevant.get(name, 0) >= least)
    return 1 / next(ranks, math.inf)
