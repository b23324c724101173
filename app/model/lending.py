"""What a line's headings, lead and titles may lend to a sentence, and what goes with that.

A heading says what holds of every line under it, so its denials and its other words have to be
taken with any word of it: under "Regions that have not joined" a line carries no "has joined".
Names are lent alone, as they only say what a line is about.
"""

from app.model.language import Tongue
from app.model.line import Line
from corpus.words import Word


def lent_fault(said: list[Word], line: Line, own: Tongue, meant: set[int]) -> str:
    """What a sentence takes from what its evidence stands under, and may not; "" where nothing.

    ``meant``: places in the sentence of words that the line itself has in other words.
    """
    inside = {w.stem for w in line.words}
    lent = {
        w.stem
        for i, w in enumerate(said)
        if i not in meant
        and w.folded not in own.neutral
        and w.stem not in inside
        and w.stem not in line.names_around
        and w.stem in line.around_stems
    }
    told = [w.stem for w in said if w.folded not in own.neutral]
    for stem in lent:
        if not any(_lends(stem, text, told, line, own) for text in _texts(line)):
            return f"“{stem}” stands only in a heading of it, of which the rest is left out"
    return ""


def denied_around(line: Line, own: Tongue) -> bool:
    """Whether anything that a line stands under denies something."""
    return any(own.denies(text) for text in line.around)


def _texts(line: Line) -> list[str]:
    """What a line stands under; a label and what is behind it each for itself."""
    return [part for text in line.around for part in text.split(": ")]


def _lends(stem: str, text: str, told: list[str], line: Line, own: Tongue) -> bool:
    """Whether a sentence takes all that a text says, in its order, and so this word of it."""
    whole = [w.stem for w in own.told(text) if w.folded not in own.neutral]
    taken = [s for s in told if s in whole]
    return stem in whole and taken == whole
