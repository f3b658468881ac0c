"""Ages, time spans, the most and the least, and what is left are calculated and shown, never guessed."""

from __future__ import annotations

from datetime import date

import pytest
from fakes import FakeReader
from several_maker import CALIBRATION, answered, article, reading_of, report, text_of

from rag.multi_article.answer import answer_several
from rag.reader.calibrated_reader import CalibratedReader

KHOAT = "Ông Đoàn Minh Khoát sinh năm 1976, quê ở xã Bình Thạch."


def lead(question: str, *sentences: str, day: date | None = None) -> str:
    """The first line of the answer from articles of one sentence each."""
    articles = [article(f"{number}", "Tin địa phương", text, day) for number, text in enumerate(sentences, 1)]
    return text_of(question, *articles).split("\n")[0]


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("Năm 2020 ông Đoàn Minh Khoát bao nhiêu tuổi?", "44 tuổi: 2020 − 1976 = 44. [1]"),
        ("Ông Đoàn Minh Khoát năm nay mấy tuổi?", "48 tuổi: 2024 − 1976 = 48. [1]"),
    ],
)
def test_an_age_is_counted_from_the_year_of_birth(question: str, told: str) -> None:
    assert lead(question, KHOAT) == told


def test_an_age_is_counted_on_from_the_age_that_an_article_tells() -> None:
    told = lead(
        "Năm 2023 bà Hà Thị Nhung bao nhiêu tuổi?",
        "Bà Hà Thị Nhung, 45 tuổi, trồng chè.",
        day=date(2020, 3, 1),
    )
    assert told == "48 tuổi: năm 2020 45 tuổi, 45 + 3 = 48. [1]"


@pytest.mark.parametrize(
    "event",
    [
        "Ngày 15/8/2023, ông Đoàn Minh Khoát được bầu làm Chủ tịch huyện.",
        "Ngày 15/8/2023, ông Đoàn Minh Khoát được bầu làm Chủ tịch huyện nhiệm kỳ 2021 - 2026.",
    ],
)
def test_the_age_at_an_event_cites_the_birth_and_the_event(event: str) -> None:
    told = text_of(
        "Ông Đoàn Minh Khoát được bầu làm Chủ tịch huyện khi bao nhiêu tuổi?",
        article("a", "Lâm Khê có chủ tịch mới", f"{event} {KHOAT}"),
    )
    assert told.split("\n")[0] == "47 tuổi: 2023 − 1976 = 47. [1] [2]"
    assert told.count("\n- ") == 2


def test_the_age_of_somebody_else_is_not_told() -> None:
    question = "Năm 2020 ông Trịnh Bá Lộc bao nhiêu tuổi?"
    worded = answered(question, article("a", "Tin địa phương", KHOAT))
    assert worded is None or "tuổi:" not in worded.verified.text


