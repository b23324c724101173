"""How the tests of readers look at what was read: one line per block."""

from dataclasses import dataclass
from pathlib import Path

from corpus.model import BlockKind
from ingest.read import load_file
from ingest.readers.draft import Draft

__all__ = ["MARKS", "Shown", "show", "show_file"]

MARKS = {
    BlockKind.HEADING: "#",
    BlockKind.PARAGRAPH: "P",
    BlockKind.LIST_ITEM: "-",
    BlockKind.TABLE_ROW: "|",
}


@dataclass(frozen=True)
class Shown:
    """``lines``: "<mark> [<lead> => ]<text>"; ``paths`` and ``pages`` by text."""

    lines: list[str]
    paths: dict[str, tuple[str, ...]]
    pages: dict[str, int | None]
    groups: dict[str, int | None]
    warnings: list[str]
    title: str

    @property
    def all(self) -> str:
        return "\n".join(self.lines)


def show(draft: Draft) -> Shown:
    text, blocks = draft.finish()
    lines, paths, pages, groups = [], {}, {}, {}
    for block in blocks:
        words = text[block.start : block.end]
        assert words == words.strip() != ""
        lines.append(f"{MARKS[block.kind]} {f'{block.lead} => ' if block.lead else ''}{words}")
        paths[words] = block.heading_path
        pages[words] = block.page
        groups[words] = block.group
    return Shown(lines, paths, pages, groups, list(draft.warnings), draft.title)


def show_file(path: Path) -> str:
    """All lines of a file as `show` gives them."""
    file = load_file(path)
    return "\n".join(
        f"{MARKS[block.kind]} {f'{block.lead} => ' if block.lead else ''}"
        f"{file.text[block.start : block.end]}"
        for block in file.blocks
    )
