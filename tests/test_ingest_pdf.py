from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pypdfium2 as pdfium
import pytest
import sample_pdfs as sample

from corpus.errors import BrokenFile, EmptyFile, Encrypted, NoText
from corpus.model import Block, BlockKind
from ingest.readers.draft import Draft
from ingest.readers.pdf import PdfReader

PATH = Path("file.pdf")


def read(data: bytes) -> Draft:
    return PdfReader().read(PATH, data)


def texts(draft: Draft, kind: BlockKind | None = None) -> list[str]:
    text, blocks = draft.finish()
    return [text[b.start : b.end] for b in blocks if kind in (None, b.kind)]


def block_of(draft: Draft, words: str) -> tuple[str, Block]:
    """The only block that has ``words``."""
    text, blocks = draft.finish()
    found = [b for b in blocks if words in text[b.start : b.end]]
    assert len(found) == 1, (words, len(found))
    return text[found[0].start : found[0].end], found[0]


# (file, what some block must hold, what no block may hold)
LAYOUTS: list[tuple[Callable[[], bytes], list[str], list[str]]] = [
    (
        sample.report,
        ["1 Moorings", "Part 11. The harbour council", "Chains last for nine years"],
        ["internal copy", "Page 2 of 4", "Page 3"],
    ),
    (
        lambda: sample.long_table(repeat_header=True),
        [
            "No: 1; Berth: Quay 1; Tenant and use: Tenant 1 keeps a workshop for boats of up to "
            "1 metres here; Fee: € 100",
            "No: 60; Berth: Quay 60; Tenant and use: Tenant 60 keeps",
        ],
        ["No: No", "Berth: Berth", "No; Berth"],
    ),
    (
        lambda: sample.long_table(repeat_header=False),
        ["No: 1; Berth: Quay 1;", "No: 60; Berth: Quay 60; Tenant and use: Tenant 60 keeps"],
        ["No; Berth"],
    ),
    (
        sample.merged_cells,
        [
            "Port: Northport; Traffic Arrivals: 120; Traffic Departures: 118",
            "Port: Northport; Traffic Arrivals: 95; Traffic Departures: 97",
            "Port: Southport; Traffic Arrivals: 40; Traffic Departures: 41",
        ],
        ["Port: Port"],
    ),
    (
        sample.unruled_table,
        ["Basin: West; Depth: 7.5 m; Dredged: 2014", "Basin: Yacht; Depth: 3.1 m; Dredged: 2011"],
        ["West Middle", "Dredged All depths"],
    ),
    (
        sample.booktabs,
        [
            "Yard: Adler; Builds: Tugs and pilot boats for ports on the inner coast; Staff: 140",
            "Yard: Corvin; Builds: Research vessels and their winches; Staff: 210",
        ],
        [],
    ),
    (
        sample.two_columns,
        [
            "Tide 48 is the one the pilots wait for in spring. Tide 49 is the one",
            "Crane 28 lifts what the sheds of the quay hold. Crane 29 lifts",
            "This abstract stands over both columns and The harbour",
        ],
        ["pilots Crane", "spring. Crane", "hold. Tide", "hold. 1 Measured"],
    ),
    (
        sample.column_table,
        ["Left goes on. The harbour", "Coast: South; Harbours: 17", "Right ends. The harbour"],
        ["Coast; Harbours", "hour. Right ends"],
    ),
    (
        sample.cut_row,
        ["Berth: A2; Rule: Boats stay one night only", "Berth: A3; Rule: No fires"],
        ["Rule: one night only"],
    ),
    (
        sample.nested_lists,
        ["1. It cleans boats:", "Wooden hulls", "2. It repairs engines"],
        ["• ", "– "],
    ),
    (
        sample.footnotes,
        [
            "an area of 420 m2, it is the pride of the town since the 2nd storm",
            "the mayor walked along the pier to the very last plank and declared it open",
            "1 According to the town chronicle.",
        ],
        ["town1", "to the 1 According"],
    ),
    (
        sample.broken_words,
        [
            "The financing of the cross-regional plan is specific: the office of cross-regional "
            "work keeps an environmental ledger of low-emission boats, and a scientific board "
            "meets in 2020-2021 for the final word",
        ],
        ["fi ", "- "],
    ),
    (
        sample.slides,
        ["Our harbour", "Rebuilt after the flood of the last century", "Three sheds"],
        ["12 cranes Three", "sheds Growth", "Thank you office"],
    ),
    (
        sample.rotated,
        ["This page was turned on its side and reads from left to right all the same.", "upright"],
        [],
    ),
    (
        sample.form,
        ["Name of the boat: Seagull", "Length in metres: 12"],
        [],
    ),
    (
        sample.captioned_boxes,
        [
            "Good to know: the harbour office opens at seven and closes when the last ferry has",
            "Figure 1: Boats by year.",
        ],
        [],
    ),
    (
        sample.contents,
        ["This handbook is given to every apprentice"],
        ["....", "Knots"],
    ),
    (sample.drawn_twice, ["Bookkeeping of all the sheets"], ["BBoo", "DRAFT"]),
    (sample.letter_spaced, ["HARBOUR WALL"], ["H A R"]),
    (sample.plain, ["The harbour opens at seven in the morning."], []),
    (lambda: sample.encrypted(""), ["The harbour opens at seven in the morning."], []),
    (lambda: sample.without_xref(sample.plain()), ["The harbour opens at seven"], []),
    (lambda: b"\x00mailed\r\n" + sample.plain(), ["The harbour opens at seven"], []),
]


