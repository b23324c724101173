"""PDF files made for the reader's tests: each function returns the bytes of one layout."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pypdf
from PIL import Image
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Frame,
    FrameBreak,
    ListFlowable,
    ListItem,
    PageTemplate,
    Paragraph,
    SimpleDocTemplate,
    Table,
    TableStyle,
)

WIDTH, HEIGHT = A4
STYLES = getSampleStyleSheet()
BODY = ParagraphStyle("body", parent=STYLES["Normal"], fontSize=10, leading=13, spaceAfter=6)
H1 = ParagraphStyle("h1", parent=BODY, fontName="Helvetica-Bold", fontSize=16, leading=20)
H2 = ParagraphStyle("h2", parent=BODY, fontName="Helvetica-Bold", fontSize=12, leading=15)
GRID = [("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("VALIGN", (0, 0), (-1, -1), "TOP")]
LONG = (
    "The harbour council keeps a register of every mooring, and each winter it compares the "
    "entries with what divers find. Ropes wear out faster near the northern wall, where the tide "
    "turns twice within an hour. "
)


@contextmanager
def _canvas(size: tuple[float, float] = A4) -> Iterator[tuple[Canvas, io.BytesIO]]:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=size, invariant=True)
    yield canvas, buffer
    canvas.save()


def _build(story: list[Any], decorate: Callable[[Canvas, Any], None] | None = None) -> bytes:
    buffer = io.BytesIO()
    template = SimpleDocTemplate(buffer, pagesize=A4, invariant=1)
    nothing = decorate or (lambda canvas, doc: None)
    template.build(story, onFirstPage=nothing, onLaterPages=nothing)
    return buffer.getvalue()


def _text(
    canvas: Canvas, x: float, y: float, text: str, size: float = 10, *, bold: bool = False
) -> None:
    canvas.setFont("Helvetica-Bold" if bold else "Helvetica", size)
    canvas.drawString(x, y, text)


def report() -> bytes:
    """Running header and footer, numbered headings, paragraphs over page breaks."""

    def decorate(canvas: Canvas, doc: Any) -> None:
        _text(canvas, 72, HEIGHT - 40, "Harbour report - internal copy", 8)
        _text(canvas, 260, 30, f"Page {doc.page} of 4", 8)

    story: list[Any] = [
        Paragraph("Harbour report", H1),
        Paragraph("1 Moorings", H2),
        *(Paragraph(f"Part {n}. " + LONG * 4, BODY) for n in range(1, 12)),
        Paragraph("1.1 Ropes and chains", H2),
        Paragraph("Chains last for nine years on average.", BODY),
        Paragraph("2 Lights", H2),
        *(Paragraph(f"Light {n}. " + LONG * 3, BODY) for n in range(1, 9)),
    ]
    return _build(story, decorate)


def long_table(*, repeat_header: bool) -> bytes:
    """A ruled table over three pages, its cells wrapped."""
    rows = [["No", "Berth", "Tenant and use", "Fee"]]
    rows += [
        [
            str(n),
            f"Quay {n}",
            f"Tenant {n} keeps a workshop for boats of up to {n} metres here",
            f"€ {n}00",
        ]
        for n in range(1, 61)
    ]
    cells = [[Paragraph(cell, BODY) for cell in row] for row in rows]
    table = Table(cells, colWidths=[30, 70, 200, 60], repeatRows=1 if repeat_header else 0)
    table.setStyle(TableStyle(GRID))
    return _build([Paragraph("Table 1: Berths and fees", BODY), table])


def merged_cells() -> bytes:
    """A header over two columns, and a cell over two rows."""
    rows = [
        ["Port", "Traffic", ""],
        ["", "Arrivals", "Departures"],
        ["Northport", "120", "118"],
        ["", "95", "97"],
        ["Southport", "40", "41"],
    ]
    style = TableStyle(
        [
            *GRID,
            ("SPAN", (1, 0), (2, 0)),
            ("SPAN", (0, 0), (0, 1)),
            ("SPAN", (0, 2), (0, 3)),
            ("FONTNAME", (0, 0), (-1, 1), "Helvetica-Bold"),
        ]
    )
    return _build([Paragraph("Ships of the year.", BODY), Table(rows, style=style)])


def unruled_table() -> bytes:
    """Columns aligned by space only, with text before and after."""
    with _canvas() as (canvas, buffer):
        _text(canvas, 72, 760, "Table 3: Depth of the basins")
        for i, (name, depth, year) in enumerate(
            [
                ("Basin", "Depth", "Dredged"),
                ("West", "7.5 m", "2014"),
                ("Middle", "9.0 m", "2018"),
                ("East", "11.2 m", "2019"),
                ("Yacht", "3.1 m", "2011"),
            ]
        ):
            for x, cell in ((72, name), (200, depth), (300, year)):
                _text(canvas, x, 735 - 15 * i, cell, bold=i == 0)
        _text(
            canvas, 72, 630, "All depths hold at low water and are checked by the harbour office."
        )
    return buffer.getvalue()


def booktabs() -> bytes:
    """A table with three horizontal lines only, its cells wrapped."""
    with _canvas() as (canvas, buffer):
        _text(canvas, 72, 760, "The yards and what they build are listed here:")
        for y in (745, 722, 640):
            canvas.line(72, y, 450, y)
        rows = [
            (729, ("Yard", "Builds", "Staff")),
            (708, ("Adler", "Tugs and pilot boats for ports on", "140")),
            (696, ("", "the inner coast", "")),
            (678, ("Brandt", "Ferries", "85")),
            (660, ("Corvin", "Research vessels", "210")),
            (648, ("", "and their winches", "")),
        ]
        for y, cells in rows:
            for x, cell in zip((72, 150, 400), cells, strict=True):
                _text(canvas, x, y, cell)
    return buffer.getvalue()


def two_columns() -> bytes:
    """A title and an abstract over two columns of running text with a footnote."""
    buffer = io.BytesIO()
    template = BaseDocTemplate(buffer, pagesize=A4, invariant=1)
    head = Frame(60, 640, 475, 140, id="head")
    left = Frame(60, 60, 225, 570, id="left")
    right = Frame(310, 60, 225, 570, id="right")

    def foot(canvas: Canvas, doc: Any) -> None:
        if doc.page == 1:
            _text(canvas, 66, 50, "1 Measured at the pilot station.", 7.5)

    template.addPageTemplates([PageTemplate(frames=[head, left, right], onPage=foot)])
    left_text = "".join(
        f"Tide {n} is the one the pilots wait for in spring. " for n in range(1, 50)
    )
    right_text = "".join(f"Crane {n} lifts what the sheds of the quay hold. " for n in range(1, 30))
    template.build(
        [
            Paragraph("Tides and cranes", H1),
            Paragraph("This abstract stands over both columns and " + LONG, BODY),
            Paragraph("1 Tides", H2),
            Paragraph(left_text, BODY),
            Paragraph("2 Cranes", H2),
            Paragraph(right_text, BODY),
        ]
    )
    return buffer.getvalue()


def nested_lists() -> bytes:
    """Three levels: numbers, bullets, dashes."""

    def items(texts: list[Any], **options: Any) -> ListFlowable:
        return ListFlowable([ListItem(text) for text in texts], **options)

    deep = items(
        [Paragraph("Wooden hulls", BODY), Paragraph("Steel hulls", BODY)],
        bulletType="bullet",
        start="–",
    )
    middle = items(
        [
            Paragraph(
                "Hulls are scraped every spring by divers who work in pairs, and the results are "
                "noted in a ledger.",
                BODY,
            ),
            [Paragraph("Kinds of hull:", BODY), deep],
            Paragraph("Masts are oiled", BODY),
        ],
        bulletType="bullet",
    )
    story = [
        Paragraph("The yard does three things:", BODY),
        items(
            [
                [Paragraph("It cleans boats:", BODY), middle],
                Paragraph("It repairs engines", BODY),
                Paragraph("It stores sails", BODY),
            ],
            bulletType="1",
            bulletFormat="%s.",
        ),
        Paragraph("Everything else is done by the tenants.", BODY),
    ]
    return _build(story)


def footnotes() -> bytes:
    """A sentence over a page break, a footnote between its halves, raised markers and units."""
    with _canvas() as (canvas, buffer):
        _text(canvas, 72, 780, "The pier was built of oak in one summer and has an area of 420 m")
        canvas.setFont("Helvetica", 6)
        x = 72 + canvas.stringWidth(
            "The pier was built of oak in one summer and has an area of 420 m", "Helvetica", 10
        )
        canvas.drawString(x, 784, "2")
        _text(canvas, x + 4, 780, ", it is")
        _text(canvas, 72, 767, "the pride of the town")
        x = 72 + canvas.stringWidth("the pride of the town", "Helvetica", 10)
        _text(canvas, x, 771, "1", 6)
        _text(canvas, x + 4, 767, " since the 2")
        x += 4 + canvas.stringWidth(" since the 2", "Helvetica", 10)
        _text(canvas, x, 771, "nd", 6)
        _text(canvas, x + 9, 767, "storm, which the old people of the place")
        for i in range(3, 52):
            _text(
                canvas,
                72,
                780 - 13 * i,
                f"Line {i} of the account goes on telling how the planks were laid by hand,",
            )
        _text(
            canvas,
            72,
            780 - 13 * 52,
            "and at the end of it all the mayor walked along the pier to the",
        )
        canvas.line(72, 90, 200, 90)
        _text(canvas, 72, 80, "1", 5)
        _text(canvas, 76, 77, "According to the town chronicle.", 7.5)
        canvas.showPage()
        _text(canvas, 72, 780, "very last plank and declared it open. Then there was a feast.")
    return buffer.getvalue()


def broken_words() -> bytes:
    """Hyphens at line ends, split ligatures, symbol glyphs, odd spaces."""
    lines = [
        "The fi nancing of the cross-regional plan is speci fic: the o ffi ce of cross-",
        "regional work keeps an envi-",
        "ronmental ledger of low-emis-",
        "sion boats, and a scienti fi c board meets in 2020-",
        "2021 for the fi nal word on the ledger.",
    ]
    with _canvas() as (canvas, buffer):
        for i, line in enumerate(lines):
            _text(canvas, 72, 760 - 13 * i, line)
    return buffer.getvalue()


def slides() -> bytes:
    """Landscape pages with a title, few big lines, and labels beside each other."""
    size = landscape(A4)
    with _canvas(size) as (canvas, buffer):
        for title, texts in [
            (
                "Our harbour",
                ["• Founded by fishers", "• Rebuilt after the flood of the", "  last century"],
            ),
            ("Numbers", ["12 cranes", "Three sheds", "Growth since then", "Staff on quay"]),
            ("", ["Thank you", "office@harbour.example"]),
        ]:
            _text(canvas, 60, 520, title, 28, bold=True)
            for i, text in enumerate(texts):
                _text(canvas, 80, 430 - 30 * i, text, 18)
            _text(canvas, 780, 20, str(canvas.getPageNumber()), 9)
            canvas.showPage()
    return buffer.getvalue()


def rotated() -> bytes:
    """Two pages of the same text: turned by /Rotate, and drawn sideways."""
    with _canvas() as (canvas, buffer):
        for turn in (90, 0):
            canvas.saveState()
            canvas.translate(WIDTH, 0)
            canvas.rotate(90)
            _text(canvas, 72, 500, "This page was turned on its side")
            _text(canvas, 72, 487, "and reads from left to right all the same.")
            canvas.restoreState()
            canvas.setPageRotation(turn)
            if turn == 0:
                _text(canvas, 20, 30, "upright")
            canvas.showPage()
    return buffer.getvalue()


def outlined(named: str = "Handbook of the yard") -> bytes:
    """Headings in body type that only the outline tells apart."""
    with _canvas() as (canvas, buffer):
        for page, (title, level) in enumerate([("Of ropes", 0), ("Of knots", 1), ("Of sails", 0)]):
            canvas.bookmarkPage(str(page))
            canvas.addOutlineEntry(title, str(page), level)
            _text(canvas, 72, 780, title)
            for i in range(3):
                _text(
                    canvas,
                    72,
                    750 - 13 * i,
                    f"Text {page} goes on in line {i} until the page has enough of it,",
                )
            _text(canvas, 72, 711, "and ends here.")
            canvas.showPage()
        canvas.setTitle(named)
    return buffer.getvalue()


def form() -> bytes:
    """A form with a filled field and a ticked box."""
    with _canvas() as (canvas, buffer):
        _text(canvas, 72, 760, "Name of the boat:")
        canvas.acroForm.textfield(name="boat", value="Seagull", x=180, y=752, width=150, height=18)
        _text(canvas, 72, 720, "Length in metres:")
        canvas.acroForm.textfield(name="length", value="12", x=180, y=712, width=150, height=18)
    return buffer.getvalue()


def captioned_boxes() -> bytes:
    """A frame around text and a bar chart: lines that are no table."""
    with _canvas() as (canvas, buffer):
        canvas.rect(60, 700, 400, 60)
        _text(canvas, 72, 740, "Good to know: the harbour office opens at seven and closes")
        _text(canvas, 72, 727, "when the last ferry has left.")
        canvas.line(72, 500, 72, 650)
        canvas.line(72, 500, 300, 500)
        for i, value in enumerate((40, 90, 130)):
            canvas.rect(90 + 60 * i, 500, 30, value, fill=1)
            _text(canvas, 90 + 60 * i, 487, str(2018 + i), 8)
        _text(canvas, 72, 460, "Figure 1: Boats by year.")
    return buffer.getvalue()


def contents() -> bytes:
    """A table of contents with dotted lines, then text."""
    with _canvas() as (canvas, buffer):
        _text(canvas, 72, 780, "Contents", 14, bold=True)
        for i, name in enumerate(("Ropes", "Knots", "Sails")):
            _text(canvas, 72, 755 - 14 * i, f"{name} {'.' * 60} {i + 2}")
        _text(canvas, 72, 690, "This handbook is given to every apprentice on the first day.")
    return buffer.getvalue()


def drawn_twice() -> bytes:
    """Bold type made by printing each letter twice, and a slanted watermark."""
    with _canvas() as (canvas, buffer):
        for shift in (0, 0.3):
            _text(canvas, 72 + shift, 760, "Bookkeeping of all the sheets")
        canvas.saveState()
        canvas.translate(150, 300)
        canvas.rotate(45)
        _text(canvas, 0, 0, "DRAFT COPY", 60)
        canvas.restoreState()
    return buffer.getvalue()


def letter_spaced() -> bytes:
    """A heading with space between its letters."""
    with _canvas() as (canvas, buffer):
        canvas.setFont("Helvetica-Bold", 16)
        canvas.drawString(72, 780, "HARBOUR WALL", charSpace=6)
        _text(canvas, 72, 750, "The wall was raised by a metre after the flood.")
    return buffer.getvalue()


def scanned(*, pages_with_text: int = 0) -> bytes:
    """Pictures of pages; some pages with text before them."""
    picture = ImageReader(Image.new("RGB", (60, 80), "grey"))
    with _canvas() as (canvas, buffer):
        for n in range(pages_with_text):
            _text(canvas, 72, 760, f"Typed page {n + 1} of the file can be read.")
            canvas.showPage()
        for _ in range(2):
            canvas.drawImage(picture, 50, 50, 400, 600)
            canvas.showPage()
    return buffer.getvalue()


def blank() -> bytes:
    """Two pages with nothing on them."""
    with _canvas() as (canvas, buffer):
        canvas.showPage()
        canvas.showPage()
    return buffer.getvalue()


def plain(text: str = "The harbour opens at seven in the morning.") -> bytes:
    """One line of text."""
    with _canvas() as (canvas, buffer):
        _text(canvas, 72, 760, text)
    return buffer.getvalue()


def encrypted(user_password: str) -> bytes:
    """`plain` under a password ("" opens it for everybody)."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(plain()))
    writer.encrypt(user_password=user_password, owner_password="owner", algorithm="AES-256")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def without_xref(data: bytes) -> bytes:
    """``data`` with a wrong address of its cross-reference table."""
    start = data.rindex(b"startxref")
    return data[:start] + b"startxref\n9\n%%EOF\n"


