"""Pictures of cited pages: offered where there are any, served to those who have the address."""

import io
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from PIL import Image
from sample_pdfs import plain, slides
from starlette.applications import Starlette
from starlette.testclient import TestClient
from stub_assistant import citation

from app.answering.answer import Citation
from app.answering.engine import Engine
from app.assistant import Assistant
from app.web import pictures
from app.web.pictures import OUTLINED_AT, PDF, HasOriginals, Pictures, ways_to_put
from app.workspace import Workspace
from corpus.model import Passage, Source
from ingest.readers.pdf.picture import Picture, page_with

HARBOUR = Source(id="harbour", title="Harbour rules")
TEXT = "The harbour opens at seven in the morning."


class Shelf:
    """Passages and files as an assistant has them."""

    def __init__(self) -> None:
        self.passages: dict[str, Passage] = {}
        self.files: dict[str, Path] = {}

    def original(self, source_id: str, media_type: str) -> Path | None:
        return self.files.get(source_id) if media_type == PDF else None

    def passage(self, passage_id: str) -> Passage | None:
        return self.passages.get(passage_id)

    def record_pages(self, passage: Passage) -> frozenset[int]:
        return frozenset({2})


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    shelf = Shelf()
    shelf.files["harbour"] = tmp_path / "0123"
    shelf.files["harbour"].write_bytes(plain(TEXT))
    return shelf


def cited(shelf: Shelf, quote: str, text: str = TEXT, **place: object) -> Citation:
    found = citation(1, HARBOUR, text, quote, **({"page": 1} | place))
    shelf.passages[found.passage.id] = found.passage
    return found


def client(shelf: Shelf) -> TestClient:
    return TestClient(Starlette(routes=[Pictures(shelf, "/ask/").route()]))


def address(shelf: object, found: Citation) -> str:
    return Pictures(shelf, "/ask/").addresses()(found)


def test_the_page_is_served_with_the_quote_outlined(shelf: Shelf) -> None:
    where = address(shelf, cited(shelf, "opens at seven"))
    assert not where.startswith("/")  # relative: the site may be served below a path
    answer = client(shelf).get(where)
    assert answer.headers["content-type"] == "image/webp"
    assert 0 < float(answer.headers[OUTLINED_AT]) < 0.2
    assert Image.open(io.BytesIO(answer.content)).size[0] == 1100


def test_a_record_is_shown_on_its_page_by_its_value(shelf: Shelf) -> None:
    line = "Opening time: seven in the morning (as told by the warden)"
    found = cited(shelf, line, text=f"Port: Harbour\n{line}", record="figure:opening")
    assert OUTLINED_AT in client(shelf).get(address(shelf, found)).headers


def test_words_that_do_not_stand_there_leave_the_page_as_it_is(shelf: Shelf) -> None:
    found = cited(shelf, "Our own words for it.", text="Our own words for it.")
    answer = client(shelf).get(address(shelf, found))
    assert answer.status_code == 200
    assert OUTLINED_AT not in answer.headers


def test_of_several_pages_the_one_with_the_words_is_shown(shelf: Shelf) -> None:
    shelf.files["harbour"].write_bytes(slides())
    found = cited(shelf, "12 cranes", text="12 cranes", page=1, page_end=2)
    assert OUTLINED_AT in client(shelf).get(address(shelf, found)).headers


def test_the_page_of_words_that_come_without_one_is_found(shelf: Shelf) -> None:
    shelf.files["harbour"].write_bytes(slides())
    words = "Growth since then"
    found = cited(shelf, words, text=words, page=None)
    shown = Pictures(shelf, "/ask/")
    where = shown.addresses()(found)
    assert "/0-0/" in where
    assert OUTLINED_AT in TestClient(Starlette(routes=[shown.route()])).get(where).headers
    assert page_with(shelf.files["harbour"], words, most=10) == 2
    assert page_with(shelf.files["harbour"], words, most=1) is None


