"""The knowledge from the Walloon brochure, the ICAMCyL deck and the ALBATTS page."""

import re
from collections import Counter
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from corpus.knowledge import Knowledge, load
from corpus.schema import Record
from corpus.yaml_files import read_yaml

AMBP = Path(__file__).resolve().parent.parent / "corpus" / "ambp"
WALLONIA, DECK, ALBATTS = (
    "batteries-in-wallonia",
    "icamcyl-raw-materials-deck",
    "albatts-work-packages",
)
OTHERS = (WALLONIA, DECK, ALBATTS)
PAGES = {WALLONIA: 13, DECK: 78}
RUN = 10  # words: a run this long that stands in an original counts as copied

# Names, titles and enumerations of names, which cannot be said in other words.
ALLOWED = (
    "lithium ion battery value chain and related opportunities for europe",
    "materials supply chain bottlenecks in the course of the eu energy transition wrf 2017",
    "industrial workshop raw materials in the core of eu industrial value chains",
    "advanced materials for batteries for electromobility and stationary energy storage",
    "work package 4 intelligence in stationary and industrial battery applications isiba",
    "international center for advanced materials and raw materials of castilla y león icamcyl",
    "león technology park main building 1st floor office 107 c julia morros 24009 león spain",
    "matthias machnig german state secretary federal ministry for economic affairs and energy",
    "brune poirson french minister of state attached to the minister for the ecological and"
    " inclusive transition",
    "maroš šefčovič european commission vice president in charge of the energy union",
    "democratic republic of congo 51 china 6 russia 5 canada 5 australia 5",
    "walloon players active in regional and european r d projects",
    "recycling efficiency for li ion batteries set in the battery directive",
)


# Numbers that stand for nothing: dates written with dots, misread letters.
NOT_FACTS = {DECK: {"22.11", "17.05", "1111"}}


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load(AMBP)


def _record(knowledge: Knowledge, kind: str, record_id: str) -> Record:
    return next(r for r in knowledge.records if r.key == f"{kind}:{record_id}")


def _value(record: Record, field: str) -> Any:
    return record.observed(field).value


def _of(knowledge: Knowledge, kind: str, source: str) -> list[Record]:
    return [r for r in knowledge.records if r.kind == kind and source in r.sources()]


