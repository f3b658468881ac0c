from __future__ import annotations

import pytest

from rag.query.unclear import is_unclear


@pytest.mark.parametrize(
    "question",
    [
        "Bao nhiêu?",
        "tại sao",
        "ở đâu vậy",
        "Ông ấy sinh năm nào?",
        "Xã đó có bao nhiêu hộ?",
        "Còn họ thì sao?",
    ],
)
def test_a_question_that_points_at_nothing_is_unclear(question: str) -> None:
    assert is_unclear(question)


@pytest.mark.parametrize(
    "question",
    [
        "Tỷ lệ hộ nghèo còn bao nhiêu?",
        "Chủ tịch là ai?",
        "Ông ấy có phải là Nguyễn Văn An không?",
        "Xã đó năm 2020 có bao nhiêu hộ?",
        "Người nộp đơn này cần giấy tờ gì?",
        "Khi lợn chết thì chủ của nó được đền bao nhiêu?",
        "ho ngheo la ho nao",
        "",
    ],
)
def test_what_can_be_looked_for_is_not(question: str) -> None:
    assert not is_unclear(question)
