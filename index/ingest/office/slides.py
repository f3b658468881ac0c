"""PowerPoint files (.pptx): the text, tables and charts of each slide, and what is noted below it."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from index.errors import ArticleError
from index.ingest.document import Block, Document, Place, Problem, Removed
from index.ingest.encodings import in_font
from index.ingest.limits import DEFAULT_LIMITS, Budget, Limits
from index.ingest.office.package import (
    DAMAGED,
    Package,
    attribute,
    child,
    descendants,
    drawn_lines,
    local,
    parse_xml,
)
from index.ingest.office.properties import metadata
from index.ingest.pdf.ocr import Recogniser
from index.ingest.problems import NOTHING_RECOGNISED, PICTURE_OF_TEXT, TOO_LONG
from index.ingest.rows.grid import Cell, as_table, make_grid, split_title

_DEEPEST = 10
_HARDLY_ANY_TEXT = 40
_LARGE = 0.4
"""The share of a slide from which on a picture on it may be its text."""


def read_slides(
    path: Path, limits: Limits = DEFAULT_LIMITS, recogniser: Recogniser | None = None
) -> Document:
    """Read a presentation, a page a slide; slides that are not shown are kept apart.

    Raises ArticleError where it is damaged, locked, or unpacks to more than its share.
    """
    from pptx import Presentation
    from pptx.exc import PythonPptxError

    try:
        with Package(path, limits) as package:
            package.check()
        deck = Presentation(str(path))
        reading = _Slides(deck.slide_width * deck.slide_height, recogniser, limits.start())
        for number, slide in enumerate(deck.slides, 1):
            reading.read(slide, Place(page=number))
        properties = deck.core_properties
        document_metadata = metadata(properties.title or "", properties.author or "")
        return Document(
            tuple(reading.blocks), document_metadata, tuple(reading.removed), tuple(reading.problems)
        )
    except (PythonPptxError, *DAMAGED) as error:
        raise ArticleError(
            f"it cannot be read as a presentation ({error}); save it as .pptx again"
        ) from error


class _Slides:
    """Reads slide after slide."""

    def __init__(self, area: int, recogniser: Recogniser | None, budget: Budget) -> None:
        self.blocks: list[Block] = []
        self.removed: list[Removed] = []
        self.problems: list[Problem] = []
        self._area, self._recogniser, self._budget = area, recogniser, budget

    def read(self, slide: Any, place: Place) -> None:  # noqa: ANN401 - python-pptx has no types
        if self._budget.spent:
            self.problems.append((TOO_LONG, place))
            return
        shapes = list(_flat(slide.shapes))
        found = [block for shape in shapes for block in _shape_blocks(shape, slide, place)]
        self.removed += [struck for shape in shapes for struck in _struck(shape, place)]
        if sum(char.isalnum() for block in found for char in block.text) < _HARDLY_ANY_TEXT and not any(
            block.table for block in found
        ):
            found += self._pictures(shapes, place)
        if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
            text = slide.notes_slide.notes_text_frame.text.strip()
            found += [Block("note", text.replace("\v", "\n"), None, place)] if text else []
        for block in found:
            self._budget.take(len(block.text), sum(map(len, block.table.rows)) if block.table else 0)
        if slide.element.get("show") == "0":
            self.removed += [Removed(block.plain, "hidden", place) for block in found]
        else:
            self.blocks += found

    def _pictures(self, shapes: Sequence[Any], place: Place) -> Iterator[Block]:
        from PIL import Image

        for shape in shapes:
            if not hasattr(shape, "image") or (shape.width or 0) * (shape.height or 0) < _LARGE * self._area:
                continue
            if self._recogniser is None:
                self.problems.append((PICTURE_OF_TEXT, place))
                continue
            try:
                with Image.open(io.BytesIO(shape.image.blob)) as image, self._budget.paused():
                    found = self._recogniser.read(image, place)
                self.problems += [] if found else [(NOTHING_RECOGNISED, place)]
                yield from found
            except (OSError, ValueError):
                self.problems.append((PICTURE_OF_TEXT, place))


def _flat(shapes: Any, depth: int = 0) -> Iterator[Any]:  # noqa: ANN401
    """The shapes in reading order, from top to bottom and left to right, those of a group in its place."""
    for shape in sorted(shapes, key=lambda shape: (_row(shape), shape.left or 0)):
        if hasattr(shape, "shapes") and depth < _DEEPEST:
            yield from _flat(shape.shapes, depth + 1)
        else:
            yield shape


def _row(shape: Any) -> int:  # noqa: ANN401
    """Its height on the slide, in steps of a centimetre, so that what stands side by side is read so."""
    return int(shape.top or 0) // 360_000


def _shape_blocks(shape: Any, slide: Any, place: Place) -> Iterator[Block]:  # noqa: ANN401
    if getattr(shape, "has_table", False) and shape.has_table:
        yield from _table(shape.table, place)
    elif getattr(shape, "has_chart", False) and shape.has_chart:
        yield from _chart(shape.chart, place)
    elif shape.has_text_frame:
        title = slide.shapes.title is not None and shape.shape_id == slide.shapes.title.shape_id
        for paragraph in shape.text_frame.paragraphs:
            text = _text(paragraph)
            if text:
                yield Block("heading" if title else "paragraph", text, None, place)
    else:
        yield from _diagram(shape, place)


def _text(paragraph: Any) -> str:  # noqa: ANN401
    """The text of a paragraph, its fields and line breaks included, what is struck through aside."""
    text = ""
    for item in descendants(paragraph._p, "t", "br"):
        properties = child(item.getparent(), "rPr")
        if local(item) == "br":
            text += "\n"
        elif not _is_struck(properties):
            text += in_font(item.text or "", attribute(child(properties, "latin"), "typeface"))
    return text.strip()


def _is_struck(properties: Any) -> bool:  # noqa: ANN401
    return attribute(properties, "strike", "noStrike") != "noStrike"


def _struck(shape: Any, place: Place) -> Iterator[Removed]:  # noqa: ANN401
    """What is struck through in a shape or table."""
    for item in descendants(shape._element, "t"):
        text = (item.text or "").strip()
        if text and _is_struck(child(item.getparent(), "rPr")):
            yield Removed(text, "struck-out", place)


def _table(table: Any, place: Place) -> Iterator[Block]:  # noqa: ANN401
    cells = []
    for row, of in enumerate(table.rows):
        for column, cell in enumerate(of.cells):
            if not cell.is_spanned:
                text = "\n".join(filter(None, map(_text, cell.text_frame.paragraphs)))
                high, wide = (cell.span_height, cell.span_width) if cell.is_merge_origin else (1, 1)
                cells.append(Cell(row, column, text, high, wide))
    titles, rows = split_title(make_grid(cells))
    yield from (Block("paragraph", title, None, place) for title in titles if title)
    if rows:
        yield Block("table", "", as_table(rows), place)


def _chart(chart: Any, place: Place) -> Iterator[Block]:  # noqa: ANN401
    """The numbers that a chart draws, as a table of its series."""
    if chart.has_title and chart.chart_title.has_text_frame:
        yield Block("paragraph", chart.chart_title.text_frame.text.strip(), None, place)
    for plot in chart.plots:
        names = [str(name) for name in plot.categories]
        header = ("", *(str(series.name) for series in plot.series))
        values = [[_number(value) for value in series.values] for series in plot.series]
        rows = [(name, *(of[at] if at < len(of) else "" for of in values)) for at, name in enumerate(names)]
        if rows:
            yield Block("table", "", as_table([header, *rows], 1), place)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.15g}".replace(".", ",")


def _diagram(shape: Any, place: Place) -> Iterator[Block]:  # noqa: ANN401
    """The lines of a SmartArt diagram, which lie in a part of their own."""
    for item in descendants(shape._element, "relIds"):
        id_ = next((value for key, value in item.attrib.items() if str(key).endswith("}dm")), "")
        if id_ in shape.part.rels:
            for line in drawn_lines(parse_xml(shape.part.rels[id_].target_part.blob)):
                yield Block("note", line, None, place)
