"""A question, understood as far as the words go: what it names, what it asks for, and of what.

Nothing is decided here. `Question` lists every reading; `app.answering.planning` chooses.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from babel.dates import get_month_names

from app.answering.lexicon import Lexicon, Meaning, Role, Span, without_inner
from corpus.countries import countries, members
from corpus.records import KINDS
from corpus.schema import fields_of
from corpus.values import PartialDate
from corpus.vocabulary import Vocabulary
from corpus.words import Word, fold, stem, words

_MONTHS = {
    fold(name): number
    for width in ("wide", "abbreviated")
    for number, name in get_month_names(width, locale="en").items()
}
_MONTHS["sept"] = 9  # the short form that the locale lacks
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DATE = re.compile(
    rf"\b(?:(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?)?({_MONTH})\.?"
    rf"(?:\s+(\d{{1,2}})(?:st|nd|rd|th)?)?,?\s+(\d{{4}})\b|\b((?:19|20)\d{{2}})\b",
    re.IGNORECASE,
)
_SCALES_AND_UNITS = {
    "thousand": 10**3, "million": 10**6, "m": 10**6, "billion": 10**9, "bn": 10**9,
    "euro": 1, "euros": 1, "eur": 1, "percent": 1,
    "year": 1, "years": 1, "month": 1, "months": 1,
}  # fmt: skip
_AMOUNT = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]{1,15}(?:\.[0-9]+)?")
_NUMBER_LIST = re.compile(r"[0-9]{1,4}")  # numbers of things, not of any length
_WITH_NUMBER = re.compile(r"([a-z]+)([0-9]{1,4})")
_RELATIONS = {
    "before": "before", "until": "until", "till": "until", "by": "until", "after": "after",
    "since": "from", "from": "from", "between": "from", "and": "until", "to": "until",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date in a question: ``relation`` is in, before, after, from or until."""

    date: PartialDate
    relation: str
    words: frozenset[int]


@dataclass(frozen=True, slots=True)
class BoundMention:
    """A bound on an amount: ``relation`` is more or less, ``unit`` its last word ("years")."""

    amount: Decimal
    relation: str
    unit: str
    words: frozenset[int]


