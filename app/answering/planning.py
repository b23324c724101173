"""From a question's readings to one plan: a query over records, or a search of the passages.

Each reading becomes a candidate that explains some of the question's words. A plan over records is
taken only when it leaves no word of content unexplained; whatever the rules do not cover goes to
the passages.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from app.answering.lexicon import NAMED_KINDS, Lexicon, Role, Span
from app.answering.understanding import Question
from corpus.records import KINDS
from corpus.schema import FieldSpec, FieldType, Record, fields_of
from corpus.words import words
from retrieval.query import ORDERED_TYPES, Aggregate, Condition, RecordQuery, Records, Test


@dataclass(frozen=True, slots=True)
class Lookup:
    """Some fields of some records that the question names; no fields: describe the record."""

    keys: tuple[str, ...]
    fields: tuple[str, ...]
    source: str = ""


@dataclass(frozen=True, slots=True)
class Select:
    """A query over all records of a kind. ``text`` are words that the records had to contain."""

    query: RecordQuery
    text: tuple[str, ...] = ()
    project: str = ""  # a field whose values are asked for, instead of the records


@dataclass(frozen=True, slots=True)
class Membership:
    """Whether ``key`` (or, with no record of it, ``subject``) belongs to the partnership."""

    key: str
    subject: str


@dataclass(frozen=True, slots=True)
class Series:
    """Figures on one topic, over time and sources."""

    keys: tuple[str, ...]
    source: str = ""


Plan = Lookup | Select | Membership | Series


class Strength(IntEnum):
    """Which of two plans that explain a question equally well goes first."""

    DESCRIBE = 0
    LIST = 1
    OWN = 2  # a field of the partnership's own record
    SERIES = 3
    COMPUTE = 4
    LOOKUP = 5
    MEMBERSHIP = 6


@dataclass(frozen=True, slots=True)
class Candidate:
    """A plan and the words of the question that it explains."""

    plan: Plan
    explained: frozenset[int]
    strength: Strength
    fit: int = 0  # more words of the question used as something definite


class Planner:
    """Makes plans over the records of one partnership."""

    def __init__(self, records: Records, lexicon: Lexicon, own_record: str = "") -> None:
        """``own_record`` is the key of the record about the partnership itself."""
        self.records = records
        self.lexicon = lexicon
        self.own_record = own_record
        self._stems = {record.key: _stems(record, records) for record in records}

    def plans(self, question: Question) -> list[Plan]:
        """The plans that explain the whole question, the best first; none for a "why"."""
        if not self.records or question.asks("why"):
            return []
        whole = [c for c in self.candidates(question) if not question.content - c.explained]
        return [c.plan for c in sorted(whole, key=_rank, reverse=True)]

    def candidates(self, question: Question) -> list[Candidate]:
        """Every plan that some reading of the question gives."""
        found = [*self._memberships(question), *self._lookups(question)]
        for kind in self._kinds(question):
            found += self._selections(question, kind)
        found += self._series(question)
        return found

    # -- what every plan explains -------------------------------------------------------------

    def _base(self, question: Question) -> frozenset[int]:
        """Words that say what is wanted and of which partnership, not of what."""
        spans = [
            span
            for span in question.spans
            if span.meaning.role in (Role.ANSWER, Role.PARTNERSHIP, Role.SOURCE, Role.NEGATION)
        ]
        cues = question.cue_words("list", "definition", "count", "timeline")
        return question.words_of(spans) | cues

    def _source(self, question: Question) -> str:
        return question.sources[0].meaning.value if question.sources else ""

    # -- membership ---------------------------------------------------------------------------

    def _memberships(self, question: Question) -> Iterable[Candidate]:
        yes_no = question.words and question.words[0].folded in self.lexicon.vocabulary.yes_no
        about = question.of(Role.PARTNERSHIP) or any(
            s.meaning.value == "region" for s in question.kinds()
        )
        if not (yes_no and about and question.has_cue("membership")):
            return
        named = [s for s in question.entities if s.meaning.value != self.own_record]
        if any(not s.meaning.value.startswith("region:") for s in named):
            return
        everything = frozenset(range(len(question.words)))
        if named:
            for span in named:
                key = span.meaning.value
                yield Candidate(Membership(key, ""), everything, Strength.MEMBERSHIP)
            return
        if question.of(Role.COUNTRY):
            return  # the regions of that country: a list
        used = self._base(question) | question.cue_words("membership")
        used |= question.words_of([*question.kinds(), *question.of(Role.CHOICE)])
        left = sorted(question.content - used)
        if left:
            start, end = question.words[left[0]].start, question.words[left[-1]].end
            subject = question.text[start:end]
            yield Candidate(Membership("", subject), everything, Strength.MEMBERSHIP)

    # -- fields of named records --------------------------------------------------------------

    def _lookups(self, question: Question) -> Iterable[Candidate]:
        by_kind: dict[str, list[tuple[Span, str]]] = {}
        named = [
            (s, s.meaning.value) for s in question.entities if s.meaning.value != self.own_record
        ]
        # The partnership's own record speaks only when nothing else is named.
        own = [(s, self.own_record) for s in question.of(Role.PARTNERSHIP) if self.own_record]
        for span, key in named or own:
            by_kind.setdefault(key.partition(":")[0], []).append((span, key))
        for kind, pairs in by_kind.items():
            spans = [span for span, _ in pairs]
            names = question.words_of(spans)
            keys = tuple(dict.fromkeys(key for _, key in pairs))
            weak = not named
            nouns = [s for s in question.kinds() if s.meaning.value == kind]
            base = self._base(question) | names | question.words_of(nouns)
            fields, used, fit = self._asked_fields(question, kind, names)
            source = self._source(question)
            if fields:
                plan = Lookup(keys, fields, source)
                strength = Strength.OWN if weak else Strength.LOOKUP
                yield Candidate(plan, base | used, strength, fit + len(names))
            else:
                yield Candidate(Lookup(keys, (), source), base, Strength.DESCRIBE, len(names))

    def _asked_fields(
        self, question: Question, kind: str, names: frozenset[int]
    ) -> tuple[tuple[str, ...], frozenset[int], int]:
        """The fields of a kind that the question asks for, the words used, and how well."""
        specs = fields_of(KINDS[kind])
        best: dict[tuple[int, int], tuple[int, str, frozenset[int]]] = {}
        for span, name in question.fields(kind):
            used = question.words_of([span])
            if used & names:
                continue
            score, extra = self._fit(question, kind, specs[name], span)
            place = (span.start, span.end)
            if place not in best or score > best[place][0]:
                best[place] = (score, name, used | extra)
        kept = [
            (place, *choice)
            for place, choice in best.items()
            if not any(o[0] <= place[0] and place[1] <= o[1] and o != place for o in best)
        ]
        if not kept:
            implied = self._implied_fields(question, kind)
            return implied, frozenset(), 0
        top = max(score for _, score, _, _ in kept)
        # A word that only may be a field gives way where another clearly is one.
        sure = [item for item in kept if item[1] >= top - 1]
        fields = tuple(dict.fromkeys(name for _, _, name, _ in sure))
        used = frozenset(i for _, _, _, words_used in kept for i in words_used)
        return fields, used, top

    def _fit(
        self, question: Question, kind: str, spec: FieldSpec, span: Span
    ) -> tuple[int, frozenset[int]]:
        """How well a field answers the question, and the further words that it explains."""
        words_of_field = self.lexicon.vocabulary.field_words(kind, spec.name)
        asks = words_of_field.asks if words_of_field else ""
        score = 2 * (span.end - span.start)
        if asks:
            score += 3 if question.asks(asks) else 0
            score -= 3 if asks == "who" and question.kinds() and not question.asks("who") else 0
        elif question.asks("who") and spec.targets != ("person",):
            score -= 2
        nouns = [s for s in question.kinds() if s.meaning.value in spec.targets]
        if nouns:
            score += 3
        return score, question.words_of(nouns)

    def _implied_fields(self, question: Question, kind: str) -> tuple[str, ...]:
        """The fields that a bare "when", "where" or "who" asks of a record of the kind."""
        if question.has_cue("definition"):
            return ()
        vocabulary = self.lexicon.vocabulary
        found = []
        for name in fields_of(KINDS[kind]):
            field_words = vocabulary.field_words(kind, name)
            if field_words and field_words.asks and question.asks(field_words.asks):
                found.append(name)
        return tuple(found[:1])

    # -- queries over all records of a kind ---------------------------------------------------

    def _kinds(self, question: Question) -> list[str]:
        """The kinds that the question may be about: named, or implied by a value of theirs."""
        found = [span.meaning.value for span in question.kinds()]
        found += [span.meaning.value.partition(".")[0] for span in question.of(Role.CHOICE)]
        for span in question.of(Role.FIELD):
            owner = span.meaning.value.partition(".")[0]
            if owner != "*" and owner not in NAMED_KINDS:
                found.append(owner)
        return list(dict.fromkeys(found))

    def _selections(self, question: Question, kind: str) -> Iterable[Candidate]:
        if not self.records.of(kind):
            return
        nouns = [s for s in question.kinds() if s.meaning.value == kind]
        explained = set(self._base(question) | question.words_of(nouns))
        conditions: list[Condition] = []
        used = 0
        for make in (self._choices, self._entities, self._countries, self._booleans, self._dates):
            made, spent = make(question, kind)
            conditions += made
            explained |= spent
            used += len(spent)
        query = RecordQuery(kind, tuple(conditions), source=self._source(question))
        aggregate, field_name, spent = self._aggregate(question, kind)
        explained |= spent
        project, spent = self._projection(question, kind, bool(nouns))
        explained |= spent
        query = replace(query, aggregate=aggregate, field=field_name)
        if aggregate in (Aggregate.LARGEST, Aggregate.SMALLEST) and not field_name:
            return
        text, spent = self._text_filter(question, query, frozenset(explained))
        explained |= spent
        head = 3 if nouns and self._is_head(question, nouns[0]) else 0
        bare = not conditions and not text and not nouns
        if bare or not (nouns or project or aggregate or used):
            return
        strength = Strength.COMPUTE if aggregate else Strength.LIST
        plan = Select(query, text, project)
        yield Candidate(plan, frozenset(explained), strength, used + head)

    def _is_head(self, question: Question, noun: Span) -> bool:
        """Whether the noun is what the question asks for: the first kind that it names."""
        return all(noun.start <= other.start for other in question.kinds())

    def _choices(self, question: Question, kind: str) -> tuple[list[Condition], frozenset[int]]:
        by_field: dict[tuple[str, bool], set[str]] = {}
        spent: set[int] = set()
        spans = question.choices(kind)
        for span, name, chosen in spans:
            if any(o.covers(span) for o, _, _ in spans):
                continue
            by_field.setdefault((name, question.negated(span)), set()).update(chosen)
            spent |= question.words_of([span])
            # "joining region": the noun inside the value is explained with it.
            inside = {w.stem for value in chosen for w in words(value)}
            spent |= {
                i for i in question.words_of(question.kinds()) if question.words[i].stem in inside
            }
        excluded = {name: values for (name, negated), values in by_field.items() if negated}
        conditions = []
        for (name, negated), values in by_field.items():
            wanted = values if negated else values - excluded.get(name, set())
            if wanted:
                test = Test.IS_NOT if negated else Test.IS
                conditions.append(Condition(name, test, tuple(sorted(wanted))))
        return conditions, frozenset(spent)

    def _entities(self, question: Question, kind: str) -> tuple[list[Condition], frozenset[int]]:
        """Records of other kinds that records of this kind refer to."""
        by_path: dict[str, list[str]] = {}
        spent: set[int] = set()
        for span in question.entities:
            other, _, record_id = span.meaning.value.partition(":")
            if other == kind:
                continue
            paths = [s.name for s in fields_of(KINDS[kind]).values() if other in s.targets]
            asked = {name for _, name in question.fields(kind)}
            paths.sort(key=lambda name: name not in asked)
            if not paths:
                continue
            by_path.setdefault(paths[0], []).append(record_id)
            nouns = [s for s in question.kinds() if s.meaning.value == other]
            fields = [s for s, name in question.fields(kind) if name == paths[0]]
            spent |= question.words_of([span, *nouns, *fields])
        conditions = [Condition(path, Test.IS, tuple(ids)) for path, ids in by_path.items()]
        return conditions, frozenset(spent)

    def _countries(self, question: Question, kind: str) -> tuple[list[Condition], frozenset[int]]:
        path = self._country_path(kind)
        conditions = []
        spent: set[int] = set()
        for span, codes, negated in question.countries() if path else ():
            test = Test.IS_NOT if negated else Test.IS
            conditions.append(Condition(path, test, tuple(sorted(codes))))
            spent |= question.words_of([span])
        return conditions, frozenset(spent)

    def _country_path(self, kind: str) -> str:
        """The way from a kind to a country: its own field, or that of something it refers to."""
        specs = fields_of(KINDS[kind])
        stated = [
            s.name
            for s in specs.values()
            if s.type is FieldType.COUNTRY
            and any(r.observed(s.name) for r in self.records.of(kind))
        ]
        if stated:
            return stated[0]
        for spec in specs.values():
            if any("country" in fields_of(KINDS[target]) for target in spec.targets):
                return f"{spec.name}.country"
        return ""

    def _booleans(self, question: Question, kind: str) -> tuple[list[Condition], frozenset[int]]:
        conditions = []
        spent: set[int] = set()
        for span, name in question.fields(kind):
            if fields_of(KINDS[kind])[name].type is FieldType.BOOLEAN:
                conditions.append(Condition(name, Test.IS, (not question.negated(span),)))
                spent |= question.words_of([span])
        return conditions, frozenset(spent)

    def _dates(self, question: Question, kind: str) -> tuple[list[Condition], frozenset[int]]:
        specs = fields_of(KINDS[kind])
        path = next((s.name for s in specs.values() if s.type is FieldType.DATE), "")
        conditions = []
        for mention in question.dates if path else ():
            if mention.relation in ("in", "from", "after"):
                conditions.append(Condition(path, Test.FROM, (mention.date,)))
            if mention.relation in ("in", "until", "before"):
                conditions.append(Condition(path, Test.UNTIL, (mention.date,)))
        spent = [s for s, name in question.fields(kind) if path and name == path]
        return conditions, question.words_of(spent)

    def _aggregate(
        self, question: Question, kind: str
    ) -> tuple[Aggregate | None, str, frozenset[int]]:
        specs = fields_of(KINDS[kind])
        ordered = [
            (span, name)
            for span, name in question.fields(kind)
            if specs[name].type in ORDERED_TYPES
        ]
        spans = [span for span, _ in ordered]
        for aggregate in (Aggregate.SUM, Aggregate.AVERAGE, Aggregate.LARGEST, Aggregate.SMALLEST):
            if question.has_cue(aggregate.value) and ordered:
                spent = question.words_of(spans) | question.cue_words(aggregate.value)
                return aggregate, ordered[0][1], spent
        if question.has_cue("count"):
            return Aggregate.COUNT, "", frozenset()
        return None, "", frozenset()

    def _projection(self, question: Question, kind: str, named: bool) -> tuple[str, frozenset[int]]:
        """The field whose values are asked for: "which countries ...", "the budgets of all ..."."""
        for span, name in question.fields(kind):
            spec = fields_of(KINDS[kind])[name]
            if spec.type in (FieldType.BOOLEAN, FieldType.CHOICE):
                continue
            before_nouns = all(span.start < s.start for s in question.kinds())
            if before_nouns and (not named or span.end < len(question.words)):
                return name, question.words_of([span])
        statement = [s for s, name in question.fields(kind) if name == "statement"]
        return "", question.words_of(statement)

    def _text_filter(
        self, question: Question, query: RecordQuery, explained: frozenset[int]
    ) -> tuple[tuple[str, ...], frozenset[int]]:
        """Left-over words that records of the kind contain: they narrow the query."""
        left = sorted(question.content - explained)
        if not left or query.aggregate not in (None, Aggregate.COUNT):
            return (), frozenset()
        found = self.records.run(query).records
        stems = [question.words[i].stem for i in left]
        if any(all(stem in self._stems[r.key] for stem in stems) for r in found):
            return tuple(stems), frozenset(left)
        return (), frozenset()

    def containing(self, found: Sequence[Record], stems: Sequence[str]) -> list[Record]:
        """The records whose text has all of the stems."""
        return [r for r in found if all(stem in self._stems[r.key] for stem in stems)]

    # -- figures over time --------------------------------------------------------------------

    def series(self, question: Question) -> list[Series]:
        """The series of figures whose topic the question names."""
        plans = (candidate.plan for candidate in self._series(question))
        return [plan for plan in plans if isinstance(plan, Series)]

    def _series(self, question: Question) -> Iterable[Candidate]:
        """Figures whose topic the question names, where there are several dates or sources."""
        source = self._source(question)
        topics: dict[str, list[Record]] = {}
        for record in self.records.of("figure"):
            topic = record.observed("topic").value
            if topic and (not source or source in record.sources()):
                topics.setdefault(topic, []).append(record)
        asked = {question.words[i].stem for i in question.content}
        asked |= {question.words[i].stem for i in self._base(question)}
        base = self._base(question) | question.cue_words("count")
        for topic, figures in topics.items():
            stems = {w.stem for w in words(topic) if not self.lexicon.is_function(w)}
            said = frozenset().union(*(self._stems[record.key] for record in figures))
            hits = {i for i in question.content if question.words[i].stem in said}
            shared = len(stems & asked) / len(stems)
            several = len(figures) > 1 or source or question.dates
            if not hits or shared < _TOPIC_SHARE or not several:
                continue
            keys = tuple(record.key for record in figures)
            named = bool(source or question.dates or question.has_cue("timeline"))
            strength = Strength.LOOKUP if named else Strength.SERIES
            explained = base | hits | question.cue_words("membership")
            yield Candidate(Series(keys, source), explained, strength, len(hits))


_TOPIC_SHARE = 0.6  # of a topic's words that a question must use


def _rank(candidate: Candidate) -> tuple[int, int]:
    return (candidate.strength, candidate.fit)


def _stems(record: Record, records: Records) -> frozenset[str]:
    """The stems of all that a record says in words, names of what it refers to included."""
    text = [record.name, *record.aliases]
    for name, observed in record.stated().items():
        spec = fields_of(type(record))[name]
        for observation in observed.observations:
            values = (
                observation.value if isinstance(observation.value, tuple) else (observation.value,)
            )
            for value in values:
                target = records.get(spec.targets, value) if spec.targets else None
                text.append(target.name if target else str(value))
    return frozenset(word.stem for part in text for word in words(part))
