"""The reader of PDF files.

PDFium tells what is on the pages, pypdf what the file says of itself (title, outline). Each opens
files that the other refuses, so pypdf stands in for text where PDFium fails; a warning says so.
"""

import io
import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pypdf
import pypdfium2 as pdfium
import pypdfium2.raw as raw
from pypdf.errors import PyPdfError

from corpus.errors import BrokenFile, EmptyFile, Encrypted, NoText
from ingest.readers.draft import Draft
from ingest.readers.pdf.aligned import tables_across, with_tables
from ingest.readers.pdf.assemble import Assembler
from ingest.readers.pdf.columns import regions
from ingest.readers.pdf.furniture import without_furniture
from ingest.readers.pdf.headings import HeadingFinder, OutlineEntry, body_size
from ingest.readers.pdf.lines import Line, lines
from ingest.readers.pdf.page import PDFIUM, Page, Word
from ingest.readers.pdf.paragraphs import Leading, Paragraph, carried_on, notes_apart, paragraphs
from ingest.readers.pdf.ruled import ruled_tables
from ingest.readers.pdf.tables import Table
from ingest.readers.pdf.words import read_page
from ingest.readers.repair import Words, plain_glyphs

_SIGNATURE_WITHIN = 1024  # bytes
_MAX_OUTLINE = 5000
# Titles that a program made up, or that are a file name.
_NO_TITLE = re.compile(
    r"\s*(?:untitled.*|\(?(?:anonymous|unspecified)\)?|(?:document|presentation|slide ?)\d*|"
    r"powerpoint presentation|title|"
    r"(?:https?|file)://\S*|about:\w+|"
    r".+\.(?:docx?|pptx?|xlsx?|indd|pdf|od[tps]|tex|qxd|x?html?|mht(?:ml)?|php|aspx?|jsp|md|txt|"
    r"rtf|csv|pages|key|e?ps|dvi|ai|pub|png|jpe?g|tiff?|svg)|\W*)\s*",
    re.IGNORECASE,
)
# What pypdf may raise on a damaged file, besides its own errors.
_PYPDF_ERRORS = (
    PyPdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, OSError,
    RecursionError, NotImplementedError, AssertionError, OverflowError, ZeroDivisionError,
)  # fmt: skip


@dataclass(slots=True)
class _About:
    """What a file says of itself."""

    title: str = ""
    outline: list[OutlineEntry] = field(default_factory=list)


class PdfReader:
    """Reads PDF files (see `read`)."""

    media_type = "application/pdf"

    def accepts(self, path: Path, data: bytes) -> bool:
        """Whether ``data`` begins as a PDF does, whatever the file is called."""
        return b"%PDF-" in data[:_SIGNATURE_WITHIN]

    def read(self, path: Path, data: bytes) -> Draft:
        """The blocks of the file, in reading order.

        Raises EmptyFile, Encrypted, BrokenFile, or NoText when no page has text.
        """
        if not data:
            raise EmptyFile(path, "the file is empty", remedy="Save or download it again.")
        logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it tells of each small oddity
        warnings: list[str] = []
        pages = _pages(path, data, warnings)
        _check_text(path, pages, warnings)
        about = _about(data)
        draft = Draft(title=about.title, page_count=len(pages), warnings=warnings)
        _fill(draft, pages, about.outline)
        return draft


def _pages(path: Path, data: bytes, warnings: list[str]) -> list[Page]:
    """All pages. Raises Encrypted or BrokenFile."""
    try:
        with PDFIUM:
            document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD:
            raise _encrypted(path) from error
        return _pages_by_pypdf(path, data, warnings)
    try:
        with PDFIUM:
            count = len(document)
        if not count:
            return _pages_by_pypdf(path, data, warnings)
        pages: list[Page] = []
        failed: list[int] = []
        for index in range(count):
            try:
                pages.append(read_page(document, index))
            except pdfium.PdfiumError:
                failed.append(index + 1)
                pages.append(Page(index + 1, 595.0, 842.0))
    finally:
        with PDFIUM:
            document.close()
    if failed or not any(page.words for page in pages):
        _stand_in(data, pages, warnings)
    return pages


def _encrypted(path: Path) -> Encrypted:
    return Encrypted(
        path,
        "the file asks for a password",
        remedy="Open it with the password, save it without one, and add that copy.",
    )


