"""The web application: ask in a browser, see the evidence beside the answer."""

from app.web.examples import load_examples
from app.web.server import build_app, serve

__all__ = ["build_app", "load_examples", "serve"]
