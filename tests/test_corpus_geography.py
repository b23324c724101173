"""Where things lie: the projection, the outlines, and the positions of a partnership's regions."""

import re
from math import hypot

import pytest
from conftest import ROOT

from corpus import knowledge
from corpus.errors import KnowledgeError
from corpus.geography import (
    HEIGHT,
    WIDTH,
    load_outlines,
    load_positions,
    middle_of,
    project,
)

KM = 0.4  # units of the map


def test_the_projection_keeps_distances_near_its_centre():
    # Two places on the meridian of the centre, one degree apart: a 360th of the Earth's girth.
    (x1, y1), (x2, y2) = project(51.5, 10), project(52.5, 10)
    assert x1 == pytest.approx(x2)
    assert y1 - y2 == pytest.approx(111.2 * KM, rel=0.001)  # north is up


def test_the_projection_agrees_with_the_published_one():
    # EPSG:3035 puts 50 N 5 E at 3962799 E, 2999719 N, on the ellipsoid; its centre is at 4321000,
    # 3210000. The sphere is within a few kilometres of it.
    (x0, y0), (x, y) = project(52, 10), project(50, 5)
    assert (x - x0) / KM == pytest.approx((3962799 - 4321000) / 1000, abs=3)
    assert (y0 - y) / KM == pytest.approx((2999719 - 3210000) / 1000, abs=3)


def points(path):
    """The corners of an outline, from its moves and steps."""
    for ring in re.findall(r"M([^z]+)z", path):
        x = y = 0
        start, _, steps = ring.partition("l")
        numbers = [int(n) for n in re.findall(r"-?\d+", f"{start} {steps}")]
        for place, (across, down) in enumerate(zip(numbers[::2], numbers[1::2], strict=True)):
            x, y = (across, down) if place == 0 else (x + across, y + down)
            yield x, y


def test_the_outlines_are_where_the_countries_are():
    outlines = load_outlines()
    assert "Natural Earth" in outlines.credit
    assert "public domain" in outlines.credit
    by_code = {each.code: list(points(each.path)) for each in outlines.countries}
    for code in ("ES", "SI", "FI", "NO", "IT", "DE", "FR", "BE", "NL", "AT", "SE", "PT", "GR"):
        x, y = project(*middle_of(code))
        corners = by_code[code]
        assert min(a for a, _ in corners) < x < max(a for a, _ in corners), code
        assert min(b for _, b in corners) < y < max(b for _, b in corners), code


def test_the_land_runs_over_the_frame_and_not_far():
    for outline in load_outlines().countries:
        for x, y in points(outline.path):
            assert -25 <= x <= WIDTH + 25
            assert -25 <= y <= HEIGHT + 25


def test_a_country_that_nobody_knows_has_no_middle():
    assert middle_of("XX") is None
    assert middle_of("") is None


def test_every_region_of_the_shipped_partnership_has_its_position():
    folder = ROOT / "corpus" / "ambp"
    regions = {r.id: r for r in knowledge.load(folder).records if r.kind == "region"}
    positions = load_positions(folder)
    assert positions.source.title
    assert positions.source.licence
    assert set(positions.by_region()) == set(regions)
    outlines = {each.code: list(points(each.path)) for each in load_outlines().countries}
    for name, position in positions.by_region().items():
        x, y = project(position.latitude, position.longitude)
        near = min(hypot(x - a, y - b) for a, b in outlines[regions[name].country.value])
        inside = _inside(x, y, outlines[regions[name].country.value])
        assert inside or near < 10 * KM * 3, name  # a port may lie just off a rough coast


def _inside(x, y, corners):
    return min(a for a, _ in corners) < x < max(a for a, _ in corners) and (
        min(b for _, b in corners) < y < max(b for _, b in corners)
    )


def test_no_file_means_no_positions(tmp_path):
    assert load_positions(tmp_path).by_region() == {}


@pytest.mark.parametrize(
    ("content", "line", "field"),
    [
        ("positions:\n  - {region: a, place: A, latitude: 95, longitude: 1}", 2, "latitude"),
        ("positions:\n  - {region: a, place: A, latitude: north, longitude: 1}", 2, "latitude"),
        ("positions:\n  - {region: a, place: A, longitude: 1}", 2, "latitude"),
        (
            "positions:\n  - {region: a, place: A, latitude: 1, longitude: 1}\n"
            "  - {region: a, place: B, latitude: 2, longitude: 2}",
            3,
            "region",
        ),
        ("positions:\n  - {region: a, place: A, latitude: 1, longitude: 1, x: 1}", 2, "x"),
    ],
)
def test_a_wrong_position_is_told_with_its_place(tmp_path, content, line, field):
    (tmp_path / "positions.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(KnowledgeError) as caught:
        load_positions(tmp_path)
    assert caught.value.line_number == line
    assert field in caught.value.field
