"""The staff password, the sessions, and what keeps a password from being found by trying."""

import json
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.staff import password as passwords
from app.staff.password import StaffPassword
from app.staff.sessions import IDLE_SECONDS, LONGEST_SECONDS, Sessions, SignInRefused
from app.staff.slowing import Slowdown, neighbourhood
from corpus.errors import AssistantError, SettingsError

GOOD = "correct horse battery"
HERE = "192.0.2.7"


@pytest.fixture(autouse=True)
def cheap_hash(monkeypatch):
    """The real cost is for attackers, and one test."""
    monkeypatch.setattr(passwords, "_COST", 2**14)


@pytest.fixture
def password(tmp_path):
    return StaffPassword(tmp_path / "data")


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def sessions(password, clock):
    password.set(GOOD)
    return Sessions(password, clock=clock)


# --- The password --------------------------------------------------------------------------------


def test_there_is_no_password_until_one_is_set(password):
    assert password.generation() is None
    assert not password.fits("")
    assert not password.fits(GOOD)
    assert not password.path.exists()


def test_a_password_fits_and_no_other_does(password):
    password.set(GOOD)
    assert password.fits(GOOD)
    for other in ("", GOOD.upper(), GOOD + " ", GOOD[:-1], "x" * 100_000):
        assert not password.fits(other)


def test_the_file_holds_a_salted_slow_hash_and_only_its_owner_reads_it(password, tmp_path):
    password.set(GOOD)
    kept = json.loads(password.path.read_text())
    assert GOOD not in password.path.read_text()
    assert kept["method"] == "scrypt"
    assert {"n", "r", "p"} < set(kept)
    assert stat.S_IMODE(password.path.stat().st_mode) == 0o600
    first = kept["salt"], kept["hash"]
    password.set(GOOD)
    kept = json.loads(password.path.read_text())
    assert (kept["salt"], kept["hash"]) != first
    assert list(password.path.parent.iterdir()) == [password.path]


def test_the_cost_is_that_of_the_file(password, monkeypatch):
    password.set(GOOD)
    monkeypatch.setattr(passwords, "_COST", 2**15)
    assert password.fits(GOOD)
    password.set(GOOD)
    assert json.loads(password.path.read_text())["n"] == 2**15


def test_the_cost_that_is_shipped_is_not_a_cheap_one(tmp_path, monkeypatch):
    monkeypatch.undo()
    password = StaffPassword(tmp_path)
    password.set(GOOD)
    kept = json.loads(password.path.read_text())
    assert kept["n"] * kept["r"] * 128 >= 128 * 1024 * 1024
    assert password.fits(GOOD)


def test_an_accent_typed_in_two_ways_is_the_same(password):
    password.set("crème brûlée of 1871")
    assert password.fits("cre\u0300me bru\u0302le\u0301e of 1871")


@pytest.mark.parametrize("bad", ["", "short", "a" * 40, "abababababab", "x" * 1001])
def test_a_weak_password_is_refused_and_the_old_one_stays(password, bad):
    password.set(GOOD)
    with pytest.raises(SettingsError):
        password.set(bad)
    assert password.fits(GOOD)


@pytest.mark.parametrize("content", ["", "{}", '{"n": 1}', "\x00", '{"salt": "00", "hash": ""}'])
def test_a_damaged_file_lets_nobody_in_and_says_what_to_do(password, content):
    password.set(GOOD)
    password.path.write_text(content)
    with pytest.raises(SettingsError, match=r"staff-password\.json") as caught:
        password.fits(GOOD)
    assert "ambp staff-password" in caught.value.remedy


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(AssistantError, match="cannot be written"):
        StaffPassword(tmp_path / "file").set(GOOD)


# --- Sessions ------------------------------------------------------------------------------------


def test_nobody_signs_in_where_no_password_is_set(password):
    sessions = Sessions(password)
    assert not sessions.open_to_staff
    with pytest.raises(SignInRefused):
        sessions.sign_in("", HERE)


def test_the_password_opens_a_session_and_a_wrong_one_does_not(sessions):
    assert sessions.open_to_staff
    with pytest.raises(SignInRefused, match="not the password"):
        sessions.sign_in("wrong horse battery", HERE)
    token = sessions.sign_in(GOOD, HERE)
    session = sessions.find(token)
    assert session.allows(session.form_token)
    assert not session.allows("")
    assert not session.allows(token)
    for other in ("", token[:-1], token.upper(), "\udcff", session.form_token):
        assert sessions.find(other) is None


