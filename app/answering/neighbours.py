"""Words of a question that a text does not have, and the words of the text nearest in meaning."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from threading import Lock

import numpy as np

from app.answering.asked import Asked
from app.answering.piece import Piece
from corpus.words import words
from retrieval.embedder import Embedder
from retrieval.model import Vector

_VECTORS_KEPT = 8192
_SHORTEST = 3  # letters of a word that is compared
_SAME_ROOT, _ENDING = 4, 3  # letters that two words of one root share ("leads", "leader"), and not
_NEAR = 0.50  # cosine of two single words from which on one may stand for the other


class Vectors:
    """Vectors of short texts, the last few thousand kept."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._kept: OrderedDict[str, Vector] = OrderedDict()
        self._lock = Lock()

    def of(self, texts: Sequence[str]) -> list[Vector]:
        """One vector (d,) per text; only texts not met lately are embedded."""
        with self._lock:
            found = {text: self._kept[text] for text in texts if text in self._kept}
        missing = [text for text in dict.fromkeys(texts) if text not in found]
        if missing:
            found.update(zip(missing, self._embedder.embed(missing), strict=True))
        with self._lock:  # several visitors ask at once
            for text, vector in found.items():
                self._kept[text] = vector
                self._kept.move_to_end(text)
            while len(self._kept) > _VECTORS_KEPT:
                self._kept.popitem(last=False)
        return [found[text] for text in texts]


class Neighbours:
    """How near in meaning a text comes to each word of a question, word against word."""

    def __init__(self, vectors: Vectors, function_words: frozenset[str]) -> None:
        self._vectors = vectors
        self._function_words = function_words

    def nearness(self, asked: Asked, piece: Piece) -> Mapping[str, float]:
        """For each stem of the question's content: 1 where the piece has it, else 0 to 1.

        The place of a piece (headings, lead) counts as part of it.
        """
        own = words(f"{piece.said} {piece.context}", piece.passage.language)
        stems = {word.stem for word in own}
        others = sorted({w.folded for w in own if self._tells(w.folded)})
        found: dict[str, float] = {}
        for i in asked.content:
            word = asked.question.words[i]
            if word.stem in stems or any(same_root(word.folded, o) for o in others):
                found[word.stem] = 1.0
            elif word.stem not in found:
                found[word.stem] = self._nearest(word.folded, others)
        return found

    def _tells(self, word: str) -> bool:
        return len(word) >= _SHORTEST and word not in self._function_words and word.isalpha()

    def _nearest(self, word: str, others: Sequence[str]) -> float:
        if not others or not word.isalpha():
            return 0.0
        own, *vectors = self._vectors.of([word, *others])
        return round(max(0.0, float(np.max(np.stack(vectors) @ own))), 4)


def stands_for(nearness: float) -> bool:
    """Whether a word is near enough to stand for another."""
    return nearness >= _NEAR


def same_root(one: str, other: str) -> bool:
    """Whether two words begin alike and differ in their endings alone."""
    short, long = sorted((one, other), key=len)
    shared = len(short) if long.startswith(short) else len(short) - 1
    return (
        shared >= _SAME_ROOT and long[:shared] == short[:shared] and len(long) - shared <= _ENDING
    )
