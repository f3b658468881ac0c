"""Letters of a PDF page that are as white as the paper under them."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Sequence
from typing import Any

import pypdfium2.raw as c

_WHITE = 245
"""Of 255, from which on red, green and blue together are white."""
_BROAD = 5.0
"""Points: a line as broad as this may be the ground under a heading."""
_MOST = 2_000_000
"""Letters times grounds that are compared; a page with more is a drawing."""
Box = tuple[float, float, float, float]


def is_white(text: Any) -> bool:  # noqa: ANN401 - a text object of pdfium
    """Whether a text object is drawn in white."""
    if not _is_white(c.FPDFPageObj_GetFillColor, text):
        return False
    # Text under a scan is drawn in no colour at all, and is what the scan shows.
    return bool(c.FPDFTextObj_GetTextRenderMode(text) == c.FPDF_TEXTRENDERMODE_FILL)


def is_ground(path: Any) -> bool:  # noqa: ANN401 - a path of pdfium
    """Whether a shape has another colour than white, so that white letters can be read on it."""
    fill, stroke, width = ctypes.c_int(), ctypes.c_int(), ctypes.c_float()
    c.FPDFPath_GetDrawMode(path, fill, stroke)
    c.FPDFPageObj_GetStrokeWidth(path, width)
    filled = bool(fill.value) and not _is_white(c.FPDFPageObj_GetFillColor, path)
    broad = bool(stroke.value) and width.value >= _BROAD
    return filled or (broad and not _is_white(c.FPDFPageObj_GetStrokeColor, path))


def unseen(boxes: Iterable[tuple[int, Box]], grounds: Sequence[Box]) -> frozenset[int]:
    """Tell the numbers of the white letters, each given with its box, under which there is no ground."""
    letters = list(boxes)
    if len(letters) * len(grounds) > _MOST:
        return frozenset()
    return frozenset(number for number, box in letters if not any(_covers(of, box) for of in grounds))


def _covers(ground: Box, box: Box) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return ground[0] <= x <= ground[2] and ground[1] <= y <= ground[3]


def _is_white(ask: Any, object_: Any) -> bool:  # noqa: ANN401
    colour = [ctypes.c_uint() for _ in range(4)]
    return bool(ask(object_, *colour)) and all(part.value >= _WHITE for part in colour[:3])
