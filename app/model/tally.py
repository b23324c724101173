"""What the chat model has cost since the program started, for staff."""

from dataclasses import dataclass, field
from threading import Lock

from app.answering.answer import Answer, Usage


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over answers: ``worded`` by the model, ``fallen`` back to the answer without it."""

    worded: int = 0
    fallen: int = 0
    usage: Usage = field(default_factory=Usage)
    reasons: dict[str, int] = field(default_factory=dict)


class Tally:
    """Counts answers and what they cost; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._totals = Totals()

    def add(self, answer: Answer) -> None:
        """Count one answer for which a model was asked; any other counts nothing."""
        if answer.usage is None:
            return
        with self._lock:
            old, new = self._totals, answer.usage
            reasons = dict(old.reasons)
            if answer.fallback:
                reasons[answer.fallback] = reasons.get(answer.fallback, 0) + 1
            self._totals = Totals(
                old.worded + bool(answer.wording),
                old.fallen + bool(answer.fallback),
                added(old.usage, new),
                reasons,
            )

    @property
    def totals(self) -> Totals:
        """The sums so far."""
        with self._lock:
            return self._totals


def added(one: Usage, other: Usage) -> Usage:
    """The sum of two costs."""
    return Usage(
        one.tokens_in + other.tokens_in,
        one.tokens_out + other.tokens_out,
        one.calls + other.calls,
        one.seconds + other.seconds,
    )
