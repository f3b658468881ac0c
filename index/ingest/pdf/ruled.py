"""Tables of a PDF page whose cells are drawn with lines."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pdfplumber.table import cells_to_tables, edges_to_intersections, intersections_to_cells, merge_edges

from index.ingest.pdf.content.page import Glyph, Rule
from index.ingest.pdf.lines import text_of
from index.ingest.pdf.row_lines import implied_rules
from index.ingest.rows.grid import Cell, is_number, make_grid

_SNAP = 3.0
"""Points within which lines are one line, and within which they meet."""
_THINNEST = 5.0
"""Points; what is narrower or lower is no cell."""
_TOUCHING = 0.1
"""Of the letters' size: how near the letters of a word stand."""
_MOST_EDGES = 1_500
_LEAST_LINES_TO_SPLIT = 3
_NAMED = 0.7
"""The share of rows that must have a name beside the table."""

_Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class PageTable:
    """A table on a page with its box, in points."""

    x0: float
    y0: float
    x1: float
    y1: float
    rows: tuple[tuple[str, ...], ...]
    columns: tuple[float, ...]
    """The left edges of the columns."""
    tops: tuple[float, ...] = ()
    """The upper edges of the rows."""
    spans_first: tuple[bool, ...] = ()
    """By column: whether the first row's cell goes on in the second."""


def ruled_tables(rules: Sequence[Rule], glyphs: Sequence[Glyph]) -> tuple[list[PageTable], list[Glyph]]:
    """Find the tables that lines draw; returns them and the letters that stand in none of them."""
    left = list(glyphs)
    tables = []
    for cells in map(_without_thin, _cells([*rules, *implied_rules(rules, glyphs)])):
        xs, ys = _edges(cells)
        if len(xs) < 3 or len(cells) < 2:
            continue
        held, others = _held(cells, left)
        if sum(1 for within in held if any(not glyph.text.isspace() for glyph in within)) < 2:
            continue
        table = _table(cells, held, xs, ys)
        if table is None:
            continue
        beside = _beside(table, others)
        if beside is not None:
            table, others = beside
        left = others
        tables.append(table)
    return tables, left


def _cells(rules: Sequence[Rule]) -> list[list[_Box]]:
    edges: list[dict[str, Any]] = [
        {
            "x0": rule.x0,
            "x1": rule.x1,
            "top": rule.y0,
            "bottom": rule.y1,
            "width": rule.x1 - rule.x0,
            "height": rule.y1 - rule.y0,
            "orientation": "h" if rule.x1 - rule.x0 >= rule.y1 - rule.y0 else "v",
        }
        for rule in rules
    ]
    merged = merge_edges(edges, _SNAP, _SNAP, _SNAP, _SNAP)
    if len(merged) > _MOST_EDGES:
        return []  # a drawing or a map
    cells = intersections_to_cells(edges_to_intersections(merged, _SNAP, _SNAP))
    return [list(table) for table in cells_to_tables(cells)] if len(cells) <= 2 * _MOST_EDGES else []


def _without_thin(cells: Sequence[_Box]) -> list[_Box]:
    """Leave out what lies between double lines; the cell before it reaches as far as the next one."""
    kept = [cell for cell in cells if cell[2] - cell[0] > _THINNEST and cell[3] - cell[1] > _THINNEST]
    xs, ys = _edges(kept)
    across, down = _merged(xs), _merged(ys)
    return [(across[x0], down[y0], across[x1], down[y1]) for x0, y0, x1, y1 in kept]


def _merged(edges: Sequence[float]) -> dict[float, float]:
    """Map edges that lie close behind each other to the first of them."""
    found: dict[float, float] = {}
    last = None
    for edge in edges:
        if last is None or edge - last > _THINNEST:
            last = edge
        found[edge] = last
    return found


def _edges(cells: Sequence[_Box]) -> tuple[list[float], list[float]]:
    xs = sorted({edge for cell in cells for edge in (cell[0], cell[2])})
    ys = sorted({edge for cell in cells for edge in (cell[1], cell[3])})
    return xs, ys


