"""The knowledge that is shipped, as the two AMBP publications state it."""

import re
from pathlib import Path
from typing import Any

import pytest

from corpus.knowledge import Knowledge, load
from corpus.schema import Record
from ingest.bundled import digest_document

FOLDER = Path(__file__).resolve().parent.parent / "corpus" / "ambp"
GLANCE = "ambp-at-a-glance"
REPORT = "ambp-monitoring-report-2020-h1"
DEFINED = {
    *("thematic_area", "project", "organisation", "requirement"),
    *("event", "initiative", "person", "figure", "term", "goal"),
}
# Names and titles: they are the same in every telling, so they are no copied sentences.
NAMES = (
    "Advanced Materials for Batteries Partnership",
    "advanced materials for batteries for electromobility and stationary energy storage",
    "Important Project of Common European Interest",
    "European Partnership Proposal for an Industrial Battery Value Chain",
    "European Partnership for an Industrial Battery Value Chain",
    "European Battery Alliance",
    "SET-Plan Working Group on Batteries",
    "Network of prototyping & testing centres",
    "Network of research & testing centers",
    "Improved lithium-ion batteries (Generation 3b)",
    "Solid state lithium-ion batteries (Generation 4)",
    "Sustainable raw material, extraction and processing",
    "Recycling of existing lithium-ion batteries",
    "Foundation for Transport and Energy Research and Development",
    "National Research Council of Italy",
)


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load(FOLDER)


def _records(knowledge: Knowledge, kind: str) -> list[Record]:
    """The records of a kind of which one of the two publications speaks."""
    return [r for r in knowledge.records if r.kind == kind and {GLANCE, REPORT} & set(r.sources())]


def _said(record: Record, field: str, source: str) -> list[Any]:
    return [o.value for o in record.observed(field).observations if o.source == source]


def _record(knowledge: Knowledge, kind: str, record_id: str) -> Record:
    return next(r for r in knowledge.records if (r.kind, r.id) == (kind, record_id))


def _plain(value: Any) -> object:
    """A value as the records files write it; truth values stay what they are."""
    if isinstance(value, tuple):
        return ", ".join(value)
    return value.iso() if hasattr(value, "iso") else value


# --- How many there are ------------------------------------------------------------------------


def test_29_regions_are_committed_and_3_interested(knowledge: Knowledge) -> None:
    roles: dict[str, list[str]] = {}
    for region in _records(knowledge, "region"):
        for role in _said(region, "role", REPORT):
            roles.setdefault(role, []).append(region.id)
    assert {role: len(ids) for role, ids in roles.items()} == {
        "leading": 3,
        "participating": 26,
        "interested": 2,
    }
    committed = [_record(knowledge, "region", i) for i in roles["leading"] + roles["participating"]]
    numbers = sorted(n for region in committed for n in _said(region, "list_number", REPORT))
    assert numbers == list(range(1, 30))


@pytest.mark.parametrize(
    ("country", "count"),
    [("ES", 7), ("FI", 6), ("IT", 3), ("DE", 3), ("SI", 2), ("NO", 2), ("FR", 2), ("BE", 2)],
)
def test_committed_regions_per_country(knowledge: Knowledge, country: str, count: int) -> None:
    found = [
        region.id
        for region in _records(knowledge, "region")
        if _said(region, "list_number", REPORT) and country in _said(region, "country", REPORT)
    ]
    assert len(found) == count, found


def test_6_areas_11_projects_17_goals(knowledge: Knowledge) -> None:
    areas = _records(knowledge, "thematic_area")
    assert sorted(n for a in areas for n in _said(a, "number", GLANCE)) == list(range(1, 7))
    projects = _records(knowledge, "project")
    assert sorted(n for p in projects for n in _said(p, "number", GLANCE)) == list(range(1, 12))
    assert [p.id for p in projects if not _said(p, "number", GLANCE)] == ["finncobalt"]
    ratings = [r for g in _records(knowledge, "goal") for r in _said(g, "rating", REPORT)]
    assert {rating: ratings.count(rating) for rating in set(ratings)} == {
        "strongly agree": 5,
        "agree": 4,
        "neutral": 6,
        "not rated": 2,
    }


def test_ten_past_meetings_and_one_planned(knowledge: Knowledge) -> None:
    tables = [
        mention.at
        for event in _records(knowledge, "event")
        for mention in event.mentions
        if mention.source == REPORT
    ]
    # The pitching meeting that was cancelled is named in the row of the one that replaced it.
    assert tables.count("I. Management report, table of past meetings") == 10
    assert tables.count("I. Management report, table of planned meetings") == 1