@pytest.mark.parametrize(
    ("question", "sentence", "told"),
    [
        (
            "Lễ hội đình Hương Sa kéo dài bao nhiêu ngày?",
            "Lễ hội đình Hương Sa kéo dài từ ngày 5/2/2021 đến ngày 12/2/2021.",
            "8 ngày, kể cả ngày đầu và ngày cuối.",
        ),
        (
            "Ông Trịnh Bá Lộc làm Chủ tịch huyện bao lâu?",
            "Ông Trịnh Bá Lộc làm Chủ tịch huyện từ tháng 6/2016 đến tháng 8/2023.",
            "7 năm 2 tháng.",
        ),
        (
            "Dự án trồng rừng ở Nà Lốc kéo dài mấy năm?",
            "Dự án trồng rừng ở Nà Lốc kéo dài từ năm 2015 đến năm 2020.",
            "5 năm: 2020 − 2015 = 5.",
        ),
        (
            "Hồ Khuổi Sung xây được bao nhiêu năm rồi?",
            "Hồ Khuổi Sung xây năm 1983.",
            "Tính đến năm 2024, 41 năm: 2024 − 1983 = 41.",
        ),
        (
            "Năm 2023 Sơn Dao còn bao nhiêu xã chưa đạt chuẩn?",
            "Năm 2023, Sơn Dao có 11/15 xã đạt chuẩn.",
            "15 − 11 = 4.",
        ),
        (
            "Giá dưa hấu vụ trước ở Tân Lợi là bao nhiêu?",
            "Giá dưa hấu ở Tân Lợi là 8.200 đồng/kg, cao hơn 1.700 đồng so với vụ trước.",
            "8.200 đồng − 1.700 đồng = 6.500 đồng.",
        ),
        (
            "Năm 2023 xã Hương Sa có bao nhiêu người?",
            "Xã Hương Sa có 8.016 người ở 10 xóm, tăng 122 người so với cùng kỳ năm 2023.",
            "8.016 − 122 = 7.894.",
        ),
        (
            "Giá dưa hấu năm trước ở Tân Lợi là bao nhiêu?",
            "Giá dưa hấu ở Tân Lợi là 8.200 đồng/kg, cao hơn năm trước 1.700 đồng.",
            "8.200 đồng − 1.700 đồng = 6.500 đồng.",
        ),
        (
            "Năm 2018 huyện Ba Sen thu ngân sách bao nhiêu tỷ đồng?",
            "Huyện Ba Sen thu ngân sách đạt 451,9 tỷ đồng, bằng 128,7% dự toán, tăng 17% so với năm 2018.",
            "451,9 tỷ đồng : 1,17 ≈ 386,2 tỷ đồng.",
        ),
        (
            "Tỷ lệ hộ nghèo năm trước ở Khe Mây là bao nhiêu?",
            "Tỷ lệ hộ nghèo ở Khe Mây còn 7,6%, giảm 1,2% so với năm trước.",
            "7,6% + 1,2 điểm phần trăm = 8,8%.",
        ),
        (
            "Xã Hương Sa sinh bao nhiêu cháu gái?",
            "Xã Hương Sa sinh 97 cháu, trong đó 51 cháu trai.",
            "97 − 51 = 46.",
        ),
        (
            "Doanh nghiệp và nhân dân góp tất cả bao nhiêu tiền?",
            "Doanh nghiệp góp 17,4 tỷ đồng và nhân dân góp 21,3 tỷ đồng.",
            "17,4 tỷ đồng + 21,3 tỷ đồng = 38,7 tỷ đồng.",
        ),
    ],
)
def test_what_follows_from_one_sentence_is_calculated(question: str, sentence: str, told: str) -> None:
    assert lead(question, sentence) == f"{told} [1]"


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Chợ Mới xây mất bao lâu?", "Chợ Mới xây từ tháng 9/2022 đến tháng 6/2023, hơn 9 tháng."),
        ("Ở Cồn Vải bao nhiêu hộ chưa đồng ý?", "Ở Cồn Vải còn 3/64 hộ chưa đồng ý."),
        (
            "Giá dưa hấu ở Tân Lợi là bao nhiêu?",
            "Giá dưa hấu ở Tân Lợi là 8.200 đồng/kg, hơn 700 đồng so với vụ trước.",
        ),
        (
            "Năm 2018 huyện Ba Sen thu ngân sách bao nhiêu?",
            "Huyện Ba Sen thu ngân sách bằng 128,7% dự toán, tăng 17% so với năm 2018.",
        ),
        ("Xe máy qua phà mất mấy nghìn?", "So với năm 2020, giá xe máy qua phà tăng 1.000 đồng."),
    ],
)
def test_what_a_sentence_tells_itself_is_not_calculated(question: str, sentence: str) -> None:
    assert answered(question, article("a", "Tin địa phương", sentence)) is None


def test_the_least_of_several_articles_is_told_with_the_order() -> None:
    told = text_of(
        "Xã nào có tỷ lệ hộ nghèo thấp nhất?",
        report("Nà Lốc", "15,38%"),
        report("Khe Mây", "8,79%"),
        report("Bản Vược", "9,5%"),
    )
    first, *lines = told.split("\n")
    assert first == "Thấp nhất trong 3 bài có nêu: xã Khe Mây (8,79% < 9,5% < 15,38%). [1] [2] [3]"
    assert [line.partition(",")[0] for line in lines] == [
        "- Xã Khe Mây giảm nghèo",
        "- Xã Bản Vược giảm nghèo",
        "- Xã Nà Lốc giảm nghèo",
    ]


