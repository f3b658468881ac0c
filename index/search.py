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
from index.store.segment import holds
from index.store.snapshot import Snapshot
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
    snapshot = store.snapshot()
    positions, dense, lexical = candidates(snapshot, question, vector, _allowed(store, snapshot, filters))
    used = weights or (ACCENTED if has_accents(question) else UNACCENTED)
    scores = fuse(dense, lexical, used)
    order = np.lexsort((positions, -scores))[:k]
    return _hits(store, snapshot, positions[order], scores[order], dense[order], lexical[order])


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
    snapshot = store.snapshot()
    positions, dense, lexical = candidates(
        snapshot, question, vector, _allowed(store, snapshot, filters), articles * passages
    )
    scores = fuse(dense, lexical, ACCENTED if has_accents(question) else UNACCENTED)
    best = dict[int, list[int]]()
    for place in np.lexsort((positions, -scores)).tolist():
        chosen = best.setdefault(int(snapshot.articles[positions[place]]), [])
        if len(chosen) < passages:
            chosen.append(place)
    order = np.array([place for chosen in list(best.values())[:articles] for place in chosen], dtype=np.int64)
    found = dict[str, list[Hit]]()
    for hit in _hits(store, snapshot, positions[order], scores[order], dense[order], lexical[order]):
        found.setdefault(hit.chunk.article.id, []).append(hit)
    return list(found.values())


def search_words(store: Store, question: str, k: int, filters: Filters = Filters()) -> list[Hit]:
    """Find the ``k`` best chunks by words alone, without a vector; ``dense`` of the hits is 0."""
    snapshot = store.snapshot()
    positions = snapshot.lexical.candidates(question, k, _allowed(store, snapshot, filters))
    lexical = snapshot.lexical.score(question, positions)
    order = np.lexsort((positions, -lexical))
    shares = lexical[order]
    return _hits(store, snapshot, positions[order], shares, np.zeros_like(shares), shares)


def is_written(store: Store, word: str) -> bool:
    """Tell whether some article writes a word as it stands, capitals aside."""
    return store.snapshot().lexical.holds(word)


def candidates(
    snapshot: Snapshot,
    question: str,
    vector: NDArray[np.float32],
    allowed: NDArray[np.bool_] | None = None,
    count: int = CANDIDATES,
) -> tuple[NDArray[np.int64], NDArray[np.float32], NDArray[np.float32]]:
    """Find the candidates of both searches: positions, cosines, and lexical shares."""
    allowed = snapshot.alive if allowed is None else allowed
    positions = np.union1d(
        snapshot.vectors.search(vector, count, allowed), snapshot.lexical.candidates(question, count, allowed)
    ).astype(np.int64)
    return positions, snapshot.vectors.cosines(vector, positions), snapshot.lexical.score(question, positions)


def fuse(dense: NDArray[np.float32], lexical: NDArray[np.float32], weights: Weights) -> NDArray[np.float32]:
    """Add the two scores of each candidate."""
    return weights.dense * (dense - weights.centre) / weights.spread + weights.lexical * lexical


def _allowed(store: Store, snapshot: Snapshot, filters: Filters) -> NDArray[np.bool_] | None:
    if filters == Filters():
        return snapshot.alive
    passing = holds(store.database.article_numbers(filters), snapshot.articles)
    return passing if snapshot.alive is None else passing & snapshot.alive


def _hits(
    store: Store,
    snapshot: Snapshot,
    positions: NDArray[np.int64],
    *columns: NDArray[np.float32],
) -> list[Hit]:
    numbers: Sequence[int] = snapshot.numbers[positions].tolist()
    chunks = store.database.chunks(numbers)
    rows = zip(numbers, *(column.tolist() for column in columns), strict=True)
    kept = [(chunks[number], *scores) for number, *scores in rows if number in chunks]
    return [
        Hit(chunk, score=score, rank=rank, dense=dense, lexical=lexical)
        for rank, (chunk, score, dense, lexical) in enumerate(kept, start=1)
    ]
