from typing import Annotated, ClassVar, Literal

import pytest
from pydantic import ValidationError

from corpus.records import KINDS, Event, Project, Region
from corpus.schema import (
    Country,
    FieldType,
    Mention,
    MoneyField,
    Observation,
    Observed,
    Record,
    Ref,
    fields_of,
)
from corpus.values import Money, PartialDate

MENTION = Mention(source="one", at="page 1")


class Boat(Record):
    kind: ClassVar[str] = "boat"
    colour: Observed[Literal["red", "blue"]] = Observed()
    ports: Observed[tuple[Annotated[str, Ref(("port", "town"))], ...]] = Observed()
    flags: Observed[tuple[Country, ...]] = Observed()
    price: Observed[MoneyField] = Observed()
    afloat: Observed[bool] = Observed()


def observed(*pairs):
    seen = tuple(Observation(value=value, source=source, at="p. 1") for value, source in pairs)
    return Observed(observations=seen)


def test_fields_say_what_they_hold_own_ones_first():
    specs = fields_of(Boat)
    assert list(specs) == ["colour", "ports", "flags", "price", "afloat", "summary"]
    assert specs["colour"].type is FieldType.CHOICE
    assert specs["colour"].choices == ("red", "blue")
    assert specs["ports"].type is FieldType.REFERENCE
    assert specs["ports"].many
    assert specs["ports"].targets == ("port", "town")
    assert specs["flags"].type is FieldType.COUNTRY
    assert specs["flags"].many
    assert specs["price"].type is FieldType.MONEY
    assert specs["afloat"].type is FieldType.BOOLEAN
    assert specs["summary"].type is FieldType.TEXT


def test_the_value_that_goes_first_and_those_that_differ():
    price = observed((Money.parse("EUR 5"), "one"), (Money.parse("EUR 7"), "two"))
    assert price.value == Money.parse("EUR 5")
    assert price.first.source == "one"
    assert [o.source for o in price.differing()] == ["two"]
    assert price


def test_the_same_value_from_two_sources_does_not_differ():
    assert observed((True, "one"), (True, "two")).differing() == ()


def test_a_field_that_no_source_states():
    nothing = Observed()
    assert (nothing.value, nothing.first, nothing.differing()) == (None, None, ())
    assert not nothing


def test_false_is_a_statement():
    boat = Boat(id="b", name="B", mentions=(MENTION,), afloat=observed((False, "one")))
    assert list(boat.stated()) == ["afloat"]
    assert boat.observed("afloat").value is False


def test_a_record_knows_its_key_its_sources_and_its_fields():
    boat = Boat(id="b", name="B", mentions=(MENTION, Mention(source="two", at="p. 2")))
    assert boat.key == "boat:b"
    assert boat.sources() == ("one", "two")
    assert boat.stated() == {}
    with pytest.raises(KeyError, match="boat has no field sail"):
        boat.observed("sail")
    with pytest.raises(KeyError, match="boat has no field name"):
        boat.observed("name")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("flags", ["XX"]), ("flags", ["si"]), ("flags", [["SI"]]), ("flags", [None]),
        ("price", "5 euros"), ("price", None), ("price", True), ("colour", "green"),
        ("afloat", "perhaps"),
    ],
)  # fmt: skip
def test_a_value_that_does_not_fit_is_refused(field, value):
    seen = {"observations": [{"value": value, "source": "one", "at": "p. 1"}]}
    with pytest.raises(ValidationError):
        Boat.model_validate({"id": "b", "name": "B", "mentions": [MENTION], field: seen})


def test_records_do_not_change():
    boat = Boat(id="b", name="B", mentions=(MENTION,))
    with pytest.raises(ValidationError, match="frozen"):
        boat.name = "C"


def test_a_record_survives_being_stored_as_json():
    project = Project(
        id="p",
        name="P",
        mentions=(Mention(source="one", at="p. 1", page=1, as_of="2020-07"),),
        budget=observed((Money.parse("EUR 5"), "one")),
        duration=Observed(observations=({"value": "5 years", "source": "one", "at": "p. 1"},)),
        applications=observed((("first", "second"), "one")),
    )
    assert Project.model_validate_json(project.model_dump_json()) == project
    event = Event(id="e", name="E", mentions=(MENTION,), date=observed(("2020-01/2020-02", "one")))
    assert isinstance(event.date.value, PartialDate)
    assert Event.model_validate_json(event.model_dump_json()) == event


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_complete(kind):
    cls = KINDS[kind]
    assert cls.kind == kind
    for name, spec in fields_of(cls).items():
        assert spec.name == name
        assert set(spec.targets) <= set(KINDS), f"{kind}.{name} points to no kind"
        assert bool(spec.targets) == (spec.type is FieldType.REFERENCE)
        assert bool(spec.choices) == (spec.type is FieldType.CHOICE)
    bare = cls(id="x", name="X", mentions=(MENTION,))
    assert bare.stated() == {}
    assert cls.model_validate_json(bare.model_dump_json()) == bare


def test_every_observed_field_is_known():
    # A field of a region that is no `Observed` would have no source.
    own = {name for name in Region.model_fields if name not in Record.model_fields}
    assert own == set(fields_of(Region)) - {"summary"}
