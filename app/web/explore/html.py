"""The parts of a view as HTML: panels, tables with their sources, downloads, footnotes.

Links to a place on the page begin with the page's own name (see `app.web.site`).
"""

import json
from collections.abc import Collection, Iterable, Mapping
from html import escape
from typing import Any
from urllib.parse import quote

from app.web.explore.notes import Note, Notes
from app.web.explore.sheet import Cell, Row, Sheet, Stated
from app.web.explore.svg import shape
from app.web.markup import link_html

PAGE = "explore"


def ask_address(question: str) -> str:
    """The address at which a question is asked."""
    return f"./?q={quote(question)}"


def heading(view: str, title: str, lead: str) -> str:
    """The head of a view."""
    return (
        f'<h2 class="unseen" id="{view}-title" tabindex="-1">{escape(title)}</h2>'
        f'<p class="lead">{lead}</p>'
    )


def empty(view: str, title: str, words: Mapping[str, str]) -> str:
    """A view of which there are no records."""
    return heading(view, title, escape(words["none"]))


def panel(name: str, title: str, body: str, tools: str = "", note: str = "") -> str:
    """A part of a view with a title, a remark under it, and what can be done with it."""
    remark = f'<p class="remark">{escape(note)}</p>' if note else ""
    return (
        f'<section class="panel" aria-labelledby="{name}-head"><div class="panel-head">'
        f'<div><h3 id="{name}-head">{escape(title)}</h3>{remark}</div>'
        f'<div class="tools">{tools}</div></div>{body}</section>'
    )


def legend(keys: Iterable[tuple[int, str]]) -> str:
    """What each shape stands for."""
    items = "".join(
        f'<li><svg class="key" viewBox="-16 -16 32 32" aria-hidden="true">{shape(n)}</svg>'
        f"{escape(label)}</li>"
        for n, label in keys
    )
    return f'<ul class="legend" role="list">{items}</ul>' if items else ""


def download(view: str, name: str, form: str, title: str, words: Mapping[str, str]) -> str:
    """The link that saves a table (csv) or a chart (png)."""
    label = f"{words['save']}: {title} ({form.upper()})"
    return (
        f'<a class="tool" href="{PAGE}/{view}/{name}.{form}?language={words["language"]}" download '
        f'aria-label="{escape(label)}">{form.upper()}</a>'
    )


def add_button(
    item: Mapping[str, Any], numbers: Iterable[int], words: Mapping[str, str], text: str = "add"
) -> str:
    """The button that puts something into the report; its script adds the citations."""
    data = json.dumps({**item, "cited": list(numbers)}, ensure_ascii=False)
    label = f"{words['add']}: {item['title']}"
    return (
        f'<button type="button" class="tool" data-add="{escape(data)}" '
        f'aria-label="{escape(label)}">{escape(words[text])}</button>'
    )


def ask_link(question: str, name: str, words: Mapping[str, str]) -> str:
    """The link that asks about something in the chat."""
    return (
        f'<a class="tool" href="{escape(ask_address(question))}" '
        f'aria-label="{escape(words["ask_about"])}: {escape(name)}">{escape(words["ask"])}</a>'
    )


def marks(view: str, numbers: Iterable[int], words: Mapping[str, str]) -> str:
    """Numbers that lead to footnotes."""
    links = " ".join(
        f'<a class="note" href="{PAGE}#{view}-note-{n}" aria-label="{escape(words["source"])} {n}">'
        f"{n}</a>"
        for n in numbers
    )
    return f'<sup class="marks">{links}</sup>' if links else ""


def noted(view: str, value: Stated, words: Mapping[str, str]) -> str:
    """A value with the numbers of its sources, which stay on the line of its last word."""
    head, space, last = value.text.rpartition(" ")
    held = f'<span class="hold">{escape(last)}{marks(view, value.notes, words)}</span>'
    return f"{escape(head)}{space}{held}"


def cell_html(view: str, cell: Cell, words: Mapping[str, str], *, opened: bool = False) -> str:
    """What the sources say of a field; where they differ, each with its own numbers.

    Other wordings of a text are folded away unless ``opened``.
    """
    if not cell.values:
        nothing = escape(words["not_stated"])
        return f'<span aria-hidden="true">–</span><span class="unseen">{nothing}</span>'
    first, *others = cell.values
    if not others:
        return escape(first.text)
    also = "".join(f"<li>{noted(view, value, words)}</li>" for value in others)
    stands = noted(view, first, words)
    if cell.wording:
        fold = f'<details class="also"{" open" if opened else ""}>'
        label = f"{escape(words['also_stated'])} ({len(others)})"
        return f"{stands}{fold}<summary>{label}</summary><ul>{also}</ul></details>"
    flag = f'<span class="flag">{escape(words["differ"])}</span>'
    return f'{stands}<div class="differ">{flag}<ul>{also}</ul></div>'


