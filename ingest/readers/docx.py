"""Reads Word files: body, tables, text boxes and notes, not headers and footers."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.oxml.table import CT_Tbl
from docx.oxml.text.paragraph import CT_P
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph
from lxml.etree import _Element

from ingest.readers.draft import Draft
from ingest.readers.office import check_archive, has_part, title_of
from ingest.readers.outline import LONGEST_LABEL, Outline
from ingest.readers.tables import CHECKED, UNCHECKED

_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_OFF = {"0", "false", "off"}
# What is not shown (deleted text, the second copy of a drawing) or is read apart (text boxes).
_SKIPPED = {
    qn("w:del"), qn("w:moveFrom"), qn("w:instrText"), qn("w:txbxContent"), qn("w:pPr"),
    qn("w:rPr"), "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
}  # fmt: skip
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


class DocxReader:
    """Reader of ``.docx``."""

    media_type = _MAIN

    def accepts(self, path: Path, data: bytes) -> bool:
        """Whether the file is an archive with a Word document in it."""
        return has_part(data, "word/document.xml", f"{_MAIN}.main+xml")

    def read(self, path: Path, data: bytes) -> Draft:
        """The blocks. The title is that of the properties, else the paragraph in the style Title.

        Raises TooLarge or Encrypted.
        """
        check_archive(path, data)
        document = docx.Document(BytesIO(data))
        draft = Draft(title=title_of(document.core_properties.title))
        notes = _notes(document.part, RELATIONSHIP_TYPE.FOOTNOTES)
        endnotes = _notes(document.part, RELATIONSHIP_TYPE.ENDNOTES)
        walk = _Walk(
            Outline(draft), document.part, notes | {f"e{k}": v for k, v in endnotes.items()}
        )
        walk.content(document.element.body)
        walk.finish()
        draft.title = draft.title or walk.title
        return draft


def _notes(part: Part, kind: str) -> dict[str, str]:
    """Footnotes or endnotes by their id; those with special meaning (rules) left out."""
    try:
        root = parse_xml(part.part_related_by(kind).blob)
    except KeyError:
        return {}
    return {
        str(note.get(qn("w:id"))): " ".join(_text(p) for p in note.iter(qn("w:p"))).strip()
        for note in root
        if note.get(qn("w:type")) in (None, "normal")
    }


class _Walk:
    """Goes through paragraphs and tables and tells an outline what they are."""

    def __init__(self, outline: Outline, part: object, notes: dict[str, str]) -> None:
        self.outline = outline
        self.part = part
        self.notes = notes
        self.cited: list[str] = []  # notes of the section so far
        self.levels: list[int] = []  # of the lists that are open
        self.title = ""

    def content(self, parent: _Element) -> None:
        """The paragraphs and tables in an element, in order."""
        for child in parent.iterchildren():
            if isinstance(child, CT_P):
                self.paragraph(child)
            elif isinstance(child, CT_Tbl):
                self.end_lists()
                self.table(child)
            elif child.tag == qn("w:sdt") and not _is_contents(child):
                for content in child.iterchildren(qn("w:sdtContent")):
                    self.content(content)
            elif child.tag in (qn("w:ins"), qn("w:moveTo"), qn("w:customXml")):
                self.content(child)

    def paragraph(self, element: CT_P) -> None:
        """One paragraph, then the text boxes anchored in it."""
        paragraph = Paragraph(element, self.part)  # type: ignore[arg-type]
        text = _text(element).strip()
        if text:
            self.text(paragraph, text)
        for reference in element.iter(qn("w:footnoteReference"), qn("w:endnoteReference")):
            prefix = "e" if reference.tag == qn("w:endnoteReference") else ""
            note = self.notes.get(f"{prefix}{reference.get(qn('w:id'))}", "")
            self.cited += [note] if note else []
        for box in element.iter(qn("w:txbxContent")):
            if not any(True for _ in box.iterancestors(_FALLBACK)):
                self.content(box)

    def text(self, paragraph: Paragraph, text: str) -> None:
        """The words of a paragraph, as what its style says."""
        style = paragraph.style
        name = (style.name or "") if style else ""
        level = _heading_level(paragraph)
        if name.startswith("TOC") or name.lower().startswith("table of"):
            return
        if name == "Title":
            self.title = self.title or text.replace("\n", " ")
        if level is not None:
            self.end_lists()
            self.write_notes()
            self.outline.heading(level, text.replace("\n", " "))
            return
        depth = _list_level(paragraph)
        if depth is not None:
            self.item(depth, text)
            return
        self.end_lists()
        if _is_bold(paragraph) and len(text) <= LONGEST_LABEL:
            self.outline.label(text)
        else:
            self.outline.paragraph(text)

    def item(self, depth: int, text: str) -> None:
        """An item; ``depth`` 0 is the outermost list."""
        if not self.levels or depth > self.levels[-1]:
            self.outline.begin_list()
            self.levels.append(depth)
        while len(self.levels) > 1 and depth < self.levels[-1]:
            self.levels.pop()
            self.outline.end_list()
        self.outline.item(text)

    def end_lists(self) -> None:
        """Close the lists that are open: something else follows."""
        for _ in self.levels:
            self.outline.end_list()
        self.levels.clear()

    def table(self, table: CT_Tbl) -> None:
        """A table as rows; one of a single column only frames what stands in it."""
        grid: list[list[str]] = []
        headers = 0
        for row in table.tr_lst:
            line = [""] * row.grid_before
            for cell in row.tc_lst:
                above = grid[-1][len(line)] if grid and len(line) < len(grid[-1]) else ""
                text = above if cell.vMerge == "continue" else _cell_text(cell)
                line += [text] * cell.grid_span
            grid.append(line)
            marked = row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}")
            if headers == len(grid) - 1 and _is_on(marked):
                headers += 1
        if max(map(len, grid), default=0) < 2:
            for frame in table.iter(qn("w:tc")):
                self.content(frame)
            self.end_lists()
            return
        self.outline.table(grid, headers if 0 < headers < len(grid) else None)

    def write_notes(self) -> None:
        """The notes of the section that ends."""
        for note in self.cited:
            self.outline.paragraph(note)
        self.cited.clear()

    def finish(self) -> None:
        """What is still open."""
        self.end_lists()
        self.write_notes()
        self.outline.finish()


def _text(element: _Element) -> str:
    return "".join(_pieces(element))


def _pieces(element: _Element) -> Iterator[str]:
    """The words of a paragraph as shown: with insertions and links, without deletions."""
    for child in element.iterchildren():
        tag = child.tag
        if tag in _SKIPPED:
            continue
        if tag == qn("w:t"):
            yield child.text or ""
        elif tag in (qn("w:tab"), qn("w:ptab")):
            yield " "
        elif tag == qn("w:cr") or (tag == qn("w:br") and _is_line_break(child)):
            yield "\n"
        elif tag == qn("w:noBreakHyphen"):
            yield "-"
        elif tag == qn("w:checkBox"):
            yield _box(child)
        elif isinstance(tag, str):
            yield from _pieces(child)


def _is_line_break(element: _Element) -> bool:
    return element.get(qn("w:type")) in (None, "textWrapping")  # not of a page or column


def _box(element: _Element) -> str:
    """The box of an old form field; boxes of newer forms are characters in the text."""
    checked = element.find(qn("w:checked"))
    if checked is None:
        checked = element.find(qn("w:default"))
    return CHECKED if _is_on(checked) else UNCHECKED


def _is_on(element: _Element | None) -> bool:
    return element is not None and str(element.get(qn("w:val"))).lower() not in _OFF


def _cell_text(cell: _Element) -> str:
    lines = (_text(paragraph) for paragraph in cell.iter(qn("w:p")))
    return "\n".join(line for line in lines if line.strip())


def _is_contents(element: _Element) -> bool:
    """Whether a content control is a table of contents."""
    return any("table of contents" in str(gallery.get(qn("w:val"))).lower()
               for gallery in element.iter(qn("w:docPartGallery")))  # fmt: skip


def _styles(paragraph: Paragraph) -> Iterator[ParagraphStyle]:
    """The paragraph's style and those that it is based on."""
    style = paragraph.style
    for _ in range(20):  # a damaged file may have a circle
        if style is None:
            return
        yield style
        style = style.base_style


