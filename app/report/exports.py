"""The formats that a report can be had in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from app.report.model import Report
from app.report.notes import Notes
from app.report.pandoc import convert, document
from app.report.paper import paper
from app.report.sources import bibtex, csl_json
from app.report.tree import Tree
from app.report.word import dressed
from corpus.model import Source


@dataclass(frozen=True, slots=True)
class Format:
    """One format: the end of the file's name, its media type, and what makes it."""

    suffix: str
    media_type: str
    make: Callable[[Report, Notes], bytes]


def export(report: Report, name: str, known: Mapping[str, Source], today: date) -> bytes:
    """The report as a file in a format of `FORMATS`; ``known`` are the sources held, by id.

    Raises ReportError where it cannot be written.
    """
    return FORMATS[name].make(report, Notes(report, known, today))


def _docx(report: Report, notes: Notes) -> bytes:
    tree = Tree(report, notes, "docx")
    whole = document([*tree.items(), *tree.bibliography()], tree.meta(notes.today))
    return dressed(convert(whole, "json", "docx"))


def _markdown(report: Report, notes: Notes) -> bytes:
    tree = Tree(report, notes, "gfm")
    whole = document([*tree.front(notes.today), *tree.items(), *tree.bibliography()], {})
    return convert(whole, "json", "gfm")


def _html(report: Report, notes: Notes) -> bytes:
    return paper(Tree(report, notes, "html"), notes.today)


def _sources(write: Callable[..., bytes]) -> Callable[[Report, Notes], bytes]:
    def make(report: Report, notes: Notes) -> bytes:
        Tree(report, notes, "html").items()  # what is pointed to, and nothing that is not
        return write(notes.sources())

    return make


FORMATS: Mapping[str, Format] = {
    "docx": Format(
        "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", _docx
    ),
    "markdown": Format("md", "text/markdown; charset=utf-8", _markdown),
    "html": Format("html", "text/html; charset=utf-8", _html),
    "bibtex": Format("bib", "application/x-bibtex; charset=utf-8", _sources(bibtex)),
    "csl-json": Format("json", "application/vnd.citationstyles.csl+json", _sources(csl_json)),
}
