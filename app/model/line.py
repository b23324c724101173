"""A line of evidence, with what stands in it and what it stands under."""

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from app.answering.figures import months_in
from app.model.language import Tongue, tongue
from corpus.vocabulary import languages
from corpus.words import Word, words

_BRACKETS = re.compile(r"\([^()]*\)")
_COUNT = re.compile(r"\s*\d[\d.,]*\s[^():]*$")  # "3 running projects", before a bracket
_LABEL = 3  # words of a label before a colon at most


@dataclass(frozen=True)
class Line:
    """A line of evidence: its text and what it stands under (``around``).

    ``computed``: it was put together in code, which puts into brackets what explains a word.
    """

    text: str
    around: tuple[str, ...]
    language: str
    computed: bool = False

    @cached_property
    def words(self) -> list[Word]:
        """Its words, those that say the same in one form."""
        return tongue(self.language).told(self.text)

    @cached_property
    def runs(self) -> tuple[list[str], ...]:
        """The folded words of the line, and of each text that it stands under."""
        return tuple(
            [w.folded for w in words(text, self.language)] for text in (self.text, *self.around)
        )

    @cached_property
    def around_stems(self) -> frozenset[str]:
        """The stems of the words of what it stands under."""
        own = tongue(self.language)
        return frozenset(w.stem for text in self.around for w in own.told(text))

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of its words and of what it stands under."""
        return frozenset(w.stem for w in self.words) | self.around_stems

    @cached_property
    def names_around(self) -> frozenset[str]:
        """The stems of what it stands under that are names there: they say what it is about."""
        own = tongue(self.language)
        found = set()
        for text in self.around:
            label, colon, name = text.partition(": ")
            if colon and len(label.split()) <= _LABEL:  # a record's card: "Project: Open Mill"
                found |= {w.stem for w in own.told(name)}
            inside = own.told(text)
            large = [text[w.start].isupper() and w.folded not in own.neutral for w in inside]
            for i, word in enumerate(inside):
                if large[i] and (i > 0 or large[1:2] == [True]):
                    found.add(word.stem)
        return frozenset(found)

    @cached_property
    def dated(self) -> frozenset[int]:
        """The words that belong to a date."""
        months = months_in(self.text, self.language) if self.language in languages() else ()
        found = {i for i, word in enumerate(self.words) if word.folded in months}
        for i in tuple(found):
            near = (i - 1, i + 1)
            found |= {n for n in near if 0 <= n < len(self.words) and is_digits(self.words[n])}
        years = (i for i, w in enumerate(self.words) if re.fullmatch(r"(19|20)\d\d", w.folded))
        return frozenset(found | set(years))

    @cached_property
    def numeric(self) -> frozenset[int]:
        """The words that belong to a date or are written with digits."""
        return self.dated | {i for i, w in enumerate(self.words) if is_digits(w)}

    @cached_property
    def asides(self) -> tuple[tuple[frozenset[int], bool], ...]:
        """The words in each pair of brackets that can be left out: they only call it otherwise.

        None that denies, bounds or doubts, and none that says which things a count is of; in a
        document's own line only an abbreviation of the words before it. Of an abbreviation or a
        name (True) a part may be left out, too.
        """
        return tuple(
            (inside, called)
            for inside, called, counted in self._brackets
            if not counted and (self.computed or self._abbreviates(inside))
        )

    @cached_property
    def conditions(self) -> frozenset[int]:
        """The words in the brackets of a computed line that say of which things all of it holds.

        A sentence may say them anywhere: "3 initiatives (type: funding instrument): ..." is "three
        funding instruments: ...". Not names and numbers, nor where there are several brackets.
        """
        told = [inside for inside, called, _ in self._brackets if not called]
        if not self.computed or len(told) != 1 or self.text.count("(") > 1:
            return frozenset()
        small = {i for i in told[0] if self.text[self.words[i].start].islower()}
        return frozenset(small)

    @cached_property
    def counts_of(self) -> tuple[tuple[frozenset[int], frozenset[int]], ...]:
        """The words in brackets that say what a count is of, and those behind the label there.

        Of "3 projects (state: running)" a sentence has to say "running".
        """
        own = tongue(self.language)
        found = []
        for inside, _, counted in self._brackets:
            if counted:
                colon = self.text.find(":", self.words[min(inside)].start) if inside else -1
                values = {i for i in inside if self.words[i].start > colon}
                told = {i for i in values if self.words[i].folded not in own.neutral}
                found.append((inside, frozenset(told)))
        return tuple(found)

    @cached_property
    def _brackets(self) -> tuple[tuple[frozenset[int], bool, bool], ...]:
        """The words in each pair of brackets that neither denies nor bounds nor doubts.

        With whether they are names or abbreviations, and whether they say what a count is of.
        """
        own = tongue(self.language)
        found = []
        for match in _BRACKETS.finditer(self.text):
            inside = {i for i, w in enumerate(self.words) if match.start() < w.start < match.end()}
            told = [self.words[i] for i in inside if self.words[i].folded not in own.neutral]
            called = all(self.text[w.start].isupper() for w in told)
            counted = self.computed and bool(_COUNT.match(self.text[: match.start()]))
            if not any(w.folded in own.operators for w in told) and not own.denies(match[0]):
                found.append((frozenset(inside), called, counted))
        return tuple(found)

    def _abbreviates(self, inside: frozenset[int]) -> bool:
        """Whether one word is made of the first letters of words right before it."""
        if len(inside) != 1:
            return False
        (at,) = inside
        word = self.words[at]
        letters = [c.casefold() for c in self.text[word.start : word.end] if c.isupper()]
        first = [w.folded[:1] for w in self.words[max(0, at - 2 * len(letters)) : at]]
        places = iter(first)
        return len(letters) > 1 and all(letter in places for letter in letters)

    @cached_property
    def anchors(self) -> dict[int, str]:
        """The words that can be mixed up, by place: parts of a ``date``, a ``number``, a ``name``.

        Not those that it stands under: they say what all of it is about.
        """
        own = tongue(self.language)
        found: dict[int, str] = {}
        for i, word in enumerate(self.words):
            before = self.text[: word.start].rstrip()
            begins = not before or before[-1] in ".!?:;"
            written = self.text[word.start : word.end]
            if i in self.dated:
                found[i] = "date"
            elif word.stem in self.around_stems:
                continue
            elif is_digits(word) or word.folded in own.numbers:
                found[i] = "number"
            elif (written[0].isupper() and word.folded not in own.neutral and not begins) or (
                begins and written[0].isupper() and self._is_name(i, own)
            ):
                found[i] = "name"
        return found

    def _is_name(self, at: int, own: Tongue) -> bool:
        """Whether the first word of a sentence is a name: it is one of several words, or odd."""
        word = self.words[at]
        if word.folded in own.neutral or word.folded in own.operators:
            return False
        after = self.text[word.end : word.end + 2]
        return (after[:1] == " " and after[1:].isupper()) or not word.folded.isalpha()

    def mixed(self, first: int, last: int) -> bool:
        """Whether there is anything to mix up between two places: two dates, names or numbers."""
        places = [i for i in sorted(self.anchors) if first <= i <= last]
        for kind in ("date", "number", "name"):
            own = [i for i in places if self.anchors[i] == kind]
            if any(b - a > 1 for a, b in pairwise(own)):
                return True
        return False


def is_digits(word: Word) -> bool:
    """Whether a word is a number in digits."""
    return word.folded[:1].isdigit()
