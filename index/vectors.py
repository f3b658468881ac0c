"""Search over the vectors of the chunks with FAISS: exact, and among very many of them approximate."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.schema import FloatMatrix

EXACT_LIMIT = 400_000
"""Up to so many vectors all are compared: 4 ms at 100,000, 15 ms and 307 MB of memory here (docs/notes.md)."""
_TRAINED_WITH = 40
"""Vectors for each list from which the lists of the approximate search are learnt."""
_PROBED = 8
"""One list of so many is searched: fewer lose neighbours, more find hardly any that 8 bits have not lost."""


class VectorIndex:
    """The vectors of n chunks, addressed by their position 0 … n - 1."""

    def __init__(self, faiss_index: Any) -> None:  # noqa: ANN401 - faiss has no types
        self._faiss = faiss_index

    @staticmethod
    def build(vectors: FloatMatrix, exact_limit: int = EXACT_LIMIT) -> VectorIndex:
        """Index vectors of shape (n, dimension), n may be 0.

        They are kept in half precision, as in the database, which loses nothing and reads half the memory;
        above ``exact_limit`` in lists of like vectors, in 8 bits, of which a search visits the nearest.
        """
        import faiss

        dimension = vectors.shape[1]
        rows = np.ascontiguousarray(vectors, dtype=np.float32)
        if len(rows) <= exact_limit:
            built = faiss.IndexScalarQuantizer(
                dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
            )
        else:
            lists = max(1, int(2 * len(rows) ** 0.5))
            built = faiss.index_factory(dimension, f"IVF{lists},SQ8", faiss.METRIC_INNER_PRODUCT)
            built.nprobe = max(1, lists // _PROBED)
            built.train(rows[:: max(1, len(rows) // (_TRAINED_WITH * lists))])
            built.make_direct_map()
        built.add(rows)
        return VectorIndex(built)

    @property
    def size(self) -> int:
        """Number of vectors."""
        return int(self._faiss.ntotal)

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._faiss.d)

    @property
    def exact(self) -> bool:
        """Whether a search compares all vectors."""
        import faiss

        return not isinstance(self._faiss, faiss.IndexIVF)

    def search(
        self, vector: NDArray[np.float32], k: int, allowed: NDArray[np.bool_] | None = None
    ) -> NDArray[np.int64]:
        """Find the positions of the ``k`` nearest vectors, nearest first; ``allowed`` (n) leaves out the rest."""
        count = min(k, self.size)
        if count == 0:
            return np.zeros(0, dtype=np.int64)
        parameters = None if allowed is None else self._only(allowed)
        with _one_thread():
            _, positions = self._faiss.search(vector.reshape(1, -1), count, params=parameters)
        found: NDArray[np.int64] = positions[0]
        return found[found >= 0]

    def _only(self, allowed: NDArray[np.bool_]) -> Any:  # noqa: ANN401 - faiss has no types
        import faiss

        selector = faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))
        if self.exact:
            return faiss.SearchParameters(sel=selector)
        # What is allowed may lie in any list, and passing over the rest costs little.
        return faiss.SearchParametersIVF(sel=selector, nprobe=self._faiss.nlist)

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

        with path.open("wb") as file:  # FAISS itself opens no path with Vietnamese letters on Windows
            faiss.write_index(self._faiss, faiss.PyCallbackIOWriter(file.write))

    @staticmethod
    def load(path: Path) -> VectorIndex:
        """Read the file of ``save``; FAISS parses it in C++, so the caller has checked its hash."""
        import faiss

        with path.open("rb") as file:
            return VectorIndex(faiss.read_index(faiss.PyCallbackIOReader(file.read)))


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
