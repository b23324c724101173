"""A report as pandoc's tree, so that no text is ever taken for anything but text.

The Markdown of an item may be bold, emphatic, a list, a quotation, a table or code. HTML, images
and links in it stay the characters that they were typed as. The only links are those of the
sources; the only raw pieces are written here, where a format has no other way to point to one
footnote from two places.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from app.footnotes import FORMS, Footnote
from app.markdown import quoting_markdown
from app.report.model import Cited, Item, Report, Sheet
from app.report.notes import Note, Notes
from app.report.pandoc import Node
from app.report.words import WORDS

Target = Literal["docx", "html", "gfm"]

_MARKDOWN = quoting_markdown()
_MARKER_OR_URL = re.compile(r"[ \t\xa0]*\[(\d{1,3})\]|(https?://[^\s<>\"'`|\\^{}\[\]]+)")
_AFTER_URL = ".,;:!?)»”’*_"
_FIGURE = re.compile(r"[^\w]*(?:[A-Z]{3}\s)?\d[\d.,\s]*(?:%|\s*(?:million|billion))?")
_MARKERS = re.compile(r"\s*\[\d{1,3}\]")
_BLANK: Node = {"t": "Space"}
_ATTR = ["", [], []]
_DEEPEST = 20  # marks within marks; the parser itself bounds lists and quotations
_NARROWEST, _WIDEST = 8, 46  # characters of a table's column that count for its width
_NORMAL = 75  # characters in a line: a table with less in a row needs no widths


@dataclass(slots=True)
class Tree:
    """Builds the tree of a report for one format."""

    report: Report
    notes: Notes
    target: Target
    _cited: Mapping[int, Cited] = field(default_factory=dict)  # of the item at hand
    _pointed: int = 0  # how often the item at hand points to a footnote
    _bodies: dict[int, list[Node]] = field(default_factory=dict)  # of footnotes, by number
    _mark: Node | None = None  # the last that points to a footnote
    _beside: set[int] = field(default_factory=set)  # the numbers that it and those next to it show

    @property
    def _top(self) -> int:
        """The level of the items' headings: in Word the report's title is no heading."""
        return 1 if self.target == "docx" else 2

    def items(self) -> list[Node]:
        """The items, each under its title."""
        return [block for item in self.report.items for block in self._item(item)]

    def bibliography(self) -> list[Node]:
        """The sources of all footnotes that `items` has made; nothing where there are none."""
        entries = [[{"t": "Plain", "c": _note_text(text)}] for text in self.notes.bibliography()]
        if not entries:
            return []
        heading = _header(self._top, words(WORDS[self.report.language].sources))
        return [heading, {"t": "BulletList", "c": entries}]

    def meta(self, today: date) -> dict[str, Node]:
        """Title, author, day and language, as pandoc calls them."""
        own, form = WORDS[self.report.language], FORMS[self.report.language]
        title = self.report.title or own.untitled
        said = {"title": title, "author": self.report.author, "date": form.day(today)}
        return {
            "lang": {"t": "MetaString", "c": own.tag},
            **{name: {"t": "MetaInlines", "c": words(text)} for name, text in said.items() if text},
        }

    def front(self, today: date) -> list[Node]:
        """Title, author and day as blocks, for formats that have no place of their own for them."""
        title, by = front_matter(self.report, today)
        return [_header(1, words(title)), _para(words(by))]

    def _item(self, item: Item) -> list[Node]:
        self._cited = {cited.n: cited for cited in item.citations}
        self._pointed = 0
        title = [_header(self._top, self._inline(item.title))]
        blocks = self._blocks(_nodes(_MARKDOWN.parse(item.markdown)))
        if item.table:
            blocks.append(self._table(item.table))
        if not self._pointed and self._cited:
            # Edited until no marker was left: what it rests on is still named.
            if not blocks or blocks[-1]["t"] != "Para":
                blocks.append(_para([]))
            for number in sorted(self._cited):
                self._point(number, blocks[-1]["c"])
        return self._marked([*title, *blocks] if item.title else blocks, item.language)

    def _marked(self, blocks: list[Node], language: str) -> list[Node]:
        """The blocks as what they are where their language is not the report's."""
        # Markdown has no mark for it but a tag.
        if self.target == "gfm" or language in ("", self.report.language):
            return blocks
        return [{"t": "Div", "c": [["", [], [["lang", language]]], blocks]}]

    # --- Blocks ---------------------------------------------------------------------------------

    def _blocks(self, nodes: Sequence[SyntaxTreeNode]) -> list[Node]:
        return [block for node in nodes for block in self._block(node)]

    def _block(self, node: SyntaxTreeNode) -> list[Node]:
        kind = node.type
        if kind == "paragraph":
            # Hidden: an entry of a list that is set without gaps.
            return [{"t": "Plain" if node.hidden else "Para", "c": self._within(node)}]
        if kind == "heading":
            return [_header(min(int(node.tag[1:]) + self._top, 6), self._within(node))]
        if kind in ("bullet_list", "ordered_list"):
            entries = [self._blocks(entry.children) for entry in node.children]
            if kind == "bullet_list":
                return [{"t": "BulletList", "c": entries}]
            first = int(node.attrs.get("start", 1))
            style = [first, {"t": "Decimal"}, {"t": "Period"}]
            return [{"t": "OrderedList", "c": [style, entries]}]
        if kind == "blockquote":
            return [{"t": "BlockQuote", "c": self._blocks(node.children)}]
        if kind == "hr":
            return [{"t": "HorizontalRule"}]
        if kind == "table":
            return [self._written_table(node)]
        # What is left is code, fenced or indented.
        return [{"t": "CodeBlock", "c": [_ATTR, node.content.rstrip("\n")]}]

    def _written_table(self, node: SyntaxTreeNode) -> Node:
        rows = [row for part in node.children for row in part.children]
        cells = [[self._within(cell) for cell in row.children] for row in rows]
        printed = [[_text_of(cell) for cell in row.children] for row in rows]
        return _table_node(cells, printed)

    def _table(self, sheet: Sheet) -> Node:
        rows = (sheet.header, *sheet.rows)
        cells = [[self._inline(cell) for cell in row] for row in rows]
        return _table_node(cells, rows)

    # --- Text -----------------------------------------------------------------------------------

    def _inline(self, text: str) -> list[Node]:
        """One line of Markdown: a title or a table's cell."""
        return self._spans(_nodes(_MARKDOWN.parseInline(text)))

    def _within(self, node: SyntaxTreeNode) -> list[Node]:
        return self._spans(node.children)

    def _spans(self, nodes: Sequence[SyntaxTreeNode]) -> list[Node]:
        made: list[Node] = []
        for node in nodes:
            if node.type == "inline":
                made += self._spans(node.children)
            elif node.type == "text":
                self._text(node.content, made)
            elif node.type in ("softbreak", "hardbreak"):
                made.append({"t": "SoftBreak" if node.type == "softbreak" else "LineBreak"})
            elif node.type in ("em", "strong"):
                kind = "Emph" if node.type == "em" else "Strong"
                made.append({"t": kind, "c": self._spans(node.children)})
            else:  # code
                made.append({"t": "Code", "c": [_ATTR, node.content]})
        return made

    def _text(self, text: str, made: list[Node]) -> None:
        """Add text to ``made``, its markers as footnotes and the sources' addresses as links."""
        place = 0
        for match in _MARKER_OR_URL.finditer(text):
            if match[1]:
                if int(match[1]) not in self._cited:
                    continue
                made += words(text[place : match.start()])
                self._point(int(match[1]), made)
                place = match.end()
            elif (url := match[2].rstrip(_AFTER_URL)) in self._addresses():
                made += words(text[place : match.start()])
                made.append(_link(url))
                place = match.start() + len(url)
        made += words(text[place:])

    def _addresses(self) -> set[str]:
        return {source.url for source in self.notes.known.values()}

    # --- Footnotes ------------------------------------------------------------------------------

    def _point(self, marker: int, made: list[Node]) -> None:
        """Point to the footnote behind a marker of the item at hand."""
        self._pointed += 1
        beside = self._beside if made and made[-1] is self._mark else set()
        note = self.notes.note(self._cited[marker], apart_from=beside)
        if note is None:
            return
        if beside:
            # Two raised numbers side by side would read as one.
            made.append(_BLANK if self.target == "gfm" else _raised(", "))
        if note.times == 1:
            body = _note_text(note.text)
            self._bodies[note.number] = body
            made += _first(note, {"t": "Note", "c": [_para(body)]}, self.target)
        else:
            made.append(_again(note, self.target))
            if self.target == "html":
                self._bodies[note.number] += [_BLANK, _back(note)]
        self._mark, self._beside = made[-1], {*beside, note.number}