@dataclass(frozen=True)
class Question:
    """A question with every reading of its words.

    ``words`` carry offsets into ``text``, the question after slips of the pen were mended;
    ``asked`` is the question as it came. Spans index ``words``.
    """

    asked: str
    text: str
    words: tuple[Word, ...]
    spans: tuple[Span, ...]
    dates: tuple[DateMention, ...]
    bounds: tuple[BoundMention, ...] = ()
    content: frozenset[int] = field(default=frozenset())  # words that carry content
    numbers: Mapping[int, int] = field(default_factory=dict)  # small numbers, by word

    def number_at(self, at: int) -> int | None:
        """The number that a word stands for, in digits or letters; None for any other."""
        return self.numbers.get(at)

    def of(self, role: Role) -> list[Span]:
        """The spans of a role, in order."""
        return [span for span in self.spans if span.meaning.role is role]

    @cached_property
    def dated(self) -> frozenset[int]:
        """The words that make up dates."""
        return frozenset(i for date in self.dates for i in date.words)

    def has_cue(self, *cues: str) -> bool:
        """Whether one of the cues stands in the question."""
        return any(span.meaning.value in cues for span in self.of(Role.CUE))

    def cue_words(self, *cues: str) -> frozenset[int]:
        """The words of the given cues."""
        return _covered(span for span in self.of(Role.CUE) if span.meaning.value in cues)

    def asks(self, *answers: str) -> bool:
        """Whether one of the question words stands in the question."""
        return any(span.meaning.value in answers for span in self.of(Role.ANSWER))

    @cached_property
    def entities(self) -> tuple[Span, ...]:
        """Records that the question names."""
        return tuple(self.of(Role.ENTITY))

    @cached_property
    def sources(self) -> tuple[Span, ...]:
        """Publications that the question names."""
        return tuple(self.of(Role.SOURCE))

    def kinds(self) -> list[Span]:
        """Kinds that the question names, in order."""
        return self.of(Role.KIND)

    def fields(self, kind: str) -> list[tuple[Span, str]]:
        """Fields of a kind that the question's words may ask for."""
        found = []
        for span in self.of(Role.FIELD):
            owner, _, name = span.meaning.value.partition(".")
            if owner in ("*", kind) and name in fields_of(KINDS[kind]):
                found.append((span, name))
        return found

    def choices(self, kind: str) -> list[tuple[Span, str, tuple[str, ...]]]:
        """Values of a kind's choice fields: (span, field, values)."""
        found = []
        for span in self.of(Role.CHOICE):
            name, _, value = span.meaning.value.partition("=")
            owner, _, field_name = name.partition(".")
            if owner == kind:
                found.append((span, field_name, tuple(value.split(" or "))))
        return found

    def countries(self) -> list[tuple[Span, frozenset[str], bool]]:
        """Countries and groups of them: (span, ISO codes, whether they are excluded)."""
        found = []
        for span in self.of(Role.COUNTRY):
            found.append((span, frozenset({span.meaning.value}), self.negated(span)))
        for span in self.of(Role.GROUP):
            found.append((span, members(span.meaning.value), self.negated(span)))
        return found

    @cached_property
    def negations(self) -> tuple[Span, ...]:
        """Excluding words, but for those inside the word for a value ("not active")."""
        choices = self.of(Role.CHOICE)
        return tuple(n for n in self.of(Role.NEGATION) if not any(c.covers(n) for c in choices))

    def negated(self, span: Span) -> bool:
        """Whether an excluding word stands shortly before the span."""
        reach = range(max(0, span.start - 3), span.start)
        return any(n.start in reach for n in self.of(Role.NEGATION))

    def included(self, span: Span) -> bool:
        """Whether the span only says what is meant to be in too ("leading regions included")."""
        near = range(span.start - 2, span.end + 3)
        return any(n.start in near for n in self.of(Role.INCLUSION))

    def words_of(self, spans: Sequence[Span]) -> frozenset[int]:
        """The words that the spans cover."""
        return _covered(spans)


def _covered(spans: Iterable[Span]) -> frozenset[int]:
    return frozenset(i for span in spans for i in range(span.start, span.end))


def understand(asked: str, lexicon: Lexicon, *, daring: bool = False) -> Question:
    """Read a question with the words of the lexicon.

    ``daring``: words of the dictionary may be slips of the pen too ("who leeds").
    """
    language = lexicon.vocabulary.language
    raw = words(asked, language)
    text, mended = _mend(asked, raw, lexicon, daring)
    spans = lexicon.spans(text, mended)
    spans += _numbered(mended, spans, lexicon)
    spans += _country_codes(text, mended)
    spans = without_inner(spans)
    dates = _dates(text, mended)
    content = frozenset(i for i, word in enumerate(mended) if not lexicon.is_function(word))
    bounds = _bounds(mended, lexicon.vocabulary)
    numbers = _small_numbers(mended, lexicon.vocabulary)
    return Question(
        asked, text, tuple(mended), tuple(spans), tuple(dates), tuple(bounds), content, numbers
    )


def _small_numbers(question: Sequence[Word], vocabulary: Vocabulary) -> dict[int, int]:
    names = {word: number for number, word in enumerate(vocabulary.numbers, 1)}
    found = {}
    for at, word in enumerate(question):
        if word.folded in names:
            found[at] = names[word.folded]
        elif _NUMBER_LIST.fullmatch(word.folded):
            found[at] = int(word.folded)
    return found


def _mend(asked: str, raw: list[Word], lexicon: Lexicon, daring: bool) -> tuple[str, list[Word]]:
    """The question with slips of the pen mended, and its words."""
    text = asked
    for word in reversed(raw):
        better = lexicon.spelled(word, daring=daring)
        if better != word.folded:
            text = text[: word.start] + better + text[word.end :]
    return text, words(text, lexicon.vocabulary.language)


