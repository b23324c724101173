"""Questions put in other words than the records use: answered as the nearest expected question.

The knowledge lists questions that people may ask, each with the record and the field that answer it
(`corpus.expected`). What is asked is compared with them by meaning; the field of the nearest one
answers, if it is near enough, clearly nearer than that of any other field, and if what the question
names and the kind of thing that it asks for are there.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from app.answering.alike import ask_the_same, turns
from app.answering.asked import Asked
from app.answering.contradictions import contradicts
from app.answering.evidence import Draft, Statement, present
from app.answering.fitness import unfit
from app.answering.lexicon import NAMED_KINDS, NAMES, Lexicon, Role
from app.answering.misreading import is_another
from app.answering.neighbours import Vectors, same_root
from app.answering.piece import Piece
from app.answering.speaking import Speaker, stopped
from app.answering.understanding import Question, understand
from app.answering.wording import capital
from corpus.expected import ExpectedQuestion
from corpus.schema import FieldType, Observation, Record, fields_of
from corpus.words import words
from retrieval.library import Library
from retrieval.model import Vector
from retrieval.query import first

# Cosines of the default embedder between two questions, calibrated as docs/evaluation.md tells.
_NEAR = 0.66
_CLEARLY = 0.02  # nearer than the best question of any other field
_VERY_NEAR = 0.80  # from here on another field may be as near
_THE_SAME = 0.95  # nearer than any but the same words in another order
_ALIKE = 0.85  # what meaning leaves out being alike, the same question in other words
_UNMISTAKABLE = frozenset({"date", "phone", "email"})  # asked for, nothing else will do
_NEARER = 0.05  # by which a later summary is clearly nearer to a question than the first one
_BESIDE = 0.50  # near enough to be what somebody would like to ask instead
_MOST = 3  # questions to ask instead


@dataclass(frozen=True, slots=True)
class Match:
    """An expected question and how near it is to what was asked (cosine)."""

    expected: ExpectedQuestion
    score: float


class ExpectedAnswers:
    """Answers by expected questions."""

    def __init__(
        self,
        library: Library,
        questions: Sequence[ExpectedQuestion],
        speaker: Speaker,
        lexicon: Lexicon,
    ) -> None:
        self.library = library
        self.questions = tuple(questions)
        self.speaker = speaker
        self.lexicon = lexicon
        self._nearness = Vectors(library.embedder)
        self._understood = cache(lambda text: understand(text, lexicon))
        self._vectors = library.question_vectors([question.text for question in questions])

    def matches(self, text: str, most: int = 5) -> list[Match]:
        """The nearest question of each field, the nearest field first."""
        if not self.questions:
            return []
        near = self._scores(text)
        best: dict[tuple[str, str], Match] = {}
        for place in near.argsort()[::-1][: 8 * most]:
            expected = self.questions[place]
            match = Match(expected, round(float(near[place]), 4))
            best.setdefault((expected.record, expected.field), match)
        return list(best.values())[:most]

    def of_kind(self, text: str, kind: str) -> list[tuple[str, float]]:
        """The records of a kind with the cosine of their nearest question, the nearest first."""
        best: dict[str, float] = {}
        if self.questions:
            for expected, score in zip(self.questions, self._scores(text), strict=True):
                if expected.record.startswith(f"{kind}:"):
                    told = round(float(score), 4)
                    best[expected.record] = max(best.get(expected.record, -1.0), told)
        return sorted(best.items(), key=lambda item: -item[1])

    def _scores(self, text: str) -> Vector:
        """How near each expected question is to a text, (n,)."""
        near: Vector = self._vectors @ self.library.embed_question(text)
        return near

    def near(self, text: str) -> tuple[str, ...]:
        """At most three questions that can be answered, of those that are nearest in meaning."""
        found = {m.expected.record: self.typical[m.expected.record, m.expected.field].text
                 for m in self.matches(text)[::-1] if m.score >= _BESIDE}  # fmt: skip
        return tuple(found.values())[::-1][:_MOST]

    @cached_property
    def typical(self) -> Mapping[tuple[str, str], ExpectedQuestion]:
        """Of the questions of each field the one that is most like them all, in their order."""
        places: dict[tuple[str, str], list[int]] = {}
        for place, question in enumerate(self.questions):
            places.setdefault((question.record, question.field), []).append(place)
        found = {}
        for field, own in places.items():
            whole = [i for i in own if self.questions[i].text.endswith("?")] or own
            middle = self._vectors[own].mean(axis=0)
            near = {i: round(float(self._vectors[i] @ middle), 4) for i in whole}
            found[field] = self.questions[max(whole, key=near.__getitem__)]
        return found

    def same(self, question: Question) -> Draft | None:
        """What the field says that this very question is expected for; None without one."""
        for match in self.matches(question.text):
            if match.score < _THE_SAME:
                return None
            if self._as_it_stands(match, question):
                return self._drafted(match, question)
        return None

    def draft(self, question: Question, asked: Asked) -> Draft | None:
        """What the nearest field says; None when none is near enough or it lacks what is asked."""
        found = self.matches(question.text)
        each = {word.folded for word in question.words} & {*self.lexicon.vocabulary.each_source}
        if each and asked.is_count:
            return None  # one field does not count by another
        least = _NEAR if _asks_one_thing(question, asked) else _VERY_NEAR
        if not found or found[0].score < least:
            return None
        near = [m for m in found if m.score > found[0].score - _CLEARLY]
        if len(near) > 1 and found[0].score < _VERY_NEAR:
            near = [m for m in near if self._is_same(m, question)
                    or self._carries(m, self._drafted(m, question), question, asked)]  # fmt: skip
            if len({m.expected.record for m in near}) != 1:
                return None
        draft = self._drafted(near[0], question)
        return draft if self._answers(near[0], draft, question, asked) else None

    def _drafted(self, match: Match, question: Question) -> Draft | None:
        """What the field of an expected question says."""
        return self._said(
            self.speaker.record(match.expected.record), match.expected.field, question
        )

    def _answers(self, match: Match, draft: Draft | None, question: Question, asked: Asked) -> bool:
        record = self.speaker.record(match.expected.record)
        if draft is None or _is_beside(question, asked, record, match.expected.field):
            return False
        if is_another(question, record, self.lexicon.vocabulary):
            return False
        if asked.office and not asked.office <= self._stems_of(match.expected):
            return False
        said = " ".join(statement.text for statement in draft.statements)
        told = {word.stem for word in words(f"{match.expected.text} {said}")}
        if not turns(question, self.lexicon.vocabulary.turns) <= told:
            return False
        if self._carries(match, draft, question, asked):
            return True
        return self._is_same(match, question) and not asked.lacks(said) & _UNMISTAKABLE

    def _stems_of(self, expected: ExpectedQuestion) -> frozenset[str]:
        """The stems of all that is asked of a field: "who is in charge", "who leads it"."""
        own = (expected.record, expected.field)
        same = [q.text for q in self.questions if (q.record, q.field) == own]
        return frozenset(word.stem for text in same for word in words(text))

    def _is_same(self, match: Match, question: Question) -> bool:
        """Whether both questions ask the same, so that the field need not be looked at."""
        told = self._understood(match.expected.text)
        turning = self.lexicon.vocabulary.turns
        return match.score >= _ALIKE and ask_the_same(question, told, turning)

    def _as_it_stands(self, match: Match, question: Question) -> bool:
        """Whether a question is an expected one word for word, its order and articles apart."""
        articles = self.lexicon.vocabulary.articles
        told = self._understood(match.expected.text)
        one, other = (
            Counter(word.stem for word in q.words if word.folded not in articles)
            for q in (question, told)
        )
        return one == other

    def _carries(self, match: Match, draft: Draft | None, question: Question, asked: Asked) -> bool:
        """Whether the record speaks of what the question names and holds what it asks for."""
        record = self.speaker.record(match.expected.record)
        if draft is None or _is_beside(question, asked, record, match.expected.field):
            return False
        said = " ".join(statement.text for statement in draft.statements)
        known = {w.stem for w in words(f"{self._whole(record)} {match.expected.text} {said}")}
        about = {
            question.words[i].stem
            for span in question.of(Role.PARTNERSHIP)
            for i in range(span.start, span.end)
        }
        named = {question.words[i].stem for i in asked.names} - about
        if not (
            self._asks_alike(question, match) and _of_kind(question, record, match.expected.field)
        ):
            return False
        if not named <= known or not _tells_which(asked, known):
            return False
        if asked.is_count:
            return asked.counts(said)
        pieces = [
            Piece(e.passage, e.start, e.end, statement.text)
            for statement in draft.statements
            for e in statement.evidence[:1]
        ]
        if self._asks_by_name(match) and not self._speaks_of(
            asked, f"{self._whole(record)} {said}"
        ):
            return False
        return not asked.lacks(said) and any(not unfit(asked, piece) for piece in pieces)

    def _asks_by_name(self, match: Match) -> bool:
        """Whether an expected question is no more than "who is X?", which is near all about X."""
        told = self._understood(match.expected.text)
        named = told.words_of([s for s in told.spans if s.meaning.role in NAMES])
        return not told.content - named

    def _speaks_of(self, asked: Asked, text: str) -> bool:
        """Whether a text has each word of what is asked, or one that stands for it."""
        found = [w for w in words(text) if asked.tells(w)]
        stems = {w.stem for w in found} | asked.held_nouns(text)
        others = sorted({w.folded for w in found})
        return all(
            w.stem in stems or any(same_root(w.folded, other) for other in others)
            for w in (asked.question.words[i] for i in asked.content if i not in asked.names)
        )

    def _asks_alike(self, question: Question, match: Match) -> bool:
        """Whether both ask who, where or why, or neither: a task is no answer to "who"."""
        told = self._understood(match.expected.text)
        record = self.speaker.record(match.expected.record)
        names = fields_of(type(record))[match.expected.field].targets
        return all(
            told.asks(word) or (word == "who" and names)
            for word in ("who", "where", "why")
            if question.asks(word)
        )

    def _whole(self, record: Record) -> str:
        """All that the record says, in one text."""
        printer = self.speaker.cards.printer
        said = [record.name, *record.aliases]
        for name, observed in record.stated().items():
            said += [printer.value(record, name, o.value) for o in observed.observations]
        return " ".join(said)

    def _said(self, record: Record, name: str, question: Question) -> Draft | None:
        source = question.sources[0].meaning.value if question.sources else ""
        seen = first(record, name, source)
        if seen is None:
            return None
        summary = self._summary(
            record, question, seen.source if source or name != "summary" else ""
        )
        whole = name == "summary" or record.kind not in NAMED_KINDS
        if whole and summary is not None:  # a sentence reads better than a label and a value
            evidence = present([self.speaker.cards.field(record, "summary", summary)])
            statement = Statement(stopped(summary.value), evidence)
        else:
            statement = self.speaker.field(record, name, seen)
        if source:
            return Draft((statement,), subjects=(record.name,))
        if contradicts(record, name):  # a text that contradicts is said whole, not as a note
            others = [self._other(record, name, o) for o in record.observed(name).differing()]
            return Draft((statement, *others), subjects=(record.name,))
        notes = tuple(self.speaker.others(record, name))
        return Draft((statement,), notes, subjects=(record.name,))

    def _summary(self, record: Record, question: Question, source: str) -> Observation[str] | None:
        """The summary that goes first, or one that is clearly nearer to what is asked.

        Each publication sums up what it has to do with a thing: one tells what an institute is,
        another only whom it employs.
        """
        told = [o for o in record.observed("summary").observations if source in ("", o.source)]
        if len(told) <= 1:
            return told[0] if told else None
        asked, *vectors = self._nearness.of([question.text, *(o.value for o in told)])
        near = [round(float(asked @ vector), 4) for vector in vectors]
        best = max(range(len(told)), key=lambda place: near[place])
        return told[best] if near[best] > near[0] + _NEARER else told[0]

    def _other(self, record: Record, name: str, seen: Observation[Any]) -> Statement:
        who = self.speaker.wording.called(seen.source, seen.as_of)
        value = self.speaker.cards.printer.value(record, name, seen.value)
        text = f"{capital(who)} says otherwise: {value}"
        return Statement(
            stopped(text), present([self.speaker.cards.field(record, name, seen)]), (who,)
        )


def _asks_one_thing(question: Question, asked: Asked) -> bool:
    """Whether one field can answer: nothing to list, add up or compare, and one question word."""
    several = question.has_cue("compare", "sum", "order", "timeline") or asked.is_list
    words_that_ask = {span.meaning.value for span in question.of(Role.ANSWER)}
    return not several and len(words_that_ask - {"how"}) <= 1


def _tells_which(asked: Asked, known: set[str]) -> bool:
    """Whether there is anything of what "which price" asks for among the words of a record."""
    verbs = set(asked.folded) & set(asked.demands.words.verbs)  # "what worries the town?" has none
    asks = bool(asked.which) and ("which" in asked.folded or bool(verbs))
    return not asks or "date" in asked.needs or bool(known & set(asked.which))


def _is_beside(question: Question, asked: Asked, record: Record, field: str) -> bool:
    """Whether the answer is a date where none is asked for, or the one that is named."""
    if fields_of(type(record))[field].type is not FieldType.DATE:
        return False
    return "date" not in asked.needs or (bool(question.dates) and not question.asks("when"))


def _of_kind(question: Question, record: Record, field: str) -> bool:
    """Whether the answer is of the kind that "which region" asks for."""
    kinds = question.kinds()
    which = [s for s in question.of(Role.CUE) if s.meaning.value in ("list", "definition")]
    heads = [k.meaning.value for k in kinds if any(w.end == k.start for w in which)]
    targets = fields_of(type(record))[field].targets
    return not heads or any(head == record.kind or head in targets for head in heads)
