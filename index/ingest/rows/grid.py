"""Cells with spans become a grid, and the rows that name its columns are found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.ingest.document import Table
from index.text.normalise import SMALL

_NUMBER = re.compile(
    r"[(\[]?[-+–−]?[\d.,\s/:]*\d[\d.,\s/:–-]*(?:%|‰|đ|tr|triệu|tỷ|ha|m2|m²|km|kg|tấn)?[)\]]?"
)
_QUANTITY = re.compile(
    r"(?:[Kk]hoảng |[Tt]rên |[Gg]ần |[Hh]ơn )?[-+–]?\d[\d.,/:–-]*"
    rf"(?: ?[{SMALL}%]+[²³\d]{{0,2}}(?:[ /]+[{SMALL}]+[²³\d]?){{0,3}})?"
)
"""A number with its unit in words: ``6.500 đồng``, ``3 ngày làm việc``, ``7h30``."""
_ATTRIBUTE = re.compile(
    r"(?:số|tên|tổng|họ|diện tích|dân số|địa chỉ|điện thoại|email|thời (?:gian|hạn)|ngày|năm|mã|mức|giá|chiều|khởi công"
    r"|hoàn thành|chủ đầu tư|nhà thầu|loại|đơn vị|lệ phí|kinh phí|nguồn vốn|vốn|vị trí|quy mô|công suất|quê|chức vụ"
    r"|giới tính|trình độ|dân tộc|hình thức|lĩnh vực|cơ quan|nơi|đối tượng|hộ|tỷ lệ)(?!\w)",
    re.IGNORECASE,
)
"""How the names begin of what forms and descriptions tell of a single thing, one below the other."""
_YEAR = re.compile(r"(?:năm\s*)?(?:19|20)\d\d", re.IGNORECASE)
_COLUMN_NUMBER = re.compile(r"\(?(\d{1,2}|[A-D])\)?(?:\s*=.*)?", re.DOTALL)
_BLANK = {"", "-", "–", "—", "x", "…", "..."}
_LONGEST_NAME = 120
"""A column's name is shorter than this; longer text is a text."""
_LONGEST_QUANTITY = 30
_MOST_HEADERS = 4
_MOST_NUMBERS = 0.4
"""The share of numbers (9–12, 1, 2 …) that a row of names may have."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as its format has it: where its upper left corner stands, from 0, and how much it covers."""

    row: int
    column: int
    text: str
    rows: int = 1
    columns: int = 1


def make_grid(cells: Iterable[Cell]) -> tuple[tuple[str, ...], ...]:
    """Write each cell into every place that it covers; places without a cell are ``""``."""
    cells = list(cells)
    height = max((cell.row + cell.rows for cell in cells), default=0)
    width = max((cell.column + cell.columns for cell in cells), default=0)
    grid = [[""] * width for _ in range(height)]
    for cell in cells:
        for row in range(cell.row, cell.row + cell.rows):
            for column in range(cell.column, cell.column + cell.columns):
                grid[row][column] = cell.text
    return tuple(tuple(row) for row in grid)


def row_width(row: Sequence[str]) -> int:
    """How many cells a row has, empty ones at its end aside."""
    return max((number for number, cell in enumerate(row, start=1) if cell.strip()), default=0)