def _numbered(question: Sequence[Word], spans: list[Span], lexicon: Lexicon) -> list[Span]:
    """``project 9``, ``projects 5 and 9``, ``WP3``: a kind and the number of one of its records."""
    found = []
    for span in spans:
        if span.meaning.role is Role.KIND:
            at = span.end
            while at < len(question) and at - span.end < 6:
                text = question[at].folded
                if _NUMBER_LIST.fullmatch(text):
                    found += _entity(lexicon, span.meaning.value, text, span.start, at + 1)
                elif text not in ("and", "or", "no", "number", "nr", "n"):
                    break
                at += 1
    ordinals = lexicon.vocabulary.ordinals
    for span in spans:  # "the second work package"
        before = question[max(0, span.start - 2) : span.start]
        for at, word in enumerate(before, max(0, span.start - 2)):
            if span.meaning.role is Role.KIND and word.folded in ordinals:
                number = str(ordinals.index(word.folded) + 1)
                found += _entity(lexicon, span.meaning.value, number, at, span.end)
    for at, word in enumerate(question):
        match = _WITH_NUMBER.fullmatch(word.folded)
        if match:
            for kind, kind_words in lexicon.vocabulary.kinds.items():
                if stem(match[1]) in {stem(fold(w)) for w in kind_words.words}:
                    found += _entity(lexicon, kind, match[2], at, at + 1)
    return found


def _entity(lexicon: Lexicon, kind: str, number: str, start: int, end: int) -> list[Span]:
    key = lexicon.numbered.get((kind, int(number)))
    return [Span(start, end, Meaning(Role.ENTITY, key))] if key else []


def _country_codes(text: str, question: Sequence[Word]) -> list[Span]:
    found = []
    for at, word in enumerate(question):
        code = text[word.start : word.end]
        if len(code) == 2 and code.isupper() and code in countries():
            found.append(Span(at, at + 1, Meaning(Role.COUNTRY, code)))
    return found


def _bounds(question: Sequence[Word], vocabulary: Vocabulary) -> list[BoundMention]:
    """``more than ten million euros``."""
    found = []
    folded = [word.folded for word in question]
    for relation, phrases in vocabulary.bounds.items():
        for phrase in phrases:
            parts = [w.folded for w in words(phrase)]
            for start in range(len(folded) - len(parts)):
                if folded[start : start + len(parts)] != parts:
                    continue
                amount, end = _amount(folded, start + len(parts), vocabulary)
                if amount is not None:
                    span = frozenset(range(start, end))
                    found.append(BoundMention(amount, relation, folded[end - 1], span))
    return found


def _amount(folded: Sequence[str], at: int, vocabulary: Vocabulary) -> tuple[Decimal | None, int]:
    """The amount that begins at a word, and where it ends: ``ten million euros``."""
    word = folded[at]
    if word in vocabulary.numbers:
        amount = Decimal(vocabulary.numbers.index(word) + 1)
    elif _AMOUNT.fullmatch(word):
        amount = Decimal(word.replace(",", ""))
    else:
        return None, at
    at += 1
    while at < len(folded) and folded[at] in _SCALES_AND_UNITS:
        amount *= _SCALES_AND_UNITS[folded[at]]
        at += 1
    return amount, at


def _dates(text: str, question: Sequence[Word]) -> list[DateMention]:
    found: list[DateMention] = []
    for match in _DATE.finditer(text):
        day, month, late_day, year, bare = match.groups()
        if not bare and fold(month) not in _MONTHS:  # a letter that only looks like one of them
            continue
        iso = bare or f"{year}-{_MONTHS[fold(month)]:02}"
        if not bare and (day or late_day):
            iso += f"-{int(day or late_day):02}"
        try:
            date = PartialDate.parse(iso)
        except ValueError:  # 31 February: not a date, so just words
            continue
        inside = frozenset(
            i for i, w in enumerate(question) if w.start >= match.start() and w.end <= match.end()
        )
        before = [w.folded for w in question if w.end <= match.start()]
        relation = _RELATIONS.get(before[-1], "in") if before else "in"
        if relation == "until" and before[-1] in ("and", "to") and not found:
            relation = "in"
        found.append(DateMention(date, relation, inside))
    return found
