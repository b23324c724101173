"""One call of a chat model: its reply piece by piece, within a time, and what it cost."""

import ctypes
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, suppress
from itertools import islice
from queue import Empty, Queue
from threading import Event as Flag
from threading import Lock, Thread
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage

from app.answering.answer import Usage
from app.model.failures import ModelFailed, in_words, is_about_tools

_LONGEST = 20_000  # characters of a reply, calls of tools included; more is none
_MOST_PIECES = 20_000  # of a reply: those that say nothing have no end either
_LATE = "it did not answer in time"
_CUT = frozenset({"length", "max_tokens", "model_length"})  # the reply had no room to end
_ENDED = ("finish_reason", "stop_reason", "done_reason", "done")
_SILENT = "huggingface"  # says of no reply why it ended


class Talker:
    """Talks to one model for one question, until ``deadline`` (of `time.monotonic`)."""

    def __init__(
        self, model: BaseChatModel, tools: Sequence[dict[str, Any]], deadline: float
    ) -> None:
        self._model = model
        self._tools = tools
        self._deadline = deadline
        self.usage = Usage()
        self.reply = AIMessage("")
        """The last reply as a whole."""

    def say(self, messages: Sequence[BaseMessage], *, tools: bool = True) -> Iterator[str]:
        """The text of the reply so far, each time that there is more; then `reply` is set.

        Raises ModelFailed where it did not come, broke off, was cut or was not in time.
        """
        wanted = self._tools if tools else ()
        try:
            yield from self._say(messages, wanted)
        except ModelFailed:
            raise
        except Exception as error:  # each client library has its own
            if not (wanted and is_about_tools(error)):
                raise ModelFailed(in_words(error)) from None
        else:
            return
        self._tools = ()  # a model that knows no tools can still word what it is given
        yield from self.say(messages, tools=False)

    def _say(
        self, messages: Sequence[BaseMessage], tools: Sequence[dict[str, Any]]
    ) -> Iterator[str]:
        bound = self._model.bind_tools(tools) if tools else self._model
        self.usage = _counted(self.usage, None)
        chunks: list[AIMessageChunk] = []
        text, length = "", 0
        with closing(_in_time(lambda: bound.stream(list(messages)), self._deadline)) as pieces:
            for number, chunk in enumerate(pieces, start=1):
                length += _length(chunk)
                if length > _LONGEST or number > _MOST_PIECES:
                    raise ModelFailed("its reply did not end")
                if not isinstance(chunk, AIMessageChunk):
                    continue
                chunks.append(chunk)
                if chunk.text:
                    text += chunk.text
                    yield text
        if not chunks:
            raise ModelFailed("its reply was empty")
        # All at once: each time, what calls of tools hold is read anew.
        whole = chunks[0] + chunks[1:]
        assert isinstance(whole, AIMessageChunk)
        self.usage = _counted(self.usage, whole)
        self._check_end(whole)
        self.reply = whole

    def _check_end(self, whole: AIMessageChunk) -> None:
        told = whole.response_metadata
        why = next((told[name] for name in _ENDED if told.get(name)), None)
        if why in _CUT:
            raise ModelFailed("its reply was too long")
        if why is None and _SILENT not in self._model._llm_type:
            raise ModelFailed("its reply broke off")


def _length(chunk: Any) -> int:
    """In characters, calls of tools included."""
    if not isinstance(chunk, AIMessageChunk):
        return 0
    called = chunk.tool_call_chunks
    return len(chunk.text) + sum(len(c["name"] or "") + len(c["args"] or "") for c in called)


def _counted(usage: Usage, reply: AIMessageChunk | None) -> Usage:
    """The cost with one more call (before its reply), or with what that reply took."""
    if reply is None:
        return Usage(usage.tokens_in, usage.tokens_out, usage.calls + 1, usage.seconds)
    took = reply.usage_metadata
    if took is None:
        return usage
    return Usage(
        usage.tokens_in + took["input_tokens"], usage.tokens_out + took["output_tokens"],
        usage.calls, usage.seconds,
    )  # fmt: skip


def _in_time(start: Callable[[], Iterator[Any]], deadline: float) -> Generator[Any]:
    """The items of an iterator that ``start`` makes, as long as they come before the deadline.

    They are drawn in a thread of their own: a server that sends nothing but marks to keep a
    connection open would else be waited for without end. Whoever stops drawing closes it.
    """
    drawing = _Drawing(start, deadline)
    try:
        while True:
            try:
                item, error, ended = drawing.queue.get(timeout=_left(deadline))
            except Empty:
                raise ModelFailed(_LATE) from None
            # Else items that come without a pause would be taken for ever.
            if not _left(deadline):
                raise ModelFailed(_LATE)
            if error is not None:
                raise error
            if ended:
                return
            yield item
    finally:
        drawing.give_up()


def _left(deadline: float) -> float:
    return max(0.0, deadline - time.monotonic())


class _Drawing:
    """Puts the items of an iterator into a queue, in a thread that can be told to end."""

    def __init__(self, start: Callable[[], Iterator[Any]], deadline: float) -> None:
        self.queue: Queue[tuple[Any, BaseException | None, bool]] = Queue()
        """Of (item, error, whether it was the last)."""
        self._start, self._deadline = start, deadline
        self._given_up = Flag()
        self._ended, self._ending = False, Lock()
        self._thread = Thread(target=self._run, name="chat model", daemon=True)
        self._thread.start()

    def give_up(self) -> None:
        """Have the thread end, and with it the connection to the server.

        Where it waits for the next item, an exception is raised in it when it next runs: no client
        library lets a stream be closed from without while a line of it is being waited for.
        """
        self._given_up.set()
        with self._ending:
            if not self._ended and self._thread.ident:
                ident = ctypes.c_ulong(self._thread.ident)
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ident, ctypes.py_object(_GivenUp))

    def _run(self) -> None:
        with suppress(_GivenUp):  # nobody waits for more
            try:
                self._draw()
            except Exception as error:  # raised again by whoever waits
                self.queue.put((None, error, True))
            finally:
                with self._ending:
                    self._ended = True

    def _draw(self) -> None:
        items = self._start()
        try:
            for item in islice(items, _MOST_PIECES + 1):
                if self._given_up.is_set() or not _left(self._deadline):
                    return
                self.queue.put((item, None, False))
            self.queue.put((None, None, True))
        finally:
            if isinstance(items, Generator):
                items.close()


class _GivenUp(BaseException):
    """Ends the thread that draws; no client library takes it for an error of the network."""
