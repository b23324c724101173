"""Questions in another language than English, answered from records in that language."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from app.answering.abroad.listing import differing, select, series
from app.answering.abroad.local import Local
from app.answering.abroad.lookups import look_up, membership
from app.answering.abroad.parts import parts_of
from app.answering.abroad.voice import Voice
from app.answering.answer import Answer, Status
from app.answering.conversation import Turn, leaning_on, names, resolve, small_talk
from app.answering.evidence import Cards, Draft, Statement, assemble
from app.answering.lexicon import Lexicon, Role
from app.answering.parts import together
from app.answering.planning import Planner
from app.answering.plans import Disagreement, Lookup, Membership, Plan, Select, Series
from app.answering.understanding import Question, understand
from corpus.knowledge import Partnership
from corpus.model import Source
from corpus.records import KINDS
from corpus.schema import FieldType, Record, fields_of
from corpus.words import stem, words
from retrieval.query import ORDERED_TYPES, Records


class Abroad:
    """Answers in the language of a lexicon; its vocabulary must have phrases."""

    def __init__(
        self,
        lexicon: Lexicon,
        records: Records,
        cards: Cards,
        partnership: Partnership,
        sources: Mapping[str, Source],
    ) -> None:
        self.lexicon = lexicon
        self.planner = Planner(records, lexicon, partnership)
        phrases = lexicon.vocabulary.phrases
        assert phrases is not None
        local = Local(lexicon.vocabulary, phrases, {record.key: record for record in records})
        self.voice = Voice(local, phrases, records, cards, partnership, sources)
        self.sources = sources

    def small_talk(self, question: Question) -> Answer | None:
        """The reply to a greeting, to thanks or to "what can you do?"."""
        reply = small_talk(question, self.lexicon.vocabulary)
        about = self.voice.partnership
        reply = reply.format(name=about.name, abbreviation=about.abbreviation)
        return Answer(question.asked, reply, Status.ANSWERED) if reply else None

    def answer(self, question: Question) -> Answer | None:
        """What the records say; None when no plan over them fits the question."""
        draft = self._in_parts(question) or self.draft(question)
        return assemble(question.asked, draft, self.sources) if draft else None

    def resolved(self, asked: str, before: Turn | None) -> Question:
        """A question completed from the turn before it, in the way that has an answer.

        "Its budget" is that of what was asked about where whoever the answer named has none: a
        pronoun for a person may stand for a thing in a language whose nouns have a gender.
        """
        question = resolve(asked, before, self.lexicon)
        draft = None if before is None else self.draft(question)
        if before is None or (draft and draft.status is Status.ANSWERED):
            return question
        others = []
        alone = understand(asked, self.lexicon)
        if before.subjects and alone.of(Role.FIELD) and not names(alone):
            # Of what was asked about, or of what the answer named.
            turns = [replace(before, subjects=())] if before.question.entities else []
            named = understand(before.subjects[0], self.lexicon)
            turns.append(Turn(named, before.subjects))
            others = [resolve(asked, turn, self.lexicon) for turn in turns]
        if draft is None:  # what is said to be missing was understood
            leaning = leaning_on(question, before, self.lexicon)
            others += [*([leaning] if leaning else []), alone]
        return next((other for other in others if self._answers(other)), question)

    def _answers(self, question: Question) -> bool:
        draft = self.draft(question)
        return draft is not None and draft.status is Status.ANSWERED

    def _in_parts(self, question: Question) -> Draft | None:
        """The answers to several questions in one; None where it is one, or none has an answer.

        Where not all have one, a plan for the whole sentence goes first.
        """
        texts = parts_of(question, self.lexicon.vocabulary)
        drafts: list[Draft | None] = []
        before: Turn | None = None
        for text in texts if len(texts) > 1 else ():
            part = self.resolved(text, before)
            draft = self.draft(part)
            drafts.append(draft)
            if draft and (before is None or part.entities):
                before = Turn(part, draft.subjects, draft.listed)
        answered = [d for d in drafts if d and d.status is Status.ANSWERED]
        if not answered:
            return None
        whole = self.draft(question) if len(answered) < len(drafts) else None
        if (
            whole
            and whole.status is Status.ANSWERED
            and whole.statements not in [draft.statements for draft in answered]
        ):  # else the whole sentence was only read as that part of it
            return None
        told = zip(texts, drafts, strict=True)
        return together([draft or self._unanswered(text) for text, draft in told])

    def _unanswered(self, text: str) -> Draft:
        said = f"“{text}” – {self.voice.phrases.refusal}"
        return Draft((Statement(said),), status=Status.ABSTAINED)

    def refusal(self, question: Question) -> Answer:
        """That there is no answer in this language, what to do, and whom to ask."""
        answer = assemble(question.asked, self.voice.refusal(), self.sources)
        assert answer is not None
        return answer

    def draft(self, question: Question) -> Draft | None:
        """What the best plan says that finds something; else what is found to be missing."""
        plans = self._plans(question)
        if not plans:  # perhaps a word is a slip of the pen
            question = understand(question.text, self.lexicon, daring=True)
            plans = self._plans(question)
        if not plans and (telling := self._telling_why(question)):
            plans = [telling]
        missing: list[tuple[bool, Draft]] = []
        for plan in plans:
            draft = self._carried_out(plan, question)
            if draft and draft.status is Status.ANSWERED:
                return draft
            if draft:
                missing.append((isinstance(plan, Lookup), draft))
        missing.sort(key=lambda pair: not pair[0])
        return missing[0][1] if missing else None

    def _plans(self, question: Question) -> list[Plan]:
        """The plans for a question, but for those that tell no place where one is asked for."""
        plans = self.planner.plans(question)
        asking = [s for s in question.spans if s.meaning.role in (Role.ANSWER, Role.CUE)]
        where = [  # but not in "hvor mange"
            s for s in asking
            if s.meaning.value == "where" and not any(o.covers(s) for o in asking)
        ]  # fmt: skip
        if not where or question.asks("when", "who", "how_much", "how_long"):
            return plans
        return [plan for plan in plans if not _tells_no_place(plan)]

    def _telling_why(self, question: Question) -> Lookup | None:
        """The fields of a named thing with all other words of a "why": what was rejected, and why.

        The statement itself may give the reason; there is no plan that could tell.
        """
        keys = {span.meaning.value for span in question.entities}
        record = next(iter(self.voice.named(keys)), None)
        if record is None or len(keys) != 1 or not question.asks("why"):
            return None
        spent = question.words_of([*question.entities, *question.of(Role.ANSWER)])
        text = {stem(question.words[i].folded) for i in question.content - spent}
        told = [name for name in record.stated() if name not in ("name", "summary")]
        fields = tuple(name for name in told if text <= _stems(record, name))
        return Lookup((record.key,), fields) if text and fields else None

    def _carried_out(self, plan: Plan, question: Question) -> Draft | None:
        if isinstance(plan, Lookup):
            return look_up(self.voice, plan, question)
        if isinstance(plan, Membership):
            return membership(self.voice, plan)
        if isinstance(plan, Series):
            return series(self.voice, plan, question)
        if isinstance(plan, Disagreement):
            return differing(self.voice, plan)
        draft = select(self.voice, plan, self.planner.selector)
        if draft and draft.status is Status.ABSTAINED:
            others = (select(self.voice, p, self.planner.selector) for p in _by_others(plan))
            draft = next((d for d in others if d and d.status is Status.ANSWERED), draft)
        return draft


def _tells_no_place(plan: Plan) -> bool:
    """Whether fields are looked up that hold nothing but dates and amounts."""
    if not isinstance(plan, Lookup) or not plan.fields:
        return False
    specs = fields_of(KINDS[plan.keys[0].partition(":")[0]])
    return all(specs[name].type in ORDERED_TYPES for name in plan.fields)


def _by_others(plan: Select) -> Iterator[Select]:
    """The same query by the countries of what records refer to: "projects from X", led from there.

    For where none states to be in the country itself.
    """
    query = plan.query
    own = [condition for condition in query.conditions if condition.path == "country"]
    for spec in fields_of(KINDS[query.kind]).values() if own else ():
        if any("country" in fields_of(KINDS[target]) for target in spec.targets):
            conditions = tuple(
                replace(c, path=f"{spec.name}.country") if c in own else c for c in query.conditions
            )
            yield replace(plan, query=replace(query, conditions=conditions))


def _stems(record: Record, name: str) -> frozenset[str]:
    """The stems of what the first observation of a field says; none of what is no text."""
    seen = record.observed(name).first
    if seen is None or fields_of(type(record))[name].type is not FieldType.TEXT:
        return frozenset()
    values = seen.value if isinstance(seen.value, tuple) else (seen.value,)
    return frozenset(word.stem for value in values for word in words(str(value)))
