"""The events: along the years, by their type, and as a table in the order of their dates."""

from html import escape

from app.web.explore.charts import Happening, lanes
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
from app.web.explore.scene import Chart, Scene, View
from app.web.explore.sheet import Row, Sheet
from corpus.schema import Record
from corpus.values import PartialDate

NAME = "events"
_COLUMNS = ("date", "event_type", "state", "place", "country", "participants", "topic")
_FOLDED = ("participants", "topic")  # what a table has no room for: the details of a row
_LAST = PartialDate.parse("9999")


def draw(scene: Scene) -> View:
    """The view of the events."""
    words, notes = scene.words, scene.notes()
    title = words["events"]
    events = sorted(scene.records("event"), key=lambda e: e.observed("date").value or _LAST)
    if not events:
        return View(empty(NAME, title, words), {}, {}, notes)
    sheet = scene.sheet(title, events, _COLUMNS, notes, "Tell me about {name}")
    dated = {event.id for event in events if event.observed("date")}
    rows = [_asked(row) if row.key in dated else row for row in sheet.rows]
    sheet = Sheet(sheet.title, sheet.head, sheet.columns, tuple(rows))
    charts = {}
    drawn = ""
    if dated:
        drawing = _timeline(scene, [e for e in events if e.id in dated])
        keys = _keys(scene, events)
        charts["timeline"] = Chart(words["timeline"], drawing, keys, scene.credit(sheet, notes))
        tools = download(NAME, "timeline", "png", words["timeline"], words)
        undated = len(events) - len(dated)
        note = scene.said("undated", n=undated) if undated else ""
        drawn = panel("timeline", words["timeline"], drawing + legend(keys), tools, note)
    folded = {words[f"f_{field}"] for field in _FOLDED}
    html = (
        heading(NAME, title, escape(f"{title}: {len(events)}."))
        + drawn
        + panel(
            "events",
            words["events_table"],
            find_box("events", words) + table(NAME, "events", sheet, words, folded),
            table_tools(NAME, "events", sheet, words),
        )
        + footnotes(NAME, notes, words)
    )
    return View(html, {"events": sheet}, charts, notes)


def _asked(row: Row) -> Row:
    return Row(row.key, row.name, row.cells, row.notes, f"When was {row.name}?")


def _states(scene: Scene) -> tuple[str, ...]:
    return scene.choices("event", "state")


def _state(scene: Scene, event: Record) -> int:
    """The number of the shape of an event's state; the last for one whose state is not stated."""
    states, state = _states(scene), event.observed("state").value
    return states.index(state) if state in states else len(states)


def _timeline(scene: Scene, events: list[Record]) -> str:
    words = scene.words
    types = [*scene.choices("event", "event_type"), None]
    in_lanes = sorted(events, key=lambda e: types.index(e.observed("event_type").value))
    given = [
        Happening(when, event.observed("event_type").value or words["no_type"],
                  _state(scene, event))
        for event in in_lanes
        if (when := event.observed("date").value)
    ]  # fmt: skip
    first, last = min(h.when for h in given), max(h.when for h in given)
    told = scene.said("timeline_told", n=len(given), first=str(first), last=str(last))
    return lanes("timeline", words["timeline"], told, given)


def _keys(scene: Scene, events: list[Record]) -> list[tuple[int, str]]:
    held = {_state(scene, event) for event in events}
    states = (*_states(scene), scene.words["no_state"])
    return [(n, state) for n, state in enumerate(states) if n in held]
