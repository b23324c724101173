"""The map: Europe's outlines, and a marker for each region in the shape and colour of its role."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import combinations
from math import hypot

from app.web.explore.svg import shape
from corpus.geography import HEIGHT, WIDTH, Positions, load_outlines, middle_of, project
from corpus.schema import Record

_APART = 64.0  # units between two markers, so that each can be seen and hit
_ROUNDS = 60  # of pushing markers apart that are closer


@dataclass(frozen=True, slots=True)
class Marker:
    """A region on the map. ``place`` is the town that it stands at, "" for a country's middle."""

    record: Record
    x: float
    y: float
    kind: int  # the number of its shape
    label: str  # what a screen reader says: the name and the role
    place: str


def markers(
    regions: Sequence[Record],
    positions: Positions,
    kinds: Mapping[str, int],
    labels: Mapping[str, str],
) -> list[Marker]:
    """The markers of the regions that lie on the map, in the given order.

    A region without a position of its own stands in the middle of its country. ``kinds`` and
    ``labels`` are by the region's id.
    """
    known = positions.by_region()
    found = []
    for record in regions:
        position = known.get(record.id)
        if position:
            degrees: tuple[float, float] | None = (position.latitude, position.longitude)
        else:
            degrees = middle_of(record.observed("country").value or "")
        if degrees is None:
            continue
        x, y = project(*degrees)
        if 0 < x < WIDTH and 0 < y < HEIGHT:
            place = position.place if position else ""
            found.append(Marker(record, x, y, kinds[record.id], labels[record.id], place))
    return _apart(found)


def _apart(found: list[Marker]) -> list[Marker]:
    """The markers, those that would cover each other pushed apart."""
    places = [[marker.x, marker.y] for marker in found]
    for _ in range(_ROUNDS):
        moved = False
        for (i, a), (_, b) in combinations(enumerate(places), 2):
            across, down = b[0] - a[0], b[1] - a[1]
            distance = hypot(across, down)
            if distance >= _APART:
                continue
            moved = True
            if not distance:  # on one spot: to different sides, the same on every run
                across, down, distance = 1.0, 0.4 * (1 + i % 3), hypot(1.0, 0.4 * (1 + i % 3))
            push = (_APART - distance) / 2 + 0.1
            for place, side in ((a, -1), (b, 1)):
                place[0] += side * push * across / distance
                place[1] += side * push * down / distance
        if not moved:
            break
    return [
        Marker(m.record, x, y, m.kind, m.label, m.place)
        for m, (x, y) in zip(found, places, strict=True)
    ]


def map_svg(title: str, description: str, found: Sequence[Marker], *, link: str = "") -> str:
    """The map. ``link`` is what the address of a marker's details begins with.

    Without a link the map is one image; with it, a group of links, one per marker.
    """
    home = {marker.record.observed("country").value for marker in found}
    land = "".join(
        f'<path class="land{" home" if outline.code in home else ""}" d="{outline.path}"/>'
        for outline in load_outlines().countries
    )
    dots = "".join(_marker(marker, link) for marker in found)
    return (
        f'<svg class="europe" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'role="{"group" if link else "img"}" aria-labelledby="map-title" '
        f'aria-describedby="map-desc"><title id="map-title">{escape(title)}</title>'
        f'<desc id="map-desc">{escape(description)}</desc>'
        f'<rect class="sea" width="{WIDTH}" height="{HEIGHT}"/><g aria-hidden="true">{land}</g>'
        f"{dots}</svg>"
    )


def _marker(marker: Marker, link: str) -> str:
    drawn = (
        f'<g transform="translate({marker.x:.0f} {marker.y:.0f})">'
        f'<g class="spot"><circle class="halo" r="44"/><g transform="scale(2.3)">'
        f"{shape(marker.kind)}</g></g></g>"
    )
    if not link:
        return drawn
    return (
        f'<a class="marker" href="{escape(link + marker.record.id)}" '
        f'aria-label="{escape(marker.label)}" data-region="{escape(marker.record.id)}">{drawn}</a>'
    )
