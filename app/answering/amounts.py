"""Dates and bounds on amounts in a question, in the words and marks of its language."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from babel.dates import get_month_names

from corpus.values import PartialDate
from corpus.vocabulary import Vocabulary, load_vocabulary
from corpus.words import Word, fold, words

MOST_DAYS = 31  # of a month
_FIGURES = r"(\d{1,2}[./]\d{1,2}[./](?:19|20)\d{2}|(?:19|20)\d{2}-\d{2}(?:-\d{2})?)"
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9}


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date in a question: ``relation`` is in, before, after, from or until."""

    date: PartialDate
    relation: str
    words: frozenset[int]


@dataclass(frozen=True, slots=True)
class MonthMention:
    """A month, or a day of it (0: none), of which no year is said.

    ``until``: the month and day that a stretch of time ends with.
    """

    month: int
    day: int
    words: frozenset[int]
    until: tuple[int, int] | None = None

    def of(self, year: int) -> PartialDate | None:
        """The month, day or stretch of a year; None where the year has no such day."""
        ends = [(self.month, self.day), *filter(None, [self.until])]
        said = [f"{year}-{month:02}" + f"-{day:02}" * bool(day) for month, day in ends]
        try:
            return PartialDate.parse("/".join(said))
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class BoundMention:
    """An amount: ``relation`` is more or less, or empty; ``unit`` euro, percent, year or month."""

    amount: Decimal
    relation: str
    unit: str
    words: frozenset[int]
    inclusive: bool = False  # "at least" lets the amount itself pass


def dates_in(text: str, question: Sequence[Word], vocabulary: Vocabulary) -> list[DateMention]:
    """The dates that a question names; ``question`` are the words of ``text``."""
    months, pattern = _calendar(vocabulary.language)
    before_year = {w: rel for rel, said in vocabulary.date_relations.items() for w in said}
    found: list[DateMention] = []
    for match in pattern.finditer(text):
        figures, day, month, late_day, year, bare = match.groups()
        if month and fold(month) not in months:  # a letter that only looks like one of them
            continue
        iso = bare or (_in_figures(figures) if figures else f"{year}-{months[fold(month)]:02}")
        if day or late_day:
            iso += f"-{int(day or late_day):02}"
        try:
            date = PartialDate.parse(iso)
        except ValueError:  # 31 February: not a date, so just words
            continue
        inside = frozenset(
            i for i, w in enumerate(question) if w.start >= match.start() and w.end <= match.end()
        )
        if not inside:  # a year within a word
            continue
        before = [w.folded for w in question if w.end <= match.start()]
        part = _part_of_year(date, before, vocabulary) if bare else None
        if part:
            date, said = part
            inside |= set(range(len(before) - said, len(before)))
            before = before[:-said]
            while before and before[-1] in vocabulary.articles:
                before.pop()
        said_before = next((n for n in (2, 1) if " ".join(before[-n:]) in before_year), 1)
        relation = before_year.get(" ".join(before[-said_before:]), "in")
        if relation in ("before", "after"):
            inside |= set(range(len(before) - said_before, len(before)))
        if relation == "to":  # "from May to June" ends there, "compared to June" does not
            relation = "until" if found else "in"
        found.append(DateMention(date, relation, inside))
    return found


def months_in(
    text: str, question: Sequence[Word], vocabulary: Vocabulary, dated: frozenset[int]
) -> list[MonthMention]:
    """The months and days that stand without a year; ``dated`` are the words of whole dates.

    A month that is also a word ("may") counts where it is written as a name or follows "in".
    """
    months, _ = _calendar(vocabulary.language)
    names = {fold(n) for n in get_month_names("wide", locale=vocabulary.language).values()}
    relations = {word for said in vocabulary.date_relations.values() for word in said}
    found = []
    for at, word in enumerate(question):
        if word.folded not in names or at in dated:
            continue
        before = question[at - 1].folded if at else ""
        named = text[word.start].isupper() and at > 0
        day, used = _day_beside(question, at, vocabulary)
        if not (named or day or before in (vocabulary.prepositions or relations)):
            continue
        found.append(MonthMention(months[word.folded], day, frozenset({at, *used}) - dated))
    return found


def _day_beside(question: Sequence[Word], at: int, vocabulary: Vocabulary) -> tuple[int, set[int]]:
    """The day that stands before a month or right behind it, and its words; 0 for none."""
    skipped = {*vocabulary.of, *vocabulary.articles, *map(fold, vocabulary.day_marks)}
    before = at - 1
    while before >= 0 and question[before].folded in skipped:
        before -= 1
    for place in (before, at + 1):
        digits = question[place].folded if 0 <= place < len(question) else ""
        if digits.isdigit() and 0 < int(digits) <= MOST_DAYS:
            marks = {i for i in range(place + 1, min(at, place + 3)) if i != at}
            return int(digits), {place, *marks}
    return 0, set()


def _part_of_year(
    year: PartialDate, before: Sequence[str], vocabulary: Vocabulary
) -> tuple[PartialDate, int] | None:
    """The part of a year that the words before it name, and how many: "first half of 2020"."""
    at = len(before)
    while at and before[at - 1] in vocabulary.of:
        at -= 1
    if at < 2:  # an ordinal and a noun
        return None
    ordinal, noun = before[at - 2 : at]
    for parts, names in vocabulary.year_parts.items():
        if noun in names and ordinal in vocabulary.ordinals[:parts]:
            months = 12 // parts
            start = vocabulary.ordinals.index(ordinal) * months + 1
            begin, end = (f"{year.first.year}-{m:02}" for m in (start, start + months - 1))
            return PartialDate.parse(f"{begin}/{end}"), len(before) - at + 2
    return None


