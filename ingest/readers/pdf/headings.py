"""Which paragraphs are headings, and what stands under which."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ingest.readers.pdf.lines import Line
from ingest.readers.pdf.paragraphs import Paragraph

MAX_LENGTH, MAX_LENGTH_BOLD, MAX_LINES = 200, 120, 4
BIGGER = 1.12  # times the body's size
_NUMBER = re.compile(
    r"(\d{1,2}(?:\.\d{1,2})*|[A-Z](?=\.))[.)]?\s+(?=[^\W\d_])|"
    r"(?:Annex|Appendix|Chapter|Part|Section)\s+(?:[A-Z]|\d{1,2}|[IVX]+)\b"
)
_CAPITALS = re.compile(r"[^a-zß-öø-ÿ]*[A-ZÀ-Þ]{2}[^a-zß-öø-ÿ]*")
REPEATED = 3  # places with a heading of the same text from which it is a label
_OUTLINE_RANK = -100  # outline headings stand above all that are known by their type only
MIN_OUTLINE_FOUND = 0.5  # of the outline must be on its pages for it to be used


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """A bookmark: ``level`` from 0, ``page`` from 1."""

    title: str
    level: int
    page: int


@dataclass(frozen=True, slots=True)
class Heading:
    """How high a heading stands.

    A smaller ``rank`` is higher; ``depth`` counts its numbers ("2.1": 2). ``type`` is its size and
    weight; ``capitals`` and ``repeated`` (its text heads three places or more) order headings of
    one type: "BARRIERS" repeats under each topic and has parts of its own.
    """

    text: str
    rank: int
    depth: int = 0
    type: tuple[float, bool] | None = None
    capitals: bool = False
    repeated: bool = False


def body_size(lines: Iterable[Line]) -> float:
    """The font size that most characters have."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size * 2) / 2] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 10.0


def _folded(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).lower()


@dataclass(slots=True)
class HeadingFinder:
    """Tells the headings of one file from its other paragraphs."""

    body: float
    body_is_bold: bool
    slides: bool
    _ranks: dict[tuple[float, bool, bool], int] = field(default_factory=dict)
    _outline: dict[tuple[int, str], int] = field(default_factory=dict)
    _capitals_above: set[tuple[float, bool]] = field(default_factory=set)
    _texts: Counter[str] = field(default_factory=Counter)
    _last_number: int = 0

    @classmethod
    def for_file(
        cls,
        paragraphs: Sequence[Paragraph],
        outline: Sequence[OutlineEntry],
        *,
        slides: bool,
    ) -> "HeadingFinder":
        """Learn the styles of headings from all ``paragraphs`` of a file."""
        lines = [line for p in paragraphs for line in p.lines]
        bold = sum(len(line.text) for line in lines if line.bold)
        total = sum(len(line.text) for line in lines)
        finder = cls(body_size(lines), bold > 0.5 * total, slides)
        finder._learn_capitals(paragraphs)
        keys = {finder._style(p) for p in paragraphs if finder.looks_like_one(p)}
        ordered = sorted(keys, key=lambda k: (-k[0], not k[1], not k[2]))
        finder._ranks = {key: rank for rank, key in enumerate(ordered)}
        finder._texts = Counter(_folded(_text(p)) for p in paragraphs)
        finder._learn_outline(paragraphs, outline)
        return finder

    def _learn_outline(
        self, paragraphs: Sequence[Paragraph], outline: Sequence[OutlineEntry]
    ) -> None:
        on_page = {(p.page, _folded(_text(p))) for p in paragraphs}
        entries = {(e.page, _folded(e.title)): e.level for e in outline if _folded(e.title)}
        found = {key: level for key, level in entries.items() if key in on_page}
        if entries and len(found) >= MIN_OUTLINE_FOUND * len(entries):
            self._outline = found

    def _learn_capitals(self, paragraphs: Sequence[Paragraph]) -> None:
        """Find styles in which headings in capitals stand above others of the same type.

        The sign is that one is followed by the other with nothing between them, twice or more.
        """
        pairs: Counter[tuple[float, bool]] = Counter()
        for upper, lower in pairwise(paragraphs):
            same = round(upper.size) == round(lower.size) and upper.bold == lower.bold
            if same and _is_capitals(upper) and not _is_capitals(lower):
                both = self.looks_like_one(upper) and self.looks_like_one(lower)
                pairs[round(upper.size), upper.bold] += both
        self._capitals_above = {key for key, count in pairs.items() if count >= 2}

    def _style(self, paragraph: Paragraph) -> tuple[float, bool, bool]:
        key = (round(paragraph.size), paragraph.bold)
        typed = self._is_bigger(paragraph) or paragraph.bold
        capitals = _is_capitals(paragraph) and (key in self._capitals_above or not typed)
        return *key, capitals

    def _is_bigger(self, paragraph: Paragraph) -> bool:
        return paragraph.size >= BIGGER * self.body

    def looks_like_one(self, paragraph: Paragraph) -> bool:
        """Whether type and length are those of a heading."""
        text = _text(paragraph)
        letters = sum(c.isalpha() for c in text)
        if paragraph.is_note or letters < max(2, 0.3 * len(text)):
            return False
        if len(text) > MAX_LENGTH or len(paragraph.lines) > MAX_LINES:
            return False
        if self._is_bigger(paragraph):
            big = paragraph.size >= 1.25 * self.body or paragraph.bold
            return not text.endswith((",", ";")) and (big or not text.endswith("."))
        if text.endswith((".", ",", ";", ":")) and not (paragraph.bold and text.endswith(":")):
            return False
        if paragraph.size < 0.95 * self.body and not paragraph.bold:
            return False
        short = len(text) <= MAX_LENGTH_BOLD and len(paragraph.lines) <= 2
        if paragraph.bold and not self.body_is_bold:
            return short
        number = _NUMBER.match(text)
        if number and number[1] and "." in number[1]:
            return short and len(paragraph.lines) == 1 and text[number.end() :][:1].isupper()
        capitals = _is_capitals(paragraph)
        return (
            not self.slides
            and capitals
            and len(paragraph.lines) == 1
            and len(text) <= 80
            and not any(c.isdigit() for c in text)
        )

    def heading(self, paragraph: Paragraph, last_item: int) -> Heading | None:
        """``paragraph`` as a heading, or None. ``last_item`` is the last number of the open list.

        A big "6. ..." after the items 1 to 5 of a list, and not after section 5, is its sixth item.
        """
        text = _text(paragraph)
        level = self._outline.get((paragraph.page, _folded(text)))
        if level is None and not self.looks_like_one(paragraph):
            return None
        match = _NUMBER.match(text)
        label = match[1] if match and match[1] else ""
        if label.isdigit():
            number = int(label)
            if level is None and number == last_item + 1 > 1 and number != self._last_number + 1:
                return None
            self._last_number = number
        elif label[:1].isdigit():
            self._last_number = int(label.split(".")[0])
        depth = label.count(".") + 1 if label[:1].isdigit() else 0
        rank = self._ranks.get(self._style(paragraph), len(self._ranks))
        if level is not None:
            return Heading(text, _OUTLINE_RANK + level)
        return Heading(
            text,
            rank,
            depth,
            (round(paragraph.size), paragraph.bold),
            _is_capitals(paragraph),
            self._texts[_folded(text)] >= REPEATED,
        )


