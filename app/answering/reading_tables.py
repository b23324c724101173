"""What a question means on one table: which of its rows, and which of their cells or amounts.

A table can answer only when it explains every word of content in the question: by its headers, by
the values of the rows that are meant, by what it stands under, or as what is to be done with them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.answering.asked import Asked
from app.answering.lexicon import Role
from app.answering.neighbours import same_root
from app.answering.quantities import TIME, Quantity
from app.answering.tables import Row, Table, in_time, of_country
from corpus.words import Word, words

_DOING = ("count", "list", "sum", "average", "largest", "smallest", "compare", "stating", "order")


@dataclass(frozen=True)
class Reading:
    """A question read on one table: the rows meant, and the headers and measures asked for."""

    table: Table
    rows: tuple[Row, ...]
    chosen: bool  # whether the question picks rows by a value, a number or a date
    wanted: frozenset[str]  # headers that the question names
    measure: frozenset[str]  # stems that name an amount

    @property
    def amounts(self) -> list[tuple[Row, str, Quantity]]:
        """The amount that is asked for, of each row that states it, with its header."""
        found = []
        for row in self.rows:
            fitting = [
                (len(self.measure & q.named) + (TIME in self.measure and q.unit == TIME), h, q)
                for h, q in row.amounts
                if self._measures(h, q)
            ]
            best = max((n for n, _, _ in fitting), default=0)
            fitting = [f for f in fitting if f[0] == best]
            if len(fitting) == 1:
                found.append((row, fitting[0][1], fitting[0][2]))
        return found

    def _measures(self, header: str, quantity: Quantity) -> bool:
        if TIME in self.measure:
            return quantity.unit == TIME
        if self.measure & quantity.named:
            return True
        return header in self.wanted and len(quantity.named) <= _BARE


_BARE = 2  # words beside an amount that its column names


def read(asked: Asked, table: Table) -> Reading | None:
    """The question on one table; None when it leaves a word of the question unexplained."""
    question = asked.question
    doing = question.cue_words(*_DOING) | question.dated
    doing |= {i for bound in question.bounds for i in bound.words}
    doing |= question.words_of([*question.of(Role.PARTNERSHIP), *question.sources])
    doing |= question.words_of(question.of(Role.ANSWER))
    numbers, used = _numbered(asked, table)
    picks: list[frozenset[int]] = [frozenset(numbers)] if used else []
    wanted: set[str] = set()
    measure = _time(asked)
    for i in asked.content:
        word = question.words[i]
        if i in used or (measure and word.folded in asked.demands.words.lasting):
            continue
        if word.folded.isdigit() and i not in doing and word.folded != str(len(table.rows)):
            return None  # the number of something else
        found = _explained(asked, table, word, measure, wanted)
        if found is None and i not in doing:
            return None
        if found and i not in doing:
            picks.append(found)
    rows = _meant(asked, table, picks)
    rows = tuple(sorted(rows, key=lambda row: _place(row, table, numbers)))
    if question.dates:
        rows = tuple(row for row in rows if in_time(asked, row))
    rows = _within(asked, Reading(table, rows, True, frozenset(wanted), frozenset(measure)))
    chosen = bool(picks or question.dates or question.bounds)
    if not rows or (question.negations and not _negated(asked, rows)):
        return None
    return Reading(table, rows, chosen, frozenset(wanted), frozenset(measure))


def _time(asked: Asked) -> set[str]:
    """The measure of a question for how long something lasts."""
    said = {w.folded for w in asked.question.words}
    lasts = asked.question.asks("how_long") or said & set(asked.demands.words.lasting)
    return {TIME} if lasts else set()


def _explained(
    asked: Asked, table: Table, word: Word, measure: set[str], wanted: set[str]
) -> frozenset[int] | None:
    """The rows that a word picks, none where it picks none; None where the table lacks it."""
    headers = [h for h in table.headers if any(same_root(word.folded, f) for f in _folded(h))]
    wanted.update(headers)
    holding = frozenset(
        at
        for at, row in enumerate(table.rows)
        if word.stem in row.stems or (word.stem in asked.country_stems and of_country(asked, row))
    )
    kind = word.stem in asked.which_kind  # no amount of them tells which region it is, ...
    if not kind and any(word.stem in q.named for row in table.rows for _, q in row.amounts):
        measure.add(word.stem)
        return frozenset()
    if headers or len(holding) == len(table.rows) or _is_what_is_listed(asked, table, word):
        return frozenset()
    if holding:
        return holding
    # ... nor does what a table stands under.
    near = not kind and any(same_root(word.folded, w.folded) for w in table.place)
    return frozenset() if near or word.folded == str(len(table.rows)) else None


def _is_what_is_listed(asked: Asked, table: Table, word: Word) -> bool:
    """Whether a word is the plural of what the rows are, which stands above them."""
    return word.stem in asked.plurals and any(w.stem == word.stem for w in table.place)


def _folded(text: str) -> list[str]:
    return [w.folded for w in words(text)]


def _place(row: Row, table: Table, named: Sequence[int]) -> int:
    """Where a row is named among those that numbers name."""
    at = table.rows.index(row)
    return named.index(at) if at in named else 0


def _numbered(asked: Asked, table: Table) -> tuple[list[int], frozenset[int]]:
    """The rows that numbers name ("projects 2 and 5"), and the words that do so."""
    question = asked.question
    rows: list[int] = []
    used: set[int] = set()
    free = question.dated | {i for bound in question.bounds for i in bound.words}
    noun = -1
    for i, word in enumerate(question.words):
        if word.folded.isdigit() and len(word.folded) <= _DIGITS and i not in free:
            if noun < 0:
                continue
            found = table.with_number([question.words[noun].folded], word.folded)
            rows += [at for at, row in enumerate(table.rows) if row in found and at not in rows]
            if found:
                used |= {noun, i}
        elif i in question.content or (word.folded.isalpha() and i not in question.joints):
            noun = i if word.folded.isalpha() and i in asked.content else -1
    return rows, frozenset(used)


_DIGITS = 2  # of a number that is a name


def _meant(asked: Asked, table: Table, picks: Sequence[frozenset[int]]) -> tuple[Row, ...]:
    """The rows that all picks have in common, or each of those that are set beside each other."""
    kept = frozenset(range(len(table.rows)))
    for pick in picks:
        kept &= pick
    if not kept and (asked.compares or asked.chooses or asked.adds_up):
        # Set beside each other, in the order in which the question names them.
        return tuple(table.rows[at] for at in dict.fromkeys(at for p in picks for at in sorted(p)))
    whole = frozenset(at for at in kept if picks and _says_just_that(asked, table.rows[at]))
    return tuple(table.rows[at] for at in sorted(whole or kept))


def _says_just_that(asked: Asked, row: Row) -> bool:
    """Whether a cell of a row has no word of content that the question lacks."""
    said = {w.stem for w in asked.question.words}
    for _, value in row.cells:
        own = {w.stem for w in words(value) if asked.tells(w)}
        if own and own <= said and own & set(asked.weights):
            return True
    return False


def _within(asked: Asked, reading: Reading) -> tuple[Row, ...]:
    """The rows whose amount keeps to the bounds of the question."""
    rows = reading.rows
    for bound in asked.question.bounds:
        kept = []
        for row, _, q in reading.amounts:
            fits = q.value > bound.amount if bound.relation == "more" else q.value < bound.amount
            if fits and (not bound.unit or bound.unit == q.unit):
                kept.append(row)
        rows = tuple(row for row in rows if row in kept)
    return rows


def _negated(asked: Asked, rows: Sequence[Row]) -> bool:
    """Whether what the question excludes stands so in the rows ("not active")."""
    for span in asked.question.negations:
        said = " ".join(w.folded for w in asked.question.words[span.start : span.end + 1])
        if not all(said in " ".join(_folded(row.text)) for row in rows):
            return False
    return True
