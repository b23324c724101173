"""The program knows nothing of one partnership: its names stand in its own folder only."""

import re

import pytest
from conftest import ROOT
from spellchecker import SpellChecker

from corpus.knowledge import load
from corpus.words import folded_words

KINDS = ("region", "project", "person", "organisation", "thematic_area", "initiative")
PROPER = ("region", "person")  # names of places and people, even where they are words too
PRODUCT = {"ambp", "ambp partnership"}  # the name of the product itself
ORDINARY = {"centre", "centres", "crm"}  # British; critical raw material, a kind of record
CODE = sorted(
    path
    for pattern in ("corpus/*.py", "ingest/**/*.py", "retrieval/**/*.py", "app/**/*.py",
                    "corpus/vocabulary/*.yaml")
    for path in ROOT.glob(pattern)
)  # fmt: skip


@pytest.fixture(scope="module")
def names() -> list[tuple[re.Pattern[str], str]]:
    """A pattern for every name that is not made of ordinary words alone."""
    dictionary = SpellChecker(language="en")
    found = {}
    for record in load(ROOT / "corpus" / "ambp").records:
        for name in (record.name, *record.aliases) if record.kind in KINDS else ():
            words = folded_words(name)
            # "European Commission", "project 9" or "recycling" may be said of anything.
            common = all(w.isdigit() or w in dictionary or w in ORDINARY for w in words)
            if name.casefold() in PRODUCT or (common and record.kind not in PROPER):
                continue
            flags = 0 if name.isupper() else re.IGNORECASE
            found[name] = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", flags)
    return [(pattern, name) for name, pattern in found.items()]


def test_there_are_names_and_there_is_code(names):
    assert len(names) > 100
    assert len(CODE) > 40
    assert {path.parent.name for path in CODE} >= {"corpus", "vocabulary", "answering", "readers"}


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_code_names_what_the_knowledge_names(path, names):
    text = path.read_text(encoding="utf-8")
    found = [name for pattern, name in names if pattern.search(text)]
    if path.parent.name == "vocabulary":  # a common word in small letters is no name: "cuesta"
        found = [name for name in found if name in text]
    assert found == []