def table(
    view: str, name: str, sheet: Sheet, words: Mapping[str, str], folded: Collection[str] = ()
) -> str:
    """A table: a row per record, the numbers of its sources, and what can be done with it.

    The columns with the labels ``folded`` are details that open under the name of a row, so that a
    table with many columns can be read without being moved sideways.
    """
    shown = [n for n, label in enumerate(sheet.columns) if label not in folded]
    head = "".join(
        f'<th scope="col" aria-sort="none"><button type="button" class="sort">{escape(label)}'
        '<span class="arrow" aria-hidden="true"></span></button></th>'
        for label in (sheet.head, *(sheet.columns[n] for n in shown))
    )
    widths = {n: _width([row.cells[n].text for row in sheet.rows]) for n in shown}
    body = "".join(_row(view, name, sheet, row, words, widths) for row in sheet.rows)
    tail = (
        f'<th scope="col">{escape(words["sources"])}</th>'
        f'<th scope="col"><span class="unseen">{escape(words["actions"])}</span></th>'
    )
    return (
        f'<div class="sheet" role="region" tabindex="0" aria-label="{escape(sheet.title)}">'
        f'<table id="{name}-table"><thead><tr>{head}{tail}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


_SHORT, _LONG = 22, 60  # characters: the values of a column are all shorter, or some are longer


def _width(values: Iterable[str]) -> str:
    longest = max(map(len, values), default=0)
    return "narrow" if longest <= _SHORT else "wide" if longest > _LONG else "medium"


def _row(
    view: str,
    name: str,
    sheet: Sheet,
    row: Row,
    words: Mapping[str, str],
    widths: Mapping[int, str],
) -> str:
    cells = "".join(
        f'<td class="{width}"{_ranked(row.cells[n])}>{cell_html(view, row.cells[n], words)}</td>'
        for n, width in widths.items()
    )
    details = _details(view, sheet, row, words, widths)
    tools = ask_link(row.question, row.name, words) + add_button(
        sheet.row_item(row), row.notes, words, "add_row"
    )
    return (
        f'<tr id="row-{name}-{escape(row.key)}"><th scope="row">'
        f'<span class="row-name">{escape(row.name)}</span>{details}</th>{cells}'
        f'<td class="from">{marks(view, row.notes, words)}</td>'
        f'<td class="row-tools"><div>{tools}</div></td></tr>'
    )


def _details(
    view: str, sheet: Sheet, row: Row, words: Mapping[str, str], shown: Collection[int]
) -> str:
    """What the row states in the columns that are not shown, folded away."""
    stated = "".join(
        f"<div><dt>{escape(label)}</dt><dd>{cell_html(view, cell, words)}</dd></div>"
        for n, (label, cell) in enumerate(zip(sheet.columns, row.cells, strict=True))
        if n not in shown and cell.values
    )
    if not stated:
        return ""
    return (
        f'<details class="more"><summary>{escape(words["more"])}'
        f'<span class="unseen">: {escape(row.name)}</span></summary><dl>{stated}</dl></details>'
    )


def _ranked(cell: Cell) -> str:
    """What the script puts the rows in order by."""
    if not cell.values:
        return ' data-nothing=""'
    return f' data-rank="{cell.rank}"' if cell.rank else ""


def find_box(name: str, words: Mapping[str, str]) -> str:
    """The field that shows only the rows of a table with the words typed."""
    return (
        f'<div class="finder"><label class="find"><span>{escape(words["find"])}</span>'
        f'<input type="search" data-find="{name}-table" autocomplete="off"></label>'
        f'<p class="found" id="{name}-found" role="status"></p></div>'
    )


def table_tools(view: str, name: str, sheet: Sheet, words: Mapping[str, str]) -> str:
    """What can be done with a table as a whole."""
    numbers = sorted({n for row in sheet.rows for n in row.notes})
    return download(view, name, "csv", sheet.title, words) + add_button(
        sheet.as_item(), numbers, words
    )


def footnotes(view: str, notes: Notes, words: Mapping[str, str]) -> str:
    """All places that a view rests on, and the same as data for the report."""
    items = "".join(_footnote(view, note, words) for note in notes.printed())
    if not items:
        return ""
    data = escape(json.dumps(notes.citations(), ensure_ascii=False))
    return (
        f'<section class="panel notes-list" aria-labelledby="{view}-notes-head">'
        f'<h3 id="{view}-notes-head">{escape(words["sources"])}</h3>'
        f'<ol role="list" data-citations="{data}">{items}</ol></section>'
    )


def _footnote(view: str, note: Note, words: Mapping[str, str]) -> str:
    number, printed = note.number, note.footnote
    link = link_html(printed.url, printed.url, words["new_tab"]) if printed.url else ""
    remark = f' <span class="remark">({escape(note.remark)})</span>' if note.remark else ""
    return (
        f'<li id="{view}-note-{number}" tabindex="-1"><span class="number">{number}</span>'
        f'<span class="said">{escape(printed.before)}{link}{escape(printed.after)}{remark}'
        "</span></li>"
    )
