"""The first page: ask, and see the evidence. What it shows is built in `app.web.page`."""

from collections.abc import Sequence

from starlette.routing import Route

from app.web.pictures import Pictures
from app.web.site import Page, Site


def _build(site: Site) -> None:
    # Here and not at the top, because it imports Gradio.
    from app.web.page import build_ask

    build_ask(site)


def _routes(site: Site) -> Sequence[Route]:
    return (Pictures(site.assistant, ASK.prefix).route(),)


ASK = Page(path="/", name="ask", build=_build, routes=_routes, assets=("ask.js",), foot=False)
