"""From a question's readings to plans over the records, the best first.

Each reading becomes a candidate that explains some of the question's words. A plan is taken only
when it leaves no word of content unexplained; what the rules do not cover goes to the passages.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from app.answering.contradictions import contradictory
from app.answering.lexicon import NAMED_KINDS, Lexicon, Role
from app.answering.looking import LookupReader
from app.answering.plans import (
    Candidate,
    Disagreement,
    Lookup,
    Membership,
    Plan,
    Select,
    Series,
    Strength,
)
from app.answering.selecting import Selector
from app.answering.understanding import Question
from corpus.knowledge import Partnership
from corpus.records import KINDS
from corpus.schema import FieldType, Record, fields_of
from corpus.words import fold, stem, words
from retrieval.query import ORDERED_TYPES, Records

_PART_OF = ("part_of", "related_to")  # fields that say what something belongs to
_APART = 4  # words from one noun for a source to the next: "the note and the report"
_TOPIC_SHARE = 0.6  # of a topic's words that a question must use


class Planner:
    """Makes plans over the records of one partnership."""

    def __init__(self, records: Records, lexicon: Lexicon, partnership: Partnership) -> None:
        self.records = records
        self.lexicon = lexicon
        self.partnership = partnership
        self.own_record = partnership.record
        dates = [m.as_of for record in records for m in record.mentions if m.as_of]
        self.latest = max(dates, default=None)
        self.selector = Selector(records, partnership, lexicon.vocabulary)
        self.looking = LookupReader(records, lexicon, partnership.record, self.selector.stems)
        self.contradictory = contradictory(records)

    def plans(self, question: Question) -> list[Plan]:
        """The plans that explain the whole question, the best first; none for a "why"."""
        if not self.records or question.asks("why"):
            return []
        whole = [c for c in self.candidates(question) if not self._left(question, c)]
        whole = [c for c in whole if _counts_what_is_counted(question, c.plan)]
        whole = [c for c in whole if self._tells_somebody(question, c.plan)]
        return [c.plan for c in sorted(whole, key=_rank, reverse=True)]

    def candidates(self, question: Question) -> list[Candidate]:
        """Every plan that some reading of the question gives."""
        past, source = self._past(question), self._source(question)
        found = [*self._memberships(question), *self._disagreements(question)]
        found += self.looking.candidates(question, self._base(question), past, source)
        found += self.selector.candidates(question, self._base(question), past, source)
        found += self._series(question)
        return found

    def _left(self, question: Question, candidate: Candidate) -> frozenset[int]:
        """The words of content that a plan does not explain.

        Words that only name where all of its records come from ("the Walloon workshops") are no
        condition: every record that the plan speaks of meets them.
        """
        left = question.content - candidate.explained
        read = (Role.FIELD, Role.CHOICE)  # such a word says more than where something stands
        if not left or left & question.words_of([s for r in read for s in question.of(r)]):
            return left
        found = self.found(candidate.plan)
        held = [
            frozenset().union(*(self.lexicon.source_stems[s] for s in r.sources())) for r in found
        ]
        return frozenset(
            i for i in left if not held or any(question.words[i].stem not in h for h in held)
        )

    def _tells_somebody(self, question: Question, plan: Plan) -> bool:
        """Whether a field that is looked up tells "who": not what somebody does or is for.

        Texts that nothing named, like all requirements, tell nobody.
        """
        if isinstance(plan, Select) and question.asks("who") and not question.kinds():
            query = plan.query
            told = plan.project or query.fields or query.aggregate
            return bool(told) or query.kind in NAMED_KINDS
        if not question.asks("who") or not isinstance(plan, Lookup) or not plan.fields:
            return True
        kind = plan.keys[0].partition(":")[0]
        if kind == "person" or plan.expected:
            return True
        specs = fields_of(KINDS[kind])
        asks = [self.lexicon.vocabulary.field_words(kind, name) for name in plan.fields]
        return any(
            specs[name].type is not FieldType.TEXT or (said is not None and said.asks == "who")
            for name, said in zip(plan.fields, asks, strict=True)
        )

    def found(self, plan: Plan) -> Sequence[Record]:
        """The records that a plan speaks of."""
        if isinstance(plan, Select):
            return self.selector.containing(self.records.run(plan.query).records, plan.text)
        found = (self.records.get((k.partition(":")[0],), k.partition(":")[2]) for k in plan.keys)
        return [record for record in found if record]

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

    def _past(self, question: Question) -> frozenset[int]:
        """The words of dates for which the records may speak: none of a time after all of them."""
        dates = [d for d in question.dates if self.latest and d.date.first <= self.latest.last]
        return frozenset(i for date in dates for i in date.words)

    def _source(self, question: Question) -> str:
        return question.sources[0].meaning.value if question.sources else ""

    # -- membership ---------------------------------------------------------------------------

    def _memberships(self, question: Question) -> Iterable[Candidate]:
        """Whether a region, all regions of a country, or somebody unknown belongs to it."""
        dated = question.dates or question.months
        if dated or not self._is_polar(question):
            return
        if not question.has_cue("membership") and not self._asks_for_role(question):
            return
        if self._is_part_itself(question):
            return
        named = [s.meaning.value for s in question.entities if s.meaning.value != self.own_record]
        about = question.of(Role.PARTNERSHIP) or any(
            s.meaning.value == "region" for s in question.kinds()
        )
        inside = [s.end for s in question.of(Role.CUE) if s.meaning.value == "membership"]
        if named and not about and any(s.start in inside for s in question.of(Role.COUNTRY)):
            return  # "is region X in Germany": where it lies
        countries = [] if named else question.countries()
        if any(not key.startswith("region:") for key in named):
            return
        joins = any(
            s.meaning.value.partition("=")[0] == "region.role" for s in question.of(Role.CHOICE)
        )
        if not (named or about or joins or (countries and not question.kinds())):
            return
        used = self._base(question) | question.cue_words("membership")
        used |= question.words_of([*question.kinds(), *question.of(Role.CHOICE)])
        used |= question.words_of([span for span, _ in question.fields("region")])
        used |= frozenset(i for i in question.content if question.words[i].folded.isdigit())
        plain = bool(question.negations) or not question.yes_no
        keys = tuple(dict.fromkeys(named))
        if keys:
            used |= question.words_of([*question.entities, *question.of(Role.COUNTRY)])
            yield Candidate(Membership(keys, plain=plain), used, Strength.MEMBERSHIP)
        elif question.of(Role.GROUP) or len(countries) > 1:
            return  # the regions of those countries: a list
        elif len(countries) == 1 and not countries[0][2]:
            span, codes, _ = countries[0]
            regions = [
                r.key for r in self.records.of("region")
                if codes & set(self.records.values(r, "country"))
            ]  # fmt: skip
            plan = Membership(tuple(regions), country=min(codes), plain=plain)
            yield Candidate(plan, used | question.words_of([span]), Strength.MEMBERSHIP)
        elif question.yes_no and (subject := self._unknown(question, used)):
            held = self._named_in_part(subject)
            if len(held) <= 1:  # of several it is not known which is meant
                plan = Membership(held, "" if held else subject)
                yield Candidate(plan, question.content, Strength.MEMBERSHIP)

    def _asks_for_role(self, question: Question) -> bool:
        """Whether somebody who is on no record is said to be a region of some role."""
        regions = [s for s in question.kinds() if s.meaning.value == "region"]
        own = [s for s in question.entities if s.meaning.value != self.own_record]
        return bool(regions and question.choices("region")) and not own

    def _is_part_itself(self, question: Question) -> bool:
        """Whether it is the partnership that is said to be a part of something else."""
        own = question.of(Role.PARTNERSHIP)
        parts = [
            s for s in question.of(Role.FIELD) if s.meaning.value.partition(".")[2] in _PART_OF
        ]
        return any(
            o.end <= part.start and question.content & set(range(part.end, len(question.words)))
            for o in own for part in parts
        )  # fmt: skip

    def _named_in_part(self, subject: str) -> tuple[str, ...]:
        """The regions whose name has all words of a subject: a part of it may be what they say."""
        said = {word.folded for word in words(subject)}
        names = {r.key: (r.name, *r.aliases) for r in self.records.of("region")}
        return tuple(
            key for key, called in names.items()
            if any(said <= {word.folded for word in words(name)} for name in called)
        )  # fmt: skip

    def _unknown(self, question: Question, used: frozenset[int]) -> str:
        """A name that is on no record: the words that no plan explains, where they look like one.

        They stand together, and each is written as a name is, or is no word of the language.
        """
        left = sorted(question.content - used)
        if not left or left[-1] - left[0] >= 2 * len(left):
            return ""
        for at in left:
            word = question.words[at]
            written = question.text[word.start : word.end]
            if not written[:1].isupper() and self.lexicon.in_dictionary(word.folded):
                return ""
        return question.text[question.words[left[0]].start : question.words[left[-1]].end]

    def _is_polar(self, question: Question) -> bool:
        """Whether yes or no would answer: "Are we in?", "Region X - part of it?"."""
        if question.yes_no:
            return True
        asks = question.of(Role.ANSWER) or question.has_cue("count", "list", "definition")
        return not asks and not question.has_cue("description")

    # -- what the sources disagree on ---------------------------------------------------------

    def _disagreements(self, question: Question) -> Iterable[Candidate]:
        """What each source says of the records or the figures that the question is about."""
        several = len({s.meaning.value for s in question.sources}) > 1
        each = self._each_source(question)
        if not self._differing(question) and not several and not each:
            return
        base = (
            self._base(question)
            | each
            | question.cue_words("disagree", "membership", "count", "stating")
        )
        yield from self._lists(question, base)
        base |= question.dated | question.words_of([*question.kinds(), *question.of(Role.CHOICE)])
        base |= frozenset(i for i in question.content if question.words[i].folded.isdigit())
        named = [s.meaning.value for s in question.entities if s.meaning.value != self.own_record]
        keys = tuple(dict.fromkeys(named))
        kinds = {key.partition(":")[0] for key in keys}
        if len(kinds) == 1:
            names = question.words_of(question.entities)
            fields, used, _ = self.looking.asked_fields(question, kinds.pop(), names, keys)
            fields = self._as_asked(question, keys, fields, used)
            fields = fields or (("role",) if all(k.startswith("region:") for k in keys) else ())
            plan = Disagreement(keys, fields, named=True)
            explained = base | names | used
            if any(record in self.contradictory for record in self.found(plan)):
                explained = question.content  # the rest only says how one came to ask
            yield Candidate(plan, explained, Strength.DISAGREE, len(names))
        asked = {question.words[i].stem for i in question.content}
        asked |= {question.words[i].stem for i in question.words_of(question.kinds())}
        asked -= {question.words[i].stem for i in self._base(question)}
        best = self._most_shared(asked)
        shared = frozenset(
            i for i in question.content
            if best and question.words[i].stem in self.selector.stems[best[0].key]
        )  # fmt: skip
        if best and shared:
            plan = Disagreement(tuple(r.key for r in best), named=False)
            yield Candidate(plan, base | shared, Strength.DISAGREE, len(shared))
        if not question.content - base:
            kinds = {s.meaning.value for s in question.kinds()}
            found = [r for r in self.contradictory if not kinds or r.kind in kinds]
            plan = Disagreement(tuple(r.key for r in found))
            yield Candidate(plan, base, Strength.DISAGREE)

    @staticmethod
    def _differing(question: Question) -> bool:
        """Whether differences are asked for; "goals rated disagree" is a value of a field."""
        values = [
            s for noun in question.kinds() for s, _, _ in question.choices(noun.meaning.value)
        ]
        return bool(question.cue_words("disagree") - question.words_of(values))

    def _as_asked(
        self,
        question: Question,
        keys: Sequence[str],
        fields: tuple[str, ...],
        used: frozenset[int],
    ) -> tuple[str, ...]:
        """The fields with those that the same words ask for: who the partners are, how many."""
        kind = keys[0].partition(":")[0]
        found = self.found(Lookup(tuple(keys), fields))
        said = [n for s, n in question.fields(kind) if fields and question.words_of([s]) <= used]
        labels = {word.stem for n in fields for word in words(self.looking.label(kind, n))}
        same = [n for n in said if {w.stem for w in words(self.looking.label(kind, n))} & labels]
        stated = [n for n in same if any(record.observed(n) for record in found)]
        return tuple(dict.fromkeys((*fields, *stated)))

    def _each_source(self, question: Question) -> frozenset[int]:
        """The words that ask of all sources: "both papers", with the partnership's name between."""
        vocabulary = self.lexicon.vocabulary
        own = question.words_of(question.of(Role.PARTNERSHIP))
        said = [i for i in range(len(question.words)) if i not in own]
        for at, after in pairwise(said):
            pair = question.words[at].folded, question.words[after].folded
            if pair[0] in vocabulary.each_source and pair[1] in vocabulary.source_nouns:
                return frozenset({at, after})
        called = [i for i in said if question.words[i].folded in vocabulary.source_nouns]
        for at, after in pairwise(called):  # "the note and the report"
            if question.joints & set(range(at, after)) and after - at <= _APART:
                return frozenset({at, after})
        return frozenset()

    def _lists(self, question: Question, base: frozenset[int]) -> Iterable[Candidate]:
        """Which records each source gives a value: "do both reports name the same members"."""
        if any(s.meaning.value != self.own_record for s in question.entities):
            return
        for noun in question.kinds():
            kind = noun.meaning.value
            for span, field, values in question.choices(kind):
                keys = tuple(
                    r.key for r in self.records.of(kind)
                    if any(o.value in values for o in r.observed(field).observations)
                )  # fmt: skip
                plan = Disagreement(keys, (field,), named=True, values=values)
                explained = base | question.words_of([span, noun])
                counting = question.has_cue("count") or question.asks("how_much")
                fit = 0 if counting else len(question.words_of([span, noun])) + 1
                yield Candidate(plan, explained, Strength.DISAGREE, fit)

    def _most_shared(self, asked: set[str]) -> list[Record]:
        """The contradictory records that say most of the words, by rarity of the words."""
        held = {r.key: self.selector.stems[r.key] & asked for r in self.contradictory}
        often = Counter(word for found in held.values() for word in found)
        score = {key: sum(1 / often[word] for word in found) for key, found in held.items()}
        top = max(score.values(), default=0.0)
        return [r for r in self.contradictory if top and score[r.key] == top]

    # -- figures over time --------------------------------------------------------------------

    def series(self, question: Question) -> list[Series]:
        """The series of figures whose topic the question names."""
        plans = (candidate.plan for candidate in self._series(question))
        return list(dict.fromkeys(plan for plan in plans if isinstance(plan, Series)))

    def _all_of(self, kind: str) -> frozenset[str]:
        """Stems of the words that a figure about all of a kind may use, and no others."""
        vocabulary = self.lexicon.vocabulary
        phrases = [*vocabulary.kinds[kind].words, *vocabulary.cues["membership"]]
        members = set(self.partnership.member_roles)
        for choice, said in vocabulary.choices.get(f"{kind}.role", {}).items():
            phrases += said if set(choice.split(" or ")) == members else ()
        named = (self.partnership.name, *self.partnership.aliases, *vocabulary.partnership)
        return frozenset(w.stem for phrase in (*phrases, *named) for w in words(phrase))

    @staticmethod
    def _stems_at(stems_of: Mapping[int, frozenset[str]], at: Iterable[int]) -> frozenset[str]:
        return frozenset().union(*(stems_of[i] for i in at))

    def _series(self, question: Question) -> Iterable[Candidate]:
        """Figures whose topic the question names, where there are several dates or sources."""
        source = self._source(question)
        topics: dict[str, list[Record]] = {}
        for record in self.records.of("figure"):
            topic = record.observed("topic").value
            if topic and (not source or source in record.sources()):
                for name in (topic, *record.aliases):
                    topics.setdefault(name, []).append(record)
        stems_of = {i: self.lexicon.stems_of(word) for i, word in enumerate(question.words)}
        asked = self._stems_at(stems_of, question.content | self._base(question))
        base = self._base(question) | question.cue_words("count")
        about = {stem(fold(w)) for w in self.lexicon.vocabulary.partnership}
        about |= {w.stem for w in words(self.partnership.abbreviation)}
        own = bool(question.of(Role.PARTNERSHIP))
        for topic, figures in topics.items():
            stems = {w.stem for w in words(topic) if not self.lexicon.is_function_of_records(w)}
            if not stems:
                continue
            said = frozenset().union(*(self.selector.stems[record.key] for record in figures))
            if own and not said & about:
                continue  # of a market, not of the partnership
            hits = {i for i in question.content if stems_of[i] <= said}
            shared = len(stems & asked) / len(stems)
            for noun in question.kinds():  # "how many regions": all that a figure counts
                if stems <= self._all_of(noun.meaning.value):
                    hits |= question.words_of([noun])
                    shared = 1.0
            told = sum(len(r.observed("amount").observations) for r in figures)
            several = max(len(figures), told) > 1 or source or question.dates
            # No expected question is at hand there: the words of a topic ask for its one figure.
            told_of = question.content - question.words_of(question.kinds())
            whole = question.language != "en" and stems <= self._stems_at(stems_of, told_of)
            counting = question.has_cue("count", "timeline") or question.asks("how_much")
            if not (counting or whole):
                continue
            single = whole and not several
            if not hits or shared < _TOPIC_SHARE or not (several or single):
                continue
            keys = tuple(record.key for record in figures)
            named = bool(source or question.dates or question.has_cue("timeline") or single)
            strength = Strength.LOOKUP if named else Strength.SERIES
            explained = base | hits | question.cue_words("membership") | question.dated
            yield Candidate(Series(keys, source), explained, strength, len(hits))


def _counts_what_is_counted(question: Question, plan: Plan) -> bool:
    """Whether a field that is looked up holds a number, or what "how many people" counts."""
    counting = [s for s in question.of(Role.CUE) if s.meaning.value == "count"]
    nouns = {n.meaning.value for n in question.kinds() if any(n.start == s.end for s in counting)}
    if not nouns or not isinstance(plan, Lookup) or not plan.fields:
        return True
    specs = fields_of(KINDS[plan.keys[0].partition(":")[0]])
    fields = [specs[name] for name in plan.fields]
    return any(f.type in ORDERED_TYPES or nouns & set(f.targets) for f in fields)


def _rank(candidate: Candidate) -> tuple[int, int]:
    return (candidate.strength, candidate.fit)
