from __future__ import annotations

import pytest

from rag.query.language import answer_language, foreign_script


@pytest.mark.parametrize(
    "question",
    [
        "Huyện Ba Chẽ có bao nhiêu đảng viên mới?",
        "huyen ba che co bao nhieu dang vien moi",
        "ubnd xa nao dat chuan ntm nam 2019",
        "lam the bhyt o dau",
        "Chủ tịch UBND huyện?",
        "ai chu tri hoi nghi",
        "82 đảng viên",
        "",
        "so do san xuat the nao",
    ],
)
def test_vietnamese_is_answered_in_vietnamese(question: str) -> None:
    assert answer_language(question) == "vi"


@pytest.mark.parametrize(
    "question",
    [
        "How many new party members were there in 2018?",
        "Who is the chairman of huyện Yên Hạ?",
        "What is AI?",
        "who chaired the meeting in xã Hòa Sim",
        "Summarize the article",
        "Population of Đắk Lưới?",
    ],
)
def test_english_is_answered_in_english_even_about_vietnamese_names(question: str) -> None:
    assert answer_language(question) == "en"


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Huyện có 3.772 ha rừng – “đạt 101%”, tăng 2 µm… [1]", None),
        ("Góc α nhỏ hơn β, dài 5 μm, 20 Ω và 3 Å", None),
        ("Đất nước ở phía Đông ℝ²", None),
        ("Hội nghị do 主席 chủ trì", "Chinese"),
        ("Kết quả là ありがとう", "Japanese"),
        ("カタカナ", "Japanese"),
        ("ｶﾀｶﾅ", "Japanese"),
        ("số 회의", "Korean"),
        ("Chủ tịch Иванов", "Cyrillic"),
        ("ก", "Thai"),
        ("مرحبا", "Arabic"),
        ("שלום", "Hebrew"),
        ("ភាសា", "Khmer"),
        ("ລາວ", "Lao"),
        ("λόγος", "Greek"),
        ("नमस्ते", "Devanagari"),
        ("ＡＢＣ", None),
        ("", None),
    ],
)
def test_foreign_script_names_the_first_leak(text: str, script: str | None) -> None:
    assert foreign_script(text) == script
