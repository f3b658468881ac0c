"""An article cut down to one passage, with the names of the columns of a table that the passage goes on with."""

from __future__ import annotations

from dataclasses import replace

from index.schema import Chunk, StoredTable
from index.tables import header_of, rows_between


def passage_only(chunk: Chunk) -> Chunk:
    """Give a passage with an article that holds nothing else: its tables and marks are moved with it.

    The header of a table that began earlier is put before the passage, which then does not begin at 0.
    """
    article, header = chunk.article, header_of(chunk)
    lead = f"{header}\n" if header else ""
    moved = len(lead) - chunk.start
    first = article.mark_at(chunk.start)
    later = (mark for mark in article.marks if chunk.start < mark.start < chunk.end)
    marks = (replace(first, start=0), *(replace(mark, start=mark.start + moved) for mark in later))
    cut = replace(
        article,
        text=lead + chunk.text,
        tables=_tables(chunk, moved, bool(lead)),
        marks=marks if article.marks else (),
        removed=(),
        problems=(),
    )
    return replace(chunk, article=cut, start=len(lead), end=len(cut.text))


def _tables(chunk: Chunk, moved: int, has_header: bool) -> tuple[StoredTable, ...]:
    found: dict[int, StoredTable] = {}
    for table, number in rows_between(chunk.article, chunk.start, chunk.end):
        row = table.rows[number]
        if row[0][0] < chunk.start or row[-1][1] > chunk.end:
            continue  # a row so long that it was cut
        goes_on = table.start < chunk.start
        before = found.get(table.start) or StoredTable((), 0 if goes_on else table.header_rows)
        if goes_on and has_header and not before.rows:
            named = (_shifted(names, -table.start) for names in table.rows[: table.header_rows])
            before = StoredTable(tuple(named), table.header_rows)
        found[table.start] = replace(before, rows=(*before.rows, _shifted(row, moved)))
    return tuple(found.values())


def _shifted(row: tuple[tuple[int, int], ...], by: int) -> tuple[tuple[int, int], ...]:
    return tuple((start + by, end + by) for start, end in row)