# --- What they say -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "record_id", "field", "source", "value"),
    [
        ("region", "west-slovenia", "coordinates_partnership", GLANCE, True),
        ("region", "lapland", "nuts", REPORT, "FI1D7"),
        ("region", "west-slovenia", "nuts", REPORT, "SI04"),
        ("thematic_area", "area-1", "activity", REPORT, "not active"),
        ("thematic_area", "area-2", "coordinators", GLANCE, "santiago-cuesta"),
        ("thematic_area", "area-4", "lead_regions", REPORT, "basque-country, valencia"),
        ("thematic_area", "area-5", "activity", REPORT, "active"),
        ("project", "project-1", "budget", GLANCE, "EUR 3240000"),
        ("project", "project-2", "budget", GLANCE, "EUR 25267000"),
        ("project", "project-2", "requested_support", GLANCE, "EUR 14157000"),
        ("project", "project-2", "partners", GLANCE, "15 partners"),
        ("project", "project-5", "budget", GLANCE, "EUR 5500000"),
        ("project", "project-5", "requested_support", GLANCE, "EUR 3000000"),
        ("project", "project-5", "leader", GLANCE, "enwires"),
        ("project", "project-7", "duration", GLANCE, "6 years"),
        ("project", "project-9", "budget", GLANCE, "EUR 18000000"),
        ("project", "project-9", "duration", GLANCE, "5 years"),
        ("person", "robert-dominko", "organisation", GLANCE, "national-institute-of-chemistry"),
        ("event", "launch", "date", GLANCE, "2018-10-08"),
        ("event", "launch", "date", REPORT, "2018-10-08"),
        ("event", "scoping-meetings-2019", "date", GLANCE, "2019-01-22/2019-01-23"),
        ("event", "scoping-meetings-2019", "participants", GLANCE, "38 representatives"),
        ("event", "fi-regional-meeting-2020", "date", REPORT, "2020-01-29/2020-01-30"),
        ("event", "fi-regional-meeting-2020", "place", REPORT, "Outokumpu"),
        ("event", "pitching-meeting-2020-03", "state", REPORT, "cancelled"),
        ("initiative", "bip", "minimum_project_budget", REPORT, "> EUR 50000000"),
        ("initiative", "bip", "partners", GLANCE, "> 20 banks"),
        ("initiative", "s3p-industry", "partners", GLANCE, "21 partnerships"),
        ("initiative", "european-battery-alliance", "complements_partnership", REPORT, True),
        ("figure", "battery-market", "money", GLANCE, "EUR 250000000000"),
        ("figure", "battery-jobs", "amount", REPORT, "4000000-5000000 jobs"),
        ("figure", "battery-share-of-value", "amount", GLANCE, "40 %"),
        ("figure", "european-battery-manufacturing-share", "amount", REPORT, "40 %"),
        ("goal", "goal-13", "rating", REPORT, "strongly agree"),
        ("goal", "goal-16", "rating", REPORT, "not rated"),
    ],
)
def test_a_fact(
    knowledge: Knowledge, kind: str, record_id: str, field: str, source: str, value: object
) -> None:
    said = _said(_record(knowledge, kind, record_id), field, source)
    assert [_plain(v) for v in said] == [value]


@pytest.mark.parametrize("project", [3, 4, 6, 7, 8, 10, 11])
def test_a_budget_that_no_source_states_is_empty(knowledge: Knowledge, project: int) -> None:
    assert not _record(knowledge, "project", f"project-{project}").observed("budget")


def test_the_report_names_nine_initiatives_and_the_glance_two_that_ambp_complements(
    knowledge: Knowledge,
) -> None:
    found = {
        source: {
            initiative.id
            for initiative in _records(knowledge, "initiative")
            if True in _said(initiative, "complements_partnership", source)
        }
        for source in (GLANCE, REPORT)
    }
    assert found[GLANCE] == {"european-battery-alliance", "ipcei-batteries"}
    assert found[REPORT] == found[GLANCE] | {
        *("batteries-europe", "european-partnership-battery-value-chain", "battery-2030"),
        *("errin-energy-working-group", "alistore-eri", "eit-rawmaterials", "eit-innoenergy"),
    }


def test_joining_is_told_by_the_requirement_that_the_partnership_names(
    knowledge: Knowledge,
) -> None:
    joining = _record(knowledge, "requirement", knowledge.partnership.joining)
    (statement,) = _said(joining, "statement", GLANCE)
    assert "letter of intent" in statement
    assert "short mapping" in statement


def test_nanopow_and_sustainable_energy_centre_are_norwegian(knowledge: Knowledge) -> None:
    """A country code NO must not be read as the word no."""
    for kind, record_id in (("organisation", "nanopow"), ("region", "viken")):
        assert _record(knowledge, kind, record_id).observed("country").value == "NO"


# --- Where they disagree -----------------------------------------------------------------------


def test_the_number_of_committed_regions_keeps_its_history(knowledge: Knowledge) -> None:
    series = {
        (_plain(figure.observed("date").value), _plain(figure.observed("amount").value))
        for figure in _records(knowledge, "figure")
        if figure.observed("topic").value == "regions committed to the partnership"
    }
    assert series >= {
        ("2018-10", "8 regions"),
        ("2019-07", "25 regions"),
        ("2020-01", "29 regions"),
        ("2020-07", "29 regions"),
    }