def column_table() -> bytes:
    """Two columns of text, the right one with a ruled table between its paragraphs."""
    buffer = io.BytesIO()
    template = BaseDocTemplate(buffer, pagesize=A4, invariant=1)
    frames = [Frame(60, 60, 225, 700, id="left"), Frame(310, 60, 225, 700, id="right")]
    template.addPageTemplates([PageTemplate(frames=frames)])
    rows = [["Coast", "Harbours"], ["North", "14"], ["South", "17"], ["Islands", "9"]]
    template.build(
        [
            Paragraph("Left begins. " + LONG * 6, BODY),
            Paragraph("Left goes on. " + LONG * 4, BODY),
            FrameBreak(),
            Paragraph("Right begins. " + LONG * 3, BODY),
            Table(rows, style=TableStyle(GRID)),
            Paragraph("Right ends. " + LONG * 3, BODY),
        ]
    )
    return buffer.getvalue()


def cut_row() -> bytes:
    """A ruled table without a repeated header whose second row goes on on the next page."""
    with _canvas() as (canvas, buffer):
        for page in (
            [(120, ("Berth", "Rule")), (100, ("A1", "No fishing")), (60, ("A2", "Boats stay"))],
            [(780, ("", "one night only")), (760, ("A3", "No fires"))],
        ):
            top, bottom = page[0][0] + 14, page[-1][0] - 6
            for x in (72, 140, 300):
                canvas.line(x, bottom, x, top)
            for y in (*(y + 14 for y, _ in page), bottom):
                canvas.line(72, y, 300, y)
            for y, cells in page:
                for x, cell in zip((76, 144), cells, strict=True):
                    _text(canvas, x, y, cell, bold=cell in {"Berth", "Rule"})
            canvas.showPage()
    return buffer.getvalue()
