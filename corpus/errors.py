"""Every error that the assistant raises on purpose.

Each one says what went wrong (``str(error)``) and what the person can do about it
(``error.remedy``); ``error.retry`` tells whether the same call may work later.

    AssistantError
    ├── SettingsError            a setting or an argument makes no sense
    ├── KnowledgeError           a file of the bundled knowledge is wrong (it says where)
    ├── ReadError                a file cannot be read; the others still go in
    │   ├── FileMissing          no such file or folder
    │   ├── UnsupportedFormat    no reader takes this type of file
    │   ├── EmptyFile            there is nothing in it
    │   ├── TooLarge             over the size limit
    │   ├── Encrypted            protected by a password
    │   ├── NoText               pages are pictures without text (a scan)
    │   └── BrokenFile           damaged, or not what its name says
    ├── LibraryError             the library on disk cannot be used
    │   ├── LibraryBusy          another process is writing to it (retry)
    │   ├── UnknownSource        no source of that id is held
    │   └── UnknownPassage       no passage of that id is held
    ├── EmbedderError            the embedding model is missing or is not the one expected
    ├── QueryError               what is asked of the records makes no sense
    └── ReportError              a report cannot be made of what was sent
"""

from pathlib import Path


class AssistantError(Exception):
    """Base of all errors raised on purpose."""

    retry = False

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy

    def line(self) -> str:
        """The error as one line for a terminal or a report: what, then what to do."""
        text = str(self).rstrip(".")
        return f"{text}. {self.remedy}" if self.remedy else f"{text}."


class SettingsError(AssistantError):
    """A setting or an argument makes no sense."""


class KnowledgeError(AssistantError):
    """A file of the bundled knowledge is wrong.

    ``file``, ``line`` (from 1; 0 when the whole file is meant), ``field`` (dotted path) and
    ``expected`` say where and what should stand there.
    """

    def __init__(self, file: Path, line: int, field: str, problem: str, expected: str) -> None:
        place = f"{file.name}:{line}" if line else file.name
        super().__init__(f"{place}: {field}: {problem}", remedy=f"Expected {expected}.")
        self.file, self.line_number, self.field, self.expected = file, line, field, expected


class ReadError(AssistantError):
    """A file cannot be read; ``path`` is the file."""

    def __init__(self, path: Path, message: str, *, remedy: str = "") -> None:
        super().__init__(f"{path.name}: {message}", remedy=remedy)
        self.path = path


class FileMissing(ReadError):
    """No such file or folder."""


class UnsupportedFormat(ReadError):
    """No reader takes this type of file."""


class EmptyFile(ReadError):
    """There is nothing in the file."""


class TooLarge(ReadError):
    """The file is over the size limit."""


class Encrypted(ReadError):
    """The file is protected by a password."""


class NoText(ReadError):
    """The pages are pictures without text."""


class BrokenFile(ReadError):
    """The file is damaged, or is not what its name says."""


class LibraryError(AssistantError):
    """The library on disk cannot be used."""


class LibraryBusy(LibraryError):
    """Another process is writing to the library."""

    retry = True


class UnknownSource(LibraryError):
    """No source of that id is held."""


class UnknownPassage(LibraryError):
    """No passage of that id is held."""


class EmbedderError(AssistantError):
    """The embedding model is missing or is not the one expected."""


class QueryError(AssistantError):
    """What is asked of the records makes no sense: a field that they lack, a value of no use."""


class ReportError(AssistantError):
    """A report cannot be made of what was sent."""
