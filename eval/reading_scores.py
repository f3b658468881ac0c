"""What was measured of the reader becomes scores with their intervals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal, TypeAlias

import numpy as np

from eval.metrics.intervals import (
    RESAMPLES,
    Difference,
    Estimate,
    mean,
    paired_difference,
    resampled,
    share,
)
from eval.metrics.roc import roc_area
from eval.reading import ExtractRow, Read, ReadRow
from eval.retrieval import MEASURES
from eval.schema import KINDS, Retrieval
from eval.summary import ALL

Untold: TypeAlias = Literal["other", "hard"]

WITH_READER, WITHOUT_READER = "hoidap", "no_reader"
"""The names of the two ways of searching."""

CHANGES = ("recall@1", "recall@5", "mrr@10")
"""The measures of the search that are compared with and without the reader."""

SIGNALS: Mapping[str, Callable[[Read], float]] = {
    "margin": lambda read: read.margin,
    "relevance": lambda read: read.relevance,
    "margin+relevance": lambda read: read.margin + read.relevance,
}
"""What may tell a passage that holds the answer from one that does not; higher: it does."""


def answer_scores(rows: Sequence[ReadRow], seed: int) -> dict[str, Estimate]:
    """How good the spans of the passages that tell are."""
    return {
        "f1": mean([share(row.f1) for row in rows], seed),
        "exact": mean([share(row.exact) for row in rows], seed),
    }


def accent_changes(rows: Sequence[ReadRow], seed: int) -> dict[str, Difference | None]:
    """How far the scores without accents lie above those with them, question by question."""
    typed, bare = ([row for row in rows if row.accents == accents] for accents in (True, False))
    return {
        "f1": paired_difference([row.f1 for row in typed], [row.f1 for row in bare], seed),
        "exact": paired_difference([row.exact for row in typed], [row.exact for row in bare], seed),
    }


def told_scores(rows: Sequence[ReadRow], untold: Untold, seed: int) -> dict[str, Estimate]:
    """For each signal the area under ROC of the passages that tell against those that do not."""
    pairs = [
        (row.own, one) for row in rows if (one := row.other if untold == "other" else row.hard) is not None
    ]

    def area(signal: Callable[[Read], float]) -> Estimate:
        told = np.array([signal(own) for own, _ in pairs])
        not_told = np.array([signal(one) for _, one in pairs])
        return resampled(lambda draw: roc_area(told[draw], not_told[draw]), len(pairs), seed, RESAMPLES)

    return {name: area(signal) for name, signal in SIGNALS.items()}


def search_changes(search: Retrieval, accents: bool, seed: int) -> dict[str, Difference | None]:
    """How far the search with the reader lies above the one without it, question by question."""
    ranks = {one.way: one.ranks for one in search.searched if one.accents == accents}
    return {
        name: paired_difference(
            [MEASURES[name](each) or 0.0 for each in ranks[WITHOUT_READER]],
            [MEASURES[name](each) or 0.0 for each in ranks[WITH_READER]],
            seed,
        )
        for name in CHANGES
    }


def extract_scores(rows: Sequence[ExtractRow], seed: int) -> dict[str, Estimate]:
    """How often an extract is shown, is right, and stands at the evidence."""
    return {
        "shown": mean([share(row.text is not None) for row in rows], seed),
        "right": mean([share(row.right) for row in rows], seed),
        "at_evidence": mean([share(row.at_evidence) for row in rows], seed),
    }


def worst(rows: Sequence[ReadRow], count: int) -> list[ReadRow]:
    """The rows with accents that share least with an accepted answer, of equal ones the surest first."""
    wrong = [row for row in rows if row.accents and row.f1 < 1]
    return sorted(wrong, key=lambda row: (row.f1, -row.own.margin))[:count]


def group_extracts(rows: Sequence[ExtractRow]) -> dict[str, list[ExtractRow]]:
    """The rows of each kind that occurs, in the order of ``KINDS``, other kinds after them, ``all`` at last."""
    groups: dict[str, list[ExtractRow]] = {kind: [] for kind in KINDS}
    for row in rows:
        groups.setdefault(row.question.kind, []).append(row)
    return {kind: members for kind, members in groups.items() if members} | {ALL: list(rows)}
