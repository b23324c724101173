"""A report as a browser sends it. Anyone may send anything, so all of it is checked."""

import unicodedata
from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails

from app.footnotes import FORMS, Reference
from corpus.errors import ReportError
from corpus.model import Source
from corpus.values import PartialDate

MAX_BYTES = 2_000_000  # of the JSON
MAX_ITEMS = 200
MAX_TEXT = 50_000  # characters of one item
MAX_TITLE = 300
MAX_CITATIONS = 300  # of one item
MAX_ROWS, MAX_COLUMNS = 1000, 20
_MAX_CELL = 2000
_MAX_QUOTE = 5000
_MAX_NAME = 1000  # of a source, a publisher, a section, an address

# Characters that turn the direction of writing around: a text could show what it does not say.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


_UNFIT = frozenset({"Cc", "Cs", "Cn", "Co"})  # control, half a character, none, private


def _printable(text: str) -> str:
    """The text without characters that cannot stand in a document."""
    return "".join(
        char
        for char in text.replace("\r\n", "\n")
        if char in "\n\t" or (unicodedata.category(char) not in _UNFIT and char not in _TURNING)
    )


def _line(text: str) -> str:
    return " ".join(_printable(text).split())


def _date(text: str) -> str:
    PartialDate.parse(text)
    return text


_Title = Annotated[str, Field(max_length=MAX_TITLE), AfterValidator(_line)]
_Name = Annotated[str, Field(max_length=_MAX_NAME), AfterValidator(_line)]
_Quote = Annotated[str, Field(max_length=_MAX_QUOTE), AfterValidator(_printable)]
_Text = Annotated[str, Field(max_length=MAX_TEXT), AfterValidator(_printable)]
_Cell = Annotated[str, Field(max_length=_MAX_CELL), AfterValidator(_line)]
_Row = Annotated[tuple[_Cell, ...], Field(min_length=1, max_length=MAX_COLUMNS)]
_Date = Annotated[str, Field(max_length=21), AfterValidator(_date)]
_Page = Annotated[int, Field(ge=1, le=1_000_000)]


class _Checked(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Cited(_Checked):
    """The evidence behind marker ``[n]`` of an item; ``source`` is a source's id."""

    n: int = Field(ge=1, le=999)
    source: _Name
    title: _Name
    publisher: _Name = ""
    date: _Date | None = None  # of the publication
    as_of: _Date | None = None  # for which the statement holds
    page: _Page | None = None
    page_end: _Page | None = None
    section: _Name = ""
    url: _Name = ""
    quote: _Quote = ""

    def reference(self, known: Mapping[str, Source]) -> Reference:
        """What a footnote points to.

        A source that the library holds is named as the library names it. One that it does not
        hold (any more) is named as the browser remembers it, without its link.
        """
        date = PartialDate.parse(self.date) if self.date else None
        source = known.get(self.source) or Source(self.source, self.title, self.publisher, date)
        as_of = PartialDate.parse(self.as_of) if self.as_of else None
        return Reference(source, self.page, self.page_end, self.section, as_of, self.quote)


class Sheet(_Checked):
    """A table: ``rows[i][j]`` stands under ``header[j]``."""

    header: _Row
    rows: Annotated[tuple[_Row, ...], Field(max_length=MAX_ROWS)]

    @model_validator(mode="after")
    def _even(self) -> Self:
        if any(len(row) != len(self.header) for row in self.rows):
            raise ValueError("every row needs as many cells as the header")
        return self


class Item(_Checked):
    """An answer, a row, a table, or a text of the visitor's own.

    ``language`` (ISO 639-1) is that of its words. The markers ``[n]`` in the text and the table
    mean its citations.
    """

    kind: Literal["answer", "row", "table", "text"]
    language: Annotated[str, Field(pattern="^([a-z]{2,3})?$")] = ""  # of its words; "": not known
    title: _Title
    markdown: _Text = ""
    table: Sheet | None = None
    citations: Annotated[tuple[Cited, ...], Field(max_length=MAX_CITATIONS)] = ()
    added: AwareDatetime | None = None  # when the visitor saw it: the date of access

    @model_validator(mode="after")
    def _numbered_once(self) -> Self:
        if len({cited.n for cited in self.citations}) < len(self.citations):
            raise ValueError("two citations have the same number")
        return self


class Report(_Checked):
    """A whole report.

    ``language`` is that of headings and footnotes; ``quoted`` asks for the quoted words in these.
    """

    title: _Title = ""
    author: _Title = ""
    language: str = "en"
    quoted: bool = False
    items: Annotated[tuple[Item, ...], Field(min_length=1, max_length=MAX_ITEMS)]

    @model_validator(mode="after")
    def _in_a_language(self) -> Self:
        if self.language not in FORMS:
            raise ValueError(f"the language is one of {', '.join(FORMS)}")
        return self


def read_report(sent: bytes) -> Report:
    """The report in this JSON; raises ReportError with the first thing that is wrong."""
    if len(sent) > MAX_BYTES:
        raise ReportError(
            f"the report is larger than {MAX_BYTES // 1_000_000} MB",
            remedy="Take some items out of it.",
        )
    try:
        return Report.model_validate_json(sent)
    except ValidationError as error:
        raise _told(error.errors()[0]) from error


def _told(problem: ErrorDetails) -> ReportError:
    place = ".".join(str(part) for part in problem["loc"])
    what = problem["msg"].removeprefix("Value error, ")
    at = f" at {place}" if place else ""
    return ReportError(f"the report cannot be read{at}: {what}", remedy="Load the page again.")
