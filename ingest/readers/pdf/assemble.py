"""The paragraphs and tables of all pages to the blocks of one draft."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from corpus.model import BlockKind
from ingest.readers.draft import Draft, tidy
from ingest.readers.pdf.headings import Heading, HeadingFinder, Outliner
from ingest.readers.pdf.paragraphs import Paragraph
from ingest.readers.pdf.tables import Cell, Table
from ingest.readers.repair import (
    Words,
    drop_note_numbers,
    is_marker,
    join_ligatures,
    join_lines,
    split_marker,
)

_SAME_EDGE = 6.0  # points within which the columns of two parts of a table stand
_LEAD_LENGTH = 300  # characters
_LABEL_LENGTH = 60
_CAPTION = re.compile(r"(?:table|tab\.|tabelle|tableau|figure|fig\.)\s*[\dIVX]+\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.!?;])\s+(?=[A-ZÀ-Þ\"“(])")
_INTRODUCES = re.compile(r"\b(?:follow(?:s|ing)?|below|these|includ\w+|such as)\b", re.IGNORECASE)
_STRAY_BULLETS = re.compile(r"[•●▪]{2,}|(?<=\S)\s*[•●▪]+$")
_NUMBER_LABEL = re.compile(r"\(?(\d{1,2})[.)]")


@dataclass(slots=True)
class _Item:
    """One block to be, its text still to be mended."""

    kind: BlockKind
    text: str
    path: tuple[str, ...]
    page: int
    page_end: int
    lead: str = ""
    group: int | None = None


@dataclass(slots=True)
class _List:
    """The list that is open: its group, and for each indentation what introduces its items."""

    group: int
    levels: list[tuple[float, str, str]] = field(default_factory=list)  # x0, marker kind, lead
    last_text: str = ""
    last_number: int = 0
    interrupted: bool = False


@dataclass(slots=True)
class Assembler:
    """Takes paragraphs and tables in reading order, gives a draft its blocks."""

    draft: Draft
    finder: HeadingFinder
    words: Words
    slides: bool = False
    _items: list[_Item] = field(default_factory=list)
    _outliner: Outliner = field(default_factory=Outliner)
    _list: _List | None = None
    _orphans: list[Paragraph] = field(default_factory=list)
    _table: Table | None = None
    _table_group: int = 0
    _table_lead: str = ""
    _header: list[str] = field(default_factory=list)
    _slide: int = 0
    _slide_group: int | None = None

    def take(self, item: Paragraph | Table) -> None:
        """The next paragraph or table of the file."""
        if self.slides and item.page != self._slide:
            self._slide, self._slide_group = item.page, self.draft.new_group()
            self._outliner.leave_all()
            self._end_list()
        if isinstance(item, Table):
            self._flush_orphans()
            self._take_table(item)
        else:
            self._take_paragraph(item)

    def finish(self) -> None:
        """Mend the texts and add all blocks to the draft."""
        self._flush_orphans()
        if self.slides:
            self._lone_headings_to_text()
        texts = [item.text for item in self._items]
        texts = [join_ligatures(text, self.words) for text in texts]
        texts = drop_note_numbers(texts, self.words)
        for item, text in zip(self._items, texts, strict=True):
            self.draft.add(
                item.kind,
                text,
                heading_path=item.path,
                page=item.page,
                page_end=item.page_end,
                lead=item.lead,
                group=item.group,
            )

    def _lone_headings_to_text(self) -> None:
        """On slides, big words with nothing under them are what the slide says."""
        for item, after in zip(self._items, [*self._items[1:], None], strict=True):
            followed = after is not None and after.page == item.page
            if item.kind is BlockKind.HEADING and not (
                followed and after is not None and item.text in after.path
            ):
                item.kind = BlockKind.PARAGRAPH

    # Paragraphs, headings and list items

    def _take_paragraph(self, paragraph: Paragraph) -> None:
        text = join_lines([line.text for line in paragraph.lines], self.words)
        text = _STRAY_BULLETS.sub("", text).strip()
        if not text or (is_marker(text) and _marker_kind(text) != "letter"):
            self._orphans.append(paragraph)
            return
        if self._orphans and self._adopt(paragraph, text):
            return
        last_item = self._list.last_number if self._list else 0
        heading = None if paragraph.is_note else self.finder.heading(paragraph, last_item)
        if heading:
            self._take_heading(paragraph, replace(heading, text=text))
            return
        marker, rest = split_marker(text)
        if marker and rest and not paragraph.is_note and self._is_label(marker):
            for part in re.split(r"\s[•●▪]\s", rest):
                self._take_list_item(paragraph, marker, part)
            return
        if self._list:
            if self._list.interrupted:
                self._end_list()
            else:
                self._list.interrupted = True
        if not paragraph.is_note:
            self._table = None
        self._add(BlockKind.PARAGRAPH, text, paragraph)

    def _take_heading(self, paragraph: Paragraph, heading: Heading) -> None:
        self._end_list()
        self._table = None
        self._outliner.enter(heading)
        self._add(BlockKind.HEADING, heading.text, paragraph, path=self._outliner.path[:-1])

    def _take_list_item(self, paragraph: Paragraph, marker: str, rest: str) -> None:
        number = _NUMBER_LABEL.fullmatch(marker)
        kind = _marker_kind(marker)
        self._table = None
        current = self._list
        introduced = self._last_sentence()
        opens = introduced.endswith(":") or _is_label(introduced)
        if current and current.interrupted and opens:
            self._end_list()
            current = None
        if current and current.interrupted and kind not in {level[1] for level in current.levels}:
            current = None
        if current is None:
            current = _List(self._slide_group or self.draft.new_group(), [])
            current.levels.append((paragraph.x0, kind, introduced))
            self._list = current
        lead = self._level_lead(current, paragraph.x0, kind)
        text = rest if kind.startswith("bullet") else f"{marker} {rest}"
        self._add(BlockKind.LIST_ITEM, text, paragraph, lead=lead, group=current.group)
        current.last_text, current.interrupted = text, False
        current.last_number = int(number[1]) if number else current.last_number

    def _is_label(self, marker: str) -> bool:
        """Whether a marker is one: a letter only where it begins a list or goes on with one."""
        if _marker_kind(marker) != "letter" or marker.strip("().") in {"a", "A", "i", "I"}:
            return True
        return self._list is not None and "letter" in {level[1] for level in self._list.levels}

    def _level_lead(self, current: _List, x0: float, kind: str) -> str:
        """Open or close levels for an item at ``x0``; what introduces the items of that level."""
        known = [i for i, level in enumerate(current.levels) if level[1] == kind]
        top = current.levels[-1]
        if known and (abs(current.levels[known[-1]][0] - x0) < 4 or current.interrupted):
            del current.levels[known[-1] + 1 :]
        elif kind != top[1] or x0 > top[0] + 4:
            same_place = [i for i, level in enumerate(current.levels) if abs(level[0] - x0) < 4]
            if same_place and not known and len(current.levels) > 1 and kind == top[1]:
                del current.levels[same_place[-1] + 1 :]
            else:
                parent = _sentences(current.last_text)[-1] if current.last_text else top[2]
                current.levels.append((x0, kind, parent))
        else:
            while len(current.levels) > 1 and current.levels[-1][0] > x0 + 4:
                current.levels.pop()
        return current.levels[-1][2]

    def _last_sentence(self) -> str:
        """What stands before a list: the last sentence of the paragraph before it."""
        before = self._items[-1] if self._items else None
        if before is None or before.kind is not BlockKind.PARAGRAPH:
            return ""
        last = _sentences(before.text)[-1]
        if last.endswith((":", "...")) or _is_label(last):
            return last[-_LEAD_LENGTH:]
        introduces = not self.slides and (last[-1:] not in ".!?" or _INTRODUCES.search(last))
        return last[-_LEAD_LENGTH:] if introduces else ""

    def _end_list(self) -> None:
        self._list = None

    # Markers that the layout parted from their items

    def _adopt(self, paragraph: Paragraph, text: str) -> bool:
        """Give the markers that stood alone to the clauses of the paragraph that follows them."""
        markers = [p.lines[0].text for p in self._orphans]
        if split_marker(text)[0]:
            self._flush_orphans()
            return False
        if len(markers) == 1:
            clauses = [text]
        else:
            clauses = [part.strip() for part in re.split(r"(?<=;)\s+", text)]
        self._orphans.clear()
        if len(clauses) != len(markers):
            return False
        for marker, clause in zip(markers, clauses, strict=True):
            self._take_list_item(paragraph, marker, clause)
        return True

    def _flush_orphans(self) -> None:
        """Markers that nothing follows say nothing."""
        self._orphans.clear()

    # Tables

    def _take_table(self, table: Table) -> None:
        rows = [[self._cell(cell) for cell in row] for row in table.rows]
        head, body = rows[: table.header], rows[table.header :]
        header = [" ".join(dict.fromkeys(filter(None, names))) for names in zip(*head, strict=True)]
        continues = self._continues(table, header, rows)
        if continues and not (header and header == self._header):
            body = rows
            if body and not body[0][0] and self._grow_last_row(body[0], table):
                body = body[1:]
        elif not continues:
            self._header = header
            self._table_group = self._slide_group or self.draft.new_group()
            self._table_lead = self._caption()
            self._end_list()
        keyed = table.keyed and not self._header
        section = ""
        self._outliner.note_text()
        for row in body:
            filled = [cell for cell in row if cell]
            if len(filled) == 1 and row[0] and len(row) > 2 and len(body) > 1:
                section = row[0]
            lead = " - ".join(part for part in (self._table_lead, section) if part)
            text = _row_text(row, self._header, keyed=keyed)
            lead = "" if text == lead else lead
            self._items.append(
                _Item(
                    BlockKind.TABLE_ROW,
                    text,
                    self._outliner.path,
                    table.page,
                    table.page,
                    lead,
                    self._table_group,
                )
            )
        self._table = table

    def _cell(self, cell: Cell) -> str:
        return tidy(join_lines([line.text for line in cell], self.words)).replace("\n", " ")

    def _continues(self, table: Table, header: list[str], rows: list[list[str]]) -> bool:
        """Whether ``table`` goes on with the table that ended the page before."""
        last = self._table
        if last is None or table.page != last.page + 1 or len(table.edges) != len(last.edges):
            return False
        if header and header == self._header:
            return True
        shift = table.edges[0] - last.edges[0]  # left and right pages have different margins
        same = all(
            abs(a - b - shift) <= _SAME_EDGE for a, b in zip(table.edges, last.edges, strict=True)
        )
        bold_header = table.header and all(
            line.bold for row in table.rows[: table.header] for cell in row for line in cell
        )
        return same and not bold_header and bool(rows)

    def _grow_last_row(self, row: list[str], table: Table) -> bool:
        """A row without a first cell at the top of a page is the rest of the row before it."""
        last = self._items[-1] if self._items else None
        if last is None or last.kind is not BlockKind.TABLE_ROW or self._table is None:
            return False
        cells = [self._cell(cell) for cell in self._table.rows[-1]]
        before = _row_text(cells, self._header, keyed=False)
        if last.text != before:
            return False
        grown = [" ".join(filter(None, pair)) for pair in zip(cells, row, strict=True)]
        last.text = _row_text(grown, self._header, keyed=False)
        last.page_end = table.page
        return True

    def _caption(self) -> str:
        """The caption of a table: the paragraph before it, where that introduces it."""
        before = self._items[-1] if self._items else None
        if before is None or before.kind not in (BlockKind.PARAGRAPH, BlockKind.HEADING):
            return ""
        if before.kind is BlockKind.HEADING and not _CAPTION.match(before.text):
            return ""
        last = _sentences(before.text)[-1]
        if _CAPTION.match(before.text):
            return before.text[:_LEAD_LENGTH]
        introduces = last.endswith(":") or re.search(r"\btable\b", last, re.IGNORECASE)
        return last[-_LEAD_LENGTH:] if introduces else ""

    def _add(
        self,
        kind: BlockKind,
        text: str,
        paragraph: Paragraph,
        *,
        path: tuple[str, ...] | None = None,
        lead: str = "",
        group: int | None = None,
    ) -> None:
        if kind is not BlockKind.HEADING:
            self._outliner.note_text()
        self._items.append(
            _Item(
                kind,
                text,
                self._outliner.path if path is None else path,
                paragraph.page,
                paragraph.page_end,
                lead,
                group or self._slide_group,
            )
        )


def _marker_kind(marker: str) -> str:
    """What items of one level have in common: the bullet, or the sort of number."""
    label = marker.strip("().")
    if label.isdigit():
        return "number"
    if label.isalpha() and marker != label:
        return "letter"
    return "bullet" if marker not in "-–—*o" else f"bullet {marker}"


def _is_label(text: str) -> bool:
    """Whether a line of text names what follows it and is no sentence."""
    return 0 < len(text) <= _LABEL_LENGTH and text[-1].isalnum() and text[0].isalpha()


def _sentences(text: str) -> list[str]:
    return _SENTENCE_END.split(text) if text else [""]


def _row_text(row: Sequence[str], header: Sequence[str], *, keyed: bool) -> str:
    if keyed:
        label, values = row[0].rstrip(":"), "; ".join(filter(None, row[1:]))
        return f"{label}: {values}" if label and values else label or values
    if len([cell for cell in row if cell]) == 1 and row[0] and len(row) > 2:
        return row[0]
    if len(header) != len(row):
        return "; ".join(filter(None, row))
    pairs = (
        f"{name.rstrip(':')}: {cell}" if name else cell
        for name, cell in zip(header, row, strict=True)
        if cell
    )
    return "; ".join(pairs)
