"""The library: documents and passages kept, found, replaced and removed.

SQLite holds everything (`store`); the index of words (`words`) and the index of meanings
(`vectors`) follow it. A change is first committed to SQLite, then told to the indexes; whatever
happens in between, the next `Library.open` or search brings them up to date. A search only ever
returns passages that SQLite holds.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType

import numpy as np

from corpus.errors import LibraryError, UnknownSource
from corpus.model import Document, Origin, Passage, Source
from retrieval.embedder import Embedder
from retrieval.indexes import Indexes
from retrieval.locking import WriterLock
from retrieval.model import (
    EVERYTHING,
    USUAL,
    Change,
    Entry,
    Filter,
    Hit,
    Holding,
    Mended,
    Progress,
    Ranked,
    Removal,
    Status,
    StoredRecord,
    Vector,
    Vectors,
    Weights,
    entry_of,
    hash_of,
)
from retrieval.reranker import Reranker
from retrieval.searching import Search
from retrieval.store import Store
from retrieval.vectors import ChromaServer

_EMBED_AT_ONCE = 256  # texts embedded between two commits, so that little is lost by a crash


class Library:
    """Documents and passages in a folder, and the searches over them.

    Safe for threads. Several processes may read at once, one may write; a second writer gets
    LibraryBusy after some seconds (`retrieval.locking.PATIENCE`).
    """

    def __init__(
        self,
        folder: Path,
        embedder: Embedder,
        *,
        chroma: ChromaServer | None = None,
        reranker: Reranker | None = None,
    ) -> None:
        self.folder = folder
        self.embedder = embedder
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LibraryError(
                f"The data folder {folder} cannot be made ({error.strerror})",
                remedy="Choose another one with --data-dir.",
            ) from error
        self._store = Store(folder / "library.sqlite3")
        self._fingerprint = embedder.fingerprint
        self._writer = WriterLock(folder / "write.lock")
        self._indexes = Indexes(folder, self._store, self._fingerprint, chroma, self._writer)
        self._search = Search(self._store, self._indexes, embedder, reranker)

    @classmethod
    def open(
        cls,
        folder: Path,
        embedder: Embedder,
        *,
        chroma: ChromaServer | None = None,
        reranker: Reranker | None = None,
    ) -> "Library":
        """Open the library in a folder, making it when there is none.

        Mends the index of words when it is behind the record (the index of meanings is mended when
        it is first used). Embeds nothing. Raises LibraryError when the folder cannot be used.
        """
        library = cls(folder, embedder, chroma=chroma, reranker=reranker)
        library._indexes.refresh_words()
        return library

    def close(self) -> None:
        """Let go of all files and locks."""
        self._indexes.close()
        self._store.close()

    def __enter__(self) -> "Library":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # --- writing ------------------------------------------------------------------------------

    def put(
        self,
        document: Document,
        passages: Sequence[Passage],
        on_progress: Progress | None = None,
    ) -> Change:
        """Store a document and its passages in place of its old version.

        A document is the same when its id, its content and its passages are; then nothing is done.
        Only texts that were never embedded are embedded; ``on_progress(done, total)`` counts them.
        Raises LibraryBusy when another process is writing, ValueError when a passage is not one
        of the document's.
        """
        entries = _checked(document, passages)
        with self._writer:
            old = self._store.document(document.id)
            if old and self._same(old, document, passages):
                # What is said of the source may have changed all the same.
                self.put_source(document.source)
                return Change.UNCHANGED
            self._embed_missing(entries, on_progress)
            self._store.put_document(document, passages)
            self._indexes.follow()
        return Change.REPLACED if old else Change.ADDED

    def _same(self, old: Document, new: Document, passages: Sequence[Passage]) -> bool:
        as_before = replace(new, path=old.path, source=old.source)
        if as_before != old:
            return False
        entries = [entry_of(passage, as_before) for passage in passages]
        held = self._store.stamps("WHERE document_id = ?", new.id)
        return held == {entry.id: entry.stamp for entry in entries}

    def _embed_missing(self, entries: Sequence[Entry], on_progress: Progress | None) -> int:
        texts = {entry.text_hash: entry.indexed_text for entry in entries}
        return self._embed_texts(texts, on_progress)

    def _embed_texts(self, texts: Mapping[str, str], on_progress: Progress | None) -> int:
        """Embed those of the texts (by hash) that never were; returns how many that were."""
        missing = self._store.unembedded(self._fingerprint, texts)
        names = sorted(missing, key=lambda name: (len(texts[name]), name))
        for start in range(0, len(names), _EMBED_AT_ONCE):
            some = names[start : start + _EMBED_AT_ONCE]
            vectors = self.embedder.embed(
                [texts[name] for name in some], _shifted(on_progress, start, len(names))
            )
            self._store.add_vectors(self._fingerprint, dict(zip(some, vectors, strict=True)))
        return len(names)

    def remove_source(self, source_id: str) -> Removal:
        """Take a source out with all its documents, and check that nothing answers with it.

        A bundled source is remembered as removed (see `removed_sources`). Raises UnknownSource when
        it is not held, LibraryBusy when another process is writing, LibraryError when an index
        still answers with it.
        """
        with self._writer:
            documents = self._store.documents(source_id)
            if not documents:
                raise UnknownSource(
                    f"There is no source {source_id} in the library",
                    remedy="`ambp status` lists the sources.",
                )
            bundled = any(document.origin is Origin.BUNDLED for document in documents)
            count = self._store.remove_documents(
                [document.id for document in documents], source_id if bundled else ""
            )
            self._indexes.follow()
            self._check_gone(Filter(sources=(source_id,)), source_id)
        return Removal(len(documents), count)

    def remove_document(self, document_id: str) -> Removal:
        """Take one document out, and check that nothing answers with it.

        Raises LibraryBusy or LibraryError as `remove_source` does; a document that is not held
        is no error.
        """
        with self._writer:
            if self._store.document(document_id) is None:
                return Removal(0, 0)
            count = self._store.remove_documents([document_id])
            self._indexes.follow()
            self._check_gone(Filter(documents=(document_id,)), document_id)
        return Removal(1, count)

    def _check_gone(self, where: Filter, name: str) -> None:
        if left := self._indexes.holds(where):
            raise LibraryError(
                f"{left} passages of {name} are still in an index", remedy="Run `ambp doctor`."
            )

    def removed_sources(self) -> frozenset[str]:
        """Ids of the bundled sources that were removed, which should stay away."""
        return self._store.removed()

    def restore_source(self, source_id: str) -> None:
        """Let a removed bundled source come back."""
        with self._writer:
            self._store.forget_removed(source_id)

    def put_source(self, source: Source) -> None:
        """Store what is now known of a source that is held; any other is left alone."""
        if self._store.source(source.id) not in (None, source):
            with self._writer:
                self._store.put_source(source)
                self._indexes.follow()

    # --- what is held -------------------------------------------------------------------------

    def sources(self) -> list[Source]:
        """All sources, in the order in which they came."""
        return self._store.sources()

    def source(self, source_id: str) -> Source | None:
        """The source of that id."""
        return self._store.source(source_id)

    def documents(self, source_id: str | None = None) -> list[Document]:
        """All documents, or those of one source."""
        return self._store.documents(source_id)

    def holdings(self) -> list[Holding]:
        """All documents without their text; cheap, however large the library is."""
        return self._store.holdings()

    def document(self, document_id: str) -> Document | None:
        """The document of that id."""
        return self._store.document(document_id)

    def passages(self, document_id: str) -> list[Passage]:
        """The passages of a document, in its order."""
        return self._store.passages(document_id)

    def passage(self, passage_id: str) -> Passage | None:
        """The passage of that id."""
        return self._store.passages_by_id([passage_id]).get(passage_id)

    def records(self, kind: str | None = None) -> list[StoredRecord]:
        """All structured records, or those of one kind, in the order in which they were given."""
        return self._store.records(kind)

    def replace_records(self, records: Iterable[StoredRecord]) -> None:
        """Store these records in place of all that there are."""
        rows = list(records)
        if rows != self._store.records():
            with self._writer:
                self._store.replace_records(rows)

    def keep_questions(self, questions: Sequence[str], on_progress: Progress | None = None) -> None:
        """Keep the embeddings of questions that are to be compared with what is asked.

        They are no passages: no search finds them. Those that were kept before are given up.
        """
        texts = {hash_of(question): question for question in questions}
        with self._writer:
            self._embed_texts(texts, on_progress)
            self._store.replace_questions(list(texts))

    def question_vectors(self, questions: Sequence[str]) -> Vectors:
        """The kept embeddings of these questions, (n, d); zeros for one that is not kept."""
        held = self._store.question_vectors(self._fingerprint)
        none = np.zeros(self.embedder.dimensions, dtype=np.float32)
        rows = [held.get(hash_of(question), none) for question in questions]
        return np.stack(rows) if rows else np.zeros((0, self.embedder.dimensions), np.float32)

    def embed_question(self, question: str) -> Vector:
        """What is asked as a vector (d,), L2-normalised; the latest ones are remembered."""
        return self._search.embed(question)

    def note(self, key: str) -> str | None:
        """What was noted under a key."""
        return self._store.meta(f"note:{key}")

    def set_note(self, key: str, value: str) -> None:
        """Note something beside the documents (like a hash of what was loaded)."""
        with self._writer:
            self._store.set_meta(f"note:{key}", value)

    # --- searching ----------------------------------------------------------------------------

    def search(
        self,
        question: str,
        k: int = 10,
        where: Filter = EVERYTHING,
        weights: Weights = USUAL,
        language: str | None = None,
    ) -> list[Hit]:
        """The ``k`` best passages by words and by meaning together, best first, ties by id.

        With a weight of 0 a leg is not asked at all (without the dense leg nothing is embedded).
        ``language`` is the question's (ISO 639-1; None: it is detected): the dense leg counts
        hardly at all for a question or a passage in a language that the embedder does not know.
        What a question names (`retrieval.naming`) comes first; a passage that repeats better ones
        of its source is left out. A reranker, where there is one, has the last word.
        """
        return self._search.best(question, k, where, weights, language)

    def search_words(
        self,
        question: str,
        k: int = 10,
        where: Filter = EVERYTHING,
        language: str | None = None,
    ) -> list[Ranked]:
        """The ``k`` best passages by their words (BM25). Loads no model.

        Knowing the question's ``language`` (ISO 639-1), only stems of that language are compared.
        """
        return self._search.words(question, k, where, language)

    def search_dense(self, question: str, k: int = 10, where: Filter = EVERYTHING) -> list[Ranked]:
        """The ``k`` nearest passages by meaning (cosine)."""
        return self._search.dense(question, k, where)

    def version(self) -> tuple[int, frozenset[str]]:
        """What is another one after every change of what is held, by whatever process; cheap."""
        return self._store.seq(), self._store.removed()

    # --- health -------------------------------------------------------------------------------

    def status(self) -> Status:
        """What the library holds, and whether both indexes agree with the record."""
        sources, documents, passages = self._store.counts()
        vectors, agree = self._indexes.health()
        return Status(
            sources=sources,
            documents=documents,
            passages=passages,
            records=self._store.record_counts(),
            vectors=vectors,
            embedder=self._fingerprint,
            healthy=agree and vectors == passages,
        )

    def mend(self, on_progress: Progress | None = None) -> Mended:
        """Compare both indexes with the record passage by passage and mend every difference.

        Passages without a vector of this embedder are embedded (``on_progress(done, total)``).
        Raises LibraryBusy when another process is writing.
        """
        with self._writer:
            bare = self._store.passages_without_vector(self._fingerprint)
            embedded = 0
            if bare:
                entries = [e for some in self._store.entries(bare, self._fingerprint) for e in some]
                embedded = self._embed_missing(entries, on_progress)
                self._store.touch(bare)
            self._store.forget_unused_vectors()
            words, vectors = self._indexes.mend()
            return Mended(*words, *vectors, embedded=embedded)

    def unembedded(self) -> int:
        """How many passages have no vector of this embedder: only words find them."""
        return self._store.passage_count() - self._store.vector_count(self._fingerprint)


def _shifted(on_progress: Progress | None, before: int, total: int) -> Progress | None:
    if on_progress is None:
        return None
    return lambda done, _: on_progress(before + done, total)


def _checked(document: Document, passages: Sequence[Passage]) -> list[Entry]:
    for passage in passages:
        here = document.text[passage.start : passage.end]
        if passage.document_id != document.id or here != passage.text:
            raise ValueError(f"passage {passage.ordinal} is not a piece of {document.id}")
    return [entry_of(passage, document) for passage in passages]
