"""What every reader builds: the text of one file and its blocks, in reading order."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from corpus.model import Block, BlockKind

SEPARATOR = "\n\n"

# Tabs, no-break and other wide spaces print as one space.
_SPACES = re.compile(r"[^\S\n]+")
_LINE_ENDS = re.compile(r"\r\n?|[\v\f\x85\u2028\u2029]")
# Characters that show nothing and would keep a word from being found: soft hyphen, zero-width
# space, word joiner, byte order mark, directional marks, control characters, lone surrogates.
# The zero-width (non-)joiners stay: they carry meaning in Persian and the Indic scripts.
_INVISIBLE = re.compile(
    r"[\xad\u200b\u200e\u200f\u202a-\u202e\u2060\ufeff"
    r"\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]"
)


def tidy(text: str) -> str:
    """``text`` in NFC with single spaces, no invisible characters and no empty lines."""
    text = _LINE_ENDS.sub("\n", unicodedata.normalize("NFC", text))
    text = _SPACES.sub(" ", _INVISIBLE.sub("", text))
    lines = (line.strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


@dataclass(slots=True)
class Draft:
    """Collects a file's blocks; `finish` turns them into a text and `Block`s with offsets into it.

    ``title`` is what the file says of itself ("" when nothing); ``page_count`` is None for formats
    without pages; ``warnings`` say in plain English what could not be read.
    """

    title: str = ""
    page_count: int | None = None
    warnings: list[str] = field(default_factory=list)
    _texts: list[str] = field(default_factory=list, repr=False)
    _blocks: list[Block] = field(default_factory=list, repr=False)
    _length: int = field(default=0, repr=False)
    _groups: int = field(default=0, repr=False)

    def add(
        self,
        kind: BlockKind,
        text: str,
        *,
        heading_path: Iterable[str] = (),
        page: int | None = None,
        page_end: int | None = None,
        lead: str = "",
        group: int | None = None,
    ) -> None:
        """Append a block; a text that shows nothing is left out.

        ``page_end`` is kept only where it differs from ``page``; pages count from 1.
        """
        text = tidy(text)
        if not text:
            return
        start = self._length + (len(SEPARATOR) if self._texts else 0)
        self._length = start + len(text)
        self._texts.append(text)
        self._blocks.append(
            Block(
                kind=kind,
                start=start,
                end=self._length,
                heading_path=tuple(filter(None, (_one_line(part) for part in heading_path))),
                page=page,
                page_end=None if page_end == page else page_end,
                lead=_one_line(lead),
                group=group,
            )
        )

    def new_group(self) -> int:
        """A number that no list, table or slide of this file has yet."""
        self._groups += 1
        return self._groups

    @property
    def is_empty(self) -> bool:
        """Whether nothing was added."""
        return not self._blocks

    def finish(self) -> tuple[str, tuple[Block, ...]]:
        """The whole text and its blocks: ``text[b.start:b.end]`` is the text of block ``b``."""
        return SEPARATOR.join(self._texts), tuple(self._blocks)


def _one_line(text: str) -> str:
    return tidy(text).replace("\n", " ")
