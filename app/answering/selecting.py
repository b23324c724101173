"""From a question to a query over all records of one kind: conditions, aggregate, fields.

Each method reads one sort of thing out of the question and says which words it used up.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from app.answering.lexicon import NAMED_KINDS, Role, Span
from app.answering.plans import Candidate, Select, Strength
from app.answering.understanding import BoundMention, Question
from corpus.knowledge import Partnership
from corpus.records import KINDS
from corpus.schema import FieldType, Record, fields_of
from corpus.words import stem, words
from retrieval.query import ORDERED_TYPES, Aggregate, Condition, RecordQuery, Records, Test

Found = tuple[list[Condition], frozenset[int]]  # conditions, and the words that they explain
_NOTHING: Found = ([], frozenset())
_NUMBERINGS = ("number", "list_number")  # names, not amounts
_COMPUTED = ("sum", "average", "largest", "smallest")


class Selector:
    """Builds queries over the records of one partnership."""

    def __init__(self, records: Records, partnership: Partnership) -> None:
        self.records = records
        self.partnership = partnership
        self.stems = {record.key: _stems(record, records) for record in records}

    def candidates(
        self, question: Question, base: frozenset[int], source: str
    ) -> Iterable[Candidate]:
        """A query for each kind that the question may be about.

        ``base`` are words that any plan explains, ``source`` the publication that is asked about.
        """
        for kind in self._kinds(question):
            if self.records.of(kind):
                yield from self._candidate(question, kind, base, source)

    def containing(self, found: Sequence[Record], text: Sequence[str]) -> list[Record]:
        """The records that have all of the folded words, in some form."""
        stems = [stem(word) for word in text]
        return [r for r in found if all(stem in self.stems[r.key] for stem in stems)]

    def _kinds(self, question: Question) -> list[str]:
        """The kinds that the question may be about: named, or implied by a value of theirs."""
        found = [span.meaning.value for span in question.kinds()]
        if not found and question.has_cue(*_COMPUTED):
            found += self._owners(question)
        found += [span.meaning.value.partition(".")[0] for span in question.of(Role.CHOICE)]
        for span in question.of(Role.FIELD):
            owner = span.meaning.value.partition(".")[0]
            if owner != "*" and owner not in NAMED_KINDS:
                found.append(owner)
        return list(dict.fromkeys(found))

    def _owners(self, question: Question) -> list[str]:
        """The kind whose records most often state the field that is to be summed or ordered."""
        stating = {
            kind: sum(1 for record in self.records.of(kind) if record.observed(name))
            for kind in KINDS
            for _, name in question.fields(kind)
            if fields_of(KINDS[kind])[name].type in ORDERED_TYPES
        }
        return sorted(stating, key=lambda kind: -stating[kind])[:1]

    def _candidate(
        self, question: Question, kind: str, base: frozenset[int], source: str
    ) -> Iterable[Candidate]:
        nouns = [s for s in question.kinds() if s.meaning.value == kind]
        explained = set(base | question.words_of(nouns))
        conditions: list[Condition] = []
        used = 0
        for read in (
            self._choices, self._entities, self._countries, self._booleans, self._dates,
            self._bounds,
        ):  # fmt: skip
            made, spent = read(question, kind)
            conditions += made
            explained |= spent
            used += len(spent)
        conditions += self._members(kind, conditions)
        explained |= _counted(question, nouns) | self._referred(question, kind)
        aggregate, field, spent = aggregate_of(question, kind)
        explained |= spent
        if aggregate in (Aggregate.LARGEST, Aggregate.SMALLEST) and not field:
            return
        project, spent = _projection(question, kind, bool(nouns))
        explained |= spent
        shown, spent = _shown(question, kind, frozenset(explained)) if nouns else ((), frozenset())
        explained |= spent
        shown = () if aggregate and aggregate is not Aggregate.COUNT else shown
        if question.has_cue("stating"):
            conditions += _stated(question, kind, shown)
        group = _group(question, conditions)
        # "The partnership's challenges": those that it names itself, not those of its field.
        own = question.of(Role.PARTNERSHIP) and kind not in NAMED_KINDS
        timed = not aggregate and kind == "event"
        query = RecordQuery(
            kind, tuple(conditions), shown, aggregate=aggregate,
            field="date" if timed else field, source=source,
            group=group, order="ascending" if timed else "", ids=self._own(kind) if own else None,
        )  # fmt: skip
        text, spent = self._text_filter(question, query, frozenset(explained))
        explained |= spent
        # Words that may ask for a field of the kind, where they narrow nothing: "planned duration".
        explained |= (
            question.words_of([span for span, _ in question.fields(kind)]) if nouns else set()
        )
        if not (nouns or conditions or text or field):
            return
        head = 3 if nouns and _is_head(question, nouns[0]) else 0
        joined = project and nouns and any(c.path == "id" for c in conditions)
        if question.negations and not any(_excludes(c) for c in conditions):
            return  # what is excluded was not understood
        strength = Strength.COMPUTE if aggregate or group else Strength.LIST
        strength = Strength.JOIN if joined else strength
        plan = Select(replace(query, fields=() if project else shown), text, project)
        yield Candidate(plan, frozenset(explained), strength, used + head)

    def _own(self, kind: str) -> frozenset[str] | None:
        """Ids of the records of a kind that the partnership's own publications speak of."""
        own = set(self.partnership.own_sources)
        ids = frozenset(r.id for r in self.records.of(kind) if own & set(r.sources()))
        return ids or None

    def _members(self, kind: str, conditions: Sequence[Condition]) -> list[Condition]:
        """Regions are those that belong to the partnership, unless a role is asked for."""
        asked = any(condition.path == "role" for condition in conditions)
        if kind == "project":  # those on the partnership's list, where it keeps one
            listed = Condition("on_project_list", Test.IS, (True,))
            named = any(c.path in ("on_project_list", "id") for c in conditions)
            stated = any(r.observed("on_project_list") for r in self.records.of(kind))
            return [listed] if stated and not named else []
        if kind != "region" or asked or not self.partnership.member_roles:
            return []
        return [Condition("role", Test.IS, self.partnership.member_roles)]

    def _choices(self, question: Question, kind: str) -> Found:
        by_field: dict[tuple[str, bool], set[str]] = {}
        spent: set[int] = set()
        spans = question.choices(kind)
        for span, name, chosen in spans:
            if any(o.covers(span) for o, _, _ in spans):
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

    def _entities(self, question: Question, kind: str) -> Found:
        """Named records of other kinds that records of this kind refer to, directly or not."""
        by_path: dict[str, list[str]] = {}
        spent: set[int] = set()
        for span in question.entities:
            other, _, record_id = span.meaning.value.partition(":")
            if other == kind:
                continue
            path, ids, fields = self._path(question, kind, other, record_id)
            if not path:
                continue
            by_path.setdefault(path, []).extend(ids)
            nouns = [s for s in question.kinds() if s.meaning.value == other]
            spent |= question.words_of([span, *nouns, *fields])
        conditions = [
            Condition(path, Test.IS, tuple(dict.fromkeys(ids))) for path, ids in by_path.items()
        ]
        return conditions, frozenset(spent)

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
        for theirs in fields_of(KINDS[other]).values():  # the thematic area of a project
            ids = list(self.records.values(record, theirs.name)) if kind in theirs.targets else []
            if ids:
                return "id", ids, [asked_there[theirs.name]] if theirs.name in asked_there else []
        for spec in specs:  # a project of the organisation where a person works
            for theirs in fields_of(KINDS[other]).values():
                shared = set(spec.targets) & set(theirs.targets)
                ids = list(self.records.values(record, theirs.name)) if shared else []
                if ids and (spec.name in asked or theirs.name in asked_there):
                    spans = [asked[spec.name]] if spec.name in asked else []
                    spans += [asked_there[theirs.name]] if theirs.name in asked_there else []
                    nouns = [s for s in question.kinds() if s.meaning.value in shared]
                    return spec.name, ids, [*spans, *nouns]
        for spec in specs:  # a project of an area that a region leads
            for target in spec.targets:
                between = {name: span for span, name in question.fields(target)}
                for theirs in fields_of(KINDS[target]).values():
                    if other in theirs.targets and theirs.name in between:
                        nouns = [s for s in question.kinds() if s.meaning.value == target]
                        path = f"{spec.name}.{theirs.name}"
                        return path, [record_id], [between[theirs.name], *nouns]
        return "", [], []

    def _countries(self, question: Question, kind: str) -> Found:
        path = self._country_path(kind)
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
        return conditions, question.words_of([span for span, _, _ in question.countries()])

    def _country_path(self, kind: str) -> str:
        """The way from a kind to a country: its own field, or that of something it refers to."""
        specs = fields_of(KINDS[kind])
        for spec in specs.values():
            own = spec.type is FieldType.COUNTRY
            if own and any(r.observed(spec.name) for r in self.records.of(kind)):
                return spec.name
        for spec in specs.values():
            if any("country" in fields_of(KINDS[target]) for target in spec.targets):
                return f"{spec.name}.country"
        return ""

    def _booleans(self, question: Question, kind: str) -> Found:
        conditions = []
        spent: set[int] = set()
        for span, name in question.fields(kind):
            if fields_of(KINDS[kind])[name].type is FieldType.BOOLEAN:
                conditions.append(Condition(name, Test.IS, (not question.negated(span),)))
                spent |= question.words_of([span])
        return conditions, frozenset(spent)

    def _dates(self, question: Question, kind: str) -> Found:
        specs = fields_of(KINDS[kind])
        path = next((s.name for s in specs.values() if s.type is FieldType.DATE), "")
        if not path:
            return _NOTHING
        conditions = []
        for mention in question.dates:
            if mention.relation in ("in", "from", "after"):
                conditions.append(Condition(path, Test.FROM, (mention.date,)))
            if mention.relation in ("in", "until", "before"):
                conditions.append(Condition(path, Test.UNTIL, (mention.date,)))
        spent = [s for s, name in question.fields(kind) if name == path]
        return conditions, question.words_of(spent)

    def _bounds(self, question: Question, kind: str) -> Found:
        """A bound ("more than ten million") on the field that is asked about."""
        specs = fields_of(KINDS[kind])
        fields = [
            (s, n)
            for s, n in question.fields(kind)
            if specs[n].type in ORDERED_TYPES - {FieldType.DATE}
        ]
        if not fields or not question.bounds:
            return _NOTHING
        tests = {"more": Test.MORE, "less": Test.LESS}
        name = fields[0][1]
        months = specs[name].type is FieldType.DURATION
        conditions = [
            Condition(
                name, tests[b.relation], (b.amount * 12 if months and _years(b) else b.amount,)
            )
            for b in question.bounds
        ]
        spent = frozenset(i for b in question.bounds for i in b.words)
        return conditions, spent | question.words_of([fields[0][0]])

    def _referred(self, question: Question, kind: str) -> frozenset[int]:
        """Nouns of what records of the kind refer to: "barriers that the workshops named"."""
        targets = {t for spec in fields_of(KINDS[kind]).values() for t in spec.targets}
        if kind in NAMED_KINDS:
            return frozenset()
        return question.words_of([s for s in question.kinds() if s.meaning.value in targets])

    def _text_filter(
        self, question: Question, query: RecordQuery, explained: frozenset[int]
    ) -> tuple[tuple[str, ...], frozenset[int]]:
        """Left-over words that records of the kind contain: they narrow the query."""
        left = sorted(question.content - explained)
        if any(question.words[i].folded.isdigit() for i in left):
            return (), frozenset()  # a number is no word that a record may happen to hold
        if not left or query.aggregate not in (None, Aggregate.COUNT):
            return (), frozenset()
        text = tuple(question.words[i].folded for i in left)
        if self.containing(self.records.run(query).records, text):
            return text, frozenset(left)
        return (), frozenset()


