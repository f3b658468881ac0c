"""A message is cut into its questions, and a pasted text is told from the question after it."""

from __future__ import annotations

import pytest

from rag.query.message_parts import questions_of, split_pasted_text


@pytest.mark.parametrize(
    ("message", "questions"),
    [
        ("Cầu dài bao nhiêu? Ai xây?", ["Cầu dài bao nhiêu?", "Ai xây?"]),
        ("1. Ai là bí thư?\n2. Xã có mấy thôn?", ["Ai là bí thư?", "Xã có mấy thôn?"]),
        (
            "Cho tôi hỏi 2 việc. Một là xã có mấy ấp? Hai là ai làm chủ tịch?",
            ["Xã có mấy ấp?", "Ai làm chủ tịch?"],
        ),
        ("Ông Sửu sinh năm nào và quê ở đâu?", ["Ông Sửu sinh năm nào", "Quê ở đâu?"]),
        (
            "ten hieu truong la gi va truong co bao nhieu lop",
            ["Ten hieu truong la gi", "Truong co bao nhieu lop"],
        ),
    ],
)
def test_questions_are_told_apart(message: str, questions: list[str]) -> None:
    assert questions_of(message, joined=True) == questions


@pytest.mark.parametrize(
    "message",
    [
        "Hội nghị bàn và quyết định những gì?",
        "Xã Hòa Sim và xã An Kỳ, xã nào đông dân hơn?",
        "Tôi ở xã Sim. Xã có mấy thôn?",
    ],
)
def test_one_question_stays_one(message: str) -> None:
    assert len(questions_of(message, joined=False)) == 1


def test_a_pasted_text_is_context() -> None:
    text = "Chợ có 186 ki-ốt. Giá thuê mặt đường là 1,2 triệu đồng."
    assert split_pasted_text(f"“{text}” Đoạn này nói về chợ nào?")[1] == "Đoạn này nói về chợ nào?"
    assert split_pasted_text(f"{text} => vay cho nay o dau") == (text, "Vay cho nay o dau")
    assert split_pasted_text(f"{text}\nHỏi: chợ mở mấy giờ?") == (text, "Chợ mở mấy giờ?")
    assert split_pasted_text(text) == ("", text)
