"""How well a piece of a passage answers a question, from signals that need no language model.

Three signals add up: nearness in meaning (cosine of the question and the piece), the share of the
question's words that the piece or its place holds (by rarity), and how well search ranked its
passage. What the question demands and the piece lacks takes away: a kind of thing (a sum of money,
a date), a name, a number that is a name.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz

from app.answering.asked import Asked
from app.answering.demands import SOFT, Numbered
from app.answering.fitness import unfit
from app.answering.neighbours import Neighbours, Vectors
from app.answering.piece import Piece, title_of, with_lead
from corpus.model import BlockKind, Passage, Source
from corpus.words import fold, words
from retrieval.embedder import Embedder
from retrieval.model import Hit

_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")
_LABELLED = 0.15
# Weights of the signals and of what is missing; docs/evaluation.md tells how they were found.
_MEANING, _WORDS, _RANK = 0.50, 0.40, 0.10
_SOFT_TYPE, _NO_TYPE, _NO_NAME, _NO_NUMBER, _NO_YEAR = 0.08, 0.30, 0.30, 0.50, 0.40
_DEFINES, _TERSE, _REASONS, _THE_ROW, _LABEL = 0.18, 0.12, 0.06, 0.10, 0.06
_NEAR, _IN_CONTEXT, _IN_TITLE, _IN_PASSAGE = 0.85, 0.6, 0.6, 0.35  # a word there counts this share
_ALIKE = 90  # of 100, rapidfuzz.fuzz.token_sort_ratio: the same sentence in two publications
_MEANT = 24  # pieces whose meaning is compared
_CUT = 60  # words of a piece that the embedder sees: more is slow and says little


@dataclass(frozen=True, slots=True)
class Weighed:
    """A piece and how well it answers; ``lacking``: whatever its score, it does not."""

    piece: Piece
    score: float
    covered: float
    meaning: float
    lacking: bool = False
    nowhere: bool = False  # a name of the question stands nowhere near it


class Weigher:
    """Weighs the pieces of the passages that a search found."""

    def __init__(
        self, embedder: Embedder, sources: Mapping[str, Source], function_words: frozenset[str],
        around: Callable[[Passage], frozenset[str]],
    ) -> None:  # fmt: skip
        self._around = around
        self._vectors = Vectors(embedder)
        self.neighbours = Neighbours(self._vectors, function_words)
        self._sources = sources

    def same(self, best: Weighed, others: Sequence[Weighed]) -> list[Piece]:
        """Pieces of other publications that say the same with the same figures."""
        found: dict[str, Piece] = {}
        numbers = set(re.findall(r"\d+", best.piece.said))
        for other in others:
            source = other.piece.passage.source_id
            if source == best.piece.passage.source_id:
                continue
            alike = fuzz.token_sort_ratio(best.piece.said, other.piece.said) >= _ALIKE
            if alike and set(re.findall(r"\d+", other.piece.said)) == numbers:
                found.setdefault(source, other.piece)
        return list(found.values())

    def rank(
        self, asked: Asked, hits: Sequence[Hit], pieces: Sequence[tuple[Piece, Hit]]
    ) -> list[Weighed]:
        """The pieces, the best first; ties in a fixed order."""
        top = max((hit.score for hit in hits), default=1.0) or 1.0
        aliases = self._aliases(asked, [piece for piece, _ in pieces])
        rough = [
            (self.covered(asked, piece) + 0.5 * hit.score / top, piece, hit)
            for piece, hit in pieces
        ]
        rough.sort(key=lambda r: (-r[0], r[1].passage.id, r[1].start))
        rough = rough[:_MEANT]
        if not rough:
            return []
        texts = [asked.question.text, *(_read(piece) for _, piece, _ in rough)]
        question, *vectors = self._vectors.of(texts)
        found = []
        for (_, piece, hit), vector in zip(rough, vectors, strict=True):
            meaning = round(float(np.dot(question, vector)), 4)  # the same on every machine
            found.append(self._weighed(asked, piece, meaning, hit.score / top, aliases))
        found.sort(key=lambda w: (w.lacking, -w.score, w.piece.passage.id, w.piece.start))
        return _reasons_first(asked, found)

    def covered(self, asked: Asked, piece: Piece) -> float:
        """The share of the question's content, by weight, that a piece or its place holds."""
        weights = asked.weights
        total = sum(weights.values())
        if not total:
            return 0.0
        title = {w.stem for w in words(title_of(piece, self._sources))}
        around = self._around(piece.passage)
        got = 0.0
        shown_by_kind = asked.held_nouns(piece.said) | by_number(asked, piece)
        for stemmed, weight in weights.items():
            by_code = stemmed in asked.country_stems and marked(asked, piece.said)
            if stemmed in piece.stems or stemmed in shown_by_kind or by_code:
                got += weight
            elif stemmed in piece.near_stems:
                got += weight * _NEAR
            elif stemmed in piece.context_stems:
                got += weight * _IN_CONTEXT
            elif stemmed in title:
                got += weight * _IN_TITLE
            elif stemmed in around:
                got += weight * _IN_PASSAGE
        return got / total

    def _weighed(
        self,
        asked: Asked,
        piece: Piece,
        meaning: float,
        rank: float,
        aliases: Sequence[frozenset[str]],
    ) -> Weighed:
        covered = self.covered(asked, piece)
        text = f"{piece.context} {piece.said}"
        score = _MEANING * max(0.0, meaning) + _WORDS * covered + _RANK * rank
        lacks = asked.lacks(piece.said)
        uncounted = bool(asked.counted) and not asked.counts(_without_number(piece))
        uncounted = uncounted or not asked.states_extremes(piece.said)
        soft = lacks and lacks <= SOFT and not uncounted
        score -= _SOFT_TYPE if soft else _NO_TYPE * (bool(lacks) or uncounted)
        names, nowhere = self._names_missing(asked, piece)
        score -= _NO_NAME * names
        if asked.question.asks("why"):
            score += _REASONS if asked.reasons(piece.said) else -_REASONS
        numbered = not asked.numbered or _named(asked, piece, aliases)
        score -= _NO_NUMBER * (not numbered)
        if any(_row_number(piece, n.number, n.nouns) or _is_item(piece, n) for n in asked.numbered):
            score += _THE_ROW
        years = not asked.years or self._of_year(asked, piece, text)
        score -= _NO_YEAR * (not years)
        if asked.is_definition:
            score += _DEFINES * defines(asked, piece)
        score += _LABELLED * labelled(asked, piece)
        if piece.kind is BlockKind.CARD and piece.cells:
            label = {w.stem for w in words(piece.cells[0][0])}
            asked_for = {w.stem for w in asked.question.words} | _TELLING
            score -= _LABEL * (not label & asked_for)
        if len(words(piece.shown)) < 5 and not piece.listed:
            score -= _TERSE
        lacking = bool(lacks - SOFT) or uncounted or not numbered or not years or nowhere
        lacking = lacking or unfit(asked, piece)
        return Weighed(piece, round(score, 6), covered, meaning, lacking, nowhere)

    def _of_year(self, asked: Asked, piece: Piece, text: str) -> bool:
        """Whether a piece is of a year of the question: it says so, or its publication is of it.

        In a report on 2020 "the third week of March" is in 2020, but not where it says "in 2019".
        """
        if any(year in text for year in asked.years):
            return True
        source = self._sources.get(piece.passage.source_id)
        dated = f"{source.title} {source.date or ''}" if source else ""
        return any(year in dated for year in asked.years) and not _YEAR.search(text)

    def _names_missing(self, asked: Asked, piece: Piece) -> tuple[float, bool]:
        """How much of the question's names is missing, and whether one stands nowhere near.

        A name that only another sentence of the passage has counts as half missing.
        """
        numbers = {s for n in asked.numbered for s in (*n.own, n.number)} | asked.years
        stems = [asked.question.words[i].stem for i in sorted(asked.names)]
        stems = [s for s in dict.fromkeys(stems) if s not in numbers]
        if not stems:
            return 0.0, False
        place = f"{piece.context} {title_of(piece, self._sources)}"
        own = piece.stems | piece.context_stems | {w.stem for w in words(place)}
        around = self._around(piece.passage)
        missing, nowhere = 0.0, False
        for stemmed in stems:
            country = stemmed in asked.country_stems
            if stemmed in own or (country and marked(asked, f"{piece.said} {piece.context}")):
                continue
            near = stemmed in around or (country and marked(asked, piece.passage.text))
            missing += 0.5 if near else 1.0
            nowhere = nowhere or not near
        return missing / len(stems), nowhere

    def _aliases(self, asked: Asked, pieces: Sequence[Piece]) -> list[frozenset[str]]:
        """Other names of what the question names by number, as sets of stems.

        A row or an item that bears the number tells them: "Project 9 - Network of testing centres".
        """
        found = []
        for numbered in asked.numbered:
            for piece in pieces:
                if numbered.named_in(piece.said) and piece.kind is BlockKind.LIST_ITEM:
                    match = re.search(
                        rf"\b{numbered.number} (?:\(([^)]+)\)|[-–] (.+?) (?:[-–]|\())", piece.shown
                    )
                    found.append((match[1] or match[2]) if match else "")
                elif _row_number(piece, numbered.number, numbered.nouns):
                    found += [v.rpartition(": ")[2] for _, v in piece.cells[2:3]]
        stems = [frozenset(w.stem for w in words(text) if len(w.folded) > _SHORT) for text in found]
        return [s for s in stems if s]


