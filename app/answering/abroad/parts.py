"""Several questions in one sentence, in another language than English."""

from app.answering.lexicon import Role
from app.answering.understanding import Question
from corpus.vocabulary import Vocabulary

_COUNTED = "count"  # the cue of "how many"


def parts_of(question: Question, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The questions that a sentence joins: "how many take part and who coordinates?".

    Each begins with a question word; one that says nothing else ("when and where was it?") is
    completed from its neighbour. A sentence that is one question is its only part.
    """
    starts = [0]
    for at in range(1, len(question.words)):
        end = _end_before(question, at, vocabulary)
        if end > starts[-1] and _opens(question, at, vocabulary):
            opened = _says(question, starts[-1], end) or _opens(question, starts[-1], vocabulary)
            starts += [at] if opened else []
    ends = [*(_end_before(question, at, vocabulary) for at in starts[1:]), len(question.words)]
    places = list(zip(starts, ends, strict=True))
    saying = [(start, end) for start, end in places if _says(question, start, end)]
    texts = []
    for start, end in places:
        said = _text(question, start, end)
        if (start, end) not in saying:  # completed from the next, or of the last from that before
            other = next((p for p in saying if p[0] > start), saying[-1] if saying else (0, 0))
            said = f"{said} {_text(question, other[0] + 1, other[1])}"
        texts.append(f"{said}?")
    return tuple(texts)


def _text(question: Question, start: int, end: int) -> str:
    if start >= end:
        return ""
    return question.text[question.words[start].start : question.words[end - 1].end]


def _end_before(question: Question, at: int, vocabulary: Vocabulary) -> int:
    """The end of the words before a joint or a comma that stands before a word; 0 for neither."""
    before = question.words[at - 1]
    if before.folded in vocabulary.joints and at > 1:
        return at - 1
    gap = question.text[before.end : question.words[at].start]
    return at if any(mark in gap for mark in ",;?") else 0


def _opens(question: Question, at: int, vocabulary: Vocabulary) -> bool:
    """Whether a question may begin with a word."""
    if question.words[at].folded in vocabulary.determiners:
        return True
    return any(
        span.start == at
        and (span.meaning.role is Role.ANSWER or span.meaning.value == _COUNTED)
        and not {span.start} & question.content
        for span in question.spans
    )


def _says(question: Question, start: int, end: int) -> bool:
    return bool(question.content & set(range(start, end)))
