"""Answers made of several items: lists, membership in a list, counts of a list's items."""

from collections.abc import Mapping, Sequence
from itertools import takewhile

from app.answering.answer import NoteKind
from app.answering.asked import Asked
from app.answering.evidence import Draft, Statement
from app.answering.fitness import misdated, of_another_kind
from app.answering.lexicon import Role
from app.answering.piece import Piece, title_of
from app.answering.pieces import Pieces
from app.answering.weighing import Weighed, marked
from corpus.model import BlockKind, Passage, Source
from corpus.words import words

_MOST_WORDS = 110  # of a list
_LOOKED_AT = 6  # of the best pieces, for a list that one of them belongs to
_OWN = 0.5  # share of the question's words that a list or its place must hold
_FEWEST = 2  # items of a list


def gather(
    asked: Asked, ranked: Sequence[Weighed], pieces: Pieces, sources: Mapping[str, Source]
) -> Draft | None:
    """A list, a count over a list, or where a list names something; None when nothing fits."""
    if asked.country_marks and (asked.is_list or asked.is_count):
        found = _of_countries(asked, ranked, pieces)
        if found:
            return found
    if asked.is_yes_no:
        return _membership(asked, ranked, pieces)
    if asked.is_count:
        return _counted(asked, pieces, ranked, sources)
    if asked.is_list:
        found = _list(asked, ranked, pieces) or _under_heading(asked, ranked, pieces)
        found = found or _only_list(asked, ranked, pieces, sources)
        # The most of something is told by figures alone.
        return None if found and asked.extremes and not _has_figures(found) else found
    return None


def _has_figures(found: Draft) -> bool:
    """Whether an item of a list tells a figure."""
    return any(c.isdigit() for s in found.statements if s.item for c in s.text)


def introduced(asked: Asked, best: Piece, pieces: Pieces) -> Draft | None:
    """The whole list of the best piece, where its introduction is what the question asks for.

    "What must a plan contain?" is answered by all items under "A plan contains:"; an item that
    holds words of the question which its introduction lacks answers alone.
    """
    if best.kind is not BlockKind.LIST_ITEM or asked.needs or asked.numbered or asked.is_yes_no:
        return None
    lead = _place(best)
    held = sum(w for s, w in asked.weights.items() if s in _stems(lead))
    own = set(asked.weights) & best.stems - best.near_stems
    if own or held < _INTRODUCED * sum(asked.weights.values()):
        return None
    items = [i for i in pieces.siblings(best) if i.context == best.context]
    return _draft(asked, None, items, lead) if len(items) >= _FEWEST else None


_INTRODUCED = 0.6  # share of the question's words that the introduction of a list must hold


def alike(asked: Asked, best: Piece, pieces: Pieces) -> Draft | None:
    """The best row with all others of its table that hold as much of a question for several.

    "When were the meetings of the harbour board?" is answered by each row that names them.
    """
    if not best.cells or not asked.plurals or asked.is_yes_no or asked.is_count or asked.numbered:
        return None
    rows = [row for row in pieces.siblings(best) if not misdated(asked, row)]
    held = {s for s in asked.weights if s in best.stems}
    found = [row for row in rows if held <= row.stems]
    few = _FEWEST <= len(found) <= len(rows) / 2
    return _draft(asked, None, found) if held and few else None


def _only_list(
    asked: Asked, ranked: Sequence[Weighed], pieces: Pieces, sources: Mapping[str, Source]
) -> Draft | None:
    """The one list under headings that hold all of the question but for what its items are.

    What names the publication may be in the question too.
    """
    for piece in (weighed.piece for weighed in ranked):
        passage = piece.passage
        if not _is_place(asked, passage, title_of(piece, sources)):
            continue
        alike = [
            other.heading_path
            for other in pieces.document(passage.document_id)
            if other.heading_path[-1:] == passage.heading_path[-1:]
            and _is_place(asked, other, title_of(piece, sources))
        ]
        if len(places := list(dict.fromkeys(alike))) > 1:
            return _of_places(places, passage.document_id, pieces)
        found = pieces.under(passage.heading_path, passage.document_id)
        groups = {piece.group for piece in found if piece.kind is BlockKind.LIST_ITEM}
        items = [piece for piece in found if piece.kind is BlockKind.LIST_ITEM]
        if len(groups) == 1 and len(items) >= _FEWEST:
            return _draft(asked, None, items, passage.heading_path[-1])
    return None


