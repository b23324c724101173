"""Whether a sentence leaves the words of its evidence in the relations in which they stand there.

"29 regions from 13 countries" does not carry "13 regions", nor "A leads X, B leads Y" "A leads Y",
though each word stands in it. So a sentence has to take an unbroken stretch of a line, in its order
(but for a date, and for "the X of Y is Z" turned to "Z is the X of Y"); a number has to count what
it counts there; and what denies, bounds or doubts the words taken has to be taken too.
"""

import re
from itertools import pairwise

from app.model.aligning import aligned
from app.model.language import Tongue, tongue
from app.model.line import Line, is_digits
from corpus.words import Word, fold

_REACH = 3  # words over which a denial or a bound works on what stands after it, and before it
_COUNTED = 3  # words of content after a number, among which is what it counts
_CONDITIONS = frozenset(
    ("unless", "if", "except", "excluding", "provided", "subject", "only", "without")
)  # which work on all of a sentence
_SHARE = 0.5  # of the words of a line that a sentence in another language has at least
_COPULAS = frozenset(("is", "are", "was", "were"))
_OF = 6  # words after "leader of", among which is the thing led


def order_fault(
    said: str,
    line: Line,
    own: Tongue,
    *,
    names_only: bool = False,
    covered: frozenset[int] = frozenset(),
) -> str:
    """How a sentence turns round what its evidence says; "" where it does not.

    ``names_only``: the sentence is in another language, so only names and digits can be compared.
    ``covered``: words of the line whose meaning the sentence has in other words.
    """
    mine = own.told(said)
    if names_only:
        large = [i for i, w in enumerate(mine) if is_digits(w) or said[w.start].isupper()]
        taken = _taken([mine[i] for i in large], line, own)
        names = [(at, place) for at, place in taken if place not in line.numeric]
        turned = not _in_order(taken, line) or not (
            _ascends(names) or _segments(names, line) in ("ZXY", "ZX", "YXZ", "ZY", "YX")
        )
        return "it takes names or numbers in another order" if turned else ""
    taken = _taken(mine, line, own)
    places = sorted(place for _, place in taken)
    if not places:
        return ""
    stems = {word.stem for word in mine}
    for inside, values in line.counts_of:  # said anywhere, or else missing
        covered |= inside if {line.words[i].stem for i in values} <= stems else frozenset()
    if _skipped(places, line, own, covered):
        return "it leaves out what stands between the words that it takes"
    if not _in_order(taken, line) or not _same_order(taken, mine, line):
        return "it takes words of it in another order"
    return (
        _miscounted(mine, line, own)
        or _unbound(mine, places, line, own)
        or _passive(said, mine, line, own)
        or _of_another(mine, line, own)
    )


def _skipped(places: list[int], line: Line, own: Tongue, covered: frozenset[int]) -> bool:
    """Whether words of content between those taken are left out: "refused to fund" is no "fund"."""
    known = line.dated | covered | set(places)
    for aside, called in line.asides:
        known |= aside if called or not aside & set(places) else frozenset()
    for a, b in pairwise(places):
        between = line.text[line.words[a].end : line.words[b].start]
        if re.match(r"\W*(?:or|and)\b", between) and re.search(r"@|://", between):
            continue  # one of several addresses
        for i in range(a + 1, b):
            word = line.words[i]
            about = word.stem in line.names_around and word.folded not in own.operators
            if i not in known and word.folded not in own.neutral and not about:
                return True
    return False


def _ascends(taken: list[tuple[int, int]]) -> bool:
    return all(a <= b for (_, a), (_, b) in pairwise(taken))


