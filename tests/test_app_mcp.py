"""MCP through the official client: over standard input and output, and over HTTP."""

import asyncio
import json
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path

import httpx
import httpx2
import mcp
import pytest
from browser import served
from conftest import NOTE, ROOT
from filelock import FileLock
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client

from app.answering.answer import Answer, Status
from app.api.gate import Gate
from app.assistant import Assistant
from app.cli import main
from app.events import Finished, Working
from app.mcp_server.server import mcp_server
from app.mcp_server.stdio import Preparation
from app.mcp_server.tokens import Tokens
from app.service import Service
from app.service.service import ignore
from app.settings import SCOPES, Settings
from corpus.errors import AssistantError

TOOLS = ["ask", "search_passages", "query_records"]
PROJECTS = {"question": "How many projects are there?"}


class Kept(Assistant):
    """An assistant that stays open when a server has done with it."""

    def close(self):
        pass


def wait_until_ready(address):
    # The protocol's library is imported when the rest is ready.
    hello = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    for _ in range(300):
        answer = httpx.post(address + "mcp", json=hello, trust_env=False)
        if answer.status_code != 503:
            return
        time.sleep(0.1)
    raise AssertionError(answer.text)


@pytest.fixture(scope="module")
def opener(woven_assistant):
    return lambda on_progress: Kept(woven_assistant.workspace)


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    return Settings(data_dir=tmp_path_factory.mktemp("mcp"))


@pytest.fixture(scope="module")
def address(opener, settings):
    with served(opener, settings) as address:
        wait_until_ready(address)
        yield address


@asynccontextmanager
async def over_http(address, key="", mode="auto", **headers):
    if key:
        headers["Authorization"] = f"Bearer {key}"
    async with httpx2.AsyncClient(headers=headers, trust_env=False) as web:
        transport = streamable_http_client(address + "mcp", http_client=web)
        async with mcp.Client(transport, mode=mode) as client:
            yield client


@asynccontextmanager
async def inside(assistant, scopes=SCOPES, ready=True):
    """A client of a server in the same process."""
    gate = Gate(4)
    server = mcp_server(gate, assistant.knowledge.partnership, lambda _: frozenset(scopes), ignore)
    if not ready:
        async with mcp.Client(server) as client:
            yield client
        return
    with gate.opened(Service(assistant)):
        async with mcp.Client(server) as client:
            yield client


async def check_everything(client):
    """All that a desktop assistant may do."""
    assert client.server_info.name == "ambp"
    assert "never an instruction" in client.instructions
    tools = (await client.list_tools()).tools
    assert [tool.name for tool in tools] == TOOLS
    for tool in tools:
        assert tool.annotations.read_only_hint
        assert tool.annotations.idempotent_hint
        assert tool.annotations.open_world_hint is False
        assert tool.output_schema["type"] == "object"
    # The client checks what comes back against the output schema.
    asked = await client.call_tool("ask", PROJECTS)
    answer = asked.structured_content
    assert answer["status"] == "answered"
    assert asked.content[0].text.startswith(answer["answer"])
    cited = answer["citations"][0]
    assert cited["footnote"] in asked.content[0].text
    link = asked.content[1]
    passage = (await client.read_resource(link.uri)).contents[0].text
    assert cited["quote"] in passage
    assert cited["title"] in passage
    records = await client.call_tool(
        "query_records", {"kind": "project", "aggregate": "sum", "field": "budget"}
    )
    assert records.structured_content["computed"]["value"] == "€19.8 million"
    assert "another source says: €4 million [coast-brief" in records.content[0].text
    found = await client.call_tool("search_passages", {"query": "Denim Loop", "limit": 2})
    assert len(found.structured_content["passages"]) == 2
    assert found.structured_content["passages"][0]["id"] in found.content[0].text
    sources = (await client.list_resources()).resources
    assert [source.uri for source in sources] == [
        "ambp://sources/coast-brief", "ambp://sources/coast-review", "ambp://sources/weavers-page",
    ]  # fmt: skip
    text = (await client.read_resource(sources[0].uri)).contents[0].text
    assert text.startswith("# Woven Coasts: a brief for regions")
    first = next(line.rpartition(" ")[2] for line in text.splitlines() if "ambp://pass" in line)
    assert (await client.read_resource(first)).contents[0].text
    templates = (await client.list_resource_templates()).resource_templates
    assert [each.uri_template for each in templates] == [
        "ambp://sources/{source_id}", "ambp://passages/{passage_id}",
    ]  # fmt: skip


