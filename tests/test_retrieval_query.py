from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.records import KINDS
from corpus.values import Duration, Money, PartialDate, Quantity
from retrieval.query import Aggregate, Condition, RecordQuery, Records, first, number_of
from retrieval.query import Test as Check  # pytest collects what is called Test


def make(kind, record_id, **fields):
    """A record; a field is a value of the source "a", or {source: value}."""
    stated = {}
    for name, given_value in fields.items():
        by_source = given_value if isinstance(given_value, dict) else {"a": given_value}
        seen = [{"value": v, "source": s, "at": "p. 1"} for s, v in by_source.items()]
        stated[name] = {"observations": seen}
    sources = {o["source"] for field in stated.values() for o in field["observations"]} | {"a"}
    mentions = [{"source": source, "at": "p. 1"} for source in sorted(sources)]
    name = record_id.capitalize()
    return KINDS[kind].model_validate(
        {"id": record_id, "name": name, "mentions": mentions, **stated}
    )


RECORDS = Records(
    [
        make("region", "north", role="leading", country="NO"),
        make("region", "south", role={"b": "interested", "a": "participating"}, country="SI"),
        make("region", "west", country="SI"),
        make("organisation", "yard", region="north", country="NO"),
        make("organisation", "mill", region="south"),
        make("initiative", "dry", lead="yard", budget="USD 9"),
        make("initiative", "wet", lead="dry", budget="EUR 7"),
        make("project", "ferry", number=1, leader="yard", budget="EUR 30", partners="4 partners",
             duration="1 year", applications=["x", "y"]),
        make("project", "raft", number=2, leader="mill", budget={"b": "EUR 10", "a": "EUR 40"},
             partners="> 4 partners", duration="6 months"),
        make("project", "dory", number=3, leader="yard", budget="> EUR 30", duration="1 year"),
        make("project", "kayak", number=4),
        make("event", "launch", date="2020-05", participants="40 people"),
        make("event", "talk", date="2020-05-28/2020-06-02", participants="7 banks"),
        make("event", "fair", date="2021"),
    ]
)  # fmt: skip


def run(kind, *conditions, **options):
    return RECORDS.run(RecordQuery(kind, tuple(Condition(*c) for c in conditions), **options))


def ids(result):
    return [record.id for record in result.records]


# --- Which records -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "conditions", "found"),
    [
        ("project", [], ["ferry", "raft", "dory", "kayak"]),
        ("region", [("country", Check.IS, ("SI",))], ["south", "west"]),
        ("region", [("country", Check.IS, ("SI", "NO"))], ["north", "south", "west"]),
        ("region", [("country", Check.IS_NOT, ("SI",))], ["north"]),
        ("region", [("role", Check.IS, ("interested",))], ["south"]),
        ("region", [("role", Check.IS_NOT, ("leading",))], ["south", "west"]),
        ("region", [("role", Check.NOT_STATED)], ["west"]),
        ("region", [("role", Check.STATED), ("country", Check.IS, ("SI",))], ["south"]),
        ("project", [("leader", Check.IS, ("yard",))], ["ferry", "dory"]),
        ("project", [("leader.country", Check.IS, ("NO",))], ["ferry", "dory"]),
        ("project", [("leader.region.country", Check.IS, ("SI",))], ["raft"]),
        ("project", [("leader.country", Check.NOT_STATED)], ["raft", "kayak"]),
        ("project", [("applications", Check.IS, ("y",))], ["ferry"]),
        ("project", [("id", Check.IS, ("raft", "nobody"))], ["raft"]),
        ("project", [("budget", Check.MORE, (Decimal(20),))], ["ferry", "dory"]),
        ("project", [("budget", Check.LESS, (Decimal(30),))], ["raft"]),
        ("initiative", [("lead.country", Check.IS, ("NO",))], ["dry"]),
        ("event", [("date", Check.FROM, (PartialDate.parse("2020-06"),))], ["talk", "fair"]),
        ("event", [("date", Check.UNTIL, (PartialDate.parse("2020-05-20"),))], ["launch"]),
        ("event", [("date", Check.UNTIL, (PartialDate.parse("2020"),))], ["launch", "talk"]),
    ],
)
def test_conditions(kind, conditions, found):
    result = run(kind, *conditions)
    assert ids(result) == found
    assert result.matching == len(found)
    assert result.total == len(RECORDS.of(kind))


