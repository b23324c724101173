"""The page on which one asks, as Gradio draws it. Importing this loads Gradio, which takes seconds.

The conversation lives in the visitor's session (`gr.State`), never in a global: what a handler
knows of one visitor it gets as an argument. For later it is kept in the browser alone, as the
questions; opening it again asks them again, so that nothing answers that was removed meanwhile.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib.resources import files
from typing import Any

import gradio as gr

from app.answering.answer import Status
from app.events import Finished, Unverified, Working
from app.requests import MAX_QUESTION
from app.staff.questions import QuestionLog, Reaction
from app.web.ask import ASK
from app.web.asking import events
from app.web.conversation import Phase, Turn, earlier_questions, growing, paced
from app.web.evidence import panel_html
from app.web.pictures import Pictures
from app.web.reader import Reader
from app.web.site import AT_ONCE, PRIVATE, WITH_LANGUAGE, Site
from app.web.texts import texts
from app.web.transcript import newest_html, past_html, start_html
from corpus.errors import AssistantError, LibraryError

Turns = tuple[Turn, ...]
Screen = list[Any]

_LOG = logging.getLogger(__name__)
_STEP_SECONDS = 0.06
_PARTS = 5  # of the page, that an event may change
_SECONDS_KEPT = 12 * 3600  # of a conversation that is not gone on with
MAX_REOPENED = 20  # questions of a conversation that is opened again
# The last but one input says how to take the question: static/conversation.js knows.
_ASKING = "(...given) => [...given.slice(0, -2), window.ambp.manner(), window.ambp.language]"


def build_ask(site: Site) -> None:
    """Draw the page; called inside its blocks.

    gr.HTML changes only those nodes of its DOM that differ, so a growing answer does not flicker.
    """
    desk = Desk(site)
    _announce_texts(site)
    language, manner = site.language(), gr.Textbox(visible=False)
    turns = gr.State((), time_to_live=_SECONDS_KEPT)
    script = files("app.web").joinpath("static", "conversation.js").read_text("utf-8")
    with gr.Column(elem_id="work"):
        with gr.Column(elem_id="conversation"):
            start = site.html(desk.start)
            past = gr.HTML(start, elem_id="past", js_on_load=script, apply_default_css=False)
            newest = gr.HTML("", elem_id="newest", js_on_load=script, apply_default_css=False)
        panel = site.html(lambda each: panel_html((), Reader(each)))
        evidence = gr.HTML(panel, elem_id="evidence", apply_default_css=False)
        with gr.Column(elem_id="composer"):
            box, ask, stop, clear = _composer(site)
    shown = [past, newest, evidence, turns, box]
    asking = gr.on(
        [box.submit, ask.click, past.submit, newest.submit],
        desk.respond,
        inputs=[box, turns, manner, language],
        outputs=shown,
        js=_ASKING,
        concurrency_limit=AT_ONCE,
        trigger_mode="once",
        **PRIVATE,
    )
    halting: dict[str, Any] = {
        "inputs": [turns, language],
        "outputs": shown,
        "js": WITH_LANGUAGE,
        **PRIVATE,
    }
    # One after the other: what was under way would else be shown over what it was replaced by.
    stop.click(None, cancels=[asking]).then(desk.stop, **halting)
    clear.click(None, cancels=[asking]).then(desk.start_over, **halting)
    for part in (past, newest):
        part.like(desk.note_unhelpful, inputs=turns, **PRIVATE)


def _composer(site: Site) -> tuple[gr.Textbox, gr.Button, gr.Button, gr.Button]:
    partnership = site.partnership.abbreviation
    gr.HTML(site.html(_edit_note), elem_id="editing", apply_default_css=False)
    with gr.Row(elem_id="ask-row"):
        box = gr.Textbox(
            label=site.label("ask", "question"),
            placeholder=site.label("ask", "placeholder", partnership=partnership),
            max_length=MAX_QUESTION,
            max_lines=6,
            elem_id="question",
            scale=1,
        )
        ask = gr.Button(site.label("ask", "ask"), variant="primary", elem_id="ask", scale=0)
        stop = gr.Button(site.label("ask", "stop"), elem_id="stop", scale=0)
    with gr.Row(elem_id="under"):
        gr.HTML(site.html(_caution), elem_id="caution", apply_default_css=False)
        clear = gr.Button(site.label("ask", "new"), elem_id="clear", scale=0)
    return box, ask, stop, clear


def _edit_note(language: str) -> str:
    words = texts("ask", language)
    return (
        f'<p hidden>{words["editing"]} <button type="button" class="plain" data-cancel="">'
        f"{words['cancel']}</button></p>"
    )


def _caution(language: str) -> str:
    return f'<p class="caution">{texts("frame", language)["caution"]}</p>'


def _announce_texts(site: Site) -> None:
    """Make the texts that scripts show known to them."""
    noted = "thanks_noted" if site.settings.question_log_days else "thanks_off"
    for language, of in site.translations.items():
        of["ask.thanks_unhelpful"] = texts("ask", language)[noted]
        of["ask.questions_many"] = texts("ask", language)["questions_many"]
    for key in ("copied", "not_copied", "whole", "less", "added", "already", "full"):
        site.label("ask", key)
    for key in ("thanks", "questions_one", "close"):
        site.label("ask", key)


class Desk:
    """Answers the events of the page."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._pictures = Pictures(site.assistant, ASK.prefix)
        settings = site.settings
        self._log = QuestionLog(settings.data_dir, settings.question_log_days)
        # asyncio's own threads are few on a small machine: ten people would wait for each other.
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="asking")

    def start(self, language: str) -> str:
        """The HTML in the place of a conversation."""
        return start_html(self._site.partnership, self._site.examples, Reader(language))

    async def respond(
        self, typed: str, held: Turns, manner: str, language: str, event: gr.EventData
    ) -> AsyncIterator[Screen]:
        """Answer what was typed, or what was clicked: a question, "again", a whole conversation."""
        wanted = event._data if isinstance(event._data, dict) else {}
        if questions := wanted.get("questions"):
            async for screen in self._reopened(questions, language):
                yield screen
            return
        question = str(wanted.get("question") or typed).strip()[:MAX_QUESTION]
        earlier = held
        if wanted.get("retry") and held:
            question, earlier = held[-1].question, held[:-1]
        elif manner == "edit":
            earlier = held[:-1]
        if not question:
            yield [gr.skip()] * _PARTS
            return
        async for screen in self._streamed(question, earlier, language):
            yield screen

    async def _streamed(
        self, question: str, earlier: Turns, language: str
    ) -> AsyncIterator[Screen]:
        """The screens as the answer to a question comes and grows."""
        turn = Turn(question)
        yield self._screen((*earlier, turn), language, evidence=False)
        drafted = False
        async for turn in self._replies(question, earlier_questions(earlier), language):
            if turn.running:
                yield self._screen((*earlier, turn), language, past=False, evidence=False)
                drafted = drafted or turn.phase is Phase.DRAFTING
                await asyncio.sleep(_STEP_SECONDS)
        if answer := turn.answer:
            # What a model wrote before everybody's eyes need not be written once more.
            steps = [answer.text] if drafted else growing(answer.text)
            async for text in paced(steps, _STEP_SECONDS):
                turns = (*earlier, replace(turn, phase=Phase.STREAMING, shown=text))
                # Its evidence comes when it is whole: the first words do not wait for that.
                yield self._screen(turns, language, past=False, evidence=False)
            if answer.status is Status.ABSTAINED:
                await asyncio.to_thread(self._note, question, Reaction.UNANSWERED)
        yield self._screen((*earlier, turn), language, past=False)

    async def _reopened(self, questions: Any, language: str) -> AsyncIterator[Screen]:
        """A conversation that the browser kept, or that stands in an address: asked again."""
        if not (isinstance(questions, list) and all(isinstance(each, str) for each in questions)):
            yield [gr.skip()] * _PARTS
            return
        # The latest of them, so that no more is looked at however many come.
        asked = [each[:MAX_QUESTION].strip() for each in questions[-MAX_REOPENED:]]
        turns: Turns = ()
        for question in filter(None, asked):
            yield self._screen((*turns, Turn(question)), language)
            async for turn in self._replies(question, earlier_questions(turns), language):
                if not turn.running:
                    turns = (*turns, turn)
        if turns:
            yield self._screen(turns, language)

    async def _replies(
        self, question: str, history: tuple[str, ...], language: str
    ) -> AsyncIterator[Turn]:
        """What becomes of a question: it is worked on, drafted, and at last done or failed."""
        turn = Turn(question)
        try:
            site = self._site
            async for event in events(
                site.assistant, question, history, self._threads, site.observe
            ):
                match event:
                    case Working(what):
                        turn = replace(turn, doing=what)
                    case Unverified(text):
                        turn = replace(turn, phase=Phase.DRAFTING, shown=text)
                    case Finished(answer):
                        turn = Turn(question, Phase.DONE, answer, answer.text)
                yield turn
        except AssistantError as error:
            _LOG.error("%s", error.line())
            yield Turn(question, Phase.FAILED, problem=error.line())
        except Exception:  # the visitor gets plain words, the log gets the rest
            _LOG.exception("A question could not be answered")
            yield Turn(question, Phase.FAILED, problem=texts("ask", language)["unforeseen"])

    def stop(self, held: Turns, language: str) -> Screen:
        """What was on screen of the newest answer stays."""
        if held and held[-1].running:
            held = (*held[:-1], replace(held[-1], phase=Phase.STOPPED))
        return self._screen(held, language)

    def start_over(self, held: Turns, language: str) -> Screen:
        """A new conversation."""
        return self._screen((), language)

    def note_unhelpful(self, held: Turns, event: gr.EventData) -> None:
        """A visitor says that an answer did not help: kept where that is switched on."""
        given = event._data if isinstance(event._data, dict) else {}
        number = given.get("turn")
        if isinstance(number, int) and 0 < number <= len(held):
            self._note(held[number - 1].question, Reaction.UNHELPFUL)

    def _note(self, question: str, reaction: Reaction) -> None:
        try:
            self._log.note(question, reaction)
        except LibraryError as error:  # nobody's question fails because it cannot be noted
            _LOG.error("%s", error.line())

    def _screen(
        self, turns: Turns, language: str, *, past: bool = True, evidence: bool = True
    ) -> Screen:
        """The new values of everything on the page; the question box only empties on asking.

        The past and the evidence are drawn only where asked for: streaming leaves them alone.
        """
        reader = Reader(language, self._pictures.addresses())
        partnership = self._site.partnership
        before = past_html(turns, partnership, reader) if turns else self.start(language)
        keep_box = bool(turns) and (turns[-1].phase is not Phase.WAITING or bool(turns[-1].doing))
        return [
            before if past else gr.skip(),
            newest_html(turns, reader),
            panel_html(turns, reader) if evidence else gr.skip(),
            turns,
            gr.skip() if keep_box else "",
        ]
