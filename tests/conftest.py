"""What every test relies on: no network, and the publications and the browser where they are."""

import ipaddress
import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.quiet import stay_quiet

# Before any test module imports a library that reads it.
stay_quiet()

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
SECOND_PARTNERSHIP = ROOT / "tests" / "second_partnership"


def _is_local(address: object) -> bool:
    if not isinstance(address, tuple):  # a Unix socket
        return True
    host = str(address[0])
    if host in {"", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Only this machine can be reached from a test."""
    patch = pytest.MonkeyPatch()
    real_connect, real_connect_ex = socket.socket.connect, socket.socket.connect_ex
    real_lookup = socket.getaddrinfo

    def refuse_others(address: object) -> None:
        if not _is_local(address):
            raise OSError(f"a test tried to reach {address}: tests use no network")

    def connect(self: socket.socket, address: Any) -> None:
        refuse_others(address)
        return real_connect(self, address)

    def connect_ex(self: socket.socket, address: Any) -> int:
        refuse_others(address)
        return real_connect_ex(self, address)

    def getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        refuse_others((name or "",))
        return real_lookup(host, *args, **kwargs)

    patch.setattr(socket.socket, "connect", connect)
    patch.setattr(socket.socket, "connect_ex", connect_ex)
    patch.setattr(socket, "getaddrinfo", getaddrinfo)
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def no_settings_of_the_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test sees the settings that it makes, not those of whoever runs it."""
    for name in [name for name in os.environ if name.startswith("AMBP_")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def originals() -> Path:
    """The folder of the publications as their publishers made them."""
    folder = SHARED / "originals"
    if not folder.is_dir():
        pytest.skip("the publications (../shared/originals) are not on this machine")
    return folder


@pytest.fixture(scope="session")
def woven(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """An engine over the second, made-up partnership (tests/second_partnership)."""
    # Not at the top: these import libraries that `stay_quiet` has to come before.
    from fakes import ContentEmbedder

    from app.answering.engine import Engine
    from app.settings import Settings
    from app.workspace import Workspace
    from corpus.vocabulary import load_vocabulary

    settings = Settings(
        data_dir=tmp_path_factory.mktemp("woven"), partnership=str(SECOND_PARTNERSHIP)
    )
    workspace = Workspace.open(settings, embedder=ContentEmbedder())
    yield Engine(workspace.library, workspace.knowledge, load_vocabulary())
    workspace.close()


@pytest.fixture(scope="session")
def woven_assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """An assistant over the second, made-up partnership. No test changes what it holds."""
    from fakes import ContentEmbedder

    from app.assistant import Assistant
    from app.settings import Settings
    from app.workspace import Workspace

    settings = Settings(
        data_dir=tmp_path_factory.mktemp("woven-assistant"), partnership=str(SECOND_PARTNERSHIP)
    )
    with Assistant(Workspace.open(settings, embedder=ContentEmbedder())) as assistant:
        yield assistant


NOTE = "The weavers of Lugano meet on Fridays. They compare their looms and share one kiln.\n"


@pytest.fixture(scope="session")
def noted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a process whose library holds one note, made with the real embedder."""
    from app.assistant import Assistant
    from app.settings import Settings

    folder = tmp_path_factory.mktemp("noted")
    (folder / "note.txt").write_text(NOTE)
    settings = Settings(
        data_dir=folder / "data", partnership=str(SECOND_PARTNERSHIP), bundled=False
    )
    with Assistant.open(settings) as assistant:
        assistant.ingest([folder / "note.txt"])
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("AMBP_")},
        "AMBP_DATA_DIR": str(settings.data_dir),
        "AMBP_PARTNERSHIP": settings.partnership,
        "AMBP_BUNDLED": "false",
    }


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium to drive: without one the pages are not tested, which is a failure."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    pytest.fail(
        "no Chromium on this machine: `make test` installs it where it may, else install the "
        "package chromium (or Google Chrome) so that `chromium` or `google-chrome` starts it"
    )


@pytest.fixture(scope="module")
def windows(chromium: str) -> Iterator[Any]:
    """A browser window per size, colour scheme and language: ``windows(size, scheme, locale)``.

    The pages of a window share what they have loaded and kept. Per module, because Playwright
    keeps an event loop running, and other tests start their own.
    """
    from browser import ARGUMENTS
    from playwright.sync_api import BrowserContext, sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        opened: dict[tuple[int, str, str], BrowserContext] = {}

        def window(viewport: Any, scheme: str, locale: str) -> BrowserContext:
            key = (viewport["width"], scheme, locale)
            if key not in opened:
                opened[key] = browser.new_context(
                    viewport=viewport, color_scheme=scheme, locale=locale, reduced_motion="reduce"
                )
                opened[key].set_default_timeout(10_000)
            return opened[key]

        yield window
        browser.close()


@pytest.fixture
def visit(windows: Any, address: str) -> Iterator[Any]:
    """``visit(size, scheme, url, locale)``: a visitor with an empty browser of that kind.

    The module has a fixture ``address``: the application's, with a slash at the end.
    """
    from browser import WIDE, Visitor

    pages = []

    def visit(
        viewport: Any = WIDE, scheme: str = "light", url: str = "", locale: str = "en-GB"
    ) -> Visitor:
        pages.append(windows(viewport, scheme, locale).new_page())
        return Visitor(pages[-1], url or address)

    yield visit
    for page in pages:
        # What a visitor keeps in the browser is nothing to the next test.
        if not page.is_closed() and page.url.startswith("http"):
            page.evaluate("localStorage.clear(); sessionStorage.clear()")
        page.close()
