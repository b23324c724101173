"""Where the traceback of an error goes that nobody foresaw: a file, and never the terminal."""

import logging
import os
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

_NAME = "ambp.log"


def keep_traceback(error: BaseException, folder: Path | None) -> Path | None:
    """Append an error to the log of a folder; returns the log.

    Where that cannot be written the folder for temporary files has it, and where that cannot be
    written either nothing has: None. Never raises OSError, since it is called on the way out.
    """
    time = datetime.now(UTC).isoformat(timespec="seconds")
    entry = f"{time}\n{''.join(traceback.format_exception(error))}\n"
    for place in (folder, Path(tempfile.gettempdir())):
        # Not made here: a log should not be all that there is of a library.
        if place is None or not os.access(place, os.W_OK):
            continue
        try:
            with (place / _NAME).open("a", encoding="utf-8", errors="backslashreplace") as file:
                file.write(entry)
        except OSError:
            continue
        return place / _NAME
    return None


def where_details_are(log: Path | None) -> str:
    """The end of a sentence that tells of an error: where its traceback is, if anywhere."""
    return f"; the details are in {log}" if log else ""


class _OneLine(logging.Handler):
    """Writes each message to stderr as one line; a traceback goes into the log of a folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    def emit(self, record: logging.LogRecord) -> None:
        """Write one message."""
        line = record.getMessage().rstrip(".")
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            log = keep_traceback(error, self._folder)
            line += f" ({type(error).__name__}: {error}){where_details_are(log)}"
        click.echo(f"ambp: {' '.join(line.split())}.", err=True)


@contextmanager
def one_line_each(folder: Path) -> Iterator[None]:
    """While this lasts, what the program logs is one line on stderr; tracebacks go to a file."""
    logger, handler = logging.getLogger("app"), _OneLine(folder)
    propagated, logger.propagate = logger.propagate, False
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.propagate = propagated
