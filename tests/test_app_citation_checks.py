"""The checks of finished answers find what is wrong with them."""

from dataclasses import replace

import pytest
from fakes import make_document

from app.answering.answer import Answer, Citation, NoteKind, Status
from app.citation_checks import CitationCheck, check, check_lines

DOCUMENT, PASSAGES = make_document("report", ["The plant opened in 2019 and has seven lines."])
PASSAGE = PASSAGES[0]
ANSWER = Answer(
    "When did the plant open?",
    "The plant opened in 2019. [1]",
    Status.ANSWERED,
    (Citation(1, DOCUMENT.source, PASSAGE, 0, len("The plant opened in 2019")),),
)


def held(passage_id):
    return PASSAGE if passage_id == PASSAGE.id else None


def test_an_answer_that_says_what_its_passage_says_has_no_fault():
    found = check(ANSWER, held)
    assert found == CitationCheck(quotes=1, figures=1)
    assert check(replace(ANSWER, text="It has 7 lines since 2019. [1]"), held).unsupported == 0


@pytest.mark.parametrize(
    ("change", "counted"),
    [
        ({"text": "The plant opened in 2018. [1]"}, {"unsupported": 1}),
        ({"text": "The plant opened in 2019. [1][2]"}, {"dangling": 1}),
        ({"text": "The plant opened in 2019."}, {"dangling": 1}),
        (
            {"text": "3 plants. [1]", "notes": ("Counted over 9.",), "kinds": (NoteKind.METHOD,)},
            {"computed": 1},
        ),
    ],
)
def test_what_is_wrong_is_counted_and_named(change, counted):
    found = check(replace(ANSWER, **change), held)
    assert {name: getattr(found, name) for name in counted} == counted
    assert bool(found.faults) == ("computed" not in counted)


def test_a_quote_that_the_library_does_not_hold_is_altered():
    assert check(ANSWER, lambda _: None).altered == 1
    other = replace(PASSAGE, text=PASSAGE.text.replace("2019", "2018"))
    assert check(ANSWER, lambda _: other).altered == 1


def test_a_refusal_names_figures_without_support():
    refusal = replace(ANSWER, text="Nothing on the 29 regions.", status=Status.ABSTAINED)
    assert check(replace(refusal, citations=()), held).faults == ()


def test_the_totals_are_printed_with_every_fault_above_them():
    bad = check(replace(ANSWER, text="The plant opened in 2018. [1]"), held)
    lines = check_lines([check(ANSWER, held), bad], [0.5, 0.1, 0.2])
    assert lines == [
        "When did the plant open?: 2018 stands in no cited passage",
        "citations 2: 2 verbatim, 0 markers or citations without the other",
        "figures 2: 1 stand in a cited passage, 0 computed beside a note that says how, 1 neither",
        "seconds per question: median 0.20, most 0.50",
    ]
