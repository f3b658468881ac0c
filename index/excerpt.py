"""An article cut down to one passage, with the names of the columns of a table that the passage goes on with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeAlias

from index.schema import Chunk, StoredTable
from index.tables import is_group, rows_above, rows_between

Row: TypeAlias = tuple[tuple[int, int], ...]


def passage_only(chunk: Chunk) -> Chunk:
    """Give a passage with an article that holds nothing else: its tables and marks are moved with it.

    The header of a table that began earlier, and the name of a group, are put before the passage, which then does not
    begin at 0.
    """
    article, above = chunk.article, rows_above(chunk)
    lead = "".join(f"{article.text[row[0][0] : row[-1][1]]}\n" for row in above)
    moved = len(lead) - chunk.start
    first = article.mark_at(chunk.start)
    later = (mark for mark in article.marks if chunk.start < mark.start < chunk.end)
    marks = (replace(first, start=0), *(replace(mark, start=mark.start + moved) for mark in later))
    cut = replace(
        article,
        text=lead + chunk.text,
        tables=_tables(chunk, moved, above),
        marks=marks if article.marks else (),
        removed=(),
        problems=(),
    )
    return replace(chunk, article=cut, start=len(lead), end=len(cut.text))


def _tables(chunk: Chunk, moved: int, above: list[Row]) -> tuple[StoredTable, ...]:
    found: dict[int, StoredTable] = {}
    for table, number in rows_between(chunk.article, chunk.start, chunk.end):
        row = table.rows[number]
        if row[0][0] < chunk.start or row[-1][1] > chunk.end:
            continue  # a row so long that it was cut
        goes_on = table.start < chunk.start
        before = found.get(table.start) or StoredTable((), 0 if goes_on else table.header_rows)
        if goes_on and above and not before.rows:
            groups = tuple(range(table.header_rows, len(above)))
            before = StoredTable(tuple(_put_first(above)), table.header_rows, groups)
        groups = (*before.groups, len(before.rows)) if is_group(table, number) else before.groups
        found[table.start] = replace(before, rows=(*before.rows, _shifted(row, moved)), groups=groups)
    return tuple(found.values())


def _put_first(above: list[Row]) -> Iterator[Row]:
    """Move rows to the beginning of the text, each a line."""
    place = 0
    for row in above:
        yield _shifted(row, place - row[0][0])
        place += row[-1][1] - row[0][0] + 1


def _shifted(row: Row, by: int) -> Row:
    return tuple((start + by, end + by) for start, end in row)