def _text(paragraph: Paragraph) -> str:
    return " ".join(line.text for line in paragraph.lines)


def _is_capitals(paragraph: Paragraph) -> bool:
    """Whether it is written in capitals; short abbreviations are not."""
    text = _text(paragraph)
    return bool(_CAPITALS.fullmatch(text)) and sum(c.isalpha() for c in text) >= 6


class Outliner:
    """The headings that are open at the place reached."""

    def __init__(self) -> None:
        self._open: list[Heading] = []
        self._with_text: set[int] = set()  # positions in `_open`

    @property
    def path(self) -> tuple[str, ...]:
        """From the outermost heading to the innermost."""
        return tuple(heading.text for heading in self._open)

    def note_text(self) -> None:
        """Text stands directly under the innermost heading."""
        self._with_text.add(len(self._open) - 1)

    def enter(self, heading: Heading) -> None:
        """Close what ``heading`` does not stand under, and open it."""
        while self._open and not self._stands_under(heading):
            self._open.pop()
        self._with_text = {place for place in self._with_text if place < len(self._open)}
        self._open.append(heading)

    def leave_all(self) -> None:
        """Close every heading (a new slide begins)."""
        self._open.clear()
        self._with_text.clear()

    def _stands_under(self, lower: Heading) -> bool:
        """Whether ``lower`` belongs to the innermost open heading."""
        upper, has_text = self._open[-1], len(self._open) - 1 in self._with_text
        if lower.depth and upper.depth:
            return lower.depth > upper.depth
        if lower.type != upper.type or lower.type is None or lower.capitals == upper.capitals:
            return lower.rank > upper.rank
        if upper.capitals:
            # A label in capitals has parts of the same type only when nothing else is under it.
            return lower.rank > upper.rank and not has_text
        others = any(h.capitals and h.type == lower.type for h in self._open)
        return lower.repeated and not upper.repeated and has_text and not others
