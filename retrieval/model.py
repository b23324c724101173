"""What goes into a search and comes out of it, and what the library reports of itself."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from corpus.model import Document, Origin, Passage, Rendition

Vector = NDArray[np.float32]  # (d,), L2-normalised
Vectors = NDArray[np.float32]  # (n, d), L2-normalised rows
Progress = Callable[[int, int], None]  # called with (done, total)
Question_contra = TypeVar("Question_contra", contravariant=True)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which passages a search may return. An empty field restricts nothing.

    The dates keep the passages whose as-of date (their own, else their source's) has a day in
    common with the days from ``as_of_from`` to ``as_of_to``; undated passages are then left out.
    """

    sources: Collection[str] = ()
    documents: Collection[str] = ()
    renditions: Collection[Rendition] = ()
    origins: Collection[Origin] = ()
    as_of_from: date | None = None
    as_of_to: date | None = None
    exclude_records: bool = False  # leave out the cards of structured records


EVERYTHING = Filter()


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each leg counts in the fused ranking; 0 leaves a leg out."""

    words: float = 1.0
    dense: float = 0.8


USUAL = Weights()


@dataclass(frozen=True, slots=True)
class Ranked:
    """One entry of one ranking; a higher score is better."""

    passage_id: str
    score: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found, and how each leg found it (ranks from 1; None: it did not).

    ``score`` is the fused score, ``word_score`` BM25's, ``similarity`` the cosine (-1 to 1),
    ``rerank`` what a reranker made of it, by which hits are then ordered.
    """

    passage: Passage
    score: float
    word_rank: int | None = None
    word_score: float | None = None
    dense_rank: int | None = None
    similarity: float | None = None
    rerank: float | None = None


class Change(StrEnum):
    """What `put` did with a document."""

    ADDED = "added"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Removal:
    """How much a removal took out of the library."""

    documents: int
    passages: int


@dataclass(frozen=True, slots=True)
class Holding:
    """A document as a list of what is held shows it: without its text. Fields as in `Document`."""

    document_id: str
    source_id: str
    rendition: Rendition
    origin: Origin
    media_type: str
    content_hash: str
    path: str
    page_count: int | None
    warnings: tuple[str, ...]
    passages: int


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A structured record as it is kept: ``json`` is read by whoever knows its kind."""

    kind: str
    id: str
    json: str


@dataclass(frozen=True, slots=True)
class Status:
    """What the library holds. ``healthy``: both indexes say the same as the record."""

    sources: int
    documents: int
    passages: int
    records: Mapping[str, int]  # by kind
    vectors: int
    embedder: str  # its fingerprint
    healthy: bool


@dataclass(frozen=True, slots=True)
class Mended:
    """What mending changed: passages put into and taken out of each index, and embedded."""

    words_added: int = 0
    words_dropped: int = 0
    vectors_added: int = 0
    vectors_dropped: int = 0
    embedded: int = 0

    def __bool__(self) -> bool:
        return bool(
            self.words_added
            or self.words_dropped
            or self.vectors_added
            or self.vectors_dropped
            or self.embedded
        )


def hash_of(text: str) -> str:
    """Names the embedding of a text."""
    return sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Entry:
    """What the indexes are told of one passage.

    ``first_day`` and ``last_day`` are the days that its as-of date covers, as numbers
    YYYYMMDD (None: undated). ``vector`` is None where no embedding is recorded.
    """

    id: str
    document_id: str
    source_id: str
    rendition: str
    origin: str
    language: str
    title: str
    head: str  # the heading path and the lead
    text: str
    is_record: bool
    first_day: int | None
    last_day: int | None
    vector: Vector | None = field(default=None, compare=False)

    @property
    def text_hash(self) -> str:
        """Names the embedding: passages with the same indexed text share one."""
        return hash_of(self.indexed_text)

    @property
    def indexed_text(self) -> str:
        """What is embedded."""
        return f"{self.head}\n{self.text}" if self.head else self.text

    @property
    def stamp(self) -> str:
        """Changes whenever anything that an index knows of the passage changes."""
        known = [getattr(self, name) for name in self.__dataclass_fields__ if name != "vector"]
        return sha256(json.dumps(known).encode()).hexdigest()[:16]


def entry_of(passage: Passage, document: Document) -> Entry:
    """The entry of a passage of a document."""
    as_of = passage.as_of or document.source.date
    return Entry(
        id=passage.id,
        document_id=document.id,
        source_id=document.source.id,
        rendition=str(document.rendition),
        origin=str(document.origin),
        language=passage.language,
        title=document.source.title,
        head=passage.indexed_text.removesuffix(passage.text).rstrip("\n"),
        text=passage.text,
        is_record=bool(passage.record),
        first_day=day_number(as_of.first) if as_of else None,
        last_day=day_number(as_of.last) if as_of else None,
    )


def day_number(day: date) -> int:
    """A day as a number that sorts like it: 8 October 2018 is 20181008."""
    return day.year * 10_000 + day.month * 100 + day.day


class DamagedIndex(Exception):
    """The files of an index cannot be read: it has to be made anew from the record."""


class Searcher(Protocol[Question_contra]):
    """An index of passages that can be searched and can be rebuilt from the record.

    Every method except `seq` and `clear` raises DamagedIndex when its files cannot be read.

    ``seq`` is the number of the latest change of the record that the index knows.
    """

    needs_vectors: bool  # passages without a vector cannot be in it

    def seq(self) -> int | None:
        """The change it is up to; None: empty, damaged or another library's."""
        ...

    def count(self) -> int:
        """How many passages it holds."""
        ...

    def stamps(self) -> dict[str, str]:
        """The stamp of every passage it holds, by id."""
        ...

    def apply(self, entries: Sequence[Entry], drops: Sequence[str]) -> None:
        """Take the passages ``drops`` out, then put ``entries`` in (replacing same ids)."""
        ...

    def settle(self, seq: int) -> None:
        """Note that all changes up to ``seq`` are in."""
        ...

    def clear(self) -> None:
        """Start again from nothing, whatever state the files are in."""
        ...

    def search(self, question: Question_contra, k: int, where: Filter = EVERYTHING) -> list[Ranked]:
        """The ``k`` best passages, best first, ties by id."""
        ...
