"""Find passages by meaning and by words at once.

The candidates of both searches are scored by both, and the scores, not the ranks, are added: how much better
the best passage is than the next one is what tells a find from a guess.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.schema import Filters, Hit
from index.store.engine import Candidates
from index.store.store import Store
from index.text.normalise import has_accents

CANDIDATES = 100
"""Passages taken from each of the two searches."""


@dataclass(frozen=True, slots=True)
class Weights:
    """How the scores are added: ``dense * (cosine - centre) / spread + lexical * share``.

    ``centre`` and ``spread`` bring the narrow band of the encoder's cosines to the scale of the lexical share.
    """

    dense: float
    lexical: float
    centre: float = 0.8
    spread: float = 0.1


ACCENTED = Weights(dense=0.25, lexical=1.0)
UNACCENTED = Weights(dense=0.05, lexical=1.0)
"""The encoder hardly knows Vietnamese without accents (R@1 0.09 against 0.85), so words decide."""


def search(
    store: Store,
    question: str,
    vector: NDArray[np.float32],
    k: int,
    filters: Filters = Filters(),
    weights: Weights | None = None,
) -> list[Hit]:
    """Find the ``k`` best chunks for a normalised question and its vector, best first."""
    found = store.engine().candidates(question, vector, filters, CANDIDATES)
    scores = fuse(found.dense, found.lexical, weights or _weights(question))
    return _hits(store, found, scores, np.lexsort((found.numbers, -scores))[:k])


def search_articles(
    store: Store,
    question: str,
    vector: NDArray[np.float32],
    articles: int,
    passages: int,
    filters: Filters = Filters(),
) -> list[list[Hit]]:
    """Find the ``articles`` best articles for a normalised question and its vector, best first.

    Of each come its best chunks, at most ``passages``, best first; the ranks count through all of them.
    """
    found = store.engine().candidates(question, vector, filters, articles * passages)
    scores = fuse(found.dense, found.lexical, _weights(question))
    best = dict[int, list[int]]()
    for place in np.lexsort((found.numbers, -scores)).tolist():
        chosen = best.setdefault(int(found.articles[place]), [])
        if len(chosen) < passages:
            chosen.append(place)
    order = np.array([place for chosen in list(best.values())[:articles] for place in chosen], dtype=np.int64)
    grouped = dict[str, list[Hit]]()
    for hit in _hits(store, found, scores, order):
        grouped.setdefault(hit.chunk.article.id, []).append(hit)
    return list(grouped.values())


def search_words(store: Store, question: str, k: int, filters: Filters = Filters()) -> list[Hit]:
    """Find the ``k`` best chunks by words alone, without a vector; ``dense`` of the hits is 0."""
    found = store.engine().candidates_by_words(question, filters, k)
    return _hits(store, found, found.lexical, np.lexsort((found.numbers, -found.lexical))[:k])


def fuse(dense: NDArray[np.float32], lexical: NDArray[np.float32], weights: Weights) -> NDArray[np.float32]:
    """Add the two scores of each candidate."""
    return weights.dense * (dense - weights.centre) / weights.spread + weights.lexical * lexical


def _weights(question: str) -> Weights:
    return ACCENTED if has_accents(question) else UNACCENTED


def _hits(
    store: Store, found: Candidates, scores: NDArray[np.float32], order: NDArray[np.int64]
) -> list[Hit]:
    numbers: Sequence[int] = found.numbers[order].tolist()
    chunks = store.database.chunks(numbers)
    columns = (column[order].tolist() for column in (scores, found.dense, found.lexical))
    rows = zip(numbers, *columns, strict=True)
    kept = [(chunks[number], *weights) for number, *weights in rows if number in chunks]
    return [
        Hit(chunk, score=score, rank=rank, dense=dense, lexical=lexical)
        for rank, (chunk, score, dense, lexical) in enumerate(kept, start=1)
    ]
