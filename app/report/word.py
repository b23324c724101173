"""The look of the Word document: pandoc writes what it says, this sets how it is printed."""

from io import BytesIO

from docx import Document
from docx.document import Document as Docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import CharacterStyle, ParagraphStyle
from docx.text.paragraph import Paragraph

_FONT = "Calibri"
_INK, _ACCENT, _MUTED = (RGBColor.from_string(c) for c in ("17232E", "0B5480", "4D5C6B"))
# Style: size in points, bold, colour, points before, points after.
_STYLES = {
    "Title": (24, True, _INK, 0, 6),
    "Author": (11, False, _MUTED, 0, 0),
    "Date": (11, False, _MUTED, 0, 18),
    "Heading 1": (15, True, _ACCENT, 20, 6),
    "Heading 2": (12.5, True, _INK, 14, 4),
    "Heading 3": (11.5, True, _INK, 12, 4),
    "Normal": (11, False, _INK, 0, 7),
    "Body Text": (11, False, _INK, 4, 5),
    "First Paragraph": (11, False, _INK, 4, 5),
    "Compact": (11, False, _INK, 0, 3),
    "Block Text": (11, False, _MUTED, 4, 8),
    "Footnote Text": (9, False, _INK, 0, 2),
}
_LEFT = ("Title", "Author", "Date")
_LINES = 1.15
_TABLE = f"""<w:tblPr {nsdecls("w")}><w:tblBorders>
<w:top w:val="single" w:sz="8" w:color="0B5480"/>
<w:bottom w:val="single" w:sz="8" w:color="0B5480"/>
<w:insideH w:val="single" w:sz="4" w:color="D8DFE6"/>
</w:tblBorders><w:tblCellMar><w:top w:w="50" w:type="dxa"/><w:left w:w="85" w:type="dxa"/>
<w:bottom w:w="50" w:type="dxa"/><w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr>"""


def dressed(written: bytes) -> bytes:
    """A .docx of pandoc's on A4, with its styles, tables and page numbers set."""
    document = Document(BytesIO(written))
    _page(document)
    for name, look in _STYLES.items():
        style = document.styles[name]
        assert isinstance(style, ParagraphStyle)
        _style(style, *look)
        if name in _LEFT:
            style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.LEFT
    links = document.styles["Hyperlink"]
    assert isinstance(links, CharacterStyle)
    links.font.color.rgb = _ACCENT
    _tables(document)
    result = BytesIO()
    document.save(result)
    return result.getvalue()


def _page(document: Docx) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.4)
    section.top_margin, section.bottom_margin = Cm(2.3), Cm(2.2)
    section.header_distance = section.footer_distance = Cm(1.1)
    section.gutter = 0
    # Pandoc's numbers would start again: a chapter of LibreOffice's counts as a section.
    for restart in section._sectPr.findall(qn("w:footnotePr")):
        section._sectPr.remove(restart)
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _number(foot)


def _number(paragraph: Paragraph) -> None:
    """The number of the page, as a field."""
    for kind, text in (("begin", ""), ("", "PAGE"), ("separate", ""), ("shown", "1"), ("end", "")):
        run = paragraph.add_run(text if kind == "shown" else "")
        run.font.size, run.font.color.rgb, run.font.name = Pt(9), _MUTED, _FONT
        if kind in ("begin", "separate", "end"):
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)
        elif not kind:
            code = OxmlElement("w:instrText")
            code.text = text
            run._r.append(code)


def _style(
    style: ParagraphStyle, size: float, bold: bool, colour: RGBColor, before: float, after: float
) -> None:
    font, layout = style.font, style.paragraph_format
    # A theme's font would go before the one that is named.
    for fonts in style.element.iter(qn("w:rFonts")):
        fonts.attrib.clear()
    font.name, font.size, font.bold = _FONT, Pt(size), bold
    font.color.rgb = colour
    layout.space_before, layout.space_after = Pt(before), Pt(after)
    layout.line_spacing = 1.0 if size < 10 else _LINES


def _tables(document: Docx) -> None:
    style = next(s for s in document.styles if s.type is WD_STYLE_TYPE.TABLE and s.name == "Table")
    for old in style.element.findall(qn("w:tblPr")):
        old.getparent().replace(old, parse_xml(_TABLE))
    ids: list[str] = []
    for name in ("Table Head", "Table Text"):
        cell = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        assert isinstance(cell, ParagraphStyle)
        _style(cell, 9.5, not ids, _INK, 0, 0)
        ids.append(str(cell.style_id))
    for table in document.tables:
        for place, row in enumerate(table._tbl.tr_lst):
            # No row is cut by the end of a page.
            row.get_or_add_trPr().insert(0, OxmlElement("w:cantSplit"))
            for mark in row.iter(qn("w:pStyle")):
                mark.set(qn("w:val"), ids[min(place, 1)])
