"""The page on which what a visitor has collected becomes a report.

The report is in the visitor's browser (static/report-items.js); the server draws the page around
it (html.py) and makes the files (files.py), of which it keeps nothing.
"""

from app.web.report.files import routes
from app.web.site import Page, Site


def _build(site: Site) -> None:
    # Here and not at the top, because it imports Gradio.
    from app.web.report.page import build_report

    build_report(site)


REPORT = Page(
    path="/report",
    name="report",
    build=_build,
    routes=routes,
    assets=("report.css", "report.js"),
)
