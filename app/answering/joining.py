"""Joins what a page parts and a reader joins.

A line that goes on in the next, a figure and its label, a short reply and its question, a sentence
that begins with "It" and the one before it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from app.answering.demands import demands
from app.answering.piece import Piece
from corpus.model import BlockKind
from corpus.words import words

_LABEL_WORDS = 16  # a label beside a figure has no more
FRAGMENT = 3  # words; what has fewer says nothing alone
_FIGURE = re.compile(r"[~≈<>±+]?\s*[€$£]?\s*\d[\d.,\s]*(?:[%€$£+]|\s?(?:million|billion|bn))?\+?")
_ENDED = re.compile(r"""[.!?:;…]["'”’»)\]]*(?:\[\d+\])?$""")


def join(raw: Iterable[Piece]) -> Iterator[Piece]:
    """The pieces with what belongs together joined, without scraps that say nothing."""
    pieces = list(_joined_lines(list(raw)))
    pieces = list(_labelled(list(_figures(pieces))))
    before: Piece | None = None
    for piece in pieces:
        if piece.kind is BlockKind.PARAGRAPH:
            leans = demands(piece.passage.language).leaning.match(piece.shown)
            if before and leans and not before.cells:
                yield from _worth(_together(before, piece), pieces[-1])
            else:
                yield from _worth(piece, pieces[-1])
        else:
            yield piece
        before = piece


def _joined_lines(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Sentences that a line break cut: no full stop, and the next line begins small."""
    held: Piece | None = None
    for piece in pieces:
        if held is None:
            held = piece
        elif (
            held.kind is piece.kind is BlockKind.PARAGRAPH
            and not _ENDED.search(held.shown)
            and (piece.shown[:1].islower() or _ends_open(held.shown, held.passage.language))
        ):
            held = _together(held, piece)
        else:
            yield held
            held = piece
    if held:
        yield held


def _ends_open(text: str, language: str) -> bool:
    """Whether a line stops at a word that another must follow."""
    last = text.rsplit(maxsplit=1)[-1].casefold() if text.split() else ""
    return last in demands(language).words.open_ends


def _figures(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """A figure that stands alone and its label, before or after it, as one."""
    at = 0
    while at < len(pieces):
        here = pieces[at]
        after = pieces[at + 1] if at + 1 < len(pieces) else None
        if after and _is_figure(here) and _is_label(after):
            yield replace(_together(here, after), shown=f"{here.shown} {after.shown}")
            at += 2
        elif after and _is_label(here) and _is_figure(after):
            label = here.shown.rstrip(".:")
            yield replace(_together(here, after), shown=f"{label}: {after.shown}")
            at += 2
        else:
            yield here
            at += 1


def _labelled(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """A short reply ("Norway only") with the line that it replies to; brackets with their words."""
    held: Piece | None = None
    for piece in pieces:
        plain = held is not None and held.kind is piece.kind is BlockKind.PARAGRAPH
        says = _FIGURE.search(piece.shown) or "@" in piece.shown or "://" in piece.shown
        scrap = len(words(piece.shown)) < FRAGMENT and piece.alone and not says
        if held and plain and (scrap or piece.shown.startswith("(")):
            held = _together(held, piece)
            continue
        if held:
            yield held
        held = piece
    if held:
        yield held


def _is_figure(piece: Piece) -> bool:
    return bool(_FIGURE.fullmatch(piece.shown))


def _is_label(piece: Piece) -> bool:
    plain = piece.kind in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM)
    return (
        plain
        and piece.alone
        and not _is_figure(piece)
        and 1 < len(words(piece.shown)) <= _LABEL_WORDS
    )


def _together(first: Piece, second: Piece) -> Piece:
    return replace(
        second, start=first.start, shown=f"{first.shown} {second.shown}", context=first.context
    )


def _worth(piece: Piece, last: Piece) -> Iterator[Piece]:
    """The piece, unless it says nothing alone or a page cut it off."""
    size = len(words(piece.shown))
    cut_off = piece.end == last.end and size > _LABEL_WORDS and piece.shown[-1:] == ","
    says = size > 1 and (":" in piece.shown or "@" in piece.shown)
    if (size >= FRAGMENT or says) and not cut_off:
        yield piece