def _pages_by_pypdf(path: Path, data: bytes, warnings: list[str]) -> list[Page]:
    """The pages as pypdf reads them, for a file that PDFium refuses."""
    try:
        reader = pypdf.PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise _encrypted(path)
        pages = [
            _page_of_text(number, page.extract_text() or "")
            for number, page in enumerate(reader.pages, 1)
        ]
    except _PYPDF_ERRORS as error:
        raise _broken(path) from error
    if not any(page.words for page in pages):
        raise _broken(path)
    warnings.append(
        "The file is damaged: its text was recovered without the layout, so columns and tables "
        "may be mixed up."
    )
    return pages


def _broken(path: Path) -> BrokenFile:
    return BrokenFile(
        path,
        "the file is damaged and cannot be read as PDF",
        remedy="Download or export it again.",
    )


def _stand_in(data: bytes, pages: list[Page], warnings: list[str]) -> None:
    """Replace pages on which PDFium found nothing by what pypdf finds there."""
    recovered: list[int] = []
    try:
        reader = pypdf.PdfReader(io.BytesIO(data), strict=False)
        for i, page in enumerate(pages):
            if page.words or page.has_pictures:
                continue
            found = _page_of_text(page.number, reader.pages[i].extract_text() or "")
            if found.words:
                pages[i] = found
                recovered.append(page.number)
    except _PYPDF_ERRORS:
        # The pages stay empty, and `_check_text` reports them.
        recovered.sort()
    if recovered:
        warnings.append(
            f"{_named(recovered)} could only be read without the layout, so columns and tables "
            "may be mixed up."
        )


def _page_of_text(number: int, text: str) -> Page:
    """A page of plain text lines, set as if in one column of even type."""
    page = Page(number, 595.0, 842.0)
    for row, line in enumerate(text.splitlines(), 1):
        x = 50.0
        for part in plain_glyphs(line).split():
            width = 5.0 * len(part)
            page.words.append(Word(part, x, x + width, 60.0 + 12.0 * row, 10.0))
            x += width + 2.5
    return page


def _check_text(path: Path, pages: Sequence[Page], warnings: list[str]) -> None:
    """Warn of pages that are pictures. Raises NoText when all are, EmptyFile when none has text."""
    if any(page.words or page.sides for page in pages):
        silent = [p.number for p in pages if not p.words and not p.sides and p.has_pictures]
        if silent:
            warnings.append(
                f"{_named(silent)} {'is a picture' if len(silent) == 1 else 'are pictures'} "
                "without text and could not be read; text recognition (for example with "
                "OCRmyPDF) would make it readable."
            )
        return
    if any(page.has_pictures for page in pages):
        raise NoText(
            path,
            "its pages are pictures without text (a scan)",
            remedy="Run text recognition on it, for example with OCRmyPDF, and add the result.",
        )
    raise EmptyFile(path, "its pages are empty", remedy="Check that it is the right file.")


