"""Reads web pages: the main content, without menus, footers, banners and scripts."""

import re
import warnings
from collections.abc import Iterator
from pathlib import Path

from bs4 import BeautifulSoup, XMLParsedAsHTMLWarning
from bs4.element import PageElement, Tag

from ingest.readers.draft import Draft
from ingest.readers.html_tables import grid_of, is_data_table
from ingest.readers.html_words import flat, inline_text, words_of
from ingest.readers.outline import LONGEST_LABEL, Outline

_NEVER = ("script", "style", "noscript", "template", "svg", "iframe", "object", "canvas", "button")
_AROUND = ("nav", "footer", "aside", "dialog")
_AROUND_ROLES = {
    "navigation", "banner", "contentinfo", "search", "dialog", "alertdialog", "menu", "menubar",
    "complementary",
}  # fmt: skip
# Whole names of classes and ids; parts of names would also hit "social-partners" or "menu-of-aid".
_AROUND_NAMES = re.compile(
    r"(?:(?:cookie|consent|gdpr)[\w-]*|(?:site|page|main|global)[-_](?:header|footer|nav|menu)|"
    r"nav|navbar|navigation|menu|mainmenu|breadcrumbs?|sidebar|footer|pagination|pager|"
    r"share|sharing|share-buttons|social-links|skip-?link|newsletter-signup)",
    re.IGNORECASE,
)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = {
    *_HEADINGS, "address", "article", "aside", "blockquote", "body", "caption", "center", "dd",
    "details", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "header",
    "hgroup", "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "p", "pre", "section",
    "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
}  # fmt: skip
_BOLD = ("strong", "b")
# Less than this share of the page's text is not its main content, whatever the element says.
_LEAST_MAIN = 0.2


