"""What stands of a model's text put together as an answer, with its citations and notes."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from app.answering.answer import Answer, Citation, NoteKind, Status
from app.answering.evidence import Evidence
from app.model.verifying import Said
from corpus.model import Source

_MARKER = re.compile(r"\[(\d+)\]")


def composed(offline: Answer, said: Iterable[Said], sources: Mapping[str, Source]) -> Answer:
    """The answer of what was said, in the form of the one without a model.

    Notes of that one stay (contradictions, completeness), and those of other computed results that
    were taken over join them. Citations are numbered in the order of the text, then of the notes.
    """
    said = list(said)
    numbers: dict[Evidence, int] = {}
    text = _joined(said, numbers)
    bases = [offline if offline.status is Status.ANSWERED else None]
    bases += [s.whole.answer for s in said if s.whole]
    bases += [unit.basis for s in said for unit in s.units if unit.computed]
    noted = [
        (kind, note, basis)
        for basis in bases
        if basis
        for kind, note in zip(basis.kinds, basis.notes, strict=True)
    ]
    order = list(NoteKind)
    noted.sort(key=lambda each: order.index(each[0]))
    notes = {_renumbered(note, basis, numbers): kind for kind, note, basis in noted}
    tables = [basis.table for basis in bases if basis and basis.table]
    citations = tuple(
        Citation(number, sources[e.passage.source_id], e.passage, e.start, e.end)
        for e, number in numbers.items()
    )
    return replace(
        offline, text=text, status=Status.ANSWERED, citations=citations, notes=tuple(notes),
        kinds=tuple(notes.values()), table=tables[0] if tables else None,
    )  # fmt: skip


def _joined(said: Iterable[Said], numbers: dict[Evidence, int]) -> str:
    parts: list[str] = []
    before: Said | None = None
    for one in said:
        if one.whole:
            text, gap = _renumbered(one.whole.answer.text, one.whole.answer, numbers), "\n\n"
        else:
            evidence = dict.fromkeys(e for unit in one.units for e in unit.evidence)
            markers = "".join(f"[{_number(e, numbers)}]" for e in evidence)
            text = f"- {one.text}" if one.item else _stopped(one.text)
            text = f"{text} {markers}"
            gap = "\n\n" if one.item or (before and (before.item or before.whole)) else " "
            gap = "\n" if one.item and before and before.item else gap
        parts.append(f"{gap if parts else ''}{text}")
        before = one
    return "".join(parts)


def _renumbered(text: str, basis: Answer | None, numbers: dict[Evidence, int]) -> str:
    """A text of another answer with its markers as they are numbered here."""
    evidence = (
        {c.number: Evidence(c.passage, c.start, c.end) for c in basis.citations} if basis else {}
    )

    def marker(match: re.Match[str]) -> str:
        held = evidence.get(int(match[1]))
        return f"[{_number(held, numbers)}]" if held else ""

    return _MARKER.sub(marker, text)


def _stopped(text: str) -> str:
    return text if text[-1:] in ".!?:…" else f"{text}."


def _number(evidence: Evidence, numbers: dict[Evidence, int]) -> int:
    return numbers.setdefault(evidence, len(numbers) + 1)
