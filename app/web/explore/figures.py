"""The figures: how those stated for several dates or by several sources went, and all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from app.web.explore.charts import Bar, Point, bars, course
from app.web.explore.html import (
    download,
    empty,
    find_box,
    footnotes,
    heading,
    legend,
    panel,
    table,
    table_tools,
)
from app.web.explore.notes import Notes
from app.web.explore.scene import Chart, Scene, View
from app.web.explore.sheet import Cell, Row, Sheet, Stated, cell_of
from corpus.schema import Observation, Record
from corpus.values import Money, PartialDate, Quantity

NAME = "figures"
_VALUES = ("amount", "money")
_LAST = PartialDate.parse("9999")


@dataclass(frozen=True, slots=True)
class _Said:
    """One statement of a figure: what, whose, and when it held; ``disputed``: another differs."""

    record: Record
    value: Quantity | Money
    printed: str
    seen: Observation[Any]
    when: PartialDate | None
    disputed: bool = False


def draw(scene: Scene) -> View:
    """The view of the figures."""
    words, notes = scene.words, scene.notes()
    title = words["figures"]
    figures = scene.records("figure")
    if not figures:
        return View(empty(NAME, title, words), {}, {}, notes)
    sheets: dict[str, Sheet] = {}
    charts: dict[str, Chart] = {}
    parts = []
    for series in _series(scene, figures):
        name = f"course-{series[0].record.id}"
        html, sheets[name], charts[name] = _course(scene, name, series, notes)
        parts.append(html)
    whole = _all(scene, figures, notes)
    lead = scene.said("figures_lead", n=len(figures), courses=len(parts))
    body = (
        heading(NAME, title, escape(lead))
        + (f'<div class="charts">{"".join(parts)}</div>' if parts else "")
        + panel(
            "figures",
            words["figures_table"],
            find_box("figures", words) + table(NAME, "figures", whole, words),
            table_tools(NAME, "figures", whole, words),
        )
        + footnotes(NAME, notes, words)
    )
    return View(body, {"figures": whole, **sheets}, charts, notes)


def _question(record: Record) -> str:
    topic = record.observed("topic").value or record.name
    return f"What are the figures for {topic} over time?"


def _series(scene: Scene, figures: Sequence[Record]) -> list[list[_Said]]:
    """The figures of one topic and place that have a course or are disputed, by date."""
    groups: dict[tuple[str, str], list[_Said]] = {}
    for record in figures:
        key = (record.observed("topic").value or record.name, record.observed("geography").value)
        groups.setdefault((key[0], key[1] or ""), []).extend(_statements(scene, record))
    found = []
    for held in groups.values():
        dated = [said for said in held if said.when]
        if len({_measure(said.value) for said in dated}) != 1:
            continue  # pieces and euros have no scale in common
        if len({said.printed for said in dated}) < 2:
            continue
        found.append(sorted(_disputed(held), key=lambda said: said.when or _LAST))
    return sorted(found, key=len, reverse=True)


def _statements(scene: Scene, record: Record) -> list[_Said]:
    found = []
    for name in _VALUES:
        for seen in record.observed(name).observations:
            dates = record.observed("date").observations
            own = next((d.value for d in dates if d.source == seen.source), None)
            when = own or record.observed("date").value or seen.as_of
            printed = scene.printer.value(record, name, seen.value)
            found.append(_Said(record, seen.value, printed, seen, when))
    return found


def _measure(value: Quantity | Money) -> str:
    """What is counted: values of one measure have a common scale ("project" and "projects")."""
    return value.currency if isinstance(value, Money) else value.unit.removesuffix("s")


def _disputed(held: Sequence[_Said]) -> list[_Said]:
    """The statements, those marked that another one of the same time contradicts."""

    def differs(one: _Said, other: _Said) -> bool:
        if one.printed == other.printed or not one.when or not other.when:
            return False
        return one.when.first <= other.when.last and other.when.first <= one.when.last

    return [
        _Said(s.record, s.value, s.printed, s.seen, s.when, any(differs(s, o) for o in held))
        for s in held
    ]


def _course(
    scene: Scene, name: str, series: Sequence[_Said], notes: Notes
) -> tuple[str, Sheet, Chart]:
    words = scene.words
    topic = series[0].record.observed("topic").value or series[0].record.name
    title = topic[0].upper() + topic[1:]
    titles = {source.id: source.title for source in scene.knowledge.sources}
    order = list(dict.fromkeys(said.seen.source for said in series))
    sheet = _course_sheet(scene, title, series, titles, notes)
    dated = [said for said in series if said.when]
    points = [
        Point(said.when, *_range(said.value), said.printed, order.index(said.seen.source),
              said.disputed)
        for said in dated
        if said.when
    ]  # fmt: skip
    told = "; ".join(f"{said.when}: {said.printed}, {titles[said.seen.source]}" for said in dated)
    if len({said.when for said in dated}) > 1:
        chart = course(name, title, f"{told}.", points)
    else:  # nothing goes on in time: what the sources say stands side by side
        given = [Bar(titles[s.seen.source], _range(s.value)[1], s.printed) for s in dated]
        chart = bars(name, title, f"{told}.", given)
        order = []
    keys = [(n, titles[source]) for n, source in enumerate(order)]
    flag = (
        f'<p class="conflict"><strong>{escape(words["differ"])}.</strong> '
        f"{escape(words['conflict' if order else 'conflict_bars'])}</p>"
        if any(said.disputed for said in series)
        else ""
    )
    body = (
        f"{chart}{legend(keys)}{flag}"
        f'<details class="as-table"><summary>{escape(words["as_table"])}</summary>'
        f"{table(NAME, name, sheet, words)}</details>"
    )
    tools = download(NAME, name, "png", title, words) + table_tools(NAME, name, sheet, words)
    html = panel(name, title, body, tools, _geography(series))
    return html, sheet, Chart(title, chart, keys, scene.credit(sheet, notes))


def _geography(series: Sequence[_Said]) -> str:
    return str(series[0].record.observed("geography").value or "")


def _course_sheet(
    scene: Scene, title: str, series: Sequence[_Said], titles: dict[str, str], notes: Notes
) -> Sheet:
    words = scene.words
    rows = []
    for place, said in enumerate(series):
        numbers = (notes.number(said.seen),)
        flag = words["differ"] if said.disputed else ""
        cells = (
            Cell((Stated(said.printed, numbers),)),
            Cell((Stated(titles[said.seen.source], numbers),)),
            Cell((Stated(flag),) if flag else ()),
        )
        date = str(said.when) if said.when else words["no_date"]
        rows.append(Row(f"{said.record.id}-{place}", date, cells, numbers, _question(said.record)))
    columns: tuple[str, ...] = (words["value"], words["source"], words["remark"])
    if not any(said.disputed for said in series):
        rows = [Row(r.key, r.name, r.cells[:2], r.notes, r.question) for r in rows]
        columns = columns[:2]
    return Sheet(title, words["f_date"], columns, tuple(rows))


def _range(value: Quantity | Money) -> tuple[float, float]:
    if isinstance(value, Money):
        return float(value.amount), float(value.amount)
    return float(value.low), float(value.high)


def _all(scene: Scene, figures: Sequence[Record], notes: Notes) -> Sheet:
    words = scene.words
    rows = []
    for record in figures:
        field = next((name for name in _VALUES if record.observed(name)), _VALUES[0])
        cells = tuple(
            cell_of(record, name, scene.printer, notes) for name in (field, "date", "geography")
        )
        rows.append(scene.row(record, cells, notes, _question(record)))
    columns = (words["value"], words["f_date"], words["f_geography"])
    return Sheet(words["figures"], words["f_name"], columns, tuple(rows))
