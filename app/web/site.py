"""What the pages of the web application have in common: the site, a page of it, its languages.

**How a page is added.** A page is a `Page` in `app.web.pages.PAGES`. Its ``build`` is called once,
inside the page's part of the one Gradio application, between the head and the foot that the frame
draws. Everything that it needs to know is in the `Site`.

**How the languages work.** A visitor's language is decided in the browser and kept there alone
(static/frame.js: what was chosen on the page, else the first of the browser's languages that we
have, else English) and stands in ``<html lang>`` and ``window.ambp.language``. Two ways lead from
there to a text:

- *What is on the page from the start* is translated in the browser by Gradio's own i18n:
  ``gr.Textbox(label=site.label("ask", "question"))``, and for HTML that is drawn on the server
  ``gr.HTML(site.html(lambda language: start_html(language)))``, which draws it once per language.
- *What is drawn in answer to an event* is drawn in the visitor's language: the handler takes it as
  its last input, ``site.language()`` makes the component for it (one per page), and the listener
  gets ``js=WITH_LANGUAGE``, which fills it in.

Scripts have the texts that were given to `Site.label` in ``window.ambp.text("ask.copied")``.

A page's address is one segment (``/explore``). Links on a page are relative (``./?q=...``,
``explore``), so that the application can be served below another path; a link to a place on the
same page needs the page's own name before the ``#`` (``explore#table``), because Gradio sets a
``<base>``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from starlette.routing import Route

from app.service.service import Observe, ignore
from app.settings import Settings
from app.web.conversation import CanAnswer
from app.web.examples import ExampleGroup
from app.web.texts import LANGUAGES, texts
from corpus.knowledge import Partnership

if TYPE_CHECKING:  # takes seconds to import, and the server answers before that
    import gradio as gr
    from gradio.i18n import I18nData

WITH_LANGUAGE = "(...given) => [...given.slice(0, -1), window.ambp.language]"
"""The ``js`` of a listener whose last input is `Site.language`."""

AT_ONCE = 64
"""How many visitors' events of one kind are in the works at once. The waiting is cheap."""
PRIVATE: Mapping[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
"""For every listener: the pages can be used in a browser, and by no other client."""


@dataclass(frozen=True)
class Site:
    """What every page is built from.

    ``assistant`` answers; in production it is an `app.assistant.Assistant`, in tests of the chat
    alone a stub that can only ``ask``.
    """

    assistant: CanAnswer
    partnership: Partnership
    settings: Settings
    examples: Sequence[ExampleGroup] = ()
    translations: dict[str, dict[str, str]] = field(
        default_factory=lambda: {language: {} for language in LANGUAGES}
    )
    """What Gradio translates: by language, then by key."""
    observe: Observe = ignore
    """Is told of every question that is asked on a page."""

    def label(self, page: str, key: str, **fills: object) -> "I18nData":
        """A text for a Gradio component, translated in the browser; ``fills`` fill its places."""
        name = f"{page}.{key}"
        for language, of in self.translations.items():
            of[name] = texts(page, language)[key].format(**fills)
        return _translated(name)

    def html(self, draw: Callable[[str], str]) -> str:
        """The value of a ``gr.HTML``: what ``draw(language)`` gives, in the visitor's language."""
        name = f"html.{len(self.translations['en'])}"
        for language, of in self.translations.items():
            of[name] = draw(language)
        return str(_translated(name))

    def language(self) -> "gr.Textbox":
        """A component that holds the visitor's language in the events of a page."""
        import gradio as gr

        return gr.Textbox(visible=False)


def _translated(name: str) -> "I18nData":
    from gradio.i18n import I18nData

    return I18nData(name)


@dataclass(frozen=True)
class Page:
    """A page of the site.

    ``path`` is its address, ``name`` the key of its name in texts/frame.yaml. ``build`` is called
    inside the page's Gradio blocks and imports Gradio itself, because pages are listed before that
    is loaded. ``routes`` are further addresses, all below ``prefix`` (downloads, pictures): what a
    page does not list there does not exist.
    ``assets`` are style sheets and scripts in static/ that this page alone needs.
    ``foot`` is False for a page that shows the line about the machine itself.
    """

    path: str
    name: str
    build: Callable[[Site], None]
    routes: Callable[[Site], Sequence[Route]] = lambda site: ()
    assets: tuple[str, ...] = ()
    foot: bool = True

    @property
    def prefix(self) -> str:
        """What the page's further addresses begin with."""
        return f"/{self.name}/" if self.path == "/" else f"{self.path}/"
