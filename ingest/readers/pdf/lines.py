"""Words to lines: runs of words on one baseline without a wide gap."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median

from ingest.readers.pdf.page import Word
from ingest.readers.repair import is_marker, note_marker

# A gap of more than this many font sizes parts two lines that stand side by side.
WIDE_GAP = 1.0
_SAME_BASE = 0.3  # of the font size
_NEAR_BASE = 0.6
_CLOSING = ".,;:!?)]”’"
_LETTER_SPACED = 0.8  # share of single letters from which a line counts as spaced out


@dataclass(eq=False)
class Line:
    """Words of one baseline, left to right."""

    words: list[Word]

    @cached_property
    def x0(self) -> float:
        """Left edge."""
        return self.words[0].x0

    @cached_property
    def x1(self) -> float:
        """Right edge."""
        return max(word.x1 for word in self.words)

    @cached_property
    def base(self) -> float:
        """Baseline."""
        return median(word.base for word in self.words)

    @cached_property
    def size(self) -> float:
        """The font size that most of its characters have."""
        weights: dict[float, int] = {}
        for word in self.words:
            if not word.raised:
                size = round(word.size, 1)
                weights[size] = weights.get(size, 0) + len(word.text)
        return max(weights, key=lambda size: weights[size]) if weights else self.words[0].size

    @property
    def top(self) -> float:
        """Upper edge."""
        return self.base - 0.78 * self.size

    @property
    def bottom(self) -> float:
        """Lower edge."""
        return self.base + 0.22 * self.size

    @cached_property
    def bold(self) -> bool:
        """Whether every word with a letter or digit is bold."""
        told = [word for word in self.words if any(c.isalnum() for c in word.text)]
        return bool(told) and all(word.bold or word.raised for word in told)

    @cached_property
    def marked(self) -> bool:
        """Whether it starts with a raised number, as footnotes do."""
        return self.words[0].raised and bool(self.words[1:])

    @cached_property
    def text(self) -> str:
        """Its words with single spaces, without the raised markers of footnotes."""
        parts: list[str] = []
        spaced_out = self._letter_gap()
        for i, word in enumerate(self.words):
            before = parts[-1] if parts else ""
            if i and word.raised and note_marker(before, word.text):
                continue
            gap = word.x0 - self.words[i - 1].x1 if i else 0.0
            glued = gap < spaced_out if spaced_out else word.glued
            glued = glued or (word.text[0] in _CLOSING and gap < 0.12 * word.size)
            if glued and parts and not (i == 1 and self.marked):
                parts[-1] += word.text
            else:
                parts.append(word.text)
        return " ".join(parts)

    def _letter_gap(self) -> float:
        """For a line with space between its letters: the gap between two words; else 0."""
        single = sum(len(word.text) == 1 and word.text.isalpha() for word in self.words)
        if len(self.words) < 5 or single < _LETTER_SPACED * len(self.words):
            return 0.0
        gaps = [b.x0 - a.x1 for a, b in zip(self.words, self.words[1:], strict=False)]
        return 1.8 * median(gaps)


def rows(words: Iterable[Word]) -> list[list[Word]]:
    """Words grouped by baseline, top to bottom, each group from left to right."""
    result: list[list[Word]] = []
    for word in sorted(words, key=lambda w: (w.base, w.x0)):
        near = next(
            (
                row
                for row in result[-3:]
                if abs(row[-1].base - word.base) <= _SAME_BASE * min(row[-1].size, word.size)
            ),
            None,
        )
        if near is None:
            result.append([word])
        else:
            near.append(word)
    return [sorted(row, key=lambda w: w.x0) for row in result]


def lines(words: Iterable[Word], dots: Sequence[tuple[float, float]] = ()) -> list[Line]:
    """All lines, top to bottom and left to right; list markers stay with what they mark.

    ``dots`` are the middles of drawn bullets: one left of a line becomes its marker.
    """
    result = _runs(words)
    for line in result:
        first = line.words[0]
        for x, y in dots:
            beside = first.x0 - 2.5 * first.size < x < first.x0 - 0.2 * first.size
            if beside and abs(first.base - 0.3 * first.size - y) < 0.3 * first.size:
                line.words.insert(0, Word("•", x - 1, x + 1, first.base, first.size))
                break
    return result


def _runs(words: Iterable[Word]) -> list[Line]:
    result: list[Line] = []
    for row in rows(words):
        run = [row[0]]
        for word in row[1:]:
            wide = word.x0 - run[-1].x1 > WIDE_GAP * max(word.size, run[-1].size)
            lone_marker = len(run) == 1 and is_marker(run[0].text)
            if wide and not (lone_marker and word.x0 - run[-1].x1 < 5 * word.size):
                result.append(Line(run))
                run = [word]
            else:
                run.append(word)
        result.append(Line(run))
    return result


def joined(row: Sequence[Line]) -> Line:
    """Lines that stand side by side, as one."""
    return row[0] if len(row) == 1 else Line([word for line in row for word in line.words])


def same_base(a: Line, b: Line) -> bool:
    """Whether two lines stand on one baseline."""
    return abs(a.base - b.base) <= _SAME_BASE * min(a.size, b.size)


def line_rows(found: Iterable[Line]) -> list[list[Line]]:
    """Lines grouped by baseline, top to bottom.

    Lines side by side may stand a little higher or lower: a label and what was filled in.
    """
    result: list[list[Line]] = []
    for line in sorted(found, key=lambda item: (item.base, item.x0)):
        if result and (same_base(result[-1][0], line) or _is_beside(result[-1], line)):
            result[-1].append(line)
        else:
            result.append([line])
    return [sorted(row, key=lambda item: item.x0) for row in result]


def _is_beside(row: Sequence[Line], line: Line) -> bool:
    near = line.base - row[0].base <= _NEAR_BASE * min(line.size, row[0].size)
    return near and all(line.x0 >= other.x1 or line.x1 <= other.x0 for other in row)
