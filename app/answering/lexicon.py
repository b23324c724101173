"""Phrases and what they mean: the words of the vocabulary and the names in the records.

A phrase is matched word by word on stems (names: on folded words); function words in between may
be missing or added ("Federal Republic of the ..."). Close spellings are found with rapidfuzz.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA
from spellchecker import SpellChecker

from corpus.countries import countries, names_in
from corpus.knowledge import Partnership
from corpus.model import Source
from corpus.schema import Record
from corpus.vocabulary import Vocabulary, load_vocabulary
from corpus.words import Word, fold, stem, words

# Kinds whose records are things with a name of their own. The others are statements: they are found
# by what they say.
NAMED_KINDS = (
    "region", "thematic_area", "project", "person", "organisation", "event", "initiative", "goal",
    "workshop", "material", "work_package", "governance_body", "funding_call", "term",
)  # fmt: skip
_LONGEST_NAME = 6  # words of content
_CLOSE_NAME = 82  # of 100, rapidfuzz.fuzz.ratio over the whole name
_OFTEN = 2e-6  # share of running text
_CLOSE_WORD = 60  # of 100, for each word of the name
_SHORT_WORD, _SHORTEST = (
    6,
    4,
)  # letters: one slip is forgiven from the second on, two from the first


class Role(StrEnum):
    """What a phrase is in a question."""

    ENTITY = "entity"  # value: key of a record
    KIND = "kind"
    FIELD = "field"  # value: KIND.FIELD, or *.FIELD
    CHOICE = "choice"  # value: KIND.FIELD=CHOICE
    COUNTRY = "country"  # value: ISO code
    GROUP = "group"  # value: name of a group of countries
    SOURCE = "source"
    PARTNERSHIP = "partnership"
    CUE = "cue"
    ANSWER = "answer"
    NEGATION = "negation"
    INCLUSION = "inclusion"


NAMES = frozenset({Role.ENTITY, Role.COUNTRY, Role.GROUP, Role.SOURCE, Role.PARTNERSHIP})


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a phrase stands for."""

    role: Role
    value: str


@dataclass(frozen=True, slots=True)
class Span:
    """Words ``start`` to ``end`` (half-open) of a question and a meaning of them."""

    start: int
    end: int
    meaning: Meaning

    def covers(self, other: "Span") -> bool:
        """Whether the other span lies inside this longer one."""
        longer = self.end - self.start > other.end - other.start
        return longer and self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class _Phrase:
    parts: tuple[str, ...]  # stems, or folded words of a name
    by_stem: bool
    meaning: Meaning
    folded: tuple[str, ...] = ()  # as it is written
    exact: str = ""  # an abbreviation that is also a common word: only as it is written


