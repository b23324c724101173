"""Whether a piece can be the answer at all: what no likeness in words or meaning makes up for.

Who is asked for must be named; a date that is asked about must be told; a heading or half a line
tells nothing; and what only repeats the question does not answer it.
"""

import re
from collections.abc import Mapping

from app.answering.asked import Asked
from app.answering.figures import days_in, months_in
from app.answering.neighbours import stands_for
from app.answering.piece import Piece
from corpus.model import BlockKind
from corpus.words import fold, stem, words

_CAPITALS = re.compile(r"\b[A-ZÀ-Þ][\w’'&.-]*[\w]")
_FULL_NAME = re.compile(r"\b[A-ZÀ-Þ][\w’'.-]+ (?:[a-z]{2,3} ){0,2}[A-ZÀ-Þ][\w’'-]+")
_COMPLETE = re.compile(r"""[.!?:;…]["'”’»)\]]*$|[:@]|://|(?<![A-Za-z])\d""")
_CLOSED = re.compile(r"""[.!?…]["'”’»)\]]*$""")
_GARBLED = re.compile(r"[a-z]{3}[A-Z]{2}")  # letters that a reader of pictures took for others
# The words that an abbreviation in brackets stands for, and the abbreviation.
_EXPANSION = re.compile(r"((?:[A-ZÀ-Þ][\w-]*(?: [a-z]{1,4})* ){1,8})\(([\w&-]+)\)")
_COMMON = 2e-6  # share of running text; a capital at a sentence's start makes no name of such
_MONTH = 31  # days; what is longer is a year or a span of them
_ABBREVIATED = 2  # letters; what has no more is the code of a country


def unfit(asked: Asked, piece: Piece) -> bool:
    """Whether a piece lacks what the question demands of any answer."""
    return (
        is_fragment(asked, piece)
        or _prompts(asked, piece)
        or _repeats(asked, piece)
        or misdated(asked, piece)
        or _beside_the_label(asked, piece)
        or ("agent" in asked.needs and not _names_someone(asked, piece))
        or ("name" in asked.needs and not _gives_name(asked, piece))
        or ("person" in asked.needs and not _gives_person(asked, piece))
        or (asked.office and "@" in piece.said and not _gives_person(asked, piece))
        or (asked.expands and not _expands(asked, piece))
        or of_another_kind(asked, piece)
    )


def of_another_kind(asked: Asked, piece: Piece) -> bool:
    """Whether a row tells of nothing that is of the kind asked for ("which REGION leads it")."""
    return bool(asked.which_kind and len(piece.cells) > 1) and not asked.which_kind & piece.stems


def relation_missing(asked: Asked, nearness: Mapping[str, float]) -> bool:
    """Whether a question asks of a deed or a quantity that the piece does not tell.

    ``nearness`` is that of each stem of the question (see `Neighbours.nearness`). "Who represents
    the harbour?" is not answered by a list that names the harbour, nor "what is the turnover of
    the mill?" by its budget.
    """
    content = [asked.question.words[i] for i in asked.content]
    own = asked.demands.words
    demanded = [w for w in content if w.folded in own.quantities]
    if "money" in asked.needs:
        money = asked.demands.nouns["money"]
        any_sum = {stem(word) for word in (*own.any_money, *own.spending)}
        demanded += [w for w in content if w.stem in money - any_sum]
    if "date" in asked.needs and _of_nothing(asked, nearness):
        return True
    if _of_names_alone(asked, nearness) or _lacks_attribute(asked, nearness):
        return True
    if "share" in asked.needs:  # of what, is what the question says with most weight
        other = {s: w for s, w in asked.weights.items() if s not in asked.demands.nouns["share"]}
        heaviest = max(other, key=lambda s: (other[s], s), default="")
        if other and not stands_for(nearness.get(heaviest, 0.0)):
            return True
    if "agent" in asked.needs:
        demanded += [asked.question.words[i] for i in asked.content if i not in asked.names][:1]
    return any(not stands_for(nearness.get(w.stem, 0.0)) for w in demanded)


