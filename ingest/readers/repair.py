"""Mends what typesetting does to words: hyphens at line ends, split ligatures, odd glyphs."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise

# Glyphs of symbol fonts that have no character of their own, and ligatures, as plain characters.
_BULLET_GLYPHS = "\uf0b7\uf0a7\uf0d8\uf076\uf0a8\uf0fc\uf06c\uf06e\uf0e0\uf0d6\uf071\uf02d"
_GLYPHS = {
    "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl",
    "\ufb05": "st", "\ufb06": "st",
    "\x02": "-", "\ufffe": "-",  # how PDFium marks a hyphen at a line's end
    "\u2010": "-", "\u2011": "-",
    "\xa0": " ",
    "\xad": "-",
    **dict.fromkeys(_BULLET_GLYPHS, "•"),
}  # fmt: skip

_BULLETS = "•●○◦▪▫■□▸▹►▶➢➤➔➜➞→⇒❖◆◇✓✔✗✘★☆⦁∙‣⁃·»¤"
_MARKER = re.compile(
    rf"[{_BULLETS}]|[-–—*oØüv§](?=\s|$)"  # o, Ø, ü, v, §: bullets of symbol fonts read as letters
    r"|(?:\d{1,2}|[a-zA-Z]|[ivx]{2,5})[.)](?=\s|$)"
    r"|\((?:\d{1,2}|[a-zA-Z]|[ivx]{2,5})\)(?=\s|$)"
)
_NUMBERED_HEADING = re.compile(r"\d{1,2}(?:\.\d{1,2}){1,4}\.?$")

_LIGATURES = ("ffi", "ffl", "ff", "fi", "fl")
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_TAIL = re.compile(r"([^\W\d_]+(?:-[^\W\d_]+)*)-$")
_HEAD = re.compile(r"[^\W\d_]+")
_NOTE = re.compile(r"\[?(?:\d{1,3}(?:,\s?\d{1,3})*|[*†‡§]+|[a-h])\]?")
_UNITS = {"m", "cm", "km", "mm", "dm", "10", "s", "kg", "μm", "µm", "nm", "ft", "x", "h", "a"}
_GLUED_NOTE = re.compile(r"(?<![\w.])([^\W\d_]*[^\W\d_A-Z]{4})(\d{1,2})(?=[\s.,;:)\]”\"]|$)")


def plain_glyphs(text: str) -> str:
    """``text`` with ligatures spelled out and the glyphs of symbol fonts as plain bullets."""
    return "".join(_GLYPHS.get(char, char) for char in text)


def is_marker(text: str) -> bool:
    """Whether ``text`` is nothing but what stands before a list item or a numbered heading."""
    match = _MARKER.match(text)
    return bool(match and match.end() == len(text)) or bool(_NUMBERED_HEADING.match(text))


def split_marker(text: str) -> tuple[str, str]:
    """The list marker that ``text`` begins with ("" when none), and the rest."""
    match = _MARKER.match(text)
    if not match:
        return "", text
    return match.group(), text[match.end() :].lstrip()


def note_marker(before: str, raised: str) -> bool:
    """Whether the raised characters ``raised`` after the word ``before`` point to a footnote.

    They do not after a unit or a number ("m2", "103"), nor when they are letters of a word ("1st").
    """
    if not _NOTE.fullmatch(raised):
        return False
    word = before.rpartition(" ")[2].strip("(/")
    return word.lower() not in _UNITS and not (word[-1:].isdigit() and raised.isalpha())


@cache
def english_words() -> frozenset[str]:
    """Common English words, in lower case (the list that pyspellchecker carries)."""
    # Read only when a file has broken words: it takes 0.2 s.
    from spellchecker import SpellChecker

    return frozenset(SpellChecker("en").word_frequency.words())


class Words:
    """Which words a document uses: the evidence for how a broken one was spelt."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._counts: Counter[str] = Counter()
        for text in texts:
            self._counts.update(match.lower() for match in _WORD.findall(text))

    def count(self, word: str) -> int:
        """How often the document has ``word``, upper and lower case alike."""
        return self._counts[word.lower()]

    def knows(self, word: str) -> bool:
        """Whether it is a word: one of this document or a common one."""
        return self.count(word) > 0 or word.lower() in english_words()


