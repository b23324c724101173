"""The library page in HTML: the shell, the form to sign in, and what is behind it as a whole.

Names, titles and what a reader says of a file come from outside: all of it is escaped.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from app.staff.holdings import HeldSource
from app.staff.jobs import MOST_WAITING
from app.staff.questions import Group
from app.web.staff.model_html import Modelled, model_html
from app.web.staff.questions_html import questions_html
from app.web.staff.sources_html import sources_html
from app.web.texts import texts
from corpus.model import Source

# What static/staff.js says by itself.
_IN_THE_BROWSER = (
    "cancel", "checking", "close", "confirm_empty", "confirm_empty_title", "empty", "empty_file",
    "ended", "exists", "exists_both", "exists_replace", "exists_skip", "exists_title", "failed",
    "failed_title",
    "left_out", "loading", "not_sent", "remove", "sending", "shown", "to_send", "too_large",
    "too_many",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class View:
    """Everything that is on the page of somebody who is signed in."""

    form_token: str
    sources: Sequence[HeldSource]
    removed: Sequence[Source]
    groups: Sequence[Group]
    days: int
    most_megabytes: int
    modelled: Modelled


def shell_html(language: str) -> str:
    """What everybody gets: the title, and a place that static/staff.js fills."""
    words = texts("staff", language)
    own = {key: words[key] for key in _IN_THE_BROWSER}
    return (
        f'<h1>{escape(words["title"])}</h1><p class="intro">{escape(words["intro"])}</p>'
        f'<div class="staff" data-texts="{escape(json.dumps(own, ensure_ascii=False))}">'
        f'<p class="loading">{escape(words["loading"])}</p></div>'
        '<p class="unseen" role="status"></p>'
    )


def sign_in_html(language: str) -> str:
    """The form to sign in."""
    words = texts("staff", language)
    return (
        '<form class="sign-in">'
        f"<h2>{escape(words['sign_in'])}</h2>"
        # For password managers, which keep a password with a name.
        '<input type="text" name="username" autocomplete="username" value="staff" hidden>'
        f'<label for="staff-password">{escape(words["password"])}</label>'
        '<input id="staff-password" type="password" name="password" required '
        'autocomplete="current-password" aria-describedby="sign-in-problem">'
        '<p id="sign-in-problem" class="problem" role="alert"></p>'
        f'<button type="submit" class="main">{escape(words["sign_in"])}</button></form>'
    )


def no_password_html(language: str) -> str:
    """What stands there as long as nobody can sign in."""
    words = texts("staff", language)
    command = "<code>ambp staff-password</code>"
    return (
        f'<section class="sign-in"><h2>{escape(words["no_password_title"])}</h2>'
        f"<p>{escape(words['no_password']).format(command=command)}</p>"
        f'<button type="button" data-do="reload">{escape(words["again"])}</button></section>'
    )


def desk_html(view: View, language: str) -> str:
    """The page of somebody who is signed in."""
    words = texts("staff", language)
    return (
        f'<div class="desk" data-form-token="{escape(view.form_token)}" '
        f'data-most-megabytes="{view.most_megabytes}" data-most-files="{MOST_WAITING}">'
        f'<p class="leave"><button type="button" data-do="sign-out">{escape(words["sign_out"])}'
        f"</button></p>{_adding(view, words)}{_changes(words)}"
        f'<section class="sources" aria-labelledby="sources-title">'
        f"{sources_html(view.sources, view.removed, language)}</section>"
        f"{_index(words)}"
        f'<section class="questions" aria-labelledby="questions-title">'
        f"{questions_html(view.groups, view.days, language)}</section>"
        f"{_model(view, language)}</div>"
    )


def _model(view: View, language: str) -> str:
    html = model_html(view.modelled, language)
    return f'<section class="model" aria-labelledby="model-title">{html}</section>' if html else ""


def _adding(view: View, words: Mapping[str, str]) -> str:
    limits = words["limits"].format(size=view.most_megabytes, count=MOST_WAITING)
    return (
        '<section class="adding" aria-labelledby="add-title">'
        f'<h2 id="add-title">{escape(words["add_title"])}</h2>'
        f'<div class="drop"><p class="drop-here" aria-hidden="true">{escape(words["drop"])}</p>'
        '<input type="file" id="choose-files" multiple hidden>'
        f'<button type="button" class="main" data-do="choose" aria-describedby="add-limits">'
        f'{escape(words["choose"])}</button><p id="add-limits" class="hint">{escape(limits)}</p>'
        '<p class="problem" role="alert"></p></div></section>'
    )


def _changes(words: Mapping[str, str]) -> str:
    return (
        '<section class="changes" aria-labelledby="changes-title" hidden>'
        f'<h2 id="changes-title">{escape(words["jobs_title"])}</h2><ol role="list"></ol>'
        f'<button type="button" data-do="clear">{escape(words["clear"])}</button></section>'
    )


def _index(words: Mapping[str, str]) -> str:
    return (
        '<section class="index" aria-labelledby="index-title">'
        f'<h2 id="index-title">{escape(words["index_title"])}</h2>'
        f'<p class="hint">{escape(words["index_hint"])}</p>'
        f'<button type="button" data-do="reindex">{escape(words["job_reindex"])}</button></section>'
    )
