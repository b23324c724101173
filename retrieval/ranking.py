"""From the rankings of the legs to one result: who may say what, and nothing said twice.

Pure functions of rankings and passages; no index in sight.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from corpus.model import Passage, Rendition
from retrieval.fusion import fuse
from retrieval.model import Hit, Ranked, Weights

# Share of its weight that the dense leg keeps for a question or a passage in a language that the
# embedder does not know. So little decides between neighbours, and finds something where no word
# is shared; on German and Spanish paragraphs more of it only did harm (docs/evaluation.md).
OUTSIDE = 0.02
# Share of a passage's word triples that passages before it hold, from which it says nothing new.
_REPEATED = 0.8
_WORD = re.compile(r"\w+")

Triples = frozenset[tuple[str, ...]]


def knows(languages: Collection[str], language: str | None) -> bool:
    """Whether an embedder of these languages (none named: any) can be asked in ``language``."""
    return not languages or language is None or language in languages


@dataclass(frozen=True, slots=True)
class Found:
    """What both legs found, best first, among all passages or those of some sources.

    ``outside`` are the ids that the dense leg knows little of; ``weight`` is how much it counts.
    """

    words: Sequence[Ranked]
    dense: Sequence[Ranked]
    outside: Collection[str] = ()
    weight: float = 1.0


def fused(found: Sequence[Found], weights: Weights) -> list[tuple[str, float]]:
    """All that was found as one list of (id, score), best first, ties by id.

    What the dense leg knows little of is ranked apart, so that it takes no rank from the rest.
    """
    rankings, shares = [], []
    for part in found:
        names = [hit.passage_id for hit in part.dense]
        rankings += [
            [hit.passage_id for hit in part.words],
            [name for name in names if name not in part.outside],
            [name for name in names if name in part.outside],
        ]
        each = (weights.words, weights.dense, weights.dense * OUTSIDE)
        shares += [part.weight * share for share in each]
    return fuse(rankings, weights=shares)


def hits_of(
    ranking: Sequence[tuple[str, float]],
    passages: Mapping[str, Passage],
    words: Sequence[Ranked],
    dense: Sequence[Ranked],
) -> list[Hit]:
    """The hits of a fused ranking, in its order; passages that are not held are left out."""
    by_word = {hit.passage_id: (rank, hit.score) for rank, hit in enumerate(words, 1)}
    by_meaning = {hit.passage_id: (rank, hit.score) for rank, hit in enumerate(dense, 1)}
    nowhere = (None, None)
    return [
        Hit(passages[name], score, *by_word.get(name, nowhere), *by_meaning.get(name, nowhere))
        for name, score in ranking
        if name in passages
    ]


def without_repeats(hits: Iterable[Hit]) -> list[Hit]:
    """The hits without those that repeat what hits of the same source before them say.

    Of two passages that say the same, the one of the publication itself, and on a page, takes the
    better place. Cards of records, which all read alike, are never repeats.
    """
    kept: list[Hit] = []
    triples: dict[str, Triples] = {}  # of the kept, by passage
    said: dict[str, set[tuple[str, ...]]] = {}  # by source
    for hit in hits:
        passage = hit.passage
        own = _triples(passage.text)
        before = said.setdefault(passage.source_id, set())
        if passage.record or len(own & before) < _REPEATED * len(own) or not own:
            kept.append(hit)
            triples[passage.id] = own
            if not passage.record:
                before |= own
            continue
        for place, other in enumerate(kept):
            if _better(passage, other.passage) and _same(own, triples[other.passage.id]):
                kept[place] = _in_place_of(other, hit)
                triples[passage.id] = own
                break
    return kept


def _triples(text: str) -> Triples:
    """The runs of three words of a text, or all its words where there are fewer."""
    words = _WORD.findall(text.lower())
    return frozenset(zip(words, words[1:], words[2:], strict=False)) or frozenset({tuple(words)})


def _same(one: Triples, other: Triples) -> bool:
    return len(one & other) >= _REPEATED * max(len(one), len(other))


def _better(one: Passage, other: Passage) -> bool:
    """Whether a reader is better served by the first of two places of the same text."""
    return one.source_id == other.source_id and _worth(one) > _worth(other)


def _worth(passage: Passage) -> tuple[bool, bool]:
    # What a document is to its source stands in its id (see `Document.id`).
    rest = passage.document_id.removeprefix(f"{passage.source_id}/")
    return rest.startswith(f"{Rendition.ORIGINAL}/"), passage.page is not None


def _in_place_of(other: Hit, hit: Hit) -> Hit:
    """``hit`` with the score of the place that it takes."""
    return Hit(
        hit.passage, other.score, hit.word_rank, hit.word_score, hit.dense_rank, hit.similarity
    )
