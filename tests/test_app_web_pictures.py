"""Pictures of cited pages: offered where there are any, served to those who have the address."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from sample_pdfs import plain, slides
from starlette.applications import Starlette
from starlette.testclient import TestClient
from stub_assistant import citation

from app.answering.answer import Citation
from app.web.pictures import OUTLINED_AT, PDF, HasOriginals, Pictures, ways_to_put
from corpus.model import Passage, Source

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


def test_without_a_page_a_file_or_an_assistant_that_has_any_there_is_no_picture(
    shelf: Shelf,
) -> None:
    found = cited(shelf, "opens at seven")
    assert address(object(), found) == ""
    elsewhere = replace(found.passage, source_id="other")
    assert address(shelf, replace(found, passage=elsewhere)) == ""
    assert address(shelf, cited(shelf, "opens at seven", page=None)) == ""
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
