"""Tables without lines: cells that stand below each other row after row."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from ingest.readers.pdf.columns import gaps_agree, is_running, is_tabular
from ingest.readers.pdf.lines import Line, joined, line_rows
from ingest.readers.pdf.tables import Cell, Table, find_header

MIN_ROWS = 3  # rows of two or more cells
_HEAD_ROWS = 3  # only the first rows may bring new columns
MAX_GAP = 3.2  # between two rows, in font sizes
_REACH = 3  # rows above and below
_CELL_GAP = 0.34  # font sizes; a space within running text is rarely wider
_LEADERS = re.compile(r"(?:\.\s?){4,}|…{2,}|_{4,}")


def with_tables(region: Sequence[Line], page: int) -> list[Line | Table]:
    """``region`` top to bottom, its aligned rows as tables and all other rows as single lines.

    The dotted lines of a table of contents are left out: they only repeat headings.
    """
    rows = [
        row
        for row in _split_at_columns(line_rows(region))
        if not _LEADERS.search(joined(row).text) or not joined(row).text[-1:].isdigit()
    ]
    result: list[Line | Table] = []
    start = 0
    while start < len(rows):
        run = _run(rows, start)
        table = _table(run.rows, run.columns, page) if run else None
        if run and table:
            result.append(table)
            start += len(run.rows)
        else:
            result.append(joined(rows[start]))
            start += 1
    return result


def tables_across(found: Sequence[Line], page: int) -> tuple[list[Table], list[Line]]:
    """Tables over the whole width of a page, and the lines outside them.

    They are looked for before columns are: the gaps of tables that follow each other look like the
    gap between two columns. Only what cannot be columns of text is taken.
    """
    tables: list[Table] = []
    rest: list[Line] = []
    rows = _split_at_columns(line_rows(found))
    start = 0
    while start < len(rows):
        run = _run(rows, start)
        table = _table(run.rows, run.columns, page) if run and _no_columns(run) else None
        if run and table:
            tables.append(table)
            start += len(run.rows)
        else:
            rest.extend(rows[start])
            start += 1
    kept = {id(line) for line in rest}
    return tables, [line for line in found if id(line) in kept] + _unsplit(found, rest)


def _unsplit(found: Sequence[Line], rest: Sequence[Line]) -> list[Line]:
    """The lines of ``found`` whose pieces are in ``rest``, whole again."""
    known = {id(line) for line in found}
    pieces = {id(word) for line in rest if id(line) not in known for word in line.words}
    whole = {id(line) for line in rest}
    return [x for x in found if id(x) not in whole and id(x.words[0]) in pieces]


def _split_at_columns(rows: Sequence[list[Line]]) -> list[list[Line]]:
    """Cut a line where a column begins in a row nearby and a wide space stands before the word.

    A cell that fills its column leaves less space before the next one than parts two lines.
    """
    result: list[list[Line]] = []
    for i, row in enumerate(rows):
        near = [other for other in rows[max(0, i - _REACH) : i + _REACH + 1] if len(other) > 1]
        starts = [line.x0 for other in near for line in other[1:]]
        result.append([part for line in row for part in _cut(line, starts)] if starts else row)
    return result


def _cut(line: Line, starts: Sequence[float]) -> list[Line]:
    for i in range(1, len(line.words)):
        word = line.words[i]
        gap = word.x0 - line.words[i - 1].x1
        if gap > _CELL_GAP * word.size and any(abs(word.x0 - x) < 1 for x in starts):
            return [Line(line.words[:i]), *_cut(Line(line.words[i:]), starts)]
    return [line]


@dataclass(slots=True)
class _Run:
    """Rows that share columns, each an interval (left, right) of x."""

    rows: list[list[Line]]
    columns: list[list[float]] = field(default_factory=list)


def _run(rows: Sequence[list[Line]], start: int) -> _Run | None:
    """The longest run of aligned rows from ``start`` on; None when there is none."""
    if len(rows[start]) < 2:
        return None
    run = _Run([rows[start]], [[line.x0, line.x1] for line in rows[start]])
    for row in rows[start + 1 :]:
        before = run.rows[-1]
        step = row[0].base - before[0].base
        if step > MAX_GAP * max(line.size for line in (*row, *before)) or step < 1:
            break
        columns = _fit(run.columns, row, may_add=len(run.rows) < _HEAD_ROWS)
        if columns is None or _is_heading(row, step, run):
            break
        run.rows.append(row)
        run.columns = columns
    while run.rows and len(run.rows[-1]) < 2 and not _continues(run):
        run.rows.pop()
    full = sum(len(row) >= 2 for row in run.rows)
    return run if full >= MIN_ROWS and len(run.columns) >= 2 else None


def _no_columns(run: _Run) -> bool:
    """Whether no two neighbouring columns of ``run`` are running text side by side."""
    if any(_LEADERS.search(line.text) for row in run.rows for line in row):
        return False
    sides = [
        [line for row in run.rows for line in row if left - 1 <= line.x0 <= right + 1]
        for left, right in run.columns
    ]
    return all(
        is_tabular(a, b) and (gaps_agree(a, b) or not (is_running(a) or is_running(b)))
        for a, b in pairwise(sides)
    )


def _continues(run: _Run) -> bool:
    """Whether the last row, a single cell, is the second line of a cell and not text below."""
    if len(run.rows) < 2:
        return False
    line, before = run.rows[-1][0], run.rows[-2]
    step = line.base - before[0].base
    first = run.columns[0]
    return line.x0 > first[1] and step < 1.6 * line.size


def _is_heading(row: Sequence[Line], step: float, run: _Run) -> bool:
    """Whether a lone first cell stands apart: the heading of what follows the table."""
    if len(row) > 1 or row[0].x0 > run.columns[0][1]:
        return False
    steps = [b[0].base - a[0].base for a, b in pairwise(run.rows)]
    first_bold = all(r[0].bold for r in run.rows)
    return (row[0].bold and not first_bold) or (bool(steps) and step > 1.15 * max(steps))


def _fit(
    columns: list[list[float]], row: Sequence[Line], *, may_add: bool
) -> list[list[float]] | None:
    """``columns`` widened by ``row``; None when a cell of it would lie in two columns."""
    result = [list(column) for column in columns]
    for line in row:
        over = [c for c in result if line.x0 < c[1] - 1 and line.x1 > c[0] + 1]
        if len(over) > 1:
            return None
        if over:
            over[0][0], over[0][1] = min(over[0][0], line.x0), max(over[0][1], line.x1)
        elif len(row) > 1 and may_add:
            result.append([line.x0, line.x1])
        else:
            return None
    result.sort()
    if any(a[1] > b[0] - 1 for a, b in pairwise(result)):
        return None
    return result


def _table(rows: Sequence[list[Line]], columns: Sequence[list[float]], page: int) -> Table | None:
    placed = [
        [
            tuple(line for line in row if left - 1 <= (line.x0 + line.x1) / 2 <= right + 1)
            for left, right in columns
        ]
        for row in rows
    ]
    cells = _whole_rows(placed, [row[0].base for row in rows])
    if len(cells) < MIN_ROWS or not _plausible(cells):
        return None
    header, keyed = find_header(cells)
    everything = [line for row in rows for line in row]
    return Table(
        page,
        min(line.top for line in everything),
        max(line.bottom for line in everything),
        columns[0][0],
        columns[-1][1],
        tuple(column[0] for column in columns),
        cells,
        header=header,
        keyed=keyed,
    )


def _whole_rows(placed: Sequence[list[Cell]], bases: Sequence[float]) -> list[list[Cell]]:
    """Lines to rows: a new row begins after a clear gap or, without gaps, in the first column."""
    steps = [b - a for a, b in pairwise(bases)]
    small = min(steps)
    gaps = [step > 1.25 * small + 0.5 for step in steps]
    # Cells that wrap make some rows end at a gap and others not; single-line rows have no gaps.
    by_gap = any(gaps) and not all(gaps) and _gaps_part_rows(placed, gaps)
    result: list[list[Cell]] = []
    for i, row in enumerate(placed):
        starts = i == 0 or (gaps[i - 1] if by_gap else bool(row[0]))
        if starts or not result:
            result.append(list(row))
        else:
            result[-1] = [a + b for a, b in zip(result[-1], row, strict=True)]
    return result


def _gaps_part_rows(placed: Sequence[list[Cell]], gaps: Sequence[bool]) -> bool:
    """Whether lines that follow without a gap look like second lines: most leave cells empty."""
    follow = [row for row, gap in zip(placed[1:], gaps, strict=True) if not gap]
    partial = sum(not all(row) for row in follow)
    return bool(follow) and partial >= 0.6 * len(follow)


def _plausible(cells: Sequence[Sequence[Cell]]) -> bool:
    """Whether it is a table and not text with wide gaps: cells are mostly filled and short."""
    filled = [cell for row in cells for cell in row if cell]
    share = len(filled) / (len(cells) * len(cells[0]))
    lengths = [sum(len(line.text) for line in cell) for cell in filled]
    return share >= 0.5 and median(lengths) <= 90
