"""BM25 over syllables and pairs of syllables, in two fields: as written, and without accents.

Candidates come from inverted lists over the accent-free field, so that a question finds its passages however
it is typed; they are then scored in the field that the question was typed in, since ``má``, ``mà`` and ``ma``
are different words.

The lists of frequent terms are passed over where they can no longer bring a chunk among the best: Turtle and
Flood, "Query Evaluation: Strategies and Optimizations" (1995), called MaxScore.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from index.store.bm25 import asked_terms, average_length, norms, shares, weigh
from index.store.local.lexical_segment import LexicalSegment
from index.store.local.postings import LIMIT
from index.text.normalise import has_accents
from index.text.terms import Terms, Tokens, terms

Positions: TypeAlias = NDArray[np.int64]
Scores: TypeAlias = NDArray[np.float32]

_ROUNDING = 1e-3
"""More than what adding the gains of a question in single precision can be wrong."""


def _best(scores: Scores, k: int) -> Positions:
    """Find the places of the ``k`` highest scores above 0, best first, of equal ones the first."""
    groups = 16 * k
    floor = np.float32(0)
    if len(scores) > 2 * groups:
        # The k-th of the groups' highest scores is no more than the k-th of all, and quickly found.
        highest = scores[: len(scores) // groups * groups].reshape(-1, groups).max(axis=0)
        floor = np.partition(highest, groups - k)[groups - k]
    found = np.flatnonzero(scores >= floor if floor > 0 else scores)
    best: Positions = found[np.lexsort((found, -scores[found]))][:k].astype(np.int64)
    return best


@dataclass(frozen=True, slots=True)
class LexicalIndex:
    """The chunks of all segments one after the other, addressed by their position 0 … n - 1.

    How rare a term is and how long a chunk counts is told by all segments together.  ``starts`` are the
    positions at which the segments begin, and the end; ``norms`` belong to the chunks of each segment.
    """

    segments: tuple[LexicalSegment, ...]
    starts: NDArray[np.int64]
    norms: tuple[NDArray[np.float32], ...]

    @staticmethod
    def build(chunks: Sequence[Terms]) -> LexicalIndex:
        """Index chunks that are all at hand."""
        parts = (chunks[start : start + LIMIT] for start in range(0, len(chunks), LIMIT))
        return LexicalIndex.of([LexicalSegment.build(part) for part in parts])

    @staticmethod
    def of(segments: Sequence[LexicalSegment]) -> LexicalIndex:
        """Search several segments as one."""
        starts = np.cumsum([0, *(segment.size for segment in segments)])
        average = average_length(sum(len(segment.exact) for segment in segments), int(starts[-1]))
        return LexicalIndex(
            tuple(segments), starts, tuple(norms(segment.lengths, average) for segment in segments)
        )

    @property
    def size(self) -> int:
        """Number of chunks."""
        return int(self.starts[-1])

    def holds(self, word: str) -> bool:
        """Tell whether a chunk holds a word as it is written."""
        wanted = np.unique(terms(word).exact)
        return any(segment.holders(wanted, True).any() for segment in self.segments)

    def candidates(self, question: str, k: int, allowed: NDArray[np.bool_] | None = None) -> Positions:
        """Find the ``k`` chunks that share the most weighted accent-free terms, best first.

        ``allowed`` (n) leaves out the positions where it is false.
        """
        wanted, singles = asked_terms(question, False, self._holds)
        weights = self._weights(wanted, singles, as_written=False).astype(np.float32)
        best, scores = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        for place, (start, end) in enumerate(pairwise(self.starts)):
            floor = float(scores[-1]) if len(scores) == k else 0.0
            found, gained = self._gains(
                place, wanted, weights, None if allowed is None else allowed[start:end], floor
            )
            segment_best = _best(gained, k)
            best = np.concatenate([best, found[segment_best] + start])
            scores = np.concatenate([scores, gained[segment_best]])
            order = np.lexsort((best, -scores))[:k]
            best, scores = best[order], scores[order]
        return best

    def _gains(
        self,
        place: int,
        wanted: Tokens,
        weights: NDArray[np.float32],
        allowed: NDArray[np.bool_] | None,
        floor: float,
    ) -> tuple[Positions, Scores]:
        """Score the chunks of one segment that can reach ``floor``: their positions in it, and scores."""
        segment, norms = self.segments[place], self.norms[place]
        lists = segment.postings.slices(wanted)
        rising = np.argsort(weights)
        # A term's gain is less than its weight: terms that together weigh less than the floor lift none to it.
        passed = int(np.searchsorted(np.cumsum(weights[rising]), floor - _ROUNDING))
        scores = np.zeros(segment.size, dtype=np.float32)
        for term in rising[passed:]:
            positions = segment.postings.positions[lists[term]]
            # In place and in single precision: the lists of a question hold half a million entries.
            gains = segment.postings.counts[lists[term]].astype(np.float32)
            gains /= gains + norms.take(positions)
            gains *= weights[term]
            scores[positions] += gains
        if allowed is not None:
            scores[~allowed] = 0
        missing = float(weights[rising[:passed]].sum())
        found = np.flatnonzero(scores > max(0.0, floor - missing - _ROUNDING))
        scores = scores[found]
        for term in rising[:passed][::-1]:
            _add_gains(segment, lists[term], found, norms, weights[term], scores)
            missing -= float(weights[term])
            reaching = scores > floor - missing - _ROUNDING
            found, scores = found[reaching], scores[reaching]
        return found, scores

    def score(self, question: str, positions: Positions) -> Scores:
        """Score the chunks at ``positions``: the share of the question's weighted terms that they hold, [0, 1)."""
        as_written = has_accents(question)
        wanted, singles = asked_terms(question, as_written, self._holds)
        scores = np.zeros(len(positions), dtype=np.float32)
        if not len(wanted):
            return scores
        weights = self._weights(wanted, singles, as_written)
        owners = np.searchsorted(self.starts, positions, side="right") - 1
        for place in np.unique(owners):
            rows = np.flatnonzero(owners == place)
            local = positions[rows] - self.starts[place]
            counts = self.segments[place].counts(wanted, local, as_written)
            scores[rows] = shares(counts, self.norms[place][local], weights)
        return scores

    def _holds(self, tokens: Tokens) -> bool:
        """Whether chunks hold all of some accent-free terms."""
        held = sum(segment.holders(tokens, as_written=False) for segment in self.segments)
        return bool(np.all(held))

    def _weights(self, wanted: Tokens, singles: Tokens, as_written: bool) -> NDArray[np.float64]:
        holders = np.zeros(len(wanted), dtype=np.int64)
        for segment in self.segments:
            holders += segment.holders(wanted, as_written)
        return weigh(holders, self.size, wanted, singles)


def _add_gains(
    segment: LexicalSegment,
    where: slice,
    found: Positions,
    norms: NDArray[np.float32],
    weight: np.float32,
    scores: Scores,
) -> None:
    """Add what one term gains to the ``scores`` of the chunks ``found`` (ascending), looked up in its list."""
    match, counts = segment.postings.held(where, found)
    scores[match] += weight * counts / (counts + norms[found[match]])
