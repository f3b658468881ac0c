"""The tables of a stored article in words: every row can be understood without the rest of its table."""

from __future__ import annotations

from dataclasses import dataclass

from index.schema import Article, Chunk, StoredTable


@dataclass(frozen=True, slots=True)
class Worded:
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


def in_words(chunk: Chunk) -> Worded:
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
        cells = [] if is_header else _cells(article, table, number)
        for count, (label, begin, stop) in enumerate(cells):
            take(begin, stop, f"; {label}" if count else label)
        place = end if cells else min(end + 1, chunk.end)
    take(place, chunk.end)
    return Worded(text, tuple(pieces)) if text.strip() else Worded(chunk.text, ((0, chunk.start, chunk.end),))


def with_header(chunk: Chunk) -> str:
    """Give the text of a passage with the header before the rows of a table that began in an earlier passage."""
    header = header_of(chunk)
    return f"{header}\n{chunk.text}" if header else chunk.text


def header_of(chunk: Chunk) -> str:
    """Give the header lines of the table that a passage begins in the midst of, ``""`` where it does not."""
    article = chunk.article
    for table in article.tables:
        body = table.rows[table.header_rows :]
        if table.header_rows and body and body[0][0][0] <= chunk.start < table.end:
            return article.text[table.start : table.rows[table.header_rows - 1][-1][1]]
    return ""


def row_in_words(article: Article, table: StoredTable, row: int) -> str:
    """Write a row with the name of its column before each cell; empty cells are left out."""
    return "; ".join(label + article.text[start:end] for label, start, end in _cells(article, table, row))


def rows_between(article: Article, start: int, end: int) -> list[tuple[StoredTable, int]]:
    """Give the rows of tables that lie in ``article.text[start:end]``, at least in part."""
    return [
        (table, number)
        for table in article.tables
        if table.start < end and table.end > start
        for number, row in enumerate(table.rows)
        if row[0][0] < end and row[-1][1] > start
    ]


def _column_name(text: str, table: StoredTable, column: int) -> str:
    names = (
        text[start:end].strip() for start, end in (row[column] for row in table.rows[: table.header_rows])
    )
    return " – ".join(dict.fromkeys(filter(None, names)))


def _cells(article: Article, table: StoredTable, row: int) -> list[tuple[str, int, int]]:
    """The cells of a row that hold something, each after its label; what is told in several places only once."""
    text = article.text
    cells: list[tuple[str, int, int]] = []
    for column, (start, end) in enumerate(table.rows[row]):
        cell = text[start:end]
        start += len(cell) - len(cell.lstrip())
        end = start + len(cell.strip())
        name = _column_name(text, table, column)
        label = f"{name}: " if name and row >= table.header_rows and name != text[start:end] else ""
        told = [(known, text[left:right]) for known, left, right in cells[-1:]]
        if start < end and (label, text[start:end]) not in told:
            cells.append((label, start, end))
    return cells