def _is_head(question: Question, noun: Span) -> bool:
    """Whether the noun is what the question asks for: the first kind that it names."""
    return all(noun.start <= other.start for other in question.kinds())


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
    if question.has_cue("count"):
        return Aggregate.COUNT, "", frozenset()
    return None, "", frozenset()


def _projection(question: Question, kind: str, named: bool) -> tuple[str, frozenset[int]]:
    """The field whose values are asked for instead of the records, and the words that say so.

    "Which countries ...": the field comes before any kind. "Which regions lead the areas": the
    first kind named is what a field of this kind refers to.
    """
    first = question.kinds()[0] if question.kinds() else None
    found: list[tuple[int, str, frozenset[int]]] = []
    for span, name in question.fields(kind):
        spec = fields_of(KINDS[kind])[name]
        if spec.type in (FieldType.BOOLEAN, FieldType.CHOICE):
            continue
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


def _counted(question: Question, nouns: Sequence[Span]) -> frozenset[int]:
    """A number right before the noun ("the 29 regions") says how many there are, not which."""
    before = (s.start - 1 for s in nouns if s.start)
    return frozenset(i for i in before if question.words[i].folded.isdigit())


def _stated(question: Question, kind: str, shown: Sequence[str]) -> list[Condition]:
    """Whether the fields must be there or must not be: "projects with a stated budget"."""
    negated = {name for span, name in question.fields(kind) if question.negated(span)}
    return [Condition(name, Test.NOT_STATED if name in negated else Test.STATED) for name in shown]


