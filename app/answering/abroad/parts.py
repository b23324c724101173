"""Several questions in one sentence, in another language than English."""

from app.answering.lexicon import Role
from app.answering.understanding import Question
from corpus.vocabulary import Vocabulary

_COUNTED = "count"  # the cue of "how many"


def parts_of(question: Question, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The questions that a sentence joins: "how many take part and who coordinates?".

    Each begins with a question word; one that says nothing else ("when and where was it?") is
    completed from the next. A sentence that is one question is its only part.
    """
    starts = [0]
    for at in range(1, len(question.words)):
        end = _end_before(question, at, vocabulary)
        if end > starts[-1] and _opens(question, at, vocabulary):
            opened = _says(question, starts[-1], end) or _opens(question, starts[-1], vocabulary)
            starts += [at] if opened else []
    while len(starts) > 1 and not _says(question, starts[-1], len(question.words)):
        starts.pop()
    ends = [*(_end_before(question, at, vocabulary) for at in starts[1:]), len(question.words)]
    texts: list[str] = []
    rest = ""
    for start, end in reversed(list(zip(starts, ends, strict=True))):
        said = _text(question, start, end)
        if _says(question, start, end):
            rest = _text(question, start + 1, end)
        else:
            said = f"{said} {rest}"
        texts.insert(0, f"{said}?")
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