def test_one_source_is_asked_for_what_it_says_alone():
    assert ids(run("region", ("role", Check.IS, ("participating",)), source="a")) == ["south"]
    assert ids(run("region", ("role", Check.IS, ("participating",)))) == []
    only = run("region", source="b")
    assert (ids(only), only.total) == (["south"], 1)
    assert run("region", source="nobody").total == 0


def test_named_records_only():
    assert ids(run("project", ids=frozenset({"raft", "other"}))) == ["raft"]


def test_nothing_of_a_kind():
    result = run("goal", aggregate=Aggregate.COUNT)
    assert (result.value, result.total, result.records) == (0, 0, ())


# --- What is computed --------------------------------------------------------------------------


def test_a_count_names_its_members():
    result = run("region", ("country", Check.IS, ("SI",)), aggregate=Aggregate.COUNT)
    assert result.value == 2
    assert ids(result) == ["south", "west"]


@pytest.mark.parametrize(
    ("kind", "field", "aggregate", "value", "shown"),
    [
        ("project", "budget", "largest", "> EUR 30", ["dory"]),
        ("project", "budget", "smallest", "EUR 10", ["raft"]),
        ("project", "budget", "sum", "> EUR 70", ["ferry", "raft", "dory"]),
        ("project", "budget", "average", "> EUR 23.33", ["ferry", "raft", "dory"]),
        ("project", "partners", "largest", "> 4 partners", ["raft"]),
        ("project", "partners", "smallest", "4 partners", ["ferry"]),
        ("project", "partners", "sum", "> 8 partners", ["ferry", "raft"]),
        ("project", "duration", "largest", "1 year", ["ferry", "dory"]),
        ("project", "duration", "sum", "30 months", ["ferry", "raft", "dory"]),
        ("event", "participants", "largest", "40 people", ["launch"]),
        ("event", "date", "largest", "2021", ["fair"]),
        ("event", "date", "smallest", "2020-05", ["launch"]),
    ],
)
def test_aggregates(kind, field, aggregate, value, shown):
    result = run(kind, field=field, aggregate=Aggregate(aggregate))
    assert result.value.iso() == value
    assert ids(result) == shown
    assert not result.mixed


def test_an_aggregate_says_how_many_state_the_field():
    result = run("project", field="budget", aggregate=Aggregate.SUM)
    assert (result.total, result.matching, result.stating) == (4, 4, 3)


def test_an_aggregate_over_one_source():
    result = run("project", field="budget", aggregate=Aggregate.LARGEST, source="a")
    assert (result.value.iso(), ids(result)) == ("EUR 40", ["raft"])


@pytest.mark.parametrize("aggregate", list(Aggregate)[1:])
def test_what_nobody_states_has_no_aggregate(aggregate):
    result = run("project", field="requested_support", aggregate=aggregate)
    assert (result.value, result.stating, result.records, result.mixed) == (None, 0, (), False)


@pytest.mark.parametrize("aggregate", ["sum", "average", "largest", "smallest"])
def test_currencies_do_not_mix(aggregate):
    result = run("initiative", field="budget", aggregate=Aggregate(aggregate))
    assert result.value is None
    assert result.mixed
    assert ids(result) == ["dry", "wet"]


@pytest.mark.parametrize("aggregate", ["sum", "average"])
def test_people_and_banks_do_not_add_up(aggregate):
    assert run("event", field="participants", aggregate=Aggregate(aggregate)).mixed


def test_tonnes_and_shares_have_no_order():
    figures = Records([make("figure", "one", amount="5 %"), make("figure", "two", amount="3 t")])
    found = figures.run(RecordQuery("figure", field="amount", aggregate=Aggregate.LARGEST))
    assert found.mixed


def test_ranges_stay_ranges_in_a_sum():
    figures = Records(
        [make("figure", "one", amount="4-5 jobs"), make("figure", "two", amount="~ 1 jobs")]
    )
    found = figures.run(RecordQuery("figure", field="amount", aggregate=Aggregate.SUM))
    assert found.value == Quantity(Decimal(5), Decimal(6), "jobs", "~")


def test_bounds_in_both_directions_make_a_sum_a_guess():
    figures = Records(
        [make("figure", "one", money="> EUR 4"), make("figure", "two", money="< EUR 1")]
    )
    found = figures.run(RecordQuery("figure", field="money", aggregate=Aggregate.SUM))
    assert str(found.value) == "about €5"


# --- Order, groups, limit ----------------------------------------------------------------------


def test_order_and_limit():
    up = run("project", field="budget", order="ascending")
    assert ids(up)[:3] == ["raft", "ferry", "dory"]
    down = run("project", field="budget", order="descending", limit=1)
    assert (ids(down), down.matching) == (["dory"], 4)


