"""Statements and the passages that carry them, until they become an answer."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from app.answering.answer import Answer, Citation, NoteKind, Status, Table
from app.answering.figures import days_in, number_words_in, numbers_in
from corpus.cards import Printer
from corpus.model import Passage, Source
from corpus.schema import Observation, Record

_MARKER = re.compile(r"\[\d+\]")


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words ``passage.text[start:end]`` that carry a statement."""

    passage: Passage
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence or list item of an answer and what it rests on.

    ``computed`` are figures in the text that the plan computed (a count, a sum) and that therefore
    stand in no passage. ``item``: the statement is an item of a list; ``lead``: it introduces one
    and rests on the evidence of its items. ``kind``: of a note, what it tells.
    """

    text: str
    evidence: tuple[Evidence, ...] = ()
    computed: tuple[str, ...] = ()
    item: bool = False
    lead: bool = False
    kind: NoteKind = NoteKind.METHOD


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be said, before it is verified and numbered.

    ``subjects`` are the names of what it is about, ``listed`` those of the records that it lists,
    for a question that follows on it.
    """

    statements: tuple[Statement, ...]
    notes: tuple[Statement, ...] = ()
    status: Status = Status.ANSWERED
    table: Table | None = None
    follow_ups: tuple[str, ...] = field(default=())
    subjects: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()


class Cards:
    """Where each record's statements stand: the card of every record in every source."""

    def __init__(self, passages: Iterable[Passage], printer: Printer) -> None:
        self.printer = printer
        self._by_record: dict[tuple[str, str], Passage] = {
            (p.record, p.source_id): p for p in passages if p.record
        }

    def field(self, record: Record, name: str, observation: Observation[Any]) -> Evidence | None:
        """The line that carries one observation; None when its source is not in the library."""
        line = self.printer.line(record, name, observation)
        found = self._find(record, observation.source, line)
        if found is None:
            return None
        # A card gathers what a source says in several places: a citation names the field's own.
        place = replace(
            found.passage, section=observation.at, page=observation.page, page_end=None,
            as_of=observation.as_of,
        )  # fmt: skip
        return replace(found, passage=place)

    def record(self, record: Record) -> Evidence | None:
        """The first line of the record's card: that the thing is named there."""
        for source_id in record.sources():
            passage = self._by_record.get((record.key, source_id))
            if passage:
                return Evidence(passage, 0, len(passage.text.split("\n", 1)[0]))
        return None

    def _find(self, record: Record, source_id: str, line: str) -> Evidence | None:
        passage = self._by_record.get((record.key, source_id))
        if passage is None:
            return None
        # A whole line: "Number: 1" is not what "Number: 11" says.
        start = f"\n{passage.text}\n".find(f"\n{line}\n")
        return Evidence(passage, start, start + len(line)) if start >= 0 else None


def present(evidence: Iterable[Evidence | None]) -> tuple[Evidence, ...]:
    """The evidence that there is, each once."""
    return tuple(dict.fromkeys(e for e in evidence if e))


def assemble(question: str, draft: Draft, sources: Mapping[str, Source]) -> Answer | None:
    """Verify the statements, number their evidence and put the answer together.

    A statement without evidence, or with a number that stands neither in its evidence nor among the
    figures computed for it, is dropped. None when an answer has nothing left to say.
    """
    answered = draft.status is Status.ANSWERED
    kept = [s for s in draft.statements if not answered or supported(s)]
    fallen = len(kept) < len(draft.statements)
    if not kept or (fallen and any(s.lead for s in kept)):
        return None  # a list that lost an item would be introduced by a wrong number
    notes = _in_order([s for s in draft.notes if supported(s) or not s.evidence])
    numbers: dict[Evidence, int] = {}
    text = _joined(kept, numbers)
    printed_notes = tuple(_marked(note, numbers) for note in notes)
    citations = tuple(
        Citation(number, sources[e.passage.source_id], e.passage, e.start, e.end)
        for e, number in numbers.items()
    )
    return Answer(
        question=question,
        text=text,
        status=draft.status,
        citations=citations,
        notes=printed_notes,
        kinds=tuple(note.kind for note in notes),
        table=draft.table,
        follow_ups=draft.follow_ups,
    )


def _in_order(notes: Iterable[Statement]) -> list[Statement]:
    """Each note once, by kind."""
    kinds = list(NoteKind)
    return sorted(dict.fromkeys(notes), key=lambda note: kinds.index(note.kind))


def supported(statement: Statement) -> bool:
    """Whether every number and date of a statement stands in its evidence or was computed for it.

    A number in digits may stand there as a word ("seven"). A month that the statement names has to
    be the evidence's: "May 2021" is not carried by "June 2021" and a "May" elsewhere.
    """
    if not statement.evidence and not statement.lead:
        return False
    held = " ".join(
        f"{' '.join(e.passage.heading_path)} {e.passage.lead} {e.passage.text}"
        for e in statement.evidence
    )
    said = _MARKER.sub("", statement.text)
    computed = {n for text in statement.computed for n in numbers_in(text)}
    if not numbers_in(said) <= numbers_in(held) | number_words_in(held) | computed:
        return False
    if not statement.evidence or statement.computed:
        return True
    days = days_in(held) + tuple(e.passage.as_of for e in statement.evidence if e.passage.as_of)
    return all(
        any(d.first <= own.last and own.first <= d.last for d in days) for own in days_in(said)
    )


def _joined(statements: Sequence[Statement], numbers: dict[Evidence, int]) -> str:
    parts: list[str] = []
    for previous, statement in zip((None, *statements), statements, strict=False):
        marked = _marked(statement, numbers)
        if statement.item:
            gap = "\n" if previous and previous.item else "\n\n"
            parts.append(f"{gap if parts else ''}- {marked}")
        elif previous and previous.item:
            parts.append(f"\n\n{marked}")
        else:
            parts.append(f"{' ' if parts else ''}{marked}")
    return "".join(parts)


def _marked(statement: Statement, numbers: dict[Evidence, int]) -> str:
    for evidence in statement.evidence:
        numbers.setdefault(evidence, len(numbers) + 1)
    markers = "".join(f"[{numbers[e]}]" for e in statement.evidence)
    text = _MARKER.sub("", statement.text).strip()  # a document's own "[2]" is no marker of ours
    return f"{text} {markers}".strip()