def _of_nothing(asked: Asked, nearness: Mapping[str, float]) -> bool:
    """Whether a piece tells nothing of what happened when, but at most the names of a question."""
    rest = [asked.question.words[i] for i in asked.content if i not in asked.names]
    told = [w for w in rest if w.stem not in asked.demands.nouns["date"]]
    if _names_told(asked, nearness) >= _MANY_NAMES:
        return False
    return bool(told) and not any(stands_for(nearness.get(w.stem, 0.0)) for w in told)


def _of_names_alone(asked: Asked, nearness: Mapping[str, float]) -> bool:
    """Whether a piece tells of a question but its names, and nothing of what is asked of them.

    "Where was Ada Miller born?" is not answered by where she works. What is asked of a name may be
    a definition or the reason of a deed that is told in other words, and yes or no needs no more.
    """
    if not asked.names or asked.is_definition or asked.is_yes_no or asked.question.asks("why"):
        return False
    names = {asked.question.words[i].stem for i in asked.names}
    if _names_told(asked, nearness) >= _MANY_NAMES:
        return False
    rest = {asked.question.words[i].stem for i in asked.content} - names
    told = rest & _of_kind(asked) or any(stands_for(nearness.get(s, 0.0)) for s in rest)
    return bool(rest) and not told


def _names_told(asked: Asked, nearness: Mapping[str, float]) -> int:
    """How many names of a question a piece has; "project 9" is one."""
    numbered = {s for n in asked.numbered for s in (*n.own, n.number)}
    single = {asked.question.words[i].stem for i in asked.names} - numbered
    return sum(nearness.get(s, 0.0) == 1.0 for s in single) + len(asked.numbered)


def _lacks_attribute(asked: Asked, nearness: Mapping[str, float]) -> bool:
    """Whether a piece lacks what is asked of a thing: "what are the opening hours of the mill?"."""
    own = asked.office | set(asked.attribute[-1:])  # "opening HOURS": not what is open
    told = set(asked.attribute) & _of_kind(asked) or any(
        stands_for(nearness.get(s, 0.0)) for s in own
    )
    return bool(own) and not told


def _of_kind(asked: Asked) -> set[str]:
    """The stems of nouns that a value tells by itself: an address is an e-mail address."""
    nouns = asked.demands.nouns
    found = {s for need in asked.needs for s in nouns.get(need, ())}
    return found | {asked.question.words[i].stem for i in (*asked.contacting, *asked.dating)}


_MANY_NAMES = 3  # a piece that has so many names of a question is about them


def is_fragment(asked: Asked, piece: Piece) -> bool:
    """Whether a piece is a heading or half a line."""
    if _GARBLED.search(piece.shown):
        return True
    # A link or a number tells something of a thing, but not what it is.
    complete = _CLOSED if asked.is_definition else _COMPLETE
    if piece.kind is not BlockKind.PARAGRAPH or piece.cells or complete.search(piece.shown):
        return False
    return not any(w.folded in asked.demands.words.verbs for w in words(piece.shown))


def _prompts(asked: Asked, piece: Piece) -> bool:
    """Whether a piece asks for something itself, as the fields of a form do."""
    own = " ".join(w.folded for w in words(piece.said)[:_PROMPT])
    return piece.said.endswith("?") or asked.demands.prompting.match(own) is not None


_PROMPT = 6  # words at the beginning of a piece that tell whether it asks for something


def _repeats(asked: Asked, piece: Piece) -> bool:
    """Whether a piece has no word that the question does not have."""
    if asked.is_yes_no or piece.shown.endswith(":"):
        return False
    said = {w.stem for w in asked.question.words}
    return not any(w.stem not in said and asked.tells(w) for w in words(piece.said))


