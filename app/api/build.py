"""REST put together: one ASGI application, to be mounted at ``/api``."""

from importlib.metadata import version

from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.api import asking, knowledge, state
from app.api.border import Border, with_cors
from app.api.gate import Gate
from app.api.metrics import Metrics
from app.api.openai import openai_app
from app.api.problems import MEDIA_TYPE, Refused, tell_problems
from app.settings import Settings
from corpus.knowledge import Partnership

_ABOUT = """\
Answers from the documents about {name}, every statement with a numbered citation; and what they
rest on: passages, structured records with the source of every value, sections, sources.

- Every error is a problem detail (RFC 9457) that says what went wrong and what to do.
- While the library is being prepared, and when too many come at once, the status is 503 and
  Retry-After says when to come back.
- The status is 421 where the server is asked for under a name that it does not know; the operator
  names it (AMBP_HOSTS).
- Pages of other sites may use it only where the operator says so (AMBP_API_ORIGINS).
"""
_QUIET = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}


def api_app(gate: Gate, metrics: Metrics, settings: Settings, partnership: Partnership) -> ASGIApp:
    """Everything below ``/api``."""
    nothing = Starlette(exception_handlers={404: _nothing})
    openai: ASGIApp = nothing
    if settings.api:
        openai = below("/openai/v1", openai_app(gate, metrics), nothing)
    app = below("/v1", rest(gate, metrics, settings, partnership), openai)
    border = Border(_HeadAsGet(app), origins=settings.api_origins, hosts=settings.names)
    return with_cors(border, settings.api_origins)


def rest(gate: Gate, metrics: Metrics, settings: Settings, partnership: Partnership) -> FastAPI:
    """What is described by OpenAPI, below ``/api/v1``."""
    app = FastAPI(
        title=f"{partnership.abbreviation} Assistant",
        summary=f"Cited answers about {partnership.name}",
        description=_ABOUT.format(name=partnership.name),
        version=version("ambp"),
        # Relative to the description itself: right behind any proxy.
        servers=[{"url": "../v1", "description": "This server"}],
        root_path_in_servers=False,
        # Their pages load scripts from elsewhere.
        docs_url=None,
        redoc_url=None,
        telemetry=_QUIET,  # type: ignore[arg-type]
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.gate, app.state.metrics, app.state.settings = gate, metrics, settings
    asked = (asking.router, knowledge.router) if settings.api else ()
    for router in (*asked, state.router):
        app.include_router(router)
    tell_problems(app)
    _without_fastapis_own_errors(app)
    return app


def _without_fastapis_own_errors(app: FastAPI) -> None:
    """Drop from the description the form of errors that no operation answers with."""
    described = app.openapi()
    for name in ("HTTPValidationError", "ValidationError"):
        described["components"]["schemas"].pop(name, None)
    for path in described["paths"].values():
        for operation in path.values():
            for status, response in operation["responses"].items():
                if status.startswith(("4", "5")):
                    kinds = response["content"]
                    response["content"] = {MEDIA_TYPE: kinds[MEDIA_TYPE]}


async def _nothing(request: Request, error: Exception) -> Response:
    return Refused(
        "not-found",
        "Nothing is served at this address.",
        "The description is at /api/v1/openapi.json.",
    ).response()


def below(prefix: str, app: ASGIApp, others: ASGIApp) -> ASGIApp:
    """One application for what is below a prefix, another for the rest.

    Starlette's own way, Mount, takes no address with a line break in it for an address.
    """

    async def choose(scope: Scope, receive: Receive, send: Send) -> None:
        root = scope.get("root_path", "")
        if scope["type"] == "http" and scope["path"].startswith(f"{root}{prefix}/"):
            await app({**scope, "root_path": root + prefix}, receive, send)
        else:
            await others(scope, receive, send)

    return choose


class _HeadAsGet:
    """Answers HEAD like GET; the server keeps the body back."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "HEAD":
            scope = {**scope, "method": "GET"}
        await self._app(scope, receive, send)
