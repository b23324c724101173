"""The charts: bars of one measure, the course of a figure, and events along the years.

Each is a picture of what a table beside it says, so to a screen reader it is one image with a name
and a description.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from app.web.explore.svg import LINE, image, lines, shape_at, text
from corpus.values import PartialDate

_LABEL = 38  # characters in a line of a bar's label: what fits a phone
_LEFT, _RIGHT = 3.0, 97.0  # percent: where the first and the last date stand
_FEWEST_TICKS = 2
_STEP = 15  # pixels between events that would stand in each other's place
_LETTER = 3.0  # percent that a letter takes on a phone
_APART = 3.6  # percent that two shapes need beside each other on a phone


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: ``amount`` is its length, ``printed`` what stands for it in words."""

    label: str
    amount: float
    printed: str


def bars(name: str, title: str, description: str, given: Sequence[Bar]) -> str:
    """Bars from zero, each under its label, the amount at its end."""
    most = max((bar.amount for bar in given), default=0) or 1
    parts, down = [], 0.0
    for bar in given:
        label = lines(bar.label, _LABEL)
        for line in label:
            down += LINE
            parts.append(text(line, 0, down - 5))
        length = 76 * bar.amount / most
        parts.append(f'<rect class="track" x="0" y="{down}" width="76%" height="18" rx="4"/>')
        if bar.amount:
            parts.append(
                f'<rect class="bar" x="0" y="{down}" width="{length:.2f}%" height="18" rx="4"/>'
            )
        parts.append(text(bar.printed, 78, down + 14, style="strong"))
        down += 32
    return image(name, down, title, description, parts)


@dataclass(frozen=True, slots=True)
class Point:
    """One statement of a figure: when it held, how much, whose it is, whether others differ."""

    when: PartialDate
    low: float
    high: float
    printed: str
    source: int  # the number of its shape
    disputed: bool = False


def course(name: str, title: str, description: str, points: Sequence[Point]) -> str:
    """The points of a figure over time, in the order of their dates."""
    height, foot, top = 246.0, 210.0, 62.0
    scale = _Years([point.when for point in points])
    most = max(point.high for point in points) or 1
    spots = [
        (scale.at(point.when), foot - (foot - top) * max(point.high, 0) / most) for point in points
    ]
    parts = [*scale.axis(foot, top - 32), *_line(points, spots)]
    labels = _labels(points, spots)
    for point, (across, down), (side, anchor, base) in zip(points, spots, labels, strict=True):
        low = foot - (foot - top) * max(point.low, 0) / most
        parts += _spans(point, scale, down, low)
        ring = '<circle class="disputed" r="12"/>' if point.disputed else ""
        parts.append(shape_at(point.source, across, down, 0.6, ring))
        parts.append(text(point.printed, side, base, style="strong", anchor=anchor))
    return image(name, height, title, description, parts)


_Spot = tuple[float, float]  # percent across, pixels down


def _line(points: Sequence[Point], spots: Sequence[_Spot]) -> list[str]:
    """The line through the points, past those that a more exact one contradicts."""
    through: list[_Spot] = []
    for point, spot in zip(points, spots, strict=True):
        length = point.when.last - point.when.first
        rivals = [p for p in points if p.disputed and point.disputed and _meet(p.when, point.when)]
        exact = all(length <= rival.when.last - rival.when.first for rival in rivals)
        if exact and not (through and through[-1][0] == spot[0]):
            through.append(spot)
    return [
        f'<line class="course" x1="{a:.2f}%" y1="{b:g}" x2="{c:.2f}%" y2="{d:g}"/>'
        for (a, b), (c, d) in pairwise(through)
    ]


def _meet(one: PartialDate, other: PartialDate) -> bool:
    return one.first <= other.last and other.first <= one.last


def _labels(points: Sequence[Point], spots: Sequence[_Spot]) -> list[tuple[float, str, float]]:
    """Where the value of each point is written: across, its anchor, down; clear of the others."""
    found: list[tuple[float, str, float]] = []
    taken = [(across - 3, across + 3, down) for across, down in spots]
    for point, (across, down) in zip(points, spots, strict=True):
        half = len(point.printed) * _LETTER / 2
        start = min(max(across - half, 0), 100 - 2 * half)
        end = start + 2 * half
        base = next(
            (
                down + by
                for by in (-17, 27, -35, 45, -53)
                if down + by > 10
                and not any(
                    a < end and start < b and abs(down + by - 5 - d) < 17 for a, b, d in taken
                )
            ),
            down - 17,
        )
        taken.append((start, end, base - 5))
        if start == 0:
            found.append((0, "start", base))
        elif end > 99.9:
            found.append((100, "end", base))
        else:
            found.append((across, "middle", base))
    return found


