"""The sources in HTML: what is held of each, and what rests on it."""

from collections.abc import Mapping, Sequence
from html import escape

from app.footnotes import ENGLISH, FORMS
from app.staff.holdings import HeldSource, file_name
from app.web.texts import texts
from corpus.model import Origin, Rendition, Source
from retrieval.model import Holding

_FILTER_FROM = 8  # sources; fewer are seen at a glance


def sources_html(held: Sequence[HeldSource], removed: Sequence[Source], language: str) -> str:
    """The sources, then the bundled ones that were removed."""
    words = texts("staff", language)
    totals = words["totals"].format(
        sources=len(held),
        documents=sum(len(each.documents) for each in held),
        passages=sum(each.passages for each in held),
    )
    items = "".join(_source(each, words, language) for each in held)
    listed = f'<ul role="list">{items}</ul>' if held else f"<p>{escape(words['no_sources'])}</p>"
    return (
        f'<div class="head"><h2 id="sources-title">{escape(words["sources_title"])}</h2>'
        f'<p class="hint">{escape(totals)}</p></div>'
        f"{_filter(words) if len(held) >= _FILTER_FROM else ''}{listed}{_removed(removed, words)}"
    )


def _filter(words: Mapping[str, str]) -> str:
    return (
        f'<div class="filter"><label for="filter-sources">{escape(words["filter"])}</label>'
        '<input id="filter-sources" type="search" autocomplete="off"></div>'
    )


def _source(held: HeldSource, words: Mapping[str, str], language: str) -> str:
    source = held.source
    form = FORMS.get(language, ENGLISH)
    date = form.partial(source.date) if source.date else words["no_date"]
    about = " · ".join(part for part in (source.publisher, date) if part)
    return (
        f'<li class="source" data-source="{escape(source.id)}"><div class="title">'
        f'<h3 lang="{escape(source.language)}">{escape(source.title)}</h3>'
        f'<p class="about">{escape(about)} <code>{escape(source.id)}</code></p></div>'
        f'<div class="buttons">{_buttons(held, words)}</div>'
        f"{_table(held, words)}{_resting(held, words)}</li>"
    )


def _table(held: HeldSource, words: Mapping[str, str]) -> str:
    columns = {
        "document": "",
        "state": "",
        "pages": "figure",
        "passages": "figure",
        "action": "act",
    }
    heads = "".join(
        f'<th scope="col" class="{kind}">{escape(words[key])}</th>' for key, kind in columns.items()
    )
    rows = "".join(_document(each, words) for each in held.documents)
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def _buttons(held: HeldSource, words: Mapping[str, str]) -> str:
    title = held.source.title
    made = ""
    if all(document.origin is Origin.BUNDLED for document in held.documents):
        made += (
            f'<button type="button" data-do="add-original" '
            f'aria-label="{escape(words["add_original_name"].format(name=title))}">'
            f"{escape(words['add_original'])}</button>"
        )
    question = words["confirm_remove"].format(
        documents=len(held.documents),
        passages=held.passages,
        records=sum(len(names) for names in held.records.values()),
    )
    rest = words["can_come_back" if held.bundled else "gone_for_good"]
    if held.readable:
        made += (
            f'<button type="button" data-do="read" '
            f'aria-label="{escape(words["job_read"].format(name=title))}">'
            f"{escape(words['read'])}</button>"
        )
    return made + (
        f'<button type="button" data-do="remove" '
        f'aria-label="{escape(words["remove_name"].format(name=title))}" '
        f'data-title="{escape(words["confirm_remove_title"].format(name=title))}" '
        f'data-question="{escape(f"{question} {rest}")}">{escape(words["remove"])}</button>'
    )


def _document(document: Holding, words: Mapping[str, str]) -> str:
    # The records that staff accepted have no file either: they are decided on where they stand.
    added = document.origin is Origin.ADDED and document.rendition is not Rendition.RECORDS
    kind = words[str(document.rendition)]
    # A bundled document has no file of its own that anybody would know.
    name = file_name(document) if added else kind
    bundled = document.origin is Origin.BUNDLED
    state = words["bundled"] if bundled else f"{kind}, {words['by_staff']}"
    return (
        f'<tr><th scope="row">{escape(name)}{gaps_html(document.warnings, words)}</th>'
        f'<td><span class="badge-{document.origin}">{escape(state)}</span></td>'
        f"{_figure(document.page_count, words['pages'])}"
        f"{_figure(document.passages, words['passages'])}"
        f'<td class="act">{_replace(document, name, words) if added else ""}</td></tr>'
    )


def _figure(number: int | None, label: str) -> str:
    shown = "" if number is None else str(number)
    return f'<td class="figure" data-label="{escape(label)}">{shown}</td>'


def _replace(document: Holding, name: str, words: Mapping[str, str]) -> str:
    return (
        f'<button type="button" data-do="replace" data-document="{escape(document.document_id)}" '
        f'aria-label="{escape(words["replace_name"].format(name=name))}">'
        f"{escape(words['replace'])}</button>"
    )


def gaps_html(warnings: Sequence[str], words: Mapping[str, str]) -> str:
    """What a reader says that it could not read, page by page; it says so in English."""
    if not warnings:
        return ""
    items = "".join(f"<li>{escape(warning)}</li>" for warning in warnings)
    return (
        f'<details class="gaps"><summary>{escape(words["gaps"].format(count=len(warnings)))}'
        f'</summary><ul lang="en">{items}</ul></details>'
    )


def _resting(held: HeldSource, words: Mapping[str, str]) -> str:
    label = f'<span class="label">{escape(words["resting"])}</span>'
    digests = sum(document.rendition is Rendition.DIGEST for document in held.documents)
    counts = [(words["digest"], digests)] if digests else []
    counts += [(words[f"kind_{kind}"], len(names)) for kind, names in held.records.items()]
    if not counts:
        return f'<p class="resting">{label} {escape(words["resting_none"])}</p>'
    told = "".join(
        f"<span>{escape(words['counted'].format(name=name, count=count))}</span> "
        for name, count in counts
    )
    named = "".join(
        f"<dt>{escape(words[f'kind_{kind}'])}</dt>"
        f'<dd lang="{escape(held.source.language)}">{escape(", ".join(names))}</dd>'
        for kind, names in held.records.items()
    )
    names = (
        f"<details><summary>{escape(words['names'])}"
        f'<span class="unseen">: {escape(held.source.title)}</span></summary>'
        f"<dl>{named}</dl></details>"
        if named
        else ""
    )
    return f'<div class="resting"><p>{label} {told}</p>{names}</div>'


def _removed(removed: Sequence[Source], words: Mapping[str, str]) -> str:
    if not removed:
        return ""
    items = "".join(
        f'<li data-source="{escape(source.id)}"><span lang="{escape(source.language)}">'
        f"{escape(source.title)}</span>"
        f'<button type="button" data-do="restore" '
        f'aria-label="{escape(words["job_restore"].format(name=source.title))}">'
        f"{escape(words['restore'])}</button></li>"
        for source in removed
    )
    return (
        f'<section class="removed" aria-labelledby="removed-title"><h3 id="removed-title">'
        f'{escape(words["removed_title"])}</h3><p class="hint">{escape(words["removed_hint"])}</p>'
        f'<ul role="list">{items}</ul></section>'
    )