def _properties(paragraph: Paragraph) -> Iterator[_Element]:
    """The paragraph's own properties, then those of its styles."""
    own = paragraph._p.pPr  # python-docx has no public way to outline levels and numbering
    if own is not None:
        yield own
    for style in _styles(paragraph):
        found = style.element.find(qn("w:pPr"))
        if found is not None:
            yield found


def _heading_level(paragraph: Paragraph) -> int | None:
    for style in _styles(paragraph):
        name = style.name or ""
        if name == "Title":
            return 0
        if name.startswith("Heading ") and name[8:].isdecimal():
            return int(name[8:])
    for properties in _properties(paragraph):
        outline = properties.find(qn("w:outlineLvl"))
        if outline is not None:
            level = int(str(outline.get(qn("w:val"), "9")))
            return level + 1 if level < 9 else None
    return None


def _list_level(paragraph: Paragraph) -> int | None:
    """How deep the list is that the paragraph is an item of; None for none."""
    for properties in _properties(paragraph):
        numbering = properties.find(qn("w:numPr"))
        if numbering is not None:
            number, level = numbering.find(qn("w:numId")), numbering.find(qn("w:ilvl"))
            if number is not None and str(number.get(qn("w:val"))) == "0":
                return None
            return (
                int(str(level.get(qn("w:val")))) if level is not None else _style_depth(paragraph)
            )
    for style in _styles(paragraph):
        if (style.name or "").startswith(("List Bullet", "List Number")):
            return _style_depth(paragraph)
    return None


def _style_depth(paragraph: Paragraph) -> int:
    """The depth in a style's name: "List Bullet" is 0, "List Bullet 2" is 1."""
    name = (paragraph.style.name or "") if paragraph.style else ""
    last = name.rpartition(" ")[2]
    return int(last) - 1 if last.isdecimal() and last != "0" else 0


def _is_bold(paragraph: Paragraph) -> bool:
    runs = [run for run in paragraph.runs if run.text.strip()]
    return bool(runs) and all(run.bold for run in runs)
