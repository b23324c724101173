"""Answers quoted from passages: the pieces that answer, or nothing when none does."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz
from spellchecker import SpellChecker

from app.answering.asked import Asked
from app.answering.certainty import ENOUGH, Signals
from app.answering.comparing import distinct, sides
from app.answering.demands import SELF_EVIDENT, demands
from app.answering.evidence import Draft, Evidence, Statement
from app.answering.fitness import relation_missing
from app.answering.from_tables import from_tables
from app.answering.gathering import alike, gather, introduced, telling
from app.answering.lexicon import Lexicon
from app.answering.neighbours import stands_for
from app.answering.piece import Piece, with_lead
from app.answering.pieces import Pieces, best_versions
from app.answering.tables import Tables
from app.answering.terms import Terms
from app.answering.understanding import Question, understand
from app.answering.weighing import (
    Weighed,
    Weigher,
    by_number,
    defines,
    labelled,
    marked,
    rows_named,
)
from corpus.model import Origin, Passage, Source
from corpus.words import words
from retrieval.library import Library
from retrieval.model import Filter, Hit

_PASSAGES = 10  # searched for a question
_NAMING = 4  # passages that are looked for by a name alone
_WORDS = 3  # of content, by which alone a passage is found
_SAME = 82  # of 100, rapidfuzz.fuzz.token_set_ratio: two sentences say the same
_MOST_WORDS = 85  # of an answer
_MOST_SENTENCES = 3
_CLOSE_SECOND = 0.90  # of the best score, for a further sentence
_ENOUGH = 0.85  # share of the question's words that a sentence must hold to answer alone

# A piece answers from _ANSWERS on. One that shares few words with the question (a paraphrase) has
# to be near it in meaning; of those that share hardly any, the score says nothing. In a document
# that somebody added, few words are more of them, and what shares most of them needs to be half as
# certain: its sentences say much at once, those of the bundled digests one thing each. See
# docs/evaluation.md.
_ANSWERS = 0.50
_HARDLY, _NEAR = 0.35, 0.62
_FEW_ADDED, _NEAR_ADDED, _MOST_ADDED = 0.60, 0.70, 0.65
_TRIED = 4  # of the best pieces, for one that tells the deed that is asked about
_STRONG = 0.65  # score of a piece that few questions without an answer reach
_VOUCHED = 0.5  # of the certainty that is enough elsewhere
_VOUCHING = SELF_EVIDENT | {"money", "date"}
_AS_GOOD = 0.15  # of score below the best: still what another source says of the same


class PassageAnswers:
    """Finds, weighs and joins pieces of the library's passages."""

    def __init__(
        self,
        library: Library,
        lexicon: Lexicon,
        sources: Mapping[str, Source],
        terms: Terms,
        where: Filter,
    ) -> None:
        self.library = library
        self.lexicon = lexicon
        self.sources = sources
        self.terms = terms
        self._dictionary = SpellChecker(language=lexicon.vocabulary.language)
        self._demands = demands(lexicon.vocabulary.language)
        documents = [
            d for d in library.documents() if not where.origins or d.origin in where.origins
        ]
        self.pieces = Pieces(library, documents)
        kept = best_versions(documents, {d.id: self.pieces.document(d.id) for d in documents})
        self.where = Filter(documents=kept, origins=where.origins) if kept else where
        self._kept = kept
        self._added = {d.id for d in documents if d.origin is Origin.ADDED}
        self.tables = Tables(self.pieces)
        self._weigher = Weigher(
            library.embedder, sources, lexicon.vocabulary.function_words, self.pieces.around
        )

    def draft(self, question: Question) -> Draft | None:
        """The pieces that answer; None when the passages do not carry the question."""
        asked = self.asked(question)
        if asked.is_future or asked.is_foreign or asked.is_order:
            return None
        tabled = None if asked.lists_countries else self._tabled(asked)
        if asked.adds_up or (tabled and not (asked.is_count and self._states_number(asked))):
            return tabled
        both = sides(asked)
        if both:
            compared = self._compared(*both)
            if compared or asked.compares:
                return compared
        found = self._found(asked)
        if both:
            found = replace(found, ranked=self._of_sides(asked, both, found.ranked))
        if asked.across_sources:
            return self._by_source(found)
        gathered = gather(asked, found.ranked, self.pieces, self.sources)
        if gathered and self._lacks(asked, gathered):
            gathered = None
        if not gathered and asked.lists_countries:  # a list of names may answer, else a table
            gathered = self._tabled(asked)
        if gathered:
            return gathered
        if asked.asks_membership:
            return None
        usable = self._usable(asked, found)
        if not usable:
            return None
        best = usable[0].piece
        items = self.pieces.after(best) if best.shown.endswith(":") else []
        if best.shown.endswith(":") and not items:
            return None
        if items:
            lead = Statement(_told(asked, best), (best.evidence,))
            return Draft((lead, *(Statement(i.shown, (i.evidence,), item=True) for i in items)))
        if "contact" in asked.needs:
            return self._contacts(best)
        rows = rows_named(asked, usable)
        if len(rows) > 1:
            return Draft(
                tuple(self._statement(asked, row, usable) for row in rows[:_MOST_SENTENCES])
            )
        whole = usable if asked.question.asks("why") else _fullest_first(usable)
        chosen = _choose(asked, whole)
        listed = introduced(asked, chosen[0], self.pieces) if len(chosen) == 1 else None
        listed = listed or alike(asked, chosen[0], self.pieces)
        if listed:
            return listed
        if asked.is_for_several and not any(_enumerates(asked, piece) for piece in chosen):
            return None
        return Draft(tuple(self._statement(asked, p, usable) for p in chosen))

    def _lacks(self, asked: Asked, gathered: Draft) -> bool:
        """Whether a list has not what is asked of a thing: "what are the fees of the mill?"."""
        if asked.numbered or not asked.names:
            return False  # what stands under a number is what is asked of it
        own = asked.office | set(asked.attribute[-1:])
        evidence = [(s, e) for s in gathered.statements for e in s.evidence[:1]]
        pieces = [
            Piece(e.passage, e.start, e.end, s.text, context=_under(e, s)) for s, e in evidence
        ]
        near = [self._weigher.neighbours.nearness(asked, piece) for piece in pieces]
        return bool(own) and not any(stands_for(n.get(w, 0.0)) for n in near for w in own)

    def _contacts(self, best: Piece) -> Draft:
        """Whom to turn to: the piece, and who else stands under the same heading."""
        reachable = self._demands.holds["email"], self._demands.holds["phone"]
        beside = [
            piece
            for piece in self.pieces.under(best.passage.heading_path, best.passage.document_id)
            if best.passage.heading_path and any(way.search(piece.said) for way in reachable)
        ]
        beside = beside if len(beside) <= _MOST_CONTACTS else []
        if best in beside or not beside:
            chosen = [best, *(piece for piece in beside if piece is not best)]
        else:
            chosen = [best, *beside]
        return Draft(tuple(Statement(with_lead(p), (p.evidence,)) for p in chosen))

    def _tabled(self, asked: Asked) -> Draft | None:
        """What the tables tell of the documents in which a search finds something."""
        if asked.across_sources:
            return None
        found = dict.fromkeys(
            hit.passage.document_id for hit in self._search(asked.question, _PASSAGES)
        )
        return from_tables(asked, [table for name in found for table in self.tables.of(name)])

    def _states_number(self, asked: Asked) -> bool:
        """Whether a sentence states the number that is asked for, without conditions on it."""
        usable = [] if asked.question.bounds else self._usable(asked, self._found(asked))
        return bool(usable) and not usable[0].piece.cells

    def _usable(self, asked: Asked, found: "Found") -> list[Weighed]:
        """The pieces that can answer, the best first; none when the best does not."""
        fit = [w for w in found.ranked if not w.lacking]
        for at, weighed in enumerate(fit[:_TRIED]):
            nearness = self._weigher.neighbours.nearness(asked, weighed.piece)
            if not relation_missing(asked, nearness):
                signals = _signals(asked, found, weighed, nearness)
                added = weighed.piece.passage.document_id in self._added
                return fit[at:] if answers(asked, weighed, signals, added=added) else []
        return []

    def best(self, question: Question) -> tuple[Weighed | None, Signals | None]:
        """The best piece, whether it is given or not, and what is known of it."""
        asked = self.asked(question)
        found = self._found(asked)
        if not found.ranked:
            return None, None
        best = found.ranked[0]
        nearness = self._weigher.neighbours.nearness(asked, best.piece)
        return best, _signals(asked, found, best, nearness)

    def _compared(self, one: str, other: str) -> Draft | None:
        """What is held about each of two things; None unless it is about both."""
        first, second = (self.asked(understand(text, self.lexicon)) for text in (one, other))
        chosen: list[Statement] = []
        for asked, opposite in ((first, second), (second, first)):
            own = distinct(asked, opposite)
            fit = [
                w
                for w in self._found(asked).ranked
                if not w.lacking
                and own <= w.piece.stems | w.piece.context_stems | by_number(asked, w.piece)
            ]
            if not fit or not own or fit[0].score < _ANSWERS:
                return None
            chosen.append(self._statement(asked, fit[0].piece, fit))
        return Draft(tuple(dict.fromkeys(chosen)))

    def _of_sides(
        self, asked: Asked, both: tuple[str, str], ranked: list[Weighed]
    ) -> list[Weighed]:
        """The pieces that are about one of two alternatives at least; about both to weigh them."""
        first, second = (self.asked(understand(text, self.lexicon)) for text in both)
        own = ((first, distinct(first, second)), (second, distinct(second, first)))
        enough = all if asked.weighs else any

        def told(side: Asked, stems: frozenset[str], piece: Piece) -> bool:
            by_code = asked.weighs and marked(side, piece.said)
            return by_code or bool(stems & (piece.stems | piece.context_stems))

        return [w for w in ranked if enough(told(one, stems, w.piece) for one, stems in own)]

    def _by_source(self, found: "Found") -> Draft | None:
        """What each publication says, when there is more than one that does."""
        told: dict[str, Statement] = {}
        for weighed in found.ranked:
            source = self.sources[weighed.piece.passage.source_id]
            close = weighed.score >= max(_ANSWERS, found.ranked[0].score - _AS_GOOD)
            if not weighed.lacking and close and source.id not in told:
                text = f"“{source.title}”: {with_lead(weighed.piece)}"
                told[source.id] = Statement(text, (weighed.piece.evidence,))
        return Draft(tuple(told.values())) if len(told) > 1 else None

    def _statement(self, asked: Asked, piece: Piece, usable: Sequence[Weighed]) -> Statement:
        """A piece with its evidence, also from publications that say the same."""
        weighed = next(w for w in usable if w.piece is piece)
        same = self._weigher.same(weighed, usable)
        return Statement(_told(asked, piece), tuple(p.evidence for p in (piece, *same)))

    def nearest(self, question: Question) -> Passage | None:
        """The passage nearest to a question that has no answer."""
        hits = self._search(question, 1)
        return hits[0].passage if hits else None

    def asked(self, question: Question) -> Asked:
        """The question as far as passages have to answer it."""
        return Asked(
            question, self.terms, self._dictionary, self._demands,
            self.lexicon.vocabulary.function_words,
        )  # fmt: skip

    def _found(self, asked: Asked) -> "Found":
        hits = self._search(asked.question, _PASSAGES)
        hits += self._naming(asked, hits)
        hits += self._holding(asked, hits)
        found = [(piece, hit) for hit in hits for piece in self.pieces.of(hit.passage)]
        seen = {hit.passage.id for hit in hits}
        top = max((hit.score for hit in hits), default=0.0)
        if asked.numbered:
            documents = self._named_documents(asked.question) or self._kept
            named = self.pieces.sections_numbered(asked.numbered, documents)[:_PASSAGES]
            for numbered in asked.numbered:
                named += self.pieces.rows_numbered(numbered.number, documents)
                if not any(numbered.named_in(hit.passage.text) for hit in hits):
                    named += self.pieces.naming(numbered, documents)[:_NAMING]
            for passage in named:
                if passage.id not in seen:
                    seen.add(passage.id)
                    found += [(p, Hit(passage, top)) for p in self.pieces.of(passage)]
        nearest = max((hit.similarity or 0.0 for hit in hits), default=0.0)
        return Found(self._weigher.rank(asked, hits, found), nearest)

    def _naming(self, asked: Asked, hits: Sequence[Hit]) -> list[Hit]:
        """Passages with a name that none of those found has: it outweighs all else that is said."""
        if asked.is_definition:
            return []  # what has no more than the name defines nothing
        told = {w.stem for hit in hits for w in words(hit.passage.indexed_text)}
        names = [asked.question.words[i] for i in sorted(asked.names)]
        lost = " ".join(w.folded for w in names if w.stem not in told and w.folded.isalpha())
        return self._searched(lost, asked.question, _NAMING) if lost else []

    def _holding(self, asked: Asked, hits: Sequence[Hit]) -> list[Hit]:
        """The few passages with all the words of a question, where a search finds none of them."""
        stems = frozenset(asked.weights)
        found = [p for p in self.terms.holding(stems) if p.document_id in self._kept]
        if len(stems) < _WORDS or any(p.id == hit.passage.id for p in found for hit in hits):
            return []
        named = self._named_documents(asked.question)
        top = max((hit.score for hit in hits), default=0.0)
        return [Hit(p, top) for p in found if not named or p.document_id in named][:_NAMING]

    def _named_documents(self, question: Question) -> list[str]:
        named = {span.meaning.value for span in question.sources}
        return [d for d in self._kept if d.partition("/")[0] in named]

    def _search(self, question: Question, k: int) -> list[Hit]:
        return self._searched(question.text, question, k)

    def _searched(self, text: str, question: Question, k: int) -> list[Hit]:
        """The nearest passages to a text, in the sources that the question names."""
        named = tuple(span.meaning.value for span in question.sources)
        where = self.where
        if named:
            where = Filter(sources=named, documents=self._kept, origins=self.where.origins)
        return self.library.search(text, k, where)


