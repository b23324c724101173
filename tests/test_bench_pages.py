"""Page recall, by hand, and over a small library."""

import json
from pathlib import Path

import pytest
from fakes import FakeEmbedder, make_document

from bench.pages import Judged, distinct, judged, report
from retrieval.library import Library


def test_a_page_counts_once_and_only_the_first_five_do() -> None:
    pages = {"a": ("x", 1), "b": ("x", 1), "c": ("x", 2), "d": ("y", 1)}
    assert distinct(["b", "a", "unknown", "d", "c"], pages) == [("x", 1), ("y", 1), ("x", 2)]
    one = Judged("?", "x", frozenset({("x", 1), ("x", 2)}), named=True)
    assert one.recall([("x", 2), ("y", 1)]) == 0.5
    assert one.recall([("y", n) for n in range(5)] + [("x", 1)]) == 0
    assert one.document_first([("x", 9)])
    assert not one.document_first([("y", 1)])
    assert not one.document_first([])


def test_the_measures_of_a_library(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        {"question": "What of tides?", "file": "ports.txt", "pages": [2], "names_document": True},
        {"question": "What?", "file": "elsewhere.pdf", "pages": [1], "names_document": False},
    ]
    questions = tmp_path / "questions.jsonl"
    questions.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    with Library.open(tmp_path / "library", FakeEmbedder()) as library:
        library.put(*make_document("ports", ["The cranes are tall.", "The tides are high."]))
        document = library.documents()[0]
        asked = list(judged(library, questions))
        assert [one.source for one in asked] == [document.source.id]
        report(library, asked, missed=True)
    said = capsys.readouterr().out
    assert "1 questions, 1 of which name their document" in said
    assert "What of tides?" in said  # its passages have no page, so the page was missed
