"""The server: there from the first second, and no more open than it has to be."""

import asyncio
import re
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from starlette.responses import HTMLResponse
from starlette.testclient import TestClient
from stub_assistant import StubAssistant

from app.log import one_line_each
from app.progress import OnProgress
from app.settings import Settings
from app.web import build_app, serve
from app.web.conversation import Phase, Turn
from app.web.guard import Guard
from app.web.server import OpenAssistant
from app.web.site import Page, Site
from corpus.errors import LibraryBusy, SettingsError
from corpus.knowledge import Partnership

LAKESIDE = Partnership(name="The Lakeside <Partnership>", abbreviation="TLP")
SETTINGS = Settings(data_dir=Path("nowhere"))


def opened(opener: OpenAssistant) -> TestClient:
    app = build_app(opener, LAKESIDE, SETTINGS)
    return TestClient(app, base_url="http://127.0.0.1")


def wait_for(client: TestClient, **wanted: object) -> dict[str, object]:
    for _ in range(600):
        state: dict[str, object] = client.get("/start/progress").json()
        if all(state[name] == value for name, value in wanted.items()):
            return state
        time.sleep(0.05)
    raise AssertionError(f"it never came to {wanted}: {state}")


@pytest.fixture(scope="module")
def chat() -> Iterator[TestClient]:
    """The application with the chat in place."""
    with opened(lambda on_progress: StubAssistant()) as client:
        wait_for(client, ready=True)
        yield client


def test_it_answers_while_the_library_is_built() -> None:
    go_on = threading.Event()

    def slowly(on_progress: OnProgress) -> StubAssistant:
        on_progress("Sorting passages", 30, 120, "Progress report")
        assert go_on.wait(30)
        raise LibraryBusy("Another program is writing", remedy="Wait for it.")

    with opened(slowly) as client:
        page = client.get("/")
        assert page.status_code == 200
        assert "The Lakeside &lt;Partnership&gt;" in page.text
        state = wait_for(client, stage="Sorting passages")
        assert (state["done"], state["total"], state["percent"]) == (30, 120, 25)
        assert state["name"] == "Progress report"
        assert client.get("/config").status_code == 503
        go_on.set()
        state = wait_for(client, problem="Another program is writing")
        assert state["remedy"] == "Wait for it."
        assert state["ready"] is False


def test_after_a_failure_it_can_be_tried_again() -> None:
    tries: list[int] = []

    def opener(on_progress: OnProgress) -> StubAssistant:
        tries.append(1)
        if len(tries) == 1:
            raise RuntimeError("secret detail")
        raise LibraryBusy("Busy")

    with opened(opener) as client:
        state = wait_for(client, problem="Something went wrong that was not foreseen")
        assert "secret" not in str(state)
        assert client.post("/start/again").status_code == 204
        wait_for(client, problem="Busy")
    assert len(tries) == 2


def test_an_expected_failure_is_one_line_and_another_goes_to_the_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tries: list[int] = []

    def opener(on_progress: OnProgress) -> StubAssistant:
        tries.append(1)
        if len(tries) == 1:
            raise LibraryBusy("The library is busy", remedy="Wait for it.")
        raise RuntimeError("two\nlines")

    log = tmp_path / "ambp.log"
    with one_line_each(tmp_path), opened(opener) as client:
        wait_for(client, problem="The library is busy")
        assert capsys.readouterr().err == "ambp: The library is busy. Wait for it.\n"
        assert not log.exists()
        client.post("/start/again")
        wait_for(client, problem="Something went wrong that was not foreseen")
    assert capsys.readouterr().err == (
        "ambp: The assistant could not be opened (RuntimeError: two lines); "
        f"the details are in {log}.\n"
    )
    assert "Traceback" in log.read_text()


