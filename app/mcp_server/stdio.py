"""MCP over standard input and output: ``ambp mcp``, started by a desktop assistant.

The protocol is spoken from the first moment, while the library is still being prepared: clients
give a server seconds to say hello. What the tools are asked for waits, and is told how far it is.
Standard output belongs to the protocol alone; the SDK sends whatever else is printed to stderr.
"""

import logging
from collections.abc import Callable

import anyio
from anyio import to_thread
from mcp.server.stdio import stdio_server

from app.api.gate import Gate
from app.api.problems import Refused
from app.assistant import Assistant
from app.mcp_server.server import mcp_server
from app.progress import OnProgress
from app.service import Service
from app.service.service import ignore
from app.settings import Settings
from corpus.errors import AssistantError
from corpus.knowledge import Partnership

_PATIENCE = 45.0  # seconds that a call waits for the library; clients give up after sixty
_STEPS_TOLD = 20  # of a stage, so that a log on stderr stays readable
_LOG = logging.getLogger(__name__)


class Preparation:
    """The library being opened, and how far it is."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._told = ""
        self.state = "Starting."
        self.problem = ""
        self.over = anyio.Event()

    def note(self, stage: str, done: int, total: int, name: str) -> None:
        """Take note of one step (an OnProgress, called from a thread)."""
        part = f", {100 * done // total} %" if total else ""
        self.state = f"{stage}{part}."
        coarse = f"{stage} {_STEPS_TOLD * done // total if total else 0}"
        if coarse != self._told:
            self._told = coarse
            self._tell(self.state)

    def finished(self) -> None:
        """Whoever waits can go on."""
        self._tell("Ready.")
        self.over.set()

    def failed(self, error: Exception) -> None:
        """Whoever waits is told why in vain."""
        if isinstance(error, AssistantError):
            _LOG.error("%s", error.line())
            self.problem = error.line()
        else:
            _LOG.error("The library could not be opened", exc_info=error)
            self.problem = "The command ambp doctor says what is missing."
        self.over.set()

    async def ready(self) -> None:
        """Wait for the library; raises Refused when it does not come in time, or never."""
        with anyio.move_on_after(_PATIENCE):
            await self.over.wait()
        if self.problem:
            raise Refused("library", "The library could not be opened.", self.problem)


async def serve_stdio(
    open_assistant: Callable[[OnProgress], Assistant],
    partnership: Partnership,
    settings: Settings,
    tell: Callable[[str], None],
) -> None:
    """Speak the protocol until the client hangs up; ``tell`` gets lines for stderr."""
    preparation = Preparation(tell)
    gate = Gate(settings.api_at_once, lambda: preparation.state)
    allowed = frozenset(settings.mcp_scopes)
    server = mcp_server(gate, partnership, lambda context: allowed, ignore, ready=preparation.ready)
    try:
        async with stdio_server() as (incoming, outgoing), anyio.create_task_group() as running:
            running.start_soon(_prepare, open_assistant, gate, preparation)
            await server.run(incoming, outgoing, server.create_initialization_options())
            running.cancel_scope.cancel()
    except* BrokenPipeError:
        tell("The client has gone.")


async def _prepare(
    open_assistant: Callable[[OnProgress], Assistant], gate: Gate, preparation: Preparation
) -> None:
    """Open the library and keep it open until cancelled."""
    try:
        assistant = await to_thread.run_sync(
            open_assistant, preparation.note, abandon_on_cancel=True
        )
    except Exception as error:
        preparation.failed(error)
        return
    with assistant, gate.opened(Service(assistant)):
        preparation.finished()
        await anyio.sleep_forever()
