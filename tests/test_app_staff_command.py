"""``ambp staff-password``, on a terminal and without one."""

import io
import os
import pty
import subprocess
import sys

import pytest
from conftest import ROOT

from app.cli import main
from app.staff import password as passwords
from app.staff.password import StaffPassword

GOOD = "correct horse battery"


@pytest.fixture
def ambp(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(passwords, "_COST", 2**14)

    def run(*arguments, typed=""):
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        code = main(["--data-dir", str(tmp_path / "data"), *arguments], environ={})
        out, err = capsys.readouterr()
        return code, out, err

    run.password = StaffPassword(tmp_path / "data")
    return run


@pytest.mark.parametrize("end", ["", "\n", "\r\n", "\nanother line\n"])
def test_the_first_line_of_standard_input_is_the_password(ambp, end):
    code, out, err = ambp("staff-password", typed=GOOD + end)
    assert (code, err) == (0, "")
    assert GOOD not in out
    assert str(ambp.password.path) in out
    assert ambp.password.fits(GOOD)


@pytest.mark.parametrize("weak", ["", "\n", "short\n"])
def test_a_weak_password_is_refused_in_one_line_that_does_not_repeat_it(ambp, weak):
    code, out, err = ambp("staff-password", typed=weak)
    assert (code, out) == (2, "")
    assert err.startswith("ambp: The password has")
    assert err.count("\n") == 1
    assert "short" not in err.replace("shortest", "")
    assert ambp.password.generation() is None


def test_it_can_be_taken_away_again(ambp):
    assert ambp("staff-password", "--remove")[:2] == (0, "No password was set.\n")
    ambp("staff-password", typed=GOOD)
    assert ambp("staff-password", "--remove")[:2] == (0, "Nobody can sign in any more.\n")
    assert ambp.password.generation() is None


def test_no_option_takes_the_password_where_others_could_read_it(ambp):
    code, _, err = ambp("staff-password", GOOD)
    assert code == 2
    assert GOOD not in ambp.password.path.parent.name
    assert "staff-password --help" in err


def on_a_terminal(folder, *lines):
    """Runs the command on a terminal of its own; what it shows, and its exit code."""
    here, there = pty.openpty()
    command = [sys.executable, "-m", "app.cli", "--data-dir", str(folder), "staff-password"]
    running = subprocess.Popen(command, cwd=ROOT, stdin=there, stdout=there, stderr=there)
    os.close(there)
    shown = b""
    for line in lines:
        while b": " not in shown.rpartition(b"\n")[2]:
            shown += os.read(here, 1000)
        os.write(here, line.encode() + b"\n")
        shown += b"\n"
    try:
        while more := os.read(here, 1000):
            shown += more
    except OSError:  # the other side has closed
        pass
    os.close(here)
    return shown.decode(), running.wait(30)


def test_on_a_terminal_it_is_asked_for_twice_and_never_shown(tmp_path):
    shown, code = on_a_terminal(tmp_path, GOOD, "something else", GOOD, GOOD)
    assert code == 0
    assert "do not match" in shown
    assert GOOD not in shown
    assert StaffPassword(tmp_path).fits(GOOD)
