"""The chat as a visitor has it: in a real browser, in front of a stub assistant."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browser import EXAMPLES, NARROW, SMALLEST, WIDE, Visitor, served
from playwright.sync_api import expect
from stub_assistant import EVIL, StubAssistant

from app.progress import OnProgress
from app.settings import Settings
from corpus.errors import LibraryBusy

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def assistant() -> StubAssistant:
    return StubAssistant()


@pytest.fixture(scope="module")
def address(assistant: StubAssistant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    settings = Settings(data_dir=tmp_path_factory.mktemp("data"))
    with served(lambda on_progress: assistant, settings) as url:
        yield url


def test_a_question_streams_its_answer_with_citations_and_quotes(
    visit: Callable[..., Visitor],
) -> None:
    visitor = visit().come()
    page = visitor.page
    page.evaluate(
        """() => {
            window.seen = [];
            new MutationObserver(() => {
                const text = document.querySelector(".turn .text");
                if (text) window.seen.push(text.innerText.length);
            }).observe(document.body, {subtree: true, childList: true, characterData: true});
        }"""
    )
    started = time.monotonic()
    visitor.ask("What is the partnership?")
    assert time.monotonic() - started < 3
    lengths = page.evaluate("window.seen")
    assert len(set(lengths)) >= 5, "the text is to appear bit by bit"
    assert lengths == sorted(lengths)
    assert "launched on 8 October 2018" in visitor.answer
    expect(page.locator("a.cite")).to_have_count(5)  # three in the text, two in a note
    evidence = page.locator("#evidence")
    expect(evidence.locator("details")).to_have_count(3)
    expect(evidence.locator("details").first.locator("mark")).to_have_text(
        "It was launched on 8 October 2018 in Brussels by three lead regions."
    )
    for words in ("Scoping note: the partnership at a glance", "page 1", "September 2020"):
        expect(evidence.locator("details").first).to_contain_text(words)
    assert page.title() == "Ask: TLP"
    assert page.locator("html").get_attribute("lang") == "en"
    expect(page.get_by_text("You are talking to a machine, and it can be wrong.")).to_be_visible()
    assert visitor.complaints == []


def test_a_citation_opens_its_evidence_by_mouse_and_by_keyboard(
    visit: Callable[..., Visitor],
) -> None:
    visitor = visit().come()
    page = visitor.page
    visitor.ask("What is the partnership?")
    second, third = (page.locator(f"#evidence-1-{n}") for n in (2, 3))
    assert second.get_attribute("open") is None
    page.get_by_role("link", name="Evidence 2").first.click()
    expect(second).to_have_attribute("open", "")
    expect(second.locator("mark")).to_be_in_viewport()
    expect(second.locator("summary")).to_be_focused()
    cite = page.get_by_role("link", name="Evidence 3").first
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Evidence 2").first).to_be_focused()
    page.keyboard.press("Tab")
    expect(cite).to_be_focused()
    expect(page.get_by_role("tooltip")).to_contain_text("technology readiness level 8 or 9")
    page.keyboard.press("Enter")
    expect(third).to_have_attribute("open", "")
    expect(third.locator("mark")).to_be_in_viewport()
    third.get_by_role("link", name="Back to the answer").click()
    expect(cite).to_be_focused()


def test_a_long_passage_opens_to_its_whole_length(visit: Callable[..., Visitor]) -> None:
    visitor = visit().come()
    visitor.ask("What is the partnership?")
    visitor.page.get_by_role("link", name="Evidence 3").click()
    card = visitor.page.locator("#evidence-1-3")
    shown = len(card.locator(".words").inner_text())
    card.get_by_role("button", name="Show the whole passage").click()
    assert len(card.locator(".words").inner_text()) > shown
    card.get_by_role("button", name="Show less").click()
    assert len(card.locator(".words").inner_text()) == shown


def test_hovering_a_citation_shows_the_quoted_words(visit: Callable[..., Visitor]) -> None:
    visitor = visit().come()
    visitor.ask("What is the partnership?")
    tip = visitor.page.get_by_role("tooltip")
    visitor.page.get_by_role("link", name="Evidence 2").first.hover()
    expect(tip).to_contain_text("29 committed regions from 13 countries")
    visitor.page.mouse.move(5, 400)
    expect(tip).to_be_hidden()


_BROKEN = """() => {
    const text = document.querySelector(".turn .answer .text");
    const number = text.querySelector(".ref").outerHTML;
    text.innerHTML = `<ul><li>It has organisations of at least 3 Member States${number}</li></ul>`;
    const broken = [];
    for (let width = 180; width < 380; width += 1) {
        text.style.width = `${width}px`;
        const all = [...text.querySelectorAll("a.cite")];
        if (all.some(each => each.getClientRects().length > 1)) broken.push(width);
    }
    text.style.width = "";
    return broken;
}"""


@pytest.mark.parametrize("locale", ["es", "fr"])
def test_the_button_has_room_for_its_word(visit: Callable[..., Visitor], locale: str) -> None:
    visitor = visit(SMALLEST, locale=locale).come()
    room = """button => {
        const range = document.createRange();
        range.selectNodeContents(button);
        return button.clientWidth - range.getBoundingClientRect().width;
    }"""
    assert visitor.page.locator("#ask").evaluate(room) >= 16
    assert visitor.overflow() == 0


def test_on_the_smallest_screen_numbers_and_quotes_stay_whole(
    visit: Callable[..., Visitor],
) -> None:
    visitor = visit(SMALLEST).come()
    visitor.ask("What is the partnership?")
    page = visitor.page
    page.locator("a.cite").first.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    tip = page.get_by_role("tooltip").bounding_box()
    assert tip is not None
    assert tip["x"] >= 8
    assert tip["x"] + tip["width"] <= SMALLEST["width"] - 8
    # A number whose room did not fit left a piece of itself on the next line.
    assert page.evaluate(_BROKEN) == []


def test_examples_and_follow_ups_are_asked_by_a_click(
    visit: Callable[..., Visitor], assistant: StubAssistant
) -> None:
    visitor = visit().come()
    page = visitor.page
    for group in EXAMPLES:
        expect(page.get_by_role("heading", name=group.title)).to_be_visible()
    expect(page.locator("#evidence")).to_be_hidden()
    page.get_by_role("button", name="What is the partnership?").click()
    visitor.finished()
    expect(page.locator("#answer-1")).to_be_focused()
    expect(page.get_by_role("heading", name="You asked: What is the partnership?")).to_be_visible()
    page.get_by_role("button", name="Which regions lead a thematic area?").click()
    visitor.finished(2)
    assert assistant.asked[-1] == (
        "Which regions lead a thematic area?",
        ("What is the partnership?",),
    )
    expect(page.locator("#evidence .about:visible")).to_contain_text("lead a thematic area")
    page.get_by_role("link", name="Evidence 1").first.click()
    expect(page.locator("#evidence .about:visible")).to_contain_text("What is the partnership?")


def test_ask_again_and_start_over(visit: Callable[..., Visitor], assistant: StubAssistant) -> None:
    visitor = visit().come()
    page = visitor.page
    visitor.ask("First?")
    visitor.ask("Second?")
    page.get_by_role("button", name="Ask again").click()
    page.wait_for_timeout(100)
    visitor.finished(2)
    assert assistant.asked[-2:] == [("Second?", ("First?",)), ("Second?", ("First?",))]
    page.get_by_role("button", name="New conversation").click()
    expect(page.get_by_role("button", name="What is the partnership?")).to_be_visible()
    expect(page.locator(".turn, .card")).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    day = page.evaluate("new Date().toLocaleDateString('en-GB', {dateStyle: 'long'})")
    expect(page.locator("#history")).to_contain_text(f"2 questions, {day}")
    visitor.ask("Third?")
    assert assistant.asked[-1] == ("Third?", ())


def test_an_answer_can_be_stopped(
    visit: Callable[..., Visitor], monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = visit().come()
    page = visitor.page
    with monkeypatch.context() as slowly:
        # On a busy machine the whole answer would be there before the click is.
        slowly.setattr("app.web.page._STEP_SECONDS", 0.5)
        visitor.ask("An endless one", wait=False)
        expect(page.locator(".turn.streaming")).to_be_visible()
        page.get_by_role("button", name="Stop").click()
        expect(page.get_by_text("Stopped here.")).to_be_visible()
    length = len(visitor.answer)
    page.wait_for_timeout(400)
    assert len(visitor.answer) == length < 20_000
    visitor.ask("A slow one", wait=False)
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("Stopped before there was an answer.")).to_be_visible()
    # The button is gone, and whoever pressed it is not sent back to the top of the page.
    expect(page.locator("#answer-2")).to_be_focused()
    visitor.ask("What is the partnership?")
    assert "launched" in visitor.answer


def test_an_answer_is_copied_with_its_footnotes(visit: Callable[..., Visitor]) -> None:
    visitor = visit().come()
    page = visitor.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visitor.ask("What is the partnership?")
    page.get_by_role("button", name="Copy answer").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    text = page.evaluate("navigator.clipboard.readText()")
    assert "launched on 8 October 2018 in Brussels by three lead regions [1]." in text
    assert "[1] Scoping note: the partnership at a glance, The Lakeside Partnership" in text


def test_visitors_neither_see_nor_wait_for_each_other(visit: Callable[..., Visitor]) -> None:
    first, second = visit().come(), visit().come()
    first.ask("A slow question of the first", wait=False)
    expect(first.page.get_by_text("Searching")).to_be_visible()
    second.ask("What is the partnership?")
    expect(first.page.get_by_text("Searching")).to_be_visible()
    first.finished()
    assert "of the first" not in second.page.content()
    assert "What is the partnership?" not in first.page.locator(".turn").first.inner_text()


def test_nothing_that_a_document_or_a_visitor_says_can_act(visit: Callable[..., Visitor]) -> None:
    visitor = visit().come()
    page = visitor.page
    visitor.ask(f"Hostile {EVIL} ![x](https://evil.example/q.png)")
    page.wait_for_timeout(300)
    assert page.evaluate("window.hacked") is None
    for place in ("#conversation", "#evidence"):
        found = page.locator(f"{place} :is(script, img, svg, iframe, [onerror], [onload])")
        expect(found).to_have_count(0)
    hrefs = page.eval_on_selector_all(
        "#work a", "links => links.map(link => link.getAttribute('href'))"
    )
    assert not [href for href in hrefs if not href.startswith(("#", "https://evil.example/"))]
    assert "<script>window.hacked=1</script>" in visitor.answer
    page.get_by_role("link", name="Evidence 1").first.hover()
    expect(page.get_by_role("tooltip")).to_contain_text("<svg onload")
    page.get_by_role("button", name="Next").click()
    visitor.finished(2)
    assert page.evaluate("window.hacked") is None
    assert visitor.hosts() == {"127.0.0.1"}
    assert visitor.complaints == []


def test_the_policy_stops_a_script_that_slips_in(visit: Callable[..., Visitor]) -> None:
    page = visit().come().page
    page.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.hacked=1\">')"
    )
    page.evaluate("fetch('https://evil.example/').catch(() => { window.refused = 1; })")
    page.wait_for_function("window.refused === 1")
    assert page.evaluate("window.hacked") is None


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_every_state_fits_and_asks_no_other_machine(
    visit: Callable[..., Visitor], viewport: dict[str, int], scheme: str
) -> None:
    visitor = visit(viewport, scheme).come()
    page = visitor.page
    assert visitor.overflow() == 0
    for question in ("What is the partnership?", "Which budget?", "Who is the treasurer?", EVIL):
        visitor.ask(question)
        assert visitor.overflow() == 0, question
    page.get_by_role("link", name="Evidence 1").last.click()
    assert visitor.overflow() == 0
    answer, evidence = (page.locator(q).bounding_box() for q in (".turn >> nth=-1", "#evidence"))
    assert answer
    assert evidence
    if viewport is WIDE:
        assert evidence["x"] >= answer["x"] + answer["width"]
    else:
        assert evidence["y"] >= answer["y"] + answer["height"]
        sizes = page.eval_on_selector_all(
            "button:not([hidden]), summary, .back",
            "all => all.map(b => b.getBoundingClientRect()).filter(r => r.width)"
            ".map(r => Math.round(r.height))",
        )
        assert min(sizes) >= 44
    assert page.evaluate("document.body.classList.contains('dark')") == (scheme == "dark")
    assert visitor.hosts() == {"127.0.0.1"}
    assert visitor.complaints == []


def test_a_refusal_looks_like_one_and_names_whom_to_ask(visit: Callable[..., Visitor]) -> None:
    visitor = visit().come()
    visitor.ask("Who is the treasurer?")
    refused = visitor.page.locator(".refused")
    expect(refused).to_contain_text("Not in the documents")
    link = refused.get_by_role("link", name="https://partnership.example/contact")
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    expect(link).to_have_attribute("target", "_blank")


def test_a_table_is_a_table(visit: Callable[..., Visitor]) -> None:
    visitor = visit().come()
    visitor.ask("Which projects state a budget?")
    region = visitor.page.get_by_role("region", name="Table, 4 rows")
    expect(region.get_by_role("columnheader")).to_have_count(4)
    expect(region.get_by_role("row")).to_have_count(5)
    region.get_by_role("link", name="Evidence 2").click()
    expect(visitor.page.locator("#evidence-1-2")).to_have_attribute("open", "")


def test_errors_are_told_in_plain_words(visit: Callable[..., Visitor]) -> None:
    visitor = visit().come()
    visitor.ask("A busy one")
    assert "The library is being written to. Try again in a minute." in visitor.answer
    visitor.ask("A crash")
    assert "Something went wrong with this question." in visitor.answer
    assert "secret" not in visitor.page.content()
    visitor.ask("What is the partnership?")
    assert "launched" in visitor.answer


def test_an_empty_question_asks_nothing(
    visit: Callable[..., Visitor], assistant: StubAssistant
) -> None:
    visitor = visit().come()
    before = len(assistant.asked)
    visitor.ask("   ", wait=False)
    visitor.page.get_by_role("button", name="Ask", exact=True).click()
    visitor.page.wait_for_timeout(300)
    assert len(assistant.asked) == before
    expect(visitor.page.get_by_role("heading", name="New here")).to_be_visible()


def test_the_page_about_the_start_turns_into_the_chat(
    visit: Callable[..., Visitor], tmp_path: Path
) -> None:
    go_on, tries = threading.Event(), []

    def slowly(on_progress: OnProgress) -> StubAssistant:
        tries.append(1)
        if len(tries) == 1:
            raise LibraryBusy("Another program is writing to the library", remedy="Wait for it.")
        on_progress("Sorting passages", 30, 120, "Progress report " + "and more " * 30)
        assert go_on.wait(30)
        return StubAssistant()

    with served(slowly, Settings(data_dir=tmp_path)) as url:
        visitor = visit(NARROW, url=url)
        page = visitor.page
        page.goto(url)
        alert = page.get_by_role("alert")
        expect(alert).to_contain_text("Another program is writing to the library. Wait for it.")
        page.get_by_role("button", name="Try again").click()
        expect(page.get_by_role("status")).to_have_text("Sorting passages")
        expect(page.get_by_text("30 of 120 · 25 %")).to_be_visible()
        expect(page.get_by_text("Progress report")).to_be_visible()
        assert visitor.overflow() == 0
        go_on.set()
        expect(page.get_by_label("Your question")).to_be_visible(timeout=30_000)
        visitor.ask("What is the partnership?")
        assert "launched" in visitor.answer
        assert visitor.hosts() == {"127.0.0.1"}
        assert visitor.complaints == []
        page.close()


def test_everything_shipped_is_in_the_package() -> None:
    import app.web

    static = Path(app.web.__file__).parent / "static"
    for name in (
        "style.css",
        "ask.js",
        "frame.js",
        "conversation.js",
        "waiting.js",
        "waiting.html",
    ):
        assert "http" not in (static / name).read_text(encoding="utf-8")
