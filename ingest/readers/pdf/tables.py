"""What a table is, and how its rows are told apart from its header."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.readers.pdf.lines import Line

Cell = tuple[Line, ...]  # its lines, top to bottom

MAX_HEADER_LENGTH = 60  # characters of a cell
MAX_HEADER_ROWS = 3
_VALUE = re.compile(r"[\s<>~≈±+€$£%.,\d/()–-]*\d[\s<>~≈±+€$£%.,\d/()–-]*[%€$£kMt]?")


@dataclass(slots=True)
class Table:
    """Rows of cells on one page. ``header`` counts the rows at the top that name the columns.

    ``edges`` are the x positions at which the columns begin; ``keyed`` says that it has no header
    because the first column names the rows.
    """

    page: int
    top: float
    bottom: float
    x0: float
    x1: float
    edges: tuple[float, ...]
    rows: list[list[Cell]]
    header: int = 0
    keyed: bool = False

    @property
    def base(self) -> float:
        """Where it stands among the lines of the page."""
        return self.top


def cell_text(cell: Cell) -> str:
    """The words of a cell, for telling what it is."""
    return " ".join(line.text for line in cell)


def find_header(rows: Sequence[Sequence[Cell]]) -> tuple[int, bool]:
    """How many rows at the top are the header; and, with none, whether the first column is.

    A header is bold where the rest is not; else it is a first row of short cells without values.
    """
    if len(rows) < 2:
        return 0, len(rows[0]) == 2 if rows else False
    bold = [_is_bold(row) for row in rows]
    if bold[0] and not all(bold):
        count = next(i for i, value in enumerate(bold) if not value)
        if count <= min(MAX_HEADER_ROWS, len(rows) - 1):
            return count, False
    if not any(bold) and _first_column_bold(rows):
        return 0, True
    first = [cell_text(cell) for cell in rows[0]]
    filled = [text for text in first if text]
    if len(filled) < max(2, len(first) - 1) or len(set(filled)) < len(filled):
        return 0, _pairs(rows)
    if any(len(text) > MAX_HEADER_LENGTH or _VALUE.fullmatch(text) for text in filled):
        return 0, _pairs(rows)
    if any(_is_sample(column) for column in zip(*rows, strict=True)):
        return 0, _pairs(rows)
    if len(first) == 2 and _pairs(rows) and not (_differs(rows) or _counts(rows)):
        return 0, True
    return 1, False


def _is_bold(row: Sequence[Cell]) -> bool:
    told = [line for cell in row for line in cell]
    return bool(told) and all(line.bold for line in told)


def _first_column_bold(rows: Sequence[Sequence[Cell]]) -> bool:
    firsts = [line for row in rows for line in row[0]]
    others = [line for row in rows for cell in row[1:] for line in cell]
    return bool(firsts) and all(x.bold for x in firsts) and not any(x.bold for x in others)


def _pairs(rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether the rows read "label: value": two columns, the first one short and never empty."""
    return all(len(row) == 2 and row[0] and len(cell_text(row[0])) <= 60 for row in rows)


def _is_sample(column: Sequence[Cell]) -> bool:
    """Whether the top cell is one value among others: it has a number as the rest have."""
    top, *others = (any(c.isdigit() for c in cell_text(cell)) for cell in column)
    return top and sum(others) >= 0.6 * len(others)


def _counts(rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether the first column, below a word or sign, numbers the rows."""
    labels = [cell_text(row[0]).rstrip(".") for row in rows]
    return not labels[0].isdigit() and all(label.isdigit() for label in labels[1:])


def _differs(rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether below a first row of words the second column holds values."""
    values = [bool(_VALUE.fullmatch(cell_text(row[1]))) for row in rows[1:]]
    return sum(values) >= 0.6 * len(values) and not any(c.isdigit() for c in cell_text(rows[0][1]))
