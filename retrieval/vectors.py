"""The index of meanings: Chroma, by cosine, embedded in this process or on a server.

Embedded Chroma is safe for threads but not for processes: a second one would search an outdated
copy and could write it over the newer one. So the first process that needs it takes a lock and
keeps it; meanwhile others search the recorded vectors exactly (`ExactVectors`), and the owner
catches up with what they wrote to the record.
"""

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any

import numpy as np
from filelock import FileLock, Timeout

from corpus.errors import LibraryError
from retrieval.model import EVERYTHING, Entry, Filter, Ranked, Vector, Vectors, day_number

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

_HNSW: dict[str, Any] = {
    "space": "cosine",
    "ef_construction": 200,
    "ef_search": 400,
    "max_neighbors": 32,
}
_MARGIN = 32  # hits fetched beyond k, so that ties at the end are broken by id
_DIGITS = 5  # of a similarity; more differ with the order in which numbers were added


@dataclass(frozen=True, slots=True)
class ChromaServer:
    """Where a Chroma server (``chroma run``) listens."""

    host: str
    port: int = 8000
    ssl: bool = False
    headers: Mapping[str, str] | None = None


class ChromaVectors:
    """The vectors of all passages in a Chroma collection named after the embedder."""

    needs_vectors = True

    def __init__(
        self, folder: Path, library_id: str, embedder: str, server: ChromaServer | None = None
    ) -> None:
        self._folder = folder
        self._library_id = library_id
        # The library's id keeps libraries apart that share one server.
        self._name = f"{embedder}-{library_id[:8]}"
        self._server = server
        self._lock = RLock()
        self._client: ClientAPI | None = None
        self._collection: Collection | None = None
        self._owner = FileLock(folder.with_name("vectors.lock"), timeout=0, thread_local=False)

    def take(self) -> bool:
        """Whether this process may use the collection; takes the lock when it is free."""
        with self._lock:
            if self._server or self._owner.is_locked:
                return True
            try:
                self._owner.acquire()
            except Timeout:
                return False
            return True

    def close(self) -> None:
        """Let go of the collection and of the lock."""
        with self._lock:
            self._collection = None
            if self._client is not None:
                self._client.close()  # type: ignore[attr-defined]
                self._client = None
            self._owner.release()

    def _open(self) -> "Collection":
        with self._lock:
            if self._collection is None:
                self._client = self._client or self._connect()
                # None: vectors are always given. The default would download a model.
                self._collection = self._client.get_or_create_collection(
                    self._name,
                    embedding_function=None,
                    configuration={"hnsw": _HNSW},  # type: ignore[typeddict-item]
                )
            return self._collection

    def _connect(self) -> "ClientAPI":
        # Chroma takes most of a second to import, and searching by words does without.
        import chromadb
        from chromadb.config import Settings

        # Given one by one because it would otherwise take them from the environment and .env.
        quiet: dict[str, Any] = {
            "anonymized_telemetry": False,
            "chroma_otel_collection_endpoint": "",
            "_env_file": None,
        }
        if self._server is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            return chromadb.PersistentClient(str(self._folder), settings=Settings(**quiet))
        server = self._server
        try:
            return chromadb.HttpClient(
                server.host,
                server.port,
                ssl=server.ssl,
                headers=dict(server.headers) if server.headers else None,
                settings=Settings(**quiet),
            )
        except (ValueError, OSError) as error:
            raise LibraryError(
                f"The Chroma server at {server.host}:{server.port} does not answer ({error})",
                remedy="Start it with `chroma run`, or leave the setting for it empty.",
            ) from error

    def seq(self) -> int | None:
        """The change it is up to; None: empty, damaged or another library's."""
        state = self._open().metadata or {}
        return int(state["seq"]) if state.get("library") == self._library_id else None

    def settle(self, seq: int) -> None:
        """Note that all changes up to ``seq`` are in."""
        self._open().modify(metadata={"library": self._library_id, "seq": seq})

    def clear(self) -> None:
        """Start again from nothing, whatever state the files are in."""
        with self._lock:
            if self._server:
                self._open()
                assert self._client is not None
                self._client.delete_collection(self._name)
                self._collection = None
                return
            self._collection = None
            if self._client is not None:
                self._client.close()  # type: ignore[attr-defined]
                self._client = None
            if self._folder.exists():
                shutil.rmtree(self._folder)

    def count(self) -> int:
        """How many passages it holds."""
        return self._open().count()

    def stamps(self) -> dict[str, str]:
        """The stamp of every passage it holds, by id."""
        found = self._open().get(include=["metadatas"])
        pairs = zip(found["ids"], found["metadatas"] or [], strict=True)
        return {name: str(data["stamp"]) for name, data in pairs}

    def apply(self, entries: Sequence[Entry], drops: Sequence[str]) -> None:
        """Take the passages ``drops`` out, then put ``entries`` in (replacing same ids).

        Entries without a vector are left out.
        """
        collection = self._open()
        entries = [entry for entry in entries if entry.vector is not None]
        assert self._client is not None
        size = self._client.get_max_batch_size()
        for start in range(0, len(drops), size):
            collection.delete(ids=list(drops[start : start + size]))
        for start in range(0, len(entries), size):
            some = entries[start : start + size]
            collection.upsert(
                ids=[entry.id for entry in some],
                embeddings=np.stack([e.vector for e in some if e.vector is not None]),
                metadatas=[_metadata(entry) for entry in some],
            )

    def holds(self, where: Filter) -> int:
        """How many passages pass the filter."""
        return len(self._open().get(where=_conditions(where), include=[])["ids"])

    def search(self, question: Vector, k: int, where: Filter = EVERYTHING) -> list[Ranked]:
        """The ``k`` nearest passages by cosine, best first, ties by id."""
        if k < 1 or not self.count():
            return []
        found = self._open().query(
            query_embeddings=question[np.newaxis, :],
            n_results=k + _MARGIN,
            where=_conditions(where),
            include=["distances"],
        )
        distances = (found["distances"] or [[]])[0]
        pairs = zip(found["ids"][0], distances, strict=True)
        return _best([(name, 1.0 - distance) for name, distance in pairs], k)


