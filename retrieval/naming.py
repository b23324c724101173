"""Which sources a question names: by title, by publisher, by the name of the file."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from corpus.model import Source
from corpus.words import folded_words, words

# A word names a source when it stands in the names of one, or of few among many.
_FEW = 3
_MANY = 30  # sources from which three of them are few
_SHARE = 0.05  # of all sources that are few, however many there are
_SHORTEST = 3  # letters; a shorter word needs a digit (3M)
_MOST = 8  # sources that one question can name: more of them is no choice
_WHOLE = 2  # words of a name from which it counts wherever it stands in a question
_FILE_ENDING = re.compile(r"\.\w{1,5}$")
_BREAK = re.compile(r"[:;,?!()]")  # ends a name
_YEAR = re.compile(r"(?:19|20)\d\d")


class Names:
    """The names of all sources, to be looked for in questions."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self._names = {source.id: _names_of(source) for source in sources}
        self._words = {
            source: frozenset(word for name in names for word in name)
            for source, names in self._names.items()
        }
        self._spread = Counter(word for held in self._words.values() for word in held)

    def in_question(self, question: str) -> tuple[str, ...]:
        """The ids of the sources that the question names, in order; () when it names none.

        A name of two words or more counts as it stands. Of a part of a name, that counts which the
        question writes as a name (3M, Moorland): all of its words have to be the source's, and one
        of them has to be hardly any other source's. Among sources named alike, a year decides.
        """
        asked = folded_words(question)
        written = [(run, self._telling(run)) for run in _written_as_names(question)]
        years = set(_YEAR.findall(question))
        points = {}
        for source, held in self._words.items():
            whole = max((len(n) for n in self._names[source] if _within(n, asked)), default=0)
            part = sum(telling for run, telling in written if held.issuperset(run))
            if point := (whole if whole >= _WHOLE else 0) + part:
                points[source] = (point, len(years & held))
        best = max(points.values(), default=(0, 0))
        named = tuple(source for source, point in points.items() if point == best)
        return named if len(named) <= _MOST else ()

    def _telling(self, run: Iterable[str]) -> int:
        """How many of the words only few sources have."""
        count = len(self._names)
        few = max(_FEW if count >= _MANY else 1, _SHARE * count)
        return sum(0 < self._spread[word] <= few for word in run)


def _names_of(source: Source) -> list[tuple[str, ...]]:
    files = (_FILE_ENDING.sub("", alias).replace("_", " ") for alias in source.aliases)
    names = (folded_words(name) for name in (source.title, source.publisher, *files))
    return [name for name in names if name]


def _within(name: Sequence[str], asked: Sequence[str]) -> bool:
    """Whether a name stands in a question: in any order, one other word between its own.

    The file guide-north.pdf is "the north guide" and "the guide for north".
    """
    own, size = set(name), len(name) + (len(name) > 1)
    windows = range(max(1, len(asked) - size + 1))
    return any(own.issubset(asked[n : n + size]) for n in windows)


def _written_as_names(question: str) -> list[list[str]]:
    """The runs of words that are written as names; the question's first word only if it is 3M."""
    runs: list[list[str]] = [[]]
    before = 0
    for n, word in enumerate(words(question)):
        written = question[word.start : word.end]
        if _BREAK.search(question[before : word.start]) and runs[-1]:
            runs.append([])
        before = word.end
        mixed = any(c.isdigit() for c in written) and not written.isdecimal()
        inner = mixed or written[1:] != written[1:].lower()
        if (inner or (n and written[0].isupper())) and (mixed or len(written) >= _SHORTEST):
            runs[-1].append(word.folded)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]
