"""What an answer can quote: sentences, list items and table rows, with what they stand under.

A passage is cut where its document has blocks, and inside those into sentences. What a page parts
and a reader joins is joined: a line that goes on in the next, a figure and its label, a sentence
that begins with "It" and the one before it. The words of a piece stand in its passage as they are.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from app.answering.demands import Numbered
from app.answering.joining import FRAGMENT, join
from app.answering.piece import Piece
from corpus.model import Block, BlockKind, Document, Passage
from corpus.sentences import sentence_spans
from corpus.words import words
from retrieval.library import Library

_ORDINAL = re.compile(r"^(?:\(?\d{1,3}[.)]|[•▪●○■–-])\s+")
_NUMBER = re.compile(r"^(\d{1,3})\s+(?=[A-ZÀ-Þ])")  # of an item, where its neighbours have one too
_LONG_ITEM = 25  # words; a list item of more is prose, to be quoted by the sentence
_SLIDE = 150  # words; a page of no more is one slide, whose words belong together
_CARD_NAMES = ("Also", "Topic", "Geography")  # lines of a card that answer nothing alone


class Pieces:
    """The pieces of every passage of a library, made when they are first asked for."""

    def __init__(self, library: Library, documents: Iterable[Document]) -> None:
        self._library = library
        self._documents = {document.id: document for document in documents}
        self._starts = {d.id: [b.start for b in d.blocks] for d in self._documents.values()}
        self._made: dict[str, list[Piece]] = {}
        self._passages: dict[str, list[Passage]] = {}
        self._around: dict[str, frozenset[str]] = {}

    def of(self, passage: Passage) -> list[Piece]:
        """The pieces of a passage in reading order."""
        if passage.id not in self._made:
            made = _card(passage) if passage.record else join(self._raw(passage))
            self._made[passage.id] = list(made)
        return self._made[passage.id]

    def document(self, document_id: str) -> list[Passage]:
        """The passages of a document, in its order."""
        if document_id not in self._passages:
            self._passages[document_id] = self._library.passages(document_id)
        return self._passages[document_id]

    def around(self, passage: Passage) -> frozenset[str]:
        """The stems of a passage and of what else stands on its page, where that is a slide."""
        if passage.id not in self._around:
            page = [p for p in self.document(passage.document_id) if _share_page(p, passage)]
            long = sum(len(p.text.split()) for p in page) > _SLIDE
            found = [passage] if long else [passage, *page]
            stems = {w.stem for p in found for w in words(p.text, p.language)}
            self._around[passage.id] = frozenset(stems)
        return self._around[passage.id]

    def rows_numbered(self, number: str, documents: Iterable[str]) -> list[Passage]:
        """The passages with a table row of this number."""
        row = re.compile(rf"^(?:#: )?{re.escape(number)}[;:] ", re.MULTILINE)
        return [p for d in documents for p in self.document(d) if row.search(p.text)]

    def sections_numbered(
        self, numbered: Sequence[Numbered], documents: Iterable[str]
    ) -> list[Passage]:
        """The passages under a heading that one of the numbers names ("WP4": Work Package 4)."""
        return [
            passage
            for document in documents
            for passage in self.document(document)
            if any(n.named_in(heading) for n in numbered for heading in passage.heading_path)
        ]

    def naming(self, numbered: Numbered, documents: Iterable[str]) -> list[Passage]:
        """The passages that have a name by number in their text."""
        return [p for d in documents for p in self.document(d) if numbered.named_in(p.text)]

    def siblings(self, piece: Piece) -> list[Piece]:
        """All items of the piece's list or rows of its table, also in other passages."""
        if not piece.group:
            return [piece]
        return [
            other
            for passage in self.document(piece.passage.document_id)
            for other in self.of(passage)
            if other.group == piece.group and other.listed
        ]

    def after(self, lead: Piece) -> list[Piece]:
        """The items of the list that a sentence introduces, also over the end of its passage."""
        found: list[Piece] = []
        here = lead.passage.document_id
        for passage in self.document(here):
            if passage.ordinal < lead.passage.ordinal:
                continue
            for piece in self.of(passage):
                if passage.ordinal == lead.passage.ordinal and piece.start <= lead.start:
                    continue
                if piece.group and not piece.listed:
                    continue  # the rest of a long item
                if not piece.listed or (found and piece.group != found[0].group):
                    return found
                found.append(piece)
        return found

    def under(self, heading: Sequence[str], document_id: str) -> list[Piece]:
        """What stands under a heading and the headings below it."""
        depth = len(heading)
        return [
            piece
            for passage in self.document(document_id)
            if passage.heading_path[:depth] == tuple(heading)
            for piece in self.of(passage)
        ]

    def _raw(self, passage: Passage) -> Iterator[Piece]:
        """A piece for each sentence, list item and row, not yet joined."""
        document = self._documents.get(passage.document_id)
        blocks = _blocks(document, self._starts, passage) if document else []
        if not blocks:
            for start, end in sentence_spans(passage.text, passage.language):
                yield _plain(passage, start, end, "")
            return
        for number, block in blocks:
            start = max(block.start, passage.start) - passage.start
            end = min(block.end, passage.end) - passage.start
            context = _context(block.heading_path or passage.heading_path, block.lead)
            group = f"{passage.document_id}#{block.group}" if block.group is not None else ""
            if block.kind is BlockKind.TABLE_ROW:
                yield _row(passage, start, end, context, group or f"{passage.document_id}@{number}")
            elif block.kind is BlockKind.LIST_ITEM:
                numbered = document is not None and _in_sequence(document, number)
                yield from _items(passage, start, end, context, group, numbered)
            elif block.kind is not BlockKind.HEADING:
                spans = _sentences(passage.text[start:end], passage.language)
                for first, last in spans:
                    piece = _plain(passage, start + first, start + last, context)
                    yield replace(piece, alone=len(spans) == 1)


