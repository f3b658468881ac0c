"""Inverted lists: which chunks of a segment hold a term, and how often."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LIMIT = 1 << 16
"""Chunks of a segment at most, so that a position takes two bytes."""
_SHIFT, _PARTS = np.uint32(28), 16
"""The lists are made in parts, by the first bits of the term."""
_MOST = 255


@dataclass(frozen=True, slots=True)
class Postings:
    """For each of ``terms`` (sorted): the positions that hold it and how often, ``starts[i]:starts[i + 1]``.

    The positions of a term ascend; a count above 255 is told as 255.
    """

    terms: NDArray[np.uint32]
    starts: NDArray[np.int64]
    positions: NDArray[np.uint16]
    counts: NDArray[np.uint8]

    @staticmethod
    def build(terms: NDArray[np.uint32], positions: NDArray[np.uint16]) -> Postings:
        """Make the lists of ``terms[i]`` standing in the chunk at ``positions[i]``, in any order."""
        parts = []
        for part in range(_PARTS):  # sorting all at once would take several times the memory
            inside = terms >> _SHIFT == part
            keys = terms[inside].astype(np.uint64) << np.uint64(32) | positions[inside].astype(np.uint64)
            keys, counts = np.unique(keys, return_counts=True)
            parts.append(
                (
                    (keys >> np.uint64(32)).astype(np.uint32),
                    (keys & np.uint64(0xFFFFFFFF)).astype(np.uint16),
                    np.minimum(counts, _MOST).astype(np.uint8),
                )
            )
        owners, chunks, held = (np.concatenate(column) for column in zip(*parts, strict=True))
        return _cut(owners, chunks, held)

    @staticmethod
    def merge(parts: Sequence[tuple[Postings, NDArray[np.int64]]]) -> Postings:
        """Join lists; the second of a part gives each of its positions a new one, -1 where the chunk is gone."""
        owners, positions, counts = [], [], []
        for part, places in parts:
            moved = places[part.positions]
            kept = moved >= 0
            owners.append(np.repeat(part.terms, np.diff(part.starts))[kept])
            positions.append(moved[kept].astype(np.uint16))
            counts.append(part.counts[kept])
        terms = np.concatenate(owners)
        order = np.argsort(terms, kind="stable")  # of parts in order, which it merges
        return _cut(terms[order], np.concatenate(positions)[order], np.concatenate(counts)[order])

    def slices(self, wanted: NDArray[np.uint32]) -> list[slice]:
        """Where the lists of ``wanted`` lie; an empty slice for a term that no chunk holds."""
        places = np.searchsorted(self.terms, wanted)
        found = []
        for term, place in zip(wanted, places, strict=True):
            known = place < len(self.terms) and self.terms[place] == term
            found.append(slice(self.starts[place], self.starts[place + 1]) if known else slice(0, 0))
        return found

    def held(
        self, where: slice, positions: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Look ascending ``positions`` up in one list: which of them it names, by place, and how often each."""
        named = self.positions[where]
        if not len(named):
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        places = np.searchsorted(named, positions.astype(named.dtype))
        places[places == len(named)] = 0
        match = np.flatnonzero(named[places] == positions)
        return match, self.counts[where][places[match]].astype(np.float32)

    def count(self, wanted: NDArray[np.uint32], positions: NDArray[np.int64]) -> NDArray[np.float64]:
        """Count each wanted term at each of the ``positions``, shape (positions, wanted)."""
        counts = np.zeros((len(positions), len(wanted)))
        for term, where in enumerate(self.slices(wanted)):
            match, held = self.held(where, positions)
            counts[match, term] = held
        return counts


def _cut(owners: NDArray[np.uint32], positions: NDArray[np.uint16], counts: NDArray[np.uint8]) -> Postings:
    """Tell where in the sorted ``owners`` each term begins."""
    starts = np.flatnonzero(np.diff(owners, prepend=owners[:1] + np.uint32(1)))
    return Postings(owners[starts], np.append(starts, len(owners)).astype(np.int64), positions, counts)
