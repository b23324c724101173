"""One visitor's conversation: what was asked, what came back, and how much of it is on screen."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from app.answering.answer import Answer

# An answer is on screen in well under a second: steps of words, shown one after the other.
_MOST_STEPS = 10
_FEWEST_WORDS = 3


class CanAnswer(Protocol):
    """What the pages need of the assistant. ``ask`` may be called from several threads."""

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        """The answer to a question, given the earlier questions, the oldest first."""
        ...


class Phase(StrEnum):
    """How far a turn has come."""

    WAITING = "waiting"  # the answer is being worked out
    DRAFTING = "drafting"  # a chat model writes; ``shown`` is not verified yet
    STREAMING = "streaming"
    DONE = "done"
    STOPPED = "stopped"  # by the visitor; what was on screen stays
    FAILED = "failed"  # by an error, which ``problem`` tells in plain words


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and what has become of it; ``shown`` is the part of the text on screen.

    ``doing`` says what a chat model is doing now, in English.
    """

    question: str
    phase: Phase = Phase.WAITING
    answer: Answer | None = None
    shown: str = ""
    problem: str = ""
    doing: str = ""

    @property
    def running(self) -> bool:
        """Whether more is to come."""
        return self.phase in (Phase.WAITING, Phase.DRAFTING, Phase.STREAMING)


def earlier_questions(turns: Sequence[Turn]) -> tuple[str, ...]:
    """The questions that a follow-up may refer to, the oldest first."""
    return tuple(turn.question for turn in turns if turn.answer)


def growing(text: str) -> list[str]:
    """Ever longer beginnings of a Markdown text, the last one whole.

    They end between words, and never inside bold print or a table row, whose marks would flash up.
    """
    ends = [
        match.end()
        for match in re.finditer(r"\S+", text)
        if text.count("**", 0, match.end()) % 2 == 0 and not _in_table(text, match.end())
    ]
    step = max(_FEWEST_WORDS, -(-len(ends) // _MOST_STEPS))
    beginnings = [text[:end] for end in ends[step - 1 :: step]]
    if not beginnings or beginnings[-1] != text:
        beginnings.append(text)
    return beginnings


async def paced(steps: Sequence[str], seconds: float) -> AsyncIterator[str]:
    """The steps, one every so many seconds; what is late is left out, but neither first nor last.

    So a busy machine draws fewer of them: who watches an answer grow holds nobody else up.
    """
    begun, last = time.monotonic(), len(steps) - 1
    for place, step in enumerate(steps):
        due = begun + place * seconds
        if place == last or time.monotonic() < due + seconds:
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            yield step


def _in_table(text: str, end: int) -> bool:
    line = text[text.rfind("\n", 0, end) + 1 : end]
    return line.lstrip().startswith("|") and not text.startswith("\n", end)
