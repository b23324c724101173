"""Pieces of Markdown that the generated parts of the reference share."""

import inspect
from collections.abc import Iterable


def table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table; strokes and line ends within a cell are written so that they stay in it."""
    lines = [list(header)]
    lines.append(["---"] * len(lines[0]))
    lines += [[_cell(text) for text in row] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def code(text: str) -> str:
    """Text as code; nothing for none."""
    return f"`{text}`" if text else ""


def plain(docstring: str) -> str:
    """A docstring as Markdown: ``code`` in two backquotes is code in one."""
    return inspect.cleandoc(docstring).replace("``", "`")


def text(words: str) -> str:
    """Words as they stand: brackets in them are no links."""
    return words.replace("[", r"\[")
