"""The tables of a stored article in words: every row can be understood without the rest of its table."""

from __future__ import annotations

from collections.abc import Iterator

from index.schema import Article, Chunk, StoredTable


def in_words(chunk: Chunk) -> str:
    """Give the text of a passage with each row of a table in words, ``Xã: Khe Mây; Hộ nghèo: 45``.

    This is what the encoder and a language model read; offsets point into the article, not into it.
    """
    return "".join(_parts(chunk)).strip() or chunk.text


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
    text = article.text
    told: list[str] = []
    for column, (start, end) in enumerate(table.rows[row]):
        cell = text[start:end].strip()
        name = _column_name(text, table, column)
        part = f"{name}: {cell}" if name and row >= table.header_rows and name != cell else cell
        if cell and part not in told[-1:]:
            told.append(part)
    return "; ".join(told)


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


def _row_or_nothing(article: Article, table: StoredTable, row: int) -> str:
    if row < table.header_rows and len(table.rows) > table.header_rows:
        return ""  # its names stand in every row
    return row_in_words(article, table, row)


def _parts(chunk: Chunk) -> Iterator[str]:
    text, place = chunk.article.text, chunk.start
    for table, number in rows_between(chunk.article, chunk.start, chunk.end):
        start, end = table.rows[number][0][0], table.rows[number][-1][1]
        if start < chunk.start or end > chunk.end:  # a row so long that it was cut
            continue
        yield text[place:start]
        words = _row_or_nothing(chunk.article, table, number)
        yield words
        place = end if words else end + 1
    yield text[place : chunk.end]
