"""Proposals for records: kept until a person has looked at them. Nothing else makes them records.

One SQLite file in the data folder, so that several processes may read and decide at once. A
proposal belongs to the content of a document (its hash): when that goes, so does what rests on it.
"""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from corpus.errors import LibraryError

_WAIT = 10.0  # seconds for another process that writes
_TABLE = """CREATE TABLE IF NOT EXISTS proposals (
    id INTEGER PRIMARY KEY, source TEXT NOT NULL, content TEXT NOT NULL, state TEXT NOT NULL,
    what TEXT NOT NULL, UNIQUE (source, content, what))"""


class State(StrEnum):
    """Where a proposal stands."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"  # kept, so that the same is not proposed again


@dataclass(frozen=True, slots=True)
class ProposedField:
    """One field: its value as the records' files write it, and the words that it was read from.

    ``values`` has one entry, or several for a field that holds a list. ``quote`` stands verbatim in
    the document; ``section`` and ``page`` say where.
    """

    name: str
    values: tuple[str, ...]
    quote: str
    section: str = ""
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A record as a document seems to state it. ``known``: of a thing that there is a record of."""

    kind: str
    record_id: str
    name: str
    known: bool
    fields: tuple[ProposedField, ...]
    source_id: str = ""
    content_hash: str = ""
    state: State = State.PENDING
    id: int = 0

    @property
    def version(self) -> str:
        """Letters that are others as soon as anything of it is: what a person looked at."""
        return sha256(f"{self.state}\0{_written(self)}".encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of having a source read: new proposals, and how many of its parts were read."""

    proposed: int
    read: int
    parts: int


class Proposals:
    """The store. Made when something is first put into it; every call is one transaction."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, proposals: Iterable[Proposal]) -> int:
        """Keep proposals that are not there yet, whatever became of those; returns how many."""
        rows = [(p.source_id, p.content_hash, State.PENDING, _written(p)) for p in proposals]
        with self._open() as store:
            before = store.total_changes
            store.executemany(
                "INSERT OR IGNORE INTO proposals (source, content, state, what) VALUES (?,?,?,?)",
                rows,
            )
            return store.total_changes - before

    def all(self, state: State | None = None, source_id: str = "") -> list[Proposal]:
        """The proposals, in the order in which they came."""
        if not self._path.exists():
            return []
        with self._open() as store:
            rows = store.execute(
                "SELECT id, source, content, state, what FROM proposals "
                "WHERE (? = '' OR state = ?) AND (? = '' OR source = ?) ORDER BY id",
                (state or "", state or "", source_id, source_id),
            ).fetchall()
        return [_read(*row) for row in rows]

    def get(self, proposal_id: int) -> Proposal:
        """One proposal; raises LibraryError when there is none of that id."""
        found = next((p for p in self.all() if p.id == proposal_id), None)
        if found is None:
            raise LibraryError(
                f"There is no proposal {proposal_id}", remedy="It may have gone with its document."
            )
        return found

    def decide(self, seen: Proposal, state: State, changed: Proposal | None = None) -> None:
        """Put a proposal, as it was read, into that state, with what was ``changed`` of it.

        Raises LibraryError where somebody else has changed it or decided on it meanwhile, where it
        is gone, and where there is another that says the same as the changed one.
        """
        with self._open() as store:
            try:
                done = store.execute(
                    "UPDATE proposals SET state = ?, what = ? "
                    "WHERE id = ? AND state = ? AND what = ?",
                    (state, _written(changed or seen), seen.id, seen.state, _written(seen)),
                ).rowcount
            except sqlite3.IntegrityError as error:
                raise LibraryError(
                    f"Another proposal says the same as {seen.id} would", remedy="Reject one."
                ) from error
        if not done:
            raise changed_meanwhile(seen.id)

    def forget(self, source_id: str) -> None:
        """Take out all that was read from a source."""
        if self._path.exists():
            with self._open() as store:
                store.execute("DELETE FROM proposals WHERE source = ?", (source_id,))

    def keep_only(self, held: Collection[tuple[str, str]]) -> None:
        """Take out all that was read from anything but these: (source id, content hash)."""
        if not self._path.exists():
            return
        with self._open() as store:
            there = set(store.execute("SELECT DISTINCT source, content FROM proposals"))
            store.executemany(
                "DELETE FROM proposals WHERE source = ? AND content = ?", there.difference(held)
            )

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            store = sqlite3.connect(self._path, timeout=_WAIT)
            # A quote of a document that was removed is to be gone from the file as well.
            store.execute("PRAGMA secure_delete = ON")
        except (OSError, sqlite3.Error) as error:
            raise LibraryError(f"The proposals cannot be opened ({error})") from error
        try:
            with store:
                store.execute(_TABLE)
                yield store
        except sqlite3.Error as error:
            raise LibraryError(f"The proposals cannot be read or written ({error})") from error
        finally:
            store.close()


def changed_meanwhile(proposal_id: int) -> LibraryError:
    """What is said to one of two who decide on the same."""
    return LibraryError(
        f"Proposal {proposal_id} was changed or decided on meanwhile", remedy="Look at it again."
    )


def _written(proposal: Proposal) -> str:
    held = asdict(replace(proposal, id=0, state=State.PENDING))
    for beside in ("id", "state", "source_id", "content_hash"):
        del held[beside]
    return json.dumps(held, ensure_ascii=False, sort_keys=True)


def _read(number: int, source: str, content: str, state: str, what: str) -> Proposal:
    held = json.loads(what)
    fields = tuple(
        ProposedField(**{**field, "values": tuple(field["values"])}) for field in held.pop("fields")
    )
    return Proposal(
        **held, fields=fields, source_id=source, content_hash=content, state=State(state), id=number
    )
