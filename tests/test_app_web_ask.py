"""The page on which one asks, beyond a question and its answer: in a real browser."""

import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from browser import LAKESIDE, NARROW, SMALLEST, TABLET, WIDE, Visitor, axe, served
from playwright.sync_api import expect
from sample_pdfs import plain
from stub_assistant import StubAssistant, citation

from app.answering.answer import Answer, Status
from app.report.model import Item
from app.settings import Settings
from app.staff.questions import QuestionLog, Reaction
from app.web.pictures import PDF
from app.web.texts import LANGUAGES, texts
from corpus.model import Passage, Source

pytestmark = pytest.mark.browser

HARBOUR = Source(id="harbour", title="Harbour rules")
OPENING = "The harbour opens at seven in the morning."
Visit = Callable[..., Visitor]


class WithPages(StubAssistant):
    """A stub whose answers about the harbour rest on a page of a PDF."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.file = file
        self.cited = citation(1, HARBOUR, OPENING, "opens at seven", page=1)

    def ask(self, question: str, history: object = ()) -> Answer:
        if "harbour" in question:
            return Answer(question, "At seven [1].", Status.ANSWERED, (self.cited,))
        return super().ask(question, tuple(history))  # type: ignore[arg-type]

    def original(self, source_id: str, media_type: str) -> Path | None:
        return self.file if (source_id, media_type) == ("harbour", PDF) else None

    def passage(self, passage_id: str) -> Passage | None:
        return self.cited.passage if passage_id == self.cited.passage.id else None

    def record_pages(self, passage: Passage) -> frozenset[int]:
        return frozenset()


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(data_dir=tmp_path_factory.mktemp("data"), question_log_days=30)


@pytest.fixture(scope="module")
def assistant(settings: Settings) -> WithPages:
    file = settings.data_dir / "harbour.pdf"
    file.write_bytes(plain(OPENING))
    return WithPages(file)


@pytest.fixture(scope="module")
def address(assistant: WithPages, settings: Settings) -> Iterator[str]:
    with served(lambda on_progress: assistant, settings) as url:
        yield url


def asked_for(*questions: str) -> str:
    return "?" + urlencode([("q", question) for question in questions])


# --- Addresses and history -----------------------------------------------------------------------


def test_an_address_with_questions_opens_with_their_answers(
    visit: Visit, assistant: WithPages
) -> None:
    visitor = visit().come(asked_for("What is the partnership?", "Which budget?"))
    visitor.finished(2)
    assert assistant.asked[-1] == ("Which budget?", ("What is the partnership?",))
    assert "34.5 million" in visitor.answer
    expect(visitor.page.locator("#evidence details:visible")).to_have_count(2)
    assert visitor.complaints == []


def test_the_address_of_an_answer_can_be_copied(visit: Visit) -> None:
    visitor = visit().come()
    page = visitor.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visitor.ask("What is the partnership?")
    visitor.ask("Which budget & what?")
    assert page.url == visitor.address + asked_for(
        "What is the partnership?", "Which budget & what?"
    )
    page.get_by_role("button", name="Copy link").first.click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == visitor.address + asked_for("What is the partnership?")


def test_a_conversation_outlives_a_reload_and_a_look_at_another_page(visit: Visit) -> None:
    visitor = visit().come()
    visitor.ask("What is the partnership?")
    visitor.ask("Which budget?")
    expect(visitor.page).to_have_url(re.compile("budget"))
    visitor.page.reload()
    visitor.finished(2)
    visitor.page.goto(visitor.address)  # as the navigation of another page leads here
    visitor.finished(2)
    assert "34.5 million" in visitor.answer


def test_earlier_conversations_are_kept_in_this_browser_and_can_be_deleted(visit: Visit) -> None:
    visitor = visit().come()
    page = visitor.page
    expect(page.locator("#history")).to_be_hidden()
    visitor.ask("What is the partnership?")
    visitor.ask("Which budget?")
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".turn")).to_have_count(0)
    expect(page).to_have_url(visitor.address)
    held = page.get_by_role("region", name="Earlier conversations")
    expect(held.get_by_role("button", name="What is the partnership? 2 questions")).to_be_visible()
    visitor.ask("Who is the treasurer?")
    page.get_by_role("button", name="New conversation").click()
    held.get_by_role("button", name="What is the partnership?").click()
    visitor.finished(2)
    page.get_by_role("button", name="New conversation").click()
    expect(held.get_by_role("listitem")).to_have_count(2)
    held.get_by_role("button", name="Delete all").click()
    expect(held).to_be_hidden()
    page.reload()
    expect(page.get_by_role("heading", name="New here")).to_be_visible()
    expect(page.locator("#history")).to_be_hidden()
    assert visitor.complaints == []


# --- What can be done with a question and its answer ---------------------------------------------


def test_the_last_question_can_be_edited(visit: Visit, assistant: WithPages) -> None:
    visitor = visit().come()
    page = visitor.page
    visitor.ask("What is the partnership?")
    visitor.ask("Which budgett?")
    page.get_by_role("button", name="Edit question").click()
    box = page.locator("#question textarea")
    expect(box).to_be_focused()
    expect(box).to_have_value("Which budgett?")
    expect(page.get_by_text("This replaces your last question.")).to_be_visible()
    box.fill("Which budget?")
    box.press("Enter")
    expect(page.get_by_role("heading", name="Which budget?")).to_be_visible()
    visitor.finished(2)
    assert assistant.asked[-1] == ("Which budget?", ("What is the partnership?",))
    expect(page.get_by_text("This replaces your last question.")).to_be_hidden()
    visitor.ask("And then?")
    visitor.finished(3)


def test_editing_can_be_cancelled(visit: Visit) -> None:
    visitor = visit().come()
    page = visitor.page
    visitor.ask("What is the partnership?")
    page.get_by_role("button", name="Edit question").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#question textarea")).to_have_value("")
    visitor.ask("Which budget?")
    visitor.finished(2)


def test_an_answer_goes_into_the_report_once(visit: Visit) -> None:
    visitor = visit().come()
    page = visitor.page
    visitor.ask("What is the partnership?")
    page.get_by_role("button", name="Add to report").click()
    expect(page.get_by_role("button", name="Added to the report")).to_be_visible()
    expect(page.locator('[data-page="report"] .badge')).to_have_text("1")
    expect(page.get_by_role("button", name="Add to report")).to_be_visible()
    page.get_by_role("button", name="Add to report").click()
    expect(page.get_by_role("button", name="Already in the report")).to_be_visible()
    (kept,) = page.evaluate("ambpReport.items()")
    own = {k: v for k, v in kept.items() if k not in {"id", "added", "added_as"}}
    assert Item.model_validate_json(json.dumps(own)).title == "What is the partnership?"


def test_an_answer_that_did_not_help_is_noted_where_that_is_switched_on(
    visit: Visit, settings: Settings
) -> None:
    visitor = visit().come()
    page = visitor.page
    visitor.ask("What is the partnership?")
    visitor.ask("Who is the treasurer?")
    group = page.get_by_role("group", name="Was this helpful?").first
    group.get_by_role("button", name="Not helpful").click()
    expect(group.get_by_role("status")).to_contain_text("noted for the staff")
    expect(group.get_by_role("button", name="Not helpful")).to_have_attribute(
        "aria-pressed", "true"
    )
    page.wait_for_timeout(500)
    noted = {(n.question, n.reaction) for n in QuestionLog(settings.data_dir, 30).held()}
    assert ("What is the partnership?", Reaction.UNHELPFUL) in noted
    assert ("Who is the treasurer?", Reaction.UNANSWERED) in noted


def test_where_questions_are_not_kept_that_is_said(visit: Visit, tmp_path: Path) -> None:
    with served(lambda on_progress: StubAssistant(), Settings(data_dir=tmp_path)) as url:
        visitor = visit(url=url).come()
        visitor.ask("Who is the treasurer?")
        visitor.page.get_by_role("button", name="Not helpful").click()
        expect(visitor.page.get_by_text("Questions are not kept here")).to_be_visible()
        visitor.page.wait_for_timeout(300)
        assert list(tmp_path.iterdir()) == []
        visitor.page.close()


def test_the_cited_page_is_shown_and_enlarged(visit: Visit) -> None:
    visitor = visit().come()
    page = visitor.page
    visitor.ask("When does the harbour open?")
    picture = page.get_by_role("img", name="Page 1 of Harbour rules")
    picture.scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('#evidence img').naturalWidth > 0")
    opener = page.get_by_role("button", name="Enlarge the page")
    opener.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Page 1 of Harbour rules")
    expect(dialog.get_by_role("img")).to_be_visible()
    assert axe(page) == []
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()
    assert visitor.hosts() == {"127.0.0.1"}
    assert visitor.complaints == []


# --- For everybody -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("locale", "language"), [("fr-BE", "fr"), ("sl", "sl"), ("it-IT", "it"), ("pl", "en")]
)
def test_the_interface_speaks_the_browsers_language(
    visit: Visit, locale: str, language: str
) -> None:
    visitor = visit(locale=locale).come()
    page = visitor.page
    words, frame = texts("ask", language), texts("frame", language)
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.get_by_label(words["question"])).to_be_visible()
    expect(page.get_by_role("button", name=words["ask"], exact=True)).to_be_visible()
    title = words["start_title"].format(partnership=LAKESIDE.abbreviation)
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    expect(page.get_by_role("link", name=frame["explore"], exact=True)).to_be_visible()
    expect(page.get_by_text(frame["caution"])).to_be_visible()
    assert page.title() == frame["title"].format(page=frame["ask"], partnership="TLP")
    visitor.ask("What is the partnership?")
    expect(page.get_by_role("button", name=words["copy"])).to_be_visible()
    expect(page.get_by_role("heading", name=words["evidence"], exact=True)).to_be_visible()
    expect(page.locator(".turn .text")).to_have_attribute("lang", "en")
    assert axe(page) == []
    assert visitor.complaints == []


def test_the_language_can_be_switched_and_is_remembered(visit: Visit) -> None:
    visitor = visit().come()
    page = visitor.page
    switch = page.get_by_label("Language")
    expect(switch.locator("option")).to_have_count(len(LANGUAGES))
    switch.select_option("de")
    expect(page.get_by_label("Ihre Frage")).to_be_visible()
    expect(page.get_by_label("Sprache")).to_have_value("de")
    page.reload()
    expect(page.get_by_label("Ihre Frage")).to_be_visible()
    visitor.ask("Who is the treasurer?")
    expect(page.get_by_text(texts("ask", "de")["not_found"])).to_be_visible()
    assert not page.context.cookies()


def test_the_appearance_can_be_switched_and_is_remembered(visit: Visit) -> None:
    visitor = visit().come()
    page = visitor.page
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.get_by_label("Appearance").select_option("dark")
    dark = page.evaluate(ground)
    assert dark != light
    page.reload()
    visitor.come()
    assert page.evaluate(ground) == dark
    page.get_by_label("Appearance").select_option("system")
    assert page.evaluate(ground) == light


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, TABLET, NARROW, SMALLEST], ids=lambda s: str(s["width"]))
def test_axe_finds_nothing_serious_in_any_state(
    visit: Visit, size: dict[str, int], scheme: str
) -> None:
    visitor = visit(size, scheme).come()
    page = visitor.page
    assert axe(page) == []
    for question in ("What is the partnership?", "Which budget?", "Who is the treasurer?", "busy"):
        visitor.ask(question)
        assert axe(page) == [], question
        assert visitor.overflow() == 0
        assert visitor.small_targets() == []
    page.get_by_role("button", name="Ask again").focus()
    page.get_by_role("link", name="Evidence 2").first.click()
    assert axe(page) == []
    page.get_by_role("button", name="Edit question").click()
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator("#history")).to_be_visible()
    assert axe(page) == []
    assert visitor.overflow() == 0


def test_with_large_print_nothing_is_cut_off(visit: Visit) -> None:
    visitor = visit({"width": 640, "height": 430}).come()  # 1280 x 860 at 200 %
    visitor.ask("What is the partnership?")
    assert visitor.overflow() == 0
    visitor.page.add_style_tag(content="html { font-size: 200% }")
    assert visitor.overflow() == 0


def test_everything_works_by_keyboard_alone(visit: Visit) -> None:
    visitor = visit().come()
    page = visitor.page
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="What is the partnership?")).to_be_focused()
    page.keyboard.press("Enter")
    visitor.finished(1)
    reached = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.textContent.trim().slice(0, 40)"))
        assert page.evaluate(
            "(e => e === document.body || parseFloat(getComputedStyle(e).outlineWidth) >= 2)"
            "(document.activeElement)"
        )
    for name in ("Copy answer", "Add to report", "Ask again", "Not helpful", "Ask"):
        assert name in reached, name


def test_the_frame_marks_the_page_and_leads_to_the_others(visit: Visit) -> None:
    page = visit().come().page
    links = page.get_by_role("navigation", name="Pages").get_by_role("link")
    expect(links.first).to_have_attribute("aria-current", "page")
    for link in links.all()[1:]:
        assert link.get_attribute("aria-current") is None
        assert page.request.get(page.url + (link.get_attribute("href") or "")).ok


# --- Many, and soon ------------------------------------------------------------------------------


def test_ten_people_ask_at_once(visit: Visit) -> None:
    people = [visit().come() for _ in range(10)]
    alone = seconds_for(people[:1], "A slow question of nobody")
    together = seconds_for(people, "A slow question of person {}")
    assert together < 5 * alone, "one after the other it would be ten times as long"
    for number, person in enumerate(people):
        last = person.page.locator(".turn").last.inner_text()
        assert f"of person {number}" in last
        others = person.page.locator("#content").inner_text().replace(f"of person {number}", "")
        assert "of person" not in others


def seconds_for(people: list[Visitor], question: str) -> float:
    started = time.monotonic()
    before = [person.page.locator(".turn").count() for person in people]
    for number, person in enumerate(people):
        person.ask(question.format(number), wait=False)
    for person, turns in zip(people, before, strict=True):
        person.finished(turns + 1, seconds=60)
    return time.monotonic() - started


def test_the_page_can_be_used_soon_and_an_answer_begins_soon(visit: Visit) -> None:
    visit().come().page.close()  # what a browser keeps of the site is there
    visitor = visit()
    started = time.monotonic()
    visitor.come()
    interactive = time.monotonic() - started
    started = time.monotonic()
    visitor.ask("What is the partnership?", wait=False)
    expect(visitor.page.locator(".turn .text")).to_be_visible()
    first = time.monotonic() - started
    assert interactive < 6, "3 s on an idle machine"
    assert first < 4, "2 s on an idle machine"