class Lexicon:
    """All phrases that a question may use, for one partnership and one language."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        records: Iterable[Record],
        sources: Iterable[Source],
        partnership: Partnership,
        text_words: Iterable[str] = (),
    ) -> None:
        self.vocabulary = vocabulary
        self._phrases: dict[str, list[_Phrase]] = {}
        self._names: dict[str, list[Meaning]] = {}
        # Words of the language -> stems of the English ones that stand in the records, and names
        # by the stems of their words in any order.
        self._glossary = {
            word.stem: frozenset(w.stem for w in words(english))
            for said, english in (
                *vocabulary.glossary.items(),
                *((own, "partnership") for own in vocabulary.partnership if " " not in own),
            )
            for word in words(said, vocabulary.language)
        }
        self._english_names: dict[frozenset[str], list[Meaning]] = {}
        self._name_stems: set[tuple[str, ...]] = set()  # the same, in the order of the name
        self._known: set[str] = set(vocabulary.function_words)
        self._add_vocabulary()
        self._common = frozenset(self._known)  # words that mean something by themselves
        own = [w.folded for phrase in vocabulary.partnership for w in words(phrase)]
        self._plain = self._common.union(own)
        self._known.update(text_words)
        self._add_countries()
        self.numbered: dict[tuple[str, int], str] = {}  # (kind, number) -> key of the record
        for record in records:
            number = getattr(record, "number", None)
            if number is not None and number.value is not None:
                self.numbered.setdefault((record.kind, number.value), record.key)
            if record.kind in NAMED_KINDS:
                for name in (record.name, *record.aliases):
                    self._add_name(name, Meaning(Role.ENTITY, record.key))
        self.source_stems: dict[str, frozenset[str]] = {}  # what sources are called, by id
        for source in sources:
            called = (source.title, *source.aliases)
            for name in called:
                self._add_name(name, Meaning(Role.SOURCE, source.id))
            found = [w for name in called for w in words(name, vocabulary.language)]
            self.source_stems[source.id] = frozenset(w.stem for w in found)
        for name in (partnership.name, partnership.abbreviation, *partnership.aliases):
            self._add_name(name, Meaning(Role.PARTNERSHIP, ""))
        self._add_all(vocabulary.partnership, Meaning(Role.PARTNERSHIP, ""))
        # Of other languages no word is taken for a slip unless all else fails: see `spelled`.
        english = vocabulary.language == "en"
        self._dictionary = SpellChecker(language="en") if english else None
        self._question_words = sorted(word for word in self._common if len(word) > 2)
        self._spellings = sorted(word for word in self._known if len(word) >= _SHORTEST)

    def _add_vocabulary(self) -> None:
        vocabulary = self.vocabulary
        for cue, phrases in vocabulary.cues.items():
            self._add_all(phrases, Meaning(Role.CUE, cue))
        for answer, phrases in vocabulary.answers.items():
            self._add_all(phrases, Meaning(Role.ANSWER, answer))
        for kind, kind_words in vocabulary.kinds.items():
            self._add_all(kind_words.words, Meaning(Role.KIND, kind))
        for name, field_words in vocabulary.fields.items():
            self._add_all((field_words.label, *field_words.words), Meaning(Role.FIELD, name))
        for field, choices in vocabulary.choices.items():
            for choice, phrases in choices.items():
                self._add_all(phrases, Meaning(Role.CHOICE, f"{field}={choice}"))
        for group, phrases in vocabulary.country_groups.items():
            self._add_all(phrases, Meaning(Role.GROUP, group))
        self._add_all(vocabulary.negations, Meaning(Role.NEGATION, ""))
        self._add_all(vocabulary.inclusions, Meaning(Role.INCLUSION, ""))

    def _add_countries(self) -> None:
        if self.vocabulary.language != "en":
            self._add_countries_abroad()
            return
        for facts in countries().values():
            for name in (*facts.names, *facts.adjectives):
                self._add_name(name, Meaning(Role.COUNTRY, facts.code))
        for code, people in self.vocabulary.country_adjectives.items():
            for name in people:
                self._add_name(name, Meaning(Role.COUNTRY, code))

    def _add_countries_abroad(self) -> None:
        """The names of countries in another language, and the adjectives of its vocabulary."""
        vocabulary = self.vocabulary
        for code, name in names_in(vocabulary.language).items():
            if len(name) > _SHORTEST - 1 and fold(name) not in vocabulary.function_words:
                self._add_name(name, Meaning(Role.COUNTRY, code))
        for code, adjectives in vocabulary.country_adjectives.items():
            self._add_all(adjectives, Meaning(Role.COUNTRY, code))

    def _add_all(self, phrases: Iterable[str], meaning: Meaning) -> None:
        for phrase in phrases:
            self._add(phrase, meaning)

    def _add(self, phrase: str, meaning: Meaning) -> None:
        found = words(phrase, self.vocabulary.language)
        self._known.update(word.folded for word in found)
        folded = tuple(word.folded for word in found)
        self._store(_Phrase(tuple(word.stem for word in found), True, meaning, folded))

    def _add_name(self, name: str, meaning: Meaning) -> None:
        found = words(name, self.vocabulary.language)
        self._known.update(word.folded for word in found)
        parts = tuple(w.folded for w in found if w.folded not in self.vocabulary.particles)
        parts = parts or tuple(word.folded for word in found)
        short = name.isupper() or len(name) < _SHORTEST or self.vocabulary.language != "en"
        exact = name if short and len(parts) == 1 and parts[0] in self._common else ""
        self._store(_Phrase(parts, False, meaning, parts, exact))
        if self.vocabulary.inflects_names and min(map(len, parts), default=0) >= _SHORTEST:
            stems = tuple(stem(part, self.vocabulary.language) for part in parts)
            self._store(_Phrase(stems, True, meaning, parts, exact))
        if self._glossary:
            empty = load_vocabulary("en").function_words
            in_order = tuple(w.stem for w in words(name) if w.folded not in empty)
            self._name_stems.add(in_order)
            self._english_names.setdefault(frozenset(in_order), []).append(meaning)
        if len(parts) > 1:
            self._names.setdefault(" ".join(parts), []).append(meaning)

    def _store(self, phrase: _Phrase) -> None:
        if phrase.parts:
            self._phrases.setdefault(phrase.parts[0], []).append(phrase)

    def is_function(self, word: Word) -> bool:
        """Whether a word carries no content of its own."""
        return word.folded in self.vocabulary.function_words

    @staticmethod
    def is_function_of_records(word: Word) -> bool:
        """Whether a word of a record, which is in English, carries no content of its own."""
        return word.folded in load_vocabulary("en").function_words

    def explains(self, said: Iterable[str]) -> bool:
        """Whether all of some folded words are words of the vocabulary."""
        return self._common.issuperset(said)

    def names_of(self, text: str) -> frozenset[str]:
        """The folded words of a text that belong to names."""
        found = words(text, self.vocabulary.language)
        spans = (s for s in self._exact(text, found) if s.meaning.role in NAMES)
        return frozenset(found[i].folded for s in spans for i in range(s.start, s.end))

    def in_dictionary(self, folded: str) -> bool:
        """Whether a word is one of the language's dictionary."""
        return self._dictionary is not None and folded in self._dictionary

    def _is_common(self, folded: str) -> bool:
        return self._usage(folded) >= _OFTEN

    def _usage(self, folded: str) -> float:
        return self._dictionary.word_usage_frequency(folded) if self._dictionary else 0.0

    def spelled(self, word: Word, *, daring: bool = False) -> str:
        """The word as the lexicon spells it when it is a slip of one of its words.

        Words of the language's dictionary are left alone, unless ``daring``.
        """
        text = word.folded
        if self._dictionary is None and not daring:
            return text
        of_language = self._dictionary is not None and text in self._dictionary
        known = text in self._known or (of_language and not daring)
        if known or any(c.isdigit() for c in text):
            return text
        short = _SHORTEST if self._dictionary is not None else _SHORT_WORD
        if len(text) < short:
            near = process.extract(
                text, self._question_words, scorer=OSA.distance, score_cutoff=1, limit=None
            )
            if self._is_common(text) or not near or len(text) <= 2:
                return text  # a short word that is often used is no slip of another one
            asking = self.vocabulary.question_words
            return str(max((w for w, _, _ in near), key=lambda w: (w in asking, self._usage(w))))
        slips = 1 if len(text) < _SHORT_WORD or of_language else 2
        found = process.extractOne(text, self._spellings, scorer=OSA.distance, score_cutoff=slips)
        if found is None or found[0][0] != text[0]:
            return text
        if of_language and found[0] in self.vocabulary.function_words:
            return text  # else a word of content would be lost
        return str(found[0])

    def spans(self, text: str, question: Sequence[Word]) -> list[Span]:
        """All phrases found in a question; those inside longer ones too (see `without_inner`)."""
        found = self._exact(text, question)
        return list(
            dict.fromkeys(
                (*found, *self._close_names(question, found), *self._translated(question))
            )
        )

    def _exact(self, text: str, question: Sequence[Word]) -> list[Span]:
        """The phrases that stand in a question as they are."""
        found: dict[Span, bool] = {}  # and whether the words are those of the phrase
        for start, word in enumerate(question):
            for key in {word.stem, word.folded}:
                for phrase in self._phrases.get(key, ()):
                    if phrase.exact and phrase.exact != text[word.start : word.end]:
                        continue
                    end = self._match(phrase, question, start)
                    if end:
                        span = Span(start, end, phrase.meaning)
                        said = tuple(w.folded for w in question[start:end])
                        found[span] = found.get(span, False) or said == phrase.folded
        return [s for s in found if found[s] or not _other_form(s, [o for o in found if found[o]])]

    def glossed(self, word: Word) -> Word:
        """The word as the records say it, where the glossary of the language knows that."""
        english = self._glossary.get(word.stem, frozenset())
        if len(english) != 1 or self.is_function(word) or word.folded in self.vocabulary.ordinals:
            return word
        (one,) = english
        return replace(word, folded=one, stem=one)

    def stems_of(self, word: Word) -> frozenset[str]:
        """The stems of a word as records have it: of a compound, those of all its parts."""
        if self.vocabulary.language == "en":
            return frozenset({word.stem})
        return self._glossary.get(word.stem) or frozenset({stem(word.folded)})

    def _translated(self, question: Sequence[Word]) -> list[Span]:
        """Names that the question says in its own language, word by word, in any order.

        In English, whose names they are, only in their order: "partnerships for the goals" are no
        goals of the partnership.
        """
        content = [i for i, word in enumerate(question) if not self.is_function(word)]
        found = []
        for first in range(len(content) if self._glossary else 0):
            said: frozenset[str] = frozenset()
            own = True
            for i in content[first : first + _LONGEST_NAME]:
                if not self._joined(question, content[first], i):
                    break
                english = self._glossary.get(question[i].stem)
                own = own and english is None
                said |= english or {stem(question[i].folded)}
                if self.vocabulary.language == "en":
                    order = tuple(question[j].stem for j in content[first:] if j <= i)
                    own = own or order not in self._name_stems
                for meaning in () if own else self._english_names.get(said, ()):
                    found.append(Span(content[first], i + 1, meaning))
        return found

    def _joined(self, question: Sequence[Word], start: int, end: int) -> bool:
        """Whether between the words of content only such words stand as do within names."""
        own = self.vocabulary
        within = own.particles.union(own.of, own.joints, own.prepositions)
        between = (w for w in question[start:end] if self.is_function(w))
        return all(word.folded in within for word in between)

    def _match(self, phrase: _Phrase, question: Sequence[Word], start: int) -> int:
        """The end of the phrase when it begins at ``start``; 0 when it does not."""
        at = start
        # "works on area 5" is no working area: inside a noun only what stands in names is skipped.
        noun = phrase.meaning.role is Role.KIND and bool(self.vocabulary.particles)
        for number, part in enumerate(phrase.parts):
            while (
                number
                and at < len(question)
                and self.is_function(question[at])
                and not (noun and question[at].folded not in self.vocabulary.particles)
                and not _is(question[at], part, phrase.by_stem)
            ):
                at += 1
            if at >= len(question) or not _is(question[at], part, phrase.by_stem):
                return 0
            at += 1
        return at

    def _close_names(self, question: Sequence[Word], exact: list[Span]) -> list[Span]:
        """Names of several words that are spelled nearly as in the question."""
        content = [i for i, word in enumerate(question) if not self.is_function(word)]
        taken = {
            i for span in exact if span.meaning.role in NAMES for i in range(span.start, span.end)
        }
        found = []
        for length in (2, 3, 4):
            for at in range(len(content) - length + 1):
                window = content[at : at + length]
                digits = any(question[i].folded.isdigit() for i in window)
                known = all(question[i].folded in self._plain for i in window)
                if digits or taken & set(window) or known:
                    continue  # words that mean something by themselves are no slips of a name
                text = " ".join(question[i].folded for i in window)
                best = process.extractOne(
                    text, self._names.keys(), scorer=fuzz.ratio, score_cutoff=_CLOSE_NAME
                )
                if best and _words_close(text, best[0]):
                    found += [Span(window[0], window[-1] + 1, m) for m in self._names[best[0]]]
        return found


