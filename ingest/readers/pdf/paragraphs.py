"""Lines to paragraphs: where one ends and the next begins."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ingest.readers.pdf.lines import Line
from ingest.readers.pdf.tables import Table
from ingest.readers.repair import split_marker

_END = re.compile(r"[.!?;:…][\"'”’»)\]]*$")
_FULL_END = re.compile(r"[.!?…][\"'”’»)\]]*$")
# After these a sentence goes on, whatever the next line begins with.
_OPEN_END = re.compile(
    r"(?:[,(/&–<>+]|\b(?:a|an|and|as|at|by|for|from|in|into|is|of|on|or|the|to|with|which|that|are|"
    r"was|were|be|its|their|de|der|des|die|du|et|für|la|le|les|und|von|y|zu))$",
    re.IGNORECASE,
)
# An address at the start of a line is not the middle of a sentence.
_LOWER = re.compile(r"(?!\S*@|\S*://|\S+\.\w)[a-zß-öø-ÿ]")
_PROSE = re.compile(r"[,.;]\s")
_PROSE_WORDS = 12
_NUMBER_MARKER = re.compile(r"\(?(\d{1,2}|[a-zA-Z]|[ivx]{2,5})[.)]")
_CLEAR_GAP = 1.2  # of the usual distance between lines: more parts paragraphs
NOTE_SIZE = 0.88  # of the body's size: smaller lines at the foot of a page are footnotes


@dataclass(slots=True)
class Paragraph:
    """Lines that belong together, in one column of one page (or, once joined, of several)."""

    lines: list[Line]
    page: int
    page_end: int = 0
    is_note: bool = False
    full: bool = False  # its last line reaches the column's right edge
    x0: float = field(init=False)

    def __post_init__(self) -> None:
        self.page_end = self.page_end or self.page
        self.x0 = self.lines[0].x0

    @property
    def size(self) -> float:
        """Font size of the longest line."""
        return max(self.lines, key=lambda line: len(line.text)).size

    @property
    def bold(self) -> bool:
        """Whether all of it is bold."""
        return all(line.bold for line in self.lines)

    @property
    def last(self) -> str:
        """The text of its last line."""
        return self.lines[-1].text


class Leading:
    """The usual distance between two lines, by font size."""

    def __init__(self, regions: Sequence[Sequence[Line | Table]]) -> None:
        steps: dict[float, Counter[float]] = {}
        for region in regions:
            for a, b in pairwise(region):
                if isinstance(a, Line) and isinstance(b, Line) and abs(a.size - b.size) < 0.3:
                    step = b.base - a.base
                    if 0.5 * a.size < step < 2.6 * a.size:
                        counter = steps.setdefault(round(a.size), Counter())
                        counter[round(step * 2) / 2] += 1
        self._steps = {size: counter.most_common(1)[0][0] for size, counter in steps.items()}

    def of(self, size: float) -> float:
        """Points from baseline to baseline."""
        return self._steps.get(round(size), 1.25 * size)


def paragraphs(
    region: Sequence[Line | Table], page: int, leading: Leading, *, slides: bool
) -> list[Paragraph | Table]:
    """One column, top to bottom, as paragraphs and tables.

    On ``slides`` lines are joined only where one runs on into the next.
    """
    result: list[Paragraph | Table] = []
    lines = [item for item in region if isinstance(item, Line)]
    if not lines:
        return [item for item in region if isinstance(item, Table)]
    region_right = max(line.x1 for line in lines)
    current: list[Line] = []
    run_right = 0.0
    for i, item in enumerate(region):
        if isinstance(item, Table):
            _close(result, current, page, region_right)
            current = []
            result.append(item)
            continue
        if not current or not _is_near(current[-1], item, leading):
            run_right = _run_right(region, i, leading, region_right)
        if current and not _goes_on(current, item, leading, run_right, result, slides):
            _close(result, current, page, region_right)
            current = []
        current.append(item)
    _close(result, current, page, region_right)
    return result


def _close(
    result: list[Paragraph | Table], lines: list[Line], page: int, region_right: float
) -> None:
    if lines:
        full = lines[-1].x1 > region_right - 6 * lines[-1].size
        result.append(Paragraph(lines, page, full=full))


def _is_near(a: Line, b: Line, leading: Leading) -> bool:
    step = b.base - a.base
    usual = leading.of(max(a.size, b.size))
    return 0 < step <= _CLEAR_GAP * usual and abs(a.size - b.size) <= 0.3 * a.size


def _run_right(
    region: Sequence[Line | Table], start: int, leading: Leading, region_right: float
) -> float:
    """The right edge of the evenly spaced lines from ``start`` on; the column's for a few lines."""
    lines: list[Line] = []
    for item in region[start:]:
        if isinstance(item, Table) or (lines and not _is_near(lines[-1], item, leading)):
            break
        lines.append(item)
    return max(line.x1 for line in lines) if len(lines) >= 4 else region_right


