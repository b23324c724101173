"""Answers computed over all records of a kind: lists, counts, sums, extremes."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from app.answering.answer import Status, Table
from app.answering.evidence import Draft, Evidence, Statement, present
from app.answering.lexicon import NAMED_KINDS
from app.answering.lookups import comparable, compare, not_stated
from app.answering.mentioning import saying
from app.answering.none_found import BELONGING, none_found
from app.answering.planning import Planner
from app.answering.plans import Select
from app.answering.projecting import detail_of, projected
from app.answering.sentences import LONG_TEXT
from app.answering.series import other_figures
from app.answering.shares import share_of
from app.answering.speaking import Speaker, stopped
from app.answering.understanding import Question
from app.answering.wording import capital, enumerate_words
from corpus.cards import title
from corpus.lookalikes import lookalikes
from corpus.records import KINDS
from corpus.schema import FieldType, Observation, Record, fields_of
from corpus.values import Duration, PartialDate
from corpus.words import words
from retrieval.query import Aggregate, QueryResult, Test, first, holds

_INLINE = 3  # items that still read well in a sentence
_MOST_WORDS = 130  # of a list; beyond, statements are given by their short names
_COMPARED = 4  # records that can be set side by side
_BULLETS = 12  # items beyond which a list with bullets is longer than a screen


def select(plan: Select, question: Question, planner: Planner, speaker: Speaker) -> Draft | None:
    """Run the query and say what it found; None when it is not an answer."""
    result = speaker.records.run(plan.query)
    found = list(result.records)
    if plan.text:
        found = planner.selector.containing(found, plan.text)
    if plan.whole:
        return share_of(plan, plan.whole, found, speaker)
    counting = plan.query.aggregate is Aggregate.COUNT
    if plan.query.aggregate and not counting:
        return _computed(result, speaker)
    if plan.project:
        values = projected(plan, found, speaker)
        if values or not found:
            return values
        asked = plan.project.partition(".")[0]
        return not_stated(found, [(r, asked) for r in found], speaker)
    if not found:
        return none_found(plan, result, speaker)
    shown = plan.query.fields
    lacking = {c.path for c in plan.query.conditions if c.test is Test.NOT_STATED}
    if lacking & set(shown):  # there is nothing to show of those that lack it
        shown = tuple(name for name in shown if name not in lacking)
        plan = replace(plan, query=replace(plan.query, fields=shown))
    silent = shown and not any(first(r, name, plan.query.source) for r in found for name in shown)
    if silent:
        return not_stated(found, [(r, n) for r in found for n in shown], speaker)
    if plan.query.group:
        return _grouped(plan, found, speaker)
    if _compares(question) and not counting and 1 < len(found) <= _COMPARED:
        return compare(found, shown or comparable(found), speaker)
    draft = _listed(plan, found, result, speaker)
    draft = replace(draft, listed=tuple(record.name for record in found))
    numbered = set(question.numbers) - question.dated
    existing = speaker.vocabulary.existing & {word.folded for word in question.words}
    if question.yes_no and plan.text and existing and not numbered:  # there is such a thing
        lead, *rest = draft.statements
        lead = replace(lead, text=f"{speaker.vocabulary.yes}. {lead.text}")
        draft = replace(draft, statements=(lead, *rest))
    if counting and all(condition.path in BELONGING for condition in plan.query.conditions):
        figures = other_figures(planner.series(question), len(found), speaker)
        return replace(draft, notes=(*draft.notes, *figures))
    return draft


def _compares(question: Question) -> bool:
    """Whether a comparison is asked for, not just a bound set ("more than")."""
    bounds = {i for bound in question.bounds for i in bound.words}
    return bool(question.cue_words("compare") - bounds - question.dated)


def _listed(plan: Select, found: list[Record], result: QueryResult, speaker: Speaker) -> Draft:
    when = _as_of(plan, found)
    head = speaker.wording.headline(plan.query, plan.text, len(found))
    head = f"{head}, as of {when}" if when else head
    evidence = [_why(record, plan, speaker) for record in found]
    names = [_item(record, plan, speaker) for record in found]
    if sum(len(name.split()) for name in names) > _MOST_WORDS:
        names = [_item(record, plan, speaker, short=True) for record in found]
    what = speaker.wording.query(plan.query, plan.text)
    many = speaker.vocabulary.kinds[plan.query.kind].many
    how = f"Counted over all {result.total} {many} on record: {what} ({len(found)} match)."
    differing = [note for r in found if _says(r, plan) for note in speaker.others(r, "statement")]
    notes = (Statement(how), *differing, *_misleading(plan, found, speaker))
    table = _table(plan, found, speaker)
    subjects = (found[0].name,) if len(found) == 1 else ()
    if len(found) == 1 and _says(found[0], plan) and not plan.query.aggregate:
        titled = names[0] if names[0] == title(found[0]) else f"{title(found[0])}: {names[0]}"
        said = stopped(f"{titled} (as of {when})" if when else titled)
        one = Statement(said, evidence[0], (str(when),) if when else ())
        return Draft((one,), notes, table=table, subjects=subjects)
    if len(found) <= _INLINE and all(len(name) < 2 * LONG_TEXT for name in names):
        text = stopped(f"{head}: {enumerate_words(names)}")
        every = present(e for group in evidence for e in group)
        more = _about(found[0], speaker) if len(found) == 1 and not plan.query.fields else ()
        return Draft(
            (Statement(text, every, (head,)), *more), notes, table=table, subjects=subjects
        )
    lead = Statement(f"{head}:", computed=(head,), lead=True)
    bullets = len(found) <= _BULLETS or max(map(len, names)) > LONG_TEXT
    items = [
        Statement(name, group, item=bullets) for name, group in zip(names, evidence, strict=True)
    ]
    if not bullets:
        items = [replace(i, text=f"{i.text},") for i in items[:-1]] + [
            replace(items[-1], text=f"and {items[-1].text}")
        ]
    return Draft((lead, *items), notes, table=table, subjects=subjects)


def _misleading(plan: Select, found: Sequence[Record], speaker: Speaker) -> list[Statement]:
    """That an address among the fields shown has letters that only look like the usual ones."""
    notes = []
    for record in found:
        for name in plan.query.fields:
            value = first(record, name, plan.query.source)
            odd = lookalikes(str(value.value)) if value else {}
            if odd and " " not in str(value.value if value else ""):
                letters = enumerate_words([f"“{c}” ({script})" for c, script in odd.items()])
                label = speaker.vocabulary.label(record.kind, name)
                text = f"The {label} of {record.name} as printed has letters that only look usual"
                notes.append(Statement(f"{text}: {letters}. Typed as it looks, it is another one."))
    return notes


def _about(record: Record, speaker: Speaker) -> tuple[Statement, ...]:
    """What the one record found is, where it does not say so itself."""
    seen = record.summary.first
    if seen is None or "statement" in fields_of(type(record)):
        return ()
    return (
        Statement(stopped(seen.value), present([speaker.cards.field(record, "summary", seen)])),
    )


def _grouped(plan: Select, found: Sequence[Record], speaker: Speaker) -> Draft:
    """How many there are of each value, the most first, with their names."""
    name = plan.query.group
    groups: dict[str, list[Record]] = {}
    for record in found:
        for value in speaker.records.values(record, name, plan.query.source):
            dated = isinstance(value, PartialDate)  # counted by its year
            printed = (
                value.first.year if dated else speaker.cards.printer.value(record, name, value)
            )
            groups.setdefault(str(printed), []).append(record)
    nouns = speaker.vocabulary.kinds[plan.query.kind]
    statements = []
    ranked = sorted(groups.items(), key=lambda pair: -len(pair[1]))
    if plan.query.order:  # only those with the most, or the fewest
        wanted = len(ranked[0 if plan.query.order == "descending" else -1][1])
        ranked = [(printed, records) for printed, records in ranked if len(records) == wanted]
    every = [record for _, records in ranked for record in records]
    ranked = _passing(plan, ranked)
    statements += _having(plan, len(ranked), every, speaker)
    for printed, records in ranked:
        quantity = detail_of(plan, records, name) if plan.query.kind not in NAMED_KINDS else ""
        names = enumerate_words([r.name for r in records])
        noun = nouns.one if len(records) == 1 else nouns.many
        text = f"{printed}: {quantity or f'{len(records)} {noun} ({names})'}"
        lines = [first(record, name, plan.query.source) for record in records]
        evidence = present(
            speaker.cards.field(r, name, s) for r, s in zip(records, lines, strict=True) if s
        )
        computed = (str(len(records)), names)
        statements.append(Statement(text, evidence, computed, item=True))
    if (
        len(groups) > 1
        and plan.having is None
        and len({len(records) for records in groups.values()}) == 1
    ):
        statements.append(Statement("The numbers are the same.", lead=True))
    return Draft(tuple(statements))


def _passing(
    plan: Select, groups: list[tuple[str, list[Record]]]
) -> list[tuple[str, list[Record]]]:
    """The groups that have as many records as is asked."""
    if plan.having is None:
        return groups
    test, number = plan.having
    return [(p, found) for p, found in groups if holds(len(found), test, (Decimal(number),))]


def _having(plan: Select, count: int, every: Sequence[Record], speaker: Speaker) -> list[Statement]:
    """How many values have as many records as is asked."""
    if plan.having is None:
        return []
    test, number = plan.having
    nouns = speaker.vocabulary.kinds[plan.query.kind]
    bound = "exactly" if test is Test.IS else test.value
    many = f"{bound} {number} {nouns.one if number == 1 else nouns.many}"
    if count:
        label = speaker.wording.label(plan.query.kind, plan.query.group, count)
        head = f"{count} {label} with {many}{' each' if count > 1 else ''}:"
        return [Statement(head, computed=(head,), lead=True)]
    label = speaker.wording.label(plan.query.kind, plan.query.group, 1)
    text = f"No {label} has {many}, of the {len(every)} {nouns.many} counted."
    seen = [(r, first(r, plan.query.group, plan.query.source)) for r in every]
    lines = present(speaker.cards.field(r, plan.query.group, s) for r, s in seen if s)
    return [Statement(text, lines[:_INLINE], (text,))]


def _tested(plan: Select) -> list[str]:
    """The fields that the query's conditions look at."""
    paths = [condition.path.partition(".")[0] for condition in plan.query.conditions]
    return [name for name in paths if name != "id"]


