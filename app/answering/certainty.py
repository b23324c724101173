"""How likely it is that the best piece answers, from several signals at once.

Logistic functions of signals none of which is enough alone: one for digests and records, whose
sentences say one thing each, one for added documents. Their weights come from fitting them to
questions with and without an answer (docs/evaluation.md). ``--fit`` of `bench/abstention.py` fits
the second to ClapNQ alone.
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
        return _chance(total)


# Fitted on the project's own questions over the publications alone and on every other of ClapNQ's.
# The cosine of the nearest passage is none of them: in documents of one field it tells nothing.
_OWN_BIAS, _OWN_COVERED, _OWN_MEANING, _AHEAD, _SEVERAL = -3.59, 3.38, 1.87, 4.38, -1.35
ENOUGH_ADDED = 0.45  # from here on a piece of an added document is given


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of the best piece of an added document.

    How far it is ahead of what says something else tells most after the words: of several
    sentences that fit a question as well, seldom any answers it.
    """

    covered: float  # share of the question's words, by weight, that the piece or its place holds
    meaning: float  # cosine of the question and the piece
    ahead: float  # score above that of the next piece that says something else
    several: bool  # several things are asked for, and it names not even two

    @property
    def certainty(self) -> float:
        """The chance that the piece answers, 0 to 1."""
        return _chance(
            _OWN_BIAS + _OWN_COVERED * self.covered
            + _OWN_MEANING * self.meaning + _AHEAD * min(self.ahead, _FAR) + _SEVERAL * self.several
        )  # fmt: skip


_FAR = 0.5  # of score: what is further ahead is as good


def _chance(total: float) -> float:
    return 1 / (1 + math.exp(-total))
