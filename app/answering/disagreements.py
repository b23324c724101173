"""Where sources disagree: the same field, or the same figure, with different values."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from app.answering.answer import NoteKind
from app.answering.contradictions import contradicts
from app.answering.evidence import Draft, Evidence, Statement, present
from app.answering.plans import Disagreement
from app.answering.series import figures_of
from app.answering.speaking import Speaker, stopped
from app.answering.wording import capital, enumerate_words
from corpus.schema import Observation, Record, fields_of

_RULE = (
    "Where sources differ, the value of the latest date goes first, then that of the source "
    "that says most about the partnership."
)
_MOST = 10  # differences that are listed; the rest are counted


@dataclass(frozen=True, slots=True)
class Difference:
    """A subject and what each source says of it: (value, who says so and when, its lines)."""

    subject: str
    sayings: tuple[tuple[str, str, tuple[Evidence, ...]], ...]


def disagreement(plan: Disagreement, speaker: Speaker) -> Draft | None:
    """What each source says of what the question names, side by side."""
    records = [speaker.record(key) for key in plan.keys]
    if plan.values:
        return _lists(plan, records, speaker)
    found = list(differences(records, plan.fields, speaker, thorough=plan.named))
    if not found and plan.named:
        return _in_agreement(records, plan.fields, speaker)
    if not found:
        return None
    items = [_statement(difference, item=len(found) > 1) for difference in found[:_MOST]]
    rest = len(found) - len(items)
    notes = [Statement(_RULE)]
    if rest > 0:
        notes.append(
            Statement(
                f"{rest} more differences are on record; ask about one thing.", kind=NoteKind.REST
            )
        )
    if len(items) == 1:
        return Draft(tuple(items), tuple(notes))
    head = f"The sources differ in {len(found)} places"
    head += f"; here are {len(items)}:" if rest > 0 else ":"
    return Draft((Statement(head, computed=(head,), lead=True), *items), tuple(notes))


def differences(
    records: Sequence[Record], fields: Sequence[str], speaker: Speaker, *, thorough: bool
) -> Iterable[Difference]:
    """The differences in some records, each figure's topic once.

    ``thorough``: texts count too when they are merely worded differently.
    """
    for found in differing(records, fields, thorough=thorough):
        if isinstance(found, str):
            yield from _of_topic(found, speaker)
        else:
            yield _of_field(*found, speaker)


def differing(
    records: Sequence[Record], fields: Sequence[str], *, thorough: bool
) -> Iterable[tuple[Record, str] | str]:
    """Each (record, field) that sources contradict, and each topic of figures that may differ."""
    topics: set[str] = set()
    for record in records:
        if record.kind == "figure":
            topic = str(record.observed("topic").value)
            if topic not in topics:
                topics.add(topic)
                yield topic
            continue
        for name in fields or tuple(record.stated()):
            if name in fields_of(type(record)) and contradicts(record, name, thorough=thorough):
                yield record, name


def differs(record: Record, name: str, speaker: Speaker) -> Statement:
    """What each source says of a field, side by side."""
    return _statement(_of_field(record, name, speaker), item=False)


def _of_field(record: Record, name: str, speaker: Speaker) -> Difference:
    sayings = []
    quality = speaker.vocabulary.is_quality(record.kind, name)
    label = speaker.vocabulary.label(record.kind, name)
    for seen in each_source(record.observed(name).observations):
        value = speaker.cards.printer.value(record, name, seen.value).rstrip(".")
        value = (label if seen.value else f"not {label}") if quality else value
        lines = present([speaker.cards.field(record, name, seen)])
        sayings.append((value, _said_by(seen, speaker), lines))
    subject = speaker.wording.subject(record) if quality else speaker.wording.of(record, name)
    return Difference(subject, tuple(sayings))


def each_source(seen: Iterable[Observation[Any]]) -> list[Observation[Any]]:
    """The observations that say something new: another value, or the same in another source."""
    kept: dict[tuple[str, str], Observation[Any]] = {}
    for observation in seen:
        kept.setdefault((observation.source, str(observation.value)), observation)
    return list(kept.values())


def _of_topic(topic: str, speaker: Speaker) -> Iterable[Difference]:
    found = figures_of(topic, speaker.records, speaker.cards)
    if len({figure.value for figure in found}) > 1:
        sayings = tuple((f.value, f.told(speaker), f.evidence) for f in reversed(found))
        yield Difference(topic, sayings)


def _said_by(seen: Observation[Any], speaker: Speaker) -> str:
    return speaker.wording.called(seen.source, seen.as_of)


def _statement(difference: Difference, *, item: bool) -> Statement:
    parts = [f"{value} – {who}" for value, who, _ in difference.sayings]
    every = present(line for _, _, lines in difference.sayings for line in lines)
    dated = tuple(who for _, who, _ in difference.sayings)
    text = f"{capital(difference.subject)}: {'; '.join(parts)}"
    return Statement(stopped(text), every, dated, item=item)


def _lists(plan: Disagreement, records: Sequence[Record], speaker: Speaker) -> Draft | None:
    """The records to which each source gives a value of a field, source by source."""
    (name,) = plan.fields
    by_source: dict[str, list[tuple[Record, Observation[Any]]]] = {}
    for record in records:
        for seen in record.observed(name).observations:
            found = by_source.setdefault(seen.source, [])
            found += [(record, seen)] if seen.value in plan.values else []
    items = []
    for told in by_source.values():
        names = enumerate_words([record.name for record, _ in told]) or "none"
        who = _said_by(told[0][1], speaker) if told else ""
        lines = present(speaker.cards.field(record, name, seen) for record, seen in told)
        text = f"{capital(who)}: {len(told)}: {names}"
        items += (
            [Statement(stopped(text), lines, (who, names, str(len(told))), item=True)]
            if who
            else []
        )
    same = len({frozenset(record.key for record, _ in told) for told in by_source.values()}) == 1
    if not items:
        return None
    head = "The sources agree:" if same else "The sources differ:"
    head = "Only one source says so:" if len(items) == 1 else head
    return Draft((Statement(head, computed=(head,), lead=True), *items))


def _in_agreement(
    records: Sequence[Record], fields: Sequence[str], speaker: Speaker
) -> Draft | None:
    """What the sources say where they do not differ, or where only one of them speaks."""
    statements = []
    for record in records:
        for name in fields:
            seen = each_source(record.observed(name).observations)
            if not seen:
                continue
            value = speaker.cards.printer.value(record, name, seen[0].value).rstrip(".")
            who = enumerate_words([_said_by(o, speaker) for o in seen])
            subject = capital(speaker.wording.of(record, name))
            lead = "Only one source says so" if len(seen) == 1 else "The sources agree"
            every = present(speaker.cards.field(record, name, o) for o in seen)
            text = f"{lead}. {subject}: {value} – {who}"
            statements.append(Statement(stopped(text), every, (who,)))
    return Draft(tuple(statements)) if statements else None