def join_lines(parts: Sequence[str], words: Words) -> str:
    """The lines of one paragraph as running text, words broken at line ends made whole."""
    result = ""
    for part in parts:
        if not part:
            continue
        result = f"{result}{_seam(result, part, words)}{part}" if result else part
        if result.endswith("\x00" + part):  # the hyphen goes
            result = result[: -len(part) - 2] + part
    return result


def _seam(before: str, after: str, words: Words) -> str:
    """What goes between two lines: a space, nothing, or NUL for "drop the hyphen"."""
    if not before.endswith("-"):
        if before.endswith(("/", "–")) and before[-2:-1].strip() and after[:1].isalnum():
            return "" if before.endswith("/") else " "
        return " "
    if before.endswith(" -") or not after[:1].isalnum():
        return " "
    if re.search(r"[/@]|www\.", before.rpartition(" ")[2]):
        return ""  # an address
    tail, head = _TAIL.search(before), _HEAD.match(after)
    if not tail or not head or not head.group()[0].islower():
        return ""  # "Li-" + "Ion", "2020-" + "2021", addresses: the hyphen is part of the word
    left, right = tail.group(1), head.group()
    whole, compound = words.count(left + right), words.count(f"{left}-{right}")
    if whole or compound:
        return "\x00" if whole >= compound else ""
    last = left.rpartition("-")[2]
    if words.knows(last + right):
        return "\x00"
    # Two words of their own make a compound ("added-" + "value"), anything else is one word cut.
    if right in {"and", "or", "und", "et"}:
        return " "
    return "" if len(last) > 2 and words.knows(last) and words.knows(right) else "\x00"


def join_ligatures(text: str, words: Words) -> str:
    """``text`` with words made whole that fell apart at an fi, fl, ff, ffi or ffl.

    Both "fi nancing" and "speci fic" are mended, and "scienti fi c"; "of five" is left.
    """
    if not any(f"{lig} " in text or f" {lig}" in text for lig in _LIGATURES):
        return text
    tokens = text.split(" ")
    i = 0
    while i < len(tokens):
        for take in (3, 2):
            group = tokens[i : i + take]
            if len(group) == take and _falls_apart(group, words):
                tokens[i : i + take] = ["".join(group)]
                break
        else:
            i += 1
    return " ".join(tokens)


def _falls_apart(group: Sequence[str], words: Words) -> bool:
    """Whether neighbouring tokens are the pieces of one word, cut beside a ligature."""
    bare = [token.strip("()[]“”‘’\"'.,;:!?") for token in group]
    clean_inside = all(
        a.endswith(bare[k]) and b.startswith(bare[k + 1])
        for k, (a, b) in enumerate(pairwise(group))
    )
    cut = all(a.lower().endswith(_LIGATURES) or b.startswith(_LIGATURES) for a, b in pairwise(bare))
    if not (clean_inside and cut and all(piece.isalpha() for piece in bare)):
        return False
    if any(not piece.islower() for piece in bare[1:]):
        return False
    whole = "".join(bare)
    if not words.knows(whole):
        # A ligature on its own is never a word: it belongs at least to what follows.
        return len(bare) == 2 and bare[0].lower() in _LIGATURES and len(bare[1]) > 2
    return any(not _is_word(piece) for piece in bare)


def _is_word(piece: str) -> bool:
    if len(piece) == 1:
        return piece.lower() in {"a", "i"}
    return piece.lower() not in _LIGATURES and piece.lower() in english_words()


def drop_note_numbers(texts: Sequence[str], words: Words) -> list[str]:
    """``texts`` without footnote numbers that stick to words at full size ("platform1", "jobs2").

    A file that lost the small raised type gives no sign but the order: the numbers go up by one
    through the document, each after a word that is also known without it. Two such numbers in
    order are the least evidence; "type1", "type2" (one word, many numbers) are names and stay.
    """
    found = [
        (i, match.start(2), match.end(2), match.group(1).lower(), int(match.group(2)))
        for i, text in enumerate(texts)
        for match in _GLUED_NOTE.finditer(text)
    ]
    repeated = Counter(word for *_, word, _ in found)
    run: list[tuple[int, int, int]] = []
    expected = 1
    for i, start, end, word, number in found:
        if number == expected and repeated[word] == 1 and words.knows(word):
            run.append((i, start, end))
            expected += 1
    if len(run) < 2:
        return list(texts)
    result = list(texts)
    for i, start, end in reversed(run):
        result[i] = result[i][:start] + result[i][end:]
    return result