@pytest.mark.parametrize(("make", "included", "excluded"), LAYOUTS)
def test_layouts(make: Callable[[], bytes], included: list[str], excluded: list[str]) -> None:
    found = texts(read(make()))
    for words in included:
        assert any(words in text for text in found), words
    for words in excluded:
        assert not any(words in text for text in found), words


@pytest.mark.parametrize(("make", "included", "excluded"), LAYOUTS)
def test_offsets(make: Callable[[], bytes], included: list[str], excluded: list[str]) -> None:
    draft = read(make())
    text, blocks = draft.finish()
    assert draft.page_count is not None
    assert all(a.end < b.start for a, b in pairwise(blocks))
    for block in blocks:
        piece = text[block.start : block.end]
        assert piece == piece.strip() != ""
        assert "  " not in piece
        assert 1 <= (block.page or 0) <= draft.page_count
        assert block.page_end is None or (block.page or 0) < block.page_end <= draft.page_count
    assert (text, blocks) == read(make()).finish()


def test_headings_nest_by_number_and_size() -> None:
    _, block = block_of(read(sample.report()), "Chains last")
    assert block.heading_path == ("Harbour report", "1 Moorings", "1.1 Ropes and chains")
    _, block = block_of(read(sample.report()), "Light 8.")
    assert block.heading_path == ("Harbour report", "2 Lights")


def test_a_paragraph_over_a_page_break_keeps_both_pages() -> None:
    _, block = block_of(read(sample.footnotes()), "mayor walked along the pier to the very last")
    assert (block.page, block.page_end) == (1, 2)


def test_the_outline_tells_headings_that_the_type_does_not() -> None:
    draft = read(sample.outlined())
    assert draft.title == "Handbook of the yard"
    assert block_of(draft, "Text 1 goes on in line 0")[1].heading_path == ("Of ropes", "Of knots")
    assert block_of(draft, "Text 2 goes on in line 0")[1].heading_path == ("Of sails",)


@pytest.mark.parametrize(
    "named", ["p.html", "The yard 2020.docx", "https://yard.example/handbook", "about:blank"]
)
def test_a_file_name_is_no_title(named: str) -> None:
    assert read(sample.outlined(named)).title == ""


def test_items_keep_what_introduces_them() -> None:
    draft = read(sample.nested_lists())
    leads = {words: block_of(draft, words)[1].lead for words in ("It stores sails", "Steel hulls")}
    assert leads == {
        "It stores sails": "The yard does three things:",
        "Steel hulls": "Kinds of hull:",
    }
    assert block_of(draft, "Masts are oiled")[1].lead == "It cleans boats:"
    assert block_of(draft, "Everything else")[1].kind is BlockKind.PARAGRAPH


def test_rows_keep_their_caption_and_stay_one_group_over_pages() -> None:
    draft = read(sample.long_table(repeat_header=False))
    _, blocks = draft.finish()
    rows = [b for b in blocks if b.kind is BlockKind.TABLE_ROW]
    assert len(rows) == 60
    assert {b.lead for b in rows} == {"Table 1: Berths and fees"}
    assert len({b.group for b in rows}) == 1
    assert {b.page for b in rows} == {1, 2, 3}


def test_a_table_is_read_with_its_column() -> None:
    found = texts(read(sample.column_table()))
    places = [
        next(i for i, text in enumerate(found) if text.startswith(start))
        for start in ("Left begins", "Left goes on", "Right begins", "Coast: North", "Right ends")
    ]
    assert places == sorted(places)


