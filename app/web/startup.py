"""What a visitor sees until the assistant can answer: how far it is, or why it cannot start."""

import threading
from dataclasses import dataclass
from html import escape
from importlib.resources import files

from corpus.errors import AssistantError
from corpus.knowledge import Partnership


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the start is: ``done`` of ``total`` steps of ``stage`` (``total`` 0: not known)."""

    stage: str = "Starting"
    done: int = 0
    total: int = 0
    name: str = ""
    ready: bool = False
    problem: str = ""
    remedy: str = ""

    @property
    def percent(self) -> int | None:
        """Of the stage, 0 to 100; None while the number of steps is not known."""
        return min(100, 100 * self.done // self.total) if self.total > 0 else None

    @property
    def in_words(self) -> str:
        """The same as a sentence, for programs that wait."""
        if self.problem:
            return f"It could not be: {self.problem.rstrip('.')}. {self.remedy}".strip()
        far = f", {self.percent} %" if self.percent is not None else ""
        return f"{self.stage}{far}."

    def as_json(self) -> dict[str, str | int | bool | None]:
        """What the page that waits asks for."""
        return {
            "stage": self.stage,
            "done": self.done,
            "total": self.total,
            "name": self.name,
            "percent": self.percent,
            "ready": self.ready,
            "problem": self.problem,
            "remedy": self.remedy,
        }


class Startup:
    """The state of the start, written by the thread that opens the assistant, read by all."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._progress = Progress()

    @property
    def progress(self) -> Progress:
        """How far it is now."""
        with self._lock:
            return self._progress

    def note(self, stage: str, done: int, total: int, name: str) -> None:
        """Take note of one step (an `app.progress.OnProgress`)."""
        self._set(Progress(stage, done, total, name))

    def ready(self) -> None:
        """Questions can be asked."""
        self._set(Progress("Ready", ready=True))

    def failed(self, error: Exception) -> None:
        """It cannot start: keep what went wrong and what to do, in plain words."""
        if isinstance(error, AssistantError):
            self._set(Progress("Stopped", problem=str(error), remedy=error.remedy))
            return
        self._set(
            Progress(
                "Stopped",
                problem="Something went wrong that was not foreseen",
                remedy="The window in which the program was started says where the details are. "
                "The command ambp doctor checks what may be missing.",
            )
        )

    def _set(self, progress: Progress) -> None:
        with self._lock:
            self._progress = progress


def waiting_page(partnership: Partnership) -> str:
    """The page that stands in for the chat until it is ready, and then loads it by itself."""
    page = files("app.web").joinpath("static", "waiting.html").read_text(encoding="utf-8")
    names = {
        "{{abbreviation}}": escape(partnership.abbreviation),
        "{{name}}": escape(partnership.name),
    }
    for mark, text in names.items():
        page = page.replace(mark, text)
    return page
