"""Tables in text files, as people and programs write them: separators, quotes, and rows above the header."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

_SEPARATORS = ",;\t|"
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


def read_delimited(text: str, is_header: Callable[[Sequence[str]], bool]) -> Delimited | None:
    """Find separator and header of a table; ``None`` where no line among the first is a header.

    ``is_header`` tells whether cells are the names of columns.
    """
    lines, said = _lines(text)
    for separator in said or sorted(_SEPARATORS, key=lambda mark: -_most(lines, mark)):
        for number in range(1 if said else 0, min(_HEAD_LINES, len(lines))):
            names = [name.strip() for name in _plain(lines[number], separator)]
            if is_header(names):
                above = tuple(line.strip(' ,;\t|"') for line in lines[1 if said else 0 : number])
                rows = _rows(lines, number + 1, separator, len(names))
                return Delimited(tuple(filter(None, above)), tuple(names), rows)
    return None


def cells(text: str) -> list[list[str]]:
    """Read all rows of a table without a header that is known, by the separator that most lines share."""
    lines, said = _lines(text)
    separator = said or max(_SEPARATORS, key=lambda mark: _most(lines, mark))
    width = 1 + _most(lines, separator)
    return [row for _, row in _rows(lines, 1 if said else 0, separator, width)]


def _lines(text: str) -> tuple[list[str], str]:
    """Give the lines, and the separator that the first one names as Excel does (``sep=;``), else ``""``."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    said = re.fullmatch(r"\s*sep=(.)\s*", lines[0])
    return lines, said[1] if said else ""


def _most(lines: Sequence[str], separator: str) -> int:
    """Say how many separators at least half of the first lines have."""
    counts = sorted(line.count(separator) for line in lines[:50] if line.strip())
    return counts[len(counts) // 2] if counts else 0


def _rows(lines: Sequence[str], number: int, separator: str, width: int) -> Iterator[tuple[int, list[str]]]:
    """Yield each row with the number of its line, counted from 1.

    A quotation mark that is not closed, or not before a separator, is a letter of its line.
    """
    while number < len(lines):
        row, used = _quoted(lines, number, separator, width)
        if any(cell.strip() for cell in row):
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
        if used > 1 and len(row) != width:
            return _plain(line, separator), 1
        return row, used
    return _plain(line, separator), 1


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
