"""The views of the page on which one explores: what they say, of whose words, and in which form."""

import csv
import io
import json
import re
from functools import cache
from html import unescape
from pathlib import Path
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from conftest import ROOT, SECOND_PARTNERSHIP
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.report.model import Item
from app.settings import Settings
from app.web.explore.charts import Bar, Happening, Point, bars, course, lanes
from app.web.explore.europe import Marker, _apart
from app.web.explore.page import VIEWS, routes, scene_of, shell_html
from app.web.explore.png import png
from app.web.explore.scene import Chart
from app.web.explore.sheet import Cell, Row, Sheet, Stated
from app.web.explore.svg import SHAPES, lines
from app.web.texts import LANGUAGES
from corpus import knowledge
from corpus.geography import Positions, load_positions
from corpus.knowledge import Knowledge
from corpus.values import PartialDate

AMBP = ROOT / "corpus" / "ambp"


@cache
def loaded(folder: Path) -> Knowledge:
    """The knowledge in a folder, read once: reading checks every line of it."""
    return knowledge.load(folder)


def site(folder: Path, held: Knowledge | None = None) -> SimpleNamespace:
    """What the page needs of a site: an assistant that tells what it knows."""
    held = held or loaded(folder)
    settings = Settings(data_dir=Path("nowhere"), partnership=str(folder))
    return SimpleNamespace(
        assistant=SimpleNamespace(knowledge=held),
        partnership=held.partnership,
        settings=settings,
    )


def view(name, folder=SECOND_PARTNERSHIP, language="en", held=None):
    return VIEWS[name](scene_of(site(folder, held), load_positions(folder), language))


def soup(drawn):
    return BeautifulSoup(drawn.html, "lxml")


@pytest.fixture(params=[AMBP, SECOND_PARTNERSHIP], ids=["shipped", "second"])
def folder(request):
    return request.param


# --- Every view ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", VIEWS)
def test_every_row_has_its_sources_its_question_and_its_place_in_a_report(name, folder):
    drawn = view(name, folder)
    page = soup(drawn)
    notes = {item["id"] for item in page.select(".notes-list li")}
    cited = {
        each["n"] for each in json.loads(page.select_one("[data-citations]")["data-citations"])
    }
    rows = page.select("table tbody tr, fieldset.requirement")
    assert rows
    for row in rows:
        if row.find_parent("details"):
            continue  # the table of a chart may count nothing
        links = [a["href"].partition("#")[2] for a in row.select("a.note")]
        assert links, row.text
        assert set(links) <= notes
        assert row.select_one('a[href^="./?q="]')
    for button in page.select("[data-add]"):
        item = json.loads(button["data-add"])
        assert set(item["cited"]) <= cited


@pytest.mark.parametrize("name", VIEWS)
def test_what_goes_into_a_report_is_what_a_report_takes(name, folder):
    page = soup(view(name, folder))
    citations = json.loads(page.select_one("[data-citations]")["data-citations"])
    for button in page.select("[data-add]"):
        item = json.loads(button["data-add"])
        numbers = item.pop("cited")
        item["citations"] = [c for c in citations if c["n"] in numbers]
        checked = Item.model_validate_json(json.dumps(item))
        said = checked.markdown + json.dumps(item.get("table", ""))
        assert {int(n) for n in re.findall(r"\[(\d+)\]", said)} <= {c.n for c in checked.citations}


