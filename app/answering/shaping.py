"""What a question wants of the records that it is about: computed, grouped, which fields shown."""

from collections.abc import Sequence

from app.answering.conditions import BOUNDS
from app.answering.lexicon import Role, Span
from app.answering.understanding import Question
from corpus.records import KINDS
from corpus.schema import FieldType, fields_of
from corpus.vocabulary import Vocabulary
from corpus.words import stem, words
from retrieval.query import ORDERED_TYPES, Aggregate, Condition, Test

_COUNTRY = FieldType.COUNTRY
_ITSELF = ("statement", "summary")  # what a record states, or is described as
_FIRST = 4  # words of a question: "which three projects", "name the three projects"
_NUMBERINGS = ("number", "list_number")  # names, not amounts


def aggregate_of(question: Question, kind: str) -> tuple[Aggregate | None, str, frozenset[int]]:
    """What to compute, over which field, and the words that say so."""
    specs = fields_of(KINDS[kind])
    asked = question.fields(kind)
    ordered = [(span, name) for span, name in asked if specs[name].type in ORDERED_TYPES]
    ordered = [(span, name) for span, name in ordered if name not in _NUMBERINGS]
    for aggregate in (Aggregate.SUM, Aggregate.AVERAGE, Aggregate.LARGEST, Aggregate.SMALLEST):
        if question.has_cue(aggregate.value) and ordered:
            spans = [span for span, _ in ordered]
            spent = question.words_of(spans) | question.cue_words(aggregate.value)
            return aggregate, ordered[0][1], spent
    measure = only_measure(kind)
    for aggregate in (Aggregate.LARGEST, Aggregate.SMALLEST):
        if question.has_cue(aggregate.value) and measure and question.choices(kind):
            return aggregate, measure, question.cue_words(aggregate.value)
    if question.has_cue("count"):
        return Aggregate.COUNT, "", frozenset()
    return None, "", frozenset()


def only_measure(kind: str) -> str:
    """The one field of a kind that has an order: what "the largest producer" is largest in."""
    measures = [
        name
        for name, spec in fields_of(KINDS[kind]).items()
        if spec.type in ORDERED_TYPES - {FieldType.DATE} and name not in _NUMBERINGS
    ]
    return measures[0] if len(measures) == 1 else ""


def order_of(question: Question, kind: str) -> tuple[str, str, int | None, frozenset[int]]:
    """Direction, field and limit of an order that is asked for, and the words that say so.

    ``name`` is no field: the order of the alphabet. A limit comes from "the three largest".
    """
    if question.has_cue("alphabetical"):
        return "alphabetical", "", None, question.cue_words("alphabetical")
    fields = [
        (span, name)
        for span, name in question.fields(kind)
        if fields_of(KINDS[kind])[name].type in ORDERED_TYPES and name not in _NUMBERINGS
    ]
    extreme = next((c for c in ("largest", "smallest") if question.has_cue(c)), "")
    nouns = [s for s in question.kinds() if s.meaning.value == kind]
    places = [s for s, n in question.fields(kind) if fields_of(KINDS[kind])[n].type is _COUNTRY]
    limit, numbers = _how_many(question, extreme, [*nouns, *places])
    ranked = question.has_cue("order")
    measure = only_measure(kind)
    if limit and not fields and measure and question.choices(kind):  # "which four produce most"
        spent = question.cue_words("largest", "smallest") | numbers | question.words_of(places)
        return "ascending" if extreme == "smallest" else "descending", measure, limit, spent
    if not fields or not (ranked or limit):
        return "", "", None, frozenset()
    rising = extreme == "smallest" or question.has_cue("ascending")
    down = not rising and (extreme == "largest" or fields_of(KINDS[kind])[fields[0][1]].type
                                    is not FieldType.DATE)  # fmt: skip
    spent = question.cue_words("order", "ascending", "largest", "smallest") | numbers
    spent |= question.words_of([fields[0][0]])
    return "descending" if down else "ascending", fields[0][1], limit, spent


def most_of(question: Question) -> str:
    """The order in which to count by a field: "which country has the most regions"."""
    for extreme, order in (("largest", "descending"), ("smallest", "ascending")):
        if question.has_cue(extreme) and _how_many(question, extreme)[0] is None:
            return order
    return ""


def rank_of(question: Question, vocabulary: Vocabulary) -> tuple[int, frozenset[int]]:
    """The place that is asked for: 2 for "the second largest", and the word that says so."""
    for extreme in ("largest", "smallest"):
        for at in question.cue_words(extreme):
            before = question.words[at - 1].folded if at else ""
            if before in vocabulary.ordinals and question.language == "en":
                return vocabulary.ordinals.index(before) + 1, frozenset({at - 1})
    return 1, frozenset()


