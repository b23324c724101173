"""The library page on the server: nothing behind the sign-in without a session, files as sent."""

import asyncio
import re
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fakes import FakeEmbedder
from made_up import TopPassage, make_partnership
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.assistant import Assistant
from app.settings import Settings
from app.staff import jobs as job_module
from app.staff import password as passwords
from app.staff.password import StaffPassword
from app.staff.questions import QuestionLog, Reaction
from app.web.site import Site
from app.web.staff import LIBRARY
from app.web.staff.access import COOKIE
from app.web.staff.receiving import clear_leftovers, free_name, safe_name
from app.web.texts import LANGUAGES, texts
from app.workspace import Workspace
from corpus.records import KINDS

GOOD = "correct horse battery"
FROM_US = {"Sec-Fetch-Site": "same-origin"}
# What signing in needs; everything else has to ask for a session.
BEFORE = {("GET", "/library/sign-in"), ("POST", "/library/sign-in")}


class Staff(TestClient):
    """A browser that can sign in, and sends what the page sends."""

    def __init__(self, app, settings):
        super().__init__(app, base_url="http://127.0.0.1:7860")
        self.password = StaffPassword(settings.data_dir)
        self.token = ""

    def sign_in(self, password=GOOD):
        answer = self.post("/library/sign-in", json={"password": password}, headers=FROM_US)
        if answer.status_code == 204:
            page = self.get("/library/view").text
            self.token = re.search(r'data-form-token="([^"]+)"', page)[1]
        return answer

    def change(self, name, **given):
        headers = {**FROM_US, "X-Form-Token": self.token}
        return self.post(f"/library/{name}", headers=headers, **given)

    def upload(self, name, content, **query):
        """Send a file and wait until nothing is under way; the answer to the sending."""
        answer = self.change("files", params={"name": name, **query}, content=content)
        self.changes()
        return answer

    def changes(self):
        for _ in range(500):
            found = self.get("/library/changes").json()["jobs"]
            if all(job["over"] for job in found):
                return found
            time.sleep(0.01)
        raise AssertionError(found)


@pytest.fixture
def settings(tmp_path):
    return Settings(
        data_dir=tmp_path / "data",
        partnership=str(make_partnership(tmp_path / "lakes")),
        max_file_mb=1,
        question_log_days=30,
    )


@pytest.fixture
def site(settings, monkeypatch):
    monkeypatch.setattr(passwords, "_COST", 2**14)
    workspace = Workspace.open(settings, embedder=FakeEmbedder())
    with Assistant(workspace, lambda w, _: TopPassage(w.library, w.where)) as assistant:
        yield Site(assistant, assistant.knowledge.partnership, settings)


@pytest.fixture
def app(site):
    return Starlette(routes=LIBRARY.routes(site))


@pytest.fixture
def nobody(app, settings):
    """A browser that is not signed in, before any password is set."""
    return Staff(app, settings)


@pytest.fixture
def staff(nobody):
    nobody.password.set(GOOD)
    assert nobody.sign_in().status_code == 204
    return nobody


def calls(site):
    """Every address of the page with every method that it takes."""
    return [(method, route.path) for route in LIBRARY.routes(site) for method in route.methods]


# --- Who gets in ---------------------------------------------------------------------------------


def test_every_address_but_those_of_signing_in_asks_for_a_session(site, nobody, settings):
    every = calls(site)
    assert len(every) >= 14
    assert {call for call in every if call[0] != "HEAD"} >= BEFORE
    behind = [
        call for call in every if ("GET" if call[0] == "HEAD" else call[0], call[1]) not in BEFORE
    ]
    for method, path in behind:  # as long as no password is set, there is nothing
        assert nobody.request(method, path, headers=FROM_US).status_code == 404, path
    nobody.password.set(GOOD)
    held = site.assistant.status()
    for cookie in ("", "x", GOOD, "0" * 43):
        for method, path in behind:
            headers = {**FROM_US, "X-Form-Token": cookie, "Cookie": f"{COOKIE}={cookie}"}
            answer = nobody.request(method, path, headers=headers, json={"source": "lake-note"})
            assert answer.status_code == 401, (method, path)
            assert "Lake" not in answer.text
    nobody.sign_in()
    for method, path in behind:
        if method != "POST":
            assert nobody.request(method, path).status_code == 200, path
        else:
            assert nobody.post(path, headers=FROM_US, json={}).status_code == 403, path
    assert site.assistant.status() == held
    assert not settings.data_dir.joinpath("uploads").exists()


