"""The first page: ask, and see the evidence. What it shows is built in `app.web.page`."""

from app.web.site import Page, Site


def _build(site: Site) -> None:
    # Here and not at the top, because it imports Gradio.
    from app.web.page import build_ask

    build_ask(site)


ASK = Page(path="/", name="ask", build=_build, assets=("chat.js",), foot=False)
