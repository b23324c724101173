"""Whether there is a library to ask yet, and how many may ask and look up at once."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TypeVar

from anyio import CapacityLimiter, to_thread

from app.api.problems import SOON, Refused
from app.service import Service

T = TypeVar("T")
_WAITING_PER_PLACE = 8  # a queue that is worked off within what people and programs wait for
_LOOK_UPS_PER_QUESTION = 2  # they take no chat model and are soon done


class Queue:
    """Work of one kind, done in threads: so many at once; more wait, and many more are refused.

    The methods are for the event loop, not for threads.
    """

    def __init__(self, at_once: int) -> None:
        self._most = at_once * (1 + _WAITING_PER_PLACE)
        self._limiter = CapacityLimiter(at_once)
        self.inside = 0
        """How many requests are being worked on or wait for it."""

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """A place in the queue, for as long as this lasts; raises Refused when it is full."""
        if self.inside >= self._most:
            raise Refused(
                "too-many",
                "More requests have come at once than can be worked on.",
                f"Ask again in {SOON} seconds.",
            )
        self.inside += 1
        try:
            yield
        finally:
            self.inside -= 1

    async def work(self, do: Callable[[], T]) -> T:
        """The result of work that is done in a thread. The caller has a place in the queue."""
        return await to_thread.run_sync(do, limiter=self._limiter)


class Gate:
    """Gives out the service once it is there.

    One for the whole server. Questions, which a chat model can make slow, have a queue of their
    own, so that no number of them keeps look-ups waiting.
    """

    def __init__(self, at_once: int, progress: Callable[[], str] = lambda: "") -> None:
        """``at_once``: questions; ``progress`` says in words how far the preparation is, or ""."""
        self._service: Service | None = None
        self._progress = progress
        self.questions = Queue(at_once)
        self.look_ups = Queue(at_once * _LOOK_UPS_PER_QUESTION)

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
        return self.questions.inside + self.look_ups.inside

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

    async def carry_out(self, do: Callable[[Service], T], *, asks: bool = False) -> T:
        """The result of what the service does; raises Refused when it cannot be had now.

        ``asks``: it answers a question; else it looks something up.
        """
        service = self.service
        queue = self.questions if asks else self.look_ups
        async with queue.place():
            return await queue.work(lambda: do(service))