def _is_place(asked: Asked, passage: Passage, title: str) -> bool:
    """Whether the headings of a passage hold what its items are asked by."""
    rest = {s for s in asked.weights if s not in asked.plurals}
    numbers = {s for n in asked.numbered for s in (*n.own, n.number)}
    place = " > ".join(passage.heading_path)
    own = _stems(place)
    named = bool(rest and place) and rest - numbers <= own | _stems(title)
    named = named and bool(numbers or rest & own)
    return named and all(n.named_in(place) for n in asked.numbered)


def _recurring(asked: Asked, place: tuple[str, ...], document: str, pieces: Pieces) -> Draft | None:
    """The items under a heading that recurs, where the question does not say which is meant."""
    own = _stems_of(place) & set(asked.weights)
    paths = (passage.heading_path[: len(place)] for passage in pieces.document(document))
    alike = dict.fromkeys(p for p in paths if p[-1:] == place[-1:] and own <= _stems_of(p))
    return _of_places(list(alike), document, pieces) if place and len(alike) > 1 else None


def _of_places(places: Sequence[tuple[str, ...]], document: str, pieces: Pieces) -> Draft | None:
    """The items under several headings that read alike, each with the heading that is its own."""
    common = set(places[0]).intersection(*places)
    statements = []
    for place in places:
        own = next((heading for heading in reversed(place) if heading not in common), "")
        items = [p for p in pieces.under(place, document) if p.kind is BlockKind.LIST_ITEM]
        for item in items:
            shown = f"{own}: {item.shown}" if own else item.shown
            statements.append(Statement(shown, (item.evidence,), item=True))
    if sum(len(words(s.text)) for s in statements) > _MOST_WORDS or len(statements) < _FEWEST:
        return None
    return Draft((Statement(f"{places[0][-1]}:", statements[0].evidence), *statements))


def _under_heading(asked: Asked, ranked: Sequence[Weighed], pieces: Pieces) -> Draft | None:
    """What stands under a heading that is the thing asked for ("Barriers")."""
    total = sum(asked.weights.values())
    tried: dict[tuple[str, tuple[str, ...]], float] = {}
    for passage in (weighed.piece.passage for weighed in ranked):
        path = passage.heading_path
        for depth, heading in enumerate(path, start=1):
            if len(words(heading)) <= _SHORT_HEADING and _stems(heading) & asked.plurals:
                held = sum(asked.weights[s] for s in _stems_of(path[:depth]) & set(asked.weights))
                if held >= _OWN * total:
                    tried.setdefault((passage.document_id, path[:depth]), held)
    # The heading that holds most of the question; of those that hold as much, the first found.
    for document, place in sorted(tried, key=lambda key: -tried[key]):
        together = _recurring(asked, place, document, pieces)
        if together:
            return together
        found = pieces.under(place, document)
        items = [p for p in found if p.listed or len(words(p.shown)) <= _SHORT_LINE]
        if len(items) >= _FEWEST:
            return _draft(asked, None, items, place[-1])
    return None


def _stems_of(path: Sequence[str]) -> set[str]:
    return {s for heading in path for s in _stems(heading)}


def _stems(text: str) -> set[str]:
    return {w.stem for w in words(text)}


_SHORT_HEADING = 4  # words of a heading that is a thing asked for
_SHORT_LINE = 20  # words of a line under it


def _of_countries(asked: Asked, ranked: Sequence[Weighed], pieces: Pieces) -> Draft | None:
    """The items of lists that bear the mark of a country, counted where that is asked."""
    wanted = {asked.question.words[i].stem for i in asked.content if i not in asked.names}
    groups: dict[tuple[str, str], list[Piece]] = {}
    seen: set[str] = set()
    for passage in {w.piece.passage.document_id: None for w in ranked}:
        for held in pieces.document(passage):
            for piece in pieces.of(held):
                short = not piece.cells and len(words(piece.shown)) <= _SHORT
                if short and marked(asked, piece.shown):
                    place = {w.stem for w in words(_place(piece))}
                    if place & wanted:
                        name = " ".join(w.folded for w in words(piece.shown))
                        if name not in seen:
                            seen.add(name)
                            groups.setdefault((passage, piece.context), []).append(piece)
    for document in dict.fromkeys(document for document, _ in groups):
        lists = {c: items for (d, c), items in groups.items() if d == document}
        best = max(len(items) for items in lists.values())
        # Other lists of the same document count too where they speak of the same things.
        items = [p for group in lists.values() for p in group]
        if best < _FEWEST and len(items) < _FEWEST and len(groups) > 1:
            continue
        return _listed(asked, items)
    return None


