"""Reads plain text: typed by hand, or taken out of a PDF file by some program.

Nothing marks what a line is, so the rules are careful ones: lines are joined only where one runs on
into the next, and short lines that stand apart (cells of a table, words of a picture) stay lines.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.readers.draft import Draft
from ingest.readers.encoding import decode, is_text
from ingest.readers.outline import Outline
from ingest.readers.repair import (
    Words,
    drop_note_numbers,
    join_ligatures,
    join_lines,
    plain_glyphs,
    split_marker,
)
from ingest.readers.tables import looks_like_header

_SUFFIXES = {".txt", ".text", ".log", ".rst", ".adoc", ".asc", ""}

_NUMBERED = re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,3})\.?\s+(?=[^\W\d_])")
_NAMED = re.compile(
    r"(?:work package|chapter|section|part|annex|appendix|article|module|lesson|task)\s+"
    r"(?:\d{1,3}|[IVX]{1,5}|[A-Z])(?:\b|$)",
    re.IGNORECASE,
)
_UNDERLINE = re.compile(r"(=|-|~|\^|\*|#)\1{2,}")
_PROSE = re.compile(r"[^\W\d_]{2}\)?[.;?!] +[^\W\d_]")
_RULE = re.compile(r"[-=_*~#.·\s]{3,}")
_SENTENCE_END = re.compile(r"[.!?:;…][\"”’)\]]*$")
# A line that ends in one of these goes on in the next.
_GOES_ON = re.compile(
    r"(?:[,(/&–-]|\b(?:the|a|an|of|and|or|in|on|at|to|for|by|with|from|as|is|are|was|that|which|"
    r"de|la|le|el|der|die|das|und|et|y|e|des|du|del))$"
)
_LONGEST_HEADING = 90
_LONGEST_CELL = 80
_FEWEST_CELLS = 3


class TextReader:
    """Reader of ``.txt`` and of text files without an ending."""

    media_type = "text/plain"

    def accepts(self, path: Path, data: bytes) -> bool:
        """Whether the file is named like plain text (or not at all) and is text."""
        return path.suffix.lower() in _SUFFIXES and is_text(data)

    def read(self, path: Path, data: bytes) -> Draft:
        """The blocks. Form feeds part pages; without any, the file has none (``page_count`` None).

        The title is the first line if that is a heading without a number, else "".
        """
        text = plain_glyphs(decode(data)).replace("\r\n", "\n").replace("\r", "\n")
        words = Words([text])
        text = "\n".join(drop_note_numbers(text.removesuffix("\f").split("\n"), words))
        pages = text.split("\f")
        draft = Draft(page_count=len(pages) if len(pages) > 1 else None)
        outline = Outline(draft)
        writer = _Writer(outline, words)
        for number, page in enumerate(pages, start=1):
            outline.page = number if len(pages) > 1 else None
            writer.write(list(_chunks(page)))
        draft.title = writer.title
        return outline.finish()


@dataclass(slots=True)
class _Line:
    text: str
    indent: int


def _chunks(page: str) -> Iterator[list[_Line]]:
    """The runs of lines between empty ones; a line indented afresh begins a run of its own."""
    chunk: list[_Line] = []
    for raw in page.split("\n"):
        expanded = raw.expandtabs(4) if not raw.strip().count("\t") else raw
        text = raw.strip()
        line = _Line(text, len(expanded) - len(expanded.lstrip()))
        listed = split_marker(text)[0] and not _is_numbered_title(text)
        fresh = chunk and line.indent > chunk[-1].indent and not listed
        hanging = chunk and split_marker(chunk[0].text)[0]
        if chunk and (not text or (fresh and not hanging)):
            yield chunk
            chunk = []
        if text:
            chunk.append(line)
    if chunk:
        yield chunk


class _Writer:
    """Decides what each chunk is and tells the outline."""

    def __init__(self, outline: Outline, words: Words) -> None:
        self.outline = outline
        self.words = words
        self.title = ""
        self.first = True
        self.indents: list[int] = []  # of the lists that are open, the outermost first

    def write(self, chunks: list[list[_Line]]) -> None:
        """Write one page."""
        chunks = _joined_chunks(chunks)
        index = 0
        while index < len(chunks):
            cells = _cells(chunks[index:])
            if len(cells) >= _FEWEST_CELLS:
                self.end_lists()
                self.outline.lines([self.join(lines) for lines in cells])
                index += len(cells)
            else:
                index += self.chunk(chunks, index)
            self.first = False

    def chunk(self, chunks: list[list[_Line]], index: int) -> int:
        """Write the chunk at ``index``; how many chunks were written."""
        lines = chunks[index]
        following = chunks[index + 1 : index + 3]
        if all("\t" in line.text for line in lines) and len(lines) > 1:
            self.end_lists()
            self.table(lines)
            return 1
        taken, level = _heading(lines, following[0] if following else [])
        if taken:
            self.end_lists()
            self.outline.heading(level, lines[0].text)
            if self.first and not _NUMBERED.match(lines[0].text):
                self.title = lines[0].text
            if len(lines) == 1 and _named(lines[0].text) and _is_subtitle(following):
                self.outline.heading(level + 1, following[0][0].text)
                return 2
            lines = [line for line in lines[taken:] if not _UNDERLINE.fullmatch(line.text)]
        for marker, indent, text in self.paragraphs(lines):
            if marker:
                self.item(marker, indent, text)
            else:
                self.end_lists()
                self.outline.paragraph(text)
        return 1

    def item(self, marker: str, indent: int, text: str) -> None:
        """Write an item; one that is indented further than the last begins a list within it."""
        if not self.indents or indent > self.indents[-1] + 1:
            self.outline.begin_list()
            self.indents.append(indent)
        while len(self.indents) > 1 and indent < self.indents[-1] - 1:
            self.indents.pop()
            self.outline.end_list()
        number = f"{marker} " if marker[0].isalnum() and len(marker) > 1 else ""
        self.outline.item(number + text)

    def end_lists(self) -> None:
        """Close the lists that are open: something else follows."""
        for _ in self.indents:
            self.outline.end_list()
        self.indents.clear()

    def table(self, lines: list[_Line]) -> None:
        """Rows whose cells are parted by tabs."""
        grid = [[cell.strip() for cell in line.text.split("\t")] for line in lines]
        self.outline.table(grid, int(looks_like_header(grid)))

    def paragraphs(self, lines: list[_Line]) -> Iterator[tuple[str, int, str]]:
        """The paragraphs and items of a chunk: marker ("" for none), indent and text."""
        held: list[_Line] = []
        marker = ""
        for index, line in enumerate(lines):
            found, rest = split_marker(line.text)
            if _RULE.fullmatch(line.text):
                found, rest = "", ""
            if held and (found or not rest or not _runs_on(lines, index)):
                yield marker, held[0].indent, self.join(held)
                held, marker = [], ""
            if found and rest:
                marker = found
                held = [_Line(rest, line.indent)]
            elif rest:
                held.append(line)
        if held:
            yield marker, held[0].indent, self.join(held)

    def join(self, lines: list[_Line]) -> str:
        """The lines as running text, words made whole."""
        return join_ligatures(join_lines([line.text for line in lines], self.words), self.words)


def _runs_on(lines: list[_Line], index: int) -> bool:
    """Whether the line before ``index`` was only broken because it was full."""
    before, here = lines[index - 1].text, lines[index].text
    if here[0].islower() or _GOES_ON.search(before) or before.endswith("-"):
        return True
    if before.count("(") > before.count(")"):
        return True
    if _RULE.fullmatch(before):
        return False
    around = [line.text for line in lines[max(0, index - 3) : index + 3]]
    prose = any(_PROSE.search(text) or len(text) > _LONGEST_CELL for text in around)
    width = max(len(text) for text in around)
    return prose and len(before) + 1 + len(here.split(" ", 1)[0]) > 0.9 * width


def _joined_chunks(chunks: list[list[_Line]]) -> list[list[_Line]]:
    """Chunks of which one runs on into the next as one: text typed with double spacing."""
    joined: list[list[_Line]] = []
    for chunk in chunks:
        before = joined[-1][-1].text if joined else ""
        goes_on = (
            bool(before)
            and not _SENTENCE_END.search(before)
            and not split_marker(chunk[0].text)[0]
            and (_GOES_ON.search(before) is not None or _long_then_small(before, chunk[0].text))
        )
        if goes_on:
            joined[-1].extend(chunk)
        else:
            joined.append(chunk)
    return joined


def _long_then_small(before: str, after: str) -> bool:
    return after[0].islower() and len(before) > 25 and " " in before


def _cells(chunks: list[list[_Line]]) -> list[list[_Line]]:
    """The chunks at the front that look like cells: short, no sentence, no list, no heading."""
    cells = []
    for chunk in chunks:
        text = " ".join(line.text for line in chunk)
        full = all(len(line.text) <= _LONGEST_CELL for line in chunk) and len(chunk) <= 5
        sentences = len(re.findall(r"[.!?](?:\s|$)", text))
        listed = any(split_marker(line.text)[1] != line.text for line in chunk)
        numbered = re.fullmatch(r"\d{1,2}[.)]?", text)
        if not full or sentences or (listed and not numbered) or _named(text) or text[-1] in ":;":
            break
        if len(text) > 2.5 * _LONGEST_CELL:
            break
        cells.append(chunk)
    return cells


def _named(text: str) -> bool:
    return bool(_NAMED.match(text)) and len(text) <= _LONGEST_HEADING


def _is_numbered_title(text: str) -> bool:
    number = _NUMBERED.match(text)
    return bool(
        number
        and text[number.end()].isupper()
        and len(text) <= _LONGEST_HEADING
        and not _SENTENCE_END.search(text)
    )


def _is_subtitle(chunks: list[list[_Line]]) -> bool:
    """Whether the first of the chunks behind a heading like "Chapter 3" is its other half."""
    if len(chunks) < 2 or len(chunks[0]) > 1:
        return False
    text = chunks[0][0].text
    short = len(text) <= _LONGEST_HEADING and not _SENTENCE_END.search(text)
    return short and not split_marker(text)[0] and len(chunks[1][0].text) > len(text)


def _heading(lines: list[_Line], following: list[_Line]) -> tuple[int, int]:
    """How many lines at the front of a chunk are a heading (0: none), and its level."""
    first = lines[0].text
    if len(lines) > 1 and _UNDERLINE.fullmatch(lines[1].text) and len(first) <= _LONGEST_HEADING:
        return 1, 1 if lines[1].text[0] in "=#*" else 2
    if len(first) > _LONGEST_HEADING or _SENTENCE_END.search(first) or "\t" in first:
        return 0, 0
    rest = lines[1:] or following
    if _named(first):
        return 1, 2
    number = _NUMBERED.match(first)
    if number and _is_numbered_title(first) and rest and not _NUMBERED.match(rest[0].text):
        return 1, 2 + number[1].count(".")
    letters = [char for char in first if char.isalpha()]
    capitals = len(letters) > 3 and all(char.isupper() for char in letters)
    if capitals and len(lines) == 1 and following and not following[0].text.isupper():
        return 1, 1
    return 0, 0