def without_empty(rows: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    """Leave out rows and columns in which no cell has text."""
    columns = [
        column for column in range(max(map(len, rows), default=0)) if any(row[column].strip() for row in rows)
    ]
    return tuple(
        tuple(row[column] for column in columns) for row in rows if any(cell.strip() for cell in row)
    )


def split_title(rows: Sequence[tuple[str, ...]]) -> tuple[list[str], Sequence[tuple[str, ...]]]:
    """Take the rows at the top that are one cell over the whole width: they are the table's title, not column names."""
    first = 0
    while first < len(rows) - 1 and len(rows[first]) > 1 and len(set(rows[first])) == 1:
        first += 1
    return [row[0] for row in rows[:first]], rows[first:]


def with_names_filled(rows: Sequence[tuple[str, ...]]) -> Sequence[tuple[str, ...]]:
    """Write names of the first row over the places to their right that only the second row names.

    ``Xã | 2019 | | 2020 |`` above ``| Nghèo | Cận nghèo | Nghèo | Cận nghèo`` was merged to the eye only.
    """
    if len(rows) < 3 or not rows[0][0].strip() or rows[1][0].strip():
        return rows
    first, second = rows[0], rows[1]
    blank = [column for column, name in enumerate(first) if not name.strip()]
    above = [column for column, name in enumerate(first) if name.strip() and not second[column].strip()]
    if not blank or not above or not all(second[column].strip() for column in blank) or not _names(second):
        return rows
    filled = list(first)
    for column in blank:
        if second[column - 1].strip():  # the name to the left is made of several itself
            filled[column] = filled[column - 1]
    down = [first[column] if column in above else name for column, name in enumerate(second)]
    return [tuple(filled), tuple(down), *rows[2:]]


def as_table(rows: Sequence[tuple[str, ...]], marked: int = 0) -> Table:
    """Make a table; ``marked`` is the number of rows that the format itself marks as header (0: it says nothing)."""
    return Table(tuple(rows), header_rows(rows, marked))


def header_rows(rows: Sequence[tuple[str, ...]], marked: int = 0) -> int:
    """Count the rows at the top that name the columns, 0 where the first row is as the others.

    They hold names or years, above numbers in one column at least, or in three columns that are all named.  The next
    row is a header too where it tells what a merged name is made of, where the first column has no name yet, and where
    it holds the numbers of the columns (1, 2, 3 …).
    """
    if len(rows) < 2 or not rows[0]:
        return 0
    count = min(marked, len(rows) - 1)
    if not count and _describes(rows):
        return 0
    if not count:
        if not _names(rows[0]) and _contrast(rows, 0) < 2:
            return 0
        count = 1
    while count < min(_MOST_HEADERS, len(rows) - 1) and _is_next_header(rows, count):
        count += 1
    return count if marked or _is_header(rows, count) else 0


def _is_next_header(rows: Sequence[tuple[str, ...]], number: int) -> bool:
    row = rows[number]
    unnamed = not any(above[0].strip() for above in rows[:number])
    return (
        _unfolds(rows[number - 1], row)
        or counts_columns(row)
        or (unnamed and _names(row) and _contrast(rows, number) > 0)
    )


def is_number(text: str) -> bool:
    """Whether a cell holds a number, with its unit, brackets or sign."""
    return _NUMBER.fullmatch(text.strip()) is not None


def is_quantity(text: str) -> bool:
    """Whether a cell holds a number, with its unit in up to four words."""
    return is_number(text) or (
        len(text) <= _LONGEST_QUANTITY and _QUANTITY.fullmatch(text.strip()) is not None
    )


def _names(row: Sequence[str]) -> bool:
    """Whether a row may hold names: hardly any of its cells are numbers, years aside, and none is a whole text."""
    filled = [cell.strip() for cell in row if cell.strip()]
    numbers = sum(is_number(cell) and not _YEAR.fullmatch(cell) for cell in filled)
    return (
        bool(filled)
        and numbers <= _MOST_NUMBERS * len(filled)
        and all(len(cell) <= _LONGEST_NAME for cell in filled)
    )


def _contrast(rows: Sequence[tuple[str, ...]], number: int) -> int:
    """In how many columns a row has a name above a column of numbers."""
    found = 0
    for column, name in enumerate(rows[number]):
        below = [row[column].strip() for row in rows[number + 1 :] if row[column].strip() not in _BLANK]
        for is_value in (is_number, is_quantity):
            if below and 2 * sum(map(is_value, below)) > len(below):
                found += name.strip() not in _BLANK and not is_value(name)
                break
    return found


def _describes(rows: Sequence[tuple[str, ...]]) -> bool:
    """Whether the rows tell of one thing, each an attribute and its value, so that none names the columns."""
    if len(rows[0]) != 2 or not _ATTRIBUTE.match(rows[0][0].strip()):
        return False
    value = rows[0][1].strip()
    named = sum(_ATTRIBUTE.match(row[0].strip()) is not None for row in rows[1:])
    return not _ATTRIBUTE.match(value) and not _YEAR.fullmatch(value) and 2 * named >= len(rows) - 1


def _is_header(rows: Sequence[tuple[str, ...]], count: int) -> bool:
    named = sum(any(row[column].strip() for row in rows[:count]) for column in range(len(rows[0])))
    if any(_contrast(rows, number) for number in range(count)):
        return 2 * named > len(rows[0])
    years = [cell for cell in rows[0] if _YEAR.fullmatch(cell.strip())]
    whole = all(cell.strip() and not is_number(cell) for cell in rows[0])
    return len(rows[0]) > 2 and (len(years) > 1 or whole)


def _unfolds(above: tuple[str, ...], row: tuple[str, ...]) -> bool:
    """Whether ``row`` tells what a merged name above is made of."""
    merged = [
        column
        for column in range(len(above))
        if above[column].strip()
        and above[column] in (above[column - 1 : column] + above[column + 1 : column + 2])
    ]
    if not merged or all(row[column] == above[column] for column in range(len(row))):
        return False
    return _names([row[column] for column in merged])


def counts_columns(row: Sequence[str]) -> bool:
    """Whether the cells are 1, 2, 3 … or (1), (2) …, after A, B for the first columns: the numbers of the columns."""
    found = [_COLUMN_NUMBER.fullmatch(cell.strip()) for cell in row]
    values = [match[1] for match in found if match is not None]
    numbers = [int(value) for value in values if value.isdigit()]
    return (
        len(values) == len(row) > 2
        and len(numbers) > 1
        and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        and numbers[0] == 1
    )
