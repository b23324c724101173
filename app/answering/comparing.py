"""Questions for two things at once: one answer for each, so that the reader can compare."""

from app.answering.asked import Asked
from corpus.passage_words import in_words

_REACH = 3  # words of a side


def sides(asked: Asked) -> tuple[str, str] | None:
    """The question about each of two alternatives; None when it has no two.

    "Which is larger, the mill or the loom?" is "Which is larger, the mill?" and "Which is larger,
    loom?".
    """
    found = _joint(asked)
    if found is None:
        return None
    left, right = _before(asked, found[0]), _after(asked, found[1])
    one, other = _stems(asked, left), _stems(asked, right)
    if not one - other or not other - one:
        return None
    text, words = asked.question.text, asked.question.words
    start, end = words[left[0]].start, words[right[-1]].end
    return (
        text[: words[left[-1]].end] + text[end:],
        text[:start] + text[words[right[0]].start :],
    )


def _joint(asked: Asked) -> tuple[int, int] | None:
    """The first and last word of what joins the two."""
    own = asked.demands.words
    phrases = in_words(own.alternatives)
    if asked.compares or asked.chooses:
        phrases += in_words(own.pairs)
    for phrase in phrases:
        for at in range(1, len(asked.folded) - len(phrase)):
            if asked.folded[at : at + len(phrase)] == phrase:
                return at, at + len(phrase) - 1
    return None


def _before(asked: Asked, first: int) -> list[int]:
    """The run of content right before the joint, at most three words."""
    run: list[int] = []
    at = first - 1
    while at >= 0 and at in asked.content and len(run) < _REACH:
        if run and _parted(asked, at):
            break
        run.insert(0, at)
        at -= 1
    return run


def _after(asked: Asked, last: int) -> list[int]:
    """The run of content right after it, function words before it left out."""
    at = last + 1
    while at < len(asked.folded) and at not in asked.content and at - last < _REACH:
        at += 1
    run: list[int] = []
    while at < len(asked.folded) and at in asked.content and len(run) < _REACH:
        run.append(at)
        if _parted(asked, at):
            break
        at += 1
    return run


def _parted(asked: Asked, at: int) -> bool:
    """Whether a mark stands right after a word."""
    words = asked.question.words
    end = words[at + 1].start if at + 1 < len(words) else len(asked.question.text)
    return bool(set(asked.question.text[words[at].end : end]) & set(",;:?!."))


def _stems(asked: Asked, run: list[int]) -> frozenset[str]:
    return frozenset(asked.question.words[i].stem for i in run)


def distinct(asked: Asked, other: Asked) -> frozenset[str]:
    """The stems of content that only the first of two questions has."""
    return frozenset(asked.weights) - frozenset(other.weights)
