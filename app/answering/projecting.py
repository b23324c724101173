"""The values of a field over the records found, instead of the records."""

from collections.abc import Sequence

from app.answering.evidence import Draft, Evidence, Statement, present
from app.answering.lexicon import NAMED_KINDS
from app.answering.plans import Select
from app.answering.speaking import Speaker, stopped
from corpus.cards import title
from corpus.records import KINDS
from corpus.schema import FieldType, Record, fields_of
from retrieval.query import Aggregate, first

_SHOWN = 3  # lines that one value rests on


def projected(plan: Select, found: Sequence[Record], speaker: Speaker) -> Draft | None:
    """The values of a field over the records found, each with the records that state it."""
    path, kind = plan.project, plan.query.kind
    name, _, rest = path.partition(".")
    groups: dict[str, list[Record]] = {}
    evidence: dict[str, list[Evidence | None]] = {}
    for record in found:
        seen = first(record, name, plan.query.source)
        for value in speaker.records.values(record, path, plan.query.source) if seen else ():
            last, field = _at_end(record, path, value, speaker)
            printed = speaker.cards.printer.value(last, field, value)
            groups.setdefault(printed, []).append(record)
            line = speaker.cards.field(record, name, seen) if seen else None
            evidence.setdefault(printed, []).append(line)
            told = first(last, field) if rest else None
            evidence[printed] += [speaker.cards.field(last, field, told)] if told else []
    if not groups:
        return None
    stating = [r for r in found if speaker.records.values(r, path, plan.query.source)]
    items = []
    for printed, records in groups.items():
        detail = detail_of(plan, records, name)
        if len(stating) == 1 and len(groups) > 1 and detail == title(stating[0]):
            detail = ""  # what heads the list
        group = present(evidence[printed])[: 2 * _SHOWN if rest else _SHOWN]
        items.append(Statement(f"{printed}{f' ({detail})' if detail else ''}", group, item=True))
    label = speaker.vocabulary.label(kind, rest or name)
    many = speaker.vocabulary.kinds[kind].many
    what = speaker.wording.query(plan.query, plan.text)
    note = Statement(f"{len(stating)} of {len(found)} {many} state the {label} ({what}).")
    if len(items) == 1 and plan.query.aggregate is not Aggregate.COUNT:
        only = Statement(stopped(items[0].text), items[0].evidence)
        seen = first(stating[0], name, plan.query.source)
        if len(stating) == 1 and seen and not rest:  # a sentence reads better
            only = speaker.field(stating[0], name, seen)
        return Draft((only,), (note,))
    noun = speaker.wording.label(kind, rest or name, len(items))
    if len(stating) == 1:
        of = speaker.wording.subject(stating[0])
    elif plan.query.conditions or plan.text:
        of = speaker.wording.headline(plan.query, plan.text, len(found)).partition(" ")[2]
    else:
        of = f"all {len(found)} {many}"
    head = f"{len(items)} {noun} ({of}):"
    return Draft((Statement(head, computed=(head,), lead=True), *items), (note,))


def _at_end(record: Record, path: str, value: object, speaker: Speaker) -> tuple[Record, str]:
    """The record that states the value at the end of a path, and its field."""
    name, _, rest = path.partition(".")
    if not rest:
        return record, name
    targets = fields_of(type(record))[name].targets
    for item in speaker.records.values(record, name):
        target = speaker.records.get(targets, item)
        if target and value in speaker.records.values(target, rest):
            return target, rest
    return record, name


def detail_of(plan: Select, records: Sequence[Record], name: str) -> str:
    """What goes in brackets behind a projected value: a quantity, or the records' names."""
    if plan.query.kind in NAMED_KINDS:
        return ", ".join(title(record) for record in records)
    for other, spec in fields_of(KINDS[plan.query.kind]).items():
        if other != name and spec.type is FieldType.QUANTITY and len(records) == 1:
            seen = first(records[0], other, plan.query.source)
            if seen:
                return str(seen.value)
    return ", ".join(title(record) for record in records)