def _same_order(taken: list[tuple[int, int]], said: list[Word], line: Line) -> bool:
    """Whether a sentence has the words of a line in its order, or in one that says the same."""
    dates = sorted(line.dated)
    undated = taken
    if dates and dates[-1] - dates[0] < len(dates):  # one date: it may stand anywhere
        undated = [(at, place) for at, place in taken if place not in line.dated]
    if _ascends(undated):
        return True
    segments = _segments(taken, line)
    _, copula = _of_and_is(line)
    first = min((at for at, p in taken if p > copula), default=0)
    last = max((at for at, p in taken if p > copula), default=0)
    if segments in ("ZXY", "ZX"):
        return any(w.folded in _COPULAS for w in said[last:])
    return segments == "YXZ" and (
        is_digits(said[first]) or any(w.folded in _COPULAS for w in said[:first])
    )


def _of_and_is(line: Line) -> tuple[int, int]:
    """The places of "of" and "is" in "the X of Y is Z"; (-1, -1) in any other line."""
    copulas = [i for i, w in enumerate(line.words) if w.folded in _COPULAS]
    ofs = [i for i, w in enumerate(line.words) if w.folded == "of"]
    if len(copulas) == 1 and ofs and ofs[0] < copulas[0]:
        return ofs[0], copulas[0]
    return -1, -1


def _segments(taken: list[tuple[int, int]], line: Line) -> str:
    """In which order a sentence has the parts of "the X of Y is Z": "ZXY"; "" if mixed."""
    of, copula = _of_and_is(line)
    found = ""
    before = -1
    for _, place in taken:
        letter = "X" if place < of else "Y" if place < copula else "Z"
        if letter != found[-1:]:
            found += letter
        elif place < before:
            return ""
        before = place
    return found if copula > 0 and len(set(found)) == len(found) else ""


def _taken(said: list[Word], line: Line, own: Tongue) -> list[tuple[int, int]]:
    """The words of the line that a sentence takes over: (place in the sentence, in the line)."""
    held: dict[str, list[int]] = {}
    for i, word in enumerate(line.words):
        for key in {word.stem, word.folded}:
            held.setdefault(key, []).append(i)
    options: dict[int, list[int]] = {}
    for at, word in enumerate(said):
        if word.folded in own.neutral:
            continue
        places = held.get(word.folded) or held.get(word.stem) or []
        places = [p for p in places if p not in line.conditions]
        inner = [p for p in places if p in line.anchors] or places
        if inner:
            options[at] = inner
    return aligned(options, line, own)


def _in_order(taken: list[tuple[int, int]], line: Line) -> bool:
    places = [place for _, place in taken]
    if not places or not line.mixed(min(places), max(places)):
        return True
    return all(a <= b for a, b in pairwise(places))


def head_fault(
    said: str,
    line: Line,
    own: Tongue,
    *,
    starts: str = "",
    covered: frozenset[int] = frozenset(),
) -> str:
    """What a sentence cuts off at the head of a line; "" where it takes it from its start.

    What embeds a statement mostly comes first: "critics say that ...", "if asked, the ... is ...",
    "rumours follow. The ... is ...". ``starts``: a pattern after which a statement can begin, where
    the line was written in code. In another language words cannot be compared: there a sentence
    must not be much shorter.
    """
    mine = [w for w in own.told(said) if w.folded not in own.neutral]
    theirs = tongue(line.language)
    told = [i for i, w in enumerate(line.words) if w.folded not in theirs.neutral]
    if own.code != line.language:
        return "it is only part of it" if len(mine) < _SHARE * len(told) else ""
    taken = [place for _, place in _taken(own.told(said), line, own)]
    if not taken:
        return "it takes nothing of it"
    at = [
        i
        for i, word in enumerate(line.words)
        if starts and i <= min(taken) and re.search(starts, line.text[: word.start])
    ]
    start = max(at, default=0)
    left = covered | {i for aside, _ in line.asides for i in aside}
    before = [i for i in told if start <= i < min(taken) and i not in left]
    if any(line.words[i].stem not in line.names_around for i in before):
        return "it leaves out how it begins"
    return ""


