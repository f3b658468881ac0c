"""What is drawn on a page beside its letters: ruled lines, shapes, pictures, and what letters may stand on."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field

import pypdfium2 as pdfium
import pypdfium2.raw as c

from index.ingest.pdf.content.frame import Frame
from index.ingest.pdf.content.page import Rule
from index.ingest.pdf.content.white_text import Box, is_ground

_MOST_OBJECTS = 20_000
_MOST_RULES = 4_000
_THIN = 3.0
"""Points; a filled rectangle that is thinner is a line."""
_SHORTEST_RULE = 4.0


@dataclass(slots=True)
class Drawings:
    """What is drawn beside the letters: lines, points that pictures cover, shapes, boxes that are not white."""

    rules: list[Rule] = field(default_factory=list)
    covered: float = 0.0
    shapes: int = 0
    grounds: list[Box] = field(default_factory=list)


def read_drawings(page: pdfium.PdfPage, frame: Frame) -> Drawings:
    """Read what is drawn beside the letters."""
    drawn = Drawings()
    for object_, matrix in _walk(page):
        if object_.type == c.FPDF_PAGEOBJ_PATH:
            drawn.shapes += 1
            if len(drawn.rules) < _MOST_RULES:
                drawn.rules += (_rule(frame, *line) for line in _lines(object_, matrix))
            if is_ground(object_.raw):
                drawn.grounds.append(frame.box(*_bounds(object_, matrix)))
        elif object_.type in (c.FPDF_PAGEOBJ_IMAGE, c.FPDF_PAGEOBJ_SHADING):
            box = x0, y0, x1, y1 = frame.box(*_bounds(object_, matrix))
            drawn.grounds.append(box)
            across = min(x1, frame.width) - max(x0, 0.0)
            down = min(y1, frame.height) - max(y0, 0.0)
            drawn.covered += max(0.0, across) * max(0.0, down)
    return drawn


_Matrix = tuple[float, float, float, float, float, float]


def _walk(page: pdfium.PdfPage) -> Iterator[tuple[pdfium.PdfObject, _Matrix]]:
    """All objects, also those within forms, with the matrix that leads to the page."""
    matrices: dict[int, _Matrix] = {0: (1, 0, 0, 1, 0, 0)}
    for number, object_ in enumerate(page.get_objects(max_depth=6)):
        if number >= _MOST_OBJECTS:
            return
        outer = matrices.get(object_.level, matrices[0])
        if object_.type == c.FPDF_PAGEOBJ_FORM:
            matrices[object_.level + 1] = _times(object_.get_matrix().get(), outer)
        yield object_, outer


def _times(inner: _Matrix, outer: _Matrix) -> _Matrix:
    a, b, cc, d, e, f = inner
    oa, ob, oc, od, oe, of = outer
    return (
        a * oa + b * oc, a * ob + b * od, cc * oa + d * oc, cc * ob + d * od,
        e * oa + f * oc + oe, e * ob + f * od + of,
    )  # fmt: skip


def _apply(matrix: _Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, cc, d, e, f = matrix
    return a * x + cc * y + e, b * x + d * y + f


def _bounds(object_: pdfium.PdfObject, matrix: _Matrix) -> tuple[float, float, float, float]:
    left, bottom, right, top = object_.get_bounds()
    return (*_apply(matrix, left, bottom), *_apply(matrix, right, top))


def _lines(path: pdfium.PdfObject, outer: _Matrix) -> Iterator[tuple[float, float, float, float]]:
    """The straight edges that a path draws: lines, and thin or ruled rectangles."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    c.FPDFPath_GetDrawMode(path.raw, fill, stroke)
    x0, y0, x1, y1 = _bounds(path, outer)
    across, up = abs(x1 - x0), abs(y1 - y0)
    if min(across, up) <= _THIN:
        if max(across, up) >= _SHORTEST_RULE and (fill.value or stroke.value):
            yield x0, y0, x1, y1
        return
    if not stroke.value and not fill.value:
        return
    matrix = _times(path.get_matrix().get(), outer)
    x, y = ctypes.c_float(), ctypes.c_float()
    begin = last = (0.0, 0.0)
    for number in range(min(c.FPDFPath_CountSegments(path.raw), 400)):
        segment = c.FPDFPath_GetPathSegment(path.raw, number)
        c.FPDFPathSegment_GetPoint(segment, x, y)
        point = _apply(matrix, x.value, y.value)
        kind = c.FPDFPathSegment_GetType(segment)
        if kind == c.FPDF_SEGMENT_MOVETO:
            begin = point
        elif kind == c.FPDF_SEGMENT_LINETO and _along_an_edge(last, point):
            yield (*last, *point)
        last = point
        if c.FPDFPathSegment_GetClose(segment):
            if _along_an_edge(point, begin):
                yield (*point, *begin)
            last = begin


def _along_an_edge(first: tuple[float, float], second: tuple[float, float]) -> bool:
    across, up = abs(first[0] - second[0]), abs(first[1] - second[1])
    return min(across, up) <= 1.0 and max(across, up) >= _SHORTEST_RULE


def _rule(frame: Frame, x0: float, y0: float, x1: float, y1: float) -> Rule:
    left, top, right, bottom = frame.box(x0, y0, x1, y1)
    if right - left >= bottom - top:
        middle = (top + bottom) / 2
        return Rule(left, middle, right, middle)
    middle = (left + right) / 2
    return Rule(middle, top, middle, bottom)
