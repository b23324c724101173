"""The library page as the staff has it: in a real browser, by mouse and by keyboard alone."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import NARROW, SMALLEST, TABLET, WIDE, Visitor, axe, served
from fakes import FakeEmbedder
from made_up import TopPassage, make_partnership
from playwright.sync_api import Locator, expect

from app.assistant import Assistant
from app.settings import Settings
from app.staff import jobs as job_module
from app.staff import password as passwords
from app.staff.password import StaffPassword
from app.staff.questions import QuestionLog, Reaction
from app.web.texts import LANGUAGES, texts
from app.workspace import Workspace
from retrieval.model import Progress, Vectors

pytestmark = pytest.mark.browser

GOOD = "correct horse battery"


class SlowEmbedder(FakeEmbedder):
    """Stops at texts with the word "slowly" in them until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.go_on = threading.Event()
        self.go_on.set()

    def embed(self, texts: Any, on_progress: Progress | None = None) -> Vectors:
        if on_progress and any("slowly" in text for text in texts):
            on_progress(0, len(texts))
            assert self.go_on.wait(30)
        return super().embed(texts, on_progress)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("staff")
    return Settings(
        data_dir=folder / "data",
        partnership=str(make_partnership(folder / "lakes")),
        max_file_mb=1,
        question_log_days=30,
    )


@pytest.fixture(scope="module")
def embedder() -> SlowEmbedder:
    return SlowEmbedder()


@pytest.fixture(scope="module")
def address(settings: Settings, embedder: SlowEmbedder) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_COST", 2**14)
        StaffPassword(settings.data_dir).set(GOOD)

        def opened(on_progress: object) -> Assistant:
            workspace = Workspace.open(settings, embedder=embedder)
            return Assistant(workspace, lambda w, _: TopPassage(w.library, w.where))

        with served(opened, settings) as url:
            yield url