# --- Over HTTP ------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_over_http_all_of_it_can_be_had(address, mode):
    async with over_http(address, mode=mode) as client:
        await check_everything(client)


async def test_ten_clients_at_once_are_served(address):
    async def one():
        async with over_http(address) as client:
            return (await client.call_tool("ask", PROJECTS)).structured_content["answer"]

    answers = await asyncio.gather(*(one() for _ in range(10)))
    assert len(set(answers)) == 1


def test_the_figures_count_what_is_asked_over_mcp(address):
    figures = httpx.get(address + "api/v1/metrics", trust_env=False).text
    assert 'ambp_questions_total{door="mcp",status="answered"}' in figures


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 421),
        ({"Host": "127.0.0.1.evil.example"}, 421),
        ({"Host": "localhost.evil.example:7860"}, 421),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Host": "localhost", "Origin": "http://localhost"}, 200),
        ({"Host": "[::1]:7860"}, 200),
    ],
)
def test_no_foreign_page_comes_in(address, headers, status):
    hello = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    headers = {"Accept": "application/json, text/event-stream", **headers}
    answer = httpx.post(address + "mcp", json=hello, headers=headers, trust_env=False)
    assert answer.status_code == status
    if status != 200:
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"\xff", b"[" * 9999, b'{"jsonrpc": "2.0", "id": 1}', b"null"]
)
def test_what_is_no_message_is_refused(address, body):
    headers = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}
    answer = httpx.post(address + "mcp", content=body, headers=headers, trust_env=False)
    assert 400 <= answer.status_code < 500
    assert "Traceback" not in answer.text


def test_a_message_that_is_too_large_is_refused(address):
    huge = {"jsonrpc": "2.0", "id": 1, "method": "ping", "params": {"x": "y" * 10_000_000}}
    assert httpx.post(address + "mcp", json=huge, trust_env=False).status_code == 413


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT"])
def test_there_is_no_session_to_listen_to_or_to_end(address, method):
    answer = httpx.request(method, address + "mcp", trust_env=False)
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


async def test_a_name_of_the_server_has_to_be_known(opener, settings):
    named = replace(settings, hosts=("assistant.example",))
    with served(opener, named) as address:
        wait_until_ready(address)
        async with over_http(address, Host="assistant.example") as client:
            assert (await client.list_tools()).tools


async def test_with_keys_only_those_who_have_one_come_in_and_for_what_it_is_for(
    opener, settings, tmp_path
):
    locked = replace(settings, data_dir=tmp_path, mcp_scopes=("ask", "search", "sources"))
    tokens = Tokens(tmp_path)
    whole, narrow = tokens.make("all", SCOPES), tokens.make("reader", ["search", "records"])
    hello = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    with served(opener, locked) as address:
        wait_until_ready(address)
        for headers in ({}, {"Authorization": "Bearer ambp_wrong"}, {"Authorization": whole}):
            answer = httpx.post(address + "mcp", json=hello, headers=headers, trust_env=False)
            assert answer.status_code == 401
            assert answer.headers["www-authenticate"].startswith("Bearer")
        async with over_http(address, whole) as client:
            assert [t.name for t in (await client.list_tools()).tools] == TOOLS[:2]
        async with over_http(address, narrow) as client:
            # What a key is for, as far as the settings allow it.
            assert [t.name for t in (await client.list_tools()).tools] == ["search_passages"]
            with pytest.raises(mcp.MCPError, match="no tool 'ask'"):
                await client.call_tool("ask", PROJECTS)
            assert (await client.list_resources()).resources == []
        tokens.remove("reader")
        taken = {"Authorization": f"Bearer {narrow}"}
        answer = httpx.post(address + "mcp", json=hello, headers=taken, trust_env=False)
        assert answer.status_code == 401


def test_the_door_can_be_shut(opener, settings):
    shut = replace(settings, mcp_scopes=())
    with served(opener, shut) as address:
        for _ in range(100):
            if httpx.get(address + "api/v1/ready", trust_env=False).status_code == 200:
                break
            time.sleep(0.1)
        answer = httpx.post(address + "mcp", json={}, trust_env=False)
    assert answer.status_code == 404
    assert "AMBP_MCP_SCOPES" in answer.json()["remedy"]


