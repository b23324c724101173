"""Which publication a file is.

Citations of a file that a user adds should carry the publication's title, date and place, and a new
version should replace the old one. A wrong match does harm (it replaces another document), so a
file is matched on strong evidence only and is a source of its own otherwise.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from rapidfuzz import fuzz, utils

from corpus.model import Source
from ingest.read import FileDescription

# How alike two titles have to be, of 100, and how many words the shorter needs for being alike
# (rather than the same) to mean anything.
_ALIKE = 91.0
_FEWEST_WORDS = 4
# "Brochure", "Slides" or "Work packages" can be the title of anything.
_FEWEST_LETTERS = 15
# A title that is part of a longer one is the same only if it is most of it.
_SHARE = 0.7
_LONGEST_ID = 60

# What people add to a file's name when they save it again.
_VERSION = re.compile(
    r"(?:v|ver|version|rev|r)?\d+(?:st|nd|rd|th)?|v|version|copy|copie|kopie|copia|final|draft|new|"
    r"latest|updated?|signed|public|web|print|en|eng|english|fr|de|es|it|"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*\d*"
)
_PERIODS = {
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december", "spring", "summer", "autumn", "winter", "q1", "q2", "q3",
    "q4", "h1", "h2", "first", "second", "third", "fourth", "annual", "quarterly", "half",
}  # fmt: skip
# Letters that do not come apart into a plain one and an accent.
_PLAIN = str.maketrans(
    {"ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "æ": "ae", "Æ": "AE",
     "œ": "oe", "Œ": "OE", "ı": "i", "þ": "th", "ð": "d"}
)  # fmt: skip


def match_source(
    description: FileDescription, path: Path, known: Sequence[Source]
) -> Source | None:
    """The source among ``known`` that the file is, or None.

    By the source's id in the file's name, then by the same title, then by one that is much alike
    and names no other number or period ("2021" is not the report of 2020). Titles are the source's
    title and aliases on one side, the file's own title and its name on the other.
    """
    return (
        _by_id(path, known)
        or _by_title(description, path, known, _same)
        or _by_title(description, path, known, _alike)
    )


def new_source(description: FileDescription, path: Path, taken_ids: Collection[str]) -> Source:
    """A source for a file that is none of the known ones; its id is none of ``taken_ids``.

    The title is the file's own, else its name. The date stays open: what a file says of when it was
    saved does not tell for when its statements hold.
    """
    title = description.title.strip() or _readable(path.stem)
    base = slug(description.title) or slug(path.stem) or "document"
    number, candidate = 1, base
    while candidate in taken_ids:
        number += 1
        candidate = f"{base}-{number}"
    language = description.language or "en"
    return Source(id=candidate, title=title, aliases=(path.name,), language=language)


def slug(text: str) -> str:
    """``text`` in small letters and digits with hyphens, of at most 60 characters.

    Accents go; letters of other scripts stay, as a name in them is what its owner can read.
    """
    decomposed = unicodedata.normalize("NFKD", text.translate(_PLAIN))
    # Only accents on Latin letters go: in other scripts a mark makes another letter.
    bare = re.sub(r"(?<=[A-Za-z])[\u0300-\u036f]+", "", decomposed)
    words = re.split(r"[\W_]+", unicodedata.normalize("NFC", bare).lower().replace("'", ""))
    result = ""
    for word in filter(None, words):
        longer = f"{result}-{word}" if result else word[:_LONGEST_ID]
        if len(longer) > _LONGEST_ID:
            break
        result = longer
    return result


def _by_id(path: Path, known: Sequence[Source]) -> Source | None:
    """The source whose id is the file's name, but for what marks a version; the longest id."""
    name = slug(path.stem)
    words = name.split("-")
    found = [source for source in known if _id_in(slug(source.id), name, words)]
    return max(found, key=lambda source: len(source.id), default=None)


def _id_in(source_id: str, name: str, words: list[str]) -> bool:
    if name == source_id:
        return True
    before, inside, after = f"-{name}-".partition(f"-{source_id}-")
    # One word of a name says little: "report" is in many.
    if not inside or "-" not in source_id:
        return False
    rest = [word for word in [*before.split("-"), *after.split("-")] if word]
    numbers = set(re.findall(r"(?:19|20)\d\d", source_id))
    others = {word for word in rest if re.fullmatch(r"(?:19|20)\d\d", word)}
    return all(_VERSION.fullmatch(word) for word in rest) and not (numbers and others - numbers)


def _by_title(
    description: FileDescription,
    path: Path,
    known: Sequence[Source],
    close: "_Closeness",
) -> Source | None:
    titles = [*_titles_of(description.title), _readable(path.stem)]
    best: tuple[float, int] = (0.0, 0)
    for index, source in enumerate(known):
        if not _same_period([description.title, path.stem], source):
            continue
        names = [source.title, *source.aliases]
        score = max(close(title, name) for title in titles for name in names)
        if score > best[0]:
            best = (score, index)
    return known[best[1]] if best[0] else None


class _Closeness:
    """How alike two titles are: 0 for not enough, else up to 100."""

    def __init__(self, fewest_words: int, alike: float) -> None:
        self.fewest_words = fewest_words
        self.alike = alike

    def __call__(self, one: str, other: str) -> float:
        one, other = utils.default_process(one), utils.default_process(other)
        shorter = min(one, other, key=len)
        if len(shorter) < _FEWEST_LETTERS or len(shorter.split()) < self.fewest_words:
            return 0.0
        # All of a short title standing in a long one would count as the same: the order and the
        # number of words count too.
        whole, parts = fuzz.token_sort_ratio(one, other), fuzz.token_set_ratio(one, other)
        score = max(whole, parts if len(shorter) > _SHARE * max(len(one), len(other)) else 0.0)
        return score if score >= self.alike else 0.0


_same = _Closeness(fewest_words=3, alike=100.0)
_alike = _Closeness(fewest_words=_FEWEST_WORDS, alike=_ALIKE)


def _titles_of(title: str) -> Iterable[str]:
    """The title, and its first part: "Report - Name of the site", "Report | Site"."""
    yield title
    first = re.split(r"\s+[-–—|·]\s+|:\s+", title)[0]
    if first != title:
        yield first


def _same_period(texts: Iterable[str], source: Source) -> bool:
    """Whether the file names no year, number or period that the source does not."""
    date = str(source.date) if source.date else ""
    held = _numbers(" ".join([source.id, source.title, *source.aliases, date]))
    return not held or _numbers(" ".join(texts)) <= held


def _numbers(text: str) -> set[str]:
    words = utils.default_process(text).split()
    return {
        word for word in words if word in _PERIODS or re.fullmatch(r"\d+(?:st|nd|rd|th)?", word)
    }


def _readable(stem: str) -> str:
    """A file's name as a title: without underscores and doubled spaces."""
    return " ".join(re.sub(r"[_\s]+|(?<=\w)-(?=\w)", " ", stem).split()) or stem