class Staff:
    """Somebody on the library page."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor, self.page = visitor, visitor.page

    def come(self) -> "Staff":
        """Open the page, signed in by nobody."""
        self.page.context.clear_cookies()
        self.visitor.go("library")
        expect(self.page.locator("#library .sign-in")).to_be_visible()
        return self

    def sign_in(self, password: str = GOOD) -> "Staff":
        self.page.locator("#staff-password").fill(password)
        self.page.locator("#staff-password").press("Enter")
        if password == GOOD:
            expect(self.page.locator("#library .desk")).to_be_visible()
        return self

    def add(self, *files: Path) -> None:
        with self.page.expect_file_chooser() as chooser:
            self.page.get_by_role("button", name="Choose files").click()
        chooser.value.set_files(list(files))

    def change(self, name: str) -> Locator:
        """The entry of a change in the list of them."""
        named = self.page.locator(".name").get_by_text(name, exact=True)
        return self.page.locator(".changes li").filter(has=named).first

    def source(self, title: str) -> Locator:
        heading = self.page.get_by_role("heading", name=title, exact=True, level=3)
        return self.page.locator(".source").filter(has=heading)

    @property
    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")


@pytest.fixture
def come(visit: Callable[..., Visitor]) -> Callable[..., Staff]:
    def come(*args: Any, **more: Any) -> Staff:
        return Staff(visit(*args, **more)).come()

    return come


@pytest.fixture
def staff(come: Callable[..., Staff]) -> Staff:
    return come().sign_in()


def file(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


# --- In and out ----------------------------------------------------------------------------------


def test_one_signs_in_and_out_by_keyboard(come: Callable[..., Staff]) -> None:
    staff = come()
    page = staff.page
    field = page.get_by_label("Staff password")
    staff.sign_in("wrong horse battery")
    expect(page.get_by_role("alert")).to_have_text("That is not the password.")
    expect(field).to_be_focused()
    expect(field).to_have_value("")
    page.keyboard.type(GOOD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Library", level=1)).to_be_focused()
    expect(staff.source("Lake note")).to_be_visible()
    page.reload()
    expect(staff.source("Lake note")).to_be_visible()
    page.get_by_role("button", name="Sign out").press("Enter")
    expect(field).to_be_focused()
    expect(page.locator(".source")).to_have_count(0)
    page.reload()
    expect(field).to_be_visible()
    assert page.evaluate("document.cookie") == ""
    # The browser itself logs that the wrong password was refused.
    assert all("403" in complaint for complaint in staff.visitor.complaints)


def test_a_session_that_ended_is_told_at_the_next_step(staff: Staff) -> None:
    staff.page.context.clear_cookies()
    staff.page.get_by_role("button", name="Check and mend").click()
    expect(staff.page.get_by_role("alert")).to_have_text("Your session has ended. Sign in again.")
    expect(staff.page.get_by_label("Staff password")).to_be_focused()


def test_without_a_password_the_page_says_what_to_do(
    visit: Callable[..., Visitor], settings: Settings
) -> None:
    path = StaffPassword(settings.data_dir).path
    kept = path.read_bytes()
    path.unlink()
    try:
        page = visit().go("library").page
        expect(page.get_by_text("ambp staff-password")).to_be_visible()
        expect(page.locator("#library input")).to_have_count(0)
        assert axe(page) == []
    finally:
        path.write_bytes(kept)
    page.get_by_role("button", name="Look again").click()
    expect(page.get_by_label("Staff password")).to_be_visible()


# --- Sending files -------------------------------------------------------------------------------


def test_files_are_sent_with_a_bar_each_and_a_report_of_what_was_read(
    staff: Staff, tmp_path: Path, embedder: SlowEmbedder
) -> None:
    page = staff.page
    embedder.go_on.clear()
    staff.add(
        file(tmp_path, "storks.txt", "Storks nest slowly at the southern shore."),
        file(tmp_path, "swans.txt", "Swans nest at the eastern shore."),
        file(tmp_path, "broken.pdf", "%PDF-1.7 and nothing else"),
    )
    bar = page.get_by_role("progressbar", name="storks.txt")
    expect(staff.change("storks.txt")).to_contain_text("Being indexed: 0 of 1")
    assert bar.evaluate("bar => bar.position") == 0
    expect(staff.change("swans.txt")).to_contain_text("Waits for its turn")
    # Somebody else is answered meanwhile.
    assert page.evaluate("fetch('./').then(answer => answer.status)") == 200
    embedder.go_on.set()
    expect(staff.change("storks.txt")).to_contain_text("Added as “storks”. Passages: 1.")
    expect(staff.change("swans.txt")).to_contain_text("Added as “swans”. Passages: 1.")
    expect(staff.change("broken.pdf")).to_contain_text("Could not be read: ")
    expect(
        page.locator("#library > * > * > [role=status], #library [role=status]")
    ).to_contain_text("broken.pdf: Could not be read")
    expect(staff.source("storks")).to_contain_text("storks.txt", timeout=15_000)
    expect(staff.source("storks").get_by_role("cell", name="Original, added")).to_be_visible()
    assert axe(page) == []
    page.get_by_role("button", name="Clear what is done").click()
    expect(page.locator(".changes")).to_be_hidden()
    assert staff.visitor.complaints == []


_DROP = """([selector, files]) => {
    const data = new DataTransfer();
    for (const [name, text] of files) data.items.add(new File([text], name));
    const place = document.querySelector(selector);
    for (const kind of ["dragover", "drop"])
        place.dispatchEvent(
            new DragEvent(kind, {bubbles: true, cancelable: true, dataTransfer: data}),
        );
}"""


def test_files_are_dropped_where_they_belong_and_nowhere_else(staff: Staff) -> None:
    page = staff.page
    page.evaluate(_DROP, [".sources", [["geese.txt", "Geese rest here."]]])
    page.evaluate(
        _DROP, [".drop p", [["ducks.txt", "Ducks rest here."], ["teals.txt", "Teals too."]]]
    )
    expect(staff.source("ducks")).to_be_visible()
    expect(staff.source("teals")).to_be_visible()
    expect(staff.source("geese")).to_have_count(0)
    expect(staff.change("geese.txt")).to_have_count(0)


def test_what_is_too_large_or_empty_or_too_many_is_not_sent(
    staff: Staff, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff.add(file(tmp_path, "large.txt", "x" * (1024 * 1024 + 1)), file(tmp_path, "empty.txt", ""))
    expect(staff.change("large.txt")).to_contain_text("larger than 1 MB")
    expect(staff.change("empty.txt")).to_contain_text("the file is empty")
    names = [[f"{n}.txt", "x"] for n in range(job_module.MOST_WAITING + 1)]
    staff.page.evaluate(_DROP, [".drop", names])
    expect(staff.page.get_by_role("alert")).to_contain_text("51 files; 50 are the most")
    expect(staff.change("50.txt")).to_have_count(0)


def test_a_connection_that_breaks_off_is_told(staff: Staff, tmp_path: Path) -> None:
    staff.page.route("**/library/files*", lambda route: route.abort())
    staff.add(file(tmp_path, "lost.txt", "Never sent."))
    expect(staff.change("lost.txt")).to_contain_text("the connection to the server broke off")


def test_sending_can_be_cancelled(staff: Staff, tmp_path: Path) -> None:
    # A request that is never passed on is one that takes long.
    staff.page.route("**/library/files*", lambda route: None)
    staff.add(file(tmp_path, "slow.txt", "x"), file(tmp_path, "next.txt", "Rails hide here."))
    staff.page.get_by_role("button", name="Cancel: slow.txt").press("Enter")
    expect(staff.change("slow.txt")).to_contain_text("Left out.")
    staff.page.get_by_role("button", name="Cancel: next.txt").press("Enter")
    expect(staff.change("next.txt")).to_contain_text("Left out.")
    staff.page.unroute("**/library/files*")


def test_a_file_of_a_known_name_asks_by_keyboard_what_is_meant(
    staff: Staff, tmp_path: Path
) -> None:
    page = staff.page
    staff.add(file(tmp_path / "1", "minutes.txt", "We met on Monday."))
    expect(staff.source("minutes")).to_have_count(1)
    staff.add(file(tmp_path / "2", "minutes.txt", "We met on Tuesday."))
    expect(staff.dialog).to_have_accessible_name("“minutes.txt” is there already")
    assert axe(page) == []
    page.keyboard.press("Escape")
    expect(staff.change("minutes.txt")).to_contain_text("Left out.")
    staff.add(tmp_path / "2" / "minutes.txt")
    staff.dialog.get_by_role("button", name="Keep both").press("Enter")
    expect(page.get_by_role("rowheader", name="minutes (2).txt")).to_be_visible()
    staff.add(file(tmp_path / "3", "minutes.txt", "We met on Friday."))
    staff.dialog.get_by_role("button", name="Replace the old version").press("Enter")
    expect(staff.change("minutes.txt")).to_contain_text("The old version of “minutes” is replaced")
    assert page.get_by_role("rowheader", name="minutes.txt", exact=True).count() == 1


# --- Sources -------------------------------------------------------------------------------------


def test_a_document_is_replaced_and_a_publication_added(staff: Staff, tmp_path: Path) -> None:
    page = staff.page
    staff.add(file(tmp_path, "plan.txt", "The plan is old."))
    button = page.get_by_role("button", name="Replace plan.txt")
    with page.expect_file_chooser() as chooser:
        button.click()
    assert not chooser.value.is_multiple()
    chooser.value.set_files(file(tmp_path, "Plan, final.md", "The plan is new."))
    expect(page.get_by_role("button", name="Replace Plan, final.md")).to_be_visible()
    expect(button).to_have_count(0)
    add = page.get_by_role("button", name="Add the publication to “Report on the lakes”")
    with page.expect_file_chooser() as chooser:
        add.click()
    chooser.value.set_files(file(tmp_path, "scan-001.txt", "It was a rainy year."))
    expect(staff.source("Report on the lakes")).to_contain_text("scan-001.txt")
    expect(add).to_have_count(0)


def test_removing_asks_first_is_verified_and_can_be_undone_by_keyboard(staff: Staff) -> None:
    page = staff.page
    button = page.get_by_role("button", name="Remove “Lake note”")
    button.press("Enter")
    expect(staff.dialog).to_have_accessible_name("Remove “Lake note”?")
    expect(staff.dialog).to_contain_text("documents: 2")
    expect(staff.dialog.get_by_role("button", name="Cancel")).to_be_focused()
    assert axe(page) == []
    page.keyboard.press("Enter")
    expect(button).to_be_focused()
    button.press("Enter")
    page.keyboard.press("Shift+Tab")
    expect(staff.dialog.get_by_role("button", name="Remove")).to_be_focused()
    page.keyboard.press("Enter")
    expect(staff.change("Remove “Lake note”")).to_contain_text("nothing of it answers any more")
    expect(staff.source("Lake note")).to_have_count(0)
    expect(page.get_by_role("heading", name="Sources", exact=True)).to_be_focused()
    expect(page.get_by_role("heading", name="Removed sources")).to_be_visible()
    assert axe(page) == []
    page.get_by_role("button", name="Bring back “Lake note”").press("Enter")
    expect(staff.source("Lake note")).to_be_visible()
    expect(staff.source("Lake note")).to_contain_text("Regions: 2")


def test_what_was_open_stays_open_when_the_sources_change(staff: Staff, tmp_path: Path) -> None:
    names = staff.source("Report on the lakes").locator("details").last
    names.locator("summary").press("Enter")
    expect(names).to_contain_text("Lake Land")
    names.locator("summary").focus()
    staff.page.evaluate(_DROP, [".drop", [["reeds.txt", "Reeds grow here."]]])
    expect(staff.source("reeds")).to_be_visible()
    expect(names).to_have_attribute("open", "")
    expect(names.locator("summary")).to_be_focused()


def test_what_others_change_shows_by_itself(
    visit: Callable[..., Visitor], staff: Staff, tmp_path: Path
) -> None:
    other = Staff(visit(NARROW)).come().sign_in()
    staff.add(file(tmp_path, "by-me.md", "# Moles of the shore\n\nThe mole is long."))
    expect(staff.change("by-me.md").locator(".outcome")).to_be_visible()
    expect(other.source("Moles of the shore")).to_be_visible(timeout=8_000)


def test_many_sources_can_be_filtered(staff: Staff, tmp_path: Path) -> None:
    files = [[f"number-{n}.txt", f"Fact number {n}."] for n in range(8)]
    staff.page.evaluate(_DROP, [".drop", files])
    expect(staff.source("number 7")).to_be_visible(timeout=30_000)
    staff.page.get_by_label("Filter the sources").fill("NUMBER 3")
    expect(staff.page.locator(".source:visible")).to_have_count(1)
    expect(staff.page.locator("#library [role=status]")).to_have_text("Shown: 1")
    assert axe(staff.page) == []


def test_the_index_is_checked(staff: Staff) -> None:
    staff.page.get_by_role("button", name="Check and mend the index").click()
    expect(staff.change("Check and mend the index")).to_contain_text("Everything is in order.")


# --- Questions -----------------------------------------------------------------------------------


def test_the_questions_are_shown_taken_away_as_a_file_and_deleted(
    come: Callable[..., Staff], settings: Settings
) -> None:
    log = QuestionLog(settings.data_dir, 30)
    for wording in ("Who is the treasurer?", "who is the treasurer", "Who is the treasurer?"):
        log.note(wording, Reaction.UNANSWERED)
    staff = come().sign_in()
    page = staff.page
    row = page.get_by_role("row", name="Who is the treasurer?")
    expect(row.get_by_role("cell").first).to_have_text("3")
    page.get_by_text("Other wordings: 1").press("Enter")
    expect(row).to_contain_text("who is the treasurer")
    assert axe(page) == []
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as CSV").click()
    assert Path(download.value.path()).read_text(encoding="utf-8-sig").count("treasurer") == 6
    link = row.get_by_role("link", name="Who is the treasurer?")
    assert link.evaluate("each => each.href").endswith("/?q=Who%20is%20the%20treasurer%3F")
    page.get_by_role("button", name="Delete all").click()
    staff.dialog.get_by_role("button", name="Delete all").click()
    expect(page.get_by_text("None so far.")).to_be_visible()
    expect(page.locator("#library [role=status]")).to_have_text("Deleted: 3")
    assert log.held() == []


# --- Looks ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "scheme"),
    [(WIDE, "light"), (WIDE, "dark"), (TABLET, "dark"), (NARROW, "light"), (NARROW, "dark"),
     (SMALLEST, "light")],
    ids=lambda given: str(given["width"]) if isinstance(given, dict) else given,
)  # fmt: skip
def test_it_fits_and_can_be_used_by_everybody(
    come: Callable[..., Staff], settings: Settings, size: dict[str, int], scheme: str
) -> None:
    QuestionLog(settings.data_dir, 30).note("Who is the treasurer?", Reaction.UNANSWERED)
    staff = come(size, scheme)
    for state in ("sign-in", "desk"):
        if state == "desk":
            staff.sign_in()
        assert axe(staff.page) == [], state
        assert staff.visitor.overflow() == 0, state
        assert staff.visitor.small_targets() == [], state
    assert staff.visitor.hosts() == {"127.0.0.1"}
    assert staff.visitor.complaints == []


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_it_speaks_the_visitors_language(come: Callable[..., Staff], language: str) -> None:
    words = texts("staff", language)
    staff = come(locale=language)
    expect(staff.page.get_by_label(words["password"])).to_be_visible()
    staff.sign_in("wrong horse battery")
    expect(staff.page.get_by_role("alert")).to_have_text(words["wrong"])
    staff.sign_in()
    for key in ("add_title", "sources_title", "questions_title"):
        expect(staff.page.get_by_role("heading", name=words[key], exact=True)).to_be_visible()
    staff.page.get_by_role("button", name=words["job_reindex"]).click()
    expect(staff.change(words["job_reindex"])).to_contain_text(words["in_order"])
