"""The footnote: one form for the command line, the evidence panel, what is copied, and the report.

    Title, publisher, date, page, section, link (accessed on a day). "The words quoted."

The date is the publication's; where a statement holds for another date, that is named after the
section. What a source does not state is left out, never guessed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Self

from babel.dates import format_date, format_interval, format_skeleton

from app.answering.answer import Citation
from corpus.model import Source
from corpus.values import PartialDate


@dataclass(frozen=True, slots=True)
class Form:
    """The words of a footnote in one language; ``{}`` stands for what they frame."""

    locale: str
    page: str
    pages: str
    as_of: str
    accessed: str
    quotation: str

    def partial(self, when: PartialDate) -> str:
        """A date for readers of the language, as exact as it is known."""
        if self.locale == "en":
            return str(when)  # as everywhere else
        start, _, end = when.iso().partition("/")
        skeleton = {4: "y", 7: "yMMMM", 10: "yMMMMd"}[len(start)]
        if end:
            # There is no pattern for a span of days with the month written out.
            skeleton = skeleton.replace("MMMMd", "MMMd")
            return str(format_interval(when.first, when.last, skeleton, locale=self.locale))
        if len(start) == 10:
            return self.day(when.first)
        return str(format_skeleton(skeleton, when.first, locale=self.locale))

    def day(self, when: date) -> str:
        """One day for readers of the language."""
        if self.locale == "en":
            return str(PartialDate(when, when))
        return str(format_date(when, "long", locale=self.locale))

    def place(self, first: int | None, last: int | None) -> str:
        """``p. 3``, ``pp. 2-4``, or nothing where there are no pages."""
        if first is None:
            return ""
        if last in (None, first):
            return self.page.format(first)
        return self.pages.format(f"{first}-{last}")


FORMS: Mapping[str, Form] = {
    "en": Form("en", "p. {}", "pp. {}", "as of {}", "accessed {}", "“{}”"),
    "es": Form("es", "p. {}", "pp. {}", "a fecha de {}", "consultado el {}", "«{}»"),
    "fr": Form("fr", "p. {}", "p. {}", "état : {}", "consulté le {}", "« {} »"),
    "de": Form("de", "S. {}", "S. {}", "Stand {}", "abgerufen am {}", "„{}“"),
    "it": Form("it", "p. {}", "pp. {}", "dati: {}", "consultato il {}", "«{}»"),
    "sl": Form("sl", "str. {}", "str. {}", "stanje: {}", "dostop: {}", "»{}«"),
}
ENGLISH = FORMS["en"]


@dataclass(frozen=True, slots=True)
class Reference:
    """What a footnote points to: a publication and a place in it, pages counted from 1."""

    source: Source
    page: int | None = None
    page_end: int | None = None
    section: str = ""
    as_of: PartialDate | None = None  # the date that the statement holds for
    quote: str = ""

    @classmethod
    def of(cls, citation: Citation) -> Self:
        """What an answer's citation points to."""
        passage = citation.passage
        return cls(
            citation.source,
            passage.page,
            passage.page_end,
            passage.section,
            citation.as_of,
            citation.quote,
        )


@dataclass(frozen=True, slots=True)
class Footnote:
    """A footnote's text, with the link (or nothing) apart, so that it can be made to work."""

    before: str
    url: str
    after: str

    def __str__(self) -> str:
        return f"{self.before}{self.url}{self.after}"


def footnote(
    reference: Reference,
    form: Form = ENGLISH,
    *,
    accessed: date | None = None,
    quoted: bool = False,
) -> Footnote:
    """The footnote for a reference (see the module's docstring).

    ``accessed`` is only printed beside a link. ``quoted`` adds the words that the citation quotes.
    """
    source = reference.source
    parts = (
        source.title,
        source.publisher,
        form.partial(source.date) if source.date else "",
        form.place(reference.page, reference.page_end),
        beyond_page(reference.section, reference.page),
        form.as_of.format(form.partial(reference.as_of))
        if reference.as_of and reference.as_of != source.date
        else "",
    )
    before = ", ".join(part for part in parts if part)
    # A full stop right after a link would be taken for a part of it.
    end = "" if source.url and not accessed else "."
    if source.url:
        before += ", "
        if accessed:
            end = f" ({form.accessed.format(form.day(accessed))})."
    if quoted and reference.quote:
        end += " " + form.quotation.format(" ".join(reference.quote.split()))
    return Footnote(before, source.url, end)


def beyond_page(section: str, page: int | None) -> str:
    """The section without the page that is printed before it ("page 3, the ecosystem")."""
    printed = f"page {page}"
    return "" if section == printed else section.removeprefix(f"{printed}, ")


def numbered(
    citation: Citation,
    form: Form = ENGLISH,
    *,
    accessed: date | None = None,
    quoted: bool = False,
) -> str:
    """``[1]`` and the footnote: one line under an answer in plain text."""
    note = footnote(Reference.of(citation), form, accessed=accessed, quoted=quoted)
    return f"[{citation.number}] {note}"


def entry(source: Source, form: Form = ENGLISH, *, accessed: date | None = None) -> Footnote:
    """The publication as a whole, as a bibliography lists it."""
    return footnote(Reference(source), form, accessed=accessed)