def _goes_on(
    current: list[Line],
    line: Line,
    leading: Leading,
    right: float,
    before: Sequence[Paragraph | Table],
    slides: bool,
) -> bool:
    last = current[-1]
    step = line.base - last.base
    sentence_goes_on = _LOWER.match(line.text) is not None and not _END.search(last.text)
    if step <= 0 or line.text.startswith(("http://", "https://")):
        return False
    if not _is_near(last, line, leading):
        usual = leading.of(max(last.size, line.size))
        if sentence_goes_on and abs(line.size - last.size) < 0.5 and step <= 1.45 * usual:
            return not slides and not _fits(last, line, right)  # a subscript moved it down
        mixed = 0.06 * last.size < line.size - last.size <= 0.3 * last.size
        return mixed and sentence_goes_on and step <= 1.4 * usual
    if starts_item(line, last, current, before, right) or line.marked:
        return False
    if line.bold != last.bold:
        return sentence_goes_on and len(current) > 1 and not last.bold
    if abs(line.size - last.size) > 0.06 * last.size:
        return sentence_goes_on and last.size < line.size
    if current[0].bold:
        # Headings: a second line only follows a full one.
        return step < 1.6 * line.size and not _fits(last, line, max(x.x1 for x in current))
    if _is_indented(current, line) and _FULL_END.search(last.text):
        return False
    if abs(line.x0 - last.x0) > line.size and len(current) > 1 and _fits(last, line, right):
        return False
    if len(current) == 1 and line.x0 - last.x0 > line.size and _fits(last, line, right):
        return bool(split_marker(last.text)[0])
    if sentence_goes_on or _OPEN_END.search(last.text) or last.text.endswith("-"):
        return True
    open_ended = not _END.search(last.text)
    if open_ended and line.text.startswith("("):
        return True
    prose = _is_prose(current)
    if slides and not prose:
        # Labels that stand near each other; but a list item goes on until the next marker.
        marker, rest = split_marker(current[0].text)
        bullet = len(marker) == 1 and not marker.isalnum()
        return open_ended and len(current) == 1 and bullet and bool(rest)
    if not _fits(last, line, right):
        return True
    slack = right - last.x1 - _first_word(line)
    width = right - min(x.x0 for x in current)
    # Ragged lines may leave a word's room more; a slide's next label starts with a letter.
    ragged = prose and len(current) > 1 and not (slides and line.text[0].isalpha())
    return open_ended and slack < (0.25 * width if ragged else 1.5 * line.size)


def _is_prose(current: Sequence[Line]) -> bool:
    """Whether lines read as sentences: they have commas or stops inside, or many small words."""
    if any(_PROSE.search(line.text) for line in current):
        return True
    words = [word for line in current for word in line.text.split()]
    return len(words) >= _PROSE_WORDS and sum(w[0].islower() for w in words) >= 0.6 * len(words)


def _first_word(line: Line) -> float:
    return line.words[0].x1 - line.words[0].x0 + 0.3 * line.size


