"""BM25 as every engine counts it: which terms a question asks for, what they weigh, and what a chunk gains by them.

Scoring: Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), divided
by the score of an imaginary passage that repeats every term for ever, which makes it a share in [0, 1).
What depends on the chunk (how often, how long) and what depends on all chunks (how rare) are factors of their own,
so that an engine can store the one and be asked with the other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from index.text.number_forms import in_held_forms
from index.text.terms import Tokens, pairs, terms, terms_of

K1 = 1.2
B = 0.75
PAIR_WEIGHT = 0.5
"""How much a pair of syllables counts against a single one, both by their own rarity."""


def average_length(tokens: int, chunks: int) -> float:
    """How many tokens a chunk has, at least 1."""
    return max(1.0, tokens / max(1, chunks))


def norms(lengths: NDArray[np.int64], average: float) -> NDArray[np.float32]:
    """What the length of each chunk adds to its count of a term, below the line of ``gains``."""
    return (K1 * (1 - B + B * lengths / average)).astype(np.float32)


def asked_terms(question: str, as_written: bool, is_held: Callable[[Tokens], bool]) -> tuple[Tokens, Tokens]:
    """Give the terms and pairs of a question in ascending order, and its terms alone.

    Its numbers are written as the chunks write them: 456 triệu is 456 000 000.  ``is_held`` tells whether chunks hold
    all of some accent-free terms.
    """

    def is_written(form: Sequence[str]) -> bool:
        tokens = terms_of(form).folded
        return is_held(np.unique(pairs(tokens) if len(tokens) > 1 else tokens))

    text, others = in_held_forms(question, is_written)
    parts = [terms(text), *map(terms_of, others)]
    fields = [part.exact if as_written else part.folded for part in parts]
    singles = np.concatenate(fields)
    return np.unique(np.concatenate([singles, *map(pairs, fields)])), singles


def weigh(holders: NDArray[np.int64], documents: int, wanted: Tokens, singles: Tokens) -> NDArray[np.float64]:
    """Weigh each wanted term by its inverse document frequency, always positive; ``holders`` chunks hold it.

    What is not among ``singles`` is a pair.  A term that no chunk holds weighs as the rarest.
    """
    rarity = np.log1p((documents - holders + 0.5) / (holders + 0.5))
    return rarity * np.where(np.isin(wanted, singles), 1.0, PAIR_WEIGHT)


def shares(
    counts: NDArray[np.float64], norms: NDArray[np.float32], weights: NDArray[np.float64]
) -> NDArray[np.float32]:
    """Score n chunks by how often they hold each wanted term, shape (n, wanted): shares in [0, 1)."""
    gains = counts / (counts + norms[:, None])
    scores: NDArray[np.float32] = (gains @ weights / weights.sum()).astype(np.float32)
    return scores


def count_terms(
    field: Tokens, offsets: NDArray[np.int64], wanted: Tokens, positions: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Count each wanted term in each of the chunks at ``positions`` that ``offsets`` cuts ``field`` into."""
    begins = offsets[positions]
    lengths = offsets[positions + 1] - begins
    rows = np.repeat(np.arange(len(positions)), lengths)
    tokens = field[np.arange(len(rows)) + np.repeat(begins - (np.cumsum(lengths) - lengths), lengths)]
    inside = rows[:-1] == rows[1:]
    held = np.concatenate([tokens, pairs(tokens)[inside]])
    rows = np.concatenate([rows, rows[:-1][inside]])
    # Nearly all of them are other terms: a small table of their last bits passes few of those.
    sieve = np.zeros(1 << 16, dtype=bool)
    sieve[wanted & 0xFFFF] = True
    likely = np.flatnonzero(sieve[held & 0xFFFF])
    held, rows = held[likely], rows[likely]
    columns = np.searchsorted(wanted, held)
    columns[columns == len(wanted)] = 0
    match = wanted[columns] == held
    cells = rows[match] * len(wanted) + columns[match]
    counts = np.bincount(cells, minlength=len(positions) * len(wanted))
    return counts.reshape(len(positions), len(wanted)).astype(np.float64)