def _held(cells: Sequence[_Box], glyphs: Sequence[Glyph]) -> tuple[list[list[Glyph]], list[Glyph]]:
    """The letters in each cell, by their middle, and those in none."""
    ordered = sorted(range(len(cells)), key=lambda number: cells[number][1])
    tops = [cells[number][1] for number in ordered]
    tallest = max(cell[3] - cell[1] for cell in cells)
    held: list[list[Glyph]] = [[] for _ in cells]
    others: list[Glyph] = []
    place: int | None = None
    before: Glyph | None = None
    for glyph in glyphs:
        if before is not None and _is_one_word(before, glyph):
            (others if place is None else held[place]).append(glyph)
            before = glyph
            continue
        before = glyph
        x, y = (glyph.x0 + glyph.x1) / 2, (glyph.y0 + glyph.y1) / 2
        at = bisect_left(tops, y)
        place = None
        while at > 0 and tops[at - 1] >= y - tallest - 1:
            at -= 1
            x0, y0, x1, y1 = cells[ordered[at]]
            if x0 - 1 <= x <= x1 + 1 and y0 - 1 <= y <= y1 + 1:
                place = ordered[at]
                break
        if place is None:
            others.append(glyph)
        else:
            held[place].append(glyph)
    return held, others


def _is_one_word(before: Glyph, glyph: Glyph) -> bool:
    """Whether two letters were drawn as one word, which no line parts though it may stand over one."""
    if glyph.drawn != before.drawn + 1 or glyph.turn or glyph.text.isspace() or before.text.isspace():
        return False
    return abs(glyph.base - before.base) < 1 and abs(glyph.x0 - before.x1) < _TOUCHING * glyph.size


def _table(
    cells: Sequence[_Box], held: Sequence[Sequence[Glyph]], xs: list[float], ys: list[float]
) -> PageTable | None:
    placed = []
    for (x0, y0, x1, y1), within in zip(cells, held, strict=True):
        row, column = ys.index(y0), xs.index(x0)
        placed.append(Cell(row, column, text_of(within), ys.index(y1) - row, xs.index(x1) - column))
    rows = _split_rows(make_grid(placed))
    used = [column for column in range(len(xs) - 1) if any(row[column].strip() for row in rows)]
    kept = [column for column in used if not _doubles(rows, column, used)]
    if len(kept) < 2:
        return None
    filled = [number for number, row in enumerate(rows) if any(row[column].strip() for column in kept)]
    tops = tuple(ys[number] for number in filled) if len(rows) == len(ys) - 1 else ()
    rows = tuple(tuple(rows[number][column] for column in kept) for number in filled)
    goes_on = [cell for cell in placed if cell.row == 0 and cell.rows > 1]
    spans = tuple(
        any(cell.column <= column < cell.column + cell.columns for cell in goes_on) for column in kept
    )
    lefts = tuple(xs[column] for column in kept)
    return PageTable(xs[0], ys[0], xs[-1], ys[-1], rows, lefts, tops, spans)


def _beside(table: PageTable, glyphs: Sequence[Glyph]) -> tuple[PageTable, list[Glyph]] | None:
    """Take in what stands to the left of nearly every row: its first column, which no line surrounds."""
    near = [glyph for glyph in glyphs if glyph.x1 <= table.x0 + 2 and table.y0 <= glyph.base <= table.y1 + 1]
    names: dict[int, list[Glyph]] = {}
    for glyph in near:
        names.setdefault(bisect_left(table.tops, glyph.base) - 1, []).append(glyph)
    texts = {row: text_of(of) for row, of in names.items() if row >= 0}
    single = sum("\n" not in text for text in texts.values())
    if len(table.tops) < 3 or len(texts) < _NAMED * (len(table.rows) - 1) or single < _NAMED * len(texts):
        return None
    rows = tuple((texts.get(number, ""), *row) for number, row in enumerate(table.rows))
    left = min(glyph.x0 for glyph in near)
    spans = (False, *table.spans_first)
    wider = PageTable(left, table.y0, table.x1, table.y1, rows, (left, *table.columns), table.tops, spans)
    taken = set(map(id, near))
    return wider, [glyph for glyph in glyphs if id(glyph) not in taken]


def _doubles(rows: Sequence[tuple[str, ...]], column: int, used: Sequence[int]) -> bool:
    """Whether a column only repeats the one before it: both lie under cells that are merged in every row."""
    before = [other for other in used if other < column]
    return bool(before) and all(row[column] == row[before[-1]] for row in rows)


def _split_rows(rows: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
    """Take apart rows that no line parts: all cells have the same number of lines, and a column of them numbers."""
    split: list[tuple[str, ...]] = []
    for row in rows:
        lines = [cell.split("\n") for cell in row]
        heights = {len(cell) for cell in lines if cell != [""]}
        numbers = any(len(cell) > 1 and all(map(is_number, cell)) for cell in lines)
        if (
            len(heights) == 1
            and numbers
            and (height := heights.pop()) >= _LEAST_LINES_TO_SPLIT
            and len(rows) <= 3
        ):
            split += [
                tuple(cell[number] if len(cell) == height else "" for cell in lines)
                for number in range(height)
            ]
        else:
            split.append(row)
    return tuple(split)
