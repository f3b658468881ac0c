"""What changed from one run to another, question by question, and whether it can be chance."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from eval.metrics.intervals import Difference, mcnemar, paired_difference
from eval.schema import Question, Row, System

MEASURES: Mapping[str, Callable[[Row], float | None]] = {
    "found": lambda row: row.scores.found,
    "right": lambda row: row.scores.right,
    "marked_wrong": lambda row: row.scores.marked_wrong,
    "cited": lambda row: row.scores.cited,
    "refused": lambda row: row.reply.refused,
    "quoted": lambda row: row.reply.quoted,
    "short_f1": lambda row: row.scores.short_f1,
    "seconds": lambda row: row.reply.seconds_total,
}
"""What is compared; a question counts where both runs have the measure."""

YES_OR_NO = frozenset({"found", "right", "marked_wrong", "cited", "refused", "quoted"})


@dataclass(frozen=True, slots=True)
class Change:
    """One measure in two runs: the means over the shared questions, their difference and its p.

    ``p`` is McNemar's for a yes-or-no measure and the paired bootstrap's for another.  ``gained`` and
    ``lost`` count the questions whose value rose and fell.
    """

    measure: str
    first: float
    second: float
    difference: Difference
    p: float
    gained: int
    lost: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two systems over their shared questions; a changed row is (first, second), in the order of the first."""

    questions: int
    left_out: int
    changes: tuple[Change, ...]
    now_right: tuple[tuple[Row, Row], ...]
    now_wrong: tuple[tuple[Row, Row], ...]
    other_stage: tuple[tuple[Row, Row], ...]


def compare(first: System, second: System, seed: int) -> Comparison:
    """Compare two systems on the questions that both were asked; equal ids with other wording do not count."""
    later = {row.question.id: row for row in second.rows}
    pairs = [
        (row, later[row.question.id])
        for row in first.rows
        if row.question.id in later and _same_question(row, later[row.question.id])
    ]
    changes = (_change(measure, value, pairs, seed) for measure, value in MEASURES.items())
    return Comparison(
        questions=len(pairs),
        left_out=len(first.rows) + len(second.rows) - 2 * len(pairs),
        changes=tuple(change for change in changes if change is not None),
        now_right=tuple((a, b) for a, b in pairs if b.scores.right and not a.scores.right),
        now_wrong=tuple((a, b) for a, b in pairs if a.scores.right and not b.scores.right),
        other_stage=tuple(
            (a, b)
            for a, b in pairs
            if not (a.scores.right or b.scores.right) and a.scores.stage != b.scores.stage
        ),
    )


def _same_question(row: Row, other: Row) -> bool:
    a, b = row.question, other.question
    return (_wording(a), a.answers, a.evidence) == (_wording(b), b.answers, b.evidence)


def _wording(question: Question) -> tuple[str, ...]:
    """What is asked, in full where it is known: so that a follow-up can be compared with itself in full."""
    return (question.standalone_text,) if question.standalone else (*question.follows, question.text)


def _change(
    measure: str, value: Callable[[Row], float | None], pairs: list[tuple[Row, Row]], seed: int
) -> Change | None:
    values = [(value(a), value(b)) for a, b in pairs]
    known = [(float(a), float(b)) for a, b in values if a is not None and b is not None]
    difference = paired_difference([a for a, _ in known], [b for _, b in known], seed)
    if difference is None:
        return None
    gained, lost = sum(b > a for a, b in known), sum(a > b for a, b in known)
    return Change(
        measure=measure,
        first=sum(a for a, _ in known) / len(known),
        second=sum(b for _, b in known) / len(known),
        difference=difference,
        p=mcnemar(lost, gained) if measure in YES_OR_NO else difference.p,
        gained=gained,
        lost=lost,
    )
