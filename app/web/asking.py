"""What a question reports on its way, in the event loop, while the assistant works in a thread."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from threading import Event as Flag
from typing import Protocol, runtime_checkable

from app.events import Event, Finished, Unverified
from app.service.service import Observe, ignore
from app.web.conversation import CanAnswer


@runtime_checkable
class CanStream(Protocol):
    """An assistant that reports on its way to the answer."""

    def stream(self, question: str, history: Sequence[str] = ()) -> Iterator[Event]:
        """The events of one question; `Finished` is the last."""
        ...


async def events(
    assistant: CanAnswer,
    question: str,
    history: Sequence[str],
    threads: Executor,
    observe: Observe = ignore,
) -> AsyncIterator[Event]:
    """The events of one question, the last of them `Finished`; raises what the assistant raises.

    ``observe`` is told what became of it.

    Of drafts that came faster than they were taken only the newest is given. Where nobody takes
    events any more, the assistant is stopped at its next one.
    """
    loop = asyncio.get_running_loop()
    came: asyncio.Queue[Event | Exception] = asyncio.Queue()
    left = Flag()

    def put(what: Event | Exception) -> None:
        with suppress(RuntimeError):  # the server has stopped meanwhile
            loop.call_soon_threadsafe(came.put_nowait, what)

    def work() -> None:
        started = time.perf_counter()
        try:
            for event in _streamed(assistant, question, history):
                if isinstance(event, Finished):
                    observe(event.answer, time.perf_counter() - started)
                if left.is_set():
                    return
                put(event)
        except Exception as error:  # raised where the events are taken
            observe(None, time.perf_counter() - started)
            put(error)

    loop.run_in_executor(threads, work)
    try:
        while True:
            found = await came.get()
            while isinstance(found, Unverified) and not came.empty():
                found = came.get_nowait()
            if isinstance(found, Exception):
                raise found
            yield found
            if isinstance(found, Finished):
                return
    finally:
        left.set()


def _streamed(assistant: CanAnswer, question: str, history: Sequence[str]) -> Iterator[Event]:
    if isinstance(assistant, CanStream):
        yield from assistant.stream(question, history)
    else:
        yield Finished(assistant.ask(question, history))
