"""Make corpus/outlines/europe.json: the outlines of Europe's countries, projected and cut to frame.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    .venv/bin/python bench/europe_outlines.py package/countries-50m.json

The file that it reads is Natural Earth (public domain) as TopoJSON; it has to be made again only
when borders or the frame of the map change.
"""

import json
import sys
from collections.abc import Iterator
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import pycountry

from corpus.geography import HEIGHT, OUTLINES_FILE, WIDTH, project

CREDIT = "Natural Earth 4.1, 1:50m, Admin 0 countries (public domain), through world-atlas 2.0.2"
NEAR = ((-50.0, 25.0), (80.0, 85.0))  # degrees: what lies outside cannot be on the map
MARGIN = 20  # units by which the land runs over the frame, so that no edge shows in it
FEWEST = 4  # points of an island that is drawn

Point = tuple[float, float]


def rings(topology: dict[str, Any], geometry: dict[str, Any]) -> Iterator[list[Point]]:
    """The outer and inner rings of a TopoJSON polygon, in degrees (longitude, latitude)."""
    scale, offset = topology["transform"]["scale"], topology["transform"]["translate"]

    def arc(number: int) -> list[Point]:
        steps = topology["arcs"][~number if number < 0 else number]
        places = accumulate(steps, lambda a, b: [a[0] + b[0], a[1] + b[1]])
        points = [(x * scale[0] + offset[0], y * scale[1] + offset[1]) for x, y in places]
        return points[::-1] if number < 0 else points

    polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    for polygon in polygons:
        for ring in polygon:
            yield [point for number in ring for point in arc(number)[:-1]]


def cut(ring: list[Point]) -> list[Point]:
    """The part of a projected ring within the frame (Sutherland and Hodgman 1974)."""
    for axis, limit, sign in ((0, -MARGIN, 1), (0, WIDTH + MARGIN, -1), (1, -MARGIN, 1),
                              (1, HEIGHT + MARGIN, -1)):  # fmt: skip
        kept: list[Point] = []
        for before, here in zip([*ring[-1:], *ring[:-1]], ring, strict=True):
            was, now = ((p[axis] - limit) * sign >= 0 for p in (before, here))
            if was != now:
                share = (limit - before[axis]) / (here[axis] - before[axis])
                kept.append(
                    (
                        before[0] + share * (here[0] - before[0]),
                        before[1] + share * (here[1] - before[1]),
                    )
                )
            if now:
                kept.append(here)
        ring = kept
        if not ring:
            break
    return ring


def path_of(ring: list[Point]) -> str:
    """A ring as the data of an SVG path: whole units, each point relative to the one before."""
    rounded = [(round(x), round(y)) for x, y in ring]
    points = [p for p, before in zip(rounded, [None, *rounded], strict=False) if p != before]
    if len(points) < FEWEST:
        return ""
    steps = [f"{x - a} {y - b}" for (a, b), (x, y) in pairwise(points)]
    return f"M{points[0][0]} {points[0][1]}l{' '.join(steps)}z".replace(" -", "-")


def main(source: Path) -> None:
    """Write the outlines."""
    topology = json.loads(source.read_text(encoding="utf-8"))
    (west, south), (east, north) = NEAR
    countries = []
    for geometry in topology["objects"]["countries"]["geometries"]:
        paths = []
        for ring in rings(topology, geometry) if geometry.get("arcs") else ():
            if any(west < lon < east and south < lat < north for lon, lat in ring):
                paths.append(path_of(cut([project(lat, lon) for lon, lat in ring])))
        country = pycountry.countries.get(numeric=str(geometry.get("id")))
        if any(paths):
            countries.append([country.alpha_2 if country else "", "".join(paths)])
    lines = ",\n".join(json.dumps(country) for country in sorted(countries))
    text = f'{{"credit": {json.dumps(CREDIT)},\n"countries": [\n{lines}\n]}}\n'
    OUTLINES_FILE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
