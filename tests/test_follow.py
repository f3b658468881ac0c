from __future__ import annotations

import pytest

from rag.follow import needs_context, standalone
from rag.schema import Turn

FIRST = "Năm 2018 huyện Kim Liên kết nạp bao nhiêu đảng viên mới?"


@pytest.mark.parametrize(
    "question",
    [
        "Còn năm 2019 thì sao?",
        "Ai chủ trì hội nghị đó?",
        "con xa kia",
        "Vì sao vậy?",
        "Thế còn hộ nghèo?",
        "Ở đâu?",
    ],
)
def test_questions_that_lean_on_the_earlier_one(question: str) -> None:
    assert needs_context(question)
    assert standalone(question, [Turn(FIRST)]) == f"{FIRST} {question}"


@pytest.mark.parametrize(
    "question",
    [
        "Tỷ lệ hộ nghèo của huyện Ba Sen hiện nay là bao nhiêu phần trăm?",
        "Cầu Suối Đá dài bao nhiêu mét và khánh thành ngày nào?",
    ],
)
def test_a_question_that_stands_alone_is_left_alone(question: str) -> None:
    assert standalone(question, [Turn(FIRST)]) == question


def test_without_history_nothing_changes() -> None:
    assert standalone("Ở đâu?", []) == "Ở đâu?"


def test_a_chain_goes_back_to_the_question_that_stood_alone() -> None:
    history = [
        Turn("Cầu Suối Đá dài bao nhiêu mét và ai xây dựng?"),
        Turn(FIRST),
        Turn("Ai chủ trì hội nghị đó?"),
    ]
    assert standalone("Ở đâu?", history) == f"{FIRST} Ai chủ trì hội nghị đó? Ở đâu?"
