"""Reads Excel and CSV files: every row with its headers."""

import csv
import warnings
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from io import BytesIO, StringIO
from itertools import islice
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.cell import ERROR_CODES

from corpus.errors import BrokenFile
from ingest.readers.draft import Draft
from ingest.readers.encoding import decode, is_text
from ingest.readers.office import check_archive, has_part, title_of
from ingest.readers.outline import Outline
from ingest.readers.tables import looks_like_header

# Rows of a sheet that are read; more than that is a database, not a document.
MAX_ROWS = 20_000
# Merged cells are only known when a file is loaded whole, which takes 50 times its size.
_LOAD_WHOLE = 5 * 1024 * 1024
_SAMPLE_ROWS = 50
_SNIFFED = 20_000


class XlsxReader:
    """Reader of ``.xlsx``."""

    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def accepts(self, path: Path, data: bytes) -> bool:
        """Whether the file is an archive with a workbook in it."""
        return has_part(data, "xl/workbook.xml")

    def read(self, path: Path, data: bytes) -> Draft:
        """The blocks: a heading for each sheet, the rows of its tables below it.

        Formulas are read as the values that Excel last computed. Hidden sheets, and rows beyond
        `MAX_ROWS`, are left out with a warning. Raises TooLarge or Encrypted.
        """
        check_archive(path, data)
        streamed = len(data) > _LOAD_WHOLE
        with warnings.catch_warnings():
            # openpyxl warns of what it does not keep (styles, validation): none of it is text.
            warnings.simplefilter("ignore", UserWarning)
            workbook = load_workbook(BytesIO(data), read_only=streamed, data_only=True)
            draft = Draft(title=title_of(workbook.properties.title))
            outline = Outline(draft)
            for sheet in workbook.worksheets:
                if sheet.sheet_state != "visible":
                    draft.warnings.append(f"The sheet “{sheet.title}” is hidden and was left out.")
                    continue
                merged = {} if streamed else _merged(sheet)
                rows = (
                    [merged.get((cell.row or 0, cell.column or 0)) or _shown(cell) for cell in row]
                    for row in sheet.iter_rows()
                    if row
                )
                if _write_sheet(outline, sheet.title, rows):
                    draft.warnings.append(
                        f"Only the first {MAX_ROWS:,} rows of the sheet “{sheet.title}” were read."
                    )
            workbook.close()
        return outline.finish()


class CsvReader:
    """Reader of ``.csv`` and ``.tsv``."""

    media_type = "text/csv"

    def accepts(self, path: Path, data: bytes) -> bool:
        """Whether the file is named like a table of values and is text."""
        return path.suffix.lower() in {".csv", ".tsv", ".tab"} and is_text(data)

    def read(self, path: Path, data: bytes) -> Draft:
        """The rows; what parts the cells is found out. Raises BrokenFile."""
        text = decode(data).removeprefix("\ufeff").replace("\0", "")
        draft = Draft()
        outline = Outline(draft)
        try:
            rows = csv.reader(StringIO(text, newline=""), _dialect(text))
            if _write_sheet(outline, "", rows):
                draft.warnings.append(f"Only the first {MAX_ROWS:,} rows were read.")
        except csv.Error as error:
            raise BrokenFile(
                path,
                f"its rows cannot be told apart ({error})",
                remedy="Open it in a spreadsheet program and save it as CSV again.",
            ) from error
        return outline.finish()


def _dialect(text: str) -> type[csv.Dialect]:
    sample = text[:_SNIFFED].rpartition("\n")[0] or text[:_SNIFFED]
    try:
        found = csv.Sniffer().sniff(sample, delimiters=",;\t|")
    except csv.Error:
        return csv.excel  # a single column, or nothing regular
    # The sniffer takes a quote doubled inside quotes for an escape when it sees none.
    found.doublequote = True
    return found


def _write_sheet(outline: Outline, title: str, rows: Iterable[Sequence[str]]) -> bool:
    """Write the tables of a sheet, parted by empty rows; whether rows were left out."""
    outline.heading(1, title)
    table: list[list[str]] = []
    iterator = iter(rows)
    for row in islice(iterator, MAX_ROWS):
        cells = [cell.strip() for cell in row]
        filled = [cell for cell in cells if cell]
        if not filled:
            _write_table(outline, table)
            table = []
        elif len(filled) == 1 and not table:
            outline.paragraph(filled[0])  # a title or a remark above a table
        else:
            table.append(cells)
    _write_table(outline, table)
    return any(any(row) for row in iterator)


def _write_table(outline: Outline, table: list[list[str]]) -> None:
    if not table:
        return
    used = [any(column) for column in _columns(table)]
    grid = [[cell for cell, keep in zip(row, used, strict=False) if keep] for row in table]
    if max(map(len, grid)) == 1:
        outline.lines([row[0] for row in grid if row and row[0]])
        return
    outline.table(grid, _header_rows(grid[:_SAMPLE_ROWS]))


def _columns(table: list[list[str]]) -> Iterator[tuple[str, ...]]:
    width = max(map(len, table))
    for column in range(width):
        yield tuple(row[column] if column < len(row) else "" for row in table)


def _header_rows(grid: list[list[str]]) -> int:
    """1 for a row of headers, 2 where the upper one groups the columns of the lower one."""
    if looks_like_header(grid, likely=True):
        return 1
    groups = [cell for cell in grid[0] if cell]
    if (
        len(grid) > 2
        and len(groups) > len(set(groups)) > 1
        and looks_like_header(grid[1:], likely=True)
    ):
        return 2
    return 0


def _merged(sheet: Any) -> dict[tuple[int, int], str]:
    """The text of merged cells, for every place that they cover."""
    found = {}
    for cells in sheet.merged_cells.ranges:
        text = _shown(sheet.cell(cells.min_row, cells.min_col))
        for row in range(cells.min_row, min(cells.max_row, cells.min_row + 200) + 1):
            for column in range(cells.min_col, min(cells.max_col, cells.min_col + 200) + 1):
                found[row, column] = text
    return found


def _shown(cell: Any) -> str:
    """A cell's value, plainly: ``2020-09-30``, ``12.5``, ``51%``, ``yes``."""
    value = cell.value
    if value is None or value in ERROR_CODES:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        if "%" in str(cell.number_format or ""):
            return f"{_number(float(value) * 100)}%"
        return _number(value)
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return value.date().isoformat() if midnight else value.isoformat(" ", "minutes")
    if isinstance(value, date | time | timedelta):
        return str(value)
    return str(value).strip()


def _number(value: int | float) -> str:
    """Without the digits that only come from binary fractions: 0.1 + 0.2 is 0.3."""
    if isinstance(value, int):
        return str(value)
    text = f"{value:.12g}"
    if "e" in text:
        text = f"{value:.6f}".rstrip("0").rstrip(".") if abs(value) < 1 else f"{value:.0f}"
    return text
