"""What a question that is being answered reports on its way; the answer always comes last."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from app.answering.answer import Answer


@dataclass(frozen=True, slots=True)
class Working:
    """What is being done now, in plain words ("searching the documents for ...")."""

    what: str


@dataclass(frozen=True, slots=True)
class Unverified:
    """The whole text that a chat model has written so far. Nothing of it is verified yet.

    A later one replaces it; the answer that comes last may say something else.
    """

    text: str


@dataclass(frozen=True, slots=True)
class Finished:
    """The verified answer: always the last event, whatever went wrong before it."""

    answer: Answer


Event = Working | Unverified | Finished


class Answers(Protocol):
    """What answers questions (see `app.answering.engine.Engine`)."""

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        """Answer one question; ``history`` are the earlier ones, the oldest first."""
        ...


@runtime_checkable
class Streams(Protocol):
    """What also reports on its way to an answer (see `app.model.worded.WordedAnswers`)."""

    @property
    def engine(self) -> Answers:
        """What answers without a chat model."""
        ...

    def stream(self, question: str, history: Sequence[str] = ()) -> Iterator[Event]:
        """The events of one question; `Finished` is the last."""
        ...
