"""The door of the staff's part: every address behind it is made by `behind_sign_in`.

A session's token is in a cookie that no script sees and that no other site can have sent. What
changes anything has to carry the session's form token besides, and to come from a page of this
server.
"""

import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.staff.sessions import LONGEST_SECONDS, Session, Sessions
from corpus.errors import AssistantError, QueryError, UnknownSource

COOKIE = "ambp-staff"
FORM_TOKEN = "x-form-token"  # the header that carries it
_MOST_JSON = 16 * 1024  # bytes
_LOG = logging.getLogger(__name__)

Handler = Callable[[Request, Session], Awaitable[Response]]


def behind_sign_in(path: str, handler: Handler, sessions: Sessions, *, method: str) -> Route:
    """An address that answers nobody but a browser that is signed in.

    Without a password there is nothing there (404); without a session 401; a change that is not
    from a page of this session is refused (403).
    """

    async def endpoint(request: Request) -> Response:
        if not sessions.open_to_staff:
            return Response("Not found", status_code=404)
        by_itself = request.method == "GET" and "idle" in request.query_params
        session = sessions.find(request.cookies.get(COOKIE, ""), used=not by_itself)
        if session is None:
            return Response("Sign in first", status_code=401)
        changes = request.method not in ("GET", "HEAD")
        token = request.headers.get(FORM_TOKEN, "")
        if changes and not (from_our_page(request) and session.allows(token)):
            return Response("Not from the page", status_code=403)
        return await handler(request, session)

    return Route(path, told(endpoint), methods=[method])


def before_sign_in(
    path: str, handler: Callable[[Request], Awaitable[Response]], *, method: str
) -> Route:
    """An address that everybody may ask: only what signing in needs."""
    return Route(path, told(handler), methods=[method])


def told(
    handler: Callable[[Request], Awaitable[Response]],
) -> Callable[[Request], Awaitable[Response]]:
    """The same, where an error on purpose becomes an answer, and no answer is kept anywhere."""

    async def answer(request: Request) -> Response:
        try:
            response = await handler(request)
        except AssistantError as error:
            _LOG.error("%s", error.line())
            problem = {"problem": str(error), "remedy": error.remedy}
            response = JSONResponse(problem, status_code=_status(error))
        response.headers["Cache-Control"] = "no-store"
        return response

    return answer


def _status(error: AssistantError) -> int:
    if isinstance(error, UnknownSource):
        return 404
    if isinstance(error, QueryError):
        return 422
    return 503 if error.retry else 500


def from_our_page(request: Request) -> bool:
    """Whether a browser says that a page of this server asks, not one of another site."""
    if site := request.headers.get("sec-fetch-site"):
        return site == "same-origin"
    # Browsers leave the other out where the connection is not encrypted.
    origin = urlsplit(request.headers.get("origin", ""))
    return bool(origin.netloc) and origin.netloc == request.headers.get("host")


def let_in(request: Request, token: str) -> Response:
    """The answer that gives a browser its session."""
    response = Response(status_code=204)
    # Without a path it goes to the address of the library and below, wherever that is served.
    response.set_cookie(
        COOKIE,
        token,
        max_age=LONGEST_SECONDS,
        path=None,
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )
    return response


def let_out() -> Response:
    """The answer that takes the session from a browser."""
    response = Response(status_code=204)
    response.set_cookie(COOKIE, "", max_age=0, path=None, httponly=True, samesite="strict")
    return response


async def small_json(request: Request) -> dict[str, Any]:
    """The JSON object that was sent; empty where it is none, or is larger than any of ours."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MOST_JSON:
            return {}
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
