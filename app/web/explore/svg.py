"""Pieces of the charts: shapes, text in lines, the frame that makes a drawing readable to all.

A chart is as wide as its place on the page: across, it is measured in percent (shapes, which must
not be stretched, stand in a nested ``<svg>`` at a percentage), down in pixels. So text keeps its
size on a phone. The colours are in static/explore.css under the classes used here.
"""

from collections.abc import Sequence
from html import escape
from textwrap import wrap

# Told apart without colour. Drawn around 0, 0, each about as heavy as a circle of radius 10.
SHAPES = (
    "M0-14L14 0 0 14-14 0Z",  # diamond
    "M-10 0a10 10 0 1 0 20 0a10 10 0 1 0-20 0Z",  # circle
    "M0-12L12 9H-12Z",  # triangle
    "M-9.5-9.5H9.5V9.5H-9.5Z",  # square
    "M0 12L12-9H-12Z",  # triangle, point down
    "M-4-12H4V-4H12V4H4V12H-4V4H-12V-4H-4Z",  # cross
)
LINE = 20  # pixels from one line of text to the next


def shape(kind: int) -> str:
    """The path of the n-th shape, in the n-th colour; they begin anew after the last."""
    return f'<path class="mark c{kind % len(SHAPES)}" d="{SHAPES[kind % len(SHAPES)]}"/>'


def shape_at(kind: int, across: float, down: float, size: float = 0.6, extra: str = "") -> str:
    """A shape at a place: ``across`` in percent, ``down`` in pixels; ``extra`` is drawn with it."""
    return (
        f'<svg x="{across:.2f}%" y="{down:g}" overflow="visible">{extra}'
        f'<g transform="scale({size:g})">{shape(kind)}</g></svg>'
    )


def text(words: str, across: float, down: float, *, style: str = "", anchor: str = "start") -> str:
    """A line of text: ``across`` in percent, its base line ``down`` in pixels."""
    marks = f' class="{style}"' if style else ""
    return (
        f'<text{marks} x="{across:.2f}%" y="{down:g}" text-anchor="{anchor}">{escape(words)}</text>'
    )


def lines(words: str, longest: int, most: int = 2) -> list[str]:
    """The text in at most so many lines of so many characters; what is left out ends in "…"."""
    found = wrap(words, longest, break_long_words=True) or [""]
    if len(found) > most:
        found = [*found[: most - 1], wrap(" ".join(found[most - 1 :]), longest - 1)[0] + "…"]
    return found


def image(name: str, height: float, title: str, description: str, parts: Sequence[str]) -> str:
    """A whole chart, ``height`` in pixels. ``name`` makes the ids of its title and description."""
    return (
        f'<svg class="chart" xmlns="http://www.w3.org/2000/svg" width="100%" height="{height:g}" '
        f'role="img" aria-labelledby="{name}-title" aria-describedby="{name}-desc">'
        f'<title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-desc">{escape(description)}</desc>{"".join(parts)}</svg>'
    )
