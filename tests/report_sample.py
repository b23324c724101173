"""Reports made up for the tests, as a browser sends them."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from stub_assistant import NOTE, REPORT, hostile, overview, table

from app.report.exports import export
from app.report.items import answer_item
from app.report.model import read_report
from corpus.model import Source

TODAY = date(2025, 11, 22)
KNOWN: Mapping[str, Source] = {source.id: source for source in (NOTE, REPORT)}


def items() -> list[dict[str, Any]]:
    """Two answers that cite the same passages, the second with a table."""
    made = [answer_item(overview("What is the partnership?")), answer_item(table("What budgets?"))]
    return [{**item, "added": "2025-11-20T10:00:00.000Z"} for item in made]


def hostile_item() -> dict[str, Any]:
    """An answer in which everything that a document says tries to act."""
    return answer_item(hostile("Hostile <b>bold</b>?"))


def item(markdown: str, *cited: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """One item with that text."""
    return {"kind": "answer", "title": "T", "markdown": markdown, "citations": cited, **more}


def cited(n: int, **more: Any) -> dict[str, Any]:
    """A citation of the scoping note."""
    return {"n": n, "source": NOTE.id, "title": "as the browser remembers it", **more}


def sent(*given: Mapping[str, Any], **more: Any) -> bytes:
    """The report as JSON."""
    whole = {"title": "Our region", "author": "Ana Novak", "items": given or items(), **more}
    return json.dumps(whole).encode()


def exported(name: str, *given: Mapping[str, Any], **more: Any) -> bytes:
    """The report in one format."""
    return export(read_report(sent(*given, **more)), name, KNOWN, TODAY)


def text(name: str, *given: Mapping[str, Any], **more: Any) -> str:
    """The same, where the format is text."""
    return exported(name, *given, **more).decode()
