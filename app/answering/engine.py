"""Questions to answers: understand, plan, gather evidence, compose, verify."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from app.answering.abroad.answers import Abroad
from app.answering.abroad.tongues import ENGLISH, Tongues, readable
from app.answering.answer import Answer, Status
from app.answering.conversation import Turn, leaning_on, names, resolve, small_talk, subject_of
from app.answering.describing import Descriptions
from app.answering.evidence import Cards, Draft, Statement, assemble
from app.answering.expected import ExpectedAnswers
from app.answering.follow_ups import FollowUps
from app.answering.from_passages import PassageAnswers
from app.answering.from_records import carry_out
from app.answering.lexicon import Lexicon
from app.answering.missing import missing_in_words
from app.answering.parts import (
    focused,
    no_answer_to,
    parts_of,
    says_less,
    together,
    without_repeats,
)
from app.answering.planning import Planner
from app.answering.plans import Lookup, Select
from app.answering.rewording import Rewordings
from app.answering.speaking import Speaker
from app.answering.terms import Terms
from app.answering.understanding import Question, understand
from corpus.cards import Printer
from corpus.knowledge import Knowledge
from corpus.model import Rendition
from corpus.records import KINDS
from corpus.schema import Record, fields_of
from corpus.vocabulary import Vocabulary
from corpus.words import words
from retrieval.library import Library
from retrieval.model import EVERYTHING, Filter
from retrieval.query import Records, Test


class Engine:
    """Answers questions from one library and the records of one partnership.

    ``where`` restricts which documents count. The same question gives the same answer each time.
    """

    def __init__(
        self,
        library: Library,
        knowledge: Knowledge,
        vocabulary: Vocabulary,
        *,
        where: Filter = EVERYTHING,
    ) -> None:
        self.library = library
        self.knowledge = knowledge
        self.vocabulary = vocabulary
        self.sources = {source.id: source for source in library.sources()}
        documents = [
            d for d in library.documents() if not where.origins or d.origin in where.origins
        ]
        passages = [p for d in documents for p in library.passages(d.id)]
        self.terms = Terms(passages)
        known = {w.folded for p in passages for w in words(p.indexed_text)}
        self.lexicon = Lexicon(
            vocabulary, knowledge.records, self.sources.values(), knowledge.partnership, known
        )
        records = Records(knowledge.records)
        self.planner = Planner(records, self.lexicon, knowledge.partnership)
        printer = Printer.of(knowledge, vocabulary)
        cards = [
            p for d in documents if d.rendition is Rendition.RECORDS for p in library.passages(d.id)
        ]
        self.records, self.cards = records, Cards(cards, printer)
        self.speaker = Speaker(records, self.cards, knowledge.partnership, self.sources, vocabulary)
        self.tongues = Tongues(
            self.lexicon,
            lambda words_of: Lexicon(
                words_of, knowledge.records, self.sources.values(), knowledge.partnership
            ),
        )
        self.languages = frozenset(p.language for p in passages)
        self._abroad: dict[str, Abroad] = {}
        self.from_passages = PassageAnswers(library, self.lexicon, self.sources, self.terms, where)
        self.rewordings = Rewordings(library, self.lexicon)
        self.expected = ExpectedAnswers(library, knowledge.questions, self.speaker, self.lexicon)
        self.follow_ups = FollowUps(self.expected.typical.values(), self.speaker)
        self.descriptions = Descriptions(records, self.lexicon, self.planner, self.expected)

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        """Answer one question; ``history`` are the earlier ones, the oldest first."""
        before: Turn | None = None
        language = ""
        for earlier in history:
            language = self.tongues.language_of(earlier, language)
            abroad = None if language == ENGLISH else self._in(language)
            understood = (
                abroad.resolved(earlier, before)
                if abroad
                else resolve(earlier, before, self.lexicon)
            )
            if small_talk(understood, self.tongues.lexicon(language).vocabulary):
                continue
            draft = abroad.draft(understood) if abroad else self._record_drafts(understood)[0]
            before = Turn(understood, draft.subjects, draft.listed) if draft else Turn(understood)
        language = self.tongues.language_of(question, language)
        if language == ENGLISH:
            resolved = resolve(question, before, self.lexicon)
            return self._answer(self._leaning(resolved, before))
        resolved = self._in(language).resolved(question, before)
        return replace(self._abroad_answer(resolved), language=language)

    def _leaning(self, question: Question, before: Turn | None) -> Question:
        """The question, asked of what the turn before was about where it only so has a plan."""
        if before is None or self.planner.plans(question):
            return question
        leaning = leaning_on(question, before, self.lexicon)
        return leaning if leaning and self.planner.plans(leaning) else question

    def _abroad_answer(self, question: Question) -> Answer:
        """The answer to a question in another language than English, in that language."""
        language = question.language
        abroad = self._in(language)
        answer = abroad.small_talk(question) or abroad.answer(question)
        if answer is None and language in self.languages:  # somebody's documents in that language
            draft = self.from_passages.draft(understand(question.asked, self.lexicon))
            draft = abroad.voice.announced(draft) if draft else None
            answer = assemble(question.asked, draft, self.sources) if draft else None
        return answer or abroad.refusal(question)

    def _in(self, language: str) -> Abroad:
        if language not in self._abroad:
            self._abroad[language] = Abroad(
                self.tongues.lexicon(language), self.records, self.cards,
                self.knowledge.partnership, self.sources,
            )  # fmt: skip
        return self._abroad[language]

    def _answer(self, question: Question) -> Answer:
        small = self._small_talk(question)
        if small:
            return Answer(question.asked, small, Status.ANSWERED)
        found, missing = self._record_drafts(question)
        # Nothing on record fits: the passages may know better, before that is said.
        for draft in self._drafts(question, found, missing, self._parts(question)):
            answer = assemble(question.asked, draft, self.sources) if draft else None
            if answer:
                return replace(answer, follow_ups=self.follow_ups.of(answer))
        return self._refusal(question)

    def _drafts(
        self,
        question: Question,
        found: Draft | None,
        missing: Draft | None,
        parts: Sequence[Question] = (),
    ) -> Iterator[Draft | None]:
        """What may be said, the best first; what comes later is only made when it is needed.

        ``found`` and ``missing`` are of the question whole, ``parts`` the questions in it.
        """
        recorded = [self._record_drafts(part)[0] for part in parts]
        if any(d and d.status is Status.ANSWERED for d in recorded) and all(recorded):
            yield together(without_repeats([draft for draft in recorded if draft], found))
        yield self.expected.same(question)
        meant = self.rewordings.same(question, lambda other: bool(self.planner.plans(other)))
        yield self._record_drafts(meant)[0] if meant else None
        if found and says_less(found, recorded):
            yield self._in_parts(parts, recorded)
        yield found
        if not found:
            yield self._in_parts(parts, recorded)
            # Where every record states what is asked for, no text knows better.
            yield missing if self._is_stated_by_all(question) else None
            yield from self._nearest_drafts(question)
            yield self.from_passages.draft(question)
            slips = understand(question.text, self.lexicon, daring=True)
            # Who made one slip may have made another, which happens to be a word ("leeds").
            slipped = question.text != question.asked and slips.text != question.text
            yield self.from_passages.draft(slips) if slipped else None
        yield missing

    def _parts(self, question: Question) -> list[Question]:
        """The questions that one question consists of, each completed from those before it."""
        parts = parts_of(question, self.lexicon)
        if parts is None:
            return []
        found: list[Question] = []
        before = self._context(parts.context) if parts.context else None
        for text in parts.texts:
            part = self._about(self._leaning(resolve(text, before, self.lexicon), before), before)
            found.append(replace(part, asked=text))
            before = Turn(part, self._subjects(part)) if names(part) or not before else before
        if any(part.has_cue("disagree") and not names(part) for part in found):
            return []  # "and do the sources agree?": of all that is asked
        first = Turn(found[1], self._subjects(found[1]))
        opening = self._leaning(found[0], None if parts.context else first)
        if not parts.context and not found[0].kinds():  # "Who is the leader and ... of project 10"
            opening = self._shared(opening, first) or opening
        return [opening, *found[1:]]

    def _shared(self, question: Question, first: Turn) -> Question | None:
        """The question asked of what the next one names, where a field of that answers it."""
        asked = leaning_on(question, first, self.lexicon)
        return asked if asked and self._looks_up(asked) else None

    def _context(self, text: str) -> Turn:
        """What is said before several questions: what it names, or the thing that it describes."""
        said = understand(text, self.lexicon)
        named = said.entities or said.countries()
        described = self._only_one(said) if named else self.descriptions.meant(text)
        return Turn(understand(described.name, self.lexicon) if described else said)

    def _only_one(self, said: Question) -> Record | None:
        """The one thing of a named kind that a statement speaks of: "region X leads one area"."""
        plan = next(iter(self.planner.plans(said)), None)
        if not isinstance(plan, Select) or plan.project or not said.kinds():
            return None
        found = self.planner.found(plan)
        return found[0] if len(found) == 1 else None

    def _about(self, question: Question, before: Turn | None) -> Question:
        """A part that names nothing, of what was spoken of before it."""
        if before is None or names(question) or not names(before.question):
            return question
        subject, of = subject_of(before), self.vocabulary.of[0]
        return understand(f"{question.text.rstrip('?.! ')} {of} {subject}?", self.lexicon)

    def _in_parts(
        self, parts: Sequence[Question], recorded: Sequence[Draft | None]
    ) -> Draft | None:
        """The answers to the several questions in one: to all, or those that are on record."""
        if not parts:
            return None
        drafts = [d or self._said(part) for d, part in zip(recorded, parts, strict=True)]
        if not all(drafts) and not any(d and d.status is Status.ANSWERED for d in recorded):
            return None
        return together([d or no_answer_to(p.asked) for d, p in zip(drafts, parts, strict=True)])

    def _said(self, question: Question) -> Draft | None:
        """The first draft for a part that stands up to verification."""
        drafts = self._drafts(question, *self._record_drafts(question))
        return next((d for d in drafts if d and assemble(question.asked, d, self.sources)), None)

    def _nearest_drafts(self, question: Question) -> Iterator[Draft | None]:
        """What is said to the nearest question of those that people may ask, the nearer first."""
        expected = self.expected.matches(question.text, most=1)
        asking = focused(question, self.lexicon) or question
        if len(asking.negations) != len(question.negations):  # said before what is asked
            asking = question
        meant = self.rewordings.of(asking, lambda other: bool(self.planner.plans(other)))
        whole = self._record_drafts(meant.question)[0] if meant else None
        nearer = meant is not None and (not expected or meant.score >= expected[0].score)
        if nearer:
            yield whole
        yield self.expected.draft(question, self.from_passages.asked(question))
        if not nearer:
            yield whole

    def _record_drafts(self, question: Question) -> tuple[Draft | None, Draft | None]:
        """What the best plan says that finds something, and what is found to be missing.

        A field that a named record does not state is an answer of its own: it is in the first.
        """
        question = self.descriptions.named(question, self._looks_up, surely=True) or question
        plans = self.planner.plans(question)
        if not plans:  # perhaps a word is a slip that happens to be another word
            question = understand(question.text, self.lexicon, daring=True)
            plans = self.planner.plans(question)
        if not plans and (asking := focused(question, self.lexicon)):
            question = asking
            plans = self.planner.plans(question)
        if not plans and (
            named := self.descriptions.named(question, lambda q: bool(self.planner.plans(q)))
        ):
            question = named
            plans = self.planner.plans(question)
        missing: list[tuple[bool, Draft]] = []
        for plan in plans:
            draft = carry_out(plan, question, self.planner, self.speaker)
            if draft and draft.status is Status.ANSWERED:
                return draft, None
            if draft:
                missing.append((isinstance(plan, Lookup), draft))
        looked_up = next((draft for named, draft in missing if named), None)
        if not looked_up and (lacking := self.descriptions.lacking(question)):
            looked_up = carry_out(lacking, question, self.planner, self.speaker)
        return looked_up, next((draft for _, draft in missing), None)

    def _is_stated_by_all(self, question: Question) -> bool:
        """Whether the best plan chooses by fields that each record of its kind states."""
        plan = next(iter(self.planner.plans(question)), None)
        if not isinstance(plan, Select) or plan.text or plan.project or plan.query.field:
            return False
        kind, conditions = plan.query.kind, plan.query.conditions
        named = any(noun.meaning.value == kind for noun in question.kinds())
        chosen = bool(conditions) and all(
            c.test is Test.IS and c.path in fields_of(KINDS[kind]) for c in conditions
        )
        every = self.records.of(kind)
        return named and chosen and all(r.observed(c.path) for c in conditions for r in every)

    def _looks_up(self, question: Question) -> bool:
        """Whether the best plan looks up what a named record states of itself."""
        plans = self.planner.plans(question)
        return bool(plans) and isinstance(plans[0], Lookup) and bool(plans[0].fields)

    def _subjects(self, question: Question) -> tuple[str, ...]:
        """The names of the one thing that an earlier answer was about."""
        draft, _ = self._record_drafts(question)
        return draft.subjects if draft else ()

    def _small_talk(self, question: Question) -> str:
        """The reply to a greeting, to thanks or to "what can you do?"; empty for a question."""
        about = self.knowledge.partnership
        reply = small_talk(question, self.vocabulary)
        return reply.format(name=about.name, abbreviation=about.abbreviation)

    def _refusal(self, question: Question) -> Answer:
        """What is missing, what is nearest, and whom to ask."""
        foreign = self.tongues.is_foreign(question.asked)
        parts = [readable() if foreign else missing_in_words(self.from_passages.asked(question))]
        nearest = None if foreign else self.from_passages.nearest(question)
        if nearest:
            source = self.sources[nearest.source_id]
            place = nearest.section or " > ".join(nearest.heading_path)
            where = f", {place}" if place else ""
            parts.append(f"The nearest that they hold is in “{source.title}”{where}.")
        parts.append(self.speaker.ask_whom())
        statements = tuple(Statement(part) for part in parts if part)
        answer = assemble(question.asked, Draft(statements, status=Status.ABSTAINED), self.sources)
        assert answer is not None
        return replace(answer, follow_ups=self.expected.near(question.text))
