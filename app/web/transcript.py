"""The conversation as HTML: start page, questions, answers, and what can be done with them."""

import json
import re
from collections.abc import Sequence
from html import escape

from app.answering.answer import Answer, NoteKind, Status, Table
from app.footnotes import ENGLISH, FORMS, numbered
from app.report.items import answer_item
from app.web.conversation import Phase, Turn
from app.web.examples import ExampleGroup
from app.web.markup import answer_html, sentence_html, text_html
from app.web.reader import ENGLISH_READER, Reader
from corpus.knowledge import Partnership

_FIGURE = re.compile(r"[^\w]*(?:[A-Z]{3}\s)?[\d][\d.,\s]*(?:%|\s*(?:million|billion))?")


def start_html(
    partnership: Partnership, examples: Sequence[ExampleGroup], reader: Reader = ENGLISH_READER
) -> str:
    """What stands in the place of a conversation until something has been asked."""
    words = reader.words
    groups = "".join(
        f'<section><h2 lang="{language}">{escape(group.title)}</h2><ul role="list">'
        + "".join(f"<li>{_ask_button(question, language)}</li>" for question in group.questions)
        + "</ul></section>"
        for language, group in (each.spoken(reader.language) for each in examples)
    )
    offer = f'<div class="examples">{groups}</div>' if groups else ""
    title = escape(words["start_title"].format(partnership=partnership.abbreviation))
    # Filled by static/conversation.js: only the browser knows what was asked in it.
    history = (
        '<section id="history" aria-labelledby="history-title" hidden>'
        f'<h2 id="history-title">{escape(words["earlier"])}</h2><ul role="list"></ul>'
        f"<p>{escape(words['earlier_note'])} "
        f'<button type="button" class="plain" data-forget="">{escape(words["forget"])}</button>'
        "</p></section>"
    )
    return (
        f'<div class="start"><h1 tabindex="-1">{title}</h1><p>{escape(words["start_lead"])}</p>'
        f"{offer}{history}</div>"
    )


def past_html(
    turns: Sequence[Turn], partnership: Partnership, reader: Reader = ENGLISH_READER
) -> str:
    """All turns but the newest; they no longer change."""
    heading = escape(reader.words["heading"].format(partnership=partnership.abbreviation))
    items = "".join(_turn(n, t, reader, last=False) for n, t in enumerate(turns[:-1], 1))
    return f'<h1 class="unseen">{heading}</h1><div class="turns past">{items}</div>'


def newest_html(turns: Sequence[Turn], reader: Reader = ENGLISH_READER) -> str:
    """The newest turn, which a screen reader is told of when it is whole; "" without turns."""
    if not turns:
        return ""
    busy = "true" if turns[-1].running else "false"
    label = escape(reader.words["conversation"])
    return (
        f'<div class="turns newest" role="log" aria-label="{label}" aria-live="polite" '
        f'aria-busy="{busy}">{_turn(len(turns), turns[-1], reader, last=True)}</div>'
    )


def plain_text(answer: Answer, reader: Reader = ENGLISH_READER) -> str:
    """What "Copy answer" copies: the text, its table and notes, and a footnote per number.

    Footnotes are in the language of the interface, as those of a report are.
    """
    form = FORMS.get(reader.language, ENGLISH)
    parts = [answer.text.replace("**", "")]
    if answer.table:
        rows = (answer.table.titles, *answer.table.rows)
        parts.append("\n".join("\t".join(row) for row in rows))
    parts += answer.notes
    if answer.citations:
        parts.append("\n".join(numbered(citation, form) for citation in answer.citations))
    return "\n\n".join(part.strip() for part in parts if part.strip())


def _ask_button(question: str, language: str = "en") -> str:
    # Whatever the language of the interface, a question has its own.
    text, lang = escape(question), escape(language)
    return f'<button type="button" class="ask-this" lang="{lang}" data-ask="{text}">{text}</button>'


def _turn(number: int, turn: Turn, reader: Reader, *, last: bool) -> str:
    asked = escape(turn.question)
    return (
        f'<article class="turn {turn.phase}" id="turn-{number}" data-question="{asked}" '
        f'aria-labelledby="q-{number}"><h2 class="question" id="q-{number}">'
        f'<span class="unseen">{escape(reader.words["you_asked"])} </span>{asked}</h2>'
        f'<div class="answer" id="answer-{number}" tabindex="-1">{_reply(number, turn, reader)}'
        f"{_actions(number, turn, reader, last=last)}</div></article>"
    )


def _reply(number: int, turn: Turn, reader: Reader) -> str:
    words = reader.words
    if turn.phase is Phase.WAITING:
        return _waiting(words["searching"], turn, reader)
    if turn.phase is Phase.DRAFTING:
        return _draft(number, turn, reader)
    if turn.phase is Phase.FAILED:
        return f'<p class="failed" role="alert">{text_html(turn.problem)}</p>'
    if turn.answer is None:
        return f'<p class="stopped-note">{escape(words["stopped_before"])}</p>'
    text = answer_html(turn.shown, number, len(turn.answer.citations), words["evidence_n"])
    language = escape(turn.answer.language)
    if turn.phase is Phase.STOPPED:
        stopped = f'<p class="stopped-note">{escape(words["stopped_here"])}</p>'
        return f'<div class="text" lang="{language}">{text}</div>{stopped}'
    refused = turn.answer.status is Status.ABSTAINED
    verdict = f'<p class="verdict">{escape(words["not_found"])}</p>' if refused else ""
    body = f'<div class="text" lang="{language}">{text}</div>'
    if refused:
        body = f'<div class="refused">{verdict}{body}</div>'
    if turn.phase is Phase.STREAMING:
        return body
    return body + _beside(number, turn.answer, reader)


