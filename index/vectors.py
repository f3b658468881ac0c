"""Exact and, for large stores, compressed search over the vectors of the chunks with FAISS."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.schema import FloatMatrix

FLAT_LIMIT = 300_000
"""Above this many vectors (460 MB in float32) they are kept in 8 bits, a quarter of that; not yet measured."""


class VectorIndex:
    """The vectors of n chunks, addressed by their position 0 … n - 1."""

    def __init__(self, faiss_index: Any) -> None:  # noqa: ANN401 - faiss has no types
        self._faiss = faiss_index

    @staticmethod
    def build(vectors: FloatMatrix, flat_limit: int = FLAT_LIMIT) -> VectorIndex:
        """Index vectors of shape (n, dimension), n may be 0."""
        import faiss

        dimension = vectors.shape[1]
        if len(vectors) <= flat_limit:
            built = faiss.IndexFlatIP(dimension)
        else:
            built = faiss.IndexScalarQuantizer(
                dimension, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
            )
            built.train(vectors)
        built.add(np.ascontiguousarray(vectors, dtype=np.float32))
        return VectorIndex(built)

    @property
    def size(self) -> int:
        """Number of vectors."""
        return int(self._faiss.ntotal)

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._faiss.d)

    def search(
        self, vector: NDArray[np.float32], k: int, allowed: NDArray[np.bool_] | None = None
    ) -> NDArray[np.int64]:
        """Find the positions of the ``k`` nearest vectors, nearest first; ``allowed`` (n) leaves out the rest."""
        import faiss

        count = min(k, self.size)
        if count == 0:
            return np.zeros(0, dtype=np.int64)
        parameters = None
        if allowed is not None:
            bitmap = np.packbits(allowed, bitorder="little")
            parameters = faiss.SearchParameters(sel=faiss.IDSelectorBitmap(bitmap))
        _, positions = self._faiss.search(vector.reshape(1, -1), count, params=parameters)
        found: NDArray[np.int64] = positions[0]
        return found[found >= 0]

    def cosines(self, vector: NDArray[np.float32], positions: NDArray[np.int64]) -> NDArray[np.float32]:
        """Score the chunks at ``positions`` by their cosine with ``vector``."""
        if not len(positions):
            return np.zeros(0, dtype=np.float32)
        rows: FloatMatrix = self._faiss.reconstruct_batch(positions)
        scores: NDArray[np.float32] = rows @ vector
        return scores

    def save(self, path: Path) -> None:
        """Write the index to a file."""
        import faiss

        faiss.write_index(self._faiss, str(path))

    @staticmethod
    def load(path: Path) -> VectorIndex:
        """Read the file of ``save``; FAISS parses it in C++, so the caller has checked its hash."""
        import faiss

        return VectorIndex(faiss.read_index(str(path)))
