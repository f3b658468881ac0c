"""Amounts are converted and calculated with as Vietnamese text writes them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from rag.multi_article.values.calculate import (
    AnswerSentence,
    comparable,
    convert,
    difference,
    ratio_of,
    share,
    total,
)
from rag.multi_article.values.quantities import Quantity, quantities, written


def one(text: str) -> Quantity:
    found = quantities(text)
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    ("text", "dimension", "amount"),
    [
        ("1,5 km", "length", "1500"),
        ("18.600 m2", "area", "18600"),
        ("2 ha", "area", "20000"),
        ("3 triệu 500 nghìn đồng", "money", "3500000"),
        ("6,5 tấn vôi", "mass", "6500"),
        ("46%", "percent", "46"),
        ("hai mươi ba triệu mét khối", "volume", "23000000000"),
        ("1.402 người", "count", "1402"),
    ],
)
def test_a_quantity_is_in_the_base_unit_of_its_dimension(text: str, dimension: str, amount: str) -> None:
    found = one(text)
    assert (found.dimension, found.amount) == (dimension, Decimal(amount))


@pytest.mark.parametrize("text", ["năm 2018", "quý II/2021", "tháng 5"])
def test_years_quarters_and_months_are_no_quantities(text: str) -> None:
    assert quantities(text) == []


@pytest.mark.parametrize(
    ("first", "second", "shown"),
    [
        ("132 hộ", "87 hộ", "132 − 87 = 45"),
        ("3,6 tỷ đồng", "850 triệu đồng", "3.600 triệu đồng − 850 triệu đồng = 2.750 triệu đồng"),
        ("44.200 đồng/kg", "42.300 đồng/kg", "44.200 đồng − 42.300 đồng = 1.900 đồng"),
        ("1,2 ha", "8.000 m2", "12.000 m² − 8.000 m² = 4.000 m²"),
        ("46%", "58%", "58% − 46% = 12 điểm phần trăm"),
        ("ngày 22/4", "ngày 3/5", "cách nhau 11 ngày"),
        ("ngày 25/7/2020", "ngày 27/7/2021", "cách nhau 367 ngày"),
        ("lúc 5 giờ 05", "lúc 5 giờ 20", "cách nhau 15 phút"),
    ],
)
def test_a_difference_is_shown_in_the_smaller_unit(first: str, second: str, shown: str) -> None:
    found = difference([one(first), one(second)])
    assert found is not None
    assert found.shown == shown
    assert shown.endswith(found.result)


def test_no_difference_of_what_hardly_measures_the_same() -> None:
    assert difference([one("131.000 đồng"), one("600 đồng")]) is None
    assert difference([one("5 hộ"), one("5 hộ")]) is None
    assert difference([one("ngày 20/2"), one("ngày 3/3")]) is None  # of a leap year or not


def test_sums_shares_and_ratios() -> None:
    money = total([one("17,4 tỷ đồng"), one("21,3 tỷ đồng")])
    part, ratio = share(one("61 hộ"), one("64 hộ")), ratio_of([one("25 ha"), one("10 ha")])
    assert money is not None
    assert part is not None
    assert ratio is not None
    assert money.shown == "17,4 tỷ đồng + 21,3 tỷ đồng = 38,7 tỷ đồng"
    assert part.shown == "61 : 64 ≈ 95,3%"
    assert ratio.shown == "25 ha : 10 ha = 2,5 lần"
    assert total([one("46%"), one("58%")]) is None
    assert share(one("64 hộ"), one("61 hộ")) is None


def test_a_value_is_converted_only_into_another_unit_of_its_kind() -> None:
    found = convert("Dài bao nhiêu km?", one("215 m"))
    assert found is not None
    assert found.shown == "215 m = 0,215 km"
    assert convert("Dài bao nhiêu km?", one("2 km")) is None
    assert convert("Rộng bao nhiêu ha?", one("215 m")) is None
    assert convert("Có bao nhiêu hộ?", one("215 hộ")) is None


def test_values_compare_by_their_unit_and_the_words_that_answer() -> None:
    first = AnswerSentence("Xã có diện tích 27,4 km² và 18.620 nhân khẩu.", (16, 42))
    second = AnswerSentence("Rộng 18,9 km² với 12.970 dân.", (18, 24))
    assert [part.amount for part in comparable("Dân số hơn bao nhiêu người?", [first, second])] == [
        18620,
        12970,
    ]
    assert (
        comparable(
            "Bao nhiêu?", [AnswerSentence("Có 5 ha.", (3, 7)), AnswerSentence("Hết 3 tỷ đồng.", (4, 13))]
        )
        == ()
    )


def test_a_number_is_written_as_vietnamese_text_writes_it() -> None:
    assert [written(Decimal(text)) for text in ("1234567.5", "0.2150", "-45", "1000")] == [
        "1.234.567,5",
        "0,215",
        "−45",
        "1.000",
    ]


@pytest.mark.parametrize(
    ("question", "sentences", "amounts"),
    [
        (
            "Cẩm Lũng nhiều hơn Tân Đoài bao nhiêu hộ nghèo?",
            ("Toàn xã có 1.004 hộ, trong đó 96 hộ nghèo; 71 hộ cận nghèo.", "Toàn xã có 1.306 hộ, hộ nghèo còn 64 hộ."),
            (96, 64),
        ),
        (
            "Đàn bò của hai xã chênh nhau bao nhiêu con?",
            ("Đàn trâu 590 con, đàn bò tăng lên 466 con, đàn lợn 2.870 con.", "Đàn bò 948 con, đàn lợn 4.905 con."),
            (466, 948),
        ),
    ],
)  # fmt: skip
def test_of_several_values_those_are_compared_whose_clause_is_asked_for(
    question: str, sentences: tuple[str, str], amounts: tuple[int, int]
) -> None:
    # The reader takes the first value of a sentence, which is another matter.
    told = [AnswerSentence(text, (0, text.index(",") if "," in text else 5)) for text in sentences]
    assert tuple(one.amount for one in comparable(question, told)) == amounts
