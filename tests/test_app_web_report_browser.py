"""The report as a visitor makes it: in a real browser, with the keyboard as well as the mouse."""

import json
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from browser import NARROW, SMALLEST, TABLET, WIDE, Visitor, axe, served
from playwright.sync_api import Locator, expect
from report_sample import KNOWN, hostile_item, items
from stub_assistant import StubAssistant

from app.settings import Settings
from corpus.model import Source

pytestmark = pytest.mark.browser


class Holder(StubAssistant):
    """A stub that also tells which sources it holds."""

    def sources(self) -> list[Source]:
        """The sources that are held."""
        return list(KNOWN.values())


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    settings = Settings(data_dir=tmp_path_factory.mktemp("data"))
    assistant = Holder()
    with served(lambda on_progress: assistant, settings) as url:
        yield url


@pytest.fixture
def collected(visit: Callable[..., Visitor]) -> Callable[..., Visitor]:
    """A visitor on the page of the report, with two answers in it."""

    def come(*args: Any, given: list[dict[str, Any]] | None = None, **more: Any) -> Visitor:
        visitor = visit(*args, **more).go("report")
        for item in items() if given is None else given:
            add(visitor, item)
        return visitor

    return come


def add(visitor: Visitor, item: dict[str, Any]) -> str:
    """Add an item as the other pages do."""
    said: str = visitor.page.evaluate(f"ambpReport.addToReport({json.dumps(item)})")
    return said


def titles(visitor: Visitor) -> list[str]:
    return visitor.page.locator("#report-list h3").all_inner_texts()


def kept(visitor: Visitor) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = visitor.page.evaluate("ambpReport.items()")
    return found


def card(visitor: Visitor, place: int) -> Locator:
    return visitor.page.locator("#report-list > li").nth(place)


def paper(visitor: Visitor) -> Locator:
    return visitor.page.locator("#report-paper main")


def taken(visitor: Visitor, name: str) -> tuple[str, bytes]:
    with visitor.page.expect_download() as download:
        visitor.page.get_by_role("button", name=name, exact=True).click()
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def test_what_is_added_appears_with_a_preview_and_stays(
    collected: Callable[..., Visitor],
) -> None:
    visitor = collected()
    page = visitor.page
    assert titles(visitor) == ["What is the partnership?", "What budgets?"]
    expect(page.locator('[data-page="report"] .badge')).to_have_text("2")
    expect(card(visitor, 1)).to_contain_text("Answer · citations: 2 · rows: 4")
    expect(paper(visitor).locator("h2")).to_have_text(
        ["What is the partnership?", "What budgets?", "Notes", "Sources"]
    )
    assert add(visitor, items()[0]) == "already"
    visitor.go("report")
    assert titles(visitor) == ["What is the partnership?", "What budgets?"]
    assert visitor.hosts() <= {"127.0.0.1", "blob"}
    assert visitor.complaints == []


def test_items_are_put_in_order_edited_and_removed_with_the_keyboard_alone(
    collected: Callable[..., Visitor],
) -> None:
    visitor = collected()
    page = visitor.page
    # In order
    card(visitor, 1).get_by_role("button", name="Move up").focus()
    page.keyboard.press("Enter")
    assert titles(visitor) == ["What budgets?", "What is the partnership?"]
    expect(page.locator("#report-said[role=status]")).to_contain_text(
        "“What budgets?” is now number 1 of 2."
    )
    focused = "document.activeElement.getAttribute('aria-label')"
    assert page.evaluate(focused) == "Move up: What budgets?"
    page.keyboard.press("Enter")  # it is the first already
    assert titles(visitor) == ["What budgets?", "What is the partnership?"]
    # Edited
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Control+A")
    page.keyboard.type("Budgets in 2020")
    page.keyboard.press("Tab")
    page.keyboard.press("Control+A")
    page.keyboard.type("Only one number is left [2].")
    expect(paper(visitor).locator("h2").first).to_have_text("Budgets in 2020")
    expect(paper(visitor)).to_contain_text("Only one number is left")
    assert kept(visitor)[0]["title"] == "Budgets in 2020"
    expect(card(visitor, 0).get_by_role("button", name="Edit")).to_have_attribute(
        "aria-expanded", "true"
    )
    # Removed, and back
    card(visitor, 0).get_by_role("button", name="Remove").focus()
    page.keyboard.press("Enter")
    assert titles(visitor) == ["What is the partnership?"]
    assert page.evaluate(focused) == "Remove: What is the partnership?"
    page.get_by_role("button", name="Undo").focus()
    page.keyboard.press("Enter")
    assert titles(visitor) == ["Budgets in 2020", "What is the partnership?"]
    visitor.go("report")
    assert titles(visitor) == ["Budgets in 2020", "What is the partnership?"]


