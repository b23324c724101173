"""The questions that went unanswered or did not help, in HTML: close ones as one, with counts."""

from collections.abc import Mapping, Sequence
from html import escape
from urllib.parse import quote

from app.footnotes import ENGLISH, FORMS
from app.settings import PREFIX
from app.staff.questions import Group
from app.web.texts import texts

_MOST_SHOWN = 100


def questions_html(groups: Sequence[Group], days: int, language: str) -> str:
    """The groups as a table, with what can be done with them; ``days`` 0: none are kept."""
    words = texts("staff", language)
    head = f'<h2 id="questions-title">{escape(words["questions_title"])}</h2>'
    if not days:
        setting = f"<code>{PREFIX}QUESTION_LOG_DAYS</code>"
        return f"{head}<p>{escape(words['questions_off']).format(setting=setting)}</p>"
    kept = f'<p class="hint">{escape(words["questions_on"].format(days=days))}</p>'
    if not groups:
        return f"{head}{kept}<p>{escape(words['questions_none'])}</p>"
    return (
        f"{head}{kept}{_table(groups, words, language)}{_more(groups, words)}"
        '<p class="buttons">'
        f'<a class="button" href="library/questions.csv" download>{escape(words["export"])}</a>'
        f'<button type="button" data-do="empty">{escape(words["empty"])}</button></p>'
    )


def _table(groups: Sequence[Group], words: Mapping[str, str], language: str) -> str:
    heads = f'<th scope="col">{escape(words["question"])}</th>' + "".join(
        f'<th scope="col" class="figure">{escape(words[key])}</th>'
        for key in ("times", "unanswered", "unhelpful", "latest")
    )
    rows = "".join(_row(group, words, language) for group in groups[:_MOST_SHOWN])
    return (
        '<div class="wide" role="region" tabindex="0" aria-labelledby="questions-title"><table>'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _row(group: Group, words: Mapping[str, str], language: str) -> str:
    first, *others = group.wordings
    day = FORMS.get(language, ENGLISH).day(group.latest)
    figures = (
        ("times", str(group.count)),
        ("unanswered", str(group.unanswered)),
        ("unhelpful", str(group.unhelpful)),
        ("latest", day),
    )
    cells = "".join(
        f'<td class="figure" data-label="{escape(words[key])}">{escape(value)}</td>'
        for key, value in figures
    )
    return (
        f'<tr><th scope="row"><a href="./?q={quote(first, safe="")}">{escape(first)}</a>'
        f"{_others(others, words)}</th>{cells}</tr>"
    )


def _others(wordings: Sequence[str], words: Mapping[str, str]) -> str:
    if not wordings:
        return ""
    items = "".join(f"<li>{escape(wording)}</li>" for wording in wordings)
    count = words["wordings"].format(count=len(wordings))
    return f"<details><summary>{escape(count)}</summary><ul>{items}</ul></details>"


def _more(groups: Sequence[Group], words: Mapping[str, str]) -> str:
    if len(groups) <= _MOST_SHOWN:
        return ""
    told = words["more_questions"].format(shown=_MOST_SHOWN, all=len(groups))
    return f'<p class="hint">{escape(told)}</p>'
