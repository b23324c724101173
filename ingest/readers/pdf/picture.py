"""A page of a PDF as a picture, with words outlined where they stand on it."""

import ctypes
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from PIL import Image, ImageDraw

from corpus.errors import BrokenFile
from ingest.readers.pdf.page import PDFIUM

Box = tuple[float, float, float, float]  # left, bottom, right, top in points, y upwards

_WIDTH = 1100  # pixels of the picture
_TALLEST = 2400
_QUALITY = 82  # of WebP, 0 to 100
# A text of fewer letters and digits may stand on a page by chance: it has to stand there once only.
_TELLING = 12
_INK, _WASH = (176, 58, 0, 255), (255, 214, 10, 70)
_MARGIN, _LINE = 3, 3  # pixels around the words, and of the outline


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as a WebP picture.

    ``outlined`` is how far down the first outline is, 0 (top) to 1; None: no words were found.
    """

    webp: bytes
    outlined: float | None


@dataclass(slots=True)
class _Letters:
    """The letters and digits of a page in the order of the file, each with its box.

    ``text[i]`` stands in ``boxes[i]``; ``starts`` are the places at which a word begins.
    """

    text: str = ""
    boxes: list[Box] = field(default_factory=list)
    starts: set[int] = field(default_factory=set)

    def find(self, words: str) -> list[tuple[int, int]]:
        """Where the words stand, as whole words, whatever the spaces and marks between them."""
        wanted = _bare(words)
        if not wanted:
            return []
        places = (match.start() for match in re.finditer(f"(?={re.escape(wanted)})", self.text))
        ends = self.starts | {len(self.text)}
        return [(p, p + len(wanted)) for p in places if p in ends and p + len(wanted) in ends]


def page_picture(path: Path, page: int, wanted: Sequence[Sequence[str]] = ()) -> Picture:
    """Page ``page`` (from 1) of a PDF file with words outlined.

    ``wanted`` are ways to put the words, the best first: each a sequence of texts, of which those
    that stand on the page are outlined; the first way of which any stands there is taken. A short
    text counts only if it stands on the page once. Raises BrokenFile if there is no such page.
    """
    with PDFIUM:
        try:
            document = pdfium.PdfDocument(path)
        except (pdfium.PdfiumError, FileNotFoundError) as error:
            raise BrokenFile(path, "the file cannot be opened") from error
        try:
            if not 0 < page <= len(document):
                raise BrokenFile(path, f"there is no page {page}")
            return _draw(document, page, wanted)
        except pdfium.PdfiumError as error:
            raise BrokenFile(path, f"page {page} cannot be drawn") from error
        finally:
            document.close()


def page_with(path: Path, words: str, most: int) -> int | None:
    """The number (from 1) of the only page of a PDF file on which the words stand, in this order.

    None where they stand on none, on several, or are too few to tell by, and where the file has
    more than ``most`` pages. Raises BrokenFile.
    """
    if sum(c.isalnum() for c in words) < _TELLING:
        return None
    with PDFIUM:
        try:
            document = pdfium.PdfDocument(path)
        except (pdfium.PdfiumError, FileNotFoundError) as error:
            raise BrokenFile(path, "the file cannot be opened") from error
        try:
            count = len(document)
            pages = range(count) if count <= most else ()
            found = [n + 1 for n in pages if _stands(document[n], words)]
        except pdfium.PdfiumError as error:
            raise BrokenFile(path, "its pages cannot be read") from error
        finally:
            document.close()
    return found[0] if len(found) == 1 else None


def _stands(page: pdfium.PdfPage, words: str) -> bool:
    """Whether the words stand on the page, which is closed."""
    try:
        # Where the letters are is asked only of a page that has them: that takes ten times as long.
        textpage = page.get_textpage()
        try:
            if _bare(words) not in _bare(textpage.get_text_range()):
                return False
            return bool(_letters(textpage).find(words))
        finally:
            textpage.close()
    finally:
        page.close()


def _read(page: pdfium.PdfPage) -> _Letters:
    textpage = page.get_textpage()
    try:
        return _letters(textpage)
    finally:
        textpage.close()


def _draw(document: pdfium.PdfDocument, number: int, wanted: Sequence[Sequence[str]]) -> Picture:
    page = document[number - 1]
    try:
        width, height = page.get_size()
        bitmap = page.render(scale=min(_WIDTH / width, _TALLEST / height))
        image = bitmap.to_pil().convert("RGB")
        boxes = list(_boxes(page, wanted)) if wanted else []
        place = bitmap.get_posconv(page)
        corners = [(place.to_bitmap(b[0], b[3]), place.to_bitmap(b[2], b[1])) for b in boxes]
    finally:
        page.close()
    _outline(image, corners)
    target = io.BytesIO()
    image.save(target, "WEBP", quality=_QUALITY, method=2)
    tops = [min(first[1], second[1]) for first, second in corners]
    return Picture(target.getvalue(), min(tops) / image.height if tops else None)


def _outline(
    image: Image.Image, corners: Iterable[tuple[tuple[int, int], tuple[int, int]]]
) -> None:
    pen = ImageDraw.Draw(image, "RGBA")
    for (x0, y0), (x1, y1) in corners:
        box = (
            min(x0, x1) - _MARGIN,
            min(y0, y1) - _MARGIN,
            max(x0, x1) + _MARGIN,
            max(y0, y1) + _MARGIN,
        )
        pen.rounded_rectangle(box, radius=4, fill=_WASH, outline=_INK, width=_LINE)


def _boxes(page: pdfium.PdfPage, wanted: Sequence[Sequence[str]]) -> Iterator[Box]:
    letters = _read(page)
    for texts in wanted:
        found = []
        for text in texts:
            places = letters.find(text)
            short = sum(c.isalnum() for c in text) < _TELLING
            if places and not (short and len(places) > 1):
                found.append(places[0])
        if found:
            for start, end in found:
                yield from _lines(letters.boxes[start:end])
            return


def _letters(textpage: pdfium.PdfTextPage) -> _Letters:
    handle = textpage.raw
    letters = _Letters()
    box = raw.FS_RECTF()
    apart = True
    pieces = []
    for index in range(raw.FPDFText_CountChars(handle)):
        code = raw.FPDFText_GetUnicode(handle, index)
        char = chr(code) if 0 < code < 0x110000 else " "
        plain = "".join(c for c in _folded(char) if c.isalnum())
        if not plain:
            # A hyphen that PDFium takes for one at the end of a line parts no word.
            apart = apart or raw.FPDFText_IsHyphen(handle, index) != 1
            continue
        raw.FPDFText_GetLooseCharBox(handle, index, ctypes.byref(box))
        if apart:
            letters.starts.add(len(letters.boxes))
        apart = False
        pieces.append(plain)
        letters.boxes += [(box.left, box.bottom, box.right, box.top)] * len(plain)
    letters.text = "".join(pieces)
    return letters


def _bare(text: str) -> str:
    """The letters and digits alone."""
    return "".join(c for c in _folded(text) if c.isalnum())


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _lines(boxes: Sequence[Box]) -> Iterator[Box]:
    """The boxes of letters that follow each other, as one box for each line of them."""
    left, bottom, right, top = boxes[0]
    for box in boxes[1:]:
        middle = (box[1] + box[3]) / 2
        if bottom <= middle <= top and box[0] >= left - 1:
            left, right = min(left, box[0]), max(right, box[2])
            bottom, top = min(bottom, box[1]), max(top, box[3])
        else:
            yield left, bottom, right, top
            left, bottom, right, top = box
    yield left, bottom, right, top
