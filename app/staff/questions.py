"""The questions that went unanswered or were called unhelpful: what the library lacks.

Kept only where `Settings.question_log_days` is not 0, for that many days, at most `MOST_KEPT` of
them, in a file of their own in the data folder. With a question goes its day and what became of it,
and nothing about who asked: no address of a machine, and addresses and telephone numbers that
somebody typed are taken out.
"""

import csv
import io
import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from threading import Lock

from rapidfuzz import fuzz, process

from corpus.errors import LibraryError
from corpus.vocabulary import load_vocabulary
from corpus.words import words

FILE_NAME = "questions.sqlite3"
MOST_KEPT = 2000  # questions; the oldest go first
_LONGEST = 1000  # characters of a question
# How alike two questions are that are shown as one, by the stems of their words of content
# (rapidfuzz ratio, 0 to 100): a slip of the pen apart, and no other name or number.
_ALIKE = 90.0
_BUSY_SECONDS = 5.0
_SCHEMA = """
CREATE TABLE IF NOT EXISTS questions (
    id INTEGER PRIMARY KEY, day TEXT NOT NULL, outcome TEXT NOT NULL, question TEXT NOT NULL
)
"""
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_TELEPHONE = re.compile(r"(?:\+\d|\b00\d|\(0\d|\b0\d)(?:[\s()/.-]{0,2}\d){7,}")
# A spreadsheet takes a cell that begins with one of these for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Reaction(StrEnum):
    """Why a question is kept."""

    UNANSWERED = "unanswered"
    UNHELPFUL = "unhelpful"  # answered, and the visitor said that it did not help


@dataclass(frozen=True, slots=True)
class Noted:
    """One question that was kept."""

    question: str
    reaction: Reaction
    day: date


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that are so close that they ask for the same; ``wordings`` most frequent first."""

    wordings: tuple[str, ...]
    unanswered: int
    unhelpful: int
    latest: date

    @property
    def count(self) -> int:
        """How often it was asked."""
        return self.unanswered + self.unhelpful


def _today() -> date:
    return datetime.now(UTC).date()


class QuestionLog:
    """The log of one data folder. Safe for threads and for several processes.

    ``days`` is for how long a question is kept; 0: none is, and what an earlier setting kept goes.
    Raises LibraryError when the file cannot be used.
    """

    def __init__(self, folder: Path, days: int, today: Callable[[], date] = _today) -> None:
        self.path = folder / FILE_NAME
        self.days = days
        self._today = today
        self._lock = Lock()
        if not days:
            self._delete()

    @property
    def on(self) -> bool:
        """Whether questions are kept."""
        return self.days > 0

    def note(self, question: str, reaction: Reaction) -> None:
        """Keep a question; does nothing where the log is off."""
        text = " ".join(_without_addresses(question).split())[:_LONGEST]
        if not self.on or not text:
            return
        with self._opened() as db:
            db.execute(
                "INSERT INTO questions (day, outcome, question) VALUES (?, ?, ?)",
                (self._today().isoformat(), str(reaction), text),
            )
            db.execute(
                "DELETE FROM questions WHERE id NOT IN"
                " (SELECT id FROM questions ORDER BY id DESC LIMIT ?)",
                (MOST_KEPT,),
            )

    def held(self) -> list[Noted]:
        """All that is kept, the oldest first."""
        if not self.path.exists():
            return []
        with self._opened() as db:
            rows = db.execute("SELECT question, outcome, day FROM questions ORDER BY id").fetchall()
        return [Noted(text, Reaction(why), date.fromisoformat(day)) for text, why, day in rows]

    def groups(self) -> list[Group]:
        """All that is kept, close ones together: the most frequent first, then the latest."""
        return _grouped(tuple(self.held()))

    def as_csv(self) -> str:
        """All that is kept as a table: question, why it is kept, day, and its group's wording."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(("asked as", "times", "question", "why", "day"))
        held = self.held()
        by_question: dict[str, list[Noted]] = {}
        for noted in held:
            by_question.setdefault(noted.question, []).append(noted)
        for group in _grouped(tuple(held)):
            for wording in group.wordings:
                for noted in by_question[wording]:
                    first = _harmless(group.wordings[0])
                    why, day = str(noted.reaction), noted.day.isoformat()
                    writer.writerow((first, group.count, _harmless(wording), why, day))
        return out.getvalue()

    def empty(self) -> int:
        """Forget all of them; returns how many there were."""
        count = len(self.held())
        self._delete()
        return count

    def _delete(self) -> None:
        # The whole file: what was in it cannot be read from its free pages.
        with self._lock, _told(self.path):
            self.path.unlink(missing_ok=True)

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """The file, without what is too old, as one transaction."""
        oldest = self._today() - timedelta(days=self.days)
        with self._lock, _told(self.path):
            # Made before SQLite does, so that nobody else can read it.
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileExistsError):
                self.path.touch(mode=0o600, exist_ok=False)
            with closing(sqlite3.connect(self.path, timeout=_BUSY_SECONDS)) as db:
                db.execute("PRAGMA secure_delete = ON")
                with db:
                    db.execute(_SCHEMA)
                    db.execute("DELETE FROM questions WHERE day <= ?", (oldest.isoformat(),))
                    yield db


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise LibraryError(
            f"The questions in {path} cannot be read or written ({error})",
            remedy="If the file is damaged, delete it.",
        ) from error


def _without_addresses(text: str) -> str:
    return _TELEPHONE.sub("[telephone]", _EMAIL.sub("[e-mail]", text))


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


@lru_cache(maxsize=4)
def _grouped(held: tuple[Noted, ...]) -> list[Group]:
    """Each question joins the group that it is closest to, or begins one; frequent ones begin."""
    wordings = Counter(noted.question for noted in held)
    groups: dict[str, list[str]] = {}  # key -> wordings
    for wording, _ in wordings.most_common():
        key = _key(wording)
        close = process.extractOne(key, groups.keys(), scorer=fuzz.ratio, score_cutoff=_ALIKE)
        groups.setdefault(close[0] if close and _same_numbers(close[0], key) else key, []).append(
            wording
        )
    by_wording: dict[str, list[Noted]] = {}
    for noted in held:
        by_wording.setdefault(noted.question, []).append(noted)
    made = [_group([n for w in some for n in by_wording[w]], some) for some in groups.values()]
    return sorted(made, key=lambda group: (-group.count, -group.latest.toordinal(), group.wordings))


def _group(noted: Sequence[Noted], wordings: Sequence[str]) -> Group:
    reactions = Counter(each.reaction for each in noted)
    return Group(
        tuple(wordings),
        reactions[Reaction.UNANSWERED],
        reactions[Reaction.UNHELPFUL],
        max(each.day for each in noted),
    )


def _key(question: str) -> str:
    """What a question asks about: the stems of its words of content in the order of the alphabet.

    All its words where none has content.
    """
    found = words(question)
    empty = load_vocabulary().function_words
    content = [word.stem for word in found if word.folded not in empty]
    return " ".join(sorted(set(content or [word.stem for word in found])))


def _same_numbers(one: str, other: str) -> bool:
    return re.findall(r"\d+", one) == re.findall(r"\d+", other)
