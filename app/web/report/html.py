"""The page of the report without the report: static/report.js fills in what the browser keeps."""

from collections.abc import Mapping
from html import escape

from app.report.model import MAX_TITLE
from app.web.texts import LANGUAGES, texts

_CHIEF = ' class="chief"'


def report_html(language: str) -> str:
    """The page in one of the interface's languages."""
    words = {key: escape(text) for key, text in texts("report", language).items()}
    return (
        '<div class="report-page"><div class="report-desk">'
        f'<h1>{words["title"]}</h1><p class="lead">{words["lead"]}</p>'
        f"{_about(words, language)}"
        f'<section class="report-items" aria-labelledby="report-contents">'
        f'<h2 id="report-contents">{words["contents"]}</h2>'
        f'<div id="report-empty"><h3>{words["empty_title"]}</h3><p>{words["empty"]}</p>'
        f'<p class="ways"><a href="./">{words["to_ask"]}</a>'
        f'<a href="explore">{words["to_explore"]}</a></p></div>'
        '<ol id="report-list" role="list"></ol>'
        f'<p class="report-tools"><button type="button" data-do="own">{words["own_text"]}</button>'
        f'<button type="button" data-do="clear" class="plain">{words["clear"]}</button></p>'
        "</section></div>"
        f'<div class="report-side">{_take(words)}'
        f'<section class="report-preview" aria-labelledby="report-preview-title">'
        f'<h2 id="report-preview-title">{words["preview"]}</h2>'
        f'<div id="report-paper" tabindex="0" role="group" aria-label="{words["preview"]}"></div>'
        "</section></div>"
        '<div id="report-said" role="status"><p></p>'
        f'<button type="button" data-do="undo" hidden>{words["undo"]}</button></div></div>'
    )


def _about(words: Mapping[str, str], language: str) -> str:
    options = "".join(
        f'<option value="{code}" lang="{code}"{" selected" if code == language else ""}>'
        f"{escape(name)}</option>"
        for code, name in LANGUAGES.items()
    )
    return (
        f'<fieldset id="report-about"><legend>{words["about"]}</legend>'
        f"{_field(words, 'name', 'title')}{_field(words, 'author', 'author')}"
        f"<label><span>{words['document_language']}</span>"
        f'<select name="language" autocomplete="off">{options}</select></label>'
        '<label class="tick"><input type="checkbox" name="quoted" autocomplete="off">'
        f"<span>{words['quoted']}</span></label></fieldset>"
    )


def _field(words: Mapping[str, str], key: str, name: str) -> str:
    return (
        f'<label><span>{words[key]}</span><input type="text" name="{name}" '
        f'maxlength="{MAX_TITLE}" autocomplete="off"></label>'
    )


def _take(words: Mapping[str, str]) -> str:
    def button(name: str, text: str, look: str = "") -> str:
        return f'<button type="button" data-take="{name}"{look}>{text}</button>'

    return (
        '<section id="report-take" aria-labelledby="report-take-title">'
        f'<h2 id="report-take-title">{words["take"]}</h2>'
        f'<div class="files">{button("docx", words["word"], _CHIEF)}'
        f"{button('print', words['print'], _CHIEF)}{button('html', words['html'])}"
        f"{button('markdown', words['markdown'])}</div>"
        f'<h3>{words["references"]}</h3><div class="files">{button("bibtex", "BibTeX")}'
        f"{button('csl-json', 'CSL-JSON')}</div></section>"
    )
