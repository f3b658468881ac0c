"""A page is read: its letters, what is drawn on it, the fields and notes."""

from __future__ import annotations

from typing import Any

import pypdfium2 as pdfium

from index.ingest.pdf.content.annotations import read_annotations
from index.ingest.pdf.content.drawings import read_drawings
from index.ingest.pdf.content.frame import Frame
from index.ingest.pdf.content.letters import read_letters
from index.ingest.pdf.content.page import PageContent
from index.ingest.pdf.content.white_text import unseen


def read_content(page: pdfium.PdfPage, form: Any) -> PageContent:  # noqa: ANN401 - pdfium's form environment
    """Read a page; ``form`` is the document's form environment, ``None`` without fields."""
    frame = Frame(page)
    glyphs, unmapped, cut, white = read_letters(page, frame)
    drawn = read_drawings(page, frame)
    fields, comments, strikes = read_annotations(page, frame, form)
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
