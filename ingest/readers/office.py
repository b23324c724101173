"""What Word, PowerPoint and Excel files have in common: they are zip archives of XML parts."""

import zipfile
from io import BytesIO
from pathlib import Path

from corpus.errors import Encrypted, TooLarge

# A file of a few kilobytes can unpack to more than a machine holds.
MAX_UNPACKED = 512 * 1024 * 1024

# What programs write as a title when nobody gave one.
_NO_TITLES = {"word document", "powerpoint presentation", "untitled", "title", "document1"}


def has_part(data: bytes, part: str, content_type: str = "") -> bool:
    """Whether ``data`` is an archive with ``part``, and names ``content_type`` as one of its types.

    An archive that cannot be opened has no parts.
    """
    if not data.startswith(b"PK"):
        return False
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            if part not in archive.namelist():
                return False
            if not content_type:
                return True
            types = archive.getinfo("[Content_Types].xml")
            return types.file_size < 10_000_000 and content_type.encode() in archive.read(types)
    except (zipfile.BadZipFile, KeyError, OSError, NotImplementedError, RuntimeError):
        return False


def check_archive(path: Path, data: bytes, *, max_unpacked: int = MAX_UNPACKED) -> None:
    """Raise TooLarge when the parts unpack to more than ``max_unpacked`` bytes, or Encrypted."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = archive.infolist()
    if any(part.flag_bits & 1 for part in parts):
        raise Encrypted(
            path,
            "the file is protected by a password",
            remedy="Save a copy without the password and add that.",
        )
    size = sum(part.file_size for part in parts)
    if size > max_unpacked:
        raise TooLarge(
            path,
            f"it unpacks to {size // 1024 // 1024} MB, more than the "
            f"{max_unpacked // 1024 // 1024} MB that are read",
            remedy="Split the file, or save it with smaller pictures.",
        )


def title_of(title: str | None) -> str:
    """The title in a file's properties, "" for the ones that mean nothing."""
    title = " ".join((title or "").split())
    return "" if title.lower() in _NO_TITLES else title
