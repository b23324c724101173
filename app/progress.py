"""How long jobs say how far they are."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn


class OnProgress(Protocol):
    """Called as a job goes on: ``done`` of ``total`` steps of ``stage``, ``name`` being in hand.

    ``total`` is 0 while it is not known. Stages are plain English ("Reading files").
    """

    def __call__(self, stage: str, done: int, total: int, name: str) -> None:
        """Take note of one step."""
        ...


def ignore_progress(stage: str, done: int, total: int, name: str) -> None:
    """For whoever does not want to know."""


@contextmanager
def progress_bar() -> Iterator[OnProgress]:
    """A bar on stderr for as long as the context lasts; nothing where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield ignore_progress
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[name]}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        tasks = {}

        def show(stage: str, done: int, total: int, name: str) -> None:
            if stage not in tasks:
                tasks[stage] = progress.add_task(stage, total=None, name="")
            progress.update(tasks[stage], completed=done, total=total or None, name=name)

        yield show
