"""How large a part of all records some of them are: "what share of the mills is Polish"."""

from collections.abc import Sequence

from app.answering.evidence import Draft, Statement, present
from app.answering.lexicon import Role, Span
from app.answering.plans import Select
from app.answering.speaking import Speaker, stopped
from app.answering.understanding import Question
from app.answering.wording import enumerate_words
from corpus.schema import Record
from retrieval.query import Condition, RecordQuery, first

_REACH = 4  # words from "percentage" to the noun of which it is asked


def shared(
    question: Question,
    nouns: Sequence[Span],
    conditions: Sequence[Condition],
    belonging: Sequence[Condition],
    yes_no: frozenset[str],
) -> tuple[Condition, ...] | None:
    """The conditions on the whole of which a share is asked for; None where none is.

    ``belonging`` are conditions that all of the kind must meet; the others say which part is meant.
    So they do not where the whole is narrowed too ("what share of the OLD mills is Polish"), which
    words before and behind a verb (``yes_no``) tell.
    """
    said = question.cue_words("share")
    own = any(0 < noun.start - max(said) <= _REACH for noun in nouns) if said else False
    if own and _narrows_whole(question, nouns, max(said), yes_no):
        return None
    narrowing = [c for c in conditions if c not in belonging]
    return tuple(belonging) if own and narrowing else None


def _narrows_whole(
    question: Question, nouns: Sequence[Span], said: int, yes_no: frozenset[str]
) -> bool:
    """Whether there is content beside the noun before the verb, and content behind it."""
    words = question.words
    after = range(said + 1, len(words))
    stating = question.cue_words("stating")
    verb = next((i for i in after if words[i].folded in yes_no or i in stating), len(words))
    beside = question.content - question.words_of(nouns)
    beside -= question.words_of(question.of(Role.PARTNERSHIP))
    before = {i for i in beside if said < i < verb}
    return bool(before) and bool({i for i in question.content if i >= verb} | (stating & {verb}))


def share_of(plan: Select, whole: RecordQuery, found: Sequence[Record], speaker: Speaker) -> Draft:
    """How many of how many that is, in per cent, and which they are."""
    members = speaker.records.run(whole).records
    if any(record not in members for record in found):  # those interested are no members
        members = tuple(speaker.records.of(plan.query.kind))
    every = len(members)
    nouns = speaker.vocabulary.kinds[plan.query.kind]
    percent = f"{100 * len(found) / every:.0f} %" if every else "0 %"
    names = enumerate_words([record.name for record in found]) if found else "none"
    share = f"{len(found)} of {every} {nouns.many}"
    paths = dict.fromkeys(c.path.partition(".")[0] for c in plan.query.conditions)
    seen = [(r, n, first(r, n)) for r in found for n in paths if n != "id"]
    lines = present(speaker.cards.field(r, n, s) for r, n, s in seen if s)
    note = Statement(f"Counted: {speaker.wording.query(plan.query)}.")
    text = stopped(f"{percent} ({share}): {names}")
    return Draft((Statement(text, lines, (percent, share, names)),), (note,))
