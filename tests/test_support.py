"""The tests of support against hand labels: what the pairs are, and how agreement is counted."""

from __future__ import annotations

from collections import Counter

import pytest

from eval.metrics.support import supports
from eval.support import SCORES, Pair, agree, best_threshold, confusions, kappa, main, read_pairs
from rag.support import content_syllables, name_syllables


def test_there_are_a_hundred_pairs_in_equal_halves() -> None:
    pairs = read_pairs()
    assert len({pair.id for pair in pairs}) == 100
    assert Counter((pair.split, pair.supported) for pair in pairs) == {
        ("dev", True): 20, ("dev", False): 30, ("test", True): 20, ("test", False): 30,
    }  # fmt: skip
    assert {pair.manner for pair in pairs if pair.supported} == {"copy", "paraphrase"}


def test_kappa_is_agreement_beyond_chance() -> None:
    # 3 of 4 agree; by chance 1/2 * 3/4 + 1/2 * 1/4 = 1/2; (3/4 - 1/2) / (1 - 1/2) = 1/2
    assert kappa([True, True, False, False], [True, True, True, False]) == pytest.approx(0.5)
    assert kappa([True, False], [True, False]) == 1.0
    assert kappa([True, True], [True, True]) == 0.0


def test_agreement_precision_and_recall() -> None:
    found = agree([0.9, 0.8, 0.4, 0.1], [True, False, True, False], 0.5, seed=1)
    assert (found.agreement.value, found.precision.value, found.recall.value) == (0.5, 0.5, 0.5)
    assert found.kappa == 0.0
    nothing = agree([0.1], [True], 0.5, seed=1)
    assert (nothing.precision.value, nothing.recall.value) == (None, 0.0)


def test_the_threshold_is_the_one_with_the_highest_kappa() -> None:
    scores, labels = [0.9, 0.8, 0.62, 0.4], [True, True, False, False]
    assert best_threshold(scores, labels, present=0.5) == 0.65
    assert best_threshold(scores, labels, present=0.8) == 0.8


def test_confusions_are_counted_by_manner() -> None:
    pairs = [Pair("1", "dev", "copy", True, "", "", "", ""), Pair("2", "dev", "half", False, "", "", "", "")]
    assert confusions(pairs, [True, True]) == {"copy": (1, 1, 1), "half": (1, 0, 1)}


@pytest.mark.parametrize(
    ("text", "sentence", "supported"),
    [
        ("Cả ba cơ sở đều chưa mua bảo hiểm.", "Cả ba cơ sở đều đã mua bảo hiểm.", False),
        ("Cả ba cơ sở đều đã mua bảo hiểm.", "Cả ba cơ sở đều chưa mua bảo hiểm.", False),
        ("Cả ba cơ sở đều chưa mua bảo hiểm.", "Ba cơ sở chưa mua bảo hiểm.", True),
        ("Xã này không đạt, xã kia đạt chuẩn sớm.", "Xã kia đạt chuẩn sớm.", True),
        ("Quốc doanh nộp 74,8 tỷ đồng; lệ phí 39,6 tỷ đồng.", "Quốc doanh nộp 39,6 tỷ đồng.", False),
        ("Quốc doanh nộp 74,8 tỷ đồng; lệ phí 39,6 tỷ đồng.", "Quốc doanh nộp 74,8 tỷ đồng.", True),
        ("Quốc doanh nộp 74,8 tỷ đồng; lệ phí 39,6 tỷ đồng.", "Quốc doanh nộp 74,8 tỷ đồng, lệ phí 39,6 tỷ.", True),
        ("Quốc doanh nộp 8 tỷ đồng; lệ phí 9 tỷ đồng. Sau đó quốc doanh nộp 9 tỷ.", "Quốc doanh nộp 9 tỷ đồng.", True),
        ("Năm 2021, giá lúa giảm; năm 2019 dịch làm hàng ế.", "Năm 2021 dịch làm hàng ế.", True),
    ],
)  # fmt: skip
def test_a_text_that_says_otherwise_supports_nothing(text: str, sentence: str, supported: bool) -> None:
    assert supports(text, sentence) is supported


@pytest.mark.parametrize(("name", "kappa", "recall"), [("scoring", 0.25, 0.75), ("marks", 0.3, 0.95)])
def test_the_tests_are_no_worse_than_recorded(name: str, kappa: float, recall: float) -> None:
    pairs = [pair for pair in read_pairs() if pair.split == "test"]
    ((score, threshold),) = (one for key, one in SCORES.items() if key.startswith(name))
    found = agree([score(pair) for pair in pairs], [pair.supported for pair in pairs], threshold)
    assert found.kappa >= kappa
    assert found.recall.value is not None and found.recall.value >= recall


def test_names_and_content_are_read_from_a_sentence() -> None:
    sentence = "Ngày 25/6, ông Trần An gặp UBND huyện."
    assert name_syllables(sentence) == {"trần", "an", "ủy", "ban", "nhân", "dân"}
    assert content_syllables(sentence) == {"ngày", "trần", "an", "gặp", "ủy", "ban", "nhân", "dân", "huyện"}
    assert name_syllables("82.") == set()


def test_the_command_prints_both_tests(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--wrong"]) == 0
    told = capsys.readouterr().out
    assert all(name in told for name in SCORES)
    assert "negation" in told and "\n  " in told
