"""What answers rest on, kept in order: the shipped knowledge and the documents that a user adds."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from threading import RLock
from typing import Self

from app.bundled import Keeper
from app.progress import OnProgress, ignore_progress
from app.settings import Settings
from corpus import knowledge as shipped_knowledge
from corpus.errors import ReadError
from corpus.knowledge import Knowledge
from corpus.model import Origin, Source
from ingest.matching import match_source, new_source
from ingest.read import FileDescription, describe, find_files, read_file
from retrieval.embedder import Embedder, SentenceTransformerEmbedder
from retrieval.library import Library
from retrieval.model import EVERYTHING, Filter, Removal, Status
from retrieval.vectors import ChromaServer


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

    path: str
    media_type: str
    content_hash: str
    source: Source


class Workspace:
    """The library and the shipped knowledge, brought together. Made by `Workspace.open`."""

    def __init__(
        self, settings: Settings, shipped: Knowledge, library: Library, embedder: Embedder
    ) -> None:
        self.settings = settings
        self.library = library
        self._shipped = shipped
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
        embedder = embedder or SentenceTransformerEmbedder(settings.embedder)
        workspace = cls(settings, shipped, _open_library(settings, embedder), embedder)
        workspace._bring_up_to_date(on_progress)
        return workspace

    @property
    def knowledge(self) -> Knowledge:
        """The shipped knowledge without what the user removed; none without the bundled one."""
        if not self.settings.bundled:
            return self._shipped.without(source.id for source in self._shipped.sources)
        return self._shipped.without(self.library.removed_sources())

    @property
    def where(self) -> Filter:
        """What a search may return."""
        return EVERYTHING if self.settings.bundled else Filter(origins=(Origin.ADDED,))

    def sources(self) -> list[Source]:
        """The sources that are held."""
        return self.library.sources()

    def status(self) -> Status:
        """What the library holds, and whether it is in order."""
        return self.library.status()

    def close(self) -> None:
        """Let go of the library."""
        self.library.close()

    def _bring_up_to_date(self, on_progress: OnProgress) -> None:
        if self.settings.bundled:
            self._keeper.update_bundled(self.knowledge, on_progress)
        self._keeper.update_added(on_progress)

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
                try:
                    files.update(dict.fromkeys(p.absolute() for p in find_files([Path(path)])))
                except ReadError as error:
                    reports.append(_failure(str(path), error))
            held = self._held()
            for done, file in enumerate(files):
                on_progress("Reading files", done, len(files), file.name)
                reports.append(self._ingest_file(file, held))
            if files:
                on_progress("Reading files", len(files), len(files), "")
            return reports

    def _names_shipped_source(self, path: Path | str) -> bool:
        known = {source.id for source in self._shipped.sources}
        return isinstance(path, str) and path in known and not Path(path).exists()

    def _restore(self, source_id: str, on_progress: OnProgress) -> FileReport:
        """Bring a bundled source back that the user had removed."""
        if source_id not in self.library.removed_sources():
            return FileReport(source_id, Outcome.UNCHANGED, source_id)
        self.library.restore_source(source_id)
        self._bring_up_to_date(on_progress)
        held = self.library.documents(source_id)
        count = sum(len(self.library.passages(document.id)) for document in held)
        return FileReport(source_id, Outcome.ADDED, source_id, count)

    def _held(self) -> dict[str, _Held]:
        """The added documents by id."""
        return {
            d.id: _Held(d.path, d.media_type, d.content_hash, d.source)
            for d in self.library.documents()
            if d.origin is Origin.ADDED
        }

    def _ingest_file(self, path: Path, held: dict[str, _Held]) -> FileReport:
        """Read one file and put it in; ``held`` is kept up to date."""
        try:
            description = describe(path)
            for there in held.values():
                if there.content_hash == description.content_hash:
                    return FileReport(path.name, Outcome.UNCHANGED, there.source.id)
            source = self._source_of(path, description, held.values())
            document = read_file(path, source, max_bytes=self.settings.max_file_bytes)
            passages = self._keeper.passages_of(document)
        except ReadError as error:
            return _failure(path.name, error)
        change = self.library.put(document, passages)
        held[document.id] = _Held(document.path, document.media_type, document.content_hash, source)
        return FileReport(path.name, Outcome(change), source.id, len(passages), document.warnings)

    def _source_of(
        self, path: Path, description: FileDescription, held: Collection[_Held]
    ) -> Source:
        """The source that a file belongs to: its own from last time, a known one, or a new one.

        A source has one document of each format. So where another file that still exists has that
        place, this one is a source of its own, however much the two look alike.
        """
        alike = [there for there in held if there.media_type == description.media_type]
        for there in alike:
            if there.path == str(path):
                return there.source
        taken = {there.source.id for there in alike if Path(there.path).exists()}
        known = {source.id: source for source in (*self.sources(), *self._shipped.sources)}
        free = [source for source in known.values() if source.id not in taken]
        return match_source(description, path, free) or new_source(description, path, set(known))

    def remove(self, source_id: str) -> Removal:
        """Take a source out with all that rests on it, and make sure that nothing is left.

        A bundled source stays away until it is ingested again by its id. Raises UnknownSource.
        """
        with self._lock:
            removal = self.library.remove_source(source_id)
            if self.settings.bundled:
                self._keeper.put_records(self.knowledge)
            return removal


def _open_library(settings: Settings, embedder: Embedder) -> Library:
    server = None
    if settings.chroma_host:
        server = ChromaServer(settings.chroma_host, settings.chroma_port)
    return Library.open(settings.data_dir, embedder, chroma=server)


def _failure(name: str, error: ReadError) -> FileReport:
    return FileReport(name, Outcome.FAILED, reason=str(error), remedy=error.remedy)
