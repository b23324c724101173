"""Answers from a whole table: a cell, the rows that fit, how many, their sum, the largest, both.

What is computed is computed over all rows of the table, and how many of them state it is said.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal

from app.answering.asked import Asked
from app.answering.evidence import Draft, Statement
from app.answering.quantities import Quantity, amount
from app.answering.reading_tables import Reading, read
from app.answering.tables import Row, Table

_MOST_ITEMS = 12  # rows that a list gives
_Answer = Callable[[Asked, Reading], Draft | None]


def from_tables(asked: Asked, tables: Sequence[Table]) -> Draft | None:
    """What the tables say, the first that can tell; None when none explains the question."""
    answer = _answer(asked)
    if answer is None:
        return None
    readings = [reading for table in tables if (reading := read(asked, table))]
    # Of tables that tell of the same rows the one with more of them is the complete one.
    readings.sort(key=lambda r: -len(r.rows) if r.chosen else 0)
    return next((draft for reading in readings if (draft := answer(asked, reading))), None)


def _answer(asked: Asked) -> _Answer | None:
    """How a question is answered by a table; None where no table answers it."""
    question = asked.question
    if question.asks("why") or (asked.is_definition and not asked.is_list):
        return None
    if asked.adds_up or question.has_cue("sum"):
        return _sum
    if question.cue_words("largest", "smallest"):
        return _extreme
    if (asked.compares or asked.chooses) and not question.bounds:
        return _compared
    if asked.is_count:
        return _count
    return None if asked.is_yes_no else _rows


def _rows(asked: Asked, reading: Reading) -> Draft | None:
    """The rows that are meant, with the cells that are asked for."""
    if not reading.chosen:
        return None
    amounts = {row.piece: header for row, header, _ in reading.amounts}
    if asked.needs & {"money", "number", "duration"} and not amounts:
        return None
    headers = tuple(reading.wanted | set(amounts.values()))
    if len(reading.rows) == 1:
        row = reading.rows[0]
        return Draft((_said(row, *headers),)) if headers or asked.question.dates else None
    listed = asked.is_list and (not asked.plurals or reading.table.named(asked.plurals))
    if not listed or len(reading.rows) > _MOST_ITEMS:
        return None
    return Draft(tuple(_said(row, *headers, item=True) for row in reading.rows), (_of(reading),))


def _count(asked: Asked, reading: Reading) -> Draft | None:
    """How many rows are meant, or the number that the one row meant states."""
    counted = [(row, h, q) for row, h, q in reading.amounts if q.named & asked.counted]
    if counted:
        if len(reading.rows) == 1:
            row, header, _ = counted[0]
            return Draft((_said(row, header),))
        return None
    if not reading.chosen or not reading.table.named(asked.counted | asked.plurals):
        return None
    number = str(len(reading.rows))
    evidence = tuple(row.piece.evidence for row in reading.rows[:1])
    lead = Statement(f"{number}:", evidence, computed=(number,), lead=True)
    shown = reading.rows[:_MOST_ITEMS]
    items = (_said(row, *reading.wanted, item=True) for row in shown)
    return Draft((lead, *items), (_of(reading),))


def _sum(asked: Asked, reading: Reading) -> Draft | None:
    """The amounts of the rows that are meant, added up."""
    amounts = _of_one_unit(reading)
    if len(amounts) < _FEWEST:
        return None
    total = amount(sum((q.value for _, _, q in amounts), Decimal(0)), amounts[0][2].unit)
    lead = Statement(f"{total} in all:", (amounts[0][0].piece.evidence,), computed=(total,))
    items = (_said(row, header, item=True) for row, header, _ in amounts)
    return Draft((lead, *items), (_stated(reading, amounts, "Added up from"),))


def _extreme(asked: Asked, reading: Reading) -> Draft | None:
    """The row with the largest or the smallest amount."""
    amounts = _of_one_unit(reading)
    if len(amounts) < _FEWEST:
        return None
    most = bool(asked.question.cue_words("largest"))
    best = (max if most else min)(q.value for _, _, q in amounts)
    found = tuple(_said(row, header) for row, header, q in amounts if q.value == best)
    which = "The largest of" if most else "The smallest of"
    return Draft(found, (_stated(reading, amounts, which),))


def _compared(asked: Asked, reading: Reading) -> Draft | None:
    """The amounts of two rows beside each other, the larger first."""
    amounts = _of_one_unit(reading)
    if len(reading.rows) != len(amounts) or not 1 < len(amounts) <= _FEW or not reading.chosen:
        return None
    order = {row.piece: at for at, row in enumerate(reading.rows)}
    amounts.sort(key=lambda a: order[a[0].piece] if asked.is_yes_no else -a[2].value)
    values = [q.value for _, _, q in amounts]
    text = " against ".join(q.text for _, _, q in amounts)
    own, said = asked.demands.words, set(asked.folded)
    if asked.is_yes_no and len(values) == _FEWEST and said & {*own.more, *own.less}:
        larger, smaller = values if said & set(own.more) else reversed(values)
        text = f"{'Yes' if larger > smaller else 'No'}: {text}"
    evidence = tuple(row.piece.evidence for row, _, _ in amounts)
    lead = Statement(f"{text}:", evidence)
    return Draft((lead, *(_said(row, header, item=True) for row, header, _ in amounts)))


_FEWEST = 2  # amounts that something is computed from
_FEW = 4  # rows that are set beside each other


def _of_one_unit(reading: Reading) -> list[tuple[Row, str, Quantity]]:
    """The amounts that are asked for; none where they are of several units."""
    amounts = reading.amounts
    return amounts if len({q.unit for _, _, q in amounts}) == 1 else []


def _said(row: Row, *headers: str, item: bool = False) -> Statement:
    return Statement(row.shown(*headers), (row.piece.evidence,), item=item)


def _of(reading: Reading) -> Statement:
    """How many of the table's rows an answer gives."""
    text = (
        f"{len(reading.rows)} of the {len(reading.table.rows)} rows of the table{_page(reading)}."
    )
    return Statement(text, computed=(text,))


def _stated(reading: Reading, amounts: Sequence[object], what: str) -> Statement:
    """How many rows an amount was computed from, and where."""
    rows = len(reading.rows)
    states = f"{len(amounts)} of {rows}" if len(amounts) < rows else f"all {rows}"
    text = f"{what} the amounts in {states} rows of the table{_page(reading)}."
    return Statement(text, computed=(text,))


def _page(reading: Reading) -> str:
    pages = sorted({p for row in reading.table.rows if (p := row.piece.passage.page)})
    if not pages:
        return ""
    return f" on page {pages[0]}" if len(pages) == 1 else f" on pages {pages[0]} to {pages[-1]}"
