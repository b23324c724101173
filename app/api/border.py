"""What must not come in: requests of foreign pages, to foreign names, or larger than any need be.

A browser sends along which site a request comes from (Origin). Without this check any web page
could have its visitors' browsers ask a server that only they can reach. And a page can have its own
name point to this machine (DNS rebinding): then Host is that name, and no address.
"""

import ipaddress
from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.problems import Refused

MOST_BYTES = 512 * 1024
"""Of the body of a request: enough for long conversations with all their answers."""
_SECONDS_REMEMBERED = 600  # by browsers, what they may


class Border:
    """Wraps an application and turns away what must not come in (see the module's docstring)."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        origins: Collection[str],
        hosts: Collection[str],
        most_bytes: int = MOST_BYTES,
    ) -> None:
        """``hosts``: the names that may be asked for beside this machine's."""
        self._app, self._origins, self._hosts = app, frozenset(origins), hosts
        self._most_bytes = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what may pass (ASGI)."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            headers = Headers(scope=scope)
            self._check_names(headers)
            body = await self._body(headers, receive)
        except Refused as refused:
            await refused.response()(scope, receive, send)
            return
        await self._app(scope, _Replayed(body, receive), send)

    def _check_names(self, headers: Headers) -> None:
        host, origin = headers.get("host", "").lower(), headers.get("origin", "").lower()
        if not is_own(host, self._hosts):
            raise Refused(
                "foreign-host",
                "The request is for a server of another name.",
                "Whoever runs the server can add its name to AMBP_HOSTS.",
            )
        if origin and _netloc(origin) != host and origin not in self._origins:
            raise Refused(
                "foreign-origin",
                "The request comes from a page of another site.",
                "Whoever runs the server can add the site to AMBP_API_ORIGINS.",
            )

    async def _body(self, headers: Headers, receive: Receive) -> list[Message]:
        """The messages of the body, read as far as they may be long; raises Refused beyond."""
        declared = headers.get("content-length", "")
        if declared.isdecimal() and int(declared[:20]) > self._most_bytes:
            raise self._too_large()
        messages: list[Message] = []
        size = 0
        while not messages or messages[-1].get("more_body"):
            messages.append(await receive())
            size += len(messages[-1].get("body", b""))
            if size > self._most_bytes:
                raise self._too_large()
        return messages

    def _too_large(self) -> Refused:
        return Refused(
            "too-large",
            f"More than {self._most_bytes // 1024} KB are not taken.",
            "Send a shorter question, or fewer earlier ones.",
        )


class _Replayed:
    """Gives out messages that were received already, then what comes after them."""

    def __init__(self, messages: list[Message], receive: Receive) -> None:
        self._messages, self._receive = messages, receive

    async def __call__(self) -> Message:
        return self._messages.pop(0) if self._messages else await self._receive()


def is_own(host: str, names: Collection[str]) -> bool:
    """Whether a Host header means this machine: an address, localhost, or one of the names."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
        if name == "localhost" or name in names:
            return True
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _netloc(origin: str) -> str:
    """Name and port of an origin; "" where it is none."""
    try:
        return urlsplit(origin).netloc
    except ValueError:  # a bracket that is not closed
        return ""


def is_this_machine(scope: Scope) -> bool:
    """Whether a request was made on this machine, and by no proxy for somebody else."""
    headers = Headers(scope=scope)
    if any(name in headers for name in ("forwarded", "x-forwarded-for", "x-real-ip", "via")):
        return False
    client = (scope.get("client") or ("",))[0]
    try:
        return ipaddress.ip_address(client).is_loopback
    except ValueError:
        return False


def with_cors(app: ASGIApp, origins: Collection[str]) -> ASGIApp:
    """An application that pages of these sites may use; without any, as it is."""
    if not origins:
        return app
    return CORSMiddleware(
        app,
        allow_origins=list(origins),
        allow_methods=["GET", "POST", "DELETE"],
        allow_headers=["*"],
        expose_headers=["Mcp-Session-Id", "Retry-After"],
        max_age=_SECONDS_REMEMBERED,
    )
