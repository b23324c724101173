"""Rules, bullets and pictures that a page draws, as PDFium sees them."""

import ctypes
from collections.abc import Iterator
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from ingest.readers.pdf.page import Frame, Page, Rule

MAX_FORM_DEPTH = 5
MAX_SEGMENTS = 400  # of a path; longer ones are drawings
MAX_DOT = 6.5  # points: no bullet is larger


def add_drawings(page: pdfium.PdfPage, frame: Frame, result: Page) -> None:
    """Find rules, drawn bullets and pictures on ``page``, in forms too, and add them."""
    identity = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    stack: list[tuple[Any, tuple[float, ...], int]] = [
        (raw.FPDFPage_GetObject(page, i), identity, 0)
        for i in range(raw.FPDFPage_CountObjects(page))
    ]
    while stack:
        item, outer, depth = stack.pop()
        kind = raw.FPDFPageObj_GetType(item)
        if kind == raw.FPDF_PAGEOBJ_IMAGE:
            result.has_pictures = True
        elif kind == raw.FPDF_PAGEOBJ_PATH:
            points = _points(item, _product(_matrix(item), outer), frame)
            if dot := _dot([point for _, point in points]):
                result.dots.append(dot)
            else:
                result.rules.extend(_path_rules(points, frame))
        elif kind == raw.FPDF_PAGEOBJ_FORM and depth < MAX_FORM_DEPTH:
            matrix = _product(_matrix(item), outer)
            stack.extend(
                (raw.FPDFFormObj_GetObject(item, i), matrix, depth + 1)
                for i in range(raw.FPDFFormObj_CountObjects(item))
            )


def _matrix(item: Any) -> tuple[float, ...]:
    m = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(item, m)
    return (m.a, m.b, m.c, m.d, m.e, m.f)


def _product(inner: tuple[float, ...], outer: tuple[float, ...]) -> tuple[float, ...]:
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return (
        a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s,
        e * p + f * r + t, e * q + f * s + u,
    )  # fmt: skip


_Step = tuple[int, tuple[float, float]]  # kind of segment, its end point
_CLOSE = -1


def _points(item: Any, matrix: tuple[float, ...], frame: Frame) -> list[_Step]:
    """The segments of a path; none for a long one, which is a drawing."""
    count = raw.FPDFPath_CountSegments(item)
    if not 2 <= count <= MAX_SEGMENTS:
        return []
    a, b, c, d, e, f = matrix
    x, y = ctypes.c_float(), ctypes.c_float()
    steps: list[_Step] = []
    for i in range(count):
        segment = raw.FPDFPath_GetPathSegment(item, i)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = frame.point(a * x.value + c * y.value + e, b * x.value + d * y.value + f)
        steps.append((raw.FPDFPathSegment_GetType(segment), point))
        if raw.FPDFPathSegment_GetClose(segment):
            steps.append((_CLOSE, point))
    return steps


def _dot(points: list[tuple[float, float]]) -> tuple[float, float] | None:
    """The middle of a shape as small as a bullet, and about as wide as high."""
    if not points:
        return None
    xs, ys = [x for x, _ in points], [y for _, y in points]
    width, height = max(xs) - min(xs), max(ys) - min(ys)
    if 1.2 <= width <= MAX_DOT and 1.2 <= height <= MAX_DOT and 0.6 < width / height < 1.7:
        return (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
    return None


def _path_rules(steps: list[_Step], frame: Frame) -> Iterator[Rule]:
    """The straight upright edges of a path without curves."""
    if any(kind == raw.FPDF_SEGMENT_BEZIERTO for kind, _ in steps):
        return
    width, height = frame.size
    start = last = (0.0, 0.0)
    for kind, point in steps:
        if kind == raw.FPDF_SEGMENT_MOVETO:
            start = last = point
            continue
        end = start if kind == _CLOSE else point
        (x0, y0), (x1, y1) = last, end
        last = end
        across, down = abs(x1 - x0), abs(y1 - y0)
        if across >= 4 and down < 1.5 and across < 0.99 * width:
            middle = (y0 + y1) / 2
            yield Rule(min(x0, x1), middle, max(x0, x1), middle)
        elif down >= 4 and across < 1.5 and down < 0.99 * height:
            middle = (x0 + x1) / 2
            yield Rule(middle, min(y0, y1), middle, max(y0, y1))
