"""The evidence panel: for each number of an answer the source, the place, and the quoted words."""

from collections.abc import Sequence
from html import escape

from app.answering.answer import Answer, Citation
from app.footnotes import numbered
from app.web.conversation import Turn
from app.web.markup import link_html
from corpus.model import Passage

_NEAR = 220  # characters on either side of a quote that are always on show
_SPARED = 60  # fewer than these are not worth hiding
_WHOLE = '<button type="button" class="whole" aria-expanded="false">Show the whole passage</button>'
_TITLE = '<section aria-labelledby="evidence-title"><h2 id="evidence-title">Evidence</h2>'


def panel_html(turns: Sequence[Turn]) -> str:
    """The panel: one section per turn with evidence, the latest of them on show.

    Where the latest turn has come to its end without evidence, none is on show but a line says so.
    """
    numbered = [(n, t.answer) for n, t in enumerate(turns, 1) if t.answer and t.answer.citations]
    latest = numbered[-1][0] if numbered else 0
    without = bool(turns) and latest != len(turns) and not turns[-1].running
    none = "This answer rests on no source." if without else "The sources of an answer appear here."
    sections = "".join(_section(n, a, shown=n == latest and not without) for n, a in numbered)
    hidden = "" if without or not numbered else " hidden"
    return f'{_TITLE}<p class="none of-turn"{hidden}>{none}</p>{sections}</section>'


def place(citation: Citation) -> str:
    """Where it stands in the source, for readers: ``page 3, Thematic areas``."""
    return ", ".join(part for part in (_pages(citation.passage), citation.passage.section) if part)


def footnote(citation: Citation) -> str:
    """One line for a report: the footnote with its number."""
    return numbered(citation)


def _section(turn: int, answer: Answer, *, shown: bool) -> str:
    cards = "".join(_card(turn, citation) for citation in answer.citations)
    return (
        f'<div class="of-turn" data-turn="{turn}"{"" if shown else " hidden"}>'
        f'<p class="about">For: <q>{escape(answer.question)}</q></p>{cards}</div>'
    )


def _card(turn: int, citation: Citation) -> str:
    number, source = citation.number, citation.source
    where = "\u00a0· ".join(part for part in (place(citation), _date(citation)) if part)
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
    # Of a long passage only what is near the quote is on show until one asks for all of it.
    first, last = 0, len(text)
    if citation.start - _NEAR > _SPARED:
        first = _word_start(text, 0, citation.start - _NEAR)
    if len(text) - citation.end - _NEAR > _SPARED:
        last = _word_start(text, citation.end, citation.end + _NEAR)
    return (
        f'<blockquote lang="{escape(passage.language)}">{lead}<p class="words">'
        f"{_far(text[:first])}{escape(text[first : citation.start])}"
        f"<mark>{escape(citation.quote)}</mark>"
        f"{escape(text[citation.end : last])}{_far(text[last:])}</p></blockquote>"
        f"{_WHOLE if first > 0 or last < len(text) else ''}"
    )


def _word_start(text: str, lowest: int, near: int) -> int:
    """Where the word at ``near`` begins, not before ``lowest``."""
    return max(lowest, text.rfind("\n", lowest, near) + 1, text.rfind(" ", lowest, near) + 1)


def _far(text: str) -> str:
    return f'<span class="far">{escape(text)}</span>' if text else ""


def _about(citation: Citation) -> str:
    source, passage = citation.source, citation.passage
    rows = (
        ("Publisher", escape(source.publisher)),
        ("Page", escape(_pages(passage).partition(" ")[2])),
        ("Section", escape(passage.section)),
        ("Date", escape(str(citation.as_of or ""))),
        (
            "Link",
            link_html(source.url, source.url.partition("://")[2].rstrip("/")) if source.url else "",
        ),
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
