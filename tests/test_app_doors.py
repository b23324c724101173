"""The doors of the real server on loopback, and Python as the README shows it."""

import re
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import httpx
import openai
import pytest
from browser import served
from conftest import ROOT
from starlette.routing import Router
from starlette.testclient import TestClient
from stub_assistant import StubAssistant

from app.answering.answer import Answer, Status
from app.assistant import Assistant
from app.events import Finished, Unverified, Working
from app.settings import Settings
from app.web.asking import events
from app.web.doors import Doors
from corpus.errors import LibraryBusy
from corpus.knowledge import Partnership

QUESTION = {"question": "How many projects are there?"}
EVENTS = {"Accept": "text/event-stream"}


class Kept(Assistant):
    """An assistant that stays open when the server has done with it, and waits when told to."""

    def __init__(self, workspace):
        super().__init__(workspace)
        self.go_on, self.closed = threading.Event(), threading.Event()

    def close(self):
        pass

    def stream(self, question, history=()):
        if question != "Wait!":
            yield from super().stream(question, history)
            return
        try:
            yield Working("waiting")
            for _ in range(300):
                if self.go_on.wait(0.1):
                    break
                yield Unverified("So far")
            yield Finished(Answer(question, "Done.", Status.ANSWERED))
        finally:
            self.closed.set()


@pytest.fixture(scope="module")
def assistant(woven_assistant):
    return Kept(woven_assistant.workspace)


@pytest.fixture(scope="module")
def web(assistant, tmp_path_factory):
    settings = Settings(data_dir=tmp_path_factory.mktemp("doors"))
    with (
        served(lambda on_progress: assistant, settings) as address,
        httpx.Client(base_url=address, trust_env=False, timeout=30) as client,
    ):
        for _ in range(300):
            if client.get("api/v1/ready").status_code == 200:
                break
            time.sleep(0.1)
        yield client


@pytest.fixture(autouse=True)
def anew(assistant):
    assistant.go_on.clear()
    assistant.closed.clear()


def test_ten_at_once_are_answered(web):
    with ThreadPoolExecutor(10) as pool:
        replies = list(pool.map(lambda _: web.post("api/v1/ask", json=QUESTION), range(10)))
    assert {reply.status_code for reply in replies} == {200}
    assert len({reply.json()["answer"] for reply in replies}) == 1
    for reply in replies:
        assert reply.headers["x-content-type-options"] == "nosniff"


def test_events_come_when_they_happen(web, assistant):
    with web.stream("POST", "api/v1/ask", json={"question": "Wait!"}, headers=EVENTS) as reply:
        lines = reply.iter_lines()
        assert next(lines) == "event: working"
        assert not assistant.go_on.is_set()
        assistant.go_on.set()
        told = [line for line in lines if line.startswith("event: ")]
    assert told[-1] == "event: answer"


def test_who_hangs_up_leaves_no_work_behind(web, assistant):
    with web.stream("POST", "api/v1/ask", json={"question": "Wait!"}, headers=EVENTS) as reply:
        assert next(reply.iter_lines()) == "event: working"
        assert "ambp_requests_inside 1.0" in web.get("api/v1/metrics").text
    assert assistant.closed.wait(10)
    for _ in range(100):
        if "ambp_requests_inside 0.0" in web.get("api/v1/metrics").text:
            break
        time.sleep(0.05)
    else:
        raise AssertionError("its place was never given back")


def test_the_client_of_openai_is_answered(web):
    with openai.OpenAI(
        base_url=f"{web.base_url}api/openai/v1",
        api_key="unused",
        http_client=openai.DefaultHttpxClient(trust_env=False),
    ) as client:
        message = {"role": "user", "content": QUESTION["question"]}
        whole = client.chat.completions.create(model="ambp", messages=[message])
        parts = client.chat.completions.create(model="ambp", messages=[message], stream=True)
        text = "".join(p.choices[0].delta.content or "" for p in parts if p.choices)
    assert text == whole.choices[0].message.content
    assert "Denim Loop" in text


@pytest.mark.parametrize("path", ["api/v1/ask", "api/openai/v1/chat/completions", "mcp"])
def test_ten_megabytes_are_refused_before_they_are_read(web, path):
    reply = web.post(path, content=b"x" * 10_000_000, headers={"content-type": "application/json"})
    assert reply.status_code == 413
    assert web.get("api/v1/health").status_code == 200


def test_head_is_answered_without_a_body(web):
    reply = web.head("api/v1/health")
    assert (reply.status_code, reply.content) == (200, b"")


def test_the_description_is_served_and_no_page_that_loads_from_elsewhere(web):
    assert web.get("api/v1/openapi.json").json()["openapi"].startswith("3.")
    for path in ("api/v1/docs", "api/v1/redoc", "api/docs"):
        assert web.get(path).status_code == 404


@pytest.mark.slow
def test_python_works_as_the_readme_shows_it(noted):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"^```python\n(from app import Assistant.*?)^```", readme, re.M | re.S)
    # In three lines too.
    short = """\
from app import Assistant
answer = Assistant.open().ask("When do the weavers of Lugano meet?")
print(answer.text)
"""
    told = f"{short}\n{shown}"
    ran = subprocess.run(
        [sys.executable, "-c", told],
        cwd=ROOT, env=noted, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert "Fridays" in ran.stdout.splitlines()[0]
    assert len(ran.stdout.splitlines()) > 1
    assert ran.stderr == ""


@pytest.mark.parametrize(
    ("question", "status"), [("What is it?", "answered"), ("busy?", None), ("crash?", None)]
)
async def test_questions_of_the_pages_are_counted_too(question, status):
    seen = []

    def observe(answer, seconds):
        seen.append(answer and str(answer.status))
        assert seconds > 0

    with ThreadPoolExecutor(1) as threads, suppress(LibraryBusy, RuntimeError):
        async for _ in events(StubAssistant(), question, (), threads, observe):
            pass
    assert seen == [status]


def test_the_figures_of_the_pages_have_a_door_of_their_own(tmp_path):
    partnership = Partnership(name="The Lakeside Partnership", abbreviation="TLP")
    doors = Doors(Settings(data_dir=tmp_path), partnership, lambda: "")
    doors.observe("web")(Answer("Who?", "Nobody.", Status.ABSTAINED), 0.5)
    web = TestClient(doors.beside(Router()), base_url="http://127.0.0.1", client=("127.0.0.1", 5))
    figures = web.get("/api/v1/metrics").text
    assert 'ambp_questions_total{door="web",status="abstained"} 1.0' in figures
    assert web.get("/other").status_code == 404
