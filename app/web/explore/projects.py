"""The projects: how many in which area and at which stage, their budgets, and all as a table."""

from collections.abc import Sequence
from decimal import Decimal
from html import escape

from app.web.explore.charts import Bar, bars
from app.web.explore.html import (
    download,
    empty,
    find_box,
    footnotes,
    heading,
    panel,
    table,
    table_tools,
)
from app.web.explore.notes import Notes
from app.web.explore.scene import Chart, Scene, View
from app.web.explore.sheet import Cell, Row, Sheet, Stated, cell_of, places_of
from corpus.cards import title as title_of
from corpus.schema import Record
from corpus.values import Money

NAME = "projects"
_COLUMNS = (
    "number", "thematic_area", "leader", "stage", "budget", "requested_support", "partners",
    "duration", "on_project_list", "status",
)  # fmt: skip
# What a table has no room for: the details of a row.
_FOLDED = ("requested_support", "partners", "duration", "on_project_list", "status")
_INSTEAD = {"budget": "budget_note"}  # what is said of a budget that is not stated


def draw(scene: Scene) -> View:
    """The view of the projects."""
    words, notes = scene.words, scene.notes()
    title = words["projects"]
    projects = scene.records("project")
    if not projects:
        return View(empty(NAME, title, words), {}, {}, notes)
    sheet = scene.sheet(title, projects, _COLUMNS, notes, "Tell me about {name}", _INSTEAD)
    listed = [p for p in projects if p.observed("on_project_list").value is not False]
    parts = [
        _counts(scene, "areas", "thematic_area", listed, _areas(scene), notes),
        _counts(scene, "stages", "stage", listed, scene.choices("project", "stage"), notes),
        _budgets(scene, listed, notes),
    ]
    drawn = [part for part in parts if part]
    lead = f"{title}: {len(projects)}"
    if len(listed) < len(projects):
        lead += f" ({scene.said('on_list', n=len(listed))})"
    folded = {words[f"f_{field}"] for field in _FOLDED}
    whole = panel(
        "projects",
        words["projects_table"],
        find_box("projects", words) + table(NAME, "projects", sheet, words, folded),
        table_tools(NAME, "projects", sheet, words),
    )
    charts = "".join(html for html, _, _, _ in drawn)
    body = (
        heading(NAME, title, escape(f"{lead}."))
        + f'<div class="charts">{charts}</div>'
        + whole
        + footnotes(NAME, notes, words)
    )
    sheets = {"projects": sheet, **{name: table for _, name, table, _ in drawn}}
    return View(body, sheets, {name: chart for _, name, _, chart in drawn}, notes)


_Part = tuple[str, str, Sheet, Chart]  # HTML, name, table, chart


def _areas(scene: Scene) -> list[str]:
    """The ids of the thematic areas in the order of their numbers."""
    areas = scene.records("thematic_area")
    return [a.id for a in sorted(areas, key=lambda a: a.observed("number").value or 0)]


def _counts(
    scene: Scene,
    name: str,
    field: str,
    projects: Sequence[Record],
    values: Sequence[str],
    notes: Notes,
) -> _Part | None:
    """How many projects have each value of a field, and which."""
    words = scene.words
    having: dict[str | None, list[Record]] = {value: [] for value in values}
    for project in projects:
        having.setdefault(project.observed(field).value, []).append(project)
    if not any(having[value] for value in having if value is not None):
        return None
    labels = {value: _value_label(scene, projects, field, value) for value in having}
    # Where some say nothing, "0" would tell that none has a value.
    stating = sum(len(held) for value, held in having.items() if value is not None)
    rows = tuple(
        Row(
            str(value),
            labels[value],
            (
                Cell((Stated(str(len(held)), ()),)),
                Cell((Stated("; ".join(title_of(p) for p in held)),) if held else ()),
            ),
            _noted(held, field, notes),
            f"Which projects have the {field.replace('_', ' ')} {labels[value]}?"
            if value is not None
            else f"What is the {scene.vocabulary.label('project', field)} of the projects?",
        )
        for value, held in having.items()
        if held or (value is not None and stating == len(projects))
    )
    title = words[f"by_{name}"]
    sheet = Sheet(title, words[f"f_{field}"], (words["count"], words["projects"]), rows)
    told = scene.said("stated_by", n=stating, total=len(projects))
    given = [Bar(row.name, float(row.cells[0].text), row.cells[0].text) for row in rows]
    described = f"{told} {_described(given)}"
    chart = bars(f"chart-{name}", title, described, given)
    html = _chart_panel(scene, name, title, told, sheet, chart)
    return html, name, sheet, Chart(title, chart, credit=f"{told} {scene.credit(sheet, notes)}")


def _value_label(scene: Scene, projects: Sequence[Record], field: str, value: str | None) -> str:
    if value is None:
        return scene.words["not_stated"]
    return scene.printer.value(projects[0], field, value)


def _noted(held: Sequence[Record], field: str, notes: Notes) -> tuple[int, ...]:
    seen = [
        each
        for record in held
        for each in (record.observed(field).observations[:1] or record.mentions[:1])
    ]
    return notes.numbers(seen)


def _budgets(scene: Scene, projects: Sequence[Record], notes: Notes) -> _Part | None:
    """The budgets in the currency that most of them are in, the largest first."""
    words = scene.words
    stated = [p for p in projects if p.observed("budget")]
    if not stated:
        return None
    currencies = [_money(p).currency for p in stated]
    currency = max(sorted(set(currencies)), key=currencies.count)
    shown = [p for p in stated if _money(p).currency == currency]
    shown.sort(key=lambda p: _money(p).amount, reverse=True)
    rows = []
    for project in shown:
        cells = (cell_of(project, "budget", scene.printer, notes),)
        question = f"What is the budget of {project.name}?"
        rows.append(
            Row(project.id, title_of(project), cells, places_of(project, cells, notes), question)
        )
    title = words["budgets"]
    sheet = Sheet(title, words["f_name"], (words["f_budget"],), tuple(rows))
    total = sum((_money(p).amount for p in shown), Decimal(0))
    told = scene.said("stated_by", n=len(stated), total=len(projects))
    if len(shown) < len(stated):
        told += " " + scene.said("other_currencies", n=len(stated) - len(shown))
    told += " " + scene.said("sum", total=str(Money(total, currency)))
    given = [
        Bar(row.name, float(_money(p).amount), row.cells[0].text)
        for row, p in zip(rows, shown, strict=True)
    ]
    chart = bars("chart-budgets", title, f"{told} {_described(given)}", given)
    html = _chart_panel(scene, "budgets", title, told, sheet, chart)
    credit = f"{told} {scene.credit(sheet, notes)}"
    return html, "budgets", sheet, Chart(title, chart, credit=credit)


def _money(project: Record) -> Money:
    value = project.observed("budget").value
    assert isinstance(value, Money)  # the schema says so
    return value


def _described(given: Sequence[Bar]) -> str:
    return "; ".join(f"{bar.label}: {bar.printed}" for bar in given) + "."


def _chart_panel(scene: Scene, name: str, title: str, told: str, sheet: Sheet, chart: str) -> str:
    words = scene.words
    tools = download(NAME, name, "png", title, words) + table_tools(NAME, name, sheet, words)
    body = (
        f'{chart}<details class="as-table"><summary>{escape(words["as_table"])}</summary>'
        f"{table(NAME, name, sheet, words)}</details>"
    )
    return panel(f"chart-{name}", title, body, tools, told)
