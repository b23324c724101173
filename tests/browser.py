"""What the tests in a real browser share: a server, and a visitor whose browser is watched."""

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

import uvicorn
from playwright.sync_api import Page, Request, expect

from app.settings import Settings
from app.web import build_app
from app.web.examples import ExampleGroup
from app.web.server import OpenAssistant
from corpus.knowledge import Partnership

LAKESIDE = Partnership(name="The Lakeside Partnership", abbreviation="TLP")
EXAMPLES = (
    ExampleGroup(title="New here", questions=("What is the partnership?",)),
    ExampleGroup(title="For a region", questions=("How can my region join?",)),
    ExampleGroup(title="For staff", questions=("Which projects state a budget?",)),
)
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDE, NARROW = {"width": 1280, "height": 860}, {"width": 390, "height": 844}
TABLET, SMALLEST = {"width": 768, "height": 1024}, {"width": 320, "height": 640}


@contextmanager
def served(
    open_assistant: OpenAssistant,
    settings: Settings,
    partnership: Partnership = LAKESIDE,
    examples: Sequence[ExampleGroup] = EXAMPLES,
) -> Iterator[str]:
    """The application on a port of its own; its address, with a slash at the end."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        app = build_app(open_assistant, partnership, settings, examples)
        config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        finally:
            server.should_exit = True
            thread.join()


class Visitor:
    """A page of its own, with a log of what the browser asked for and complained about."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", self._note)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on(
            "console",
            lambda m: self.complaints.append(m.text) if m.type in {"error", "warning"} else None,
        )

    def _note(self, request: Request) -> None:
        self.requests.append(request.url)

    def go(self, path: str = "") -> "Visitor":
        """Open a page of the site and wait until its frame is there."""
        self.page.goto(self.address + path)
        expect(self.page.locator(".masthead")).to_be_visible(timeout=30_000)
        return self

    def come(self, path: str = "") -> "Visitor":
        """Open the page on which one asks, and wait until one can."""
        self.page.goto(self.address + path)
        expect(self.page.locator("#question textarea")).to_be_visible(timeout=30_000)
        return self

    def ask(self, question: str, *, wait: bool = True) -> None:
        turns = self.page.locator(".turn").count()
        self.page.locator("#question textarea").fill(question)
        self.page.locator("#question textarea").press("Enter")
        if wait:
            self.finished(turns + 1)

    def finished(self, turns: int = 1, seconds: int = 10) -> None:
        within = seconds * 1000
        expect(self.page.locator(".turn")).to_have_count(turns, timeout=within)
        log = self.page.locator("[role=log]")
        expect(log).to_have_attribute("aria-busy", "false", timeout=within)

    @property
    def answer(self) -> str:
        return self.page.locator(".turn").last.locator(".answer").inner_text()

    def overflow(self) -> int:
        """By how many pixels the page is wider than the window."""
        return int(
            self.page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
        )

    def hosts(self) -> set[str]:
        return {urlsplit(url).hostname or urlsplit(url).scheme for url in self.requests}

    def small_targets(self, least: int = 24) -> list[str]:
        """The controls on show that are too small to be hit (WCAG 2.2, 2.5.8: 24 pixels)."""
        found: list[str] = self.page.evaluate(_SMALL_TARGETS, least)
        return found


_SMALL_TARGETS = """least =>
    [...document.querySelectorAll("button, select, input, summary, nav a, textarea")]
        .map(each => [each, each.getBoundingClientRect()])
        .filter(([each, r]) => r.width && r.height && (r.width < least || r.height < least))
        .filter(([each]) => getComputedStyle(each).clipPath === "none")
        .map(([each, r]) => `${each.outerHTML.slice(0, 120)} ${r.width} x ${r.height}`)
"""
_AXE = files("axe_playwright_python").joinpath("axe.min.js")
# Those of WCAG 2.2 at levels A and AA, and what axe-core's makers call good practice.
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def axe(page: Page) -> list[str]:
    """What axe-core finds serious or critical on the page as it stands, a line each."""
    if not page.evaluate("'axe' in window"):
        # Not as a script tag, which the page's own policy would rightly refuse.
        page.evaluate(_AXE.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = page.evaluate(
        "tags => axe.run({runOnly: {type: 'tag', values: tags}}).then(r => r.violations)", _TAGS
    )
    return [
        f"{each['id']} ({each['impact']}): {each['help']}: {node['html'][:200]}"
        for each in found
        if each["impact"] in {"serious", "critical"}
        for node in each["nodes"]
    ]
