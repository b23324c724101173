"""The library page as Gradio draws it: a shell, which static/staff.js fills for the staff."""

import gradio as gr

from app.web.site import Site
from app.web.staff.html import shell_html


def build_library(site: Site) -> None:
    """Draw the shell; called inside the page's blocks."""
    gr.HTML(
        site.html(shell_html),
        elem_id="library",
        js_on_load='window.dispatchEvent(new Event("library-drawn"));',
        apply_default_css=False,
    )