def _named(numbers: Sequence[int]) -> str:
    """``Page 3`` or ``Pages 2, 4-6``."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    spans = ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)
    return f"Page {spans}" if len(numbers) == 1 else f"Pages {spans}"


def _about(data: bytes) -> _About:
    """Title and outline; what cannot be read of them is left out."""
    about = _About()
    try:
        reader = pypdf.PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted:
            reader.decrypt("")
        title = str(reader.metadata.title or "") if reader.metadata else ""
        about.title = "" if _NO_TITLE.fullmatch(title) else title.strip()
        about.outline.extend(_outline(reader, reader.outline, 0))
    except _PYPDF_ERRORS:
        logging.getLogger(__name__).debug("no outline or title", exc_info=True)
    return about


def _outline(
    reader: pypdf.PdfReader, entries: Iterable[object], level: int
) -> Iterator[OutlineEntry]:
    for count, entry in enumerate(entries):
        if count > _MAX_OUTLINE or level > 8:
            return
        if isinstance(entry, list):
            yield from _outline(reader, entry, level + 1)
        elif isinstance(entry, pypdf.generic.Destination):
            number = reader.get_destination_page_number(entry)
            if number is not None and entry.title:
                yield OutlineEntry(str(entry.title), level, number + 1)


def _fill(draft: Draft, pages: Sequence[Page], outline: Sequence[OutlineEntry]) -> None:
    """Add the blocks of all ``pages``."""
    tables: dict[int, list[Table]] = {}
    found: dict[int, list[Line]] = {}
    for page in pages:
        tables[page.number], rest = ruled_tables(page)
        found[page.number] = lines(rest, page.dots)
    found = without_furniture(pages, found)
    slides = sum(page.is_landscape for page in pages) > len(pages) / 2
    columns = {
        page.number: _columns(page, found[page.number], tables[page.number]) for page in pages
    }
    leading = Leading([region for page_columns in columns.values() for region in page_columns])
    body = body_size(line for page_lines in found.values() for line in page_lines)
    items: list[Paragraph | Table] = []
    for page in pages:
        _append_page(items, page, columns[page.number], leading, body, slides)
    every = [item for item in items if isinstance(item, Paragraph)]
    words = Words(line.text for p in every for line in p.lines)
    finder = HeadingFinder.for_file(every, outline, slides=slides)
    assembler = Assembler(draft, finder, words, slides)
    for item in items:
        assembler.take(item)
    assembler.finish()


def _columns(page: Page, found: Sequence[Line], ruled: Sequence[Table]) -> list[list[Line | Table]]:
    """The regions of a page in reading order, each with the tables that stand in it."""
    result: list[list[Line | Table]] = []
    aligned, rest = tables_across(found, page.number)
    tables = sorted([*ruled, *aligned], key=lambda table: table.top)
    for table in tables:
        if any(x.bottom > table.top + 2 and x.top < table.bottom - 2 for x in rest):
            continue  # text stands beside it: it is placed below, in its column
        result.extend(_regions(page, [x for x in rest if x.base <= table.top + 4]))
        result.append([table])
        rest = [x for x in rest if x.base > table.top + 4]
    placed = {id(item) for region in result for item in region}
    result.extend(_regions(page, rest))
    for table in tables:
        if id(table) not in placed:
            _place(table, result)
    for side in page.sides:
        result.extend(_regions(page, lines(side)))
    return result


def _regions(page: Page, found: Sequence[Line]) -> list[list[Line | Table]]:
    return [with_tables(region, page.number) for region in regions(found)]


def _place(table: Table, columns: list[list[Line | Table]]) -> None:
    """Put a table into the column that it stands in, or after all."""
    near = [
        region
        for region in columns
        if all(item.x0 < table.x1 and item.x1 > table.x0 for item in region)
    ]
    narrow = [region for region in near if _width(region) <= 1.5 * (table.x1 - table.x0)]
    if not near:
        columns.append([table])
        return
    region = min(narrow or near, key=lambda items: _distance(items, table))
    at = next((i for i, item in enumerate(region) if item.base > table.top), len(region))
    region.insert(at, table)


def _width(region: Sequence[Line | Table]) -> float:
    return max(item.x1 for item in region) - min(item.x0 for item in region)


def _distance(region: Sequence[Line | Table], table: Table) -> float:
    """How far a table stands above or below a region; 0 within it."""
    top, bottom = min(item.top for item in region), max(item.bottom for item in region)
    return max(0.0, top - table.bottom, table.top - bottom)


def _append_page(
    items: list[Paragraph | Table],
    page: Page,
    columns: Sequence[Sequence[Line | Table]],
    leading: Leading,
    body: float,
    slides: bool,
) -> None:
    """Add a page to ``items``; a sentence that runs into it from the last column is joined."""
    new: list[Paragraph | Table] = []
    for region in columns:
        found = paragraphs(region, page.number, leading, slides=slides)
        new.extend(found)
    new, notes = notes_apart(new, body, page.height)
    starts = {id(region[0]) for region in columns if region}
    for item in new:
        before = next((x for x in reversed(items) if not _is_note(x)), None)
        if (
            isinstance(item, Paragraph)
            and isinstance(before, Paragraph)
            and id(item.lines[0]) in starts
            and carried_on(before, item, same_page=before.page_end == item.page, slides=slides)
        ):
            before.lines.extend(item.lines)
            before.page_end, before.full = item.page, item.full
        else:
            items.append(item)
    items.extend(notes)


def _is_note(item: Paragraph | Table) -> bool:
    return isinstance(item, Paragraph) and item.is_note