def _spans(point: Point, scale: "_Years", high: float, low: float) -> list[str]:
    """The time that a statement covers, and the range of its values, as thin lines."""
    first, last = scale.of(point.when.first), scale.of(point.when.last)
    parts = []
    if last - first > 1:
        parts.append(
            f'<line class="span" x1="{first:.2f}%" y1="{high:g}" x2="{last:.2f}%" y2="{high:g}"/>'
        )
    if low > high:
        across = scale.at(point.when)
        parts.append(
            f'<line class="span" x1="{across:.2f}%" y1="{high:g}" x2="{across:.2f}%" y2="{low:g}"/>'
        )
    return parts


@dataclass(frozen=True, slots=True)
class Happening:
    """One event: when, in which lane, and the shape of its state."""

    when: PartialDate
    lane: str
    state: int


def lanes(name: str, title: str, description: str, given: Sequence[Happening]) -> str:
    """Events along the years, one lane for each kind of them, in the order of the lanes' first."""
    scale = _Years([happening.when for happening in given])
    parts: list[str] = []
    down = 8.0
    rules: list[float] = []
    for lane in dict.fromkeys(happening.lane for happening in given):
        down += LINE
        parts.append(text(lane, 0, down - 6, style="strong"))
        rows: list[float] = []  # the last place taken in each row of the lane
        for happening in sorted((h for h in given if h.lane == lane), key=lambda h: h.when):
            across = scale.at(happening.when)
            row = next((n for n, last in enumerate(rows) if across - last >= _APART), len(rows))
            rows[row : row + 1] = [across]
            parts.append(shape_at(happening.state, across, down + 10 + row * _STEP, 0.52))
        down += 10 + len(rows) * _STEP + 4
        rules.append(down)
        down += 6
    marks = [f'<line class="rule" x1="0" y1="{y:g}" x2="100%" y2="{y:g}"/>' for y in rules[:-1]]
    return image(name, down + 26, title, description, [*scale.axis(down, 8), *marks, *parts])


class _Years:
    """A scale of time from the first of some dates to the last."""

    def __init__(self, dates: Iterable[PartialDate]) -> None:
        held = list(dates)
        self._first = min(when.first for when in held)
        self._last = max(when.last for when in held)
        if self._first == self._last:
            self._last += timedelta(days=1)

    def of(self, day: date) -> float:
        """Where a day stands, in percent."""
        share = (day - self._first) / (self._last - self._first)
        return _LEFT + (_RIGHT - _LEFT) * share

    def at(self, when: PartialDate) -> float:
        """Where the middle of a date stands, in percent."""
        return (self.of(when.first) + self.of(when.last)) / 2

    def axis(self, foot: float, top: float) -> list[str]:
        """The years, or the months where it is about one year: lines from top to foot, named."""
        parts = [f'<line class="axis" x1="0" y1="{foot:g}" x2="100%" y2="{foot:g}"/>']
        free = 0.0  # from here on nothing is written yet
        for day, label in self._ticks():
            across, half = self.of(day), len(label) * _LETTER / 2
            start = min(max(across - half, 0), 100 - 2 * half)
            if start < free:
                continue
            free = start + 2 * half
            parts.append(
                f'<line class="rule" x1="{across:.2f}%" y1="{top:g}" x2="{across:.2f}%" '
                f'y2="{foot:g}"/>'
            )
            parts.append(text(label, start + half, foot + 18, style="quiet", anchor="middle"))
        return parts

    def _ticks(self) -> list[tuple[date, str]]:
        years = [date(y, 1, 1) for y in range(self._first.year, self._last.year + 1)]
        ticks = [(day, str(day.year)) for day in years if self._first <= day <= self._last]
        if len(ticks) >= _FEWEST_TICKS:
            return ticks
        months = [
            date(year, month, 1)
            for year in range(self._first.year, self._last.year + 1)
            for month in range(1, 13)
        ]
        return [
            (day, str(PartialDate.parse(day.isoformat()[:7])))
            for day in months
            if self._first <= day <= self._last
        ]