def test_what_changes_anything_needs_the_form_token_of_this_session(site, staff, app, settings):
    other = Staff(app, settings)
    other.sign_in()
    posts = [path for method, path in calls(site) if method == "POST"]
    for path in set(posts) - {"/library/sign-in"}:
        for headers in (
            {},
            FROM_US,
            {"X-Form-Token": staff.token},
            {**FROM_US, "X-Form-Token": other.token},
            {"Sec-Fetch-Site": "cross-site", "X-Form-Token": staff.token},
            {"Sec-Fetch-Site": "same-site", "X-Form-Token": staff.token},
            {"Origin": "http://evil.example", "X-Form-Token": staff.token},
            {"Origin": "null", "X-Form-Token": staff.token},
        ):
            assert staff.post(path, headers=headers, json={}).status_code == 403, (path, headers)
    origin = {"Origin": "http://127.0.0.1:7860", "X-Form-Token": staff.token}
    assert staff.post("/library/clear", headers=origin).status_code == 204


def test_another_site_cannot_sign_anybody_in(nobody):
    nobody.password.set(GOOD)
    for headers in ({}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://evil.example"}):
        answer = nobody.post("/library/sign-in", json={"password": GOOD}, headers=headers)
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers


def test_there_is_no_sign_in_until_a_password_is_set(nobody):
    assert "ambp staff-password" in nobody.get("/library/sign-in").text
    assert "<form" not in nobody.get("/library/sign-in").text
    assert nobody.sign_in("").status_code == 404
    nobody.password.set(GOOD)
    assert "<form" in nobody.get("/library/sign-in").text
    assert nobody.sign_in().status_code == 204


def test_the_cookie_is_for_this_page_alone_and_no_script_sees_it(nobody):
    nobody.password.set(GOOD)
    cookie = nobody.sign_in().headers["set-cookie"]
    for part in ("HttpOnly", "SameSite=strict", "Max-Age="):
        assert part in cookie
    assert "Secure" not in cookie  # not over http, where it would never come back
    assert "Path" not in cookie
    safe = TestClient(nobody.app, base_url="https://partnership.example")
    answer = safe.post("/library/sign-in", json={"password": GOOD}, headers=FROM_US)
    assert "Secure" in answer.headers["set-cookie"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wrong_password_is_told_and_too_many_have_to_wait(nobody, language):
    nobody.password.set(GOOD)
    words, told = texts("staff", language), []
    for _ in range(7):
        answer = nobody.post(
            f"/library/sign-in?language={language}", json={"password": "x"}, headers=FROM_US
        )
        told.append((answer.status_code, answer.json()["problem"]))
    assert told[:4] == [(403, words["wrong"])] * 4
    assert told[-1] == (429, words["wait"].format(seconds=1))
    assert answer.headers["retry-after"] == "1"
    assert nobody.sign_in().status_code == 429


@pytest.mark.parametrize("body", [b"", b"[]", b"\xff", b'{"password": 1}', b"{" * 100_000])
def test_what_is_no_form_is_a_wrong_password(nobody, body):
    nobody.password.set(GOOD)
    answer = nobody.post("/library/sign-in", content=body, headers=FROM_US)
    assert answer.status_code == 403


def test_signing_out_ends_the_session_on_the_server(staff):
    token = staff.cookies[COOKIE]
    assert staff.change("sign-out").status_code == 204
    assert COOKIE not in staff.cookies
    staff.cookies.set(COOKIE, token)
    assert staff.get("/library/view").status_code == 401


def test_a_new_password_ends_all_sessions(staff):
    assert staff.get("/library/view").status_code == 200
    staff.password.set("another good password")
    assert staff.get("/library/view").status_code == 401
    assert staff.sign_in().status_code == 403
    assert staff.sign_in("another good password").status_code == 204


def test_a_damaged_password_file_lets_nobody_in(staff):
    staff.password.path.write_text("{}")
    answer = staff.get("/library/view")
    assert answer.status_code == 500
    assert "ambp staff-password" in answer.json()["remedy"]


def test_nothing_is_kept_by_any_cache(site, staff):
    for method, path in calls(site):
        answer = staff.request(method, path, headers=FROM_US, json={})
        assert answer.headers["cache-control"] == "no-store", path


def test_the_pages_have_no_library_where_there_is_only_a_stub():
    from stub_assistant import StubAssistant

    from corpus.knowledge import Partnership

    settings = Settings(data_dir=Path("/nowhere"))
    stub = Site(StubAssistant(), Partnership(name="n", abbreviation="a"), settings)
    assert LIBRARY.routes(stub) == ()


# --- Sources -------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_shows_what_is_held_and_what_rests_on_it(staff, language):
    page = staff.get(f"/library/view?language={language}").text
    words = texts("staff", language)
    assert "Lake note" in page
    assert words["counted"].format(name=words["kind_region"], count=2) in page
    assert "Nokia Shore, Lake Land" in page
    assert words["counted"].format(name=words["digest"], count=1) in page
    assert not re.search(r"\{\w+\}", page)


def test_every_kind_of_record_has_a_name_in_every_language():
    for language in LANGUAGES:
        assert {f"kind_{kind}" for kind in KINDS} <= set(texts("staff", language))


def test_a_file_that_is_sent_answers_and_its_upload_is_gone(staff, site):
    answer = staff.upload("herons.txt", b"Herons nest at the northern shore.")
    assert answer.status_code == 202
    (job,) = staff.changes()
    assert job["id"] == answer.json()["job"]
    assert "herons" in job["line"]
    assert "Herons" in site.assistant.ask("herons").text
    assert "herons.txt" in staff.get("/library/sources").text
    assert list(site.assistant.workspace.uploads.iterdir()) == []


def test_what_a_reader_could_not_read_is_told_and_escaped(staff):
    staff.upload("<b>x.pdf", b"%PDF-1.7 nothing else")
    (job,) = staff.changes()
    assert texts("staff")["not_read"] in job["html"]
    assert "<b>" not in job["html"]
    staff.upload("x.txt", b"<img src=x onerror=alert(1)> Herons nest here.")
    staff.upload("Y <i>.html", b"<html><title>&lt;script&gt;T</title><p>Storks nest here too.</p>")
    for part in (staff.get("/library/sources").text, *[j["html"] for j in staff.changes()]):
        assert "<script" not in part
        assert "<img" not in part
        assert "<i>" not in part


@pytest.mark.parametrize(
    "evil",
    [
        "../../evil.txt",
        "..\\..\\evil.txt",
        "/etc/evil.txt",
        "C:\\evil.txt",
        "\x00/evil.txt",
        "..",
        "",
    ],
)
def test_no_name_leads_out_of_its_folder(staff, site, tmp_path, evil):
    before = set(tmp_path.rglob("*evil*"))
    assert staff.upload(evil, b"Herons nest here.").status_code == 202
    assert set(tmp_path.rglob("*evil*")) == before
    (job,) = staff.changes()
    assert "/" not in job["line"].split(":")[0]


def test_a_file_of_a_known_name_asks_what_is_meant(staff, site):
    staff.upload("minutes.txt", b"We met on Monday.")
    there = staff.upload("Minutes.txt", b"We met on Tuesday.")
    assert there.status_code == 409
    found = there.json()
    assert (found["name"], found["title"]) == ("Minutes.txt", "minutes")
    assert "Tuesday" not in site.assistant.ask("Tuesday").text
    staff.upload("Minutes.txt", b"We met on Tuesday.", both="yes")
    assert "Minutes (2).txt" in staff.get("/library/sources").text
    assert "Monday" in site.assistant.ask("Monday").text
    query = {"source": found["source"], "document": found["document"]}
    staff.upload("Minutes.txt", b"We met on Friday.", **query)
    assert "Monday" not in site.assistant.ask("Monday").text
    assert "Friday" in site.assistant.ask("Friday").text
    assert "Tuesday" in site.assistant.ask("Tuesday").text


def test_the_original_of_a_bundled_source_is_added_to_it(staff):
    staff.upload("scan.txt", b"Herons are not in the digest.", source="lake-note")
    sources = staff.get("/library/sources").text
    assert sources.count('<li class="source"') == 2
    assert "scan.txt" in sources
    answer = staff.upload("scan.txt", b"Storks.", source="no-such-source")
    assert answer.status_code == 404
    assert "no-such-source" in answer.json()["problem"]


@pytest.mark.parametrize("announced", [True, False])
def test_a_file_over_the_limit_is_not_kept(staff, site, announced):
    large = b"x" * (1024 * 1024 + 1)
    answer = staff.upload("large.txt", large if announced else iter([large[:9], large[9:]]))
    assert answer.status_code == 413
    assert staff.upload("empty.txt", b"").status_code == 422
    assert staff.changes() == []
    uploads = site.assistant.workspace.uploads
    assert not uploads.exists() or list(uploads.iterdir()) == []


def test_no_more_files_are_taken_than_can_wait(staff, monkeypatch):
    monkeypatch.setattr(job_module, "MOST_WAITING", 0)
    answer = staff.upload("a.txt", b"Herons nest here.")
    assert answer.status_code == 503
    assert answer.json()["remedy"]


def test_a_source_is_removed_for_good_and_a_bundled_one_can_come_back(staff, site):
    assert "seven lakes" in site.assistant.ask("seven lakes").text
    staff.change("remove", json={"source": "lake-note"})
    (job,) = staff.changes()
    assert "nothing of it answers any more" in job["line"]
    assert "Lake note" in job["line"]
    assert "seven lakes" not in site.assistant.ask("seven lakes").text
    sources = staff.get("/library/sources").text
    assert sources.count('<li class="source"') == 1
    assert 'data-do="restore"' in sources
    staff.change("restore", json={"source": "lake-note"})
    staff.changes()
    assert "seven lakes" in site.assistant.ask("seven lakes").text
    assert 'data-do="restore"' not in staff.get("/library/sources").text
    staff.change("remove", json={"source": "no-such-source"})
    assert "no-such-source" in staff.changes()[-1]["html"]


def test_the_index_is_checked_and_mended(staff, site):
    staff.change("reindex")
    assert texts("staff")["in_order"] in staff.changes()[0]["html"]
    site.assistant.workspace.library._indexes._words.clear()
    staff.change("reindex")
    assert "Mended" in staff.changes()[1]["line"]
    assert site.assistant.status().healthy
    assert staff.change("clear").status_code == 204
    assert staff.changes() == []


def test_several_browsers_send_at_once(staff, site):
    def send(number):
        return staff.change("files", params={"name": f"{number}.txt"}, content=f"Fact {number}.")

    with ThreadPoolExecutor(8) as pool:
        codes = [answer.status_code for answer in pool.map(send, range(12))]
    assert codes == [202] * 12
    assert len(staff.changes()) == 12
    assert site.assistant.status().sources == 14


# --- Names of files ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("report.pdf", "report.pdf"),
        ("Žalec – poročilo.pdf", "Žalec – poročilo.pdf"),
        ("報告.docx", "報告.docx"),
        ("../../etc/passwd", "passwd"),
        ("a/b\\c.txt", "c.txt"),
        (".hidden", "hidden"),
        ("~$report.docx", "$report.docx"),
        ("a\nb\x00c.txt", "a b c.txt"),
        ("exe\u202etxt.pdf", "exe txt.pdf"),
        ('<a>"b"|c?.txt', "a b c.txt"),
        ("e\u0301.txt", "é.txt"),
        ("\udcff.txt", "txt"),
        ("...", "file"),
        ("", "file"),
    ],
)
def test_a_name_is_made_safe(given, name):
    assert safe_name(given) == name


