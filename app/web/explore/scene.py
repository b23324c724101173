"""What a view is drawn from: the records that are in use now, and the words of a language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from app.web.explore.notes import Notes
from app.web.explore.sheet import Cell, Row, Sheet, cell_of, places_of, stated_fields
from corpus.cards import Printer
from corpus.geography import Positions
from corpus.knowledge import Knowledge
from corpus.records import KINDS
from corpus.schema import Record, fields_of
from corpus.vocabulary import Vocabulary


@dataclass(frozen=True)
class Scene:
    """The records, where the regions are, and the interface texts of the visitor's language.

    ``words["language"]`` is the code of that language.
    """

    knowledge: Knowledge
    vocabulary: Vocabulary
    positions: Positions
    words: Mapping[str, str]
    printer: Printer = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "printer", Printer.of(self.knowledge, self.vocabulary))

    def records(self, kind: str) -> list[Record]:
        """All records of a kind, in the order of the knowledge."""
        return [record for record in self.knowledge.records if record.kind == kind]

    def notes(self) -> Notes:
        """Numbers for the sources of one view."""
        return Notes(self.knowledge.sources, self.words["language"])

    def choices(self, kind: str, name: str) -> tuple[str, ...]:
        """The values that a choice field may take, in their natural order."""
        return fields_of(KINDS[kind])[name].choices

    def said(self, key: str, **fills: Any) -> str:
        """A text of the interface with its places filled."""
        return self.words[key].format(**fills)

    def sheet(
        self,
        title: str,
        records: Sequence[Record],
        fields: Sequence[str],
        notes: Notes,
        question: str,
        instead: Mapping[str, str] = MappingProxyType({}),
    ) -> Sheet:
        """A table of records of one kind: those of the fields that any of them states.

        ``question`` is asked by "Ask about this"; ``{name}`` in it is the record's name.
        ``instead`` names the field that stands in where a record does not state one.
        """
        names = stated_fields(records, fields)
        rows = []
        for record in records:
            shown = [name if record.observed(name) else instead.get(name, name) for name in names]
            cells = tuple(cell_of(record, name, self.printer, notes) for name in shown)
            rows.append(self.row(record, cells, notes, question.format(name=record.name)))
        labels = tuple(self.words[f"f_{name}"] for name in names)
        return Sheet(title, self.words["f_name"], labels, tuple(rows))

    def credit(self, sheet: Sheet, notes: Notes) -> str:
        """The publications that a table rests on, for under its chart: ``Sources: ...``."""
        numbers = {number for row in sheet.rows for number in row.notes}
        titles = dict.fromkeys(
            note.reference.source.title for note in notes.printed() if note.number in numbers
        )
        return f"{self.words['sources']}: {'; '.join(titles)}."

    def row(self, record: Record, cells: tuple[Cell, ...], notes: Notes, question: str) -> Row:
        """One row of a table."""
        return Row(record.id, record.name, cells, places_of(record, cells, notes), question)


@dataclass(frozen=True)
class Chart:
    """A drawing with what it needs where the page is not around it.

    ``keys`` say what each shape stands for (its number, a label), ``credit`` whose it is.
    """

    title: str
    svg: str
    keys: Sequence[tuple[int, str]] = ()
    credit: str = ""


@dataclass(frozen=True)
class View:
    """One view of the page, drawn: its HTML, and what can be downloaded from it by name."""

    html: str
    sheets: Mapping[str, Sheet]
    charts: Mapping[str, Chart]
    notes: Notes
