"""Running headers, footers and page numbers: lines that repeat at one height on many pages."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from ingest.readers.pdf.lines import Line
from ingest.readers.pdf.page import Page

MARGIN = 0.14  # of the page's height: furniture stands above or below this
MIN_SHARE = 0.25  # of the pages that must carry a line, 0.6 for slides, whose titles may repeat
MIN_SHARE_SLIDES = 0.6
_GRID = 6.0  # points within which two heights are the same
_PAGE_NUMBER = re.compile(
    r"[-–—|•\s]*(?:(?:page|seite|p\.|pg\.?|slide)\s*)?(\d{1,4})(?:\s*(?:/|of|von|\|)\s*\d{1,4})?[-–—|•\s]*",
    re.IGNORECASE,
)
_ROMAN = re.compile(r"[-–\s]*[ivxlc]{1,7}[-–\s]*", re.IGNORECASE)

Key = tuple[str, bool, int]


def without_furniture(
    pages: Sequence[Page], lines: Mapping[int, list[Line]]
) -> dict[int, list[Line]]:
    """``lines`` (by page number) less those that belong to the page and not to its text."""
    repeated = _repeated(pages, lines)
    numbers = _page_numbers(pages, lines)
    height = {page.number: page.height for page in pages}
    return {
        number: [
            line
            for line in found
            if _key(line, height[number]) not in repeated and id(line) not in numbers
        ]
        for number, found in lines.items()
    }


def _folded(text: str) -> str:
    return re.sub(r"\d+", "#", text.lower()).strip()


def _key(line: Line, height: float) -> Key | None:
    if line.bottom < MARGIN * height:
        return _folded(line.text), True, round(line.base / _GRID)
    if line.top > (1 - MARGIN) * height:
        return _folded(line.text), False, round((height - line.base) / _GRID)
    return None


def _repeated(pages: Sequence[Page], lines: Mapping[int, list[Line]]) -> set[Key]:
    """Keys of lines that repeat, and stand outside the area that the pages' own text takes."""
    on_pages: dict[Key, set[int]] = defaultdict(set)
    for page in pages:
        for line in lines[page.number]:
            if key := _key(line, page.height):
                on_pages[key].add(page.number)
    landscape = sum(page.is_landscape for page in pages) > len(pages) / 2
    share = MIN_SHARE_SLIDES if landscape else MIN_SHARE
    least = max(2 if len(pages) < 4 else 3, share * len(pages))
    often = {key for key, found in on_pages.items() if len(found) >= min(least, 12)}
    # A running title that changes with the chapter stands at the height of the others.
    heights = {key[1:] for key in often if len(on_pages[key]) >= least}
    runs = {
        key
        for key, found in on_pages.items()
        if len(found) >= 2 and key[1:] in heights and not landscape
    }
    return _outside_text(pages, lines, often | runs)


def _outside_text(
    pages: Sequence[Page], lines: Mapping[int, list[Line]], candidates: set[Key]
) -> set[Key]:
    """``candidates`` less those at a height where other pages have their first or last own line.

    The head of a table that goes on over many pages repeats too, but where text begins.
    """
    tops: Counter[int] = Counter()
    bottoms: Counter[int] = Counter()
    for page in pages:
        own = [x for x in lines[page.number] if _key(x, page.height) not in candidates]
        own = [x for x in own if not _PAGE_NUMBER.fullmatch(x.text)]
        if own:
            tops[round(min(x.base for x in own) / _GRID)] += 1
            bottoms[round((page.height - max(x.base for x in own)) / _GRID)] += 1
    enough = max(1, 0.1 * len(pages))
    first = min((place for place, n in tops.items() if n >= enough), default=10**6)
    last = min((place for place, n in bottoms.items() if n >= enough), default=10**6)
    return {key for key in candidates if key[2] < (first if key[1] else last)}


def _page_numbers(pages: Sequence[Page], lines: Mapping[int, list[Line]]) -> set[int]:
    """The ids of the lines that are page numbers: they go up with the page, at the page's edge."""
    by_offset: dict[tuple[bool, int], list[Line]] = defaultdict(list)
    romans: list[Line] = []
    for page in pages:
        found = lines[page.number]
        outer = {id(x) for x in _outermost(found)}
        for line in found:
            key = _key(line, page.height)
            if key is None or id(line) not in outer:
                continue
            if match := _PAGE_NUMBER.fullmatch(line.text):
                by_offset[key[1], int(match[1]) - page.number].append(line)
            elif _ROMAN.fullmatch(line.text):
                romans.append(line)
    enough = 1 if len(pages) == 1 else 2
    numbers = {
        id(line)
        for (_, offset), found in by_offset.items()
        for line in found
        if len(found) >= enough or (offset == 0 and len(pages) < 4)
    }
    return numbers | ({id(line) for line in romans} if len(romans) >= 2 else set())


def _outermost(found: Sequence[Line]) -> list[Line]:
    """The lines on the highest and the lowest two baselines."""
    ordered = sorted(found, key=lambda line: line.base)
    if not ordered:
        return []
    top, bottom = ordered[0].base + 20, ordered[-1].base - 20
    return [line for line in ordered if line.base <= top or line.base >= bottom]