def test_a_long_name_keeps_its_ending():
    name = safe_name("x" * 500 + ".pdf")
    assert len(name) == 120
    assert name.endswith(".pdf")
    assert len(safe_name("x." + "y" * 500)) == 120


def test_a_name_that_is_taken_gets_a_number():
    taken = {"a.txt", "a (2).txt"}
    assert free_name("a.txt", taken.__contains__) == "a (3).txt"
    assert free_name("b.txt", taken.__contains__) == "b.txt"


def test_what_was_left_behind_long_ago_is_deleted(tmp_path):
    import os

    for name, age in (("old", 100_000), ("new", 100)):
        folder = tmp_path / "uploads" / name
        folder.mkdir(parents=True)
        (folder / "file").write_text("x")
        then = time.time() - age
        os.utime(folder, (then, then))
    clear_leftovers(tmp_path / "uploads")
    assert [path.name for path in (tmp_path / "uploads").iterdir()] == ["new"]
    clear_leftovers(tmp_path / "nowhere")


# --- Questions -----------------------------------------------------------------------------------


@pytest.fixture
def log(settings):
    log = QuestionLog(settings.data_dir, 30)
    log.note("Who is the <b>treasurer</b>?", Reaction.UNANSWERED)
    log.note("who is the <b>treasurer</b>", Reaction.UNHELPFUL)
    log.note("What does membership cost?", Reaction.UNANSWERED)
    return log


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_questions_are_shown_in_groups_with_counts(staff, log, language):
    shown = staff.get(f"/library/questions?language={language}").text
    assert shown.count("<tr>") == 3
    assert "<b>" not in shown
    assert "Who is the &lt;b&gt;treasurer&lt;/b&gt;?" in shown
    assert 'href="./?q=Who%20is%20the%20%3Cb%3Etreasurer%3C%2Fb%3E%3F"' in shown
    assert texts("staff", language)["wordings"].format(count=1) in shown