def _under(evidence: Evidence, said: Statement) -> str:
    """The headings that evidence stands under and how it is introduced, in one text."""
    return " ".join((*evidence.passage.heading_path, evidence.passage.section or "", said.text))


def _fullest_first(ranked: Sequence[Weighed]) -> list[Weighed]:
    """The ranking; of those as good as the best, one that holds all the words comes first."""
    level = [w for w in ranked if w.score >= ranked[0].score - _LEVEL and w.covered >= _ALL]
    if not level:
        return list(ranked)
    first = max(level, key=lambda w: (round(w.covered, 2), w.score))
    return [first, *(w for w in ranked if w is not first)]


_LEVEL = 0.03  # scores that differ by less are the same
_ALL = 0.95  # share of the question's words that counts as all of them


@dataclass(frozen=True, slots=True)
class Found:
    """The pieces that a search found, the best first, and how near the nearest passage is."""

    ranked: list[Weighed]
    nearest: float  # cosine


def answers(asked: Asked, best: Weighed, signals: Signals, *, added: bool) -> bool:
    """Whether a piece carries the question well enough to be given as its answer.

    ``added``: it stands in a document that somebody added.
    """
    if added and best.covered < _FEW_ADDED and best.meaning < _NEAR_ADDED:
        return False
    if best.covered < _HARDLY:
        return not asked.needs and best.meaning >= _NEAR
    # What is of the very kind that is asked for (a sum, a count, a definition) vouches for itself,
    # and so does a piece that has all the words of the question, a name among them.
    vouched = bool(asked.needs & _VOUCHING or asked.counted)
    vouched = vouched or (asked.is_definition and defines(asked, best.piece))
    vouched = vouched or bool(asked.names and set(asked.weights) <= best.piece.stems)
    vouched = vouched or best.score >= _STRONG or labelled(asked, best.piece)
    vouched = vouched or (added and best.covered >= _MOST_ADDED)
    return best.score >= _ANSWERS and signals.certainty >= ENOUGH * (_VOUCHED if vouched else 1)


