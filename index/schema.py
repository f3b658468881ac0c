"""The nouns of the index; a later one holds the earlier one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

FloatMatrix: TypeAlias = NDArray[np.float32]
"""Row vectors, shape (n, dimension), L2-normalised: the inner product of two rows is their cosine."""


@dataclass(frozen=True, slots=True)
class Article:
    """One article as it is stored: normalised text and what the text tells about itself.

    ``id`` is unique in a store: the path relative to the folder, or the row's own id in a ``.jsonl``
    or ``.csv`` file.  ``source`` is the path relative to the folder, for a row with ``#`` and its line.
    Every offset anywhere in the project is a character offset into ``text``.
    """

    id: str
    source: str
    title: str
    text: str
    date: date | None = None
    author: str | None = None
    place: str | None = None
    url: str | None = None


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

    ``sources`` are beginnings of ``Article.source``: a file or a folder; empty means all.
    """

    from_date: date | None = None
    to_date: date | None = None
    sources: tuple[str, ...] = ()