def having_of(
    question: Question, nouns: Sequence[Span], vocabulary: Vocabulary
) -> tuple[tuple[Test, int] | None, frozenset[int]]:
    """How many of the records each value has: "countries with exactly one region", "with two"."""
    for noun in nouns if question.language == "en" else ():
        for bound in question.bounds:
            if max(bound.words) + 1 == noun.start and not bound.unit:
                return (BOUNDS[bound.relation, bound.inclusive], int(bound.amount)), bound.words
        at = noun.start
        while at and question.words[at - 1].folded in vocabulary.exactly:
            at -= 1
        number = question.number_at(at - 1) if at else None
        single = at < noun.start and at and question.words[at - 1].folded in vocabulary.articles
        begin = at - 1 if number is not None or single else at
        while begin and question.words[begin - 1].folded in vocabulary.exactly:
            begin -= 1
        before = question.words[begin - 1].folded if begin else ""
        if not (number or single) or before in (*vocabulary.definite_articles, *vocabulary.of):
            continue
        return (Test.IS, number or 1), frozenset(range(begin, noun.start))
    return None, frozenset()


def _how_many(
    question: Question, extreme: str, nouns: Sequence[Span] = ()
) -> tuple[int | None, frozenset[int]]:
    """The number beside a word like "largest", or before the noun that it says something of.

    ``the three largest``, ``top 5``, "which three projects have the largest budgets".
    """
    near = {at + step for at in question.cue_words(extreme) for step in (-1, 1)} if extreme else ()
    near = {*near, *(n.start - 1 for n in nouns if n.start < _FIRST)} if extreme else near
    for at in sorted(near):
        number = question.number_at(at)
        if number and number > 1:
            return number, frozenset({at})
    return None, frozenset()


def projection(
    question: Question, kind: str, named: bool, spent: frozenset[int]
) -> tuple[str, frozenset[int]]:
    """The field whose values are asked for instead of the records, and the words that say so.

    ``spent`` are the words of conditions: what lies inside a longer one of them asks for nothing.

    "Which countries ...": the field comes before any kind. "Which regions lead the areas": the
    first kind named is what a field of this kind refers to.
    """
    first = question.kinds()[0] if question.kinds() else None
    found: list[tuple[int, str, frozenset[int]]] = []
    values = [value for value, _, _ in question.choices(kind)]
    longer = [s for s in question.of(Role.FIELD) if question.words_of([s]) <= spent]
    for span, name in question.fields(kind):
        if any(value.covers(span) for value in (*values, *longer)):
            continue  # "funding sources" asks for no funding
        spec = fields_of(KINDS[kind])[name]
        if spec.type in (FieldType.BOOLEAN, FieldType.CHOICE) or name in _ITSELF:
            continue  # what a record states is the record itself
        if kind == "event" and not named and not question.asks("when", "where"):
            continue  # "what took place in X" asks for the event
        if first and first.meaning.value in spec.targets and first.meaning.value != kind:
            found.append((2, name, question.words_of([span, first])))
        elif all(span.start < s.start for s in question.kinds()) and (
            not named or spec.type is not FieldType.TEXT
        ):
            person = question.asks("who") and spec.targets == ("person",)
            found.append((1 if person else 0, name, question.words_of([span])))
    if not found:
        return "", frozenset()
    best = max(found, key=lambda item: item[0])
    return best[1], best[2]


def leading_on(question: Question, kind: str, project: str) -> tuple[str, frozenset[int]]:
    """The country of what a field refers to: "which countries do the projects' leaders come from".

    The path from the records to what is asked for, and the words that say so.
    """
    specs = fields_of(KINDS[kind])
    for span, name in question.fields(kind) if project == "country" else ():
        way = [t for t in specs[name].targets if "country" in fields_of(KINDS[t])]
        if way and question.language == "en" and name != project:
            return f"{name}.country", question.words_of([span])
    return project, frozenset()


def counts(question: Question, nouns: Sequence[Span]) -> bool:
    """Whether a noun is what "how many" counts: of the records, not of what they refer to."""
    cues = [s.end for s in question.of(Role.CUE) if s.meaning.value == "count"]
    return any(noun.start in cues for noun in nouns)


def counted(question: Question, nouns: Sequence[Span]) -> frozenset[int]:
    """A number right before the noun ("the 29 regions") says how many there are, not which."""
    named = question.words_of(question.entities)  # but not in "does area 5 meet"
    before = (s.start - 1 for s in nouns if s.start and s.start - 1 not in named)
    return frozenset(i for i in before if question.words[i].folded.isdigit())


def stated(question: Question, kind: str, shown: Sequence[str]) -> list[Condition]:
    """Whether the fields must be there or must not be: "projects with a stated budget"."""
    negated = {name for span, name in question.fields(kind) if question.negated(span)}
    return [Condition(name, Test.NOT_STATED if name in negated else Test.STATED) for name in shown]


