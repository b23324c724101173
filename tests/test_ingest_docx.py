from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from reading import Shown, show

from corpus.errors import TooLarge
from ingest.readers.docx import DocxReader
from ingest.readers.office import check_archive


def saved(document: Any) -> bytes:
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def read(document: Any) -> Shown:
    data = saved(document)
    assert DocxReader().accepts(Path("a.docx"), data)
    return show(DocxReader().read(Path("a.docx"), data))


def test_headings_paragraphs_and_lists() -> None:
    document = docx.Document()
    document.add_heading("The title", 0)
    document.add_heading("Aims", 1)
    document.add_paragraph("The aims are these:")
    document.add_paragraph("One aim", style="List Bullet")
    document.add_paragraph("An aim of it", style="List Bullet 2")
    document.add_paragraph("Another aim", style="List Number")
    document.add_heading("Details", 2)
    document.add_paragraph("Some text.")
    shown = read(document)
    assert shown.lines == [
        "# The title",
        "# Aims",
        "P The aims are these:",
        "- The aims are these: => One aim",
        "- One aim => An aim of it",
        "- The aims are these: => Another aim",
        "# Details",
        "P Some text.",
    ]
    assert shown.paths["Some text."] == ("The title", "Aims", "Details")
    assert shown.title == "The title"


def test_the_title_of_the_properties_goes_first() -> None:
    document = docx.Document()
    document.core_properties.title = "From the properties"
    document.add_heading("On the page", 0)
    document.add_paragraph("x")
    assert read(document).title == "From the properties"


def test_a_title_that_a_program_made_up_is_none() -> None:
    document = docx.Document()
    document.core_properties.title = "Word Document"
    document.add_paragraph("x")
    assert read(document).title == ""


def test_tables_with_merged_cells() -> None:
    document = docx.Document()
    document.add_paragraph("Table 1: meetings")
    table = document.add_table(rows=4, cols=3)
    for row, cells in zip(
        table.rows,
        [
            ("Place", "Date", "Guests"),
            ("Graz", "May", "12"),
            ("", "June", "15"),
            ("Oslo", "July", ""),
        ],
        strict=True,
    ):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    document.add_paragraph("After the table.")
    assert read(document).lines == [
        "P Table 1: meetings",
        "| Table 1: meetings => Place: Graz; Date: May; Guests: 12",
        "| Table 1: meetings => Place: Graz; Date: June; Guests: 15",
        "| Table 1: meetings => Place: Oslo; Date: July",
        "P After the table.",
    ]


def test_a_frame_of_one_cell_is_not_a_table() -> None:
    document = docx.Document()
    document.add_table(rows=1, cols=1).cell(0, 0).text = "In a frame."
    assert read(document).lines == ["P In a frame."]


def test_a_label_in_bold_and_its_value() -> None:
    document = docx.Document()
    document.add_paragraph().add_run("Start date").bold = True
    document.add_paragraph("October 2018")
    document.add_paragraph().add_run("Partners").bold = True
    document.add_paragraph("A", style="List Bullet")
    assert read(document).lines == ["P Start date: October 2018", "# Partners", "- A"]


def test_links_and_insertions_count_deletions_do_not() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Read ")
    for xml in (
        f"<w:hyperlink {nsdecls('w')}><w:r><w:t>the page</w:t></w:r></w:hyperlink>",
        f"<w:ins {nsdecls('w')}><w:r><w:t xml:space='preserve'> now</w:t></w:r></w:ins>",
        f"<w:del {nsdecls('w')}><w:r><w:delText> never</w:delText></w:r></w:del>",
        f"<w:r {nsdecls('w')}><w:instrText>PAGE</w:instrText></w:r>",
        f"<w:r {nsdecls('w')}><w:t>.</w:t><w:br/><w:t>Second</w:t></w:r>",
        f"<w:r {nsdecls('w')}><w:noBreakHyphen/><w:t>line</w:t></w:r>",
    ):
        paragraph._p.append(parse_xml(xml))
    assert read(document).lines == ["P Read the page now.\nSecond-line"]


def test_content_controls_text_boxes_and_contents() -> None:
    document = docx.Document()
    body = document.element.body
    control = f"""<w:sdt {nsdecls("w")}><w:sdtContent><w:p><w:r><w:t>In a control.</w:t></w:r></w:p>
        </w:sdtContent></w:sdt>"""
    contents = f"""<w:sdt {nsdecls("w")}><w:sdtPr><w:docPartObj>
        <w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>
        <w:sdtContent><w:p><w:r><w:t>Chapter 1 ... 5</w:t></w:r></w:p></w:sdtContent></w:sdt>"""
    box = f"""<w:p {nsdecls("w")}><w:r><w:t>Anchor.</w:t></w:r><w:r><w:pict><w:txbxContent>
        <w:p><w:r><w:t>In a box.</w:t></w:r></w:p></w:txbxContent></w:pict></w:r></w:p>"""
    for xml in (control, contents, box):
        body.insert(len(body) - 1, parse_xml(xml))
    assert read(document).lines == ["P In a control.", "P Anchor.", "P In a box."]


def test_levels_of_own_styles_and_lists_by_numbering() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Own heading")
    paragraph._p.get_or_add_pPr().append(parse_xml(f'<w:outlineLvl {nsdecls("w")} w:val="1"/>'))
    item = document.add_paragraph("An item")
    item._p.get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = 1
    none = document.add_paragraph("No item", style="List Bullet")
    none._p.get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = 0
    assert read(document).lines == ["# Own heading", "- An item", "P No item"]


def test_boxes_of_forms() -> None:
    document = docx.Document()
    table = document.add_table(rows=3, cols=3)
    rows = [("", "Agree", "Disagree"), ("We meet", "☒", "☐"), ("We write", "☐", "☐")]
    for row, cells in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    assert read(document).lines == ["| We meet: Agree", "| We write: no option chosen"]


def test_footnotes_follow_their_section() -> None:
    document = docx.Document()
    document.add_heading("One", 1)
    paragraph = document.add_paragraph("A claim.")
    paragraph._p.append(parse_xml(f'<w:r {nsdecls("w")}><w:footnoteReference w:id="2"/></w:r>'))
    document.add_heading("Two", 1)
    document.add_paragraph("More.")
    notes = f"""<w:footnotes {nsdecls("w")}>
        <w:footnote w:type="separator" w:id="0"><w:p><w:r><w:t>---</w:t></w:r></w:p></w:footnote>
        <w:footnote w:id="2"><w:p><w:r><w:t>Where it comes from.</w:t></w:r></w:p></w:footnote>
        </w:footnotes>"""
    from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    part = Part(
        PackURI("/word/footnotes.xml"),
        CONTENT_TYPE.WML_FOOTNOTES,
        notes.encode(),
        document.part.package,
    )
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    assert read(document).lines == [
        "# One",
        "P A claim.",
        "P Where it comes from.",
        "# Two",
        "P More.",
    ]


def test_only_word_documents_are_accepted() -> None:
    reader = DocxReader()
    assert not reader.accepts(Path("a.docx"), b"PK\x03\x04 not an archive")
    assert not reader.accepts(Path("a.docx"), b"plain words")


def test_an_archive_that_unpacks_to_too_much_is_refused() -> None:
    with pytest.raises(TooLarge, match="unpacks"):
        check_archive(Path("a.docx"), saved(docx.Document()), max_unpacked=1000)