def test_two_sessions_have_nothing_in_common(sessions):
    one, two = sessions.sign_in(GOOD, HERE), sessions.sign_in(GOOD, HERE)
    assert one != two
    assert not sessions.find(one).allows(sessions.find(two).form_token)
    sessions.end(one)
    assert sessions.find(one) is None
    assert sessions.find(two)


def test_an_idle_session_ends_and_a_used_one_does_not(sessions, clock):
    idle, used = sessions.sign_in(GOOD, HERE), sessions.sign_in(GOOD, HERE)
    clock.now += IDLE_SECONDS - 1
    assert sessions.find(used)
    assert sessions.find(idle, used=False)  # a page that asks by itself is nobody's use
    clock.now += 2
    assert sessions.find(idle) is None
    assert sessions.find(used)


def test_no_session_lasts_for_ever(sessions, clock):
    token = sessions.sign_in(GOOD, HERE)
    for _ in range(LONGEST_SECONDS // (IDLE_SECONDS - 10)):
        clock.now += IDLE_SECONDS - 10
        assert sessions.find(token)
    clock.now += IDLE_SECONDS - 10
    assert sessions.find(token) is None


def test_a_change_of_the_password_by_another_process_ends_all_sessions(sessions, password):
    token = sessions.sign_in(GOOD, HERE)
    StaffPassword(password.path.parent).set(GOOD)  # even to the same one
    assert sessions.find(token) is None
    assert sessions.find(sessions.sign_in(GOOD, HERE))
    StaffPassword(password.path.parent).remove()
    assert not sessions.open_to_staff
    assert sessions.find(token) is None


# --- Slowing down --------------------------------------------------------------------------------


def test_wrong_passwords_have_to_wait_ever_longer(sessions, clock):
    waits = []
    for _ in range(9):
        with pytest.raises(SignInRefused) as caught:
            sessions.sign_in("wrong horse battery", HERE)
        waits.append(caught.value.wait)
        clock.now += caught.value.wait
    assert waits == [0, 0, 0, 0, 1, 2, 4, 8, 16]
    with pytest.raises(SignInRefused):
        sessions.sign_in("wrong horse battery", HERE)
    # Now not even the right one is heard, and nobody learns that it was right.
    with pytest.raises(SignInRefused, match="Too many") as caught:
        sessions.sign_in(GOOD, HERE)
    assert caught.value.wait == 32
    assert sessions.sign_in(GOOD, "192.0.2.8")
    clock.now += 32
    assert sessions.sign_in(GOOD, HERE)
    with pytest.raises(SignInRefused, match="not the password"):
        sessions.sign_in("wrong horse battery", HERE)


def test_many_tries_at_the_same_time_are_many_tries(sessions, password):
    heard = []
    fits = password.fits
    password.fits = lambda text: heard.append(text) or fits(text)

    def once(number):
        with pytest.raises(SignInRefused):
            sessions.sign_in(f"wrong horse {number}", HERE)

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(once, range(20)))
    assert len(heard) == 5


def test_somebody_with_many_addresses_is_slowed_down_and_the_staff_gets_in(sessions, clock):
    refused = 0
    for number in range(100):
        with pytest.raises(SignInRefused) as caught:
            sessions.sign_in("wrong horse battery", f"10.0.{number}.1")
        refused += caught.value.wait > 0
    assert refused > 30
    clock.now += 4
    assert sessions.sign_in(GOOD, HERE)


def test_who_is_refused_because_of_others_collects_no_failures(sessions, clock):
    for number in range(70):
        with pytest.raises(SignInRefused):
            sessions.sign_in("wrong horse battery", f"10.0.{number}.1")
    for _ in range(10):  # of those who work here, while others attack
        with pytest.raises(SignInRefused) as caught:
            sessions.sign_in(GOOD, HERE)
        assert caught.value.wait <= 4
    clock.now += caught.value.wait
    assert sessions.sign_in(GOOD, HERE)


def test_slowing_down_forgets_in_time_and_keeps_no_endless_list():
    clock = Clock()
    slow = Slowdown(1, 600.0, forgiven_after=100.0, most_keys=3, clock=clock)
    for _ in range(2):
        assert slow.begin("a")
    assert slow.wait("a") == 1
    assert not slow.begin("a")
    clock.now += 102
    assert slow.begin("a")
    assert slow.wait("a") == 0
    for key in "bcd":
        slow.begin(key)
        slow.begin(key)
    assert [slow.wait(key) for key in "abcd"] == [0, 1, 1, 1]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.7", "192.0.2.8", False),
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("fe80::1%eth0", "fe80::2%eth1", True),
        ("testclient", "testclient", True),
    ],
)
def test_what_counts_as_one_visitor(one, other, same):
    assert (neighbourhood(one) == neighbourhood(other)) is same
