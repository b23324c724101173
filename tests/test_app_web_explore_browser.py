"""Exploring as a visitor does it: in a real browser, by mouse and by keyboard, small and dark."""

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import NARROW, SMALLEST, TABLET, WIDE, Visitor, axe, served
from conftest import ROOT
from PIL import Image
from playwright.sync_api import Download, expect
from stub_assistant import StubAssistant

from app.settings import Settings
from app.web.explore.page import VIEWS
from corpus import knowledge
from corpus.knowledge import Knowledge

pytestmark = pytest.mark.browser
Visit = Callable[..., Visitor]


class Knowing(StubAssistant):
    """A stub that tells what it knows."""

    def __init__(self, held: Knowledge) -> None:
        super().__init__()
        self.knowledge = held


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    held = knowledge.load(ROOT / "corpus" / "ambp")
    settings = Settings(data_dir=tmp_path_factory.mktemp("data"))
    with served(lambda on_progress: Knowing(held), settings, held.partnership) as url:
        yield url


def explore(visitor: Visitor, view: str = "regions") -> Visitor:
    visitor.go(f"explore#{view}")
    expect(visitor.page.locator(f'.view[data-name="{view}"]')).to_be_visible(timeout=30_000)
    return visitor


# A hundred rows are for axe a hundred times the same, and as much work.
_FEWER = """document.querySelectorAll(
    "tbody tr:nth-child(n + 8), .notes-list li:nth-child(n + 16)").forEach(each => each.remove())"""


def kept(visitor: Visitor) -> list[dict[str, Any]]:
    """The items of the visitor's report."""
    items: list[dict[str, Any]] = visitor.page.evaluate("window.ambpReport.items()")
    return items


def saved(download: Download, folder: Path) -> Path:
    path = folder / download.suggested_filename
    download.save_as(path)
    return path


# --- Views -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "scheme"), [(WIDE, "light"), (TABLET, "dark"), (NARROW, "dark"), (SMALLEST, "light")]
)
def test_every_view_fits_can_be_read_and_asks_no_other_host(
    visit: Visit, size: dict[str, int], scheme: str
) -> None:
    visitor = visit(size, scheme)
    for view in VIEWS:
        explore(visitor, view)
        if view == "regions":
            visitor.page.locator("a.marker").first.click()
        assert visitor.overflow() == 0, view
        assert visitor.small_targets() == [], view
        visitor.page.evaluate("window.scrollTo(0, 0)")  # what the head covers is not too small
        visitor.page.evaluate(_FEWER)
        assert axe(visitor.page) == [], view
    assert visitor.hosts() == {"127.0.0.1"}
    assert visitor.complaints == []


def test_the_views_are_changed_by_their_links_and_by_going_back(visit: Visit) -> None:
    page = explore(visit()).page
    page.get_by_role("link", name="Events", exact=True).click()
    expect(page.get_by_role("heading", name="Events", exact=True, level=2)).to_be_focused()
    expect(page.locator('[data-view="events"]')).to_have_attribute("aria-current", "page")
    expect(page.locator('[data-view="regions"]')).not_to_have_attribute("aria-current", "page")
    page.go_back()
    expect(page.locator('.view[data-name="regions"]')).to_be_visible()


def test_an_address_can_name_a_region(visit: Visit) -> None:
    visitor = visit().go("explore#region-lombardy")
    expect(visitor.page.locator("#region-lombardy")).to_be_visible(timeout=30_000)
    expect(visitor.page.get_by_role("heading", name="Lombardy")).to_be_visible()


def test_the_interface_is_in_the_language_of_the_visitor(visit: Visit) -> None:
    page = explore(visit(WIDE, "light", "", "de-AT")).page
    expect(page.get_by_role("heading", name="Karte der Regionen")).to_be_visible()
    expect(page.locator("#regions-table").get_by_text("participating").first).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Speichern: Regionen (CSV)").click()
    assert "Rolle" in Path(download.value.path()).read_text("utf-8-sig").splitlines()[0]


def test_a_server_that_is_gone_is_told(visit: Visit) -> None:
    visitor = explore(visit())
    visitor.page.route("**/explore/events.html*", lambda route: route.abort())
    visitor.page.get_by_role("link", name="Events", exact=True).click()
    expect(visitor.page.get_by_text("This could not be loaded.")).to_be_visible()


# --- The map -----------------------------------------------------------------------------------


