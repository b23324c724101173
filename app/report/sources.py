"""The sources of a report for reference managers: CSL-JSON and BibTeX."""

import json
import re
from collections.abc import Sequence
from datetime import date
from itertools import takewhile
from typing import Any

from app.report.pandoc import Node, convert, document
from app.report.tree import words
from corpus.model import Source
from corpus.values import PartialDate


def csl_json(sources: Sequence[tuple[Source, date]]) -> bytes:
    """The sources, each with its date of access, as CSL-JSON (a list of items)."""
    items = [_csl(source, day) for source, day in sources]
    return json.dumps(items, ensure_ascii=False, indent=2).encode() + b"\n"


def bibtex(sources: Sequence[tuple[Source, date]]) -> bytes:
    """The same as BibTeX; it has no field for the date of access, so a note says it."""
    references = [_bibtex(_csl(source, day)) for source, day in sources]
    meta = {"references": {"t": "MetaList", "c": references}}
    return convert(document([], meta), "json", "bibtex")


def _bibtex(item: dict[str, Any]) -> Node:
    """The item in pandoc's tree, where what a title says is text and nothing else."""
    fields: dict[str, Node] = {
        name: {"t": "MetaString", "c": text} for name, text in item.items() if isinstance(text, str)
    }
    # So that no style changes the case of the names in a title.
    span = {"t": "Span", "c": [["", ["nocase"], []], words(item["title"])]}
    fields["title"] = {"t": "MetaInlines", "c": [span]}
    if "publisher" in item:
        fields["publisher"] = {"t": "MetaInlines", "c": words(item["publisher"])}
    fields["id"] = {"t": "MetaString", "c": re.sub(r"[^\w-]+", "-", item["id"])}
    if "issued" in item:
        fields["issued"] = {"t": "MetaString", "c": _issued(item["issued"]["date-parts"])}
    if "accessed" in item:
        day = date(*item["accessed"]["date-parts"][0]).isoformat()
        fields["note"] = {"t": "MetaString", "c": f"Accessed {day}"}
    return {"t": "MetaMap", "c": fields}


def _issued(ends: Sequence[Sequence[int]]) -> str:
    """A date, or years with ``/`` between: BibTeX knows no spans of days or months."""
    first, last = ends[0], ends[-1]
    if first[0] != last[0]:
        return f"{first[0]}/{last[0]}"
    return "-".join(
        f"{a:02}"
        for a, _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False))
    )


def _csl(source: Source, accessed: date) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": source.id,
        "type": "document",  # all that is known of every source
        "title": source.title,
        "language": source.language,
    }
    if source.publisher:
        item["publisher"] = source.publisher
    if source.date:
        item["issued"] = {"date-parts": _date_parts(source.date)}
    if source.url:
        item["URL"] = source.url
        item["accessed"] = {"date-parts": [[accessed.year, accessed.month, accessed.day]]}
    return item


def _date_parts(when: PartialDate) -> list[list[int]]:
    return [[int(part) for part in end.split("-")] for end in when.iso().split("/")]
