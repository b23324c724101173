"""The assistant as other code uses it: open, ask, add and remove documents, close."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import TYPE_CHECKING, Self

from app.answering.answer import Answer
from app.answering.engine import Engine
from app.events import Answers, Event, Finished, Streams
from app.progress import OnProgress, ignore_progress
from app.quiet import stay_quiet
from app.settings import Settings, read_settings
from app.workspace import FileReport, Workspace
from corpus.errors import SettingsError
from corpus.knowledge import Knowledge
from corpus.model import Passage, Source
from corpus.vocabulary import Vocabulary, load_vocabulary
from retrieval.model import Removal, Status

if TYPE_CHECKING:  # it loads LangChain, which is only needed with a chat model
    from app.model.wording import Wording

# It takes every way to an answer, so that whatever a way needs is there afterwards.
_ASKED_IN_VAIN = "Which umbrella was left on the tram?"


def _check_writable(folder: Path) -> None:
    """Raise SettingsError where nothing can be written: also who only asks keeps indexes there."""
    there = next(each for each in (folder.absolute(), *folder.absolute().parents) if each.exists())
    if not os.access(there, os.W_OK):
        raise SettingsError(
            f"The data folder {folder} cannot be written to",
            remedy="Also answering needs that: the library keeps its indexes in order there. Allow "
            "this user to write to it, or copy it and name the copy (--data-dir, AMBP_DATA_DIR).",
        )


MakeEngine = Callable[[Workspace, Vocabulary], Answers]


def make_engine(workspace: Workspace, vocabulary: Vocabulary) -> Answers:
    """The engine over what the workspace holds now."""
    return Engine(workspace.library, workspace.knowledge, vocabulary, where=workspace.where)


class Assistant:
    """Answers questions from a workspace. Several threads may ask at the same time.

    ``wording`` is the chat model that words the answers, with what it has cost; None without one.
    Use as a context manager, or call `close`.
    """

    def __init__(self, workspace: Workspace, make: MakeEngine | None = None) -> None:
        self.workspace = workspace
        self.vocabulary = load_vocabulary()
        self.wording: Wording | None = None
        if make is None and workspace.settings.llm:
            from app.model import wording

            self.wording = wording.Wording.open(workspace.settings)
        self._make = make or (self.wording.make if self.wording else make_engine)
        self._engine: Answers | None = None
        self._engine_version: object = None
        self._lock = Lock()

    @classmethod
    def open(
        cls, settings: Settings | None = None, on_progress: OnProgress = ignore_progress
    ) -> Self:
        """Open with these settings, or with those of the environment (``AMBP_*``).

        The first time, the library is built, which takes a minute; see `Workspace.open` for the
        errors that it raises. The data folder has to be one that can be written to.
        """
        stay_quiet()
        settings = settings or read_settings(os.environ)
        _check_writable(settings.data_dir)
        return cls(Workspace.open(settings, on_progress))

    @property
    def knowledge(self) -> Knowledge:
        """The partnership, its sources and records, as far as they are in use."""
        return self.workspace.knowledge

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        """Answer one question; ``history`` are the earlier ones, the oldest first."""
        return self._current_engine().ask(question, history)

    def ask_without_model(self, question: str, history: Sequence[str] = ()) -> Answer:
        """The answer as it is without a chat model, whether there is one or not."""
        answers = self._current_engine()
        plain = answers.engine if isinstance(answers, Streams) else answers
        return plain.ask(question, history)

    def stream(self, question: str, history: Sequence[str] = ()) -> Iterator[Event]:
        """Answer one question and report on the way; the last event is the answer, `Finished`.

        Without a chat model that is the only event.
        """
        answers = self._current_engine()
        if isinstance(answers, Streams):
            yield from answers.stream(question, history)
        else:
            yield Finished(answers.ask(question, history))

    def _current_engine(self) -> Answers:
        """The engine over what is there now, whichever process put it in."""
        with self._lock:
            # Before the engine is made: a change meanwhile shows at the next question.
            version = self.workspace.library.version()
            if self._engine is None or version != self._engine_version:
                self._engine = self._make(self.workspace, self.vocabulary)
                self._engine_version = version
            return self._engine

    def ingest(
        self, paths: Iterable[Path | str], on_progress: OnProgress = ignore_progress
    ) -> list[FileReport]:
        """Add files and folders of them; see `Workspace.ingest`."""
        return self.workspace.ingest(paths, on_progress)

    def remove(self, source_id: str) -> Removal:
        """Take a source out with all that rests on it; see `Workspace.remove`."""
        return self.workspace.remove(source_id)

    def sources(self) -> list[Source]:
        """The sources that are held."""
        return self.workspace.sources()

    def status(self) -> Status:
        """What the library holds, and whether it is in order."""
        return self.workspace.status()

    def original(self, source_id: str, media_type: str) -> Path | None:
        """The kept copy of an added file; see `Workspace.original`."""
        return self.workspace.original(source_id, media_type)

    def passage(self, passage_id: str) -> Passage | None:
        """The passage of that id, if it is held."""
        return self.workspace.library.passage(passage_id)

    def record_pages(self, passage: Passage) -> frozenset[int]:
        """The pages of its source that the fields of a record's passage name; else none."""
        fields = (
            value.observations
            for record in self.knowledge.records
            if record.key == passage.record
            for value in record.stated().values()
        )
        of_source = (o.page for each in fields for o in each if o.source == passage.source_id)
        return frozenset(page for page in of_source if page)

    def warm_up(self) -> None:
        """Do now what the first question would else wait for (some seconds)."""
        self._current_engine()
        # The index of meanings opens at its first search; without passages there is none.
        if not self.workspace.library.search_dense("A question.", 1):
            self.workspace.load_embedder()
        self.ask_without_model(_ASKED_IN_VAIN)

    def close(self) -> None:
        """Let go of the library."""
        self.workspace.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
