"""The chat as a Gradio page. Importing this loads Gradio, which takes seconds.

The conversation lives in the visitor's session (`gr.State`), never in a global: what a handler
knows of one visitor it gets as an argument.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from importlib.resources import files
from typing import Any

import gradio as gr

from app.web.conversation import (
    MAX_QUESTION,
    CanAnswer,
    Phase,
    Turn,
    earlier_questions,
    growing,
)
from app.web.evidence import panel_html
from app.web.site import AT_ONCE, PRIVATE, Site
from app.web.transcript import conversation_html
from corpus.errors import AssistantError

Turns = tuple[Turn, ...]

_LOG = logging.getLogger(__name__)
_STEP_SECONDS = 0.03
_UNFORESEEN = "Something went wrong with this question. Ask again, or put it in other words."
_CAUTION = (
    "You are talking to a machine, and it can be wrong. "
    "The numbers in an answer open the words it rests on: check what matters."
)


def build_ask(site: Site) -> None:
    """Draw the page on which one asks, reads, and looks at the evidence; called inside its blocks.

    gr.HTML changes only those nodes of its DOM that differ, so a growing answer does not flicker.
    """

    def conversation(turns: Turns) -> str:
        return conversation_html(turns, site.partnership, site.examples)

    turns = gr.State(())
    with gr.Column(elem_id="work"):
        script = files("app.web").joinpath("static", "conversation.js").read_text("utf-8")
        talk = gr.HTML(
            conversation(()),
            elem_id="conversation",
            js_on_load=script,
            apply_default_css=False,
        )
        evidence = gr.HTML(panel_html(()), elem_id="evidence", apply_default_css=False)
        with gr.Column(elem_id="composer"):
            with gr.Row(elem_id="ask-row"):
                box = gr.Textbox(
                    label="Your question",
                    placeholder=f"Ask about {site.partnership.abbreviation}",
                    max_length=MAX_QUESTION,
                    max_lines=6,
                    elem_id="question",
                    scale=1,
                )
                ask = gr.Button("Ask", variant="primary", elem_id="ask", scale=0)
                stop = gr.Button("Stop", elem_id="stop", scale=0, visible=False)
                clear = gr.Button("Start over", elem_id="clear", scale=0)
            caution = f'<p class="caution">{_CAUTION}</p>'
            gr.HTML(caution, elem_id="caution", apply_default_css=False)
    shown = [talk, evidence, turns, box, ask, stop]
    asking = gr.on(
        [box.submit, ask.click, talk.submit],
        _responder(site.assistant, conversation),
        inputs=[box, turns],
        outputs=shown,
        concurrency_limit=AT_ONCE,
        trigger_mode="once",
        **PRIVATE,
    )
    stop.click(
        lambda held: _screen(_stopped(held), conversation),
        inputs=turns,
        outputs=shown,
        cancels=[asking],
        **PRIVATE,
    )
    clear.click(
        lambda: _screen((), conversation),
        outputs=shown,
        cancels=[asking],
        **PRIVATE,
    )


def _responder(assistant: CanAnswer, conversation: Callable[[Turns], str]) -> Callable[..., Any]:
    async def respond(typed: str, held: Turns, event: gr.EventData) -> AsyncIterator[list[Any]]:
        wanted = event._data if isinstance(event._data, dict) else {}
        question = str(wanted.get("question") or typed).strip()[:MAX_QUESTION]
        earlier = held
        if wanted.get("retry") and held:
            question, earlier = held[-1].question, held[:-1]
        if not question:
            yield [gr.skip()] * 6
            return
        try:
            async for turn in _answered(assistant, question, earlier_questions(earlier)):
                yield _screen((*earlier, turn), conversation)
        except AssistantError as error:
            _LOG.error("%s", error.line())
            failed = Turn(question, Phase.FAILED, problem=error.line())
            yield _screen((*earlier, failed), conversation)
        except Exception:  # the visitor gets plain words, the log gets the rest
            _LOG.exception("A question could not be answered")
            failed = Turn(question, Phase.FAILED, problem=_UNFORESEEN)
            yield _screen((*earlier, failed), conversation)

    return respond


async def _answered(
    assistant: CanAnswer, question: str, history: tuple[str, ...]
) -> AsyncIterator[Turn]:
    """The turn as it grows: waiting, then more and more of the answer, then done."""
    turn = Turn(question)
    yield turn
    answer = await asyncio.to_thread(assistant.ask, question, history)
    for text in growing(answer.text):
        turn = replace(turn, phase=Phase.STREAMING, answer=answer, shown=text)
        yield turn
        await asyncio.sleep(_STEP_SECONDS)
    yield replace(turn, phase=Phase.DONE, answer=answer, shown=answer.text)


def _stopped(held: Turns) -> Turns:
    if not held or not held[-1].running:
        return held
    return (*held[:-1], replace(held[-1], phase=Phase.STOPPED))


def _screen(turns: Turns, conversation: Callable[[Turns], str]) -> list[Any]:
    """The new values of everything on the page; the question box only empties on asking."""
    busy = bool(turns) and turns[-1].running
    box = gr.skip() if turns and turns[-1].phase is not Phase.WAITING else ""
    return [
        conversation(turns),
        panel_html(turns),
        turns,
        box,
        gr.update(visible=not busy),
        gr.update(visible=busy),
    ]
