"""The addresses that make a report's files, and the page around them."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from browser import LAKESIDE
from report_sample import NOTE, REPORT, cited, hostile_item, item, sent
from starlette.applications import Starlette
from starlette.testclient import TestClient
from stub_assistant import StubAssistant

import app.web
from app.report.exports import FORMATS
from app.report.model import MAX_BYTES, read_report
from app.settings import Settings
from app.web.guard import Guard
from app.web.report import REPORT as PAGE
from app.web.report.files import file_name, routes
from app.web.report.html import report_html
from app.web.site import Site
from app.web.texts import LANGUAGES, texts
from corpus.model import Source

JSON = {"Content-Type": "application/json"}


class Holder(StubAssistant):
    """A stub that also tells which sources it holds."""

    def sources(self) -> list[Source]:
        """The sources that are held."""
        return [NOTE, REPORT]


def client_of(assistant: StubAssistant) -> TestClient:
    site = Site(assistant, LAKESIDE, Settings(data_dir=Path("nowhere")))
    return TestClient(Guard(Starlette(routes=routes(site)), [PAGE]), base_url="http://127.0.0.1")


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with client_of(Holder()) as client:
        yield client


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_every_format_comes_as_a_file(client: TestClient, name: str) -> None:
    reply = client.post(f"/report/files/{name}", content=sent(), headers=JSON)
    assert reply.status_code == 200
    assert reply.headers["content-type"] == FORMATS[name].media_type
    assert reply.headers["content-disposition"] == (
        f'attachment; filename="our-region.{FORMATS[name].suffix}"'
    )
    assert reply.headers["cache-control"] == "no-store"
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert len(reply.content) > 300


def test_the_web_page_goes_out_as_it_was_made(client: TestClient) -> None:
    body = sent(hostile_item())
    page = client.post("/report/files/html", content=body, headers=JSON).text
    assert "/own/" not in page  # no style or script of the site is put into it
    assert "<script" not in page
    assert page.endswith("</html>\n")


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"{}", JSON, 400),
        (b"nonsense", JSON, 400),
        (sent(item("x", surprise=1)), JSON, 400),
        (b" " * (MAX_BYTES + 1), JSON, 400),
        (sent(), {"Content-Type": "text/plain"}, 415),
        (sent(), {"Content-Type": "application/x-www-form-urlencoded"}, 415),
        (sent(), {}, 415),
    ],
)
def test_what_is_wrong_is_said_in_one_line(
    client: TestClient, body: bytes, headers: dict[str, str], status: int
) -> None:
    reply = client.post("/report/files/docx", content=body, headers=headers)
    assert reply.status_code == status
    error = reply.json()["error"]
    assert error
    assert "\n" not in error
    assert "Traceback" not in error


def test_no_more_is_read_than_a_report_may_have(client: TestClient) -> None:
    read = 0

    def endless() -> Iterator[bytes]:
        nonlocal read
        for _ in range(200):
            read += 1
            yield b" " * 100_000

    reply = client.post("/report/files/html", content=endless(), headers=JSON)
    assert reply.status_code == 400
    assert "larger than" in reply.json()["error"]


@pytest.mark.parametrize("name", ["pdf", "DOCX", "docx%2f..", "..", ""])
def test_there_are_no_other_files(client: TestClient, name: str) -> None:
    assert client.post(f"/report/files/{name}", content=sent(), headers=JSON).status_code == 404


def test_files_are_only_made_on_being_sent_a_report(client: TestClient) -> None:
    assert client.get("/report/files/docx").status_code == 405


def test_sources_are_named_and_linked_as_the_library_has_them(client: TestClient) -> None:
    claimed = item("x [1]", cited(1, url="https://evil.example/", publisher="Evil"))
    made = client.post("/report/files/markdown", content=sent(claimed), headers=JSON).text
    assert "The Lakeside Partnership" in made
    assert "<https://partnership.example/note>" in made
    assert "evil" not in made.lower()


def test_an_assistant_that_tells_of_no_sources_gets_no_links() -> None:
    claimed = item("x [1]", cited(1, url="https://evil.example/"))
    with client_of(StubAssistant()) as client:
        made = client.post("/report/files/markdown", content=sent(claimed), headers=JSON).text
    assert "as the browser remembers it" in made
    assert "https:" not in made


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Our region", "our-region"),
        ("Škofja Loka: what's next?", "skofja-loka-what-s-next"),
        ("../../etc/passwd", "etc-passwd"),
        ('a"; filename="b', "a-filename-b"),
        ("日本", "report"),
        ("", "report"),
        ("x" * 300, "x" * 60),
    ],
)
def test_a_file_has_a_name_that_every_system_takes(title: str, name: str) -> None:
    assert file_name(read_report(sent(title=title))) == name


class Labels(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.means: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.means += [value or "" for name, value in attrs if name == "aria-labelledby"]


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_the_page_speaks_the_language_and_names_its_parts(language: str) -> None:
    html = report_html(language)
    assert texts("report", language)["lead"][:20].replace("'", "&#x27;") in html
    assert f'<option value="{language}" lang="{language}" selected>' in html
    labels = Labels(html)
    assert len(labels.ids) == len(set(labels.ids))
    assert set(labels.means) <= set(labels.ids)


def test_the_script_has_all_that_it_says_and_no_more() -> None:
    from app.web.report.page import SAID

    script = (Path(app.web.__file__).parent / "static" / "report.js").read_text("utf-8")
    kinds = {f"kind_{kind}" for kind in ("answer", "row", "table", "text")}
    named = set(re.findall(r'(?:say|tool)\(\s*"(\w+)"', script))
    assert named | kinds == set(SAID)
