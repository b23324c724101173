"""The commands of ``ambp``, and what they share."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import click

from app.assistant import Assistant
from app.progress import OnProgress, progress_bar
from app.settings import Settings, read_settings

OpenAssistant = Callable[[Settings, OnProgress], Assistant]


@dataclass
class Launch:
    """What the command line knows before a command runs."""

    environ: Mapping[str, str]
    open_assistant: OpenAssistant
    debug: bool = False
    given: dict[str, object] = field(default_factory=dict)

    def give(self, **given: object) -> None:
        """Take note of what the global options say (None: nothing)."""
        self.given.update((name, value) for name, value in given.items() if value is not None)

    @property
    def settings(self) -> Settings:
        """The settings from the environment and the command line; raises SettingsError."""
        return read_settings(self.environ, **self.given)

    @contextmanager
    def assistant(self) -> Iterator[Assistant]:
        """The assistant, with a progress bar while it opens, closed afterwards."""
        with progress_bar() as on_progress:
            assistant = self.open_assistant(self.settings, on_progress)
        with assistant:
            yield assistant


pass_launch = click.make_pass_decorator(Launch)
