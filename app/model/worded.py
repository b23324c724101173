"""Answers worded by a chat model, from evidence that was found without it and verified after it.

First the answer without a model is computed. Without evidence that is the answer: the model is
never asked a bare question. With evidence the model words it, looking up more if it wants; what it
writes is verified sentence by sentence, and where that leaves less than the answer without it, that
one is given and says why.
"""

import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import (
    AIMessage,
    BaseMessage,
    HumanMessage,
    SystemMessage,
    ToolMessage,
)

from app.answering.answer import Answer, Status
from app.answering.engine import Engine
from app.answering.understanding import understand
from app.events import Event, Finished, Unverified, Working
from app.log import keep_traceback
from app.model.composing import composed
from app.model.failures import ModelFailed
from app.model.instructions import repair, request, rules
from app.model.language import is_addressed
from app.model.ledger import Entry, Ledger, letters
from app.model.markup import shown_while_writing
from app.model.talking import Talker
from app.model.tally import Tally
from app.model.tools import Tools, definitions, in_words
from app.model.verifying import NO_ANSWER, Verified, Verifier
from corpus.languages import detect
from corpus.vocabulary import languages
from corpus.words import words

_ROUNDS = 5  # replies until there has to be an answer
_CALLS = 4  # of tools in one reply
_LONGEST = 80_000  # characters of a conversation, from which on nothing more is looked up
_SHOWN = 6_000  # characters up to which a text is shown while it is written
_PAUSE = 0.05  # seconds between two views of it
_SECRET = 16  # letters


@dataclass(frozen=True, slots=True)
class Limits:
    """What a model is called, and how long it may work on one question (seconds)."""

    name: str
    seconds: float
    log: Path | None = None  # the folder in which the traceback of an unforeseen error is kept


class WordedAnswers:
    """Answers questions as the engine does, in a chat model's words where those hold."""

    def __init__(self, engine: Engine, model: BaseChatModel, limits: Limits, tally: Tally) -> None:
        self.engine = engine
        self._model = model
        self._limits = limits
        self._tally = tally
        self._tools = definitions()
        self._held = sorted(h.content_hash for h in engine.library.holdings())

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        """Answer one question; ``history`` are the earlier ones, the oldest first."""
        for event in self.stream(question, history):
            if isinstance(event, Finished):
                return event.answer
        raise AssertionError("a stream always ends with an answer")

    def stream(self, question: str, history: Sequence[str] = ()) -> Iterator[Event]:
        """The events of one question; `Finished` is the last, whatever the model does."""
        started = time.monotonic()
        yield Working("reading the documents")
        offline = self.engine.ask(question, history)
        asking = _Asking(self, question, list(history), offline)
        if not asking.evidence:
            yield Finished(offline)
            return
        talker = Talker(self._model, self._tools, started + self._limits.seconds)
        try:
            verified = yield from asking.talk(talker)
            if verified.why_not:
                raise ModelFailed(verified.why_not)
            answer = replace(
                composed(offline, verified.said, self.engine.sources),
                wording=self._limits.name, language=asking.language,
            )  # fmt: skip
        except ModelFailed as failure:
            answer = replace(offline, fallback=_told(str(failure)))
        except Exception as error:  # a question is never lost to the model
            keep_traceback(error, self._limits.log)
            answer = replace(offline, fallback=_told("something went wrong with its answer"))
        usage = replace(talker.usage, seconds=round(time.monotonic() - started, 3))
        answer = replace(answer, usage=usage)
        self._tally.add(answer)
        yield Finished(answer)

    def secret(self, question: str, history: Sequence[str]) -> str:
        """Letters that mark the data of one request, the same each time.

        No document can hold them: they are a hash of what all documents hold, too.
        """
        return letters(*self._held, question, *history)[:_SECRET]


