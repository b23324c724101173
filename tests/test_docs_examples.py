"""What the documentation tells people to type works, and gives what it says.

On a page, a block of ``bash`` is run line by line where the line begins with ``ambp`` (``console``
is for what needs a server, another program or a name of the reader's); a block of ``text`` after it
holds words that the output has to have, in this order; a block with a title is a file; ``python``
is run, all blocks of a page together.
"""

import json
import re
import shlex
import shutil
import sys
from dataclasses import dataclass

import pytest
from conftest import ROOT
from fakes import ContentEmbedder
from starlette.testclient import TestClient

from app.api.build import api_app
from app.api.gate import Gate
from app.api.metrics import Metrics
from app.assistant import Assistant
from app.cli import cli, main
from app.service import Service
from app.settings import Settings, variables
from app.workspace import Workspace
from corpus.knowledge import load_partnership

DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
_BLOCK = re.compile(
    r"^```(?P<language>\w+)(?: title=\"(?P<title>[^\"]+)\")?\n(?P<text>.*?)^```$", re.M | re.S
)


@dataclass(frozen=True)
class Block:
    language: str
    text: str
    title: str


def blocks(page):
    return [
        Block(found["language"], found["text"], found["title"] or "")
        for found in _BLOCK.finditer(page.read_text(encoding="utf-8"))
    ]


def lines(block):
    return block.text.replace("\\\n", " ").splitlines()


def pages_with(*languages):
    return [page for page in PAGES if any(block.language in languages for block in blocks(page))]


def name_of(page):
    return str(page.relative_to(DOCS))


def open_assistant(settings, on_progress=lambda *_: None):
    return Assistant(Workspace.open(settings, on_progress, embedder=ContentEmbedder()))


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """A folder with the library of the bundled knowledge, to be copied."""
    folder = tmp_path_factory.mktemp("docs") / "library"
    open_assistant(Settings(data_dir=folder)).close()
    return folder


@pytest.fixture
def place(tmp_path, library, monkeypatch):
    """A folder to work in, with a library below it that a page may change."""
    for module in ("app.workspace", "app.commands.doctor"):
        monkeypatch.setattr(f"{module}.embedder_of", lambda settings: ContentEmbedder())
    shutil.copytree(library, tmp_path / "library")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("page", pages_with("bash"), ids=name_of)
def test_commands_do_what_the_page_says(page, place, capsys):
    environ, output, ran = {"AMBP_DATA_DIR": str(place / "library")}, "", 0
    for block in blocks(page):
        if block.title:
            (place / block.title).parent.mkdir(parents=True, exist_ok=True)
            (place / block.title).write_text(block.text, encoding="utf-8")
        elif block.language == "text":
            for expected in block.text.splitlines():
                assert expected in output, f"{expected!r} is not (or not yet) in {output!r}"
                output = output[output.index(expected) + len(expected) :]
        elif block.language == "bash":
            output = ""
            for line in lines(block):
                word, *rest = shlex.split(line)
                if word == "export":
                    name, _, value = rest[0].partition("=")
                    # Another partnership has a library of its own.
                    environ |= {name: value, "AMBP_DATA_DIR": str(place / value)}
                elif word == "ambp":
                    code = main(rest, environ=environ, open_assistant=open_assistant)
                    told = capsys.readouterr()
                    assert code == 0, f"{line}: {told.err}"
                    output += told.out
                    ran += 1
    assert ran or page.name == "index.md"


@pytest.mark.parametrize("page", pages_with("bash", "console"), ids=name_of)
def test_commands_and_options_exist(page):
    for block in blocks(page):
        for line in lines(block) if block.language in {"bash", "console"} else ():
            # The program, whatever starts it; not what else is called so (a service, an image).
            after = re.search(r"(?:^|bin/|app )ambp (.*)$", line)
            if not after:
                continue
            words = shlex.split(after[1])
            command = cli.commands[words[0]]
            options = {option for each in command.params for option in each.opts}
            for word in words[1:]:
                assert not word.startswith("--") or word in options, line


def test_settings_on_pages_exist():
    for page in PAGES:
        for name in re.findall(r"\bAMBP_[A-Z_]+\b", page.read_text(encoding="utf-8")):
            known = name in variables() or name in {"AMBP_"}
            assert known, f"{name_of(page)} names {name}"


def test_python_on_pages_runs(place, monkeypatch, capsys):
    environ = {"AMBP_DATA_DIR": str(place / "library")}
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys.modules["app.workspace"], "embedder_of", lambda _: ContentEmbedder())
    pages = pages_with("python")
    assert pages
    for page in pages:
        code = "\n".join(block.text for block in blocks(page) if block.language == "python")
        scope = {}
        try:
            exec(compile(code, name_of(page), "exec"), scope)  # our own pages
        finally:
            if "assistant" in scope:
                scope["assistant"].close()
    told = capsys.readouterr().out
    assert "West Slovenia" in told
    assert "characters of passages." in told


def requests(page):
    """(address, JSON to send or None, headers) of every call of curl on a page."""
    for block in blocks(page):
        for line in lines(block) if block.language == "console" else ():
            if line.startswith("curl "):
                words = iter(shlex.split(line)[1:])
                address, sent, headers = "", None, {}
                for word in words:
                    if word == "--json":
                        sent = json.loads(next(words))
                    elif word == "--header":
                        headers |= dict([next(words).split(": ", 1)])
                    elif not word.startswith("-"):
                        address = word
                yield address, sent, headers


def test_requests_over_http_are_answered(library):
    calls = [call for page in PAGES for call in requests(page)]
    assert len(calls) > 3
    gate = Gate(1)
    settings = Settings(data_dir=library)
    partnership = load_partnership(settings.knowledge_dir)
    with (
        open_assistant(settings) as assistant,
        gate.opened(Service(assistant)),
        TestClient(
            api_app(gate, Metrics(gate), settings, partnership), base_url="http://127.0.0.1:7860"
        ) as client,
    ):
        for address, sent, headers in calls:
            path = address.removeprefix("http://127.0.0.1:7860/api")
            method = "GET" if sent is None else "POST"
            answer = client.request(method, path, json=sent, headers=headers)
            assert answer.status_code == 200, f"{address}: {answer.text}"
            wanted = headers.get("Accept", "application/json")
            assert answer.headers["content-type"].startswith(wanted)
            assert "West Slovenia" in answer.text or "regions lead" not in str(sent)


def test_json_on_pages_is_json():
    for page in PAGES:
        for block in blocks(page):
            if block.language == "json":
                texts = block.text.splitlines() if block.title.endswith("l") else [block.text]
                for text in texts:
                    json.loads(text)


def test_files_that_pages_name_are_there():
    """In code, a path of the repository that ends like a file or is a folder of it."""
    roots = ("deploy/", "corpus/", "app/", "bench/", "tests/", "docs/")
    for page in PAGES:
        for path in re.findall(r"`([\w./-]+)`", page.read_text(encoding="utf-8")):
            placeholder = re.search(r"[A-Z]{3}", path)
            if path.startswith(roots) and not placeholder:
                assert (ROOT / path).exists(), f"{name_of(page)} names {path}"


def test_the_first_three_lines_of_python_are_enough():
    (first, *_) = blocks(DOCS / "how-to" / "use-from-programs.md")
    assert len([line for line in first.text.splitlines() if line]) == 3
