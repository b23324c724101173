"""The web server: answers from the first second, with a page about the start, then with the chat.

Nothing that it serves makes a browser reach for another machine, and a content security policy
tells the browser so.
"""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from importlib import import_module
from threading import Thread
from typing import TYPE_CHECKING, TypeVar, cast

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from app.progress import OnProgress
from app.settings import Settings
from app.web.conversation import CanAnswer
from app.web.doors import Doors
from app.web.examples import ExampleGroup
from app.web.guard import Guard
from app.web.pages import PAGES
from app.web.site import Site
from app.web.startup import Startup, waiting_page
from corpus.errors import AssistantError, SettingsError
from corpus.knowledge import Partnership

if TYPE_CHECKING:  # comes with Gradio, later: the first page does without it
    from fastapi import FastAPI

OpenAssistant = Callable[[OnProgress], CanAnswer]

_T = TypeVar("_T")
_LOG = logging.getLogger(__name__)
# Browsers keep a connection open for as long as the page; stopping does not wait for them.
_SECONDS_TO_STOP = 2


def serve(
    open_assistant: OpenAssistant,
    host: str = "127.0.0.1",
    port: int = 7860,
    *,
    partnership: Partnership,
    settings: Settings,
    examples: Sequence[ExampleGroup] = (),
    on_listening: Callable[[str], None] = lambda address: None,
) -> None:
    """Serve the chat until the process is stopped; ``on_listening`` gets its address.

    ``open_assistant`` runs in a thread while the pages already answer. Raises SettingsError when
    the address cannot be used.
    """
    with _listening(host, port) as listener:
        on_listening(_address(host, listener.getsockname()[1]))
        config = uvicorn.Config(
            build_app(open_assistant, partnership, settings, examples),
            log_level="warning",
            timeout_graceful_shutdown=_SECONDS_TO_STOP,
        )
        # Ctrl-C is how one stops it, not an error.
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listener])


def build_app(
    open_assistant: OpenAssistant,
    partnership: Partnership,
    settings: Settings,
    examples: Sequence[ExampleGroup] = (),
) -> ASGIApp:
    """The whole web application as ASGI."""
    switch = _Switch(
        open_assistant,
        partnership,
        lambda assistant: Site(
            assistant, partnership, settings, examples, observe=switch.doors.observe("web")
        ),
        settings,
    )
    app = Starlette(
        routes=[
            Route("/start/progress", switch.progress),
            Route("/start/again", switch.again, methods=["POST"]),
            Mount("/own", StaticFiles(packages=[("app.web", "static")])),
            Mount("/", switch),
        ],
        lifespan=switch.lifespan,
    )
    return Guard(switch.doors.beside(app), PAGES)


class _Switch:
    """Shows the page about the start until the chat is ready, then the chat."""

    def __init__(
        self,
        open_assistant: OpenAssistant,
        partnership: Partnership,
        make_site: Callable[[CanAnswer], Site],
        settings: Settings,
    ) -> None:
        self._open, self._partnership, self._make_site = open_assistant, partnership, make_site
        self._startup = Startup()
        self.doors = Doors(settings, partnership, lambda: self._startup.progress.in_words)
        self._try_again = asyncio.Event()
        self._chat: ASGIApp | None = None
        self._addresses = {"", *(page.path for page in PAGES)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._chat is not None:
            await self._chat(scope, receive, send)
            return
        page: Response
        if scope["path"].removeprefix(scope.get("root_path", "").rstrip("/")) in self._addresses:
            page = HTMLResponse(waiting_page(self._partnership))
        else:
            page = Response("Not ready yet", status_code=503, headers={"Retry-After": "2"})
        await page(scope, receive, send)

    async def progress(self, request: Request) -> Response:
        """How far the start is, for the page that waits."""
        return JSONResponse(self._startup.progress.as_json())

    async def again(self, request: Request) -> Response:
        """Start over after a failure."""
        if self._startup.progress.problem:
            self._startup.note("Starting", 0, 0, "")
            self._try_again.set()
        return Response(status_code=204)

    @asynccontextmanager
    async def lifespan(self, app: Starlette) -> AsyncIterator[None]:
        """Open the assistant in the background for as long as the server runs."""
        async with AsyncExitStack() as running:
            starting = asyncio.create_task(self._start(running))
            try:
                yield
            finally:
                starting.cancel()
                with suppress(asyncio.CancelledError):
                    await starting

    async def _start(self, running: AsyncExitStack) -> None:
        while True:
            try:
                async with AsyncExitStack() as opened:
                    chat = await self._opened(opened)
                    await running.enter_async_context(opened.pop_all())
            except Exception as error:  # told on the page; the visitor can have it tried again
                if isinstance(error, AssistantError):
                    _LOG.error("%s", error.line())
                else:
                    _LOG.exception("The assistant could not be opened")
                self._startup.failed(error)
                await self._try_again.wait()
                self._try_again.clear()
            else:
                self._chat = chat
                self._startup.ready()
                return

    async def _opened(self, opened: AsyncExitStack) -> ASGIApp:
        # Gradio takes seconds to import: neither the first page nor the library waits for that.
        importing = asyncio.ensure_future(_in_thread(self._import))
        assistant = await _in_thread(lambda: self._open(self._startup.note))
        close = getattr(assistant, "close", None)
        if close is not None:
            opened.callback(close)
        self._startup.note("Preparing the pages", 0, 0, "")
        await importing
        # Gradio makes locks, and where no event loop runs it makes one for each and closes none.
        # So it gets one that runs; its locks come to belong to the loop that first uses them.
        chat = await _in_thread(lambda: asyncio.run(self._build(assistant)))
        await opened.enter_async_context(chat.router.lifespan_context(chat))
        # Last: what other programs ask for makes models (pydantic), which two threads must not do
        # at once, and the pages are made of such.
        await opened.enter_async_context(self.doors.opened(assistant))
        return chat

    def _import(self) -> None:
        """Import what takes long, one after the other."""
        import_module("gradio")
        self.doors.load()

    async def _build(self, assistant: CanAnswer) -> "FastAPI":
        # Here and not at the top, because it imports Gradio.
        from app.web.gradio_app import site_app

        return site_app(self._make_site(assistant), PAGES)


async def _in_thread(work: Callable[[], _T]) -> _T:
    """The result of work done in a thread that does not keep the process from ending.

    The threads of asyncio would: Ctrl-C would wait until the library is built. Stopping in the
    middle of that is safe, because the library holds its old or its new state at any instant.
    """
    loop = asyncio.get_running_loop()
    result: asyncio.Future[_T] = loop.create_future()

    def settle(error: Exception | None, value: _T | None = None) -> None:
        if result.cancelled():
            return
        if error is not None:
            result.set_exception(error)
        else:
            result.set_result(cast(_T, value))

    def run() -> None:
        try:
            outcome = partial(settle, None, work())
        except Exception as error:  # raised where the result is awaited
            outcome = partial(settle, error)
        with suppress(RuntimeError):  # the server has stopped meanwhile
            loop.call_soon_threadsafe(outcome)

    Thread(target=run, daemon=True, name="opening").start()
    return await result


def _listening(host: str, port: int) -> socket.socket:
    """A socket that listens; raises SettingsError when the address cannot be used."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise SettingsError(
            f"the chat cannot be served at {_address(host, port)} ({error.strerror})",
            remedy="If it is running already, open that address in a browser; "
            "else choose another --port or --host.",
        ) from error
    return listener


def _address(host: str, port: int) -> str:
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{port}"
