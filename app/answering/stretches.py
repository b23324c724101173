"""Stretches of time in a question: "between May and July 2020", "from 20 to 30 January 2020"."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from app.answering.amounts import MOST_DAYS, DateMention, MonthMention
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
    if mentions and (day := _day_before(question, mentions[0], vocabulary)):
        mentions.insert(0, day)
    for at, (begin, end) in enumerate(pairwise(mentions)):
        if _opens(question, begin.words, end.words, vocabulary):
            mentions[at : at + 2] = _both(begin, end)
            break
    return (
        [m for m in mentions if isinstance(m, DateMention)],
        [m for m in mentions if isinstance(m, MonthMention)],
    )


def _day_before(
    question: Sequence[Word], end: DateMention | MonthMention, vocabulary: Vocabulary
) -> MonthMention | None:
    """The first day of a stretch whose month is only said behind the last: "from 20 to 30 May"."""
    whole = isinstance(end, DateMention) and end.date.first == end.date.last
    month = end.month if isinstance(end, MonthMention) and end.day else 0
    month = end.date.first.month if isinstance(end, DateMention) and whole else month
    skipped = {*vocabulary.articles, *vocabulary.of, *vocabulary.day_marks}
    skipped -= {w for said in vocabulary.date_relations.values() for w in said}
    before = [i for i in range(min(end.words)) if question[i].folded not in skipped][-2:]
    if not month or len(before) < 2 or not question[before[0]].folded.isdigit():
        return None
    day, at = int(question[before[0]].folded), before[0]
    marked = question[at + 1].folded in vocabulary.day_marks
    words = frozenset(range(at, at + 1 + marked))
    if not 0 < day <= MOST_DAYS or not _opens(question, words, end.words, vocabulary):
        return None
    return MonthMention(month, day, words)


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
