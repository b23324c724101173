"""Measure the searches, each leg and their fusion: nDCG@10, recall@5 and MRR@10.

    python -m bench.retrieval                        # the project's own questions, bundled
    python -m bench.retrieval --originals PATH       # the same, over the publications alone
    python -m bench.retrieval --folder FOLDER        # a public set in the BEIR layout

A BEIR folder holds corpus.jsonl, queries.jsonl and qrels.tsv; each text of the corpus is one
passage. Of the project's questions those count that have patterns which an answer must match and
no earlier turns. A passage of one of the question's sources is relevant by the number of patterns
that it matches; recall is the share of the patterns that the first five passages match together;
the rank of MRR is that of the first passage that matches as many as any one does.

Libraries are kept in --data-dir, so that a second run embeds nothing.
"""

import argparse
import csv
import json
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import gettempdir

from app.evaluation import fold
from app.quiet import stay_quiet
from app.settings import read_settings
from app.workspace import Workspace
from bench.measures import DEPTH, ndcg, recall, reciprocal_rank
from corpus.languages import detect, language_of
from corpus.model import Block, BlockKind, Document, Passage, Source
from retrieval.embedder import SentenceTransformerEmbedder
from retrieval.library import Library
from retrieval.model import EVERYTHING, Filter

OWN = (Path("bench/questions.jsonl"), Path("bench/questions-hard.jsonl"))
NEAR = 5  # passages that recall looks at


@dataclass(frozen=True)
class Judged:
    """A question, what is relevant for it, and how a ranking's recall is told."""

    question: str
    relevant: dict[str, int]
    recall: Callable[[Sequence[str]], float]
    least: int = 1


def main() -> None:
    """Print the measures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("questions", type=Path, nargs="*", help="of the project's form")
    parser.add_argument("--folder", type=Path, help="a set in the BEIR layout, instead")
    parser.add_argument("--originals", type=Path, help="files to ask instead of what is bundled")
    parser.add_argument("--data-dir", type=Path, help="where libraries are kept between runs")
    options = parser.parse_args()
    stay_quiet()
    kept = options.data_dir or Path(gettempdir()) / "ambp-bench"
    if options.folder:
        folder = options.folder.resolve()
        with Library.open(kept / folder.name, SentenceTransformerEmbedder()) as library:
            names = _fill(library, folder)
            _report(library, EVERYTHING, list(_beir(folder, names)), folder.name)
        return
    place = kept / ("originals" if options.originals else "bundled")
    bundled = {"AMBP_BUNDLED": "false"} if options.originals else {}
    workspace = Workspace.open(read_settings({"AMBP_DATA_DIR": str(place), **bundled}))
    if options.originals:
        workspace.ingest([options.originals])
    for path in options.questions or OWN:
        judged = list(_facts(workspace, path))
        _report(workspace.library, workspace.where, judged, path.stem)
    workspace.close()


def _report(library: Library, where: Filter, judged: Sequence[Judged], name: str) -> None:
    """Ask all questions of each leg and print its measures."""
    legs: dict[str, Callable[[str], list[str]]] = {
        "words": lambda q: [
            hit.passage_id for hit in library.search_words(q, DEPTH, where, detect(q))
        ],
        "dense": lambda q: [hit.passage_id for hit in library.search_dense(q, DEPTH, where)],
        "fused": lambda q: [hit.passage.id for hit in library.search(q, DEPTH, where)],
    }
    _say(f"{name}: {len(judged)} questions")
    for leg, search in legs.items():
        search(judged[0].question)  # load what has to be loaded before the clock runs
        began = time.perf_counter()
        runs = [search(one.question) for one in judged]
        each = (time.perf_counter() - began) / len(judged)
        pairs = list(zip(runs, judged, strict=True))
        figures = (
            sum(ndcg(run, one.relevant) for run, one in pairs),
            sum(one.recall(run) for run, one in pairs),
            sum(reciprocal_rank(run, one.relevant, one.least) for run, one in pairs),
        )
        n, r, m = (figure / len(judged) for figure in figures)
        _say(
            f"  {leg:6} nDCG@10 {n:.4f}  recall@{NEAR} {r:.4f}  MRR@10 {m:.4f}"
            f"  {each * 1000:.1f} ms a question"
        )


# --- the project's questions ---


def _facts(workspace: Workspace, path: Path) -> Iterator[Judged]:
    """The questions with facts to be found, judged over all passages of their sources."""
    library = workspace.library
    texts = {
        passage.id: fold(f"{passage.section} {passage.indexed_text}")
        for document in library.documents()
        if not workspace.where.origins or document.origin in workspace.where.origins
        for passage in library.passages(document.id)
    }
    sources = {name: _source(library, name) for name in texts}
    for row in _jsonl(path):
        patterns = [re.compile(str(p).lower()) for p in row["must"]]
        if not patterns or row.get("history") or row["abstain"] is not False:
            continue
        held = {
            name: sum(bool(p.search(text)) for p in patterns)
            for name, text in texts.items()
            if sources[name] in row["sources"]
        }
        relevant = {name: count for name, count in held.items() if count}
        if relevant:

            def share(found: Sequence[str], patterns: list[re.Pattern[str]] = patterns) -> float:
                near = "\n".join(texts[name] for name in found[:NEAR])
                return sum(bool(p.search(near)) for p in patterns) / len(patterns)

            yield Judged(str(row["question"]), relevant, share, max(relevant.values()))


def _source(library: Library, passage_id: str) -> str:
    passage = library.passage(passage_id)
    return passage.source_id if passage else ""


# --- a public set ---


def _fill(library: Library, folder: Path) -> dict[str, str]:
    """Put the texts in as passages of one document; returns the passages' ids by the texts'."""
    rows = _jsonl(folder / "corpus.jsonl")
    texts = ["\n".join(t for t in (row.get("title", ""), row["text"]) if t) for row in rows]
    body = "\n\n".join(texts)
    blocks, start = [], 0
    for text in texts:
        blocks.append(Block(BlockKind.PARAGRAPH, start, start + len(text)))
        start += len(text) + 2
    source = Source(id=folder.name, title="", language=detect(body) or "en")
    digest = sha256(body.encode()).hexdigest()
    document = Document(source, body, tuple(blocks), digest, "application/jsonl")
    passages = [
        Passage(
            document.id, source.id, n, block.start, block.end, text,
            language=language_of(text, source.language),
        )
        for n, (block, text) in enumerate(zip(blocks, texts, strict=True))
    ]  # fmt: skip
    began = time.perf_counter()
    change = library.put(document, passages, _show)
    _say(f"{len(passages)} passages {change} in {time.perf_counter() - began:.1f} s")
    return {row["_id"]: p.id for p, row in zip(passages, rows, strict=True)}


def _beir(folder: Path, names: dict[str, str]) -> Iterator[Judged]:
    judged: dict[str, dict[str, int]] = {}
    with (folder / "qrels.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            judged.setdefault(row["query-id"], {})[names[row["corpus-id"]]] = int(row["score"])
    for row in _jsonl(folder / "queries.jsonl"):
        if relevant := judged.get(row["_id"]):

            def share(found: Sequence[str], relevant: dict[str, int] = relevant) -> float:
                return recall(found, relevant, NEAR)

            yield Judged(row["text"], relevant, share)


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
