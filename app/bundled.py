"""Keeps the library up to date with the knowledge that is shipped, and with how passages are made.

What went in is remembered as one hash of everything that it was made from: the files of the
knowledge, the code that turns them into passages, the embedder and what the user removed. While
that is the same, opening costs nothing.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from filelock import FileLock, Timeout

import corpus
import ingest
from app.progress import OnProgress
from corpus.cards import cards_of
from corpus.errors import LibraryBusy
from corpus.knowledge import Knowledge
from corpus.model import Document, Origin, Passage, Rendition
from corpus.rewordings import FOLDER as REWORDINGS
from corpus.rewordings import masked_texts
from corpus.vocabulary import load_vocabulary
from ingest.bundled import digest_document, records_document
from ingest.passages import split
from retrieval.embedder import Embedder
from retrieval.library import Library
from retrieval.model import StoredRecord

STAGE = "Preparing the knowledge"
PATIENCE = (
    300.0  # seconds to wait for another process that is preparing; the first build takes one minute
)
_BUNDLED, _ADDED = "made-from:bundled", "made-from:added"


@contextmanager
def one_at_a_time(folder: Path, on_progress: OnProgress) -> Iterator[None]:
    """Have one process at a time bring the library of a data folder up to date.

    Another one waits until that is done, and says so. Raises LibraryBusy after `PATIENCE` seconds.
    """
    lock = FileLock(folder / "prepare.lock", thread_local=False)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout:
        on_progress("Waiting for another ambp that prepares the library", 0, 0, "")
        try:
            lock.acquire(timeout=PATIENCE)
        except Timeout as error:
            raise LibraryBusy(
                "Another ambp is still preparing the library, which takes about a minute the "
                "first time",
                remedy="Try again in a few minutes.",
            ) from error
    except OSError:  # such a folder is told of when the library opens
        yield
        return
    try:
        yield
    finally:
        lock.release()


@dataclass(frozen=True, slots=True)
class Keeper:
    """Brings a library up to date; ``folder`` is that of the shipped knowledge."""

    library: Library
    embedder: Embedder
    folder: Path

    def passages_of(self, document: Document) -> list[Passage]:
        """A document as passages that the embedder can take whole."""
        return split(document, self.embedder.count_tokens, self.embedder.max_tokens)

    def update_bundled(self, knowledge: Knowledge, on_progress: OnProgress) -> None:
        """Put in what changed of the shipped knowledge, and take out what is gone from it.

        ``knowledge`` is what is shipped, less the sources that the user removed.
        """
        ids = [source.id for source in knowledge.sources]
        made_from = self._fingerprint([self.folder, REWORDINGS, *_code()], ids)
        if self.library.note(_BUNDLED) == made_from:
            return
        wanted = list(self._documents(knowledge))
        self._drop_all_but({document.id for document, _ in wanted})
        self._put(wanted, on_progress)
        self._put_records(knowledge)
        questions = [q.text for q in knowledge.questions]
        questions += masked_texts(load_vocabulary()) if knowledge.records else []
        step = _Step(on_progress, 0, len(questions), "questions that people may ask")
        self.library.keep_questions(questions, step)
        self.library.set_note(_BUNDLED, made_from)

    def _put_records(self, knowledge: Knowledge) -> None:
        """Have the library hold exactly these records."""
        self.library.replace_records(
            StoredRecord(record.kind, record.id, record.model_dump_json())
            for record in knowledge.records
        )

    def update_added(self, on_progress: OnProgress) -> None:
        """Make the passages of added documents anew where they would be others now.

        That is the case with another embedder, or another way of making passages.
        """
        made_from = self._fingerprint(_code())
        if self.library.note(_ADDED) == made_from:
            return
        added = [
            document
            for document in self.library.documents()
            # Cards of accepted records are made from those (`app.accepted`).
            if document.origin is Origin.ADDED and document.rendition is not Rendition.RECORDS
        ]
        self._put([(document, self.passages_of(document)) for document in added], on_progress)
        if self.library.unembedded():
            self.library.mend(lambda done, total: on_progress(STAGE, done, total, ""))
        self.library.set_note(_ADDED, made_from)

    def _documents(self, knowledge: Knowledge) -> Iterator[tuple[Document, Sequence[Passage]]]:
        vocabulary = load_vocabulary()
        for source in knowledge.sources:
            if source.id in knowledge.digests:
                digest = digest_document(source, knowledge.digests[source.id])
                yield digest, self.passages_of(digest)
            if cards := cards_of(knowledge, source.id, vocabulary):
                yield records_document(source, cards)

    def _drop_all_but(self, wanted: Collection[str]) -> None:
        for document in self.library.documents():
            if document.origin is Origin.BUNDLED and document.id not in wanted:
                self.library.remove_document(document.id)

    def _put(
        self, documents: Sequence[tuple[Document, Sequence[Passage]]], on_progress: OnProgress
    ) -> None:
        """Put documents in; progress counts passages."""
        total = sum(len(passages) for _, passages in documents)
        done = 0
        for document, passages in documents:
            step = _Step(on_progress, done, total, document.source.title)
            step(0, 0)
            self.library.put(document, passages, on_progress=step)
            done += len(passages)
        if documents:
            on_progress(STAGE, total, total, "")

    def _fingerprint(self, paths: Sequence[Path], ids: Sequence[str] = ()) -> str:
        """A hash of files (whole folders of them), the embedder and what else there is."""
        digest = sha256()
        for path in paths:
            files = sorted(path.rglob("*")) if path.is_dir() else [path]
            for file in (file for file in files if file.is_file()):
                digest.update(sha256(file.read_bytes()).digest())
        digest.update("\n".join([self.embedder.fingerprint, *ids]).encode())
        return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class _Step:
    """Tells of the progress within one of several documents."""

    on_progress: OnProgress
    before: int
    total: int
    name: str

    def __call__(self, done: int, _total: int) -> None:
        self.on_progress(STAGE, self.before + done, self.total, self.name)


def _code() -> list[Path]:
    """The files of the program that decide what the passages of a document are."""
    folders = [Path(str(package.__file__)).parent for package in (corpus, ingest)]
    code = [path for folder in folders for path in sorted(folder.glob("*.py"))]
    return [*code, *sorted((folders[0] / "vocabulary").glob("*.yaml"))]
