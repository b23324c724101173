"""Scores answers against a question set, offline.

A question set is JSON lines. Keys of a row: ``id``, ``kind``, ``question``, ``history`` (earlier
questions), ``must`` and ``must_not`` (regular expressions on the folded answer), ``sources`` (at
least one of them has to be cited), ``abstain`` (true: must refuse; false: must answer; null: either
will do), ``max_words``.

truthfulness = (correct - wrong) / all: a wrong answer costs more than none, and a refusal of a
question that could be answered counts nothing.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel, Field

from app.answering.answer import Answer, Status


class Verdict(StrEnum):
    """How an answer counts."""

    CORRECT = "correct"
    MISSING = "missing"  # refused although it could be answered
    WRONG = "wrong"


class Expectation(BaseModel):
    """One row of a question set."""

    id: str | int
    question: str
    kind: str = "question"
    history: tuple[str, ...] = ()
    must: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    abstain: bool | None = None
    max_words: int = Field(default=10_000, gt=0)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one answer is worth, and why where it is not correct."""

    expectation: Expectation
    verdict: Verdict
    why: str = ""


def fold(text: str) -> str:
    """Text for matching: no accents, no emphasis marks, single spaces, lower case."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    plain = re.sub(r"[*`_|]+", " ", plain)
    return re.sub(r"\s+", " ", plain).strip().lower()


def judge(expected: Expectation, answer: Answer) -> Judgement:
    """Compare one answer with what is expected of it."""
    abstained = answer.status is Status.ABSTAINED
    if abstained and expected.abstain is False:
        return Judgement(expected, Verdict.MISSING, "abstained")
    if abstained and expected.abstain is True:
        return Judgement(expected, Verdict.CORRECT)
    why = _fault(expected, answer, abstained)
    return Judgement(expected, Verdict.WRONG if why else Verdict.CORRECT, why)


def _fault(expected: Expectation, answer: Answer, abstained: bool) -> str:
    if not abstained and expected.abstain is True:
        return "answered what the documents do not hold"
    text = fold(answer.text)
    for pattern in expected.must:
        if not re.search(pattern.lower(), text):
            return f"lacks /{pattern}/"
    for pattern in expected.must_not:
        if re.search(pattern.lower(), text):
            return f"has /{pattern}/"
    words = len(re.findall(r"\w+", text))
    if words > expected.max_words:
        return f"{words} words, {expected.max_words} allowed"
    cited = {citation.source.id for citation in answer.citations}
    if not abstained and expected.sources and not cited & set(expected.sources):
        return f"cites {sorted(cited)}"
    return ""


def report(judgements: Sequence[Judgement]) -> list[str]:
    """Lines to print: each failure, a line per kind of question, and the totals."""
    lines = [
        f"{j.expectation.id} {j.verdict:8} {j.expectation.kind:13} {j.expectation.question}"
        f"  <- {j.why}"
        for j in judgements
        if j.verdict is not Verdict.CORRECT
    ]
    kinds: dict[str, Counter[Verdict]] = {}
    for j in judgements:
        kinds.setdefault(j.expectation.kind, Counter())[j.verdict] += 1
    lines += [
        f"{kind:14} correct {tally[Verdict.CORRECT]:3} / {tally.total():3}   "
        f"missing {tally[Verdict.MISSING]}  wrong {tally[Verdict.WRONG]}"
        for kind, tally in sorted(kinds.items())
    ]
    total = _share(j.verdict for j in judgements)
    lines.append(
        f"all {len(judgements)}: correct {total[Verdict.CORRECT]:.3f}  "
        f"missing {total[Verdict.MISSING]:.3f}  wrong {total[Verdict.WRONG]:.3f}  "
        f"truthfulness {total[Verdict.CORRECT] - total[Verdict.WRONG]:+.3f}"
    )
    return lines


def _share(verdicts: Iterable[Verdict]) -> Mapping[Verdict, float]:
    tally = Counter(verdicts)
    return {verdict: tally[verdict] / max(tally.total(), 1) for verdict in Verdict}
