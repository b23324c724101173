"""Records as data: a page of those that match, each value with where it stands."""

from collections.abc import Sequence
from typing import Any

from rapidfuzz.process import extract

from app.conditions import ids_of
from app.requests import RecordRequest
from app.service.data import (
    ComputedData,
    FieldData,
    FieldInfo,
    GroupData,
    KindData,
    RecordData,
    RecordPage,
    StatementData,
)
from app.service.holdings import Holdings
from corpus.cards import title
from corpus.countries import country_name
from corpus.records import KINDS
from corpus.schema import FieldType, Observation, Record, fields_of
from retrieval.query import QueryResult, RecordQuery, first

_NEAR = 60  # rapidfuzz ratio, 0 to 100: names below that are not worth mentioning
_NEAREST = 3


def page_of(request: RecordRequest, held: Holdings) -> RecordPage:
    """Carry out a request. Raises QueryError or UnknownSource when it makes no sense."""
    if request.source:
        held.source(request.source)
    query = request.query(held.records)
    result = held.records.run(query)
    end = request.offset + request.limit
    shown = result.records[request.offset : end]
    return RecordPage(
        kind=request.kind,
        query=held.wording.query(query),
        completeness=_completeness(result, held),
        total=result.total,
        matching=result.matching,
        stating=result.stating if query.field else None,
        computed=_computed(result, held),
        groups=_groups(result, held),
        notes=tuple(_unknown_names(request, held)),
        offset=request.offset,
        limit=request.limit,
        next_offset=end if end < len(result.records) else None,
        records=tuple(record_data(record, query, held) for record in shown),
    )


def _completeness(result: QueryResult, held: Holdings) -> str:
    query = result.query
    many = held.vocabulary.kinds[query.kind].many
    said = f"{result.matching} of all {result.total} {many} on record match"
    if query.source:
        said += f" (those that {query.source} speaks of)"
    if query.field:
        label = held.vocabulary.label(query.kind, query.field)
        said += f"; {result.stating} of these state the {label}"
    return f"{said}."


def _computed(result: QueryResult, held: Holdings) -> ComputedData | None:
    query = result.query
    if query.aggregate is None:
        return None
    value = None if result.value is None else str(result.value)
    return ComputedData(
        name=str(query.aggregate), field=query.field or None, value=value, mixed=result.mixed
    )


def _groups(result: QueryResult, held: Holdings) -> tuple[GroupData, ...]:
    query = result.query
    if not query.group:
        return ()
    spec = fields_of(KINDS[query.kind])[query.group]

    def printed(value: str) -> str:
        if spec.type is FieldType.COUNTRY:
            return country_name(value)
        if spec.type is FieldType.BOOLEAN:
            return {"True": "yes", "False": "no"}.get(value, value)
        keys = (f"{kind}:{value}" for kind in spec.targets)
        return next((held.printer.names[k] for k in keys if k in held.printer.names), value)

    ranked = sorted(result.groups.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(GroupData(value=printed(value), count=count) for value, count in ranked)


def _unknown_names(request: RecordRequest, held: Holdings) -> list[str]:
    """What to say of names that no record has: nothing can match them."""
    notes = []
    for condition in request.conditions:
        if condition.field == "name" or condition.field == "id":
            kinds: tuple[str, ...] = (request.kind,)
        else:
            spec = fields_of(KINDS[request.kind]).get(condition.field)
            if spec is None or spec.type is not FieldType.REFERENCE:
                continue
            kinds = spec.targets
        for value in condition.values:
            if not ids_of(str(value), kinds, held.records):
                notes.append(_unknown(str(value), kinds, held))
    return notes


def _unknown(name: str, kinds: Sequence[str], held: Holdings) -> str:
    names = [title(record) for kind in kinds for record in held.records.of(kind)]
    near = [found for found, _, _ in extract(name, names, limit=_NEAREST, score_cutoff=_NEAR)]
    nouns = " or ".join(held.vocabulary.kinds[kind].one for kind in kinds)
    nearest = f"; the nearest names are {', '.join(near)}" if near else ""
    return f"No {nouns} on record is called {name[:80]!r}{nearest}."


def record_data(record: Record, query: RecordQuery, held: Holdings) -> RecordData:
    """A record with the fields that are asked for, or all that are stated."""
    names = query.fields or tuple(record.stated())
    fields = {}
    for name in names:
        seen = first(record, name, query.source)
        if seen is not None:
            fields[name] = _field(record, name, seen, held)
    return RecordData(
        kind=record.kind,
        id=record.id,
        name=title(record),
        aliases=record.aliases,
        sources=record.sources(),
        fields=fields,
    )


def _field(record: Record, name: str, seen: Observation[Any], held: Holdings) -> FieldData:
    every = record.observed(name).observations
    others = tuple(_statement(record, name, o, held) for o in every if o is not seen)
    return FieldData(
        **_statement(record, name, seen, held).model_dump(),
        label=held.vocabulary.label(record.kind, name),
        differing=any(o.value != seen.value for o in every),
        others=others,
    )


def _statement(record: Record, name: str, seen: Observation[Any], held: Holdings) -> StatementData:
    return StatementData(
        value=held.printer.value(record, name, seen.value),
        data=_plain(seen.value),
        source=seen.source,
        place=seen.at,
        page=seen.page,
        as_of=seen.as_of.iso() if seen.as_of else None,
        note=seen.note,
        passage=held.cards.get((record.key, seen.source)),
    )


def _plain(value: Any) -> bool | int | str | tuple[str, ...]:
    if isinstance(value, tuple):
        return tuple(str(_plain(item)) for item in value)
    if isinstance(value, bool | int | str):
        return value
    return str(value.iso())


def kinds_of(held: Holdings) -> list[KindData]:
    """All kinds of records and what their fields hold."""
    return [
        KindData(
            kind=kind,
            name=held.vocabulary.kinds[kind].one,
            plural=held.vocabulary.kinds[kind].many,
            count=len(held.records.of(kind)),
            fields=tuple(
                FieldInfo(
                    name=name,
                    label=held.vocabulary.label(kind, name),
                    type=str(spec.type),
                    many=spec.many,
                    choices=spec.choices,
                    refers_to=spec.targets,
                    stated=sum(1 for record in held.records.of(kind) if record.observed(name)),
                )
                for name, spec in fields_of(KINDS[kind]).items()
            ),
        )
        for kind in KINDS
    ]
