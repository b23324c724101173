"""Answers quoted from passages: the sentences that answer, or nothing when none does."""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz

from app.answering.evidence import Draft, Evidence, Statement
from app.answering.lexicon import Lexicon, Role
from app.answering.understanding import Question
from corpus.model import Passage, Source
from corpus.sentences import sentence_spans
from corpus.words import stem, words
from retrieval.embedder import Embedder
from retrieval.library import Library
from retrieval.model import Filter, Hit

_PASSAGES = 8  # searched for a question
_SENTENCES = 32  # of those passages, weighed at most
_SAME = 82  # of 100, rapidfuzz.fuzz.token_set_ratio: two sentences say the same
_MOST_WORDS = 85  # of an answer
_MOST_SENTENCES = 3
_MOST_ITEMS = 10
_CLOSE_SECOND = 0.88  # of the best score, for a further sentence
_DATE = re.compile(r"\b(?:19|20)\d{2}\b")
_DIGIT = re.compile(r"\d")
_MONEY = re.compile(r"[€$£]|\b(?:euros?|EUR|USD)\b")
_NAME = re.compile(r"(?<![.!?] )(?<!^)\b[A-ZÀ-Þ][\w’'-]+ (?:[a-z]{2,3} )?[A-ZÀ-Þ][\w’'-]+")

# Weights of a sentence's signals and the score under which no sentence answers. Set on the
# development questions; docs/evaluation.md has the curve.
_W_MEANING, _W_WORDS, _W_PASSAGE = 0.55, 0.40, 0.10
_WRONG_TYPE, _NO_NAME = 0.15, 0.25
_ANSWERS = 0.56


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence of a passage that may answer: ``shown`` is how it reads alone."""

    passage: Passage
    start: int
    end: int
    shown: str
    score: float = 0.0
    covered: float = 0.0
    meaning: float = 0.0


class PassageAnswers:
    """Finds, weighs and joins sentences of the library's passages."""

    def __init__(
        self,
        library: Library,
        lexicon: Lexicon,
        sources: Mapping[str, Source],
        rarity: Callable[[str], float],
        where: Filter,
    ) -> None:
        self.library = library
        self.lexicon = lexicon
        self.sources = sources
        self.rarity = rarity
        self.where = where

    def draft(self, question: Question) -> Draft | None:
        """The sentences that answer; None when the passages do not carry the question."""
        ranked = self.weigh(question)
        if not ranked or ranked[0].score < _ANSWERS:
            return None
        best = ranked[0]
        items = _list_after(best) if best.shown.endswith(":") else []
        if items:
            lead = Statement(best.shown, (_evidence(best),))
            return Draft((lead, *items))
        chosen = _choose(ranked)
        return Draft(tuple(Statement(c.shown, (_evidence(c),)) for c in chosen))

    def nearest(self, question: Question) -> Passage | None:
        """The passage nearest to a question that has no answer."""
        hits = self.library.search(question.text, 1, self._where(question))
        return hits[0].passage if hits else None

    def weigh(self, question: Question) -> list[Candidate]:
        """The sentences of the best passages, the best first."""
        hits = self.library.search(question.text, _PASSAGES, self._where(question))
        every = [c for hit in hits for c in sentences(hit.passage)]
        # The model is slow: it sees the sentences that share most words with the question.
        order = sorted(every, key=lambda c: -self._covered(question, c))
        candidates = order[:_SENTENCES]
        if not candidates:
            return []
        texts = [c.shown for c in candidates]
        vectors = self.library.embedder.embed([question.text, *texts])
        meanings = vectors[1:] @ vectors[0]
        strength = _strengths(hits)
        scored = [
            self._scored(question, candidate, float(meaning), strength)
            for candidate, meaning in zip(candidates, meanings, strict=True)
        ]
        return sorted(scored, key=lambda c: (-c.score, c.passage.id, c.start))

    def _where(self, question: Question) -> Filter:
        named = tuple(span.meaning.value for span in question.sources)
        if not named:
            return self.where
        return Filter(sources=named, origins=self.where.origins)

    def _scored(
        self,
        question: Question,
        candidate: Candidate,
        meaning: float,
        strength: Mapping[str, float],
    ) -> Candidate:
        covered = self._covered(question, candidate)
        score = _W_MEANING * meaning + _W_WORDS * covered
        score += _W_PASSAGE * strength[candidate.passage.id]
        score -= _WRONG_TYPE * (not fits_type(question, candidate.shown))
        score -= _NO_NAME * self._missing_names(question, candidate)
        return Candidate(
            candidate.passage, candidate.start, candidate.end, candidate.shown,
            score, covered, meaning,
        )  # fmt: skip

    def _covered(self, question: Question, candidate: Candidate) -> float:
        """The share of the question's content, by rarity, that the sentence or its place holds."""
        own = {w.stem for w in words(candidate.shown)}
        around = {w.stem for w in words(_around(candidate.passage, self.sources))}
        total = got = 0.0
        for stemmed in {question.words[i].stem for i in question.content}:
            weight = self.rarity(stemmed)
            total += weight
            got += weight * (1.0 if stemmed in own else 0.6 if stemmed in around else 0.0)
        return got / total if total else 0.0

    def _missing_names(self, question: Question, candidate: Candidate) -> float:
        """The share of the names in the question that neither the sentence nor its place has."""
        named = [
            i
            for i in question.content
            if question.text[question.words[i].start].isupper() and i > 0
        ]
        named += [
            i
            for span in question.spans
            if span.meaning.role in (Role.ENTITY, Role.COUNTRY)
            for i in range(span.start, span.end)
            if i in question.content and i not in named
        ]
        if not named:
            return 0.0
        held = {
            w.stem
            for w in words(f"{_around(candidate.passage, self.sources)} {candidate.passage.text}")
        }
        missing = [i for i in named if question.words[i].stem not in held]
        return len(missing) / len(named)


