"""The order in which the lines of a page are read: columns before rows, tables in one piece."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import mean, median, median_high

from ingest.readers.pdf.lines import Line, same_base
from ingest.readers.repair import split_marker

MIN_LINES = 3  # on each side of a gap for it to part two columns
GUTTER = 0.7  # least width of that gap, in font sizes
_MIN_OVERLAP = 0.5  # of the shorter side's height that must stand beside the other side
_FULL = 0.7  # a line this full of its column is running text
_PROSE_LENGTH = 18  # characters
_LOWER_STARTS = 0.2  # of the lines of running text begin in lower case
_MAX_DEPTH = 6


@dataclass(frozen=True, slots=True)
class _Band:
    """Two columns side by side: what is read before, left, right, and after them."""

    above: list[Line]
    left: list[Line]
    right: list[Line]
    below: list[Line]

    @property
    def weight(self) -> int:
        return min(len(self.left), len(self.right))


def regions(lines: Sequence[Line], depth: int = 0) -> list[list[Line]]:
    """``lines`` parted into columns, in reading order; lines of one region go top to bottom."""
    if not lines:
        return []
    band = _best_band(lines) if len(lines) >= 2 * MIN_LINES and depth < _MAX_DEPTH else None
    if band is None:
        return [sorted(lines, key=lambda line: (line.base, line.x0))]
    parts = (band.above, band.left, band.right, band.below)
    return [region for part in parts for region in regions(part, depth + 1)]


def _best_band(lines: Sequence[Line]) -> _Band | None:
    size = median(line.size for line in lines)
    starts = sorted({round(line.x0) for line in lines})
    best: _Band | None = None
    for place in starts[1:]:
        for band in _bands(lines, place - 1.5, GUTTER * size):
            if best is None or band.weight > best.weight:
                best = band
    return best


def _bands(lines: Sequence[Line], place: float, gutter: float) -> list[_Band]:
    """The runs of lines that leave the strip left of ``place`` free, and are columns."""
    ordered = sorted(lines, key=lambda line: line.top)
    runs: list[list[Line]] = [[]]
    for line in ordered:
        if line.x0 < place and line.x1 > place - gutter:
            runs.append([])
        else:
            runs[-1].append(line)
    found: list[_Band] = []
    for run in runs:
        left = [line for line in run if line.x1 <= place]
        right = [line for line in run if line.x0 >= place]
        if len(left) < MIN_LINES or len(right) < MIN_LINES:
            continue
        left, right, inside = _beside(left, right)
        if len(left) < MIN_LINES or len(right) < MIN_LINES or is_tabular(left, right):
            continue
        kept = {id(line) for line in inside}
        top = min(line.top for line in inside)
        rest = [line for line in lines if id(line) not in kept]
        above = [line for line in rest if line.top < top]
        below = [line for line in rest if line.top >= top]
        found.append(_Band(above, left, right, below))
    return found


def _beside(left: list[Line], right: list[Line]) -> tuple[list[Line], list[Line], list[Line]]:
    """Both sides less what stands, after a clear break, above or below the whole other side."""
    for _ in range(2):
        left, right = _trimmed(left, right), _trimmed(right, left)
        if not left or not right:
            return [], [], []
    height = min(_height(left), _height(right))
    shared = min(left[-1].bottom, right[-1].bottom) - max(left[0].top, right[0].top)
    if shared < _MIN_OVERLAP * height:
        return [], [], []
    return left, right, left + right


def _height(lines: Sequence[Line]) -> float:
    return max(line.bottom for line in lines) - min(line.top for line in lines)


def _trimmed(side: list[Line], other: list[Line]) -> list[Line]:
    side = sorted(side, key=lambda line: line.base)
    if not side or not other:
        return []
    top, bottom = min(x.top for x in other), max(x.bottom for x in other)
    steps = [b.base - a.base for a, b in pairwise(side) if b.base > a.base]
    clear = 1.6 * median(steps) if steps else 0.0
    first, last = 0, len(side)
    for i in range(1, len(side)):
        step = side[i].base - side[i - 1].base
        if step > clear and side[i - 1].bottom <= top + 1:
            first = i
        if step > clear and side[i].top >= bottom - 1 and last == len(side):
            last = i
    return side[first:last]


def is_tabular(left: Sequence[Line], right: Sequence[Line]) -> bool:
    """Whether two sides are cells of one table and not columns of running text."""
    fewer, more = sorted((left, right), key=len)
    matched = sum(any(same_base(a, b) for b in more) for a in fewer)
    if matched < 0.75 * len(fewer):
        return False
    if _is_text(left, right):
        return gaps_agree(left, right)
    items = [mean(bool(split_marker(line.text)[0]) for line in side) for side in (left, right)]
    return min(items) < 0.3


def gaps_agree(left: Sequence[Line], right: Sequence[Line]) -> bool:
    """Whether wider gaps come at the same heights on both sides: between the rows of a table."""
    starts: list[set[int]] = []
    for side in (left, right):
        ordered = sorted(line.base for line in side)
        steps = [b - a for a, b in pairwise(ordered)]
        clear = 1.2 * min((step for step in steps if step > 1), default=0.0)
        starts.append({round(b) for a, b in pairwise(ordered) if b - a > clear})
    common = {place for place in starts[0] if {place - 1, place, place + 1} & starts[1]}
    return len(common) >= 2 and len(common) >= 0.8 * max(map(len, starts))


def _is_text(left: Sequence[Line], right: Sequence[Line]) -> bool:
    """Whether both sides are running text: full lines, and one side going on in lower case."""
    lower = [_lower(side) for side in (left, right)]
    if min(lower) >= _LOWER_STARTS:
        return all(low >= 0.5 or _is_full(x) for low, x in zip(lower, (left, right), strict=True))
    return max(lower) >= _LOWER_STARTS and _is_full(left) and _is_full(right)


def is_running(side: Sequence[Line]) -> bool:
    """Whether a side reads like a column of running text on its own."""
    return _lower(side) >= _LOWER_STARTS and _is_full(side)


def _lower(side: Sequence[Line]) -> float:
    lines = [line for line in side if not line.bold] or side
    return mean(line.text[:1].islower() for line in lines)


def _is_full(side: Sequence[Line]) -> bool:
    """Whether most lines are nearly as long as the longest, and made of words."""
    lines = [line for line in side if not line.bold] or side
    width = max(line.x1 for line in lines) - min(line.x0 for line in lines)
    full = median_high(line.x1 - line.x0 for line in lines) >= _FULL * width
    digits = mean(sum(c.isdigit() for c in line.text) / len(line.text) for line in lines)
    return full and median_high(len(line.text) for line in lines) >= _PROSE_LENGTH and digits < 0.2
