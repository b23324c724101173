from pathlib import Path

import pytest

from corpus.model import Source
from ingest.matching import match_source, new_source, slug
from ingest.read import FileDescription

KNOWN = [
    Source(
        id="harbour-report-2020-h1",
        title="Harbour network progress report, January - June 2020",
        aliases=("progress report", "Harbour Network Platforms Monitoring Progress Report"),
    ),
    Source(
        id="harbour-at-a-glance",
        title="Harbour at a glance: extract of the note",
        aliases=("Harbour at a glance", "note"),
    ),
    Source(
        id="cranes-in-bergen",
        title="Cranes in Bergen: lifting the future",
        aliases=("Cranes in Bergen brochure", "brochure"),
    ),
    Source(id="report", title="Report"),
]


def described(title: str) -> FileDescription:
    return FileDescription(title, "text/plain", "0")


@pytest.mark.parametrize(
    ("name", "title", "expected"),
    [
        # by the id in the file's name
        ("harbour-at-a-glance.pdf", "", "harbour-at-a-glance"),
        ("Harbour_at_a_glance.PDF", "anything", "harbour-at-a-glance"),
        ("Harbour at a glance v2 (1).pdf", "", "harbour-at-a-glance"),
        ("2020-09 harbour-at-a-glance_final EN.docx", "", "harbour-at-a-glance"),
        ("harbour-report-2020-h1.html", "", "harbour-report-2020-h1"),
        ("report.txt", "", "report"),
        # not by a part of it that says little, or where more follows
        ("annual-report-2021.txt", "", None),
        ("harbour-at-a-glance-annex-on-cranes.pdf", "", None),
        ("harbour-report-2020-h2.pdf", "", None),
        ("harbour-report-2020-h1-2021.pdf", "", None),
        # by the title
        ("x.pdf", "Cranes in Bergen: lifting the future", "cranes-in-bergen"),
        ("x.pdf", "CRANES IN BERGEN - Lifting the Future", "cranes-in-bergen"),
        ("x.pdf", "Cranes in Bergen brochure", "cranes-in-bergen"),
        ("x.pdf", "Harbour Network Platform Monitoring Progress Report", "harbour-report-2020-h1"),
        (
            "x.html",
            "Harbour Network Platforms Monitoring Progress Report | Some site",
            "harbour-report-2020-h1",
        ),
        ("Cranes in Bergen lifting the future.pdf", "", "cranes-in-bergen"),
        # not by what could be the title of anything
        ("x.pdf", "brochure", None),
        ("x.pdf", "Note", None),
        ("x.pdf", "Progress report", None),
        ("x.pdf", "Cranes", None),
        ("x.pdf", "", None),
        # not another period of the same
        ("x.pdf", "Harbour network progress report, July - December 2020", None),
        ("x.pdf", "Harbour network progress report, January - June 2021", None),
        ("x.pdf", "Something else altogether about harbours", None),
    ],
)
def test_which_source_a_file_is(name: str, title: str, expected: str | None) -> None:
    found = match_source(described(title), Path(name), KNOWN)
    assert (found.id if found else None) == expected


def test_the_longer_id_wins() -> None:
    known = [Source(id="a-note", title=""), Source(id="a-note-2020", title="")]
    found = match_source(described(""), Path("a-note-2020.pdf"), known)
    assert found is known[1]


def test_nothing_is_known() -> None:
    assert match_source(described("Title of it"), Path("x.pdf"), []) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Batteries & Co.: a report", "batteries-co-a-report"),
        ("Rhône-Alpes Łódź Straße Öresund", "rhone-alpes-lodz-strasse-oresund"),
        ("Отчёт 2020", "отчёт-2020"),
        ("電池 報告", "電池-報告"),
        ("Don't", "dont"),
        ("x" * 100, "x" * 60),
        ("word " * 30, "-".join(["word"] * 12)),
        ("…!", ""),
        ("../../etc/passwd", "etc-passwd"),
    ],
)
def test_slug(text: str, expected: str) -> None:
    assert slug(text) == expected


def test_a_new_source_has_an_id_of_its_own() -> None:
    made = new_source(described("My Report"), Path("a.pdf"), {"my-report", "my-report-2"})
    assert (made.id, made.title, made.date) == ("my-report-3", "My Report", None)
    assert new_source(described(""), Path("some_file-name.pdf"), set()).title == "some file name"
    assert new_source(described(""), Path("some_file.pdf"), set()).id == "some-file"
    assert new_source(described("?!"), Path("!.pdf"), set()).id == "document"


def test_a_new_source_is_in_the_language_of_its_text() -> None:
    spoken = FileDescription("Hafenbericht", "text/plain", "0", "de")
    assert new_source(spoken, Path("x.txt"), set()).language == "de"
    assert new_source(described("Harbour report"), Path("x.txt"), set()).language == "en"
