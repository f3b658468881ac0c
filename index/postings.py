"""Inverted lists: which chunks hold a term, and how often."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_SHIFT, _PARTS = np.uint32(28), 16
"""The lists are made in parts, by the first bits of the term."""


@dataclass(frozen=True, slots=True)
class Postings:
    """For each of ``terms`` (sorted): the positions that hold it and how often, ``starts[i]:starts[i + 1]``."""

    terms: NDArray[np.uint32]
    starts: NDArray[np.int64]
    positions: NDArray[np.int32]
    counts: NDArray[np.uint16]

    @staticmethod
    def build(terms: NDArray[np.uint32], positions: NDArray[np.int32]) -> Postings:
        """Make the lists of ``terms[i]`` standing in the chunk at ``positions[i]``, in any order."""
        parts = []
        for part in range(_PARTS):  # sorting all at once would take several times the memory
            inside = terms >> _SHIFT == part
            keys = terms[inside].astype(np.uint64) << np.uint64(32) | positions[inside].astype(np.uint64)
            keys, counts = np.unique(keys, return_counts=True)
            unique, starts = np.unique((keys >> np.uint64(32)).astype(np.uint32), return_index=True)
            chunks = (keys & np.uint64(0xFFFFFFFF)).astype(np.int32)
            parts.append((unique, starts, chunks, np.minimum(counts, 65535).astype(np.uint16)))
        sizes = np.cumsum([0, *(len(chunks) for _, _, chunks, _ in parts)])
        shifted = [starts + size for (_, starts, _, _), size in zip(parts, sizes[:-1], strict=True)]
        return Postings(
            np.concatenate([unique for unique, _, _, _ in parts]),
            np.append(np.concatenate(shifted), sizes[-1]).astype(np.int64),
            np.concatenate([chunks for _, _, chunks, _ in parts]),
            np.concatenate([counts for _, _, _, counts in parts]),
        )

    def slices(self, wanted: NDArray[np.uint32]) -> list[slice]:
        """Where the lists of ``wanted`` lie; an empty slice for a term that no chunk holds."""
        places = np.searchsorted(self.terms, wanted)
        found = []
        for term, place in zip(wanted, places, strict=True):
            known = place < len(self.terms) and self.terms[place] == term
            found.append(slice(self.starts[place], self.starts[place + 1]) if known else slice(0, 0))
        return found