@pytest.mark.parametrize(
    ("question", "shown", "told", "traceback"),
    [
        ("busy?", "Try again in a minute.", "ambp: The library is being written to. Try", False),
        ("crash?", "Something went wrong", "(RuntimeError: secret detail); the details", True),
    ],
)
def test_a_question_that_fails_is_told_in_one_line(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    question: str,
    shown: str,
    told: str,
    traceback: bool,
) -> None:
    # Here and not at the top, because it imports Gradio.
    from gradio import EventData

    from app.web.page import Desk

    async def problems() -> list[str]:
        site = Site(StubAssistant(), LAKESIDE, Settings(data_dir=tmp_path))
        event = EventData(None, None)
        screens = Desk(site).respond(question, (), "", "en", event)
        return [screen[1] async for screen in screens]

    with one_line_each(tmp_path):
        assert shown in asyncio.run(problems())[-1]
    err = capsys.readouterr().err
    assert told in err
    assert err.count("\n") == 1
    assert (tmp_path / "ambp.log").exists() is traceback


@pytest.mark.parametrize(
    ("questions", "asked"),
    [
        (["Who leads?", " "], ["Who leads?"]),
        (["Who leads?"] * 99, ["Who leads?"] * 20),
        (["?" * 100_000], ["?" * 1000]),
        ("Who leads?", []),
        ({"Who leads?": 1}, []),
        (7, []),
        ([["Who leads?"]], []),
        (["Who leads?", None], []),
    ],
)
def test_only_a_list_of_questions_is_opened_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, questions: object, asked: list[str]
) -> None:
    # Here and not at the top, because it imports Gradio.
    from gradio import EventData

    from app.web.page import Desk

    heard: list[str] = []

    async def hear(
        desk: Desk, question: str, history: object, language: str
    ) -> AsyncIterator[Turn]:
        heard.append(question)
        yield Turn(question, Phase.DONE)

    async def open_again() -> None:
        site = Site(StubAssistant(), LAKESIDE, Settings(data_dir=tmp_path))
        event = EventData(None, {"questions": questions})
        async for screen in Desk(site).respond("", (), "", "en", event):
            assert len(screen) == 5  # the components that an event redraws

    monkeypatch.setattr(Desk, "_replies", hear)
    asyncio.run(open_again())
    assert heard == asked


def test_the_chat_takes_over_and_says_whose_it_is(chat: TestClient) -> None:
    page = chat.get("/")
    assert "gradio-app" in page.text
    assert '<html\n\tlang="en"' in page.text
    assert "Ask: TLP" in page.text
    assert chat.post("/start/again").status_code == 204
    assert chat.get("/start/progress").json()["ready"] is True


def test_the_page_names_no_other_machine(chat: TestClient) -> None:
    page = chat.get("/")
    head = page.text.partition("<script")[0]
    assert "http" not in head.replace("http-equiv", "")
    assert "googleapis" not in page.text
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "http" not in policy
    assert "'unsafe-inline'" not in policy.partition("script-src")[2].partition(";")[0]
    assert page.headers["referrer-policy"] == "no-referrer"


def test_every_page_has_a_nonce_of_its_own(chat: TestClient) -> None:
    first, second = (chat.get("/").headers["content-security-policy"] for _ in range(2))
    assert first != second


def test_only_the_scripts_of_gradio_get_the_nonce(chat: TestClient) -> None:
    page = chat.get("/").text
    within = re.findall(r"<script(?![^>]*\bsrc=)([^>]*)>", page)
    assert len(within) >= 4
    assert all("nonce=" in attributes for attributes in within)


@pytest.mark.parametrize(
    "evil", ["<script>bad()</script>", "<script>window.gradio_config = bad()</script>"]
)
def test_a_script_that_was_slipped_in_gets_no_nonce(evil: str) -> None:
    own = "<script>window.gradio_config = {};</script>"
    html = HTMLResponse(f"<html><head><title>{evil}</title>{own}</head></html>")
    guard = TestClient(Guard(html, [Page("/", "ask", lambda site: None)]))
    page = guard.get("/").text
    assert evil in page
    assert own not in page  # it has the nonce
    assert "nonce=" not in guard.get("/ask/part").text