def _in_figures(figures: str) -> str:
    """A date in figures as ISO 8601 writes it; with points or strokes the day goes first."""
    parts = re.split(r"[./]", figures)
    return "-".join(f"{int(part):02}" for part in reversed(parts)) if len(parts) > 1 else figures


@cache
def _calendar(language: str) -> tuple[dict[str, int], re.Pattern[str]]:
    """The names of months with their numbers, and what a date looks like."""
    vocabulary = load_vocabulary(language)
    months: dict[str, int] = {}
    written: set[str] = set()
    for width in ("wide", "abbreviated"):
        for context in ("format", "stand-alone"):
            for number, name in get_month_names(width, context, locale=language).items():
                plain = name.rstrip(".")
                forms = [plain, *(f"{plain}{e}" for e in vocabulary.month_endings)]
                for form in (*forms, *map(fold, forms)):
                    months.setdefault(fold(form), number)
                    written.add(form)
    for number, names in enumerate(vocabulary.more_months, 1):
        months.update((fold(name), number) for name in names)
        written.update(names)
    month = "|".join(map(re.escape, sorted(written, key=lambda name: (-len(name), name))))
    of = "|".join(vocabulary.of)
    mark = rf"(?:{'|'.join(map(re.escape, vocabulary.day_marks))})?"
    return months, re.compile(
        rf"\b{_FIGURES}\b|\b(?:(\d{{1,2}}){mark}\s+(?:(?:{of})\s+)?)?({month})\.?"
        rf"(?:\s+(\d{{1,2}}){mark})?,?\s+(?:(?:{of})\s+)?(\d{{4}})\b|\b((?:19|20)\d{{2}})\b",
        re.IGNORECASE,
    )


def bounds_in(question: Sequence[Word], vocabulary: Vocabulary) -> list[BoundMention]:
    """``more than ten million euros``."""
    found = []
    folded = [word.folded for word in question]
    for relation, phrases in vocabulary.bounds.items():
        for phrase in phrases:
            parts = [w.folded for w in words(phrase)]
            for start in range(len(folded) - len(parts)):
                if folded[start : start + len(parts)] != parts:
                    continue
                amount, unit, end = _amount(folded, start + len(parts), vocabulary)
                if amount is not None:
                    inside = frozenset(range(start, end))
                    inclusive = phrase in vocabulary.inclusive
                    found.append(BoundMention(amount, relation, unit, inside, inclusive))
    return found


def amounts_in(
    question: Sequence[Word], bounds: Sequence[BoundMention], vocabulary: Vocabulary
) -> list[BoundMention]:
    """The bounds, and the amounts that stand alone: ``five years``."""
    folded = [word.folded for word in question]
    found = list(bounds)
    taken = frozenset().union(*(bound.words for bound in bounds))
    at = 0
    while at < len(folded):
        amount, unit, end = _amount(folded, at, vocabulary)
        if amount is not None and at not in taken:
            found.append(BoundMention(amount, "", unit, frozenset(range(at, end))))
        at = max(end, at + 1)
    return found


def multiple_in(
    question: Sequence[Word], vocabulary: Vocabulary
) -> tuple[int, frozenset[int]] | None:
    """How many times as much is asked about, and the words that say so: ``at least twice``."""
    folded = [word.folded for word in question]
    for factor, phrases in vocabulary.multiples.items():
        for phrase in (tuple(p.split()) for p in phrases):
            for at in range(len(folded) - len(phrase) + 1):
                if tuple(folded[at : at + len(phrase)]) != phrase:
                    continue
                bounds = (tuple(p.split()) for p in vocabulary.inclusive)
                said = max(
                    (len(b) for b in bounds if tuple(folded[at - len(b) : at]) == b), default=0
                )
                return factor, frozenset(range(at - said, at + len(phrase)))
    return None


def direction_in(question: Sequence[Word], vocabulary: Vocabulary) -> str:
    """Whether something is said to be more or less than another; empty for neither or both."""
    said = vocabulary.passages
    folded = {word.folded for word in question}
    found = (
        [
            relation
            for relation, words_of in (("more", said.more), ("less", said.less))
            if folded.intersection(words_of)
        ]
        if said
        else []
    )
    return found[0] if len(found) == 1 else ""


def _amount(
    folded: Sequence[str], at: int, vocabulary: Vocabulary
) -> tuple[Decimal | None, str, int]:
    """The amount that begins at a word, its unit, and where it ends: ``ten million euros``."""
    amount = _number(folded[at], vocabulary)
    unit = ""
    if amount is None:
        return None, unit, at
    scales = {w: _SCALES[scale] for scale, said in vocabulary.scales.items() for w in said}
    units = {w: name for name, said in vocabulary.units.items() for w in said}
    at += 1
    while at < len(folded) and (
        folded[at] in scales
        or folded[at] in units
        or (amount >= 1000 and folded[at] in vocabulary.of)
    ):
        amount *= scales.get(folded[at], 1)
        unit = units.get(folded[at], unit)
        at += 1
    return amount, unit, at


def _number(word: str, vocabulary: Vocabulary) -> Decimal | None:
    """``ten``, ``10,000``, ``4.5`` (``10.000`` and ``4,5`` where the comma is the decimal mark)."""
    if word in vocabulary.numbers:
        return Decimal(vocabulary.numbers.index(word) + 1)
    point, group = (".", ",") if vocabulary.decimal == "." else (",", ".")
    form = rf"([0-9]{{1,3}}(?:\{group}[0-9]{{3}})+|[0-9]{{1,15}})(?:\{point}([0-9]+))?"
    match = re.fullmatch(form, word)
    if not match:
        return None
    return Decimal(match[1].replace(group, "") + (f".{match[2]}" if match[2] else ""))
