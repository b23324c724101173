"""What stands around every page: the way past it, the navigation, the switches, the foot."""

from collections.abc import Sequence
from html import escape

from app.web.site import Page
from app.web.texts import LANGUAGES, texts
from corpus.knowledge import Partnership

_CURRENT = ' aria-current="page"'
_APPEARANCES = ("system", "light", "dark")
_ICON = (
    '<svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true" fill="none" '
    'stroke="currentColor" stroke-width="1.8">{}</svg>'
)
_GLOBE = _ICON.format(
    '<circle cx="12" cy="12" r="9"/><path d="M3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18"/>'
)
_HALF = _ICON.format(
    '<circle cx="12" cy="12" r="9"/><path d="M12 3a9 9 0 0 1 0 18z" fill="currentColor"/>'
)


def head_html(page: Page, pages: Sequence[Page], partnership: Partnership, language: str) -> str:
    """The head of a page: skip link, name, navigation, and the switches of this browser."""
    words = texts("frame", language)
    home = escape(words["home"].format(partnership=partnership.name))
    return (
        f'<a class="skip" href="{_link(page)}#content">{escape(words["skip"])}</a>'
        f'<header class="masthead"><a class="brand" href="./" aria-label="{home}">'
        f'<span class="short">{escape(partnership.abbreviation)}</span>'
        f'<span class="long">{escape(partnership.name)}</span></a>'
        f"{_navigation(page, pages, language)}"
        f'<div class="switches">{_languages(language)}{_appearance(language)}</div></header>'
    )


def foot_html(language: str) -> str:
    """The foot of a page: that one is talking to a machine."""
    return f'<footer class="foot"><p>{escape(texts("frame", language)["caution"])}</p></footer>'


def _link(page: Page) -> str:
    return page.path.removeprefix("/") or "./"


def _navigation(page: Page, pages: Sequence[Page], language: str) -> str:
    words = texts("frame", language)
    items = "".join(
        f'<li><a href="{_link(each)}" data-page="{each.name}"'
        f"{_CURRENT if each is page else ''}>{escape(words[each.name])}"
        f'<span class="badge" hidden></span></a></li>'
        for each in pages
    )
    return f'<nav aria-label="{escape(words["pages"])}"><ul role="list">{items}</ul></nav>'


def _languages(language: str) -> str:
    label = escape(texts("frame", language)["language"])
    options = "".join(
        f'<option value="{code}" lang="{code}"{" selected" if code == language else ""}>'
        f"{escape(name)}</option>"
        for code, name in LANGUAGES.items()
    )
    return (
        f'<label class="switch">{_GLOBE}<span class="unseen">{label}</span>'
        f'<select id="choose-language" data-keep="language" autocomplete="off">{options}</select>'
        "</label>"
    )


def _appearance(language: str) -> str:
    words = texts("frame", language)
    # What is chosen is set in the browser, which alone knows it.
    options = "".join(
        f'<option value="{name}">{escape(words[name])}</option>' for name in _APPEARANCES
    )
    return (
        f'<label class="switch">{_HALF}<span class="unseen">{escape(words["appearance"])}</span>'
        '<select id="choose-appearance" data-keep="appearance" autocomplete="off">'
        f"{options}</select></label>"
    )
