"""The tables of a Word file as grids: merged cells in every place that they cover, nested tables within their cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from index.ingest.document import Block
from index.ingest.office.package import attribute, child, local
from index.ingest.rows.grid import Cell, as_table, make_grid, split_title
from index.ingest.tables import nested_text
from index.ingest.word.body import Story, read_blocks, remove

_WIDEST = 1_000
"""A row that leaves out more columns than this is damaged."""


@dataclass(slots=True)
class _Rows:
    """The cells that were read, which of them a cell below may continue, and what hangs on them."""

    cells: list[Cell] = field(default_factory=list)
    open: dict[int, int] = field(default_factory=dict)
    """By column: the number of the cell that goes on below."""
    behind: list[Block] = field(default_factory=list)


def read_table(table: etree._Element, story: Story) -> Iterator[Block]:
    """Yield a table and the notes in it; one of a single column only frames text, and its blocks are yielded."""
    rows = list(_rows(table, story))
    if all(len(_cells(row)) < 2 for row in rows):
        for row in rows:
            for cell in _cells(row):
                yield from read_blocks(cell, story)
        return
    read = _Rows()
    marked = number = 0
    for number, row in enumerate(rows):
        if story.budget.spent:
            story.cut = True
            break
        if child(row, "trPr", "tblHeader") is not None and marked == number:
            marked += 1
        _read_row(row, number, read, story)
    titles, grid = split_title(make_grid(read.cells))
    yield from (Block("paragraph", title) for title in titles if title.strip())
    if grid:
        yield Block("table", table=as_table(grid, max(0, marked - len(titles))))
    yield from read.behind


def _rows(table: etree._Element, story: Story) -> Iterator[etree._Element]:
    for item in table:
        name = local(item)
        if name == "tr" and child(item, "trPr", "del") is not None:
            remove(item, "tracked-deletion", story)
        elif name == "tr":
            yield item
        elif name in ("sdt", "sdtContent", "customXml", "ins", "moveTo"):
            yield from _rows(item, story)


def _cells(row: etree._Element) -> list[etree._Element]:
    found: list[etree._Element] = []
    for item in row:
        name = local(item)
        if name == "tc":
            found.append(item)
        elif name in ("sdt", "sdtContent", "customXml", "ins"):
            found += _cells(item)
    return found


def _read_row(row: etree._Element, number: int, read: _Rows, story: Story) -> None:
    column = _count(attribute(child(row, "trPr", "gridBefore"), "val"), 0)
    still_open: dict[int, int] = {}
    for item in _cells(row):
        properties = child(item, "tcPr")
        width = _count(attribute(child(properties, "gridSpan"), "val"), 1)
        down, across = child(properties, "vMerge"), child(properties, "hMerge")
        if child(properties, "cellDel") is not None:
            remove(item, "tracked-deletion", story)
            continue
        if across is not None and attribute(across, "val", "continue") == "continue" and read.cells:
            read.cells[-1] = replace(read.cells[-1], columns=read.cells[-1].columns + width)
        elif down is not None and attribute(down, "val", "continue") == "continue" and column in read.open:
            above = read.open[column]
            read.cells[above] = replace(read.cells[above], rows=number - read.cells[above].row + 1)
            still_open[column] = above
            remove(item, "hidden", story)
        else:
            text = _cell_text(item, read, story)
            story.budget.take(len(text), width)
            if down is not None:
                still_open[column] = len(read.cells)
            read.cells.append(Cell(number, column, text, 1, width))
        column += width
    read.open = still_open


def _cell_text(cell: etree._Element, read: _Rows, story: Story) -> str:
    lines = []
    for block in read_blocks(cell, story):
        if block.table is not None:
            lines.append(nested_text(block.table))
        elif block.kind == "note":
            read.behind.append(block)
        else:
            lines.append(block.text)
    return "\n".join(lines)


def _count(value: str, otherwise: int) -> int:
    return min(int(value), _WIDEST) if value.isdigit() else otherwise
