"""Lists, counts, sums, figures and contradictions, said in another language than English."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from app.answering import disagreements
from app.answering.abroad.local import capital
from app.answering.abroad.voice import Voice, overlap, stopped
from app.answering.answer import Status
from app.answering.evidence import Draft, Evidence, Statement, present
from app.answering.plans import Disagreement, Select, Series
from app.answering.selecting import Selector
from app.answering.series import figures_of
from app.answering.understanding import Question
from corpus.schema import Observation, Record, fields_of
from corpus.values import PartialDate
from retrieval.query import Aggregate, RecordQuery, first

_LONG = 160  # characters of an item beyond which items do not stand in a row
_BULLETS = 12  # items beyond which they stand in a row
_LINES = 3  # lines of cards that carry one item


def select(voice: Voice, plan: Select, selector: Selector) -> Draft | None:
    """Run the query and say what it found; None when it is not an answer."""
    if plan.whole:
        return None  # a share of all there are is told in English only
    result = voice.records.run(plan.query)
    found = list(result.records)
    if plan.text:
        found = selector.containing(found, plan.text)
    if plan.query.aggregate not in (None, Aggregate.COUNT):
        return _computed(voice, plan.query, found, result.value, result.matching)
    if plan.project:
        return _projected(voice, plan, found)
    many = voice.local.vocabulary.kinds[plan.query.kind].many
    conditions = voice.conditions(plan.query, plan.text)
    if not found:
        text = voice.phrases.no_match.format(
            many=many, total=result.total, conditions=conditions or many
        )
        said = (Statement(text), Statement(voice.ask_whom()))
        return Draft(tuple(s for s in said if s.text), status=Status.ABSTAINED)
    if plan.query.group:
        return _grouped(voice, plan, found)
    return _listed(voice, plan, found, result.total)


def _listed(voice: Voice, plan: Select, found: list[Record], total: int) -> Draft:
    query, many = plan.query, voice.local.vocabulary.kinds[plan.query.kind].many
    seen = [first(r, name, query.source) for r in found for name in _tested(query)]
    conditions = voice.conditions(query, plan.text)
    when = voice.as_of([s for s in seen if s])
    head = f"{capital(many)}: {len(found)}"
    head += f" ({conditions})" if conditions else ""
    items = [_item(voice, record, query) for record in found]
    if len(items) > _BULLETS and max(len(i.text) for i in items) < _LONG:
        items = [
            Statement(f"{i.text}{',' if n < len(items) else '.'}", i.evidence, i.computed)
            for n, i in enumerate(items, 1)
        ]
    how = voice.phrases.counted.format(
        many=many, total=total, found=len(found), conditions=conditions or many
    )
    lead = Statement(f"{head}{when}:", computed=(str(len(found)), conditions, when), lead=True)
    subjects = (found[0].name,) if len(found) == 1 else ()
    draft = voice.draft([lead, *items], [Statement(how)], subjects=subjects)
    return replace(draft, listed=tuple(record.name for record in found))


def _item(voice: Voice, record: Record, query: RecordQuery) -> Statement:
    """A record as an item: its name or what it states, and the fields asked for."""
    specs = fields_of(type(record))
    seen = first(record, "statement", query.source) if "statement" in specs else None
    text = str(seen.value).rstrip(". ") if seen else voice.local.title(record)
    lines = [voice.cards.field(record, "statement", seen)] if seen else []
    shown = list(query.fields)
    shown += ["date"] if record.kind == "event" and "date" not in shown else []
    details = []
    observed = [(name, first(record, name, query.source)) for name in shown]
    for name, stated in observed:
        value, more = voice.value(record, name, stated) if stated else ("", ())
        details.append(f"{voice.local.label(record.kind, name)} {value or voice.phrases.unstated}")
        lines += more
    if not lines:
        tested = [(n, first(record, n, query.source)) for n in _tested(query)]
        tested_lines = present(voice.cards.field(record, n, s) for n, s in tested if s)
        lines = [*tested_lines[:_LINES]] or [voice.cards.record(record)]
    text = f"{text} – {', '.join(details)}" if details else text
    return Statement(text, present(lines), voice.own(record, *observed), item=True)


def _projected(voice: Voice, plan: Select, found: Sequence[Record]) -> Draft | None:
    """The values of a field over the records found, each with the records that state it."""
    name, kind = plan.project, plan.query.kind
    groups: dict[str, list[tuple[Record, Observation[Any]]]] = {}
    stating = 0
    for record in found:
        seen = first(record, name, plan.query.source)
        stating += 1 if seen else 0
        values = voice.records.values(record, name, plan.query.source) if seen else ()
        for value in values:
            printed = voice.local.value(record, name, value)
            groups.setdefault(printed, []).append((record, seen)) if seen else None
    if not groups:
        return voice.not_stated(found, [voice.local.label(kind, name)])
    items = []
    for printed, pairs in groups.items():
        names = ", ".join(voice.local.title(record) for record, _ in pairs)
        lines = present(voice.cards.field(r, name, s) for r, s in pairs)[:_LINES]
        known = [form for r, s in pairs for form in voice.own(r, (name, s))]
        items.append(Statement(f"{printed} ({names})", lines, tuple(known), item=True))
    label = voice.local.label(kind, name)
    head = f"{capital(label)} ({len(items)})"
    note = voice.phrases.stating.format(
        label=capital(label), stating=stating, matching=len(found),
        many=voice.local.vocabulary.kinds[kind].many,
    )  # fmt: skip
    lead = Statement(f"{head}:", computed=(str(len(items)),), lead=True)
    return voice.draft([lead, *items], [Statement(note)])


def _grouped(voice: Voice, plan: Select, found: Sequence[Record]) -> Draft | None:
    """How many there are of each value, with their names; in an order, only the most or fewest."""
    query = plan.query
    groups: dict[str, list[Record]] = {}
    for record in found:
        for value in voice.records.values(record, query.group, query.source):
            groups.setdefault(voice.local.value(record, query.group, value), []).append(record)
    if not groups:
        return voice.not_stated(found, [voice.local.label(query.kind, query.group)])
    ranked = sorted(groups.items(), key=lambda pair: -len(pair[1]))
    if query.order:
        wanted = len(ranked[0 if query.order == "descending" else -1][1])
        ranked = [(printed, records) for printed, records in ranked if len(records) == wanted]
    items = []
    for printed, records in ranked:
        seen = [(record, first(record, query.group, query.source)) for record in records]
        lines = present(voice.cards.field(r, query.group, s) for r, s in seen if s)
        names = ", ".join(voice.local.title(record) for record in records)
        known = [form for r, s in seen for form in voice.own(r, (query.group, s))]
        computed = (str(len(records)), *known)
        text = f"{printed}: {len(records)} ({names})"
        items.append(Statement(text, lines, computed, item=True))
    conditions = voice.conditions(query, plan.text)
    head = f"{capital(voice.local.vocabulary.kinds[query.kind].many)}, "
    head += voice.local.label(query.kind, query.group)
    head += f" ({conditions})" if conditions else ""
    lead = Statement(f"{head}:", computed=(conditions,), lead=True)
    return voice.draft([lead, *items], ())


def _computed(
    voice: Voice, query: RecordQuery, shown: Sequence[Record], value: Any, matching: int
) -> Draft:
    """A sum, an average or an extreme."""
    many = voice.local.vocabulary.kinds[query.kind].many
    label = capital(voice.local.label(query.kind, query.field))
    lines = [(r, seen) for r in shown if (seen := first(r, query.field, query.source))]
    if value is None:
        text = (
            voice.phrases.mixed.format(label=label, many=many)
            if lines
            else voice.phrases.not_stated.format(what=f"{label} ({many})")
        )
        said = (Statement(text), Statement(voice.ask_whom()))
        return Draft(tuple(s for s in said if s.text), status=Status.ABSTAINED)
    printed = voice.local.plain(value)
    evidence = [voice.cards.field(r, query.field, seen) for r, seen in lines]
    conditions = voice.conditions(query)
    many = f"{many}, {conditions}" if conditions else many
    if query.aggregate in (Aggregate.LARGEST, Aggregate.SMALLEST):
        largest = query.aggregate is Aggregate.LARGEST
        frame = voice.phrases.largest if largest else voice.phrases.smallest
        names = voice.local.several([voice.local.subject(r) for r, _ in lines])
        text = frame.format(label=label, value=printed, names=names)
        names_found = tuple(r.name for r, _ in lines)
        known = [form for r, seen in lines for form in voice.own(r, (query.field, seen))]
        said_once = Statement(stopped(text), present(evidence), tuple(known))
        return voice.draft([said_once], (), subjects=names_found)
    frame = voice.phrases.total if query.aggregate is Aggregate.SUM else voice.phrases.average
    head = frame.format(label=label, stating=len(lines), many=many, value=printed)
    items = [
        Statement(
            f"{voice.local.title(r)}: {voice.local.plain(seen.value)}",
            present([line]), voice.own(r, (query.field, seen)), item=True,
        )
        for (r, seen), line in zip(lines, evidence, strict=True)
    ]  # fmt: skip
    note = voice.phrases.stating.format(
        label=label, stating=len(lines), matching=matching, many=many
    )
    known_here = (printed, str(len(lines)), conditions)
    lead = Statement(f"{head}:", computed=known_here, lead=True)
    return voice.draft([lead, *items], [Statement(note)])


def series(voice: Voice, plan: Series, question: Question) -> Draft | None:
    """The figures of a topic by date, each with its source; of one date where one is asked."""
    rows: list[tuple[PartialDate | None, Statement]] = []
    for record in voice.named(plan.keys):
        for name in ("amount", "money"):
            for seen in record.observed(name).observations:
                if plan.source and seen.source != plan.source:
                    continue
                date = first(record, "date", seen.source) or first(record, "date")
                when = date.value if date else seen.as_of
                value, lines = voice.value(record, name, seen)
                dated = voice.local.date(when) if when else ""
                text = f"{record.name}: {value}{f' ({dated})' if dated else ''}"
                lines += present([voice.cards.field(record, "date", date)] if date else [])
                known = (*voice.own(record, (name, seen), ("date", date)), voice.as_of([seen]))
                rows.append((when, Statement(text, lines, known, item=True)))
    if len(question.dates) == 1:
        asked = question.dates[0].date
        rows = [(w, s) for w, s in rows if w and overlap(w, asked)]
    if not rows:
        return None
    rows.sort(key=lambda row: row[0].first.isoformat() if row[0] else "", reverse=True)
    return voice.draft([statement for _, statement in rows], ())


def differing(voice: Voice, plan: Disagreement) -> Draft | None:
    """What each source says of the fields, and of the topics of figures, that they differ in."""
    said = []
    found = disagreements.differing(voice.named(plan.keys), plan.fields, thorough=plan.named)
    for each in found:
        if isinstance(each, str):
            said += _of_topic(voice, each)
            continue
        record, name = each
        parts, known = [], []
        every: tuple[Evidence, ...] = ()
        for seen in disagreements.each_source(record.observed(name).observations):
            value, lines = voice.value(record, name, seen)
            parts.append(f"{value} ({voice.who(seen)})")
            known += [*voice.own(record, (name, seen)), voice.who(seen)]
            every += lines
        subject = f"{voice.local.subject(record)} – {voice.local.label(record.kind, name)}"
        text = f"{subject}: {'; '.join(parts)}"
        said.append(Statement(text, present(every), tuple(known), item=True))
    lead = Statement(voice.phrases.differ, lead=True)
    return voice.draft([lead, *said[:_BULLETS]], ()) if said else None


def _of_topic(voice: Voice, topic: str) -> list[Statement]:
    """The figures on a topic side by side, the latest first; nothing where they are the same."""
    figures = figures_of(topic, voice.records, voice.cards)
    if len({figure.value for figure in figures}) < 2:
        return []
    parts, known = [], []
    for figure in reversed(figures):
        dated = voice.local.date(figure.when) if figure.when else ""
        who = voice.who(figure.seen)
        who = f"{who}; {dated}" if dated and figure.when != figure.seen.as_of else who
        parts.append(f"{voice.local.plain(figure.seen.value)} ({who})")
        known += [dated, who]
        for name in ("amount", "money"):
            if figure.seen in figure.record.observed(name).observations:
                known += voice.own(figure.record, (name, figure.seen))
    every = present(line for figure in figures for line in figure.evidence)
    return [Statement(f"{capital(topic)}: {'; '.join(parts)}", every, tuple(known), item=True)]


def _tested(query: RecordQuery) -> list[str]:
    """The fields that a query's conditions look at."""
    paths = [condition.path.partition(".")[0] for condition in query.conditions]
    return [name for name in dict.fromkeys(paths) if name != "id"]
