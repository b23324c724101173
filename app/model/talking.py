"""One call of a chat model: its reply piece by piece, within a time, and what it cost."""

import time
from collections.abc import Iterator, Sequence
from queue import Empty, Queue
from threading import Event as Flag
from threading import Thread
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage

from app.answering.answer import Usage
from app.model.failures import ModelFailed, in_words, is_about_tools

_LONGEST = 20_000  # characters of a reply; more is none
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
        whole: AIMessageChunk | None = None
        self.usage = _counted(self.usage, None)
        for chunk in _in_time(lambda: bound.stream(list(messages)), self._deadline):
            if not isinstance(chunk, AIMessageChunk):
                continue
            whole = chunk if whole is None else whole + chunk
            if len(whole.text) > _LONGEST:
                raise ModelFailed("its reply did not end")
            if chunk.text:
                yield str(whole.text)
        if whole is None:
            raise ModelFailed("its reply was empty")
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


def _in_time(start: Any, deadline: float) -> Iterator[Any]:
    """The items of an iterator that ``start`` makes, as long as they come before the deadline.

    They are drawn in a thread of their own: a server that sends nothing but marks to keep a
    connection open would else be waited for without end.
    """
    queue: Queue[tuple[Any, BaseException | None, bool]] = Queue()
    given_up = Flag()

    def draw() -> None:
        try:
            for item in start():
                if given_up.is_set():
                    return
                queue.put((item, None, False))
            queue.put((None, None, True))
        except Exception as error:  # raised again by whoever waits
            queue.put((None, error, True))

    Thread(target=draw, name="chat model", daemon=True).start()
    try:
        while True:
            try:
                item, error, ended = queue.get(timeout=max(0.0, deadline - time.monotonic()))
            except Empty:
                raise ModelFailed("it did not answer in time") from None
            if error is not None:
                raise error
            if ended:
                return
            yield item
    finally:
        given_up.set()