def _reasons_first(asked: Asked, ranked: list[Weighed]) -> list[Weighed]:
    """The ranking; asked why, a piece that gives a reason comes before those that give none."""
    fit = [w for w in ranked if not w.lacking]
    if not asked.question.asks("why") or not fit:
        return ranked
    telling = [w for w in fit if asked.reasons(w.piece.said) and w.score >= _OF_THE_MATTER]
    return [*telling, *(w for w in ranked if w not in telling)]


_OF_THE_MATTER = 0.50  # score of a piece that can be the reason
_TELLING = frozenset({"amount", "statement"})  # labels of a card's line that tell something
_SHORT = 3  # letters of words that name nothing


def _read(piece: Piece) -> str:
    """What the embedder sees of a piece: the end of its place and the words."""
    place = piece.context.rpartition(" > ")[2]
    text = piece.shown if piece.kind is BlockKind.CARD else with_lead(piece)
    if place and not text.startswith(place.rstrip(":.")) and len(words(place)) <= _SHORT_PLACE:
        text = f"{place}: {text}"
    return " ".join(text.split()[:_CUT])


_SHORT_PLACE = 12  # words of a heading that is read with what stands under it


def marked(asked: Asked, text: str) -> bool:
    """Whether a text names a country of the question, in words or by its code."""
    return any(mark.search(text) for mark in asked.country_marks)


