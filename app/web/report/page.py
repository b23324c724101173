"""The report as a Gradio page. Importing this loads Gradio, which takes seconds."""

import gradio as gr

from app.web.report.html import report_html
from app.web.site import Site

# What the script says: texts/report.yaml, its places filled by the script.
SAID = (
    "kind_answer", "kind_row", "kind_table", "kind_text", "citations", "rows", "untitled",
    "edit", "up", "down", "remove", "drag", "item_title", "item_text", "text_help",
    "numbers", "moved", "removed", "emptied", "restored", "no_room", "made", "making", "failed",
    "unreachable", "no_tab",
)  # fmt: skip
_PLACES = {name: f"{{{name}}}" for name in ("n", "title", "count", "file", "reason")}


def build_report(site: Site) -> None:
    """Draw the page; called inside its blocks."""
    for key in SAID:
        site.label("report", key, **_PLACES)
    gr.HTML(
        site.html(report_html),
        elem_id="report",
        js_on_load='window.dispatchEvent(new Event("report-drawn"));',
        apply_default_css=False,
    )
