"""Which of several equal words of a line a sentence takes: those that lie closest, in order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from app.model.language import Tongue
from app.model.line import Line

_BACK = 1_000  # what a step back costs; a word that is left out costs one


@dataclass(frozen=True, slots=True)
class _Step:
    place: int
    cost: int
    before: "_Step | None"


def aligned(options: Mapping[int, Sequence[int]], line: Line, own: Tongue) -> list[tuple[int, int]]:
    """(place in the sentence, in the line) with the fewest steps back and words left out.

    ``options``: for each place of the sentence those of the line that it may take. Each is gone
    through once (dynamic programming over places in ascending order): a long text costs no time.
    """
    content = list(accumulate((w.folded not in own.neutral for w in line.words), initial=0))
    steps: list[_Step] = []
    for places in options.values():
        steps = _next(steps, sorted(places), content)
    last = min(steps, key=lambda step: step.cost, default=None)
    found: list[int] = []
    while last is not None:
        found.append(last.place)
        last = last.before
    return list(zip(options, reversed(found), strict=True))


def _next(steps: list[_Step], places: list[int], content: Sequence[int]) -> list[_Step]:
    """The cheapest way to each of the next places."""
    if not steps:
        return [_Step(place, 0, None) for place in places]
    back = min(steps, key=lambda step: step.cost)
    ahead: _Step | None = None
    found, at = [], 0
    for place in places:
        while at < len(steps) and steps[at].place < place:
            step = steps[at]
            if ahead is None or _left(step, content) < _left(ahead, content):
                ahead = step
            at += 1
        cost = _left(ahead, content) + content[place] if ahead else back.cost + _BACK
        found.append(
            _Step(place, cost, ahead)
            if ahead and cost <= back.cost + _BACK
            else _Step(place, back.cost + _BACK, back)
        )
    return found


def _left(step: _Step, content: Sequence[int]) -> int:
    """The cost up to a place, less the words of content up to it: what is skipped is between."""
    return step.cost - content[step.place + 1]
