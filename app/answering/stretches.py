"""Stretches of time in a question: "between May and July 2020", "from 20 to 30 January 2020"."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from app.answering.amounts import DateMention, MonthMention
from corpus.vocabulary import Vocabulary
from corpus.words import Word


def stretched(
    dates: Sequence[DateMention],
    months: Sequence[MonthMention],
    question: Sequence[Word],
    vocabulary: Vocabulary,
) -> tuple[list[DateMention], list[MonthMention]]:
    """The dates and months of a question, those that begin and end a stretch marked as such.

    What has no year takes that of the other end; two months without one become one stretch, of
    whichever year.
    """
    mentions: list[DateMention | MonthMention] = [*dates, *months]
    mentions.sort(key=lambda mention: min(mention.words))
    for at, (begin, end) in enumerate(pairwise(mentions)):
        if _opens(question, begin.words, end.words, vocabulary):
            mentions[at : at + 2] = _both(begin, end)
            break
    return (
        [m for m in mentions if isinstance(m, DateMention)],
        [m for m in mentions if isinstance(m, MonthMention)],
    )


def _opens(
    question: Sequence[Word], begin: frozenset[int], end: frozenset[int], vocabulary: Vocabulary
) -> bool:
    """Whether a stretch lies between two mentions: "between A and B", "A to B"."""
    relations = vocabulary.date_relations
    free = {*vocabulary.articles, *vocabulary.of} - {*relations.get("to", ())}
    joint = [w.folded for w in question[max(begin) + 1 : min(end)] if w.folded not in free]
    closing = {*relations.get("to", ()), *relations.get("until", ())}
    if len(joint) != 1 or joint[0] not in closing.union(vocabulary.joints):
        return False
    before = [w.folded for w in question[: min(begin)]]
    while before and before[-1] in vocabulary.articles:
        before.pop()
    opened = bool(before) and before[-1] in relations.get("from", ())
    return opened or joint[0] in closing.difference(vocabulary.joints)


def _both(
    begin: DateMention | MonthMention, end: DateMention | MonthMention
) -> list[DateMention | MonthMention]:
    """The two ends of a stretch, or the one mention that holds both."""
    if isinstance(begin, MonthMention) and isinstance(end, MonthMention):
        return [replace(begin, words=begin.words | end.words, until=(end.month, end.day))]
    first = begin.date if isinstance(begin, DateMention) else None
    last = end.date if isinstance(end, DateMention) else None
    if isinstance(begin, MonthMention) and last:  # the last such month before the end
        first = begin.of(last.first.year)
        first = first if first and first <= last else begin.of(last.first.year - 1)
    if isinstance(end, MonthMention) and first:
        last = end.of(first.first.year)
        last = last if last and first <= last else end.of(first.first.year + 1)
    if not first or not last:
        return [begin, end]
    return [DateMention(first, "from", begin.words), DateMention(last, "until", end.words)]
