from __future__ import annotations

import pytest
from fakes import FakeEncoder

from eval.calibrate import Sample, Without, fit, fit_refusals, tellers, threshold
from eval.schema import Evidence, Question
from index.store import Store
from rag.abstain import Logistic, load_calibration

ROWS = [
    {"good": value, "noise": 0.5 - (place % 2)} for place, value in enumerate((0.1, 0.2, 0.3, 0.7, 0.8, 0.9))
]
TOLD = [False, False, False, True, True, True]


def test_the_feature_that_tells_gets_the_weight() -> None:
    weights, bias = fit(ROWS, TOLD, ("good", "noise"))
    assert weights["good"] > 5 * abs(weights["noise"])
    model = Logistic(weights=weights, bias=bias, threshold=0.5)
    assert [model.probability(row) > 0.5 for row in ROWS] == TOLD


def test_the_threshold_refuses_at_most_so_many_of_the_answerable() -> None:
    model = Logistic(weights={"good": 10}, bias=-5, threshold=0)
    kept = threshold(model, ROWS[3:], 1)
    # One of the three answerable questions (0.7, 0.8, 0.9) may be refused: the bound lies just under 0.8.
    assert model.probability({"good": 0.7}) < kept < model.probability({"good": 0.8})
    assert threshold(model, ROWS[3:], 0) < model.probability({"good": 0.7})


def test_the_budget_of_false_refusals_goes_to_the_model_that_tells_more() -> None:
    told = [number % 2 == 0 for number in range(80)]
    # What is written tells all but two of the answerable questions from the absent ones, the evidence tells nothing.
    evidence = [{"lexical": number % 7 / 7, "dense": 0.8, "above": 0.1, "named": 1.0} for number in range(80)]
    support = [0.9 if is_told and number > 2 else 0.1 for number, is_told in enumerate(told)]
    features = [
        row | {"supported": 1.0, "support": share, "logprob": -0.2, "cited": 1.0}
        for row, share in zip(evidence, support, strict=True)
    ]
    said = [number != 5 for number in range(80)]
    found = fit_refusals(features, said, told, None)
    refused = [
        found.evidence.probability(row) < found.evidence.threshold
        or found.support.probability(row) < found.support.threshold
        for row in features
    ]
    assert sum(refused[0::2]) <= 2
    assert sum(refused[1::2]) == 40


def test_a_probability_is_the_logistic_function() -> None:
    assert Logistic(weights={"x": 2}, bias=-1, threshold=0).probability({"x": 0.5}) == pytest.approx(0.5)


def test_articles_are_left_out_of_the_search(store: Store) -> None:
    retriever = Without(store, FakeEncoder())
    question = "Huyện Kim Liên kết nạp bao nhiêu đảng viên mới?"
    assert retriever.search(question, 2)[0].chunk.article.id == "kim-lien.txt"
    retriever.left_out = frozenset({"kim-lien.txt"})
    hits = retriever.search(question, 2)
    assert len(hits) == 2
    assert "kim-lien.txt" not in {hit.chunk.article.id for hit in hits}


def test_every_answerable_question_is_asked_with_its_articles_and_without(store: Store) -> None:
    quote = "toàn huyện kết nạp 82 đảng viên mới"
    unnamed = Question("1", "fact", "dev", "Kết nạp bao nhiêu?", (("82",),), (Evidence("", quote),))
    named = Question(
        "2", "fact", "dev", "Cầu dài mấy mét?", (("120 m",),), (Evidence("cau.txt", "dài 120 m"),)
    )
    absent = Question("3", "absent", "dev", "Fansipan cao bao nhiêu?", ())
    retriever = Without(store, FakeEncoder())
    assert tellers(retriever, unnamed) == {"kim-lien.txt"}
    sample = Sample.of(retriever, [unnamed, named, absent])
    asked = [(case.question.id, case.told, retriever.left_out) for case in sample]
    assert asked == [
        ("1", True, frozenset()),
        ("2", True, frozenset()),
        ("3", False, frozenset()),
        ("1", False, {"kim-lien.txt"}),
        ("2", False, {"cau.txt"}),
    ]
    assert retriever.left_out == frozenset()


@pytest.mark.parametrize("reader", [False, True])
def test_the_kept_coefficients_can_be_used(reader: bool) -> None:
    calibration = load_calibration(reader=reader)
    assert (calibration.extract is not None) == reader
    assert 0 < calibration.evidence.threshold < 1
    assert 0 < calibration.support.threshold < 1
