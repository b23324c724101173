"""A piece of a passage that an answer can quote, and how it reads alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from app.answering.evidence import Evidence
from corpus.model import BlockKind, Passage, Source
from corpus.words import words

_SHORT_ITEM = 12  # words; a list item of fewer reads with the sentence that introduces it
_NEAREST = 2  # headings (or a lead) that a piece stands directly under


@dataclass(frozen=True)
class Piece:
    """The words ``passage.text[start:end]`` and how they read alone.

    ``shown`` is for the answer, ``context`` the headings and the lead that it stands under,
    ``cells`` the columns of a table row as (header, value); ``group`` names its list or table.
    """

    passage: Passage
    start: int
    end: int
    shown: str
    kind: BlockKind = BlockKind.PARAGRAPH
    context: str = ""
    group: str = ""
    cells: tuple[tuple[str, str], ...] = ()
    alone: bool = True  # whether it is a whole block

    @property
    def evidence(self) -> Evidence:
        """Its own words as evidence for a statement."""
        return Evidence(self.passage, self.start, self.end)

    @property
    def said(self) -> str:
        """Its own words, without what it stands under."""
        return " ".join(self.passage.text[self.start : self.end].split())

    @property
    def listed(self) -> bool:
        """Whether it is one of several: an item of a list or a row of a table."""
        return self.kind in (BlockKind.LIST_ITEM, BlockKind.TABLE_ROW)

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of its words."""
        return frozenset(w.stem for w in words(self.said, self.passage.language))

    @cached_property
    def near_stems(self) -> frozenset[str]:
        """The stems of the lead and the innermost headings that it stands under."""
        near = " ".join(self.context.split(" > ")[-_NEAREST:])
        return frozenset(w.stem for w in words(near, self.passage.language))

    @cached_property
    def context_stems(self) -> frozenset[str]:
        """The stems of what it stands under."""
        return frozenset(w.stem for w in words(self.context, self.passage.language))


def with_lead(piece: Piece) -> str:
    """A short list item with the sentence that introduces it."""
    lead = piece.passage.lead or ""
    if piece.kind is BlockKind.LIST_ITEM:
        lead = piece.context.rpartition(" > ")[2] if piece.context else lead
        if len(words(piece.shown)) < _SHORT_ITEM and lead:
            return f"{lead.rstrip(':.')}: {piece.shown}"
    return piece.shown


def title_of(piece: Piece, sources: Mapping[str, Source]) -> str:
    """The title of the publication that a piece stands in."""
    source = sources.get(piece.passage.source_id)
    return " ".join((source.title, source.publisher, *source.aliases)) if source else ""
