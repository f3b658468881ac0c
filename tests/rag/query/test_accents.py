from __future__ import annotations

import pytest

from index.text.normalise import fold
from rag.query.accents import restore_accents

PASSAGES = [
    "Huyện Ba Chẽ giảm 45 hộ nghèo, đưa tỷ lệ hộ nghèo còn 1,29%. Đồng chí Nguyễn Minh Sơn chủ trì.",
    "Má đi chợ Ba Chẽ mua mạ về cấy.",
]


@pytest.mark.parametrize(
    "question",
    [
        "tỷ lệ hộ nghèo huyện Ba Chẽ còn bao nhiêu?",
        "đồng chí Nguyễn Minh Sơn là ai?",
        "khi nào má đi chợ?",
        "Ba Chẽ giảm bao nhiêu hộ nghèo",
    ],
)
def test_accents_and_names_come_back(question: str) -> None:
    assert restore_accents(fold(question), PASSAGES) == question


def test_what_nobody_knows_stays() -> None:
    assert restore_accents("blockchain xyzzy 45?", PASSAGES) == "blockchain xyzzy 45?"


def test_without_passages_the_words_of_asking_are_known() -> None:
    assert restore_accents("vi sao, o dau?", []) == "vì sao, ở đâu?"
    assert restore_accents("may gio, may nguoi, bao nhieu ha?", []) == "mấy giờ, mấy người, bao nhiêu ha?"
    assert restore_accents("lan thu may, gia bao nhieu?", []) == "lần thứ mấy, giá bao nhiêu?"


def test_an_empty_question() -> None:
    assert restore_accents("", PASSAGES) == ""


def test_a_capital_at_the_beginning_of_a_sentence_is_not_taken_for_a_name() -> None:
    assert restore_accents("nha may o dau", ["Nhà máy ở Mỹ Sơn. Nhà máy lớn."]) == "nhà máy ở đâu"
