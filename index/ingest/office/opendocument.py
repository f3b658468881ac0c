"""OpenDocument files (.odt, .ods, .odp): text, tables, notes and sheets; tracked deletions and comments kept apart."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from lxml import etree

from index.errors import ArticleError
from index.ingest.document import Block, BlockKind, Document, Metadata, Place, Problem, Removed
from index.ingest.limits import DEFAULT_LIMITS, Budget, Limits
from index.ingest.office.opendocument_lists import Lists, read_lists
from index.ingest.office.package import DAMAGED, Package, attribute, child, descendants, local
from index.ingest.office.properties import metadata
from index.ingest.office.sheets import WIDEST, with_sheet_names
from index.ingest.problems import TOO_LONG
from index.ingest.rows.areas import sheet_blocks
from index.ingest.rows.cell_values import shown
from index.ingest.rows.grid import Cell, as_table, make_grid, split_title
from index.ingest.tables import nested_text

_MOST_REPEATED = 1_000
"""Equal cells and rows that stand below or beside each other; more than this are reported."""
_LARGEST = 1_048_576
"""Rows of a sheet; empty cells and rows are repeated up to its edge."""
_SPACES = {"tab": "\t", "line-break": "\n"}
NOWHERE = Place()


@dataclass(slots=True)
class _Reading:
    lists: Lists
    budget: Budget
    hidden_sheets: frozenset[str]
    """The names of the styles of sheets that are not shown."""
    struck_styles: frozenset[str] = frozenset()
    """The names of the styles of text that is struck through."""
    place: Place = NOWHERE
    removed: list[Removed] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_opendocument(path: Path, limits: Limits = DEFAULT_LIMITS) -> Document:
    """Read a text, a workbook or a presentation.

    Raises ArticleError where it is damaged, locked, or unpacks to more than its share.
    """
    try:
        with Package(path, limits) as package:
            content = package.xml("content.xml")
            styles = package.xml("styles.xml") if "styles.xml" in package else None
            document_metadata = _properties(package)
    except DAMAGED as error:
        raise ArticleError(f"it cannot be read as an OpenDocument file ({error}); save it again") from error
    hidden = frozenset(
        attribute(style, "name")
        for style in descendants(content, "style")
        if attribute(child(style, "table-properties"), "display", "true") == "false"
    )
    roots = [root for root in (content, styles) if root is not None]
    struck = frozenset(
        attribute(style, "name")
        for root in roots
        for style in descendants(root, "style")
        if _strikes(child(style, "text-properties"))
    )
    reading = _Reading(read_lists(content, styles), limits.start(), hidden, struck)
    blocks = [
        block for body in descendants(content, "body") for kind in body for block in _blocks(kind, reading)
    ]
    if styles is not None:
        blocks += _margins(styles, reading)
    return Document(
        tuple(with_sheet_names(blocks)), document_metadata, tuple(reading.removed), tuple(reading.problems)
    )


def _strikes(properties: etree._Element | None) -> bool:
    return any(attribute(properties, f"text-line-through-{of}", "none") != "none" for of in ("style", "type"))


def _properties(package: Package) -> Metadata:
    if "meta.xml" not in package:
        return Metadata()
    properties = {
        local(item): item.text or "" for item in descendants(package.xml("meta.xml"), "title", "creator")
    }
    return metadata(properties.get("title", ""), properties.get("creator", ""))


def _blocks(container: etree._Element, reading: _Reading) -> Iterator[Block]:
    """Yield the blocks of a body, a section, a text box or a cell."""
    for item in container:
        name = local(item)
        if reading.budget.spent:
            if (TOO_LONG, reading.place) not in reading.problems:
                reading.problems.append((TOO_LONG, reading.place))
            return
        if name in ("p", "h"):
            yield from _paragraph(item, "heading" if name == "h" else "paragraph", "", reading)
        elif name == "list":
            yield from _list(item, reading, 1, attribute(item, "style-name"))
        elif name == "numbered-paragraph":
            depth = int(attribute(item, "level", "1"))
            number = reading.lists.number(attribute(item, "style-name"), depth)
            for part in item:
                yield from _paragraph(part, "item", number, reading)
        elif name == "table" and local(container) == "spreadsheet":
            yield from _sheet(item, reading)
        elif name == "table":
            yield from _table(item, reading)
        elif name == "page":
            reading.place = Place(page=(reading.place.page or 0) + 1)
            yield from _blocks(item, reading)
        elif name == "tracked-changes":
            _note_deletions(item, reading)
        elif name in (
            "notes",
            "frame",
            "text-box",
            "section",
            "index-body",
            "table-of-content",
            "g",
            "custom-shape",
        ):
            yield from (
                replace(block, kind="note") if name == "notes" else block for block in _blocks(item, reading)
            )


def _paragraph(item: etree._Element, kind: BlockKind, number: str, reading: _Reading) -> Iterator[Block]:
    behind: list[etree._Element] = []
    text = _text(item, reading, behind).strip()
    if text:
        reading.budget.take(len(text))
        yield Block(kind, number + text, None, reading.place)
    for note in behind:
        for block in _blocks(note, reading):
            yield replace(block, kind="note") if block.table is None else block


def _text(item: etree._Element, reading: _Reading, behind: list[etree._Element]) -> str:
    """The text of a paragraph; notes and frames in it come ``behind`` it."""
    text = item.text or ""
    for part in item:
        name = local(part)
        if name == "s":
            text += " " * min(int(attribute(part, "c", "1") or 1), _MOST_REPEATED)
        elif name in _SPACES:
            text += _SPACES[name]
        elif name == "note":
            behind += [body for body in part if local(body) == "note-body"]
        elif name in ("frame", "custom-shape", "text-box"):
            behind.append(part)
        elif name == "annotation":
            _remove(part, "comment", reading)
        elif name == "hidden-text":
            _remove(part, "hidden", reading)
        elif name == "span" and attribute(part, "style-name") in reading.struck_styles:
            _remove(part, "struck-out", reading)
        elif name not in ("page-number", "page-count", "change", "change-start", "change-end", "ruby-text"):
            text += _text(part, reading, behind)
        text += part.tail or ""
    return text


def _list(item: etree._Element, reading: _Reading, depth: int, style: str) -> Iterator[Block]:
    for entry in item:
        if local(entry) not in ("list-item", "list-header"):
            continue
        first = True
        for part in entry:
            if local(part) == "list":
                yield from _list(part, reading, depth + 1, attribute(part, "style-name") or style)
            elif local(part) in ("p", "h"):
                numbered = first and local(entry) == "list-item"
                number = reading.lists.number(style, depth) if numbered else ""
                yield from _paragraph(part, "item", number, reading)
                first = False


def _table(item: etree._Element, reading: _Reading) -> Iterator[Block]:
    cells: list[Cell] = []
    marked = 0
    for number, (row, header) in enumerate(_rows(item)):
        marked += header and marked == number
        column = 0
        for cell in row:
            repeated = min(int(attribute(cell, "number-columns-repeated", "1") or 1), _MOST_REPEATED)
            if local(cell) == "table-cell":
                text = _cell_text(cell, reading)
                high, wide = (
                    int(attribute(cell, f"number-{side}-spanned", "1") or 1) for side in ("rows", "columns")
                )
                if text or high * wide > 1:
                    cells += [Cell(number, column + n, text, min(high, _MOST_REPEATED), min(wide, _MOST_REPEATED))
                              for n in range(repeated)]  # fmt: skip
                else:
                    cells.append(Cell(number, column, "", 1, repeated))
                reading.budget.take(len(text) * repeated, repeated)
            column += repeated
    titles, rows = split_title(make_grid(cells))
    yield from (Block("paragraph", title, None, reading.place) for title in titles if title)
    if rows and len(rows[0]) == 1:
        yield from (Block("paragraph", row[0], None, reading.place) for row in rows if row[0])
    elif rows:
        yield Block("table", "", as_table(rows, max(0, marked - len(titles))), reading.place)


def _sheet(item: etree._Element, reading: _Reading) -> Iterator[Block]:
    name = attribute(item, "name")
    rows: list[list[str]] = []
    reading.place = Place(sheet=name)
    covers: list[tuple[int, int, int, int, str]] = []
    empty = 0
    for row, _ in _rows(item):
        if reading.budget.spent:
            reading.problems.append((TOO_LONG, reading.place))
            break
        cells, cut = _sheet_row(row, len(rows) + empty, covers, reading)
        again = int(attribute(row, "number-rows-repeated", "1") or 1)
        if not cells:
            empty += again
            continue
        rows += [[] for _ in range(min(empty, _LARGEST - len(rows)))]
        empty = 0
        reading.budget.take(sum(map(len, cells)), len(cells) + 1)
        rows += [list(cells) for _ in range(min(again, _MOST_REPEATED))]
        if cut or again > _MOST_REPEATED:
            reading.problems.append((TOO_LONG, replace(reading.place, row=len(rows))))
    for top, left, high, wide, text in covers:
        for cells in rows[top : top + high]:
            cells += [""] * (left + wide - len(cells))
            cells[left : left + wide] = [text] * wide
    hidden = _take_out_hidden(item, rows, reading)
    blocks = [*sheet_blocks(name, rows, hidden)]
    if attribute(item, "style-name") in reading.hidden_sheets:
        reading.removed += [Removed(block.plain, "hidden", block.place) for block in blocks]
    else:
        yield from blocks
    reading.place = Place()


def _sheet_row(
    row: etree._Element, number: int, covers: list[tuple[int, int, int, int, str]], reading: _Reading
) -> tuple[list[str], bool]:
    """Read the cells of a row, and whether some were left out; notes those that cover several places."""
    cells: list[str] = []
    cut = False
    for cell in row:
        repeats = int(attribute(cell, "number-columns-repeated", "1") or 1)
        text = _cell_text(cell, reading) if local(cell) == "table-cell" else ""
        repeated = min(repeats, _MOST_REPEATED if text else WIDEST)
        cut = cut or (bool(text) and repeats > repeated)
        high, wide = (
            int(attribute(cell, f"number-{side}-spanned", "1") or 1) for side in ("rows", "columns")
        )
        if high * wide > 1:
            covers.append((number, len(cells), min(high, _MOST_REPEATED), min(wide, _MOST_REPEATED), text))
        cells += [text] * repeated
    while cells and not cells[-1]:
        cells.pop()
    return cells, cut


def _take_out_hidden(sheet: etree._Element, rows: list[list[str]], reading: _Reading) -> set[int]:
    """Empty the rows and columns that are not shown, those that a filter hides aside; returns the rows (from 0)."""
    hidden_rows = set(_hidden([row for row, _ in _rows(sheet)], "number-rows-repeated", len(rows)))
    columns = [column for column in descendants(sheet, "table-column")]
    hidden_columns = set(_hidden(columns, "number-columns-repeated", WIDEST))
    for number, row in enumerate(rows):
        removed = [
            place
            for place, cell in enumerate(row)
            if cell and (number in hidden_rows or place in hidden_columns)
        ]
        if removed:
            place = replace(reading.place, row=number + 1)
            reading.removed.append(Removed(" | ".join(row[at] for at in removed), "hidden", place))
        for at in removed:
            row[at] = ""
    return hidden_rows


def _hidden(items: list[etree._Element], repeated: str, most: int) -> Iterator[int]:
    """Yield the places of the rows or columns that are collapsed, from 0 up to ``most``."""
    place = 0
    for item in items:
        again = int(attribute(item, repeated, "1") or 1)
        if attribute(item, "visibility") == "collapse":
            yield from range(place, min(place + again, most))
        place += again


def _rows(table: etree._Element, header: bool = False) -> Iterator[tuple[etree._Element, bool]]:
    """The rows of a table, each with whether the file marks it as header."""
    for item in table:
        name = local(item)
        if name == "table-row":
            yield item, header
        elif name in ("table-header-rows", "table-rows", "table-row-group"):
            yield from _rows(item, header or name == "table-header-rows")


def _cell_text(cell: etree._Element, reading: _Reading) -> str:
    kind = attribute(cell, "value-type")
    if kind == "date" and (value := attribute(cell, "date-value")):
        return shown(datetime.fromisoformat(value))
    blocks = _blocks(cell, reading)
    text = "\n".join(nested_text(block.table) if block.table is not None else block.text for block in blocks)
    return (
        _in_vietnam(text, attribute(cell, "value")) if kind in ("float", "currency", "percentage") else text
    )


def _in_vietnam(text: str, value: str) -> str:
    """Write a number with the separators of Vietnam where the file shows it with those of English."""
    digits = re.sub(r"[^\d.,]", "", text)
    try:
        factor = 100 if "%" in text else 1
        english = math.isclose(float(digits.replace(",", "")), abs(float(value)) * factor, rel_tol=0.01)
    except ValueError:
        return text
    return text.translate(str.maketrans(",.", ".,")) if english else text


def _margins(styles: etree._Element, reading: _Reading) -> Iterator[Block]:
    """Yield what stands in headers and footers, each text once."""
    seen: set[str] = set()
    for margin in descendants(styles, "header", "footer"):
        for block in _blocks(margin, reading):
            if any(char.isalpha() for char in block.text.replace("Trang", "")) and block.text not in seen:
                seen.add(block.text)
                yield replace(block, kind="note")


def _note_deletions(item: etree._Element, reading: _Reading) -> None:
    for deletion in descendants(item, "deletion"):
        _remove(deletion, "tracked-deletion", reading)


def _remove(item: etree._Element, reason: str, reading: _Reading) -> None:
    """Note text that is left out; who changed it and when is none."""
    paragraphs = ["".join(part.itertext()) for part in descendants(item, "p", "h")]
    whole = "" if child(item, "change-info") is not None else "".join(item.itertext())
    if text := "\n".join(paragraphs).strip() or whole.strip():
        reading.removed.append(Removed(text, reason, reading.place))
