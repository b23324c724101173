"""Records as a table, CSV or JSON, every value with where it stands, and the choice of records."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from app.footnotes import ENGLISH
from corpus.cards import Printer
from corpus.errors import SettingsError
from corpus.schema import Mention, Observation, Record, fields_of

_FIRST, _LAST = ("id", "name"), ("source", "place", "as_of")
_PROVENANCE = ("source", "place", "as_of", "other_statements")
# Wide enough for every column where the output goes into a file and not to a terminal.
_UNBOUNDED = 5000


@dataclass(frozen=True, slots=True)
class Listing:
    """Records of one kind, to be written out; ``printer`` knows the names of what they refer to."""

    kind: type[Record]
    records: Sequence[Record]
    printer: Printer

    def where(self, conditions: Mapping[str, str]) -> "Listing":
        """Only the records whose fields have the given values.

        What counts is the statement that goes first. A text matches in any case, a reference by id
        or name, a country by code or name, a list by one of its items. Raises SettingsError for a
        field that the kind lacks.
        """
        for field in conditions:
            known = [*_FIRST, *fields_of(self.kind)]
            if field not in known:
                raise SettingsError(
                    f"{self.kind.kind} has no field {field!r}", remedy=f"Use {', '.join(known)}."
                )
        wanted = {field: value.casefold() for field, value in conditions.items()}
        fitting = [r for r in self.records if all(wanted[f] in self._forms(r, f) for f in wanted)]
        return Listing(self.kind, fitting, self.printer)

    def _forms(self, record: Record, field: str) -> set[str]:
        """The ways to write a value: as printed, and as it stands in the files; folded case."""
        if field in _FIRST:
            return {str(getattr(record, field)).casefold()}
        first = record.observed(field).first
        if first is None:
            return set()
        forms = set()
        for value in first.value if isinstance(first.value, tuple) else (first.value,):
            forms |= {self.printer.value(record, field, value), str(value)}
            if hasattr(value, "iso"):
                forms.add(value.iso())
        return {form.casefold() for form in forms}

    def json(self) -> str:
        """Every observation of every field, with its provenance."""
        rows = [
            {
                "kind": record.kind,
                "id": record.id,
                "name": record.name,
                "aliases": list(record.aliases),
                "mentions": [mention.model_dump(mode="json") for mention in record.mentions],
                "fields": {
                    name: [seen.model_dump(mode="json") for seen in value.observations]
                    for name, value in record.stated().items()
                },
            }
            for record in self.records
        ]
        return json.dumps(rows, ensure_ascii=False, indent=2)

    def csv(self) -> str:
        """One row per record; beside each field where it stands, as of when, what others say."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        names = list(fields_of(self.kind))
        beside = [f"{name}{end}" for name in names for end in ("", *(f"_{p}" for p in _PROVENANCE))]
        writer.writerow([*_FIRST, *_LAST, *beside])
        for record in self.records:
            cells = [cell for name in names for cell in self._cells(record, name)]
            writer.writerow([record.id, record.name, *_where(record.mentions[0]), *cells])
        return out.getvalue().rstrip("\n")

    def table(self, width: int | None) -> str:
        """One row per record: the values that go first, and where the record stands.

        ``width`` is the terminal's, in characters; None: as wide as it needs.
        """
        if not self.records:
            return "No record fits."
        stated = {name for record in self.records for name in record.stated()}
        names = [name for name in fields_of(self.kind) if name in stated]
        table = Table(box=None, pad_edge=False)
        for column in (*_FIRST, *names, *_LAST):
            table.add_column(column, overflow="fold", no_wrap=width is None)
        for record in self.records:
            values = [self._cells(record, name)[0] for name in names]
            table.add_row(record.id, record.name, *values, *_where(record.mentions[0]))
        out = io.StringIO()
        Console(file=out, width=width or _UNBOUNDED, highlight=False, markup=False).print(table)
        return "\n".join(line.rstrip() for line in out.getvalue().splitlines())

    def _cells(self, record: Record, name: str) -> list[str]:
        """The first value of a field, its provenance, and the values that differ from it."""
        observed = record.observed(name)
        if observed.first is None:
            return ["", "", "", "", ""]
        first, *others = [
            self.printer.value(record, name, seen.value)
            for seen in (observed.first, *observed.differing())
        ]
        places = [", ".join(filter(None, _where(other))) for other in observed.differing()]
        differing = [f"{value} ({place})" for value, place in zip(others, places, strict=True)]
        return [first, *_where(observed.first), "; ".join(differing)]


def _where(seen: Mention | Observation[Any]) -> list[str]:
    place = ", ".join(part for part in (seen.at, ENGLISH.place(seen.page, None)) if part)
    return [seen.source, place, seen.as_of.iso() if seen.as_of else ""]
