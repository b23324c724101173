"""Pictures of the pages that citations point to, with the words outlined, drawn when asked for."""

import re
from collections.abc import Callable, Sequence, Set
from decimal import Decimal
from functools import lru_cache
from hashlib import blake2b
from hmac import compare_digest
from pathlib import Path
from secrets import token_bytes
from typing import Protocol, runtime_checkable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.answering.answer import Citation
from corpus.errors import ReadError
from corpus.model import Passage
from ingest.readers.pdf.picture import Picture, page_picture, page_with

PDF = "application/pdf"
OUTLINED_AT = "X-Outlined-At"  # how far down the page, 0 to 1
_KEPT = 64  # pictures, of some 100 KB each
_FOUND_KEPT = 2000  # numbers of pages
_MOST_PAGES = 3  # of a passage that runs over several, in which its words are looked for
_MOST_LOOKED_THROUGH = 300  # pages of a file, for words that come without a page
_SOUGHT = 0  # in the place of a page's number: the page on which the words stand
_PARTS = re.compile(r"(?<=[.!?;])\s+|\n+")  # what of a quote may stand apart on the page
_ITEMS = re.compile(r"[;,]\s+|\s+and\s+|\n+")
_SHORTEST_ITEM = 4  # characters
# A record says "5.5 million" where a page may say 5 500 000.
_LARGE_WORDS = {"thousand": 10**3, "million": 10**6, "billion": 10**9}
_LARGE = re.compile(rf"(\d+(?:\.\d+)?) ({'|'.join(_LARGE_WORDS)})\b")
_YES_OR_NO = ("yes", "no")  # what a record says and no page prints
_NOTE = re.compile(r"\s*\([^()]*\)\s*$")


@runtime_checkable
class HasOriginals(Protocol):
    """What pictures need of the assistant."""

    def original(self, source_id: str, media_type: str) -> Path | None:
        """The kept copy of the file of that type that a source was read from, if there is one."""
        ...

    def passage(self, passage_id: str) -> Passage | None:
        """The passage of that id, if it is held."""
        ...

    def record_pages(self, passage: Passage) -> Set[int]:
        """The pages of its source that the fields of a record's passage name."""
        ...


class Pictures:
    """The pictures of one assistant; without originals there are none."""

    def __init__(self, assistant: object, prefix: str) -> None:
        self._originals = assistant if isinstance(assistant, HasOriginals) else None
        self._prefix = prefix
        # A file is looked through for words that an answer cites, not for any that somebody names.
        self._key = token_bytes(16)

    def addresses(self) -> Callable[[Citation], str]:
        """A function that gives the address of a citation's picture, "" where there is none.

        It is for one answer: it remembers which sources have a file.
        """
        has_file = lru_cache(maxsize=None)(self._file)

        def address(citation: Citation) -> str:
            passage = citation.passage
            if has_file(passage.source_id) is None:
                return ""
            if passage.page is None:  # sought when the picture is asked for
                where = self._named(citation, _SOUGHT, _SOUGHT)
                return f"{where}?{self._seal(passage.id, citation.start, citation.end)}"
            last = min(passage.page_end or passage.page, passage.page + _MOST_PAGES - 1)
            return self._named(citation, passage.page, last)

        return address

    def _named(self, citation: Citation, first: int, last: int) -> str:
        name = f"{first}-{last}/{citation.start}-{citation.end}.webp"
        return f"{self._prefix.removeprefix('/')}pages/{citation.passage.id}/{name}"

    def _seal(self, passage_id: str, start: int, end: int) -> str:
        told = f"{passage_id}/{start}-{end}".encode()
        return blake2b(told, key=self._key, digest_size=12).hexdigest()

    def route(self) -> Route:
        """The address of all pictures."""
        path = "pages/{passage}/{first:int}-{last:int}/{start:int}-{end:int}.webp"
        return Route(self._prefix + path, self._show)

    def _file(self, source_id: str) -> Path | None:
        return self._originals.original(source_id, PDF) if self._originals else None

    def _show(self, request: Request) -> Response:
        """A picture. Not async: drawing takes a while, so it is done in a thread."""
        given = request.path_params
        passage = self._originals.passage(given["passage"]) if self._originals else None
        file = self._file(passage.source_id) if passage else None
        pages = range(given["first"], min(given["last"], given["first"] + _MOST_PAGES - 1) + 1)
        start, end = given["start"], given["end"]
        if passage is None or file is None or not start < end <= len(passage.text):
            return Response("Not found", status_code=404)
        if not self._stands_on(passage, pages):
            return Response("Not found", status_code=404)
        quote = passage.text[start:end]
        ways = ways_to_put(quote, of_record=bool(passage.record))
        try:
            if passage.page is None and pages[0] == _SOUGHT:
                sealed = compare_digest(request.url.query, self._seal(passage.id, start, end))
                found = _found(file, "".join(ways[0])) if ways and sealed else None
                if found is None:
                    return Response("Not found", status_code=404)
                pages = range(found, found + 1)
            picture = _drawn(file, pages, ways)
        except ReadError:
            return Response("Not found", status_code=404)
        # Not for long: when a source is removed, its pages are to go from the browsers too.
        headers = {"Cache-Control": "private, max-age=600"}
        if picture.outlined is not None:
            headers[OUTLINED_AT] = f"{picture.outlined:.3f}"
        return Response(picture.webp, media_type="image/webp", headers=headers)

    def _stands_on(self, passage: Passage, pages: range) -> bool:
        """Whether a citation of the passage can point to these pages: no others are on show."""
        if not pages or self._originals is None:
            return False
        page = passage.page
        if page is None and pages == range(_SOUGHT, _SOUGHT + 1):
            return True
        if page and page <= pages[0] and pages[-1] <= (passage.page_end or page):
            return True
        # A record's passage gathers what stands on several pages; a citation names its field's own.
        one = len(pages) == 1 and bool(passage.record)
        return one and pages[0] in self._originals.record_pages(passage)


@lru_cache(maxsize=_FOUND_KEPT)
def _found(file: Path, words: str) -> int | None:
    """The only page on which the words stand; ``file`` has its hash in its name."""
    return page_with(file, words, _MOST_LOOKED_THROUGH)


@lru_cache(maxsize=_KEPT)
def _drawn(file: Path, pages: range, wanted: tuple[tuple[str, ...], ...]) -> Picture:
    """The first of the pages on which the words stand, else the first; ``file`` has its hash."""
    first = None
    for page in pages:
        picture = page_picture(file, page, wanted)
        if picture.outlined is not None:
            return picture
        first = first or picture
    assert first is not None  # there is at least one page
    return first


def ways_to_put(quote: str, *, of_record: bool) -> tuple[tuple[str, ...], ...]:
    """The texts that a quote may stand on the page as, the likeliest first.

    The line of a record, ``Label: value (note)``, is our way to put it; on the page stands at most
    its value, or the items of it.
    """
    ways: list[Sequence[str]] = [[quote], [p for p in _PARTS.split(quote) if p.strip()]]
    if of_record:
        value = quote.partition(": ")[2] or quote
        if value in _YES_OR_NO:
            return ()
        plain = _NOTE.sub("", value)
        items = [item for item in _ITEMS.split(plain) if len(item.strip()) >= _SHORTEST_ITEM]
        ways = [[value], [plain], [_LARGE.sub(_in_digits, plain)], items]
    return tuple(dict.fromkeys(tuple(way) for way in ways if way))


def _in_digits(match: re.Match[str]) -> str:
    return f"{Decimal(match[1]) * _LARGE_WORDS[match[2]]:.0f}"