def misdated(asked: Asked, piece: Piece) -> bool:
    """Whether the question is about a month or a day that the piece does not tell."""
    text = f"{piece.said} {piece.context}"
    for mention in asked.question.dates:
        if mention.relation != "in" or (mention.date.last - mention.date.first).days > _MONTH:
            continue
        own = days_in(text)
        if any(d.first <= mention.date.last and mention.date.first <= d.last for d in own):
            continue
        if own or not months_in(text) & months_in(asked.question.text):
            return True  # but "on 26 May" may stand under a heading of that year
    return False


def _beside_the_label(asked: Asked, piece: Piece) -> bool:
    """Whether a line of a card tells of its subject something else than is asked."""
    if piece.kind is not BlockKind.CARD or not piece.cells:
        return False
    subject = {w.stem for w in words(piece.context)}
    asked_for = {asked.question.words[i].stem for i in asked.content} - subject
    line = {w.stem for w in words(f"{piece.cells[0][0]} {piece.cells[0][1]}")}
    return bool(asked_for) and not asked_for & line


def _expands(asked: Asked, piece: Piece) -> bool:
    """Whether words of a piece begin with the letters of the abbreviation, one after the other."""
    terms = [asked.question.words[i].folded for i in asked.content if i in asked.names]
    own = [w for w in words(piece.said) if asked.tells(w)]
    initials = "".join(w.folded[0] for w in own)
    letters = ["".join(c for c in term if c.isalpha()) for term in terms]
    return any(len(term) > 1 and term in initials for term in letters) or not letters


def _names_someone(asked: Asked, piece: Piece) -> bool:
    """Whether a piece names somebody, or a body that acts, that the question does not name."""
    said = {w.stem for w in asked.question.words}
    bodies = asked.demands.words.bodies
    if any(w.folded in bodies and w.stem not in said for w in words(piece.said)):
        return True
    return any(_is_new(asked, said, piece.said, m) for m in _CAPITALS.finditer(piece.said))


def _gives_name(asked: Asked, piece: Piece) -> bool:
    """Whether a piece gives a name of its own: two words, or one that is in no dictionary."""
    said, text = {w.stem for w in asked.question.words}, _EXPANSION.sub(" ", piece.said)
    new = [m for m in _CAPITALS.finditer(text) if _is_new(asked, said, text, m)]
    if any(not asked.is_word(fold(match[0])) for match in new):
        return True
    spans = [m.span() for m in _FULL_NAME.finditer(text)]
    return any(a <= m.start() and m.end() <= b for m in new for a, b in spans)


def _gives_person(asked: Asked, piece: Piece) -> bool:
    """Whether a piece gives the name of a person: two words with capitals, both of them new.

    A first name may be a word ("Grace"), which at the beginning of a line tells nothing, where the
    last name is a rare one or none.
    """
    said, text = {w.stem for w in asked.question.words}, _EXPANSION.sub(" ", piece.said)
    new = {m.start() for m in _CAPITALS.finditer(text) if _is_new(asked, said, text, m)}
    for match in _FULL_NAME.finditer(text):
        name = match[0].rsplit(maxsplit=1)[-1]
        if match.end() - len(name) not in new:
            continue
        rare = not asked.is_word(fold(name), _COMMON)
        if match.start() in new or (match.start() == 0 and rare):
            return True
    return False


def _is_new(asked: Asked, said: set[str], text: str, match: re.Match[str]) -> bool:
    """Whether a capital begins the name of somebody: not of a month, a place or a sentence."""
    own = words(match[0])
    if not own or len(match[0]) <= _ABBREVIATED or all(w.stem in said for w in own):
        return False
    if any(w.folded in asked.demands.months for w in own):
        return False
    before = text[: match.start()].rstrip()
    last = fold(before.rsplit(maxsplit=1)[-1]) if before else ""
    if last in asked.demands.words.place_words and match[0].capitalize() == match[0]:
        return False
    begins = not before or before[-1] in ".!?:;–-•"
    return not (begins and asked.is_word(own[0].folded, _COMMON))
