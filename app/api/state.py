"""How the server is: alive, ready, and its figures."""

from typing import Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import Response

from app.api.asking import GateOf, MetricsOf
from app.api.border import is_this_machine
from app.api.examples import shown
from app.api.metrics import MEDIA_TYPE
from app.api.problems import Refused, told

router = APIRouter(tags=["State"])
_FIGURES = 'ambp_questions_total{door="rest",status="answered"} 12.0\nambp_ready 1.0\n'


class State(BaseModel):
    """How the server is."""

    status: Literal["alive", "ready"]


@router.get(
    "/health",
    responses=shown({"status": "alive"}, "The server is alive.") | told("foreign-origin"),
    summary="Alive?",
)
async def health() -> State:
    """Whether the server answers at all, even while the library is being prepared."""
    return State(status="alive")


@router.get(
    "/ready",
    responses=shown({"status": "ready"}, "Questions can be asked.")
    | told("not-ready", "foreign-origin"),
    summary="Ready?",
)
async def ready(gate: GateOf) -> State:
    """Whether questions can be asked: the library is prepared."""
    assert gate.service
    return State(status="ready")


@router.get(
    "/metrics",
    response_class=Response,
    responses={
        200: {
            "description": "The figures, as Prometheus reads them.",
            "content": {"text/plain": {"schema": {"type": "string"}, "example": _FIGURES}},
        },
        **told("not-for-you", "foreign-origin"),
    },
    summary="Figures for Prometheus",
)
async def figures(request: Request, metrics: MetricsOf) -> Response:
    """How many questions, how long they took, what is held. Nothing of what was asked.

    Only for this machine, unless the setting AMBP_METRICS says otherwise. A proxy on the same
    machine has to send X-Forwarded-For, or keep this address to itself.
    """
    allowed = request.app.state.settings.metrics
    if allowed == "nobody" or (allowed == "this machine" and not is_this_machine(request.scope)):
        raise Refused(
            "not-for-you",
            "The figures are for the machine on which the server runs.",
            "Whoever runs the server can change that with AMBP_METRICS.",
        )
    return Response(metrics.text(), media_type=MEDIA_TYPE)