@pytest.mark.parametrize("name", VIEWS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_it_speaks_each_language_and_leaves_the_records_as_they_are(name, language):
    english, drawn = view(name), view(name, language=language)
    for sheet, other in zip(english.sheets.values(), drawn.sheets.values(), strict=True):
        assert [row.name for row in sheet.rows if row.notes] == [
            row.name for row in other.rows if row.notes
        ]
    if language != "en":
        assert soup(drawn).select_one(".lead").text != soup(english).select_one(".lead").text


@pytest.mark.parametrize("name", VIEWS)
def test_without_records_it_says_so(name):
    held = loaded(SECOND_PARTNERSHIP)
    empty = Knowledge(held.partnership, (), {}, ())
    drawn = view(name, held=empty)
    assert "hold nothing of this kind" in drawn.html
    assert not drawn.sheets
    assert not drawn.charts


@pytest.mark.parametrize("name", VIEWS)
def test_a_source_that_is_gone_is_gone_from_the_views(name):
    held = loaded(SECOND_PARTNERSHIP)
    left = held.without(["coast-brief"])
    assert "Woven Coasts: a brief for regions" not in view(name, held=left).html


@pytest.mark.parametrize("name", VIEWS)
def test_a_chart_has_a_name_a_description_and_its_table(name, folder):
    drawn = view(name, folder)
    for key, chart in drawn.charts.items():
        page = BeautifulSoup(chart.svg, "xml").svg
        assert page["role"] == "img"
        assert page.find(id=page["aria-labelledby"]).text
        assert page.find(id=page["aria-describedby"]).text
        assert key in drawn.sheets or key in {"map", "timeline"}
        assert f"{name}/{key}.png" in drawn.html
    for key in drawn.sheets:
        assert f"{name}/{key}.csv" in drawn.html


@pytest.mark.parametrize("name", VIEWS)
def test_no_id_stands_twice_and_every_reference_leads_somewhere(name, folder):
    page = soup(view(name, folder))
    ids = [each["id"] for each in page.select("[id]")]
    assert len(ids) == len(set(ids))
    for attribute in ("aria-labelledby", "aria-describedby"):
        for each in page.select(f"[{attribute}]"):
            assert set(each[attribute].split()) <= set(ids)


def test_what_a_document_says_cannot_act():
    evil = '"><img src=x onerror=alert(1)><script>'
    held = loaded(SECOND_PARTNERSHIP)
    records = tuple(
        record.model_copy(update={"name": f"{record.name} {evil}"}) for record in held.records
    )
    sources = tuple(held.sources)
    for name in VIEWS:
        drawn = view(name, held=Knowledge(held.partnership, sources, {}, records))
        page = soup(drawn)
        assert not page.select("img, script")
        assert evil in page.text
        for chart in drawn.charts.values():
            assert "<img" not in chart.svg
            assert png(chart).startswith(b"\x89PNG")


# --- Regions ---------------------------------------------------------------------------------


def test_the_map_and_the_table_say_the_same(folder):
    drawn = view("regions", folder)
    page = soup(drawn)
    markers = page.select("a.marker")
    named = [marker["aria-label"].partition(",")[0] for marker in markers]
    assert sorted(named) == sorted(row.name for row in drawn.sheets["regions"].rows)
    # In the order of the table: role, then name.
    assert named == [row.name for row in drawn.sheets["regions"].rows]
    for marker in markers:
        assert page.find(id=f"region-{marker['data-region']}")


def test_a_role_has_its_own_shape_and_colour():
    page = soup(view("regions"))
    drawn = {}
    for marker in page.select("a.marker"):
        role = marker["aria-label"].split(", ")[1]
        path = marker.select_one(".mark")
        drawn.setdefault(role, set()).add((path["d"], *path["class"]))
    assert set(drawn) == {"leading", "participating", "interested"}
    assert all(len(looks) == 1 for looks in drawn.values())
    assert len({next(iter(looks)) for looks in drawn.values()}) == 3
    legend = {li.text: li.path["d"] for li in page.select(".map .legend li")}
    assert legend == {role: next(iter(looks))[0] for role, looks in drawn.items()}


def test_markers_do_not_cover_each_other(folder):
    page = soup(view("regions", folder))
    places = [
        tuple(map(float, re.search(r"translate\((\S+) (\S+)\)", str(each)).groups()))
        for each in page.select("a.marker")
    ]
    gaps = [
        ((a - c) ** 2 + (b - d) ** 2) ** 0.5
        for n, (a, b) in enumerate(places)
        for c, d in places[n + 1 :]
    ]
    assert min(gaps) > 55


def test_two_markers_on_one_spot_are_pushed_apart_the_same_on_every_run():
    same = [Marker(None, 100.0, 100.0, 0, "", "") for _ in range(4)]  # type: ignore[arg-type]
    first, second = ([(m.x, m.y) for m in _apart(same)] for _ in range(2))
    assert first == second
    assert len(set(first)) == 4


def test_the_details_of_a_region_name_what_rests_on_it():
    article = soup(view("regions")).find(id="region-costa-verde")
    assert "Natural dyes" in article.text  # the thematic area that it leads
    assert "Costa Weave Centre" in article.text
    assert all(value.select("a.note") for value in article.select("dd"))
    assert article.has_attr("hidden")


def test_a_region_whose_sources_differ_shows_both():
    row = soup(view("regions")).find(id="row-regions-saareland")
    assert "participating" in row.text
    assert "interested" in row.select_one(".differ").text
    assert "Sources differ" in row.text


def test_a_region_without_a_position_stands_in_its_country_and_that_is_said():
    drawn = view("regions")
    assert "in the middle of their country: Costa Verde, Westhaven" in drawn.html
    assert "at one of its towns" not in drawn.html
    shipped = view("regions", AMBP)
    assert "in the middle of their country" not in shipped.html
    assert "at one of its towns" in shipped.html


def test_a_region_beyond_the_map_is_named_beside_it():
    held = loaded(SECOND_PARTNERSHIP)
    records = tuple(
        r.model_copy(update={"country": type(r.country)()}) if r.id == "highmoor" else r
        for r in held.records
    )
    drawn = view("regions", held=Knowledge(held.partnership, held.sources, {}, records))
    assert "Not on the map: Highmoor." in unescape(drawn.html)
    assert "Highmoor" in [row.name for row in drawn.sheets["regions"].rows]


# --- Projects --------------------------------------------------------------------------------


def test_counts_say_of_how_many_it_is_stated():
    drawn = view("projects")
    counted = {row.name: row.cells[0].text for row in drawn.sheets["areas"].rows}
    assert counted == {
        "Recycled fibres (thematic area 1)": "1",
        "Natural dyes (thematic area 2)": "2",
        "Smart fabrics (thematic area 3)": "1",
        "Shared laboratories (thematic area 4)": "1",
    }
    assert "Stated for 4 of 5." in drawn.html  # the budgets
    assert "stages" not in drawn.charts  # no source states one


def test_what_some_do_not_state_is_not_counted_as_none():
    drawn = view("projects", AMBP)
    counted = {row.name: row.cells[0].text for row in drawn.sheets["stages"].rows}
    assert "0" not in counted.values()
    assert "not stated" in counted
    assert len(set(re.findall(r"Stated for \d+ of (\d+)", drawn.html))) == 1


def test_budgets_are_ordered_and_added_up():
    drawn = view("projects")
    names = [row.name for row in drawn.sheets["budgets"].rows]
    assert names == [
        "Open Mill (project 5)",
        "Seaweed Vats (project 2)",
        "Denim Loop (project 1)",
        "Sensor Sails (project 3)",
    ]
    assert "Together: €19.8 million." in drawn.html  # with the later budget of project 2
    row = soup(drawn).find(id="row-budgets-vats")
    assert "€4.5 million" in row.text
    assert "€4 million" in row.select_one(".differ").text


def test_only_projects_on_the_list_are_counted():
    drawn = view("projects", AMBP)
    assert "Projects: 12 (on the project list: 11)." in drawn.html
    assert sum(int(row.cells[0].text) for row in drawn.sheets["areas"].rows) == 11


# --- Figures ---------------------------------------------------------------------------------


def test_a_series_is_in_the_order_of_its_dates():
    (name,) = view("figures").charts
    sheet = view("figures").sheets[name]
    assert [(row.name, row.cells[0].text) for row in sheet.rows] == [
        ("May 2021", "4 regions"),
        ("March 2022", "6 regions"),
        ("June 2023", "7 regions"),
    ]
    assert "Sources differ" not in view("figures").html


def test_figures_that_contradict_each_other_are_marked():
    drawn = view("figures", AMBP)
    marked = {
        sheet.title: {(row.name, row.cells[0].text) for row in sheet.rows if row.cells[-1].text}
        for name, sheet in drawn.sheets.items()
        if name != "figures" and len(sheet.columns) == 3
    }
    assert ("2020", "26 regions") in marked["Regions committed to the partnership"]
    assert ("July 2020", "29 regions") in marked["Regions committed to the partnership"]
    assert ("October 2018", "8 regions") not in marked["Regions committed to the partnership"]
    assert marked["Projects on the list of the partnership"] == {
        ("September 2020", "about 10 projects"),
        ("September 2020", "11 projects"),
    }


def test_figures_of_other_places_are_no_series():
    titles = {sheet.title for sheet in view("figures", AMBP).sheets.values()}
    assert not any("ticked for a country" in title for title in titles)


# --- Events and requirements -------------------------------------------------------------------


def test_events_are_in_the_order_of_their_dates():
    names = [row.name for row in view("events").sheets["events"].rows]
    assert names[0] == "Launch of Woven Coasts"
    assert names[-1] == "Tallinn meeting"


def test_an_event_without_a_date_is_in_the_table_only():
    drawn = view("events", AMBP)
    assert "Without a date, in the table only: 5." in drawn.html
    chart = BeautifulSoup(drawn.charts["timeline"].svg, "xml")
    assert len(chart.select(".mark")) == len(drawn.sheets["events"].rows) - 5


def test_a_requirement_can_be_met_open_or_not_known():
    items = soup(view("requirements", AMBP)).select("fieldset.requirement")
    assert len(items) == 10
    for item in items:
        values = [radio["value"] for radio in item.select("input[type=radio]")]
        assert values == ["met", "open", "unknown"]
        assert item.select_one("input[checked]")["value"] == "unknown"
        assert item.legend.text
        assert item.select("a.note")


# --- Tables and charts by themselves -------------------------------------------------------------


def test_csv_has_the_values_what_else_is_stated_and_the_footnotes():
    client = TestClient(Starlette(routes=list(routes(site(SECOND_PARTNERSHIP)))))
    answer = client.get("/explore/projects/projects.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert 'filename="projects.csv"' in answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    vats = next(row for row in rows if row["Name"] == "Seaweed Vats")
    assert vats["Budget"] == "€4.5 million"
    assert "€4 million" in vats["Also stated"]
    assert "Annual review of Woven Coasts 2023, Woven Coasts office, June 2023" in vats["Sources"]
    assert "p. 4" in vats["Sources"]


def test_a_spreadsheet_takes_no_value_for_a_formula():
    stated = ("=1+1", "@x", "+cmd|' /C calc'!A0", "-5", "+3,5", "plain")
    rows = tuple(Row(str(n), t, (), (), "") for n, t in enumerate(stated))
    sheet = Sheet("t", "Name", (), rows)
    scene = scene_of(site(SECOND_PARTNERSHIP), Positions(), "en")
    printed = list(csv.reader(io.StringIO(sheet.csv(scene.notes(), scene.words))))
    names = [row[0] for row in printed[1:]]
    assert names == ["'=1+1", "'@x", "'+cmd|' /C calc'!A0", "-5", "+3,5", "plain"]


def test_a_cell_knows_all_its_notes():
    cell = Cell((Stated("a", (3, 1)), Stated("b", (2,))))
    assert cell.text == "a"
    assert cell.notes == (1, 2, 3)


def test_labels_of_bars_are_cut_and_say_so():
    assert lines("one two three four five", 9) == ["one two", "three…"]
    assert lines("short", 9) == ["short"]
    assert lines("", 9) == [""]


def test_bars_are_as_long_as_their_amounts():
    chart = BeautifulSoup(bars("b", "T", "D", [Bar("a", 4, "4"), Bar("b", 1, "1")]), "xml")
    long, short = (float(bar["width"].rstrip("%")) for bar in chart.select(".bar"))
    assert long == pytest.approx(4 * short)
    assert BeautifulSoup(bars("b", "T", "D", [Bar("a", 0, "0")]), "xml").select(".bar") == []


def when(text):
    return PartialDate.parse(text)


def test_the_labels_of_a_course_do_not_lie_on_each_other():
    points = [
        Point(when("2020-01"), 29, 29, "29 regions", 0, True),
        Point(when("2020"), 26, 26, "26 regions", 1, True),
        Point(when("2020-07"), 29, 29, "29 regions", 2),
        Point(when("2020-07"), 28, 28, "28 regions", 2),
    ]
    chart = BeautifulSoup(course("c", "T", "D", points), "xml")
    places = {(text["x"], text["y"]) for text in chart.select("text.strong")}
    assert len(places) == 4
    assert len(chart.select(".disputed")) == 2


def test_a_line_does_not_run_through_what_a_more_exact_date_contradicts():
    points = [
        Point(when("2018-10"), 8, 8, "8", 0),
        Point(when("2020"), 26, 26, "26", 1, True),
        Point(when("2020-07"), 29, 29, "29", 2, True),
    ]
    chart = BeautifulSoup(course("c", "T", "D", points), "xml")
    (line,) = chart.select(".course")
    # From the first point to the last, whose value is the largest: at the top of the scale.
    assert float(line["y2"]) == 62


def test_events_at_one_time_stand_below_each_other():
    given = [Happening(when("2020-05-01"), "meeting", 0) for _ in range(3)]
    chart = BeautifulSoup(lanes("l", "T", "D", given), "xml")
    downs = [svg["y"] for svg in chart.select("svg svg")]
    assert len(set(downs)) == 3


def test_shapes_are_told_apart_without_colour():
    assert len(set(SHAPES)) == len(SHAPES)


def test_a_saved_chart_says_what_it_is_and_whose():
    for name in VIEWS:
        for chart in view(name, AMBP).charts.values():
            assert chart.title
            assert "Sources: " in chart.credit
    assert "Natural Earth" in view("regions", AMBP).charts["map"].credit
    assert "GeoNames (CC BY 4.0)" in view("regions", AMBP).charts["map"].credit


@pytest.mark.parametrize("name", ["regions", "projects", "figures", "events"])
def test_a_chart_is_saved_as_a_picture(name):
    for chart in view(name).charts.values():
        picture = Image.open(io.BytesIO(png(chart)))
        assert picture.format == "PNG"
        assert picture.width > 1200
        colours = {colour for _, colour in picture.convert("RGB").getcolors(1 << 20)}
        assert (255, 255, 255) in colours
        assert len(colours) > 10
        assert any(r < 60 and g < 70 and b < 80 for r, g, b in colours), "no writing in it"


def test_letters_of_all_six_languages_are_in_the_picture():
    def picture(words):
        return png(Chart("T", bars("b", "T", "D", [Bar(words, 1, "1")])))

    for letters in ("č", "š", "ž", "ä", "ß", "é", "ñ", "€", "–"):
        assert picture(letters) != picture(" "), letters
        assert picture(letters) != picture("\ue123"), letters  # nor a box for one that is missing


# --- The addresses -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def client():
    return TestClient(Starlette(routes=list(routes(site(SECOND_PARTNERSHIP)))))


@pytest.mark.parametrize(
    "path",
    [
        "nothing.html",
        "regions/nothing.csv",
        "nothing/regions.csv",
        "regions/nothing.png",
        "x/y.png",
    ],
)
def test_what_is_not_there_is_not_found(client, path):
    assert client.get(f"/explore/{path}").status_code == 404


def test_a_view_comes_in_the_language_asked_for(client):
    assert "Mapa de las regiones" in client.get("/explore/regions.html?language=es").text
    assert "Map of the regions" in client.get("/explore/regions.html?language=xx").text
    assert "Map of the regions" in client.get("/explore/regions.html").text


def test_a_picture_comes_as_a_file(client):
    answer = client.get("/explore/regions/map.png")
    assert answer.headers["content-type"] == "image/png"
    assert 'filename="map.png"' in answer.headers["content-disposition"]


def test_an_assistant_that_tells_nothing_shows_empty_views():
    held = loaded(SECOND_PARTNERSHIP)
    mute = SimpleNamespace(
        assistant=object(),
        partnership=held.partnership,
        settings=Settings(data_dir=Path("nowhere"), partnership=str(SECOND_PARTNERSHIP)),
    )
    client = TestClient(Starlette(routes=list(routes(mute))))
    assert "hold nothing of this kind" in client.get("/explore/events.html").text


def test_the_page_has_one_heading_and_a_link_to_each_view():
    page = BeautifulSoup(shell_html("de"), "lxml")
    assert [h.text for h in page.select("h1")] == ["Erkunden"]
    assert [a["data-view"] for a in page.select("nav a")] == list(VIEWS)
