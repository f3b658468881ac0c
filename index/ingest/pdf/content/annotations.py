"""What was put on a page afterwards: values of fields, typed-in text, notes, and lines that strike text."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as c

from index.ingest.pdf.content.frame import Frame
from index.ingest.pdf.content.page import Glyph, Rule


def read_annotations(
    page: pdfium.PdfPage,
    frame: Frame,
    form: Any,  # noqa: ANN401
) -> tuple[list[Glyph], list[str], list[Rule]]:
    """Give the values of filled fields and typed-in text as letters in their place, notes on the page, struck lines."""
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
            text = _contents(annotation)
        elif kind == c.FPDF_ANNOT_TEXT:
            comments += filter(None, [_contents(annotation).strip()])
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


def _strikes(annotation: Any, frame: Frame) -> Iterator[Rule]:  # noqa: ANN401
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


def _contents(annotation: Any) -> str:  # noqa: ANN401
    length = c.FPDFAnnot_GetStringValue(annotation, b"Contents", None, 0)
    return _utf16(lambda buffer: c.FPDFAnnot_GetStringValue(annotation, b"Contents", buffer, length), length)


def _utf16(fill: Any, length: int) -> str:  # noqa: ANN401
    if not 2 < length < 200_000:
        return ""
    buffer = (ctypes.c_ushort * (length // 2 + 1))()
    fill(buffer)
    return bytes(buffer)[: length - 2].decode("utf-16-le", "replace")
