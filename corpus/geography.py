"""Where things lie: the outlines of Europe's countries, and where a partnership's regions are.

The outlines are `outlines/europe.json`, made by ``bench/europe_outlines.py`` from Natural Earth.
The positions belong to the partnership, so its folder has them, in ``positions.yaml``::

    source: {title: ..., url: ..., licence: ...}
    positions:
      - {region: the-id, place: Its town, latitude: 46.05, longitude: 14.51}
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import cos, radians, sin, sqrt
from pathlib import Path
from typing import Annotated

from countryinfo import CountryInfo
from countryinfo.exceptions import CountryNotFoundError
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from corpus.errors import KnowledgeError
from corpus.yaml_files import line_of, misfit, read_yaml

OUTLINES_FILE = Path(__file__).parent / "outlines" / "europe.json"

# The map's projection and frame, fixed by what a map of Europe has to hold.
_EARTH_RADIUS = 6371.0  # km
_CENTRE = (52.0, 10.0)  # degrees north and east, that of the usual maps of the European Union
_WEST, _NORTH = -1800.0, 2250.0  # km from the centre
_UNITS_PER_KM = 0.4
WIDTH, HEIGHT = 1600, 1680  # of the map, in its units


def project(latitude: float, longitude: float) -> tuple[float, float]:
    """Where a place in degrees lies on the map: units to the right and down from its corner.

    Lambert's azimuthal equal-area projection of the sphere (Snyder 1987, "Map Projections: A
    Working Manual", equations 24-2, 22-4 and 22-5).
    """
    lat, lon = radians(latitude), radians(longitude)
    lat0, lon0 = (radians(degrees) for degrees in _CENTRE)
    across = cos(lat) * sin(lon - lon0)
    up = cos(lat0) * sin(lat) - sin(lat0) * cos(lat) * cos(lon - lon0)
    away = sin(lat0) * sin(lat) + cos(lat0) * cos(lat) * cos(lon - lon0)
    scale = _EARTH_RADIUS * sqrt(2 / (1 + away))
    return (scale * across - _WEST) * _UNITS_PER_KM, (_NORTH - scale * up) * _UNITS_PER_KM


@dataclass(frozen=True, slots=True)
class Outline:
    """A country's outline as the data of an SVG path in the map's units; ``code`` may be ""."""

    code: str  # ISO 3166-1 alpha-2
    path: str


@dataclass(frozen=True, slots=True)
class Outlines:
    """The outlines of the countries on the map, and whose they are (``credit``)."""

    credit: str
    countries: tuple[Outline, ...]


@cache
def load_outlines() -> Outlines:
    """The shipped outlines of Europe."""
    held = json.loads(OUTLINES_FILE.read_text(encoding="utf-8"))
    return Outlines(held["credit"], tuple(Outline(code, path) for code, path in held["countries"]))


@cache
def middle_of(code: str) -> tuple[float, float] | None:
    """The middle of a country (ISO 3166-1 alpha-2) in degrees north and east; None: not known."""
    try:
        north, east = CountryInfo(code).latlng()
    except (CountryNotFoundError, ValueError):  # not known, or known without a position
        return None
    return north, east


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Origin(_Model):
    """Whose positions they are, as their licence wants it said."""

    title: str
    url: str = ""
    licence: str = ""


class Position(_Model):
    """Where a region's marker stands: at a place in it, in degrees north and east."""

    region: str
    place: str
    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]


class Positions(_Model):
    """The positions of a partnership's regions and whose they are."""

    source: Origin | None = None
    positions: tuple[Position, ...] = ()

    def by_region(self) -> Mapping[str, Position]:
        """The positions by the id of the region."""
        return {position.region: position for position in self.positions}


def load_positions(folder: Path) -> Positions:
    """The positions in a partnership's folder, none where it has no ``positions.yaml``.

    Raises KnowledgeError that says which entry is wrong and what was expected.
    """
    path = folder / "positions.yaml"
    if not path.exists():
        return Positions()
    try:
        found = Positions.model_validate(read_yaml(path))
    except ValidationError as error:
        first = error.errors()[0]
        raise misfit(path, first["loc"], first) from error
    seen: set[str] = set()
    for place, position in enumerate(found.positions):
        if position.region in seen:
            line = line_of(path, ("positions", place, "region"))
            problem = f"{position.region!r} stands twice"
            raise KnowledgeError(path, line, "region", problem, "one position per region")
        seen.add(position.region)
    return found