class _Asking:
    """One question on its way through the model."""

    def __init__(
        self, answers_: WordedAnswers, question: str, history: list[str], offline: Answer
    ) -> None:
        self._engine = answers_.engine
        self._question, self._history, self._offline = question, history, offline
        secret = answers_.secret(question, history)
        self.ledger = Ledger(secret, self._engine.sources)
        self.language = _language(question, offline)
        self.evidence = self._first_evidence()
        understood = understand(question, self._engine.lexicon)
        self._tools = Tools(self._engine, understood, self.ledger, offline)

    def _first_evidence(self) -> list[Entry]:
        """What the answer without a model rests on; none: the model is not asked.

        A question in another language that was refused is looked up once more in English, as far as
        its words are known in it: passages that carry that one with certainty are evidence.
        """
        if self._offline.status is Status.ANSWERED:
            return self.ledger.add_answer(self._offline) if self._offline.citations else []
        if self._offline.language == "en":
            return []
        passages = self._engine.from_passages
        draft = passages.draft(understand(self._in_english(), self._engine.lexicon))
        statements = draft.statements if draft else ()
        found = dict.fromkeys(e.passage for s in statements for e in s.evidence)
        pieces = (piece for passage in found for piece in passages.pieces.of(passage))
        return [self.ledger.add_piece(piece) for piece in pieces if not is_addressed(piece.said)]

    def _in_english(self) -> str:
        """The question with those of its words in English that the records say in English."""
        lexicon, text = self._engine.tongues.lexicon(self.language), self._question
        said = [(w, lexicon.glossed(w)) for w in words(text, self.language)]
        return " ".join(text[w.start : w.end] if g == w else g.folded for w, g in said)

    def talk(self, talker: Talker) -> Generator[Event, None, Verified]:
        """Let the model write, look up and, where sentences fell, write once more."""
        engine = self._engine
        told = rules(
            engine.knowledge.partnership.name, self.ledger.secret, self.language, tools=True
        )
        messages: list[BaseMessage] = [
            SystemMessage(told),
            HumanMessage(request(self._question, self._history, self.evidence, self.ledger)),
        ]
        yield Working("writing an answer")
        yield from self._until_answered(talker, messages)
        replies = [talker.reply]
        verified = self._verified(talker.reply)
        if verified.why_not and verified.fallen:
            yield Working("checking and writing it again")
            messages += [AIMessage(talker.reply.text), HumanMessage(repair(verified.fallen))]
            yield from self._written(talker, messages, tools=False)
            replies.insert(0, talker.reply)
        mended = [self._verified(reply, mended=True) for reply in replies]
        return next((v for v in mended if not v.why_not), mended[0])

    def _until_answered(self, talker: Talker, messages: list[BaseMessage]) -> Iterator[Event]:
        for number in range(_ROUNDS):
            long = sum(len(str(m.content)) for m in messages) > _LONGEST
            tools = number < _ROUNDS - 1 and not long
            yield from self._written(talker, messages, tools=tools)
            reply = talker.reply
            if not reply.tool_calls and not reply.invalid_tool_calls:
                return
            if not tools:
                break
            messages.append(reply)
            for at, call in enumerate(reply.tool_calls):
                yield Working(in_words(call))
                result = self._tools.call(call) if at < _CALLS else "That is too much at once."
                messages.append(ToolMessage(result, tool_call_id=call["id"] or ""))
            for bad in reply.invalid_tool_calls:
                said = "The arguments of this call are no valid JSON."
                messages.append(ToolMessage(said, tool_call_id=bad["id"] or ""))
        raise ModelFailed("it went on looking things up without an answer")

    def _written(
        self, talker: Talker, messages: list[BaseMessage], *, tools: bool
    ) -> Iterator[Event]:
        shown, last = "", 0.0
        for text in talker.say(messages, tools=tools):
            if len(text) > _SHOWN or time.monotonic() - last < _PAUSE:
                continue
            last = time.monotonic()
            now = shown_while_writing(text)
            if now and now != shown and not NO_ANSWER.startswith(now[: len(NO_ANSWER)]):
                shown = now
                yield Unverified(now)

    def _verified(self, reply: AIMessage, *, mended: bool = False) -> Verified:
        text = reply.text.strip()
        if not text:
            raise ModelFailed("its reply was empty")
        if NO_ANSWER in text[: len(NO_ANSWER) + 4]:
            raise ModelFailed("it found no answer in the evidence")
        verifier = Verifier(self.ledger, self._offline, self._engine.tongues.lexicon, self.language)
        return verifier.verify(text, mended=mended)


def _language(question: str, offline: Answer) -> str:
    """The language to answer in: the question's, also where there is no vocabulary for it."""
    detected = detect(question)
    if offline.language == "en" and detected and detected not in languages():
        return detected
    return offline.language


def _told(why: str) -> str:
    return f"The chat model's wording was not used: {why}. This is the answer without it."
