"""What a question says of the records that it is about, as conditions on their fields.

Each reader takes one sort of thing out of the question and says which words it used up.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from app.answering.amounts import BoundMention, DateMention
from app.answering.itemised import naming_items
from app.answering.lexicon import Role, Span
from app.answering.understanding import Question
from corpus.records import KINDS
from corpus.schema import FieldSpec, FieldType, fields_of
from corpus.values import PartialDate
from corpus.vocabulary import Vocabulary
from corpus.words import words
from retrieval.query import ORDERED_TYPES, Condition, Records, Test

Found = tuple[list[Condition], frozenset[int]]  # conditions, and the words that they explain
BOUNDS = {  # by relation, and whether the amount itself passes
    ("more", False): Test.MORE, ("less", False): Test.LESS,
    ("more", True): Test.AT_LEAST, ("less", True): Test.AT_MOST,
}  # fmt: skip
SCALES = ("rating",)  # choices that go from most to least
_MEASURED = ("year", "month", "euro")  # units that say what they measure
_LARGE = 100_000  # an amount without a unit that can only be money
_LONGEST_MONTH = 31  # days; a longer date says of no month that something was in it
_NOTHING: Found = ([], frozenset())


class Conditions:
    """Reads conditions on records of one kind; the records say how kinds lead to each other."""

    def __init__(self, records: Records, vocabulary: Vocabulary) -> None:
        self.records = records
        self.vocabulary = vocabulary

    def read(self, question: Question, kind: str) -> Found:
        """All conditions that the question sets on records of a kind."""
        conditions: list[Condition] = []
        spent: frozenset[int] = frozenset()
        for reader in (
            self._choices, self._choices_of_targets, self._entities, self._countries,
            self._booleans, self._dates, self._bounds, self._amounts, self._most,
            self._places, self._very_words, self._without, self._items,
        ):  # fmt: skip
            made, used = reader(question, kind)
            if made and reader == self._without:  # "lead no area" says nothing of other roles
                conditions = [c for c in conditions if c.test is not Test.IS_NOT]
            conditions += made
            spent |= used
        return conditions, spent

    def _choices(self, question: Question, kind: str) -> Found:
        by_field: dict[tuple[str, bool], set[str]] = {}
        spent: set[int] = set()
        spans = question.choices(kind)
        for span, name, chosen in spans:
            if any(o.covers(span) for o, _, _ in spans):
                continue
            before = [o for o, other, _ in spans if o.end == span.start and other == name]
            if any(not question.negated(o) for o in before):
                spent |= question.words_of([span])  # "would-be members" are no members
                continue
            spent |= question.words_of([span])
            if question.included(span):
                continue
            by_field.setdefault((name, question.negated(span)), set()).update(chosen)
            # "joining region": the noun inside the value is explained with it.
            inside = {w.stem for value in chosen for w in words(value)}
            nouns = question.words_of(question.kinds())
            spent |= {i for i in nouns if question.words[i].stem in inside}
        excluded = {name: values for (name, negated), values in by_field.items() if negated}
        conditions = []
        for (name, negated), values in by_field.items():
            wanted = values if negated else values - excluded.get(name, set())
            if wanted:
                test = Test.IS_NOT if negated else Test.IS
                conditions.append(Condition(name, test, tuple(sorted(wanted))))
        return conditions, frozenset(spent)

    def _choices_of_targets(self, question: Question, kind: str) -> Found:
        """A value of what a field refers to: "projects of areas that are not active"."""
        conditions = []
        spent: frozenset[int] = frozenset()
        for noun in [s for s in question.kinds() if s.meaning.value != kind]:
            target = noun.meaning.value
            links = [s for s in fields_of(KINDS[kind]).values() if target in s.targets]
            if len(links) != 1 or question.choices(kind):
                continue
            found, used = self._choices(question, target)
            if question.words_of([noun]) & used:
                continue  # the noun is no more than a part of the value
            conditions += [Condition(f"{links[0].name}.{c.path}", c.test, c.values) for c in found]
            link = [s for s, name in question.fields(kind) if name == links[0].name]
            spent |= used | question.words_of([noun, *link]) if found else frozenset()
        return conditions, spent

    def _entities(self, question: Question, kind: str) -> Found:
        """Named records of other kinds that records of this kind refer to, directly or not."""
        by_path: dict[str, list[str]] = {}
        spent: set[int] = set()
        own = {(s.start, s.end) for s in question.of(Role.PARTNERSHIP)}
        for span in question.entities:
            other, _, record_id = span.meaning.value.partition(":")
            if other == kind or (span.start, span.end) in own:
                continue  # "the meetings of the partnership" are all that there are
            path, ids, fields = self._path(question, kind, other, record_id)
            if not path:
                continue
            called = [] if fields else self._called_after(kind, path, span)
            path, ids = ("id", called) if called else (path, ids)
            by_path.setdefault(path, []).extend(ids)
            nouns = [s for s in question.kinds() if s.meaning.value == other]
            spent |= question.words_of([span, *nouns, *fields])
        conditions = [
            Condition(path, Test.IS, tuple(dict.fromkeys(ids))) for path, ids in by_path.items()
        ]
        return conditions, frozenset(spent)

    def _called_after(self, kind: str, path: str, span: Span) -> list[str]:
        """The events with a name in theirs, where none refers to it: "the meeting with X"."""
        other, _, record_id = span.meaning.value.partition(":")
        record, events = self.records.get((other,), record_id), self.records.of(kind)
        referred = any(record_id in self.records.values(event, path) for event in events)
        if kind != "event" or record is None or referred:
            return []
        name = {w.folded for w in words(record.name)}
        return [e.id for e in events if name <= {w.folded for w in words(e.name)}]

    def _path(
        self, question: Question, kind: str, other: str, record_id: str
    ) -> tuple[str, list[str], list[Span]]:
        """How records of ``kind`` lead to a record: (path, ids at its end, words that say so)."""
        asked = {name: span for span, name in question.fields(kind)}
        specs = sorted(fields_of(KINDS[kind]).values(), key=lambda s: s.name not in asked)
        for spec in specs:  # a project of a thematic area
            if other in spec.targets:
                return spec.name, [record_id], [asked[spec.name]] if spec.name in asked else []
        record = self.records.get((other,), record_id)
        if record is None:
            return "", [], []
        asked_there = {name: span for span, name in question.fields(other)}
        ways = [n for n, theirs in fields_of(KINDS[other]).items() if kind in theirs.targets]
        held = {  # the thematic area of a project; by any field where none is asked for
            name: list(self.records.values(record, name))
            for name in ways
            if self.records.values(record, name)
        }
        said = [name for name in ways if name in asked_there]
        chosen = [name for name in held if name in said][:1] if said else list(held)
        if said and not chosen:  # asked of a field that the record does not state
            return "", [], []
        if chosen:
            asking = [asked_there[name] for name in chosen if name in said]
            return "id", [value for name in chosen for value in held[name]], asking
        through = list(self._through(question, specs, other, record_id))
        kinds = {s.start for s in question.kinds()}
        for path, ids, spans in through:  # a project of an area that a region leads
            if any(span.start in kinds for span in spans):
                return path, ids, spans
        for spec in specs:  # a project of the organisation where a person works
            for theirs in fields_of(KINDS[other]).values():
                shared = set(spec.targets) & set(theirs.targets)
                ids = list(self.records.values(record, theirs.name)) if shared else []
                if ids and (spec.name in asked or theirs.name in asked_there):
                    spans = [asked[spec.name]] if spec.name in asked else []
                    spans += [asked_there[theirs.name]] if theirs.name in asked_there else []
                    nouns = [s for s in question.kinds() if s.meaning.value in shared]
                    return spec.name, ids, [*spans, *nouns]
        return through[0] if through else ("", [], [])

    def _through(
        self, question: Question, specs: Sequence[FieldSpec], other: str, record_id: str
    ) -> Iterable[tuple[str, list[str], list[Span]]]:
        """Ways over what a field refers to: (path, ids at its end, words that say so)."""
        for spec in specs:
            for target in spec.targets:
                between = {name: span for span, name in question.fields(target)}
                for theirs in fields_of(KINDS[target]).values():
                    if other in theirs.targets and theirs.name in between:
                        nouns = [s for s in question.kinds() if s.meaning.value == target]
                        path = f"{spec.name}.{theirs.name}"
                        yield path, [record_id], [between[theirs.name], *nouns]

    def _countries(self, question: Question, kind: str) -> Found:
        path, said = self._country_of_target(question, kind) or (self._country_path(kind), [])
        if not path:
            return _NOTHING
        wanted: set[str] = set()
        unwanted: set[str] = set()
        for _, codes, negated in question.countries():
            (unwanted if negated else wanted).update(codes)
        conditions = [Condition(path, Test.IS, tuple(sorted(wanted)))] if wanted else []
        if unwanted:  # a record without a country is not known to be elsewhere
            conditions.append(Condition(path, Test.IS_NOT, tuple(sorted(unwanted))))
            conditions.append(Condition(path.split(".")[0], Test.STATED))
        spans = [span for span, _, _ in question.countries()]
        return conditions, question.words_of([*spans, *said] if spans else [])

    def _country_of_target(self, question: Question, kind: str) -> tuple[str, list[Span]] | None:
        """The way to the country of what a field refers to: "projects led by French companies"."""
        for span, name in question.fields(kind):
            targets = set(fields_of(KINDS[kind])[name].targets)
            targets = {t for t in targets if "country" in fields_of(KINDS[t])}
            nouns = [s for s in question.kinds() if s.meaning.value in targets - {kind}]
            nouns = [s for s in nouns if s.start != span.start]
            if nouns:
                return f"{name}.country", [span, *nouns]
        return None

    def _country_path(self, kind: str) -> str:
        """The way from a kind to a country that most records go; not over many organisers."""
        specs = fields_of(KINDS[kind]).values()
        own = [spec.name for spec in specs if spec.type is FieldType.COUNTRY]
        over = [
            f"{spec.name}.country" for spec in specs
            if any("country" in fields_of(KINDS[target]) for target in spec.targets)
            and not (own and spec.many)
        ]  # fmt: skip
        every = self.records.of(kind)
        stated = {path: sum(bool(self.records.values(r, path)) for r in every)
                  for path in (*own, *over)}  # fmt: skip
        return max(stated, key=stated.__getitem__, default="")

    def _booleans(self, question: Question, kind: str) -> Found:
        conditions = []
        spent: set[int] = set()
        for span, name in question.fields(kind):
            if fields_of(KINDS[kind])[name].type is FieldType.BOOLEAN:
                conditions.append(Condition(name, Test.IS, (not question.negated(span),)))
                spent |= question.words_of([span])
        return conditions, frozenset(spent)

    def _dates(self, question: Question, kind: str) -> Found:
        path = self.date_field(kind)
        if not path:
            return _NOTHING
        conditions = []
        of_year, said = self._months(question, kind, path)
        if len({date.first.year for date in of_year}) > 1:  # of whichever year
            ids = [
                r.id for r in self.records.of(kind)
                if any(_meet(d, v) for d in of_year for v in self.records.values(r, path))
            ]  # fmt: skip
            return [Condition("id", Test.IS, tuple(ids))], said
        within = [*(m.date for m in question.dates if m.relation == "in"), *of_year]
        if len(within) > 1:  # "in 2018 or 2019" is one span, "in 2018 and 2020" is none
            first, last = min(within), max(within)
            if (last.first - first.last).days > 1:
                return _NOTHING
            conditions = [
                Condition(path, Test.FROM, (first,)),
                Condition(path, Test.UNTIL, (last,)),
            ]
        mentions = [*question.dates, *(DateMention(d, "in", frozenset()) for d in of_year)]
        for mention in mentions if len(within) < 2 else ():
            if mention.relation in ("in", "from", "after"):
                begin = _day(mention.date.last, 1) if mention.relation == "after" else mention.date
                conditions.append(Condition(path, Test.FROM, (begin,)))
            if mention.relation in ("in", "until", "before"):
                end = _day(mention.date.first, -1) if mention.relation == "before" else mention.date
                conditions.append(Condition(path, Test.UNTIL, (end,)))
        conditions += self._of_the_day(kind, path, within)
        spent = [s for s, name in question.fields(kind) if name == path]
        return conditions, question.words_of(spent) | said

    def _of_the_day(self, kind: str, path: str, within: Sequence[PartialDate]) -> list[Condition]:
        """Those of a day that is asked about, where there are any: not all those of its month."""
        if len(within) != 1 or within[0].first != within[0].last:
            return []
        ids = [
            record.id for record in self.records.of(kind)
            if within[0] in self.records.values(record, path)
        ]  # fmt: skip
        return [Condition("id", Test.IS, tuple(ids))] if ids else []

    def _months(
        self, question: Question, kind: str, path: str
    ) -> tuple[list[PartialDate], frozenset[int]]:
        """Months without a year, of the years in which records of the kind have them."""
        found = []
        said: frozenset[int] = frozenset()
        values = [v for r in self.records.of(kind) for v in self.records.values(r, path)]
        for month in question.months:
            dates = sorted(d for d in {month.of(v.first.year) for v in values} if d)
            held = [d for d in dates if any(d.first <= v.first <= v.last <= d.last for v in values)]
            held = held or [d for d in dates if any(_meet(d, v) for v in values)]
            found += held
            said |= month.words if held else frozenset()
        return found, said

    def _bounds(self, question: Question, kind: str) -> Found:
        """A bound ("more than ten million") on the field that is asked about."""
        specs = fields_of(KINDS[kind])
        fields = [
            (s, n)
            for s, n in question.fields(kind)
            if specs[n].type in ORDERED_TYPES - {FieldType.DATE}
        ]
        conditions = []
        spent: set[int] = set()
        for bound in question.bounds:
            fitting = [(s, n) for s, n in fields if specs[n].type in types_of(bound)]
            name = _measured(kind, bound)
            if fitting:
                at = min(bound.words)
                span, name = min(fitting, key=lambda f: abs(f[0].start - at))
                spent |= question.words_of([span])
            if not name:
                return _NOTHING
            months = specs[name].type is FieldType.DURATION and _years(bound)
            amount = bound.amount * 12 if months else bound.amount
            conditions.append(Condition(name, BOUNDS[bound.relation, bound.inclusive], (amount,)))
            spent |= bound.words
        return conditions, frozenset(spent)

    def _amounts(self, question: Question, kind: str) -> Found:
        """An exact amount: "the 18-million project", "a project of five years"."""
        conditions = []
        spent: set[int] = set()
        named = question.words_of([*question.entities, *question.kinds()]) | question.dated
        for amount in question.amounts:
            large = amount.unit in _MEASURED or amount.amount >= _LARGE
            name = _measured(kind, amount) if not amount.relation and large else ""
            if not name or amount.words & named:
                continue
            value = amount.amount * 12 if _years(amount) else amount.amount
            conditions.append(Condition(name, Test.AT_LEAST, (value,)))
            conditions.append(Condition(name, Test.AT_MOST, (value,)))
            said = [s for s, n in question.fields(kind) if n == name]
            spent |= amount.words | question.words_of(said)
        return conditions, frozenset(spent)

    def _places(self, question: Question, kind: str) -> Found:
        """The place of an event, in the words in which records give it."""
        spec = fields_of(KINDS[kind]).get("place")
        if spec is None:
            return _NOTHING
        specs = fields_of(KINDS[kind])
        asked = [s for s, n in question.fields(kind) if specs[n].type is FieldType.COUNTRY]
        named = question.words_of([*question.entities, *question.countries_named, *asked])
        stated: dict[str, set[str]] = {}
        for record in self.records.of(kind):
            for value in self.records.values(record, spec.name):
                for word in words(value):
                    stated.setdefault(word.folded, set()).add(value)
        said = [i for i in question.content - named if question.words[i].folded in stated]
        values = [stated[question.words[i].folded] for i in said]
        found = set.intersection(*values) if values else set()
        return (
            ([Condition("place", Test.IS, tuple(sorted(found)))], frozenset(said))
            if found
            else _NOTHING
        )

    def _very_words(self, question: Question, kind: str) -> Found:
        """A text of a field, in its very words: "which projects are under preparation"."""
        folded = [w.folded for w in question.words]
        covered = question.words_of([s for s in question.spans if s.meaning.role is Role.CHOICE])
        for spec in fields_of(KINDS[kind]).values():
            if spec.type is not FieldType.TEXT or spec.name == "place":
                continue
            values = {v for r in self.records.of(kind) for v in self.records.values(r, spec.name)}
            for value in sorted(values, key=str):
                own = [w.folded for w in words(str(value))]
                for at in range(len(folded) - len(own) + 1 if len(own) > 1 else 0):
                    place = frozenset(range(at, at + len(own)))
                    if folded[at : at + len(own)] == own and not place & covered:
                        return [Condition(spec.name, Test.IS, (value,))], place
        return _NOTHING

    def date_field(self, kind: str) -> str:
        """The field of a kind that holds a date; empty when none does."""
        specs = fields_of(KINDS[kind]).values()
        return next((s.name for s in specs if s.type is FieldType.DATE), "")

    def _most(self, question: Question, kind: str) -> Found:
        """The first value of a scale: "to which goals does it contribute most"."""
        if not question.has_cue("largest"):
            return _NOTHING
        for span, name in question.fields(kind):
            spec = fields_of(KINDS[kind])[name]
            if spec.type is FieldType.CHOICE and name in SCALES:
                condition = Condition(name, Test.IS, spec.choices[:1])
                return [condition], question.words_of([span]) | question.cue_words("largest")
        return _NOTHING

    def _items(self, question: Question, kind: str) -> Found:
        return naming_items(question, kind, self.records, self.vocabulary)

    def _without(self, question: Question, kind: str) -> Found:
        """Those that no record of another kind refers to: "regions that lead no area"."""
        for other in [s for s in question.kinds() if s.meaning.value != kind]:
            for span, name in question.fields(other.meaning.value):
                spec = fields_of(KINDS[other.meaning.value])[name]
                negated = question.negated(span) or question.negated(other)
                if kind not in spec.targets or not negated or span.start == other.start:
                    continue
                named = {
                    value
                    for record in self.records.of(other.meaning.value)
                    for value in self.records.values(record, name)
                }
                condition = Condition("id", Test.IS_NOT, tuple(sorted(named)))
                return [condition], question.words_of([span, other])
        return _NOTHING


def _meet(month: PartialDate, value: PartialDate) -> bool:
    """Whether a date lies in a month or a stretch of months, or begins or ends in it."""
    long = (value.last - value.first).days > _LONGEST_MONTH
    within = month.first <= value.first and value.last <= month.last
    return within or (not long and value.first <= month.last and month.first <= value.last)


def _day(day: date, days: int) -> PartialDate:
    """The day that lies some days after another one."""
    other = day + timedelta(days)
    return PartialDate(other, other)


def types_of(bound: BoundMention) -> frozenset[FieldType]:
    """The types of field that a bound may be on, by its unit."""
    if bound.unit in ("year", "month"):
        return frozenset({FieldType.DURATION})
    if bound.unit == "euro":
        return frozenset({FieldType.MONEY})
    if bound.unit == "percent":
        return frozenset({FieldType.QUANTITY})
    return ORDERED_TYPES - {FieldType.DATE, FieldType.DURATION}


def _measured(kind: str, bound: BoundMention) -> str:
    """The field that a bound is on by its unit alone: "projects over ten million euros".

    The first of its type: what the thing costs stands before what is asked of others for it.
    """
    types = types_of(bound) if bound.unit in _MEASURED else frozenset()
    types = types or frozenset({FieldType.MONEY} if bound.amount >= _LARGE else ())
    return next((s.name for s in fields_of(KINDS[kind]).values() if s.type in types), "")


def _years(bound: BoundMention) -> bool:
    return bound.unit == "year"
