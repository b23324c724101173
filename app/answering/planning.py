"""From a question's readings to plans over the records, the best first.

Each reading becomes a candidate that explains some of the question's words. A plan is taken only
when it leaves no word of content unexplained; what the rules do not cover goes to the passages.
"""

from collections.abc import Iterable, Sequence

from app.answering.lexicon import Lexicon, Role, Span
from app.answering.plans import Candidate, Lookup, Membership, Plan, Select, Series, Strength
from app.answering.selecting import Selector
from app.answering.shaping import aggregate_of
from app.answering.understanding import Question
from corpus.knowledge import Partnership
from corpus.records import KINDS
from corpus.schema import FieldSpec, FieldType, Record, fields_of
from corpus.words import words
from retrieval.query import RecordQuery, Records

_TOPIC_SHARE = 0.6  # of a topic's words that a question must use


class Planner:
    """Makes plans over the records of one partnership."""

    def __init__(self, records: Records, lexicon: Lexicon, partnership: Partnership) -> None:
        self.records = records
        self.lexicon = lexicon
        self.own_record = partnership.record
        dates = [m.as_of for record in records for m in record.mentions if m.as_of]
        self.latest = max(dates, default=None)
        self.selector = Selector(records, partnership)

    def plans(self, question: Question) -> list[Plan]:
        """The plans that explain the whole question, the best first; none for a "why"."""
        if not self.records or question.asks("why"):
            return []
        whole = [c for c in self.candidates(question) if not question.content - c.explained]
        return [c.plan for c in sorted(whole, key=_rank, reverse=True)]

    def candidates(self, question: Question) -> list[Candidate]:
        """Every plan that some reading of the question gives."""
        found = [*self._memberships(question), *self._lookups(question)]
        base, source = self._base(question) | self._past(question), self._source(question)
        found += self.selector.candidates(question, base, source)
        found += self._series(question)
        return found

    # -- what every plan explains -------------------------------------------------------------

    def _base(self, question: Question) -> frozenset[int]:
        """Words that say what is wanted and of which partnership, not of what."""
        spans = [
            span
            for span in question.spans
            if span.meaning.role
            in (Role.ANSWER, Role.PARTNERSHIP, Role.SOURCE, Role.NEGATION, Role.INCLUSION)
        ]
        cues = question.cue_words(
            "list", "definition", "description", "count", "timeline", "compare"
        )
        return question.words_of(spans) | cues

    def _context(self, question: Question, keys: Sequence[str]) -> frozenset[int]:
        """Other names that only say where the named records belong: "WP4 of project X"."""
        around: set[str] = set()
        for key in keys:
            record = self.records.get((key.partition(":")[0],), key.partition(":")[2])
            for spec in fields_of(type(record)).values() if record else ():
                for value in self.records.values(record, spec.name) if record else ():
                    around.update(f"{target}:{value}" for target in spec.targets)
        named = [s for s in question.entities if s.meaning.value in around]
        return question.words_of(named)

    def _past(self, question: Question) -> frozenset[int]:
        """The words of dates for which the records may speak: none of a time after all of them."""
        dates = [d for d in question.dates if self.latest and d.date.first <= self.latest.last]
        return frozenset(i for date in dates for i in date.words)

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
        named = [s.meaning.value for s in question.entities if s.meaning.value != self.own_record]
        if any(not key.startswith("region:") for key in named):
            return
        if question.negations or question.dates:
            return
        used = self._base(question) | question.cue_words("membership")
        used |= question.words_of([*question.kinds(), *question.of(Role.CHOICE)])
        used |= frozenset(i for i in question.content if question.words[i].folded.isdigit())
        if named:
            keys = tuple(dict.fromkeys(named))
            names = question.words_of(question.entities)
            yield Candidate(Membership(keys), used | names, Strength.MEMBERSHIP)
            return
        if question.of(Role.COUNTRY) or question.of(Role.GROUP):
            return  # the regions of that country: a list
        left = sorted(question.content - used)
        if left:
            start, end = question.words[left[0]].start, question.words[left[-1]].end
            subject = question.text[start:end]
            yield Candidate(Membership((), subject), question.content, Strength.MEMBERSHIP)

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
            # Nouns of the kind, and any noun beside the name: "the X project", "region X".
            nouns = [
                s
                for s in question.kinds()
                if s.meaning.value == kind
                or any(s.end == n.start or n.end == s.start for n in spans)
            ]
            base = self._base(question) | names | question.words_of(nouns)
            base |= question.cue_words("sum") | self._past(question)
            base |= self._context(question, keys)
            fields, used, fit = self._asked_fields(question, kind, names, keys)
            source = self._source(question)
            yield from self._values(question, kind, keys, base, names)
            yield from self._computed(question, kind, keys, base)
            if fields:
                plan = Lookup(keys, fields, source)
                strength = Strength.OWN if weak else Strength.LOOKUP
                yield Candidate(plan, base | used, strength, fit + len(names))
            else:
                yield Candidate(Lookup(keys, (), source), base, Strength.DESCRIBE, len(names))

    def _computed(
        self, question: Question, kind: str, keys: tuple[str, ...], base: frozenset[int]
    ) -> Iterable[Candidate]:
        """A sum or an extreme over several named records."""
        aggregate, field, used = aggregate_of(question, kind)
        if len(keys) > 1 and aggregate and field:
            ids = frozenset(key.partition(":")[2] for key in keys)
            query = RecordQuery(kind, aggregate=aggregate, field=field, ids=ids)
            yield Candidate(Select(query), base | used, Strength.JOIN)

    def _values(
        self,
        question: Question,
        kind: str,
        keys: tuple[str, ...],
        base: frozenset[int],
        names: frozenset[int],
    ) -> Iterable[Candidate]:
        """Whether a choice field of a named record has a value: "is X leading?"."""
        yes_no = question.words[0].folded in self.lexicon.vocabulary.yes_no
        plain = yes_no and not question.negations
        for span, field, values in question.choices(kind) if plain else ():
            used = question.words_of([span])
            if not used & names:
                plan = Lookup(keys, (field,), expected=values)
                yield Candidate(plan, base | used, Strength.LOOKUP, len(names) + 1)

    def _asked_fields(
        self, question: Question, kind: str, names: frozenset[int], keys: Sequence[str]
    ) -> tuple[tuple[str, ...], frozenset[int], int]:
        """The fields of a kind that the question asks for, the words used, and how well."""
        specs = fields_of(KINDS[kind])
        best: dict[tuple[int, int], tuple[int, str, frozenset[int]]] = {}
        nouns = {(s.start, s.end) for s in question.kinds()}
        counting = question.has_cue("count")
        for span, name in question.fields(kind):
            used = question.words_of([span])
            if used & names:
                continue
            noun = (span.start, span.end) in nouns
            if noun and specs[name].type is FieldType.QUANTITY and not counting:
                continue  # "which regions" does not ask for the number of them
            score, extra = self._fit(question, kind, specs[name], span, keys)
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
        self, question: Question, kind: str, spec: FieldSpec, span: Span, keys: Sequence[str]
    ) -> tuple[int, frozenset[int]]:
        """How well a field answers the question, and the further words that it explains."""
        words_of_field = self.lexicon.vocabulary.field_words(kind, spec.name)
        asks = words_of_field.asks if words_of_field else ""
        score = 2 * (span.end - span.start)
        if any(self._states(key, spec.name) for key in keys):
            score += 1
        if question.has_cue("count"):
            score += 2 if spec.type in (FieldType.QUANTITY, FieldType.INTEGER) else -2
        if asks:
            score += 3 if question.asks(asks) else 0
            score -= 3 if asks == "who" and question.kinds() and not question.asks("who") else 0
        elif question.asks("who") and spec.targets != ("person",):
            score -= 2
        nouns = [s for s in question.kinds() if s.meaning.value in spec.targets]
        if nouns:
            score += 3
        return score, question.words_of(nouns)

    def _states(self, key: str, field: str) -> bool:
        kind, _, record_id = key.partition(":")
        record = self.records.get((kind,), record_id)
        return record is not None and bool(record.observed(field))

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
            said = frozenset().union(*(self.selector.stems[record.key] for record in figures))
            hits = {i for i in question.content if question.words[i].stem in said}
            shared = len(stems & asked) / len(stems)
            several = len(figures) > 1 or source or question.dates
            if not (question.has_cue("count", "timeline") or question.asks("how_much")):
                continue
            if not hits or shared < _TOPIC_SHARE or not several:
                continue
            keys = tuple(record.key for record in figures)
            named = bool(source or question.dates or question.has_cue("timeline"))
            strength = Strength.LOOKUP if named else Strength.SERIES
            explained = base | hits | question.cue_words("membership") | question.dated
            yield Candidate(Series(keys, source), explained, strength, len(hits))


def _rank(candidate: Candidate) -> tuple[int, int]:
    return (candidate.strength, candidate.fit)