def _row_number(piece: Piece, number: str, nouns: Sequence[str]) -> bool:
    """Whether a row is the one with this number, or any, in a table of such things."""
    if not piece.cells or piece.cells[0][0] not in ("", "#") or len(piece.cells) < 2:
        return False
    own = piece.cells[0][1].strip().rstrip(".")
    if own != number if number else not own.isdigit():
        return False
    headers = " ".join(header for header, _ in piece.cells)
    first = words(" ".join(headers.split()))
    # "3 – area 6": the number of the row is that of something else.
    said = re.findall(rf"\b{re.escape(nouns[-1])}s?\s+(\d+)", fold(piece.said))
    return nouns[-1] in {w.stem for w in first} and (not said or own in said)


def _is_item(piece: Piece, numbered: Numbered) -> bool:
    """Whether an item or a row is what a number names: "Goal 2. Quiet nights"."""
    text = fold(piece.shown)
    name = numbered.pattern.match(text) if piece.listed else None
    return name is not None and text[name.end() : name.end() + 1] in _HEADS


_HEADS = frozenset(".:")  # what parts a name from what it names


def rows_named(asked: Asked, usable: Sequence[Weighed]) -> list[Piece]:
    """The rows that a number names, of each table, where nothing else is asked: "project 7"."""
    named = {s for n in asked.numbered for s in (*n.own, n.number)}
    if len(asked.numbered) != 1 or set(asked.weights) - named:
        return []
    name = asked.numbered[0]
    return [w.piece for w in usable if _row_number(w.piece, name.number, name.nouns)]


def by_number(asked: Asked, piece: Piece) -> frozenset[str]:
    """The stems of the names by number that a piece or a heading above it bears."""
    texts = (piece.said, *piece.passage.heading_path)
    named = (n for n in asked.numbered if any(n.named_in(text) for text in texts))
    return frozenset(s for n in named for s in n.own)


def _without_number(piece: Piece) -> str:
    """The words of a piece, of a numbered row or item without its number."""
    if piece.kind is BlockKind.LIST_ITEM:
        return piece.shown
    if piece.cells and piece.cells[0][0] in ("", "#"):
        return "; ".join(f"{header}: {value}" for header, value in piece.cells[1:])
    return piece.said


def _named(asked: Asked, piece: Piece, aliases: Sequence[frozenset[str]]) -> bool:
    """Whether a piece is about all that the question names by number."""
    place = " ".join(piece.passage.heading_path)
    for numbered in asked.numbered:
        by_number = (
            numbered.named_in(piece.said)
            or numbered.named_in(place)
            or _row_number(piece, numbered.number, numbered.nouns)
        )
        by_name = not _row_number(piece, "", numbered.nouns) and any(
            len(alias & piece.stems) >= max(2, len(alias) * 0.6) for alias in aliases
        )
        if not by_number and not by_name:
            return False
    return True


def labelled(asked: Asked, piece: Piece) -> bool:
    """Whether a piece is a label of the question's words and its value: "Price: 9 crowns"."""
    label, colon, value = piece.shown.partition(": ")
    own = [w for w in words(label) if asked.tells(w)]
    if asked.is_count or piece.cells or not colon or not value or not 0 < len(own) <= _SHORT_LABEL:
        return False
    # "Mill 3: it was sold" tells something of mill 3; it is no value of it.
    names = {asked.question.words[i].stem for i in asked.names}
    return all(w.stem in asked.weights and w.stem not in names and w.folded.isalpha() for w in own)


_SHORT_LABEL = 3  # words of content of a label


def defines(asked: Asked, piece: Piece) -> bool:
    """Whether a sentence says what the name in the question means."""
    text = piece.shown
    names = [asked.question.words[i] for i in asked.content]
    if not names:
        return False
    term = asked.question.text[names[0].start : names[-1].end]
    at = text.casefold().find(term.casefold())
    if at < 0:
        return False
    after = text[at + len(term) :].lstrip(" \"'”’)").casefold()
    bracketed = text[:at].rstrip()[-1:] == "(" or text[at + len(term) :].lstrip()[:1] == "("
    said = after.startswith(("is ", "are ", "was ", "means ", "stands for ", "refers ", "- ", "– "))
    return bracketed or (at < _EARLY and said)


_EARLY = 40  # characters: a term so far in is still the subject of its sentence
