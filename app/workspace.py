"""What answers rest on, kept in order: the shipped knowledge and the documents that a user adds."""

import dataclasses
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from hashlib import file_digest
from pathlib import Path
from threading import RLock
from typing import Self

from app import accepted
from app.bundled import Keeper, one_at_a_time
from app.originals import Originals
from app.progress import OnProgress, ignore_progress
from app.proposals import Proposals
from app.rereading import Reindexed, read_all_again
from app.settings import Settings
from corpus import knowledge as shipped_knowledge
from corpus.errors import ReadError, UnknownSource
from corpus.knowledge import Knowledge
from corpus.model import Document, Origin, Rendition, Source
from ingest.matching import match_source, new_source
from ingest.read import FileDescription, find_files, load_file
from retrieval.embedder import Embedder, SentenceTransformerEmbedder
from retrieval.library import Library
from retrieval.model import EVERYTHING, Change, Filter, Removal, Status
from retrieval.reranker import CrossEncoderReranker
from retrieval.vectors import ChromaServer

PROPOSALS = "proposals.sqlite"  # the file in the data folder
_NOT_KEPT = "No copy could be kept in the data folder: its pages cannot be shown as pictures."


class Outcome(StrEnum):
    """What became of a file."""

    ADDED = "added"
    REPLACED = "replaced"  # its old version is gone
    UNCHANGED = "unchanged"  # the same content is there already, under this name or another
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file. ``reason`` and ``remedy`` are for a failure, in plain English."""

    name: str
    outcome: Outcome
    source_id: str = ""
    passages: int = 0
    warnings: tuple[str, ...] = ()
    reason: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class _Held:
    """What has to be known of an added document to tell whether a file is it."""

    document_id: str
    path: Path
    media_type: str
    content_hash: str
    source: Source

    @classmethod
    def of(cls, document: Document) -> Self:
        """What has to be known of this document."""
        return cls(
            document.id,
            Path(document.path),
            document.media_type,
            document.content_hash,
            document.source,
        )


class Workspace:
    """The library and the shipped knowledge, brought together. Made by `Workspace.open`."""

    def __init__(
        self, settings: Settings, shipped: Knowledge, library: Library, embedder: Embedder
    ) -> None:
        self.settings = settings
        self.library = library
        self.originals = Originals(settings.data_dir / "originals")
        self._shipped = shipped
        self.proposals = Proposals(settings.data_dir / PROPOSALS)
        self._keeper = Keeper(library, embedder, settings.knowledge_dir)
        self._lock = RLock()

    @classmethod
    def open(
        cls,
        settings: Settings,
        on_progress: OnProgress = ignore_progress,
        embedder: Embedder | None = None,
    ) -> Self:
        """Open the library of ``settings.data_dir`` and bring the shipped knowledge up to date.

        Nothing is embedded where nothing changed. Raises SettingsError, KnowledgeError,
        EmbedderError or LibraryError.
        """
        shipped = shipped_knowledge.load(settings.knowledge_dir)
        embedder = embedder or embedder_of(settings)
        with one_at_a_time(settings.data_dir, on_progress):
            workspace = cls(settings, shipped, open_library(settings, embedder), embedder)
            workspace._bring_up_to_date(on_progress)
        return workspace

    @property
    def knowledge(self) -> Knowledge:
        """The shipped knowledge without what the user removed, and the records that staff accepted.

        Without the bundled knowledge only those.
        """
        return accepted.joined(self._shipped_now, self.proposals, self.library)

    @property
    def _shipped_now(self) -> Knowledge:
        if not self.settings.bundled:
            return self._shipped.without(source.id for source in self._shipped.sources)
        return self._shipped.without(self.library.removed_sources())

    @property
    def uploads(self) -> Path:
        """The folder in which files that are sent to the program arrive, each in its own folder."""
        return (self.settings.data_dir / "uploads").absolute()

    @property
    def where(self) -> Filter:
        """What a search may return."""
        return EVERYTHING if self.settings.bundled else Filter(origins=(Origin.ADDED,))

    def sources(self) -> list[Source]:
        """The sources that are held."""
        return self.library.sources()

    def removed(self) -> list[Source]:
        """The bundled sources that the user removed, which can be brought back."""
        gone = self.library.removed_sources() if self.settings.bundled else frozenset()
        return [source for source in self._shipped.sources if source.id in gone]

    def status(self) -> Status:
        """What the library holds, and whether it is in order."""
        return self.library.status()

    def load_embedder(self) -> None:
        """Load the embedding model now (seconds), so that the first question need not wait."""
        self._keeper.embedder.embed(["A question."])

    def close(self) -> None:
        """Let go of the library."""
        self.library.close()

    def _bring_up_to_date(self, on_progress: OnProgress) -> None:
        if self.settings.bundled:
            self._keeper.update_bundled(self._shipped_now, on_progress)
        self._keeper.update_added(on_progress)
        self._forget_what_is_gone()

    def bring_accepted_up_to_date(self) -> None:
        """Have the library hold the cards of the records that staff accepted, and no others."""
        with self._lock:
            accepted.put_cards(self.knowledge, self.proposals, self.library)

    def added_contents(self, source_id: str) -> list[tuple[str, str]]:
        """The added documents of a source that is not shipped: (content hash, document id)."""
        if any(source.id == source_id for source in self._shipped.sources):
            return []
        return accepted.contents(self.library, source_id)

    def _forget_what_is_gone(self) -> None:
        """Take away what rested on files that are no longer held: proposals, cards and copies."""
        self.proposals.keep_only(accepted.held_contents(self.library))
        self.bring_accepted_up_to_date()
        held = self.library.holdings()
        self.originals.keep_only({h.content_hash for h in held if h.origin is Origin.ADDED})

    def original(self, source_id: str, media_type: str) -> Path | None:
        """The kept copy of the file of that type that a source was read from, if there is one."""
        for held in self.library.holdings():
            if (held.source_id, held.media_type) == (source_id, media_type):
                return self.originals.path(held.content_hash)
        return None

    # --- The documents of a user ---------------------------------------------------------------

    def ingest(
        self, paths: Iterable[Path | str], on_progress: OnProgress = ignore_progress
    ) -> list[FileReport]:
        """Add files and folders of them; the id of a removed bundled source brings that back.

        One report per file, in order; a file that cannot be read does not keep the others out.
        """
        with self._lock:
            reports: list[FileReport] = []
            files: dict[Path, None] = {}
            for path in paths:
                if self._names_shipped_source(path):
                    reports.append(self._restore(str(path), on_progress))
                    continue
                files.update(dict.fromkeys(p.absolute() for p in find_files([Path(path)])))
            held = self._held()
            for done, file in enumerate(files):
                on_progress("Reading files", done, len(files), file.name)
                reports.append(self._ingest_file(file, held, on_progress))
            if files:
                on_progress("Reading files", len(files), len(files), "")
                self._forget_what_is_gone()
            return reports

    def _names_shipped_source(self, path: Path | str) -> bool:
        known = {source.id for source in self._shipped.sources}
        return isinstance(path, str) and path in known and not Path(path).exists()

    def _restore(self, source_id: str, on_progress: OnProgress) -> FileReport:
        if source_id not in self.library.removed_sources():
            return FileReport(source_id, Outcome.UNCHANGED, source_id)
        self.library.restore_source(source_id)
        self._bring_up_to_date(on_progress)
        held = self.library.documents(source_id)
        count = sum(len(self.library.passages(document.id)) for document in held)
        return FileReport(source_id, Outcome.ADDED, source_id, count)

    def restore(self, source_id: str, on_progress: OnProgress = ignore_progress) -> FileReport:
        """Bring a bundled source back that was removed; raises UnknownSource for any other."""
        with self._lock:
            if all(source.id != source_id for source in self.removed()):
                raise UnknownSource(f"The source {source_id} is not one that was removed")
            return self._restore(source_id, on_progress)

    def replace(
        self,
        path: Path,
        source_id: str,
        instead_of: str = "",
        on_progress: OnProgress = ignore_progress,
    ) -> FileReport:
        """Read one file as what a source is, whatever the file says of itself.

        It takes the place of the source's document of the same format, and of the added document
        ``instead_of`` (its id), which goes only once the new one is in. Raises UnknownSource.
        """
        with self._lock:
            source = self.library.source(source_id)
            if source is None:
                raise UnknownSource(f"There is no source {source_id} in the library")
            on_progress("Reading files", 0, 1, path.name)
            held = self._held()
            report = self._ingest_file(path, held, on_progress, source)
            old = held.get(instead_of)
            if report.outcome not in (Outcome.FAILED, Outcome.UNCHANGED):
                if old and old.path != path:
                    self.library.remove_document(instead_of)
                    report = dataclasses.replace(report, outcome=Outcome.REPLACED)
                self._forget_what_is_gone()
            return report

    def reindex(self, on_progress: OnProgress = ignore_progress) -> Reindexed:
        """Read the added files again, and compare both indexes with the record.

        What differs is made anew. Raises LibraryError when the indexes cannot be mended.
        """

        def step(done: int, of: int) -> None:
            on_progress("Adding passages", done, of, "")

        def put(document: Document) -> Change:
            return self.library.put(document, self._keeper.passages_of(document), on_progress=step)

        with self._lock:
            self._bring_up_to_date(on_progress)
            most = self.settings.max_file_bytes
            done = read_all_again(self._added(), self.originals, put, on_progress, max_bytes=most)
            self._forget_what_is_gone()
            return dataclasses.replace(done, mended=self.library.mend(step))

    def _added(self) -> list[Document]:
        """The documents that were read from files of the user."""
        return [
            document
            for document in self.library.documents()
            if document.origin is Origin.ADDED and document.rendition is not Rendition.RECORDS
        ]

    def _held(self) -> dict[str, _Held]:
        """The added documents by id."""
        return {document.id: _Held.of(document) for document in self._added()}

    def _ingest_file(
        self,
        path: Path,
        held: dict[str, _Held],
        on_progress: OnProgress,
        source: Source | None = None,
    ) -> FileReport:
        """Read one file and put it in, as ``source`` if given; ``held`` is kept up to date."""
        content_hash = self._hash_of(path)
        for there in held.values():
            if there.content_hash == content_hash:
                self.originals.keep(path, content_hash)
                self._drop_others(path, there.document_id, held)
                return FileReport(path.name, Outcome.UNCHANGED, there.source.id)
        try:
            file = load_file(path, max_bytes=self.settings.max_file_bytes)
        except ReadError as error:
            reason = str(error).removeprefix(f"{path.name}: ")
            return FileReport(path.name, Outcome.FAILED, reason=reason, remedy=error.remedy)
        source = source or self._source_of(path, file.description, held.values())
        document = file.document(source)
        passages = self._keeper.passages_of(document)
        change = self.library.put(
            document,
            passages,
            on_progress=lambda done, of: on_progress("Adding passages", done, of, path.name),
        )
        held[document.id] = _Held.of(document)
        replaced = self._drop_others(path, document.id, held) or change is Change.REPLACED
        kept = self.originals.keep(path, document.content_hash)
        return FileReport(
            path.name,
            Outcome.REPLACED if replaced else Outcome(change),
            document.source.id,
            len(passages),
            document.warnings if kept else (*document.warnings, _NOT_KEPT),
        )

    def _hash_of(self, path: Path) -> str:
        """The SHA-256 (hex) of a file that could be read; "" for any other."""
        try:
            if path.stat().st_size > self.settings.max_file_bytes:
                return ""
            with path.open("rb") as file:
                return file_digest(file, "sha256").hexdigest()
        except OSError:  # reading it says why
            return ""

    def _drop_others(self, path: Path, document_id: str, held: dict[str, _Held]) -> bool:
        """Take out what else was read from this path: what the file was before it changed."""
        old = [d.document_id for d in held.values() if d.path == path]
        for name in old:
            if name != document_id:
                self.library.remove_document(name)
                del held[name]
        return old not in ([], [document_id])

    def _source_of(
        self, path: Path, description: FileDescription, held: Collection[_Held]
    ) -> Source:
        """The source that a file belongs to.

        That is its own from last time; else a shipped one that it is recognised as; else that of
        the same file in another format beside it, or of the file of its name that is gone from
        where it was; else a new one. A source has one document of each format: where another file
        that still exists has that place, this one is not that source, however alike they look.
        """
        alike = [there for there in held if there.media_type == description.media_type]
        for there in alike:
            if there.path == path:
                return there.source
        taken = {there.source.id for there in alike if self._still_there(there.path)}
        free = [source for source in self._shipped.sources if source.id not in taken]
        if known := match_source(description, path, free):
            return known
        for there in held:
            beside = there.path.with_suffix("") == path.with_suffix("")
            moved = there in alike and there.path.name == path.name
            if (beside or moved) and there.source.id not in taken:
                return there.source
        ids = {source.id for source in (*self.sources(), *self._shipped.sources)}
        return new_source(description, path, ids)

    def _still_there(self, path: Path) -> bool:
        """Whether a file still has its place; one that was uploaded has no other place to be."""
        return path.is_relative_to(self.uploads) or path.exists()

    def remove(self, source_id: str) -> Removal:
        """Take a source out with all that rests on it, and make sure that nothing is left.

        A bundled source stays away until it is ingested again by its id. Raises UnknownSource.
        """
        with self._lock:
            # First: were the program to end in between, no quote of it would stay.
            self.proposals.forget(source_id)
            removal = self.library.remove_source(source_id)
            if self.settings.bundled:
                # Cards of other sources may name what is gone: they are made anew.
                self._keeper.update_bundled(self._shipped_now, ignore_progress)
            self._forget_what_is_gone()
            return removal


def embedder_of(settings: Settings) -> Embedder:
    """The embedder that the settings name; raises EmbedderError when it is not there."""
    return SentenceTransformerEmbedder(
        settings.embedder, settings.embedder_languages, kept=settings.data_dir / "models"
    )


def open_library(settings: Settings, embedder: Embedder) -> Library:
    """The library that the settings name, as it is; raises LibraryError or EmbedderError."""
    server = None
    if settings.chroma_host:
        server = ChromaServer(settings.chroma_host, settings.chroma_port)
    reranker = CrossEncoderReranker(settings.reranker) if settings.reranker else None
    return Library.open(settings.data_dir, embedder, chroma=server, reranker=reranker)