def _share_page(one: Passage, other: Passage) -> bool:
    if one.page is None or other.page is None:
        return False
    return one.page <= (other.page_end or other.page) and other.page <= (one.page_end or one.page)


def _blocks(
    document: Document, starts: Mapping[str, Sequence[int]], passage: Passage
) -> list[tuple[int, Block]]:
    at = bisect_left(starts[document.id], passage.start)
    at -= bool(at) and document.blocks[at - 1].end > passage.start
    found = []
    while at < len(document.blocks) and document.blocks[at].start < passage.end:
        found.append((at, document.blocks[at]))
        at += 1
    return found


def _context(path: Sequence[str], lead: str) -> str:
    return " > ".join((*path, lead) if lead else path)


def _plain(passage: Passage, start: int, end: int, context: str) -> Piece:
    shown = " ".join(passage.text[start:end].split())
    context = context or _context(passage.heading_path, passage.lead)
    return Piece(passage, start, end, shown, context=context)


def _items(
    passage: Passage, start: int, end: int, context: str, group: str, numbered: bool
) -> Iterator[Piece]:
    """A list item; one that is long prose as its sentences, the first of which is the item."""
    spans = _sentences(passage.text[start:end], passage.language)
    if len(words(passage.text[start:end])) <= _LONG_ITEM:
        spans = [(0, end - start)]
    for number, (first, last) in enumerate(spans):
        piece = _plain(passage, start + first, start + last, context)
        kind = BlockKind.PARAGRAPH if number else BlockKind.LIST_ITEM
        shown = piece.shown if number else _ORDINAL.sub("", piece.shown, count=1)
        if numbered and not number:
            shown = _NUMBER.sub("", shown, count=1)
        yield replace(piece, shown=shown, kind=kind, group=group, alone=len(spans) == 1)


