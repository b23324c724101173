"""One writer at a time, over all threads and processes."""

from pathlib import Path
from threading import RLock
from time import monotonic
from types import TracebackType

from filelock import FileLock, Timeout

from corpus.errors import LibraryBusy

PATIENCE = 5.0  # seconds to wait for another writer


class WriterLock:
    """Held by the one thread of the one process that writes to a library.

    As a context manager it waits for `PATIENCE` seconds, then raises LibraryBusy. The thread that
    holds it may take it again.
    """

    def __init__(self, path: Path) -> None:
        # The file lock does not tell the threads of one process apart.
        self._threads = RLock()
        self._processes = FileLock(path, thread_local=False)

    def acquire(self, timeout: float) -> bool:
        """Take the lock, waiting at most ``timeout`` seconds; False when others keep it."""
        start = monotonic()
        if not self._threads.acquire(timeout=timeout):
            return False
        left = max(0.0, timeout - (monotonic() - start))
        try:
            self._processes.acquire(timeout=left)
        except Timeout:
            self._threads.release()
            return False
        return True

    def release(self) -> None:
        """Let the next writer in."""
        self._processes.release()
        self._threads.release()

    def __enter__(self) -> "WriterLock":
        if not self.acquire(PATIENCE):
            raise LibraryBusy(
                "Another ambp is writing to the library",
                remedy="Try again in a minute; a first build or a large file takes that long.",
            )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()
