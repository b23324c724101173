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

        None that denies, bounds or doubts; in a document's own line an abbreviation or a name, of
        which (True) a part may be left out, too.
        """
        own = tongue(self.language)
        found = []
        for match in _BRACKETS.finditer(self.text):
            inside = {i for i, w in enumerate(self.words) if match.start() < w.start < match.end()}
            told = [self.words[i] for i in inside if self.words[i].folded not in own.neutral]
            called = all(self.text[w.start].isupper() for w in told)
            limits = any(w.folded in own.operators for w in told) or own.denies(match[0])
            if not limits and (called or self.computed):
                found.append((frozenset(inside), called))
        return tuple(found)

    @cached_property
    def conditions(self) -> frozenset[int]:
        """The words in the brackets of a computed line that say of which things all of it holds.

        A sentence may say them anywhere: "3 initiatives (type: funding instrument): ..." is "three
        funding instruments: ...". Not names and numbers, nor where there are several brackets.
        """
        told = [aside for aside, called in self.asides if not called]
        if not self.computed or len(told) != 1 or self.text.count("(") > 1:
            return frozenset()
        small = {i for i in told[0] if self.text[self.words[i].start].islower()}
        return frozenset(small)

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
