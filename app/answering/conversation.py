"""A question in a conversation: what it takes over from the one before it."""

from dataclasses import dataclass

from app.answering.lexicon import Lexicon, Role
from app.answering.understanding import Question, understand
from corpus.vocabulary import Vocabulary
from corpus.words import words

_SHORT = 4  # words of content up to which a question may lean on the one before


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question as it was understood, and the names of what its answer was about."""

    question: Question
    subjects: tuple[str, ...] = ()


def resolve(asked: str, before: Turn | None, lexicon: Lexicon) -> Question:
    """Understand a question; one that leans on the turn before it is completed from there."""
    question = understand(asked, lexicon)
    if before is None:
        return question
    rewritten = _completed(question, before, lexicon.vocabulary)
    return understand(rewritten, lexicon) if rewritten else question


def _completed(question: Question, before: Turn, vocabulary: Vocabulary) -> str:
    """The question with what it leaves out filled in; empty when it stands alone."""
    named = question.entities or question.of(Role.COUNTRY) or question.of(Role.GROUP)
    begins = " ".join(w.folded for w in question.words[:2])
    continues = any(begins.startswith(opening) for opening in vocabulary.continuations)
    if named:
        own_topic = question.of(Role.FIELD) or question.kinds() or question.of(Role.CHOICE)
        if continues and not own_topic:
            return _swapped(question, before)
        return ""
    pronouns = [w for w in question.words if w.folded in vocabulary.pronouns]
    subject = _subject(before)
    if pronouns and subject:
        text, word = question.text, pronouns[0]
        return f"{text[: word.start]}{subject}{text[word.end :]}"
    short = len(question.content) <= _SHORT
    if continues and subject and short:
        return f"{question.text.rstrip('?.! ')} of {subject}?"
    if not question.content and question.words:
        return f"{question.text.rstrip('?.! ')} {before.question.text}"
    return ""


def _subject(before: Turn) -> str:
    """What the turn before was about, in words."""
    spans = before.question.entities
    if spans:
        first, last = spans[0], spans[0]
        found = before.question.words
        return before.question.text[found[first.start].start : found[last.end - 1].end]
    return before.subjects[0] if before.subjects else ""


def _swapped(question: Question, before: Turn) -> str:
    """The question before with its name replaced by the one asked about now."""

    def names(q: Question) -> list[tuple[int, int]]:
        roles = (Role.ENTITY, Role.COUNTRY, Role.GROUP)
        return [(s.start, s.end) for s in q.spans if s.meaning.role in roles]

    new, old = names(question), names(before.question)
    if not new or not old:
        return ""
    text = before.question.text
    start = before.question.words[old[0][0]].start
    end = before.question.words[old[0][1] - 1].end
    name = question.text[question.words[new[0][0]].start : question.words[new[0][1] - 1].end]
    return f"{text[:start]}{name}{text[end:]}"


__all__ = ["Turn", "resolve", "words"]
