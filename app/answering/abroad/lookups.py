"""Fields of named records and membership, said in another language than English."""

from collections.abc import Sequence
from typing import Any

from app.answering.abroad.local import capital
from app.answering.abroad.voice import Voice, overlap, stopped
from app.answering.answer import NoteKind
from app.answering.evidence import Draft, Statement, present
from app.answering.plans import Lookup, Membership
from app.answering.understanding import Question
from corpus.schema import Observation, Record, fields_of
from retrieval.query import first, holds, total_of


def look_up(voice: Voice, plan: Lookup, question: Question) -> Draft | None:
    """The fields asked for of the records named; None when nothing at all is said of them."""
    records = voice.named(plan.keys)
    if not plan.fields:
        return _describe(voice, records)
    said: list[Statement] = []
    stated: list[Any] = []
    missing: list[str] = []
    for record in records:
        for name in plan.fields:
            seen = _of_date(record, name, plan.source, question)
            if seen is None:
                label = voice.local.label(record.kind, name)
                missing.append(f"{label} – {voice.local.subject(record)}")
                continue
            stated.append(seen.value)
            said.append(_field(voice, record, name, seen, wanted=plan))
            said += [] if plan.source else voice.others(record, name)
    if not stated and plan.fields == ("expansion",):
        return _describe(voice, records)
    if not stated:
        return voice.not_stated(records, missing)
    steps = [
        _field(voice, record, name, seen)
        for key, name in plan.via
        for record in voice.named((key,))
        if (seen := first(record, name, plan.source))
    ]
    total = total_of(stated) if plan.total and len(stated) == len(records) else None
    if total is not None:
        said.append(_total(voice, records, plan, total, said))
    what = "; ".join(missing)
    notes = (
        [Statement(voice.phrases.not_stated.format(what=what), kind=NoteKind.REST)]
        if missing
        else []
    )
    names = tuple(record.name for record in records)
    return voice.draft((*steps, *said), notes, subjects=_found(voice, plan) or names)


def _total(
    voice: Voice, records: Sequence[Record], plan: Lookup, total: Any, said: Sequence[Statement]
) -> Statement:
    kind = records[0].kind
    text = voice.phrases.total.format(
        label=capital(voice.local.label(kind, plan.fields[0])),
        stating=len(records),
        many=voice.local.vocabulary.kinds[kind].many,
        value=(value := voice.local.plain(total)),
    )
    lines = present(line for statement in said for line in statement.evidence)
    return Statement(stopped(text), lines, (value, str(len(records))))


def _found(voice: Voice, plan: Lookup) -> tuple[str, ...]:
    """The names of what the fields asked for refer to: what "it" may mean next."""
    found = []
    for record in voice.named(plan.keys):
        for name in plan.fields:
            targets = fields_of(type(record))[name].targets
            for value in voice.records.values(record, name, plan.source) if targets else ():
                target = voice.records.get(targets, value)
                found += [target.name] if target else []
    return tuple(found)


def _field(
    voice: Voice, record: Record, name: str, seen: Observation[Any], wanted: Lookup | None = None
) -> Statement:
    """One field of a record: ``Project 9 (Network) – budget: 18 M€``."""
    value, lines = voice.value(record, name, seen)
    text = f"{voice.local.subject(record)} – {voice.local.label(record.kind, name)}: {value}"
    if wanted and wanted.expected:
        positive = holds(seen.value, wanted.test, wanted.expected)
        listed = fields_of(type(record))[name].many  # a list may leave somebody out
        refusal = voice.phrases.not_on_record if listed else voice.phrases.no
        verdict = voice.phrases.yes if positive else refusal
        text = f"{verdict} {text}"
    return Statement(stopped(text), lines, voice.own(record, (name, seen)))


