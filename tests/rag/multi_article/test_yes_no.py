"""A question of yes or no gets yes, no with what stands there, or what stands nearest."""

from __future__ import annotations

import pytest
from fakes import FakeReader
from several_maker import CALIBRATION, article, reading_of

from index.schema import Article
from rag.multi_article.answers.yes_no import answer_yes_no, yes_no_claim
from rag.reader.calibrated_reader import CalibratedReader
from rag.reader.calibration import Calibration

REPORT = article("a", "Bình Thạch xây dựng nông thôn mới", "Xã Bình Thạch đã đạt 14 tiêu chí nông thôn mới.")


@pytest.mark.parametrize(
    ("question", "claim"),
    [
        ("Có phải huyện Ba Sen đã đạt chuẩn năm 2019?", "Huyện Ba Sen đã đạt chuẩn năm 2019."),
        ("Có phải huyện Ba Sen đã đạt chuẩn không?", "Huyện Ba Sen đã đạt chuẩn."),
        ("Xã Bình Thạch đã đạt chuẩn nông thôn mới chưa?", "Xã Bình Thạch đã đạt chuẩn nông thôn mới."),
        ("Trạm có 17 công nhân phải không?", "Trạm có 17 công nhân."),
        ("Khối 9 có học hai buổi/ngày không?", "Khối 9 học hai buổi/ngày."),
        ("Ở Lâm Khê có ai chết không?", "Ở Lâm Khê ai chết."),
        ("Doanh nghiệp nào đã nhận lời chưa?", "Doanh nghiệp nào đã nhận lời."),
        ("Trường có bao nhiêu lớp?", None),
        ("Ai là chủ tịch xã?", None),
        ("Vì sao dân chưa được đền bù?", None),
    ],
)
def test_what_is_asked_to_be_confirmed(question: str, claim: str | None) -> None:
    assert yes_no_claim(question) == claim


def said(
    question: str,
    verdicts: dict[str, float] | None = None,
    told: Article = REPORT,
    calibration: Calibration = CALIBRATION,
) -> tuple[str, str]:
    reader = FakeReader(verdicts)
    answer = answer_yes_no(reading_of(question, told), CalibratedReader(reader, calibration))
    assert answer is not None
    return answer[0].text.split("\n")[0], answer[1]


def test_yes_where_the_judge_and_the_values_say_so() -> None:
    assert said("Xã Bình Thạch đã đạt 14 tiêu chí nông thôn mới phải không?") == ("Đúng vậy. [1]", "sure")


def test_no_where_the_sentence_tells_another_value() -> None:
    claim = "Xã Bình Thạch đã đạt 19 tiêu chí nông thôn mới."
    assert said(f"{claim[:-1]} phải không?", {claim: 0.5}) == ("Không, bài viết nêu khác. [1]", "sure")


def test_a_value_that_does_not_stand_there_is_never_confirmed() -> None:
    claim = "Xã Bình Thạch đã đạt 19 tiêu chí nông thôn mới."
    assert said(f"{claim[:-1]} phải không?", {claim: 0.99})[0] != "Đúng vậy. [1]"


def test_only_perhaps_no_where_nothing_but_the_judge_denies_it() -> None:
    claim = "Xã Bình Thạch đã được công nhận đạt chuẩn nâng cao."
    assert said(f"{claim[:-1]} chưa?", {claim: 0.2}) == ("Có lẽ không, bài viết nêu: [1]", "perhaps")


def test_neither_where_the_judge_denies_what_the_sentence_has_all_words_of() -> None:
    claim = "Xã Bình Thạch đã đạt nông thôn mới."
    assert said(f"{claim[:-1]} chưa?", {claim: 0.2}) == ("Về điều này, bài viết nêu: [1]", "sure")


@pytest.mark.parametrize("supported", [0.45, 0.6])
def test_likely_where_the_sentence_has_all_words_and_the_judge_is_not_sure(supported: float) -> None:
    told = article("a", "Lọc máu ở Hà Phong", "Người bệnh cấp cứu được lọc máu cả ngày chủ nhật.")
    claim = "Người bệnh cấp cứu được lọc máu ngày chủ nhật."
    question = "Người bệnh cấp cứu có được lọc máu ngày chủ nhật không?"
    assert said(question, {claim: supported}, told) == ("Có lẽ đúng, bài viết nêu: [1]", "perhaps")


@pytest.mark.parametrize("supported", [0.1, 0.5, 0.9])
def test_no_where_the_sentence_denies_it_in_so_many_words(supported: float) -> None:
    told = article("a", "Tuyển sinh lớp 10", "Nhà trường không nhận hồ sơ qua bưu điện.")
    claim = "Nhà trường nhận hồ sơ qua bưu điện."
    question = "Nhà trường có nhận hồ sơ qua bưu điện không?"
    assert said(question, {claim: supported}, told) == ("Không, bài viết nêu khác. [1]", "sure")


def test_the_judge_alone_denies_no_number_that_stands_in_words() -> None:
    told = article("a", "Trạm thủy nông", "Trạm thủy nông có mười bảy công nhân.")
    assert said(
        "Trạm thủy nông có 17 công nhân phải không?", {"Trạm thủy nông có 17 công nhân.": 0.1}, told
    ) == (
        "Về điều này, bài viết nêu: [1]",
        "sure",
    )


def test_what_stands_there_where_the_judge_is_not_sure() -> None:
    claim = "Xã Bình Thạch đã được công nhận đạt chuẩn nâng cao."
    assert said(f"{claim[:-1]} chưa?", {claim: 0.5}) == ("Về điều này, bài viết nêu: [1]", "sure")


def test_what_stands_nearest_where_the_reader_is_not_sure_either() -> None:
    claim = "Xã Bình Thạch đã đạt nông thôn mới."
    doubting = CALIBRATION.model_copy(update={"sure": 0.9999, "perhaps": 0.3})
    nearest = "Bài viết không nêu rõ điều này. Câu gần nhất: [1]"
    assert said(f"{claim[:-1]} chưa?", {claim: 0.5}, calibration=doubting) == (nearest, "perhaps")


@pytest.mark.parametrize(
    ("sentence", "claim"),
    [
        ("Trẻ dưới 6 tuổi được khám miễn phí.", "Trẻ 4 tuổi được khám miễn phí."),
        ("Trẻ từ 6 tuổi trở lên được khám miễn phí.", "Trẻ 9 tuổi được khám miễn phí."),
        ("Xã Bình Thạch còn 3,1% hộ nghèo.", "Xã Bình Thạch còn dưới 4% hộ nghèo."),
        (
            "Công nhân quay lại trong vòng 12 tháng không phải thử việc.",
            "Công nhân quay lại sau 8 tháng không phải thử việc.",
        ),
    ],
)
def test_a_value_within_a_limit_is_no_other_value(sentence: str, claim: str) -> None:
    line, _ = said(f"{claim[:-1]} phải không?", {claim: 0.5}, article("a", "Quy định", sentence))
    assert line == "Về điều này, bài viết nêu: [1]"
