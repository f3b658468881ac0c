"""What people type in a hurry is read as they meant it, and what is right is left alone."""

from __future__ import annotations

import pytest

from rag.query.typing_errors import correct_typing


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("cos bao nhieeu hộ nghèo", "có bao nhiêu hộ nghèo"),
        ("ddwowngf vào thôn khuổi nặm dài bn km", "đường vào thôn khuổi nặm dài bao nhiêu km"),
        ("huyeenj nguowif truwowngf quyeets ddinhj", "huyện người trường quyết định"),
        ("thuys hoaf tieengs vieetj", "thúy hòa tiếng việt"),
        ("gias xawng hoom nay", "giá xăng hôm nay"),
        ("xax An Kyf cos bn hộ nghèo", "xã An Kỳ có bao nhiêu hộ nghèo"),
        ("triệu chứngg của bệnh là j", "triệu chứng của bệnh là gì"),
        ("cty gốm ko trả tiền phép dư đúng ko", "công ty gốm không trả tiền phép dư đúng không"),
        ("thủ tục ntn, đc mấy h", "thủ tục như thế nào, được mấy giờ"),
        ("chào bn, xã có bn hộ", "chào bạn, xã có bao nhiêu hộ"),
        ("gia che bn 1kg vay", "gia che bao nhieu 1kg vay"),
    ],
)
def test_typing_errors_are_put_right(typed: str, meant: str) -> None:
    assert correct_typing(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "Xe bus số 3 đi đâu?",
        "Paris và Samsung có gì chung?",
        "Bệnh viện K ở đâu?",
        "How is this street called?",
        "xe tải hết 5k tiền dầu",
        "HTX và UBND xã Krông Ana",
        "Ông Y Bhăm Êban làm gì?",
    ],
)
def test_what_is_right_is_left_alone(typed: str) -> None:
    assert correct_typing(typed) == typed


def test_a_word_that_the_articles_write_so_is_no_slip() -> None:
    assert correct_typing("máy laz có mấy cái") == correct_typing(
        "máy laz có mấy cái", lambda word: word == "laz"
    )
    assert correct_typing("thép cuar ai") == "thép của ai"
    assert correct_typing("thép cuar ai", lambda word: word == "cuar") == "thép cuar ai"