def _other_form(span: Span, exact: Sequence[Span]) -> bool:
    """Whether the words are exactly those for another value of the same field.

    "The regions take part" says nothing of those called "regions taking part".
    """
    if span.meaning.role is not Role.CHOICE:
        return False
    field = span.meaning.value.partition("=")[0]
    return any(
        other.meaning.role is Role.CHOICE
        and other.meaning.value.startswith(f"{field}=")
        and other.meaning != span.meaning
        and other.start < span.end
        and span.start < other.end
        for other in exact
    )


def _is(word: Word, part: str, by_stem: bool) -> bool:
    return word.folded == part or (by_stem and word.stem == part)


def _words_close(left: str, right: str) -> bool:
    pairs = list(zip(left.split(), right.split(), strict=False))
    same_length = len(left.split()) == len(right.split())
    return same_length and all(fuzz.ratio(a, b) >= _CLOSE_WORD for a, b in pairs)


def without_inner(spans: list[Span]) -> list[Span]:
    """Drop what lies inside a longer name, and names inside any longer phrase.

    Names of one kind that begin at the same word stay: "projects 5 and 9".
    """
    kept = []
    for span in spans:
        inside_name = any(
            o.meaning.role in NAMES and o.covers(span) and not _one_noun(o, span) for o in spans
        )
        name_inside = span.meaning.role in NAMES and any(
            o.covers(span) and not _one_noun(o, span) for o in spans
        )
        if not inside_name and not name_inside:
            kept.append(span)
    return sorted(kept, key=lambda s: (s.start, -s.end, s.meaning.role, s.meaning.value))


def _one_noun(left: Span, right: Span) -> bool:
    kinds = [s.meaning.value.partition(":")[0] for s in (left, right)]
    both = left.meaning.role is Role.ENTITY and right.meaning.role is Role.ENTITY
    return both and left.start == right.start and kinds[0] == kinds[1]
