"""A question set answered with and without a chat model, side by side."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from app.answering.answer import Answer
from app.evaluation import Judgement, Verdict


@dataclass(frozen=True, slots=True)
class Pair:
    """What one question's answers are worth without and with the model, and the one with it."""

    without: Judgement
    worded: Judgement
    answer: Answer


def side_by_side(pairs: Sequence[Pair]) -> list[str]:
    """Lines to print: a row per kind of question, what changed, and what the model cost."""
    lines = ["", "with a chat model, and without it (correct / missing / wrong):"]
    for kind in [*sorted({p.worded.expectation.kind for p in pairs}), "all"]:
        own = [p for p in pairs if kind in (p.worded.expectation.kind, "all")]
        lines.append(
            f"{kind:14} with {_tally([p.worded for p in own])}   "
            f"without {_tally([p.without for p in own])}   of {len(own)}"
        )
    lines += [
        f"{p.worded.expectation.id} {p.without.verdict} -> {p.worded.verdict}  <- {p.worded.why}"
        for p in pairs
        if p.without.verdict is not p.worded.verdict
    ]
    return lines + _cost(pairs)


def _tally(judgements: Sequence[Judgement]) -> str:
    counted = Counter(j.verdict for j in judgements)
    return " / ".join(f"{counted[verdict]:3}" for verdict in Verdict)


def _cost(pairs: Sequence[Pair]) -> list[str]:
    used = [p.answer.usage for p in pairs if p.answer.usage]
    worded = sum(bool(p.answer.wording) for p in pairs)
    reasons = Counter(p.answer.fallback for p in pairs if p.answer.fallback)
    lines = [
        f"worded by the model: {worded} of {len(pairs)}; not asked: {len(pairs) - len(used)}; "
        f"tokens in {sum(u.tokens_in for u in used)}, out {sum(u.tokens_out for u in used)}; "
        f"{sum(u.calls for u in used)} calls, {sum(u.seconds for u in used):.1f} seconds"
    ]
    return lines + [f"  {count} x {why}" for why, count in reasons.most_common()]
