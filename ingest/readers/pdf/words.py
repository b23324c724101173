"""Words with their boxes, sizes and weights, and drawn rules, as PDFium sees a page."""

import ctypes
import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from ingest.readers.repair import plain_glyphs

# Parts of the font size: a gap inside a word is smaller than this, and the box of a word reaches
# this far above and below its baseline (fonts' own boxes differ too much to build lines on).
WORD_GAP, ASCENT, DESCENT = 0.18, 0.78, 0.22
# A raised or lowered run is smaller than this part of its neighbours.
SCRIPT_SIZE = 0.86
MAX_FORM_DEPTH = 5
MAX_SEGMENTS = 400  # of a path; longer ones are drawings
MAX_DOT = 6.5  # points: no bullet is larger

_BOLD_NAMES = ("bold", "black", "heavy", "demi")
_BOLD_WEIGHT = 650


@dataclass(slots=True)
class Word:
    """Characters without a space between them, of one size and weight.

    ``base`` is the baseline (a raised word has that of its neighbours); ``glued`` means no space
    stands before it; ``raised`` that it is a superscript.
    """

    text: str
    x0: float
    x1: float
    base: float
    size: float
    bold: bool = False
    glued: bool = False
    raised: bool = False

    @property
    def top(self) -> float:
        """Upper edge."""
        return self.base - ASCENT * self.size

    @property
    def bottom(self) -> float:
        """Lower edge."""
        return self.base + DESCENT * self.size


