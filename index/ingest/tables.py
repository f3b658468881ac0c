"""Tables: which are tables at all, and how their rows become lines of an article."""

from __future__ import annotations

import re

from index.ingest.document import Table
from index.text.normalise import fold

_LAYOUT = re.compile(
    r"cong hoa xa hoi chu nghia|doc lap\s*-\s*tu do\s*-\s*hanh phuc|^noi nhan *:", re.MULTILINE
)
"""What only stands in the head and the foot of an official letter, whose two columns are no table."""
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
