"""A door for programs that know only the OpenAI API: ``/api/openai/v1``.

The assistant is offered as a chat model named after the product. What it answers is the verified
answer with its footnotes, never a text that nobody checked; while a chat model is at work, a stream
carries comments only. Instructions to the model (system messages), its parameters and its tools
have no effect here, and keys are not looked at. Errors have the form that OpenAI's clients read.
"""

import json
import time
from collections.abc import AsyncIterator, Mapping
from secrets import token_hex
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from app.answering.answer import Answer
from app.api.gate import Gate
from app.api.metrics import Metrics
from app.api.problems import Refused, Safety, in_plain_words, refusal_of
from app.requests import MAX_HISTORY
from app.service import AskRequest, Service
from app.service.data import AnswerData
from app.service.text import answer_text

MODEL = "ambp"
_KEPT_HEADERS = ("retry-after", "allow")
_SINCE = 1_600_000_000  # the protocol wants a time of creation; this is as good as any


class _Lenient(BaseModel):
    model_config = ConfigDict(extra="ignore")


class Part(_Lenient):
    """A part of a message; only text has any meaning here."""

    type: str = "text"
    text: str = ""


class Message(_Lenient):
    """A message of a conversation."""

    role: str
    content: str | list[Part] | None = None

    @property
    def text(self) -> str:
        """What is said."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type == "text")
        return self.content or ""


class Options(_Lenient):
    """How a stream is wanted."""

    include_usage: bool = False


class Completion(_Lenient):
    """What a client asks for; what is not here has no effect."""

    model: str
    messages: list[Message] = Field(min_length=1, max_length=1000)
    stream: bool = False
    stream_options: Options | None = None
    n: Literal[1] | None = 1

    def question(self) -> AskRequest:
        """The last message of the user, after those before it; raises ValidationError."""
        said = [message.text for message in self.messages if message.role == "user"]
        earlier = [text for text in said[:-1] if text.strip()]
        asked = {"question": said[-1] if said else "", "history": earlier[-MAX_HISTORY:]}
        return AskRequest.model_validate(asked)


def openai_app(gate: Gate, metrics: Metrics) -> Starlette:
    """Everything below ``/api/openai/v1``."""
    app = Starlette(
        routes=[
            Route("/models", _models),
            Route("/models/{name}", _model),
            Route("/chat/completions", _complete, methods=["POST"]),
        ],
        middleware=[Middleware(Safety, respond=_told)],
        exception_handlers={HTTPException: _nowhere},
    )
    app.state.gate, app.state.metrics = gate, metrics
    return app


_DESCRIBED = {"id": MODEL, "object": "model", "created": _SINCE, "owned_by": "ambp"}


async def _models(request: Request) -> Response:
    return JSONResponse({"object": "list", "data": [_DESCRIBED]})


async def _model(request: Request) -> Response:
    _check_model(request.path_params["name"])
    return JSONResponse(_DESCRIBED)


def _check_model(name: str) -> None:
    if name != MODEL:
        raise Refused("unknown-model", "There is no such model here.", f"Use the model {MODEL}.")


async def _complete(request: Request) -> Response:
    gate: Gate = request.app.state.gate
    try:
        wanted = Completion.model_validate_json(await request.body())
        _check_model(wanted.model)
        asked = wanted.question()
    except ValidationError as error:
        told = (f"{'.'.join(map(str, e['loc']))}: {in_plain_words(e)}" for e in error.errors()[:3])
        raise Refused("invalid", f"{'; '.join(told)}.") from error
    service = gate.service.observed(request.app.state.metrics.observe("openai"))
    spent = _Spent(service)
    if wanted.stream:
        counted = bool(wanted.stream_options and wanted.stream_options.include_usage)
        return _Stream(gate, spent, asked, counted)
    async with gate.questions.place():
        answer = await gate.questions.work(lambda: spent.service.ask(asked.question, asked.history))
    message = {"role": "assistant", "content": answer_text(answer), "refusal": None}
    choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
    return JSONResponse(
        {**_head("chat.completion"), "choices": [choice], "usage": spent.tokens, **_more(answer)}
    )


class _Spent:
    """What the chat model behind it cost, for the one question that is asked of the service."""

    def __init__(self, service: Service) -> None:
        self.tokens = _tokens(None)
        observe = service.observe

        def see(answer: Answer | None, seconds: float) -> None:
            observe(answer, seconds)
            self.tokens = _tokens(answer)

        self.service = service.observed(see)


def _tokens(answer: Answer | None) -> dict[str, int]:
    usage = answer.usage if answer else None
    read, written = (usage.tokens_in, usage.tokens_out) if usage else (0, 0)
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}


class _Stream(Response):
    """The answer as a stream of chunks; its place is kept until the last has gone out."""

    def __init__(self, gate: Gate, spent: _Spent, asked: AskRequest, counted: bool) -> None:
        super().__init__(media_type="text/event-stream")
        self._gate, self._spent, self._asked, self._counted = gate, spent, asked, counted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with self._gate.questions.place():
            headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
            chunks = StreamingResponse(
                self._chunks(), media_type="text/event-stream", headers=headers
            )
            await chunks(scope, receive, send)

    async def _chunks(self) -> AsyncIterator[str]:
        head = _head("chat.completion.chunk")
        steps = self._spent.service.stream(self._asked.question, self._asked.history)
        try:
            yield _chunk(head, {"role": "assistant", "content": ""})
            while step := await self._gate.questions.work(lambda: next(steps, None)):
                if isinstance(step, AnswerData):
                    yield _chunk(head, {"content": answer_text(step)})
                    yield _chunk(head, {}, finish="stop", **_more(step))
                else:
                    yield ": working\n\n"  # keeps the connection open, and says nothing unchecked
            if self._counted:
                yield _data({**head, "choices": [], "usage": self._spent.tokens})
        except Exception as error:
            yield _data(_error(refusal_of(error)))
        finally:
            steps.close()
        yield "data: [DONE]\n\n"


def _head(kind: str) -> dict[str, Any]:
    name = f"chatcmpl-{token_hex(12)}"
    return {"id": name, "object": kind, "created": int(time.time()), "model": MODEL}


def _chunk(
    head: Mapping[str, Any], delta: Mapping[str, str], finish: str | None = None, **more: Any
) -> str:
    choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
    return _data({**head, "choices": [choice], **more})


def _more(answer: AnswerData) -> dict[str, Any]:
    """Beyond the protocol, for clients that look at it: the evidence as data."""
    row = answer.model_dump(mode="json", include={"status", "citations"})
    return {"citations": row["citations"], "status": row["status"]}


def _data(value: Mapping[str, Any]) -> str:
    return f"data: {json.dumps(value, ensure_ascii=False)}\n\n"


def _error(refused: Refused) -> dict[str, Any]:
    told = refused.problem
    message = f"{told.detail} {told.remedy}".strip() + (f" (number {told.id})" if told.id else "")
    kind = "server_error" if told.status >= 500 else "invalid_request_error"
    return {"error": {"message": message, "type": kind, "param": None, "code": refused.name}}


def _told(refused: Refused) -> Response:
    headers = {k: v for k, v in refused.response().headers.items() if k in _KEPT_HEADERS}
    return JSONResponse(_error(refused), refused.problem.status, headers=headers)


async def _nowhere(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    name = "method-not-allowed" if error.status_code == 405 else "not-found"
    refused = Refused(name, "There is no such thing here.", "Use /chat/completions or /models.")
    refused.headers.update(error.headers or {})
    return _told(refused)