FACTS = [
    # kind, id, field, source, the value as readers see it
    ("figure", "wallonia-value-chain-players", "amount", WALLONIA, "40 players"),
    ("figure", "wallonia-research-players", "amount", WALLONIA, "20 players"),
    ("figure", "wallonia-investment-projects", "amount", WALLONIA, "7 projects"),
    ("figure", "wallonia-strategic-innovation-initiatives", "amount", WALLONIA, "1 initiative"),
    ("figure", "wallonie-entreprendre-battery-budget", "money", WALLONIA, "€25.5 million"),
    ("initiative", "batfactory", "budget", WALLONIA, "€11.4 million"),
    ("initiative", "win4c", "email", WALLONIA, "win4c@crmgroup.be"),
    ("event", "awex-mission-nordics-2022", "date", WALLONIA, "2022"),
    ("event", "awex-mission-nordics-2022", "organisers", WALLONIA, "('awex',)"),
    ("initiative", "walloon-recovery-plan", "funding", WALLONIA, "Walloon Government"),
    ("supply_share", "cobalt-eu-imports-ru", "date", DECK, "2012"),
    ("person", "sefcovic", "responsible_for", DECK, "Energy Union"),
    ("event", "awex-mission-basque-country-2023", "date", WALLONIA, "2023"),
    ("person", "bao-lian-su", "email", WALLONIA, "bao-lian.su@unamur.be"),
    ("person", "bao-lian-su", "organisation", WALLONIA, "unamur"),
    ("person", "perrine-flament", "position", WALLONIA, "Projects & Innovation Director"),
    (
        "person",
        "sixtine-descrousseaux-de-medrano",
        "email",
        WALLONIA,
        "sixtine.desrousseauxdemedrano@ncpwallonie.be",
    ),
    (
        "person",
        "rafael-jaimes-contreras",
        "email",
        WALLONIA,
        "r.jaim\N{CYRILLIC SMALL LETTER IE}\N{CYRILLIC SMALL LETTER ES}contreras@awex.be",
    ),
    ("figure", "regions-involved-deck", "amount", DECK, "26 regions"),
    ("figure", "regions-involved-deck", "topic", DECK, "regions committed to the partnership"),
    ("figure", "extractive-value-added", "money", DECK, "more than €206 billion"),
    ("figure", "extractive-jobs", "amount", DECK, "3.4 million jobs"),
    ("figure", "downstream-value", "money", DECK, "€1,422 billion"),
    ("figure", "covid-ebitda-loss", "amount", DECK, "100-200 billion USD"),
    ("figure", "covid-projects-closed", "amount", DECK, "about 247 mining projects"),
    ("figure", "raw-materials-rd", "money", DECK, "more than €2.7 billion"),
    ("figure", "patent-applications", "amount", DECK, "1,200 applications a year"),
    ("figure", "cathode-demand-2025", "amount", DECK, "more than 400,000 t"),
    ("figure", "anode-demand-2025", "amount", DECK, "more than 250,000 t"),
    ("figure", "electrolyte-demand-2025", "amount", DECK, "more than 235,000 t"),
    ("figure", "drc-cobalt-share", "amount", DECK, "51%"),
    ("figure", "cathode-revenue-share", "amount", DECK, "43%"),
    ("figure", "asian-cell-share", "amount", DECK, "88%"),
    ("figure", "pack-assembly-share", "amount", DECK, "40%"),
    ("figure", "automotive-cell-share", "amount", DECK, "31%"),
    ("figure", "recycling-efficiency", "amount", DECK, "50%"),
    ("figure", "cell-manufacturing-revenues", "money", DECK, "US$16.7 billion"),
    ("figure", "lithium-demand-2017", "amount", DECK, "214 kT LCE"),
    ("figure", "lithium-demand-2025", "amount", DECK, "669 kT LCE"),
    ("figure", "lithium-top3-share", "amount", DECK, "85%"),
    ("figure", "eba-gigafactories", "amount", DECK, "10-20 gigafactories"),
    ("figure", "material-ticks-finland", "amount", DECK, "3 materials"),
    ("figure", "material-ticks-ireland", "amount", DECK, "0 materials"),
    ("figure", "mine-the-gap-smes", "amount", DECK, "more than 500 SMEs"),
    ("figure", "mine-the-gap-jobs", "amount", DECK, "more than 100,000 jobs"),
    ("figure", "mine-the-gap-beneficiaries", "amount", DECK, "87 SMEs"),
    ("funding_call", "mine-poc", "trl", DECK, "6-7"),
    ("funding_call", "mine-poc", "duration", DECK, "9 months"),
    ("funding_call", "mine-demo", "trl", DECK, "7-8"),
    ("funding_call", "mine-demo", "duration", DECK, "1 year"),
    ("initiative", "european-battery-alliance", "launched", DECK, "11 October 2017"),
    ("initiative", "remix", "period", DECK, "January 2017 to June 2021"),
    ("initiative", "remix", "partners", DECK, "9 partners"),
    ("initiative", "mireu", "period", DECK, "December 2017 to November 2020"),
    ("initiative", "mireu", "regions", DECK, "17 regions"),
    ("event", "mining-industry-approval-2019", "date", DECK, "February 2019"),
    ("organisation", "icamcyl", "phone", DECK, "(+34) 987 440 481"),
    ("organisation", "icamcyl", "email", DECK, "director.general@icamcyl.com"),
    ("material", "cobalt", "critical", DECK, "True"),
    ("material", "cobalt", "substitutability_index", DECK, "0.71"),
    ("material", "cobalt", "recycling_input_rate", DECK, "16%"),
    ("material", "natural-graphite", "substitutability_index", DECK, "0.72"),
    ("material", "silicon-metal", "substitutability_index", DECK, "0.81"),
    ("material", "silicon-metal", "recycling_input_rate", DECK, "0%"),
    ("material", "lithium", "critical", DECK, "False"),
    ("supply_share", "cobalt-world-production-cd", "share", DECK, "51%"),
    ("supply_share", "cobalt-eu-imports-ru", "share", DECK, "96%"),
    ("supply_share", "natural-graphite-eu-imports-no", "share", DECK, "9%"),
    ("supply_share", "silicon-metal-eu-imports-no", "share", DECK, "38%"),
    ("supply_share", "lithium-world-production-ar", "share", DECK, "12%"),
    ("work_package", "albatts-wp3", "number", ALBATTS, "3"),
    ("governance_body", "albatts-steering-board", "led_by", ALBATTS, "Steering Board Leader"),
]


@pytest.mark.parametrize(("kind", "record_id", "field", "source", "expected"), FACTS)
def test_a_key_fact_stands_as_the_publication_has_it(
    knowledge: Knowledge, kind: str, record_id: str, field: str, source: str, expected: str
) -> None:
    seen = _record(knowledge, kind, record_id).observed(field).observations
    assert expected in [str(o.value) for o in seen if o.source == source]


