"""An encoder that still knows the vectors of the last questions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np

from index.encoding.encoder import Encoder
from index.schema import FloatMatrix

_KEPT = 256
"""Vectors of questions that are kept: those of a long conversation."""


class CachingEncoder:
    """Encodes a question once, however often it is used: for its kind, as a follow-up and for the search."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder, self.name = encoder, encoder.name
        self._vector = lru_cache(_KEPT)(lambda text: encoder.encode_queries([text])[0])

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._encoder.dimension

    def encode_queries(self, texts: Sequence[str]) -> FloatMatrix:
        """Encode questions, shape (n, dimension)."""
        return np.stack([self._vector(text) for text in texts])

    def encode_passages(
        self, texts: Sequence[str], on_progress: Callable[[int], None] | None = None
    ) -> FloatMatrix:
        """Encode passages, shape (n, dimension), in the order given; report how many more are done."""
        return self._encoder.encode_passages(texts, on_progress)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Length of each text in the model's tokens, without special tokens and prompt."""
        return self._encoder.count_tokens(texts)
