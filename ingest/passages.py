"""Cuts a document into passages: what is stored, found and cited.

A passage is a run of whole blocks of one section that fits the embedder together with its heading
path and lead. Small neighbours are joined, a table or list stays together where it fits, a heading
alone is never a passage. Only a block that does not fit by itself is cut: between sentences; a
sentence that does not fit by itself between clauses, then between words, then anywhere.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from corpus.languages import language_of
from corpus.model import Block, BlockKind, Document, Passage
from corpus.sentences import sentence_spans

SECTION_SEPARATOR = " > "

# Shares of the token limit. A passage is filled up to _FULL; one below _SMALL is joined to its
# neighbour, one below _SCRAP also over a page break; heading path and lead together may take up to
# _HEAD, the rest is for the text. The later parts of a long table row repeat its first cell if that
# takes no more than _CELL.
_FULL = 0.75
_SMALL = 0.25
_SCRAP = 0.15
_HEAD = 0.4
_CELL = 0.2


@dataclass(frozen=True, slots=True)
class _Piece:
    """A block, or a part of one that is too long: ``text[start:end]``."""

    block: Block
    start: int
    end: int
    head: tuple[str, ...]  # heading path, shortened to what fits
    lead: str


class _Run:
    """Pieces that become one passage."""

    def __init__(self, text: str, pieces: list[_Piece]) -> None:
        self.text = text
        self.pieces = pieces

    @property
    def content(self) -> str:
        return self.text[self.pieces[0].start : self.pieces[-1].end]

    @property
    def lead(self) -> str:
        """The first piece's lead: those of the others equal it or stand in the run's text."""
        return self.pieces[0].lead

    @property
    def page(self) -> int | None:
        return self.pieces[0].block.page

    @property
    def page_end(self) -> int | None:
        last = self.pieces[-1].block
        return last.page_end or last.page

    def plus(self, other: "_Run") -> "_Run":
        return _Run(self.text, [*self.pieces, *other.pieces])

    def introduces(self, piece: _Piece) -> bool:
        """Whether the last piece is the sentence that introduces ``piece``."""
        last = self.pieces[-1]
        return bool(piece.lead) and piece.lead in _flat(self.text[last.start : last.end])


@dataclass(frozen=True, slots=True)
class _Measure:
    """Counts the tokens of a passage the way the embedder will see it."""

    count: Callable[[str], int]
    limit: int

    def size(self, run: _Run) -> int:
        head = SECTION_SEPARATOR.join(run.pieces[0].head)
        return self.count("\n".join(part for part in (head, run.lead, run.content) if part))


def split(
    document: Document, count_tokens: Callable[[str], int], max_tokens: int = 256
) -> list[Passage]:
    """Cut ``document`` into passages whose ``indexed_text`` has at most ``max_tokens`` tokens.

    For every passage ``document.text[p.start:p.end] == p.text``; passages are in reading order, do
    not overlap, and every block that is not a heading lies in them whole (one that is longer than
    the limit in several that follow each other). ``section`` is the heading path of the passage's
    first block without the document's own title; ``heading_path`` is the whole path, without its
    outer parts where they leave too little room. ``language`` is that of the passage where it is
    long enough to tell, else the source's. The same document gives the same passages.

    Raises ValueError when ``max_tokens`` is too small to hold a word (under 16).
    """
    if max_tokens < 16:
        raise ValueError(f"passages need room for at least 16 tokens, not {max_tokens}")
    measure = _Measure(count_tokens, max_tokens)
    runs = [
        run
        for section in _sections(document.blocks)
        for run in _pack(document.text, _pieces(document, section, measure), measure)
    ]
    outermost = {block.heading_path[:1] for block in document.blocks if block.heading_path}
    title = outermost.pop() if len(outermost) == 1 else ()
    return [_passage(document, ordinal, run, title) for ordinal, run in enumerate(runs)]


def _passage(document: Document, ordinal: int, run: _Run, title: tuple[str, ...]) -> Passage:
    """A passage; ``title`` is the heading that all others stand under, if there is one."""
    first = run.pieces[0]
    path = first.block.heading_path
    section = path[1:] if title and len(path) > 1 and path[:1] == title else path
    page, page_end = run.page, run.page_end
    return Passage(
        document_id=document.id,
        source_id=document.source.id,
        ordinal=ordinal,
        start=first.start,
        end=run.pieces[-1].end,
        text=run.content,
        heading_path=first.head,
        lead=run.lead,
        page=page,
        page_end=None if page_end == page else page_end,
        section=SECTION_SEPARATOR.join(section),
        as_of=document.source.date,
        language=language_of(run.content, document.source.language),
    )


def _sections(blocks: Iterable[Block]) -> Iterator[list[Block]]:
    """The runs of blocks with no heading between them and one heading path."""
    section: list[Block] = []
    for block in blocks:
        heading = block.kind is BlockKind.HEADING
        if section and (heading or block.heading_path != section[-1].heading_path):
            yield section
            section = []
        if not heading:
            section.append(block)
    if section:
        yield section


# --- packing ---


def _pack(text: str, pieces: Iterable[_Piece], measure: _Measure) -> list[_Run]:
    """Fill runs in order, then join what stayed small to a neighbour."""
    runs: list[_Run] = []
    for piece in pieces:
        new = _Run(text, [piece])
        if not runs:
            runs.append(new)
        elif _belongs(runs[-1], new, measure):
            runs[-1] = runs[-1].plus(new)
        else:
            runs.append(_with_introduction(runs[-1], new, measure))
    joined: list[_Run] = []
    for run in runs:
        if joined and _small_enough(joined[-1], run, measure):
            joined[-1] = joined[-1].plus(run)
        else:
            joined.append(run)
    return joined


def _belongs(run: _Run, new: _Run, measure: _Measure) -> bool:
    """Whether ``new`` goes into ``run`` while runs are filled."""
    if not _joinable(run, new):
        return False
    whole = measure.size(run.plus(new))
    if whole > measure.limit * _FULL:
        return False
    last, first = run.pieces[-1].block, new.pieces[0].block
    together = (
        last.group == first.group
        or run.introduces(new.pieces[0])
        or (last.page_end or last.page) != first.page
    )
    # A list or table that begins or ends is a good place to stop, once there is enough.
    return together or measure.size(run) < measure.limit * _SMALL


def _small_enough(run: _Run, new: _Run, measure: _Measure) -> bool:
    smallest = min(measure.size(run), measure.size(new))
    return (
        smallest < measure.limit * _SMALL
        and _joinable(run, new, over_page=smallest < measure.limit * _SCRAP)
        and measure.size(run.plus(new)) <= measure.limit
    )


def _with_introduction(run: _Run, new: _Run, measure: _Measure) -> _Run:
    """``new``, with the sentence that introduces it taken from the end of ``run``."""
    if len(run.pieces) < 2 or not run.introduces(new.pieces[0]):
        return new
    moved = _Run(new.text, [run.pieces[-1], *new.pieces])
    if measure.size(moved) > measure.limit:
        return new
    run.pieces.pop()
    return moved


def _joinable(run: _Run, new: _Run, *, over_page: bool = False) -> bool:
    """Whether the two make sense as one: the same section, page and introduction.

    ``over_page``: they may stand on two pages that follow each other.
    """
    last, first = run.pieces[-1], new.pieces[0]
    if BlockKind.CARD in (last.block.kind, first.block.kind) or last.head != first.head:
        return False
    if not _same_page(run, new) and not (over_page and _next_page(run, new)):
        return False
    if first.lead in ("", run.lead):
        # Text that follows an introduced list is not introduced by the same sentence.
        return bool(first.lead) or not run.lead or first.block.group == last.block.group
    return first.lead in _flat(run.content)


def _same_page(run: _Run, new: _Run) -> bool:
    """Whether one page can be cited for both.

    Passages run over a page break only where a block, a list or a table does.
    """
    here, there = run.pieces[-1].block, new.pieces[0].block
    if (here.page, here.page_end) == (there.page, there.page_end):
        return True
    if there.page == (here.page_end or here.page):
        return True
    return here.group is not None and here.group == there.group


def _next_page(run: _Run, new: _Run) -> bool:
    """Whether both together stand on no more than two pages that follow each other."""
    if run.page is None or new.page_end is None:
        return False
    return 0 <= new.page_end - run.page <= 1


# --- blocks that are too long ---


def _pieces(document: Document, section: list[Block], measure: _Measure) -> Iterator[_Piece]:
    head = _head(section[0].heading_path, measure)
    leads: dict[str, str] = {}
    for block in section:
        if block.lead not in leads:
            leads[block.lead] = _fit_lead(block.lead, head, measure)
        whole = _Piece(block, block.start, block.end, head, leads[block.lead])
        if measure.size(_Run(document.text, [whole])) <= measure.limit:
            yield whole
        else:
            yield from _cut(document, whole, measure)


def _head(path: tuple[str, ...], measure: _Measure) -> tuple[str, ...]:
    """The innermost headings that leave room for the text; at least the last, cut if need be."""
    room = int(measure.limit * _HEAD)
    for first in range(len(path)):
        if measure.count(SECTION_SEPARATOR.join(path[first:])) <= room:
            return path[first:]
    return (_shorten(path[-1], room, measure),) if path else ()


def _fit_lead(lead: str, head: tuple[str, ...], measure: _Measure) -> str:
    """``lead``, or its last sentence, or the beginning of that, as far as there is room."""
    room = max(4, int(measure.limit * _HEAD) - measure.count(SECTION_SEPARATOR.join(head)))
    if not lead or measure.count(lead) <= room:
        return lead
    start, end = sentence_spans(lead)[-1]
    return _shorten(lead[start:end], room, measure)


def _shorten(text: str, room: int, measure: _Measure) -> str:
    """The longest beginning of ``text`` that fits, with "…" for what is left out."""
    if measure.count(text) <= room:
        return text
    size = _longest(len(text), lambda n: measure.count(text[:n].rstrip() + "…") <= room)
    space = text.rfind(" ", 0, size + 1)
    return text[: space if space > 0 else size].rstrip() + "…"


def _cut(document: Document, whole: _Piece, measure: _Measure) -> Iterator[_Piece]:
    """Parts of a block that is too long; of a table row, each part keeps the row's first cell."""
    block = whole.block
    row = replace(whole, lead=_row_lead(document, whole, measure))
    atoms = [
        atom
        for start, end in _sentences(document, block)
        for atom in _atoms(document.text, start, end, row, measure)
    ]
    begin = 0
    while begin < len(atoms):
        lead = row.lead if begin else whole.lead
        end = begin + 1
        while end < len(atoms) and _part_fits(
            document, whole, (atoms[begin][0], atoms[end][1]), lead, measure
        ):
            end += 1
        yield _Piece(block, atoms[begin][0], atoms[end - 1][1], whole.head, lead)
        begin = end


