"""What went wrong, in one form for all of REST: problem details (RFC 9457).

``title`` says what it is, ``detail`` what it is this time, ``remedy`` what to do. Nothing that a
caller sent is repeated at length, and nothing of the program's inside is told.
"""

import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.requests import NOT_BLANK
from corpus.errors import AssistantError, QueryError, UnknownPassage, UnknownSource

MEDIA_TYPE = "application/problem+json"
SOON = 5
"""Seconds after which it is worth coming back."""
_LOG = logging.getLogger(__name__)
_MOST_ERRORS = 10
_NO_JSON = ("The body is not JSON.", "Send a JSON object, in UTF-8.")


class Misfit(BaseModel):
    """One thing in a request that is not as it has to be."""

    where: str = Field(description="Where it stands: query.limit, body.question.")
    what: str = Field(description="What is wrong with it.")


class Problem(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str = Field(description="Which problem it is, for programs.")
    title: str = Field(description="Which problem it is, in words.")
    status: int = Field(description="The status of the response.")
    detail: str = Field(description="What went wrong this time.")
    remedy: str = Field("", description="What can be done about it.")
    errors: tuple[Misfit, ...] = Field((), description="What in the request is not right.")
    id: str = Field("", description="The number of the error in the log of the server.")


TITLES: Mapping[str, tuple[int, str]] = {
    "bad-request": (400, "The request cannot be read"),
    "no-json": (400, "The body of the request is not JSON"),
    "unauthorized": (401, "The request lacks a valid token"),
    "foreign-origin": (403, "Pages of that site may not use this"),
    "not-for-you": (403, "This is not for everyone"),
    "not-found": (404, "There is nothing at this address"),
    "unknown-source": (404, "There is no such source"),
    "unknown-passage": (404, "There is no such passage"),
    "unknown-kind": (404, "There is no such kind of record"),
    "unknown-model": (404, "There is no such model"),
    "method-not-allowed": (405, "This cannot be done at this address"),
    "not-acceptable": (406, "The answer cannot be given in that form"),
    "too-large": (413, "The request is too large"),
    "not-json-type": (415, "The body of the request is not called JSON"),
    "foreign-host": (421, "The server is not called that"),
    "invalid": (422, "The request is not as it has to be"),
    "too-long": (422, "A text in the request is too long"),
    "no-sense": (422, "What is asked of the records makes no sense"),
    "unexpected": (500, "Something went wrong that was not foreseen"),
    "not-ready": (503, "The assistant is still being prepared"),
    "too-many": (503, "Too many requests at once"),
    "library": (503, "The library cannot be used right now"),
}
"""Every problem there is: its status and its title."""
# All that is refused with 400 are bodies that cannot be read as JSON.
_BY_STATUS = {400: "no-json", 404: "not-found", 405: "method-not-allowed"}


class Refused(Exception):
    """A request is refused for a known reason (a key of TITLES)."""

    def __init__(
        self,
        name: str,
        detail: str,
        remedy: str = "",
        *,
        errors: Sequence[Misfit] = (),
        headers: Mapping[str, str] | None = None,
        reference: str = "",
    ) -> None:
        super().__init__(detail)
        self.name, self.headers = name, dict(headers or {})
        status, title = TITLES[name]
        self.problem = Problem(
            type=f"urn:ambp:problem:{name}",
            title=title,
            status=status,
            detail=detail,
            remedy=remedy,
            errors=tuple(errors),
            id=reference,
        )

    def response(self) -> JSONResponse:
        """The problem as a response; fields that say nothing are left out."""
        if self.problem.status == 503:
            self.headers.setdefault("Retry-After", str(SOON))
        return JSONResponse(
            self.as_json(), self.problem.status, headers=self.headers, media_type=MEDIA_TYPE
        )

    def as_json(self) -> dict[str, Any]:
        """The problem as plain data."""
        return self.problem.model_dump(exclude_defaults=True)


def refusal_of(error: Exception) -> Refused:
    """What to tell of an error. One that nobody foresaw goes to the log under a number."""
    if isinstance(error, Refused):
        return error
    if isinstance(error, AssistantError):
        names = {
            UnknownSource: "unknown-source",
            UnknownPassage: "unknown-passage",
            QueryError: "no-sense",
        }
        name = names.get(type(error), "library")
        if name == "library":
            _LOG.error("%s", error.line())
        return Refused(name, _sentence(str(error)), error.remedy)
    reference = secrets.token_hex(4)
    _LOG.error("A request failed, number %s", reference, exc_info=error)
    return Refused(
        "unexpected",
        "The server could not answer. It is not the fault of the request.",
        "Report it to whoever runs the server, with the number of the error.",
        reference=reference,
    )


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


async def _known(request: Request, error: Exception) -> JSONResponse:
    return refusal_of(error).response()


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    name = _BY_STATUS.get(error.status_code, "bad-request")
    told = {
        "not-found": ("Nothing is served at this address.", "The description is at openapi.json."),
        "method-not-allowed": (
            f"{request.method[:20]} is not possible here.",
            f"Use {dict(error.headers or {}).get('Allow', 'another method')}.",
        ),
        "no-json": _NO_JSON,
    }
    detail, remedy = told.get(name, ("The request cannot be taken.", "Look at its headers."))
    return Refused(name, detail, remedy, headers=error.headers).response()


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    return invalid(request, error.errors()).response()


def invalid(request: Request, errors: Sequence[Mapping[str, Any]]) -> Refused:
    """What to tell of a request that its model does not take (``errors`` as pydantic has them)."""
    kinds = {str(each["type"]) for each in errors}
    if "json_invalid" in kinds:
        return Refused("no-json", *_NO_JSON)
    if request.method == "POST" and not _is_json(request):
        return Refused(
            "not-json-type",
            "The header Content-Type does not say JSON.",
            "Send the header Content-Type: application/json.",
        )
    path = [each for each in errors if each["loc"][:2] == ("path", "kind")]
    if path:
        return Refused(
            "unknown-kind", _sentence(in_plain_words(path[0])), "See the kinds at kinds."
        )
    misfits = [
        Misfit(where=".".join(str(step)[:60] for step in each["loc"]), what=in_plain_words(each))
        for each in errors[:_MOST_ERRORS]
    ]
    name = "too-long" if kinds == {"string_too_long"} else "invalid"
    detail = "; ".join(f"{each.where}: {each.what}" for each in misfits[:3])
    return Refused(name, f"{detail}.", "The description at openapi.json says how.", errors=misfits)


def _is_json(request: Request) -> bool:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind == "application/json" or (kind.startswith("application/") and kind[-5:] == "+json")


_PLAIN: Mapping[str, str] = {
    "missing": "it is missing",
    "extra_forbidden": "there is nothing of that name",
    "string_too_long": "it is longer than {max_length} characters",
    "string_too_short": "it is empty",
    "string_pattern_mismatch": "it does not have the form {pattern}",
    "string_type": "it has to be text",
    "string_unicode": "it is not Unicode text",
    "too_long": "there are more than {max_length}",
    "int_parsing": "it has to be a whole number",
    "int_type": "it has to be a whole number",
    "greater_than_equal": "it has to be {ge} or more",
    "less_than_equal": "it has to be {le} or less",
}
"""What pydantic finds, in plain words; other findings are told in its own."""


def in_plain_words(error: Mapping[str, Any]) -> str:
    """What is wrong with one value, from what pydantic found."""
    kind = str(error["type"])
    if error.get("ctx", {}).get("pattern") == NOT_BLANK:
        kind = "string_too_short"
    plain = _PLAIN.get(kind)
    if plain:
        return plain.format(**error.get("ctx", {}))
    message = str(error["msg"]).removeprefix("Value error, ")
    return f"{message[:1].lower()}{message[1:300]}"


class Safety:
    """Answers for what goes wrong within (ASGI); what nobody foresaw is told to the log."""

    def __init__(
        self, app: ASGIApp, respond: Callable[[Refused], Response] = Refused.response
    ) -> None:
        """``respond`` gives the form of the answer: a problem, or what the callers can read."""
        self._app, self._respond = app, respond

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; an error becomes a response unless one has begun."""
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:
            refused = refusal_of(error)
            if begun:
                raise
            await self._respond(refused)(scope, receive, send)


def tell_problems(app: FastAPI) -> None:
    """Have an application tell everything that goes wrong as a problem."""
    app.add_exception_handler(Refused, _known)
    app.add_exception_handler(AssistantError, _known)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_middleware(Safety)


def told(*names: str) -> dict[int | str, dict[str, Any]]:
    """The problems that an operation can answer with, for its description."""
    by_status: dict[int | str, list[str]] = {}
    for name in names:
        by_status.setdefault(TITLES[name][0], []).append(name)
    return {
        status: {
            "description": "; ".join(TITLES[name][1] for name in found) + ".",
            "model": Problem,
            "content": {
                MEDIA_TYPE: {
                    "schema": {"$ref": "#/components/schemas/Problem"},
                    "examples": {name: {"value": _example(name)} for name in found},
                }
            },
        }
        for status, found in by_status.items()
    }


def _example(name: str) -> dict[str, Any]:
    status, title = TITLES[name]
    return {
        "type": f"urn:ambp:problem:{name}",
        "title": title,
        "status": status,
        "detail": f"{title}.",
    }
