"""Tables drawn with lines."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from ingest.readers.pdf.lines import Line, rows
from ingest.readers.pdf.page import Page, Word
from ingest.readers.pdf.tables import Cell, Table, find_header

SNAP = 3.0  # points: edges nearer than this are one
MAX_RULES = 4000  # a page with more is a drawing
MIN_FILLED = 0.4  # of the cells of a table hold text; charts and frames have fewer
MIN_FILLED_SMALL = 0.7  # with only one row of two cells or more
_SPLIT_ROWS = 4  # aligned lines in the only ruled row from which it is taken for many rows

_Span = list[float]  # place across, start and end along


def ruled_tables(page: Page) -> tuple[list[Table], list[Word]]:
    """The tables of ``page`` that have lines between their cells, and the words outside them."""
    if not 4 <= len(page.rules) <= MAX_RULES:
        return [], page.words
    tables: list[Table] = []
    words = page.words
    across = _merged((r.y0, r.x0, r.x1) for r in page.rules if r.horizontal)
    down = _merged((r.x0, r.y0, r.y1) for r in page.rules if not r.horizontal)
    for group in _connected(across, down):
        table, rest = _table(page.number, *group, words)
        if table:
            tables.append(table)
            words = rest
    return tables, words


def _merged(spans: Iterable[tuple[float, float, float]]) -> list[_Span]:
    """Edges that lie on one line and touch, as one."""
    result: list[_Span] = []
    for place, start, end in sorted(spans):
        near = next(
            (
                span
                for span in reversed(result[-60:])
                if place - span[0] <= SNAP and start <= span[2] + SNAP and end >= span[1] - SNAP
            ),
            None,
        )
        if near is None:
            result.append([place, start, end])
        else:
            near[1], near[2] = min(near[1], start), max(near[2], end)
    return result


def _connected(
    across: Sequence[_Span], down: Sequence[_Span]
) -> list[tuple[list[_Span], list[_Span]]]:
    """Groups of edges that cross or touch each other, top to bottom."""
    parent = list(range(len(across) + len(down)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for j, (x, top, bottom) in enumerate(down, len(across)):
        for i, (y, left, right) in enumerate(across):
            if top - SNAP <= y <= bottom + SNAP and left - SNAP <= x <= right + SNAP:
                parent[root(i)] = root(j)
    groups: dict[int, tuple[list[_Span], list[_Span]]] = {}
    for i, span in enumerate([*across, *down]):
        groups.setdefault(root(i), ([], []))[0 if i < len(across) else 1].append(span)
    found = [group for group in groups.values() if len(group[0]) >= 2 and group[1]]
    return sorted(found, key=lambda group: min(span[0] for span in group[0]))


def _places(values: Iterable[float]) -> list[float]:
    """Sorted positions, those nearer than SNAP as one."""
    result: list[float] = []
    for value in sorted(values):
        if not result or value - result[-1] > SNAP:
            result.append(value)
    return result


def _table(
    page: int, across: list[_Span], down: list[_Span], words: list[Word]
) -> tuple[Table | None, list[Word]]:
    """The table that a group of edges draws (None: it draws none), and the words outside it."""
    ys = _places([*(s[0] for s in across), *(s[1] for s in down), *(s[2] for s in down)])
    xs = _places([*(s[0] for s in down), *(s[1] for s in across), *(s[2] for s in across)])
    if len(xs) < 3 or len(ys) < 3:
        return None, words
    held: dict[tuple[int, int], list[Word]] = {}
    rest: list[Word] = []
    for word in words:
        x, y = (word.x0 + word.x1) / 2, word.base - 0.3 * word.size
        if xs[0] <= x <= xs[-1] and ys[0] <= y <= ys[-1]:
            place = (bisect_right(ys, y) - 1, bisect_right(xs, x) - 1)
            held.setdefault(place, []).append(word)
        else:
            rest.append(word)
    grid = _merge_cells(held, xs, ys, across, down)
    cells = [[_cell(words) for words in row] for row in grid]
    cells = [row for row in cells if any(row)]
    if cells:
        used = [i for i in range(len(xs) - 1) if any(row[i] for row in cells)]
        cells = [[row[i] for i in used] for row in cells]
        xs = [xs[i] for i in used] + [xs[-1]]
    if not _is_table(cells):
        return None, words
    cells = _split_tall_row(cells)
    header, keyed = find_header(cells)
    table = Table(
        page, ys[0], ys[-1], xs[0], xs[-1], tuple(xs[:-1]), cells, header=header, keyed=keyed
    )
    return table, rest


def _is_table(cells: Sequence[Sequence[Cell]]) -> bool:
    if len(cells) < 2 or len(cells[0]) < 2:
        return False
    filled = sum(bool(cell) for row in cells for cell in row)
    many = sum(sum(map(bool, row)) >= 2 for row in cells)
    share = filled / (len(cells) * len(cells[0]))
    # One full row may be the end of a table from the page before.
    return (many >= 2 and share >= MIN_FILLED) or (many == 1 and share >= MIN_FILLED_SMALL)


def _cell(words: Sequence[Word]) -> Cell:
    return tuple(Line(row) for row in rows(words))


def _merge_cells(
    held: dict[tuple[int, int], list[Word]],
    xs: Sequence[float],
    ys: Sequence[float],
    across: Sequence[_Span],
    down: Sequence[_Span],
) -> list[list[list[Word]]]:
    """The words of each cell of the grid. Cells without an edge between them are one cell.

    Its words are given to each row that it spans (so that every row makes sense alone), and within
    a row to the first column that it spans; a header over many columns is given to each of them.
    """
    height, width = len(ys) - 1, len(xs) - 1

    def edge(spans: Sequence[_Span], place: float, middle: float) -> bool:
        return any(abs(s[0] - place) <= SNAP and s[1] <= middle <= s[2] for s in spans)

    parent = {(r, c): (r, c) for r in range(height) for c in range(width)}

    def root(cell: tuple[int, int]) -> tuple[int, int]:
        while parent[cell] != cell:
            cell = parent[cell]
        return cell

    for r in range(height):
        for c in range(width):
            if c and not edge(down, xs[c], (ys[r] + ys[r + 1]) / 2):
                parent[root((r, c))] = root((r, c - 1))
            if r and not edge(across, ys[r], (xs[c] + xs[c + 1]) / 2):
                a, b = root((r - 1, c)), root((r, c))
                parent[max(a, b)] = min(a, b)
    words: dict[tuple[int, int], list[Word]] = {}
    first_column: dict[tuple[tuple[int, int], int], int] = {}
    for r in range(height):
        for c in range(width):
            words.setdefault(root((r, c)), []).extend(held.get((r, c), []))
            first_column.setdefault((root((r, c)), r), c)
    has_subheads = height > 1 and len({root((1, c)) for c in range(width)}) > len(
        {root((0, c)) for c in range(width)}
    )
    return [
        [
            words[root((r, c))]
            if first_column[root((r, c)), r] == c or (r == 0 and has_subheads)
            else []
            for c in range(width)
        ]
        for r in range(height)
    ]


def _split_tall_row(cells: list[list[Cell]]) -> list[list[Cell]]:
    """A table with lines round its columns only has one tall row: cut it at its text lines."""
    if len(cells) != 2 or not cells[-1][0]:
        return cells
    tall = cells[-1]
    marks = [line.base for line in tall[0]]
    aligned = [
        any(abs(line.base - mark) <= 2 for line in cell) for cell in tall[1:2] for mark in marks
    ]
    if len(marks) < _SPLIT_ROWS or sum(aligned) < 0.8 * len(aligned):
        return cells
    starts = [mark - 3 for mark in marks]
    split: list[list[list[Line]]] = [[[] for _ in tall] for _ in marks]
    for c, cell in enumerate(tall):
        for line in cell:
            split[max(0, bisect_right(starts, line.base) - 1)][c].append(line)
    return [cells[0], *([tuple(cell) for cell in row] for row in split)]
