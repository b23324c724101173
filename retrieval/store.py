"""The system of record: one SQLite file that everything else can be rebuilt from.

Every change of the passages gets the next number (``seq``). Passages carry the number of the change
that put them in, ``dropped`` remembers which passages left with which change: so an index that
knows the number it is up to can be brought up to date, and one that does not can be compared.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import RLock
from uuid import uuid4

import numpy as np

from corpus.errors import LibraryBusy, LibraryError
from corpus.model import Document, Origin, Passage, Rendition, Source
from retrieval import rows
from retrieval.model import Entry, StoredRecord, Vector, Vectors, entry_of

SCHEMA_VERSION = 1
BUSY_SECONDS = 5.0
_CHUNK = 500  # ids in one SQL statement

_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE sources (id TEXT PRIMARY KEY, data TEXT NOT NULL);
CREATE TABLE documents (
    id TEXT PRIMARY KEY,
    source_id TEXT NOT NULL REFERENCES sources (id),
    rendition TEXT NOT NULL,
    origin TEXT NOT NULL,
    media_type TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    path TEXT NOT NULL,
    page_count INTEGER,
    warnings TEXT NOT NULL,
    text TEXT NOT NULL,
    blocks TEXT NOT NULL
);
CREATE INDEX documents_source ON documents (source_id);
CREATE TABLE passages (
    id TEXT PRIMARY KEY,
    document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    stamp TEXT NOT NULL,
    text_hash TEXT NOT NULL,
    language TEXT NOT NULL,
    data TEXT NOT NULL
);
CREATE INDEX passages_document ON passages (document_id, ordinal);
CREATE INDEX passages_seq ON passages (seq);
CREATE INDEX passages_text ON passages (text_hash);
CREATE TABLE dropped (passage_id TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE vectors (
    embedder TEXT NOT NULL,
    text_hash TEXT NOT NULL,
    vector BLOB NOT NULL,
    PRIMARY KEY (embedder, text_hash)
) WITHOUT ROWID;
CREATE TABLE records (
    kind TEXT NOT NULL, id TEXT NOT NULL, position INTEGER NOT NULL, json TEXT NOT NULL,
    PRIMARY KEY (kind, id)
) WITHOUT ROWID;
CREATE TABLE removed (source_id TEXT PRIMARY KEY) WITHOUT ROWID;
"""


