"""Whether two questions that are near in meaning differ in what meaning alone does not tell.

"The largest" and "the smallest", "is" and "is not", "who" and "where", a telephone and an e-mail
address are near each other for an embedder, and far apart for who asks.
"""

from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from math import inf

import numpy as np

from app.answering.lexicon import Lexicon, Meaning, Role, Span
from app.answering.neighbours import Vectors
from app.answering.understanding import Question, understand
from corpus.rewordings import Rewording, mask
from corpus.words import stem, words
from retrieval.embedder import Embedder

_ASKING = ("who", "where", "when", "why", "how_much", "how_long")
_EXTREMES = ("largest", "smallest", "sum", "average", "count")
_MOST = {"largest", "smallest"}
_NAMING = {Role.ENTITY, Role.COUNTRY, Role.GROUP, Role.SOURCE}
_SHORTEST = 3  # letters of a word that is compared
_SOMEBODY = {"region", "organisation", "person"}
_PER_WORD = 0.08  # of cosine, for a word that is in no way of asking the same
_ONLY_NAMES = 0.20  # where there is nothing but names to go by
_RELATED = 0.60  # cosine of two single words from which on one may be said for the other


class Likeness:
    """Compares questions, their names masked, with rewordings."""

    def __init__(
        self, embedder: Embedder, lexicon: Lexicon, rewordings: Sequence[Rewording]
    ) -> None:
        self._lexicon = lexicon
        self._vectors = Vectors(embedder)
        self._understood = cache(lambda text: understand(text, lexicon))
        self._ways: dict[str, set[str]] = {}  # the stems of all ways to ask a thing
        for rewording in rewordings:
            said = words(rewording.masked(lexicon.vocabulary))
            self._ways.setdefault(rewording.meaning, set()).update(w.folded for w in said)

    def doubt(self, asked: Question, rewording: Rewording) -> float:
        """How much nearer than usual in meaning the two must be; endless where they differ.

        Nothing in what is asked may go beyond the rewording and what it means.
        """
        vocabulary = self._lexicon.vocabulary
        said = self._understood(rewording.masked(vocabulary))
        meant = self._understood(Rewording(rewording.meaning, "").masked(vocabulary))
        same = (
            _asks_alike(asked, said, meant, self._understood(rewording.plain_meaning))
            and bool(asked.negations) == bool(said.negations)
            and not asked.bounds
            and not _told(asked) < _told(said)  # it says more: "represented at the helm"
            and _values(asked) <= _values(said) | _values(meant)
            and _extremes(asked) <= _extremes(said) | _extremes(meant)
            and _extremes(said) & _MOST <= _extremes(asked)
            and (asked.has_cue("count") or not (said.has_cue("count") and asked.has_cue("list")))
        )
        return self._strange(asked, said, meant, self._ways[rewording.meaning]) if same else inf

    def _strange(
        self, asked: Question, said: Question, meant: Question, ways: AbstractSet[str]
    ) -> float:
        """The doubt that words of content raise that are in no way of asking the same.

        A word of the vocabulary is like another that stands for the same kind or field, any other
        like one that is near in meaning. Of a question without content the meaning alone tells.
        """
        held = {stem(word) for word in ways}
        meanings = {s.meaning for q in (said, meant) for s in q.spans}
        loose = {_loose(s) for q in (said, meant) for s in q.spans}
        others = sorted(word for word in ways if _tells(word) and not self._empty(word))
        doubt = 0.0
        content = (asked.content | frozenset(asked.numbers)) - self._whole(asked)
        for at in content:
            if asked.words[at].stem in held:
                continue
            spans = [s for s in asked.spans if s.start <= at < s.end]
            if any(s.meaning in meanings or _loose(s) in loose for s in spans):
                continue
            other_field = any(s.meaning.role in (Role.FIELD, Role.KIND) for s in spans)
            if at in asked.numbers or other_field or not self._related(asked, at, others):
                return inf
            doubt += _PER_WORD
        return doubt if content - self._masks(asked) else max(doubt, _ONLY_NAMES)

    def _whole(self, asked: Question) -> frozenset[int]:
        """Numbers that say no more than "all": "the seventeen goals" where there are seventeen."""
        of_kinds = Counter(kind for kind, _ in self._lexicon.numbered)
        counted = {s.start - 1: of_kinds[s.meaning.value] for s in asked.kinds()}
        return frozenset(at for at, n in asked.numbers.items() if counted.get(at) == n)

    def _masks(self, asked: Question) -> frozenset[int]:
        """The nouns that stand for names, and what the partnership is called."""
        marks = {w.folded for w in words(mask("", self._lexicon.vocabulary))}
        nouns = [s for s in asked.kinds() if asked.words[s.start - 1].folded in marks]
        return asked.words_of([*nouns, *asked.of(Role.PARTNERSHIP)])

    def _empty(self, word: str) -> bool:
        return word in self._lexicon.vocabulary.function_words

    def _related(self, asked: Question, at: int, others: list[str]) -> bool:
        word = asked.words[at]
        written = asked.text[word.start : word.end]
        if not _tells(word.folded) or (at and written[:1].isupper()) or not others:
            return False
        if not self._lexicon.in_dictionary(word.folded):
            return False
        own, *near = self._vectors.of([word.folded, *others])
        return float(np.max(np.stack(near) @ own)) >= _RELATED


