"""What stands between the server and the browser: which addresses exist, and what a page may do.

Gradio serves more than a chat needs (uploads, files, a proxy, an API description), and its page
names addresses on the web. Here only what the chat uses goes through, the page is cleaned, and a
content security policy forbids scripts that are not ours and any request to another machine.
"""

import re
import secrets
from collections.abc import Sequence

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.site import Page

# Everything that all pages ask for; the rest of what Gradio offers does not exist here.
_PUBLIC = re.compile(
    r"/start/(?:progress|again)|/own/[\w.-]+|/theme\.css|/config/?"
    r"|/(?:assets|static)/[\w./-]+"
    r"|/gradio_api/(?:queue/(?:join|data)|cancel|reset|startup-events|app_id)/?"
    # The doors for other programs, which say themselves what is behind them.
    r"|/api/(?s:.*)|/mcp"
)
# Gradio's own files have a hash of their content in the name: a browser need not ask again.
_HASHED = re.compile(r"/assets/[\w.-]+-[\w-]{8}\.(?:js|css|woff2?|ttf)")
_META = re.compile(rb'\s*<meta\s+(?:property="og:|name="twitter:)[^>]*?/?>', re.DOTALL)
_MANIFEST = re.compile(rb'\s*<link rel="manifest"[^>]*>')
_SCRIPT = re.compile(rb"<script(?=[\s>])")
# The first script of Gradio's page. Before it stand titles; in it and after it Gradio writes every
# "<" of what it is given as \u003c, so that all scripts there are those of its template.
_GRADIO = b"<script>window.gradio_config = "
_HEAD_END = b"</head>"
_OWN_HEAD = """
		<meta name="color-scheme" content="light dark" />
		<meta name="referrer" content="no-referrer" />
		<link rel="icon" type="image/svg+xml" href="/own/favicon.svg" />
		<link rel="stylesheet" href="/own/style.css" />
		<script src="/own/frame.js"></script>
		<script src="/own/report-items.js" defer></script>
		{assets}<noscript><p class="noscript">This page needs JavaScript. Everything it loads
		comes from this server; the command <code>ambp ask</code> does without.</p></noscript>
	</head>"""


class Guard:
    """Wraps the application (see the module's docstring)."""

    def __init__(self, app: ASGIApp, pages: Sequence[Page]) -> None:
        self._app = app
        self._pages = {page.path: page for page in pages}
        self._prefixes = tuple(page.prefix for page in pages)

    def _is_public(self, path: str) -> bool:
        if path in self._pages or _PUBLIC.fullmatch(path):
            return True
        # Which of a page's further addresses exist is for the page's routes to say.
        return path.startswith(self._prefixes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what may pass (ASGI)."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif not self._is_public(scope["path"]):
            await Response("Not found", status_code=404)(scope, receive, send)
        else:
            page = self._pages.get(scope["path"])
            never_changes = _HASHED.fullmatch(scope["path"]) is not None
            await self._app(scope, receive, _Cleaner(send, page, never_changes=never_changes))


class _Cleaner:
    """Sends a response on: headers added, and a page as a whole, cleaned."""

    def __init__(self, send: Send, page: Page | None, *, never_changes: bool) -> None:
        self._send = send
        self._never_changes = never_changes
        self._page = page  # None: something else that the application sends
        self._nonce = secrets.token_urlsafe(16)
        self._start: Message | None = None
        self._body = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            self._secure(headers)
            if self._never_changes and message["status"] == 200:
                headers["Cache-Control"] = "public, max-age=31536000, immutable"
            # A file to be kept is no page, whatever its type.
            is_file = "content-disposition" in headers
            if headers.get("content-type", "").startswith("text/html") and not is_file:
                self._start = message
                return
        elif self._start is not None and message["type"] == "http.response.body":
            self._body += message.get("body", b"")
            if message.get("more_body"):
                return
            page = self._clean(bytes(self._body))
            headers = MutableHeaders(scope=self._start)
            if self._body or "content-length" not in headers:  # else the answer to HEAD
                headers["content-length"] = str(len(page))
            await self._send(self._start)
            await self._send({"type": "http.response.body", "body": page})
            return
        await self._send(message)

    def _secure(self, headers: MutableHeaders) -> None:
        headers["Content-Security-Policy"] = (
            "default-src 'none'; "
            # Gradio compiles its components' templates in the browser, which needs eval.
            f"script-src 'self' 'nonce-{self._nonce}' 'unsafe-eval'; "
            "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
            "connect-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
        )
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "no-referrer"

    def _clean(self, page: bytes) -> bytes:
        page = _MANIFEST.sub(b"", _META.sub(b"", page))
        if b"/own/style.css" not in page:
            page = page.replace(_HEAD_END, _own_head(self._page.assets if self._page else ()), 1)
        # The nonce is for the scripts of Gradio's page alone; nothing else has any within it.
        before, start, gradio = page.rpartition(_GRADIO)
        if not start or self._page is None:
            return page
        return before + _SCRIPT.sub(f'<script nonce="{self._nonce}"'.encode(), start + gradio)


def _own_head(assets: Sequence[str]) -> bytes:
    tags = "".join(
        f'<link rel="stylesheet" href="/own/{name}" />\n\t\t'
        if name.endswith(".css")
        else f'<script src="/own/{name}" defer></script>\n\t\t'
        for name in assets
    )
    return _OWN_HEAD.format(assets=tags).encode()