def test_about_10_projects_and_11(knowledge: Knowledge) -> None:
    record = _record(knowledge, "figure", "projects-on-list")
    said = {(o.source, o.value.iso()) for o in record.observed("amount").observations}
    assert said == {
        (GLANCE, "~ 10 projects"),
        (GLANCE, "11 projects"),
        (REPORT, "~ 10 projects"),
    }


@pytest.mark.parametrize(
    ("kind", "record_id", "field", "glance", "report"),
    [
        ("requirement", "project-trl-start", "statement", "5 or 6", "TRL6+"),
        ("requirement", "project-geography", "statement", "Member States", "different countries"),
        ("organisation", "tekniker", "region", "valencia", "basque-country"),
        ("project", "project-11", "on_project_list", True, False),
        ("project", "project-2", "status", "second wave", "Should be funded"),
        ("figure", "regions-interested", "amount", "3 regions", "2 regions"),
    ],
)
def test_contradictions_are_kept(
    knowledge: Knowledge, kind: str, record_id: str, field: str, glance: object, report: object
) -> None:
    record = _record(knowledge, kind, record_id)
    for source, expected in ((GLANCE, glance), (REPORT, report)):
        said = [_plain(v) for v in _said(record, field, source)]
        if isinstance(expected, bool):
            assert said == [expected]
        else:
            assert any(str(expected) in str(text) for text in said), said


def test_catalonia_is_interested_for_one_source_only(knowledge: Knowledge) -> None:
    role = _record(knowledge, "region", "catalonia").observed("role")
    assert _said(_record(knowledge, "region", "catalonia"), "role", GLANCE) == ["interested"]
    assert REPORT not in {o.source for o in role.observations}


def test_the_coordinators_of_area_4_are_as_printed_and_marked(knowledge: Knowledge) -> None:
    for person, printed in (("mario-sanchez", "basque-country"), ("amaya-igartua", "valencia")):
        (observation,) = _record(knowledge, "person", person).observed("region").observations
        assert observation.value == printed
        assert "swapped" in observation.note


# --- That nothing is missing or copied ---------------------------------------------------------


@pytest.mark.parametrize("source", [GLANCE, REPORT])
def test_every_source_defines_what_it_speaks_of(knowledge: Knowledge, source: str) -> None:
    bare = [
        record.key
        for record in knowledge.records
        if record.kind in DEFINED
        and source in record.sources()
        and not _said(record, "summary", source)
    ]
    assert bare == []


def test_places_in_the_pdf_have_pages_and_places_in_the_web_page_have_none(
    knowledge: Knowledge,
) -> None:
    for record in knowledge.records:
        observations = [o for value in record.stated().values() for o in value.observations]
        places: list[Any] = [*record.mentions, *observations]
        for item in places:
            if item.source == GLANCE:
                assert item.page in range(1, 8), (record.key, item)
            if item.source == REPORT:
                assert item.page is None, (record.key, item)


def test_the_digest_of_the_pdf_gives_a_page_under_every_heading(knowledge: Knowledge) -> None:
    path = knowledge.digests[GLANCE]
    headings = [line for line in path.read_text(encoding="utf-8").splitlines() if line[:1] == "#"]
    assert all(re.search(r" \(pp?\. \d(-\d)?\)$", heading) for heading in headings)
    document = digest_document(knowledge.sources[0], path)
    assert all(block.page in range(1, 8) for block in document.blocks)
    assert {block.page for block in document.blocks} == {1, 2, 3, 4, 5, 7}  # 6 within "pp. 5-6"


@pytest.mark.parametrize("source", [GLANCE, REPORT])
def test_sentences_of_the_digest_make_sense_alone(knowledge: Knowledge, source: str) -> None:
    text = knowledge.digests[source].read_text(encoding="utf-8")
    adrift = re.findall(r"(?:^|(?<=[.:] ))(?:It|They|This|These|He|She)\b.{0,40}", text, re.M)
    assert adrift == []


def _words(text: str) -> list[str]:
    for number, name in enumerate(NAMES):
        text = re.sub(re.escape(name), f" §{number} ", text, flags=re.IGNORECASE)
    return re.findall(r"[\w€%§]+", text.lower())


def _has_name(run: tuple[str, ...]) -> bool:
    return any(word.startswith("§") for word in run)


@pytest.mark.parametrize(
    ("source", "original"),
    [(GLANCE, f"as-text/{GLANCE}.txt"), (REPORT, f"as-text/{REPORT}.md")],
)
def test_no_sentence_is_copied(
    knowledge: Knowledge, originals: Path, source: str, original: str
) -> None:
    limit = 10

    def runs(words: list[str]) -> set[tuple[str, ...]]:
        found = {tuple(words[i : i + limit]) for i in range(len(words) - limit + 1)}
        # Figures in a row with their labels (a budget, its support, its years) are no sentence.
        return {run for run in found if not _has_name(run) and sum(w.isalpha() for w in run) > 5}

    theirs = runs(_words((originals / original).read_text(encoding="utf-8")))
    copied = [
        " ".join(run)
        for line in knowledge.digests[source].read_text(encoding="utf-8").splitlines()
        if "http" not in line
        for run in runs(_words(line)) & theirs
    ]
    assert copied == []
