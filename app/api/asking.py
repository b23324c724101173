"""``POST /ask``: a question answered, at once or step by step (server-sent events)."""

import json
from collections.abc import AsyncIterator, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from app.api import examples
from app.api.gate import Gate
from app.api.metrics import Metrics
from app.api.problems import refusal_of, told
from app.events import Unverified, Working
from app.service import AskRequest, Service
from app.service.data import AnswerData

EVENTS = "text/event-stream"
_ANSWERED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The answer; or, where the header Accept asks for text/event-stream, what "
        "is being done (working), what a chat model has written so far and nobody has verified "
        "(unverified: the whole text each time), and last the answer (answer) or why there is "
        "none (problem).",
        "content": {
            "application/json": {"example": examples.ANSWER.model_dump(mode="json")},
            EVENTS: {"schema": {"type": "string"}, "example": examples.EVENTS},
        },
    }
}
_QUESTIONS: dict[str, Any] = {
    "question": {"summary": "A question", "value": {"question": "How many regions take part?"}},
    "conversation": {
        "summary": "A question that leans on an earlier one",
        "value": {
            "question": "And which of them lead it?",
            "history": ["How many regions take part?"],
        },
    },
}
PROBLEMS = ("too-large", "not-json-type", "no-json", "foreign-origin")
"""What can be wrong with whatever has a body."""
router = APIRouter(tags=["Questions"])


def gate_of(request: Request) -> Gate:
    """The gate of the application."""
    gate: Gate = request.app.state.gate
    return gate


def metrics_of(request: Request) -> Metrics:
    """The figures of the application."""
    metrics: Metrics = request.app.state.metrics
    return metrics


GateOf = Annotated[Gate, Depends(gate_of)]
MetricsOf = Annotated[Metrics, Depends(metrics_of)]


@router.post(
    "/ask",
    response_model=AnswerData,
    responses=_ANSWERED
    | told(*PROBLEMS, "invalid", "too-long", "not-ready", "too-many", "library", "unexpected"),
    summary="Ask a question",
)
async def ask(
    request: Request,
    asked: Annotated[AskRequest, Body(openapi_examples=_QUESTIONS)],
    gate: GateOf,
    metrics: MetricsOf,
) -> Any:
    """Answer a question from the documents, every statement with its citation.

    Where the documents hold no answer the status is `abstained`, and the text says what is
    missing, what is nearest and whom to ask. With `Accept: text/event-stream` the answer comes as
    server-sent events.
    """
    service = gate.service.observed(metrics.observe("rest"))
    if EVENTS in request.headers.get("accept", ""):
        return EventStream(gate, service, asked)
    async with gate.questions.place():
        return await gate.questions.work(lambda: service.ask(asked.question, asked.history))


class EventStream(Response):
    """Server-sent events of one question; its place is kept until the last has gone out."""

    def __init__(self, gate: Gate, service: Service, asked: AskRequest) -> None:
        super().__init__(media_type=EVENTS)
        self._gate, self._service, self._asked = gate, service, asked

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer (ASGI)."""
        async with self._gate.questions.place():
            # Else a proxy would hold it all back until the end.
            headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
            stream = StreamingResponse(self._events(), media_type=EVENTS, headers=headers)
            await stream(scope, receive, send)

    async def _events(self) -> AsyncIterator[str]:
        steps = self._service.stream(self._asked.question, self._asked.history)
        try:
            # One step after the other in a thread: the next is not begun for nobody.
            while step := await self._gate.questions.work(lambda: next(steps, None)):
                if isinstance(step, Working):
                    yield event("working", {"what": step.what})
                elif isinstance(step, Unverified):
                    yield event("unverified", {"text": step.text})
                else:
                    yield event("answer", step.model_dump(mode="json"))
        except Exception as error:  # the response has begun, so its status can tell no more
            yield event("problem", refusal_of(error).as_json())
        finally:
            steps.close()


def event(name: str, data: Mapping[str, Any]) -> str:
    """One server-sent event."""
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
