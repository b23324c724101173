"""The two indexes side by side: always brought up to the record before they answer."""

from collections.abc import Callable
from pathlib import Path
from threading import RLock

from retrieval.locking import WriterLock
from retrieval.mending import catch_up, compare, wanted_stamps
from retrieval.model import EVERYTHING, DamagedIndex, Filter, Ranked, Vector
from retrieval.store import Store
from retrieval.vectors import ChromaServer, ChromaVectors, ExactVectors
from retrieval.words import Words


class Indexes:
    """The index of words and the index of meanings of one library.

    The words are written by whoever holds the library's writer lock, the vectors by the process
    that owns them (see `retrieval.vectors`), which catches up with the record when it searches.
    """

    def __init__(
        self,
        folder: Path,
        store: Store,
        embedder: str,
        server: ChromaServer | None,
        writer: WriterLock,
    ) -> None:
        self._store = store
        self._embedder = embedder
        self._writer = writer
        self._words = Words(folder / "words", store.library_id)
        self._vectors = ChromaVectors(folder / "vectors", store.library_id, embedder, server)
        self._exact = ExactVectors(lambda: store.vector_matrix(embedder), store.seq)
        self._lock = RLock()  # one thread at a time brings an index up to date
        # The latest change at which each index was seen to agree with the record.
        self._words_at = self._vectors_at = -1

    def close(self) -> None:
        """Let go of files and locks."""
        with self._lock:
            self._vectors.close()

    def follow(self) -> None:
        """Tell both indexes what changed; the caller holds the writer lock."""
        with self._lock:
            self._update_words()
            # When another process owns the vectors, it catches up at its next search.
            if self._vectors.take():
                self._update_vectors()

    def _update_words(self) -> None:
        seq = self._store.seq()
        _repaired(lambda: catch_up(self._words, self._store, self._embedder), self._words.clear)
        self._words_at = seq

    def _update_vectors(self) -> None:
        seq = self._store.seq()
        if self._vectors_at != seq:
            _repaired(
                lambda: catch_up(self._vectors, self._store, self._embedder), self._vectors.clear
            )
            self._vectors_at = seq

    def refresh_words(self) -> None:
        """Have the words at the latest change, mending them when nobody else is about to."""
        with self._lock:
            seq = self._store.seq()
            if self._words_at == seq:
                return
            if self._words_agree(seq):
                self._words_at = seq
            elif self._writer.acquire(timeout=0):
                try:
                    self._update_words()
                finally:
                    self._writer.release()

    def _words_agree(self, seq: int) -> bool:
        if self._words.seq() != seq:
            return False
        try:
            self._words.refresh()  # another process may have written
            return self._words.count() == self._store.passage_count()
        except DamagedIndex:
            return False

    def search_words(
        self, question: str, k: int, where: Filter = EVERYTHING, language: str | None = None
    ) -> list[Ranked]:
        """The ``k`` best passages by their words; damaged files are made anew first."""
        self.refresh_words()
        try:
            return self._words.search(question, k, where, language)
        except DamagedIndex:
            with self._lock, self._writer:
                self._words.clear()
                self._update_words()
            return self._words.search(question, k, where, language)

    def search_dense(self, vector: Vector, k: int, where: Filter = EVERYTHING) -> list[Ranked]:
        """The ``k`` nearest passages; from the record where the index is not to be had."""
        with self._lock:
            if not self._vectors.take():
                return self._exact.search(vector, k, where)
            self._update_vectors()
        try:
            return self._vectors.search(vector, k, where)
        except DamagedIndex:
            with self._lock:
                self._vectors.clear()
                self._vectors_at = -1
            return self._exact.search(vector, k, where)

    def holds(self, where: Filter) -> int:
        """How many passages that pass the filter either index would still answer with."""
        with self._lock:
            count = self._words.holds(where)
            return max(count, self._vectors.holds(where)) if self._vectors.take() else count

    def health(self) -> tuple[int, bool]:
        """How many vectors there are, and whether both indexes agree with the record."""
        self.refresh_words()
        with self._lock:
            try:
                agree = self._words.stamps() == self._store.stamps()
            except DamagedIndex:
                agree = False
            if not self._vectors.take():
                return self._store.vector_count(self._embedder), agree
            self._update_vectors()
            wanted = wanted_stamps(self._vectors, self._store, self._embedder)
            return self._vectors.count(), agree and self._vectors.stamps() == wanted

    def mend(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """Compare both indexes with the record passage by passage and mend every difference.

        The caller holds the writer lock. Returns for the words and the vectors how many passages
        were put in and taken out.
        """
        with self._lock:
            words, vectors = self._words, self._vectors
            seq = self._store.seq()
            mended = _repaired(lambda: compare(words, self._store, self._embedder), words.clear)
            self._words_at = seq
            if not vectors.take():
                return mended, (0, 0)
            also = _repaired(lambda: compare(vectors, self._store, self._embedder), vectors.clear)
            self._vectors_at = seq
            return mended, also


def _repaired(update: Callable[[], tuple[int, int]], clear: Callable[[], None]) -> tuple[int, int]:
    """Update an index; when its files turn out to be damaged, once more from nothing."""
    try:
        return update()
    except DamagedIndex:
        clear()
        return update()
