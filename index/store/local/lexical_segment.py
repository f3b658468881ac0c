"""The terms of the chunks of one segment: in their order, and as inverted lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.store.bm25 import count_terms
from index.store.local.postings import Postings
from index.text.terms import Terms, Tokens, pairs


@dataclass(frozen=True, slots=True)
class LexicalSegment:
    """The tokens of n chunks, addressed by their position 0 … n - 1, and the accent-free inverted lists.

    ``offsets`` (n + 1) cuts ``exact`` into chunks; ``exact_terms`` (sorted) with ``exact_holders`` tells how many
    chunks hold a term as written.  The accent-free tokens are in the lists alone: a second copy of them, in their
    order, would be a fifth of all that is mapped.
    """

    offsets: NDArray[np.int64]
    exact: Tokens
    exact_terms: Tokens
    exact_holders: NDArray[np.int32]
    postings: Postings

    @staticmethod
    def build(chunks: Sequence[Terms]) -> LexicalSegment:
        """Index the chunks in the order given."""
        empty = np.zeros(0, dtype=np.uint32)
        lengths = np.array([len(chunk.exact) for chunk in chunks], dtype=np.int64)
        exact = np.concatenate([empty, *(chunk.exact for chunk in chunks)])
        folded = np.concatenate([empty, *(chunk.folded for chunk in chunks)])
        written = _postings(exact, lengths)
        return LexicalSegment(
            _offsets(lengths),
            exact,
            written.terms,
            np.diff(written.starts).astype(np.int32),
            _postings(folded, lengths),
        )

    @staticmethod
    def merge(parts: Sequence[tuple[LexicalSegment, NDArray[np.bool_]]]) -> LexicalSegment:
        """Join segments in the order given, of each only the chunks that are to be kept."""
        lengths, exact, lists, holders = [], [], [], []
        before = 0
        for part, kept in parts:
            tokens = np.repeat(kept, part.lengths)
            lengths.append(part.lengths[kept])
            exact.append(part.exact[tokens])
            lists.append((part.postings, np.where(kept, before + np.cumsum(kept) - 1, -1)))
            holders.append(part._holders_of(kept))
            before += int(kept.sum())
        terms = np.concatenate([part.exact_terms for part, _ in parts])
        order = np.argsort(terms, kind="stable")
        starts = np.flatnonzero(np.diff(terms[order], prepend=terms[order][:1] + np.uint32(1)))
        counts = np.add.reduceat(np.concatenate(holders)[order], starts) if len(starts) else holders[0]
        return LexicalSegment(
            _offsets(np.concatenate(lengths)),
            np.concatenate(exact),
            terms[order][starts][counts > 0],
            counts[counts > 0].astype(np.int32),
            Postings.merge(lists),
        )

    @property
    def size(self) -> int:
        """Number of chunks."""
        return len(self.offsets) - 1

    @property
    def lengths(self) -> NDArray[np.int64]:
        """How many tokens each chunk has."""
        return np.diff(self.offsets)

    def holders(self, wanted: Tokens, as_written: bool) -> NDArray[np.int64]:
        """Count the chunks that hold each term of ``wanted``, accents counting or not."""
        if not as_written:
            return np.array([place.stop - place.start for place in self.postings.slices(wanted)], np.int64)
        places = np.searchsorted(self.exact_terms, wanted)
        known = np.zeros(len(wanted), dtype=np.int64)
        inside = np.flatnonzero(places < len(self.exact_terms))
        match = inside[self.exact_terms[places[inside]] == wanted[inside]]
        known[match] = self.exact_holders[places[match]]
        return known

    def counts(self, wanted: Tokens, positions: NDArray[np.int64], as_written: bool) -> NDArray[np.float64]:
        """Count each wanted term in each of the chunks at ``positions``, shape (positions, wanted)."""
        if as_written:
            return count_terms(self.exact, self.offsets, wanted, positions)
        return self.postings.count(wanted, positions)

    def _holders_of(self, kept: NDArray[np.bool_]) -> NDArray[np.int32]:
        """Count for each of ``exact_terms`` the chunks that hold it, among those to be kept."""
        holders = self.exact_holders.copy()
        for dropped in np.flatnonzero(~kept):
            tokens = self.exact[self.offsets[dropped] : self.offsets[dropped + 1]]
            held = np.unique(np.concatenate([tokens, pairs(tokens)]))
            holders[np.searchsorted(self.exact_terms, held)] -= 1
        return holders

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Name the arrays, so that they can be written to files."""
        vectors = {name: getattr(self, name) for name in LexicalSegment.__slots__ if name != "postings"}
        return vectors | {f"postings_{name}": getattr(self.postings, name) for name in Postings.__slots__}

    @staticmethod
    def of(arrays: dict[str, NDArray[np.generic]]) -> LexicalSegment:
        """Put together what ``arrays`` has taken apart."""
        vectors: dict[str, object] = {
            name: arrays[name] for name in LexicalSegment.__slots__ if name != "postings"
        }
        postings = Postings(**{name: arrays[f"postings_{name}"] for name in Postings.__slots__})  # type: ignore[arg-type]
        return LexicalSegment(**vectors, postings=postings)  # type: ignore[arg-type]


def _offsets(lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)])


def _postings(tokens: Tokens, lengths: NDArray[np.int64]) -> Postings:
    """Make the lists of single tokens and of pairs, none of which crosses the border of a chunk."""
    owners = np.repeat(np.arange(len(lengths), dtype=np.uint16), lengths)
    inside = owners[:-1] == owners[1:]
    return Postings.build(
        np.concatenate([tokens, pairs(tokens)[inside]]), np.concatenate([owners, owners[:-1][inside]])
    )
