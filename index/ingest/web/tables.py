"""The tables of a web page as grids: those that hold data, however the page draws them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from index.ingest.document import Table
from index.ingest.rows.grid import as_table, split_title

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_LONG_CELL = 600
_SHORT_CELL = 80
_MOST_SPAN = 60
_DRAWN = re.compile(r"display\s*:\s*table(?:-(row|cell))?\s*(?:;|$)", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_NAMED = re.compile(r"(?<![\w-])[dr](?:iv)?Table(Row|Cell|Head)?(?![\w-])")
"""Classes that generators of tables without ``<table>`` write: ``divTableCell``, ``rTableRow``."""
_ROLES = {"table": "table", "grid": "table", "row": "tr", "cell": "td", "gridcell": "td", "columnheader": "th",
          "rowheader": "th"}  # fmt: skip


def mark_tables(root: HtmlElement) -> None:
    """Make tables of elements that are drawn as tables: by their role, their style, or a generator's class."""
    for node in root.iter("div", "span", "ul", "li", "section"):
        role = node.get("role") or ""
        named = _NAMED.search(node.get("class") or "")
        drawn = _DRAWN.search(node.get("style") or "")
        if role in _ROLES:
            node.tag = _ROLES[role]
        elif named is not None:
            node.tag = {"Row": "tr", "Cell": "td", "Head": "th"}.get(named[1] or "", "table")
        elif drawn is not None:
            node.tag = {"row": "tr", "cell": "td"}.get((drawn[1] or "").lower(), "table")


def is_hidden(node: HtmlElement) -> bool:
    """Tell whether an element says itself that it is not shown."""
    return (
        "hidden" in node.attrib
        or node.get("aria-hidden") == "true"
        or _HIDDEN.search(node.get("style") or "") is not None
    )


def data_table(
    node: HtmlElement, flat: Callable[[HtmlElement], str], shown_only: bool = False
) -> tuple[list[str], Table] | None:
    """Read a table that holds data with the titles over it; ``None`` for one that only places parts of the page.

    ``flat`` gives the text of a cell with its lines kept apart; ``shown_only`` leaves hidden rows out.
    """
    if node.get("role") in ("presentation", "none") or next(node.iterdescendants("table"), None) is not None:
        return None
    rows = [row for row in node.iter("tr") if not (shown_only and is_hidden(row))]
    cells = [[cell for cell in row if cell.tag in ("td", "th")] for row in rows]
    flat_cells = [cell for row in cells for cell in row]
    if len(flat_cells) < 2 or max(map(len, cells)) < 2:
        return None
    for cell in flat_cells:
        if any(True for _ in cell.iterdescendants("h1", "h2", "form", "article", "iframe", "input")):
            return None
    texts = {cell: flat(cell) for cell in flat_cells}
    if max(map(len, texts.values())) > _LONG_CELL and not any(cell.tag == "th" for cell in flat_cells):
        return None
    grid = _grid(cells, texts)
    if len(grid) < 2 and not any(cell.tag == "th" for cell in flat_cells):
        short = max(map(len, texts.values())) < _SHORT_CELL and next(node.iterdescendants("a"), None) is None
        return ([], Table(grid, 0)) if short and len(grid) == 1 else None
    header = 0
    for row, made in ((row, made) for row, made in zip(rows, cells, strict=True) if made):
        parent = row.getparent()
        named = parent is not None and parent.tag == "thead"
        if not named and not all(cell.tag == "th" or _is_bold(cell, flat) for cell in made):
            break
        header += 1
    if header >= len(grid):
        header = 0
    titles, rest = split_title(grid)
    return titles, as_table(rest, max(0, header - len(titles)))


def _is_bold(cell: HtmlElement, flat: Callable[[HtmlElement], str]) -> bool:
    """Tell whether all the text of a cell is in bold letters."""
    text = flat(cell)
    bold = "".join(flat(part) for part in cell.iter("b", "strong"))
    return bool(text) and re.sub(r"\s", "", bold) == re.sub(r"\s", "", text)


def _grid(cells: list[list[HtmlElement]], texts: dict[HtmlElement, str]) -> tuple[tuple[str, ...], ...]:
    """Lay the cells out, those that span several places in each of them."""
    grid: list[dict[int, str]] = [{} for _ in cells]
    for row, made in enumerate(cells):
        column = 0
        for cell in made:
            while column in grid[row]:
                column += 1
            width, height = _span(cell, "colspan", _MOST_SPAN), _span(cell, "rowspan", len(cells) - row)
            for below in range(row, min(row + height, len(cells))):
                for beside in range(column, column + width):
                    grid[below].setdefault(beside, texts[cell])
            column += width
    columns = max((max(row, default=-1) for row in grid), default=-1) + 1
    return tuple(
        tuple(row.get(column, "") for column in range(columns))
        for row, made in zip(grid, cells, strict=True)
        if made
    )


def _span(cell: HtmlElement, name: str, most: int) -> int:
    value = (cell.get(name) or "1").strip()
    if not value.isdecimal() or len(value) > 6:
        return 1
    return max(1, min(int(value) or most, most))
