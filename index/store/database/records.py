"""What a database gives and takes: files, articles ready to be stored, chunks to be searched, articles without text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from index.schema import Article, Chunk, FloatMatrix
from index.text.terms import Terms


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file of the folder as it was last read; ``problems`` is what in it could not be read (``structure.py``)."""

    source: str
    sha256: str
    size: int
    problems: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An article that a person took out; ``sha256`` and ``digest`` are those of its file and of itself then."""

    id: str
    file: str
    sha256: str
    digest: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An article ready to be stored; ``vectors`` (n, dimension) and ``terms`` (n) belong to its n chunks.

    ``file`` is the file that holds the article, ``digest`` identifies its content.
    """

    article: Article
    file: str
    digest: str
    chunks: Sequence[Chunk]
    vectors: FloatMatrix
    terms: Sequence[Terms]


@dataclass(frozen=True, slots=True)
class ChunkRows:
    """Chunks as the database holds them: numbers (n), their articles (n), vectors (n, dimension), terms (n)."""

    numbers: NDArray[np.int64]
    articles: NDArray[np.int64]
    vectors: NDArray[np.float16]
    terms: Sequence[Terms]


@dataclass(frozen=True, slots=True)
class ArticleInfo:
    """An article without its text, and the number of its chunks."""

    id: str
    source: str
    title: str
    date: date | None
    author: str | None
    place: str | None
    url: str | None
    chunks: int


@dataclass(frozen=True, slots=True)
class ArticleMetadata:
    """What of an article a search engine may filter by."""

    source: str
    place: str | None
    date: date | None


@dataclass(frozen=True, slots=True)
class Counts:
    """How much a store holds."""

    files: int
    articles: int
    chunks: int
