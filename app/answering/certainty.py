"""How likely it is that the best piece answers, from several signals at once.

A logistic function of four signals, none of which is enough alone. Its weights come from fitting
it to questions with and without an answer: half of ClapNQ, counted three times, and the project's
own sets together (docs/evaluation.md). ``--fit`` of `bench/abstention.py` fits to ClapNQ alone.
"""

import math
from dataclasses import dataclass

# Fitted on every other question of ClapNQ (counted three times) and on this field's own questions
# that are there to tune on.
_BIAS, _NEAREST, _COVERED, _MISSING, _NOWHERE = -4.63, 5.64, 2.95, -0.92, -0.98
ENOUGH = 0.40  # from here on an answer is given


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known of the best piece and of the search that found it."""

    nearest: float  # cosine of the question and the nearest passage
    covered: float  # share of the question's words, by weight, that the piece or its place holds
    missing: float  # weight of the weightiest word that nothing in the piece comes near to, 0 to 1
    nowhere: bool  # a name of the question stands nowhere near the piece

    @property
    def certainty(self) -> float:
        """The chance that the piece answers, 0 to 1."""
        total = (
            _BIAS + _NEAREST * self.nearest + _COVERED * self.covered
            + _MISSING * self.missing + _NOWHERE * self.nowhere
        )  # fmt: skip
        return 1 / (1 + math.exp(-total))
