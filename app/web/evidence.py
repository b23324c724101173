"""The evidence panel: for each number of an answer the source, the place, and the quoted words."""

from collections.abc import Sequence
from html import escape

from app.answering.answer import Answer, Citation
from app.web.conversation import Turn
from app.web.markup import link_html
from corpus.model import Passage


def panel_html(turns: Sequence[Turn]) -> str:
    """The panel: one section per turn with evidence, the latest of them on show."""
    numbered = [(n, t.answer) for n, t in enumerate(turns, 1) if t.answer and t.answer.citations]
    if not numbered:
        # Nothing to show (yet): the page says so only where it has a panel on screen.
        return (
            '<h2>Evidence</h2><p class="none">The sources behind the next answer appear here.</p>'
        )
    last = numbered[-1][0]
    sections = "".join(_section(n, answer, shown=n == last) for n, answer in numbered)
    return f"<h2>Evidence</h2>{sections}"


def place(citation: Citation) -> str:
    """Where it stands in the source, for readers: ``page 3, Thematic areas``."""
    return ", ".join(part for part in (_pages(citation.passage), citation.passage.section) if part)


def footnote(citation: Citation) -> str:
    """One line for a report: title, publisher, date, page or section, link."""
    source = citation.source
    date = str(citation.as_of) if citation.as_of else ""
    parts = (source.title, source.publisher, date, place(citation), source.url)
    return f"[{citation.number}] " + ", ".join(part for part in parts if part) + "."


def _section(turn: int, answer: Answer, *, shown: bool) -> str:
    cards = "".join(_card(turn, citation) for citation in answer.citations)
    return (
        f'<section class="of-turn" data-turn="{turn}"{"" if shown else " hidden"}>'
        f'<p class="about">For: <q>{escape(answer.question)}</q></p>{cards}</section>'
    )


def _card(turn: int, citation: Citation) -> str:
    number, source = citation.number, citation.source
    where = " · ".join(part for part in (place(citation), _date(citation)) if part)
    opened = " open" if number == 1 else ""
    return (
        f'<details class="card" id="evidence-{turn}-{number}"{opened}>'
        f'<summary><span class="number" aria-hidden="true">{number}</span>'
        f'<span class="head"><span class="unseen">Evidence {number}: </span>'
        f'<span class="title">{escape(source.title)}</span>'
        f'<span class="place">{escape(where)}</span></span></summary>'
        f'<div class="body">{_passage(citation)}{_about(citation)}'
        f'<a class="back" href="#answer-{turn}">Back to the answer</a></div></details>'
    )


def _passage(citation: Citation) -> str:
    text, passage = citation.passage.text, citation.passage
    lead = f'<p class="lead">{escape(passage.lead)}</p>' if passage.lead else ""
    before, after = text[: citation.start], text[citation.end :]
    return (
        f'<blockquote lang="{escape(passage.language)}">{lead}<p class="words">{escape(before)}'
        f"<mark>{escape(citation.quote)}</mark>{escape(after)}</p></blockquote>"
    )


def _about(citation: Citation) -> str:
    source, passage = citation.source, citation.passage
    rows = (
        ("Publisher", escape(source.publisher)),
        ("Page", escape(_pages(passage).partition(" ")[2])),
        ("Section", escape(passage.section)),
        ("Date", escape(str(citation.as_of or ""))),
        ("Link", link_html(source.url, source.url) if source.url else ""),
    )
    cells = "".join(f"<div><dt>{name}</dt><dd>{html}</dd></div>" for name, html in rows if html)
    return f"<dl>{cells}</dl>"


def _pages(passage: Passage) -> str:
    if passage.page is None:
        return ""
    if passage.page_end and passage.page_end != passage.page:
        return f"pages {passage.page}-{passage.page_end}"
    return f"page {passage.page}"


def _date(citation: Citation) -> str:
    return str(citation.as_of) if citation.as_of else "no date given"
