"""How well the score of the best sentence tells answerable questions from others.

Prints AUROC and what is risked at each share of questions answered.

    ambp --data-dir DIR --no-bundled ingest ../shared/bench/clapnq/docs
    python -m bench.abstention DIR ../shared/bench/clapnq/questions.jsonl

QUESTIONS has rows with `question`, `answerable` and `evidence` (sentences that answer).
"""

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz

from app.answering.engine import Engine
from app.answering.from_passages import certainty
from app.answering.understanding import understand
from app.settings import read_settings
from app.workspace import Workspace
from corpus.vocabulary import load_vocabulary

_SAME = 80  # of 100, rapidfuzz.fuzz.partial_ratio: the best sentence is one of the evidence
_NOTHING = -9.0  # score of a question for which nothing was found


def auroc(positive: list[float], negative: list[float]) -> float:
    """The chance that a positive scores above a negative (ties count half)."""
    left, right = np.array(positive)[:, None], np.array(negative)[None, :]
    return float((left > right).mean() + 0.5 * (left == right).mean())


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(line + "\n")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--every", type=int, default=1, help="only every Nth question")
    parser.add_argument("--save", type=Path, help="write a row per question there")
    args = parser.parse_args()
    settings = read_settings({"AMBP_DATA_DIR": str(args.folder), "AMBP_BUNDLED": "false"})
    workspace = Workspace.open(settings)
    engine = Engine(
        workspace.library, workspace.knowledge, load_vocabulary(), where=workspace.where
    )
    rows = [json.loads(line) for line in args.questions.read_text("utf-8").splitlines()]
    found: list[tuple[float, bool, bool, bool]] = []  # score, answerable, right, answered
    began = time.perf_counter()
    saved = []
    for row in rows[:: args.every]:
        question = understand(row["question"], engine.lexicon)
        ranked = engine.from_passages.weigh(question)
        draft = engine.from_passages.draft(question)
        score = certainty(ranked[0]) if ranked else _NOTHING
        best = ranked[0].piece.said if ranked else ""
        right = any(fuzz.partial_ratio(best, e) >= _SAME for e in row["evidence"])
        found.append((score, row["answerable"], right and row["answerable"], draft is not None))
        if ranked:
            w = ranked[0]
            saved.append([row["answerable"], right, w.score, w.covered, w.meaning, w.lacking])
    seconds = (time.perf_counter() - began) / len(found)
    if args.save:
        args.save.write_text("\n".join(map(json.dumps, saved)), "utf-8")
    yes = [s for s, answerable, *_ in found if answerable]
    no = [s for s, answerable, *_ in found if not answerable]
    say(f"AUROC {auroc(yes, no):.3f} ({len(yes)} answerable, {len(no)} not), {seconds:.2f} s each")
    given = [f for f in found if f[3]]
    say(
        f"answered {sum(f[1] for f in given) / len(yes):.3f} of the answerable, "
        f"{sum(not f[1] for f in given) / len(no):.3f} of the others"
    )
    top = sum(f[2] for f in given) / max(1, sum(f[1] for f in given))
    say(f"best sentence among the evidence: {top:.3f} of the answerable ones answered")
    found.sort(key=lambda f: -f[0])
    for share in (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0):
        part = found[: round(share * len(found))]
        risk = 1 - sum(f[1] for f in part) / len(part)
        say(f"coverage {share:.1f}: {risk:.3f} unanswerable, score from {part[-1][0]:.2f}")


if __name__ == "__main__":
    main()
