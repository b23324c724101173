"""Words with their boxes, sizes and weights, as PDFium sees a page."""

import ctypes
import math
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from ingest.readers.pdf.drawings import add_drawings
from ingest.readers.pdf.page import PDFIUM, Frame, Page, Word
from ingest.readers.repair import plain_glyphs

WORD_GAP = 0.18  # font sizes: a gap inside a word is smaller
# A raised or lowered run is smaller than this part of its neighbours.
SCRIPT_SIZE = 0.86

_BOLD_NAMES = ("bold", "black", "heavy", "demi")
_BOLD_WEIGHT = 650


@dataclass(frozen=True, slots=True)
class _Style:
    """What all characters of one text object share. ``turn`` is None for slanted text."""

    size: float
    bold: bool
    turn: int | None


def read_page(document: pdfium.PdfDocument, index: int) -> Page:
    """The words and rules of page ``index`` (from 0). Raises pdfium.PdfiumError."""
    # Let go between two pages, so that whoever wants a picture need not wait for a whole book.
    with PDFIUM:
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
    frame = Frame(main, *box)
    result = Page(number, *frame.size)
    for turn, characters in by_turn.items():
        words = _words(characters, Frame(turn, *box))
        if turn == main:
            result.words = words
        else:
            result.sides.append(words)
    add_drawings(page, frame, result)
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
        plain = char if char.isascii() and char.isprintable() else plain_glyphs(char)
        found[turn].append((plain, low, high, x.value, y.value, style))
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


def _words(characters: list[_Character | None], frame: Frame) -> list[Word]:
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


def _is_on_page(word: Word, frame: Frame) -> bool:
    width, height = frame.size
    return -2 <= word.x0 <= width + 2 and -2 <= word.base <= height + 10
