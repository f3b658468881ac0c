"""What stands on a page of a PDF: letters with their places, ruled lines, filled fields, and how much are pictures."""

from __future__ import annotations

import ctypes
import re
import unicodedata
from collections.abc import Iterator
from ctypes import addressof
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as c

from index.ingest.pdf.white_text import Box, is_ground, is_white, unseen

_MOST_GLYPHS = 200_000
"""Letters of one page; a page with more is an accident or an attack."""
_MOST_OBJECTS = 20_000
_MOST_RULES = 4_000
_HYPHENS = (2, 0xFFFE)
"""What PDFium gives for a hyphen at the end of a line."""
_SPACE = 32
"""What PDFium puts between words and lines by itself is a space or an end of a line."""
_FIRST_MARK = "\u0300"
_BOLD = re.compile(r"bold|black|heavy|demi|[-,]bd", re.IGNORECASE)
_THIN = 3.0
"""Points; a filled rectangle that is thinner is a line."""
_SHORTEST_RULE = 4.0
_STRAIGHT = 0.17
"""Radians (10 degrees) by which letters may be turned and still count as upright, or as turned by a quarter."""


class Glyph(NamedTuple):
    """A letter, or the value of a field: its box in points from the upper left corner, the line it stands on, its size.

    ``turn`` counts quarter turns against the clock (1: it is read upwards); -1: it stands askew.
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    base: float
    size: float
    turn: int = 0
    bold: bool = False
    drawn: int = -1
    """Its number in the order of drawing, -1 for a field."""


class Rule(NamedTuple):
    """A straight line along an edge, horizontal where ``y0 == y1``."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class PageContent:
    """A page as it is drawn, in points.

    ``pictures`` is the share of it that pictures cover, ``unmapped`` the share of letters without a meaning,
    ``drawings`` the number of shapes, ``comments`` what was noted on it, ``strikes`` the lines of a reviewer that
    strike text, ``unseen`` the numbers (``drawn``) of letters that are white on white.
    """

    width: float
    height: float
    glyphs: list[Glyph]
    rules: list[Rule]
    pictures: float
    drawings: int
    unmapped: float
    comments: list[str]
    cut: bool = False
    strikes: list[Rule] = field(default_factory=list)
    unseen: frozenset[int] = frozenset()


class _Frame:
    """Turns coordinates of the PDF, from below and before the page's rotation, into those of the seen page."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        self.left, self.bottom, right, top = page.get_cropbox()
        self.turns = (page.get_rotation() // 90) % 4
        across, up = right - self.left, top - self.bottom
        self.width, self.height = (up, across) if self.turns % 2 else (across, up)
        self._top = top

    def point(self, x: float, y: float) -> tuple[float, float]:
        x, y = x - self.left, y - self.bottom
        if self.turns == 1:
            return y, x
        if self.turns == 2:
            return self.width - x, y
        if self.turns == 3:
            return self.width - y, self.height - x
        return x, self.height - y

    def box(self, x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        if not self.turns:
            x0, x1, y0, y1 = x0 - self.left, x1 - self.left, self._top - y0, self._top - y1
            return (x0, y1, x1, y0) if x0 <= x1 and y1 <= y0 else _ordered(x0, y0, x1, y1)
        ax, ay = self.point(x0, y0)
        bx, by = self.point(x1, y1)
        return _ordered(ax, ay, bx, by)


def _ordered(x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def read_content(page: pdfium.PdfPage, form: Any) -> PageContent:  # noqa: ANN401 - pdfium's form environment
    """Read a page; ``form`` is the document's form environment, ``None`` without fields."""
    frame = _Frame(page)
    glyphs, unmapped, cut, white = _glyphs(page, frame)
    drawn = _objects(page, frame)
    fields, comments, strikes = _annotations(page, frame, form)
    return PageContent(
        frame.width,
        frame.height,
        glyphs + fields,
        drawn.rules,
        min(1.0, drawn.covered / max(1.0, frame.width * frame.height)),
        drawn.shapes,
        unmapped,
        comments,
        cut,
        strikes,
        unseen(((of.drawn, (of.x0, of.y0, of.x1, of.y1)) for of in white), drawn.grounds)
        if white
        else frozenset(),
    )