# --- What is told, and to whom --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scopes", "tools", "sources"),
    [
        (("ask",), ["ask"], 0),
        (("search", "records"), ["search_passages", "query_records"], 0),
        (("sources",), [], 3),
    ],
)
async def test_a_client_sees_what_it_may_use(woven_assistant, scopes, tools, sources):
    async with inside(woven_assistant, scopes) as client:
        assert [tool.name for tool in (await client.list_tools()).tools] == tools
        for name in set(TOOLS) - set(tools):
            with pytest.raises(mcp.MCPError, match="There is no tool"):
                await client.call_tool(name, {})
        assert len((await client.list_resources()).resources) == sources
        assert bool((await client.list_resource_templates()).resource_templates) is bool(sources)
        if not sources:
            with pytest.raises(mcp.MCPError, match="There is no resource"):
                await client.read_resource("ambp://sources/coast-brief")
        if "ask" in tools:
            content = (await client.call_tool("ask", PROJECTS)).content
            assert {part.type for part in content} == {"text"}  # no links that cannot be opened


@pytest.mark.parametrize(
    ("tool", "arguments", "told"),
    [
        ("ask", {}, "question: it is missing"),
        ("ask", {"question": " "}, "question: it is empty"),
        ("ask", {"question": "x" * 1001}, "longer than 1000 characters"),
        ("ask", {"question": "x", "mode": "y"}, "mode: there is nothing of that name"),
        ("search_passages", {"query": "x", "limit": 10**9}, "limit: it has to be 50 or less"),
        ("search_passages", {"query": "x", "sources": ["../x"]}, "There is no source '../x'"),
        ("query_records", {"kind": "dogs"}, "there is no kind of record 'dogs'; known are region"),
        ("query_records", {"kind": "project", "fields": ["dog"]}, "Known are number, leader"),
    ],
)
async def test_what_is_wrong_is_told_to_the_model(woven_assistant, tool, arguments, told):
    async with inside(woven_assistant) as client:
        result = await client.call_tool(tool, arguments)
    assert result.is_error
    assert told in result.content[0].text


@pytest.mark.parametrize(
    "uri",
    [
        "ambp://sources/dogs",
        "ambp://passages/dogs",
        "ambp://sources/../../etc/passwd",
        "ambp://sources/coast-brief/..",
        "ambp://sources/coast-brief\n",
        "ambp://passages/%2e%2e",
        "ambp://passages/\x00",
        "ambp://other/coast-brief",
        "file:///etc/passwd",
        "http://127.0.0.1/",
        "x" * 9999,
    ],
)
async def test_a_resource_that_is_not_there_is_told(woven_assistant, uri):
    async with inside(woven_assistant) as client:
        with pytest.raises(mcp.MCPError, match="There is no") as caught:
            await client.read_resource(uri)
    assert caught.value.code == mcp.types.INVALID_PARAMS
    assert "root:" not in caught.value.message


async def test_ids_of_sources_are_completed(woven_assistant):
    reference = mcp.types.ResourceTemplateReference(uri="ambp://sources/{source_id}")
    async with inside(woven_assistant) as client:
        found = await client.complete(reference, {"name": "source_id", "value": "coast"})
    assert found.completion.values == ["coast-brief", "coast-review"]


async def test_a_refusal_says_that_the_documents_hold_no_answer(woven_assistant):
    async with inside(woven_assistant) as client:
        result = await client.call_tool("ask", {"question": "Who is the king of Rome?"})
    assert result.structured_content["status"] == "abstained"
    assert "hold no answer" in result.content[0].text


async def test_while_it_is_being_prepared_the_model_is_told(woven_assistant):
    async with inside(woven_assistant, ready=False) as client:
        assert (await client.list_tools()).tools
        result = await client.call_tool("ask", PROJECTS)
        assert result.is_error
        assert "being prepared" in result.content[0].text
        with pytest.raises(mcp.MCPError, match="being prepared"):
            await client.list_resources()


class Scripted:
    """An assistant that says what it is told to say."""

    def __init__(self, held, events, error=None):
        self.workspace, self.knowledge = held.workspace, held.knowledge
        self.vocabulary = held.vocabulary
        self.events, self.error = events, error

    def stream(self, question, history=()):
        yield from self.events
        if self.error:
            raise self.error


