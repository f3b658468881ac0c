"""The nouns of the index; a later one holds the earlier one."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from index.ingest.document import Place, Problem, Removed

FloatMatrix: TypeAlias = NDArray[np.float32]
"""Row vectors, shape (n, dimension), L2-normalised: the inner product of two rows is their cosine."""


@dataclass(frozen=True, slots=True)
class StoredTable:
    """A table in the text of an article, each row a line; a cell is the slice ``[start, end)`` of the text.

    Every row has the same number of cells; the first ``header_rows`` name the columns, the rows ``groups``, in
    ascending order, what the rows below them have in common (``I. Nước sinh hoạt``).  An empty cell is an empty slice,
    a cell that spans several rows or columns is told in each place that it covers, but for that of a group, which
    stands in the text once.
    """

    rows: tuple[tuple[tuple[int, int], ...], ...]
    header_rows: int
    groups: tuple[int, ...] = ()

    @property
    def start(self) -> int:
        """Where the table begins in the text."""
        return self.rows[0][0][0]

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.rows[-1][-1][1]


@dataclass(frozen=True, slots=True)
class Mark:
    """Where in the file the text from ``start`` up to the next mark stands, and how surely it was recognised.

    ``confidence`` in [0, 1] is that of text recognition, ``None`` for text that the file holds as text.
    """

    start: int
    place: Place
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """One article as it is stored: normalised text and what the file and the text tell about it.

    ``id`` is unique in a store: the path relative to the folder, or the id of a row.  ``source`` is the path
    relative to the folder, for a row with ``#`` and its line.  ``removed`` is what of the file is not in
    ``text``, ``problems`` are codes of what could not be read with their places, and ``marks``, in ascending
    order, tell where the text stands in the file.  Every offset anywhere in the project is a character offset
    into ``text``.
    """

    id: str
    source: str
    title: str
    text: str
    date: date | None = None
    author: str | None = None
    place: str | None = None
    url: str | None = None
    number: str | None = None
    lead: str | None = None
    tables: tuple[StoredTable, ...] = ()
    marks: tuple[Mark, ...] = ()
    removed: tuple[Removed, ...] = ()
    problems: tuple[Problem, ...] = ()

    def mark_at(self, offset: int) -> Mark:
        """Tell where in the file the character at ``offset`` stands."""
        place = bisect_right(self.marks, offset, key=lambda mark: mark.start)
        return self.marks[place - 1] if place else Mark(0, Place())


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage of an article, ``article.text[start:end]``; ``position`` counts from 0 in the article."""

    article: Article
    position: int
    start: int
    end: int

    @property
    def text(self) -> str:
        """The exact slice of the article."""
        return self.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk found for a question.

    ``score`` is the fused score that orders the hits (higher is better); ``dense`` is the cosine with the
    question and ``lexical`` the share of the question's weighted terms that the chunk holds, in [0, 1].
    ``rank`` counts from 1.
    """

    chunk: Chunk
    score: float
    rank: int
    dense: float
    lexical: float


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles a search may return; an article without a date passes no date bound.

    ``sources`` are files, folders, or rows of files, as ``Article.source`` names them; empty means all.
    """

    from_date: date | None = None
    to_date: date | None = None
    sources: tuple[str, ...] = ()
