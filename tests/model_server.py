"""A server of the tests' own that speaks the wire protocols of chat models, on loopback.

OpenAI's chat completions (Mistral's are the same), Ollama's chat and Anthropic's messages; streamed
or not. What it answers is decided by a function of the request, so that it can invent, obey, break.
"""

import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

KEY = r"\[(q[a-z2-7]{6})\] "


@dataclass(frozen=True)
class Reply:
    """What the model says: text and calls of tools as (name, arguments as JSON text).

    ``broken`` is how the reply goes wrong: truncated, no_end, malformed, slow, silent, alive, cut.
    """

    text: str = ""
    calls: tuple[tuple[str, str], ...] = ()
    status: int = 200
    broken: str = ""
    tokens: tuple[int, int] = (120, 30)


@dataclass
class Request:
    """What was asked: the path, the body and its messages as (role, text)."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def messages(self) -> list[tuple[str, str]]:
        found = [(m["role"], _text(m.get("content"))) for m in self.body["messages"]]
        system = self.body.get("system")
        return [("system", _text(system)), *found] if system else found

    @property
    def tools(self) -> list[dict[str, Any]]:
        return self.body.get("tools") or []

    @property
    def text(self) -> str:
        return "\n".join(text for _, text in self.messages)


Script = Callable[[Request], Reply]


@dataclass
class ModelServer:
    """The address of a server, and what it was asked so far."""

    url: str = ""
    script: Script = field(default=lambda request: Reply("NO ANSWER"))
    requests: list[Request] = field(default_factory=list)


def _text(content: Any) -> str:
    if isinstance(content, list):
        return "\n".join(_text(part.get("text", part.get("content", ""))) for part in content)
    return content or ""


@contextmanager
def model_server() -> Iterator[ModelServer]:
    state = ModelServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *args: object) -> None:
            pass

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            request = Request(self.path, dict(self.headers), body)
            state.requests.append(request)
            try:
                _answer(self, request, state.script(request))
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True  # whoever asked has given up

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *args: None  # a client that gave up is nothing to report
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def unused_address() -> str:
    """An address at which nothing listens."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{held.getsockname()[1]}"


def _answer(handler: BaseHTTPRequestHandler, request: Request, reply: Reply) -> None:
    if reply.broken == "slow":
        time.sleep(1.5)
    if reply.status != 200:
        message = "this model does not support tools" if reply.status == 400 else "told to fail"
        _send(handler, reply.status, json.dumps({"error": {"message": message, "type": "x"}}))
        return
    if request.path.endswith("/api/chat"):
        lines, kind = _ollama(request, reply), "application/x-ndjson"
    elif request.path.endswith("/v1/messages"):
        lines, kind = _anthropic(request, reply), "text/event-stream"
    elif request.body.get("stream"):
        lines, kind = _openai(request, reply), "text/event-stream"
    else:
        _send(handler, 200, json.dumps(_openai_whole(request, reply)))
        return
    handler.send_response(200)
    handler.send_header("Content-Type", kind)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    garbage = "{\n" if kind == "application/x-ndjson" else 'data: {"choices": [{"delta": \n\n'
    for number, line in enumerate(lines):
        data = (garbage if reply.broken == "malformed" and number == 1 else line).encode()
        handler.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        handler.wfile.flush()
        if reply.broken == "truncated" and number == 1:
            handler.close_connection = True
            handler.connection.shutdown(socket.SHUT_RDWR)
            return
        if reply.broken in ("silent", "alive") and number == 1:
            _say_nothing(handler, alive=reply.broken == "alive")
            return
    handler.wfile.write(b"0\r\n\r\n")


def _say_nothing(handler: BaseHTTPRequestHandler, *, alive: bool) -> None:
    """Keep the connection open; ``alive``: with marks that say so."""
    for _ in range(20):
        time.sleep(0.1)
        if alive:
            handler.wfile.write(b"d\r\n: keep-alive\n\r\n")
            handler.wfile.flush()
    handler.close_connection = True


def _send(handler: BaseHTTPRequestHandler, status: int, text: str) -> None:
    data = text.encode()
    handler.send_response(status)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(data)))
    handler.end_headers()
    handler.wfile.write(data)


