"""A table of records: what a view shows, downloads and hands to a report are the same cells."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.web.explore.notes import Notes
from corpus.cards import Printer
from corpus.schema import FieldType, Record, fields_of
from corpus.values import Duration, Money, PartialDate, Quantity

# What a spreadsheet would take for a formula when it opens a file of values.
_FORMULA = re.compile(r"[=@\t\r]|[+-](?![\d.,\s]*$)")


@dataclass(frozen=True, slots=True)
class Stated:
    """A value as it is printed, and the numbers of the places that state it."""

    text: str
    notes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """What the sources say of one field: the value that goes first, then those that differ.

    ``rank`` is what the rows of the table are put in order by; "" where the text itself does.
    ``wording``: it is free text, so that differing values need not contradict each other.
    """

    values: tuple[Stated, ...] = ()
    rank: str = ""
    wording: bool = False

    @property
    def text(self) -> str:
        """The value that goes first; "" when no source states the field."""
        return self.values[0].text if self.values else ""

    @property
    def notes(self) -> tuple[int, ...]:
        """The numbers of all places that state the field."""
        return tuple(sorted({n for value in self.values for n in value.notes}))


@dataclass(frozen=True, slots=True)
class Row:
    """One record: its name, its cells in the order of the columns, and its places.

    ``key`` is unique in the table; ``question`` is what "Ask about this" asks.
    """

    key: str
    name: str
    cells: tuple[Cell, ...]
    notes: tuple[int, ...]
    question: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: ``columns`` are the labels of the cells, ``head`` that of the names."""

    title: str
    head: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def csv(self, notes: Notes, words: Mapping[str, str]) -> str:
        """One line per row: the values that go first, what else is stated, and the footnotes."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow([self.head, *self.columns, words["also_stated"], words["sources"]])
        printed = {note.number: str(note) for note in notes.printed()}
        for row in self.rows:
            others = [
                f"{label}: {value.text} {_brackets(value.notes)}"
                for label, cell in zip(self.columns, row.cells, strict=True)
                for value in cell.values[1:]
            ]
            places = [f"[{n}] {printed[n]}" for n in row.notes]
            cells = [row.name, *(c.text for c in row.cells), "; ".join(others), " ".join(places)]
            writer.writerow([_harmless(cell) for cell in cells])
        return out.getvalue()

    def as_item(self) -> dict[str, Any]:
        """The table as something that a report can take, without its citations."""
        header = [self.head, *self.columns]
        rows = [[_marked(row.name, row.notes), *map(_whole, row.cells)] for row in self.rows]
        table = {"header": header, "rows": rows}
        return {"kind": "table", "title": self.title, "markdown": "", "table": table}

    def row_item(self, row: Row) -> dict[str, Any]:
        """One row as something that a report can take, without its citations."""
        lines = [
            f"- **{label}**: {_whole(cell, marked=True)}"
            for label, cell in zip(self.columns, row.cells, strict=True)
            if cell.text
        ]
        if not any(cell.notes for cell in row.cells):
            lines.append(_marked(row.name, row.notes))
        return {"kind": "row", "title": row.name, "markdown": "\n".join(lines)}


def cell_of(record: Record, field: str, printer: Printer, notes: Notes) -> Cell:
    """What the sources say of a field of a record, equal values together."""
    stated: dict[str, list[Any]] = {}
    for seen in record.observed(field).observations:
        stated.setdefault(printer.value(record, field, seen.value), []).append(seen)
    values = tuple(Stated(text, notes.numbers(seen)) for text, seen in stated.items())
    wording = fields_of(type(record))[field].type is FieldType.TEXT
    return Cell(values, rank_of(record.observed(field).value), wording)


def rank_of(value: object) -> str:
    """The number by which values of one field are put in order; "" for those that have none."""
    match value:
        case Money():
            return f"{value.amount:f}"
        case Quantity():
            return f"{value.low:f}"
        case PartialDate():
            return str(value.first.toordinal())
        case Duration():
            return str(value.months)
        case int():
            return str(int(value))
    return ""


def places_of(record: Record, cells: Iterable[Cell], notes: Notes) -> tuple[int, ...]:
    """The numbers of the places that a row rests on; of the record's own where no cell has any."""
    found = {number for cell in cells for number in cell.notes}
    return tuple(sorted(found)) or notes.numbers(record.mentions[:1])


def stated_fields(records: Sequence[Record], fields: Iterable[str]) -> list[str]:
    """The fields that some record states, in the given order."""
    return [name for name in fields if any(record.observed(name) for record in records)]


def _whole(cell: Cell, *, marked: bool = False) -> str:
    texts = [_marked(value.text, value.notes) if marked else value.text for value in cell.values]
    return texts[0] + (f" ({'; '.join(texts[1:])})" if texts[1:] else "") if texts else ""


def _marked(text: str, numbers: Iterable[int]) -> str:
    return f"{text} {_brackets(numbers)}".strip()


def _brackets(numbers: Iterable[int]) -> str:
    return "".join(f"[{n}]" for n in numbers)


def _harmless(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell
