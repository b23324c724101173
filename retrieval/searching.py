"""The searches over one library: by words, by meaning, and by both together."""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from corpus.languages import detect
from retrieval.embedder import Embedder
from retrieval.indexes import Indexes
from retrieval.model import EVERYTHING, Filter, Hit, Ranked, Vector, Weights
from retrieval.naming import Names
from retrieval.ranking import Found, fused, hits_of, knows, without_repeats
from retrieval.reranker import Reranker, reranked
from retrieval.store import Store

DEPTH = 100  # how far down each leg's ranking the fusion looks
NAMED = 1.0  # weight of what is found within the sources that the question names
RERANKED = 24  # hits that a reranker reads, or all that are wanted
_AT_ONCE = 3  # passages read for each one wanted, as some may repeat others
_QUESTIONS_KEPT = 256  # embedded questions


class Search:
    """Asks both indexes of a library and makes one result of what they answer."""

    def __init__(
        self, store: Store, indexes: Indexes, embedder: Embedder, reranker: Reranker | None
    ) -> None:
        self._store = store
        self._reranker = reranker
        self._indexes = indexes
        self._embedder = embedder
        self._names_at: tuple[int, Names] | None = None
        self.embed: Callable[[str], Vector] = lru_cache(maxsize=_QUESTIONS_KEPT)(self._embed)

    def _embed(self, question: str) -> Vector:
        vector: Vector = self._embedder.embed([question])[0]
        return vector

    def best(
        self,
        question: str,
        k: int,
        where: Filter,
        weights: Weights,
        language: str | None = None,
    ) -> list[Hit]:
        """The ``k`` best passages by both legs; see `retrieval.library.Library.search`."""
        language = language or detect(question)
        found = [self._both(question, max(DEPTH, k), where, weights, language)]
        if not where.sources and (named := self._names().in_question(question)):
            among = replace(where, sources=named)
            there = self._both(question, max(DEPTH, k), among, weights, language)
            found.append(replace(there, weight=NAMED))
        wanted = max(k, RERANKED) if self._reranker else k
        ranking = fused(found, weights)[: _AT_ONCE * wanted]
        held = self._store.passages_by_id([name for name, _ in ranking])
        hits = without_repeats(hits_of(ranking, held, found[0].words, found[0].dense))
        if self._reranker and hits:
            hits = reranked(question, hits[:wanted], self._reranker)
        return hits[:k]

    def _both(
        self, question: str, depth: int, where: Filter, weights: Weights, language: str | None
    ) -> Found:
        """What both legs find; one without weight is not asked."""
        words = self.words(question, depth, where, language) if weights.words else []
        dense = self.dense(question, depth, where) if weights.dense else []
        return Found(words, dense, self._outside(dense, language))

    def _names(self) -> Names:
        """The names of all sources, read anew after a change."""
        seq = self._store.seq()
        if self._names_at is None or self._names_at[0] != seq:
            self._names_at = seq, Names(self._store.sources())
        return self._names_at[1]

    def words(
        self, question: str, k: int, where: Filter = EVERYTHING, language: str | None = None
    ) -> list[Ranked]:
        """The ``k`` best passages by their words (BM25). Loads no embedder."""
        return self._indexes.search_words(question, k, where, language)

    def dense(self, question: str, k: int, where: Filter = EVERYTHING) -> list[Ranked]:
        """The ``k`` nearest passages by meaning (cosine)."""
        if not question.strip() or not self._store.passage_count():
            return []
        return self._indexes.search_dense(self.embed(question), k, where)

    def _outside(self, dense: list[Ranked], language: str | None) -> set[str]:
        """Those of the passages that the embedder cannot compare with the question."""
        languages = self._embedder.languages
        names = [hit.passage_id for hit in dense]
        if not knows(languages, language):
            return set(names)
        if not languages:
            return set()
        spoken = self._store.languages_of(names)
        return {name for name in names if not knows(languages, spoken.get(name))}