def test_an_item_is_moved_by_dragging(collected: Callable[..., Visitor]) -> None:
    visitor = collected()
    card(visitor, 0).locator(".handle").drag_to(card(visitor, 1).locator("h3"))
    assert titles(visitor) == ["What budgets?", "What is the partnership?"]
    assert [item["title"] for item in kept(visitor)] == titles(visitor)


def test_one_can_write_texts_of_ones_own_and_empty_the_report(
    collected: Callable[..., Visitor],
) -> None:
    visitor = collected(given=[])
    page = visitor.page
    expect(page.get_by_role("heading", name="Nothing collected yet")).to_be_visible()
    expect(page.get_by_role("button", name="Word document")).to_be_disabled()
    for number in (1, 2):
        page.get_by_role("button", name="Add a text of your own").click()
        assert len(titles(visitor)) == number
    page.locator(".editor input").last.fill("Why")
    page.locator(".editor textarea").last.fill("Because.")
    expect(paper(visitor)).to_contain_text("Because.")
    expect(page.get_by_role("heading", name="Nothing collected yet")).to_be_hidden()
    page.get_by_role("button", name="Empty the report").click()
    assert kept(visitor) == []
    page.get_by_role("button", name="Undo").click()
    assert [item["title"] for item in kept(visitor)] == ["", "Why"]


def test_the_files_come_with_title_author_language_and_quotes(
    collected: Callable[..., Visitor],
) -> None:
    visitor = collected()
    page = visitor.page
    page.get_by_label("Title", exact=True).fill("Regija in baterije")
    page.get_by_label("Author", exact=True).fill("Ana Novak")
    page.get_by_label("Language of headings and footnotes").select_option("sl")
    page.get_by_label("Print the quoted words in the footnotes").check()
    name, word = taken(visitor, "Word document")
    assert name == "regija-in-baterije.docx"
    notes = ZipFile(BytesIO(word)).read("word/footnotes.xml").decode()
    assert "»It was launched on 8 October 2018 in Brussels by three lead regions.«" in (
        notes.replace('</w:t></w:r><w:r><w:t xml:space="preserve">', "")
    )
    name, markdown = taken(visitor, "Markdown")
    assert name == "regija-in-baterije.md"
    assert markdown.decode().startswith("# Regija in baterije\n\nAna Novak · ")
    assert "## Viri" in markdown.decode()
    assert taken(visitor, "Web page (HTML)")[1].startswith(b"<!DOCTYPE html>")
    assert b"@misc{scoping-note," in taken(visitor, "BibTeX")[1]
    assert json.loads(taken(visitor, "CSL-JSON")[1])[0]["id"] == "progress-report"
    expect(page.locator("#report-said[role=status]")).to_contain_text(
        "regija-in-baterije.json is ready."
    )
    # Kept in this browser, with the rest.
    visitor.go("report")
    expect(page.get_by_label("Title", exact=True)).to_have_value("Regija in baterije")
    expect(page.get_by_label("Print the quoted words in the footnotes")).to_be_checked()
    assert visitor.complaints == []


def test_the_report_is_printed_from_a_tab_of_its_own(collected: Callable[..., Visitor]) -> None:
    visitor = collected()
    with visitor.page.expect_popup() as popup:
        visitor.page.get_by_role("button", name="Print or PDF").click()
    paper = popup.value
    expect(paper.get_by_role("heading", name="What budgets?")).to_be_visible()
    paper.locator("#fnref2").click()
    assert paper.url.endswith("#fn2")
    pdf = paper.pdf(prefer_css_page_size=True)
    from pypdf import PdfReader

    first = PdfReader(BytesIO(pdf)).pages[0]
    assert [round(float(side)) for side in first.mediabox[2:]] == [595, 842]  # A4 in points
    assert "Progress report, January - June 2020" in first.extract_text()
    paper.close()


def test_the_notes_of_the_preview_lead_there_and_back(
    collected: Callable[..., Visitor],
) -> None:
    visitor = collected()
    inside = "document.querySelector('#report-paper').shadowRoot.activeElement.id"
    paper(visitor).locator("#fnref3").click()
    assert visitor.page.evaluate(inside) == "fn3"
    paper(visitor).locator("#fn3 a[role=doc-backlink]").click()
    assert visitor.page.evaluate(inside) == "fnref3"
    assert visitor.page.url.endswith("/report")


