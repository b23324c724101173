"""The SQLite file underneath the record: its tables, its transactions, its errors."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from uuid import uuid4

from corpus.errors import LibraryBusy, LibraryError

SCHEMA_VERSION = 2
BUSY_SECONDS = 5.0

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
# What each later version of the schema added.
_ADDED = {
    2: "CREATE TABLE questions (text_hash TEXT PRIMARY KEY, position INTEGER NOT NULL)",
}


class Database:
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
            version = self._db.execute("PRAGMA user_version").fetchone()[0]
            if not version:
                for statement in _SCHEMA.split(";"):
                    self._db.execute(statement)
                self.set_meta("library", uuid4().hex)
                self.set_meta("seq", "0")
            for number, statement in _ADDED.items():
                if version < number:
                    self._db.execute(statement)
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

    def all(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        """All rows that a statement gives."""
        with self._lock:
            try:
                return self._db.execute(sql, values).fetchall()
            except sqlite3.DatabaseError as error:
                raise _translated(error, self.path) from error

    def texts(self, sql: str, *values: object) -> list[str]:
        """The first column of all rows, as text."""
        return [str(row[0]) for row in self.all(sql, *values)]

    def number(self, sql: str, *values: object) -> int:
        """The number that a statement gives."""
        return int(str(self.all(sql, *values)[0][0]))

    # --- meta ---------------------------------------------------------------------------------

    def meta(self, key: str) -> str | None:
        """A noted value; None when there is none."""
        return next(iter(self.texts("SELECT value FROM meta WHERE key = ?", key)), None)

    def set_meta(self, key: str, value: str) -> None:
        """Note a value under a key."""
        self.all("INSERT OR REPLACE INTO meta VALUES (?, ?)", key, value)

    def seq(self) -> int:
        """The number of the latest change of the passages."""
        return int(self.meta("seq") or 0)

    def next_seq(self) -> int:
        """The number of a new change of the passages; call it within `changing`."""
        seq = self.seq() + 1
        self.set_meta("seq", str(seq))
        return seq

    def many(self, sql: str, values: Iterable[Sequence[object]]) -> None:
        """Run one statement for each row of values."""
        with self._lock:
            self._db.executemany(sql, values)


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
