"""Several questions in one: "What does it cost, and who leads it?", "When and where was it?"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.answering.answer import Status
from app.answering.conversation import Turn, resolve
from app.answering.evidence import Draft, Statement
from app.answering.lexicon import Lexicon, Role
from app.answering.understanding import Question, understand
from corpus.sentences import sentence_spans

_MARK = re.compile(r"[,;:?.!–—]|\s-\s")
_ASKED = re.compile(r"\?")
_MOST = 5  # questions in one: each is searched for, and who asks more waits for all of them
_FEWEST = 2  # words before a question that may belong to it
_NOUNS = (Role.KIND, Role.FIELD)


@dataclass(frozen=True, slots=True)
class Parts:
    """The questions that one question consists of, and what is said before the first of them."""

    texts: tuple[str, ...]
    context: str = ""


def parts_of(question: Question, lexicon: Lexicon) -> Parts | None:
    """The questions in a question, in their order; None where it is one, or more than a handful."""
    reader = _Reader(question, lexicon)
    starts = reader.starts()
    if not starts:
        return None
    ends = [*(reader.end_before(start) for start in starts[1:]), len(question.text)]
    ends = [reader.in_sentence(start, end) for start, end in zip(starts, ends, strict=True)]
    told = [(a, b) for a, b in zip(starts, ends, strict=True) if not reader.is_tag(a, b)]
    starts, ends = [a for a, _ in told], [b for _, b in told]
    if not starts:
        return None
    texts: list[str] = []
    for place, (start, end) in enumerate(zip(starts, ends, strict=True)):
        bare = bool(texts) and reader.is_bare(start, end)
        rest = reader.rest(starts[place - 1], ends[place - 1]) if bare else ""
        if rest:
            texts.append(f"{reader.text(start, end)} {rest}?")
        else:
            texts += reader.shared(start, end, reader.noun(starts[0]) if texts else "")
    context = question.text[: question.words[starts[0]].start].strip()
    if reader.narrows(starts[0]):  # "In 2020, who led it and when did it end?"
        texts[0], context = f"{context} {texts[0]}", ""
    several = 1 < len(texts) <= _MOST
    return Parts(tuple(texts), context.rstrip(" ,;:–—-")) if several else None


def focused(question: Question, lexicon: Lexicon) -> Question | None:
    """What is asked, completed from what is said before: "I work in Turin. Is it in?".

    None where nothing is said before it.
    """
    said = [question.text[a:b] for a, b in sentence_spans(question.text)]
    asking = [place for place, part in enumerate(said) if part.rstrip().endswith("?")]
    at = asking[-1] if asking else len(said) - 1
    before, text = " ".join(said[:at]), said[at] if said else ""
    clause = understand(text, lexicon)
    reader = _Reader(clause, lexicon)
    starts = reader.starts()
    if len(starts) == 1 and starts[0] and not reader.narrows(starts[0]):
        start = clause.words[starts[0]].start
        before, text = f"{before} {text[:start]}".strip(" ,;:–—-"), text[start:]
    if not before:
        return None
    found = resolve(text, Turn(understand(before, lexicon)), lexicon)
    return replace(found, asked=question.asked)


def together(drafts: Sequence[Draft]) -> Draft:
    """The answers to several questions as one answer, in their order."""
    said = [s for draft in drafts for s in _statements(draft)]
    told: dict[tuple[str, str], Statement] = {}
    head = ""
    for statement in said:  # an item that stands in two lists belongs to both
        head = head if statement.item else statement.text
        told[head if statement.item else "", statement.text] = statement
    statements = tuple(told.values())
    notes = tuple({note.text: note for draft in drafts for note in draft.notes}.values())
    table = next((draft.table for draft in drafts if draft.table), None)
    return Draft(statements, notes, table=table, subjects=drafts[0].subjects)


def without_repeats(parts: Sequence[Draft], whole: Draft | None) -> list[Draft]:
    """The answers to parts; where two say the same, once, and what the whole question is told."""
    kept = list({tuple(s.text for s in draft.statements): draft for draft in parts}.values())
    repeats = len(kept) < len(parts) and whole and whole.status is Status.ANSWERED
    return [*kept, whole] if repeats and whole and whole not in kept else kept


def says_less(whole: Draft, parts: Sequence[Draft | None]) -> bool:
    """Whether the answer to a whole question leaves out parts of it: nothing but what some say."""
    answered = [d for d in parts if d and d.status is Status.ANSWERED]
    if not answered or all(parts):
        return False
    said = {statement.text for draft in answered for statement in draft.statements}
    return whole.status is not Status.ANSWERED or {s.text for s in whole.statements} <= said


def _statements(draft: Draft) -> tuple[Statement, ...]:
    """What a draft says; of one that found nothing, what is missing."""
    if draft.status is Status.ANSWERED:
        return draft.statements
    said = draft.statements[0].text
    return (Statement(said, computed=(said,), lead=True),)


def no_answer_to(text: str) -> Draft:
    """What is said in the place of an answer that the documents do not hold."""
    statement = Statement(f"The documents do not hold an answer to “{text}”.")
    return Draft((statement,), status=Status.ABSTAINED)


class _Reader:
    """Where the questions of one question begin and end."""

    def __init__(self, question: Question, lexicon: Lexicon) -> None:
        self.question = question
        self.words = question.words
        self.vocabulary = lexicon.vocabulary

    def starts(self) -> list[int]:
        """The words with which the questions begin: the first one, and each after a break."""
        found: list[int] = []
        for at in range(len(self.words)):
            if self._opens(at) and (at == 0 or self._breaks(at)):
                run = found and self._is_row(found[-1], at)
                found += [] if run else [at]
        if not found:
            return []
        if found[0] and (self._verb(0) or (self._orders() and self._joins(found[0] - 1))):
            found.insert(0, 0)  # "Is it ..., and who ...?", "Name them and say when ..."
        return found

    def _orders(self) -> bool:
        """Whether the first word asks for a list: "name", "show"."""
        return any(s.start == 0 and s.meaning.value == "list" for s in self.question.of(Role.CUE))

    def in_sentence(self, start: int, end: int) -> int:
        """Where a question ends that has more sentences behind it."""
        mark = _ASKED.search(self.question.text, self.words[start].start, end)
        return mark.start() if mark else end

    def is_tag(self, start: int, end: int) -> bool:
        """Whether a question only asks for a yes or no once more: ", isn't it?"."""
        said = [i for i, word in enumerate(self.words) if i >= start and word.start < end]
        return start > 0 and self._verb(start) and not self.question.content & set(said)

    def narrows(self, start: int) -> bool:
        """Whether what stands before a question belongs to it: it begins with a preposition."""
        if start < _FEWEST or self._gap(start).strip() == ":":
            return False
        vocabulary = self.vocabulary
        clause = self.words[1].folded in vocabulary.pronouns | vocabulary.own_pronouns
        return self.words[0].folded in vocabulary.prepositions and not clause

    def end_before(self, start: int) -> int:
        """The place in the text where the question before the one at word ``start`` ends."""
        at = start
        while at and self._joins(at - 1):
            at -= 1
        return self.words[at - 1].end if at else 0

    def noun(self, start: int) -> str:
        """What is counted by the question from word ``start``: "regions" of "how many regions"."""
        after = self._after(start)
        nouns = [s for s in self.question.kinds() if s.end == after and self._counts(s.start)]
        return self.text(nouns[0].start, self.words[after - 1].end) if nouns else ""

    def shared(self, start: int, end: int, noun: str = "") -> list[str]:
        """The question from word ``start``; for "when and where ...?" each with what they share.

        ``noun`` is what "how many are ..." counts without saying so.
        """
        if noun and self._counts(self._after(start)):
            after = self.words[self._after(start) - 1].end
            rest = self.question.text[after:end].rstrip(" ,;:?.!–—-")
            return [f"{self.text(start, after)} {noun}{rest}?"]
        openers = [start]
        at = self._after(start)
        while at < len(self.words) and self.words[at].start < end:
            following = at + 1 if self.words[at].folded in self.vocabulary.clause_joints else at
            if following >= len(self.words) or not self._goes_on(following):
                break
            openers.append(following)
            at = self._after(following)
        if at >= len(self.words) or len(openers) == 1:
            return [f"{self.text(start, end)}?"]
        rest = self.question.text[self.words[at].start : end].rstrip(" ,;:?.!–—-")
        said = [(self.words[o].start, self.words[self._after(o) - 1].end) for o in openers]
        return [f"{self.question.text[a:b]} {rest}?" for a, b in said]

    def text(self, start: int, end: int) -> str:
        """What is said from word ``start`` to the place ``end``, without marks behind it."""
        return self.question.text[self.words[start].start : end].rstrip(" ,;:?.!–—-")

    def is_bare(self, start: int, end: int) -> bool:
        """Whether a question is no more than its question word: "..., and on which day?"."""
        after = self._after(start)
        return after >= len(self.words) or self.words[after].start >= end

    def rest(self, start: int, end: int) -> str:
        """A question without its question word."""
        after = self._after(start)
        bare = after >= len(self.words) or self.words[after].start >= end
        return "" if bare else self.text(after, end)

    def _after(self, opener: int) -> int:
        """The first word behind a question word and what belongs to it ("how many")."""
        opener += self.words[opener].folded in self.vocabulary.prepositions
        spans = [
            s.end for s in self.question.spans
            if s.start == opener and s.meaning.role in (Role.ANSWER, Role.CUE)
        ]  # fmt: skip
        after = max(spans, default=opener + 1)
        if self.words[opener].folded not in self.vocabulary.determiners and not self._counts(after):
            return after
        nouns = [
            s.end for s in self.question.spans if s.start == after and s.meaning.role in _NOUNS
        ]
        return max(nouns, default=after)

    def _counts(self, after: int) -> bool:
        """Whether the words before a place are "how many"."""
        return any(
            s.end == after and s.meaning.value == "count" for s in self.question.of(Role.CUE)
        )

    def _is_row(self, opener: int, at: int) -> bool:
        """Whether a question word only goes on a row of them: "when and where"."""
        place = self._after(opener)
        while place < at and self.words[place].folded in self.vocabulary.clause_joints:
            place += 1
        return place == at and self._goes_on(at)

    def _goes_on(self, at: int) -> bool:
        """Whether a word asks alone, without a noun of its own ("how many regions")."""
        if not self._asks(at):
            return False
        after = self._after(at)
        return not any(s.end == after for s in self.question.kinds())

    def _opens(self, at: int) -> bool:
        """Whether a question may begin with a word."""
        return self._asks(at) or self._verb(at)

    def _asks(self, at: int) -> bool:
        """Whether there is a question word, with a preposition before it or without."""
        said = self.words[at].folded
        if said in self.vocabulary.prepositions and at + 1 < len(self.words):
            at += 1
        said, last = self.words[at].folded, at + 1 >= len(self.words)
        if said in self.vocabulary.relatives and at and self._joins(at - 1):
            # "regions which lead and which are Spanish": no question of its own
            return not last and self.words[at + 1].folded not in self.vocabulary.yes_no
        return said in self.vocabulary.question_words

    def _verb(self, at: int) -> bool:
        """Whether a question for yes or no begins there: a verb, then what it is asked of."""
        if self.words[at].folded not in self.vocabulary.yes_no or at + 1 >= len(self.words):
            return False
        follows = self.words[at + 1].folded
        named = any(
            s.start == at + 1 and s.meaning.role in (Role.ENTITY, Role.PARTNERSHIP, Role.COUNTRY)
            for s in self.question.spans
        )
        vocabulary = self.vocabulary
        return named or follows in (
            vocabulary.articles | vocabulary.pronouns | vocabulary.own_pronouns
        )

    def _gap(self, at: int) -> str:
        return self.question.text[self.words[at - 1].end : self.words[at].start] if at else ""

    def _joins(self, at: int) -> bool:
        """Whether a word only joins two questions: "and", "and for (how long)"."""
        return self.words[at].folded in self.vocabulary.clause_joints

    def _breaks(self, at: int) -> bool:
        """Whether a new question can begin there: after a mark, or after "and"."""
        return bool(_MARK.search(self._gap(at))) or self._joins(at - 1)
