"""A model's reply as it comes: its bounds in time and length, and nothing is left running."""

import threading
import time

import pytest
from langchain_core.messages import AIMessageChunk, HumanMessage
from langchain_core.messages.tool import tool_call_chunk
from model_server import Reply, model_server

from app.model.failures import ModelFailed
from app.model.opening import open_model
from app.model.talking import Talker
from app.settings import Settings

ASKED = [HumanMessage("Who?")]


class Streaming:
    """A model whose reply is whatever a generator gives."""

    _llm_type = "made up"

    def __init__(self, reply):
        self._reply = reply
        self.closed = threading.Event()

    def stream(self, messages):
        try:
            yield from self._reply()
        finally:
            self.closed.set()


def say(model, seconds=30.0):
    return list(Talker(model, (), time.monotonic() + seconds).say(ASKED))


def nobody_draws():
    for _ in range(100):
        if not any(thread.name == "chat model" for thread in threading.enumerate()):
            return True
        time.sleep(0.02)
    return False


def endless(chunk):
    def reply():
        while True:
            yield chunk

    return reply


def test_a_reply_is_said_as_it_grows():
    parts = [AIMessageChunk("No"), AIMessageChunk("body."), AIMessageChunk(
        "", response_metadata={"finish_reason": "stop"})]  # fmt: skip
    model = Streaming(lambda: iter(parts))
    assert say(model) == ["No", "Nobody."]
    assert model.closed.is_set()


@pytest.mark.parametrize(
    "chunk",
    [
        AIMessageChunk("word "),
        AIMessageChunk(""),
        AIMessageChunk("", tool_call_chunks=[tool_call_chunk(args="x" * 500, index=0)]),
        AIMessageChunk("", tool_call_chunks=[tool_call_chunk(name="search", index=0)]),
        "no chunk at all",
    ],
)
def test_a_reply_without_an_end_is_given_up(chunk):
    model = Streaming(endless(chunk))
    with pytest.raises(ModelFailed, match="did not end"):
        say(model)
    assert model.closed.wait(2)
    assert nobody_draws()


def test_pieces_without_a_pause_do_not_put_the_deadline_off():
    def reply():
        while True:
            time.sleep(0.001)
            yield "nothing that counts"

    model = Streaming(reply)
    started = time.monotonic()
    with pytest.raises(ModelFailed, match="in time"):
        say(model, 0.2)
    assert time.monotonic() - started < 1.5
    assert model.closed.wait(2)


def test_what_came_in_time_and_is_taken_late_does_not_count():
    model = Streaming(lambda: iter([AIMessageChunk("One"), AIMessageChunk(" two")]))
    said = Talker(model, (), time.monotonic() + 0.2).say(ASKED)
    assert next(said) == "One"
    time.sleep(0.3)
    with pytest.raises(ModelFailed, match="in time"):
        next(said)


def test_who_takes_no_more_ends_the_stream():
    model = Streaming(endless(AIMessageChunk("a")))
    said = Talker(model, (), time.monotonic() + 30).say(ASKED)
    next(said)
    said.close()
    assert model.closed.wait(2)
    assert nobody_draws()


def test_a_server_that_only_keeps_the_connection_open_holds_no_thread(tmp_path):
    with model_server() as server:
        server.script = lambda request: Reply("So far", broken="alive")
        model = open_model(
            Settings(data_dir=tmp_path, llm="openai:m", llm_base_url=f"{server.url}/v1")
        )
        started = time.monotonic()
        with pytest.raises(ModelFailed, match="in time"):
            say(model, 0.4)
        assert nobody_draws()
        assert time.monotonic() - started < 1.5  # the server goes on for two seconds