class HtmlReader:
    """Reader of ``.html`` and ``.htm``."""

    media_type = "text/html"

    def accepts(self, path: Path, data: bytes) -> bool:
        """Whether the file begins like a web page, or is named like one and is text."""
        start = data[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
        if start.startswith((b"<!doctype html", b"<html")):
            return True
        if start.startswith((b"<?xml", b"<!--")) and b"<html" in start:
            return True
        return path.suffix.lower() in {".html", ".htm", ".xhtml"} and b"<" in data

    def read(self, path: Path, data: bytes) -> Draft:
        """The page's blocks. The title is that of its head, else its first heading of level 1."""
        soup = parse(data)
        title = soup.title or soup.h1
        draft = Draft(title=flat(title.get_text()) if title else "")
        html = soup.html
        language = str(html.get("lang") or "en") if html else "en"
        for element in list(_around(soup)):
            element.decompose()
        return write(_main(soup), Outline(draft, language))


def parse(markup: bytes | str) -> BeautifulSoup:
    """The page as a tree, without what is never shown."""
    with warnings.catch_warnings():
        # XHTML is read as what browsers make of it.
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        soup = BeautifulSoup(markup, "lxml")
    for element in soup.find_all(_NEVER):
        element.decompose()
    for element in list(soup.find_all(_is_hidden)):
        if not element.decomposed:
            element.decompose()
    return soup


def write(root: Tag, outline: Outline) -> Draft:
    """Write what stands below ``root`` to ``outline``; the finished draft."""
    _Walk(outline).flow(root)
    return outline.finish()


def _is_hidden(element: Tag) -> bool:
    return bool(
        element.has_attr("hidden")
        or element.get("aria-hidden") == "true"
        or (element.name == "input" and element.get("type") == "hidden")
        or _HIDDEN_STYLE.search(str(element.get("style") or ""))
    )


def _around(soup: BeautifulSoup) -> Iterator[Tag]:
    """What stands around the content: menus, footers, side bars, banners."""
    for element in soup.find_all(True):
        if element.decomposed or element.name in {"html", "body", "main", "article"}:
            continue
        names = [*(element.get_attribute_list("class")), element.get("id")]
        page_header = element.name == "header" and not element.find_parent(["article", "main"])
        if (
            element.name in _AROUND
            or (page_header and not element.find("h1"))
            or str(element.get("role") or "") in _AROUND_ROLES
            or any(_AROUND_NAMES.fullmatch(str(name)) for name in names if name)
        ) and not element.find(["main", "article"]):
            yield element


def _main(soup: BeautifulSoup) -> Tag:
    whole: Tag = soup.body or soup
    candidates = soup.find_all("main") or soup.select("[role=main]")
    candidates = candidates or soup.find_all("article")
    if len(candidates) == 1:
        share = len(candidates[0].get_text()) / max(1, len(whole.get_text()))
        if share >= _LEAST_MAIN:
            return candidates[0]
    return whole


class _Walk:
    """Goes through the elements and tells an outline what they are."""

    def __init__(self, outline: Outline) -> None:
        self.outline = outline

    def flow(self, parent: Tag) -> None:
        """The content of an element that holds paragraphs, lists and so on, or just words."""
        inline: list[PageElement] = []
        for child in list(parent.children):
            if isinstance(child, Tag) and (child.name in _BLOCKS or child.find(_BLOCKS)):
                self.words(inline)
                inline = []
                self.block(child)
            else:
                inline.append(child)
        self.words(inline)

    def block(self, element: Tag) -> None:
        """One block element."""
        name = element.name
        if name in _HEADINGS:
            self.outline.heading(_HEADINGS[name], inline_text(element.children).replace("\n", " "))
        elif name in ("ul", "ol", "menu"):
            self.list(element)
        elif name == "dl":
            self.definitions(element)
        elif name == "table":
            self.table(element, caption="")
        elif name == "figure":
            self.figure(element)
        elif name == "pre":
            self.outline.lines(element.get_text().splitlines())
        elif name in ("summary", "legend"):
            self.outline.label(inline_text(element.children))
        else:
            self.flow(element)

    def words(self, nodes: list[PageElement]) -> None:
        """A run of inline elements: a paragraph, or labels in bold with what follows them."""
        if not inline_text(nodes).strip():
            return
        for is_label, text in _parts(nodes):
            if is_label:
                self.outline.label(text)
            else:
                self.outline.paragraph(text)

    def list(self, element: Tag) -> None:
        """A list; what is not an item in it counts as one."""
        self.outline.begin_list()
        for child in list(element.children):
            if isinstance(child, Tag) and child.name in ("ul", "ol", "menu"):
                self.list(child)  # a nested list that stands beside its item
            elif isinstance(child, Tag):
                self.list_item(child)
            elif inline_text([child]).strip():
                self.outline.item(inline_text([child]))
        self.outline.end_list()

    def list_item(self, element: Tag) -> None:
        """An item: its paragraphs as one text, then the lists in it, then what follows those."""
        texts: list[str] = []

        def settle() -> None:
            self.outline.item("\n".join(text for text in texts if text.strip()))
            texts.clear()

        for part in _item_parts(element):
            if isinstance(part, str):
                texts.append(part)
            else:
                settle()
                if part.name == "table":
                    self.table(part, caption="")
                else:
                    self.list(part)
        settle()

    def definitions(self, element: Tag) -> None:
        """A list of terms: one item for each definition, with its terms before it."""
        self.outline.begin_list()
        terms: list[str] = []
        defined = False
        for child in element.find_all(["dt", "dd"]):
            if child.find_parent("dl") is not element:
                continue
            text = flat(_all_text(child))
            if child.name == "dt":
                terms = [text] if defined else [*terms, text]
                defined = False
            elif text:
                self.outline.item(f"{' / '.join(terms).rstrip(':')}: {text}" if terms else text)
                defined = True
        if terms and not defined:
            self.outline.item(" / ".join(terms))
        self.outline.end_list()

    def figure(self, element: Tag) -> None:
        """A figure: its caption introduces the table in it, else it is a paragraph."""
        caption = element.find("figcaption")
        text = flat(_all_text(caption)) if isinstance(caption, Tag) else ""
        table = element.find("table")
        if isinstance(caption, Tag):
            caption.extract()
        if isinstance(table, Tag):
            self.table(table, caption=text)
        else:
            self.flow(element)
            self.outline.paragraph(text)

    def table(self, element: Tag, caption: str) -> None:
        """A table of data as rows; one that only places things on the page as what it holds."""
        if not is_data_table(element):
            for cell in element.find_all(["td", "th", "caption"]):
                if cell.find_parent("table") is element:
                    self.flow(cell)
            return
        own = element.find("caption")
        if isinstance(own, Tag):
            caption = flat(_all_text(own)) or caption
        grid, header_rows = grid_of(element, _all_text)
        self.outline.table(grid, header_rows, caption)


def _parts(nodes: list[PageElement]) -> list[tuple[bool, str]]:
    """A run of words as ``(is_label, text)``.

    Words in bold are a label when they are all there is, or when the words behind them follow
    without a space: there a line break got lost.
    """
    runs: list[tuple[bool, str]] = []
    for node in nodes:
        text = words_of(node)
        bold = isinstance(node, Tag) and node.name in _BOLD
        if (
            runs
            and text
            and (not text.strip() or (runs[-1][1][-1:].isspace() and bold == runs[-1][0]))
        ):
            runs[-1] = (runs[-1][0], runs[-1][1] + text)  # two words in bold are one label
        elif text and (bold or not runs or runs[-1][0]):
            runs.append((bold, text))
        elif text:
            runs[-1] = (False, runs[-1][1] + text)
    whole = [(False, inline_text(nodes))]
    if not runs[0][0] or any(len(text) > LONGEST_LABEL for bold, text in runs if bold):
        return whole
    if all(bold for bold, _ in runs):
        return runs
    before, after = runs[0][1], runs[1][1]
    glued = not before[-1].isspace() and (runs[1][0] or after[0].isalnum())
    return runs if glued and len(before.strip()) > 1 else whole


def _item_parts(element: Tag) -> Iterator[str | Tag]:
    """The texts of an item's paragraphs, and the lists and tables in it, in order."""
    inline: list[PageElement] = []
    for child in list(element.children):
        if not (isinstance(child, Tag) and (child.name in _BLOCKS or child.find(_BLOCKS))):
            inline.append(child)
            continue
        yield inline_text(inline)
        inline = []
        if child.name in ("ul", "ol", "menu", "table"):
            yield child
        else:
            yield from _item_parts(child)
    yield inline_text(inline)


def _all_text(element: Tag) -> str:
    """The words of an element whose blocks become lines: a cell, a caption."""
    lines = []
    for part in _item_parts(element):
        if isinstance(part, str):
            lines.append(part)
        elif part.name == "table":
            lines += [_all_text(cell) for cell in part.find_all(["td", "th"])]
        else:
            lines += [_all_text(item) for item in part.find_all("li", recursive=False)]
    return "\n".join(line.strip() for line in lines if line.strip())
