"""Averages over questions, how sure they are, and whether two systems differ."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T")

RESAMPLES, FEW_RESAMPLES = 2000, 200
"""Few where each is a statistic of all the questions."""
LEVEL = 0.95
NORMAL = 1.96
"""The two-sided normal quantile of that level."""


@dataclass(frozen=True, slots=True)
class Share:
    """What one question adds to a measure: numerator and denominator; a denominator of 0 is undefined.

    A set's score is the sum of the numerators over the sum of the denominators.
    """

    numerator: float
    denominator: float


UNDEFINED = Share(0.0, 0.0)


def share(value: float | None) -> Share:
    """The share of a plain score, weight 1; ``None`` is undefined."""
    return UNDEFINED if value is None else Share(float(value), 1.0)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A score with its 95% interval; all three are ``None`` when it is undefined for every question.

    ``defined`` of the ``total`` questions have the score.
    """

    value: float | None
    low: float | None
    high: float | None
    defined: int
    total: int


def mean(shares: Sequence[Share], seed: int) -> Estimate:
    """Ratio of sums with a percentile bootstrap interval over questions (Efron and Tibshirani 1993, ch. 13).

    Where every question scores 0, or every one scores 1, resampling cannot vary; the bound is then Wilson's (1927).
    """
    tops = np.array([ratio.numerator for ratio in shares], dtype=np.float64)
    bottoms = np.array([ratio.denominator for ratio in shares], dtype=np.float64)
    defined = int(np.count_nonzero(bottoms))
    if not defined:
        return Estimate(None, None, None, 0, len(shares))
    draws = _draws(len(shares), seed)
    sums = bottoms[draws].sum(axis=1)
    ratios = tops[draws].sum(axis=1)[sums > 0] / sums[sums > 0]
    low, high = _bounds(ratios)
    value = float(tops.sum() / bottoms.sum())
    if value in (0.0, 1.0) and low == high:
        reach = NORMAL**2 / (defined + NORMAL**2)
        low, high = (0.0, reach) if value == 0.0 else (1.0 - reach, 1.0)
    return Estimate(value, low, high, defined, len(shares))


def quantile(values: Sequence[float | None], q: float, seed: int) -> Estimate:
    """A quantile (0.5: the median) of the defined values, with a percentile bootstrap interval."""
    known = np.array([value for value in values if value is not None], dtype=np.float64)
    if not known.size:
        return Estimate(None, None, None, 0, len(values))
    low, high = _bounds(np.quantile(known[_draws(known.size, seed)], q, axis=1))
    return Estimate(float(np.quantile(known, q)), low, high, int(known.size), len(values))


def resampled(statistic: Callable[[Sequence[T]], float | None], outcomes: Sequence[T], seed: int) -> Estimate:
    """Any statistic of the outcomes of questions, with a percentile bootstrap interval over them."""
    value, size = statistic(outcomes), len(outcomes)
    if value is None:
        return Estimate(None, None, None, 0, size)
    again = [statistic([outcomes[place] for place in draw]) for draw in _draws(size, seed, FEW_RESAMPLES)]
    low, high = _bounds(np.array([estimate for estimate in again if estimate is not None]))
    return Estimate(value, low, high, size, size)


@dataclass(frozen=True, slots=True)
class Difference:
    """How far the second of two paired series lies above the first: mean, 95% interval, two-sided p."""

    value: float
    low: float
    high: float
    p: float
    pairs: int


def paired_difference(first: Sequence[float], second: Sequence[float], seed: int) -> Difference | None:
    """Mean of second minus first by paired bootstrap (Koehn 2004; Efron and Tibshirani 1993, ch. 16).

    p is the share of resampled differences, moved to have mean 0, that lie as far out as the one observed.
    ``None`` without pairs.
    """
    gaps = np.asarray(second, dtype=np.float64) - np.asarray(first, dtype=np.float64)
    if not gaps.size:
        return None
    means = gaps[_draws(gaps.size, seed)].mean(axis=1)
    low, high = _bounds(means)
    beyond = np.count_nonzero(np.abs(means - gaps.mean()) >= abs(gaps.mean()) - 1e-12)
    return Difference(float(gaps.mean()), low, high, float((beyond + 1) / (means.size + 1)), int(gaps.size))


def mcnemar(only_first: int, only_second: int) -> float:
    """Two-sided p of the exact McNemar test: how often a fair coin splits the changed questions so unevenly.

    The counts are the questions that only the first, and only the second, system got right (McNemar 1947).
    """
    changed = only_first + only_second
    tail = sum(math.comb(changed, k) for k in range(min(only_first, only_second) + 1))
    return min(1.0, 2 * tail / (1 << changed))


def _draws(questions: int, seed: int, resamples: int = RESAMPLES) -> NDArray[np.intp]:
    """Places drawn with replacement, one resample a row; equal sizes and seeds give equal draws."""
    return np.random.default_rng(seed).integers(0, questions, size=(resamples, questions), dtype=np.intp)


def _bounds(values: NDArray[np.float64]) -> tuple[float, float]:
    low, high = np.quantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)
