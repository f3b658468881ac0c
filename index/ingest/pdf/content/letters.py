"""The letters of a page with their boxes, the lines they stand on, and their style."""

from __future__ import annotations

import ctypes
import re
import unicodedata
from ctypes import addressof
from typing import Any, NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as c

from index.ingest.pdf.content.frame import Frame
from index.ingest.pdf.content.page import Glyph
from index.ingest.pdf.content.white_text import is_white

_MOST_GLYPHS = 200_000
"""Letters of one page; a page with more is an accident or an attack."""
_HYPHENS = (2, 0xFFFE)
"""What PDFium gives for a hyphen at the end of a line."""
_SPACE = 32
"""What PDFium puts between words and lines by itself is a space or an end of a line."""
_FIRST_MARK = "\u0300"
_BOLD = re.compile(r"bold|black|heavy|demi|[-,]bd", re.IGNORECASE)
_STRAIGHT = 0.17
"""Radians (10 degrees) by which letters may be turned and still count as upright, or as turned by a quarter."""


def read_letters(page: pdfium.PdfPage, frame: Frame) -> tuple[list[Glyph], float, bool, list[Glyph]]:
    """Give the letters, the share of them without a meaning, whether there are more than are read, and the white ones.

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
    """What the letters of a text object have in common: turn, the line they stand on, size as stated, font, colour."""

    turn: int
    base: float
    size: float
    bold: bool
    white: bool


_NO_STYLE = _Style(0, 0.0, 0.0, False, False)


def _style(raw: Any, number: int, object_: Any, frame: Frame, fonts: dict[int, bool]) -> _Style:  # noqa: ANN401
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