def _row_lead(document: Document, row: _Piece, measure: _Measure) -> str:
    """What introduces the later parts of a row: its lead and its first cell, if that is short."""
    if row.block.kind is not BlockKind.TABLE_ROW:
        return row.lead
    cell = re.split(r"[;\n]", document.text[row.start : row.end], maxsplit=1)[0].strip()
    if measure.count(cell) > measure.limit * _CELL:
        return row.lead
    return f"{row.lead.rstrip('.')}. {cell}" if row.lead else cell


def _part_fits(
    document: Document, whole: _Piece, span: tuple[int, int], lead: str, measure: _Measure
) -> bool:
    part = _Piece(whole.block, *span, whole.head, lead)
    return measure.size(_Run(document.text, [part])) <= measure.limit


def _sentences(document: Document, block: Block) -> list[tuple[int, int]]:
    spans = sentence_spans(document.text[block.start : block.end], document.source.language)
    return [(block.start + start, block.start + end) for start, end in spans]


_CLAUSE_END = re.compile(r"[;:,–—]\s+")
_WORD_END = re.compile(r"\s+")


def _atoms(
    text: str, start: int, end: int, whole: _Piece, measure: _Measure
) -> Iterator[tuple[int, int]]:
    """The span itself where it fits, else the parts that a last resort cuts it into."""

    def fits(length: int) -> bool:
        part = _Piece(whole.block, start, start + length, whole.head, whole.lead)
        return measure.size(_Run(text, [part])) <= measure.limit

    while not fits(end - start):
        last = start + max(1, _longest(end - start, fits))
        cut = _boundary(text, start, last)
        yield start, start + len(text[start:cut].rstrip())
        start = cut + len(text[cut:end]) - len(text[cut:end].lstrip())
    if start < end:
        yield start, end


def _boundary(text: str, start: int, last: int) -> int:
    """The best place to cut ``text[start:last]``: a clause's end in its second half, a word's."""
    for pattern, earliest in ((_CLAUSE_END, start + (last - start) // 2), (_WORD_END, start + 1)):
        ends = [match.end() for match in pattern.finditer(text, earliest, last)]
        if ends:
            return ends[-1]
    return last


def _longest(length: int, fits: Callable[[int], bool]) -> int:
    """The largest n up to ``length`` for which ``fits(n)``, by halving (0 when none does)."""
    low, high = 0, length
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(middle) else (low, middle - 1)
    return low


def _flat(text: str) -> str:
    return " ".join(text.split())