def test_frames_and_charts_are_no_tables() -> None:
    assert texts(read(sample.captioned_boxes()), BlockKind.TABLE_ROW) == []


def test_a_slide_is_one_group_under_its_title() -> None:
    _, blocks = read(sample.slides()).finish()
    assert [len({b.group for b in blocks if b.page == n}) for n in (1, 2, 3)] == [1, 1, 1]
    assert len({b.group for b in blocks}) == 3
    assert {b.heading_path for b in blocks if b.page == 2} == {(), ("Numbers",)}
    assert {b.heading_path for b in blocks if b.page == 3} == {()}


def test_pages_that_are_pictures_are_named() -> None:
    draft = read(sample.scanned(pages_with_text=1))
    assert len(draft.warnings) == 1
    assert draft.warnings[0].startswith("Pages 2-3 are pictures")
    assert "Typed page 1" in texts(draft)[0]


@pytest.mark.parametrize(
    ("data", "error", "words"),
    [
        (b"", EmptyFile, "empty"),
        (sample.blank(), EmptyFile, "empty"),
        (sample.scanned(), NoText, "OCRmyPDF"),
        (sample.encrypted("secret"), Encrypted, "password"),
        (b"%PDF-1.4\nthis is not a PDF at all", BrokenFile, "again"),
        (sample.report()[:400], BrokenFile, "again"),
    ],
)
def test_files_that_cannot_be_read_say_what_to_do(
    data: bytes, error: type[Exception], words: str
) -> None:
    with pytest.raises(error) as caught:
        read(data)
    line = caught.value.line()  # type: ignore[attr-defined]
    assert words in line
    assert "file.pdf" in line


def test_pypdf_stands_in_where_pdfium_refuses_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(data: bytes) -> None:
        raise pdfium.PdfiumError("refused")

    monkeypatch.setattr(pdfium, "PdfDocument", refuse)
    draft = read(sample.plain())
    assert texts(draft) == ["The harbour opens at seven in the morning."]
    assert "damaged" in draft.warnings[0]


def test_a_file_is_known_by_its_content() -> None:
    reader = PdfReader()
    assert reader.accepts(Path("letter.txt"), sample.plain())
    assert reader.accepts(PATH, b"\n" * 1000 + b"%PDF-1.7")
    assert not reader.accepts(PATH, b"\n" * 2000 + b"%PDF-1.7")
    assert not reader.accepts(PATH, b"<html>")


ORIGINALS = [
    (
        "ambp-at-a-glance.pdf",
        [
            "#: 9; Project leaders: National Institute of Chemistry; Thematic area / Project: "
            "Thematic area 5: Network of prototyping & testing centres; Progress status: Positive",
            "#: 11; Project leaders: NANOPOW; Thematic area / Project: Thematic area 6: pure "
            "carbon coated crystalline nano silicon powder; Basic characteristics: Preliminary",
            "Thematic area / Coordinator: Improved lithium-ion batteries (Generation 3b)",
            "2. Scoping meetings with 38 representatives on 22 & 23 January 2019;",
            "7. Several notes and reports including the scoping note.",
            "Industry Modernisation platform and benefits",
            "the opportunity of creating 4-5 million jobs. Regional actors",
        ],
        ["jobs2", "➢"],
    ),
    (
        "batteries-in-wallonia.pdf",
        ["Ownership of battery (the producer should be in charge of disassembling)"],
        ["• "],
    ),
    (
        "icamcyl-raw-materials-deck.pdf",
        [
            "PILOT 2: Sustainable Raw Materials Extraction & Processing (Lead Region: Castilla y",
            "Surge in demand for electrical batteries in the early 2020’s",
        ],
        ["••", "China: 66 % India"],
    ),
]


@pytest.mark.parametrize(("name", "included", "excluded"), ORIGINALS)
def test_the_publications(
    originals: Path, name: str, included: list[str], excluded: list[str]
) -> None:
    path = originals / name
    draft = PdfReader().read(path, path.read_bytes())
    assert draft.warnings == []
    assert draft.title
    found = texts(draft)
    for words in included:
        assert any(words in text for text in found), words
    for words in excluded:
        assert not any(words in text for text in found), words


def test_labels_stand_under_their_topic(originals: Path) -> None:
    path = originals / "batteries-in-wallonia.pdf"
    draft = PdfReader().read(path, path.read_bytes())
    _, block = block_of(draft, "Battery Chemistry diverse")
    assert block.heading_path == ("Battery Recycling Quest", "BARRIERS", "Technological")
