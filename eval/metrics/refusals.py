"""Whether the assistant refuses what the corpus does not tell, and only that.

Refusing is treated as finding the questions that cannot be answered, as in SQuAD 2.0 (Rajpurkar et al. 2018):
precision and recall have the usual meaning (van Rijsbergen 1979).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from eval.metrics.intervals import Share


def refusal_precision(refused: bool, absent: bool) -> Share:
    """Share of the refusals that were right; undefined for a question that was answered."""
    return Share(float(refused and absent), float(refused))


def refusal_recall(refused: bool, absent: bool) -> Share:
    """Share of the unanswerable questions that were refused; undefined for one that can be answered."""
    return Share(float(refused and absent), float(absent))


def false_refusal(refused: bool, absent: bool) -> Share:
    """Share of the answerable questions that were refused; undefined for one that cannot be answered."""
    return Share(float(refused and not absent), float(not absent))


def risk_coverage(outcomes: Sequence[tuple[float | None, bool]]) -> list[tuple[float, float]]:
    """The risk-coverage curve (El-Yaniv and Wiener 2010): (coverage, risk) for each number of questions answered.

    An outcome is the confidence (``None``: refused, so never covered) and whether the answer was right.  The
    surest answers are taken first; coverage is their share of all questions, risk the share of wrong ones
    among them.  Equal confidences are taken in every order at once: the errors are spread over the tie.
    """
    answered = sorted(
        ((confidence, right) for confidence, right in outcomes if confidence is not None), reverse=True
    )
    curve: list[tuple[float, float]] = []
    errors, taken = 0.0, 0
    for _, group in groupby(answered, key=lambda outcome: outcome[0]):
        tie = [right for _, right in group]
        wrong = tie.count(False) / len(tie)
        for _ in tie:
            taken += 1
            errors += wrong
            curve.append((taken / len(outcomes), errors / taken))
    return curve


def risk_coverage_area(outcomes: Sequence[tuple[float | None, bool]]) -> float | None:
    """Mean risk over the coverages reached (AURC, Geifman et al. 2019), lower is better; ``None``: none answered."""
    curve = risk_coverage(outcomes)
    return sum(risk for _, risk in curve) / len(curve) if curve else None


def answerable_auc(outcomes: Sequence[tuple[float, bool]]) -> float | None:
    """Area under the ROC curve of (probability of being answerable, whether it is): 0.5 by chance.

    It is how often an answerable question has the higher one of two, a tie counting half (Hanley and McNeil 1982).
    ``None`` without one of each.
    """
    from sklearn.metrics import roc_auc_score

    answerable = [is_answerable for _, is_answerable in outcomes]
    if len(set(answerable)) < 2:
        return None
    return float(roc_auc_score(answerable, [probability for probability, _ in outcomes]))