_SHORT = 9  # words of a list's item that is a name


def _counted(
    asked: Asked, pieces: Pieces, ranked: Sequence[Weighed], sources: Mapping[str, Source]
) -> Draft | None:
    """How many items a list has whose place says just what is counted."""
    if not asked.counted or asked.question.dates or asked.question.bounds:
        return None
    for document in dict.fromkeys(w.piece.passage.document_id for w in ranked):
        lists: dict[tuple[str, str], list[Piece]] = {}
        for passage in pieces.document(document):
            for piece in pieces.of(passage):
                if piece.kind is BlockKind.LIST_ITEM:
                    lists.setdefault((piece.group, piece.context), []).append(piece)
        for items in lists.values():
            place = words(_place(items[0]))
            several = {w.folded for w in place} & {
                w.folded for w in asked.question.words if w.stem in asked.counted
            }
            near, title = {w.stem for w in place}, _stems(title_of(items[0], sources))
            rest = set(asked.weights) - near - title - items[0].context_stems
            told = len(set(asked.weights) & near) >= _FEWEST and several
            short = all(len(words(item.shown)) <= _SHORT_LINE for item in items)
            if told and short and not rest and len(items) >= _FEWEST:
                return _listed(asked, items)
    return None


def _listed(asked: Asked, items: Sequence[Piece]) -> Draft:
    places = list(dict.fromkeys(_place(p) for p in items))
    statements = tuple(Statement(p.shown, (p.evidence,), item=True) for p in items)
    under = " and ".join(f"“{place}”" for place in places if place)
    count = str(len(items))
    said = f"{count} {'is' if count == '1' else 'are'} listed under {under}:"
    lead = Statement(said, tuple(p.evidence for p in items[:1]), computed=(count,))
    return Draft((lead, *statements))


def _place(piece: Piece) -> str:
    return piece.context.rpartition(" > ")[2].rstrip(":. ")


def _membership(asked: Asked, ranked: Sequence[Weighed], pieces: Pieces) -> Draft | None:
    """Under which list something stands that is asked about with yes or no."""
    question = {asked.question.words[i].stem for i in asked.content}
    looked_at = [weighed.piece for weighed in ranked[:_LOOKED_AT]]
    if asked.asks_membership:  # a search may find what tells more of it
        documents = dict.fromkeys(weighed.piece.passage.document_id for weighed in ranked)
        every = (p for d in documents for passage in pieces.document(d) for p in pieces.of(passage))
        looked_at += [piece for piece in every if piece.listed]
    for piece in looked_at:
        own = [w for w in words(piece.shown) if len(w.folded) > _CODE and w.folded.isalpha()]
        short = 0 < len(own) <= _SHORT and len(words(piece.shown)) <= _SHORT
        place = _place(piece)
        if short and place and piece.alone and all(w.stem in question for w in own):
            # No "yes": what the list means is for the reader to see.
            text = f"“{piece.shown}” stands under “{place}”."
            evidence = (piece.evidence,)
            return Draft((Statement(text, evidence),))
    return None


def _brief(piece: Piece) -> str:
    """An item as a list gives it: of a long row only the columns that say what it is."""
    if not piece.cells or len(words(piece.shown)) <= _SHORT_LINE:
        return piece.shown
    label, *cells = piece.cells
    parts = [f"{h}: {v}" if h else v for h, v in cells[:2]]
    return f"{label[1]} – {'; '.join(parts)}" if label[0] in ("", "#") else piece.shown


_CODE = 2  # letters of a country's code, which a question need not give


