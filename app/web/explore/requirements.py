"""The requirements as a checklist: what is met, what is open, what is not known, and why it counts.

What is ticked stays in the visitor's browser (static/explore.js); the server never sees it.
"""

from collections.abc import Sequence
from html import escape

from app.web.explore.html import (
    ask_link,
    cell_html,
    download,
    empty,
    footnotes,
    heading,
    noted,
)
from app.web.explore.scene import Scene, View
from app.web.explore.sheet import Cell, Row, Sheet, Stated
from corpus.schema import Record

NAME = "requirements"
_COLUMNS = ("applies_to", "topic", "statement")
_STATES = ("met", "open", "unknown")


def draw(scene: Scene) -> View:
    """The view of the requirements."""
    words, notes = scene.words, scene.notes()
    title = words["requirements"]
    order = scene.choices("requirement", "applies_to")
    requirements = sorted(scene.records("requirement"), key=lambda r: _group(r, order))
    if not requirements:
        return View(empty(NAME, title, words), {}, {}, notes)
    sheet = scene.sheet(title, requirements, _COLUMNS, notes, "What is the requirement “{name}”?")
    rows = {row.key: row for row in sheet.rows}
    groups = ""
    for number, name in enumerate((*order, words["anybody"])):
        held = [r for r in requirements if _group(r, order) == number]
        if held:
            items = "".join(_item(scene, record, rows[record.id], sheet) for record in held)
            groups += (
                f'<section class="panel group" aria-labelledby="group-{number}">'
                f'<div class="panel-head"><h3 id="group-{number}">'
                f"{escape(name[0].upper() + name[1:])}</h3>"
                f'<p class="tally" data-tally="" role="status"></p></div>{items}</section>'
            )
    about = scene.knowledge.partnership.abbreviation
    body = (
        heading(NAME, title, escape(words["checklist_lead"]))
        + f'<form class="checklist" data-checklist="{escape(about)}">{_head(scene)}{groups}</form>'
        + footnotes(NAME, notes, words)
    )
    return View(body, {"requirements": sheet}, {}, notes)


def _group(record: Record, order: Sequence[str]) -> int:
    value = record.observed("applies_to").value
    return order.index(value) if value in order else len(order)


def _head(scene: Scene) -> str:
    words = scene.words
    return (
        '<div class="panel checklist-head"><label class="find"><span>'
        f'{escape(words["checklist_for"])}</span><input type="text" name="for" maxlength="120" '
        f'autocomplete="off"></label><div class="tools">'
        f'<button type="button" class="tool" data-add-checklist="{escape(words["checklist"])}">'
        f"{escape(words['add'])}</button>"
        f'<button type="button" class="tool" data-save-checklist="">'
        f"{escape(words['save_ticks'])}</button>"
        f'<button type="button" class="tool" data-print="">{escape(words["print"])}</button>'
        f'<button type="button" class="tool" data-clear="">{escape(words["clear"])}</button>'
        f"{download(NAME, 'requirements', 'csv', words['requirements'], words)}</div></div>"
    )


def _item(scene: Scene, record: Record, row: Row, sheet: Sheet) -> str:
    words = scene.words
    by_column = dict(zip(sheet.columns, row.cells, strict=True))
    cell = by_column.get(words["f_statement"], Cell())
    if len(cell.values) > 1:
        statement = cell_html(NAME, cell, words, opened=True)
    else:
        statement = noted(NAME, Stated(cell.text, cell.notes or row.notes), words)
    choices = "".join(
        f'<label class="choice {state}"><input type="radio" name="{escape(record.id)}" '
        f'value="{state}"{" checked" if state == "unknown" else ""}>'
        f"<span>{escape(words[state])}</span></label>"
        for state in _STATES
    )
    return (
        f'<fieldset class="requirement" data-name="{escape(row.name)}" '
        f'data-text="{escape(cell.text)}" '
        f'data-cited="{" ".join(map(str, row.notes))}"><legend>{escape(row.name)}</legend>'
        f'<div class="statement">{statement}</div>'
        f'<div class="answer-row"><div class="choices">{choices}</div>'
        f"{ask_link(row.question, row.name, words)}</div></fieldset>"
    )
