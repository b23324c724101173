"""What is on a page: words, drawn rules and bullets, in the upright page's coordinates."""

import threading
from dataclasses import dataclass, field

PDFIUM = threading.RLock()
"""Held around every call of PDFium, which is for one thread at a time."""

# The box of a word reaches this far above and below its baseline, in font sizes (fonts' own boxes
# differ too much to build lines on).
ASCENT, DESCENT = 0.78, 0.22


@dataclass(slots=True)
class Word:
    """Characters without a space between them, of one size and weight.

    ``base`` is the baseline (a raised word has that of its neighbours); ``glued`` means no space
    stands before it; ``raised`` that it is a superscript.
    """

    text: str
    x0: float
    x1: float
    base: float
    size: float
    bold: bool = False
    glued: bool = False
    raised: bool = False

    @property
    def top(self) -> float:
        """Upper edge."""
        return self.base - ASCENT * self.size

    @property
    def bottom(self) -> float:
        """Lower edge."""
        return self.base + DESCENT * self.size


@dataclass(frozen=True, slots=True)
class Rule:
    """A drawn horizontal (``y0 == y1``) or vertical (``x0 == x1``) line."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def horizontal(self) -> bool:
        """Whether it runs from left to right."""
        return self.y0 == self.y1


@dataclass(slots=True)
class Page:
    """What is on one page. ``sides`` holds the words of text that is turned against the rest."""

    number: int
    width: float
    height: float
    words: list[Word] = field(default_factory=list)
    sides: list[list[Word]] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    dots: list[tuple[float, float]] = field(default_factory=list)  # middles of drawn bullets
    has_pictures: bool = False

    @property
    def is_landscape(self) -> bool:
        """Whether it is wider than high."""
        return self.width > self.height


@dataclass(frozen=True, slots=True)
class Frame:
    """Turns user space (y upwards) into the upright page for text that runs at ``turn`` degrees."""

    turn: int
    left: float
    bottom: float
    right: float
    top: float

    def point(self, x: float, y: float) -> tuple[float, float]:
        """A point of user space on the upright page."""
        if self.turn == 0:
            return x - self.left, self.top - y
        if self.turn == 90:
            return y - self.bottom, x - self.left
        if self.turn == 180:
            return self.right - x, y - self.bottom
        return self.top - y, self.right - x

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the upright page."""
        width, height = self.right - self.left, self.top - self.bottom
        return (width, height) if self.turn in (0, 180) else (height, width)