def one_had(
    question: Question, shown: Sequence[str], nouns: Sequence[Span], vocabulary: Vocabulary
) -> bool:
    """Whether the one field stands right behind the noun: "persons with e-mail address".

    "Projects with their budgets" wants to see them, those without one too.
    """
    if len(shown) != 1 or not nouns:
        return False
    fields = question.fields(nouns[0].meaning.value)
    at = min((s.start for s, name in fields if name == shown[0]), default=0)
    between = [w.folded for w in question.words[nouns[0].end : at]]
    return len(between) == 1 and between[0] in vocabulary.having


def counted_by(
    question: Question, shown: Sequence[str], nouns: Sequence[Span], vocabulary: Vocabulary
) -> tuple[str, frozenset[int]]:
    """The field by whose values records are counted, and what says so: "how many per country".

    By a date they are counted by its year.
    """
    if not nouns or not question.has_cue("count"):
        return "", frozenset()
    kind = nouns[0].meaning.value
    years, last = vocabulary.units.get("year", ()), len(question.words) - 1
    said = [i for i, w in enumerate(question.words) if w.folded in vocabulary.each_source]
    dates = [n for n, spec in fields_of(KINDS[kind]).items() if spec.type is FieldType.DATE]
    for at in said:
        if dates and at < last and question.words[at + 1].folded in years:
            return dates[0], frozenset({at, at + 1})
    at = min((s.start for s, name in question.fields(kind) if name in shown), default=0)
    return (shown[0] if len(shown) == 1 and at - 1 in said else ""), frozenset()


def group_of(question: Question, conditions: Sequence[Condition]) -> str:
    """The field to count by, when a question sets several values of it against each other."""
    if not question.has_cue("compare"):
        return ""
    several = [c for c in conditions if c.test is Test.IS and len(c.values) > 1]
    chosen = {  # each value named by itself: "more leading regions or more interested ones"
        path for path in (c.path for c in several)
        if len({s.meaning.value for s in question.of(Role.CHOICE)
                if s.meaning.value.partition("=")[0].endswith(f".{path}")
                and " or " not in s.meaning.value}) > 1
    }  # fmt: skip
    paths = (c.path for c in several if c.path != "role" or c.path in chosen)
    return next((path for path in paths if "." not in path and path != "id"), "")


def shown_of(
    question: Question, kind: str, explained: frozenset[int]
) -> tuple[tuple[str, ...], frozenset[int]]:
    """Further fields to show of each record: "all projects with their budgets"."""
    found: dict[str, None] = {}
    spent: set[int] = set()
    for span, name in question.fields(kind):
        used = question.words_of([span])
        if used & explained - spent or name in ("summary", "topic"):
            continue
        spec = fields_of(KINDS[kind])[name]
        targets = [s for s in question.kinds() if s.meaning.value in spec.targets]
        plain = name == "statement" or spec.type in ORDERED_TYPES or bool(targets)
        if not plain and not _labelled(question, span, name):
            continue  # the word may be meant otherwise
        if name != "statement" and not spent & used:
            found[name] = None
        spent |= used | question.words_of(targets)
    return tuple(found), frozenset(spent)


def _labelled(question: Question, span: Span, name: str) -> bool:
    """Whether the span is the name of the field itself, not just a word that may ask for it."""
    said = {stem(w.folded.replace("-", "")) for w in question.words[span.start : span.end]}
    return said >= {w.stem for w in words(name.replace("_", " "))}  # "e-mail address"


def in_a_row(
    question: Question, asked: Sequence[tuple[int, int]], sure: Sequence[tuple[int, int]]
) -> set[tuple[int, int]]:
    """The words for fields in a row of several, where one is sure: "A, B and C of X"."""
    rows: list[list[tuple[int, int]]] = []
    for place in sorted(asked):
        between = set(range(rows[-1][-1][1], place[0])) if rows else set()
        end = question.words[rows[-1][-1][1] - 1].end if rows else 0
        gap = question.text[end : question.words[place[0]].start]
        joined = "," in gap or bool(question.joints & between)
        if rows and joined and not question.content & between:
            rows[-1].append(place)
        else:
            rows.append([place])
    return {place for row in rows if len(row) > 1 and set(row) & set(sure) for place in row}


def nouns_for_fields(question: Question, kind: str) -> list[tuple[Span, str]]:
    """The nouns that stand for the one field that refers to their kind: "project 9's theme"."""
    found = []
    for noun in question.kinds():
        targets = (noun.meaning.value,)
        names = [n for n, spec in fields_of(KINDS[kind]).items() if spec.targets == targets]
        if len(names) == 1 and noun.meaning.value != kind:
            found.append((noun, names[0]))
    return found
