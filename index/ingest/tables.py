"""Tables: which are tables at all, and how their rows become lines of an article."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from index.ingest.document import Table
from index.text import fold

_LAYOUT = re.compile(
    r"cong hoa xa hoi chu nghia|doc lap\s*-\s*tu do\s*-\s*hanh phuc|^noi nhan *:", re.MULTILINE
)
"""What only stands in the head and the foot of an official letter, whose two columns are no table."""
_VALUE = re.compile(r"[-+−~]?\(?\d[\d.,/ ]*\)?\s?(?:%|‰|[^\W\d_]{1,6}(?:[/ ][^\W\d_]{1,6})?)?")
CELL_BORDER = " | "


def is_layout(table: Table) -> bool:
    """Tell whether a grid only places text side by side: a single cell, or the head or foot of a letter."""
    cells = [cell for row in table.rows for cell in row if cell.strip()]
    if len(set(cells)) <= 1:
        return True
    return (
        len(table.rows) <= 4 and len(table.rows[0]) <= 3 and any(_LAYOUT.search(fold(cell)) for cell in cells)
    )


def layout_text(table: Table) -> list[str]:
    """Give the lines of a grid that is no table, row by row, each cell once."""
    lines: list[str] = []
    seen: set[tuple[int, str]] = set()
    for row in table.rows:
        for column, cell in enumerate(row):
            if (column, cell) in seen or (column and row[column - 1] == cell):
                continue
            seen.add((column, cell))
            lines += [line.strip() for line in cell.split("\n") if line.strip(" -_—–=*\t")]
    return lines


def without_empty_rows(table: Table) -> tuple[Table, list[int]]:
    """Drop the rows without any text; give also which rows of the table are left."""
    left = [number for number, row in enumerate(table.rows) if any(cell.strip() for cell in row)]
    headers = sum(1 for number in left if number < table.header_rows)
    return Table(tuple(table.rows[number] for number in left), headers), left


def count_header_rows(rows: Sequence[Sequence[str]]) -> int:
    """Guess how many rows at the top name the columns, from the cells alone; 0 where nothing shows it.

    A header holds no value, and under it some column is mostly values.
    """
    if (
        len(rows) < 2
        or any(_is_value(cell) for cell in rows[0])
        or not all(cell.strip() for cell in rows[0][1:])
    ):
        return 0
    header = 1
    while header < min(3, len(rows) - 1) and _goes_on(rows[header - 1], rows[header]):
        header += 1
    below = rows[header:]
    for column in range(len(rows[0])):
        cells = [row[column] for row in below if row[column].strip()]
        if cells and sum(map(_is_value, cells)) * 2 > len(cells):
            return header
    return 0


def _goes_on(above: Sequence[str], row: Sequence[str]) -> bool:
    """Tell whether a row divides the columns that cells of the row above span."""
    spanned = any(a == b and a.strip() for a, b in pairwise(above))
    same = any(a == b and a.strip() for a, b in zip(above, row, strict=True))
    return (
        (spanned or same)
        and not any(map(_is_value, row))
        and any(a != b for a, b in zip(above, row, strict=True))
    )


def _is_value(cell: str) -> bool:
    """Tell whether a cell is a figure, with or without its unit, and no year or name."""
    return _VALUE.fullmatch(cell.strip()) is not None


def one_line(cell: str) -> str:
    """Write the lines of a cell in one: those that go on in small letters with a space, others after ``;``."""
    lines = [re.sub(r"\s+", " ", line).strip() for line in cell.split("\n")]
    lines = [line for line in lines if line]
    joined = lines[0] if lines else ""
    for line in lines[1:]:
        goes_on = line[0].islower() or joined[-1] in ".,;:!?-–("
        joined += f" {line}" if goes_on else f"; {line}"
    return joined


def row_line(cells: tuple[str, ...]) -> tuple[str, list[tuple[int, int]]]:
    """Write a row as a line without white space around it; give also where in it each cell stands."""
    line, spans = "", []
    for number, cell in enumerate(cells):
        line += CELL_BORDER if number else ""
        spans.append((len(line), len(line) + len(cell)))
        line += cell
    shift = len(line) - len(line.lstrip())
    stripped = line.strip()
    return stripped, [
        (max(0, min(start - shift, len(stripped))), max(0, min(end - shift, len(stripped))))
        for start, end in spans
    ]
