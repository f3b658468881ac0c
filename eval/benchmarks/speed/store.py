"""Stores of an exact size, made without hours of encoding."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.chunking import context, split
from index.encoding.encoder import Encoder
from index.schema import Article, FloatMatrix
from index.store.database.records import Entry
from index.store.store import Store
from index.text.terms import terms

_BATCH_CHUNKS = 1024


class RandomPassages:
    """Encodes questions and counts tokens like a real encoder, and gives each passage a vector drawn by its text.

    Searching such vectors costs what searching real ones costs; what it finds by them means nothing.  The
    ``name`` is its own unless one is given, so that no real store is mistaken for such a one.
    """

    def __init__(self, encoder: Encoder, name: str | None = None) -> None:
        self.name = name or f"random-passages+{encoder.name}"
        self.dimension = encoder.dimension
        self.count_tokens = encoder.count_tokens
        self.encode_queries = encoder.encode_queries

    def encode_passages(
        self, texts: Sequence[str], on_progress: Callable[[int], None] | None = None
    ) -> FloatMatrix:
        """Draw a unit vector for each text, in a narrow cone as real ones are: cosines of about 0.8."""
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            drawn = np.random.default_rng(zlib.crc32(text.encode())).standard_normal(self.dimension)
            vectors[row] = 2 * self._centre + drawn / np.sqrt(self.dimension)
        if on_progress is not None:
            on_progress(len(texts))
        unit: FloatMatrix = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit

    @cached_property
    def _centre(self) -> NDArray[np.float32]:
        centre: NDArray[np.float32] = self.encode_queries(["bài viết"])[0]
        return centre


def fill(
    store: Store,
    articles: Iterator[Article],
    encoder: Encoder,
    chunks: int,
    on_progress: Callable[[int], None] = lambda done: None,
) -> None:
    """Add articles until the store holds exactly ``chunks`` chunks, of the last one only its first ones.

    The iterator goes on where the last call left it, so that a store can be grown step by step.
    """
    max_tokens = int(store.database.setting("chunk_tokens") or 0)
    have = store.database.counts().chunks
    with store.writing():
        while have < chunks:
            entries: list[Entry] = []
            added = 0
            while added < _BATCH_CHUNKS and have + added < chunks:
                entries.append(_entry(next(articles), encoder, max_tokens, chunks - have - added))
                added += len(entries[-1].chunks)
            store.database.put(entries)
            have += added
            on_progress(added)
        store.refresh()


def _entry(article: Article, encoder: Encoder, max_tokens: int, most: int) -> Entry:
    chunks = split(article, encoder.count_tokens, max_tokens)[:most]
    texts = [f"{context(article)}\n{chunk.text}" for chunk in chunks]
    return Entry(
        article=article,
        file=article.source,
        digest=f"{zlib.crc32(article.text.encode()):08x}",
        chunks=chunks,
        vectors=encoder.encode_passages(texts),
        terms=[terms(text) for text in texts],
    )