def test_the_map_can_be_used_by_keyboard_alone(visit: Visit) -> None:
    page = explore(visit()).page
    page.locator('[data-view="requirements"]').focus()
    page.keyboard.press("Tab")  # to what saves the map
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip the map")
    expect(skip).to_be_focused()
    page.keyboard.press("Tab")
    marker = page.locator("a.marker").first
    expect(marker).to_be_focused()
    expect(marker).to_have_attribute("aria-label", "Andalusia, leading, Spain")
    expect(page.locator("#explore-tip")).to_have_text("Andalusia, leading, Spain")
    page.keyboard.press("Enter")
    details = page.locator("#region-andalusia")
    expect(details).to_be_focused()
    expect(details).to_contain_text("leading")
    expect(marker).to_have_attribute("aria-current", "true")
    page.keyboard.press("Escape")
    expect(details).to_be_hidden()
    expect(marker).to_be_focused()
    skip.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#regions-head")).to_be_focused()


def test_one_region_is_shown_at_a_time(visit: Visit) -> None:
    page = explore(visit()).page
    page.locator("a.marker").nth(3).click()
    page.locator("a.marker").nth(5).click()
    expect(page.locator(".details article:visible")).to_have_count(1)
    expect(page.locator("a.marker[aria-current]")).to_have_count(1)
    page.get_by_role("button", name="Close").click()
    expect(page.locator(".details article:visible")).to_have_count(0)


# --- Tables ------------------------------------------------------------------------------------


def test_a_number_opens_its_footnote_and_leads_back(visit: Visit) -> None:
    page = explore(visit()).page
    number = page.locator("#regions-table a.note").first
    number.hover()
    expect(page.locator("#explore-tip")).to_contain_text("September 2020")
    number.focus()
    page.keyboard.press("Enter")
    note = page.locator("#regions-note-1")
    expect(note).to_be_focused()
    expect(note).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(number).to_be_focused()


def test_a_table_shows_the_rows_with_the_words_typed(visit: Visit) -> None:
    page = explore(visit()).page
    page.get_by_label("Find in the table").fill("spain LEADING")
    expect(page.locator("#regions-table tbody tr:visible")).to_have_count(2)
    expect(page.locator("#regions-found")).to_have_text("Rows shown: 2 of 32")
    page.get_by_label("Find in the table").fill("")
    expect(page.locator("#regions-table tbody tr:visible")).to_have_count(32)
    expect(page.locator("#regions-found")).to_have_text("")


def test_a_table_is_sorted_by_value_with_what_is_not_stated_last(visit: Visit) -> None:
    page = explore(visit(), "projects").page
    table = page.locator("#projects-table")
    column = table.locator("thead th").all_inner_texts().index("Budget")
    for direction, first in (("ascending", "€3,240,000"), ("descending", "€25,267,000")):
        table.get_by_role("button", name="Budget").click()
        head = table.locator("thead th").nth(column)
        expect(head).to_have_attribute("aria-sort", direction)
        cells = [row.split("\n")[0] for row in table.locator(
            f"tbody tr td:nth-child({column + 1})").all_inner_texts()]  # fmt: skip
        assert cells[0] == first
        assert [cell.startswith("€") for cell in cells] == [True] * 4 + [False] * 8


@pytest.mark.parametrize("name", ["projects", "events"])
def test_a_table_with_many_columns_fits_and_folds_the_others_away(visit: Visit, name: str) -> None:
    visitor = explore(visit(), name)
    table = visitor.page.locator(f"#{name}-table")
    more = table.locator("details.more").first
    stated = more.locator("dd").first
    expect(stated).not_to_be_visible()
    summary = more.locator("summary")
    summary.focus()
    summary.press("Enter")
    expect(stated).to_be_visible()
    assert stated.inner_text()
    too_wide = table.evaluate("t => t.parentElement.scrollWidth - t.parentElement.clientWidth")
    assert too_wide <= 0
    assert axe(visitor.page) == []


def test_asking_about_a_row_asks_the_chat(visit: Visit) -> None:
    page = explore(visit()).page
    link = page.locator("#row-regions-bavaria").get_by_role("link", name="Ask about this: Bavaria")
    expect(link).to_have_attribute("href", "./?q=Is%20Bavaria%20part%20of%20the%20AMBP%3F")
    link.click()
    expect(page.locator(".turn .question")).to_contain_text("Is Bavaria part of the AMBP?")