def test_the_preview_shows_what_is_being_edited(collected: Callable[..., Visitor]) -> None:
    visitor = collected(given=[{**items()[0], "title": f"Question {n}"} for n in range(12)])
    expect(paper(visitor).locator("h2")).to_have_count(14)
    card(visitor, 9).get_by_role("button", name="Edit").click()
    expect(paper(visitor).get_by_role("heading", name="Question 9")).to_be_in_viewport()
    expect(paper(visitor).locator("h1")).not_to_be_in_viewport()


def test_another_tab_is_told_at_once(
    collected: Callable[..., Visitor], visit: Callable[..., Visitor]
) -> None:
    first, second = collected(), visit().go("report")
    assert titles(second) == titles(first)
    card(first, 0).get_by_role("button", name="Remove").click()
    expect(second.page.locator("#report-list > li")).to_have_count(1)
    expect(second.page.locator('[data-page="report"] .badge')).to_have_text("1")


def test_a_failure_is_said_and_nothing_is_lost(collected: Callable[..., Visitor]) -> None:
    visitor = collected()
    expect(paper(visitor)).to_be_visible()
    visitor.page.route("**/report/files/*", lambda route: route.abort())
    visitor.page.get_by_role("button", name="Word document").click()
    expect(visitor.page.locator("#report-said[role=status]")).to_contain_text(
        "The server did not answer."
    )
    assert len(kept(visitor)) == 2
    visitor.page.unroute("**/report/files/*")


def test_nothing_in_an_item_can_act(collected: Callable[..., Visitor]) -> None:
    evil = "<img src=x onerror='window.hacked=1'><script>window.hacked=1</script>"
    visitor = collected(given=[{**hostile_item(), "title": evil}])
    card(visitor, 0).get_by_role("button", name="Edit").click()
    visitor.page.get_by_label("Title", exact=True).fill(evil)
    expect(paper(visitor).locator("h1")).to_have_text(evil)
    assert titles(visitor) == [evil]
    assert visitor.page.evaluate("window.hacked") is None
    assert paper(visitor).locator("img, script, svg, iframe").count() == 0
    assert visitor.hosts() <= {"127.0.0.1", "blob"}


def test_what_is_kept_may_be_anything(visit: Callable[..., Visitor]) -> None:
    visitor = visit().go("report")
    for nonsense in ("{", "5", '"x"', "[1, null, {}]", '[{"id": "a"}]'):
        visitor.page.evaluate("text => localStorage.setItem('ambp-report', text)", nonsense)
        visitor.go("report")
        expect(visitor.page.get_by_role("heading", name="Nothing collected yet")).to_be_visible()
    assert visitor.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, TABLET, NARROW, SMALLEST], ids=lambda size: size["width"])
def test_the_page_fits_and_can_be_used_by_all(
    collected: Callable[..., Visitor], size: Any, scheme: str
) -> None:
    visitor = collected(size, scheme)
    expect(paper(visitor)).to_be_visible()
    card(visitor, 1).get_by_role("button", name="Edit").click()
    assert visitor.overflow() <= 0
    assert visitor.small_targets() == []
    # Up, or the head of the page lies over a part of a button.
    visitor.page.evaluate("scrollTo(0, 0)")
    assert axe(visitor.page) == []
    visitor.page.get_by_role("button", name="Empty the report").click()
    assert axe(visitor.page) == []


def test_the_page_speaks_the_visitors_language(collected: Callable[..., Visitor]) -> None:
    visitor = collected(locale="de-AT")
    page = visitor.page
    expect(page.get_by_role("heading", level=1).first).to_have_text("Ihr Bericht")
    card(visitor, 1).get_by_role("button", name="Nach oben").click()
    expect(page.locator("#report-said[role=status]")).to_contain_text("ist jetzt Nummer 1 von 2.")
    expect(paper(visitor)).to_contain_text("Quellen")


def test_figures_in_a_table_stay_in_one_piece(collected: Callable[..., Visitor]) -> None:
    rows = [["A long name of a project that takes two lines and more of a page", "€25,267,000"]] * 2
    item = {
        "kind": "answer",
        "title": "Budgets",
        "language": "en",
        "markdown": "Two.",
        "citations": [],
        "table": {
            "header": ["Project, which is a long name for what it is", "Budget"],
            "rows": rows,
        },
    }
    visitor = collected(NARROW, given=[item])
    figure = paper(visitor).get_by_role("cell", name="€25,267,000").first
    lines = """cell => {
        const range = document.createRange();
        range.selectNodeContents(cell);
        return range.getClientRects().length;
    }"""
    assert figure.evaluate(lines) == 1
    assert visitor.overflow() == 0
