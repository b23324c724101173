"""How large a part of all records some of them are: "what share of the mills is Polish"."""

from collections.abc import Sequence

from app.answering.evidence import Draft, Statement, present
from app.answering.lexicon import Span
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
) -> tuple[Condition, ...] | None:
    """The conditions on the whole of which a share is asked for; None where none is.

    ``belonging`` are conditions that all of the kind must meet; another says which part is meant.
    With two of them one may be of the whole ("what share of the OLD mills is Polish").
    """
    narrowing = {c.path for c in conditions if c not in belonging}
    one = len(narrowing) == 1 and not question.has_cue("stating")  # "state a budget"
    return tuple(belonging) if asks_share(question, nouns) and one else None


def asks_share(question: Question, nouns: Sequence[Span]) -> bool:
    """Whether a share of what the nouns name is asked for: "what percentage of the mills"."""
    said = question.cue_words("share")
    return bool(said) and any(0 < noun.start - max(said) <= _REACH for noun in nouns)


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
