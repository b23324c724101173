"""The evidence panel: for each number of an answer the source, the place, and the quoted words."""

from collections.abc import Sequence
from html import escape

from app.answering.answer import Answer, Citation
from app.footnotes import beyond_page
from app.web.conversation import Turn
from app.web.markup import link_html
from app.web.reader import ENGLISH_READER, Reader
from app.web.texts import texts

_NEAR = 220  # characters on either side of a quote that are always on show
_SPARED = 60  # fewer than these are not worth hiding


def panel_html(turns: Sequence[Turn], reader: Reader = ENGLISH_READER) -> str:
    """The panel: one section per turn with evidence, the latest of them on show.

    Where the latest turn has come to its end without evidence, none is on show but a line says so.
    """
    words = reader.words
    numbered = [(n, t.answer) for n, t in enumerate(turns, 1) if t.answer and t.answer.citations]
    latest = numbered[-1][0] if numbered else 0
    without = bool(turns) and latest != len(turns) and not turns[-1].running
    none = escape(words["no_source" if without and turns[-1].answer else "none_yet"])
    sections = "".join(
        _section(n, a, reader, shown=n == latest and not without) for n, a in numbered
    )
    hidden = "" if without or not numbered else " hidden"
    return (
        '<section aria-labelledby="evidence-title">'
        f'<h2 id="evidence-title">{escape(words["evidence"])}</h2>'
        f'<p class="none of-turn"{hidden}>{none}</p>{sections}</section>'
    )


def place(citation: Citation, reader: Reader = ENGLISH_READER) -> str:
    """Where it stands in the source, for readers: ``page 3, Thematic areas``."""
    passage = citation.passage
    parts = (reader.pages(passage), beyond_page(passage.section, passage.page))
    return ", ".join(part for part in parts if part)


def _section(turn: int, answer: Answer, reader: Reader, *, shown: bool) -> str:
    cards = "".join(_card(turn, citation, reader) for citation in answer.citations)
    return (
        f'<div class="of-turn" data-turn="{turn}"{"" if shown else " hidden"}>'
        f'<p class="about">{escape(reader.words["about"])} <q>{escape(answer.question)}</q></p>'
        f"{cards}</div>"
    )


def _card(turn: int, citation: Citation, reader: Reader) -> str:
    number, words = citation.number, reader.words
    date = reader.date(citation.as_of) if citation.as_of else words["no_date"]
    where = "\u00a0· ".join(part for part in (place(citation, reader), date) if part)
    opened = " open" if number == 1 else ""
    label = escape(words["evidence_n"].format(number=number))
    return (
        f'<details class="card" id="evidence-{turn}-{number}"{opened}>'
        f'<summary><span class="number" aria-hidden="true">{number}</span>'
        f'<span class="head"><span class="unseen">{label}: </span>'
        f'<span class="title">{escape(citation.source.title)}</span>'
        f'<span class="place">{escape(where)}</span></span></summary>'
        f'<div class="body">{_passage(citation, reader)}{_picture(citation, reader)}'
        f"{_about(citation, reader)}"
        f'<a class="back" href="#answer-{turn}">{escape(words["back"])}</a></div></details>'
    )


def _passage(citation: Citation, reader: Reader) -> str:
    text, passage = citation.passage.text, citation.passage
    lead = f'<p class="lead">{escape(passage.lead)}</p>' if passage.lead else ""
    # Of a long passage only what is near the quote is on show until one asks for all of it.
    first, last = 0, len(text)
    if citation.start - _NEAR > _SPARED:
        first = _word_start(text, 0, citation.start - _NEAR)
    if len(text) - citation.end - _NEAR > _SPARED:
        last = _word_start(text, citation.end, citation.end + _NEAR)
    whole = (
        '<button type="button" class="whole" aria-expanded="false">'
        f"{escape(reader.words['whole'])}</button>"
    )
    return (
        f'<blockquote lang="{escape(passage.language)}">{lead}<p class="words">'
        f"{_far(text[:first])}{escape(text[first : citation.start])}"
        f"<mark>{escape(citation.quote)}</mark>"
        f"{escape(text[citation.end : last])}{_far(text[last:])}</p></blockquote>"
        f"{whole if first > 0 or last < len(text) else ''}"
    )


def _word_start(text: str, lowest: int, near: int) -> int:
    """Where the word at ``near`` begins, not before ``lowest``."""
    return max(lowest, text.rfind("\n", lowest, near) + 1, text.rfind(" ", lowest, near) + 1)


def _far(text: str) -> str:
    return f'<span class="far">{escape(text)}</span>' if text else ""


def _picture(citation: Citation, reader: Reader) -> str:
    """The page of the publication; loaded when the card is open and in view."""
    address = reader.picture(citation)
    if not address:
        return ""
    words, page = reader.words, _page_numbers(citation)
    name, caption = ("picture", "outlined") if page else ("picture_found", "outlined_found")
    alt = escape(words[name].format(page=page, title=citation.source.title))
    return (
        f'<figure class="page"{"" if page else " data-sought"}>'
        f'<button type="button" class="enlarge" data-enlarge="{alt}">'
        f'<img src="{escape(address)}" alt="{alt}" loading="lazy" />'
        f'<span class="unseen">. {escape(words["enlarge"])}</span></button>'
        f"<figcaption>{escape(words[caption].format(page=page))}</figcaption></figure>"
    )


def _about(citation: Citation, reader: Reader) -> str:
    source, passage, words = citation.source, citation.passage, reader.words
    note = texts("frame", reader.language)["new_tab"]
    link = link_html(source.url, source.url.partition("://")[2].rstrip("/"), note)
    rows = (
        ("publisher", escape(source.publisher)),
        ("page", _page_numbers(citation)),
        ("section", escape(beyond_page(passage.section, passage.page))),
        ("date", escape(reader.date(citation.as_of) if citation.as_of else "")),
        ("link", link if source.url else ""),
    )
    cells = "".join(
        f"<div><dt>{escape(words[name])}</dt><dd>{html}</dd></div>" for name, html in rows if html
    )
    return f"<dl>{cells}</dl>"


def _page_numbers(citation: Citation) -> str:
    first, last = citation.passage.page, citation.passage.page_end
    if first is None:
        return ""
    return f"{first}-{last}" if last and last != first else str(first)
