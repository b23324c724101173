"""The sources of a view: every place that its rows rest on has a number, and is printed once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.footnotes import ENGLISH, FORMS, Footnote, Reference, footnote
from corpus.model import Source
from corpus.schema import Mention, Observation


@dataclass(frozen=True, slots=True)
class Note:
    """A numbered place: the footnote for it, and what is to be said of the statement there."""

    number: int
    reference: Reference
    footnote: Footnote
    remark: str = ""

    def __str__(self) -> str:
        return f"{self.footnote} {self.remark}".strip()


class Notes:
    """Gives numbers to places, from 1 in the order in which they come up."""

    def __init__(self, sources: Iterable[Source], language: str) -> None:
        self._sources: Mapping[str, Source] = {source.id: source for source in sources}
        self._form = FORMS.get(language, ENGLISH)
        self._numbers: dict[tuple[Reference, str], int] = {}

    def number(self, seen: Mention | Observation[Any]) -> int:
        """The number of the place of a mention or an observation."""
        remark = f"{seen.note.rstrip('.')}." if isinstance(seen, Observation) and seen.note else ""
        section = seen.at.removeprefix(f"page {seen.page}, ")
        reference = Reference(
            self._sources[seen.source], seen.page, section=section, as_of=seen.as_of
        )
        return self._numbers.setdefault((reference, remark), len(self._numbers) + 1)

    def numbers(self, seen: Iterable[Mention | Observation[Any]]) -> tuple[int, ...]:
        """The numbers of several, each once and in order."""
        return tuple(sorted({self.number(each) for each in seen}))

    def printed(self) -> list[Note]:
        """All places in the order of their numbers."""
        return [
            Note(number, reference, footnote(reference, self._form), remark)
            for (reference, remark), number in self._numbers.items()
        ]

    def citations(self) -> list[dict[str, Any]]:
        """The places as a report takes them (`app.report.model.Cited`)."""
        found = []
        for (reference, _), number in self._numbers.items():
            source = reference.source
            found.append(
                {
                    "n": number,
                    "source": source.id,
                    "title": source.title,
                    "publisher": source.publisher,
                    "date": source.date.iso() if source.date else None,
                    "as_of": reference.as_of.iso() if reference.as_of else None,
                    "page": reference.page,
                    "page_end": None,
                    "section": reference.section,
                    "url": source.url,
                    "quote": "",
                }
            )
        return found