def _list(asked: Asked, ranked: Sequence[Weighed], pieces: Pieces) -> Draft | None:
    """The items of the list that the best pieces belong to or introduce."""
    for weighed in ranked[:_LOOKED_AT]:
        if weighed.score < ranked[0].score * _NEAR_BEST:
            break
        piece = weighed.piece
        if piece.listed:
            items = [i for i in pieces.siblings(piece) if piece.cells or i.context == piece.context]
        elif piece.shown.endswith(":"):
            items = pieces.after(piece)
        else:
            continue
        if len(items) < _FEWEST:
            continue
        items = [i for i in items if not misdated(asked, i) and not of_another_kind(asked, i)]
        items = _fitting(asked, items)
        if not items:
            continue
        if sorted(len(words(i.shown)) for i in items)[len(items) // 2] > _SHORT_LINE + 10:
            continue
        common = frozenset.intersection(*(i.stems for i in items))
        place = (
            common
            if piece.cells
            else piece.near_stems | (piece.stems if not piece.listed else frozenset())
        )
        if not asked.plurals & (place | common) or _unnamed(asked, piece, items):
            continue
        shared = [s for s in asked.weights if s in place or all(s in i.stems for i in items)]
        matched = [s for s in asked.weights if any(s in i.stems for i in items)]
        whose = asked.question.words_of(asked.question.of(Role.PARTNERSHIP))  # all is of it
        own = {asked.question.words[i].stem for i in whose} - {*shared, *matched}
        total = sum(w for s, w in asked.weights.items() if s not in own)
        held = sum(asked.weights[s] for s in {*shared, *matched})
        if total and held / total >= _OWN and len(items) >= 1:
            lead = None if piece.listed else piece
            path = piece.passage.heading_path
            under = path if lead is None and piece.context == " > ".join(path) else ()
            together = _recurring(asked, under, piece.passage.document_id, pieces)
            return together or _draft(asked, lead, items)
    return None


def _unnamed(asked: Asked, piece: Piece, items: Sequence[Piece]) -> bool:
    """Whether a name of the question stands neither in the items of a list nor near it."""
    told = piece.near_stems | piece.context_stems | _stems(piece.passage.indexed_text)
    told = told.union(*(i.stems for i in items))
    numbers = {s for n in asked.numbered for s in (*n.own, n.number)} | asked.country_stems
    whose = asked.question.words_of(asked.question.of(Role.PARTNERSHIP))
    names = {asked.question.words[i].stem for i in asked.names - whose}
    return bool(names - numbers - told)


_NEAR_BEST = 0.85  # of the best score, for a list instead of the best piece


def _fitting(asked: Asked, items: Sequence[Piece]) -> list[Piece]:
    """The items that hold what only some of them do: "the goals that it strongly agrees with"."""
    narrow = [
        s
        for s in asked.weights
        if any(s in i.stems for i in items)
        and not all(s in i.stems for i in items)
        and s not in items[0].near_stems
    ]
    numbered = [n for n in asked.numbered if any(n.named_in(i.said) for i in items)]
    kept = [i for i in items if all(n.named_in(i.said) for n in numbered)]
    if numbered:
        return kept
    best = max((sum(asked.weights[s] for s in narrow if s in i.stems) for i in items), default=0.0)
    if not narrow or not best:
        return list(items)
    kept = [i for i in items if sum(asked.weights[s] for s in narrow if s in i.stems) >= best]
    # One item of a list does not answer a question for several: the word was meant otherwise.
    return kept if len(kept) >= _FEWEST or items[0].cells else list(items)


def telling(asked: Asked, path: Sequence[str], text: str) -> list[str]:
    """The headings above a text that hold words of the question which the text does not.

    "Which chapter tells of it?" is answered by a heading too: "Chapter 3".
    """
    held, found = _stems(text), []
    for heading in path:
        own = _stems(heading)
        asked_for = set(takewhile(own.__contains__, asked.which))
        is_asked = bool(asked_for) and bool(own - held - asked_for)
        short = len(words(heading)) <= _TELLING_HEADING
        if short and (own & set(asked.weights) - held or is_asked):
            found.append(heading)
    return [
        h for at, h in enumerate(found) if not any(_stems(h) <= _stems(x) for x in found[at + 1 :])
    ]


_TELLING_HEADING = 5  # words of a heading that is given before what stands under it


def _draft(asked: Asked, lead: Piece | None, items: Sequence[Piece], heading: str = "") -> Draft:
    statements: list[Statement] = []
    length = 0
    if lead:
        statements.append(Statement(lead.shown, (lead.evidence,)))
        length = len(words(lead.shown))
    elif heading or (items[0].kind is BlockKind.LIST_ITEM and _place(items[0])):
        said = heading or _place(items[0])
        above = [h for h in telling(asked, items[0].passage.heading_path, said) if h != said]
        said = f"{' > '.join((*above, said))}:"
        statements.append(Statement(said, (items[0].evidence,)))
        length = len(words(said))
    left = 0
    for piece in items:
        if piece.shown.endswith(":"):
            continue
        shown = _brief(piece)
        size = len(words(shown))
        if length + size > _MOST_WORDS:
            left += 1
            continue
        length += size
        statements.append(Statement(shown, (piece.evidence,), item=True))
    notes: tuple[Statement, ...] = ()
    if left:
        notes = (Statement(f"{left} more are in the source.", kind=NoteKind.REST),)
    return Draft(tuple(statements), notes)