def _glyphs(page: pdfium.PdfPage, frame: _Frame) -> tuple[list[Glyph], float, bool, list[Glyph]]:
    """The letters, the share of them without a meaning, whether there are more than are read, and the white ones.

    Asking PDFium costs more than all else here, so what the letters of a text object have in common is asked once.
    """
    text = page.get_textpage()
    raw = text.raw
    count = c.FPDFText_CountChars(raw)
    box = c.FS_RECTF()
    found: list[Glyph] = []
    white: list[Glyph] = []
    fonts: dict[int, bool] = {}
    unmapped = 0
    style, last_object = _NO_STYLE, 0
    for number in range(min(count, _MOST_GLYPHS)):
        code = c.FPDFText_GetUnicode(raw, number)
        if code <= _SPACE and c.FPDFText_IsGenerated(raw, number) == 1:
            continue
        char = "-" if code in _HYPHENS else chr(code) if 0 < code < 0x110000 else "\ufffd"
        if char == "\ufffd" or c.FPDFText_HasUnicodeMapError(raw, number) == 1:
            unmapped += 1
        if char in "\r\n\t":
            char = " "
        if not c.FPDFText_GetLooseCharBox(raw, number, box):
            continue
        x0, y0, x1, y1 = frame.box(box.left, box.bottom, box.right, box.top)
        object_ = c.FPDFText_GetTextObject(raw, number)
        address = addressof(object_.contents)
        if (
            address != last_object or not y0 <= style.base <= y1
        ):  # letters of one object may stand on two lines
            style, last_object = _style(raw, number, object_, frame, fonts), address
        turn = style.turn
        size = style.size if turn == -1 else y1 - y0 if turn % 2 == 0 else x1 - x0
        if size <= 0 or not -frame.width < x0 < 2 * frame.width or not -frame.height < y0 < 2 * frame.height:
            continue
        if char >= _FIRST_MARK and found and unicodedata.category(char) == "Mn":
            found[-1] = found[-1]._replace(text=unicodedata.normalize("NFC", found[-1].text + char))
        else:
            base = style.base if turn == 0 else y1
            found.append(Glyph(char, x0, y0, x1, y1, base, size, turn, style.bold, number))
            if style.white:
                white.append(found[-1])
    text.close()
    return found, unmapped / max(1, len(found)), count > _MOST_GLYPHS, white


class _Style(NamedTuple):
    """What the letters of a text object have in common: turn, the line they stand on, size as told, font, colour."""

    turn: int
    base: float
    size: float
    bold: bool
    white: bool


_NO_STYLE = _Style(0, 0.0, 0.0, False, False)


def _style(raw: Any, number: int, object_: Any, frame: _Frame, fonts: dict[int, bool]) -> _Style:  # noqa: ANN401
    """Ask for the style of a letter; ``fonts`` holds which fonts of the page are bold."""
    handle = c.FPDFTextObj_GetFont(object_)
    font = addressof(handle.contents) if handle else 0
    if font not in fonts:
        fonts[font] = _is_bold(raw, number)
    turn = _turn(c.FPDFText_GetCharAngle(raw, number), frame.turns)
    size = c.FPDFText_GetFontSize(raw, number) if turn == -1 else 0.0
    x, y = ctypes.c_double(), ctypes.c_double()
    c.FPDFText_GetCharOrigin(raw, number, x, y)
    return _Style(turn, frame.point(x.value, y.value)[1], size, fonts[font], is_white(object_))


def _is_bold(text: Any, number: int) -> bool:  # noqa: ANN401
    """Whether the name of a letter's font says so: the weight that PDFium guesses is often wrong."""
    name = ctypes.create_string_buffer(128)
    c.FPDFText_GetFontInfo(text, number, name, len(name), None)
    return _BOLD.search(name.value.decode("latin-1")) is not None


def _turn(angle: float, turns: int) -> int:
    """Quarter turns of a letter on the seen page, -1 for one that stands askew."""
    if not angle:
        return -turns % 4
    quarters = angle / (3.14159265 / 2)
    if abs(quarters - round(quarters)) > _STRAIGHT:
        return -1
    return (-round(quarters) - turns) % 4


@dataclass(slots=True)
class _Drawn:
    """What is drawn beside the letters: lines, points that pictures cover, shapes, boxes that are not white."""

    rules: list[Rule] = field(default_factory=list)
    covered: float = 0.0
    shapes: int = 0
    grounds: list[Box] = field(default_factory=list)


