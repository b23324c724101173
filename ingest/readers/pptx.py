"""Reads PowerPoint files, slide by slide: text, tables, charts, diagrams and notes."""

from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import cast

from lxml import etree
from pptx import Presentation
from pptx.chart.chart import Chart
from pptx.enum.shapes import MSO_SHAPE_TYPE, PP_PLACEHOLDER
from pptx.shapes.base import BaseShape
from pptx.shapes.graphfrm import GraphicFrame
from pptx.shapes.group import GroupShape
from pptx.slide import Slide
from pptx.table import Table
from pptx.text.text import TextFrame
from pptx.util import Inches

from corpus.model import BlockKind
from ingest.readers.draft import Draft
from ingest.readers.office import check_archive, has_part, title_of
from ingest.readers.outline import lead_of
from ingest.readers.tables import table_rows

_MAIN = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
_DIAGRAM = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/diagramData"
_TEXT = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_FURNITURE = {PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER}
_TITLES = {PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE}
# Shapes whose upper edges differ by less stand side by side.
_BAND = Inches(0.5)
NOTES_LEAD = "Notes to the slide"


class PptxReader:
    """Reader of ``.pptx``."""

    media_type = _MAIN

    def accepts(self, path: Path, data: bytes) -> bool:
        """Whether the file is an archive with a presentation in it."""
        return has_part(data, "ppt/presentation.xml", f"{_MAIN}.main+xml")

    def read(self, path: Path, data: bytes) -> Draft:
        """The blocks; pages are slides. Hidden slides are left out with a warning.

        Raises TooLarge or Encrypted.
        """
        check_archive(path, data)
        presentation = Presentation(BytesIO(data))
        slides = list(presentation.slides)
        draft = Draft(title=title_of(presentation.core_properties.title), page_count=len(slides))
        for number, slide in enumerate(slides, start=1):
            if slide._element.get("show") == "0":  # python-pptx has no public way to ask
                draft.warnings.append(f"Slide {number} is hidden and was left out.")
                continue
            _SlideWriter(draft, slide, number).write()
        return draft


