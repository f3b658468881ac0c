"""The tables of a stored article in words: every row can be understood without the rest of its table."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace

from index.ingest.rows.grid import counts_columns
from index.schema import Article, Chunk, StoredTable
from index.text.normalise import fold

_OVER_ALL = re.compile(r"\W*(?:tong|toan )")
"""How the row of the sum over all groups begins."""
_UNNAMED_SHEET = re.compile(r"(?:sheet|trang[ _]?tính)[ _]?\d*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TableCell:
    """A cell ``article.text[start:end]`` that holds something; ``label`` is what stands before it in words.

    ``name`` is that of its column, ``""`` where it has none.
    """

    label: str
    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class WordedPassage:
    """A passage with each row of a table in words, ``Xã: Khe Mây; Hộ nghèo: 45``: what models read.

    A piece (begin, start, end) tells that ``text[begin : begin + end - start]`` is ``article.text[start:end]``; names
    of columns and what is put between cells belong to no piece.
    """

    text: str
    pieces: tuple[tuple[int, int, int], ...]

    def place(self, begin: int, stop: int) -> tuple[int, int]:
        """Where ``text[begin:stop]`` stands in the article: from its first to its last character that stands there."""
        touched = [
            (max(start, start + begin - first), min(end, start + stop - first))
            for first, start, end in self.pieces
            if first < stop and first + end - start > begin
        ]
        if touched:
            return touched[0][0], touched[-1][1]
        after = next((start for first, start, _ in self.pieces if first >= stop), self.pieces[-1][2])
        return after, after


def in_words(chunk: Chunk) -> WordedPassage:
    """Put the rows of tables in a passage into words; a header has none, since its names stand in every row."""
    article, place = chunk.article, chunk.start
    text, pieces = "", list[tuple[int, int, int]]()

    def take(start: int, end: int, label: str = "") -> None:
        nonlocal text
        text += label
        if start < end:
            pieces.append((len(text), start, end))
            text += article.text[start:end]

    for table, number in rows_between(article, chunk.start, chunk.end):
        start, end = table.rows[number][0][0], table.rows[number][-1][1]
        if start < chunk.start or end > chunk.end:  # a row so long that it was cut
            continue
        take(place, start)
        is_header = number < table.header_rows < len(table.rows)
        cells = [] if is_header else row_cells(article, table, number)
        for count, cell in enumerate(cells):
            take(cell.start, cell.end, f"; {cell.label}" if count else cell.label)
        place = end if cells else min(end + 1, chunk.end)
    take(place, chunk.end)
    if not text.strip():
        return WordedPassage(chunk.text, ((0, chunk.start, chunk.end),))
    return WordedPassage(text, tuple(pieces))


def with_header(chunk: Chunk) -> str:
    """Give the text of a passage with the header before the rows of a table that began in an earlier passage."""
    text = chunk.article.text
    repeated = [text[row[0][0] : row[-1][1]] for row in rows_above(chunk)]
    return "\n".join([*repeated, chunk.text])


def rows_above(chunk: Chunk) -> list[tuple[tuple[int, int], ...]]:
    """Give the rows that name the columns and the group of the table that a passage begins in the midst of."""
    for table in chunk.article.tables:
        if len(table.rows) <= table.header_rows or not table.start <= chunk.start < table.end:
            continue
        first = _row_after(table, chunk.start)
        if first < table.header_rows:
            continue
        group = None if is_group(table, first) else _group_above(table, first)
        return [*table.rows[: table.header_rows], *([table.rows[group]] if group is not None else [])]
    return []


def row_in_words(article: Article, table: StoredTable, row: int) -> str:
    """Write a row with the name of its column before each cell; empty cells are left out."""
    cells = row_cells(article, table, row)
    return "; ".join(cell.label + article.text[cell.start : cell.end] for cell in cells)


def row_cells(article: Article, table: StoredTable, row: int) -> list[TableCell]:
    """Give the cells of a row that hold something; what stands in several places only once."""
    text = article.text
    named = table.header_rows <= row and not is_group(table, row)
    names = _column_names(text, table) if named and table.header_rows else [""] * len(table.rows[row])
    cells: list[TableCell] = []
    for name, (start, end) in zip(names, table.rows[row], strict=True):
        cell = text[start:end]
        start += len(cell) - len(cell.lstrip())
        end = start + len(cell.strip())
        label = f"{name}: " if name and name != text[start:end] else ""
        labelled = [(known.label, text[known.start : known.end]) for known in cells[-1:]]
        if start < end and (label, text[start:end]) not in labelled:
            cells.append(TableCell(label, name, start, end))
    if named and cells and (above := _belongs_to(article, table, row)):
        cells[0] = replace(cells[0], label=f"{above}; {cells[0].label}")
    return cells


def rows_between(article: Article, start: int, end: int) -> list[tuple[StoredTable, int]]:
    """Give the rows of tables that lie in ``article.text[start:end]``, at least in part."""
    found: list[tuple[StoredTable, int]] = []
    first = bisect_right(article.tables, start, key=lambda table: table.end)
    for table in article.tables[first:]:
        if table.start >= end:
            break
        for number in range(_row_after(table, start), len(table.rows)):
            if table.rows[number][0][0] >= end:
                break
            found.append((table, number))
    return found


def _row_after(table: StoredTable, place: int) -> int:
    """The first row that ends after a place of the text."""
    return bisect_right(table.rows, place, key=lambda row: row[-1][1])


def _column_names(text: str, table: StoredTable) -> list[str]:
    """The name of each column; numbers of columns (1, 2, 3 …) below their names tell nothing."""
    rows = [[text[start:end].strip() for start, end in row] for row in table.rows[: table.header_rows]]
    header = [row for number, row in enumerate(rows) if not number or not counts_columns(row)]
    return [" – ".join(dict.fromkeys(filter(None, names))) for names in zip(*header, strict=True)]


def is_group(table: StoredTable, row: int) -> bool:
    """Whether a row names what the rows below it have in common."""
    place = bisect_left(table.groups, row)
    return place < len(table.groups) and table.groups[place] == row


def _group_above(table: StoredTable, row: int) -> int | None:
    """The nearest row above that names a group."""
    place = bisect_left(table.groups, row)
    return table.groups[place - 1] if place else None


def _belongs_to(article: Article, table: StoredTable, row: int) -> str:
    """What the rows around a row have in common: the name of its sheet where there are several, and its group."""
    text, start = article.text, table.rows[row][0][0]
    sheets = [mark.place.sheet for mark in (article.marks[:1] + article.marks[-1:])]
    sheet = article.mark_at(start).place.sheet if len(set(sheets)) > 1 else None
    parts = [sheet] if sheet and not _UNNAMED_SHEET.fullmatch(sheet) else []
    group = _group_above(table, row)
    first_cell = next((cell for left, right in table.rows[row] if (cell := text[left:right].strip())), "")
    if group is not None and not _OVER_ALL.match(fold(first_cell)):
        parts += dict.fromkeys(text[left:right].strip() for left, right in table.rows[group])
    return "; ".join(filter(None, parts))
