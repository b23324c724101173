"""Footnotes numbered over a whole report, and the bibliography of what they name."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from app.footnotes import FORMS, Footnote, entry, footnote
from app.report.model import Cited, Report
from corpus.model import Source


@dataclass(slots=True)
class Note:
    """A footnote of the report; ``times`` counts the places that point to it."""

    number: int
    text: Footnote
    times: int = 0


@dataclass(slots=True)
class Notes:
    """Hands out the footnotes in the order in which they are asked for.

    What would be printed twice is printed once: two citations share a footnote when it reads the
    same for both, which is so for the same passage and quote, and where quotes are not printed for
    all quotes of one place. One source has one date of access, the latest.
    """

    report: Report
    known: Mapping[str, Source]
    today: date
    _notes: dict[str, Note] = field(default_factory=dict)
    _sources: dict[str, Source] = field(default_factory=dict)
    _accessed: dict[str, date] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for item in self.report.items:
            # A clock that is wrong must not put a day to come on paper.
            day = min(item.added.date(), self.today) if item.added else self.today
            for cited in item.citations:
                self._accessed[cited.source] = max(day, self._accessed.get(cited.source, day))

    def note(self, cited: Cited, apart_from: Collection[int] = ()) -> Note | None:
        """The footnote for a citation, with the number it has in the report.

        None where its number is among ``apart_from``: those that the place points to already.
        """
        reference = cited.reference(self.known)
        self._sources[cited.source] = reference.source
        text = footnote(
            reference,
            FORMS[self.report.language],
            accessed=self._accessed[cited.source],
            quoted=self.report.quoted,
        )
        note = self._notes.setdefault(str(text), Note(len(self._notes) + 1, text))
        if note.number in apart_from:
            return None
        note.times += 1
        return note

    def sources(self) -> list[tuple[Source, date]]:
        """The sources of the footnotes so far, by title, each with its date of access."""
        by_title = sorted(self._sources.values(), key=lambda one: (one.title.casefold(), one.id))
        return [(source, self._accessed[source.id]) for source in by_title]

    def bibliography(self) -> list[Footnote]:
        """The same as a bibliography prints them."""
        form = FORMS[self.report.language]
        return [entry(source, form, accessed=day) for source, day in self.sources()]
