import json
import subprocess
import sys

import pytest
from conftest import SHARED
from made_up import make_answer

from app.answering.answer import Status
from app.evaluation import Expectation, fold, judge, report
from app.output import answer_row


def expect(**given):
    row = {"id": "q1", "question": "How many?", "kind": "count", **given}
    return Expectation.model_validate(row)


CASES = [
    # expectation, answer text, status, cited sources, verdict, part of the reason
    ({"must": ["29"]}, "There are **29** regions [1].", "answered", ["s"], "correct", ""),
    ({"must": ["29", "fin"]}, "There are 29.", "answered", ["s"], "wrong", "lacks /fin/"),
    ({"must_not": ["8"]}, "There were 8.", "answered", ["s"], "wrong", "has /8/"),
    ({"must": ["vaster"]}, "Västerbotten", "answered", ["s"], "correct", ""),
    ({"max_words": 3}, "one two three four", "answered", ["s"], "wrong", "4 words"),
    ({"sources": ["a", "b"]}, "x", "answered", ["b"], "correct", ""),
    ({"sources": ["a"]}, "x", "answered", ["b"], "wrong", "cites ['b']"),
    ({"sources": ["a"]}, "x", "answered", [], "wrong", "cites []"),
    ({"abstain": False}, "No idea.", "abstained", [], "missing", "abstained"),
    ({"abstain": True}, "No idea.", "abstained", [], "correct", ""),
    ({"abstain": True}, "42", "answered", ["s"], "wrong", "answered what"),
    ({"abstain": None, "must": ["record"]}, "No record.", "abstained", [], "correct", ""),
    ({"abstain": None, "must": ["record"]}, "No.", "abstained", [], "wrong", "lacks"),
    ({"abstain": None, "sources": ["a"]}, "No.", "abstained", [], "correct", ""),
]


@pytest.mark.parametrize(("given", "text", "status", "cited", "verdict", "why"), CASES)
def test_verdicts(given, text, status, cited, verdict, why):
    got = judge(expect(**given), make_answer(text, Status(status), cited))
    assert got.verdict == verdict
    assert why in got.why


def test_folding_takes_off_what_a_reader_does_not_read():
    assert fold(" Über **29**\n| `Regiões` |") == "uber 29 regioes"


def test_the_report_lists_failures_then_kinds_then_totals():
    judgements = [
        judge(expect(id="a", must=["1"], kind="fact"), make_answer("1")),
        judge(expect(id="b", must=["1"], kind="count"), make_answer("2")),
        judge(expect(id="c", abstain=False, kind="fact"), make_answer("?", Status.ABSTAINED, [])),
        judge(expect(id="d", must=["1"], kind="fact"), make_answer("1")),
    ]
    assert report(judgements) == [
        "b wrong    count         How many?  <- lacks /1/",
        "c missing  fact          How many?  <- abstained",
        "count          correct   0 /   1   missing 0  wrong 1",
        "fact           correct   2 /   3   missing 1  wrong 0",
        "all 4: correct 0.500  missing 0.250  wrong 0.250  truthfulness +0.250",
    ]


def test_an_empty_question_set_has_no_score_but_a_report():
    assert report([])[-1].startswith("all 0: correct 0.000")


def test_the_verdicts_are_those_of_the_shared_scorer(tmp_path):
    scorer = SHARED / "eval" / "score.py"
    if not scorer.is_file():
        pytest.skip("the shared scorer (../shared/eval) is not on this machine")
    judgements, questions, answers = [], [], []
    for number, (given, text, status, cited, _, _) in enumerate(CASES):
        expected = expect(**{"must": [], "max_words": 50, "sources": [], **given, "id": number})
        answer = make_answer(text, Status(status), cited)
        judgements.append(judge(expected, answer))
        questions.append(expected.model_dump_json())
        answers.append(json.dumps({"id": number, **answer_row(answer)}))
    (tmp_path / "q.jsonl").write_text("\n".join(questions))
    (tmp_path / "a.jsonl").write_text("\n".join(answers))
    command = [sys.executable, scorer, tmp_path / "q.jsonl", tmp_path / "a.jsonl", "--show"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert printed.splitlines() == report(judgements)