def _as_of(plan: Select, found: Sequence[Record]) -> PartialDate | None:
    """The latest date for which what makes the records match holds."""
    names = _tested(plan)
    seen = [first(r, name, plan.query.source) for r in found for name in names]
    return max((s.as_of for s in seen if s and s.as_of), default=None)


def _says(record: Record, plan: Select) -> bool:
    """Whether the list gives what the record states, from whichever source."""
    return "statement" in fields_of(type(record)) and not plan.query.source


def _item(record: Record, plan: Select, speaker: Speaker, *, short: bool = False) -> str:
    """A record as an item of a list: its name or what it states, and the fields asked for.

    ``short``: statements by their titles, and what has a number by that.
    """
    specs = fields_of(type(record))
    seen = first(record, "statement", plan.query.source) if "statement" in specs else None
    text = str(seen.value).rstrip(". ") if seen and not short else title(record)
    shown = []
    for name in plan.query.fields:
        value = first(record, name, plan.query.source)
        printed = speaker.value(record, name, value)[0].rstrip(".") if value else "not stated"
        mark = ":" if specs[name].type is FieldType.TEXT and value else ""
        shown.append(f"{speaker.vocabulary.label(record.kind, name)}{mark} {printed}")
        if short and len(plan.query.fields) == 1:
            shown, text = [printed], capital(speaker.wording.short(record))
    date = first(record, "date", plan.query.source) if record.kind == "event" else None
    if date and not short and "date" not in plan.query.fields and str(date.value) not in text:
        text = f"{date.value}: {text}"
    if len(shown) == 1 and not short and value and _is_named(record, plan.query.fields[0], speaker):
        return f"{text}: {printed}"  # "X's share of EU imports: 96 %"
    return f"{text} – {', '.join(shown)}" if shown else text


