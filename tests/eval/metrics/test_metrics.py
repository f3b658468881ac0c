"""Every measure with its arithmetic by hand."""

from __future__ import annotations

import math

import pytest

from eval.metrics.answers import contained, exact_match, f1, holds, name_words, opening_verdict
from eval.metrics.intervals import Share, mcnemar, mean, paired_difference, quantile, resampled, share
from eval.metrics.language import language_leak
from eval.metrics.refusals import (
    answerable_auc,
    false_refusal,
    refusal_precision,
    refusal_recall,
    risk_coverage,
    risk_coverage_area,
)
from eval.metrics.retrieval import ndcg, recall_at_k, reciprocal_rank


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Anh Mạc Văn Tuyển, giáo viên Trường THCS Cổ Lâm", "anh mac van tuyen truong thcs co lam"),
        ("Vay của Quỹ hỗ trợ phát triển HTX tỉnh", "quy htx"),
        ("Hảo", ""),
        ("cuối dãy C, nhà B2", ""),
        ("", ""),
    ],
)
def test_the_words_of_names_have_a_capital_that_no_sentence_gives_them(text: str, words: str) -> None:
    assert name_words(text) == frozenset(words.split())


def test_recall_counts_the_evidence_above_k() -> None:
    assert recall_at_k([1, 4], 1) == 0.5
    assert recall_at_k([1, 4], 4) == 1.0
    assert recall_at_k([None, 3], 20) == 0.5
    assert recall_at_k([None], 20) == 0.0


def test_reciprocal_rank_looks_at_the_first_evidence_only() -> None:
    assert reciprocal_rank([4, 2]) == 0.5
    assert reciprocal_rank([10]) == 0.1
    assert reciprocal_rank([11]) == 0.0
    assert reciprocal_rank([None]) == 0.0


def test_ndcg_discounts_by_rank() -> None:
    assert ndcg([1]) == 1.0
    assert ndcg([3]) == pytest.approx(1 / math.log2(4))
    best = 1 + 1 / math.log2(3)
    assert ndcg([1, 3]) == pytest.approx((1 + 1 / math.log2(4)) / best)
    assert ndcg([1, None]) == pytest.approx(1 / best)


def test_ndcg_of_evidence_in_one_passage_is_not_above_one() -> None:
    assert ndcg([1, 1]) == pytest.approx(1.0)
    assert ndcg([10, 10]) == pytest.approx(1 / math.log2(11) / (1 + 1 / math.log2(3)))


def test_retrieval_is_undefined_without_evidence() -> None:
    assert recall_at_k([], 5) is None
    assert reciprocal_rank([]) is None
    assert ndcg([]) is None


def test_exact_match_ignores_case_punctuation_marks_and_tone_placement() -> None:
    assert exact_match("Ông Lê Hòa. [1]", [["ông Lê Hoà"]]) == 1.0
    assert exact_match("Ông Lê Hòa chủ trì", [["ông Lê Hoà"]]) == 0.0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3.772 ha", "3772 ha"),
        ("sáng ngày 25-6", "ngày 25 tháng 6"),
        ("4,3 tỷ đồng", "4.300 triệu đồng"),
        ("02 xã", "2 xã"),
        ("ngày 14/10/2020", "14-10"),
    ],
)
def test_values_are_equal_by_what_they_mean(text: str, expected: str) -> None:
    assert holds(text, expected)


def test_values_that_differ_are_not_equal() -> None:
    assert not holds("1,29%", "129%")
    assert not holds("đạt 1.982 hộ", "82 hộ")
    assert not holds("ngày 14/10/2019", "14/10/2020")


def test_f1_is_the_overlap_of_tokens() -> None:
    # said: kết nạp 82 đảng viên (5 tokens), expected: 82 đảng viên (3), shared 3: 2·3 / (5 + 3)
    assert f1("Kết nạp 82 đảng viên. [1]", [["82 đảng viên"]]) == pytest.approx(6 / 8)
    assert f1("không rõ", [["82 đảng viên"]]) == 0.0


