from pathlib import Path

import pytest

from corpus.cards import Card
from corpus.errors import FileMissing
from corpus.model import BlockKind, Origin, Rendition, Source
from corpus.values import PartialDate
from ingest.bundled import digest_document, records_document
from ingest.passages import split

SOURCE = Source(id="s", title="S", date=PartialDate.parse("2020"), language="en")
DIGEST = """# A publication

Before any page.

## Aims (p. 1)

The aims.

### More (see p. 9)

Still the first page.

## Steps (pp. 2-4)

- First step.
- Second step.

## Ends

No page here.
"""


def test_a_digests_headings_give_the_pages_of_what_stands_below(tmp_path: Path) -> None:
    path = tmp_path / "s.md"
    path.write_text(DIGEST, encoding="utf-8")
    document = digest_document(SOURCE, path)
    assert (document.rendition, document.origin) == (Rendition.DIGEST, Origin.BUNDLED)
    assert document.id == "s/digest/text/markdown"
    assert "(p. 1)" not in document.text
    found = {
        document.text[b.start : b.end]: (b.page, b.page_end, b.heading_path)
        for b in document.blocks
        if b.kind is not BlockKind.HEADING
    }
    assert found == {
        "Before any page.": (None, None, ("A publication",)),
        "The aims.": (1, None, ("A publication", "Aims")),
        "Still the first page.": (1, None, ("A publication", "Aims", "More (see p. 9)")),
        "First step.": (2, 4, ("A publication", "Steps")),
        "Second step.": (2, 4, ("A publication", "Steps")),
        "No page here.": (None, None, ("A publication", "Ends")),
    }
    passages = split(document, lambda text: len(text.split()))
    steps = [p for p in passages if p.page == 2]
    assert [(p.text, p.page_end) for p in steps] == [("First step.\n\nSecond step.", 4)]


def test_a_digest_that_is_missing_is_reported(tmp_path: Path) -> None:
    with pytest.raises(FileMissing):
        digest_document(SOURCE, tmp_path / "none.md")


def card(key: str, text: str, page: int | None = None, as_of: str = "2019-05") -> Card:
    return Card(key, ("Project", key), text, "section 3", page, PartialDate.parse(as_of))


def test_each_card_is_one_block_and_one_passage() -> None:
    cards = [card("project:a", "Leader: A\nBudget: €5", 3), card("project:b", "word " * 500)]
    document, passages = records_document(SOURCE, cards)
    assert document.id == "s/records/application/yaml"
    assert [b.kind for b in document.blocks] == [BlockKind.CARD] * 2
    assert [p.record for p in passages] == ["project:a", "project:b"]
    assert passages[0].text == "Leader: A\nBudget: €5"
    assert (passages[0].page, passages[0].section) == (3, "section 3")
    assert passages[0].as_of == PartialDate.parse("2019-05")
    for passage in passages:
        assert document.text[passage.start : passage.end] == passage.text


def test_the_hash_tells_when_cards_changed() -> None:
    hashes = {
        records_document(SOURCE, cards)[0].content_hash
        for cards in (
            [card("a:a", "x")],
            [card("a:b", "x")],
            [card("a:a", "y")],
            [card("a:a", "x", as_of="2020")],
        )
    }
    assert len(hashes) == 4
    assert (
        records_document(SOURCE, [card("a:a", "x")])[0]
        == records_document(SOURCE, [card("a:a", "x")])[0]
    )


def test_no_cards_and_empty_cards() -> None:
    assert records_document(SOURCE, [])[1] == []
    with pytest.raises(ValueError, match="a:a is empty"):
        records_document(SOURCE, [card("a:a", " \n")])
