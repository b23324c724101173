"""The words of inline HTML elements."""

import re
from collections.abc import Iterable
from urllib.parse import unquote

from bs4.element import NavigableString, PageElement, PreformattedString, Tag

from ingest.readers.tables import CHECKED, UNCHECKED

_SAYS_NOTHING = re.compile(r"(?:click )?here|link|more|read more|this (?:page|link|site)", re.I)


def inline_text(nodes: Iterable[PageElement]) -> str:
    """The words of inline elements: never split by a tag, a line break where the page has one."""
    return "".join(words_of(node) for node in nodes)


def words_of(node: PageElement) -> str:
    """The words of one element or piece of text."""
    if isinstance(node, PreformattedString):  # a comment, a declaration
        return ""
    if isinstance(node, NavigableString):
        return re.sub(r"\s+", " ", str(node))
    if not isinstance(node, Tag):
        return ""
    match node.name:
        case "br":
            return "\n"
        case "input":
            return _input(node)
        case "select":
            chosen = node.find_all("option", selected=True)
            return " ".join(option.get_text(" ", strip=True) for option in chosen)
        case "sup" if node.find("a"):
            return ""  # the number of a footnote
        case "a":
            return _link(node)
        case "img":
            return ""
    text = inline_text(node.children)
    return re.sub(r"\n\s*(?=[a-z])", " ", text)  # a line broken inside a sentence


def _input(node: Tag) -> str:
    kind = str(node.get("type") or "text").lower()
    if kind in ("radio", "checkbox"):
        return CHECKED if node.has_attr("checked") else UNCHECKED
    return (
        str(node.get("value") or "") if kind in ("text", "email", "url", "number", "date") else ""
    )


def _link(node: Tag) -> str:
    """A link's words; its address too where the words do not tell where it leads."""
    text = inline_text(node.children)
    target = str(node.get("href") or "").strip()
    if target.lower().startswith("mailto:"):
        address = unquote(target[7:].partition("?")[0])
        around = node.parent.get_text() if node.parent else text
        if address and "@" not in text and address.lower() not in around.lower():
            return f"{text.rstrip()} ({address})" if text.strip() else address
    elif target.lower().startswith(("http:", "https:")) and (
        (not text.strip() and not node.find("img")) or _SAYS_NOTHING.fullmatch(text.strip())
    ):
        return f"{text.rstrip()} ({target})" if text.strip() else target
    return text


def flat(text: str) -> str:
    """``text`` on one line."""
    return " ".join(text.split())