def test_a_file_is_looked_through_once_and_only_for_what_was_cited(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.files["harbour"].write_bytes(slides())
    looked = []

    def look(file: Path, words: str, most: int) -> int | None:
        looked.append(words)
        return page_with(file, words, most)

    monkeypatch.setattr(pictures, "page_with", look)
    pictures._found.cache_clear()
    words = "Growth since then"
    shown = Pictures(shelf, "/ask/")
    where = shown.addresses()(cited(shelf, words, text=words, page=None))
    browser = TestClient(Starlette(routes=[shown.route()]))
    part = where.replace("/0-17.", "/0-16.")  # of the same passage, but not what was cited
    assert part != where
    for other in (part, where.partition("?")[0]):
        assert browser.get(other).status_code == 404
    assert not looked
    assert [browser.get(where).status_code for _ in range(3)] == [200] * 3
    assert looked == [words]


@pytest.mark.parametrize("words", ["at seven", "These words stand on no page of it."])
def test_a_page_that_cannot_be_told_is_none(shelf: Shelf, words: str) -> None:
    shown = Pictures(shelf, "/ask/")
    where = shown.addresses()(cited(shelf, words, text=words, page=None))
    assert TestClient(Starlette(routes=[shown.route()])).get(where).status_code == 404


def test_a_page_is_sought_only_for_what_comes_without_one(shelf: Shelf) -> None:
    where = address(shelf, cited(shelf, TEXT))
    assert client(shelf).get(where.replace("/1-1/", "/0-0/")).status_code == 404


def test_without_a_page_a_file_or_an_assistant_that_has_any_there_is_no_picture(
    shelf: Shelf,
) -> None:
    found = cited(shelf, "opens at seven")
    assert address(object(), found) == ""
    elsewhere = replace(found.passage, source_id="other")
    assert address(shelf, replace(found, passage=elsewhere)) == ""
    assert isinstance(shelf, HasOriginals)


@pytest.mark.parametrize("change", ["passage", "page", "words", "far", "removed", "forgotten"])
def test_what_is_not_there_is_not_found(shelf: Shelf, change: str) -> None:
    found = cited(shelf, "opens at seven")
    name = found.passage.id
    where = f"ask/pages/{name}/1-1/0-5.webp"
    if change == "passage":
        where = where.replace(name, "0" * 24)
    elif change == "page":
        where = where.replace("1-1", "2-2")
    elif change == "words":
        where = where.replace("0-5", "../x")
    elif change == "far":
        where = where.replace("1-1", "2-1")
    elif change == "removed":
        del shelf.files["harbour"]
    else:
        shelf.passages.clear()
    assert client(shelf).get(where).status_code == 404


@pytest.mark.parametrize(
    ("pages", "words", "found"),
    [
        ("2-3", "0-5", True),
        ("3-3", "0-5", True),
        ("1-2", "0-5", False),
        ("3-4", "0-5", False),
        ("2-3", "5-5", False),
        ("2-3", "6-5", False),
        ("2-3", f"0-{len(TEXT)}", True),
        ("2-3", f"0-{len(TEXT) + 1}", False),
    ],
)
def test_only_what_a_citation_can_point_to_is_served(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, pages: str, words: str, found: bool
) -> None:
    drawn = Picture(b"", None)
    monkeypatch.setattr(pictures, "page_picture", lambda file, page, wanted: drawn)
    pictures._drawn.cache_clear()
    name = cited(shelf, "opens at seven", page=2, page_end=3).passage.id
    answer = client(shelf).get(f"ask/pages/{name}/{pages}/{words}.webp")
    assert answer.status_code == (200 if found else 404)
    pictures._drawn.cache_clear()


@pytest.mark.parametrize(("pages", "found"), [("1-1", True), ("2-2", True), ("1-2", False)])
def test_a_record_opens_on_the_page_of_the_field_that_is_cited(
    shelf: Shelf, pages: str, found: bool
) -> None:
    shelf.files["harbour"].write_bytes(slides())
    card = cited(shelf, "12 cranes", text="Cranes: 12 cranes", record="figure:cranes").passage
    answer = client(shelf).get(f"ask/pages/{card.id}/{pages}/0-17.webp")
    assert answer.status_code == (200 if found else 404)
    plain_text = cited(shelf, "12 cranes", text="There are 12 cranes").passage
    answer = client(shelf).get(f"ask/pages/{plain_text.id}/{pages}/0-17.webp")
    assert answer.status_code == (200 if pages == "1-1" else 404)


def test_every_field_of_every_record_opens_on_its_page(woven: Engine) -> None:
    knowledge = SimpleNamespace(records=woven.records)
    workspace = cast("Workspace", SimpleNamespace(knowledge=knowledge))
    assistant = Assistant(workspace, lambda workspace, _: woven)
    moved = 0
    for record in woven.records:
        for name, value in record.stated().items():
            for said in value.observations:
                found = woven.cards.field(record, name, said)
                if found and said.page:
                    moved += 1
                    assert said.page in assistant.record_pages(found.passage)
    assert moved
    assert not assistant.record_pages(Passage("d", "harbour", 1, 0, len(TEXT), TEXT, page=1))


def test_the_ways_to_put_a_quote() -> None:
    assert ways_to_put("One. Two.", of_record=False) == (("One. Two.",), ("One.", "Two."))
    line = "Lead regions: Lakeside, Hillside and Moor (see the note)"
    assert ways_to_put(line, of_record=True) == (
        ("Lakeside, Hillside and Moor (see the note)",),
        ("Lakeside, Hillside and Moor",),
        ("Lakeside", "Hillside", "Moor"),
    )
    assert ways_to_put("On the list: yes", of_record=True) == ()
    assert ("€5500000",) in ways_to_put("Budget: €5.5 million", of_record=True)