def test_rows_and_tables_go_into_the_report_with_their_citations(visit: Visit) -> None:
    visitor = explore(visit())
    page = visitor.page
    button = page.locator("#row-regions-austria").get_by_role("button")
    button.click()
    expect(button).to_have_text("Added")
    expect(page.locator("#explore-status")).to_contain_text("Austria: Added")
    page.get_by_role("button", name="Add to report: Regions").click()
    row, table = kept(visitor)
    assert (row["kind"], row["title"]) == ("row", "Austria")
    assert "**Role**: participating [" in row["markdown"]
    assert row["citations"][0]["source"] == "ambp-monitoring-report-2020-h1"
    assert (table["kind"], len(table["table"]["rows"])) == ("table", 32)
    expect(page.locator('[data-page="report"] .badge')).to_have_text("2")
    button.click()
    expect(button).to_have_text("Already in it")
    assert len(kept(visitor)) == 2


def test_charts_and_tables_are_saved_as_files(visit: Visit, tmp_path: Path) -> None:
    page = explore(visit(), "figures").page
    with page.expect_download() as download:
        page.get_by_role("link", name="Save: Regions committed to the partnership (PNG)").click()
    with Image.open(saved(download.value, tmp_path)) as picture:
        assert picture.width > 1000
    with page.expect_download() as download:
        page.get_by_role("link", name="Save: Regions committed to the partnership (CSV)").click()
    text = saved(download.value, tmp_path).read_text("utf-8-sig")
    values = {row["Date"]: row["Value"] for row in csv.DictReader(text.splitlines())}
    assert values["October 2018"] == "8 regions"
    assert values["2020"] == "26 regions"


def test_a_chart_has_its_table_under_it(visit: Visit) -> None:
    page = explore(visit(), "figures").page
    page.locator(".as-table summary").first.click()
    expect(page.locator(".as-table table").first).to_contain_text("26 regions")
    expect(page.locator(".as-table table").first).to_contain_text("Sources differ")


# --- The checklist -----------------------------------------------------------------------------


def test_what_is_ticked_stays_in_this_browser_and_goes_nowhere(visit: Visit) -> None:
    visitor = explore(visit(), "requirements")
    page = visitor.page
    first = page.locator("fieldset.requirement").first
    tally = page.locator("[data-tally]").first
    expect(tally).to_have_text("Met: 0 · Open: 0 · Not known: 7")
    visitor.requests.clear()
    first.get_by_label("Met").check()
    page.locator("fieldset.requirement").nth(1).get_by_label("Open").focus()
    page.keyboard.press("Space")
    page.get_by_label("Region or project").fill("Our project")
    expect(tally).to_have_text("Met: 1 · Open: 1 · Not known: 5")
    assert [r for r in visitor.requests if "/gradio_api/" not in r] == []
    page.reload()
    expect(page.locator("fieldset.requirement").first.get_by_label("Met")).to_be_checked()
    expect(page.get_by_label("Region or project")).to_have_value("Our project")
    page.get_by_role("button", name="Clear all marks").click()
    expect(tally).to_have_text("Met: 0 · Open: 0 · Not known: 7")
    assert json.loads(page.evaluate("localStorage['ambp-checklists']"))["AMBP"]["ticks"] == {}


def test_the_checklist_goes_into_the_report_and_into_a_file(visit: Visit, tmp_path: Path) -> None:
    visitor = explore(visit(), "requirements")
    page = visitor.page
    page.locator("fieldset.requirement").first.get_by_label("Met").check()
    page.get_by_label("Region or project").fill("Our project")
    page.locator("[data-add-checklist]").click()
    (item,) = kept(visitor)
    assert item["title"] == "Checklist of requirements: Our project"
    assert [row[-1] for row in item["table"]["rows"]] == ["Met"] + ["Not known"] * 9
    assert {1} <= {each["n"] for each in item["citations"]}
    with page.expect_download() as download:
        page.get_by_role("button", name="Save my marks").click()
    rows = list(csv.reader(saved(download.value, tmp_path).read_text("utf-8-sig").splitlines()))
    assert rows[0] == ["Name", "Requirement", "My state", "Sources"]
    assert rows[1][2] == "Met"
    assert "AMBP at a glance" in rows[1][3]


def test_the_checklist_is_printed_with_its_marks_and_footnotes_alone(visit: Visit) -> None:
    page = explore(visit(), "requirements").page
    first = page.locator("fieldset.requirement").first
    first.get_by_label("Met").check()
    page.emulate_media(media="print")
    expect(first.get_by_text("Met", exact=True)).to_be_visible()
    expect(first.get_by_text("Not known", exact=True)).to_be_hidden()
    expect(first.get_by_role("link", name="Ask about this")).to_be_hidden()
    expect(page.locator(".notes-list")).to_be_visible()
    expect(page.locator(".explore-head nav")).to_be_hidden()
    expect(page.locator(".masthead nav")).to_be_hidden()
