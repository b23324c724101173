"""From a question to a plan: which query is made of it, and when none is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.answering.conditions import Conditions
from app.answering.planning import Planner
from app.answering.plans import Lookup, Membership, Select, Series
from app.answering.understanding import understand
from corpus.countries import members
from retrieval.query import Aggregate, Records
from retrieval.query import Test as Check  # pytest collects what is called Test


@pytest.fixture(scope="module")
def plan(woven):
    """The best plan for a question; None when there is none."""

    def best(text):
        plans = woven.planner.plans(understand(text, woven.lexicon))
        return plans[0] if plans else None

    return best


def conditions(select):
    return {(c.path, c.test): set(c.values) for c in select.query.conditions}


LISTED = {("on_project_list", Check.IS): {True}}
MEMBER = {("role", Check.IS): {"leading", "participating"}}


@pytest.mark.parametrize(
    ("text", "keys", "fields"),
    [
        ("What is the budget of project 3?", ("project:sensor-sails",), ("budget",)),
        ("Who leads Denim Loop?", ("project:loop",), ("leader",)),
        ("Who coordinates natural dyes?", ("thematic_area:dyes",), ("coordinators",)),
        ("Where does Tomasz Wilk work?", ("person:tomasz-wilk",), ("organisation",)),
        ("When was the Porto meeting?", ("event:porto",), ("date",)),
        ("How long does Open Mill last?", ("project:open-mill",), ("duration",)),
        ("When was WCP launched?", ("initiative:wcp",), ("launched",)),
        ("What is a selvedge?", ("term:selvedge",), ()),
        ("Tell me about Seaweed Vats", ("project:vats",), ()),
    ],
)
def test_fields_of_what_is_named(plan, text, keys, fields):
    found = plan(text)
    assert isinstance(found, Lookup)
    assert (found.keys, found.fields) == (keys, fields)


def test_a_comparison_looks_up_both(plan):
    found = plan("Compare project 1 and project 5")
    assert isinstance(found, Lookup)
    assert set(found.keys) == {"project:loop", "project:open-mill"}


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("How many regions are there?", "region", MEMBER),
        ("Which regions are interested?", "region", {("role", Check.IS): {"interested"}}),
        ("List the projects", "project", LISTED),
        ("Which projects belong to natural dyes?", "project",
         LISTED | {("thematic_area", Check.IS): {"dyes"}}),
        ("Which areas does Altamira lead?", "thematic_area",
         {("lead_regions", Check.IS): {"altamira"}}),
        ("Which thematic areas are active?", "thematic_area", {("activity", Check.IS): {"active"}}),
        ("Polish regions", "region", MEMBER | {("country", Check.IS): {"PL"}}),
        ("Nordic regions", "region", MEMBER | {("country", Check.IS): set(members("nordic"))}),
        ("Which regions are outside the EU?", "region",
         MEMBER
         | {("country", Check.IS_NOT): set(members("eu")), ("country", Check.STATED): set()}),
        ("Which project is led by the organisation where Tomasz Wilk works?", "project",
         LISTED | {("leader", Check.IS): {"yarn-works"}}),
        ("Which events are planned?", "event", {("state", Check.IS): {"planned"}}),
    ],
)  # fmt: skip
def test_a_query_over_all_records_of_a_kind(plan, text, kind, expected):
    found = plan(text)
    assert isinstance(found, Select)
    assert found.query.kind == kind
    assert conditions(found) == expected


@pytest.mark.parametrize(
    ("text", "aggregate", "field"),
    [
        ("How many projects are there?", Aggregate.COUNT, ""),
        ("What is the total budget of the projects?", Aggregate.SUM, "budget"),
        ("What is the average budget of the projects?", Aggregate.AVERAGE, "budget"),
        ("Which project has the largest budget?", Aggregate.LARGEST, "budget"),
        ("Which project is the cheapest by budget?", Aggregate.SMALLEST, "budget"),
        ("Which project has the longest duration?", Aggregate.LARGEST, "duration"),
        ("List the projects", None, ""),
    ],
)
def test_what_is_computed(plan, text, aggregate, field):
    found = plan(text)
    assert isinstance(found, Select)
    assert (found.query.aggregate, found.query.field) == (aggregate, field)


def test_dates_bound_the_events(plan):
    found = plan("Which meetings were held in 2022?")
    assert isinstance(found, Select)
    dates = {(c.test, str(c.values[0])) for c in found.query.conditions if c.path == "date"}
    assert dates == {(Check.FROM, "2022"), (Check.UNTIL, "2022")}


@pytest.mark.parametrize(
    ("text", "keys", "subject"),
    [
        ("Is Fjordmark a member of WCP?", ("region:fjordmark",), ""),
        ("Does Highmoor participate in the partnership?", ("region:highmoor",), ""),
        ("Are Fjordmark and Highmoor in WCP?", ("region:fjordmark", "region:highmoor"), ""),
        ("Is Sicily part of WCP?", (), "Sicily"),
    ],
)
def test_membership(plan, text, keys, subject):
    found = plan(text)
    assert isinstance(found, Membership)
    assert (found.keys, found.subject) == (keys, subject)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("How many regions were committed over time?", ""),
        ("According to the review, how many regions were committed?", "coast-review"),
    ],
)
def test_figures_over_time(plan, text, source):
    found = plan(text)
    assert isinstance(found, Series)
    assert found.source == source
    assert len(found.keys) == (1 if source else 3)


def test_one_source_alone(plan):
    assert plan("According to the brief, what is the budget of project 2?").source == "coast-brief"
    assert plan("Which projects are in the annual review?").query.source == "coast-review"


@pytest.mark.parametrize(
    "text",
    [
        "Why did Nadmorze leave?",  # a reason is never a record
        "What do the seaweed dye vats need?",  # a word that no plan explains
        "Who is the king of Sweden?",
        "How many unicorns are there?",
        "How often does Open Mill?",  # what a thing is says not how often
        "What is the weather like?",
        "hello",
        "",
    ],
)
def test_what_the_rules_do_not_cover_has_no_plan(plan, text):
    assert plan(text) is None


@settings(deadline=None)  # how fast it is depends on what else the machine does
@given(
    st.lists(
        st.sampled_from(
            ["which", "regions", "projects", "budget", "largest", "total", "Polish", "2", "project",
             "not", "outside", "EU", "how many", "dyes", "2022", "before", "per", "country", "lead"]
        ),
        max_size=8,
    ).map(" ".join)
)  # fmt: skip
def test_plans_leave_no_word_of_content_unexplained(woven, text):
    question = understand(text, woven.lexicon)
    for candidate in woven.planner.candidates(question):
        assert candidate.explained <= frozenset(range(len(question.words)))
    for found in woven.planner.plans(question):
        assert isinstance(found, Lookup | Select | Membership | Series)


def test_which_projects_are_projects_whatever_else_the_noun_is_a_value_of(woven):
    """ "Project" is a value of what requirements apply to, too."""
    asked = understand("Which projects applied for money?", woven.lexicon)
    kinds = {c.plan.query.kind for c in woven.planner.candidates(asked) if hasattr(c.plan, "query")}
    assert "requirement" not in kinds
    must = understand("What must projects fulfil?", woven.lexicon)
    kinds = {c.plan.query.kind for c in woven.planner.candidates(must) if hasattr(c.plan, "query")}
    assert "requirement" in kinds


@pytest.mark.parametrize(("own", "listed"), [("coast-review", True), ("weavers-page", False)])
def test_what_only_others_speak_of_is_not_the_partnerships(woven, own, listed):
    about = woven.knowledge.partnership.model_copy(update={"own_sources": (own,)})
    planner = Planner(woven.records, woven.lexicon, about)
    asked = understand("What are the next steps of the partnership?", woven.lexicon)
    plans = planner.plans(asked)
    assert any(isinstance(p, Select) and p.query.kind == "next_step" for p in plans) is listed


def test_what_seldom_has_a_country_is_of_that_of_who_leads_it(woven):
    """One project of five says where it is; of all it is told who leads them."""
    one, *others = woven.records.of("project")
    here = one.model_copy(update={"country": woven.records.of("region")[0].country})
    known = (*woven.records.of("organisation"), *woven.records.of("region"))
    records = Records([here, *others, *known])
    reader = Conditions(records, woven.lexicon.vocabulary)
    asked = understand("Which projects are from Poland?", woven.lexicon)
    assert "leader.country" in {c.path for c in reader.read(asked, "project")[0]}
    assert "country" in {c.path for c in reader.read(asked, "region")[0]}