def test_the_second_and_the_year_of_the_most_are_told() -> None:
    years = [
        report("Khe Mây", share, year) for share, year in (("9,5%", 2019), ("8,79%", 2020), ("7%", 2021))
    ]
    told = text_of("Năm nào xã Khe Mây có tỷ lệ hộ nghèo cao nhất?", *years)
    assert told.startswith("Cao nhất trong 3 bài có nêu: năm 2019 (9,5% > 8,79% > 7%).")
    told = text_of("Năm nào xã Khe Mây có tỷ lệ hộ nghèo cao thứ hai?", *years)
    assert told.startswith("Cao thứ hai trong 3 bài có nêu: năm 2020 (")


def test_the_parts_of_one_sentence_are_compared() -> None:
    sentence = "Trường có 742 học sinh: khối 6 có 198 em, khối 7 có 187 em và khối 9 có 176 em."
    told = lead("Khối nào của trường có ít học sinh nhất?", sentence)
    assert told == "Ít nhất: khối 9 có 176 em (176 < 187 < 198). [1]"


def test_days_of_two_events_are_counted_apart() -> None:
    told = lead(
        "Lễ khai giảng và lễ tổng kết cách nhau bao nhiêu ngày?",
        "Lễ khai giảng tổ chức ngày 5/9/2023.",
        "Lễ tổng kết tổ chức ngày 25/5/2024.",
    )
    assert told == "Chênh lệch: cách nhau 263 ngày. [1] [2]"


def test_what_is_before_is_told_by_the_days() -> None:
    told = lead(
        "Sáp nhập xã Khe Đồng xảy ra trước hay sau trận lũ quét?",
        "Sáp nhập xã Khe Đồng từ ngày 1/7/2024.",
        "Trận lũ quét ngày 9/9/2024 ở xã Khe Đồng.",
    )
    assert told == "Trước: 1/7/2024; sau: 9/9/2024, cách nhau 70 ngày. [1] [2]"


@pytest.mark.parametrize(("sure", "manner"), [(0.6, "sure"), (0.7, "perhaps")])
def test_which_was_before_is_sure_only_where_both_days_are(sure: float, manner: str) -> None:
    reading = reading_of(
        "Việc sáp nhập xã Khe Đồng xảy ra trước hay sau trận lũ quét lịch sử của tỉnh?",
        article("a", "Tin a", "Sáp nhập xã Khe Đồng từ ngày 1/7/2024."),
        article("b", "Tin b", "Lũ quét về Khe Đồng đêm 9/9/2024."),
    )
    calibration = CALIBRATION.model_copy(update={"sure": sure})
    worded = answer_several(reading, CalibratedReader(FakeReader(), calibration), date(2024, 12, 1))
    assert worded is not None and worded.manner == manner
    assert worded.verified.text.startswith("Trước: 1/7/2024; sau: 9/9/2024")


def test_a_wish_is_no_result() -> None:
    told = text_of(
        "Năm nào xã Khe Mây có tỷ lệ hộ nghèo thấp nhất?",
        report("Khe Mây", "9,5%", 2019),
        report("Khe Mây", "8,79%", 2020),
        article(
            "c", "Xã Khe Mây giảm nghèo năm 2021", "Xã phấn đấu tỷ lệ hộ nghèo giảm còn 5%.", date(2021, 1, 5)
        ),
    )
    assert told.startswith("Thấp nhất trong 2 bài có nêu: năm 2020 (8,79% < 9,5%).")


def test_parts_of_the_same_whole_are_compared() -> None:
    told = lead(
        "Từ năm 2021 đến năm 2023 Sơn Dao có thêm bao nhiêu xã đạt chuẩn?",
        "Năm 2021, Sơn Dao có 7/15 xã đạt chuẩn.",
        "Năm 2023, Sơn Dao có 11/15 xã đạt chuẩn.",
    )
    assert told == "Tăng: 7 (2021) → 11 (2023), 11 − 7 = 4. [1] [2]"


def test_what_is_left_of_something_else_is_not_told() -> None:
    worded = answered(
        "Nợ đọng của các thị trấn huyện Hồng Giang còn mấy?",
        article(
            "a", "Huyện Hồng Giang", "Các thị trấn huyện Hồng Giang có thêm 2 xã, nâng tổng số lên 19/24 xã."
        ),
    )
    assert worded is None or "24 − 19" not in worded.verified.text
