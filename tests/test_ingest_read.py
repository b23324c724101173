import os
import struct
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.errors import (
    BrokenFile,
    EmptyFile,
    Encrypted,
    FileMissing,
    ReadError,
    TooLarge,
    UnsupportedFormat,
)
from corpus.model import Origin, Rendition, Source
from ingest import read as read_module
from ingest.passages import split
from ingest.read import describe, find_files, load_file, read_file
from ingest.readers import READERS

SOURCE = Source(id="s", title="S")


def made(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")


def test_files_are_found_in_folders_sorted_without_what_nobody_means(tmp_path: Path) -> None:
    made(
        tmp_path,
        *("b.txt", "a.md", "sub/c.txt", "sub/deep/d.pdf", ".hidden", ".git/config"),
        *("~$a.docx", ".~lock.b.odt#", "Thumbs.db", "sub/.DS_Store", "desktop.ini"),
    )
    found = [str(path.relative_to(tmp_path)) for path in find_files([tmp_path])]
    assert found == ["a.md", "b.txt", "sub/c.txt", "sub/deep/d.pdf"]


def test_files_named_themselves_are_kept_and_each_comes_once(tmp_path: Path) -> None:
    made(tmp_path, ".hidden.txt", "a.txt")
    missing = tmp_path / "none.txt"
    paths = [
        tmp_path / ".hidden.txt",
        missing,
        tmp_path,
        tmp_path / "a.txt",
        tmp_path / "." / "a.txt",
    ]
    assert find_files(paths) == [tmp_path / ".hidden.txt", missing, tmp_path / "a.txt"]


def test_links_that_go_in_circles_are_not_followed(tmp_path: Path) -> None:
    made(tmp_path, "sub/a.txt")
    (tmp_path / "sub" / "loop").symlink_to(tmp_path, target_is_directory=True)
    assert find_files([tmp_path]) == [tmp_path / "sub" / "a.txt"]


def test_a_file_becomes_a_document(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("# Title\n\nText.", encoding="utf-8")
    document = read_file(path, SOURCE)
    assert document.id == "s/original/text/markdown"
    assert (document.rendition, document.origin) == (Rendition.ORIGINAL, Origin.ADDED)
    assert document.path == str(path)
    assert document.text == "Title\n\nText."
    described = describe(path)
    assert described.title == "Title"
    assert described.content_hash == document.content_hash
    assert len(described.content_hash) == 64
    path.write_text("# Title\n\nOther text.", encoding="utf-8")
    assert describe(path).content_hash != described.content_hash


@pytest.mark.parametrize(
    ("name", "text", "title"),
    [
        ("a.txt", "TITLE OF IT\n\nText follows here.", "TITLE OF IT"),
        ("a.txt", "1. Introduction\nText.", ""),
        ("a.txt", "Text.\n\n1. Introduction\nText.", ""),
        ("a.md", "11/23/26, 2:18 AM\n\n## Of ropes\n\nHemp.\n\n### Of knots\n\nReef.", "Of ropes"),
        ("a.md", "11/23/26, 2:18 AM\n\n## Of ropes\n\nHemp.\n\n## Of knots\n\nReef.", ""),
        (
            "a.md",
            "What is said here first is no line above it.\n\n## Of ropes\n\nHemp.",
            "",
        ),
        ("a.html", "<html><title> A\n page </title><p>x", "A page"),
    ],
)
def test_the_title_is_what_the_file_says_of_itself(
    tmp_path: Path, name: str, text: str, title: str
) -> None:
    path = tmp_path / name
    path.write_text(text)
    assert describe(path).title == title


@pytest.mark.parametrize(
    ("name", "data", "media_type"),
    [
        ("page.txt", b"<!doctype html><html><p>x</p></html>", "text/html"),
        ("README", b"plain words", "text/plain"),
        ("a.MD", b"# x\n\ny", "text/markdown"),
        ("a.tsv", b"A\tB\n1\t2\n", "text/csv"),
    ],
)
def test_the_content_goes_before_the_name(
    tmp_path: Path, name: str, data: bytes, media_type: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert load_file(path).media_type == media_type


def test_a_pdf_by_another_name_is_read_as_pdf(originals: Path, tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_bytes((originals / "ambp-at-a-glance.pdf").read_bytes())
    assert load_file(path).media_type == "application/pdf"


def zipped(**parts: bytes) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return buffer.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600
LOCKED = OLE + "EncryptedPackage".encode("utf-16-le") + b"\x00" * 600
BROKEN_WORD = zipped(
    **{
        "[Content_Types].xml": b"wordprocessingml.document.main+xml" + b"application/vnd."
        b"openxmlformats-officedocument.wordprocessingml.document.main+xml",
        "word/document.xml": b"<not xml",
    }
)


@pytest.mark.parametrize(
    ("name", "data", "error", "says"),
    [
        ("a.txt", b"", EmptyFile, "empty"),
        ("a.txt", b" \n\t", EmptyFile, "empty"),
        ("a.html", b"<html><script>x</script></html>", EmptyFile, "no text"),
        ("a.csv", b",,,\n,,,\n", EmptyFile, "no text"),
        ("a.docx", b"not a zip", BrokenFile, "not a Word file"),
        ("a.docx", b"PK\x03\x04 cut off", BrokenFile, "damaged"),
        ("a.docx", BROKEN_WORD, BrokenFile, "damaged"),
        ("a.docx", zipped(x=b"y"), BrokenFile, "Word"),
        ("a.xlsx", zipped(**{"xl/workbook.xml": b"<a/>"}), BrokenFile, "damaged"),
        ("a.docx", LOCKED, Encrypted, "password"),
        ("a.xlsx", LOCKED, Encrypted, "password"),
        ("a.doc", OLE, UnsupportedFormat, "save it as .docx"),
        ("a.ppt", OLE, UnsupportedFormat, "save it as .pptx"),
        ("a.xls", OLE, UnsupportedFormat, "save it as .xlsx"),
        ("a.docx", OLE, UnsupportedFormat, "old Word file"),
        ("a.odt", zipped(x=b"y"), UnsupportedFormat, "OpenDocument"),
        ("a.docm", zipped(x=b"y"), UnsupportedFormat, "macros"),
        ("a.pdf", b"<p>404 not found", BrokenFile, "not a PDF"),
        ("a.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 20, UnsupportedFormat, "pictures"),
        ("a.txt", b"\xff\xd8\xff\xe0" + b"\x00" * 50, UnsupportedFormat, "pictures"),
        ("a.zip", zipped(x=b"y"), UnsupportedFormat, "unpack"),
        ("a.mp4", b"\x00" * 50, UnsupportedFormat, "transcript"),
        ("a.py", b"print()", UnsupportedFormat, "name it .txt"),
        ("a.bin", struct.pack("<50I", *range(50)), UnsupportedFormat, "not read"),
    ],
)
def test_what_cannot_be_read_says_why_and_what_to_do(
    tmp_path: Path, name: str, data: bytes, error: type[ReadError], says: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(error) as caught:
        load_file(path)
    assert caught.value.path == path
    line = caught.value.line()
    assert line.startswith(f"{name}: ")
    assert says.lower() in line.lower()
    assert caught.value.remedy
    assert "\n" not in line


def test_missing_files_folders_and_large_files(tmp_path: Path) -> None:
    with pytest.raises(FileMissing, match="no such file"):
        load_file(tmp_path / "none.txt")
    with pytest.raises(FileMissing):
        load_file(tmp_path / "none" / "a.txt")
    with pytest.raises(UnsupportedFormat, match="folder"):
        load_file(tmp_path)
    made(tmp_path, "a.txt")
    with pytest.raises(EmptyFile):
        load_file(Path(os.devnull))
    (tmp_path / "a.txt").write_text("x" * 101)
    with pytest.raises(TooLarge, match="more than"):
        load_file(tmp_path / "a.txt", max_bytes=100)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_opened(tmp_path: Path) -> None:
    made(tmp_path, "a.txt")
    (tmp_path / "a.txt").chmod(0)
    with pytest.raises(BrokenFile, match="cannot be opened"):
        load_file(tmp_path / "a.txt")


class Failing:
    media_type = "x/y"

    def __init__(self, error: BaseException) -> None:
        self.error = error

    def accepts(self, path: Path, data: bytes) -> bool:
        return True

    def read(self, path: Path, data: bytes) -> None:
        raise self.error


@pytest.mark.parametrize(
    "error", [KeyError("part"), RecursionError("deep"), zipfile.BadZipFile("bad"), IndexError()]
)
def test_a_library_that_fails_makes_a_broken_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    made(tmp_path, "a.txt")
    monkeypatch.setattr(read_module, "READERS", (Failing(error),))
    with pytest.raises(BrokenFile, match="damaged") as caught:
        load_file(tmp_path / "a.txt")
    assert caught.value.__cause__ is error


def test_what_no_file_can_cause_is_not_hidden(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(tmp_path, "a.txt")
    monkeypatch.setattr(read_module, "READERS", (Failing(MemoryError()),))
    with pytest.raises(MemoryError):
        load_file(tmp_path / "a.txt")


def test_every_format_has_one_reader() -> None:
    types = [reader.media_type for reader in READERS]
    assert len(set(types)) == len(types) == 8


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    data=st.binary(min_size=1, max_size=300)
    | st.text(max_size=300).map(str.encode)
    | st.text(alphabet="<>/tabledivpul li=\"'#*|-\t\n &;[]()`1.", max_size=200).map(str.encode),
    suffix=st.sampled_from([".txt", ".md", ".html", ".csv", ".tsv", ""]),
)
def test_any_bytes_are_read_or_refused(tmp_path: Path, data: bytes, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(data)
    refused: ReadError | None = None
    try:
        document = read_file(path, SOURCE)
    except ReadError as error:
        refused = error
    if refused:
        # A library that failed would be its cause.
        assert refused.__cause__ is None
        return
    for block in document.blocks:
        assert document.text[block.start : block.end].strip()
    for passage in split(document, lambda text: len(text.split()) + 2, 64):
        assert document.text[passage.start : passage.end] == passage.text


def test_the_publications_are_read_in_passages_that_fit(originals: Path) -> None:
    files = find_files([originals])
    assert len(files) == 10
    for path in files:
        document = read_file(path, SOURCE)
        passages = split(document, lambda text: len(text) // 4 + 2)
        assert passages
        assert all(len(p.indexed_text) // 4 + 2 <= 256 for p in passages)
        assert read_file(path, SOURCE) == document