def _nodes(tokens: list[Token]) -> list[SyntaxTreeNode]:
    """What was parsed as a tree; a line with marks within marks without end is taken as typed."""
    for token in tokens:
        if any(child.level > _DEEPEST for child in token.children or ()):
            token.children = [Token("text", "", 0, content=token.content)]
    return SyntaxTreeNode(tokens).children


def _first(note: Note, node: Node, target: Target) -> list[Node]:
    if target != "docx":
        return [node]
    # The bookmark is what later places point to.
    number = note.number
    start = f'<w:bookmarkStart w:id="{9000 + number}" w:name="_Note{number}"/>'
    end = f'<w:bookmarkEnd w:id="{9000 + number}"/>'
    return [_raw("openxml", start), node, _raw("openxml", end)]


def _again(note: Note, target: Target) -> Node:
    """A later place that points to a footnote that is there already."""
    number = note.number
    if target == "gfm":
        return _raw("markdown", f"[^{number}]")
    if target == "html":
        return _raw(
            "html",
            f'<a href="#fn{number}" class="footnote-ref" id="fnref{number}-{note.times}" '
            f'role="doc-noteref"><sup>{number}</sup></a>',
        )
    look = '<w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr>'
    steps = (
        '<w:fldChar w:fldCharType="begin"/>',
        f'<w:instrText xml:space="preserve"> NOTEREF _Note{number} \\f \\h </w:instrText>',
        '<w:fldChar w:fldCharType="separate"/>',
        f"<w:t>{number}</w:t>",
        '<w:fldChar w:fldCharType="end"/>',
    )
    return _raw("openxml", "".join(f"<w:r>{look}{step}</w:r>" for step in steps))


