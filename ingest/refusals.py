"""Why no reader takes a file, and what its owner can do about it."""

from pathlib import Path

from corpus.errors import BrokenFile, Encrypted, ReadError, UnsupportedFormat
from ingest.readers.encoding import is_text

READABLE = (
    "Readable are PDF, HTML, Markdown, plain text (.txt), Word (.docx), PowerPoint (.pptx), "
    "Excel (.xlsx) and CSV files."
)

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
# Streams of an OLE container, as they are named in its directory.
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")

_OFFICE = {".docx": "Word", ".pptx": "PowerPoint", ".xlsx": "Excel"}
_OLD_OFFICE = {
    ".doc": ("an old Word file", ".docx"),
    ".dot": ("an old Word template", ".docx"),
    ".ppt": ("an old PowerPoint file", ".pptx"),
    ".pps": ("an old PowerPoint show", ".pptx"),
    ".xls": ("an old Excel file", ".xlsx"),
    ".docm": ("a Word file with macros", ".docx"),
    ".dotx": ("a Word template", ".docx"),
    ".pptm": ("a PowerPoint file with macros", ".pptx"),
    ".ppsx": ("a PowerPoint show", ".pptx"),
    ".potx": ("a PowerPoint template", ".pptx"),
    ".odt": ("an OpenDocument text", ".docx or PDF"),
    ".odp": ("an OpenDocument presentation", ".pptx or PDF"),
    ".ods": ("an OpenDocument spreadsheet", ".xlsx"),
    ".rtf": ("a Rich Text file", ".docx"),
    ".pages": ("a Pages document", ".docx or PDF"),
    ".key": ("a Keynote presentation", ".pptx or PDF"),
    ".numbers": ("a Numbers spreadsheet", ".xlsx"),
    ".xlsb": ("a binary Excel file", ".xlsx"),
    ".epub": ("an e-book", "PDF"),
    ".msg": ("an Outlook message", "PDF or .txt"),
    ".eml": ("an e-mail message", "PDF or .txt"),
    ".mht": ("a web archive", ".html"),
    ".mhtml": ("a web archive", ".html"),
}
_PICTURES = {
    ".png", ".jpg", ".jpeg", ".gif", ".tif", ".tiff", ".bmp", ".webp", ".heic", ".svg", ".ico",
    ".psd",
}  # fmt: skip
_SOUNDS = {".mp3", ".wav", ".m4a", ".ogg", ".flac", ".mp4", ".mov", ".avi", ".mkv", ".webm"}
_ARCHIVES = {".zip", ".7z", ".rar", ".gz", ".tar", ".tgz", ".bz2", ".xz"}
_PICTURE_STARTS = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"RIFF", b"BM")


def refusal(path: Path, data: bytes) -> ReadError:
    """The error for a file that no reader accepts."""
    suffix = path.suffix.lower()
    if data.startswith(_OLE):
        return _ole(path, data, suffix)
    if suffix in _OFFICE and not data.startswith(_ZIP):
        return BrokenFile(
            path,
            f"this is not a {_OFFICE[suffix]} file, whatever its name says",
            remedy=f"Open it in {_OFFICE[suffix]} and save it again, or get it anew.",
        )
    if suffix in _OFFICE:
        return BrokenFile(
            path,
            f"the {_OFFICE[suffix]} file is damaged or was not copied whole",
            remedy=f"Open it in {_OFFICE[suffix]} and save it again, or get it anew.",
        )
    if suffix == ".pdf":
        return BrokenFile(
            path,
            "this is not a PDF file, whatever its name says",
            remedy="Get it anew; a download may have saved an error page under this name.",
        )
    if suffix in _OLD_OFFICE:
        return _save_as(path, *_OLD_OFFICE[suffix])
    return _other(path, data, suffix)


def _ole(path: Path, data: bytes, suffix: str) -> ReadError:
    """Old Office files and new ones with a password are the same kind of container."""
    if _ENCRYPTED_PACKAGE in data:
        return Encrypted(
            path,
            "the file is protected by a password",
            remedy="Save a copy without the password and add that.",
        )
    if suffix in _OFFICE:
        return _save_as(path, f"an old {_OFFICE[suffix]} file under a new name", suffix)
    return _save_as(path, *_OLD_OFFICE.get(suffix, ("an old Office file", ".docx, .pptx or .xlsx")))


def _save_as(path: Path, what: str, better: str) -> UnsupportedFormat:
    return UnsupportedFormat(
        path, f"{what} cannot be read", remedy=f"Save it as {better} and add that. {READABLE}"
    )


def _other(path: Path, data: bytes, suffix: str) -> ReadError:
    if suffix in _PICTURES or data.startswith(_PICTURE_STARTS):
        what, how = "pictures are not read", "Use text recognition (OCR) and save a PDF with text."
    elif suffix in _SOUNDS:
        what, how = "sound and video are not read", "Add a transcript as text."
    elif suffix in _ARCHIVES or data.startswith(_ZIP):
        what, how = "archives are not read", "Unpack it and add the files in it."
    elif is_text(data):
        what = f"files named {suffix or 'like this'} are not read"
        how = "If it holds plain text, name it .txt."
    else:
        what, how = "this type of file is not read", ""
    return UnsupportedFormat(path, what, remedy=f"{how} {READABLE}".strip())
