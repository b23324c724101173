"""Whether there is a library to ask yet, and how many may ask at once."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TypeVar

from anyio import CapacityLimiter, to_thread

from app.api.problems import SOON, Refused
from app.service import Service

T = TypeVar("T")
_WAITING_PER_PLACE = 8  # a queue that is worked off within what people and programs wait for


class Gate:
    """Gives out the service once it is there; work is done in threads, so many at once.

    One for the whole server. The methods are for the event loop, not for threads.
    """

    def __init__(self, at_once: int, progress: Callable[[], str] = lambda: "") -> None:
        """``progress`` says in words how far the preparation is ("" where that is not known)."""
        self._service: Service | None = None
        self._progress = progress
        self._most = at_once * (1 + _WAITING_PER_PLACE)
        self._inside = 0
        self._limiter = CapacityLimiter(at_once)

    @contextmanager
    def opened(self, service: Service) -> Iterator[None]:
        """While this lasts, the service can be had."""
        self._service = service
        try:
            yield
        finally:
            self._service = None

    @property
    def ready(self) -> bool:
        """Whether the service can be had."""
        return self._service is not None

    @property
    def inside(self) -> int:
        """How many requests are being worked on or wait for it."""
        return self._inside

    @property
    def service(self) -> Service:
        """The service; raises Refused while it is being prepared."""
        if self._service is None:
            raise Refused(
                "not-ready",
                f"The library is being prepared. {self._progress()}".strip(),
                f"Ask again in {SOON} seconds.",
            )
        return self._service

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """A place in the queue, for as long as this lasts; raises Refused when it is full."""
        if self._inside >= self._most:
            raise Refused(
                "too-many",
                "More requests have come at once than can be worked on.",
                f"Ask again in {SOON} seconds.",
            )
        self._inside += 1
        try:
            yield
        finally:
            self._inside -= 1

    async def work(self, do: Callable[[], T]) -> T:
        """The result of work that is done in a thread. The caller has a place in the queue."""
        return await to_thread.run_sync(do, limiter=self._limiter)

    async def carry_out(self, do: Callable[[Service], T]) -> T:
        """The result of what the service does; raises Refused when it cannot be had now."""
        service = self.service
        async with self.place():
            return await self.work(lambda: do(service))
