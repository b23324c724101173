"""MCP over streamable HTTP: ``/mcp`` of the server of the pages.

Each request stands for itself (no session is kept), so that a restart, a second process or ten
thousand clients change nothing. Host and Origin are checked (`app.api.border`), as the protocol
demands against DNS rebinding.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from mcp.server.auth.middleware.bearer_auth import (
    AuthenticatedUser,
    BearerAuthBackend,
    RequireAuthMiddleware,
)
from mcp.server.auth.provider import AccessToken
from mcp.server.streamable_http_manager import StreamableHTTPASGIApp, StreamableHTTPSessionManager
from starlette.middleware.authentication import AuthenticationMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from app.api.border import MOST_BYTES
from app.api.gate import Gate
from app.api.problems import Safety
from app.mcp_server.server import Context, mcp_server
from app.mcp_server.tokens import Tokens
from app.service.service import Observe
from app.settings import Settings
from corpus.knowledge import Partnership


@asynccontextmanager
async def over_http(
    gate: Gate, partnership: Partnership, settings: Settings, observe: Observe
) -> AsyncIterator[ASGIApp]:
    """The application that speaks MCP, for as long as this lasts."""
    most = frozenset(settings.mcp_scopes)

    def scopes(context: Context) -> frozenset[str]:
        user = context.request.scope.get("user") if context.request else None
        return most & frozenset(user.scopes) if isinstance(user, AuthenticatedUser) else most

    server = mcp_server(gate, partnership, scopes, observe)
    manager = StreamableHTTPSessionManager(server, stateless=True, max_request_body_size=MOST_BYTES)
    async with manager.run():
        yield Safety(_Keys(StreamableHTTPASGIApp(manager), Tokens(settings.data_dir)))


class _Keys:
    """Asks for a key where the operator has made keys."""

    def __init__(self, app: ASGIApp, tokens: Tokens) -> None:
        self._tokens, self._open = tokens, app
        self._locked = AuthenticationMiddleware(
            RequireAuthMiddleware(app, []), backend=BearerAuthBackend(_Verifier(tokens))
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._locked if self._tokens.needed else self._open
        await app(scope, receive, send)


class _Verifier:
    """Tells which key was given (a TokenVerifier of the SDK)."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    async def verify_token(self, token: str) -> AccessToken | None:
        """The key, if it is one."""
        known = self._tokens.known(token)
        if known is None:
            return None
        return AccessToken(token=known.hash, client_id=known.name, scopes=list(known.scopes))
