"""Reads Markdown, also as programs write it that turn PDF files and forms into Markdown.

The text is rendered to HTML and read like a page, so that HTML inside it (tables, line breaks, a
form's boxes) is understood too. Tables whose cells are parted by tabs are made tables before.
"""

import re
from collections.abc import Iterator
from html import escape
from pathlib import Path

from markdown_it import MarkdownIt
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from ingest.readers.draft import Draft
from ingest.readers.encoding import decode, is_text
from ingest.readers.html import parse, write
from ingest.readers.outline import Outline
from ingest.readers.tables import looks_like_header

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_FENCE = re.compile(r" {0,3}(```|~~~)")
# Two runs in bold that touch: a line break between them got lost.
_BOLD_SEAM = re.compile(r"(?<=[^\s*])\*{4}(?=[^\s*])")
_TITLE = re.compile(r"^#[ \t]+(.+?)[ \t#]*$", re.MULTILINE)


class MarkdownReader:
    """Reader of ``.md`` and ``.markdown``."""

    media_type = "text/markdown"

    def accepts(self, path: Path, data: bytes) -> bool:
        """Whether the file is named like Markdown and is text."""
        return path.suffix.lower() in {".md", ".markdown", ".mdown", ".mkd"} and is_text(data)

    def read(self, path: Path, data: bytes) -> Draft:
        """The blocks; the title is that of the front matter, else the first heading of level 1."""
        text, title = _without_front_matter(decode(data).replace("\r\n", "\n").replace("\r", "\n"))
        draft = Draft(title=title or _first_title(text))
        # Text that a program indented is still text: only fences mark code.
        markdown = MarkdownIt("commonmark", {"html": True}).enable("table").disable("code")
        text = _BOLD_SEAM.sub("**<span></span>**", text)
        soup = parse(markdown.render("\n".join(_with_tables(text.split("\n"), markdown))))
        return write(soup.body or soup, Outline(draft))


def _without_front_matter(text: str) -> tuple[str, str]:
    """The text behind the front matter, and the title that stands in it."""
    match = _FRONT_MATTER.match(text.removeprefix("\ufeff"))
    if not match:
        return text, ""
    try:
        fields = YAML(typ="safe", pure=True).load(match[1])
    except YAMLError:
        return text, ""
    if not isinstance(fields, dict):
        return text, ""
    return text.removeprefix("\ufeff")[match.end() :], str(fields.get("title") or "")


def _first_title(text: str) -> str:
    match = _TITLE.search(text)
    return re.sub(r"[*_`\\]", "", match[1]).strip() if match else ""


def _with_tables(lines: list[str], markdown: MarkdownIt) -> Iterator[str]:
    """The lines, with tables of tab-parted cells as HTML tables."""
    fence = ""
    index = 0
    while index < len(lines):
        line = lines[index]
        if mark := _FENCE.match(line):
            fence = "" if fence == mark[1] else fence or mark[1]
        if fence or not _is_row(line):
            yield line
            index += 1
            continue
        rows, index = _table_at(lines, index)
        if len(rows) > 1 or len(rows[0]) > 2:
            yield from ("", _html_table(rows, markdown), "")
        else:
            yield "\t".join(rows[0])


def _is_row(line: str) -> bool:
    return "\t" in line.strip() or line.count("\t") > 1


def _table_at(lines: list[str], index: int) -> tuple[list[list[str]], int]:
    """The rows of the table that begins at ``index``, and the index of the line behind it.

    Empty lines do not end a table when the next row has as many cells: page breaks leave them.
    """
    rows: list[list[str]] = []
    while index < len(lines):
        line = lines[index]
        if _is_row(line) or (rows and "\t" in line):
            rows.append([cell.strip() for cell in line.split("\t")])
            index += 1
            continue
        ahead = index
        while ahead < len(lines) and not lines[ahead].strip():
            ahead += 1
        same = ahead < len(lines) and len(lines[ahead].split("\t")) == max(map(len, rows))
        if ahead == index or not same or not _is_row(lines[ahead]):
            break
        index = ahead
    return rows, index


def _html_table(rows: list[list[str]], markdown: MarkdownIt) -> str:
    header = looks_like_header(rows) or (not rows[0][0] and all(rows[0][1:]))
    lines = []
    for number, row in enumerate(rows):
        tag = "th" if header and number == 0 else "td"
        # "<p>" and the like may stand in a cell; a lone "<" or "&" must not swallow the rest.
        cells = "".join(f"<{tag}>{_cell(cell, markdown)}</{tag}>" for cell in row)
        lines.append(f"<tr>{cells}</tr>")
    return "<table>" + "".join(lines) + "</table>"


def _cell(cell: str, markdown: MarkdownIt) -> str:
    html: str = markdown.renderInline(cell)
    return html or escape(cell)
