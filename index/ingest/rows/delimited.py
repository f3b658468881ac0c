"""Tables in text files, as people and programs write them: separators, quotes, and rows above the header."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from index.ingest.rows.grid import row_width

_SEPARATORS = ",;\t|"
_RULE = re.compile(r"[|+:\s-]*--[|+:\s-]*")
"""The line below the header of a table that is drawn with bars."""
_HEAD_LINES = 12
"""Lines at the beginning in which the header is looked for."""
_CELL_LINES = 2_000
"""Lines of one cell: a quotation mark that is not closed within them is a mistake."""


@dataclass(frozen=True, slots=True)
class Delimited:
    """The text of a table: what stands above the header, the names of the columns, and the rows with their lines."""

    above: tuple[str, ...]
    names: tuple[str, ...]
    rows: Iterator[tuple[int, list[str]]]
    separator: str

    def fitted(self, row: Sequence[str], place: int) -> list[str]:
        """Join the cells of a row that has too many: separators within a text that no quotation marks guard.

        People write a space behind a comma, programs none behind a separator; where that does not tell which cells
        belong together, those of the column ``place`` do.
        """
        row, width = list(row), len(self.names)
        while len(row) > width and not row[-1].strip():
            row.pop()
        if len(row) <= width:
            return row
        joined = _glued(row, self.separator)
        if len(joined) == width:
            return joined
        end = place + len(row) - width + 1
        return [*row[:place], self.separator.join(row[place:end]), *row[end:]]


def read_delimited(text: str, is_header: Callable[[Sequence[str]], bool]) -> Delimited | None:
    """Find separator and header of a table; ``None`` where no line among the first is a header.

    ``is_header`` tells whether cells are the names of columns.
    """
    lines, declared = _lines(text)
    for separator in declared or sorted(_SEPARATORS, key=lambda mark: -_most(lines, mark)):
        for number in range(1 if declared else 0, min(_HEAD_LINES, len(lines))):
            names = [name.strip() for name in _plain(lines[number], separator)]
            if is_header(names):
                above = tuple(line.strip(' ,;\t|"') for line in lines[1 if declared else 0 : number])
                rows = _rows(lines, number + 1, separator, len(names))
                return Delimited(tuple(filter(None, above)), tuple(names), rows, separator)
    return None


def cells(text: str) -> list[list[str]]:
    """Read all rows of a table without a header that is known, empty ones too, by the separator of most lines."""
    lines, declared = _lines(text)
    separator = declared or max(_SEPARATORS, key=lambda mark: _most(lines, mark))
    width = 1 + _most(lines, separator)
    rows = [row for _, row in _rows(lines, 1 if declared else 0, separator, width, True)]
    usual, count = (
        Counter(row_width(row) for row in rows if any(row)).most_common(1)[0] if any(rows) else (0, 0)
    )
    sure = 2 * count > len(rows)
    return [_glued(row, separator) if sure and _is_too_wide(row, separator, usual) else row for row in rows]


def _is_too_wide(row: Sequence[str], separator: str, usual: int) -> bool:
    """Whether a row has the usual width once texts are whole in which a separator with a space behind it stands."""
    return row_width(row) > usual == row_width(_glued(row, separator))


def _glued(row: Sequence[str], separator: str) -> list[str]:
    """Join the cells that begin with a space to those before: people write one behind a comma, programs none."""
    joined = list(row[:1])
    for cell in row[1:]:
        if cell.startswith(" ") and cell.strip():
            joined[-1] += separator + cell
        else:
            joined.append(cell)
    return joined


def _lines(text: str) -> tuple[list[str], str]:
    """Give the lines, and the separator that the first one names as Excel does (``sep=;``), else ``""``."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    lines = _without_frame(lines)
    declared = re.fullmatch(r'\s*"?sep=(.)"?\s*', lines[0])
    return lines, declared[1] if declared else ""


def _without_frame(lines: list[str]) -> list[str]:
    """Take off the bars around a table that is drawn with them, and the rule below its header."""
    drawn = [line.strip() for line in lines if "|" in line]
    if not drawn or not all(len(line) > 1 and line[0] == line[-1] == "|" for line in drawn):
        return lines
    bare = [line.strip()[1:-1] if "|" in line else line for line in lines]
    return ["" if line and _RULE.fullmatch(line) else line for line in bare]


def _most(lines: Sequence[str], separator: str) -> int:
    """Say how many separators at least half of the first lines have."""
    counts = sorted(line.count(separator) for line in lines[:50] if line.strip())
    return counts[len(counts) // 2] if counts else 0


def _rows(
    lines: Sequence[str], number: int, separator: str, width: int, empty: bool = False
) -> Iterator[tuple[int, list[str]]]:
    """Yield each row with the number of its line, counted from 1; ``empty`` ones only where they are asked for.

    A quotation mark that is not closed, or not before a separator, is a letter of its line.
    """
    while number < len(lines):
        row, used = _quoted(lines, number, separator, width)
        if empty or any(cell.strip() for cell in row):
            yield number + 1, row
        number += used


def _quoted(lines: Sequence[str], number: int, separator: str, width: int) -> tuple[list[str], int]:
    """Read the row that begins in a line; give also how many lines it takes."""
    line = lines[number]
    if '"' not in line:
        return line.split(separator), 1
    marks = 0
    for used in range(1, min(_CELL_LINES, len(lines) - number) + 1):
        marks += lines[number + used - 1].count('"')
        if marks % 2:
            continue
        whole = "\n".join(lines[number : number + used])
        try:
            row = next(csv.reader(io.StringIO(whole, newline=""), delimiter=separator, strict=True), [])
        except csv.Error:
            return _plain(line, separator), 1
        if used > 1 and (
            row_width(row) > width or _holds_row(row, lines[number + 1 : number + used], separator)
        ):
            return _plain(line, separator), 1
        return row, used
    return _plain(line, separator), 1


def _holds_row(row: Sequence[str], lines: Sequence[str], separator: str) -> bool:
    """Whether a line within a cell is a row by itself: numbered as its own, with as many cells."""
    for line in lines:
        cells = line.split(separator)
        if len(cells) >= len(row) > 2 and cells[0].strip().isdecimal() and row[0].strip().isdecimal():
            return True
    return False


def _plain(line: str, separator: str) -> list[str]:
    """Split a line whose quotation marks are letters; marks around a whole cell, or one before it, are none."""
    row = []
    for cell in line.split(separator):
        bare = cell.strip()
        if len(bare) > 1 and bare[0] == bare[-1] == '"':
            cell = bare[1:-1].replace('""', '"')
        elif bare.count('"') == 1 and bare[0] == '"':
            cell = bare[1:]
        row.append(cell)
    return row
