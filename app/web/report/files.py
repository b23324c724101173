"""The files of a report: it comes as JSON, goes as a file, and nothing of it stays here."""

import asyncio
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Protocol, runtime_checkable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.report.exports import FORMATS, export
from app.report.model import MAX_BYTES, Report, read_report
from app.web.site import Site
from corpus.errors import ReportError
from corpus.model import Source

_AT_ONCE = 2  # files in the making; each is a process of its own for a fraction of a second
_LONGEST_NAME = 60  # characters of a file's name


@runtime_checkable
class HoldsSources(Protocol):
    """An assistant that can tell which sources it holds."""

    def sources(self) -> Sequence[Source]:
        """The sources that are held."""
        ...


def routes(site: Site) -> Sequence[Route]:
    """One address per format; each takes the report and answers with the file."""
    turn = asyncio.Semaphore(_AT_ONCE)

    async def make(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in FORMATS:
            return Response("Not found", status_code=404)
        # A form of another site cannot send this type, so no page but ours makes a file.
        if request.headers.get("content-type", "").partition(";")[0] != "application/json":
            return _refusal("the report has to come as JSON", 415)
        try:
            sent = await _body(request)
            async with turn:
                return await asyncio.to_thread(_file, site, name, sent)
        except ReportError as error:
            return _refusal(error.line(), 400)

    return [Route("/report/files/{name}", make, methods=["POST"])]


async def _body(request: Request) -> bytes:
    """What was sent; no more of it is read than a report may have."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MAX_BYTES:
            break
    return bytes(body)


def _file(site: Site, name: str, sent: bytes) -> Response:
    report = read_report(sent)
    today = datetime.now(UTC).date()
    made = export(report, name, _known(site), today)
    form = FORMATS[name]
    called = f'attachment; filename="{file_name(report)}.{form.suffix}"'
    headers = {"Content-Disposition": called, "Cache-Control": "no-store"}
    return Response(made, media_type=form.media_type, headers=headers)


def _known(site: Site) -> Mapping[str, Source]:
    held: Iterable[Source] = (
        site.assistant.sources() if isinstance(site.assistant, HoldsSources) else ()
    )
    return {source.id: source for source in held}


def file_name(report: Report) -> str:
    """A name for the file, without its end, that every system takes."""
    plain = unicodedata.normalize("NFKD", report.title).encode("ascii", "ignore").decode()
    return re.sub(r"\W+", "-", plain.lower()).strip("-")[:_LONGEST_NAME].strip("-") or "report"


def _refusal(reason: str, status: int) -> Response:
    return JSONResponse({"error": reason}, status_code=status)
