"""The cells of RTF tables: where each begins and ends, which striprtf does not tell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from index.ingest.rows.grid import Cell

CELL, LINE = "\x1f", "\x1e"
"""Stand for the end of a cell and of a line in it: the ``|`` that striprtf writes may be text too."""
_TOKEN = re.compile(r"\\(trowd|cellx-?\d+|clvmgf|clvmrg|clmgf|clmrg|pard|intbl|par|line|cell|row)(?![a-z])")
_SAME_EDGE = 60
"""Twips (a millimetre) by which edges of one column differ."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Where a cell ends, in twips from the left, and whether it goes on with the one above or before it."""

    right: int
    goes_down: bool = False
    goes_on: bool = False


def mark_cells(text: str) -> tuple[str, list[tuple[Shape, ...]]]:
    """Put ``CELL`` and ``LINE`` into the text, and give the shapes of the cells of each row."""
    rows: list[tuple[Shape, ...]] = []
    shapes: list[Shape] = []
    pending = Shape(0)
    in_table = False

    def mark(match: re.Match[str]) -> str:
        nonlocal shapes, pending, in_table
        token = match[1]
        if token == "trowd":
            shapes, pending = [], Shape(0)
        elif token == "clvmrg":
            pending = replace(pending, goes_down=True)
        elif token == "clmrg":
            pending = replace(pending, goes_on=True)
        elif token.startswith("cellx"):
            shapes.append(replace(pending, right=int(token[5:])))
            pending = Shape(0)
        elif token in ("pard", "intbl"):
            in_table = token == "intbl"
        elif token in ("par", "line") and in_table:
            return f"\\u{ord(LINE)}?"
        elif token == "cell":
            return f"\\u{ord(CELL)}?\\cell"
        elif token == "row":
            rows.append(tuple(shapes))
        return match[0]

    return _TOKEN.sub(mark, text), rows


def place_cells(rows: Sequence[Sequence[str]], shapes: Sequence[Sequence[Shape]]) -> Iterator[Cell]:
    """Place the texts of a table in a grid by the edges of its cells; merged cells cover what they span."""
    edges = _edges(shape.right for of in shapes for shape in of)
    open_: dict[int, Cell] = {}
    placed: list[Cell] = []
    for number, (texts, of) in enumerate(zip(rows, shapes, strict=True)):
        known = len(of) >= len(texts)
        column = 0
        for at, text in enumerate(texts):
            shape = of[at] if known else Shape(0)
            end = max(edges[shape.right] if known else 0, column + 1)
            if shape.goes_on and placed and placed[-1].row == number:
                before = placed.pop()
                cell = replace(before, columns=end - before.column)
            elif shape.goes_down and column in open_:
                above = open_[column]
                placed.remove(above)
                cell = replace(above, rows=number - above.row + 1)
            else:
                cell = Cell(number, column, text, 1, end - column)
            placed.append(cell)
            open_[cell.column] = cell
            column = end
    yield from placed


def _edges(rights: Iterable[int]) -> dict[int, int]:
    """Number the edges from left to right, those that nearly coincide as one: right edge to the column after it."""
    numbers: dict[int, int] = {}
    last: int | None = None
    count = 0
    for right in sorted(set(rights)):
        if last is None or right - last > _SAME_EDGE:
            count += 1
            last = right
        numbers[right] = count
    return numbers