def _is_named(record: Record, name: str, speaker: Speaker) -> bool:
    """Whether the name of a record has the label of a field in it."""
    said = {word.folded for word in words(record.name)}
    return {w.folded for w in words(speaker.vocabulary.label(record.kind, name))} <= said


def _why(record: Record, plan: Select, speaker: Speaker) -> tuple[Evidence, ...]:
    """The lines that carry an item: what it states, the fields shown, or why it matches."""
    specs = fields_of(type(record))
    names = ["statement"] if "statement" in specs else []
    names += plan.query.fields
    names += ["date"] if record.kind == "event" else []
    names += _tested(plan) if not names else []
    lines = []
    said = saying(record, plan.text) if plan.text else None
    if said:  # what was asked, before what it was looked for among
        lines.append(speaker.cards.field(record, *said))
        names = [name for name in names if name not in BELONGING]
    for name in dict.fromkeys(names):
        seen = first(record, name, plan.query.source)
        lines.append(speaker.cards.field(record, name, seen) if seen else None)
    return present(lines)[:_INLINE] or present([speaker.cards.record(record)])


def _table(plan: Select, found: Sequence[Record], speaker: Speaker) -> Table | None:
    """The records with what the query tests and shows of them."""
    dated = ("date",) if plan.query.kind == "event" else ()
    # What each of them has because it was looked for among such says nothing of it.
    alike = {c.path for c in plan.query.conditions if c.test is Test.IS and c.values == (True,)}
    told = [name for name in _tested(plan) if name not in alike]
    names = list(dict.fromkeys((*dated, *told, *plan.query.fields)))
    said = [saying(record, plan.text) if plan.text else None for record in found]
    if any(said) and not names:
        return _as_said(plan, found, said, speaker)
    if len(found) < 2 or not names:
        return None
    kind = plan.query.kind
    header = (
        speaker.vocabulary.kinds[kind].one,
        *(speaker.vocabulary.label(kind, n) for n in names),
    )
    rows = []
    for record in found:
        seen = [(name, first(record, name, plan.query.source)) for name in names]
        cells = (speaker.value(record, n, s)[0] if s else "not stated" for n, s in seen)
        rows.append((title(record), *cells))
    return Table(header, tuple(rows))


