"""Which sources a question names, and that their pages then come first."""

from pathlib import Path

import pytest
from fakes import FakeEmbedder, make_document

from corpus.model import Source
from retrieval.library import Library
from retrieval.naming import Names

SOURCES = (
    Source("harbour", "Harbours of the North: a report", publisher="Northern Ports Agency"),
    Source("cranes", "Cranes at a glance", publisher="Kranwerk", aliases=("brochure", "note")),
    Source("acme-2018", "Annual report", aliases=("ACME_2018_10K.pdf",)),
    Source("acme-2021", "Annual report", aliases=("ACME_2021_10K.pdf",)),
    *(Source(f"other-{n}", f"Ships of the year {n}") for n in range(30)),
)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("what does harbours of the north a report say of tides?", ("harbour",)),
        ("Which ports does the northern ports agency count?", ("harbour",)),
        ("What does Kranwerk build?", ("cranes",)),
        ("What did ACME spend in 2021?", ("acme-2021",)),
        ("What did ACME spend in FY2018?", ("acme-2018",)),
        ("What did ACME spend?", ("acme-2018", "acme-2021")),
        ("What of the Northern Ports?", ("harbour",)),
        ("What of the Northern Alliance?", ()),  # another body, of which one word is the same
        # a word that many have, one that is no name here, a year alone, and nothing at all
        ("How many Ships are there?", ()),
        ("do cranes need a note or a brochure?", ()),
        ("Cranes: how many?", ()),
        ("What happened in 2018?", ()),
        ("", ()),
    ],
)
def test_what_a_question_names(question: str, expected: tuple[str, ...]) -> None:
    assert Names(SOURCES).in_question(question) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How is the disk checked in the guide for north?", ("north",)),
        ("What does the north guide say of disks?", ("north",)),
        ("Guide for x9: Disk settings", ("x9",)),  # the colon ends the name
        ("the guide to disks of the north", ()),  # not beside each other
        ("Which guide tells of the north?", ()),
    ],
)
def test_a_name_in_another_order(question: str, expected: tuple[str, ...]) -> None:
    names = [("north", "guide-north.pdf"), ("south", "guide-south.pdf"), ("x9", "guide-x9.pdf")]
    sources = [Source(name, "Installation", aliases=(file,)) for name, file in names]
    assert Names(sources).in_question(question) == expected


def test_one_word_of_several_titles_names_none_of_few_sources() -> None:
    names = Names([Source("a", "Valley of Zinc"), Source("b", "Valley of Tin")])
    assert names.in_question("Who lives in the Valley?") == ()
    assert names.in_question("Who mines the Zinc?") == ("a",)
    assert Names([]).in_question("Who lives in the Valley?") == ()


def test_a_question_that_names_a_document_finds_its_pages_first(tmp_path: Path) -> None:
    def report(name: str, place: int) -> list[str]:
        return [f"Section {n}: the company spent {place + n} million on {word}."
                for n, word in enumerate(("machines", "wages", "energy", "rent"))]  # fmt: skip

    with Library.open(tmp_path, FakeEmbedder()) as library:
        for place in range(40):
            name = f"Firm{place}x"
            library.put(
                *make_document(name.lower(), report(name, place * 10), title=f"{name} 2020")
            )
        hits = library.search("How much did Firm23x spend on energy?", 5)
        assert "energy" in hits[0].passage.text
        assert [hit.passage.source_id for hit in hits[:4]] == ["firm23x"] * 4
        # A new document can be named at once.
        library.put(*make_document("late", ["The company spent 9 on energy."], title="Latecomer"))
        assert (
            library.search("What did the Latecomer spend on energy?")[0].passage.source_id == "late"
        )