def _pieces(text: str) -> list[str]:
    return [text[i : i + 24] for i in range(0, len(text), 24)] or [""]


def _openai(request: Request, reply: Reply) -> Iterator[str]:
    def chunk(delta: dict[str, Any], finish: str | None = None, **more: Any) -> str:
        choices = [{"index": 0, "delta": delta, "finish_reason": finish}]
        body = {"id": "c", "object": "chat.completion.chunk", "created": 0, "model": "m"}
        return f"data: {json.dumps(body | {'choices': choices} | more)}\n\n"

    yield chunk({"role": "assistant", "content": ""})
    for piece in _pieces(reply.text):
        yield chunk({"content": piece})
    for number, (name, arguments) in enumerate(reply.calls):
        function = {"name": name, "arguments": arguments}
        call = {"index": number, "id": f"call{number:05}", "type": "function", "function": function}
        yield chunk({"tool_calls": [call]})
    if reply.broken == "no_end":
        return
    finish = "length" if reply.broken == "cut" else "tool_calls" if reply.calls else "stop"
    taken, given = reply.tokens
    usage = {"prompt_tokens": taken, "completion_tokens": given, "total_tokens": taken + given}
    yield chunk({}, finish, **({"usage": usage} if "mistral" in request.body["model"] else {}))
    if (request.body.get("stream_options") or {}).get("include_usage"):
        body = {"id": "c", "object": "chat.completion.chunk", "created": 0, "model": "m"}
        yield f"data: {json.dumps(body | {'choices': [], 'usage': usage})}\n\n"
    yield "data: [DONE]\n\n"


def _openai_whole(request: Request, reply: Reply) -> dict[str, Any]:
    calls = [
        {"id": f"call{n:05}", "type": "function", "function": {"name": name, "arguments": args}}
        for n, (name, args) in enumerate(reply.calls)
    ]
    message = {"role": "assistant", "content": reply.text} | (
        {"tool_calls": calls} if calls else {}
    )
    taken, given = reply.tokens
    return {
        "id": "c", "object": "chat.completion", "created": 0, "model": request.body["model"],
        "choices": [{"index": 0, "message": message,
                     "finish_reason": "tool_calls" if calls else "stop"}],
        "usage": {"prompt_tokens": taken, "completion_tokens": given,
                  "total_tokens": taken + given},
    }  # fmt: skip


def _ollama(request: Request, reply: Reply) -> Iterator[str]:
    def line(message: dict[str, Any], **more: Any) -> str:
        body = {"model": "m", "created_at": "2024-01-01T00:00:00Z", "message": message}
        return json.dumps(body | {"done": False} | more) + "\n"

    for piece in _pieces(reply.text):
        yield line({"role": "assistant", "content": piece})
    for name, arguments in reply.calls:
        function = {"name": name, "arguments": json.loads(arguments)}
        yield line({"role": "assistant", "content": "", "tool_calls": [{"function": function}]})
    if reply.broken == "no_end":
        return
    taken, given = reply.tokens
    yield line(
        {"role": "assistant", "content": ""}, done=True, prompt_eval_count=taken, eval_count=given,
        done_reason="length" if reply.broken == "cut" else "stop",
    )  # fmt: skip


def _anthropic(request: Request, reply: Reply) -> Iterator[str]:
    def event(kind: str, **data: Any) -> str:
        return f"event: {kind}\ndata: {json.dumps({'type': kind} | data)}\n\n"

    taken, given = reply.tokens
    message = {
        "id": "m", "type": "message", "role": "assistant", "content": [], "model": "m",
        "stop_reason": None, "stop_sequence": None,
        "usage": {"input_tokens": taken, "output_tokens": 0},
    }  # fmt: skip
    yield event("message_start", message=message)
    yield event("content_block_start", index=0, content_block={"type": "text", "text": ""})
    for piece in _pieces(reply.text):
        yield event("content_block_delta", index=0, delta={"type": "text_delta", "text": piece})
    yield event("content_block_stop", index=0)
    stop = {"stop_reason": "end_turn", "stop_sequence": None}
    yield event("message_delta", delta=stop, usage={"input_tokens": taken, "output_tokens": given})
    yield event("message_stop")
