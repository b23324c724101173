"""Answers as plain text, with footnotes for a report, and as rows of data."""

import dataclasses
from typing import Any

from app.answering.answer import Answer, Citation
from app.footnotes import numbered


def answer_row(answer: Answer) -> dict[str, Any]:
    """The answer as JSON data: the keys of a batch row except ``id`` and ``seconds``."""
    return {
        "question": answer.question,
        "answer": answer.text,
        "status": str(answer.status),
        "citations": [_citation_row(citation) for citation in answer.citations],
        "notes": list(answer.notes),
    }


def model_row(answer: Answer) -> dict[str, Any]:
    """What a chat model had to do with an answer, as JSON data; nothing where none was asked."""
    if answer.usage is None:
        return {}
    return {
        "wording": answer.wording,
        "fallback": answer.fallback,
        "usage": dataclasses.asdict(answer.usage),
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
    if answer.fallback:
        parts.append(f"Note: {answer.fallback}")
    if answer.notes:
        parts.append("\n".join(f"Note: {note}" for note in answer.notes))
    if answer.citations:
        parts.append("\n".join(numbered(one, quoted=True) for one in answer.citations))
    return "\n\n".join(parts)
