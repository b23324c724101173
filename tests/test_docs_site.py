"""The documentation builds without a warning, holds all there is, and loads nothing foreign."""

import functools
import os
import re
import subprocess
import sys
import threading
from html import unescape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import click
import pytest
from browser import axe
from bs4 import BeautifulSoup
from conftest import ROOT

from app.cli import cli
from app.mcp_server.resources import TEMPLATES
from app.mcp_server.tools import OFFERS
from app.settings import variables
from corpus.records import KINDS
from corpus.schema import fields_of
from ingest.readers import READERS

# Where packages, images and scripts come from is for whoever installs them to say.
HOST = re.compile(r"\b(?:[a-z0-9-]+\.)+(?:com|net|org|io|dev|cloud)\b")
NO_PLACE = re.compile(r"(?:.+\.)?example\.org|www\.w3\.org")  # made up, or the name of a format


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    # Not quiet: then warnings would not count.
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-d", str(folder)]
    environ = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    ran = subprocess.run(
        command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert "WARNING" not in ran.stderr
    return folder


@pytest.fixture(scope="module")
def pages(site):
    """The HTML of every page, by its path."""
    return {
        str(path.relative_to(site)): BeautifulSoup(path.read_text(encoding="utf-8"), "lxml")
        for path in sorted(site.rglob("*.html"))
    }


@pytest.fixture(scope="module")
def words(pages):
    """The text of every page's content, by its path."""
    return {
        path: unescape(" ".join(page.article.get_text(" ").split()))
        for path, page in pages.items()
        if page.article
    }


def commands(group, path=("ambp",)):
    for name, command in group.commands.items():
        yield " ".join((*path, name)), command


def test_every_command_and_option_is_there(words):
    text = words["reference/commands.html"]
    for path, command in commands(cli):
        assert path in text
        assert (command.help or "").split(".")[0].split("\n")[0] in text
        for each in command.params:
            if isinstance(each, click.Option) and not each.hidden:
                assert each.opts[0] in text, f"{path} {each.opts[0]}"
    assert "Sentinel" not in text


def test_every_setting_is_there_with_its_meaning_and_default(pages):
    rows = pages["reference/settings.html"].article.table.tbody.find_all("tr")
    told = {row.td.get_text(): [cell.get_text() for cell in row.find_all("td")] for row in rows}
    assert list(told) == list(variables())
    for name, (_, meaning, holds, _) in told.items():
        assert meaning, f"{name} has no docstring in app/settings.py"
        assert holds == variables()[name]
    assert told["AMBP_PORT"][3] == "7860"
    assert told["AMBP_BUNDLED"][3] == "true"


def test_every_kind_of_record_and_field_is_there(pages):
    article = pages["reference/records.html"].article
    for kind, cls in KINDS.items():
        table = article.find(id=kind).find_next("table")
        found = [row.td.get_text() for row in table.tbody.find_all("tr")]
        assert found == list(fields_of(cls)), kind


def test_every_format_that_is_read_is_there(words):
    for reader in READERS:
        assert reader.media_type in words["reference/file-formats.html"]


def test_every_address_of_rest_is_there(words):
    from fastapi.routing import APIRoute

    from app.api import asking, knowledge, state

    routes = [
        route
        for module in (asking, knowledge, state)
        for route in module.router.routes
        if isinstance(route, APIRoute) and route.include_in_schema
    ]
    assert len(routes) > 10
    for route in routes:
        for method in route.methods:
            assert f"{method} /api/v1{route.path}" in words["reference/rest.html"]


def test_every_tool_and_resource_of_mcp_is_there(words):
    text = words["reference/mcp.html"]
    for offer in OFFERS.values():
        assert offer.name in text
        assert offer.description in text
        assert set(offer.takes.model_fields) <= set(text.split())
    for template in TEMPLATES:
        assert template.uri_template in text


def test_what_other_code_relies_on_is_described(words):
    from app.assistant import Assistant

    text = words["reference/python.html"]
    for name in ("open", "ask", "stream", "ingest", "remove", "sources", "status", "close"):
        told = re.match(r"[^.`]+", getattr(Assistant, name).__doc__)[0].strip()
        assert f"{name} " in text
        assert told in text
    for name in ("PassageRetriever", "AskTool", "Citation", "AssistantError", "read_settings"):
        assert name in text


def test_no_part_stayed_ungenerated(site, words):
    for path, text in words.items():
        assert "generated:" not in text, path
        assert ":::" not in text, path


def test_no_page_makes_a_browser_load_from_elsewhere(site, pages):
    foreign = re.compile(r"^(?:https?:)?//")
    for path, page in pages.items():
        loaded = [tag.get("src") for tag in page.find_all(src=True)]
        loaded += [
            tag["href"]
            for tag in page.find_all("link", href=True)
            if not set(tag.get("rel", ())) & {"canonical", "next", "prev"}
        ]
        assert loaded
        assert not [address for address in loaded if foreign.match(address)], path
        # With one of these, the theme would fetch a program to draw it.
        assert not page.select(".mermaid, .glightbox, .arithmatex"), path
    for style in site.rglob("*.css"):
        text = style.read_text(encoding="utf-8")
        assert not re.search(r"url\(\s*[\"']?(?:https?:)?//|@import", text), style


def test_no_page_names_where_packages_come_from(pages):
    for path, page in pages.items():
        text = str(page).casefold()
        assert not [host for host in HOST.findall(text) if not NO_PLACE.fullmatch(host)], path


# --- In a browser ---------------------------------------------------------------------------------


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def address(site):
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(site)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
def test_pages_fit_and_ask_no_other_machine(windows, address, width):
    page = windows({"width": width, "height": 844}, "light", "en-GB").new_page()
    asked, failed = [], []
    page.on("request", lambda request: asked.append(request.url))
    # A page that is left gives up what it still waits for.
    page.on(
        "requestfailed",
        lambda request: None if "ABORTED" in request.failure else failed.append(request.url),
    )
    page.on("console", lambda said: failed.append(said.text) if said.type == "error" else None)
    for path in ("index", "tutorial", "reference/rest", "reference/settings", "reference/records"):
        page.goto(f"{address}{path}.html", wait_until="load")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    foreign = [url for url in asked if not url.startswith((address, "data:", "blob:"))]
    assert foreign == []
    assert failed == []
    page.close()


@pytest.mark.browser
def test_search_finds_a_setting_on_this_machine(windows, address):
    page = windows({"width": 1280, "height": 844}, "light", "en-GB").new_page()
    page.goto(address)
    page.locator(".md-search__input").click()
    page.keyboard.type("AMBP_QUESTION_LOG_DAYS", delay=5)
    found = page.locator(".md-search-result__link")
    found.first.wait_for()
    addresses = [link.get_attribute("href") for link in found.all()]
    assert any("reference/settings.html" in each for each in addresses), addresses
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize(
    ("width", "scheme", "some"),
    [
        (1280, "light", "index.html"),
        (1280, "light", "explanation/*.html"),
        (1280, "dark", "how-to/add-*.html"),
        (390, "light", "coverage.html"),
        (390, "dark", "reference/mcp.html"),
    ],
)
def test_axe_finds_nothing_serious(windows, address, site, width, scheme, some):
    page = windows({"width": width, "height": 844}, scheme, "en-GB").new_page()
    found = []
    for path in sorted(site.rglob(some)):
        page.goto(f"{address}{path.relative_to(site)}", wait_until="load")
        found += [f"{path.name}: {each}" for each in axe(page)]
    assert found == []
    page.close()