def _waiting(what: str, turn: Turn, reader: Reader) -> str:
    dots = '<span class="dots" aria-hidden="true"></span>'
    # What is being done is told in English only.
    doing = turn.doing if reader.language == "en" and turn.phase is Phase.WAITING else ""
    told = f"{doing[0].upper()}{doing[1:]}\u2026" if doing else what
    return f'<p class="waiting">{dots}{escape(told)}</p>'


def _draft(number: int, turn: Turn, reader: Reader) -> str:
    """What a chat model has written so far: marked as unchecked, and read out by no live region."""
    text = answer_html(turn.shown, number, 0)
    return (
        f"{_waiting(reader.words['unverified'], turn, reader)}"
        f'<div class="draft" aria-live="off"><div class="text">{text}</div></div>'
    )


def _beside(number: int, answer: Answer, reader: Reader) -> str:
    """What stands under the text: the table, what sources say differently, how, and the date."""
    words = reader.words
    as_of = words["as_of"].format(date=reader.date(answer.as_of)) if answer.as_of else ""
    return "".join(
        (
            _table(number, answer, answer.table, reader) if answer.table else "",
            *(_notes(kind, number, answer, reader) for kind in NoteKind),
            f'<p class="as-of">{escape(as_of)}</p>' if as_of else "",
            _worded_by(answer, reader),
        )
    )


def _worded_by(answer: Answer, reader: Reader) -> str:
    """Whether a chat model worded the answer, or why it did not; nothing where none was asked."""
    if answer.wording:
        told = reader.words["worded_by"].format(model=answer.wording)
    elif answer.fallback:
        # Why is told in English only.
        told = answer.fallback if reader.language == "en" else reader.words["not_worded"]
    else:
        return ""
    return f'<p class="worded">{escape(told)}</p>'


def _notes(kind: NoteKind, number: int, answer: Answer, reader: Reader) -> str:
    notes = [note for note, each in zip(answer.notes, answer.kinds, strict=True) if each is kind]
    if not notes:
        return ""
    count, evidence = len(answer.citations), reader.words["evidence_n"]
    items = "".join(f"<li>{sentence_html(note, number, count, evidence)}</li>" for note in notes)
    return (
        f'<div class="notes {kind}"><h3>{escape(reader.words[f"note_{kind}"])}</h3><ul role="list" '
        f'lang="{escape(answer.language)}">{items}</ul></div>'
    )


def _table(number: int, answer: Answer, table: Table, reader: Reader) -> str:
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
    evidence, citations = reader.words["evidence_n"], len(answer.citations)
    body = "".join(
        "<tr>"
        + "".join(
            f"<td{mark}>{sentence_html(cell, number, citations, evidence)}</td>"
            for cell, mark in zip(row, marks, strict=True)
        )
        + "</tr>"
        for row in table.rows
    )
    many = len(table.rows) != 1
    label = reader.words["table_many" if many else "table_one"].format(rows=len(table.rows))
    return (
        f'<div class="sheet" role="region" aria-label="{escape(label)}" tabindex="0">'
        f'<table lang="{escape(answer.language)}"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _actions(number: int, turn: Turn, reader: Reader, *, last: bool) -> str:
    if turn.running:
        return ""
    words = reader.words
    buttons = []
    done = turn.answer if turn.phase is Phase.DONE else None
    if done:
        buttons += [
            _button("copy", plain_text(done, reader), words["copy"]),
            _button("link", number, words["copy_link"]),
            _button("report", json.dumps(answer_item(done), ensure_ascii=False), words["add"]),
        ]
    if last:
        buttons += [_button("retry", "", words["again"]), _button("edit", "", words["edit"])]
    row = (
        f'<div class="actions" role="group" aria-label="{escape(words["actions"])}">'
        f"{''.join(buttons)}</div>"
        if buttons
        else ""
    )
    if not done:
        return row
    return row + _feedback(number, reader) + (_follow_ups(done, reader) if last else "")


def _button(what: str, value: object, label: str, css: str = "quiet") -> str:
    data = f'data-{what}="{escape(str(value))}"'
    return f'<button type="button" class="{css}" {data}>{escape(label)}</button>'


def _feedback(number: int, reader: Reader) -> str:
    words = reader.words
    title = escape(words["was_helpful"])
    return (
        f'<div class="feedback" role="group" aria-label="{title}"><span>{title}</span>'
        f"{_button('helpful', number, words['helpful'])}"
        f"{_button('unhelpful', number, words['unhelpful'])}"
        '<span class="thanks" role="status"></span></div>'
    )


def _follow_ups(answer: Answer, reader: Reader) -> str:
    if not answer.follow_ups:
        return ""
    items = "".join(f"<li>{_ask_button(q, answer.language)}</li>" for q in answer.follow_ups)
    title = escape(reader.words["next"])
    return f'<div class="next"><h3>{title}</h3><ul role="list">{items}</ul></div>'