def test_groups_count_every_record_that_matches():
    assert run("project", group="leader").groups == {"yard": 2, "mill": 1, "not stated": 1}
    assert run("project", group="applications").groups == {"x": 1, "y": 1, "not stated": 3}
    assert run("project").groups == {}


# --- Records and values ------------------------------------------------------------------------


def test_records_by_kind_and_key():
    assert len(RECORDS) == 14
    assert [r.id for r in RECORDS.of("region")] == ["north", "south", "west"]
    assert RECORDS.get(("organisation", "initiative"), "dry").key == "initiative:dry"
    assert RECORDS.get(("organisation",), "dry") is None
    assert [r.key for r in RECORDS] == list(dict.fromkeys(r.key for r in RECORDS))


def test_values_along_a_path():
    ferry = RECORDS.get(("project",), "ferry")
    assert RECORDS.values(ferry, "id") == ("ferry",)
    assert RECORDS.values(ferry, "leader") == ("yard",)
    assert RECORDS.values(ferry, "leader.region.role") == ("leading",)
    assert RECORDS.values(ferry, "leader.website") == ()
    assert RECORDS.values(ferry, "status") == ()


def test_a_path_ends_where_a_reference_leads_to_a_kind_without_the_field():
    # An initiative may be led by an organisation, which has a country, or by an initiative.
    wet = RECORDS.get(("initiative",), "wet")
    assert RECORDS.values(wet, "lead") == ("dry",)
    assert RECORDS.values(wet, "lead.country") == ()


def test_the_first_observation_of_a_source():
    raft = RECORDS.get(("project",), "raft")
    assert first(raft, "budget").source == "b"
    assert first(raft, "budget", "a").value == Money.parse("EUR 40")
    assert first(raft, "budget", "c") is None
    with pytest.raises(KeyError, match="project has no field colour"):
        first(raft, "colour")


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (Money.parse("EUR 5"), 5),
        (Quantity.parse("4-5 jobs"), 4),
        (Duration.parse("2 years"), 24),
        (7, 7),
        (PartialDate.parse("0001-01-02"), 2),
    ],
)
def test_the_number_by_which_a_value_is_ordered(value, number):
    assert number_of(value) == number


def test_a_text_has_no_order():
    with pytest.raises(TypeError, match="'x' has no order"):
        number_of("x")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"kind": "boat"}, "no kind 'boat'"),
        ({"kind": "region", "field": "budget"}, "region has no field 'budget'"),
        ({"kind": "region", "group": "size"}, "region has no field 'size'"),
        ({"kind": "region", "fields": ("role", "size")}, "region has no field 'size'"),
        ({"kind": "region", "conditions": (Condition("sea.x", Check.STATED),)}, "no field 'sea'"),
    ],
)
def test_a_query_that_makes_no_sense_is_refused(options, message):
    with pytest.raises(ValueError, match=message):
        RecordQuery(**options)


# --- Any query ---------------------------------------------------------------------------------

projects = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "budget": st.integers(1, 99).map("EUR {}".format),
            "partners": st.sampled_from(["1 partners", "2 partners", "> 2 partners"]),
            "leader": st.sampled_from(["yard", "mill"]),
        },
    ),
    max_size=8,
)


@given(
    projects,
    st.sampled_from([None, *Aggregate]),
    st.sampled_from(["budget", "partners"]),
    st.sampled_from([(), (("leader", Check.IS, ("yard",)),), (("budget", Check.STATED),)]),
    st.sampled_from(["", "ascending", "descending"]),
    st.one_of(st.none(), st.integers(0, 9)),
)
def test_results_never_exceed_what_there_is(fields, aggregate, field, conditions, order, limit):
    records = Records(make("project", f"p{i}", **given) for i, given in enumerate(fields))
    query = RecordQuery(
        "project", tuple(Condition(*c) for c in conditions), aggregate=aggregate, field=field,
        order=order, group="leader", limit=limit,
    )  # fmt: skip
    result = records.run(query)
    assert len(result.records) <= result.matching <= result.total == len(fields)
    assert result.stating <= result.matching
    assert sum(result.groups.values()) == result.matching
    assert len({r.id for r in result.records}) == len(result.records)
    if limit is not None:
        assert len(result.records) <= limit
    if aggregate is Aggregate.COUNT:
        assert result.value == result.matching
    elif aggregate:
        assert (result.value is None) == (result.stating == 0)
    if aggregate in (Aggregate.LARGEST, Aggregate.SMALLEST):
        assert all(first(r, field).value == result.value for r in result.records)
