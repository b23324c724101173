"""The cells of an HTML table as a grid, spans filled in."""

from collections.abc import Callable

from bs4.element import Tag

_MOST_SPAN = 1000  # as browsers limit it


def is_data_table(table: Tag) -> bool:
    """Whether a table holds data, not the layout of the page."""
    if str(table.get("role") or "") in ("presentation", "none"):
        return False
    if table.find(["th", "caption", "thead"]):
        return True
    rows = _rows(table)
    widest = max((len(_cells(row)) for row in rows), default=0)
    return widest > 1 and len(rows) > 1 and not table.find(["table", "h1", "h2", "h3"])


def grid_of(table: Tag, text_of: Callable[[Tag], str]) -> tuple[list[list[str]], int | None]:
    """The text of each cell, one that spans several repeated, and the number of header rows.

    The number is None where the markup does not say.
    """
    grid: list[list[str]] = []
    carried: dict[int, tuple[int, str]] = {}  # column: (rows left, text) of cells from above
    headers = 0
    in_header = True
    rows = _rows(table)
    for row in rows:
        cells = _cells(row)
        line: list[str] = []
        for cell in cells:
            _fill(line, carried)
            text = text_of(cell)
            down = _span(cell, "rowspan")
            for _ in range(_span(cell, "colspan")):
                if down > 1:
                    carried[len(line)] = (down - 1, text)
                line.append(text)
        _fill(line, carried)
        grid.append(line)
        in_header = in_header and _is_header(row, cells)
        headers += in_header
    if headers == len(rows):  # every cell is a header cell: only the first row can be meant
        headers = min(1, len(rows) - 1)
    return grid, headers or None


def _fill(line: list[str], carried: dict[int, tuple[int, str]]) -> None:
    """Append the cells that reach down from the rows above, up to the next free column."""
    while len(line) in carried:
        left, text = carried.pop(len(line))
        if left > 1:
            carried[len(line)] = (left - 1, text)
        line.append(text)


def _is_header(row: Tag, cells: list[Tag]) -> bool:
    if row.parent is not None and row.parent.name == "thead":
        return True
    return bool(cells) and all(cell.name == "th" for cell in cells) and len(cells) > 1


def _span(cell: Tag, name: str) -> int:
    value = str(cell.get(name) or "1").strip()
    return min(max(int(value), 1), _MOST_SPAN) if value.isdecimal() else 1


def _rows(table: Tag) -> list[Tag]:
    return [row for row in table.find_all("tr") if row.find_parent("table") is table]


def _cells(row: Tag) -> list[Tag]:
    return row.find_all(["td", "th"], recursive=False)
