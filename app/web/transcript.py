"""The conversation as HTML: start page, questions, answers, and what can be done with them."""

import re
from collections.abc import Sequence
from html import escape

from app.answering.answer import Answer, Status, Table
from app.web.conversation import Phase, Turn
from app.web.evidence import footnote
from app.web.examples import ExampleGroup
from app.web.markup import answer_html, sentence_html, text_html
from corpus.knowledge import Partnership


def conversation_html(
    turns: Sequence[Turn], partnership: Partnership, examples: Sequence[ExampleGroup]
) -> str:
    """The whole conversation, or the start page while nothing has been asked."""
    if not turns:
        return _start(partnership, examples)
    busy = "true" if turns[-1].running else "false"
    last = len(turns)
    items = "".join(_turn(n, turn, last=n == last) for n, turn in enumerate(turns, 1))
    return (
        f'<div class="turns" role="log" aria-label="Conversation" aria-live="polite" '
        f'aria-busy="{busy}">{items}</div>'
    )


def plain_text(answer: Answer) -> str:
    """What "Copy answer" copies: the text, its table and notes, and a footnote per number."""
    parts = [answer.text.replace("**", "")]
    if answer.table:
        rows = (answer.table.header, *answer.table.rows)
        parts.append("\n".join("\t".join(row) for row in rows))
    parts += answer.notes
    if answer.citations:
        parts.append("\n".join(footnote(citation) for citation in answer.citations))
    return "\n\n".join(part.strip() for part in parts if part.strip())


def _start(partnership: Partnership, examples: Sequence[ExampleGroup]) -> str:
    groups = "".join(
        f'<section><h3>{escape(group.title)}</h3><ul role="list">'
        + "".join(f"<li>{_ask_button(question)}</li>" for question in group.questions)
        + "</ul></section>"
        for group in examples
    )
    offer = f'<div class="examples">{groups}</div>' if groups else ""
    return (
        f'<div class="start"><h2>What would you like to know about the '
        f"{escape(partnership.name)}?</h2>"
        "<p>Answers come from the partnership's documents. Each statement has a number that "
        f"opens the words it rests on.</p>{offer}</div>"
    )


def _ask_button(question: str) -> str:
    text = escape(question)
    return f'<button type="button" class="ask-this" data-ask="{text}">{text}</button>'


def _turn(number: int, turn: Turn, *, last: bool) -> str:
    return (
        f'<article class="turn {turn.phase}" id="turn-{number}" aria-labelledby="q-{number}">'
        f'<h2 class="question" id="q-{number}"><span class="unseen">You asked: </span>'
        f"{escape(turn.question)}</h2>"
        f'<div class="answer" id="answer-{number}" tabindex="-1">{_reply(number, turn)}'
        f"{_actions(turn, last=last)}</div></article>"
    )


def _reply(number: int, turn: Turn) -> str:
    if turn.phase is Phase.WAITING:
        return '<p class="waiting"><span class="dots" aria-hidden="true"></span>Searching…</p>'
    if turn.phase is Phase.FAILED:
        return f'<p class="failed" role="alert">{text_html(turn.problem)}</p>'
    if turn.answer is None:
        return '<p class="stopped-note">Stopped before there was an answer.</p>'
    text = answer_html(turn.shown, number, len(turn.answer.citations))
    if turn.phase is Phase.STOPPED:
        return f'<div class="text">{text}</div><p class="stopped-note">Stopped here.</p>'
    if turn.answer.status is Status.ABSTAINED:
        text = f'<p class="verdict">Not in the documents</p>{text}'
        refused = " refused"
    else:
        refused = ""
    body = f'<div class="text{refused}">{text}</div>'
    if turn.phase is Phase.STREAMING:
        return body
    return body + _beside(number, turn.answer)


def _beside(number: int, answer: Answer) -> str:
    """What stands under the text: the table, the notes and the date."""
    count = len(answer.citations)
    notes = "".join(f"<li>{sentence_html(note, number, count)}</li>" for note in answer.notes)
    return "".join(
        (
            _table(number, answer.table, count) if answer.table else "",
            f'<div class="notes"><h3>Good to know</h3><ul>{notes}</ul></div>' if notes else "",
            f'<p class="as-of">The latest of this evidence is of {escape(str(answer.as_of))}.</p>'
            if answer.as_of
            else "",
        )
    )


_FIGURE = re.compile(r"[^\w]*(?:[A-Z]{3}\s)?[\d][\d.,\s]*(?:%|\s*(?:million|billion))?")


def _table(number: int, table: Table, citations: int) -> str:
    # Columns of figures are set flush right, so that digits stand below each other.
    right = [
        all(_FIGURE.fullmatch(row[place]) for row in table.rows if row[place])
        and any(row[place] for row in table.rows)
        for place in range(len(table.header))
    ]
    marks = [' class="figure"' if r else "" for r in right]
    head = "".join(
        f'<th scope="col"{mark}>{escape(name)}</th>'
        for name, mark in zip(table.header, marks, strict=True)
    )
    body = "".join(
        "<tr>"
        + "".join(
            f"<td{mark}>{sentence_html(cell, number, citations)}</td>"
            for cell, mark in zip(row, marks, strict=True)
        )
        + "</tr>"
        for row in table.rows
    )
    rows = f"{len(table.rows)} row{'' if len(table.rows) == 1 else 's'}"
    return (
        f'<div class="sheet" role="region" aria-label="Table, {rows}" tabindex="0">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _actions(turn: Turn, *, last: bool) -> str:
    if turn.running:
        return ""
    buttons = []
    if turn.answer and turn.phase is Phase.DONE:
        buttons.append(
            f'<button type="button" class="quiet" data-copy="{escape(plain_text(turn.answer))}">'
            "Copy answer</button>"
        )
    if last:
        buttons.append('<button type="button" class="quiet" data-retry="">Ask again</button>')
    row = f'<div class="actions">{"".join(buttons)}</div>' if buttons else ""
    follow_ups = turn.answer.follow_ups if last and turn.answer else ()
    if turn.phase is not Phase.DONE or not follow_ups:
        return row
    items = "".join(f"<li>{_ask_button(question)}</li>" for question in follow_ups)
    return f'{row}<div class="next"><h3>Ask next</h3><ul role="list">{items}</ul></div>'