class Store:
    """The SQLite file. One connection, shared by the threads of this process behind a lock.

    Raises LibraryError when the file is damaged or of a newer version, LibraryBusy when another
    process keeps it locked.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = RLock()
        try:
            # Transactions are begun and ended here, not by the driver.
            self._db = sqlite3.connect(
                path, isolation_level=None, check_same_thread=False, timeout=BUSY_SECONDS
            )
            self._prepare()
        except sqlite3.DatabaseError as error:
            raise _translated(error, path) from error
        self.library_id = self.meta("library") or ""

    def _prepare(self) -> None:
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version > SCHEMA_VERSION:
            self._db.close()
            raise LibraryError(
                f"The library in {self.path.parent} was made by a newer version of this program",
                remedy="Update the program, or choose another data folder with --data-dir.",
            )
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.execute("PRAGMA foreign_keys = ON")
        # What is removed is overwritten, not only marked as free.
        self._db.execute("PRAGMA secure_delete = ON")
        if version == SCHEMA_VERSION:
            return
        with self.changing():
            # Another process may have made the tables while this one waited for the lock.
            if self._db.execute("PRAGMA user_version").fetchone()[0]:
                return
            for statement in _SCHEMA.split(";"):
                self._db.execute(statement)
            self.set_meta("library", uuid4().hex)
            self.set_meta("seq", "0")
            self._db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    @contextmanager
    def changing(self) -> Iterator[None]:
        """A transaction: all of it happens, or nothing. Readers see the old state until its end."""
        with self._lock:
            try:
                self._db.execute("BEGIN IMMEDIATE")
                try:
                    yield
                except BaseException:
                    self._db.execute("ROLLBACK")
                    raise
                self._db.execute("COMMIT")
            except sqlite3.DatabaseError as error:
                raise _translated(error, self.path) from error

    def _all(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        with self._lock:
            try:
                return self._db.execute(sql, values).fetchall()
            except sqlite3.DatabaseError as error:
                raise _translated(error, self.path) from error

    def _texts(self, sql: str, *values: object) -> list[str]:
        return [str(row[0]) for row in self._all(sql, *values)]

    def _number(self, sql: str, *values: object) -> int:
        return int(str(self._all(sql, *values)[0][0]))

    # --- meta ---------------------------------------------------------------------------------

    def meta(self, key: str) -> str | None:
        """A noted value; None when there is none."""
        return next(iter(self._texts("SELECT value FROM meta WHERE key = ?", key)), None)

    def set_meta(self, key: str, value: str) -> None:
        """Note a value under a key."""
        self._all("INSERT OR REPLACE INTO meta VALUES (?, ?)", key, value)

    def seq(self) -> int:
        """The number of the latest change of the passages."""
        return int(self.meta("seq") or 0)

    def _next_seq(self) -> int:
        seq = self.seq() + 1
        self.set_meta("seq", str(seq))
        return seq

    # --- sources and documents ----------------------------------------------------------------

    def sources(self) -> list[Source]:
        """All sources, in the order in which they came."""
        return [rows.source_from(t) for t in self._texts("SELECT data FROM sources ORDER BY rowid")]

    def source(self, source_id: str) -> Source | None:
        """The source of that id."""
        found = self._texts("SELECT data FROM sources WHERE id = ?", source_id)
        return rows.source_from(found[0]) if found else None

    def put_source(self, source: Source) -> None:
        """Store a source, or what is now known of it."""
        sql = (
            "INSERT INTO sources VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET data = excluded.data"
        )
        self._all(sql, source.id, rows.source_json(source))

    def document(self, document_id: str) -> Document | None:
        """The document of that id."""
        return next(iter(self._documents("WHERE d.id = ?", document_id)), None)

    def documents(self, source_id: str | None = None) -> list[Document]:
        """All documents, or those of one source."""
        if source_id is None:
            return self._documents("ORDER BY d.rowid")
        return self._documents("WHERE d.source_id = ? ORDER BY d.rowid", source_id)

    def _documents(self, rest: str, *values: object) -> list[Document]:
        sql = (
            "SELECT s.data, d.text, d.blocks, d.content_hash, d.media_type, d.rendition, d.origin,"
            " d.path, d.page_count, d.warnings FROM documents d JOIN sources s"
            f" ON s.id = d.source_id {rest}"
        )
        return [
            Document(
                source=rows.source_from(str(row[0])),
                text=str(row[1]),
                blocks=rows.blocks_from(str(row[2])),
                content_hash=str(row[3]),
                media_type=str(row[4]),
                rendition=Rendition(str(row[5])),
                origin=Origin(str(row[6])),
                path=str(row[7]),
                page_count=None if row[8] is None else int(str(row[8])),
                warnings=tuple(json.loads(str(row[9]))),
            )
            for row in self._all(sql, *values)
        ]

    def put_document(self, document: Document, passages: Sequence[Passage]) -> None:
        """Store a document and its passages in place of its old version, as one change."""
        entries = {p.id: (p, entry_of(p, document)) for p in passages}
        with self.changing():
            seq = self._next_seq()
            self.put_source(document.source)
            self._put_document_row(document)
            old = self.stamps("WHERE document_id = ?", document.id)
            self._drop([name for name in old if name not in entries], seq)
            for passage, entry in entries.values():
                changed = old.get(entry.id) != entry.stamp
                self._put_passage(passage, entry, seq if changed else None)

    def _put_document_row(self, document: Document) -> None:
        columns = (
            "id, source_id, rendition, origin, media_type, content_hash, path, page_count,"
            " warnings, text, blocks"
        )
        updates = ", ".join(f"{name} = excluded.{name}" for name in columns.split(", ")[1:])
        self._all(
            f"INSERT INTO documents ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            f" ON CONFLICT (id) DO UPDATE SET {updates}",
            document.id,
            document.source.id,
            str(document.rendition),
            str(document.origin),
            document.media_type,
            document.content_hash,
            document.path,
            document.page_count,
            json.dumps(document.warnings, ensure_ascii=False),
            document.text,
            rows.blocks_json(document.blocks),
        )

    def _put_passage(self, passage: Passage, entry: Entry, seq: int | None) -> None:
        sql = (
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
            " ordinal = excluded.ordinal, seq = CASE WHEN excluded.seq THEN excluded.seq ELSE seq"
            " END, stamp = excluded.stamp, text_hash = excluded.text_hash,"
            " language = excluded.language, data = excluded.data"
        )
        self._all(
            sql, passage.id, passage.document_id, passage.ordinal, seq or 0, entry.stamp,
            entry.text_hash, passage.language, rows.passage_json(passage),
        )  # fmt: skip
        self._all("DELETE FROM dropped WHERE passage_id = ?", passage.id)

    def _drop(self, passage_ids: Sequence[str], seq: int) -> None:
        for some in _chunks(passage_ids):
            marks = ", ".join("?" * len(some))
            self._all(f"DELETE FROM passages WHERE id IN ({marks})", *some)
            values = ", ".join(f"(?, {seq})" for _ in some)
            self._all(f"INSERT OR REPLACE INTO dropped VALUES {values}", *some)

    def remove_documents(self, document_ids: Sequence[str], removed_source: str = "") -> int:
        """Take documents out with all that hangs on them, as one change; returns the passages.

        Sources without documents go too, and so do embeddings of texts that no passage has any
        more. ``removed_source`` is remembered as removed on purpose.
        """
        with self.changing():
            seq = self._next_seq()
            count = 0
            for document_id in document_ids:
                gone = list(self.stamps("WHERE document_id = ?", document_id))
                self._drop(gone, seq)
                self._all("DELETE FROM documents WHERE id = ?", document_id)
                count += len(gone)
            self._all("DELETE FROM sources WHERE id NOT IN (SELECT source_id FROM documents)")
            if removed_source:
                self._all("INSERT OR REPLACE INTO removed VALUES (?)", removed_source)
            self.forget_unused_vectors()
        return count

    def removed(self) -> frozenset[str]:
        """Ids of sources that were removed on purpose (see `remove_documents`)."""
        return frozenset(self._texts("SELECT source_id FROM removed"))

    def forget_removed(self, source_id: str) -> None:
        """Let a source that was removed on purpose come back."""
        self._all("DELETE FROM removed WHERE source_id = ?", source_id)

    # --- passages -----------------------------------------------------------------------------

    def passages(self, document_id: str) -> list[Passage]:
        """The passages of a document, in its order."""
        sql = "SELECT data FROM passages WHERE document_id = ? ORDER BY ordinal, id"
        return [rows.passage_from(text) for text in self._texts(sql, document_id)]

    def passages_by_id(self, ids: Sequence[str]) -> dict[str, Passage]:
        """The passages of these ids; ids that are not held are left out."""
        found = {}
        for some in _chunks(ids):
            marks = ", ".join("?" * len(some))
            for text in self._texts(f"SELECT data FROM passages WHERE id IN ({marks})", *some):
                passage = rows.passage_from(text)
                found[passage.id] = passage
        return found

    def passage_count(self) -> int:
        """How many passages there are."""
        return self._number("SELECT count(*) FROM passages")

    def counts(self) -> tuple[int, int, int]:
        """How many sources, documents and passages there are."""
        sources = self._number("SELECT count(*) FROM sources")
        return sources, self._number("SELECT count(*) FROM documents"), self.passage_count()

    def languages(self) -> list[str]:
        """The languages that passages are in."""
        return self._texts("SELECT DISTINCT language FROM passages ORDER BY language")

    def stamps(self, where: str = "", *values: object) -> dict[str, str]:
        """The stamp of each passage, by id."""
        return {
            str(a): str(b) for a, b in self._all(f"SELECT id, stamp FROM passages {where}", *values)
        }

    # --- what the indexes need ----------------------------------------------------------------

    def changes_since(self, seq: int) -> tuple[list[str], list[str]]:
        """Ids of the passages that came (or changed) and that went after change ``seq``."""
        came = self._texts("SELECT id FROM passages WHERE seq > ? ORDER BY id", seq)
        sql = "SELECT passage_id FROM dropped WHERE seq > ? ORDER BY passage_id"
        return came, self._texts(sql, seq)

    def entries(self, ids: Sequence[str], embedder: str) -> Iterator[list[Entry]]:
        """What an index has to know of these passages, some hundreds at a time."""
        sql = (
            "SELECT p.data, s.data, d.rendition, d.origin, d.media_type, v.vector FROM passages p"
            " JOIN documents d ON d.id = p.document_id JOIN sources s ON s.id = d.source_id"
            " LEFT JOIN vectors v ON v.embedder = ? AND v.text_hash = p.text_hash"
            " WHERE p.id IN ({}) ORDER BY p.id"
        )
        for some in _chunks(ids):
            found = []
            for row in self._all(sql.format(", ".join("?" * len(some))), embedder, *some):
                bare = Document(
                    source=rows.source_from(str(row[1])), text="", blocks=(), content_hash="",
                    media_type=str(row[4]), rendition=Rendition(str(row[2])),
                    origin=Origin(str(row[3])),
                )  # fmt: skip
                entry = entry_of(rows.passage_from(str(row[0])), bare)
                found.append(replace(entry, vector=_vector(row[5])))
            yield found

    def unembedded(self, embedder: str, text_hashes: Iterable[str]) -> set[str]:
        """Those of the text hashes that have no vector of this embedder yet."""
        missing = set(text_hashes)
        for some in _chunks(sorted(missing)):
            marks = ", ".join("?" * len(some))
            sql = f"SELECT text_hash FROM vectors WHERE embedder = ? AND text_hash IN ({marks})"
            missing.difference_update(self._texts(sql, embedder, *some))
        return missing

    def passages_without_vector(self, embedder: str) -> list[str]:
        """Ids of the passages that have no vector of this embedder."""
        sql = (
            "SELECT id FROM passages p WHERE NOT EXISTS (SELECT 1 FROM vectors v WHERE"
            " v.embedder = ? AND v.text_hash = p.text_hash) ORDER BY id"
        )
        return self._texts(sql, embedder)

    def vector_count(self, embedder: str) -> int:
        """How many passages have a vector of this embedder."""
        sql = (
            "SELECT count(*) FROM passages p JOIN vectors v"
            " ON v.embedder = ? AND v.text_hash = p.text_hash"
        )
        return self._number(sql, embedder)

    def add_vectors(self, embedder: str, vectors: Mapping[str, Vector]) -> None:
        """Record embeddings by text hash, so that no text is ever embedded twice."""
        with self.changing():
            self._db.executemany(
                "INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)",
                [(embedder, name, v.astype("<f4").tobytes()) for name, v in vectors.items()],
            )

    def touch(self, passage_ids: Sequence[str]) -> None:
        """Count these passages as changed, so that the indexes look at them again."""
        with self.changing():
            seq = self._next_seq()
            for some in _chunks(passage_ids):
                marks = ", ".join("?" * len(some))
                self._all(f"UPDATE passages SET seq = {seq} WHERE id IN ({marks})", *some)

    def forget_unused_vectors(self) -> None:
        """Delete the embeddings of texts that no passage has."""
        self._all("DELETE FROM vectors WHERE text_hash NOT IN (SELECT text_hash FROM passages)")

    def vector_matrix(self, embedder: str) -> tuple[list[Entry], Vectors]:
        """All embedded passages and their vectors, (n, d), in the order of their ids."""
        ids = self._texts("SELECT id FROM passages ORDER BY id")
        entries = [e for some in self.entries(ids, embedder) for e in some if e.vector is not None]
        if not entries:
            return [], np.zeros((0, 0), dtype=np.float32)
        return entries, np.stack([e.vector for e in entries if e.vector is not None])

    # --- records ------------------------------------------------------------------------------

    def records(self, kind: str | None = None) -> list[StoredRecord]:
        """All structured records, or those of one kind, in the order in which they were given."""
        sql = "SELECT kind, id, json FROM records WHERE ?1 IS NULL OR kind = ?1 ORDER BY position"
        return [StoredRecord(str(k), str(i), str(j)) for k, i, j in self._all(sql, kind)]

    def replace_records(self, records: Iterable[StoredRecord]) -> None:
        """Store these records in place of all that there are."""
        with self.changing():
            self._all("DELETE FROM records")
            self._db.executemany(
                "INSERT INTO records (kind, id, position, json) VALUES (?, ?, ?, ?)",
                [(r.kind, r.id, n, r.json) for n, r in enumerate(records)],
            )

    def record_counts(self) -> dict[str, int]:
        """How many records of each kind there are."""
        sql = "SELECT kind, count(*) FROM records GROUP BY kind ORDER BY kind"
        return {str(kind): int(str(count)) for kind, count in self._all(sql)}


def _vector(blob: object) -> Vector | None:
    return np.frombuffer(blob, dtype="<f4") if isinstance(blob, bytes) else None


def _chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), _CHUNK):
        yield ids[start : start + _CHUNK]


def _translated(error: sqlite3.DatabaseError, path: Path) -> LibraryError:
    if "locked" in str(error) or "busy" in str(error):
        return LibraryBusy(
            "Another process is writing to the library", remedy="Try again when it is done."
        )
    return LibraryError(
        f"The library in {path.parent} cannot be used ({error})",
        remedy="If the file library.sqlite3 there is damaged, delete the folder and add the "
        "documents again.",
    )
