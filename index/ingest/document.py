"""What every reader of a format gives: blocks in reading order, what the file says of itself, what was left out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from index.errors import ArticleCode
from index.ingest.limits import Limits

BlockKind: TypeAlias = Literal["heading", "paragraph", "item", "table", "note"]
"""``item`` is an entry of a list with its number or bullet in the text; ``note`` a footnote, header or text box."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table as a grid: every row has the same number of cells.

    A cell that spans several rows or columns stands in each place that it covers; an empty cell is ``""``; lines
    within a cell are kept apart by ``"\\n"``.  The first ``header_rows`` rows name the columns (0: no header).
    """

    rows: tuple[tuple[str, ...], ...]
    header_rows: int = 1


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the file a block stands: page, sheet and row count from 1; ``None`` where the format has none.

    ``picture`` counts the pictures of a file without pages, for what is told of one of them.
    """

    page: int | None = None
    sheet: str | None = None
    row: int | None = None
    picture: int | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a document in reading order; a table has its grid, and ``text`` is then empty.

    ``confidence`` in [0, 1] is that of text recognition, ``None`` for text that the file holds as text.
    """

    kind: BlockKind
    text: str = ""
    table: Table | None = None
    place: Place = Place()
    confidence: float | None = None

    @property
    def plain(self) -> str:
        """All its text, that of a table a line a row."""
        if self.table is None:
            return self.text
        return "\n".join(" | ".join(row) for row in self.table.rows)


@dataclass(frozen=True, slots=True)
class Removed:
    """Text of the file that is not in the article, and the code of the reason (``hidden``, ``comment`` …)."""

    text: str
    reason: str
    place: Place = Place()


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the file itself says; empty strings where it says nothing, dates as they are written there."""

    title: str = ""
    date: str = ""
    author: str = ""
    place: str = ""
    url: str = ""
    number: str = ""
    lead: str = ""


Problem: TypeAlias = tuple[ArticleCode, Place]
"""The code of what could not be read (pages that are pictures …) and its place."""


@dataclass(frozen=True, slots=True)
class Document:
    """One file, or one row or part of a file, as it was read; nothing of it is lost: it is a block, or removed."""

    blocks: tuple[Block, ...]
    metadata: Metadata = Metadata()
    removed: tuple[Removed, ...] = ()
    problems: tuple[Problem, ...] = ()


Reader: TypeAlias = Callable[[Path, Limits], Document]
"""Reads a file of one format within limits; raises ArticleError with the remedy where it cannot."""
