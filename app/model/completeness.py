"""Whether a model's text has all that was computed: each number, each record that is named."""

import re
from dataclasses import dataclass

from app.answering.figures import numbers_in
from app.answering.lexicon import NAMES, Lexicon, Role, Span
from app.model.language import tongue
from corpus.words import Word, words

_ASIDE = re.compile(r"\([^()]*\)")


@dataclass(frozen=True, slots=True)
class Facts:
    """The numbers of a text, and the records that it names ("kind:id")."""

    numbers: frozenset[str]
    records: frozenset[str]


def told_in(text: str, lexicon: Lexicon) -> Facts:
    """All that a text has, words for numbers included."""
    language = lexicon.vocabulary.language
    spans = lexicon.spans(text, words(text, language))
    records = frozenset(s.meaning.value for s in spans if s.meaning.role is Role.ENTITY)
    return Facts(numbers_in(text) | tongue(language).numbers_of(text), records)


def wanted_of(text: str, lexicon: Lexicon) -> Facts:
    """What a computed text tells, but for what stands in brackets.

    What is part of a longer name is no fact of its own ("Generation 3 batteries"), nor is a word
    like others that is somewhere a name as well ("the launch").
    """
    own = words(text, lexicon.vocabulary.language)
    spans = lexicon.spans(text, own)
    aside = _aside(text, own)
    words_like_others = {(s.start, s.end) for s in spans if s.meaning.role not in NAMES}
    common = {s.meaning.value for s in spans if (s.start, s.end) in words_like_others}
    named = [s for s in spans if s.meaning.role is Role.ENTITY and s.start not in aside]
    outer = [s for s in named if not any(_inside(s, other) for other in named)]
    inside = aside | {i for s in outer for i in range(s.start, s.end)}
    left = " ".join(text[w.start : w.end] for i, w in enumerate(own) if i not in inside)
    return Facts(numbers_in(left), frozenset({s.meaning.value for s in outer} - common))


def _aside(text: str, own: list[Word]) -> set[int]:
    """The places of the words that stand in brackets."""
    found = [match.span() for match in _ASIDE.finditer(text)]
    return {i for i, w in enumerate(own) if any(a < w.start < b for a, b in found)}


def _inside(one: Span, other: Span) -> bool:
    """Whether a span is only a part of another one."""
    longer = other.end - other.start > one.end - one.start
    return longer and other.start <= one.start and one.end <= other.end
