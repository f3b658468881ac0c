"""Rows become scores: every measure over all questions and by kind, with its interval."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from eval.metrics.intervals import UNDEFINED, Estimate, Share, mean, quantile, resampled, share
from eval.metrics.refusals import (
    answerable_auc,
    false_refusal,
    refusal_precision,
    refusal_recall,
    risk_coverage_area,
)
from eval.metrics.retrieval import ndcg, recall_at_k, reciprocal_rank
from eval.schema import KINDS, STAGES, Row, Stage
from rag.schema import Manner

Summary: TypeAlias = Mapping[str, Estimate]
"""Scores by the id of their measure."""

RECALL_DEPTHS = (1, 2, 3, 5, 10, 20)
MANNERS: tuple[Manner, ...] = ("sure", "perhaps", "not_told")
ALL = "all"


Value: TypeAlias = Callable[[Row], float | None]
Condition: TypeAlias = Callable[[Row], bool]


def _where(condition: Condition, value: Value) -> Callable[[Row], Share]:
    """A measure of the rows of which a condition holds, undefined for the others."""
    return lambda row: share(value(row)) if condition(row) else UNDEFINED


def _refusal(measure: Callable[[bool, bool], Share]) -> Callable[[Row], Share]:
    return lambda row: measure(row.reply.refused, row.question.absent)


def _ranks(measure: Callable[[Sequence[int | None], int], float | None], k: int) -> Callable[[Row], Share]:
    return _where(lambda row: row.scores.searches, lambda row: measure(row.scores.ranks, k))


def _manner(manner: Manner) -> Callable[[Row], Share]:
    return _where(lambda row: row.reply.manner is not None, lambda row: row.reply.manner == manner)


def _right_when(manner: Manner) -> Callable[[Row], Share]:
    return _where(lambda row: row.reply.manner == manner, lambda row: row.scores.right)


def _citations_right(row: Row) -> Share:
    right = row.scores.citations_right
    return UNDEFINED if right is None else Share(float(right), float(len(row.reply.quotes)))


MEASURES: Mapping[str, Callable[[Row], Share]] = {
    "found": lambda row: share(row.scores.found),
    "right": lambda row: share(row.scores.right),
    "marked_wrong": lambda row: share(row.scores.marked_wrong),
    "stated_wrong": lambda row: share(row.scores.marked_wrong and row.reply.manner != "perhaps"),
    "cited": lambda row: share(row.scores.cited),
    "citations_right": _citations_right,
    "refused": lambda row: share(row.reply.refused),
    **{f"recall@{k}": _ranks(recall_at_k, k) for k in RECALL_DEPTHS},
    "mrr@10": _ranks(reciprocal_rank, 10),
    "ndcg@10": _ranks(ndcg, 10),
    "short_exact": lambda row: share(row.scores.short_exact),
    "short_f1": lambda row: share(row.scores.short_f1),
    **{manner: _manner(manner) for manner in MANNERS},
    "sure_right": _right_when("sure"),
    "perhaps_right": _right_when("perhaps"),
    "quoted": _where(lambda row: row.reply.manner == "sure", lambda row: row.reply.quoted),
    "misses_refused": _where(
        lambda row: row.question.absent and row.question.kind != "far", lambda row: row.reply.refused
    ),
    "refusal_precision": _refusal(refusal_precision),
    "refusal_recall": _refusal(refusal_recall),
    "false_refusals": _refusal(false_refusal),
    "leaks": _where(lambda row: not row.reply.refused, lambda row: row.scores.leak is not None),
    "failed": lambda row: share(row.reply.error is not None),
    "words": _where(
        lambda row: not (row.reply.refused or row.reply.error), lambda row: len(row.reply.text.split())
    ),
    "prompt_tokens": lambda row: share(row.reply.prompt_tokens or None),
    "output_tokens": lambda row: share(row.reply.output_tokens or None),
}
"""What one question adds to each measure that is an average over questions."""

TIMES: Mapping[str, Callable[[Row], float | None]] = {
    "retrieve": lambda row: row.reply.seconds_retrieve,
    "first": lambda row: row.reply.seconds_first,
    "total": lambda row: row.reply.seconds_total,
}
"""Wall-clock seconds of a row; their measures are ``<id>_p50`` and ``<id>_p95``."""


def summarise(rows: Sequence[Row], seed: int) -> Summary:
    """Every measure over these rows."""
    scores = {name: mean([measure(row) for row in rows], seed) for name, measure in MEASURES.items()}
    for name, seconds in TIMES.items():
        values = [seconds(row) for row in rows]
        scores[f"{name}_p50"] = quantile(values, 0.5, seed)
        scores[f"{name}_p95"] = quantile(values, 0.95, seed)
    scores["aurc"] = resampled(risk_coverage_area, outcomes(rows), seed)
    answerable = [
        (answered.reply.probability, not answered.question.absent)
        for answered in rows
        if answered.reply.probability is not None
    ]
    scores["told_auroc"] = resampled(answerable_auc, answerable, seed)
    return scores


def by_kind(rows: Sequence[Row], seed: int) -> dict[str, Summary]:
    """The summary of each kind, in the order of ``KINDS`` and then of the file, and of ``all`` at last."""
    return {kind: summarise(members, seed) for kind, members in group_by_kind(rows).items()} | {
        ALL: summarise(rows, seed)
    }


def group_by_kind(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """The rows of each kind that occurs, in the order of ``KINDS``, other kinds after them."""
    groups: dict[str, list[Row]] = {kind: [] for kind in KINDS}
    for row in rows:
        groups.setdefault(row.question.kind, []).append(row)
    return {kind: members for kind, members in groups.items() if members}


def count_stages(rows: Sequence[Row]) -> dict[Stage, int]:
    """How many rows ended at each stage that any ended at, in the order of ``STAGES``."""
    counts = Counter(row.scores.stage for row in rows)
    return {stage: counts[stage] for stage in STAGES if counts[stage]}


def outcomes(rows: Sequence[Row]) -> list[tuple[float | None, bool]]:
    """Confidence and rightness of each row, for the risk-coverage curve; a failed row counts as not covered."""
    return [(row.scores.confidence, row.scores.right) for row in rows]
