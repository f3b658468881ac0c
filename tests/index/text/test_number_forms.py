"""Numbers are found however the question and the article write them."""

from __future__ import annotations

import pytest

from index.store.local.lexical_index import LexicalIndex
from index.text.normalise import normalise, syllables
from index.text.number_forms import in_held_forms, in_words
from index.text.terms import terms

PASSAGES = (
    "Kinh phí sửa trạm y tế xã Suối Đá là 456 000 000 đồng.",
    "Kinh phí sửa trạm y tế xã Khe Mây là 345 triệu đồng.",
    "Kinh phí sửa trạm y tế xã Đồi Chè là 1,5 tỷ đồng.",
    "Đoàn thanh niên quyên góp được bốn trăm bảy mươi suất quà.",
    "Đoàn thanh niên quyên góp được hai trăm năm mươi suất quà.",
    "Sản lượng chè là 2.345,6 tấn.",
    "Sản lượng chè là 345,6 tấn.",
)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("456 triệu", 0),
        ("456 triệu đồng", 0),
        ("456 trieu dong", 0),
        ("345.000.000 đồng", 1),
        ("1.500 triệu đồng", 2),
        ("1500000000", 2),
        ("470", 3),
        ("250 suất quà", 4),
        ("2 345,6 tấn", 5),
    ],
)
def test_a_number_is_found_in_its_other_forms(question: str, found: int) -> None:
    index = LexicalIndex.build([terms(normalise(passage)) for passage in PASSAGES])
    assert index.candidates(normalise(question), 1).tolist() == [found]


def test_numbers_in_words() -> None:
    expected = {
        1: "một",
        10: "mười",
        15: "mười lăm",
        21: "hai mươi mốt",
        105: "một trăm linh năm",
        555: "năm trăm năm mươi lăm",
    }
    assert {number: " ".join(in_words(number)) for number in expected} == expected


def test_only_whole_numbers_have_other_forms_and_none_that_stands_there() -> None:
    def every(text: str) -> list[str]:
        return [" ".join(form) for form in in_held_forms(text, lambda form: True)[1]]

    assert every("ngày 25/6/2018, năm 2020, 12,5% và 3,25 tạ") == []
    assert every("4,3 tỷ đồng") == ["4300000000", "4300 triệu", "4300000 nghìn"]
    assert every("3.772 ha") == []
    assert every("470 suất") == ["bốn trăm bảy mươi"]


def test_a_number_stays_as_it_is_written_where_it_is_held_so() -> None:
    def written(text: str, *held: str) -> str:
        return in_held_forms(text, lambda form: " ".join(form) in held)[0]

    assert written("chi 456 triệu đồng cho Khe Mây", "456000000") == "chi 456000000 đồng cho Khe Mây"
    assert (
        written("chi 456 triệu đồng cho Khe Mây", "456000000", "456 triệu")
        == "chi 456 triệu đồng cho Khe Mây"
    )
    assert written("chi 456 triệu đồng cho Khe Mây") == "chi 456 triệu đồng cho Khe Mây"


def test_a_number_with_spaces_and_decimals_is_one() -> None:
    assert syllables("2 345,6 tấn") == ["2345.6", "tấn"]
    assert syllables("lớp 6 12 em") == ["lớp", "6", "12", "em"]
