"""What records are listed for having: a field that they state, or words in one."""

import pytest

from app.answering.listing import _misleading
from app.answering.mentioning import saying
from app.answering.plans import Select
from corpus.values import Quantity
from retrieval.query import RecordQuery, difference_of


def rows(woven, asked):
    answer = woven.ask(asked)
    return {row[0]: row[1] for row in answer.table.rows} if answer.table else answer.text


@pytest.mark.parametrize("asked", ["List the projects with budget", "Projects without budget"])
def test_what_a_record_must_have_behind_the_noun(woven, asked):
    listed = rows(woven, asked)
    lacking = "without" in asked
    assert (
        all((value == "not stated") is lacking for value in listed.values())
        if isinstance(listed, dict)
        else "1 project" in listed
    )


def test_their_budgets_are_shown_of_all(woven):
    assert "not stated" in rows(woven, "List the projects with their budgets").values()


def test_what_was_asked_is_cited(woven):
    answer = woven.ask("Which projects were rejected by the Loom Fund?")
    quoted = [c.passage.text[c.start : c.end] for c in answer.citations]
    assert "rejected" in quoted[0]


def test_the_field_that_says_it_is_found(woven):
    vats = woven.records.get(("project",), "vats")
    name, seen = saying(vats, ("rejected",))
    assert (name, seen.value) == ("applications", ("Loom Fund, March 2021 - rejected",))
    assert saying(vats, ("rejected",), only="summary") is None
    assert saying(vats, ("unheard",)) is None


def test_an_address_with_letters_of_another_script_is_told(woven):
    person = next(r for r in woven.records.of("person") if r.email.observations)
    seen = person.email.first
    plan = Select(RecordQuery("person", fields=("email",)))
    assert _misleading(plan, [person], woven.speaker) == []
    odd = seen.model_copy(update={"value": "\u0430" + seen.value})
    email = person.email.model_copy(update={"observations": (odd,)})
    changed = person.model_copy(update={"email": email})
    (note,) = _misleading(plan, [changed], woven.speaker)
    assert "\u201c\u0430\u201d (Cyrillic)" in note.text


@pytest.mark.parametrize("asked", ["each country", "every country"])
def test_records_are_counted_by_each_value(woven, asked):
    text = woven.ask(f"How many regions from {asked}?").text
    counts = [int(line.split(": ")[1].split()[0]) for line in text.splitlines() if ": " in line]
    assert len(counts) > 1
    assert counts == sorted(counts, reverse=True)
    assert "Norway: " in text


def test_one_is_said_in_the_singular(woven):
    said = woven.speaker.wording.difference
    seven, six, three = (Quantity.parse(f"{n} partners") for n in (7, 6, 3))
    assert said(difference_of(seven, six)) == "1 partner"
    assert said(difference_of(six, three)) == "3 partners"
    assert said(Quantity.parse("1 bus")) == "1 bus"


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("Which projects applied to FFF?", {"Sensor Sails", "Open Mill"}),
        ("Which projects were rejected by the Fibre Forward Fund?", {"Sensor Sails"}),
        ("Which projects were rejected by the Loom Fund?", {"Seaweed Vats"}),
    ],
)
def test_an_item_that_names_what_is_named_is_meant_with_all_that_is_asked_of_it(
    woven, asked, names
):
    answer = woven.ask(asked)
    named = {n for n in ("Sensor Sails", "Open Mill", "Seaweed Vats") if n in answer.text}
    assert named == names
    assert "is Fibre" not in answer.text.splitlines()[0]  # what is shown of each says it
