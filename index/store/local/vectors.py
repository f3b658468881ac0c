"""Search over the vectors of the chunks: the nearest by their signs, then exactly.

A vector's signs are one bit a dimension, told from the middle of its segment: vectors that are near differ in
few of them, and FAISS counts the differences of a million in the time in which it compares a tenth of them
exactly.  Of those that differ least so many are compared exactly that the nearest are among them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from index.schema import FloatMatrix

COMPARED = 4096
"""So many vectors are compared exactly: all where there are no more; how many are needed is in docs/notes.md."""
_SPREAD = 4
"""A segment of many may hold this share of the nearest, and more than its own share is taken from it."""


@dataclass(frozen=True, slots=True)
class VectorSegment:
    """The vectors of n chunks in half precision, as in the database, and their signs about the ``centre``."""

    vectors: NDArray[np.float16]
    signs: NDArray[np.uint8]
    centre: NDArray[np.float32]

    @staticmethod
    def build(vectors: NDArray[np.float16]) -> VectorSegment:
        """Index vectors of shape (n, dimension), n may be 0."""
        if not len(vectors):
            return VectorSegment(vectors, _signs(vectors, 0), np.zeros(vectors.shape[1], np.float32))
        centre = vectors.mean(axis=0, dtype=np.float32)
        return VectorSegment(vectors, _signs(vectors, centre), centre)

    @property
    def size(self) -> int:
        """Number of vectors."""
        return len(self.vectors)

    def near(
        self, vector: NDArray[np.float32], k: int, allowed: NDArray[np.bool_] | None
    ) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Find the ``k`` positions whose signs differ least from the vector's, and in how many they differ."""
        import faiss

        signs, places = self.signs, None
        if allowed is not None and not allowed.all():
            places = np.flatnonzero(allowed)
            signs = signs[places]
        count = min(k, len(signs))
        if count == 0:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int32)
        asked = _signs(vector.reshape(1, -1), self.centre)
        differing, found = faiss.knn_hamming(asked, signs, count, variant="mc")
        positions = found[0].astype(np.int64)
        return (positions if places is None else places[positions]), differing[0]


@dataclass(frozen=True, slots=True)
class VectorIndex:
    """The vectors of all segments one after the other, addressed by their position 0 … n - 1.

    ``starts`` are the positions at which the segments begin, and the end.
    """

    segments: tuple[VectorSegment, ...]
    starts: NDArray[np.int64]

    @staticmethod
    def of(segments: Sequence[VectorSegment]) -> VectorIndex:
        """Search several segments as one."""
        return VectorIndex(tuple(segments), np.cumsum([0, *(segment.size for segment in segments)]))

    @property
    def size(self) -> int:
        """Number of vectors."""
        return int(self.starts[-1])

    def search(
        self, vector: NDArray[np.float32], k: int, allowed: NDArray[np.bool_] | None = None
    ) -> NDArray[np.int64]:
        """Find the positions of the ``k`` nearest vectors, nearest first; ``allowed`` (n) leaves out the rest."""
        compared = self._compared(vector, max(COMPARED, k), allowed)
        cosines = self.cosines(vector, compared)
        return compared[np.lexsort((compared, -cosines))[:k]]

    def _compared(
        self, vector: NDArray[np.float32], count: int, allowed: NDArray[np.bool_] | None
    ) -> NDArray[np.int64]:
        """Choose the positions that are worth comparing exactly, ascending."""
        if allowed is None and self.size <= count:
            return np.arange(self.size)
        if allowed is not None and np.count_nonzero(allowed) <= count:
            return np.flatnonzero(allowed)
        share = count // min(len(self.segments), _SPREAD)
        positions, differing = [], []
        with _one_thread():
            for segment, (start, end) in zip(self.segments, pairwise(self.starts), strict=True):
                found, bits = segment.near(vector, share, None if allowed is None else allowed[start:end])
                positions.append(found + start)
                differing.append(bits)
        all_found, all_differing = np.concatenate(positions), np.concatenate(differing)
        if len(all_found) > count:
            all_found = all_found[np.argpartition(all_differing, count)[:count]]
        return np.sort(all_found)

    def cosines(self, vector: NDArray[np.float32], positions: NDArray[np.int64]) -> NDArray[np.float32]:
        """Score the chunks at ``positions`` by their cosine with ``vector``."""
        scores = np.zeros(len(positions), dtype=np.float32)
        owners = np.searchsorted(self.starts, positions, side="right") - 1
        for place in np.unique(owners):
            rows = np.flatnonzero(owners == place)
            vectors = self.segments[place].vectors[positions[rows] - self.starts[place]]
            scores[rows] = vectors.astype(np.float32) @ vector
        return scores


def _signs(
    vectors: NDArray[np.float16] | FloatMatrix, centre: NDArray[np.float32] | int
) -> NDArray[np.uint8]:
    return np.packbits(vectors > centre, axis=1)


@contextmanager
def _one_thread() -> Iterator[None]:
    """Let FAISS work in the calling thread alone.

    One question gives a second thread nothing to do, but waiting for it costs 15 ms while its core is busy.
    """
    import faiss

    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(threads)
