"""The library page, for the staff: sources, uploads, and the questions that went unanswered.

What the browser gets of it without a session is an empty shell and a form to sign in: everything
else comes from `routes`, each of which checks the session on the server (`access`). There is no
Gradio event on the page.
"""

from app.web.site import Page, Site
from app.web.staff.routes import library_routes


def _build(site: Site) -> None:
    # Here and not at the top, because it imports Gradio.
    from app.web.staff.page import build_library

    build_library(site)


LIBRARY = Page(
    path="/library",
    name="library",
    build=_build,
    routes=library_routes,
    assets=("staff.css", "staff.js"),
)