MEMBERS = [
    (
        "organisation",
        "ismc",
        "members",
        ["about 50 companies, research and institutional entities"],
    ),
    (
        "initiative",
        "batfactory",
        "partner_organisations",
        ["unamur", "umons", "uclouvain", "ulb", "materia-nova", "crm-group", "cenaero"],
    ),
    (
        "organisation",
        "mecatech",
        "contacts",
        ["perrine-flament", "philippe-stegen", "jean-paul-de-mussy"],
    ),
    ("thematic_area", "area-1", "lead_regions", ["bavaria"]),
    ("thematic_area", "area-2", "lead_regions", ["castilla-y-leon"]),
    ("thematic_area", "area-3", "lead_regions", ["bavaria"]),
    ("thematic_area", "area-4", "lead_regions", ["basque-country", "valencia"]),
    ("thematic_area", "area-5", "lead_regions", ["west-slovenia"]),
    ("thematic_area", "area-6", "lead_regions", ["auvergne-rhone-alpes"]),
    ("finding", "minerals-protected-by-law", "countries", ["AT", "CZ", "PL", "SK", "SI", "SE"]),
    (
        "event",
        "eba-launch-2017",
        "attendees",
        ["matthias-machnig", "brune-poirson", "jadwiga-emilewicz", "sefcovic"],
    ),
]


@pytest.mark.parametrize(("kind", "record_id", "field", "expected"), MEMBERS)
def test_a_list_is_complete_and_in_order(
    knowledge: Knowledge, kind: str, record_id: str, field: str, expected: list[str]
) -> None:
    value = _record(knowledge, kind, record_id).observed(field).value
    assert (list(value) if isinstance(value, tuple) else [str(value)]) == expected


def _per(knowledge: Knowledge, kind: str, field: str, source: str) -> Counter[object]:
    return Counter(_value(r, field) for r in _of(knowledge, kind, source))


def test_every_workshop_has_its_barriers_and_levers(knowledge: Knowledge) -> None:
    workshops = {r.id for r in _of(knowledge, "workshop", WALLONIA)}
    assert workshops == {
        "smart-battery-disassembly",
        "battery-recycling-quest",
        "electrode-materials",
        "batteries-second-life",
        "massification",
    }
    assert _per(knowledge, "barrier", "workshop", WALLONIA) == dict.fromkeys(workshops, 3)
    assert _per(knowledge, "lever", "workshop", WALLONIA) == {
        **dict.fromkeys(workshops, 3),
        "battery-recycling-quest": 1,
    }


def test_barriers_and_levers_by_category(knowledge: Knowledge) -> None:
    assert _per(knowledge, "barrier", "category", WALLONIA) == {
        "economic": 6,
        "technological": 4,
        "societal": 1,
        "environmental": 1,
        "political": 1,
        "legal": 1,
        "political/societal": 1,
    }
    assert _per(knowledge, "lever", "category", WALLONIA) == {
        "technological": 4,
        "legal": 2,
        "societal": 2,
        "political": 1,
        "legal/technological": 1,
        "environmental": 1,
        "economic": 1,
        "political/societal": 1,
    }


def test_the_tables_are_complete(knowledge: Knowledge) -> None:
    shares = Counter(
        (_value(r, "material"), _value(r, "flow")) for r in _of(knowledge, "supply_share", DECK)
    )
    assert shares == {
        ("cobalt", "world production"): 5,
        ("cobalt", "EU imports"): 2,
        ("natural-graphite", "world production"): 3,
        ("natural-graphite", "EU imports"): 3,
        ("silicon-metal", "world production"): 4,
        ("silicon-metal", "EU imports"): 4,
        ("lithium", "world production"): 4,
    }
    critical = {r.id for r in _of(knowledge, "material", DECK) if _value(r, "critical")}
    assert critical == {"cobalt", "natural-graphite", "silicon-metal"}
    ticks = [r for r in _of(knowledge, "figure", DECK) if r.id.startswith("material-ticks-")]
    assert len(ticks) == 12
    assert sum(_value(r, "amount").low for r in ticks) == 18


def test_shares_of_one_material_stay_below_the_whole(knowledge: Knowledge) -> None:
    totals: Counter[tuple[object, object]] = Counter()
    for r in _of(knowledge, "supply_share", DECK):
        totals[_value(r, "material"), _value(r, "flow")] += _value(r, "share").low
    assert all(total <= 100 for total in totals.values()), totals


def test_albatts_is_complete(knowledge: Knowledge) -> None:
    packages = _of(knowledge, "work_package", ALBATTS)
    assert sorted(_value(r, "number") for r in packages) == [1, 2, 3, 4, 5, 6]
    tasks = {_value(r, "number"): len(_value(r, "tasks")) for r in packages}
    assert tasks == {1: 5, 2: 6, 3: 2, 4: 3, 5: 3, 6: 1}
    assert all(r.observed("objective") for r in packages)
    assert len(_of(knowledge, "governance_body", ALBATTS)) == 3