def _as_said(
    plan: Select,
    found: Sequence[Record],
    said: Sequence[tuple[str, Observation[Any]] | None],
    speaker: Speaker,
) -> Table | None:
    """The records with what each says in the words that were looked for."""
    if len(found) < 2:
        return None
    vocabulary, kind = speaker.vocabulary, plan.query.kind
    names = list(dict.fromkeys(name for name, _ in filter(None, said)))
    header = (vocabulary.kinds[kind].one, *(vocabulary.label(kind, name) for name in names))
    rows = []
    for record in found:
        seen = [saying(record, plan.text, only=name) for name in names]
        rows.append((title(record), *(speaker.value(record, *s)[0] if s else "" for s in seen)))
    return Table(header, tuple(rows))


def _in_years(value: object) -> str:
    """A computed value as text: many months in years too."""
    text = str(value)
    if isinstance(value, Duration) and value.months > 12 and value.months % 12:
        text += f" ({value.months / 12:.1f} years)"
    return text


def _computed(result: QueryResult, speaker: Speaker) -> Draft | None:
    query = result.query
    many = speaker.vocabulary.kinds[query.kind].many
    label = speaker.vocabulary.label(query.kind, query.field)
    what = speaker.wording.query(query)
    amount = fields_of(KINDS[query.kind])[query.field].type
    if amount is FieldType.QUANTITY and label.endswith("s"):
        label = f"number of {label}"  # "the largest participants" is nobody
    if result.mixed:
        text = f"The {label} of these {many} is stated in different currencies or units"
        said = Statement(f"{text}, so no {query.aggregate} is given.")
        return Draft((said, Statement(speaker.ask_whom())), status=Status.ABSTAINED)
    if result.value is None:
        text = f"None of the {result.matching} {many} states the {label} ({what})."
        statements = (Statement(text), Statement(speaker.ask_whom()))
        return Draft(statements, status=Status.ABSTAINED)
    note = Statement(f"{result.stating} of {result.matching} {many} state the {label} ({what}).")
    lines = []
    for record in result.records:
        seen = first(record, query.field, query.source)
        lines.append(
            (record, seen, speaker.cards.field(record, query.field, seen) if seen else None)
        )
    value = _in_years(result.value)
    if query.aggregate in (Aggregate.LARGEST, Aggregate.SMALLEST):
        names = speaker.names(result.records)
        place = f"{speaker.vocabulary.ordinals[query.rank - 1]} " if query.rank > 1 else ""
        text = f"The {place}{query.aggregate} {label} that is stated is {value}: {names}"
        evidence = present(line for _, _, line in lines)
        subjects = tuple(r.name for r in result.records)
        return Draft((Statement(stopped(text), evidence, (names,)),), (note,), subjects=subjects)
    word = "total" if query.aggregate is Aggregate.SUM else "average"
    text = f"The {word} {label} of the {result.stating} {many} that state one is {value}:"
    total = Statement(text, computed=(value, str(result.stating)), lead=True)
    items = [
        Statement(f"{title(record)}: {seen.value}", present([line]), item=True)
        for record, seen, line in lines
        if seen
    ]
    return Draft((total, *items), (note,))
