"""Whole questions put in other words than the rules understand: read as what they mean.

A question that no plan explains is compared by meaning with the rewordings of `corpus.rewordings`,
its names and dates masked. The nearest one that is alike in all that meaning alone does not tell
(who or where, how many, not, the most, which value; no name, number or word of its own left over)
says in which words the rules understand it: with the names put back, that question is asked.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from app.answering.alike import Likeness
from app.answering.lexicon import NAMES, Lexicon, Role
from app.answering.understanding import Question, understand
from corpus.rewordings import COUNTRY, DATE, Rewording, mask, masked_texts, rewordings
from corpus.words import words
from retrieval.library import Library

# Cosines of the default embedder between two questions with masked names.
_NEAR = 0.70
_BESIDE = 0.08  # nearer ones by this much must not have failed: they mean something else
_PARTNERSHIP = "partnership"
_AS_IT_IS = "*"  # for a word that need not be a name
_READINGS = 8  # of names that may be of several kinds
_LOOKED_AT = 12  # of the nearest rewordings


@dataclass(frozen=True, slots=True)
class Match:
    """A question in words that the rules understand, and how near it is to what was asked."""

    question: Question
    score: float


@dataclass(frozen=True, slots=True)
class _Masked:
    """A question without its names: its text, and what they are and say, in its order."""

    text: str
    slots: tuple[str, ...]
    values: tuple[str, ...]


class Rewordings:
    """Reads questions as the nearest of what people may ask of any partnership."""

    def __init__(self, library: Library, lexicon: Lexicon) -> None:
        self.library = library
        self.lexicon = lexicon
        self.all = rewordings(lexicon.vocabulary.language)
        texts = masked_texts(lexicon.vocabulary)
        self._worded: dict[tuple[str, ...], list[Rewording]] = {}
        for text, rewording in zip(texts, self.all, strict=True):
            self._worded.setdefault(_spoken(text), []).append(rewording)
        self._vectors = library.question_vectors(texts)
        self._likeness = Likeness(library.embedder, lexicon, self.all)

    def of(self, question: Question, plain: Callable[[Question], bool]) -> Match | None:
        """The nearest question that ``plain`` accepts (that has a plan); None when none is near."""
        if not question.content:
            return None
        found = [
            match
            for masked in self._readings(question)
            if (match := self._nearest(question, masked, plain))
        ]
        return max(found, key=lambda match: match.score, default=None)

    def same(self, question: Question, plain: Callable[[Question], bool]) -> Question | None:
        """What a question means that is a rewording in its very words; None for any other.

        ``plain`` is what has a plan. A question that is understood otherwise by its words alone
        is still what its whole wording says.
        """
        for masked in self._readings(question):
            for rewording in self._worded.get(_spoken(masked.text), ()):
                if sorted(rewording.slots) == sorted(masked.slots):
                    meant = understand(rewording.filled(_in_order(rewording, masked)), self.lexicon)
                    verdict = question.yes_no and not meant.yes_no  # which would be lost
                    if not verdict and plain(meant):
                        return replace(meant, asked=question.asked)
        return None

    def _nearest(
        self, question: Question, masked: _Masked, plain: Callable[[Question], bool]
    ) -> Match | None:
        if not self.all:
            return None
        near = self._vectors @ self.library.embed_question(masked.text)
        asked = understand(masked.text, self.lexicon)
        top = 0.0
        for place in near.argsort()[::-1][:_LOOKED_AT]:
            score, rewording = round(float(near[place]), 4), self.all[place]
            if score < max(_NEAR, top - _BESIDE):
                break
            if sorted(rewording.slots) != sorted(masked.slots):
                continue
            top = max(top, score)
            if score < _NEAR + self._likeness.doubt(asked, rewording):
                continue
            meant = understand(rewording.filled(_in_order(rewording, masked)), self.lexicon)
            if plain(meant):
                return Match(replace(meant, asked=question.asked), score)
        return None

    def _readings(self, question: Question) -> Iterator[_Masked]:
        """The question with its names and dates masked, for each kind that they may be of."""
        places: dict[tuple[int, int], dict[str, None]] = {}
        plain = {(s.start, s.end) for s in question.spans if s.meaning.role not in NAMES}
        about = {(s.start, s.end) for s in question.of(Role.PARTNERSHIP)}
        for span in question.spans:
            role, at = span.meaning.role, (span.start, span.end)
            if at in about:
                places[at] = {_PARTNERSHIP: None}
            elif role in NAMES:
                slot = _slot(role, span.meaning.value)
                found = places.setdefault(at, {})
                found[slot] = None
                if role is Role.GROUP or slot == "term" or at in plain:  # just a word, perhaps
                    found[_AS_IT_IS] = None
        for date in question.dates:
            at = min(date.words), max(date.words) + 1
            if not any(a <= at[0] and at[1] <= b for a, b in places):
                places[at] = {DATE: None}
        outer = sorted(
            p for p in places if not any(o != p and o[0] <= p[0] and p[1] <= o[1] for o in places)
        )
        kinds = product(*(tuple(places[place]) for place in outer))
        for slots, _ in zip(kinds, range(_READINGS), strict=False):
            if all(slots):
                masked = [(p, s) for p, s in zip(outer, slots, strict=True) if s != _AS_IT_IS]
                yield self._masked(question, masked)

    def _masked(self, question: Question, places: Sequence[tuple[tuple[int, int], str]]) -> _Masked:
        text = question.text
        values: list[str] = []
        for (start, end), slot in reversed(places):
            if slot != _PARTNERSHIP:
                values.insert(0, _text(question, start, end))
            first, last = self._with_noun(question, start, end, slot)
            before, after = question.words[first].start, question.words[last - 1].end
            text = text[:before] + self._mask(slot) + text[after:]
        named = [slot for _, slot in places if slot != _PARTNERSHIP]
        return _Masked(text, tuple(named), tuple(values))

    def _mask(self, slot: str) -> str:
        if slot == _PARTNERSHIP:
            return f"the {self.lexicon.vocabulary.partnership[0]}"
        return mask(slot, self.lexicon.vocabulary)

    def _with_noun(self, question: Question, start: int, end: int, slot: str) -> tuple[int, int]:
        """A name with the noun of its kind beside it and the article: "the X project"."""
        for span in question.kinds():
            if span.meaning.value == slot and span.start == end:
                end = span.end
        if start and question.words[start - 1].folded in self.lexicon.vocabulary.articles:
            start -= 1
        return start, end


def _spoken(text: str) -> tuple[str, ...]:
    return tuple(word.folded for word in words(text))


def _text(question: Question, start: int, end: int) -> str:
    return question.text[question.words[start].start : question.words[end - 1].end]


def _slot(role: Role, value: str) -> str:
    """What kind of name it is; empty for one that no rewording has a place for."""
    if role is Role.ENTITY:
        return value.partition(":")[0]
    return COUNTRY if role in (Role.COUNTRY, Role.GROUP) else ""


def _in_order(rewording: Rewording, masked: _Masked) -> list[str]:
    """The values in the order of the rewording's slots."""
    left = list(zip(masked.slots, masked.values, strict=True))
    found = []
    for slot in rewording.slots:
        place = next(i for i, (own, _) in enumerate(left) if own == slot)
        found.append(left.pop(place)[1])
    return found
