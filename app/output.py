"""Answers as plain text, with footnotes for a report, and as rows of data."""

from typing import Any

from app.answering.answer import Answer, Citation


def answer_row(answer: Answer) -> dict[str, Any]:
    """The answer as JSON data: the keys of a batch row except ``id`` and ``seconds``."""
    return {
        "question": answer.question,
        "answer": answer.text,
        "status": str(answer.status),
        "citations": [_citation_row(citation) for citation in answer.citations],
        "notes": list(answer.notes),
    }


def _citation_row(citation: Citation) -> dict[str, Any]:
    return {
        "n": citation.number,
        "source": citation.source.id,
        "title": citation.source.title,
        "section": citation.passage.section,
        "page": citation.passage.page,
        "as_of": citation.as_of.iso() if citation.as_of else None,
        "url": citation.source.url,
        "quote": citation.quote,
    }


def answer_text(answer: Answer) -> str:
    """The answer as plain text: what it says, what it notes, then its footnotes."""
    parts = [answer.text]
    if answer.notes:
        parts.append("\n".join(f"Note: {note}" for note in answer.notes))
    if answer.citations:
        parts.append("\n".join(footnote(citation) for citation in answer.citations))
    return "\n\n".join(parts)


def footnote(citation: Citation) -> str:
    """``[1] title, publisher, date, section, page: "quote" link``, as a report would have it."""
    source = citation.source
    place = [source.title, source.publisher, str(citation.as_of or ""), *_place(citation)]
    quote = " ".join(citation.quote.split())
    return f'[{citation.number}] {", ".join(part for part in place if part)}: "{quote}"' + (
        f" {source.url}" if source.url else ""
    )


def _place(citation: Citation) -> list[str]:
    passage = citation.passage
    return [passage.section, pages(passage.page, passage.page_end)]


def pages(first: int | None, last: int | None) -> str:
    """``p. 3``, ``pp. 2-4``, or nothing where there are no pages."""
    if first is None:
        return ""
    return f"p. {first}" if last in (None, first) else f"pp. {first}-{last}"
