from __future__ import annotations

import pytest

from index.text.normalise import fold
from rag.query.accents import known_names, restore_accents

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


def test_names_of_the_store_come_back_where_no_passage_has_them() -> None:
    names = known_names(["huyện Ba Chẽ, tỉnh Quảng Ninh", "Nguyễn Thị Minh Khai"])
    others = ["Cơ chế mới. Bà nói về cơ chế của bà.", "Bà chế tạo máy."]
    assert restore_accents("ai la ba che", others) == "ai là bà chế"
    assert restore_accents("ai la ba che", others, names) == "ai là Ba Chẽ"
    assert restore_accents("nguyen thi minh khai la ai", others, names) == "Nguyễn Thị Minh Khai là ai"


def test_a_name_is_written_as_it_is_most_often() -> None:
    names = known_names(["Huyện Ba Chẽ họp.", "Ở Ba Chẽ có mưa.", "Chị Bà Che đi chợ."])
    assert names["ba", "che"] == ("Ba", "Chẽ")


def test_words_of_asking_are_no_name() -> None:
    names = known_names(["Ông Bảo Giờ họp."])
    assert restore_accents("bao gio hop", [], names) == "bao giờ hop"
