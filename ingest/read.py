"""Files to documents: finds them, picks the reader, and says what is wrong with the others."""

import os
import struct
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from lxml.etree import LxmlError

from corpus.errors import (
    BrokenFile,
    EmptyFile,
    FileMissing,
    ReadError,
    TooLarge,
    UnsupportedFormat,
)
from corpus.languages import detect
from corpus.model import Block, BlockKind, Document, Source
from ingest.readers import READERS, Reader
from ingest.readers.draft import Draft
from ingest.refusals import READABLE, refusal

_SHORT_LINE = 40  # characters
MAX_BYTES = 200 * 1024 * 1024

# What system and office programs leave beside the files that people mean.
_LOCK_PREFIXES = ("~$", ".~lock.", "~WRL")
_SYSTEM_FILES = {"thumbs.db", "desktop.ini"}

# A damaged file makes a library fail almost anywhere; these are the ways in which they do. What is
# left out is what no file can cause: running out of memory, being interrupted.
_LIBRARY_FAILURES = (
    ArithmeticError, AssertionError, AttributeError, BufferError, EOFError, LookupError, OSError,
    RuntimeError, TypeError, ValueError, LxmlError, struct.error, zipfile.BadZipFile, zlib.error,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FileDescription:
    """What a file says of itself, to find out which publication it is.

    ``title`` comes from the file's metadata, else from the heading it begins with ("" when neither
    is there); ``content_hash`` is the SHA-256 (hex) of its bytes; ``language`` (ISO 639-1) is that
    of its text, None where that does not tell.
    """

    title: str
    media_type: str
    content_hash: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class LoadedFile:
    """A file that was read once, to be described first and made a document then."""

    path: Path
    text: str
    blocks: tuple[Block, ...]
    title: str
    media_type: str
    content_hash: str
    page_count: int | None
    warnings: tuple[str, ...]

    @property
    def description(self) -> FileDescription:
        """What the file says of itself."""
        language = detect(self.text)
        return FileDescription(self.title, self.media_type, self.content_hash, language)

    def document(self, source: Source) -> Document:
        """The file as a document of ``source``."""
        return Document(
            source=source,
            text=self.text,
            blocks=self.blocks,
            content_hash=self.content_hash,
            media_type=self.media_type,
            path=str(self.path),
            page_count=self.page_count,
            warnings=self.warnings,
        )


def find_files(paths: Iterable[Path]) -> list[Path]:
    """All files among ``paths`` and in the folders among them, folders within folders too.

    In the order given, a folder's files sorted by name; each file once. Hidden files and folders
    and the lock files of office programs are left out unless they are named themselves; links to
    folders are not followed. A path that does not exist is kept: reading it reports it.
    """
    found: dict[Path, Path] = {}
    for path in paths:
        # os.path.isdir: False, not an error, for a path that is too long to be one.
        for file in _walk(path) if os.path.isdir(path) else [path]:  # noqa: PTH112
            found.setdefault(file.resolve(), file)
    return list(found.values())


def _walk(folder: Path) -> Iterable[Path]:
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            hidden = name.startswith((".", *_LOCK_PREFIXES)) or name.lower() in _SYSTEM_FILES
            if not hidden:
                yield Path(here) / name


def load_file(path: Path, *, max_bytes: int = MAX_BYTES) -> LoadedFile:
    """Read one file of any format.

    Raises a `corpus.errors.ReadError` that says what is wrong and what to do about it: FileMissing,
    TooLarge (over ``max_bytes``), EmptyFile, UnsupportedFormat, Encrypted, NoText, BrokenFile.
    """
    data = _bytes_of(path, max_bytes)
    reader = next((reader for reader in READERS if reader.accepts(path, data)), None)
    if reader is None:
        raise refusal(path, data)
    draft = _read(reader, path, data)
    if draft.is_empty:
        raise EmptyFile(
            path,
            "there is no text in it",
            remedy="Check that it is the right file; pictures of text are not read.",
        )
    text, blocks = draft.finish()
    return LoadedFile(
        path=path,
        text=text,
        blocks=blocks,
        title=" ".join(draft.title.split()) or _first_heading(text, blocks),
        media_type=reader.media_type,
        content_hash=sha256(data).hexdigest(),
        page_count=draft.page_count,
        warnings=tuple(draft.warnings),
    )


def _first_heading(text: str, blocks: Sequence[Block]) -> str:
    """The heading that a file begins with; "" for none.

    A browser prints the day above it: one short line may come first, where all that follows stands
    under the heading.
    """
    at = next((i for i, b in enumerate(blocks[:2]) if b.kind is BlockKind.HEADING), None)
    if at is None or (at and blocks[0].end > _SHORT_LINE):
        return ""
    heading = text[blocks[at].start : blocks[at].end].replace("\n", " ")
    if at and not all(heading in block.heading_path[:1] for block in blocks[at + 1 :]):
        return ""
    return "" if heading[:1].isdigit() else heading  # "1. Introduction" is a chapter


def read_file(path: Path, source: Source, *, max_bytes: int = MAX_BYTES) -> Document:
    """Read one file as a document of ``source``. Raises as `load_file`."""
    return load_file(path, max_bytes=max_bytes).document(source)


def describe(path: Path, *, max_bytes: int = MAX_BYTES) -> FileDescription:
    """What the file says of itself; the whole file is read. Raises as `load_file`."""
    return load_file(path, max_bytes=max_bytes).description


def _bytes_of(path: Path, max_bytes: int) -> bytes:
    try:
        if path.is_dir():
            raise UnsupportedFormat(path, "this is a folder, not a file")
        size = path.stat().st_size
        if size > max_bytes:
            raise TooLarge(
                path,
                f"{_megabytes(size)} MB is more than the {_megabytes(max_bytes)} MB that are read",
                remedy="Split the file, or save it with smaller pictures.",
            )
        data = path.read_bytes() if path.is_file() else b""
    except (FileNotFoundError, NotADirectoryError) as error:
        raise FileMissing(
            path, "there is no such file", remedy="Check the name and the folder."
        ) from error
    except OSError as error:
        raise BrokenFile(
            path,
            f"it cannot be opened ({error.strerror or error})",
            remedy="Check that you may read it and that no other program holds it.",
        ) from error
    if not data.strip():
        raise EmptyFile(
            path, "the file is empty", remedy="Check that it was saved or copied whole."
        )
    return data


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.0f}" if size >= 1024 * 1024 else f"{size / 1024 / 1024:.3f}"


def _read(reader: Reader, path: Path, data: bytes) -> Draft:
    try:
        return reader.read(path, data)
    except ReadError:
        raise
    except _LIBRARY_FAILURES as error:
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        raise BrokenFile(
            path,
            f"it is damaged or not what its name says ({reason})",
            remedy=f"Open it in its own program and save it again. {READABLE}",
        ) from error