@dataclass(frozen=True, slots=True)
class Rule:
    """A drawn horizontal (``y0 == y1``) or vertical (``x0 == x1``) line."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def horizontal(self) -> bool:
        """Whether it runs from left to right."""
        return self.y0 == self.y1


@dataclass(slots=True)
class Page:
    """What is on one page. ``sides`` holds the words of text that is turned against the rest."""

    number: int
    width: float
    height: float
    words: list[Word] = field(default_factory=list)
    sides: list[list[Word]] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    dots: list[tuple[float, float]] = field(default_factory=list)  # middles of drawn bullets
    has_pictures: bool = False

    @property
    def is_landscape(self) -> bool:
        """Whether it is wider than high."""
        return self.width > self.height


@dataclass(frozen=True, slots=True)
class _Frame:
    """Turns user space (y upwards) into the upright page for text that runs at ``turn`` degrees."""

    turn: int
    left: float
    bottom: float
    right: float
    top: float

    def point(self, x: float, y: float) -> tuple[float, float]:
        if self.turn == 0:
            return x - self.left, self.top - y
        if self.turn == 90:
            return y - self.bottom, x - self.left
        if self.turn == 180:
            return self.right - x, y - self.bottom
        return self.top - y, self.right - x

    @property
    def size(self) -> tuple[float, float]:
        width, height = self.right - self.left, self.top - self.bottom
        return (width, height) if self.turn in (0, 180) else (height, width)


@dataclass(frozen=True, slots=True)
class _Style:
    """What all characters of one text object share. ``turn`` is None for slanted text."""

    size: float
    bold: bool
    turn: int | None


def read_page(document: pdfium.PdfDocument, index: int) -> Page:
    """The words and rules of page ``index`` (from 0). Raises pdfium.PdfiumError."""
    page = document[index]
    try:
        if document.get_formtype() != raw.FORMTYPE_NONE:
            # What was filled in becomes part of the page, beside its label.
            raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY)
            page.close()
            page = document[index]
        return _read(page, index + 1)
    finally:
        page.close()


def _read(page: pdfium.PdfPage, number: int) -> Page:
    box = page.get_cropbox()
    textpage = page.get_textpage()
    try:
        by_turn = _characters(textpage)
    finally:
        textpage.close()
    own_turn = page.get_rotation()
    main = max(by_turn, key=lambda turn: len(by_turn[turn]), default=own_turn)
    frame = _Frame(main, *box)
    result = Page(number, *frame.size)
    for turn, characters in by_turn.items():
        words = _words(characters, _Frame(turn, *box))
        if turn == main:
            result.words = words
        else:
            result.sides.append(words)
    _add_drawings(page, frame, result)
    return result


_Character = tuple[str, float, float, float, float, _Style]  # char, left, right, x, y, style


def _characters(textpage: pdfium.PdfTextPage) -> dict[int, list[_Character | None]]:
    """The characters in the order of the file, by the direction they run in; None: a space."""
    handle = textpage.raw
    styles: dict[int, _Style] = {}
    found: dict[int, list[_Character | None]] = defaultdict(list)
    x, y, box = ctypes.c_double(), ctypes.c_double(), raw.FS_RECTF()
    refs = (ctypes.byref(x), ctypes.byref(y))
    box_ref = ctypes.byref(box)
    turn: int | None = 0
    for i in range(raw.FPDFText_CountChars(handle)):
        code = raw.FPDFText_GetUnicode(handle, i)
        char = chr(code) if 0 < code < 0x110000 else ""
        if not char or char.isspace() or raw.FPDFText_IsGenerated(handle, i) == 1:
            if turn is not None and found[turn] and found[turn][-1] is not None:
                found[turn].append(None)
            continue
        key = ctypes.cast(raw.FPDFText_GetTextObject(handle, i), ctypes.c_void_p).value or 0
        style = styles.get(key)
        if style is None:
            style = styles[key] = _style(handle, i)
        turn = style.turn
        if turn is None:
            continue
        raw.FPDFText_GetCharOrigin(handle, i, *refs)
        raw.FPDFText_GetLooseCharBox(handle, i, box_ref)
        low, high = (box.left, box.right) if turn in (0, 180) else (box.bottom, box.top)
        found[turn].append((plain_glyphs(char), low, high, x.value, y.value, style))
    return {turn: chars for turn, chars in found.items() if any(chars)}


def _style(handle: Any, index: int) -> _Style:
    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(handle, index, matrix)
    size = raw.FPDFText_GetFontSize(handle, index) * math.hypot(matrix.c, matrix.d)
    flags, name = ctypes.c_int(), ctypes.create_string_buffer(256)
    raw.FPDFText_GetFontInfo(handle, index, name, 256, flags)
    font = name.value.decode("utf-8", "replace").lower()
    weight = raw.FPDFText_GetFontWeight(handle, index)
    bold = any(part in font for part in _BOLD_NAMES) or (
        weight >= _BOLD_WEIGHT and "regular" not in font
    )
    angle = math.degrees(math.atan2(matrix.b, matrix.a)) % 360
    turn = round(angle / 90) * 90
    return _Style(abs(size) or 1.0, bold, turn % 360 if abs(angle - turn) < 8 else None)


def _words(characters: list[_Character | None], frame: _Frame) -> list[Word]:
    """Characters to words: cut at spaces, at gaps, and where size or weight changes."""
    words: list[Word] = []
    current: Word | None = None
    raw_base = 0.0  # of the current word: `_relate` moves superscripts to their line
    for item in characters:
        if item is None:
            current = None
            continue
        char, low, high, x, y, style = item
        ends = (frame.point(low, y)[0], frame.point(high, y)[0])
        if frame.turn in (90, 270):
            ends = (frame.point(x, low)[0], frame.point(x, high)[0])
        x0, x1, base = min(ends), max(ends), frame.point(x, y)[1]
        if (
            current is not None
            and abs(base - raw_base) < 0.1 * current.size
            and (_goes_on(current, x0, style))
        ):
            current.text += char
            current.x1 = max(current.x1, x1)
            continue
        word = Word(char, x0, x1, base, style.size, style.bold)
        if words:
            _relate(words[-1], word, after_space=current is None)
        current, raw_base = word, base
        words.append(word)
    return [word for word in words if _is_on_page(word, frame)]


def _goes_on(word: Word, x0: float, style: _Style) -> bool:
    gap = x0 - word.x1
    return (
        abs(style.size - word.size) < 0.08 * word.size
        and style.bold == word.bold
        and -0.9 * word.size < gap < WORD_GAP * word.size
    )


def _relate(before: Word, word: Word, *, after_space: bool) -> None:
    """Mark ``word`` as glued to ``before`` or as its superscript or subscript."""
    gap = word.x0 - before.x1
    if not -0.5 * before.size < gap < 0.35 * before.size:
        return
    lift = before.base - word.base
    is_small = word.size < SCRIPT_SIZE * before.size
    if is_small and -0.4 * before.size < lift < 0.75 * before.size and abs(lift) > 0.05 * word.size:
        word.raised = lift > 0
        word.base, word.glued = before.base, gap < WORD_GAP * before.size
        return
    if before.size < SCRIPT_SIZE * word.size and abs(lift) < 0.75 * word.size:
        # A small run at the start of a line: the number of a footnote.
        if before.base < word.base:
            before.raised, before.base = True, word.base
        word.glued = not after_space and gap < WORD_GAP * word.size
        return
    word.glued = not after_space and abs(lift) < 0.1 * word.size and gap < WORD_GAP * word.size


def _is_on_page(word: Word, frame: _Frame) -> bool:
    width, height = frame.size
    return -2 <= word.x0 <= width + 2 and -2 <= word.base <= height + 10


def _add_drawings(page: pdfium.PdfPage, frame: _Frame, result: Page) -> None:
    identity = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    stack: list[tuple[Any, tuple[float, ...], int]] = [
        (raw.FPDFPage_GetObject(page, i), identity, 0)
        for i in range(raw.FPDFPage_CountObjects(page))
    ]
    while stack:
        item, outer, depth = stack.pop()
        kind = raw.FPDFPageObj_GetType(item)
        if kind == raw.FPDF_PAGEOBJ_IMAGE:
            result.has_pictures = True
        elif kind == raw.FPDF_PAGEOBJ_PATH:
            points = _points(item, _product(_matrix(item), outer), frame)
            if dot := _dot([point for _, point in points]):
                result.dots.append(dot)
            else:
                result.rules.extend(_path_rules(points, frame))
        elif kind == raw.FPDF_PAGEOBJ_FORM and depth < MAX_FORM_DEPTH:
            matrix = _product(_matrix(item), outer)
            stack.extend(
                (raw.FPDFFormObj_GetObject(item, i), matrix, depth + 1)
                for i in range(raw.FPDFFormObj_CountObjects(item))
            )


def _matrix(item: Any) -> tuple[float, ...]:
    m = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(item, m)
    return (m.a, m.b, m.c, m.d, m.e, m.f)


def _product(inner: tuple[float, ...], outer: tuple[float, ...]) -> tuple[float, ...]:
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return (
        a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s,
        e * p + f * r + t, e * q + f * s + u,
    )  # fmt: skip


_Step = tuple[int, tuple[float, float]]  # kind of segment, its end point
_CLOSE = -1


def _points(item: Any, matrix: tuple[float, ...], frame: _Frame) -> list[_Step]:
    """The segments of a path; none for a long one, which is a drawing."""
    count = raw.FPDFPath_CountSegments(item)
    if not 2 <= count <= MAX_SEGMENTS:
        return []
    a, b, c, d, e, f = matrix
    x, y = ctypes.c_float(), ctypes.c_float()
    steps: list[_Step] = []
    for i in range(count):
        segment = raw.FPDFPath_GetPathSegment(item, i)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = frame.point(a * x.value + c * y.value + e, b * x.value + d * y.value + f)
        steps.append((raw.FPDFPathSegment_GetType(segment), point))
        if raw.FPDFPathSegment_GetClose(segment):
            steps.append((_CLOSE, point))
    return steps


def _dot(points: list[tuple[float, float]]) -> tuple[float, float] | None:
    """The middle of a shape as small as a bullet, and about as wide as high."""
    if not points:
        return None
    xs, ys = [x for x, _ in points], [y for _, y in points]
    width, height = max(xs) - min(xs), max(ys) - min(ys)
    if 1.2 <= width <= MAX_DOT and 1.2 <= height <= MAX_DOT and 0.6 < width / height < 1.7:
        return (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
    return None


def _path_rules(steps: list[_Step], frame: _Frame) -> Iterator[Rule]:
    """The straight upright edges of a path without curves."""
    if any(kind == raw.FPDF_SEGMENT_BEZIERTO for kind, _ in steps):
        return
    width, height = frame.size
    start = last = (0.0, 0.0)
    for kind, point in steps:
        if kind == raw.FPDF_SEGMENT_MOVETO:
            start = last = point
            continue
        end = start if kind == _CLOSE else point
        (x0, y0), (x1, y1) = last, end
        last = end
        across, down = abs(x1 - x0), abs(y1 - y0)
        if across >= 4 and down < 1.5 and across < 0.99 * width:
            middle = (y0 + y1) / 2
            yield Rule(min(x0, x1), middle, max(x0, x1), middle)
        elif down >= 4 and across < 1.5 and down < 0.99 * height:
            middle = (x0 + x1) / 2
            yield Rule(middle, min(y0, y1), middle, max(y0, y1))
