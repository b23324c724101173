import pytest
from fakes import make_document
from hypothesis import given
from hypothesis import strategies as st

from app.answering.answer import NoteKind, Status, Table
from app.answering.evidence import (
    Draft,
    Evidence,
    Statement,
    assemble,
    present,
    supported,
)
from app.answering.figures import numbers_in
from corpus.model import Source

_, (COAST, MILL) = make_document(
    "note", ["In 2021 the coast had 25,267,000 looms.", "The mill spins 3.5 tonnes."]
)
_, (PORT,) = make_document("port", ["The harbour with seven piers opened on 3 May 2021."])
SOURCES = {"note": Source(id="note", title="Note")}


def whole(passage):
    return Evidence(passage, 0, len(passage.text))


# --- Numbers -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("25,267,000 or 25 267 000", {"25267000"}),
        ("in 2021, 12 looms", {"2021", "12"}),
        ("3.5 tonnes.", {"3.5"}),
        ("page 7.", {"7"}),
        ("EU13 and CO2", {"13", "2"}),
        ("1,2 and 3", {"1", "2", "3"}),
        ("none", set()),
    ],
)
def test_numbers_in_one_form(text, numbers):
    assert numbers_in(text) == numbers


@given(st.integers(0, 10**12))
def test_a_number_is_the_same_with_and_without_separators(number):
    assert numbers_in(f"{number:,}") == numbers_in(str(number)) == {str(number)}


# --- What is supported -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "evidence", "computed", "holds"),
    [
        ("In 2021 there were looms.", (COAST,), (), True),
        ("There were 25 267 000 looms.", (COAST,), (), True),
        ("There were 7 looms.", (COAST,), (), False),
        ("There were 7 looms.", (COAST,), ("7 looms",), True),
        ("The mill spins 3.5 tonnes of 25,267,000.", (COAST,), (), False),
        ("The mill spins 3.5 tonnes of 25,267,000.", (COAST, MILL), (), True),
        ("The coast had looms.", (), (), False),
        ("7 looms", (), ("7",), False),
        ("The harbour opened in May 2021.", (PORT,), (), True),
        ("The harbour opened in June 2021.", (PORT,), (), False),
        ("The harbour has 7 piers.", (PORT,), (), True),  # written as a word there
        ("The harbour has 8 piers.", (PORT,), (), False),
    ],
)
def test_every_number_stands_in_the_evidence_or_was_computed(text, evidence, computed, holds):
    statement = Statement(text, tuple(whole(p) for p in evidence), computed)
    assert supported(statement) is holds


def test_present_evidence_each_once():
    assert present([None, whole(COAST), None, whole(MILL), whole(COAST)]) == (
        whole(COAST), whole(MILL),
    )  # fmt: skip
    assert present([]) == ()


# --- From statements to an answer --------------------------------------------------------------


def test_an_answer_numbers_its_evidence_in_order():
    first = Statement("The mill spins.", (whole(MILL),))
    second = Statement("The coast had looms in 2021.", (whole(COAST), whole(MILL)))
    answer = assemble("Q?", Draft((first, second)), SOURCES)
    assert answer.text == "The mill spins. [1] The coast had looms in 2021. [2][1]"
    assert [c.number for c in answer.citations] == [1, 2]
    assert [c.quote for c in answer.citations] == [MILL.text, COAST.text]
    assert answer.question == "Q?"


def test_what_is_not_supported_is_left_out():
    good, bad = Statement("The mill spins.", (whole(MILL),)), Statement("It has 9.", (whole(MILL),))
    assert assemble("Q?", Draft((bad, good)), SOURCES).text == "The mill spins. [1]"
    assert assemble("Q?", Draft((bad,)), SOURCES) is None


def test_a_refusal_rests_on_no_source():
    answer = assemble("Q?", Draft((Statement("Nothing."),), status=Status.ABSTAINED), SOURCES)
    assert (answer.text, answer.status, answer.citations) == ("Nothing.", Status.ABSTAINED, ())


def test_items_stand_on_lines_of_their_own():
    def item(text):
        return Statement(text, (whole(MILL),), item=True)

    lead = Statement("The mill:", (whole(MILL),))
    after = Statement("That is all.", (whole(MILL),))
    answer = assemble("Q?", Draft((lead, item("one"), item("two"), after)), SOURCES)
    lines = [line for line in answer.text.split("\n") if line]
    assert [line.removesuffix(" [1]") for line in lines] == [
        "The mill:", "- one", "- two", "That is all.",
    ]  # fmt: skip


def test_notes_are_kept_when_they_are_supported_or_rest_on_the_plan():
    notes = (
        Statement("Counted over 4 mills."),
        Statement("The coast says 25,267,000.", (whole(COAST),)),
        Statement("The coast says 8.", (whole(COAST),)),
    )
    draft = Draft((Statement("The mill spins.", (whole(MILL),)),), notes)
    answer = assemble("Q?", draft, SOURCES)
    assert answer.notes == ("Counted over 4 mills.", "The coast says 25,267,000. [2]")
    assert [c.quote for c in answer.citations] == [MILL.text, COAST.text]


def test_a_table_goes_with_the_answer():
    table = Table(("mill", "tonnes"), (("one", "3.5"),))
    draft = Draft((Statement("The mill spins.", (whole(MILL),)),), table=table)
    assert assemble("Q?", draft, SOURCES).table == table


# --- Lines of cards ----------------------------------------------------------------------------


def record(woven, key):
    return woven.speaker.record(key)


def test_the_line_of_an_observation(woven):
    vats = record(woven, "project:vats")
    newer, older = (woven.speaker.cards.field(vats, "budget", o) for o in vats.budget.observations)
    assert newer.passage.source_id == "coast-review"
    assert newer.passage.text[newer.start : newer.end] == "Budget: €4.5 million"
    assert older.passage.text[older.start : older.end] == "Budget: €4 million"


def test_a_line_is_a_whole_line(woven):
    # "Number: 1" also begins "Number: 12" of a card.
    goal = record(woven, "goal:goal-12")
    seen = goal.number.first.model_copy(update={"value": 1})
    assert woven.speaker.cards.field(goal, "number", seen) is None
    assert woven.speaker.cards.field(goal, "number", goal.number.first)


def test_what_has_no_card_has_no_evidence(woven):
    vats = record(woven, "project:vats")
    gone = vats.model_copy(update={"id": "gone"})
    assert woven.speaker.cards.field(gone, "budget", vats.budget.first) is None
    assert woven.speaker.cards.record(gone) is None


def test_the_first_line_of_a_card_names_the_record(woven):
    evidence = woven.speaker.cards.record(record(woven, "project:vats"))
    quoted = evidence.passage.text[evidence.start : evidence.end]
    assert quoted == "Project: Seaweed Vats (project 2)"


def test_notes_stand_in_the_order_of_their_kinds_and_each_once():
    differs = Statement("The coast says 25,267,000.", (whole(COAST),), kind=NoteKind.DIFFERENCE)
    how, left = (
        Statement("Counted over 4 mills."),
        Statement("Not stated: who.", kind=NoteKind.REST),
    )
    draft = Draft(
        (Statement("The mill spins.", (whole(MILL),)),), (left, how, differs, how, differs)
    )
    answer = assemble("Q?", draft, SOURCES)
    assert answer.notes == ("The coast says 25,267,000. [2]", how.text, left.text)
    assert answer.kinds == (NoteKind.DIFFERENCE, NoteKind.METHOD, NoteKind.REST)
