"""From an answer's Markdown to HTML in which nothing that a document says can act.

Answers quote documents that anybody may have written. So no HTML passes through, there are no
images, links lead only to addresses that are written out, and the only other anchors are the
citation numbers.
"""

import re
from html import escape

from markdown_it.token import Token

from app.markdown import quoting_markdown

_MARKER = re.compile(r"\[(\d{1,3})\]")
_URL = re.compile(r"https?://[^\s<>\"'`|\\^{}\[\]]+", re.IGNORECASE)
_AFTER_URL = ".,;:!?)»”’*_"

_MARKDOWN = quoting_markdown()


def answer_html(markdown: str, turn: int, citations: int, label: str = "Evidence {number}") -> str:
    """The HTML of an answer's text; ``[n]`` up to ``citations`` links to evidence n of the turn.

    ``label`` is what a screen reader calls such a link.
    """
    return _render(_MARKDOWN.parse(markdown), turn, citations, label)


def sentence_html(text: str, turn: int, citations: int, label: str = "Evidence {number}") -> str:
    """The same for one sentence or table cell: a piece of text without blocks."""
    return _render(_MARKDOWN.parseInline(text), turn, citations, label)


def text_html(text: str) -> str:
    """Plain text with its web addresses made clickable."""
    pieces, place = [], 0
    for match in _URL.finditer(text):
        url = match[0].rstrip(_AFTER_URL)
        pieces.append(escape(text[place : match.start()]))
        pieces.append(link_html(url, url))
        place = match.start() + len(url)
    pieces.append(escape(text[place:]))
    return "".join(pieces)


def link_html(url: str, label: str, note: str = "opens in a new tab") -> str:
    """A link that opens beside the page and tells the other side nothing; text if not http(s)."""
    if not _URL.fullmatch(url):
        return escape(label)
    return (
        f'<a class="out" href="{escape(url)}" target="_blank" rel="noopener noreferrer">'
        f'{escape(label)}<span class="unseen"> ({escape(note)})</span></a>'
    )


def _render(tokens: list[Token], turn: int, citations: int, label: str) -> str:
    for token in tokens:
        for child in token.children or ():
            if child.type == "text":
                child.type = "html_inline"
                child.content = _cited(child.content, turn, citations, label)
    html: str = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    return html


def _cited(text: str, turn: int, citations: int, label: str) -> str:
    """Text as HTML, its markers as links; white space before a marker goes, as in print."""
    pieces, place = [], 0
    for match in _MARKER.finditer(text):
        if not 0 < int(match[1]) <= citations:
            continue
        pieces.append(text_html(text[place : match.start()].rstrip()))
        pieces.append(_marker(int(match[1]), turn, label))
        place = match.end()
    pieces.append(text_html(text[place:]))
    return "".join(pieces)


def _marker(number: int, turn: int, label: str) -> str:
    return (
        f'<sup class="ref"><a class="cite" href="#evidence-{turn}-{number}" '
        f'aria-label="{escape(label.format(number=number))}">{number}</a></sup>'
    )