async def test_an_error_that_nobody_foresaw_has_a_number_and_no_details(woven_assistant, caplog):
    broken = Scripted(woven_assistant, (), RuntimeError("secret detail"))
    async with inside(broken) as client:
        result = await client.call_tool("ask", PROJECTS)
    assert result.is_error
    assert "secret" not in result.content[0].text
    number = result.content[0].text.rpartition("(number ")[2].rstrip(")")
    assert any(number in record.getMessage() for record in caplog.records)


async def test_what_is_being_done_is_reported_on_the_way(woven_assistant):
    told = []

    async def hear(progress, total, message):
        told.append(message)

    done = Finished(Answer("Who?", "Nobody.", Status.ANSWERED))
    script = Scripted(woven_assistant, [Working("searching"), Working("writing"), done])
    async with inside(script) as client:
        result = await client.call_tool("ask", PROJECTS, progress_callback=hear)
    assert told == ["searching", "writing"]
    assert result.structured_content["answer"] == "Nobody."


# --- Over standard input and output ---------------------------------------------------------------


FRIDAYS = {"question": "When do the weavers of Lugano meet?"}


@pytest.fixture(scope="module")
def command(noted):
    """The real command with its environment: one document, without the bundled knowledge."""
    return str(Path(sys.executable).with_name("ambp")), noted


@pytest.mark.slow
async def test_the_command_speaks_to_a_desktop_assistant(command, tmp_path):
    ambp, environ = command
    started = StdioServerParameters(command=ambp, args=["mcp"], env=environ, cwd=ROOT)
    with (tmp_path / "stderr").open("w+") as errors:
        async with mcp.Client(stdio_client(started, errlog=errors)) as client:
            assert [tool.name for tool in (await client.list_tools()).tools] == TOOLS
            # What is asked waits while the library is opened.
            asked = await client.call_tool("ask", FRIDAYS)
            assert "Fridays" in asked.structured_content["answer"]
            passage = await client.read_resource(asked.content[1].uri)
            assert passage.contents[0].text.startswith(NOTE.strip())
            (source,) = (await client.list_resources()).resources
            assert (await client.read_resource(source.uri)).contents[0].text.startswith("# ")
        errors.seek(0)
        assert errors.read() == "ambp: Ready.\n"


def test_how_far_the_preparation_is_goes_to_standard_error(capsys):
    told = []
    preparation = Preparation(told.append)
    for done in range(1000):
        preparation.note("Preparing the knowledge", done, 1000, "x")
    assert preparation.state == "Preparing the knowledge, 99 %."
    assert told[0] == "Preparing the knowledge, 0 %."
    assert len(told) == 20
    assert capsys.readouterr() == ("", "")


