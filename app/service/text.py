"""Answers, passages and records as text, for models to read and people who use other programs."""

from collections.abc import Callable

from app.footnotes import ENGLISH
from app.service.data import AnswerData, PassageData, PassagePage, RecordData, RecordPage

AddressOf = Callable[[str], str]
"""The address of a passage, from its id."""


def answer_text(answer: AnswerData, address_of: AddressOf | None = None) -> str:
    """An answer with its notes and footnotes, each with the passage that it opens if it can."""
    parts = [answer.answer]
    parts += [f"Note: {note}" for note in answer.notes]
    if answer.status == "abstained":
        parts.append("(The documents hold no answer to this question.)")
    for cited in answer.citations:
        opens = f" ({address_of(cited.passage)})" if address_of else ""
        quote = " ".join(cited.quote.split())
        parts.append(f"[{cited.n}] {cited.footnote} “{quote}”{opens}")
    return "\n\n".join(parts)


def passages_text(page: PassagePage, address_of: AddressOf) -> str:
    """What a search found, each passage with where it stands, so that it can be cited."""
    if not page.passages:
        return "No passage was found."
    return "\n\n".join(
        f"{page.offset + n}. {_passage_text(passage, address_of)}"
        for n, passage in enumerate(page.passages, 1)
    )


def _passage_text(passage: PassageData, address_of: AddressOf) -> str:
    place = ENGLISH.place(passage.page, passage.page_end)
    parts = (passage.title, passage.section, place, passage.as_of and f"as of {passage.as_of}")
    where = ", ".join(part for part in parts if part)
    return f"{where} ({address_of(passage.id)})\n{passage.text}"


def records_text(page: RecordPage, address_of: AddressOf) -> str:
    """What a query found: how complete it is, what was computed, every value with its source."""
    parts = [f"{page.query[:1].upper()}{page.query[1:]}. {page.completeness}", *page.notes]
    if page.computed:
        value = page.computed.value
        if page.computed.mixed:
            value = "not computed, the values are of several currencies or units"
        of = f" of {page.computed.field}" if page.computed.field else ""
        parts.append(f"{page.computed.name}{of}: {value or 'no record states it'}")
    parts += [f"{group.value}: {group.count}" for group in page.groups]
    parts += [_record_text(record, address_of) for record in page.records]
    if page.next_offset is not None:
        parts.append(f"There are more: go on at offset {page.next_offset}.")
    return "\n".join(parts)


def _record_text(record: RecordData, address_of: AddressOf) -> str:
    lines = [f"- {record.name} ({record.kind} {record.id})"]
    for field in record.fields.values():
        for n, seen in enumerate((field, *field.others)):
            place = ", ".join(p for p in (seen.place, ENGLISH.place(seen.page, None)) if p)
            dated = f", as of {seen.as_of}" if seen.as_of else ""
            opens = f", {address_of(seen.passage)}" if seen.passage else ""
            label = field.label if n == 0 else "  another source says"
            lines.append(f"  {label}: {seen.value} [{seen.source}, {place}{dated}{opens}]")
    return "\n".join(lines)
