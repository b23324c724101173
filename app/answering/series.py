"""Figures on one topic, over time and sources."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from app.answering.answer import NoteKind
from app.answering.evidence import Cards, Draft, Evidence, Statement, present
from app.answering.plans import Series
from app.answering.speaking import Speaker, stopped
from app.answering.understanding import Question
from app.answering.wording import capital
from corpus.schema import Observation, Record
from corpus.values import PartialDate
from retrieval.query import Records, difference_of, first

_MONTH = timedelta(days=31)
_EARLIEST = PartialDate.parse("0001")


@dataclass(frozen=True, slots=True)
class Figure:
    """One observation of a figure: what, when, how much (as printed), and the lines it rests on."""

    record: Record
    seen: Observation[Any]
    when: PartialDate | None
    value: str
    evidence: tuple[Evidence, ...]

    @property
    def dated(self) -> str:
        """``29 regions (July 2020)``."""
        return f"{self.value} ({self.when})" if self.when else self.value

    def told(self, speaker: Speaker) -> str:
        """The source with its date, and the date of the figure where that is another."""
        as_of = self.seen.as_of or speaker.wording.sources[self.seen.source].date
        who = speaker.wording.called(self.seen.source, as_of)
        return f"{who}, for {self.when}" if self.when and self.when != as_of else who


def series(plan: Series, question: Question, speaker: Speaker) -> Draft | None:
    """The figure for the date or source asked about, the whole course, or the latest of them."""
    figures = figures_in(plan, speaker.records, speaker.cards)
    course = question.has_cue("timeline") or len(question.dates) > 1
    if len(question.dates) == 1 and not course:
        wanted = question.dates[0].date
        figures = [f for f in figures if f.when and vouches(f.when, wanted)]
    if len(question.dates) == 2:
        figures = _between(figures, question.dates[0].date, question.dates[1].date)
    if not figures:
        return None
    if course and len(figures) > 1:
        dates = tuple(str(figure.when) for figure in figures if figure.when)
        steps = " → ".join(figure.dated for figure in figures)
        apart = difference_of(figures[-1].seen.value, figures[0].seen.value)
        changed = figures[-1].seen.value != figures[0].seen.value
        if apart is not None and changed and len(question.dates) == 2:
            between = speaker.wording.difference(apart)
            dates = (*dates, between)
            steps += f", a difference of {between}"
        every = present(line for figure in figures for line in figure.evidence)
        topic = capital(str(figures[0].record.observed("topic").value))
        return Draft((Statement(f"{topic}, over time: {steps}.", every, dates),))
    latest, *others = reversed(figures)
    text = stopped(f"{latest.record.name}: {latest.dated}")
    statement = Statement(text, latest.evidence, (str(latest.when),))
    beside = [
        other for other in others if other.when == latest.when and other.value != latest.value
    ]
    rest = [other for other in others if other not in beside]
    said = tuple(_beside(other, speaker) for other in beside)
    return Draft((statement, *said), _listed("Other figures on record:", rest, NoteKind.DATES))


def _between(figures: Sequence[Figure], begin: PartialDate, end: PartialDate) -> list[Figure]:
    """The figures from one date to another; none where there is none of either of the two."""
    first_one, last_one = min(begin, end), max(begin, end)
    found = [
        f for f in figures
        if f.when and f.when.first >= first_one.first and f.when.last <= last_one.last
    ]  # fmt: skip
    at_ends = all(any(f.when and vouches(f.when, d) for f in found) for d in (begin, end))
    return found if at_ends else []


def _beside(figure: Figure, speaker: Speaker) -> Statement:
    """A figure of the same day that another place states: part of the answer, not a note."""
    text = f"{capital(figure.told(speaker))}, also states {figure.value}"
    return Statement(stopped(text), figure.evidence, (figure.told(speaker),))


def other_figures(plans: Sequence[Series], count: int, speaker: Speaker) -> tuple[Statement, ...]:
    """Figures that sources state about what was just counted, where they differ from the count."""
    found = [f for plan in plans for f in figures_in(plan, speaker.records, speaker.cards)]
    differing = [figure for figure in found if str(count) not in figure.value.split()]
    return _listed("Sources also state other figures:", differing, NoteKind.DIFFERENCE)


def _listed(lead: str, figures: Sequence[Figure], kind: NoteKind) -> tuple[Statement, ...]:
    if not figures:
        return ()
    return (
        Statement(lead, kind=kind),
        *(
            Statement(stopped(f"{f.record.name}: {f.dated}"), f.evidence, (str(f.when),), kind=kind)
            for f in figures
        ),
    )


def figures_of(topic: str, records: Records, cards: Cards) -> list[Figure]:
    """All figures on a topic, in order of date."""
    figures = records.of("figure")
    keys = tuple(record.key for record in figures if record.observed("topic").value == topic)
    return figures_in(Series(keys), records, cards)


def figures_in(plan: Series, records: Records, cards: Cards) -> list[Figure]:
    """The figures of a series in order of date."""
    found = []
    named = [records.get(("figure",), key.partition(":")[2]) for key in plan.keys]
    for record in (record for record in named if record):
        for name in ("amount", "money"):
            for seen in record.observed(name).observations:
                if plan.source and seen.source != plan.source:
                    continue
                date = _date_of(record, name, seen)
                lines = [cards.field(record, name, seen)]
                lines += [cards.field(record, "date", date)] if date else []
                when = date.value if date else seen.as_of
                value = cards.printer.value(record, name, seen.value)
                found.append(Figure(record, seen, when, value, present(lines)))
    return sorted(found, key=lambda f: f.when or _EARLIEST)


def _date_of(record: Record, name: str, seen: Observation[Any]) -> Observation[Any] | None:
    """The date of a figure: its source's own, or another's that states the same value."""
    own = first(record, "date", seen.source)
    other = first(record, "date")
    if own or other is None:
        return own
    said = first(record, name, other.source)
    return other if said and said.value == seen.value else None


def vouches(when: PartialDate, wanted: PartialDate) -> bool:
    """Whether a figure of one date speaks for another: "2020" alone for no month of it."""
    overlap = when.first <= wanted.last and wanted.first <= when.last
    inside = wanted.first <= when.first and when.last <= wanted.last
    return inside or (overlap and when.last - when.first <= _MONTH)