class _SlideWriter:
    """Writes one slide: all its blocks are one group."""

    def __init__(self, draft: Draft, slide: Slide, number: int) -> None:
        self.draft = draft
        self.slide = slide
        self.number = number
        self.group = draft.new_group()
        self.path: tuple[str, ...] = ()
        self.shapes = list(_shapes(slide.shapes))

    def write(self) -> None:
        """Title, then the shapes from top to bottom, then the notes."""
        before = self.draft.is_empty, self.draft.finish()[1][-1:]
        for shape in self.shapes:
            if _placeholder(shape) in _TITLES and shape.has_text_frame:
                title = " ".join(_frame(shape).text.split())
                if title:
                    self.path = (title,)
                    self.add(BlockKind.HEADING, title)
                    break
        for shape in self.shapes:
            if _placeholder(shape) not in _TITLES | _FURNITURE:
                self.shape(shape)
        self.diagrams()
        if self.slide.has_notes_slide and self.slide.notes_slide.notes_text_frame:
            for paragraph in self.slide.notes_slide.notes_text_frame.paragraphs:
                self.add(BlockKind.PARAGRAPH, paragraph.text, lead=NOTES_LEAD)
        pictures = any(shape.shape_type == MSO_SHAPE_TYPE.PICTURE for shape in self.shapes)
        if pictures and before == (self.draft.is_empty, self.draft.finish()[1][-1:]):
            self.draft.warnings.append(
                f"Slide {self.number} holds only pictures; the words in them were not read."
            )

    def add(self, kind: BlockKind, text: str, lead: str = "") -> None:
        """Add a block of this slide."""
        self.draft.add(
            kind, text, heading_path=self.path, page=self.number, lead=lead, group=self.group
        )

    def shape(self, shape: BaseShape) -> None:
        """One shape of the slide."""
        if shape.has_text_frame:
            self.frame(_frame(shape), is_body=_placeholder(shape) is not None)
        elif shape.has_table:
            table = cast(GraphicFrame, shape).table
            self.rows(_grid(table), 1 if table.first_row else None)
        elif shape.has_chart:
            self.chart(cast(GraphicFrame, shape).chart)

    def frame(self, frame: TextFrame, *, is_body: bool) -> None:
        """A text: paragraphs, or a list where there are several or some are indented."""
        paragraphs = [(p.level, _paragraph_text(p)) for p in frame.paragraphs]
        paragraphs = [(level, text) for level, text in paragraphs if text.strip()]
        listed = len(paragraphs) > 1 and (is_body or any(level for level, _ in paragraphs))
        above: dict[int, str] = {}  # level: the last item of it
        lead = ""
        for level, text in paragraphs:
            inner = next((above[outer] for outer in range(level - 1, -1, -1) if outer in above), "")
            if text.rstrip().endswith(":") and not level:
                lead = ""
            self.add(
                BlockKind.LIST_ITEM if listed else BlockKind.PARAGRAPH,
                text,
                lead_of(inner, always=True) if inner else lead,
            )
            above = {outer: item for outer, item in above.items() if outer < level} | {level: text}
            if text.rstrip().endswith(":") and not level:
                lead = lead_of(text)

    def rows(self, grid: list[list[str]], header_rows: int | None, lead: str = "") -> None:
        """A table as rows."""
        for row in table_rows(grid, header_rows):
            self.add(BlockKind.TABLE_ROW, row.text, row.section or lead)

    def chart(self, chart: Chart) -> None:
        """A chart as the table of its numbers."""
        title = chart.chart_title.text_frame.text if chart.has_title else ""
        for plot in chart.plots:
            series = list(plot.series)
            header = ["", *(one.name or "Value" for one in series)]
            values = [list(one.values) for one in series]
            grid = [header]
            for index, category in enumerate(plot.categories):
                cells = (column[index] if index < len(column) else None for column in values)
                grid.append([str(category), *("" if v is None else f"{v:g}" for v in cells)])
            self.rows(grid, 1, title)

    def diagrams(self) -> None:
        """The words of diagrams (SmartArt), which python-pptx does not open."""
        for relation in self.slide.part.rels.values():
            if relation.is_external or relation.reltype != _DIAGRAM:
                continue
            parser = etree.XMLParser(resolve_entities=False, no_network=True)
            root = etree.fromstring(relation.target_part.blob, parser)
            for paragraph in root.iter(f"{_TEXT}p"):
                self.add(
                    BlockKind.PARAGRAPH, "".join(t.text or "" for t in paragraph.iter(f"{_TEXT}t"))
                )


def _shapes(shapes: Iterable[BaseShape]) -> Iterator[BaseShape]:
    """Shapes from top to bottom, those side by side from left to right, groups opened."""

    def place(shape: BaseShape) -> tuple[int, int]:
        return (shape.top or 0) // _BAND, shape.left or 0

    for shape in sorted(shapes, key=place):
        if isinstance(shape, GroupShape):
            yield from _shapes(shape.shapes)
        else:
            yield shape


def _placeholder(shape: BaseShape) -> PP_PLACEHOLDER | None:
    return shape.placeholder_format.type if shape.is_placeholder else None


def _frame(shape: BaseShape) -> TextFrame:
    frame: TextFrame = shape.text_frame  # type: ignore[attr-defined]
    return frame


def _paragraph_text(paragraph: object) -> str:
    # A vertical tab is a line break within the paragraph.
    return str(getattr(paragraph, "text", "")).replace("\v", "\n")


def _grid(table: Table) -> list[list[str]]:
    """The text of each cell, that of merged ones repeated."""
    grid: list[list[str]] = [["" for _ in row.cells] for row in table.rows]
    for i, row in enumerate(table.rows):
        for j, cell in enumerate(row.cells):
            if cell.is_spanned:
                continue
            text = cell.text.replace("\v", "\n")
            for down in range(cell.span_height if cell.is_merge_origin else 1):
                for right in range(cell.span_width if cell.is_merge_origin else 1):
                    grid[i + down][j + right] = text
    return grid
