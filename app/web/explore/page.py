"""The page on which one explores: five views of the records, and what can be saved from them.

The page itself is a shell. Its script (static/explore.js) fetches one view at a time, drawn here
from the records that are in use at that moment: what was removed a second ago is on it no more.
"""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from json import dumps
from typing import Protocol, runtime_checkable

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from app.web.explore import events, figures, projects, regions, requirements
from app.web.explore.png import png
from app.web.explore.scene import Scene, View
from app.web.site import Page, Site
from app.web.texts import ENGLISH, LANGUAGES, texts
from corpus.geography import Positions, load_positions
from corpus.knowledge import Knowledge
from corpus.vocabulary import load_vocabulary

VIEWS: Mapping[str, Callable[[Scene], View]] = {
    module.NAME: module.draw for module in (regions, projects, figures, events, requirements)
}
# The texts that the script needs.
_SCRIPT_WORDS = ("added", "already", "full", "found", "tally", "state_of", "f_name", "f_statement",
                 "met", "open", "unknown", "sources")  # fmt: skip


@runtime_checkable
class Knowing(Protocol):
    """An assistant that tells what it knows."""

    @property
    def knowledge(self) -> Knowledge:
        """What is in use now."""
        ...


def scene_of(site: Site, positions: Positions, language: str) -> Scene:
    """What the views are drawn from at this moment, in a language of the interface."""
    assistant = site.assistant
    language = language if language in LANGUAGES else ENGLISH
    return Scene(
        assistant.knowledge
        if isinstance(assistant, Knowing)
        else Knowledge(site.partnership, (), {}, ()),
        load_vocabulary(),
        positions,
        {
            **texts("explore", language),
            "new_tab": texts("frame", language)["new_tab"],
            "language": language,
        },
    )


def shell_html(language: str) -> str:
    """The page before its first view is there."""
    words = texts("explore", language)
    links = "".join(
        f'<li><a href="explore#{name}" data-view="{name}">{escape(words[name])}</a></li>'
        for name in VIEWS
    )
    return (
        f'<div class="explore-head"><h1>{escape(texts("frame", language)["explore"])}</h1>'
        f'<nav aria-label="{escape(words["views"])}"><ul role="list">{links}</ul></nav></div>'
        f'<div id="explore-view" data-failed="{escape(words["failed"])}">'
        f'<p class="lead">{escape(words["loading"])}</p></div>'
        '<p id="explore-status" class="unseen" role="status"></p>'
    )


def routes(site: Site) -> Sequence[Route]:
    """The addresses of the views and of what can be saved from them.

    Raises KnowledgeError when the positions of the regions cannot be read: the start tells it.
    """
    positions = load_positions(site.settings.knowledge_dir)

    # Not async: drawing takes a moment, and so happens in a thread of its own.
    def drawn(request: Request) -> tuple[Scene, View] | None:
        draw = VIEWS.get(request.path_params["view"])
        if draw is None:
            return None
        scene = scene_of(site, positions, request.query_params.get("language", ENGLISH))
        return scene, draw(scene)

    def view(request: Request) -> Response:
        found = drawn(request)
        if found is None:
            return _missing()
        scene, held = found
        words = dumps({key: scene.words[key] for key in _SCRIPT_WORDS}, ensure_ascii=False)
        name = request.path_params["view"]
        return HTMLResponse(
            f'<div class="view" data-name="{name}" data-words="{escape(words)}">{held.html}</div>',
            headers={"Cache-Control": "no-cache"},
        )

    def table(request: Request) -> Response:
        found = drawn(request)
        name = request.path_params["name"]
        if found is None or name not in found[1].sheets:
            return _missing()
        scene, held = found
        # Spreadsheets take a file without this mark for one in the machine's own old encoding.
        content = "\ufeff" + held.sheets[name].csv(held.notes, scene.words)
        return Response(
            content, media_type="text/csv; charset=utf-8", headers=_as_file(name, "csv")
        )

    def picture(request: Request) -> Response:
        found = drawn(request)
        name = request.path_params["name"]
        if found is None or name not in found[1].charts:
            return _missing()
        content = png(found[1].charts[name])
        return Response(content, media_type="image/png", headers=_as_file(name, "png"))

    return [
        Route("/explore/{view}.html", view),
        Route("/explore/{view}/{name}.csv", table),
        Route("/explore/{view}/{name}.png", picture),
    ]


def _as_file(name: str, form: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}.{form}"'}


def _missing() -> Response:
    return Response("Not found", status_code=404)


def _build(site: Site) -> None:
    # Here and not at the top: it takes seconds, and the server answers before that.
    import gradio as gr

    gr.HTML(
        site.html(shell_html),
        elem_id="explore",
        js_on_load='window.dispatchEvent(new Event("explore-drawn"));',
        apply_default_css=False,
    )


EXPLORE = Page(
    path="/explore",
    name="explore",
    build=_build,
    routes=routes,
    assets=("explore.css", "explore.js"),
)
