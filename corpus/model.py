"""The things a partnership's knowledge is made of, between a file and a citation.

A file becomes a `Document`; its `Block`s carry structure; blocks are grouped into `Passage`s, for
which ``document.text[p.start:p.end] == p.text`` holds. All offsets count characters of
``Document.text`` (Python string indices), all pages count from 1.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256

from corpus.values import PartialDate


class Origin(StrEnum):
    """Where a document came from: shipped with the product, or added by a user."""

    BUNDLED = "bundled"
    ADDED = "added"


class Rendition(StrEnum):
    """What a document is to its source."""

    ORIGINAL = "original"  # the publication itself (or any file that a user adds)
    DIGEST = "digest"  # its facts in words of our own
    RECORDS = "records"  # its structured records, one card each


class BlockKind(StrEnum):
    """What a block is on the page."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    TABLE_ROW = "table_row"
    CARD = "card"  # one structured record


@dataclass(frozen=True, slots=True)
class Source:
    """A publication: what a citation names and a footnote prints."""

    id: str
    title: str
    publisher: str = ""
    date: PartialDate | None = None  # the date its statements hold for
    url: str = ""
    language: str = "en"  # ISO 639-1
    description: str = ""
    aliases: tuple[str, ...] = ()  # other titles and file names it goes by


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a document that must not be cut: a heading, a paragraph, a list item, a table row.

    ``lead`` is what the block needs to make sense alone and does not contain: for a list item the
    sentence that introduces the list, for a table row the table's caption.
    ``page_end`` is set where a block runs over a page break; ``group`` numbers the list, table or
    slide that the block belongs to (blocks of one group belong together; None: on its own).
    """

    kind: BlockKind
    start: int
    end: int
    heading_path: tuple[str, ...] = ()
    page: int | None = None
    page_end: int | None = None
    lead: str = ""
    group: int | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """The text of one file and its structure.

    ``blocks`` are in reading order, do not overlap, and ``text[b.start:b.end]`` is never empty.
    ``content_hash`` is the SHA-256 (hex) of the bytes that were read.
    """

    source: Source
    text: str
    blocks: tuple[Block, ...]
    content_hash: str
    media_type: str
    rendition: Rendition = Rendition.ORIGINAL
    origin: Origin = Origin.ADDED
    path: str = ""  # where the file was, as given by the user
    page_count: int | None = None
    warnings: tuple[str, ...] = ()  # what could not be read, page by page, in plain English

    @property
    def id(self) -> str:
        """Stable over versions: the source, what the document is to it, and its format."""
        return f"{self.source.id}/{self.rendition}/{self.media_type}"


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole blocks that is stored, found and cited as one.

    ``document_text[start:end] == text``. ``heading_path`` goes from the outermost heading to the
    innermost; ``lead`` is as in `Block`. ``record`` is ``kind:id`` when the passage is the card of
    a structured record. ``section`` is the place as a reader of the publication would name it.
    """

    document_id: str
    source_id: str
    ordinal: int
    start: int
    end: int
    text: str
    heading_path: tuple[str, ...] = ()
    lead: str = ""
    page: int | None = None
    page_end: int | None = None
    section: str = ""
    record: str = ""
    as_of: PartialDate | None = None
    language: str = "en"
    id: str = field(init=False)

    def __post_init__(self) -> None:
        key = f"{self.document_id}\n{self.start}\n{self.end}\n{self.heading_path}\n{self.text}"
        object.__setattr__(self, "id", sha256(key.encode()).hexdigest()[:24])

    @property
    def indexed_text(self) -> str:
        """What the indexes see: the heading path and the lead, then the text."""
        head = " > ".join(self.heading_path)
        return "\n".join(part for part in (head, self.lead, self.text) if part)
