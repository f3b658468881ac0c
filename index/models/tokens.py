"""Texts become rows of token ids, by the ``tokenizers`` library alone."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError

if TYPE_CHECKING:
    from tokenizers import Tokenizer


class TokenRows:
    """The tokenizer of a ``tokenizer.json``, loaded at the first use; safe to share between threads.

    ``pad`` fills the shorter rows; no row is longer than ``max_tokens``, special tokens counted.
    """

    def __init__(self, path: Path, pad: int, max_tokens: int) -> None:
        self._path = path
        self._pad = pad
        self._max_tokens = max_tokens
        self._lock = threading.Lock()
        self._tokenizer: Tokenizer | None = None

    def count(self, texts: Sequence[str]) -> list[int]:
        """Length of each text in tokens, uncut and without special tokens."""
        encoded = self._load().encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(row.ids) for row in encoded]

    def encode(self, texts: Sequence[str]) -> list[list[int]]:
        """The ids of each text with special tokens, cut at the limit (the closing token stays)."""
        rows = [row.ids for row in self._load().encode_batch_fast(list(texts))]
        return [
            row if len(row) <= self._max_tokens else [*row[: self._max_tokens - 1], row[-1]] for row in rows
        ]

    def pad(self, rows: Sequence[Sequence[int]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Ids and mask, both (n, longest row)."""
        longest = max(map(len, rows))
        ids = np.full((len(rows), longest), self._pad, np.int64)
        mask = np.zeros((len(rows), longest), np.int64)
        for number, row in enumerate(rows):
            ids[number, : len(row)] = row
            mask[number, : len(row)] = 1
        return ids, mask

    def _load(self) -> Tokenizer:
        from tokenizers import Tokenizer

        with self._lock:
            if self._tokenizer is None:
                if not self._path.is_file():
                    raise ModelError(f"{self._path} is missing; fetch the model again")
                self._tokenizer = Tokenizer.from_file(str(self._path))
                self._tokenizer.no_truncation()
                self._tokenizer.no_padding()
            return self._tokenizer
