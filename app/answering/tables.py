"""The tables of the documents as rows of named cells, and which of them a question speaks of."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from app.answering.asked import Asked
from app.answering.figures import days_in, with_year
from app.answering.neighbours import same_root
from app.answering.piece import Piece
from app.answering.pieces import Pieces
from app.answering.quantities import Quantity, quantities
from app.answering.weighing import marked
from corpus.model import BlockKind
from corpus.words import Word, words

_NUMBERING = frozenset({"", "#", "no", "no.", "nr", "nr.", "number"})  # headers of a numbering
_FEWEST = 2  # rows of a table that something is computed from
_NEAR_HEADINGS = 2


@dataclass(frozen=True)
class Row:
    """One row: ``cells`` are (header, value) without the numbering, ``number`` is that."""

    piece: Piece
    number: str
    cells: tuple[tuple[str, str], ...]

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of its values."""
        return _stems(" ".join(value for _, value in self.cells), self.piece.passage.language)

    @property
    def text(self) -> str:
        """Its values."""
        return " ".join(value for _, value in self.cells)

    @cached_property
    def amounts(self) -> tuple[tuple[str, Quantity], ...]:
        """The amounts that its cells hold, each with the header of its column."""
        language = self.piece.passage.language
        return tuple((h, q) for h, value in self.cells for q in quantities(value, language))

    def shown(self, *headers: str) -> str:
        """The row as an answer gives it: what it is, and the columns that are asked for."""
        kept = [c for at, c in enumerate(self.cells) if at < _NAMING or c[0] in headers]
        text = "; ".join(f"{h}: {v}" if h else v for h, v in kept)
        return f"{self.number} – {text}" if self.number else text


_NAMING = 2  # columns that say what a row is


@dataclass(frozen=True)
class Table:
    """All rows of one table of a document, in order."""

    rows: tuple[Row, ...]
    place: tuple[Word, ...]  # what it stands under

    @cached_property
    def headers(self) -> tuple[str, ...]:
        """The headers of its columns."""
        return tuple(dict.fromkeys(h for row in self.rows for h, _ in row.cells if h))

    @cached_property
    def header_words(self) -> tuple[Word, ...]:
        """The words of its headers."""
        return tuple(w for header in self.headers for w in words(header))

    def named(self, stems: frozenset[str]) -> bool:
        """Whether a word of its headers, or of what it stands under, is what its rows are."""
        return any(w.stem in stems for w in (*self.header_words, *self.place))

    def with_number(self, nouns: Sequence[str], number: str) -> tuple[Row, ...]:
        """The rows that a noun and a number name; ``nouns`` are words, the nearest last."""
        noun = re.escape(nouns[-1].rstrip("s"))
        said = re.compile(rf"\b{noun}s?\s*{number}(?!\d|[.,]\d)", re.IGNORECASE)
        found = tuple(row for row in self.rows if said.search(row.text))
        if found or not any(same_root(nouns[-1], w.folded) for w in self.header_words):
            return found
        return tuple(row for row in self.rows if row.number.rstrip(".") == number)


class Tables:
    """The tables of each document, made when they are first asked for."""

    def __init__(self, pieces: Pieces) -> None:
        self._pieces = pieces
        self._made: dict[str, tuple[Table, ...]] = {}

    def of(self, document_id: str) -> tuple[Table, ...]:
        """The tables of a document in its order; those without columns are left out."""
        if document_id not in self._made:
            groups: dict[str, list[Piece]] = {}
            for passage in self._pieces.document(document_id):
                for piece in self._pieces.of(passage):
                    if piece.kind is BlockKind.TABLE_ROW:
                        groups.setdefault(piece.group, []).append(piece)
            made = (self._table(group) for group in groups.values())
            self._made[document_id] = tuple(table for table in made if table)
        return self._made[document_id]

    def _table(self, group: Sequence[Piece]) -> Table | None:
        rows = tuple(row for row in map(_row, _mended(group)) if row.cells)
        named = Counter(h for row in rows for h, _ in row.cells if h)
        if len(rows) < _FEWEST or not any(count > 1 for count in named.values()):
            return None
        first = rows[0].piece
        near = " ".join(first.context.split(" > ")[-_NEAR_HEADINGS:])
        return Table(rows, tuple(words(f"{near} {first.passage.lead}")))


def _mended(group: Sequence[Piece]) -> list[tuple[Piece, list[tuple[str, str]]]]:
    """The cells of each row; a header of one row alone is part of the cell before it."""
    counts = Counter(h for piece in group for h, _ in piece.cells)
    mended = []
    for piece in group:
        cells: list[tuple[str, str]] = []
        for header, value in piece.cells:
            if cells and header and counts[header] == 1 and len(group) > _FEWEST:
                cells[-1] = (cells[-1][0], f"{cells[-1][1]}; {header}: {value}")
            else:
                cells.append((header, value))
        mended.append((piece, cells))
    return mended


def _row(mended: tuple[Piece, list[tuple[str, str]]]) -> Row:
    piece, cells = mended
    number = ""
    if cells and cells[0][0].casefold() in _NUMBERING and re.fullmatch(r"\d+\.?", cells[0][1]):
        number, cells = cells[0][1], cells[1:]
    return Row(piece, number, tuple((h, v) for h, v in cells))


def _stems(text: str, language: str = "en") -> frozenset[str]:
    return frozenset(w.stem for w in words(text, language))


def in_time(asked: Asked, row: Row) -> bool:
    """Whether a row falls into the time that the question names; one that tells none does not."""
    language = row.piece.passage.language
    for mention in asked.question.dates:
        wanted = mention.date
        own = days_in(row.text, language)
        if not own and wanted.first.year == wanted.last.year:  # "23 April" in a table of one year
            own = days_in(with_year(row.text, wanted.first.year, language), language)
        if mention.relation in ("before", "until"):
            fits = any(day.first <= wanted.last for day in own)
        elif mention.relation in ("after", "from"):
            fits = any(wanted.first <= day.last for day in own)
        else:
            fits = any(d.first <= wanted.last and wanted.first <= d.last for d in own)
        if not fits:
            return False
    return True


def of_country(asked: Asked, row: Row) -> bool:
    """Whether a row bears the mark of a country of the question."""
    return marked(asked, row.text)