@pytest.mark.slow
def test_standard_output_carries_the_protocol_alone(command):
    ambp, environ = command
    messages = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
            "protocolVersion": "2025-06-18", "capabilities": {},
            "clientInfo": {"name": "test", "version": "1"}}},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {
            "name": "ask", "arguments": FRIDAYS}},
    ]  # fmt: skip
    with subprocess.Popen(
        [ambp, "mcp"], env=environ, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        process.stdin.write("this is no message\n")
        process.stdin.write("".join(json.dumps(message) + "\n" for message in messages))
        process.stdin.flush()
        lines = []
        while not lines or json.loads(lines[-1]).get("id") != 2:
            lines.append(process.stdout.readline())
        process.stdin.close()
        lines += process.stdout.readlines()
        errors = process.stderr.read()
        assert process.wait(20) == 0
    answers = [json.loads(line) for line in lines]
    assert all(answer["jsonrpc"] == "2.0" for answer in answers)
    assert answers[-1]["result"]["structuredContent"]["status"] == "answered"
    assert "Traceback" not in errors


@pytest.mark.slow
@pytest.mark.parametrize(
    ("leave", "code", "told"),
    [
        (lambda process: process.stdout.close(), 0, "ambp: The client has gone.\n"),
        (lambda process: process.send_signal(signal.SIGINT), -signal.SIGINT, ""),
    ],
)
def test_it_ends_without_ado_when_nobody_listens_any_more(command, leave, code, told):
    ambp, environ = command
    hello = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    with subprocess.Popen(
        [ambp, "mcp"], env=environ, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stderr.readline() == "ambp: Ready.\n"
        leave(process)
        with suppress(BrokenPipeError):
            process.stdin.write(json.dumps(hello) + "\n")
            process.stdin.flush()
        if code == 0:
            process.stdin.close()  # else what waits for a line of it keeps it from ending
        assert process.wait(30) == code
        assert process.stderr.read() == told


@pytest.mark.slow
async def test_a_library_that_cannot_be_opened_is_told_to_the_model(command, tmp_path):
    ambp, environ = command
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    environ = {**environ, "AMBP_DATA_DIR": str(blocked / "data")}
    started = StdioServerParameters(command=ambp, args=["mcp"], env=environ, cwd=ROOT)
    with (tmp_path / "stderr").open("w+") as errors:
        async with mcp.Client(stdio_client(started, errlog=errors)) as client:
            result = await client.call_tool("ask", PROJECTS)
        errors.seek(0)
        assert "cannot be made" in errors.read()
    assert result.is_error
    assert "cannot be made" in result.content[0].text


# --- The commands ---------------------------------------------------------------------------------


def run(*arguments, **environ):
    return main(arguments, environ=environ)


def test_keys_are_made_listed_and_taken_away(tmp_path, capsys):
    where = {"AMBP_DATA_DIR": str(tmp_path)}
    assert run("mcp-token", **where) == 0
    assert "programs come in without" in capsys.readouterr().out
    assert run("mcp-token", "desk", "--scope", "sources", "--scope", "ask", **where) == 0
    key = capsys.readouterr().out.strip()
    assert Tokens(tmp_path).known(key).scopes == ("ask", "sources")
    kept = tmp_path / "mcp-tokens.json"
    assert key not in kept.read_text()
    assert kept.stat().st_mode & 0o777 == 0o600
    assert run("mcp-token", "other", **where) == 0
    capsys.readouterr()
    assert run("mcp-token", **where) == 0
    assert capsys.readouterr().out == "desk: ask, sources\nother: ask, search, records, sources\n"
    assert run("mcp-token", "desk", "--remove", **where) == 0
    assert Tokens(tmp_path).known(key) is None
    assert run("mcp-token", "desk", "--remove", **where) == 2
    assert "no key 'desk'" in capsys.readouterr().err
    assert run("mcp-token", "other", "--remove", **where) == 0
    # Taking the last one away must not open the door to everyone.
    assert "No program can come in" in capsys.readouterr().out
    assert Tokens(tmp_path).needed


def test_a_new_key_of_a_name_replaces_the_old_one(tmp_path):
    tokens = Tokens(tmp_path)
    old, new = tokens.make("desk", ["ask"]), tokens.make("desk", ["search"])
    assert tokens.known(old) is None
    assert tokens.known(new).scopes == ("search",)
    for wrong in ("", "ambp_", new[:-1], new + "x", "\ud800"):
        assert tokens.known(wrong) is None


def test_keys_that_are_made_at_once_are_all_kept(tmp_path):
    names = [f"desk {number}" for number in range(24)]
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(lambda name: Tokens(tmp_path).make(name, ["ask"]), names))
    tokens = Tokens(tmp_path)
    assert {tokens.known(key).name for key in keys} == set(names)
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(lambda name: Tokens(tmp_path).remove(name), names[1:]))
    assert [token.name for token in tokens.all()] == names[:1]


def test_keys_that_another_command_changes_are_waited_for_and_then_told(tmp_path, monkeypatch):
    monkeypatch.setattr("app.mcp_server.tokens._PATIENCE", 0.1)
    with (
        FileLock(tmp_path / "mcp-tokens.lock"),
        pytest.raises(AssistantError, match="another command"),
    ):
        Tokens(tmp_path).make("desk", ["ask"])
    assert not Tokens(tmp_path).needed


def test_a_file_of_keys_that_is_none_keeps_everyone_out(tmp_path, capsys):
    (tmp_path / "mcp-tokens.json").write_text("[{}]")
    assert run("mcp-token", AMBP_DATA_DIR=str(tmp_path)) == 2
    assert "make new keys" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--remove"], ["--scope", "ask"]])
def test_an_option_of_a_key_needs_its_name(tmp_path, arguments):
    assert run("mcp-token", *arguments, AMBP_DATA_DIR=str(tmp_path)) == 2


def test_a_command_that_may_do_nothing_says_so(capsys):
    assert run("mcp", AMBP_MCP_SCOPES="") == 2
    assert "AMBP_MCP_SCOPES" in capsys.readouterr().err
