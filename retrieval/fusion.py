"""Rankings: several become one (reciprocal rank fusion), and ties always fall the same way."""

from collections.abc import Callable, Sequence

from retrieval.model import Ranked

# Dampens the lead of the first ranks. Cormack, Clarke and Büttcher (SIGIR 2009) took 60; here 10 to
# 20 found more of the facts and ranked SciFact better (docs/evaluation.md).
RANK_CONSTANT = 10
_MARGIN = 32  # hits fetched beyond those wanted


def fuse(
    rankings: Sequence[Sequence[str]],
    *,
    weights: Sequence[float] | None = None,
    constant: int = RANK_CONSTANT,
) -> list[tuple[str, float]]:
    """Fuse rankings of ids into one list of (id, score), best first, ties by id.

    An id scores ``weight / (constant + rank)`` in each ranking that holds it; ranks count from 1,
    and of an id that a ranking holds twice the better rank counts. A ranking of weight 0 is left
    out. Raises ValueError when there are not as many weights as rankings, or one is negative.
    """
    weights = [1.0] * len(rankings) if weights is None else weights
    if len(weights) != len(rankings) or any(weight < 0 for weight in weights):
        raise ValueError("fusion needs one weight of 0 or more for each ranking")
    scores: dict[str, float] = {}
    for ranking, weight in zip(rankings, weights, strict=True):
        if weight == 0:
            continue
        for rank, name in enumerate(dict.fromkeys(ranking), start=1):
            scores[name] = scores.get(name, 0.0) + weight / (constant + rank)
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))


def first_of(k: int, best: Callable[[int], list[Ranked]]) -> list[Ranked]:
    """The first ``k`` by score, ties by id, of an index that breaks ties its own way.

    ``best(n)`` gives (at least) the index's ``n`` best, or all when there are fewer. It is asked
    for more as long as hits that tie with the last one wanted may have been cut off.
    """
    limit = k + _MARGIN
    while True:
        found = sorted(best(limit), key=lambda hit: (-hit.score, hit.passage_id))
        if len(found) != limit or found[-1].score < found[k - 1].score:
            return found[:k]
        limit *= 4