def test_stakeholders_and_contacts_are_complete(knowledge: Knowledge) -> None:
    listed = _per(knowledge, "organisation", "listed_as", WALLONIA)
    assert listed[("Walloon stakeholder",)] == 16
    assert listed[("international contact",)] == 24
    assert listed[("key partner in Wallonia",)] == 4
    people = _of(knowledge, "person", WALLONIA)
    assert len(people) == 11
    assert all(r.observed("email") for r in people)


def test_wallonia_has_no_record_as_a_region(knowledge: Knowledge) -> None:
    assert not [r for r in knowledge.records if r.kind == "region" and "wallonia" in r.id]


@pytest.mark.parametrize("source", OTHERS)
def test_records_that_definitions_rest_on_have_a_summary(knowledge: Knowledge, source: str) -> None:
    kinds = (
        "organisation",
        "initiative",
        "workshop",
        "work_package",
        "funding_call",
        "governance_body",
        "person",
        "event",
        "material",
        "term",
        "figure",
    )
    lacking = [r.key for kind in kinds for r in _of(knowledge, kind, source) if not r.summary]
    assert lacking == []


def _places(record: Record, source: str) -> Iterator[tuple[str, int | None]]:
    for mention in record.mentions:
        if mention.source == source:
            yield mention.at, mention.page
    for value in record.stated().values():
        for seen in value.observations:
            if seen.source == source:
                yield seen.at, seen.page


def test_pages_exist_and_agree_with_the_place(knowledge: Knowledge) -> None:
    for source, pages in PAGES.items():
        for record in knowledge.records:
            for at, page in _places(record, source):
                numbers = [int(n) for n in re.findall(r"\d+", at.split(",")[0])]
                assert page is not None, record.key
                assert 1 <= numbers[0] <= page <= numbers[-1] <= pages, (record.key, at, page)


@pytest.mark.parametrize("source", PAGES)
def test_digest_headings_name_their_page(source: str) -> None:
    headings = re.findall(r"^## (.+)$", (AMBP / "digests" / f"{source}.md").read_text(), re.M)
    for heading in headings:
        match = re.search(r"\(pp?\. (\d+)(?:-(\d+))?\)$", heading)
        assert match, heading
        assert int(match[2] or match[1]) <= PAGES[source]


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())


def _original(folder: Path, source: str) -> str:
    path = next((folder / "as-text").glob(f"{source}.*"))
    return unescape(path.read_text(encoding="utf-8"))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def _statements(source: str) -> Iterator[str]:
    """Every sentence and list item of the digest and the records of a source."""
    texts = (AMBP / "digests" / f"{source}.md").read_text(encoding="utf-8").splitlines()
    for path in sorted((AMBP / "records" / source).glob("*.yaml")):
        texts += _texts(read_yaml(path))
    for text in texts:
        yield from re.split(r"(?<=[.:;?])\s", text)


@pytest.mark.parametrize("source", OTHERS)
def test_nothing_is_copied(originals: Path, source: str) -> None:
    original = f" {' '.join(_words(_original(originals, source)))} "
    allowed = [f" {' '.join(_words(phrase))} " for phrase in ALLOWED]
    copied = set()
    for statement in _statements(source):
        own = _words(statement)
        for i in range(len(own) - RUN + 1):
            run = f" {' '.join(own[i : i + RUN])} "
            if run in original and not any(run in phrase for phrase in allowed):
                copied.add(run.strip())
    assert copied == set()


@pytest.mark.parametrize("source", OTHERS)
def test_addresses_stand_in_the_original(
    knowledge: Knowledge, originals: Path, source: str
) -> None:
    text = _original(originals, source)
    for record in knowledge.records:
        for name in ("email", "phone"):
            if name not in record.stated():
                continue
            for seen in record.observed(name).observations:
                if seen.source == source:
                    assert seen.value in text, record.key


@pytest.mark.parametrize("source", OTHERS)
def test_every_number_of_the_original_is_in_the_knowledge(originals: Path, source: str) -> None:
    def numbers(text: str) -> set[str]:
        plain = re.sub(r"(?<=\d)[ ,.](?=\d{3}\b)", "", text)
        return {n.lstrip("0") or "0" for n in re.findall(r"\d+(?:\.\d+)?", plain)}

    files = [AMBP / "digests" / f"{source}.md", *(AMBP / "records" / source).glob("*.yaml")]
    own = numbers(" ".join(path.read_text(encoding="utf-8") for path in files))
    missing = numbers(_original(originals, source)) - own
    assert missing <= NOT_FACTS.get(source, set())
