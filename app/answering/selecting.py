"""From a question to a query over all records of one kind."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from app.answering.conditions import Conditions
from app.answering.lexicon import NAMED_KINDS, Role, Span
from app.answering.mentioning import Mentions
from app.answering.misreading import (
    asks_more,
    computes,
    is_head,
    is_no_answer,
    lists_for_one,
    said_of,
    telling,
    unread,
)
from app.answering.plans import Candidate, Lookup, Select, Strength
from app.answering.shaping import (
    aggregate_of,
    counted,
    counted_by,
    counts,
    group_of,
    having_of,
    leading_on,
    most_of,
    one_had,
    only_measure,
    order_of,
    projection,
    rank_of,
    shown_of,
    stated,
)
from app.answering.shares import shared
from app.answering.understanding import Question
from corpus.knowledge import Partnership
from corpus.records import KINDS
from corpus.schema import FieldType, fields_of
from corpus.vocabulary import Vocabulary
from corpus.words import fold, words
from retrieval.query import ORDERED_TYPES, Aggregate, Condition, RecordQuery, Records, Test

_COMPUTED = ("sum", "average", "largest", "smallest")


class Selector:
    """Builds queries over the records of one partnership."""

    def __init__(self, records: Records, partnership: Partnership, vocabulary: Vocabulary) -> None:
        self.records = records
        self.vocabulary = vocabulary
        self.fields = {  # the very words that ask for each
            name: frozenset(fold(word) for word in field.words)
            for name, field in vocabulary.fields.items()
        }
        self.partnership = partnership
        self.conditions = Conditions(records, vocabulary)
        named = (partnership.name, partnership.abbreviation, *partnership.aliases)
        self.own_words = {word.stem for name in named for word in words(name)}
        mentions = Mentions(records, vocabulary)
        self.stems, self.containing = mentions.stems, mentions.containing

    def candidates(
        self, question: Question, base: frozenset[int], past: frozenset[int], source: str
    ) -> Iterable[Candidate]:
        """A query for each kind that the question may be about.

        ``base`` are words that any plan explains, ``past`` those of dates, which only a kind with
        dates explains, ``source`` the publication that is asked about.
        """
        for kind in self._kinds(question):
            if self.records.of(kind):
                dated = past if self.conditions.date_field(kind) else frozenset()
                yield from self._candidate(question, kind, base | dated, source)

    def _kinds(self, question: Question) -> list[str]:
        """The kinds that the question may be about: named, or implied by a value of theirs."""
        found = [span.meaning.value for span in question.kinds()]
        if not found and question.has_cue(*_COMPUTED):
            found += self._owners(question)
        ends = {(s.start, s.end) for s in question.spans}
        asked = [  # "regional programmes" are no regions
            n for n in question.kinds() if self._is_asked_for(question, n)
            and not any(start == n.start and end > n.end for start, end in ends)
        ]  # fmt: skip
        if asked:  # "which projects": of nothing else, but for what refers to them
            wanted = asked[0].meaning.value
            return [kind for kind in dict.fromkeys(found) if _leads_to(kind, wanted)]
        if not found and self._happened(question):
            found.append("event")
        found += [] if found else self._somebody(question)
        found += [span.meaning.value.partition(".")[0] for span in question.of(Role.CHOICE)]
        for span in question.of(Role.FIELD):
            owner = span.meaning.value.partition(".")[0]
            if owner != "*" and owner not in NAMED_KINDS:
                found.append(owner)
        return list(dict.fromkeys(found))

    def _somebody(self, question: Question) -> list[str]:
        """The kinds of those whom "who" asks for: who refers to a named thing, or is in a field.

        "Who works at X": those whose organisation is X. "Who from X works on Y": those of Y who
        are of X; one name alone is looked up.
        """
        named = {s.meaning.value.partition(":")[0] for s in question.entities}
        if not question.asks("who"):
            return []
        fields = [s.meaning.value.partition(".") for s in question.of(Role.FIELD)]
        found = [  # "who coordinates it all": those of whom that is so
            kind for kind, _, name in fields
            if kind in KINDS and fields_of(KINDS[kind])[name].type is FieldType.BOOLEAN
        ]  # fmt: skip
        for _, name in question.fields("person"):
            found += ["person"] if named & set(fields_of(KINDS["person"])[name].targets) else []
        for kind in named if len(named) > 1 else ():
            for _, name in question.fields(kind):
                found += [t for t in fields_of(KINDS[kind])[name].targets if t not in named]
        return found

    def _happened(self, question: Question) -> bool:
        """Whether it is asked what there was, in a place or on a date: "what took place in X"."""
        said = [s for s in question.of(Role.FIELD) if s.meaning.value == "*.date"]
        where = self.conditions.read(question, "event")[0]
        return bool(said and where) and not question.asks("when", "who", "why", "how")

    def _is_asked_for(self, question: Question, noun: Span) -> bool:
        """Whether the question begins "which" with this noun, the partnership's name between."""
        own = question.words_of(question.of(Role.PARTNERSHIP))
        before = [w.folded for i, w in enumerate(question.words[: noun.start]) if i not in own]
        return len(before) == 1 and before[0] in self.vocabulary.determiners

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
        conditions, spoken = self.conditions.read(question, kind)
        explained |= spoken
        explained |= _taking_part(question, kind, conditions) | counted(question, nouns)
        explained |= self._referred(question, kind)
        part = shared(question, nouns, conditions, self._members(kind, ()))
        explained |= question.cue_words("share") if part is not None else set()
        conditions = list(dict.fromkeys([*conditions, *self._members(kind, conditions)]))
        aggregate, field, spent = aggregate_of(question, kind)
        explained |= spent
        if aggregate and field and asks_more(question, kind, field):
            return  # one of several fields would be computed, and nobody told
        rank, spent = rank_of(question, self.vocabulary)
        explained |= spent | question.cue_words("stating") if computes(aggregate) else set()
        # "How many are there altogether": of all of them.
        explained |= question.cue_words("sum") if aggregate is Aggregate.COUNT else set()
        order, by, limit, spent = order_of(question, kind)
        explained |= spent
        project, spent = self._projection(question, kind, nouns, conditions, spoken)
        explained |= spent
        counting = aggregate in (None, Aggregate.COUNT)
        plural = any(self._in_plural(question, span) for span in nouns)
        most = most_of(question) if project and counting and plural and not limit else ""
        if most:
            explained |= question.cue_words("largest", "smallest", "count")
        shown, spent = (
            shown_of(question, kind, frozenset(explained))
            if nouns or (kind not in NAMED_KINDS and conditions)
            else ((), frozenset())
        )
        explained |= spent
        shown = () if computes(aggregate) else _with_items(kind, conditions, shown)
        if question.asks("how_much") and not aggregate and not shown:
            shown = tuple(filter(None, [only_measure(kind)]))
        asking = bool(nouns) and self._asks_which(question, nouns, shown)
        if shown and (question.has_cue("stating") or asking):
            conditions += stated(question, kind, shown)
            explained |= question.cue_words("stating")
        having, spent = having_of(question, nouns if project and not most else (), self.vocabulary)
        by_each, each = counted_by(question, shown, nouns, self.vocabulary)
        explained |= spent | each
        group = project if most or having else group_of(question, conditions) or by_each
        # "The partnership's challenges": those that it names itself, not those of its field.
        own = self._own(kind) if question.of(Role.PARTNERSHIP) and kind not in NAMED_KINDS else None
        if own is not None and not own:
            return  # others speak of such things, not the partnership
        if order:
            aggregate, field, project = None, by, "" if limit else project
            shown = tuple(dict.fromkeys((*shown, by))) if by else shown
        elif most or having:
            order, project, aggregate = most, "", None
        elif not aggregate and kind == "event":
            order, field = "ascending", "date"
        query = RecordQuery(
            kind, tuple(conditions), shown, aggregate=aggregate, field=field, source=source,
            group=group, order=order, limit=limit, ids=own, rank=rank,
        )  # fmt: skip
        whole = None if part is None else RecordQuery(kind, part, ids=own)
        plan = Select(query, project=project, having=having, whole=whole)
        yield from self._narrowed(question, plan, nouns, frozenset(explained), len(spoken))

    def _projection(
        self,
        question: Question,
        kind: str,
        nouns: Sequence[Span],
        conditions: Sequence[Condition],
        spoken: frozenset[int],
    ) -> tuple[str, frozenset[int]]:
        """The field whose values are asked for, and its words; none where the records are."""
        project, spent = projection(question, kind, bool(nouns), spoken)
        named = any(c.path == project and c.test is Test.IS for c in conditions)
        if counts(question, nouns) or (named and fields_of(KINDS[kind])[project].targets):
            project = ""  # "who works at X" asks for no organisation
        project, leading = leading_on(question, kind, project)
        return project, spent | leading

    def _narrowed(
        self,
        question: Question,
        plan: Select,
        nouns: Sequence[Span],
        explained: frozenset[int],
        used: int,
    ) -> Iterable[Candidate]:
        """The query, narrowed by the words that are left; none where it is no answer.

        ``used`` is the number of words that its conditions take up.
        """
        query = plan.query
        yield from self._of_one(question, query, explained)
        text, spent = self._rest(question, query, question.content - explained)
        if not (nouns or query.conditions or text or (query.field and query.kind in NAMED_KINDS)):
            return  # "the top three shares": of what is not said
        if unread(question, plan) or is_no_answer(question, query, used):
            return
        if not (used or text) and lists_for_one(question, plan, self.vocabulary):
            return
        if self._says_otherwise(question, query, text, nouns):
            return
        if question.yes_no and plan.project and not telling(question, query.kind):
            return  # "do we need three partners": whoever has been a partner is no answer
        head = 3 if nouns and is_head(question, nouns[0]) else 0
        joined = plan.project and nouns and any(c.path == "id" for c in query.conditions)
        strength = Strength.COMPUTE if query.aggregate or query.group else Strength.LIST
        strength = Strength.JOIN if joined else strength
        shown = () if plan.project else query.fields
        plan = replace(plan, query=replace(query, fields=shown), text=text)
        yield Candidate(plan, explained | spent, strength, used + head)

    def _of_one(
        self, question: Question, query: RecordQuery, explained: frozenset[int]
    ) -> Iterable[Candidate]:
        """Whether the one statement with the words left has a value: "is X a technical lever"."""
        choices = [
            c for c in query.conditions
            if c.test is Test.IS and _is_choice(query.kind, c.path)
        ] if question.yes_no and query.kind not in NAMED_KINDS else []  # fmt: skip
        left = question.content - explained
        nouns = {s.meaning.value: question.words_of([s]) for s in question.kinds()}
        said = question.words_of([s for s, _, _ in question.choices(query.kind)])
        number = any(question.number_at(i) is not None for i in left)
        if len(choices) != 1 or not left or question.negations or number:
            return
        if query.kind not in nouns or said & frozenset().union(*nouns.values()):
            return  # the noun is the value: "a project" of a requirement
        text = tuple(question.words[i].folded for i in sorted(left))
        rest = tuple(c for c in query.conditions if c not in choices)
        every = self.records.run(replace(query, conditions=rest, aggregate=None)).records
        found = self.containing(every, text)
        if len(found) == 1 and {fold(w) for w in text} <= {w.folded for w in words(found[0].name)}:
            plan = Lookup((found[0].key,), (choices[0].path,), expected=choices[0].values)
            yield Candidate(plan, explained | left, Strength.JOIN, len(left))

    def _asks_which(self, question: Question, nouns: Sequence[Span], shown: Sequence[str]) -> bool:
        """Whether a field says which ones are meant: "which projects ask for support".

        "Which projects are there with their budgets" only wants to see the field.
        """
        if one_had(question, shown, nouns, self.vocabulary):
            return True
        noun = nouns[0]
        specs = fields_of(KINDS[noun.meaning.value])
        parting = self.vocabulary.pronouns | set(self.vocabulary.joints)
        first = question.words[noun.start - 1].folded if noun.start else ""
        return first in self.vocabulary.determiners and any(
            span.start >= noun.end
            and name in shown
            and specs[name].type in ORDERED_TYPES
            and not parting & {w.folded for w in question.words[noun.end : span.start]}
            for span, name in question.fields(noun.meaning.value)
        )

    def _in_plural(self, question: Question, noun: Span) -> bool:
        """Whether a kind is named in the plural; in other languages it has several of them."""
        last = question.words[noun.end - 1]  # as it is written: other languages' words are read as
        said = fold(question.text[last.start : last.end])  # English ones
        nouns = self.vocabulary.kinds[noun.meaning.value]
        one, many = (fold(name.split()[-1]) for name in (nouns.one, nouns.many))
        return said == many or (question.language != "en" and said != one)

    def _own(self, kind: str) -> frozenset[str] | None:
        """Ids of the records of a kind that the partnership's own publications speak of.

        None where it is not known which publications are its own.
        """
        own = set(self.partnership.own_sources)
        if not own:
            return None
        return frozenset(r.id for r in self.records.of(kind) if own & set(r.sources()))

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

    def _referred(self, question: Question, kind: str) -> frozenset[int]:
        """Nouns of what records of the kind refer to: "barriers that the workshops named"."""
        targets = {t for spec in fields_of(KINDS[kind]).values() for t in spec.targets}
        if kind in NAMED_KINDS:
            return frozenset()
        return question.words_of([s for s in question.kinds() if s.meaning.value in targets])

    def _means(self, question: Question, at: int, kind: str) -> bool:
        """Whether a word stands for a kind, a value or a field: it says what is asked.

        Of the kind's own fields only its description counts: what the others state may hold the
        word. Of a field only its very words count: "preparation" may be more than "prepare".
        """
        said = {question.words[at].folded}
        kinds = {s.meaning.value for s in question.kinds()} - {kind}
        for span in question.spans:
            if not span.start <= at < span.end:
                continue
            owner, _, name = span.meaning.value.partition(".")
            words_of = self.fields.get(span.meaning.value, frozenset())
            if span.meaning.role in (Role.KIND, Role.CHOICE) or (
                span.meaning.role is Role.FIELD
                and (owner in kinds or name == "summary")
                and said <= words_of
            ):
                return True
        return False

    def _rest(
        self, question: Question, query: RecordQuery, left: frozenset[int]
    ) -> tuple[tuple[str, ...], frozenset[int]]:
        """Left-over words that narrow the query, and all that are explained by now."""
        text, spent = self._text_filter(question, query, left)
        asks = any(self._means(question, i, query.kind) for i in left - spent)
        if asks and query.kind in NAMED_KINDS and not (query.fields or query.field):
            return (), frozenset()  # something else is asked than which there are
        # Words that may ask for a field of the kind, where they narrow nothing: "planned duration".
        # In other languages participles stand for fields ("rejected"): there they narrow or show.
        named = any(span.meaning.value == query.kind for span in question.kinds())
        if (named and question.language == "en") or query.kind not in NAMED_KINDS:
            spent |= question.words_of([span for span, _ in question.fields(query.kind)])
        return text, spent

    def _text_filter(
        self, question: Question, query: RecordQuery, unexplained: frozenset[int]
    ) -> tuple[tuple[str, ...], frozenset[int]]:
        """Left-over words that records of the kind contain: they narrow the query."""
        left = sorted(unexplained)
        months = {i for month in question.months for i in month.words}
        if any(question.words[i].folded.isdigit() or i in months for i in left):
            return (), frozenset()  # a number is no word that a record may happen to hold
        if not left or query.aggregate not in (None, Aggregate.COUNT):
            return (), frozenset()
        if query.kind in NAMED_KINDS and any(self._means(question, i, query.kind) for i in left):
            return (), frozenset()  # a word that asks for something, not one of a thing's name
        named = [s for s in question.entities if question.words_of([s]) & unexplained]
        if any(s.meaning.value.startswith(f"{query.kind}:") for s in named):
            return (), frozenset()  # it is that record that is asked about, not what mentions it
        if any(_numbered(question, s) for s in named):
            return (), frozenset()  # what mentions "area" is not about area 5
        # What the partnership is named after is true of all that is its own.
        narrowing = [i for i in left if question.words[i].stem not in self.own_words]
        text = tuple(question.words[i].folded for i in narrowing)
        if self.containing(self.records.run(query).records, text):
            return text, frozenset(left)
        return (), frozenset()

    def _says_otherwise(
        self, question: Question, query: RecordQuery, text: Sequence[str], nouns: Sequence[Span]
    ) -> bool:
        """Whether words that records happen to hold are no answer to how the question is put.

        Who asks for several wants more than the one that has the word ("requirements for an
        interregional project"); whether something may be is not answered by what mentions it.
        """
        if text and question.yes_no and said_of(question, query.kind, text, nouns):
            return True
        if question.yes_no and query.kind in NAMED_KINDS:  # but "did X meet in May" names it
            return bool(text) and not any(c.test is Test.FROM for c in query.conditions)
        several = text and any(self._in_plural(question, noun) for noun in nouns)
        counting = query.aggregate is Aggregate.COUNT
        found = self.containing(self.records.run(query).records, text) if several else ()
        return len(found) == 1 and not counting and question.language == "en"


