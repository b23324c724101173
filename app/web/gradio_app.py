"""All pages as one Gradio application, without what this product does not use of Gradio."""

import warnings
from collections.abc import Sequence

import gradio as gr
from fastapi import FastAPI
from gradio.components.navbar import Navbar
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.web.frame import foot_html, head_html
from app.web.site import AT_ONCE, Page, Site
from app.web.texts import texts
from app.web.theme import quiet_theme

MOST_SESSIONS = 500  # open pages whose state is kept; the one that was longest unused goes first
_ALL_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def site_app(site: Site, pages: Sequence[Page]) -> FastAPI:
    """The pages with their further addresses; the lifespan starts and ends Gradio's queue."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    for page in pages:
        app.router.routes.extend(_further_addresses(page, site))
    blocks = _blocks(site, pages)
    # Several pages and no rendering on the server is what is meant here, and needs no warning.
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "SSR mode is not supported with multi-page apps")
        return _mounted(app, blocks, site)


def _mounted(app: FastAPI, blocks: gr.Blocks, site: Site) -> FastAPI:
    mounted: FastAPI = gr.mount_gradio_app(
        app,
        blocks,
        path="/",
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        enable_monitoring=False,
        theme=quiet_theme(),
        i18n=gr.I18n(**site.translations),
    )
    # It would keep a connection open for each tab, and browsers allow six to one server: the
    # seventh tab would never load. Conversations go by age and number instead.
    blocks.config["connect_heartbeat"] = False
    return mounted


def _further_addresses(page: Page, site: Site) -> list[Route]:
    """A page's own routes; nothing else exists below its prefix, whatever Gradio has there."""
    routes = page.routes(site)
    for route in routes:
        if not route.path.startswith(page.prefix):
            raise ValueError(f"{route.path} is not below {page.prefix}")
    return [*routes, Route(page.prefix + "{rest:path}", _not_found, methods=_ALL_METHODS)]


def _not_found(request: Request) -> Response:
    return Response("Not found", status_code=404)


def _blocks(site: Site, pages: Sequence[Page]) -> gr.Blocks:
    blocks = gr.Blocks(title=site.partnership.abbreviation, analytics_enabled=False)
    for page in pages:
        with blocks if page.path == "/" else blocks.route(page.name, page.path):
            _framed(site, page, pages)
    blocks.state_session_capacity = MOST_SESSIONS
    blocks.queue(default_concurrency_limit=AT_ONCE)
    return blocks


def _framed(site: Site, page: Page, pages: Sequence[Page]) -> None:
    for language, of in site.translations.items():
        words = texts("frame", language)
        of[f"title.{page.path.strip('/')}"] = words["title"].format(
            page=words[page.name], partnership=site.partnership.abbreviation
        )
    Navbar(visible=False)
    gr.HTML(
        site.html(lambda language: head_html(page, pages, site.partnership, language)),
        elem_id="top",
        js_on_load="window.ambp.framed();",
        apply_default_css=False,
    )
    with gr.Column(elem_id="content", elem_classes=[page.name]):
        page.build(site)
    if page.foot:
        gr.HTML(site.html(foot_html), elem_id="foot", apply_default_css=False)
