"""The page on which one asks while a chat model words the answer: in a real browser."""

from collections.abc import Callable, Iterator

import pytest
from browser import NARROW, Visitor, axe, served
from playwright.sync_api import expect
from stub_assistant import WritingAssistant

from app.settings import Settings
from app.web.texts import LANGUAGES, texts

pytestmark = pytest.mark.browser
Visit = Callable[..., Visitor]


@pytest.fixture(scope="module")
def assistant() -> WritingAssistant:
    return WritingAssistant()


@pytest.fixture(autouse=True)
def from_the_start(assistant: WritingAssistant) -> None:
    assistant.go_on.clear()
    assistant.gone.clear()


@pytest.fixture(scope="module")
def address(assistant: WritingAssistant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    settings = Settings(data_dir=tmp_path_factory.mktemp("data"))
    with served(lambda on_progress: assistant, settings) as url:
        yield url


def drafted(visit: Visit, assistant: WritingAssistant, question: str, **how: object) -> Visitor:
    visitor = visit(**how).come()
    visitor.ask(question, wait=False)
    expect(visitor.page.locator(".turn p.waiting")).to_be_visible()
    assistant.go_on.set()
    expect(visitor.page.locator(".draft")).to_contain_text("nobody checked")
    return visitor


def test_what_is_written_is_marked_as_unchecked_and_replaced_by_what_is(
    visit: Visit, assistant: WritingAssistant
) -> None:
    visitor = visit().come()
    page = visitor.page
    visitor.ask("What is the partnership?", wait=False)
    expect(page.locator("p.waiting")).to_have_text("Searching the documents for regions…")
    assistant.go_on.set()
    draft = page.locator(".draft")
    expect(draft).to_contain_text("99 regions [1] and a draft that nobody checked")
    expect(page.locator(".turn p.waiting")).to_contain_text("not yet checked")
    # Nobody takes it for an answer: no links to evidence, nothing to copy, nothing read out.
    expect(page.locator(".turn a.cite, .turn [data-copy], #evidence .card")).to_have_count(0)
    assert draft.get_attribute("aria-live") == "off"
    assert page.locator("[role=log]").get_attribute("aria-busy") == "true"
    assert axe(page) == []
    page.locator("#question textarea").fill("typed meanwhile")
    assistant.go_on.set()
    visitor.finished()
    expect(draft).to_have_count(0)
    assert "launched on 8 October 2018" in visitor.answer
    assert "99 regions" not in visitor.answer
    expect(page.locator(".worded")).to_contain_text("openai:small")
    expect(page.locator("#question textarea")).to_have_value("typed meanwhile")
    assert visitor.complaints == []


def test_stopping_throws_the_unchecked_text_away_and_stops_the_model(
    visit: Visit, assistant: WritingAssistant
) -> None:
    visitor = drafted(visit, assistant, "What is the partnership?")
    visitor.page.get_by_role("button", name="Stop").click()
    expect(visitor.page.locator(".stopped-note")).to_be_visible()
    expect(visitor.page.locator(".draft")).to_have_count(0)
    assert assistant.gone.wait(5)


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_a_wording_that_was_not_used_is_told(
    visit: Visit, assistant: WritingAssistant, language: str
) -> None:
    visitor = drafted(visit, assistant, "fall", viewport=NARROW, locale=language)
    assistant.go_on.set()
    visitor.finished()
    told = {"en": "It was not used: its reply was empty."}
    expected = told.get(language, texts("ask", language)["not_worded"])
    expect(visitor.page.locator(".worded")).to_have_text(expected)
    assert visitor.overflow() <= 0
