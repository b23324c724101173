"""What "Add to report" hands to the browser: answers, rows and tables as items of a report."""

from collections.abc import Sequence
from typing import Any

from app.answering.answer import Answer, Citation, Table

Item = dict[str, Any]
"""JSON that static/report-items.js keeps and `app.report.model.Item` checks."""


def answer_item(answer: Answer) -> Item:
    """An answer with its notes, its table and its citations."""
    markdown = "\n\n".join((answer.text, *answer.notes))
    return _item("answer", answer.question, markdown, answer.table, answer.citations)


def row_item(
    title: str, fields: Sequence[tuple[str, str]], citations: Sequence[Citation] = ()
) -> Item:
    """One row as a list of its fields: (name, printed value with its markers ``[n]``)."""
    markdown = "\n".join(f"- **{name}**: {value}" for name, value in fields if value)
    return _item("row", title, markdown, None, citations)


def table_item(title: str, markdown: str, table: Table, citations: Sequence[Citation] = ()) -> Item:
    """A table under a text, both with their markers ``[n]``."""
    return _item("table", title, markdown, table, citations)


def _item(
    kind: str, title: str, markdown: str, table: Table | None, citations: Sequence[Citation]
) -> Item:
    item: Item = {"kind": kind, "title": title, "markdown": markdown}
    if table:
        item["table"] = {"header": table.header, "rows": table.rows}
    item["citations"] = [_cited(citation) for citation in citations]
    return item


def _cited(citation: Citation) -> Item:
    source, passage = citation.source, citation.passage
    return {
        "n": citation.number,
        "source": source.id,
        "title": source.title,
        "publisher": source.publisher,
        "date": source.date.iso() if source.date else None,
        "as_of": citation.as_of.iso() if citation.as_of else None,
        "page": passage.page,
        "page_end": passage.page_end,
        "section": passage.section,
        "url": source.url,
        "quote": citation.quote,
    }