def _describe(voice: Voice, records: Sequence[Record]) -> Draft | None:
    """The short fields of a record, and what the source says it is, as a quotation."""
    said: list[Statement] = []
    for record in records:
        title = voice.local.title(record)
        head = f"{capital(voice.local.vocabulary.kinds[record.kind].one)}: {title}"
        said.append(Statement(head, present([voice.cards.record(record)]), (title,)))
        for name, seen in voice.facts(record):
            value, lines = voice.value(record, name, seen)
            text = f"{capital(voice.local.label(record.kind, name))}: {value}"
            known = voice.own(record, (name, seen))
            said.append(Statement(text, lines, known, item=True))
        summary = record.summary.first
        if summary:
            text = voice.phrases.quoted.format(text=summary.value)
            line = voice.cards.field(record, "summary", summary)
            said.append(Statement(text, present([line])))
    names = tuple(record.name for record in records)
    return voice.draft(said, (), subjects=names) if said else None


def membership(voice: Voice, plan: Membership) -> Draft:
    """The role on record, or that there is no record, which is not the same as "no"."""
    records = voice.named(plan.keys)
    with_role = [(r, seen) for r in records if (seen := first(r, "role"))]
    if not with_role:
        region = voice.local.vocabulary.kinds["region"].one
        country = f"{region} ({voice.local.country(plan.country)})" if plan.country else ""
        name = country or plan.subject or voice.local.several([r.name for r in records])
        return _no_record(voice, name)
    said = [_role(voice, r, seen, plan.plain or bool(plan.country)) for r, seen in with_role]
    committed = any(seen.value in voice.partnership.member_roles for _, seen in with_role)
    said += [s for r, _ in with_role for s in voice.others(r, "role")]
    said += [] if committed else _joining(voice)
    names = tuple(record.name for record, _ in with_role)
    return voice.draft(said, (), subjects=names)


def _role(voice: Voice, record: Record, seen: Observation[Any], plain: bool) -> Statement:
    frames = {
        "leading": voice.phrases.leading,
        "participating": voice.phrases.participating,
        "interested": voice.phrases.interested,
    }
    about = voice.partnership.abbreviation
    text = frames[seen.value].format(name=record.name, about=about)
    yes = seen.value in voice.partnership.member_roles and not plain
    when = voice.as_of([seen])
    text = f"{voice.phrases.yes} {text}{when}." if yes else f"{text}{when}."
    lines = present([voice.cards.field(record, "role", seen)])
    return Statement(text, lines, (about, *voice.own(record, ("role", seen))))


def _no_record(voice: Voice, name: str) -> Draft:
    counts = []
    shown: list[tuple[Record, Observation[Any]]] = []
    for roles in (voice.partnership.member_roles, ("interested",)):
        found = [
            (r, seen)
            for r in voice.records.of("region")
            if (seen := first(r, "role")) and seen.value in roles
        ]
        counts.append(len(found))
        shown += found
    text = voice.phrases.no_record.format(
        name=name, about=voice.partnership.abbreviation,
        committed=counts[0], interested=counts[1],
    )  # fmt: skip
    when = voice.as_of([seen for _, seen in shown])
    text = f"{text}{when}. {voice.phrases.may_have_changed}"
    ends = [shown[0], shown[-1]] if shown else []
    lines = present(voice.cards.field(r, "role", seen) for r, seen in ends)
    computed = (name, voice.partnership.abbreviation, when, *map(str, counts))
    return voice.draft([Statement(text, lines, computed), *_joining(voice)], ())


def _joining(voice: Voice) -> list[Statement]:
    """How a region joins, in the words of the requirement that the partnership names for it."""
    record = voice.records.get(("requirement",), voice.partnership.joining)
    seen = record.observed("statement").first if record else None
    if record is None or seen is None:
        return []
    text = voice.phrases.joining.format(text=seen.value)
    return [Statement(stopped(text), present([voice.cards.field(record, "statement", seen)]))]


def _of_date(record: Record, name: str, source: str, question: Question) -> Observation[Any] | None:
    """The observation that goes first; of several dates on record, that of the date asked."""
    seen = first(record, name, source)
    every = record.observed(name).observations
    if seen is None or not question.dates or len({o.as_of for o in every}) == 1:
        return seen
    wanted = question.dates[0].date
    return next((o for o in every if o.as_of and overlap(o.as_of, wanted)), None)
