"""Changes of the library, one after the other, in a thread: whoever asks for one need not wait.

Questions go on being answered meanwhile, from what is there at that instant.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from queue import SimpleQueue
from shutil import rmtree
from threading import Lock, Thread

from app.assistant import Assistant
from app.progress import OnProgress
from app.proposals import Reading
from app.rereading import Reindexed
from app.workspace import FileReport, Outcome
from corpus.errors import AssistantError, SettingsError
from retrieval.model import Removal

MOST_WAITING = 50  # changes that wait at the same time
_MOST_KEPT = 100  # changes that are told of once they are done
_READING = "Reading files"  # the stage that `Workspace` calls so; any other one is embedding
_LOG = logging.getLogger(__name__)


class Kind(StrEnum):
    """What is to be done."""

    ADD = "add"
    REPLACE = "replace"
    REMOVE = "remove"
    RESTORE = "restore"
    REINDEX = "reindex"
    READ = "read"  # by the chat model, which proposes records


class State(StrEnum):
    """How far it has come."""

    WAITING = "waiting"
    READING = "reading"
    EMBEDDING = "embedding"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Job:
    """One change: ``done`` of ``total`` steps of its state (0: not known).

    ``name`` is the file or the source. When it is done, ``report``, ``removal``, ``reindexed``
    or ``proposed`` says what was done; when it failed, ``problem`` and ``remedy`` say why, ""
    where nobody foresaw it.
    """

    id: int
    kind: Kind
    name: str
    state: State = State.WAITING
    done: int = 0
    total: int = 0
    report: FileReport | None = None
    removal: Removal | None = None
    reindexed: Reindexed | None = None
    proposed: Reading | None = None
    problem: str = ""
    remedy: str = ""

    @property
    def over(self) -> bool:
        """Whether nothing more will become of it."""
        return self.state in (State.DONE, State.FAILED)


class TooManyWaiting(AssistantError):
    """So many changes wait that no more are taken."""

    retry = True


_Outcome = FileReport | Removal | Reindexed | Reading
_Work = Callable[[Assistant, OnProgress], _Outcome]


class Jobs:
    """The changes of one assistant's library, done one at a time in the order they were asked for.

    Every `add` and `replace` takes over the file and its folder, which are deleted once it is read
    or where it is not taken.
    """

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._jobs: dict[int, Job] = {}
        self._line: SimpleQueue[tuple[Job, _Work]] = SimpleQueue()
        self._lock = Lock()
        self._thread: Thread | None = None
        self._last = 0

    def all(self) -> tuple[Job, ...]:
        """Those that wait, run, or are over and not yet forgotten, the oldest first."""
        with self._lock:
            return tuple(self._jobs.values())

    def forget(self) -> None:
        """Drop those that are over."""
        with self._lock:
            self._jobs = {number: job for number, job in self._jobs.items() if not job.over}

    def check_room(self) -> None:
        """Raises TooManyWaiting when no more changes are taken."""
        waiting = sum(not job.over for job in self.all())
        if waiting >= MOST_WAITING:
            raise TooManyWaiting(
                f"{waiting} changes are waiting already", remedy="Try again when some are done."
            )

    def add(self, path: Path) -> Job:
        """Add a file as whatever it is."""

        def work(assistant: Assistant, on_progress: OnProgress) -> FileReport:
            with _passing(path):
                return assistant.ingest([path], on_progress)[0]

        return self._take_file(Kind.ADD, path, work)

    def replace(self, path: Path, source_id: str, document_id: str = "") -> Job:
        """Put a file in as what a source is, in place of a document of it."""

        def work(assistant: Assistant, on_progress: OnProgress) -> FileReport:
            with _passing(path):
                return assistant.workspace.replace(path, source_id, document_id, on_progress)

        return self._take_file(Kind.REPLACE, path, work)

    def remove(self, source_id: str, name: str) -> Job:
        """Take a source out, verified."""
        return self._take(Kind.REMOVE, name, lambda assistant, _: assistant.remove(source_id))

    def restore(self, source_id: str, name: str) -> Job:
        """Bring a bundled source back."""
        return self._take(
            Kind.RESTORE, name, lambda a, progress: a.workspace.restore(source_id, progress)
        )

    def reindex(self) -> Job:
        """Read the added files again, and mend in the indexes what differs."""
        return self._take(Kind.REINDEX, "", lambda a, progress: a.workspace.reindex(progress))

    def read(self, source_id: str, name: str) -> Job:
        """Have the chat model propose records from an added source."""

        def work(assistant: Assistant, on_progress: OnProgress) -> Reading:
            # Here and not at the top: it loads LangChain, which nothing else of the pages needs.
            from app.model.review import Review

            if assistant.wording is None:
                raise SettingsError("There is no chat model", remedy="Set AMBP_LLM.")
            return Review(assistant.workspace).read(source_id, assistant.wording.model)

        return self._take(Kind.READ, name, work)

    def _take_file(self, kind: Kind, path: Path, work: _Work) -> Job:
        try:
            return self._take(kind, path.name, work)
        except TooManyWaiting:  # others came while it was being sent
            rmtree(path.parent, ignore_errors=True)
            raise

    def _take(self, kind: Kind, name: str, work: _Work) -> Job:
        self.check_room()
        with self._lock:
            self._last += 1
            job = Job(self._last, kind, name)
            self._jobs[job.id] = job
            for old in [n for n, each in self._jobs.items() if each.over][:-_MOST_KEPT]:
                del self._jobs[old]
            self._line.put((job, work))
            if self._thread is None:
                # Ending the server in the middle is safe: the library is in its old or new state.
                self._thread = Thread(target=self._run, daemon=True, name="library changes")
                self._thread.start()
        return job

    def _run(self) -> None:
        while True:
            job, work = self._line.get()
            self._put(replace(job, state=State.READING))
            try:
                outcome = work(self._assistant, self._teller(job))
            except AssistantError as error:
                problem, remedy = str(error), error.remedy
                self._put(replace(job, state=State.FAILED, problem=problem, remedy=remedy))
            except Exception:  # the page says so in plain words, the log has the rest
                _LOG.exception("A change of the library failed")
                self._put(replace(job, state=State.FAILED))
            else:
                self._put(_finished(job, outcome))

    def _teller(self, job: Job) -> OnProgress:
        def tell(stage: str, done: int, total: int, name: str) -> None:
            if stage != _READING:
                self._put(replace(job, state=State.EMBEDDING, done=done, total=total))

        return tell

    def _put(self, job: Job) -> None:
        with self._lock:
            self._jobs[job.id] = job


def _finished(job: Job, outcome: _Outcome) -> Job:
    match outcome:
        case FileReport(outcome=Outcome.FAILED, reason=problem, remedy=remedy):
            return replace(job, state=State.FAILED, problem=problem, remedy=remedy)
        case FileReport():
            return replace(job, state=State.DONE, report=outcome)
        case Removal():
            return replace(job, state=State.DONE, removal=outcome)
        case Reading():
            return replace(job, state=State.DONE, proposed=outcome)
    return replace(job, state=State.DONE, reindexed=outcome)


@contextmanager
def _passing(path: Path) -> Iterator[None]:
    """Deletes a file that arrived, with the folder of its own, once it is read."""
    try:
        yield
    finally:
        rmtree(path.parent, ignore_errors=True)
