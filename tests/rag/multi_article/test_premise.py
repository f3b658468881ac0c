"""A question that takes something false for granted is told what the article says; of another, nothing is asserted."""

from __future__ import annotations

from datetime import date

import pytest
from fakes import FakeReader
from several_maker import CALIBRATION, answered, article, reading_of

from rag.multi_article.answers.premise import presupposition
from rag.multi_article.gather_evidence import drop_irrelevant
from rag.multi_article.other_subject import has_other_subject
from rag.reader.calibrated_reader import CalibratedReader

REPORT = article(
    "a",
    "Xã Khe Mây xây dựng nông thôn mới",
    "Năm 2019, xã Khe Mây đã đạt chuẩn nông thôn mới. Đường vào bản vẫn khó đi do mưa lũ.",
)


@pytest.mark.parametrize(
    ("question", "taken"),
    [
        ("Vì sao xã Khe Mây không đạt chuẩn năm 2019?", "Xã Khe Mây không đạt chuẩn năm 2019."),
        ("Sao chợ lại đóng cửa?", "Chợ đóng cửa."),
        ("Huyện Y sáp nhập là do đâu?", "Huyện Y sáp nhập."),
        ("Nguyên nhân nào khiến cho giá chè giảm?", "Giá chè giảm."),
        ("Xã Khe Mây có bao nhiêu hộ?", None),
        ("Vì sao?", None),
    ],
)
def test_what_a_question_takes_for_granted(question: str, taken: str | None) -> None:
    assert presupposition(question) == taken


def test_the_opposite_is_told_with_its_source() -> None:
    worded = answered("Vì sao xã Khe Mây không đạt chuẩn nông thôn mới năm 2019?", REPORT)
    assert worded is not None
    assert worded.verified.text == (
        "Bài viết nêu khác: [1]\n"
        "- Xã Khe Mây xây dựng nông thôn mới: Năm 2019, xã Khe Mây đã đạt chuẩn nông thôn mới. [1]"
    )


@pytest.mark.parametrize(("later", "denied"), [(date(2025, 2, 5), False), (date(2025, 1, 2), True)])
def test_a_plan_denies_nothing_that_a_later_article_tells(later: date, denied: bool) -> None:
    plan = article("a", "Hội Khe Mây", "Lễ hội Khe Mây có chọi trâu.", date(2025, 1, 22))
    outcome = article("b", "Tin hội", "Lễ hội Khe Mây không có chọi trâu do dịch bệnh.", later)
    worded = answered("Vì sao lễ hội Khe Mây không có chọi trâu?", plan, outcome)
    assert (worded is not None and worded.verified.text.startswith("Bài viết nêu khác")) == denied


@pytest.mark.parametrize(
    "question",
    [
        "Vì sao xã Khe Mây đạt chuẩn nông thôn mới năm 2019?",
        "Vì sao xã Khe Mây không đạt chuẩn nông thôn mới năm 2015?",
        "Vì sao xã Nà Lốc không đạt chuẩn nông thôn mới năm 2019?",
        "Vì sao đường vào bản khó đi?",
    ],
)
def test_what_is_told_so_or_of_another_year_or_place_is_not_denied(question: str) -> None:
    assert answered(question, REPORT) is None


@pytest.mark.parametrize(
    ("question", "sentence", "another"),
    [
        ("Thôn Đồi Cọ có bao nhiêu hộ?", "Thôn Đồi Sim có 85 hộ.", True),
        ("Thôn Đồi Cọ có bao nhiêu hộ?", "Thôn Đồi Cọ có 85 hộ, thôn Đồi Sim 60 hộ.", False),
        ("Thôn Đồi Cọ có bao nhiêu hộ?", "Cả xã Đồi Sim có 85 hộ.", False),
        ("Thôn nào giáp thôn Đồi Cọ?", "Thôn Đồi Sim giáp suối.", False),
        ("Bà Hoàng Thị Sen bao nhiêu tuổi?", "Anh Hứa Minh Tiệp 35 tuổi.", True),
        ("Bà Hoàng Thị Sen bao nhiêu tuổi?", "Bà Sen năm nay 60 tuổi.", False),
        ("Ai là chủ tịch trước ông Khoát?", "Ông Trịnh Bá Lộc làm chủ tịch từ năm 2016.", False),
    ],
)
def test_a_sentence_about_another_tells_nothing(question: str, sentence: str, another: bool) -> None:
    assert has_other_subject(question, sentence) is another


def test_what_begins_with_another_place_is_no_evidence() -> None:
    other = article("b", "Trồng rừng", "Xã Nà Lốc trồng rừng ít do quỹ đất ít. Trồng rừng năm nay ít do mưa.")
    read = reading_of("Vì sao xã Khe Mây trồng rừng ít?", other)
    kept = drop_irrelevant(read, CalibratedReader(FakeReader(), CALIBRATION))
    assert [one.text for one in kept.evidence] == ["Trồng rừng năm nay ít do mưa."]