def _fits(last: Line, line: Line, right: float) -> bool:
    """Whether the first word of ``line`` had room on ``last``: then the line end was meant."""
    return last.x1 + _first_word(line) <= right - 0.3 * line.size


def _is_indented(current: Sequence[Line], line: Line) -> bool:
    return len(current) > 1 and 0.8 * line.size < line.x0 - current[-1].x0 < 5 * line.size


def starts_item(
    line: Line,
    last: Line,
    current: Sequence[Line],
    before: Sequence[Paragraph | Table],
    right: float,
) -> bool:
    """Whether ``line`` begins a list item: its marker is not just a word of a running sentence."""
    marker, rest = split_marker(line.text)
    if not marker or not rest:
        return bool(marker)
    number = _NUMBER_MARKER.fullmatch(marker)
    if not number and marker not in "-–—*oØüv§":
        return True
    if number and number[1] in {"1", "a", "A", "i"} and _END.search(last.text):
        return True
    texts = [current[0].text]
    texts += [p.lines[0].text for p in before[-3:] if isinstance(p, Paragraph)]
    if number:
        previous = {m[1] for text in texts if (m := _NUMBER_MARKER.match(text))}
        return _before(number[1]) in previous or (
            bool(_END.search(last.text)) and _fits(last, line, right)
        )
    same = any(split_marker(text)[0] == marker for text in texts)
    return same or bool(_END.search(last.text)) or _fits(last, line, right)


def _before(label: str) -> str:
    """The list label before ``label``: "2" for "3", "b" for "c"; "" for Roman numbers."""
    if label.isdigit():
        return str(int(label) - 1)
    return chr(ord(label) - 1) if len(label) == 1 else ""


def notes_apart(
    items: Sequence[Paragraph | Table], body: float, height: float
) -> tuple[list[Paragraph | Table], list[Paragraph]]:
    """The items of one page less its footnotes, and these: small type at the foot of the page."""
    paragraphs_only = [item for item in items if isinstance(item, Paragraph)]
    if all(p.size <= NOTE_SIZE * body for p in paragraphs_only):
        return list(items), []
    normal = [p for p in paragraphs_only if p.size > NOTE_SIZE * body]
    notes: list[Paragraph] = []
    for paragraph in paragraphs_only:
        small = paragraph.size <= NOTE_SIZE * body
        low = paragraph.lines[0].top > 0.4 * height
        column = [p for p in normal if _shares_column(p, paragraph)]
        last = all(p.lines[-1].base < paragraph.lines[0].base for p in column)
        tables_above = all(
            item.bottom <= paragraph.lines[0].bottom for item in items if isinstance(item, Table)
        )
        if small and low and last and tables_above:
            paragraph.is_note = True
            notes.append(paragraph)
    return [item for item in items if item not in notes], notes


def _shares_column(a: Paragraph, b: Paragraph) -> bool:
    left, right = min(x.x0 for x in b.lines), max(x.x1 for x in b.lines)
    return any(line.x0 < right and line.x1 > left for line in a.lines)


def carried_on(before: Paragraph, after: Paragraph, *, same_page: bool, slides: bool) -> bool:
    """Whether ``after``, at the top of a column, goes on with the sentence of ``before``."""
    if abs(before.size - after.size) > 0.08 * before.size or before.bold != after.bold:
        return False
    below = same_page and after.lines[0].top > before.lines[-1].bottom - 2
    if below and not _LOWER.match(after.lines[0].text):
        return False  # it is not the top of the next column
    if before.bold or _FULL_END.search(before.last) or split_marker(after.lines[0].text)[0]:
        return False
    if before.last.endswith((":", ";")) and not _LOWER.match(after.lines[0].text):
        return False
    if _LOWER.match(after.lines[0].text) or before.last.endswith("-"):
        return not (slides and same_page)
    return not slides and before.full and len(before.lines) > 1 and not before.last.endswith(":")
