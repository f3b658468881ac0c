"""Texts become rows of token ids, by the ``tokenizers`` library alone."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError

if TYPE_CHECKING:
    from tokenizers import Tokenizer


_SHARED: WeakValueDictionary[tuple[Path, int], TokenizerFile] = WeakValueDictionary()
_SHARING = threading.Lock()


def shared_tokenizer(path: Path) -> TokenizerFile:
    """The tokenizer of a file, the same for everybody who holds one while the file stays as it is.

    That of the standard encoder takes more than a second to load, and the reader uses it too.
    """
    changed = path.stat().st_mtime_ns if path.is_file() else 0
    with _SHARING:
        return _SHARED.setdefault((path.absolute(), changed), TokenizerFile(path))


class TokenizerFile:
    """The tokenizer of a ``tokenizer.json``, loaded at the first use; safe to share between threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._tokenizer: Tokenizer | None = None

    def load(self) -> Tokenizer:
        """The tokenizer, which neither cuts nor pads; raises ModelError where its file is missing."""
        from tokenizers import Tokenizer

        with self._lock:
            if self._tokenizer is None:
                if not self._path.is_file():
                    raise ModelError(f"{self._path} is missing; fetch the model again")
                self._tokenizer = Tokenizer.from_file(str(self._path))
                self._tokenizer.no_truncation()
                self._tokenizer.no_padding()
            return self._tokenizer

    def count(self, texts: Sequence[str]) -> list[int]:
        """Length of each text in tokens, uncut and without special tokens."""
        encoded = self.load().encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(row.ids) for row in encoded]

    def rows(self, texts: Sequence[str], most: int) -> list[list[int]]:
        """The ids of each text with special tokens, cut at ``most`` (the closing token stays)."""
        rows = [row.ids for row in self.load().encode_batch_fast(list(texts))]
        return [row if len(row) <= most else [*row[: most - 1], row[-1]] for row in rows]


def padded(
    rows: Sequence[Sequence[int]], pad: int, multiple: int = 1
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Ids filled up with ``pad``, and mask, both (n, longest row, or the next ``multiple`` above it)."""
    longest = max(padded_length(row, multiple) for row in rows)
    ids = np.full((len(rows), longest), pad, np.int64)
    mask = np.zeros((len(rows), longest), np.int64)
    for number, row in enumerate(rows):
        ids[number, : len(row)] = row
        mask[number, : len(row)] = 1
    return ids, mask


def padded_length(row: Sequence[int], multiple: int) -> int:
    """The length of a row, or the next ``multiple`` above it."""
    return -(-len(row) // multiple) * multiple
