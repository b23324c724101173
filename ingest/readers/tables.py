"""Table rows that make sense alone: every cell with the header of its column.

``Event: Kick-off; Date: 8 October; Place: Brussels``. In a form, the header of the column that is
checked is the value: ``We hold meetings: Strongly agree``.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

CHECKED = "☑"
UNCHECKED = "☐"

_YES = {CHECKED, "☒", "✓", "✔", "✔️", "🗹", "x", "X", "🗸", "⦿", "🔘"}
_NO = {UNCHECKED, "□", "○", "◯", "✗", "✘"}
_NOTHING = {"", "-", "–", "—"}
NO_OPTION = "no option chosen"
_LONGEST_HEADER = 80
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class Row:
    """A row as text; ``section`` is the last row above it that is one cell over all columns."""

    text: str
    section: str = ""


def table_rows(grid: Sequence[Sequence[str]], header_rows: int | None = None) -> list[Row]:
    """The rows of a table below its header, from left to right and top to bottom.

    ``grid`` holds the text of each cell; a cell that spans several is repeated in each of them.
    ``header_rows`` says how many rows at the top are headers; None: judged by what they hold.
    Empty rows, rows that only number themselves and repeated headers are left out.
    """
    width = max((len(row) for row in grid), default=0)
    cells = [[_flat(cell) for cell in row] + [""] * (width - len(row)) for row in grid]
    cells = [row for row in cells if any(row)] if header_rows is None else cells
    if header_rows is None:
        header_rows = int(looks_like_header(cells))
    head = cells[:header_rows]
    header = [_joined(row[column] for row in head) for column in range(width)]
    body = [row for row in cells[header_rows:] if any(row) and row not in head]
    return _rendered(header, body)


def looks_like_header(cells: Sequence[Sequence[str]], *, likely: bool = False) -> bool:
    """Whether the first of several rows names the columns rather than being one of the things.

    ``likely``: nearly all tables of this kind have a header, so nothing but words is needed.
    """
    if len(cells) < 2:
        return False
    first, body = cells[0], cells[1:]
    named = [cell for cell in first if cell]
    if len(named) < 2 or len(set(named)) < len(named) or first.count("") > 1:
        return False
    if any(len(cell) > _LONGEST_HEADER or cell in _YES | _NO for cell in named):
        return False
    if any(re.search(r"\d", _YEAR.sub("", cell)) for cell in named[1:]):
        return False
    if likely or (not first[0] and len(named) == len(first) - 1):
        return True
    below = [cell for row in body for cell in row if cell]
    numbers = any(re.match(r"[\d€$£>~<]", cell) for cell in below)
    shorter = sum(map(len, named)) / len(named) < sum(map(len, below)) / max(1, len(below))
    return numbers or shorter or any(cell in _YES for cell in below)


def _rendered(header: list[str], body: list[list[str]]) -> list[Row]:
    width = len(header)
    marks = [column for column in range(width) if header[column] and _is_marks(body, column)]
    form = any(row[column] in _NO for row in body for column in marks)
    rows: list[Row] = []
    section = ""
    for row in body:
        if width > 1 and len(set(row)) == 1 and len(body) > 1:
            section = row[0]
            continue
        text = _row_text(header, row, marks, form=form)
        if text:
            rows.append(Row(text, section))
    # A table of nothing but such rows: they are its content.
    return rows or [Row(row[0]) for row in body if row[0]]


def _is_marks(body: list[list[str]], column: int) -> bool:
    held = {row[column] for row in body}
    return bool(held & (_YES | _NO)) and held <= _YES | _NO | _NOTHING


def _row_text(header: list[str], row: list[str], marks: list[int], *, form: bool) -> str:
    plain = [
        (header[column], cell)
        for column, cell in enumerate(row)
        if column not in marks and cell not in _NOTHING
    ]
    chosen = [header[column] for column in marks if row[column] in _YES]
    if not plain:
        return ", ".join(chosen)
    if len(plain) == 1 and not chosen and len(row) > 1 and re.fullmatch(r"\d+[.)]?", plain[0][1]):
        return ""  # an empty row that only carries its number
    # A cell over several columns is said once, with the headers that it stands under.
    parts = []
    for cell, same in groupby(plain, key=lambda pair: pair[1]):
        names = _joined(name for name, _ in same)
        parts.append(f"{names.rstrip(':')}: {cell}" if names else cell)
    if not marks:
        return "; ".join(parts)
    value = ", ".join(chosen) or (NO_OPTION if form else "")
    if not value:
        return "; ".join(parts)
    return "; ".join([*parts[:-1], f"{parts[-1].rstrip(':')}: {value}"])


def _joined(names: Iterable[str]) -> str:
    return " – ".join(dict.fromkeys(name for name in names if name))


def _flat(cell: str) -> str:
    """A cell's lines in one: a line break in it must not end the row's sentence."""
    lines = [line.strip() for line in cell.splitlines() if line.strip()]
    joined = ""
    for line in lines:
        if joined:
            joined += " " if joined[-1] in ".;:,!?-–(/" or line[0].islower() else "; "
        joined += line
    return " ".join(joined.split())
