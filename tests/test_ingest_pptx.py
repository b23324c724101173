from io import BytesIO
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches
from reading import Shown, show

from ingest.readers.pptx import PptxReader

TITLE_AND_BODY, TITLE_ONLY, BLANK = 1, 5, 6


def read(presentation: Any) -> Shown:
    buffer = BytesIO()
    presentation.save(buffer)
    data = buffer.getvalue()
    assert PptxReader().accepts(Path("a.pptx"), data)
    return show(PptxReader().read(Path("a.pptx"), data))


def slide(presentation: Any, layout: int = TITLE_AND_BODY, title: str = "") -> Any:
    made = presentation.slides.add_slide(presentation.slide_layouts[layout])
    if title:
        made.shapes.title.text = title
    return made


def box(made: Any, text: str, left: float = 1, top: float = 1) -> Any:
    shape = made.shapes.add_textbox(Inches(left), Inches(top), Inches(2), Inches(1))
    shape.text_frame.text = text
    return shape


def test_a_slide_is_a_group_below_its_title_with_its_number_as_page() -> None:
    presentation = Presentation()
    slide(presentation, TITLE_ONLY, "First")
    body = slide(presentation, TITLE_AND_BODY, "Second").placeholders[1].text_frame
    body.text = "An item"
    for level, text in ((1, "below it"), (0, "Another item")):
        paragraph = body.add_paragraph()
        paragraph.text, paragraph.level = text, level
    presentation.core_properties.title = "A deck"
    shown = read(presentation)
    assert shown.lines == [
        "# First",
        "# Second",
        "- An item",
        "- An item => below it",
        "- Another item",
    ]
    assert shown.paths["below it"] == ("Second",)
    assert shown.pages["An item"] == 2
    assert shown.groups["An item"] == shown.groups["below it"] != shown.groups["First"]
    assert shown.title == "A deck"


def test_shapes_are_read_from_top_to_bottom() -> None:
    presentation = Presentation()
    made = slide(presentation, BLANK)
    box(made, "bottom", top=5)
    box(made, "right", left=5, top=1.1)
    box(made, "left", left=1, top=1.2)
    assert read(presentation).lines == ["P left", "P right", "P bottom"]


def test_groups_and_tables() -> None:
    presentation = Presentation()
    made = slide(presentation, BLANK)
    group = made.shapes.add_group_shape()
    group.shapes.add_textbox(0, 0, Inches(1), Inches(1)).text_frame.text = "In a group"
    table = made.shapes.add_table(3, 3, Inches(1), Inches(3), Inches(4), Inches(2)).table
    cells = [("Metal", "World", "EU"), ("Cobalt", "51%", "3%"), ("Tin", "7%", "")]
    for i, row in enumerate(cells):
        for j, text in enumerate(row):
            table.cell(i, j).text = text
    table.cell(2, 1).merge(table.cell(2, 2))
    assert read(presentation).lines == [
        "P In a group",
        "| Metal: Cobalt; World: 51%; EU: 3%",
        "| Metal: Tin; World – EU: 7%",
    ]


def test_charts_give_their_numbers() -> None:
    presentation = Presentation()
    made = slide(presentation, BLANK)
    data = CategoryChartData()
    data.categories = ["2019", "2020"]
    data.add_series("Regions", (25, 29))
    chart = made.shapes.add_chart(
        XL_CHART_TYPE.COLUMN_CLUSTERED, 0, 0, Inches(4), Inches(3), data
    ).chart
    chart.has_title = True
    chart.chart_title.text_frame.text = "Members"
    assert read(presentation).lines == [
        "| Members => 2019; Regions: 25",
        "| Members => 2020; Regions: 29",
    ]


def test_notes_are_read_and_hidden_slides_reported() -> None:
    presentation = Presentation()
    made = slide(presentation, TITLE_ONLY, "Open")
    made.notes_slide.notes_text_frame.text = "Say this."
    slide(presentation, TITLE_ONLY, "Secret")._element.set("show", "0")
    shown = read(presentation)
    assert shown.lines == ["# Open", "P Notes to the slide => Say this."]
    assert shown.warnings == ["Slide 2 is hidden and was left out."]


def test_slides_of_pictures_are_reported() -> None:
    from PIL import Image

    picture = BytesIO()
    Image.new("RGB", (4, 4)).save(picture, "PNG")
    picture.seek(0)
    presentation = Presentation()
    box(slide(presentation, BLANK), "Words")
    slide(presentation, BLANK).shapes.add_picture(picture, 0, 0)
    shown = read(presentation)
    assert shown.warnings == ["Slide 2 holds only pictures; the words in them were not read."]


def test_a_presentation_without_slides_is_empty() -> None:
    assert read(Presentation()).lines == []
