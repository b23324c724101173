"""The regions: on a map, each with its details, and as a table."""

from collections.abc import Mapping, Sequence
from html import escape

from app.web.explore.europe import Marker, map_svg, markers
from app.web.explore.html import (
    PAGE,
    add_button,
    ask_link,
    cell_html,
    download,
    empty,
    find_box,
    footnotes,
    heading,
    legend,
    noted,
    panel,
    table,
    table_tools,
)
from app.web.explore.notes import Notes
from app.web.explore.scene import Chart, Scene, View
from app.web.explore.sheet import Cell, Row, Sheet, Stated, cell_of
from corpus.schema import FieldType, Record, fields_of

NAME = "regions"
_COLUMNS = ("role", "country", "nuts")


def draw(scene: Scene) -> View:
    """The view of the regions."""
    words, notes = scene.words, scene.notes()
    title = words["regions"]
    roles = scene.choices("region", "role")
    regions = sorted(scene.records("region"), key=lambda r: (_kind(r, roles), r.name))
    if not regions:
        return View(empty(NAME, title, words), {}, {}, notes)
    question = f"Is {{name}} part of the {scene.knowledge.partnership.abbreviation}?"
    sheet = scene.sheet(title, regions, _COLUMNS, notes, question)
    found = markers(
        regions,
        scene.positions,
        {record.id: _kind(record, roles) for record in regions},
        {record.id: _said(record, scene) for record in regions},
    )
    told = f"{_counted(regions, roles, scene)}."
    drawn = map_svg(words["map"], told, found, link=f"{PAGE}#region-")
    body = (
        heading(NAME, title, escape(told))
        + _map_panel(scene, regions, found, sheet, drawn, notes)
        + panel(
            "regions",
            words["regions_table"],
            find_box("regions", words) + table(NAME, "regions", sheet, words),
            table_tools(NAME, "regions", sheet, words),
        )
        + footnotes(NAME, notes, words)
    )
    picture = map_svg(words["map"], told, found)
    credit = f"{scene.credit(sheet, notes)} {_credit(scene)}"
    chart = Chart(words["map"], picture, _keys(scene, regions), credit)
    return View(body, {"regions": sheet}, {"map": chart}, notes)


def _kind(record: Record, roles: Sequence[str]) -> int:
    """The number of the shape of a region's role; the last for one without a role."""
    role = record.observed("role").value
    return roles.index(role) if role in roles else len(roles)


def _said(record: Record, scene: Scene) -> str:
    parts = [record.name]
    for name in ("role", "country"):
        if record.observed(name):
            value = scene.printer.value(record, name, record.observed(name).value)
            parts.append(value)
    return ", ".join(parts)


def _counted(regions: Sequence[Record], roles: Sequence[str], scene: Scene) -> str:
    counts = [sum(_kind(r, roles) == n for r in regions) for n in range(len(roles) + 1)]
    named = zip((*roles, scene.words["no_role"]), counts, strict=True)
    listed = ", ".join(f"{count} {role}" for role, count in named if count)
    return f"{scene.words['regions']}: {len(regions)} ({listed})"


def _map_panel(
    scene: Scene,
    regions: Sequence[Record],
    found: Sequence[Marker],
    sheet: Sheet,
    drawn: str,
    notes: Notes,
) -> str:
    words = scene.words
    placed = {marker.record.id: marker.place for marker in found}
    rows = {row.key: row for row in sheet.rows}
    details = "".join(
        _details(scene, record, rows[record.id], sheet, placed.get(record.id, ""), notes)
        for record in regions
    )
    beside = [record.name for record in regions if record.id not in placed]
    off = words["off_map"].format(names=", ".join(beside)) if beside else ""
    body = (
        f'<a class="skip-part" href="{PAGE}#regions-head">{escape(words["skip_map"])}</a>'
        f'<div class="map-part"><figure class="map">'
        f"{legend(_keys(scene, regions))}{drawn}"
        f"<figcaption>{escape(_credit(scene))} {escape(off)}</figcaption></figure>"
        f'<div class="details" role="region" aria-label="{escape(words["details"])}">'
        f'<p class="hint">{escape(words["map_hint"])}</p>{details}</div></div>'
    )
    tools = download(NAME, "map", "png", words["map"], words)
    return panel("map", words["map"], body, tools, _placing(scene, found))


def _placing(scene: Scene, found: Sequence[Marker]) -> str:
    """Where the markers stand, in words."""
    middles = [marker.record.name for marker in found if not marker.place]
    said = scene.words["map_note"] if len(middles) < len(found) else ""
    if middles:
        said = f"{said} {scene.said('middles', names=', '.join(middles))}"
    return said.strip()


def _keys(scene: Scene, regions: Sequence[Record]) -> list[tuple[int, str]]:
    roles = scene.choices("region", "role")
    held = {_kind(record, roles) for record in regions}
    return [(n, role) for n, role in enumerate((*roles, scene.words["no_role"])) if n in held]


def _credit(scene: Scene) -> str:
    source = scene.positions.source
    if source is None:
        return scene.words["outlines"]
    named = f"{source.title} ({source.licence})" if source.licence else source.title
    return f"{scene.words['outlines']} {scene.said('positions', source=named)}"


def _details(scene: Scene, record: Record, row: Row, sheet: Sheet, place: str, notes: Notes) -> str:
    words = scene.words
    stated = [name for name in record.stated() if f"f_{name}" in words]
    pairs = [
        (words[f"f_{name}"], _value(cell_of(record, name, scene.printer, notes), words))
        for name in stated
    ]
    pairs += [
        (words[f"of_{kind}_{name}"], "; ".join(noted(NAME, one, words) for one in named))
        for (kind, name), named in _pointing_at(scene, record, notes).items()
    ]
    if place:
        pairs.append((words["marker_at"], escape(place)))
    remarks = {
        seen.note for name in stated for seen in record.observed(name).observations if seen.note
    }
    listed = "".join(f"<div><dt>{escape(k)}</dt><dd>{v}</dd></div>" for k, v in pairs)
    said = "".join(f'<p class="remark">{escape(remark)}</p>' for remark in sorted(remarks))
    tools = ask_link(row.question, row.name, words) + add_button(
        sheet.row_item(row), row.notes, words
    )
    return (
        f'<article id="region-{escape(record.id)}" tabindex="-1" hidden>'
        f'<h4>{escape(record.name)}</h4><dl>{listed}</dl>{said}<div class="tools">{tools}'
        f'<button type="button" class="tool" data-close="">{escape(words["close"])}</button></div>'
        "</article>"
    )


def _value(cell: Cell, words: Mapping[str, str]) -> str:
    if len(cell.values) == 1:  # in a table the row has the numbers
        return noted(NAME, cell.values[0], words)
    return cell_html(NAME, cell, words)


def _pointing_at(
    scene: Scene, record: Record, notes: Notes
) -> Mapping[tuple[str, str], list[Stated]]:
    """The records that name this one, by their kind and the field that does."""
    found: dict[tuple[str, str], list[Stated]] = {}
    for other in scene.knowledge.records:
        for name, spec in fields_of(type(other)).items():
            if spec.type is not FieldType.REFERENCE or record.kind not in spec.targets:
                continue
            if f"of_{other.kind}_{name}" not in scene.words:
                continue
            naming = [
                seen
                for seen in other.observed(name).observations
                if record.id == seen.value or (spec.many and record.id in seen.value)
            ]
            if naming:
                held = found.setdefault((other.kind, name), [])
                held.append(Stated(other.name, notes.numbers(naming)))
    return found
