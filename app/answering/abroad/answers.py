"""Questions in another language than English, answered from records in that language."""

from collections.abc import Mapping

from app.answering.abroad.listing import differing, select, series
from app.answering.abroad.local import Local
from app.answering.abroad.lookups import look_up, membership
from app.answering.abroad.voice import Voice
from app.answering.answer import Answer, Status
from app.answering.conversation import small_talk
from app.answering.evidence import Cards, Draft, assemble
from app.answering.lexicon import Lexicon
from app.answering.planning import Planner
from app.answering.plans import Disagreement, Lookup, Membership, Plan, Series
from app.answering.understanding import Question, understand
from corpus.knowledge import Partnership
from corpus.model import Source
from retrieval.query import Records


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
        draft = self.draft(question)
        return assemble(question.asked, draft, self.sources) if draft else None

    def refusal(self, question: Question) -> Answer:
        """That there is no answer in this language, what to do, and whom to ask."""
        answer = assemble(question.asked, self.voice.refusal(), self.sources)
        assert answer is not None
        return answer

    def draft(self, question: Question) -> Draft | None:
        """What the best plan says that finds something; else what is found to be missing."""
        plans = self.planner.plans(question)
        if not plans:  # perhaps a word is a slip of the pen
            question = understand(question.text, self.lexicon, daring=True)
            plans = self.planner.plans(question)
        missing: list[tuple[bool, Draft]] = []
        for plan in plans:
            draft = self._carried_out(plan, question)
            if draft and draft.status is Status.ANSWERED:
                return draft
            if draft:
                missing.append((isinstance(plan, Lookup), draft))
        missing.sort(key=lambda pair: not pair[0])
        return missing[0][1] if missing else None

    def _carried_out(self, plan: Plan, question: Question) -> Draft | None:
        if isinstance(plan, Lookup):
            return look_up(self.voice, plan, question)
        if isinstance(plan, Membership):
            return membership(self.voice, plan)
        if isinstance(plan, Series):
            return series(self.voice, plan, question)
        if isinstance(plan, Disagreement):
            return differing(self.voice, plan)
        return select(self.voice, plan, self.planner.selector)