def test_the_questions_come_as_a_file_and_can_be_deleted(staff, log):
    answer = staff.get("/library/questions.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    assert answer.text.startswith("\ufeffasked as,times")
    assert answer.text.count("\r\n") == 4
    assert "3" in staff.change("empty").json()["line"]
    assert log.held() == []
    assert texts("staff")["questions_none"] in staff.get("/library/questions").text


def test_many_questions_are_cut_and_the_file_has_all(staff, log, monkeypatch):
    from app.web.staff import questions_html

    monkeypatch.setattr(questions_html, "_MOST_SHOWN", 1)
    shown = staff.get("/library/questions").text
    assert shown.count("<tr>") == 2
    assert texts("staff")["more_questions"].format(shown=1, all=2) in shown


def test_where_they_are_not_kept_the_page_says_how_to(settings, site):
    from app.web.staff.questions_html import questions_html

    for language in LANGUAGES:
        assert "<code>AMBP_QUESTION_LOG_DAYS</code>" in questions_html((), 0, language)


# --- The rest of the page ------------------------------------------------------------------------


def test_what_everybody_gets_of_the_page_holds_no_source(site):
    from app.web.staff.html import shell_html

    for language in LANGUAGES:
        shell = shell_html(language)
        assert "Lake" not in shell
        assert "<form" not in shell


def test_no_gradio_event_is_on_the_page_that_anybody_could_call(site):
    # Here and not at the top, because it imports Gradio.
    import gradio as gr

    async def built():  # Gradio makes an event loop where none runs, and does not close it
        blocks = gr.Blocks(analytics_enabled=False)
        with blocks.route("library", "/library"):
            LIBRARY.build(site)
        return blocks.get_config_file()

    config = asyncio.run(built())
    assert config["dependencies"] == []
    assert "Lake" not in str(config)
    assert "Lake" not in str(site.translations)