def _miscounted(said: list[Word], line: Line, own: Tongue) -> str:
    """A number that counts something else than in the line."""
    held = {w.stem for w in line.words}
    for at, word in enumerate(said):
        number = word.folded if is_digits(word) else own.numbers.get(word.folded, "")
        after = [w for w in said[at + 1 :] if w.folded not in own.neutral][:1]
        if not number or not after or after[0].stem not in held or is_digits(after[0]):
            continue
        counted = [
            _content_after(line, i)
            for i, w in enumerate(line.words)
            if i not in line.dated
            and number in (w.folded.replace(",", ""), own.numbers.get(w.folded, ""), w.folded)
        ]
        if counted and not any(after[0].stem in stems or not stems for stems in counted):
            return f"it is not {word.folded} {after[0].folded}"
    return ""


def _content_after(line: Line, at: int) -> set[str]:
    """The stems of the words that a number may count, up to the next number."""
    neutral = tongue(line.language).neutral
    found: list[str] = []
    for word in line.words[at + 1 :]:
        if is_digits(word) or len(found) == _COUNTED:
            break
        if word.folded not in neutral:
            found.append(word.stem)
    return set(found)


def _unbound(said: list[Word], taken: list[int], line: Line, own: Tongue) -> str:
    """A denial, bound or doubt beside the words taken that the sentence leaves out."""
    has = {w.folded for w in said}
    for at, word in enumerate(line.words):
        if at not in line.dated and word.folded in own.operators and word.folded not in has:
            # It works on what comes after it; at the end of a clause ("on the list: no") before it.
            after = line.text[word.end : word.end + 1]
            reach = range(at - _REACH * (not after or after in ".,;:!?)"), at + _REACH + 1)
            everywhere = word.folded in _CONDITIONS
            if any((everywhere or i in reach) and not _parted(line, i, at) for i in taken):
                return f"it leaves out “{line.text[word.start : word.end]}”"
    return ""


def _parted(line: Line, one: int, other: int) -> bool:
    """Whether a full stop or a semicolon stands between two words of a line."""
    a, b = sorted((one, other))
    return bool(re.search(r"[.;!?]\s", line.text[line.words[a].end : line.words[b].start + 1]))


def _passive(text: str, said: list[Word], line: Line, own: Tongue) -> str:
    """A verb whose "by" is lost, which makes the one to whom something is done the one who does."""
    if own.code != "en":
        return ""
    theirs = [w.folded for w in line.words]
    done = {word for word, after in pairwise(theirs) if after == "by"}
    stems = {w.stem: w.folded for w in line.words if w.folded in done}
    for i, word in enumerate(said):
        form = stems.get(word.stem)
        after = said[i + 1].folded if i + 1 < len(said) else "by"
        if form and after != "by" and (word.folded != form or _is_named(text, said[i + 1 :])):
            return f"it turns “{form} by” round"
    return ""


def _is_named(text: str, rest: list[Word]) -> bool:
    """Whether a name follows directly, or after an article."""
    after = [w for w in rest[:2] if w.folded not in ("the", "a", "an")]
    return bool(after) and text[after[0].start].isupper()


def _clause(following: list[Word]) -> set[str]:
    """The stems of words up to the verb that ends "the leader of X" before "is Y"."""
    verbs = (i for i, w in enumerate(following) if w.folded in ("is", "are", "was", "were"))
    return {w.stem for w in following[: next(verbs, None)]}


def _of_another(said: list[Word], line: Line, own: Tongue) -> str:
    """Words like "leader of X" where the line has "leader of Y"."""
    if own.code != "en":
        return ""
    theirs = {
        word.stem: _clause(line.words[i + 2 : i + 2 + _OF])
        for i, word in enumerate(line.words[:-1])
        if line.words[i + 1].folded == "of"
    }
    for i, word in enumerate(said[:-2]):
        if said[i + 1].folded != "of" or word.stem not in theirs:
            continue
        after = [w for w in said[i + 2 :] if w.folded not in own.neutral][:1]
        known = theirs[word.stem]
        if not after or is_digits(after[0]):  # "a budget of 4 million"
            continue
        if after[0].stem not in known and after[0].stem in {w.stem for w in line.words}:
            return f"it is not “{fold(word.folded)} of {after[0].folded}”"
    return ""
