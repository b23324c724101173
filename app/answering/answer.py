"""What an answer is: text with numbered markers, and for each number the evidence it rests on."""

from dataclasses import dataclass, field
from enum import StrEnum

from corpus.model import Passage, Source
from corpus.values import PartialDate


class Status(StrEnum):
    """Whether the documents held an answer."""

    ANSWERED = "answered"
    ABSTAINED = "abstained"


class NoteKind(StrEnum):
    """What a note beside an answer tells, in the order in which notes are read."""

    DIFFERENCE = "difference"  # what sources say differently
    METHOD = "method"  # how the answer was worked out
    DATES = "dates"  # what held at other dates
    REST = "rest"  # what is not stated, what was left out, in which language names are


@dataclass(frozen=True, slots=True)
class Citation:
    """The evidence behind marker ``[number]``.

    ``passage.text[start:end] == quote``: the exact words that carry the statement.
    """

    number: int
    source: Source
    passage: Passage
    start: int
    end: int

    @property
    def quote(self) -> str:
        """The quoted words, verbatim from the passage."""
        return self.passage.text[self.start : self.end]

    @property
    def as_of(self) -> PartialDate | None:
        """The date that the quoted statement holds for."""
        return self.passage.as_of or self.source.date


@dataclass(frozen=True, slots=True)
class Table:
    """Rows behind an answer; ``rows[i][j]`` is printed text under ``header[j]``."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def titles(self) -> tuple[str, ...]:
        """The header as it is printed above columns, each name with a capital letter."""
        return tuple(name[:1].upper() + name[1:] for name in self.header)


@dataclass(frozen=True, slots=True)
class Usage:
    """What the chat model cost for one answer.

    ``tokens_in`` and ``tokens_out`` are those that the model's server counted (0 where it counts
    none), ``calls`` the requests to it, ``seconds`` the time from the question to the answer.
    """

    tokens_in: int = 0
    tokens_out: int = 0
    calls: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """The reply to one question.

    ``text`` is Markdown with markers ``[1]``; ``citations[n - 1]`` belongs to marker ``[n]``.
    ``notes`` are sentences beside the answer, by kind: contradictions between sources, how a figure
    was computed, completeness; ``kinds[n]`` is that of ``notes[n]``. ``as_of`` is the latest date
    among the citations. ``language`` is that of the text (ISO 639-1). ``wording`` is the chat model
    that worded the text ("" where none did), ``usage`` what it cost, ``fallback`` why a model that
    was asked did not word it.
    """

    question: str
    text: str
    status: Status
    citations: tuple[Citation, ...] = ()
    notes: tuple[str, ...] = ()
    kinds: tuple[NoteKind, ...] = ()
    table: Table | None = None
    follow_ups: tuple[str, ...] = field(default=())
    language: str = "en"
    wording: str = ""
    usage: Usage | None = None
    fallback: str = ""

    def __post_init__(self) -> None:
        """Every note has its kind."""
        if len(self.kinds) != len(self.notes):
            raise ValueError(f"{len(self.notes)} notes, but {len(self.kinds)} kinds of note")

    @property
    def as_of(self) -> PartialDate | None:
        """The latest date that the evidence holds for."""
        dates = [c.as_of for c in self.citations if c.as_of]
        return max(dates, default=None)