def _group(question: Question, conditions: Sequence[Condition]) -> str:
    """The field to count by, when a question sets several values of it against each other."""
    if not question.has_cue("compare"):
        return ""
    several = (c.path for c in conditions if c.test is Test.IS and len(c.values) > 1)
    return next((path for path in several if "." not in path and path not in ("id", "role")), "")


def _shown(
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
        plain = name == "statement" or spec.type in ORDERED_TYPES
        if not plain and not _labelled(question, span, name):
            continue  # the word may be meant otherwise
        if name != "statement" and not spent & used:
            found[name] = None
        spent |= used
    return tuple(found), frozenset(spent)


def _excludes(condition: Condition) -> bool:
    return condition.test in (Test.IS_NOT, Test.NOT_STATED) or condition.values == (False,)


def _years(bound: BoundMention) -> bool:
    return bound.unit.startswith("year")


def _labelled(question: Question, span: Span, name: str) -> bool:
    """Whether the span is the name of the field itself, not just a word that may ask for it."""
    said = [stem(w.folded) for w in question.words[span.start : span.end]]
    return said == [w.stem for w in words(name.replace("_", " "))]


def _stems(record: Record, records: Records) -> frozenset[str]:
    """The stems of all that a record says in words, names of what it refers to included."""
    text = [record.name, *record.aliases]
    for name, observed in record.stated().items():
        spec = fields_of(type(record))[name]
        if spec.type not in (FieldType.TEXT, FieldType.CHOICE, FieldType.REFERENCE):
            continue
        for observation in observed.observations:
            several = isinstance(observation.value, tuple)
            for value in observation.value if several else (observation.value,):
                target = records.get(spec.targets, value) if spec.targets else None
                text.append(target.name if target else str(value))
    return frozenset(word.stem for part in text for word in words(part))
