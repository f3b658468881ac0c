"""One written form, folding, tokens and abbreviations."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.abbreviations import ABBREVIATIONS
from index.text.normalise import (
    fold,
    has_accents,
    normalise,
    number_form,
    syllables,
)

VIETNAMESE = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from(
            "hoàủyỳqgiêôươăântkĐđ \n\r\t\u00a0\u200b\ufeff\u0301\u0302\u0309\u0323\u031b.,-/0123456789"
        ),
    )
)


@given(VIETNAMESE)
def test_normalise_is_idempotent_and_leaves_only_plain_white_space(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert all(char in " \n" for char in once if char.isspace())
    assert not any(unicodedata.category(char) in ("Cc", "Cf", "Cs") for char in once if char != "\n")


@pytest.mark.parametrize(
    ("written", "one_form"),
    [
        ("hoà bình, hòa bình", "hòa bình, hòa bình"),
        ("uỷ ban", "ủy ban"),
        ("Thuý khoẻ", "Thúy khỏe"),
        ("HOÀ THUỶ", "HÒA THỦY"),
        ("quý quỳ qủa", "quý quỳ quả"),  # `u` belongs to `qu`
        ("giá gìa gìn giếng", "giá già gìn giếng"),  # `i` belongs to `gi`
        ("hoàn toàn thuyết", "hoàn toàn thuyết"),
        ("hòan tòan Hùynh", "hoàn toàn Huỳnh"),
        ("đừơng thủơ", "đường thuở"),
        ("mùa kìa của ngoài khuỷu", "mùa kìa của ngoài khuỷu"),
        ("Ả-rập Xêút, café, María, résumé", "Ả-rập Xêút, café, María, résumé"),
        ("a\u0302\u0301n ha\u0323nh", "ấn hạnh"),
        ("Ðảng", "Đảng"),  # Icelandic eth typed for Đ
    ],
)
def test_tone_marks_have_one_place(written: str, one_form: str) -> None:
    assert normalise(written) == one_form


def test_white_space_and_invisible_characters() -> None:
    assert normalise("dịch\u00a0vụ\u2003-\u3000thương\tmại") == "dịch vụ - thương mại"
    assert normalise("một\r\nhai\rba\u2028bốn\x0cnăm") == "một\nhai\nba\nbốn\nnăm"
    assert normalise("\ufeffđảng\u200b viên\xad mới\x00\u202e") == "đảng viên mới"
    assert (
        normalise("hoa\u200b\u0300") == "hòa"
    )  # the mark meets its letter once the zero-width space is gone


def test_fold() -> None:
    assert fold("Đảng ủy xã Đồn Đạc") == "dang uy xa don dac"
    assert fold("ĐƯỜNG") == "duong"


@given(VIETNAMESE)
def test_fold_is_idempotent_and_keeps_letters_apart(text: str) -> None:
    folded = fold(normalise(text))
    assert fold(folded) == folded
    assert not has_accents(folded)


def test_fold_keeps_the_length_of_vietnamese() -> None:
    text = normalise("Huyện ủy Ba Chẽ kết nạp 82 đảng viên; ỨNG dụng ĐƯỢC.")
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "accented"), [("ủy ban", True), ("uy ban", False), ("đ", True), ("3.772 ha!", False)]
)
def test_has_accents(text: str, accented: bool) -> None:
    assert has_accents(text) is accented


@pytest.mark.parametrize(
    ("digits", "plain"),
    [
        ("3.772", "3772"),
        ("1.234.567,80", "1234567.8"),
        ("1,29", "1.29"),
        ("1,290", "1.29"),
        ("02", "2"),
        ("17.6", "17.6"),
        ("0.125", "0.125"),
        ("1,234,567", "1234567"),
        ("0", "0"),
    ],
)
def test_number_form(digits: str, plain: str) -> None:
    assert number_form(digits) == plain


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Trồng 3.772 ha, đạt 1,29%", ["trồng", "3772", "ha", "đạt", "1.29"]),
        ("207ha, m2, TR4", ["207", "ha", "m2", "tr4"]),
        ("Ngày 25-6", ["ngày", "25/6"]),
        ("ngày 25/06/2018", ["ngày", "25/6", "2018"]),
        ("25 tháng 6 năm 2018", ["25/6", "tháng", "6", "năm", "2018"]),
        ("tháng 11/2018", ["tháng", "11", "2018"]),
        ("4/16 chỉ tiêu", ["4", "16", "chỉ", "tiêu"]),
        ("nhiệm kỳ 2015-2020", ["nhiệm", "kỳ", "2015", "2020"]),
        ("Chỉ thị 45-CT/TW", ["chỉ", "thị", "45", "ct", "tw"]),
        ("KT- XH", ["kt", "xh"]),
        ("", []),
    ],
)
def test_syllables(text: str, tokens: list[str]) -> None:
    assert syllables(text) == tokens


@pytest.mark.parametrize(
    "text", ["Ngày 25 tháng 6, huyện Ba Chẽ trồng 3.772 ha", "Sáng 2/11 ở Đồn Đạc: 1,29%"]
)
def test_folded_tokens_are_the_tokens_of_folded_text(text: str) -> None:
    assert [fold(token) for token in syllables(text)] == syllables(fold(text))


def test_abbreviations_are_data_in_stored_form() -> None:
    assert len(ABBREVIATIONS) >= 80
    for wordings in ABBREVIATIONS.values():
        assert wordings
        assert all(normalise(wording) == wording.lower() == wording for wording in wordings)


@pytest.mark.parametrize(
    ("written", "other"),
    [
        ("2018-07-14", "14/7/2018"),
        ("14.7.2019", "14/07/2019"),
        ("14\u20117\u20112020", "14-7-2020"),
        ("456 000 000", "456.000.000"),
        ("2,345.6", "2.345,6"),
        ("\uff13\uff11\uff16\uff10", "3.160"),
        ("14B1-234.56", "14B1 23456"),
        ("0203.555.888", "0203 555 888"),
        ("0203555888", "0203-555-888"),
        ("Th\u0435n L\u0430ng", "then lang"),
    ],
)
def test_what_is_the_same_is_the_same_tokens(written: str, other: str) -> None:
    assert syllables(normalise(written)) == syllables(normalise(other))
