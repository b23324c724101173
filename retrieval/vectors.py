"""The index of meanings: Chroma, by cosine, embedded in this process or on a server.

Embedded Chroma is safe for threads but not for processes: a second one would search an outdated
copy and could write it over the newer one. So the first process that needs it takes a lock and
keeps it; meanwhile others search the recorded vectors exactly (`ExactVectors`), and the owner
catches up with what they wrote to the record.
"""

import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any

import numpy as np
from filelock import FileLock, Timeout

from corpus.errors import LibraryError
from retrieval.fusion import first_of
from retrieval.model import (
    EVERYTHING,
    DamagedIndex,
    Entry,
    Filter,
    Ranked,
    Vector,
    Vectors,
    day_number,
)

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

# "Any" because the type of this dictionary cannot be named without importing Chroma.
_CONFIGURATION: Any = {
    "hnsw": {"space": "cosine", "ef_construction": 200, "ef_search": 400, "max_neighbors": 32}
}
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
        self._left_file = folder.with_name("vectors.json")

    def take(self) -> bool:
        """Whether this process may use the collection; takes the lock when it is free."""
        with self._lock:
            if self._server or self._owner.is_locked:
                return True
            try:
                self._owner.acquire()
            except Timeout:
                return False
            # Chroma does not notice when files of the graph are missing or changed: it answers
            # with less, or crashes the process.
            if self._folder.exists() and self._files() != self._files_left():
                self.clear()
            return True

    def close(self) -> None:
        """Let go of the collection and of the lock."""
        with self._lock:
            self._disconnect()
            if self._owner.is_locked:
                self._leave()
                self._owner.release()

    def _disconnect(self) -> None:
        self._collection = None
        if self._client is None:
            return
        if self._server:
            # Chroma's own `close` leaves the connections to the server open.
            client: Any = self._client
            client._server._session.close()
            client._admin_client._server._session.close()
        self._client.close()  # type: ignore[attr-defined]
        self._client = None

    def _files(self) -> dict[str, list[int]]:
        """Size and time of each file of the graph."""
        paths = sorted(self._folder.glob("*/*"))
        return {
            f"{path.parent.name}/{path.name}": [path.stat().st_size, path.stat().st_mtime_ns]
            for path in paths
        }

    def _files_left(self) -> object:
        try:
            return json.loads(self._left_file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None

    def _leave(self) -> None:
        """Note the files of the graph as they are now."""
        draft = self._left_file.with_suffix(".new")
        draft.write_text(json.dumps(self._files()), encoding="utf-8")
        draft.replace(self._left_file)

    def _open(self) -> "Collection":
        with self._lock:
            if self._collection is None:
                self._client = self._client or self._connect()
                self._collection = self._client.get_or_create_collection(
                    self._name,
                    # Vectors are always given; the default would download a model.
                    embedding_function=None,
                    configuration=_CONFIGURATION,
                )
                if self._server is None:
                    self._delete_others(self._client)
            return self._collection

    def _delete_others(self, client: "ClientAPI") -> None:
        """Collections of other embedders: the record has their vectors, should they come back."""
        for other in client.list_collections():
            if other.name != self._name:
                client.delete_collection(other.name)

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
        return chromadb.HttpClient(
            server.host,
            server.port,
            ssl=server.ssl,
            headers=dict(server.headers) if server.headers else None,
            settings=Settings(**quiet),
        )

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Turns whatever Chroma raises into DamagedIndex, or LibraryError for a silent server."""
        try:
            yield
        except Exception as error:
            kinds = {cls.__name__ for cls in type(error).__mro__}
            # A collection that another process has deleted is made again.
            if self._server and "NotFoundError" not in kinds:
                raise LibraryError(
                    f"The Chroma server at {self._server.host}:{self._server.port} does not do "
                    f"its work ({error})",
                    remedy="Start it with `chroma run`, or leave the setting for it empty.",
                ) from error
            raise DamagedIndex(str(error)) from error

    def seq(self) -> int | None:
        """The change it is up to; None: empty, damaged or another library's."""
        try:
            with self._reading():
                state = self._open().metadata or {}
        except DamagedIndex:
            return None
        return int(state["seq"]) if state.get("library") == self._library_id else None

    def settle(self, seq: int) -> None:
        """Note that all changes up to ``seq`` are in."""
        with self._reading():
            self._open().modify(metadata={"library": self._library_id, "seq": seq})
            if self._server is None:
                self._leave()

    def clear(self) -> None:
        """Start again from nothing, whatever state the files are in."""
        with self._lock:
            if self._server:
                self._collection = None
                with self._reading():
                    self._open()
                    assert self._client is not None
                    self._client.delete_collection(self._name)
            self._disconnect()
            if self._server is None and self._folder.exists():
                shutil.rmtree(self._folder)

    def count(self) -> int:
        """How many passages it holds."""
        with self._reading():
            return self._open().count()

    def stamps(self) -> dict[str, str]:
        """The stamp of every passage it holds, by id."""
        with self._reading():
            found = self._open().get(include=["metadatas"])
        pairs = zip(found["ids"], found["metadatas"] or [], strict=True)
        return {name: str(data["stamp"]) for name, data in pairs}

    def apply(self, entries: Sequence[Entry], drops: Sequence[str]) -> None:
        """Take the passages ``drops`` out, then put ``entries`` in (replacing same ids).

        Entries without a vector are left out.
        """
        entries = [entry for entry in entries if entry.vector is not None]
        with self._reading():
            collection = self._open()
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
        with self._reading():
            return len(self._open().get(where=_conditions(where), include=[])["ids"])

    def search(self, question: Vector, k: int, where: Filter = EVERYTHING) -> list[Ranked]:
        """The ``k`` nearest passages by cosine, best first, ties by id."""
        if k < 1 or not self.count():
            return []
        with self._reading():
            collection, conditions = self._open(), _conditions(where)

            def best(limit: int) -> list[Ranked]:
                found = collection.query(
                    query_embeddings=question[np.newaxis, :],
                    n_results=limit,
                    where=conditions,
                    include=["distances"],
                )
                distances = (found["distances"] or [[]])[0]
                return [_ranked(n, 1 - d) for n, d in zip(found["ids"][0], distances, strict=True)]

            return first_of(k, best)


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
        found = [_ranked(e.id, float(score)) for e, score in pairs if passes(e, where)]
        return first_of(k, lambda _: found)


def _ranked(name: str, similarity: float) -> Ranked:
    return Ranked(name, round(similarity, _DIGITS))


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