class ExactVectors:
    """The recorded vectors compared one by one: exact, and needs no index."""

    def __init__(
        self, load: Callable[[], tuple[list[Entry], Vectors]], seq: Callable[[], int]
    ) -> None:
        self._load = load
        self._seq = seq
        self._lock = RLock()
        self._loaded: int | None = None
        self._entries: list[Entry] = []
        self._vectors: Vectors = np.zeros((0, 0), dtype=np.float32)

    def search(self, question: Vector, k: int, where: Filter = EVERYTHING) -> list[Ranked]:
        """The ``k`` nearest passages by cosine, best first, ties by id."""
        with self._lock:
            if self._loaded != (seq := self._seq()):
                self._entries, self._vectors = self._load()
                self._loaded = seq
            entries, vectors = self._entries, self._vectors
        if k < 1 or not entries:
            return []
        scores = vectors @ question
        pairs = zip(entries, scores, strict=True)
        return _best([(e.id, float(score)) for e, score in pairs if passes(e, where)], k)


def _best(pairs: list[tuple[str, float]], k: int) -> list[Ranked]:
    ranked = [Ranked(name, round(score, _DIGITS)) for name, score in pairs]
    return sorted(ranked, key=lambda hit: (-hit.score, hit.passage_id))[:k]


def passes(entry: Entry, where: Filter) -> bool:
    """Whether a passage may be returned under a filter."""
    allowed = (
        (entry.source_id, where.sources),
        (entry.document_id, where.documents),
        (entry.rendition, where.renditions),
        (entry.origin, where.origins),
    )
    if any(values and value not in values for value, values in allowed):
        return False
    if where.exclude_records and entry.is_record:
        return False
    low, high = where.as_of_from, where.as_of_to
    if low and (entry.last_day is None or entry.last_day < day_number(low)):
        return False
    return not (high and (entry.first_day is None or entry.first_day > day_number(high)))


def _metadata(entry: Entry) -> dict[str, str | int | bool]:
    data: dict[str, str | int | bool] = {
        "stamp": entry.stamp,
        "source": entry.source_id,
        "document": entry.document_id,
        "rendition": entry.rendition,
        "origin": entry.origin,
        "record": entry.is_record,
    }
    days = {"first_day": entry.first_day, "last_day": entry.last_day}
    return data | {name: day for name, day in days.items() if day is not None}


def _conditions(where: Filter) -> dict[str, Any] | None:
    """The filter in Chroma's words; None when everything passes."""
    allowed = {
        "source": where.sources,
        "document": where.documents,
        "rendition": where.renditions,
        "origin": where.origins,
    }
    found: list[dict[str, Any]] = [
        {name: {"$in": [str(value) for value in values]}}
        for name, values in allowed.items()
        if values
    ]
    if where.exclude_records:
        found.append({"record": False})
    if where.as_of_from:
        found.append({"last_day": {"$gte": day_number(where.as_of_from)}})
    if where.as_of_to:
        found.append({"first_day": {"$lte": day_number(where.as_of_to)}})
    return {"$and": found} if len(found) > 1 else next(iter(found), None)
