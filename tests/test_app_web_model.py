"""The pages with a chat model behind them, which a server of the tests' own speaks for."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from browser import NARROW, Visitor, axe, served
from conftest import SECOND_PARTNERSHIP
from fakes import ContentEmbedder
from model_server import ModelServer, Reply, model_server
from models_that_fail import honest
from playwright.sync_api import expect
from test_app_model_reading import COST, GOOD, TEXT, proposing

from app.assistant import Assistant
from app.settings import Settings
from app.staff import password as passwords
from app.staff.password import StaffPassword
from app.workspace import Workspace

# LangChain's clients cannot be closed: their connections are when they are forgotten.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
GOOD_PASSWORD = "correct horse battery"
AMBER = ("project", "Amber Looms", GOOD)
SKOGLAND = ("region", "Skogland", [("role", "participating", "Skogland is a participating region")])


@pytest.fixture(scope="module")
def server() -> Iterator[ModelServer]:
    with model_server() as running:
        yield running


@pytest.fixture(scope="module")
def address(server: ModelServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("model")
    settings = Settings(
        data_dir=folder / "data",
        partnership=str(SECOND_PARTNERSHIP),
        llm="openai:small",
        llm_base_url=f"{server.url}/v1",
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_COST", 2**14)
        StaffPassword(settings.data_dir).set(GOOD_PASSWORD)

        def opened(on_progress: object) -> Assistant:
            assistant = Assistant(Workspace.open(settings, embedder=ContentEmbedder()))
            file = folder / "looms-of-the-north.md"
            file.write_text(TEXT, encoding="utf-8")
            assistant.ingest([file])
            return assistant

        with served(opened, settings) as url:
            yield url


def sign_in(visitor: Visitor) -> Any:
    page = visitor.go("library").page
    page.locator("#staff-password").fill(GOOD_PASSWORD)
    page.locator("#staff-password").press("Enter")
    expect(page.locator("#library .desk")).to_be_visible()
    return page


def test_a_question_is_worded_by_the_model_and_one_it_fails_at_is_answered_too(
    visit: Callable[..., Visitor], server: ModelServer
) -> None:
    visitor = visit().come()
    server.script = honest
    visitor.ask("What is the budget of Seaweed Vats?")
    worded = visitor.page.locator("#newest .worded")
    expect(worded).to_contain_text("Worded by the language model openai:small")
    assert "4.5 million" in visitor.answer
    server.script = lambda request: Reply("", status=401)
    visitor.ask("Who leads Open Mill?", wait=False)
    expect(worded).to_contain_text("its server did not accept the key", timeout=20_000)
    page = sign_in(visitor)
    costs = page.locator(".model .costs")
    expect(costs).to_contain_text("Answers it worded1Answers without it after all1")
    page.get_by_text("Why it was not used").click()
    expect(page.locator(".model li").first).to_contain_text("its server did not accept the key")


def test_staff_read_a_document_with_the_model_change_accept_and_reject(
    visit: Callable[..., Visitor], server: ModelServer
) -> None:
    server.script = proposing(AMBER, SKOGLAND)
    visitor = visit(viewport=NARROW)
    page = sign_in(visitor)
    expect(page.get_by_text("None wait for a decision.")).to_be_visible()
    page.get_by_role("button", name="Propose records").click()
    amber = page.locator("form.proposal", has=page.get_by_role("heading", name="Amber Looms"))
    expect(amber).to_be_visible()
    expect(page.locator(".changes .outcome")).to_contain_text("New proposals: 2")
    expect(amber).to_contain_text("Projects · new")
    for quoted in (" ".join(COST.split()), "Amber Looms"):
        expect(amber.locator("blockquote", has_text=quoted).first).to_be_visible()
    assert visitor.overflow() <= 0
    assert axe(page) == []
    # A value that is none is told, and nothing is lost of what was typed.
    budget = amber.get_by_label("Budget")
    budget.fill("plenty")
    # A change that ends meanwhile draws the section anew, but not over what was typed.
    amber.evaluate("form => (form.dataset.before = '')")
    page.get_by_role("button", name="Check and mend the index").click()
    expect(page.locator("form[data-before]")).to_have_count(0, timeout=20_000)
    expect(budget).to_have_value("plenty")
    amber.get_by_role("button", name="Accept").click()
    expect(page.get_by_role("dialog")).to_contain_text("this cannot be a record")
    page.get_by_role("dialog").get_by_role("button").click()
    expect(budget).to_have_value("plenty")
    budget.fill("EUR 7000000")
    amber.get_by_label("Number of partners").fill("")  # this field goes
    amber.get_by_role("button", name="Accept").press("Enter")
    expect(page.get_by_text("Accepted: 1")).to_be_visible()
    expect(page.locator("#model-title")).to_be_focused()
    page.get_by_role("button", name="Reject: Skogland").click()
    expect(page.get_by_text("None wait for a decision.")).to_be_visible()
    server.script = lambda request: Reply("", status=401)
    visitor.come().ask("What is the budget of Amber Looms?", wait=False)
    visitor.finished(1, 20)
    assert "€7" in visitor.answer
    page = sign_in_again(visitor)
    page.get_by_text("Accepted: 1").click()
    page.get_by_role("button", name="Take out again: Amber Looms").click()
    expect(page.get_by_text("Accepted: 1")).to_have_count(0)


def sign_in_again(visitor: Visitor) -> Any:
    page = visitor.go("library").page
    expect(page.locator("#library .desk")).to_be_visible()
    return page
