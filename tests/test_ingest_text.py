from pathlib import Path

import pytest
from reading import Shown, show, show_file

from ingest.readers.encoding import decode, is_text
from ingest.readers.text import TextReader


def read(text: str) -> Shown:
    return show(TextReader().read(Path("a.txt"), text.encode()))


@pytest.mark.parametrize(
    ("file", "must", "must_not"),
    [
        (
            "ambp-at-a-glance.txt",
            [
                "# 1. Introduction to the process",
                "# 4. Next steps",
                "three leading regions: West Slovenia (coordinator), Andalusia, and Castile and "
                "Leon. The Partnership facilitates",
                "P 4 partners, budget €18 million / 5 years\n",
                "P Thematic area 6: Efficient manufacturing process for speciality alumina for "
                "Li-ion batteries\n",
                "- The Partnership has identified and reported: => 6 priority thematic areas",
                "- They are anticipated as follows: => Prepare commitments",
                "4-5 million jobs. Regional actors",
            ],
            ["Ø", "Baikowski Thematic", "CEGASA Thematic", "jobs2", "10 CEGASA"],
        ),
        (
            "albatts-work-packages.txt",
            [
                "# Work Package 3\n# Sectoral Intelligence\nP The objective of WP 3",
                "functions: => Steering Board – provides strategic industrial direction",
                "- Future Needs and Sectoral Intelligence definition",
            ],
            ["•"],
        ),
        (
            "icamcyl-raw-materials-deck.txt",
            [
                "has been created to halt the current decline of the mining sector in Spain",
                "- Boost the mining sector and related services",
                "P Russia: 96 %\n",
            ],
            ["51 % China", "\uf0b7"],
        ),
    ],
)
def test_the_publications(originals: Path, file: str, must: list[str], must_not: list[str]) -> None:
    shown = show_file(originals / "as-text" / file)
    assert [text for text in must if text not in shown] == []
    assert [text for text in must_not if text in shown] == []


WRAPPED = (
    "This paragraph was typed in an editor that breaks its lines at about seventy\n"
    "characters, so that most of its lines are full and only the last is short. Where\n"
    "Capitals begin a line, it still goes on."
)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (WRAPPED, [f"P {WRAPPED.replace(chr(10), ' ')}"]),
        ("One line\n\nAnother line.", ["P One line", "P Another line."]),
        ("Ann Lee\nMain Street 5\nGraz", ["P Ann Lee", "P Main Street 5", "P Graz"]),
        (
            "This is an inter-\nnational matter of some importance.",
            ["P This is an international matter of some importance."],
        ),
        (
            "It was broken (in the\nMiddle of it) here",
            ["P It was broken (in the Middle of it) here"],
        ),
        # headings
        ("Title\n=====\nText.\n\nPart\n----\nMore.", ["# Title", "P Text.", "# Part", "P More."]),
        (
            "1. Introduction\nThis is text.\n\n1.1 Scope\nMore text.",
            ["# 1. Introduction", "P This is text.", "# 1.1 Scope", "P More text."],
        ),
        ("INTRODUCTION\n\nThis is text.", ["# INTRODUCTION", "P This is text."]),
        (
            "Chapter 2\n\nOn Cranes\n\nCranes lift what is heavy.",
            ["# Chapter 2", "# On Cranes", "P Cranes lift what is heavy."],
        ),
        ("OECD\nEU\nUN\nNATO", ["P OECD", "P EU", "P UN", "P NATO"]),
        ("2020 was a good year.", ["P 2020 was a good year."]),
        # lists
        (
            "We need:\n- a\n- b that is\n  wrapped\n- c",
            ["P We need:", "- We need: => a", "- We need: => b that is wrapped", "- We need: => c"],
        ),
        ("• a\n\n• b\n\n• c", ["- a", "- b", "- c"]),
        ("Ø a\n✔ b\n– c\n\uf0b7 d", ["- a", "- b", "- c", "- d"]),
        ("1. Do this;\n2. Do that.", ["- 1. Do this;", "- 2. Do that."]),
        ("- a\n    - inner\n- b\nText after.", ["- a", "- a => inner", "- b", "P Text after."]),
        # tables
        ("Name\tSum\nA\t5\nB\t6", ["| Name: A; Sum: 5", "| Name: B; Sum: 6"]),
        ("Cell one\n\n12\n\nCell three", ["P Cell one", "P 12", "P Cell three"]),
        ("\n \n", []),
    ],
)
def test_what_text_says(text: str, lines: list[str]) -> None:
    assert read(text).lines == lines


def test_cells_are_one_group_and_stay_apart() -> None:
    shown = read(
        "Project\n\nLeader\n\n1\n\nSolid state cells of a\nnew kind\n\nAnn Lee\n\nText here."
    )
    cells = ["Project", "Leader", "1", "Solid state cells of a new kind", "Ann Lee"]
    assert [shown.groups[cell] for cell in cells] == [1] * 5
    assert shown.groups["Text here."] is None


def test_form_feeds_are_pages() -> None:
    shown = read("First page.\fSecond page.\f")
    assert shown.pages == {"First page.": 1, "Second page.": 2}
    assert TextReader().read(Path("a.txt"), b"No pages.").page_count is None


def test_heading_paths_follow_the_numbers() -> None:
    shown = read("1. One\nText a.\n\n1.2 Two\nText b.\n\n2. Three\nText c.")
    assert shown.paths["Text b."] == ("1. One", "1.2 Two")
    assert shown.paths["Text c."] == ("2. Three",)


GERMAN = "Die Straße führt über den Fluss, und größere Städte liegen östlich davon. "
RUSSIAN = "Партнёрство было основано в Брюсселе восьмого октября, и с тех пор растёт. "


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("naïve", "utf-8"),
        ("naïve", "utf-8-sig"),
        ("naïve 5 €", "cp1252"),
        ("naïve text", "latin-1"),
        ("naïve text", "utf-16"),
        ("naïve text", "utf-16-le"),
        ("naïve text", "utf-16-be"),
        ("naïve text", "utf-32"),
        (GERMAN * 5, "cp1252"),
        (RUSSIAN * 5, "cp1251"),
        ("", "utf-8"),
    ],
)
def test_encodings(text: str, encoding: str) -> None:
    data = text.encode(encoding)
    assert decode(data).removeprefix("\ufeff") == text
    assert is_text(data)


def test_what_is_not_text() -> None:
    assert not is_text(bytes(range(256)) * 10)
    assert not is_text(b"\x7fELF\x02\x01\x01\x00" + b"\x00" * 100)
    assert not TextReader().accepts(Path("a.txt"), b"\x00\x01\x02\x03" * 50)
    assert not TextReader().accepts(Path("a.py"), b"print()")
    assert TextReader().accepts(Path("README"), b"words")
