"""Answers from the fields of records that a question names."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from rapidfuzz import fuzz

from app.answering.answer import NoteKind, Status, Table
from app.answering.disagreements import differs
from app.answering.evidence import Draft, Evidence, Statement, present
from app.answering.occasions import on_the_day
from app.answering.plans import Lookup
from app.answering.speaking import Speaker, stopped
from app.answering.understanding import Question
from app.answering.wording import capital, enumerate_words
from corpus.cards import title
from corpus.schema import FieldType, Observation, Record, fields_of
from retrieval.query import ORDERED_TYPES, difference_of, first, holds, number_of, total_of

_MOST_HELD = 3  # things of which is said what else is held
_SAME = 80  # of 100, rapidfuzz.fuzz.token_set_ratio: two descriptions say the same


def look_up(plan: Lookup, question: Question, speaker: Speaker) -> Draft | None:
    """The fields asked for of the records named; None when nothing at all is said of them."""
    records = [speaker.record(key) for key in plan.keys]
    ratio = bool(plan.fields) and question.has_cue("ratio")
    if len(records) > 1 and not plan.total and (_compares(question) or ratio):
        fields = plan.fields or comparable(records)
        if question.direction or question.multiple or ratio:  # of more or less, not of who
            fields = tuple(filter(partial(_is_ordered, records), fields)) or fields
        if len(fields) > 1 or plan.fields:
            return compare(records, fields, speaker, question)
    if not plan.fields:
        return _describe(records, question, speaker)
    if _asks_no_date(question) and not plan.expected:
        told = [(r, n) for r in records for n in plan.fields if first(r, n, plan.source)]
        if told and all(_is_date(record, name) for record, name in told):
            said = [s for record, name in told for s in on_the_day(record, name, question, speaker)]
            return Draft(tuple(said), subjects=tuple(r.name for r in records)) if said else None
    statements = [] if plan.expected else _steps(plan, speaker)
    led = len(statements)
    notes: list[Statement] = []
    missing: list[tuple[Record, str]] = []
    for record in records:
        for name in plan.fields:
            seen = (
                first(record, name, plan.source)
                if plan.expected
                else _asked(record, name, plan.source, question)
            )
            if seen is None:
                missing.append((record, name))
                continue
            statement = speaker.field(record, name, seen)
            if plan.expected:
                statements += _verdict(plan, record, name, seen, speaker) + _steps(plan, speaker)
                continue
            statements.append(_counted(statement, seen, question, record, name, speaker))
            notes += [] if plan.source else speaker.others(record, name)
    if len(statements) == led and plan.fields == ("expansion",):  # "what does X mean": what it is
        return _describe(records, question, speaker)
    if len(statements) == led:
        return not_stated(records, missing, speaker)
    if plan.total and len(statements) == len(records):
        total = total_of([record.observed(plan.fields[0]).value for record in records])
        if total is not None:
            text = f"Together that is {total}."
            statements.append(Statement(text, _evidence(statements), (str(total),)))
    if missing:
        text = f"Not stated in the documents: {speaker.wording.missing(missing)}."
        notes.append(Statement(text, kind=NoteKind.REST))
    table = _table(records, plan.fields, speaker)
    return Draft(tuple(statements), tuple(notes), table=table, subjects=_found(plan, speaker))


def _counted(
    statement: Statement,
    seen: Observation[Any],
    question: Question,
    record: Record,
    name: str,
    speaker: Speaker,
) -> Statement:
    """What a field lists, behind its number where the question asks for that."""
    if not question.has_cue("count") or not isinstance(seen.value, tuple):
        return statement
    count = f"{len(seen.value)} {speaker.wording.label(record.kind, name, len(seen.value))}"
    text = f"{count}. {statement.text}"
    return replace(statement, text=text, computed=(*statement.computed, count))


def _asks_no_date(question: Question) -> bool:
    """Whether it is asked who, where or why, and not when."""
    return question.asks("who", "where", "why") and not (
        question.asks("when", "how_long") or question.dates or question.yes_no
    )


def _is_date(record: Record, name: str) -> bool:
    spec = fields_of(type(record)).get(name)
    return spec is not None and spec.type is FieldType.DATE


def _compares(question: Question) -> bool:
    return question.has_cue("compare") or question.multiple is not None


def _verdict(
    plan: Lookup, record: Record, name: str, seen: Observation[Any], speaker: Speaker
) -> list[Statement]:
    """Yes or no and what the field holds; what other sources say where that is not the same."""
    statement = speaker.field(record, name, seen)
    positive = holds(seen.value, plan.test, plan.expected)
    vocabulary = speaker.vocabulary
    word = vocabulary.yes if positive else vocabulary.no
    if not positive and fields_of(type(record))[name].many:  # a list may leave somebody out
        word = vocabulary.not_on_record
    others = [] if plan.source else record.observed(name).differing()
    if any(holds(o.value, plan.test, plan.expected) is not positive for o in others):
        apart = differs(record, name, speaker)
        return [replace(apart, text=f"{word}, but the sources differ. {apart.text}")]
    return [replace(statement, text=f"{word}. {statement.text}")]


def _evidence(statements: Sequence[Statement]) -> tuple[Evidence, ...]:
    return present(line for statement in statements for line in statement.evidence)


def _steps(plan: Lookup, speaker: Speaker) -> list[Statement]:
    """What leads from the thing that the question names to those that are looked up."""
    steps = []
    for key, name in plan.via:
        record = speaker.record(key)
        seen = first(record, name, plan.source)
        steps += [speaker.field(record, name, seen)] if seen else []
    return steps


def _asked(record: Record, name: str, source: str, question: Question) -> Observation[Any] | None:
    """The observation that goes first; of several dates on record, that of the date asked."""
    seen = first(record, name, source)
    every = record.observed(name).observations
    if seen is None or not question.dates or len({o.as_of for o in every}) == 1:
        return seen
    if fields_of(type(record))[name].type is FieldType.DATE:  # "was it in 2019 or in 2020"
        return seen
    wanted = question.dates[0].date
    return next(
        (
            o
            for o in every
            if o.as_of and o.as_of.first <= wanted.last and wanted.first <= o.as_of.last
        ),
        None,
    )


def _found(plan: Lookup, speaker: Speaker) -> tuple[str, ...]:
    """The names of what the fields asked for refer to: what "it" may mean next."""
    names = []
    for key in plan.keys:
        record = speaker.record(key)
        for field in plan.fields:
            spec = fields_of(type(record))[field]
            for value in speaker.records.values(record, field, plan.source):
                target = speaker.records.get(spec.targets, value) if spec.targets else None
                names += [target.name] if target else []
    return tuple(names)


def not_stated(
    records: Sequence[Record], missing: Sequence[tuple[Record, str]], speaker: Speaker
) -> Draft:
    """What is missing, what is held instead, and whom to ask."""
    statements = [Statement(f"The documents do not state {speaker.wording.missing(missing)}.")]
    for record in records if len(records) <= _MOST_HELD else ():
        labels = [speaker.wording.stated(record, name) for name, _ in speaker.facts(record)]
        if labels:
            subject = speaker.wording.subject(record)
            held = enumerate_words(list(dict.fromkeys(labels)))
            statements.append(Statement(f"Of {subject} they do state: {held}."))
    statements.append(Statement(speaker.ask_whom()))
    return Draft(tuple(statements), status=Status.ABSTAINED)


def _describe(records: Sequence[Record], question: Question, speaker: Speaker) -> Draft | None:
    """What a record is; with its main facts where more than a definition is asked for."""
    statements: list[Statement] = []
    brief = question.has_cue("definition") and not question.has_cue("description")
    for record in records:
        seen = record.summary.first
        for said in _different(record):
            evidence = present([speaker.cards.field(record, "summary", said)])
            statements.append(Statement(stopped(said.value), evidence))
        if seen and brief:
            continue
        statements.append(
            Statement(
                title(record), present([speaker.cards.record(record)]), (title(record),), item=True
            )
        )
        for name, fact in speaker.facts(record):
            value, more = speaker.value(record, name, fact)
            text = f"{capital(speaker.vocabulary.label(record.kind, name))}: {value}"
            evidence = present([speaker.cards.field(record, name, fact), *more])
            statements.append(Statement(text, evidence, item=True))
    names = tuple(record.name for record in records)
    return Draft(tuple(statements), subjects=names) if statements else None


def _different(record: Record) -> list[Observation[str]]:
    """Two descriptions that do not say the same, first of the source that says most of it."""
    every = [o.source for field in record.stated().values() for o in field.observations]
    summaries = sorted(record.summary.observations, key=lambda o: -every.count(o.source))
    kept: list[Observation[str]] = []
    for summary in summaries:
        if all(fuzz.token_set_ratio(summary.value, k.value) < _SAME for k in kept):
            kept.append(summary)
    return kept[:2]


def comparable(records: Sequence[Record]) -> tuple[str, ...]:
    """The fields on which records can be set side by side: those that at least one states."""
    specs = fields_of(type(records[0]))
    same = all(type(record) is type(records[0]) for record in records)
    stated = {name for record in records for name in record.stated()} if same else set()
    skipped = ("summary", "number", "list_number")
    short = [n for n, s in specs.items() if s.type is not FieldType.TEXT or n == "status"]
    return tuple(name for name in short if name in stated and name not in skipped)


def compare(
    records: Sequence[Record],
    fields: Sequence[str],
    speaker: Speaker,
    question: Question | None = None,
) -> Draft | None:
    """One line per field with the values of all records, and the same as a table.

    ``question`` may expect the first of two records to have more or less than the other.
    """
    statements = []
    for name in fields:
        texts: list[str] = []
        evidence: list[Evidence | None] = []
        for record in records:
            has = name in fields_of(type(record))
            seen = first(record, name) if has else None
            value, more = speaker.value(record, name, seen) if seen else ("not stated", [])
            texts.append(f"{speaker.wording.short(record)}: {value.rstrip('.')}")
            evidence += [speaker.cards.field(record, name, seen), *more] if seen else []
        if evidence:
            label = speaker.vocabulary.label(records[0].kind, name)
            larger, apart = _larger(records, name, speaker)
            if question and question.has_cue("ratio") and len(fields) == 1:
                larger, apart = _times(records, name, speaker) or (larger, apart)
            text = f"{capital(label)} – {'; '.join(texts)}{larger}"
            holding = _expected(records, name, question) if question else None
            word = speaker.vocabulary.yes if holding else speaker.vocabulary.no
            verdict = "" if holding is None else word
            alone = len(fields) == 1
            text = stopped(f"{verdict}. {text}" if verdict else text) if alone else text
            statements.append(Statement(text, present(evidence), apart, item=not alone))
    if not statements:
        return None
    table = _table(records, fields, speaker)
    return Draft(tuple(statements), table=table, subjects=tuple(r.name for r in records))


def _is_ordered(records: Sequence[Record], name: str) -> bool:
    """Whether the values of a field are more or less than others."""
    specs = [fields_of(type(r)).get(name) for r in records]
    return all(spec and spec.type in ORDERED_TYPES for spec in specs)


def _expected(records: Sequence[Record], name: str, question: Question) -> bool | None:
    """Whether the first of two records has more than the other, or less, as is expected.

    None where nothing is expected, or one of them states no value.
    """
    values = [r.observed(name).value for r in records if name in fields_of(type(r))]
    direction = question.direction
    if not question.yes_no or question.negations or len(values) != 2 or None in values:
        return None
    if not _is_ordered(records, name):
        return None
    first_one, other = map(number_of, values)
    if first_one == other and values[0] != values[1]:  # of "more than 15" and 15 nothing is told
        return None
    if question.multiple:
        return bool(first_one >= question.multiple[0] * other)
    if not direction:
        return None
    return bool(first_one > other if direction == "more" else first_one < other)


def _larger(records: Sequence[Record], name: str, speaker: Speaker) -> tuple[str, tuple[str, ...]]:
    """Which of the records has the largest value, where values can be ordered, and by how much."""
    known = [r for r in records if name in fields_of(type(r)) and first(r, name)]
    spec = fields_of(type(records[0]))[name]
    if spec.type not in ORDERED_TYPES - {FieldType.DATE} or len(known) != len(records):
        return "", ()
    values = [r.observed(name).value for r in records]
    numbers = [number_of(value) for value in values]
    if len(set(numbers)) == 1:  # "more than 15" and 15 are not the same
        return (" (the same)", ()) if len(set(values)) == 1 else ("", ())
    best = records[numbers.index(max(numbers))]
    words_of = speaker.vocabulary.more
    word = words_of.get(spec.type.value) or words_of["*"]
    more = f"{speaker.wording.short(best)} {word}"
    apart = difference_of(*values) if len(values) == 2 else None
    by = speaker.wording.difference(apart) if apart else ""
    return (f" ({more}, by {by})", (by,)) if by else (f" ({more})", ())


def _times(
    records: Sequence[Record], name: str, speaker: Speaker
) -> tuple[str, tuple[str, ...]] | None:
    """How many times the smaller of two values the larger one is; None where that is not known."""
    values = [r.observed(name).value for r in records if name in fields_of(type(r))]
    if len(values) != 2 or None in values or difference_of(*values) is None:
        return None
    more, less = sorted(zip(map(number_of, values), records, strict=True), key=lambda p: -p[0])
    if not less[0]:
        return None
    factor = f"{more[0] / less[0]:.2f}".rstrip("0").rstrip(".")
    label = speaker.vocabulary.label(more[1].kind, name)
    times = f"{factor} times that of {speaker.wording.short(less[1])}"
    return f" (the {label} of {speaker.wording.short(more[1])} is {times})", (factor,)


def _table(records: Sequence[Record], fields: Sequence[str], speaker: Speaker) -> Table | None:
    if len(records) < 2:
        return None
    header = ("", *(speaker.vocabulary.label(records[0].kind, name) for name in fields))
    rows = []
    for record in records:
        cells = []
        for name in fields:
            seen = first(record, name) if name in fields_of(type(record)) else None
            cells.append(speaker.value(record, name, seen)[0] if seen else "not stated")
        rows.append((title(record), *cells))
    return Table(header, tuple(rows))
