"""A question, understood as far as the words go: what it names, what it asks for, and of what.

Nothing is decided here. `Question` lists every reading; `app.answering.planning` chooses.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from app.answering.amounts import (
    BoundMention,
    DateMention,
    MonthMention,
    amounts_in,
    bounds_in,
    dates_in,
    direction_in,
    months_in,
    multiple_in,
)
from app.answering.lexicon import NAMES, Lexicon, Meaning, Role, Span, without_inner
from app.answering.stretches import stretched
from corpus.countries import countries, members
from corpus.records import KINDS
from corpus.schema import fields_of
from corpus.vocabulary import Vocabulary
from corpus.words import Word, fold, stem, words

_NEGATED_WITHIN = 3  # words; function words do not count
_EXTREMES = ("largest", "smallest")  # cues
_LONGEST_FRAME = 8  # words
_NUMBER_LIST = re.compile(r"[0-9]{1,4}")  # numbers of things, not of any length
_CLAUSE_END = re.compile(r"[,;:.!?–—]|\s-\s")
_WITH_NUMBER = re.compile(r"([a-z]+)([0-9]{1,4})")


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
    amounts: tuple[BoundMention, ...] = ()  # the bounds too
    numbers: Mapping[int, int] = field(default_factory=dict)  # small numbers, by word
    yes_no: bool = False  # whether it is a question for yes or no
    language: str = "en"
    multiple: tuple[int, frozenset[int]] | None = None  # "twice as many", and its words
    direction: str = ""  # "more" or "less", of what is compared
    joints: frozenset[int] = field(default=frozenset())  # words like "or" and "and"
    months: tuple[MonthMention, ...] = ()  # of which no year is said

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
    def countries_named(self) -> tuple[Span, ...]:
        """Countries and groups of them that the question names."""
        return (*self.of(Role.COUNTRY), *self.of(Role.GROUP))

    @cached_property
    def negations(self) -> tuple[Span, ...]:
        """Excluding words, but for those inside the word for a value ("not active")."""
        choices = self.of(Role.CHOICE)
        return tuple(n for n in self.of(Role.NEGATION) if not any(c.covers(n) for c in choices))

    def negated(self, span: Span) -> bool:
        """Whether an excluding word stands shortly before the span."""
        for negation in self.of(Role.NEGATION):
            between = range(negation.end, span.start)
            near = span.start - _NEGATED_WITHIN <= negation.start < span.start
            near = near and not any(  # "not from Spain take part": it is Spain that is excluded
                other.meaning.role in (Role.COUNTRY, Role.GROUP)
                and negation.end <= other.start
                and other.end <= span.start
                and other.meaning.role is not span.meaning.role
                for other in self.spans
            )
            if near or (negation.end <= span.start and not self.content & set(between)):
                return True
        # "not from A or B": what is joined to something excluded is excluded with it.
        return any(
            other.meaning.role is span.meaning.role
            and other.end < span.start
            and self._joined(other, span)
            and self.negated(other)
            for other in self.spans
        )

    def _joined(self, left: Span, right: Span) -> bool:
        """Whether only "or", "and" and words without content stand between two spans."""
        between = set(range(left.end, right.start))
        return bool(between & self.joints) and not between & self.content

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
    frames = _Framed(text, mended, lexicon.vocabulary)
    spans = [s for s in spans if s.meaning.role in NAMES or not frames.hold(s)]
    dates, months = _calendar_of(text, mended, lexicon.vocabulary)
    content = frozenset(i for i, word in enumerate(mended) if not lexicon.is_function(word))
    content -= frames.empty - _covered(s for s in spans if s.meaning.role in NAMES)
    content |= frozenset(i for month in months for i in month.words)
    bounds = bounds_in(mended, lexicon.vocabulary)
    spans = [s for s in spans if not _of_a_bound(s, bounds) and not _of_an_extreme(s, spans)]
    amounts = amounts_in(mended, bounds, lexicon.vocabulary)
    numbers = _small_numbers(mended, lexicon.vocabulary)
    mended = [lexicon.glossed(word) for word in mended]
    return Question(
        asked, text, tuple(mended), tuple(spans), tuple(dates), tuple(bounds), content,
        tuple(amounts), numbers,
        frames.polar or _yes_no(text, mended, spans, frames.empty, lexicon.vocabulary),
        lexicon.vocabulary.language,
        multiple_in(mended, lexicon.vocabulary), direction_in(mended, lexicon.vocabulary),
        frozenset(
            i for i, w in enumerate(mended)
            if w.folded in lexicon.vocabulary.joints and i not in frames.empty
        ),
        tuple(months),
    )  # fmt: skip


def _calendar_of(
    text: str, question: Sequence[Word], vocabulary: Vocabulary
) -> tuple[list[DateMention], list[MonthMention]]:
    """The dates, and the months without a year; "January or July 2020" are both of that year."""
    dates = dates_in(text, question, vocabulary)
    dated = frozenset(i for date in dates for i in date.words)
    alone = months_in(text, question, vocabulary, dated)
    dates, alone = stretched(dates, alone, question, vocabulary)
    months = []
    for month in alone:
        joint = max(month.words) + 1
        joined = joint < len(question) and question[joint].folded in vocabulary.joints
        after = joint + 1
        while after < len(question) and question[after].folded in vocabulary.prepositions:
            after += 1
        year = next((d.date.first.year for d in dates if after in d.words and joined), 0)
        whole = month.of(year) if year else None
        if whole:
            dates.insert(0, DateMention(whole, "in", month.words))
        else:
            months.append(month)
    return dates, months


def _of_a_bound(span: Span, bounds: Sequence[BoundMention]) -> bool:
    """Whether a word only belongs to a bound: "longer than" has the stem of "longest".

    So it is with words that exclude: "menos" is "but for", and a part of "at least".
    """
    said = set(range(span.start, span.end))
    if span.meaning.role is Role.ENTITY:  # "projects of more than 10 partners": not project 10
        return any(said & bound.words for bound in bounds)
    read = span.meaning.role is Role.NEGATION
    read = read or (span.meaning.role is Role.CUE and span.meaning.value in _EXTREMES)
    return read and any(said <= bound.words for bound in bounds)


def _of_an_extreme(span: Span, spans: Sequence[Span]) -> bool:
    """Whether a word is only a part of "più piccolo", "le plus petit", "menos socios"."""
    extremes = [s for s in spans if s.meaning.role is Role.CUE and s.meaning.value in _EXTREMES]
    if span.meaning.role is not Role.NEGATION and span not in extremes:
        return False
    if any(other.covers(span) and other.start == span.start for other in extremes):
        return True
    return span in extremes and any(
        other.meaning != span.meaning and span.start <= other.start < span.end < other.end
        for other in extremes
    )


class _Framed:
    """Which words of a question belong to what is said around it (`corpus.vocabulary.Frames`)."""

    def __init__(self, text: str, question: Sequence[Word], vocabulary: Vocabulary) -> None:
        said = [word.folded.replace("’", "'") for word in question]
        frames = vocabulary.frames
        plain, polar = _places(said, frames.plain), _places(said, frames.polar)
        for place in _places(said, frames.tags):
            last = place.start and place.stop == len(said)
            joined = last and said[place.start] in vocabulary.clause_joints
            if joined or (last and _parted(text, question, place.start)):
                polar.append(place)
        # A question of nothing but frames is a question after all.
        empty = frozenset(i for place in (*plain, *polar) for i in place)
        self.empty = empty if len(empty) < len(said) else frozenset()
        self.polar = bool(polar)
        idioms = [frozenset(place) for place in _places(said, frames.idioms)]
        self._closed = (self.empty, *idioms)

    def hold(self, span: Span) -> bool:
        """Whether a span lies within frames, or within an idiom that is longer."""
        inside = frozenset(range(span.start, span.end))
        return any(inside <= words for words in self._closed[:1]) or any(
            inside < words for words in self._closed[1:]
        )


def _parted(text: str, question: Sequence[Word], at: int) -> bool:
    """Whether a mark stands between a word and the one before it."""
    return bool(_CLAUSE_END.search(text[question[at - 1].end : question[at].start]))


def _places(said: Sequence[str], phrases: Collection[tuple[str, ...]]) -> list[range]:
    """Where phrases stand among folded words."""
    return [
        range(at, at + length)
        for at in range(len(said))
        for length in range(1, min(_LONGEST_FRAME, len(said) - at) + 1)
        if tuple(said[at : at + length]) in phrases
    ]


def _yes_no(
    text: str,
    question: Sequence[Word],
    spans: Sequence[Span],
    empty: frozenset[int],
    vocabulary: Vocabulary,
) -> bool:
    """Whether a yes or a no is asked for: by its first word, or for want of a question word.

    Frames may stand before that word, and a clause that asks nothing: "We are in X: are we in?".
    """
    wanted = {Role.ANSWER} | ({Role.CUE} if vocabulary.free_order else set())
    told = any(s.meaning.role in wanted and s.meaning.value != "membership" for s in spans)
    phrased = {  # "à combien" begins with no verb
        s.start for s in spans if s.meaning.role is Role.ANSWER and s.end - s.start > 1
    }
    starts = [0] if question else []
    starts += [at for at in range(1, len(question)) if _parted(text, question, at)]
    for start in starts if not told else starts[:1]:
        first = next((i for i in range(start, len(question)) if i not in empty), start)
        if question[first].folded in vocabulary.yes_no and first not in phrased:
            return True
    return vocabulary.free_order and text.rstrip().endswith("?") and not told


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
                elif text not in lexicon.vocabulary.joints:
                    break
                at += 1
    language, ordinals = lexicon.vocabulary.language, lexicon.vocabulary.ordinals
    for span in spans:  # "the second work package"
        before = question[max(0, span.start - 2) : span.start]
        if any(s.end == span.start and s.meaning.value in _EXTREMES for s in spans):
            continue  # "the second largest project"
        for at, word in enumerate(before, max(0, span.start - 2)):
            if span.meaning.role is Role.KIND and word.folded in ordinals:
                number = str(ordinals.index(word.folded) + 1)
                found += _entity(lexicon, span.meaning.value, number, at, span.end)
    for at, word in enumerate(question):
        match = _WITH_NUMBER.fullmatch(word.folded)
        if match:
            for kind, kind_words in lexicon.vocabulary.kinds.items():
                if stem(match[1], language) in {stem(fold(w), language) for w in kind_words.words}:
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
