"""A made-up partnership, and answers made up for the tests of what is around the engine."""

from collections.abc import Sequence
from pathlib import Path

from app.answering.answer import Answer, Citation, NoteKind, Status
from corpus.model import Passage, Source
from corpus.values import PartialDate
from retrieval.library import Library
from retrieval.model import Filter

LAKES = {
    "partnership.yaml": """
name: Lakeside Partnership
abbreviation: LSP
contact: the secretariat
""",
    "sources.yaml": """
- id: lake-note
  title: Lake note
  publisher: Lakeside
  date: 2021-03
  url: https://lakes.example/note
- id: lake-report
  title: Report on the lakes
  publisher: Lakeside
  date: 2022
""",
    "digests/lake-note.md": """# Lake note

## Aims (p. 1)

The Lakeside Partnership cleans the water of seven lakes.

## Members (pp. 2-3)

Nokia Shore and Lake Land are members.
""",
    "digests/lake-report.md": """# Report on the lakes

## Results (p. 4)

By 2022 five lakes were clean.
""",
    "records/lake-note/region.yaml": """
- id: nokia-shore
  name: Nokia Shore
  at: section 2, table
  page: 2
  country: FI
  role: leading
- id: lake-land
  name: Lake Land
  at: section 2, table
  page: 3
  country: SE
  role: interested
""",
    "records/lake-report/region.yaml": """
- id: lake-land
  name: Lake Land
  at: annex
  page: 9
  role: participating
""",
}


def make_partnership(folder: Path) -> Path:
    """Write the made-up partnership into a folder, which is returned."""
    for name, content in LAKES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content.lstrip(), encoding="utf-8")
    return folder


def make_answer(
    text: str, status: Status = Status.ANSWERED, sources: Sequence[str] = ("lake-note",)
) -> Answer:
    """An answer that cites the given sources."""
    quote = "The lake is clean."
    citations = [
        Citation(
            number,
            Source(
                source_id,
                title=f"Title of {source_id}",
                publisher="Lakeside",
                date=PartialDate.parse("2021-03"),
                url="https://lakes.example/note",
            ),
            Passage(
                f"{source_id}/original/text/plain",
                source_id,
                0,
                0,
                len(quote) + 4,
                f"So: {quote}",
                page=2,
                page_end=3,
                section="Aims",
            ),
            4,
            4 + len(quote),
        )
        for number, source_id in enumerate(sources, start=1)
    ]
    return Answer(
        "How many?", text, status, tuple(citations), ("The sources agree.",), (NoteKind.METHOD,)
    )


class TopPassage:
    """Answers with the best passage that words find; abstains when there is none."""

    def __init__(self, library: Library, where: Filter) -> None:
        self.library, self.where = library, where

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        for ranked in self.library.search_words(" ".join([*history, question]), 1, self.where):
            passage = self.library.passage(ranked.passage_id)
            source = self.library.source(passage.source_id)
            citation = Citation(1, source, passage, 0, len(passage.text))
            return Answer(question, f"{passage.text} [1]", Status.ANSWERED, (citation,))
        return Answer(question, "Nothing says so.", Status.ABSTAINED)
