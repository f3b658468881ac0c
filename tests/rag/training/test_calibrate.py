"""When to answer, fitted on what was read."""

from __future__ import annotations

import numpy as np

from rag.training.calibrate import Row, fit, threshold


def rows(count: int, seed: int) -> list[Row]:
    """Questions that are told where ``clear`` is large; ``against`` is its opposite and ``idle`` noise."""
    rng = np.random.default_rng(seed)
    found = []
    for number in range(count):
        clear, idle = rng.normal(), rng.normal()
        answerable = bool(rng.random() < 1 / (1 + np.exp(-(2 * clear + 1))))
        found.append(
            Row(
                f"q{number}",
                "fact",
                answerable,
                {"clear": clear, "against": -clear + rng.normal(), "idle": idle},
            )
        )
    return found


def test_what_speaks_for_being_told_is_learnt_and_nothing_speaks_against_it() -> None:
    fitted = fit(rows(1500, 1))
    assert 1.6 < fitted.weights["clear"] < 2.4
    assert fitted.weights["against"] == 0
    assert 0 <= fitted.weights["idle"] < 0.2
    assert 0.7 < fitted.bias < 1.3


def test_the_probability_of_a_question_comes_from_the_others_and_is_as_often_right() -> None:
    asked = rows(1500, 2)
    fitted = fit(asked)
    answerable = np.array([row.answerable for row in asked])
    likely = (fitted.probabilities > 0.7) & (fitted.probabilities < 0.9)
    assert abs(answerable[likely].mean() - fitted.probabilities[likely].mean()) < 0.06


def test_a_share_of_the_told_questions_lies_below_a_threshold() -> None:
    probabilities = np.linspace(0, 1, 101)
    answerable = np.ones(101, bool)
    assert threshold(probabilities, answerable, 0.05) == 0.05
