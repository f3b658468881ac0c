"""What a store keeps of an article's passages: where they stand, their vectors and their words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from index.chunking import encoder_text, lexical_text
from index.encoding.encoder import Encoder
from index.schema import Article, Chunk, FloatMatrix
from index.text.terms import Terms, terms


@dataclass(frozen=True, slots=True)
class Passages:
    """The n passages of an article: their slices of its text, vectors (n, dimension) and n terms."""

    spans: tuple[tuple[int, int], ...]
    vectors: FloatMatrix
    terms: tuple[Terms, ...]


@dataclass(frozen=True, slots=True)
class EncodedArticle:
    """An article that was cut and encoded where it was read."""

    article: Article
    passages: Passages


def chunks_at(article: Article, spans: Sequence[tuple[int, int]]) -> list[Chunk]:
    """Give the chunks of an article that stand at these places, in reading order."""
    return [Chunk(article, position, start, end) for position, (start, end) in enumerate(spans)]


def encode_chunks(
    articles: Sequence[Sequence[Chunk]],
    encoder: Encoder,
    on_progress: Callable[[int], None] | None = None,
) -> list[Passages]:
    """Encode the chunks of several articles in one call, so that they can be sorted by length; hear of each batch."""
    texts = [encoder_text(chunk) for chunk in chain.from_iterable(articles)]
    vectors = encoder.encode_passages(texts, on_progress) if texts else np.empty((0, 0), np.float32)
    made, place = [], 0
    for chunks in articles:
        chunk_vectors = vectors[place : place + len(chunks)]
        place += len(chunks)
        words = tuple(terms(lexical_text(chunk)) for chunk in chunks)
        made.append(Passages(tuple((chunk.start, chunk.end) for chunk in chunks), chunk_vectors, words))
    return made