def _sentences(text: str, language: str) -> list[tuple[int, int]]:
    """The sentences of a block; words that only announce the next ("Next steps.") go with it."""
    spans = sentence_spans(text, language)
    if len(spans) > 1 and len(words(text[slice(*spans[0])])) <= FRAGMENT:
        spans[:2] = [(spans[0][0], spans[1][1])]
    return spans


def _in_sequence(document: Document, at: int) -> bool:
    """Whether a list item begins with the number that follows its neighbour's."""

    def first(index: int) -> int | None:
        if not 0 <= index < len(document.blocks):
            return None
        block = document.blocks[index]
        match = _NUMBER.match(document.text[block.start : block.end])
        return int(match[1]) if match else None

    own = first(at)
    return own is not None and (first(at - 1) == own - 1 or first(at + 1) == own + 1)


def _row(passage: Passage, start: int, end: int, context: str, group: str) -> Piece:
    """A row, its cells without empty headers; a numbered row begins with its number."""
    text = " ".join(passage.text[start:end].split())
    cells: list[tuple[str, str]] = []
    for cell in re.split(r";\s+", text):
        header, colon, value = cell.partition(": ")
        if not colon and cells:  # the cell before holds a semicolon
            cells[-1] = (cells[-1][0], f"{cells[-1][1]}; {cell}")
        else:
            cells.append((header, value) if colon else ("", cell))
    shown = "; ".join(v if h in ("", "#") else f"{h}: {v}" for h, v in cells)
    if len(cells) > 1 and cells[0][0] in ("", "#"):
        shown = shown.replace("; ", " – ", 1)
    return Piece(passage, start, end, shown, BlockKind.TABLE_ROW, context, group, tuple(cells))


def _card(passage: Passage) -> Iterator[Piece]:
    """The lines of a record's card, each with the name of what it is about."""
    lines = [m.span() for m in re.finditer(r"[^\n]+", passage.text)]
    subject = passage.text[slice(*lines[0])].partition(": ")[2]
    for start, end in lines[1:]:
        label, _, value = passage.text[start:end].partition(": ")
        if label == "Description":
            begin = end - len(value)
            for first, last in sentence_spans(value, passage.language):
                yield Piece(
                    passage, begin + first, begin + last, value[first:last],
                    BlockKind.CARD, subject,
                )  # fmt: skip
        elif label not in _CARD_NAMES:
            shown = _said(subject, label, value).rstrip(".") + "."
            yield Piece(
                passage, start, end, shown, BlockKind.CARD, subject, cells=((label, value),)
            )


def _said(subject: str, label: str, value: str) -> str:
    """A line of a card: what is a sentence of its own as that, else with what it is about."""
    if label == "Statement":
        return value
    if value == "yes":
        return f"{subject} – {label[0].lower()}{label[1:]}"
    return f"{subject} – {label}: {value}"


def best_versions(
    documents: Sequence[Document], passages: Mapping[str, Sequence[Passage]]
) -> tuple[str, ...]:
    """The ids of the documents to search: of several files with the same words, the best kept.

    Text extracted from a publication is left out where the publication itself is there, because
    its pages and structure are better.
    """
    kept: list[str] = []
    shingles: dict[str, set[tuple[str, ...]]] = {}
    order = sorted(documents, key=lambda d: (_plainness(d), d.id))
    for document in order:
        own = _shingles(passages[document.id])
        others = (
            shingles[k] for k in kept if k.partition("/")[0] == document.source.id and k in shingles
        )
        if not own or not any(len(own & other) > _SAME_WORDS * len(own) for other in others):
            kept.append(document.id)
            shingles[document.id] = own
    return tuple(d.id for d in documents if d.id in set(kept))


_SAME_WORDS = 0.6  # share of its runs of four words that a version has in common with a better one


def _plainness(document: Document) -> int:
    return int(document.media_type in ("text/plain", "text/markdown"))


def _shingles(passages: Sequence[Passage]) -> set[tuple[str, ...]]:
    found = [w.folded for p in passages if not p.record for w in words(p.text)]
    return {tuple(found[i : i + 4]) for i in range(len(found) - 3)}