def _back(note: Note) -> Node:
    return _raw(
        "html",
        f'<a href="#fnref{note.number}-{note.times}" class="footnote-back" '
        f'role="doc-backlink">↩︎<sup>{note.times}</sup></a>',
    )


def _note_text(text: Footnote) -> list[Node]:
    link = [_link(text.url)] if text.url else []
    return [*words(text.before), *link, *words(text.after)]


def front_matter(report: Report, today: date) -> tuple[str, str]:
    """The report's title, and the line with author and day."""
    title = report.title or WORDS[report.language].untitled
    by = (report.author, FORMS[report.language].day(today))
    return title, " · ".join(part for part in by if part)


# --- Nodes ---------------------------------------------------------------------------------------


def words(text: str) -> list[Node]:
    """Text as pandoc's words and the blanks between them."""
    pieces = re.split(r"([ \t\n]+)", text)
    return [{"t": "Str", "c": p} if p.strip(" \t\n") else _BLANK for p in pieces if p]


def _para(inlines: list[Node]) -> Node:
    return {"t": "Para", "c": inlines}


def _header(level: int, inlines: list[Node]) -> Node:
    return {"t": "Header", "c": [level, _ATTR, inlines]}


def _link(url: str) -> Node:
    return {"t": "Link", "c": [_ATTR, [{"t": "Str", "c": url}], [url, ""]]}


def _raised(text: str) -> Node:
    return {"t": "Superscript", "c": [{"t": "Str", "c": text}]}


def _raw(target: str, text: str) -> Node:
    return {"t": "RawInline", "c": [target, text]}


def _text_of(node: SyntaxTreeNode) -> str:
    return "".join(part.content for part in node.walk() if part.type in ("text", "code_inline"))


def _table_node(cells: Sequence[Sequence[list[Node]]], printed: Sequence[Sequence[str]]) -> Node:
    """A table whose first row is its head; ``printed`` is the text of the same cells."""
    plain = [[_MARKERS.sub("", cell) for cell in row] for row in printed]
    columns = [
        [{"t": "AlignRight" if _are_figures(column[1:]) else "AlignDefault"}, width]
        for column, width in zip(zip(*plain, strict=True), _widths(plain), strict=True)
    ]
    rows = [[_ATTR, [_cell(cell) for cell in row]] for row in cells]
    body = [_ATTR, 0, [], rows[1:]]
    no_caption: list[object] = [None, []]
    parts = [_ATTR, no_caption, columns, [_ATTR, rows[:1]], [body], [_ATTR, []]]
    return {"t": "Table", "c": parts}


def _cell(inlines: list[Node]) -> list[object]:
    # A cell is one line in every format.
    line = [_BLANK if one["t"] in ("LineBreak", "SoftBreak") else one for one in inlines]
    return [_ATTR, {"t": "AlignDefault"}, 1, 1, [{"t": "Plain", "c": line}]]


def _are_figures(column: Sequence[str]) -> bool:
    said = [cell for cell in column if cell]
    return bool(said) and all(_FIGURE.fullmatch(cell) for cell in said)


def _widths(rows: Sequence[Sequence[str]]) -> list[Node]:
    longest = [max(map(len, column)) for column in zip(*rows, strict=True)]
    if sum(longest) < _NORMAL:
        return [{"t": "ColWidthDefault"}] * len(longest)
    needed = [min(max(length, _NARROWEST), _WIDEST) for length in longest]
    return [{"t": "ColWidth", "c": part / sum(needed)} for part in needed]
