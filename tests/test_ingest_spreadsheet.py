from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from reading import Shown, show

from ingest.readers import spreadsheet
from ingest.readers.spreadsheet import CsvReader, XlsxReader


def read(workbook: Any) -> Shown:
    buffer = BytesIO()
    workbook.save(buffer)
    data = buffer.getvalue()
    assert XlsxReader().accepts(Path("a.xlsx"), data)
    return show(XlsxReader().read(Path("a.xlsx"), data))


def book(*rows: list[object]) -> Any:
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "Members"
    for row in rows:
        sheet.append(row)
    return workbook


def test_sheets_are_headings_and_rows_carry_their_headers() -> None:
    workbook = book(["Region", "Country"], ["Graz", "AT"], ["Oslo", "NO"])
    workbook.create_sheet("Budget").append(["only words"])
    workbook.properties.title = "List"
    shown = read(workbook)
    assert shown.lines == [
        "# Members",
        "| Region: Graz; Country: AT",
        "| Region: Oslo; Country: NO",
        "# Budget",
        "P only words",
    ]
    assert shown.paths["only words"] == ("Budget",)
    assert shown.title == "List"


def test_a_title_above_a_table_introduces_it_and_empty_rows_part_tables() -> None:
    shown = read(
        book(
            ["Members in 2020"], [None], ["Name", "Joined"], ["A", 2019], [None],
            ["Other members"], ["Name", "Left"], ["B", 2020],
        )
    )  # fmt: skip
    assert shown.lines == [
        "# Members",
        "P Members in 2020",
        "| Members in 2020 => Name: A; Joined: 2019",
        "P Other members",
        "| Other members => Name: B; Left: 2020",
    ]


def test_values_are_printed_plainly() -> None:
    workbook = book(
        ["What", "Value"],
        ["day", date(2020, 9, 30)],
        ["moment", datetime(2020, 9, 30, 14, 5)],
        ["whole", 5.0],
        ["sum", 0.1 + 0.2],
        ["large", 25267000],
        ["very large", 2.5e17],
        ["tiny", 0.00001],
        ["true", True],
        ["share", 0.515],
        ["error", "#N/A"],
        ["zero", 0],
    )
    workbook.active["B10"].number_format = "0.0%"
    assert read(workbook).lines[1:] == [
        "| What: day; Value: 2020-09-30",
        "| What: moment; Value: 2020-09-30 14:05",
        "| What: whole; Value: 5",
        "| What: sum; Value: 0.3",
        "| What: large; Value: 25267000",
        "| What: very large; Value: 250000000000000000",
        "| What: tiny; Value: 0.00001",
        "| What: true; Value: yes",
        "| What: share; Value: 51.5%",
        "| What: error",
        "| What: zero; Value: 0",
    ]


def test_merged_header_cells() -> None:
    workbook = book(
        ["Project", "Budget", None],
        [None, "asked", "granted"],
        ["A", 5, 4],
        ["B", 7, 6],
    )
    workbook.active.merge_cells("B1:C1")
    workbook.active.merge_cells("A1:A2")
    assert read(workbook).lines[1:] == [
        "| Project: A; Budget – asked: 5; Budget – granted: 4",
        "| Project: B; Budget – asked: 7; Budget – granted: 6",
    ]


def test_hidden_sheets_are_reported() -> None:
    workbook = book(["a", "b"], ["c", "d"])
    workbook.create_sheet("Secret").append(["hidden words"])
    workbook["Secret"].sheet_state = "hidden"
    shown = read(workbook)
    assert "hidden words" not in shown.all
    assert shown.warnings == ["The sheet “Secret” is hidden and was left out."]


@pytest.mark.parametrize("load_whole", [0, 10**9])
def test_long_sheets_are_cut_and_reported(monkeypatch: pytest.MonkeyPatch, load_whole: int) -> None:
    monkeypatch.setattr(spreadsheet, "MAX_ROWS", 3)
    monkeypatch.setattr(spreadsheet, "_LOAD_WHOLE", load_whole)
    shown = read(book(["Name", "Number"], ["a", 1], ["b", 2], ["c", 3]))
    assert shown.lines[1:] == ["| Name: a; Number: 1", "| Name: b; Number: 2"]
    assert shown.warnings == ["Only the first 3 rows of the sheet “Members” were read."]


def read_csv(data: bytes, name: str = "a.csv") -> Shown:
    assert CsvReader().accepts(Path(name), data)
    return show(CsvReader().read(Path(name), data))


@pytest.mark.parametrize(
    "encode", [lambda t: t.encode(), lambda t: t.encode("utf-16"), lambda t: t.encode("cp1252")]
)
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_csv_of_all_kinds(separator: str, encode: Callable[[str], bytes]) -> None:
    rows = [["Région", "Amount"], ["Rhône", "5"], ["Gävle", "7"]]
    shown = read_csv(encode("\r\n".join(separator.join(row) for row in rows)))
    assert shown.lines[0] == "| Région: Rhône; Amount: 5"


def test_csv_with_quotes_and_line_breaks() -> None:
    text = 'Name,Note\n"Smith, J.","He said ""yes"".\nThen left."\n"Doe, A.",none\n'
    assert read_csv(text.encode()).lines == [
        '| Name: Smith, J.; Note: He said "yes". Then left.',
        "| Name: Doe, A.; Note: none",
    ]


def test_csv_of_one_column() -> None:
    assert read_csv(b"Names\nAnna Smith\nBo Lee\n").lines == ["P Names", "P Anna Smith", "P Bo Lee"]


def test_csv_without_a_header() -> None:
    assert read_csv(b"1,2020-01-01,5\n2,2020-02-01,6\n").lines[0] == "| 1; 2020-01-01; 5"