def test_head_requests_are_answered(chat: TestClient) -> None:
    assert chat.head("/").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/info",
        "/gradio_api/openapi.json",
        "/gradio_api/upload",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/proxy=https://evil.example/",
        "/gradio_api/runs",
        "/gradio_api/deep_link",
        "/gradio_api/heartbeat/abc",
        "/monitoring/summary",
        "/manifest.json",
        "/docs",
        "/openapi.json",
        "/own/../page.py",
        "/own/%2e%2e/page.py",
        "/svelte/x.js",
        "/login",
    ],
)
def test_what_the_chat_does_not_use_is_not_there(chat: TestClient, path: str) -> None:
    assert chat.get(path).status_code == 404
    assert chat.post(path).status_code in {404, 405}


def test_no_client_can_call_the_handlers_by_name(chat: TestClient) -> None:
    for name in ("respond", "predict", "lambda"):
        for path in (f"/gradio_api/call/{name}", f"/gradio_api/run/{name}"):
            assert chat.post(path, json={"data": []}).status_code == 404
    config = chat.get("/config").json()
    assert {each["api_visibility"] for each in config["dependencies"]} == {"private"}


@pytest.mark.parametrize("name", ["style.css", "ask.js", "favicon.svg", "waiting.js"])
def test_own_files_are_served(chat: TestClient, name: str) -> None:
    answer = chat.get(f"/own/{name}")
    assert answer.status_code == 200
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_what_never_changes_is_kept_by_the_browser(chat: TestClient) -> None:
    page = chat.get("/")
    name = page.text.partition('src="./assets/')[2].partition('"')[0]
    assert "immutable" in chat.get(f"/assets/{name}").headers["cache-control"]
    for path in ("/", "/own/style.css", "/assets/nothing-01234567.js"):
        assert "immutable" not in chat.get(path).headers.get("cache-control", "")


def test_a_taken_port_is_told_in_plain_words() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=str(port)) as caught:
            serve(
                lambda on_progress: StubAssistant(),
                port=port,
                partnership=LAKESIDE,
                settings=SETTINGS,
            )
    assert "--port" in caught.value.remedy


def test_the_address_is_told_once_it_listens() -> None:
    addresses: list[str] = []

    def stop_here(address: str) -> None:
        addresses.append(address)
        with pytest.raises(httpx.TimeoutException):  # it listens, though nobody answers yet
            httpx.get(address, timeout=0.2, trust_env=False)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        serve(
            lambda on_progress: StubAssistant(),
            port=0,
            partnership=LAKESIDE,
            settings=SETTINGS,
            on_listening=stop_here,
        )
    assert addresses[0].startswith("http://127.0.0.1:")


def test_other_programs_are_told_how_far_the_start_is() -> None:
    go_on = threading.Event()

    def slowly(on_progress: OnProgress) -> StubAssistant:
        on_progress("Sorting passages", 30, 120, "Progress report")
        assert go_on.wait(30)
        raise LibraryBusy("Another program is writing", remedy="Wait for it.")

    with opened(slowly) as client:
        wait_for(client, stage="Sorting passages")
        assert client.get("/api/v1/health").json() == {"status": "alive"}
        ready = client.get("/api/v1/ready")
        assert ready.status_code == 503
        assert ready.headers["retry-after"] == "5"
        assert "Sorting passages, 25 %." in ready.json()["detail"]
        go_on.set()
        wait_for(client, problem="Another program is writing")
        assert "Wait for it." in client.get("/api/v1/ready").json()["detail"]


@pytest.mark.parametrize("path", ["/api/", "/api/v2/ask", "/api/%0A"])
def test_below_the_door_for_programs_all_errors_have_one_form(chat: TestClient, path: str) -> None:
    answer = chat.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-content-type-options"] == "nosniff"
