"""How well answers from passages tell questions that the documents answer from others.

Prints AUROC, what is answered, and the curve of risk against coverage, over the half of the
questions that nothing was fitted to (every other row, from the second).

    ambp --data-dir DIR --no-bundled ingest ../shared/bench/clapnq/docs
    python -m bench.abstention DIR ../shared/bench/clapnq/questions.jsonl [--fit]

QUESTIONS has rows with `question`, `answerable` and `evidence` (sentences that answer). ``--fit``
uses the other half instead and prints weights fitted to it alone (logistic regression, Newton's
method, ridge 1); those of `app/answering/certainty.py` were fitted to the project's sets as well.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from app.answering.certainty import Signals
from app.answering.engine import Engine
from app.answering.understanding import understand
from app.settings import read_settings
from app.workspace import Workspace
from corpus.vocabulary import load_vocabulary

_SAME = 80  # of 100, rapidfuzz.fuzz.partial_ratio: a sentence is one of the evidence
_NAMES = ("bias", "nearest", "covered", "missing", "nowhere")


@dataclass(frozen=True, slots=True)
class Tried:
    """One question: what was known of its best sentence, and what came of it."""

    signals: Signals | None
    answerable: bool
    right: bool  # the best sentence is one of the evidence
    answered: bool

    @property
    def certainty(self) -> float:
        """The chance that the best sentence answers."""
        return self.signals.certainty if self.signals else 0.0


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """The chance that a positive scores above a negative (ties count half)."""
    left, right = np.array(positive)[:, None], np.array(negative)[None, :]
    return float((left > right).mean() + 0.5 * (left == right).mean())


def fit(signals: Sequence[Signals], answerable: Sequence[bool]) -> NDArray[np.float64]:
    """Weights of a logistic function, the bias first: (1 + signals,)."""
    values = np.array([astuple(s) for s in signals], dtype=np.float64)
    wanted = np.array(answerable, dtype=np.float64)
    mean, spread = values.mean(0), values.std(0) + 1e-9
    table = np.c_[np.ones(len(values)), (values - mean) / spread]
    ridge = np.diag([0.0] + [1.0] * values.shape[1])
    weights = np.zeros(table.shape[1])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-table @ weights))
        slope = table.T @ (chance - wanted) + ridge @ weights
        curve = (table * (chance * (1 - chance))[:, None]).T @ table + ridge
        weights -= np.linalg.solve(curve, slope)
    weights[1:] /= spread
    weights[0] -= weights[1:] @ mean
    return weights


def ask_all(engine: Engine, rows: Sequence[dict[str, object]]) -> list[Tried]:
    """Every question asked, in order."""
    found = []
    for row in rows:
        question = understand(str(row["question"]), engine.lexicon)
        best, signals = engine.from_passages.best(question)
        said = best.piece.said if best else ""
        evidence = row["evidence"]
        assert isinstance(evidence, list)
        right = bool(said) and any(fuzz.partial_ratio(said, e) >= _SAME for e in evidence)
        answered = engine.from_passages.draft(question) is not None
        found.append(Tried(signals, bool(row["answerable"]), right, answered))
    return found


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(line + "\n")


def report(found: list[Tried]) -> None:
    """Print what the certainty is worth."""
    yes = [f.certainty for f in found if f.answerable]
    no = [f.certainty for f in found if not f.answerable]
    say(f"AUROC {auroc(yes, no):.3f} ({len(yes)} answerable, {len(no)} not)")
    given = [f for f in found if f.answered]
    say(
        f"answered {sum(f.answerable for f in given) / len(yes):.3f} of the answerable, "
        f"{sum(not f.answerable for f in given) / len(no):.3f} of the others"
    )
    held = [f for f in given if f.answerable]
    say(
        f"best sentence among the evidence: {sum(f.right for f in held) / max(1, len(held)):.3f} "
        "of the answerable ones answered"
    )
    found = sorted(found, key=lambda f: -f.certainty)
    for share in (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0):
        part = found[: round(share * len(found))]
        unanswerable = sum(not f.answerable for f in part) / len(part)
        wrong = sum(not (f.answerable and f.right) for f in part) / len(part)
        say(
            f"coverage {share:.1f}: {unanswerable:.3f} unanswerable, {wrong:.3f} without a right "
            f"sentence, certainty from {part[-1].certainty:.2f}"
        )


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--fit", action="store_true", help="fit the weights on the other half")
    args = parser.parse_args()
    settings = read_settings({"AMBP_DATA_DIR": str(args.folder), "AMBP_BUNDLED": "false"})
    workspace = Workspace.open(settings)
    engine = Engine(
        workspace.library, workspace.knowledge, load_vocabulary(), where=workspace.where
    )
    rows = [json.loads(line) for line in args.questions.read_text("utf-8").splitlines()]
    rows = rows[0 if args.fit else 1 :: 2]
    began = time.perf_counter()
    found = ask_all(engine, rows)
    say(f"{len(rows)} questions, {(time.perf_counter() - began) / len(rows):.2f} s each")
    report(found)
    if args.fit:
        usable = [(f.signals, f.answerable) for f in found if f.signals]
        weights = fit([s for s, _ in usable], [a for _, a in usable])
        say(" ".join(f"{n} {w:.2f}" for n, w in zip(_NAMES, weights, strict=True)))


if __name__ == "__main__":
    main()
