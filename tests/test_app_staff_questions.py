"""The log of questions that went unanswered: only when switched on, about nobody, and grouped."""

import csv
import io
import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from app.staff import questions
from app.staff.questions import QuestionLog, Reaction
from corpus.errors import LibraryError

UNANSWERED, UNHELPFUL = Reaction.UNANSWERED, Reaction.UNHELPFUL


class Today:
    day = date(2024, 5, 17)

    def __call__(self):
        return self.day


@pytest.fixture
def today():
    return Today()


@pytest.fixture
def log(tmp_path, today):
    return QuestionLog(tmp_path, 30, today)


def wordings(log):
    return [group.wordings for group in log.groups()]


def test_nothing_is_kept_unless_it_is_switched_on(tmp_path):
    log = QuestionLog(tmp_path, 0)
    log.note("Who is the treasurer?", UNANSWERED)
    assert not log.on
    assert log.held() == log.groups() == []
    assert list(tmp_path.iterdir()) == []


def test_switching_it_off_forgets_what_was_kept(tmp_path, log):
    log.note("Who is the treasurer?", UNANSWERED)
    assert log.path.exists()
    QuestionLog(tmp_path, 0)
    assert not log.path.exists()


def test_a_question_is_kept_with_its_day_and_nothing_else(log, today):
    log.note("  Who is\nthe treasurer? ", UNANSWERED)
    (noted,) = log.held()
    assert (noted.question, noted.reaction, noted.day) == (
        "Who is the treasurer?",
        UNANSWERED,
        today.day,
    )
    assert stat.S_IMODE(log.path.stat().st_mode) == 0o600
    with sqlite3.connect(log.path) as db:
        assert [row[1] for row in db.execute("PRAGMA table_info(questions)")] == [
            "id",
            "day",
            "outcome",
            "question",
        ]
    db.close()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Write to ana.novak+x@posta.example.si please", "Write to [e-mail] please"),
        ("Call me at +32 (0)2 123 45 67, thanks", "Call me at [telephone], thanks"),
        ("0032 2 123.45.67?", "[telephone]?"),
        ("My number is 040 123 456", "My number is [telephone]"),
        ("Was it on 01.07.2020 or 2020-07-01?", "Was it on 01.07.2020 or 2020-07-01?"),
        ("Do 4-5 million jobs need 10000000 EUR?", "Do 4-5 million jobs need 10000000 EUR?"),
    ],
)
def test_addresses_and_telephone_numbers_that_were_typed_are_not_kept(log, typed, kept):
    log.note(typed, UNANSWERED)
    assert log.held()[0].question == kept


@pytest.mark.parametrize("nothing", ["", "  \n "])
def test_an_empty_question_is_not_kept(log, nothing):
    log.note(nothing, UNANSWERED)
    assert log.held() == []


def test_a_long_question_is_cut(log):
    log.note("word " * 1000, UNANSWERED)
    assert len(log.held()[0].question) == 1000


def test_close_questions_are_one_group_with_counts(log, today):
    log.note("Who is the treasurer?", UNANSWERED)
    log.note("who is the treasurer", UNANSWERED)
    log.note("Can you tell me who the tresurer is?", UNHELPFUL)
    log.note("What does membership cost?", UNANSWERED)
    today.day += timedelta(days=1)
    log.note("Who is the treasurer?", UNANSWERED)
    treasurer, cost = log.groups()
    assert treasurer.wordings[0] == "Who is the treasurer?"
    assert len(treasurer.wordings) == 3
    assert (treasurer.count, treasurer.unanswered, treasurer.unhelpful) == (4, 3, 1)
    assert treasurer.latest == today.day
    assert cost.wordings == ("What does membership cost?",)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Which Finnish regions take part?", "Which Norwegian regions take part?"),
        ("What was the budget in 2020?", "What was the budget in 2021?"),
        ("Who leads project 3?", "Who leads project 8?"),
        ("What is a cathode?", "What is an anode?"),
    ],
)
def test_another_name_or_number_is_another_question(log, one, other):
    log.note(one, UNANSWERED)
    log.note(other, UNANSWERED)
    assert sorted(wordings(log)) == sorted([(one,), (other,)])


def test_questions_without_any_word_of_content_do_not_all_fall_together(log):
    log.note("???", UNANSWERED)
    log.note("What is it?", UNANSWERED)
    log.note("And who are they?", UNANSWERED)
    assert len(wordings(log)) == 3


def test_frequent_questions_come_first_then_recent_ones(log, today):
    log.note("What is a cathode?", UNANSWERED)
    today.day += timedelta(days=1)
    log.note("What does membership cost?", UNANSWERED)
    log.note("Where is the office?", UNHELPFUL)
    log.note("Where is the office?", UNHELPFUL)
    assert [group.wordings[0] for group in log.groups()] == [
        "Where is the office?",
        "What does membership cost?",
        "What is a cathode?",
    ]


def test_old_questions_go_by_themselves(log, today):
    log.note("What is a cathode?", UNANSWERED)
    today.day += timedelta(days=29)
    log.note("What is an anode?", UNANSWERED)
    assert len(log.held()) == 2
    today.day += timedelta(days=1)
    assert [noted.question for noted in log.held()] == ["What is an anode?"]


def test_there_is_a_limit_and_the_oldest_go(log, monkeypatch):
    monkeypatch.setattr(questions, "MOST_KEPT", 3)
    for number in range(5):
        log.note(f"What is number {number}?", UNANSWERED)
    assert [noted.question[-2] for noted in log.held()] == ["2", "3", "4"]


def test_emptying_leaves_nothing_in_the_file(log):
    log.note("Who is the treasurer?", UNANSWERED)
    log.note("Who is the treasurer?", UNANSWERED)
    assert log.empty() == 2
    assert not log.path.exists()
    assert log.groups() == []
    assert log.empty() == 0
    log.note("What is a cathode?", UNANSWERED)
    assert len(log.held()) == 1


def test_the_table_has_a_row_for_each_and_no_formula(log):
    log.note('=HYPERLINK("http://evil.example","x")', UNANSWERED)
    log.note("Who, in 2020, was\u2028treasurer?", UNANSWERED)
    log.note("who was treasurer in 2020", UNHELPFUL)
    rows = list(csv.DictReader(io.StringIO(log.as_csv(), newline="")))
    assert [row["times"] for row in rows] == ["2", "2", "1"]
    assert {row["asked as"] for row in rows[:2]} == {rows[0]["question"]}
    assert [row["why"] for row in rows] == ["unanswered", "unhelpful", "unanswered"]
    assert rows[2]["question"] == '\'=HYPERLINK("http://evil.example","x")'
    assert {row["day"] for row in rows} == {"2024-05-17"}


def test_many_threads_may_note_at_once(log):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: log.note(f"What is number {n}?", UNANSWERED), range(40)))
    assert len(log.held()) == 40


def test_a_damaged_file_is_told(log):
    log.path.write_bytes(b"no database, but long enough to be taken for one " * 50)
    with pytest.raises(LibraryError, match=r"questions\.sqlite3") as caught:
        log.note("What is a cathode?", UNANSWERED)
    assert "delete" in caught.value.remedy
