"""Charts as pictures: the same drawing, in the light colours of the page, rendered by resvg."""

import re
from functools import cache
from html import escape
from importlib.resources import files
from pathlib import Path

from app.web.explore.scene import Chart
from app.web.explore.svg import LINE, lines, shape

_WIDTH = 720  # pixels of a chart before it is enlarged
_MARGIN = 24  # pixels
_LETTERS = 84  # in a line across the picture
_ENLARGED = 2  # sharp in print
_VARIABLE = re.compile(r"(--[\w-]+):\s*([^;]+);")
_USE = re.compile(r"var\((--[\w-]+)\)")
_CHART_RULES = re.compile(r"/\* <charts> \*/(.*?)/\* </charts> \*/", re.DOTALL)
_ROOT = re.compile(r":root\s*\{([^}]*)\}")


def png(chart: Chart) -> bytes:
    """The picture of a chart (PNG, on white) under its title, with its keys and whose it is."""
    # Here and not at the top: most visits load no picture.
    import font_source_sans_pro
    import resvg_py

    fonts = Path(font_source_sans_pro.font_directory)
    return resvg_py.svg_to_bytes(
        svg_string=_framed(chart),
        style_sheet=_style_sheet(),
        background="#ffffff",
        zoom=_ENLARGED,
        skip_system_fonts=True,
        font_files=[str(fonts / f"SourceSansPro-{weight}.ttf") for weight in ("Regular", "Bold")],
        font_family="Source Sans Pro",
        sans_serif_family="Source Sans Pro",
    )


def _framed(chart: Chart) -> str:
    """The drawing in a size in pixels (a page gives it its width), what belongs to it around it."""
    down, parts = _MARGIN + 4.0, []
    for line in lines(chart.title, _LETTERS, most=3):
        down += 22
        parts.append(f'<text class="title" x="{_MARGIN}" y="{down:g}">{escape(line)}</text>')
    down += 12
    across = float(_MARGIN)
    for number, label in chart.keys:
        wide = 34 + 7.2 * len(label)
        if across > _MARGIN and across + wide > _MARGIN + _WIDTH:
            across, down = float(_MARGIN), down + LINE
        parts.append(
            f'<g transform="translate({across + 9:g} {down + 11:g}) scale(0.6)">{shape(number)}</g>'
            f'<text x="{across + 24:g}" y="{down + 16:g}">{escape(label)}</text>'
        )
        across += wide
    down += LINE + 8 if chart.keys else 0
    drawing, height = _sized(chart.svg, down)
    down += height + 8
    for line in lines(chart.credit, _LETTERS + 14, most=8):
        down += 18
        parts.append(f'<text class="quiet" x="{_MARGIN}" y="{down:g}">{escape(line)}</text>')
    return (
        f'<svg class="chart" xmlns="http://www.w3.org/2000/svg" width="{_WIDTH + 2 * _MARGIN}" '
        f'height="{down + _MARGIN:g}">{drawing}{"".join(parts)}</svg>'
    )


def _sized(svg: str, down: float) -> tuple[str, float]:
    """The drawing at its place in the picture, and its height in pixels."""
    box = re.search(r'viewBox="0 0 (\d+) (\d+)"', svg)
    place = f'x="{_MARGIN}" y="{down:g}" width="{_WIDTH}"'
    if box and svg.startswith('<svg class="europe"'):
        height = _WIDTH * int(box[2]) / int(box[1])
        return svg.replace("<svg ", f'<svg {place} height="{height:g}" ', 1), height
    given = re.search(r'height="([\d.]+)"', svg)
    assert given is not None  # a chart always has one
    return svg.replace('width="100%"', place, 1), float(given[1])


@cache
def _style_sheet() -> str:
    """The rules of the charts from the page's own style sheets, colours filled in."""
    static = files("app.web").joinpath("static")
    sheets = [static.joinpath(n).read_text("utf-8") for n in ("style.css", "explore.css")]
    colours: dict[str, str] = {}
    for sheet in sheets:
        for block in _ROOT.findall(sheet):
            colours |= {name: value.strip() for name, value in _VARIABLE.findall(block)}
    rules = "".join(_CHART_RULES.findall(sheets[1]))

    def filled(match: re.Match[str]) -> str:
        return _USE.sub(filled, colours[match[1]])

    return _USE.sub(filled, rules)
