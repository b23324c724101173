"""From a question for yes or no about a named thing to the field that tells.

"Is X a partner of Y?", "Does X last more than three years?", "Is X on the list?": the field is
looked up, and what it holds is compared with what the question expects it to hold.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from app.answering.conditions import BOUNDS, types_of
from app.answering.lexicon import Span
from app.answering.plans import Candidate, Disagreement, Lookup, Plan, Strength
from app.answering.understanding import Question
from corpus.records import KINDS
from corpus.schema import FieldSpec, FieldType, Record, fields_of
from corpus.vocabulary import Vocabulary
from retrieval.query import Records, Test

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
    for read in (
        (_flags, _amounts) if either else (_flags, _references, _countries, _amounts, _dates)
    ):
        for field, test, values, used in read(question, record.kind, record, names):
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
    return [(words, spec) for words, spec in said if words - names]


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


def _amounts(
    question: Question, kind: str, record: Record, names: frozenset[int]
) -> Iterable[Expected]:
    """An amount, or a bound to it: "is it more than ten million", "does it last two years"."""
    named = names | question.words_of(question.entities) | question.dated
    amounts = [amount for amount in question.amounts if not amount.words & named]
    if len(amounts) != 1:
        return
    (amount,) = amounts
    said = [s for s in _said(question, kind, names) if s[1].type in types_of(amount)]
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
    question: Question, kind: str, record: Record, names: frozenset[int]
) -> Iterable[Expected]:
    """The date of something: "did it take place in May 2021"."""
    when = [d for d in question.dates if d.relation == "in" and not d.words & names]
    if len(question.dates) != 1 or not when:
        return
    for words, spec in _said(question, kind, names):
        if spec.type is FieldType.DATE:
            yield spec.name, Test.IS, (when[0].date,), words | when[0].words


def _offers(question: Question, vocabulary: Vocabulary) -> frozenset[int]:
    """The words that offer one of two things to choose from: "in January or in July"."""
    joints = vocabulary.passages.alternatives if vocabulary.passages else ()
    offered = frozenset(i for i in question.joints if question.words[i].folded in joints)
    return offered | question.dated if offered else offered