def _tells(word: str) -> bool:
    return len(word) >= _SHORTEST and word.isalpha()


def _loose(span: Span) -> Meaning | str:
    """A field whatever it belongs to: "lead" of a project and of an area are one word."""
    meaning = span.meaning
    return meaning.value.partition(".")[2] if meaning.role is Role.FIELD else meaning


def _asks_alike(asked: Question, said: Question, meant: Question, plain: Question) -> bool:
    """Whether both ask who, where, when or why, or neither.

    ``plain`` is what is meant without its slots: the kinds that it names are asked for.
    """
    somebody = _SOMEBODY & {s.meaning.value for s in plain.kinds()} and plain.has_cue("list")
    for word in _ASKING:
        told = said.asks(word) or meant.asks(word) or (word == "who" and somebody)
        if asked.asks(word) and not told:
            return False
    return said.asks("why") == asked.asks("why") and asked.yes_no >= said.yes_no


def _told(question: Question) -> frozenset[str]:
    """The stems of all words that say what a question is about."""
    found = question.content | question.words_of(question.kinds())
    return frozenset(question.words[i].stem for i in found)


def _values(question: Question) -> frozenset[str]:
    """The values of choice fields that a question names."""
    return frozenset(s.meaning.value for s in question.of(Role.CHOICE))


def _extremes(question: Question) -> frozenset[str]:
    """What is to be computed, as far as the words say so."""
    return frozenset(s.meaning.value for s in question.of(Role.CUE)) & frozenset(_EXTREMES)


def ask_the_same(one: Question, other: Question, turning: AbstractSet[str]) -> bool:
    """Whether two questions that are near in meaning agree in all that meaning does not tell.

    They name the same things, numbers and dates, ask who, where, when or why alike, and neither
    denies, counts or ranks where the other does not, or has a word of ``turning`` (folded words
    like "before" or "former") that the other lacks.
    """
    return (
        turns(one, turning) == turns(other, turning)
        and _named(one) == _named(other)
        and sorted(one.numbers.values()) == sorted(other.numbers.values())
        and {d.date for d in one.dates} == {d.date for d in other.dates}
        and bool(one.negations) == bool(other.negations)
        and all(one.asks(word) == other.asks(word) for word in _ASKING)
        and _extremes(one) == _extremes(other)
    )


def turns(question: Question, turning: AbstractSet[str]) -> frozenset[str]:
    """The stems of the words of a question that make another one of it."""
    return frozenset(word.stem for word in question.words if word.folded in turning)


def _named(question: Question) -> frozenset[str]:
    """The records, countries and publications that a question names, under all their readings."""
    return frozenset(s.meaning.value for s in question.spans if s.meaning.role in _NAMING)
