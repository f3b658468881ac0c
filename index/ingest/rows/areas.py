"""The tables and lines of a sheet of cells, be it of a workbook or of a text file: what empty rows part is apart."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from typing import TypeAlias

from index.ingest.document import Block, Place
from index.ingest.rows.grid import as_table, header_rows, is_number, row_width, with_names_filled
from index.text.normalise import fold

Rows: TypeAlias = Sequence[tuple[str, ...]]
_SIGNS = re.compile(
    r"(?:nguoi|can bo|bo phan) (?:lap|ky|tong hop|bao cao|kiem tra)|ke toan|thu truong|thu quy|hieu truong|giam doc"
    r"|truong (?:phong|ban|thon)|chu tich|chu nhiem|xac nhan|ky ten|\(ky|(?:tm|kt|tl|tuq)\."
)
_SIGNED_ON = re.compile(r"[^|]{0,40}\bngay .{1,9}thang .{1,9}nam")
"""How the cells begin (folded) in which a table is signed."""


_TITLE = re.compile(r"(?:bang|bieu|danh sach|bao cao|tong hop|thong ke|ke hoach|phu luc|lich|don vi)\b|\(")
"""How lines above a table begin (folded), in a cell that was merged over a part of its width."""
_LONG = 20


def sheet_blocks(
    name: str | None, rows: Sequence[Sequence[str]], hidden: Collection[int] = ()
) -> Iterator[Block]:
    """Yield the tables and lines of a sheet, each with its row from 1; ``rows`` begin with the first.

    Rows that are ``hidden`` (from 0) are empty and part nothing.
    """
    for first, last in _runs(rows, hidden):
        below = rows[first : last + 1]
        columns = _columns(below)
        area = [tuple(row[at] if at < len(row) else "" for at in columns) for row in below]
        yield from _area_blocks(name, area, first + 1)


def _columns(rows: Sequence[Sequence[str]]) -> list[int]:
    """The columns that hold something, and one for all the empty ones between two of them."""
    used = sorted({number for row in rows for number, cell in enumerate(row) if cell.strip()})
    between = {before + 1 for before, after in pairwise(used) if after > before + 1}
    return sorted({*used, *between})


def _area_blocks(name: str | None, area: Rows, row: int) -> Iterator[Block]:
    """Yield the lines above a table, the table, and what stands below it: lines have one filled cell."""
    begin, end = 0, len(area)
    while begin < end and _single(area[begin]):
        begin += 1
    below = end = begin + _foot(area[begin:])
    while end > begin and _single(area[end - 1]):
        end -= 1
    for number, cells in enumerate(area[:below]):
        if (number < begin or number >= end) and any(cell.strip() for cell in cells):
            text = next(cell for cell in cells if cell.strip())
            yield Block("paragraph", text, None, Place(sheet=name, row=row + number))
        elif number == begin:
            for part in _side_by_side(area[begin:end]):
                table = as_table(with_names_filled(part))
                yield Block("table", "", table, Place(sheet=name, row=row + begin))
    for column in range(len(area[0])):
        for number, cells in enumerate(area[below:], start=below):
            if cells[column].strip() and (not column or cells[column] != cells[column - 1]):
                yield Block("paragraph", cells[column], None, Place(sheet=name, row=row + number))


def _foot(area: Rows) -> int:
    """Where whoever signs stands below a table: place and day, offices and names, no number any more."""
    end = len(area)
    for number in range(len(area) - 1, 0, -1):
        row = area[number]
        filled = [fold(cell.strip()) for cell in row if cell.strip()]
        if any(map(is_number, filled)) or 2 * len(set(filled)) > len(row):
            break  # most of its cells hold something: a list of persons
        apart = not row[0].strip() or not any(area[number - 1])
        if any(map(_SIGNED_ON.match, filled)) or (apart and any(map(_SIGNS.match, filled))):
            end = number
    return end


def _side_by_side(area: Rows) -> Iterator[Rows]:
    """Part tables between which an empty column stands, where each has names of its own above a column of names."""
    filled = [any(row[column].strip() for row in area) for column in range(len(area[0]))]
    starts = [0, *(column for column in range(1, len(filled)) if filled[column] and not filled[column - 1])]
    parts = [
        [row[start:end] for row in area]
        for start, end in zip(starts, [*starts[1:], len(filled)], strict=True)
    ]
    if len(parts) > 1 and all(map(_is_table_of_its_own, parts)):
        yield from (
            [
                row[: max(map(row_width, part))]
                for row in part[: max(n for n, row in enumerate(part) if row_width(row)) + 1]
            ]
            for part in parts
        )
    else:
        yield [tuple(cell for column, cell in enumerate(row) if filled[column]) for row in area]


def _is_table_of_its_own(part: Rows) -> bool:
    named = [row[0] for row in part[1:] if row[0].strip()]
    return (
        max(map(row_width, part)) > 1
        and header_rows(part) > 0
        and len(named) > 1
        and (sum(map(is_number, named)) * 2 < len(named) or named[:2] == ["1", "2"])
    )


def _single(cells: Sequence[str]) -> bool:
    """Whether a row holds one text at most, be it in one cell or in one merged over many."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    if len(filled) < 2:
        return True
    if len(set(filled)) > 1 or is_number(filled[0]):
        return False
    if len(filled) == len(cells):
        return len(cells) > 2 or len(filled[0]) > _LONG  # of two cells both may say the same
    return len(filled[0]) > _LONG and (filled[0].isupper() or _TITLE.match(fold(filled[0])) is not None)


def _runs(rows: Sequence[Sequence[str]], hidden: Collection[int]) -> list[tuple[int, int]]:
    """First and last rows of what empty rows part; what goes on below an empty row without a header is one with it."""
    runs: list[tuple[int, int]] = []
    for number, row in enumerate(rows):
        if not any(cell.strip() for cell in row):
            continue
        if runs and all(between in hidden for between in range(runs[-1][1] + 1, number)):
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    joined: list[tuple[int, int]] = []
    used_above: set[int] = set()
    for first, last in runs:
        below = rows[first : last + 1]
        used = {number for row in below for number, cell in enumerate(row) if cell.strip()}
        if joined and _continues(used_above, used, below):
            joined[-1] = (joined[-1][0], last)
        else:
            joined.append((first, last))
            used_above = used
    return joined


def _continues(used_above: set[int], used: set[int], below: Sequence[Sequence[str]]) -> bool:
    """Whether rows fill no other columns than those above them, and have no header of their own."""
    if len(used_above) < 2 or len(used) < 2 or not used <= used_above:
        return False
    width = max(max(used_above) + 1, *map(len, below))
    padded = [tuple((*row, *[""] * (width - len(row)))) for row in below]
    return not header_rows(padded) and not any(_single(row) for row in padded[:1])
