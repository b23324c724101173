"""Measure how well the searches find pages: page recall@5 of each leg and of their fusion.

    python -m bench.pages FOLDER QUESTIONS.jsonl [--data-dir DIR] [--missed]

FOLDER holds PDFs. A row of QUESTIONS has `question`, `file` (a name in FOLDER), `pages` (from 1, as
a viewer counts them) and `names_document` (whether the question says which document it means). A
passage stands for the page that it begins on; the first five different pages that a search brings
are looked at. "Within" is the same search held to the right document; "document" is the share of
questions whose first page is one of the right document. ``--missed`` prints what the fusion missed.

The library is kept in --data-dir, so that a second run embeds nothing.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import gettempdir

from app.quiet import stay_quiet
from app.settings import read_settings
from app.workspace import Workspace
from corpus.languages import detect
from retrieval.library import Library
from retrieval.model import EVERYTHING, Filter

NEAR = 5  # pages that recall looks at
_DEPTH = 40  # passages searched for them

Page = tuple[str, int]  # source and page
Search = Callable[[str, Filter], list[str]]


@dataclass(frozen=True)
class Judged:
    """A question, the pages that answer it, and whether it says which document it means."""

    question: str
    source: str
    pages: frozenset[Page]
    named: bool

    def recall(self, found: Sequence[Page]) -> float:
        """The share of the pages among the first few that were found."""
        return len(self.pages & set(found[:NEAR])) / len(self.pages)

    def document_first(self, found: Sequence[Page]) -> bool:
        """Whether the first page that was found is one of the right document."""
        return bool(found) and found[0][0] == self.source


def main() -> None:
    """Print the measures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--data-dir", type=Path, help="where the library is kept between runs")
    parser.add_argument("--missed", action="store_true", help="print what the fusion missed")
    options = parser.parse_args()
    stay_quiet()
    place = options.data_dir or Path(gettempdir()) / "ambp-bench" / "pages"
    workspace = Workspace.open(
        read_settings({"AMBP_DATA_DIR": str(place), "AMBP_BUNDLED": "false"})
    )
    for done in workspace.ingest([options.folder]):
        if done.reason:
            _say(f"{done.name}: {done.reason}")
    report(workspace.library, list(judged(workspace.library, options.questions)), options.missed)
    workspace.close()


def judged(library: Library, path: Path) -> Iterator[Judged]:
    """The questions of a file; those about a file that is not in the library are left out."""
    sources = {Path(document.path).name: document.source.id for document in library.documents()}
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if source := sources.get(row["file"]):
            pages = frozenset((source, page) for page in row["pages"])
            yield Judged(row["question"], source, pages, row["names_document"])


def report(library: Library, asked: Sequence[Judged], missed: bool = False) -> None:
    """Ask all questions of each leg and print its measures."""
    pages = _pages(library)
    legs: dict[str, Search] = {
        "words": lambda q, w: [
            hit.passage_id for hit in library.search_words(q, _DEPTH, w, detect(q))
        ],
        "dense": lambda q, w: [hit.passage_id for hit in library.search_dense(q, _DEPTH, w)],
        "fused": lambda q, w: [hit.passage.id for hit in library.search(q, _DEPTH, w)],
    }
    named = sum(one.named for one in asked)
    _say(f"{len(asked)} questions, {named} of which name their document; {len(pages)} passages")
    for leg, search in legs.items():
        found = [distinct(search(one.question, EVERYTHING), pages) for one in asked]
        within = [
            distinct(search(one.question, Filter(sources=(one.source,))), pages) for one in asked
        ]
        shares = [one.recall(run) for one, run in zip(asked, found, strict=True)]
        alone = [one.recall(run) for one, run in zip(asked, within, strict=True)]
        right = [one.document_first(run) for one, run in zip(asked, found, strict=True)]
        of_named = [share for share, one in zip(shares, asked, strict=True) if one.named]
        _say(
            f"  {leg:6} all {_mean(shares):.3f}  named {_mean(of_named):.3f}"
            f"  within {_mean(alone):.3f}  document {_mean(right):.3f}"
        )
        if missed and leg == "fused":
            for one, run, share in zip(asked, found, shares, strict=True):
                if share < 1:
                    _say(f"    {one.question}\n      wanted {sorted(one.pages)}, {run[:NEAR]}")


def distinct(found: Sequence[str], pages: dict[str, Page]) -> list[Page]:
    """The different pages of passages, in the order in which they come first."""
    return list(dict.fromkeys(pages[name] for name in found if name in pages))


def _pages(library: Library) -> dict[str, Page]:
    """The page of every passage that has one, by the passage's id."""
    return {
        passage.id: (passage.source_id, passage.page)
        for document in library.documents()
        for passage in library.passages(document.id)
        if passage.page is not None
    }


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