def _objects(page: pdfium.PdfPage, frame: _Frame) -> _Drawn:
    drawn = _Drawn()
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


def _rule(frame: _Frame, x0: float, y0: float, x1: float, y1: float) -> Rule:
    left, top, right, bottom = frame.box(x0, y0, x1, y1)
    if right - left >= bottom - top:
        middle = (top + bottom) / 2
        return Rule(left, middle, right, middle)
    middle = (left + right) / 2
    return Rule(middle, top, middle, bottom)


def _annotations(
    page: pdfium.PdfPage,
    frame: _Frame,
    form: Any,  # noqa: ANN401
) -> tuple[list[Glyph], list[str], list[Rule]]:
    """The values of filled fields and typed-in text as letters in their place, notes on the page, struck lines."""
    found: list[Glyph] = []
    comments: list[str] = []
    strikes: list[Rule] = []
    for number in range(min(c.FPDFPage_GetAnnotCount(page.raw), 5_000)):
        annotation = c.FPDFPage_GetAnnot(page.raw, number)
        kind = c.FPDFAnnot_GetSubtype(annotation)
        rect = c.FS_RECTF()
        c.FPDFAnnot_GetRect(annotation, rect)
        text = ""
        if kind == c.FPDF_ANNOT_WIDGET and form is not None:
            text = _field(form, annotation)
        elif kind == c.FPDF_ANNOT_FREETEXT:
            text = _string(annotation, b"Contents")
        elif kind == c.FPDF_ANNOT_TEXT:
            comments += filter(None, [_string(annotation, b"Contents").strip()])
        elif kind == c.FPDF_ANNOT_STRIKEOUT:
            strikes += _strikes(annotation, frame)
        c.FPDFPage_CloseAnnot(annotation)
        if text.strip():
            x0, y0, x1, y1 = frame.box(rect.left, rect.bottom, rect.right, rect.top)
            lines = text.replace("\r\n", "\n").replace("\r", "\n").strip().split("\n")
            height = (y1 - y0) / len(lines)
            size = min(height, 14.0)
            for row, line in enumerate(lines):
                middle = y0 + height * (row + 0.5)
                found.append(
                    Glyph(line, x0, middle - size / 2, x1, middle + size / 2, middle + size * 0.3, size)
                )
    return found, comments, strikes


def _strikes(annotation: Any, frame: _Frame) -> Iterator[Rule]:  # noqa: ANN401
    """A line through the middle of each box that a reviewer has struck."""
    points = c.FS_QUADPOINTSF()
    for number in range(min(c.FPDFAnnot_CountAttachmentPoints(annotation), 1_000)):
        if c.FPDFAnnot_GetAttachmentPoints(annotation, number, points):
            x0, y0, x1, y1 = frame.box(points.x1, points.y1, points.x4, points.y4)
            yield Rule(x0, (y0 + y1) / 2, x1, (y0 + y1) / 2)


def _field(form: Any, annotation: Any) -> str:  # noqa: ANN401
    kind = c.FPDFAnnot_GetFormFieldType(form, annotation)
    if kind in (c.FPDF_FORMFIELD_CHECKBOX, c.FPDF_FORMFIELD_RADIOBUTTON):
        return "☑" if c.FPDFAnnot_IsChecked(form, annotation) else "☐"
    if kind == c.FPDF_FORMFIELD_PUSHBUTTON or kind == c.FPDF_FORMFIELD_SIGNATURE:
        return ""
    length = c.FPDFAnnot_GetFormFieldValue(form, annotation, None, 0)
    return _utf16(lambda buffer: c.FPDFAnnot_GetFormFieldValue(form, annotation, buffer, length), length)


def _string(annotation: Any, key: bytes) -> str:  # noqa: ANN401
    length = c.FPDFAnnot_GetStringValue(annotation, key, None, 0)
    return _utf16(lambda buffer: c.FPDFAnnot_GetStringValue(annotation, key, buffer, length), length)


def _utf16(fill: Any, length: int) -> str:  # noqa: ANN401
    if not 2 < length < 200_000:
        return ""
    buffer = (ctypes.c_ushort * (length // 2 + 1))()
    fill(buffer)
    return bytes(buffer)[: length - 2].decode("utf-16-le", "replace")