def test_f1_takes_the_best_spelling_and_counts_a_repeated_token_once() -> None:
    assert f1("82", [["82 đảng viên", "82"]]) == 1.0
    # said: xã xã, expected: xã Khe Mây, shared 1: 2·1 / (2 + 3)
    assert f1("xã xã", [["xã Khe Mây"]]) == pytest.approx(2 / 5)


def test_an_answer_of_two_parts_needs_both() -> None:
    answers = [["Tân Vịnh"], ["30 triệu", "30 triệu đồng"]]
    assert contained("Xã Tân Vịnh, thưởng 30 triệu đồng.", answers) == 1.0
    assert contained("Xã Tân Vịnh.", answers) == 0.0
    # said: xã tân vịnh (3), expected: tân vịnh + 30 triệu; shared 2
    assert 0.0 < (f1("xã Tân Vịnh", answers) or 0.0) < 1.0


def test_contained_wants_whole_words_in_order() -> None:
    assert contained("ông Trần Văn An", [["Trần Văn A"]]) == 0.0
    assert contained("Văn Trần An", [["Trần Văn An"]]) == 0.0
    assert contained("Bí thư là ông Trần Văn An, sinh năm 1970.", [["Trần Văn An"]]) == 1.0


def test_an_absent_question_has_no_answer_scores() -> None:
    assert exact_match("82", []) is None
    assert f1("82", []) is None
    assert contained("82", []) is None


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Không, chỉ 12 xã đạt chuẩn. [1]", "no"),
        ("Chưa có văn bản trả lời. [1]", "no"),
        ("Không được mượn về nhà.", "no"),
        ("Sai, đó là xã Hải Niên.", "no"),
        ("Dạ không ạ.", "no"),
        ("Có, 5 hộ đã ký. [1]", "yes"),
        ("Đúng vậy, cầu dài 116 m.", "yes"),
        ("Đúng là cầu dài 116 m.", "yes"),
        ("Rồi.", "yes"),
        ("- **Phải**: vé 20.000 đồng.", "yes"),
        ("Có 12 xã đạt chuẩn.", None),
        ("Được công nhận năm 2018.", None),
        ("Đã có 402 doanh nghiệp nộp thuế.", None),
        ("Cả ba cơ sở chưa mua bảo hiểm.", None),
        ("", None),
    ],
)
def test_the_yes_or_no_of_an_answer_is_what_it_opens_with(text: str, verdict: str | None) -> None:
    assert opening_verdict(text) == verdict


def test_refusals_are_shares_of_the_right_denominator() -> None:
    # (refused, absent): a right refusal, a false one, an answered absent question, a right answer
    cases = [(True, True), (True, False), (False, True), (False, False)]
    assert mean([refusal_precision(*case) for case in cases], seed=1).value == 0.5
    assert mean([refusal_recall(*case) for case in cases], seed=1).value == 0.5
    assert mean([false_refusal(*case) for case in cases], seed=1).value == 0.5
    assert mean([refusal_precision(*case) for case in cases], seed=1).defined == 2


def test_risk_coverage_takes_the_surest_first() -> None:
    outcomes = [(0.9, True), (0.5, False), (None, False), (0.7, True)]
    assert risk_coverage(outcomes) == [(0.25, 0.0), (0.5, 0.0), (0.75, pytest.approx(1 / 3))]
    assert risk_coverage_area(outcomes) == pytest.approx((0 + 0 + 1 / 3) / 3)
    assert risk_coverage_area([(None, True)]) is None


def test_risk_coverage_does_not_depend_on_the_order_within_a_tie() -> None:
    # two of equal confidence, one wrong: half an error after the first, one after the second
    expected = [(0.5, 0.5), (1.0, 0.5)]
    assert risk_coverage([(0.5, True), (0.5, False)]) == expected
    assert risk_coverage([(0.5, False), (0.5, True)]) == expected


def test_the_told_area_is_how_often_the_told_question_has_the_higher_probability() -> None:
    # pairs (told, untold): 0.9 beats 0.3 and 0.9 ties (half); 0.6 beats 0.3, loses to 0.9: 2.5 / 4
    outcomes = [(0.9, True), (0.6, True), (0.3, False), (0.9, False)]
    assert answerable_auc(outcomes) == pytest.approx(2.5 / 4)
    assert answerable_auc([(0.9, True), (0.3, True)]) is None