def _signals(
    asked: Asked, found: Found, weighed: Weighed, nearness: Mapping[str, float]
) -> Signals:
    names = {s for n in asked.numbered for s in n.own}
    rest = {s: w for s, w in asked.weights.items() if s not in names}
    missing = (w * (1 - nearness.get(s, 0.0)) for s, w in rest.items())
    nearest = max(found.nearest, weighed.meaning if _is_one_item(asked, weighed.piece) else 0.0)
    return Signals(nearest, weighed.covered, max(missing, default=0.0), weighed.nowhere)


def _is_one_item(asked: Asked, piece: Piece) -> bool:
    """Whether a piece is an item or a row that can answer by itself.

    A passage of many items is near to no one of them, so an item tells itself how near it is. One
    of them is neither several nor how many there are, and a long one is prose.
    """
    several = asked.is_count or (bool(asked.plurals) and not asked.is_yes_no)
    return piece.listed and not several and len(words(piece.shown)) <= _LONG_ITEM


_LONG_ITEM = 25  # words


def _choose(asked: Asked, ranked: Sequence[Weighed]) -> list[Piece]:
    """The best piece and those close to it that say something else, in reading order."""
    best = ranked[0].piece
    chosen = [best]
    length = len(words(best.shown))
    alone = ranked[0].covered >= _ENOUGH and not asked.is_for_several
    alone = alone or bool(asked.needs) or defines(asked, best)
    describing = asked.question.has_cue("description")
    for weighed in ranked[1:]:
        piece = weighed.piece
        if alone or len(chosen) == _MOST_SENTENCES:
            break
        size = len(words(piece.shown))
        if weighed.score < _CLOSE_SECOND * ranked[0].score or length + size > _MOST_WORDS:
            continue
        if any(fuzz.token_set_ratio(piece.shown, c.shown) >= _SAME for c in chosen):
            continue
        if piece.shown.endswith(":") or _overlap(piece, chosen):
            continue
        said = frozenset(s for c in chosen for s in c.stems)
        if not describing and not (set(asked.weights) & piece.stems) - said:
            continue
        chosen.append(piece)
        length += size
    before = [c for c in chosen[1:] if c.passage.id == best.passage.id and c.start < best.start]
    return [*before, best, *(c for c in chosen[1:] if c not in before)]


def _told(asked: Asked, piece: Piece) -> str:
    """A piece as the answer gives it, after the heading that holds what only it says."""
    text = with_lead(piece)
    headings = telling(asked, piece.passage.heading_path, text)
    return f"{' > '.join(headings)} – {text}" if headings else text


def _enumerates(asked: Asked, piece: Piece) -> bool:
    """Whether a piece names several things, as an answer to "which of them" has to."""
    own = asked.demands.words
    joining = {*own.pairs, *own.alternatives}
    joints = len(re.findall(r"[,;/]|\s&\s", piece.said))
    joints += sum(word.folded in joining for word in words(piece.said))
    return bool(piece.cells) or joints >= _JOINTS or labelled(asked, piece)


_JOINTS = 2  # marks and words between the things of a list in prose


_MOST_CONTACTS = 4  # that stand under one heading


def _overlap(piece: Piece, chosen: Sequence[Piece]) -> bool:
    return any(
        c.passage.id == piece.passage.id and c.start < piece.end and piece.start < c.end
        for c in chosen
    )
