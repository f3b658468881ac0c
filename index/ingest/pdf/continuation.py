"""Paragraphs and tables that a page's end has cut become one again, or know what they go on with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from index.ingest.document import Block, Place, Table
from index.ingest.pdf.flow import Paragraph, join_over_pages
from index.ingest.pdf.ruled import PageTable
from index.ingest.rows.grid import as_table, split_title, with_names_filled
from index.ingest.tables import group_rows

_SAME_COLUMN = 6.0
"""Points by which the columns of a table may shift on the next page."""
_LOST_LETTER = re.compile(
    r"(?<![^\s(\"“/])((?:[bcdghklmnpqrstvx®§]{1,3}|gi)(?=-[^\d])|(?=-[u¬íêìëî]))-", re.IGNORECASE
)
_TCVN3 = re.compile("[µ¶¸¹¨©®ª«¬]")


class Flow:
    """Turns what stands on the pages into blocks, and joins what a page's end has cut."""

    def __init__(self, blocks: list[Block]) -> None:
        self._blocks = blocks
        self._paragraph: tuple[Paragraph, Place] | None = None
        self._table: tuple[PageTable, int] | None = None
        """The last table with the number of its header rows, while nothing came after it."""
        self._begins = True

    def add(self, item: Paragraph | PageTable, place: Place) -> None:
        """Add what stands next on a page."""
        if isinstance(item, Paragraph):
            if self._begins and self._paragraph is not None:
                joined = join_over_pages(self._paragraph[0], item)
                if joined is not None:
                    self._paragraph = (joined, self._paragraph[1])
                    self._begins = False
                    return
            self._flush()
            self._paragraph, self._table = (item, place), None
        else:
            self._flush()
            self._add_table(item, place)
        self._begins = False

    def add_blocks(self, blocks: Sequence[Block]) -> None:
        """Add blocks that are whole."""
        if blocks:
            self._flush()
            self._blocks += blocks

    def close(self, notes: Sequence[Block]) -> None:
        """Add what stands behind all pages."""
        self._flush()
        self._blocks += notes

    def end_page(self) -> None:
        """The next item is the first of a page."""
        self._begins = True

    def _add_table(self, table: PageTable, place: Place) -> None:
        header = 0
        if self._begins and self._table is not None and _is_same_table(self._table[0], table):
            table, header = _with_header(*self._table, table)
        titles, rows = split_title(table.rows)
        rows = rows if header else with_names_filled(rows)
        rows = [tuple(mended(cell) for cell in row) for row in rows]
        for title in titles:
            self._blocks.append(Block("paragraph", mended(title), place=place))
        made = as_table(rows, header)
        self._blocks.append(Block("table", table=made, place=place))
        self._table = (replace(table, rows=tuple(rows)), made.header_rows)

    def _flush(self) -> None:
        if self._paragraph is not None:
            item, place = self._paragraph
            self._blocks.append(Block(item.kind, mended(item.text), place=place))
            self._paragraph = None


def _is_same_table(before: PageTable, after: PageTable) -> bool:
    return len(before.columns) == len(after.columns) and all(
        abs(edge - other) <= _SAME_COLUMN for edge, other in zip(before.columns, after.columns, strict=True)
    )


def _with_header(before: PageTable, header: int, after: PageTable) -> tuple[PageTable, int]:
    """A table that goes on from the page before: under the same header, its merged cells filled from there."""
    first = list(after.rows[0])
    for column, goes_on in enumerate(after.spans_first):
        if goes_on and not first[column].strip():
            filled = before.rows[-1][column]
            first[column] = filled
    rows = [tuple(first), *after.rows[1:]]
    for number in range(1, len(rows)):
        rows[number] = tuple(
            rows[0][column] if after.spans_first[column : column + 1] == (True,) and not cell.strip() and
            not after.rows[0][column].strip() and all(not row[column].strip() for row in after.rows[: number + 1])
            else cell
            for column, cell in enumerate(rows[number])
        )  # fmt: skip
    names = before.rows[:header]
    if header and after.rows[:header] == names:
        rows = rows[header:]
    return replace(after, rows=(*names, *_group_over(before.rows, header, rows), *rows)), header


def _group_over(
    before: Sequence[tuple[str, ...]], header: int, rows: Sequence[tuple[str, ...]]
) -> Sequence[tuple[str, ...]]:
    """The row of the page before that names the group which the first rows of a page belong to."""
    if not header or not rows or header in group_rows(Table((*before[:header], *rows), header)):
        return ()
    groups = group_rows(Table((*before, rows[0]), header))
    return [before[groups[-1]]] if groups else ()


def mended(text: str) -> str:
    """Give back the letter ư of old encodings, whose code PDF makers take for a hyphen: no vowel stands before it."""
    return _LOST_LETTER.sub("\\1\xad", text) if "-" in text and _TCVN3.search(text) else text
