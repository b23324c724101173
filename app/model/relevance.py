"""Whether a line that a model found by itself has anything to do with what was asked.

What documents hold beside the question is not said, however true to them: else whoever writes a
document could put something into every answer.
"""

from app.answering.answer import Answer, Status
from app.answering.asked import Asked
from app.answering.fitness import unfit
from app.answering.lexicon import Lexicon, Role
from app.answering.piece import Piece
from corpus.vocabulary import languages
from corpus.words import words

_COVERED = 0.7  # share of the question's words, by weight, that a line has to hold
_ABOUT = (Role.ENTITY, Role.COUNTRY, Role.FIELD, Role.KIND)


def is_whole(offline: Answer) -> bool:
    """Whether an answer was computed from records: then its plan explains the whole question."""
    answered = offline.status is Status.ANSWERED
    return answered and all(citation.passage.record for citation in offline.citations)


def relevant(asked: Asked, piece: Piece) -> bool:
    """Whether a line in the question's language holds what is asked about, and can be an answer."""
    total = sum(asked.weights.values())
    held = sum(weight for stem, weight in asked.weights.items() if stem in piece.stems)
    return bool(total) and held >= _COVERED * total and not unfit(asked, piece)


def relevant_abroad(question: str, lexicon: Lexicon, piece: Piece, english: Lexicon) -> bool:
    """Whether a line is about all that a question in another language names."""
    language = lexicon.vocabulary.language
    named = _about(question, lexicon, language)
    own = piece.passage.language if piece.passage.language in languages() else "en"
    return bool(named) and named <= _about(f"{piece.said} . {piece.context}", english, own)


def _about(text: str, lexicon: Lexicon, language: str) -> frozenset[tuple[Role, str]]:
    spans = lexicon.spans(text, words(text, language))
    return frozenset((s.meaning.role, s.meaning.value) for s in spans if s.meaning.role in _ABOUT)
