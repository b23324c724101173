"""From a question for yes or no about a named thing to the field that tells.

"Is X a partner of Y?", "Does X last more than three years?", "Is X on the list?": the field is
looked up, and what it holds is compared with what the question expects it to hold.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from app.answering.conditions import BOUNDS, SCALES, types_of
from app.answering.lexicon import Span
from app.answering.plans import Candidate, Disagreement, Lookup, Plan, Strength
from app.answering.understanding import Question
from corpus.records import KINDS
from corpus.schema import FieldSpec, FieldType, Record, fields_of
from corpus.values import PartialDate
from corpus.vocabulary import Vocabulary
from corpus.words import folded_words, stem
from retrieval.query import Records, Test, holds

_SIDES = ("before", "after")  # of a date: "was it launched before 2019"
Expected = tuple[str, Test, tuple[Any, ...], frozenset[int]]  # field, test, values, words used


def polar(
    question: Question,
    record: Record,
    vocabulary: Vocabulary,
    base: frozenset[int],
    names: frozenset[int],
) -> Iterable[Candidate]:
    """Lookups of the fields that tell, of a record whose names are the words ``names``.

    ``base`` are words that any plan for the record explains. A field that the record does not
    state tells nothing: there is no plan for it.
    """
    if not question.yes_no or question.negations:
        return
    either = _offers(question, vocabulary)
    told = [*_flags(question, record.kind, record, names), *_amounts(question, record, names)]
    if not either:
        told += _references(question, record.kind, record, names)
        told += _bare_reference(question, record, names)
        told += _countries(question, record.kind, record, names)
        told += _dates(question, vocabulary, record, names)
        told += _choices(question, record, vocabulary, names)
        told += _place(question, record, names)
        told += _very_words(question, record, names)
    for field, test, values, used in told:
        if not used - names or not record.observed(field):
            continue
        plan: Plan = Lookup((record.key,), (field,), expected=values, test=test)
        if either:  # "January or July?" is told by what each source says
            plan = Disagreement((record.key,), (field,), named=True)
        yield Candidate(plan, base | used | either, Strength.JOIN, len(names | used))


def polar_of_one(
    question: Question, record: Record, records: Records, base: frozenset[int]
) -> Iterable[Candidate]:
    """What is or is not so of the one thing that refers to a named one: "is Y's project listed"."""
    if not question.yes_no or question.negations:
        return
    for kind in {s.meaning.value for s in question.kinds()} - {record.kind}:
        specs = fields_of(KINDS[kind]).values()
        referring = [
            (other, spec.name) for other in records.of(kind) for spec in specs
            if record.kind in spec.targets and record.id in records.values(other, spec.name)
        ]  # fmt: skip
        if len({other.key for other, _ in referring}) != 1:
            continue
        (other, link), *_ = referring
        nouns = question.words_of([s for s in question.kinds() if s.meaning.value == kind])
        for field, test, values, used in _flags(question, kind, other, frozenset()):
            if other.observed(field):
                via = ((other.key, link),)
                plan = Lookup((other.key,), (field,), expected=values, test=test, via=via)
                yield Candidate(plan, base | used | nouns, Strength.JOIN, len(used))


def _said(
    question: Question, kind: str, names: frozenset[int]
) -> list[tuple[frozenset[int], FieldSpec]]:
    """The fields of a kind that words beside the name ask for, and those words."""
    specs = fields_of(KINDS[kind])
    said = [(question.words_of([span]), specs[name]) for span, name in question.fields(kind)]
    return [(used, spec) for used, spec in said if used - names]


def _flags(
    question: Question, kind: str, record: Record, names: frozenset[int]
) -> Iterable[Expected]:
    """What is or is not so: "is X on the list"."""
    for words, spec in _said(question, kind, names):
        if spec.type is FieldType.BOOLEAN:
            yield spec.name, Test.IS, (True,), words


def _references(
    question: Question, kind: str, record: Record, names: frozenset[int]
) -> Iterable[Expected]:
    """What a field may refer to: "is X a partner of Y", "does X work for Y"."""
    others = [s for s in question.entities if s.meaning.value != record.key]
    others = [s for s in others if question.words_of([s]) - names]
    if len({(s.start, s.end) for s in others}) != 1:
        return
    around = question.words_of([*others, *_beside(question, others)])
    for words, spec in _said(question, kind, names):
        ids = tuple(
            s.meaning.value.partition(":")[2] for s in others
            if s.meaning.value.partition(":")[0] in spec.targets
        )  # fmt: skip
        if ids and words - question.words_of(others):
            yield spec.name, Test.IS, ids, words | around


def _bare_reference(
    question: Question, record: Record, names: frozenset[int]
) -> Iterable[Expected]:
    """Two names and nothing else: "is X at Y". The field that refers from one to the other."""
    others = [s for s in question.entities if s.meaning.value != record.key]
    others = [s for s in others if question.words_of([s]) - names]
    around = question.words_of([*others, *_beside(question, others)])
    if len({s.meaning.value for s in others}) != 1 or question.content - names - around:
        return
    kind, _, wanted = others[0].meaning.value.partition(":")
    specs = [s for s in fields_of(type(record)).values() if kind in s.targets]
    stated = [s for s in specs if record.observed(s.name)]
    holding = [s for s in stated if holds(record.observed(s.name).value, Test.IS, (wanted,))]
    for spec in holding[:1] or (stated if len(stated) == 1 else ()):
        yield spec.name, Test.IS, (wanted,), around


def _choices(
    question: Question, record: Record, vocabulary: Vocabulary, names: frozenset[int]
) -> Iterable[Expected]:
    """A value to choose from: "is X rated neutral", "is X a cluster"."""
    for span, field, values in question.choices(record.kind):
        used = question.words_of([span])
        if not used & names:
            said = [s for s, name in question.fields(record.kind) if name == field]
            stronger = _stronger(values, fields_of(type(record))[field])
            yield field, Test.IS, (*values, *stronger), used | question.words_of(said)
    for spec in fields_of(type(record)).values():
        worded = vocabulary.choices.get(f"{record.kind}.{spec.name}", {})
        named = spec.type is FieldType.CHOICE and not worded
        for value in spec.choices if named else ():  # by its own name
            parts = [stem(word) for word in folded_words(value)]
            for at in range(len(question.words) - len(parts) + 1):
                place = frozenset(range(at, at + len(parts)))
                stems = [w.stem for w in question.words[at : at + len(parts)]]
                if stems == parts and not place & names:
                    yield spec.name, Test.IS, (value,), place


def _stronger(values: Sequence[str], spec: FieldSpec) -> list[str]:
    """The values of a scale that say more than others: who strongly agrees, agrees."""
    asked = [set(folded_words(value)) for value in values]
    choices = spec.choices if spec.name in SCALES else ()
    return [c for c in choices if any(a < set(folded_words(c)) for a in asked)]


def _place(question: Question, record: Record, names: frozenset[int]) -> Iterable[Expected]:
    """The place of an event: "was it held in X". Another place is one by its capital letter."""
    place = record.observed("place").value if "place" in fields_of(type(record)) else None
    if not place:
        return
    asked = [s for s, name in question.fields(record.kind) if name in ("place", "date", "state")]
    asked += [s for s, _, _ in question.choices(record.kind)]  # "the kick-off meeting"
    asked += [s for s in question.kinds() if s.meaning.value == record.kind]
    around = question.words_of(asked) - names
    left = sorted(question.content - names - around)
    stated = set(folded_words(place))
    if not left or left[-1] - left[0] >= len(left) or question.dates or question.months:
        return
    said = [question.words[i] for i in left]
    inside = all(word.folded in stated for word in said)
    if inside or all(question.text[word.start].isupper() for word in said):
        expected = place if inside else question.text[said[0].start : said[-1].end]
        yield "place", Test.IS, (expected,), around | frozenset(left)


def _very_words(question: Question, record: Record, names: frozenset[int]) -> Iterable[Expected]:
    """A text that the record states, in its very words: "is X under preparation"."""
    folded = [word.folded for word in question.words]
    for spec in fields_of(type(record)).values():
        value = record.observed(spec.name).value if spec.type is FieldType.TEXT else None
        own = folded_words(value) if isinstance(value, str) and spec.name != "place" else []
        for at in range(len(folded) - len(own) + 1 if len(own) > 1 else 0):
            place = frozenset(range(at, at + len(own)))
            if folded[at : at + len(own)] == list(own) and not place & names:
                yield spec.name, Test.IS, (value,), place


def _countries(
    question: Question, kind: str, record: Record, names: frozenset[int]
) -> Iterable[Expected]:
    """The country of something: "is X from Spain", "is Spain the country of X"."""
    countries = [(s, codes) for s, codes, negated in question.countries() if not negated]
    if len(countries) != 1 or len({s.meaning.value for s in question.entities}) > 1:
        return
    span, codes = countries[0]
    for spec in fields_of(KINDS[kind]).values():
        if spec.type is FieldType.COUNTRY and not spec.many:
            said = [s for s, name in question.fields(kind) if name == spec.name]
            yield spec.name, Test.IS, tuple(sorted(codes)), question.words_of([span, *said])


def _amounts(question: Question, record: Record, names: frozenset[int]) -> Iterable[Expected]:
    """An amount, or a bound to it: "is it more than ten million", "does it last two years"."""
    named = names | question.words_of(question.entities) | question.dated
    amounts = [amount for amount in question.amounts if not amount.words & named]
    if len(amounts) != 1:
        return
    (amount,) = amounts
    said = [s for s in _said(question, record.kind, names) if s[1].type in types_of(amount)]
    for words, spec in said:
        value = amount.amount * 12 if amount.unit == "year" else amount.amount
        test = BOUNDS.get((amount.relation, amount.inclusive), Test.IS)
        yield spec.name, test, (value,), words | amount.words


def _beside(question: Question, spans: Sequence[Span]) -> list[Span]:
    """The nouns for kinds right beside names: "the X project"."""
    return [
        noun for noun in question.kinds()
        if any(s.end == noun.start or noun.end == s.start for s in spans)
    ]  # fmt: skip


def _dates(
    question: Question, vocabulary: Vocabulary, record: Record, names: frozenset[int]
) -> Iterable[Expected]:
    """The date of something: "did it take place in May 2021", "was it in May", "does it end in"."""
    asked = [d for d in question.dates if not d.words & names]
    months = [m for m in question.months if not m.words & names]
    if len(asked) + len(months) != 1:
        return
    specs = [s for s in fields_of(type(record)).values() if s.type is FieldType.DATE]
    stated = [spec for spec in specs if record.observed(spec.name)]
    every = _said(question, record.kind, names)
    said = [(words, spec) for words, spec in every if spec in stated]
    beside = [w for w, spec in every if spec.type in (FieldType.DATE, FieldType.DURATION)]
    aged = any(d.words & question.cue_words("compare") for d in asked)  # "older than 2020"
    # The only date of anything but an event is not that of its deeds.
    happens = record.kind == "event" or (aged and record.kind != "funding_call")
    if not said and len(stated) == 1 and (happens or beside):
        said = [(frozenset().union(*beside), stated[0])]  # "was it in May", "does it last until"
    for words, spec in said:
        value = record.observed(spec.name).value
        if value is None:
            continue
        of_year = [(m.of(value.first.year), m.words, "in") for m in months]
        for date, used, relation in [*((d.date, d.words, d.relation) for d in asked), *of_year]:
            if date and relation in _SIDES:
                part = _part_said(question, vocabulary, words, value) or value
                passes = _lies(part, relation, date)
                if passes is not None:
                    test = Test.IS if passes else Test.IS_NOT
                    yield spec.name, test, (value,), words | used
                continue
            part = date and _part_asked(question, vocabulary, words, value, date, relation)
            if date and part:
                passes = date.first <= part.first and part.last <= date.last
                yield spec.name, Test.IS, (value if passes else date,), words | used


def _part_asked(
    question: Question,
    vocabulary: Vocabulary,
    words: frozenset[int],
    value: PartialDate,
    date: PartialDate,
    relation: str,
) -> PartialDate | None:
    """The part of a date that a question is about: its begin, its end, or all of it.

    None where a span of time is asked about as a whole, and only a part of it is named.
    """
    part = _part_said(question, vocabulary, words, value)
    if part:
        return part
    if relation == "until":
        return PartialDate(value.last, value.last)
    if relation == "from":
        return PartialDate(value.first, value.first)
    within = value.first <= date.last and date.first <= value.last
    longer = (value.last - value.first) > (date.last - date.first)
    return None if relation != "in" or (within and longer) else value


def _part_said(
    question: Question, vocabulary: Vocabulary, words: frozenset[int], value: PartialDate
) -> PartialDate | None:
    """The begin or the end of a date, where words for it stand in the question: "does it end"."""
    said = {question.words[i].folded for i in words}
    if said & vocabulary.endings:
        return PartialDate(value.last, value.last)
    if said & vocabulary.beginnings:
        return PartialDate(value.first, value.first)
    return None


def _lies(value: PartialDate, relation: str, date: PartialDate) -> bool | None:
    """Whether a date lies before or after another one; None where they overlap: nobody knows."""
    earlier, later = value.last < date.first, value.first > date.last
    if not earlier and not later:
        longer = (value.last - value.first) > (date.last - date.first)
        return None if longer else False  # "before 2019" is not within 2019
    return earlier if relation == "before" else later


def _offers(question: Question, vocabulary: Vocabulary) -> frozenset[int]:
    """The words that offer one of two things to choose from: "in January or in July"."""
    joints = vocabulary.passages.alternatives if vocabulary.passages else ()
    offered = frozenset(i for i in question.joints if question.words[i].folded in joints)
    return offered | question.dated if offered else offered
