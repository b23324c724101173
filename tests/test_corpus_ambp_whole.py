"""What holds over all records of AMBP: who is known by which name, and what is told once."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from corpus.knowledge import Knowledge, load
from corpus.schema import Record

AMBP = Path(__file__).resolve().parent.parent / "corpus" / "ambp"


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load(AMBP)


def _of(knowledge: Knowledge, kind: str) -> list[Record]:
    return [r for r in knowledge.records if r.kind == kind]


def _value(record: Record, field: str) -> Any:
    return record.observed(field).value


def test_every_share_says_of_which_years_it_is(knowledge: Knowledge) -> None:
    years = {"world production": "2014 to 2015", "EU imports": "2012"}
    for share in _of(knowledge, "supply_share"):
        assert str(_value(share, "date")) == years[_value(share, "flow")], share.id


def test_only_one_workshop_says_who_came(knowledge: Knowledge) -> None:
    stating = [r.id for r in _of(knowledge, "workshop") if r.observed("participants")]
    assert stating == ["batteries-second-life"]


# A surname of two letters is a word of other languages.
BY_FULL_NAME_ONLY = {"bao-lian-su"}


def test_persons_are_known_by_their_surnames(knowledge: Knowledge) -> None:
    people = _of(knowledge, "person")
    by_surname: Counter[str] = Counter()
    for person in people:
        surnames = {n for n in person.aliases if person.name.endswith(f" {n}")}
        assert bool(surnames) == (person.id not in BY_FULL_NAME_ONLY), person.id
        by_surname.update(surnames)
    assert set(by_surname.values()) == {1}, by_surname.most_common(3)


# Where a source gives two values itself, or tells the state of a thing in several places.
TOLD_TWICE = {
    ("figure:projects-on-list", "amount"),
    ("figure:wallonia-investment-projects", "amount"),
    ("thematic_area:area-6", "project_count"),
    ("thematic_area:area-2", "lead_organisations"),
    *((f"project:project-{n}", "status") for n in (2, 5, 9, 10, 11)),
}


def test_what_a_source_says_of_a_field_is_one_value(knowledge: Knowledge) -> None:
    """Only the first of several values of a source and date is given as the answer."""
    told = {
        (record.key, name)
        for record in knowledge.records
        for name, observed in record.stated().items()
        for times in Counter((o.source, str(o.as_of)) for o in observed.observations).values()
        if times > 1
    }
    assert told == TOLD_TWICE