def fits_type(question: Question, text: str) -> bool:
    """Whether a sentence holds the kind of thing that is asked for: a date, a number, money."""
    if question.asks("when"):
        return bool(_DATE.search(text))
    if question.has_cue("count") or question.asks("how_much", "how_long"):
        return bool(_DIGIT.search(text)) or _number_word(text)
    if question.asks("who"):
        return bool(_NAME.search(f" {text}"))
    return True


def _number_word(text: str) -> bool:
    found = {w.folded for w in words(text)}
    return bool(found & _NUMBER_WORDS)


_NUMBER_WORDS = frozenset(
    [
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "dozen",
        "hundred",
        "thousand",
    ]
)


def sentences(passage: Passage) -> list[Candidate]:
    """The sentences of a passage as they read alone; of a card, its lines with their subject."""
    found = []
    spans = sentence_spans(passage.text, passage.language)
    if not passage.record:
        for start, end in spans:
            text = " ".join(passage.text[start:end].split())
            if len(words(text)) > 2:
                found.append(Candidate(passage, start, end, _with_lead(passage, text)))
        return found
    lines = _lines(passage.text)
    subject = passage.text[slice(*lines[0])].partition(": ")[2]
    for start, end in lines[1:]:
        label, _, value = passage.text[start:end].partition(": ")
        if label == "Description":
            begin = end - len(value)
            for first, last in sentence_spans(value, passage.language):
                found.append(Candidate(passage, begin + first, begin + last, value[first:last]))
        elif label != "Also":
            found.append(
                Candidate(passage, start, end, f"{subject} – {label}: {value}".rstrip(".") + ".")
            )
    return found


def _with_lead(passage: Passage, text: str) -> str:
    if passage.lead and len(words(text)) < 12 and not text.endswith(":"):
        return f"{passage.lead.rstrip(':')}: {text}"
    return text


def _lines(text: str) -> list[tuple[int, int]]:
    return [m.span() for m in re.finditer(r"[^\n]+", text)]


def _around(passage: Passage, sources: Mapping[str, Source]) -> str:
    source = sources.get(passage.source_id)
    title = source.title if source else ""
    card = passage.text.split("\n", 1)[0] if passage.record else ""
    return " ".join((title, *passage.heading_path, passage.lead, passage.section, card))


def _strengths(hits: Sequence[Hit]) -> dict[str, float]:
    top = max((hit.score for hit in hits), default=1.0) or 1.0
    return {hit.passage.id: hit.score / top for hit in hits}


def _evidence(candidate: Candidate) -> Evidence:
    return Evidence(candidate.passage, candidate.start, candidate.end)


def _choose(ranked: Sequence[Candidate]) -> list[Candidate]:
    """The best sentence and those close to it that say something else, in reading order."""
    chosen: list[Candidate] = []
    length = 0
    for candidate in ranked:
        size = len(words(candidate.shown))
        close = candidate.score >= _CLOSE_SECOND * ranked[0].score
        if chosen and (not close or length + size > _MOST_WORDS):
            continue
        if any(fuzz.token_set_ratio(candidate.shown, c.shown) >= _SAME for c in chosen):
            continue
        chosen.append(candidate)
        length += size
        if len(chosen) == _MOST_SENTENCES:
            break
    best, *rest = chosen
    before = [c for c in rest if c.passage.id == best.passage.id and c.start < best.start]
    return [*before, best, *(c for c in rest if c not in before)]


def _list_after(best: Candidate) -> list[Statement]:
    """The items of the list that a sentence introduces."""
    items = []
    for candidate in sentences(best.passage):
        if candidate.start <= best.start:
            continue
        text = candidate.passage.text[candidate.start : candidate.end]
        items.append(Statement(" ".join(text.split()), (_evidence(candidate),), item=True))
    return items[:_MOST_ITEMS]


class Rarity:
    """How rare a stem is among the passages at hand: 1 for a word of none, towards 0 for one of all."""

    def __init__(self, passages: Iterable[Passage]) -> None:
        counts: Counter[str] = Counter()
        self._total = 0
        for passage in passages:
            counts.update({w.stem for w in words(passage.indexed_text, passage.language)})
            self._total += 1
        self._counts = counts
        self._words = frozenset(counts)

    def __call__(self, stemmed: str) -> float:
        """Inverse document frequency of a stem, scaled to (0, 1]."""
        seen = self._counts.get(stemmed, 0)
        return math.log((self._total + 1) / (seen + 0.5)) / math.log((self._total + 1) / 0.5)

    def known(self, word: str) -> bool:
        """Whether a folded word's stem stands in some passage."""
        return stem(word) in self._words


__all__ = ["Candidate", "Embedder", "PassageAnswers", "Rarity", "np", "sentences"]
