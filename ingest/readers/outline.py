"""Headings, labels, lists and tables in reading order to the blocks of a `Draft`.

Keeps the heading path, gives list items and table rows the sentence that introduces them, and joins
a label to the short value below it (``Start date`` / ``October 2018``).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from corpus.model import BlockKind
from corpus.sentences import sentence_spans
from ingest.readers.draft import Draft
from ingest.readers.tables import table_rows

# A line in bold acts as a heading below all real ones; one that holds only such lines, above them.
_GROUP_LEVEL, _LABEL_LEVEL = 97, 98
LONGEST_LABEL = 200
_LONGEST_VALUE = 100
_LONGEST_LEAD = 240
_MARK = re.compile(r"[.!?][\"”)]?(?:\s|$)")  # the end of a sentence


@dataclass(slots=True)
class _List:
    group: int
    lead: str  # what introduces the list
    inner_lead: str = ""  # what introduces the next item, where an item before does
    last: str = ""  # the item before


@dataclass(slots=True)
class Outline:
    """Call the methods in reading order, then `finish`. ``page`` is that of what follows."""

    draft: Draft
    language: str = "en"
    page: int | None = None
    _path: list[tuple[int, str]] = field(default_factory=list)
    _label: str = ""
    _value: str = ""
    _intro: str = ""
    _after_group: bool = False  # a list or table came before
    _lists: list[_List] = field(default_factory=list)

    @property
    def path(self) -> tuple[str, ...]:
        """The headings above what follows, the outermost first."""
        return tuple(text for _, text in self._path)

    def heading(self, level: int, text: str) -> None:
        """A heading; ``level`` 1 is the outermost."""
        text = _plain(text)
        if not text:
            return
        self._settle(content=False)
        self._open(level, text)

    def label(self, text: str) -> None:
        """A line that names what stands below it (a line in bold, a form's question)."""
        text = _plain(text)
        if not text:
            return
        if self._label and not self._value:
            group, self._label = self._label, ""
            self._open(_GROUP_LEVEL, group)
        self._settle(content=False)
        self._close(_LABEL_LEVEL)
        self._label = text

    def paragraph(self, text: str) -> None:
        """A paragraph."""
        if not text.strip():
            return
        if self._label and not self._value and _is_value(text):
            self._value = text
            return
        self._settle(content=True)
        if self._after_group and _is_title(text):
            self._close(_LABEL_LEVEL)  # the next question of a form, not printed in bold
        self._add(BlockKind.PARAGRAPH, text)
        self._intro = text

    def lines(self, texts: Sequence[str]) -> None:
        """Lines that belong together and are no sentence: cells, an address, a picture's words."""
        self._settle(content=True)
        group = self.draft.new_group()
        for text in texts:
            self._add(BlockKind.PARAGRAPH, text, group=group)
        self._intro = ""

    def begin_list(self) -> None:
        """A list begins, or a list within the item before."""
        self._settle(content=True)
        if self._lists:
            outer = self._lists[-1]
            lead = lead_of(outer.last, self.language, always=True) or outer.lead
            self._lists.append(_List(outer.group, lead))
        else:
            lead = lead_of(self._intro, self.language)
            self._lists.append(_List(self.draft.new_group(), lead))

    def item(self, text: str) -> None:
        """An item of the innermost list that was begun."""
        if not text.strip():
            return
        current = self._lists[-1]
        introduces = text.rstrip().endswith(":")
        # Some programs put a list and the paragraphs around it into one: an item that ends in a
        # colon introduces the short ones behind it, up to the next such item or paragraph.
        if introduces or len(sentence_spans(text, self.language)) > 1:
            current.inner_lead = ""
        lead = current.inner_lead or current.lead
        self._add(BlockKind.LIST_ITEM, text, lead=lead, group=current.group)
        current.last = text
        if introduces:
            current.inner_lead = lead_of(text, self.language)

    def end_list(self) -> None:
        """The innermost list ends."""
        self._lists.pop()
        self._intro = ""

    def table(
        self, grid: Sequence[Sequence[str]], header_rows: int | None = None, caption: str = ""
    ) -> None:
        """A table as in `tables.table_rows`; ``caption`` "" means what stands before it."""
        rows = table_rows(grid, header_rows)
        self._settle(content=True)
        lead = caption or lead_of(self._intro, self.language, always=True)
        group = self.draft.new_group()
        for row in rows:
            around = f"{lead.rstrip('.:')}: {row.section}" if lead and row.section else row.section
            self._add(BlockKind.TABLE_ROW, row.text, lead=around or lead, group=group)
        self._intro = ""

    def finish(self) -> Draft:
        """The draft, with what was still held back."""
        self._settle(content=False)
        return self.draft

    def _open(self, level: int, text: str) -> None:
        self._close(level)
        self._path.append((level, text))
        self._add(BlockKind.HEADING, text)
        self._intro = ""

    def _close(self, level: int) -> None:
        while self._path and self._path[-1][0] >= level:
            self._path.pop()

    def _settle(self, *, content: bool) -> None:
        """Decide what the held label is, now that something follows: ``content`` or a new part."""
        label, value = self._label, self._value
        if not label:
            return
        self._label = self._value = ""
        if content:
            self._open(_LABEL_LEVEL, label)
            if value:
                self._add(BlockKind.PARAGRAPH, value)
                self._intro = value
        elif value:
            joint = " " if label.endswith((":", "?", "!")) else ": "
            self._add(BlockKind.PARAGRAPH, f"{label}{joint}{value}")
        else:
            self._add(BlockKind.PARAGRAPH, label)  # a sentence in bold, with nothing below it

    def _add(self, kind: BlockKind, text: str, *, lead: str = "", group: int | None = None) -> None:
        if lead in self.path:
            lead = ""
        self._after_group = kind in (BlockKind.LIST_ITEM, BlockKind.TABLE_ROW)
        self.draft.add(kind, text, heading_path=self.path, page=self.page, lead=lead, group=group)


def lead_of(text: str, language: str = "en", *, always: bool = False) -> str:
    """The end of ``text`` if it introduces what follows, else "".

    That is its last sentence where that ends in a colon, or the whole where it is a title; with
    ``always`` any last sentence that is not too long.
    """
    spans = sentence_spans(text, language)
    if not spans:
        return ""
    last = text[spans[-1][0] : spans[-1][1]]
    if len(last) > _LONGEST_LEAD:
        return ""
    opens = last.endswith((":", "…", "...")) or (len(spans) == 1 and _is_title(last))
    return last if opens or always else ""


def _is_title(text: str) -> bool:
    """Whether a line names what follows: it has no mark at its end, and none inside."""
    text = text.strip()
    closed = text[-1:].isalnum() or text.endswith((")", "”", '"'))
    return closed and not _MARK.search(text)


def _is_value(text: str) -> bool:
    return len(text) <= _LONGEST_VALUE and "\n" not in text.strip() and not text.endswith(":")


def _plain(text: str) -> str:
    """Without the star with which forms mark a field that must be filled in."""
    return text.strip().removeprefix("*").removesuffix("*").strip()
