"""The doors for other programs beside the pages: REST at ``/api``, MCP at ``/mcp``."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from importlib import import_module

from starlette.types import ASGIApp, Receive, Scope, Send

from app.api.border import Border, with_cors
from app.api.build import api_app, below
from app.api.gate import Gate
from app.api.metrics import Metrics
from app.api.problems import Refused
from app.assistant import Assistant
from app.service import Service
from app.service.service import Observe
from app.settings import Settings
from corpus.knowledge import Partnership

MCP = "/mcp"
_PROTOCOL = "app.mcp_server.http"


class Doors:
    """There from the first moment; what is behind them opens once the library is prepared."""

    def __init__(
        self, settings: Settings, partnership: Partnership, progress: Callable[[], str]
    ) -> None:
        """``progress`` says in words how far the preparation is."""
        self._settings, self._partnership = settings, partnership
        self._gate = Gate(settings.api_at_once, progress)
        self._metrics = Metrics(self._gate)
        self._protocol: ASGIApp | None = None  # what speaks MCP

    def observe(self, door: str) -> Observe:
        """What is to be told of every question that comes through a door."""
        return self._metrics.observe(door)

    def beside(self, pages: ASGIApp) -> ASGIApp:
        """The doors and the pages as one application."""
        settings = self._settings
        mcp = Border(self._mcp, origins=settings.api_origins, hosts=settings.names)
        guarded = with_cors(mcp, settings.api_origins)
        rest = api_app(self._gate, self._metrics, settings, self._partnership)

        async def others(scope: Scope, receive: Receive, send: Send) -> None:
            at_mcp = scope["type"] == "http" and scope["path"] == scope.get("root_path", "") + MCP
            await (guarded if at_mcp else pages)(scope, receive, send)

        return below("/api", rest, others)

    def load(self) -> None:
        """Import what speaks MCP, which takes a second."""
        if self._settings.mcp_scopes:
            import_module(_PROTOCOL)

    @asynccontextmanager
    async def opened(self, assistant: object) -> AsyncIterator[None]:
        """While this lasts, other programs can have what the assistant knows."""
        if not isinstance(assistant, Assistant):  # a stand-in that can only answer
            yield
            return
        with self._gate.opened(Service(assistant)):
            # In a task of its own, because what it starts has to be ended where it was started.
            speaking = asyncio.create_task(self._speak())
            try:
                yield
            finally:
                speaking.cancel()
                with suppress(asyncio.CancelledError):
                    await speaking

    async def _speak(self) -> None:
        """Speak MCP until cancelled."""
        if not self._settings.mcp_scopes:
            return
        module = import_module(_PROTOCOL)
        observe = self.observe("mcp")
        over_http = module.over_http(self._gate, self._partnership, self._settings, observe)
        async with over_http as protocol:
            self._protocol = protocol
            try:
                await asyncio.Event().wait()
            finally:
                self._protocol = None

    async def _mcp(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            protocol = self._open_to(scope)
        except Refused as refused:
            await refused.response()(scope, receive, send)
        else:
            await protocol(scope, receive, send)

    def _open_to(self, scope: Scope) -> ASGIApp:
        """What speaks MCP; raises Refused where it cannot be had."""
        if not self._settings.mcp_scopes:
            raise Refused(
                "not-found",
                "This server does not speak MCP.",
                "Whoever runs the server can change that with AMBP_MCP_SCOPES.",
            )
        if scope["method"] != "POST":
            # No session is kept, so there is nothing to listen to and nothing to end.
            raise Refused(
                "method-not-allowed",
                "MCP is spoken with POST here.",
                "Use a client that speaks MCP over streamable HTTP.",
                headers={"Allow": "POST"},
            )
        if self._protocol is None:
            assert self._gate.service  # raises Refused while there is none
            raise Refused("not-ready", "MCP is being prepared.", "Ask again in a moment.")
        return self._protocol
