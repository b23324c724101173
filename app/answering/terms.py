"""What the passages tell of words: how rare each is, and the abbreviations that they define."""

import math
import re
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping

from corpus.model import Passage
from corpus.words import fold, stem, words

# Words with capitals, and small ones between them, before an abbreviation in brackets.
_DEFINED = re.compile(
    r"((?:[A-ZÀ-Þ][\w’'-]*[ /-](?:(?:[a-z]{1,3}|&) )*){2,8})\(([A-Z][A-Z&]{1,7})s?\)"
)


class Terms:
    """The words of all passages, counted by the passages that have them."""

    def __init__(self, passages: Iterable[Passage]) -> None:
        counts: Counter[str] = Counter()
        self._passages: list[Passage] = []
        self._places: dict[str, array[int]] = {}  # of the passages whose text has a stem
        expansions: dict[str, tuple[str, ...]] = {}
        for place, passage in enumerate(passages):
            above = passage.indexed_text.removesuffix(passage.text)
            own = {w.stem for w in words(passage.text, passage.language)}
            counts.update(own | {w.stem for w in words(above, passage.language)})
            self._passages.append(passage)
            for stemmed in own:
                self._places.setdefault(stemmed, array("L")).append(place)
            for short, long in _defined(passage.indexed_text):
                expansions.setdefault(short, long)
        self._counts = counts
        self._words = frozenset(counts)
        self.expansions: Mapping[str, tuple[str, ...]] = expansions

    def rarity(self, stemmed: str) -> float:
        """Inverse document frequency of a stem, scaled to (0, 1]: 1 for a word of no passage."""
        seen = self._counts.get(stemmed, 0)
        total = len(self._passages) + 1
        return math.log(total / (seen + 0.5)) / math.log(total / 0.5)

    def holding(self, stems: frozenset[str]) -> list[Passage]:
        """The passages whose text has all of some stems, in the order of the library."""
        if not stems:
            return []
        every = (set(self._places.get(stemmed, ())) for stemmed in stems)
        return [self._passages[place] for place in sorted(set.intersection(*every))]

    def known(self, word: str) -> bool:
        """Whether a folded word's stem stands in some passage."""
        return stem(word) in self._words


def _defined(text: str) -> Iterable[tuple[str, tuple[str, ...]]]:
    """The abbreviations that a text defines, folded, with the words whose first letters they are.

    "Sustainable Development Goals (SDGs)" defines ``sdg``.
    """
    for match in _DEFINED.finditer(text):
        short = fold(match[2])
        own = [w.folded for w in words(match[1]) if match[1][w.start].isupper()]
        long = own[-len(short) :]
        if "".join(word[0] for word in long) == short:
            yield short, tuple(long)
