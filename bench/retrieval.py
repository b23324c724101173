"""Measure the searches on a public set in the BEIR layout: python -m bench.retrieval FOLDER.

FOLDER holds corpus.jsonl, queries.jsonl and qrels.tsv. Each text of the corpus is one passage. The
library is kept in --data-dir, so that a second run embeds nothing.
"""

import argparse
import csv
import json
import math
import sys
import time
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from tempfile import gettempdir

from app.quiet import stay_quiet
from corpus.model import Block, BlockKind, Document, Passage, Source
from retrieval.embedder import SentenceTransformerEmbedder
from retrieval.library import Library

K = 10
Judgements = dict[str, dict[str, int]]  # query id -> text id -> relevance


def main() -> None:
    """Fill a library with the set, ask all questions of each leg, print the measures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--language", default="en", help="of the texts (ISO 639-1)")
    parser.add_argument("--data-dir", type=Path, help="where the library is kept between runs")
    options = parser.parse_args()
    stay_quiet()
    embedder = SentenceTransformerEmbedder()
    kept = options.data_dir or Path(gettempdir()) / f"bench-{options.folder.name}"
    with Library.open(kept, embedder) as library:
        names = _fill(library, options.folder, options.language)
        legs: dict[str, Callable[[str], list[str]]] = {
            "words": lambda q: [hit.passage_id for hit in library.search_words(q, K)],
            "dense": lambda q: [hit.passage_id for hit in library.search_dense(q, K)],
            "fused": lambda q: [hit.passage.id for hit in library.search(q, K)],
        }
        for leg, search in legs.items():
            _report(leg, search, names, options.folder)


def _fill(library: Library, folder: Path, language: str) -> dict[str, str]:
    """Put the texts in as passages of one document; returns their ids by passage id."""
    rows = _jsonl(folder / "corpus.jsonl")
    texts = ["\n".join(t for t in (row.get("title", ""), row["text"]) if t) for row in rows]
    body = "\n\n".join(texts)
    blocks, start = [], 0
    for text in texts:
        blocks.append(Block(BlockKind.PARAGRAPH, start, start + len(text)))
        start += len(text) + 2
    source = Source(id=folder.name, title="", language=language)
    digest = sha256(body.encode()).hexdigest()
    document = Document(source, body, tuple(blocks), digest, "application/jsonl")
    passages = [
        Passage(document.id, source.id, n, block.start, block.end, text, language=language)
        for n, (block, text) in enumerate(zip(blocks, texts, strict=True))
    ]
    began = time.perf_counter()
    change = library.put(document, passages, _show)
    _say(f"{len(passages)} passages {change} in {time.perf_counter() - began:.1f} s")
    return {p.id: row["_id"] for p, row in zip(passages, rows, strict=True)}


def _report(
    leg: str, search: Callable[[str], list[str]], names: dict[str, str], folder: Path
) -> None:
    judged = _judgements(folder / "qrels.tsv")
    questions = [row for row in _jsonl(folder / "queries.jsonl") if row["_id"] in judged]
    search(questions[0]["text"])  # load what has to be loaded before the clock runs
    began = time.perf_counter()
    runs = [([names[i] for i in search(q["text"])], judged[q["_id"]]) for q in questions]
    each = (time.perf_counter() - began) / len(questions)
    ndcg, recall, mrr = (sum(f(*run) for run in runs) / len(runs) for f in (_ndcg, _recall, _mrr))
    _say(
        f"{leg:6} nDCG@10 {ndcg:.4f}  recall@5 {recall:.4f}  MRR@10 {mrr:.4f}"
        f"  {each * 1000:.1f} ms a question ({len(questions)} questions)"
    )


def _ndcg(found: Sequence[str], relevant: dict[str, int]) -> float:
    gain = sum(relevant.get(name, 0) / math.log2(n + 2) for n, name in enumerate(found[:10]))
    best = sorted(relevant.values(), reverse=True)[:10]
    return gain / sum(value / math.log2(n + 2) for n, value in enumerate(best))


def _recall(found: Sequence[str], relevant: dict[str, int]) -> float:
    wanted = {name for name, value in relevant.items() if value > 0}
    return len(wanted.intersection(found[:5])) / len(wanted)


def _mrr(found: Sequence[str], relevant: dict[str, int]) -> float:
    ranks = (n for n, name in enumerate(found[:10], 1) if relevant.get(name, 0) > 0)
    return 1 / next(ranks, math.inf)


def _judgements(path: Path) -> Judgements:
    judged: Judgements = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            judged.setdefault(row["query-id"], {})[row["corpus-id"]] = int(row["score"])
    return judged


def _jsonl(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def _show(done: int, total: int) -> None:
    if done % 256 < 8:
        _say(f"  embedded {done} of {total}")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
