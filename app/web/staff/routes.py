"""The addresses of the library page. All but signing in is behind the sign-in (`access`)."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from app.assistant import Assistant
from app.staff.holdings import HeldSource, added_under, holdings
from app.staff.jobs import Jobs
from app.staff.password import StaffPassword
from app.staff.questions import QuestionLog
from app.staff.sessions import Session, Sessions, SignInRefused
from app.web.site import Site
from app.web.staff.access import (
    COOKIE,
    before_sign_in,
    behind_sign_in,
    from_our_page,
    let_in,
    let_out,
    small_json,
)
from app.web.staff.deciding import decide
from app.web.staff.html import View, desk_html, no_password_html, sign_in_html
from app.web.staff.jobs_html import job_html, job_line
from app.web.staff.model_html import Modelled, model_html
from app.web.staff.questions_html import questions_html
from app.web.staff.receiving import clear_leftovers, free_name, receive, safe_name
from app.web.staff.sources_html import sources_html
from app.web.texts import texts
from corpus.errors import EmptyFile, TooLarge, UnknownSource

_ACCEPTED, _CONFLICT, _TOO_LARGE, _EMPTY = 202, 409, 413, 422


def library_routes(site: Site) -> Sequence[Route]:
    """The addresses; none where the pages are served without a library (in tests of the chat)."""
    if not isinstance(site.assistant, Assistant):
        return ()
    settings = site.settings
    clear_leftovers(site.assistant.workspace.uploads)
    desk = _Desk(
        site.assistant,
        Sessions(StaffPassword(settings.data_dir)),
        Jobs(site.assistant),
        QuestionLog(settings.data_dir, settings.question_log_days),
        settings.max_file_mb,
    )
    behind = {
        ("GET", "view"): desk.view,
        ("GET", "sources"): desk.sources,
        ("GET", "changes"): desk.changes,
        ("GET", "model"): desk.model,
        ("GET", "questions"): desk.questions,
        ("GET", "questions.csv"): desk.questions_csv,
        ("POST", "files"): desk.add_file,
        ("POST", "remove"): desk.remove,
        ("POST", "restore"): desk.restore,
        ("POST", "reindex"): desk.reindex,
        ("POST", "read"): desk.read,
        ("POST", "decide"): desk.decide,
        ("POST", "clear"): desk.clear,
        ("POST", "empty"): desk.empty_questions,
        ("POST", "sign-out"): desk.sign_out,
    }
    return [
        before_sign_in("/library/sign-in", desk.sign_in_form, method="GET"),
        before_sign_in("/library/sign-in", desk.sign_in, method="POST"),
        *(
            behind_sign_in(f"/library/{name}", handler, desk.sessions, method=method)
            for (method, name), handler in behind.items()
        ),
    ]


@dataclass(frozen=True)
class _Desk:
    """What the handlers share."""

    assistant: Assistant
    sessions: Sessions
    jobs: Jobs
    log: QuestionLog
    most_megabytes: int
    one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)

    # --- Before the sign-in ----------------------------------------------------------------------

    async def sign_in_form(self, request: Request) -> Response:
        """The form, or what to do to have one; nothing for somebody who is signed in."""
        if self.sessions.find(request.cookies.get(COOKIE, "")):
            return Response(status_code=204)
        draw = sign_in_html if self.sessions.open_to_staff else no_password_html
        return HTMLResponse(draw(_language(request)))

    async def sign_in(self, request: Request) -> Response:
        """Check the password; the answer carries the session."""
        if not self.sessions.open_to_staff:
            return Response("Not found", status_code=404)
        if not from_our_page(request):
            return Response("Not from the page", status_code=403)
        password = str((await small_json(request)).get("password", ""))
        address = request.client.host if request.client else ""
        try:
            # Whoever tries many passwords keeps one thread busy, and not those that answer.
            async with self.one_at_a_time:
                token = await asyncio.to_thread(self.sessions.sign_in, password, address)
        except SignInRefused as refusal:
            words = texts("staff", _language(request))
            if not refusal.wait:
                return JSONResponse({"problem": words["wrong"]}, status_code=403)
            problem = words["wait"].format(seconds=refusal.wait)
            headers = {"Retry-After": str(refusal.wait)}
            return JSONResponse({"problem": problem}, status_code=429, headers=headers)
        return let_in(request, token)

    # --- Looking ---------------------------------------------------------------------------------

    async def view(self, request: Request, session: Session) -> Response:
        """The whole page."""
        view = View(
            session.form_token,
            await self._holdings(),
            self.assistant.workspace.removed(),
            await asyncio.to_thread(self.log.groups),
            self.log.days,
            self.most_megabytes,
            await self._modelled(),
        )
        return HTMLResponse(desk_html(view, _language(request)))

    async def sources(self, request: Request, session: Session) -> Response:
        """The sources anew."""
        removed = self.assistant.workspace.removed()
        return HTMLResponse(sources_html(await self._holdings(), removed, _language(request)))

    async def changes(self, request: Request, session: Session) -> Response:
        """How far the changes are."""
        language, titles = _language(request), self._titles()
        shown = [
            {
                "id": job.id,
                "over": job.over,
                "html": job_html(job, titles, language),
                "line": job_line(job, titles, language),
            }
            for job in self.jobs.all()
        ]
        version = repr(self.assistant.workspace.library.version())
        return JSONResponse({"jobs": shown, "version": version})

    async def model(self, request: Request, session: Session) -> Response:
        """The chat model anew."""
        return HTMLResponse(model_html(await self._modelled(), _language(request)))

    async def questions(self, request: Request, session: Session) -> Response:
        """The questions anew."""
        groups = await asyncio.to_thread(self.log.groups)
        return HTMLResponse(questions_html(groups, self.log.days, _language(request)))

    async def questions_csv(self, request: Request, session: Session) -> Response:
        """All questions as a file; with the mark that tells Excel that it is UTF-8."""
        table = await asyncio.to_thread(self.log.as_csv)
        return Response(
            "\ufeff" + table,
            media_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="questions.csv"'},
        )

    # --- Changing --------------------------------------------------------------------------------

    async def add_file(self, request: Request, session: Session) -> Response:
        """Take one file in: its bytes are the body, everything else is in the address.

        ``name`` is its name, ``source`` and ``document`` what it replaces. Where a file of its name
        was added before, the answer asks what is meant, unless ``both`` says so.
        """
        wanted = request.query_params
        self.jobs.check_room()
        name, held = safe_name(wanted.get("name", "")), await self._holdings()
        source_id = wanted.get("source", "")
        if source_id and not any(each.source.id == source_id for each in held):
            raise UnknownSource(f"There is no source {source_id} in the library")
        if not source_id and (there := added_under(name, held)):
            if "both" not in wanted:
                source, document = there
                found = {"name": name, "source": source.source.id, "title": source.source.title}
                found["document"] = document.document_id
                return JSONResponse(found, status_code=_CONFLICT)
            name = free_name(name, lambda other: added_under(other, held) is not None)
        most_bytes, folder = self.most_megabytes * 1024 * 1024, self.assistant.workspace.uploads
        try:
            path = await receive(request, folder, name, most_bytes)
        except TooLarge:
            return Response("Too large", status_code=_TOO_LARGE)
        except EmptyFile:
            return Response("Empty", status_code=_EMPTY)
        except ClientDisconnect:
            return Response(status_code=499)  # nobody is there to read it
        document_id = wanted.get("document", "")
        job = self.jobs.replace(path, source_id, document_id) if source_id else self.jobs.add(path)
        return JSONResponse({"job": job.id}, status_code=_ACCEPTED)

    async def remove(self, request: Request, session: Session) -> Response:
        """Take a source out."""
        source_id = str((await small_json(request)).get("source", ""))
        job = self.jobs.remove(source_id, self._titles().get(source_id, source_id))
        return JSONResponse({"job": job.id}, status_code=_ACCEPTED)

    async def restore(self, request: Request, session: Session) -> Response:
        """Bring a bundled source back."""
        source_id = str((await small_json(request)).get("source", ""))
        job = self.jobs.restore(source_id, self._titles().get(source_id, source_id))
        return JSONResponse({"job": job.id}, status_code=_ACCEPTED)

    async def reindex(self, request: Request, session: Session) -> Response:
        """Compare and mend the indexes."""
        return JSONResponse({"job": self.jobs.reindex().id}, status_code=_ACCEPTED)

    async def read(self, request: Request, session: Session) -> Response:
        """Have the chat model propose records from an added source."""
        source_id = str((await small_json(request)).get("source", ""))
        job = self.jobs.read(source_id, self._titles().get(source_id, source_id))
        return JSONResponse({"job": job.id}, status_code=_ACCEPTED)

    async def decide(self, request: Request, session: Session) -> Response:
        """Accept a proposal with the values that were sent, or reject it."""
        given = await small_json(request)
        accept = given.get("decision") == "accept"
        await asyncio.to_thread(decide, self.assistant.workspace, given, accept=accept)
        words = texts("staff", _language(request))
        return JSONResponse({"line": words["accepted" if accept else "rejected"]})

    async def clear(self, request: Request, session: Session) -> Response:
        """Forget the changes that are over."""
        self.jobs.forget()
        return Response(status_code=204)

    async def empty_questions(self, request: Request, session: Session) -> Response:
        """Forget all questions."""
        count = await asyncio.to_thread(self.log.empty)
        words = texts("staff", _language(request))
        return JSONResponse({"line": words["emptied"].format(count=count)})

    async def sign_out(self, request: Request, session: Session) -> Response:
        """End the session."""
        self.sessions.end(request.cookies.get(COOKIE, ""))
        return let_out()

    # --- What they share -------------------------------------------------------------------------

    async def _modelled(self) -> Modelled:
        wording, held = self.assistant.wording, self._titles()
        proposals = await asyncio.to_thread(self.assistant.workspace.proposals.all)
        return Modelled(
            wording.name if wording else "",
            wording.tally.totals if wording else None,
            [each for each in proposals if each.source_id in held],
            held,
        )

    async def _holdings(self) -> list[HeldSource]:
        return await asyncio.to_thread(holdings, self.assistant.workspace)

    def _titles(self) -> Mapping[str, str]:
        """The titles of the sources that are held or were removed, by id."""
        workspace = self.assistant.workspace
        return {source.id: source.title for source in (*workspace.sources(), *workspace.removed())}


def _language(request: Request) -> str:
    return request.query_params.get("language", "")
