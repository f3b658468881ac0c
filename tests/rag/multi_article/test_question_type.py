"""The words of a question tell what kind of answer it wants, and which plain questions a comparison is made of."""

from __future__ import annotations

from datetime import date

import pytest
from several_maker import article

from rag.multi_article.question_type import classify_question
from rag.multi_article.subquestions import subquestions
from rag.multi_article.values.names_and_days import missing_names


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Xã Đông hay xã Tây trồng được nhiều rừng hơn?", "compare"),
        ("Doanh thu năm 2021 hơn năm 2020 bao nhiêu?", "compare"),
        ("Đàn trâu của huyện từ 2021 đến 2023 tăng hay giảm?", "compare"),
        ("Xã Đông và xã Tây có tổng cộng bao nhiêu hộ?", "sum"),
        ("Số hộ nghèo năm 2020 và năm 2021 lần lượt là bao nhiêu?", "both"),
        ("Hiện nay ai là chủ tịch xã?", "latest"),
        ("Tỷ lệ hộ nghèo mới nhất là bao nhiêu?", "latest"),
        ("Năm 2020 xã có bao nhiêu hộ nghèo?", "open"),
        ("Hơn 300 hộ dân nhận được gì?", "open"),
    ],
)
def test_the_kind_of_a_question(question: str, kind: str) -> None:
    assert classify_question(question) == kind


@pytest.mark.parametrize(
    ("question", "part"),
    [
        ("Gửi xe ở Khe Mây đắt hơn Nà Lốc bao nhiêu?", "Gửi xe ở Khe Mây đắt bao nhiêu?"),
        ("Gửi xe ở Khe Mây đắt hơn Nà Lốc bao nhiêu?", "Gửi xe ở Nà Lốc đắt bao nhiêu?"),
        (
            "Năm 2023 khách đến Khe Mây tăng bao nhiêu lượt so với năm 2022?",
            "Năm 2022 khách đến Khe Mây có bao nhiêu lượt?",
        ),
        ("Huyện nào rải nhiều vôi hơn?", "Huyện rải bao nhiêu vôi?"),
        ("Số hộ ở Khe Mây và Nà Lốc lần lượt là bao nhiêu?", "Số hộ ở Nà Lốc là bao nhiêu?"),
        ("Số hộ năm 2020 và năm 2021 là bao nhiêu?", "Số hộ năm 2021 là bao nhiêu?"),
    ],
)
def test_a_comparison_is_read_as_plain_questions_too(question: str, part: str) -> None:
    parts = subquestions(question)
    assert parts[0] == question
    assert part in parts


@pytest.mark.parametrize(
    ("question", "lacks"),
    [
        ("Xã Khe Mây có bao nhiêu hộ?", set()),
        ("Xã Suối Bùn có bao nhiêu hộ?", {"suoi bun"}),
        ("Năm 2019 có bao nhiêu hộ?", {"=2019"}),
        ("Tháng 12/2021 có bao nhiêu hộ?", set()),
        ("Quý I/2021 có bao nhiêu hộ?", {"=2021-Q1"}),
        ("Theo phương án 2 có bao nhiêu hộ?", {"phuong an 2"}),
        ("Liên hoan lần thứ V có bao nhiêu hộ?", set()),
    ],
)
def test_what_a_question_names_must_be_told(question: str, lacks: set[str]) -> None:
    told = article(
        "a", "Xã Khe Mây", "Theo phương án 1, liên hoan lần V có 12 hộ ở xã Khe Mây.", date(2021, 12, 5)
    )
    assert missing_names(question, told) == lacks


@pytest.mark.parametrize(
    ("question", "lacks"),
    [
        ("Ngày 24/12 khối lớp nào thi?", set()),
        ("Ngày 25/12 khối lớp nào thi?", {"=--12-25"}),
        ("Ngày 2/12 khối lớp nào thi?", {"=--12-02"}),
    ],
)
def test_a_day_in_a_column_is_told_without_the_word_for_it(question: str, lacks: set[str]) -> None:
    table = article("a", "Lịch thi", "| Ngày | Buổi |\n|---|---|\n| 24/12 | Sáng |\n| 23/12 | 7/3/2024 |")
    assert missing_names(question, table) == lacks