def test_language_leaks() -> None:
    asked = "Ai chủ trì hội nghị?"
    assert language_leak(asked, "Đồng chí Trần Văn An chủ trì.") is None
    assert language_leak(asked, "Trần Văn An 主持会议") is not None
    assert language_leak(asked, "The meeting was chaired by the district leader.") == "unaccented"
    assert language_leak("Bao nhiêu?", "82 ha") is None
    assert language_leak(asked, "Hệ số α bằng 2 μm.") is None
    assert language_leak("Who chaired it?", "It was chaired by the district leader.") is None


def test_a_mean_leaves_out_what_is_undefined_and_counts_it() -> None:
    estimate = mean([share(1.0), share(None), share(0.0), share(1.0)], seed=3)
    assert estimate.value == pytest.approx(2 / 3)
    assert (estimate.defined, estimate.total) == (3, 4)
    assert estimate.low is not None and estimate.high is not None
    assert 0.0 <= estimate.low <= 2 / 3 <= estimate.high <= 1.0


def test_a_mean_weighs_by_denominator() -> None:
    # 1 of 4 sentences, 1 of 1: 2 / 5
    assert mean([Share(1, 4), Share(1, 1)], seed=1).value == pytest.approx(0.4)


def test_an_undefined_mean_is_none() -> None:
    estimate = mean([share(None), share(None)], seed=1)
    assert (estimate.value, estimate.low, estimate.high, estimate.defined) == (None, None, None, 0)
    assert mean([], seed=1).value is None


def test_intervals_are_seeded_and_narrow_with_more_questions() -> None:
    few = mean([share(1.0), share(0.0)] * 10, seed=5)
    many = mean([share(1.0), share(0.0)] * 500, seed=5)
    assert few == mean([share(1.0), share(0.0)] * 10, seed=5)
    assert (many.high or 1) - (many.low or 0) < (few.high or 0) - (few.low or 1)
    # 1.96 · √(0.25 / 1000) = 0.031 either side
    assert many.low == pytest.approx(0.469, abs=0.01)


def test_quantile_of_known_seconds() -> None:
    assert quantile([1.0, None, 3.0, 2.0], 0.5, seed=1).value == 2.0
    assert quantile([None], 0.5, seed=1).value is None


def test_resampled_takes_any_statistic() -> None:
    values = [0.0, 1.0, 2.0, 3.0]
    estimate = resampled(max, values, seed=1)
    assert estimate.value == 3.0
    assert estimate.high == 3.0
    assert resampled(lambda drawn: None, values, seed=1).value is None


def test_mcnemar_is_the_binomial_test_of_the_changed_questions() -> None:
    assert mcnemar(0, 0) == 1.0
    assert mcnemar(3, 3) == 1.0
    # 0 of 5: 2 / 2⁵
    assert mcnemar(0, 5) == pytest.approx(2 / 32)
    # at most 1 of 8: 2 · (1 + 8) / 2⁸
    assert mcnemar(1, 7) == pytest.approx(18 / 256)
    assert mcnemar(7, 1) == mcnemar(1, 7)


def test_paired_difference() -> None:
    none = paired_difference([1.0, 0.0, 1.0], [1.0, 0.0, 1.0], seed=1)
    assert none is not None
    assert (none.value, none.low, none.high, none.p) == (0.0, 0.0, 0.0, 1.0)
    gain = paired_difference([0.0] * 30, [1.0, 0.0] * 15, seed=1)
    assert gain is not None
    assert gain.value == 0.5
    assert gain.low > 0
    assert gain.p < 0.01
    assert paired_difference([], [], seed=1) is None


def test_ten_of_ten_is_not_certainty() -> None:
    # Wilson for n = 10: z^2 / (n + z^2) = 3.8416 / 13.8416
    all_right = mean([share(1.0)] * 10, seed=1)
    assert (all_right.value, all_right.low, all_right.high) == (
        1.0,
        pytest.approx(1 - 0.27754, abs=1e-4),
        1.0,
    )
    none = mean([share(0.0)] * 10, seed=1)
    assert (none.value, none.low, none.high) == (0.0, 0.0, pytest.approx(0.27754, abs=1e-4))