def _taking_part(question: Question, kind: str, conditions: Sequence[Condition]) -> frozenset[int]:
    """Words for taking part: in what is named, where no region is asked for."""
    if kind == "region" or not any(c.path not in ("country", "state") for c in conditions):
        return frozenset()
    said = [s for s in question.of(Role.CHOICE) if s.meaning.value.startswith("region.role=")]
    return question.cue_words("membership") & question.words_of(said)


def _numbered(question: Question, name: Span) -> bool:
    """Whether a name is a noun with a number."""
    return any(question.words[i].folded.isdigit() for i in range(name.start, name.end))


def _leads_to(kind: str, wanted: str) -> bool:
    """Whether records of a kind are of another one, or refer to such."""
    return kind == wanted or any(wanted in s.targets for s in fields_of(KINDS[kind]).values())


def _with_items(
    kind: str, conditions: Sequence[Condition], shown: tuple[str, ...]
) -> tuple[str, ...]:
    """The fields to show, with those in words that conditions are on: what the items say."""
    specs = fields_of(KINDS[kind])
    told = [c.path for c in conditions if c.path in specs and specs[c.path].type is FieldType.TEXT]
    return tuple(dict.fromkeys((*shown, *(name for name in told if specs[name].many))))


def _is_choice(kind: str, path: str) -> bool:
    spec = fields_of(KINDS[kind]).get(path)
    return spec is not None and spec.type is FieldType.CHOICE
