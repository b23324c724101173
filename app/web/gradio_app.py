"""The Gradio page as an application of its own, without what this product does not use of it."""

from collections.abc import Sequence

import gradio as gr
from fastapi import FastAPI

from app.web.conversation import CanAnswer
from app.web.examples import ExampleGroup
from app.web.page import build_page
from app.web.theme import quiet_theme
from corpus.knowledge import Partnership


def chat_app(
    assistant: CanAnswer, partnership: Partnership, examples: Sequence[ExampleGroup]
) -> FastAPI:
    """The chat; its lifespan starts and ends Gradio's queue."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    mounted: FastAPI = gr.mount_gradio_app(
        app,
        build_page(assistant, partnership, examples),
        path="/",
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        enable_monitoring=False,
        theme=quiet_theme(),
    )
    return mounted
