"""Tables: which are tables at all, and how their rows become lines of an article."""

from __future__ import annotations

import re
from itertools import pairwise

from index.ingest.document import Table
from index.ingest.line_breaks import leads_on
from index.ingest.rows.grid import is_number
from index.text.normalise import fold

_LAYOUT = re.compile(
    r"cong hoa xa hoi chu nghia|doc lap\s*-\s*tu do\s*-\s*hanh phuc|^noi nhan *:", re.MULTILINE
)
"""What only stands in the head and the foot of an official letter, whose two columns are no table."""
_LAYOUT_CELLS = 3
"""Different cells in a row of such a head or foot: two, and what is empty between them."""
CELL_BORDER = " | "
_ORDINAL = r"(?:[IVXL]{1,5}|[A-HK])"
_NUMBERED = re.compile(rf"{_ORDINAL}(?:[.)/:]\s*|\s*[-–]\s+)\S.*", re.DOTALL)
"""How a row begins that names a group: ``I. Nước sinh hoạt``, ``A - Khối xã``."""
_LEAST_MERGED = 3
"""Equal cells in a row that were one cell: in two columns a name may well stand twice."""


def is_layout(table: Table) -> bool:
    """Tell whether a grid only places text side by side: a single cell, or the head or foot of a letter."""
    cells = [cell for row in table.rows for cell in row if cell.strip()]
    if len(set(cells)) <= 1:
        return True
    return (
        len(table.rows) <= 4
        and max(len(set(row)) for row in table.rows) <= _LAYOUT_CELLS
        and any(_LAYOUT.search(fold(cell)) for cell in cells)
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


def group_rows(table: Table) -> tuple[int, ...]:
    """Give the rows that name what the rows below them have in common: one text over all columns, or a numbered one.

    ``I | Khối xã | | |`` is one too; a row with any other value is not.
    """
    last = len(table.rows) - 1
    return tuple(
        number
        for number, row in enumerate(table.rows)
        if table.header_rows <= number < last and _names_group([cell.strip() for cell in row])
    )


def group_cells(row: tuple[str, ...]) -> tuple[str, ...]:
    """Give the cells of a row that names a group, those that were one cell once: ``I``, ``Khối xã``."""
    if is_one_cell(row):
        return row[:1]
    return row[:2] if row[1] and len(set(row[1:])) == 1 else row


def is_one_cell(row: tuple[str, ...]) -> bool:
    """Tell whether all the cells of a row were one."""
    return len(row) > 1 and len(set(row)) == 1


def _names_group(row: list[str]) -> bool:
    if len(row) < 2 or is_number(row[0]):
        return False
    if not row[0]:
        return len(row) > _LEAST_MERGED and bool(row[1]) and len(set(row[1:])) == 1 and not is_number(row[1])
    if is_one_cell(tuple(row)):
        return len(row) >= _LEAST_MERGED or _NUMBERED.fullmatch(row[0]) is not None
    if any(row[2:]) and len(set(row[1:])) > 1:
        return False
    if row[1]:
        return (
            len(row) > 2 and re.fullmatch(rf"{_ORDINAL}[.)]?", row[0]) is not None and not is_number(row[1])
        )
    return _NUMBERED.fullmatch(row[0]) is not None


def with_lines_apart(table: Table) -> Table:
    """Make rows of the lines of a row whose cells all hold as many lines, in one column at least only numbers.

    ``Khe Mây⏎Suối Đá | 45⏎30`` are two rows that were typed into one.
    """
    rows: list[tuple[str, ...]] = []
    for number, row in enumerate(table.rows):
        lines = [[line.strip() for line in cell.strip().split("\n")] for cell in row]
        counts = {len(of) for of in lines if of != [""]}
        apart = (
            number >= table.header_rows
            and len(counts) == 1
            and max(counts) > 1
            and any(all(map(is_number, of)) for of in lines)
        )
        if not apart:
            rows.append(row)
            continue
        height = counts.pop()
        columns = [of if len(of) == height else [""] * height for of in lines]
        rows += zip(*columns, strict=True)
    return Table(tuple(rows), table.header_rows)


def without_empty_rows(table: Table) -> tuple[Table, list[int]]:
    """Drop the rows without any text; give also which rows of the table are left."""
    left = [number for number, row in enumerate(table.rows) if any(cell.strip() for cell in row)]
    headers = sum(1 for number in left if number < table.header_rows)
    return Table(tuple(table.rows[number] for number in left), headers), left


def one_line(cell: str) -> str:
    """Write the lines of a cell in one: those that go on with a space, others after ``;``."""
    lines = [re.sub(r"\s+", " ", line).strip() for line in cell.split("\n")]
    lines = [line for line in lines if line]
    joined = lines[0] if lines else ""
    for before, line in pairwise(lines):
        goes_on = line[0].islower() or joined[-1] in ".,;:!?-–(" or leads_on(before, line)
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


def nested_text(table: Table) -> str:
    """A table within a cell as lines, each with what it says by itself."""
    lines = []
    header = table.rows[:1] if table.header_rows and len(table.rows[0]) > 2 else ()
    for row in table.rows[len(header) :]:
        cells = [cell.replace("\n", " ") for cell in row]
        if header:
            pairs = zip(header[0], cells, strict=True)
            lines.append("; ".join(f"{name}: {cell}" if name else cell for name, cell in pairs if cell))
        else:
            lines.append((": " if len(cells) == 2 else " | ").join(filter(None, cells)))
    return "\n".join(lines)
