"""Excel workbooks (.xlsx, .xlsm): each sheet's tables with their rows, as their cells are shown in Vietnam."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from lxml import etree

from index.errors import ArticleError
from index.ingest.document import Block, Document, Place, Problem, Removed
from index.ingest.encodings import in_font
from index.ingest.limits import DEFAULT_LIMITS, Budget, Limits
from index.ingest.office.package import DAMAGED, Package, attribute, child, descendants, drawn_lines, local
from index.ingest.office.properties import read_properties
from index.ingest.problems import NOT_COMPUTED, TOO_LONG
from index.ingest.rows.areas import sheet_blocks
from index.ingest.rows.cell_values import shown

WIDEST = 16_384
"""Columns that a sheet has at most: A to XFD."""
_LARGEST_SPAN = 100_000
"""Cells of a merged area beyond which it is an accident."""


@dataclass(slots=True)
class _Extras:
    """What of a sheet only its XML tells: merged areas (from 1, inclusive), and rows of formulas without a value.

    ``hidden_rows`` and ``hidden_columns`` count from 0; rows that a filter hides are none, since it is but a view.
    """

    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    uncomputed: list[int] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


def read_sheets(path: Path, limits: Limits = DEFAULT_LIMITS) -> Document:
    """Read a workbook; hidden sheets are kept apart, formulas are read as the values they had when it was saved.

    Raises ArticleError where it is damaged, locked, or unpacks to more than its share.
    """
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    budget = limits.start()
    blocks: list[Block] = []
    removed: list[Removed] = []
    problems: list[Problem] = []
    try:
        with Package(path, limits) as package:
            package.check()
            parts = _sheet_parts(package)
            book = load_workbook(path, read_only=True, data_only=True)
            for sheet in book.worksheets:
                part = parts.get(sheet.title, "")
                extras = _extras(package, part)
                problems += [
                    (NOT_COMPUTED, Place(sheet=sheet.title, row=row)) for row in extras.uncomputed[:1000]
                ]
                rows, struck, cut = _rows(sheet, extras, budget)
                removed += struck
                if cut:
                    problems.append((TOO_LONG, Place(sheet=sheet.title)))
                removed += _take_out_hidden(rows, extras, sheet.title)
                found = [
                    *sheet_blocks(sheet.title, rows, extras.hidden_rows),
                    *_drawn_text(package, part, sheet.title),
                ]
                if sheet.sheet_state == "visible":
                    blocks += found
                else:
                    removed += [Removed(block.plain, "hidden", block.place) for block in found]
            book.close()
            return Document(
                tuple(with_sheet_names(blocks)), read_properties(package), tuple(removed), tuple(problems)
            )
    except (InvalidFileException, *DAMAGED) as error:
        raise ArticleError(f"it cannot be read as a workbook ({error}); save it as .xlsx again") from error


def with_sheet_names(blocks: Sequence[Block]) -> Iterator[Block]:
    """Put the name of each sheet before its blocks, where there are several sheets."""
    several = len({block.place.sheet for block in blocks}) > 1
    for name, of in groupby(blocks, lambda block: block.place.sheet):
        if several and name:
            yield Block("heading", name, None, Place(sheet=name))
        yield from of


def _rows(
    sheet: Any,  # noqa: ANN401 - openpyxl's sheet
    extras: _Extras,
    budget: Budget,
) -> tuple[list[list[str]], list[Removed], bool]:
    """The cells of a sheet as text, those that are struck through, and whether it was cut.

    Merged cells stand in each place that they cover.
    """
    rows: list[list[str]] = []
    struck: list[Removed] = []
    cut = False
    font_of = _Fonts()
    sheet.reset_dimensions()
    for cells in sheet.iter_rows():  # max_col would fill every row up to it
        if budget.spent:
            cut = True
            break
        row = []
        for cell in cells:
            text = shown(cell.value, cell.number_format) if cell.value is not None else ""
            font = font_of(cell) if text else _PLAIN_FONT
            if font.struck:
                struck.append(Removed(text, "struck-out", Place(sheet=sheet.title, row=len(rows) + 1)))
                text = ""
            row.append(in_font(text, font.name) if isinstance(cell.value, str) else text)
        while row and not row[-1]:
            row.pop()
        budget.take(sum(map(len, row)), max(1, len(row)))
        rows.append(row)
    for top, left, bottom, right in extras.merged:
        if (bottom - top + 1) * (right - left + 1) > _LARGEST_SPAN or top > len(rows):
            continue
        text = rows[top - 1][left - 1] if left <= len(rows[top - 1]) else ""
        for row in rows[top - 1 : bottom] if text else ():
            row += [""] * (right - len(row))
            row[left - 1 : right] = [text] * (right - left + 1)
    return rows, struck, cut


@dataclass(frozen=True, slots=True)
class _Font:
    """What the font of a cell tells: whether its text is struck through, and which encoding it may have."""

    struck: bool
    name: str


_PLAIN_FONT = _Font(False, "")


class _Fonts:
    """The fonts of cells; those of one style are asked for once."""

    def __init__(self) -> None:
        self._known: dict[int, _Font] = {}

    def __call__(self, cell: Any) -> _Font:  # noqa: ANN401 - openpyxl's cell
        style = cell._style_id
        if style not in self._known:
            self._known[style] = _Font(bool(cell.font.strike), cell.font.name or "")
        return self._known[style]


def _take_out_hidden(rows: Sequence[list[str]], extras: _Extras, sheet: str) -> Iterator[Removed]:
    """Empty the rows and columns that are not shown."""
    for number, row in enumerate(rows):
        places = range(len(row)) if number in extras.hidden_rows else extras.hidden_columns
        hidden_places = [place for place in places if place < len(row) and row[place]]
        if hidden_places:
            yield Removed(
                " | ".join(row[place] for place in hidden_places),
                "hidden",
                Place(sheet=sheet, row=number + 1),
            )
        for place in hidden_places:
            row[place] = ""


def _sheet_parts(package: Package) -> dict[str, str]:
    """Map the names of the sheets to their parts."""
    main = package.root_part("officeDocument")
    related = package.related(main)
    return {
        attribute(sheet, "name"): related.get(attribute(sheet, "id"), ("", ""))[1]
        for sheet in descendants(package.xml(main), "sheet")
    }


def _extras(package: Package, part: str) -> _Extras:
    """Read what openpyxl does not tell of a sheet that it streams."""
    from openpyxl.utils.cell import range_boundaries

    extras = _Extras()
    if part not in package:
        return extras
    filtered = False
    for item in stream_xml(package, part, ("col", "row", "mergeCell", "filterColumn")):
        kind, hidden = local(item), attribute(item, "hidden") in ("1", "true")
        if kind == "filterColumn":
            filtered = True
        elif kind == "col":
            first, last = int(attribute(item, "min", "1")), int(attribute(item, "max", "1"))
            extras.hidden_columns.update(range(first - 1, min(last, WIDEST)) if hidden else ())
        elif kind == "mergeCell":
            left, top, right, bottom = range_boundaries(attribute(item, "ref"))
            if None not in (left, top, right, bottom):
                extras.merged.append((int(top or 0), int(left or 0), int(bottom or 0), int(right or 0)))
        else:
            number = int(attribute(item, "r", "0"))
            extras.hidden_rows.update((number - 1,) if hidden else ())
            if any(child(cell, "f") is not None and not _has_value(cell) for cell in item):
                extras.uncomputed.append(number)
    if filtered:
        extras.hidden_rows.clear()
    return extras


def _has_value(cell: etree._Element) -> bool:
    value = child(cell, "v")
    return child(cell, "is") is not None or (value is not None and bool(value.text))


def stream_xml(package: Package, part: str, names: tuple[str, ...]) -> Iterator[etree._Element]:
    """Yield the elements of these names one by one, and forget them."""
    with package.open(part) as stream:
        for _, item in etree.iterparse(
            stream,
            events=("end",),
            tag=[f"{{*}}{name}" for name in names],
            resolve_entities=False,
            no_network=True,
        ):
            yield item
            item.clear()


def _drawn_text(package: Package, part: str, sheet: str) -> Iterator[Block]:
    """Yield the text boxes of a sheet."""
    if part not in package:
        return
    for kind, name in package.related(part).values():
        if kind == "drawing" and name in package:
            for line in drawn_lines(package.xml(name)):
                yield Block("note", line, None, Place(sheet=sheet))
