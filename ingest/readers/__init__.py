"""One reader per format.

A reader says by the file's content whether it takes it (`Reader.accepts`), and turns its bytes into
a `Draft`. The first in `READERS` that accepts a file reads it: those that know their format by its
content stand before those that go by the file's name.
"""

from pathlib import Path
from typing import Protocol

from ingest.readers.docx import DocxReader
from ingest.readers.draft import Draft
from ingest.readers.html import HtmlReader
from ingest.readers.markdown import MarkdownReader
from ingest.readers.pdf import PdfReader
from ingest.readers.pptx import PptxReader
from ingest.readers.spreadsheet import CsvReader, XlsxReader
from ingest.readers.text import TextReader

__all__ = ["READERS", "Reader"]


class Reader(Protocol):
    """Reads the files of one format."""

    @property
    def media_type(self) -> str:
        """The MIME type of what it reads."""
        ...

    def accepts(self, path: Path, data: bytes) -> bool:
        """Whether it reads this file; looks at the first bytes and at ``path``'s ending only."""
        ...

    def read(self, path: Path, data: bytes) -> Draft:
        """The file's blocks. Raises `corpus.errors.ReadError` where it can say what is wrong."""
        ...


READERS: tuple[Reader, ...] = (
    PdfReader(),
    DocxReader(),
    PptxReader(),
    XlsxReader(),
    HtmlReader(),
    MarkdownReader(),
    CsvReader(),
    TextReader(),
)
