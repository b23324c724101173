"""What "Add to report" hands to the browser: an answer as an item, and its citations."""

from typing import Any

from app.answering.answer import Answer
from app.footnotes import Reference
from app.report.model import MAX_TITLE

Item = dict[str, Any]
"""JSON that static/report-items.js keeps and `app.report.model.Item` checks."""


def answer_item(answer: Answer) -> Item:
    """An answer with its notes, its table and its citations."""
    item: Item = {
        "kind": "answer",
        "title": answer.question[:MAX_TITLE],
        "language": answer.language,
        "markdown": "\n\n".join((answer.text, *answer.notes)),
        "citations": [cited(one.number, Reference.of(one)) for one in answer.citations],
    }
    if answer.table:
        item["table"] = {"header": answer.table.titles, "rows": answer.table.rows}
    return item


def cited(number: int, reference: Reference) -> Item:
    """The citation behind marker ``[number]`` of an item (`app.report.model.Cited`)."""
    source = reference.source
    return {
        "n": number,
        "source": source.id,
        "title": source.title,
        "publisher": source.publisher,
        "date": source.date.iso() if source.date else None,
        "as_of": reference.as_of.iso() if reference.as_of else None,
        "page": reference.page,
        "page_end": reference.page_end,
        "section": reference.section,
        "url": source.url,
        "quote": reference.quote,
    }
