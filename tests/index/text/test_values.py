"""Values of Vietnamese text, by what they mean."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.normalise import normalise
from index.text.values import Value, date_parts, find_values, same_value


def found(text: str) -> list[tuple[str, str, str]]:
    return [(value.kind, value.canonical, text[value.start : value.end]) for value in find_values(text)]


def one(text: str) -> Value:
    (value,) = find_values(text)
    return value


@pytest.mark.parametrize(
    ("text", "kind", "canonical"),
    [
        ("trồng 3.772 ha", "number", "3772"),
        ("trồng 3772ha", "number", "3772"),
        ("giảm còn 1,29%", "percent", "1.29"),
        ("đạt 50 phần trăm", "percent", "50"),
        ("02 xã", "number", "2"),
        ("trên 4,3 tỷ đồng", "money", "4300000000"),
        ("4.300 triệu đồng", "money", "4300000000"),
        ("1 tỷ 200 triệu đồng", "money", "1200000000"),
        ("2,5 nghìn tỷ đồng", "money", "2500000000000"),
        ("giá 25.000đ", "money", "25000"),
        ("30 ty dong", "money", "30000000000"),
        ("35 USD", "money", "35 USD"),
        ("17,6 triệu lượt", "number", "17600000"),
        ("37 đồng chí", "number", "37"),  # not 37 đồng
        ("Ngày 25-6,", "date", "--06-25"),
        ("(25/6)", "date", "--06-25"),
        ("ngày 25 tháng 6", "date", "--06-25"),
        ("ngay 25 thang 6 nam 2018", "date", "2018-06-25"),
        ("25/6/2018", "date", "2018-06-25"),
        ("Tối 17.6", "date", "--06-17"),
        ("2018-06-26", "date", "2018-06-26"),
        ("tháng 11/2018", "date", "2018-11"),
        ("tháng 3 năm 2016", "date", "2016-03"),
        ("tháng 3", "date", "--03"),
        ("quý III/2018", "date", "2018-Q3"),
        ("quý 1", "date", "--Q1"),
        ("quý 2", "date", "--Q2"),
        ("quý 3", "date", "--Q3"),
        ("quý 4", "date", "--Q4"),
        ("quy I", "date", "--Q1"),
        ("quý II", "date", "--Q2"),
        ("quý iii", "date", "--Q3"),
        ("quý IV năm 2018", "date", "2018-Q4"),
        ("mở 5/06 ở xã", "date", "--06-05"),  # a zero before a digit is written in days alone
        ("mở 05/6 ở xã", "date", "--06-05"),
        ("mở 5/6 năm 2018 ở xã", "date", "2018-06-05"),
        ("ngày 25-6 năm 2018", "date", "2018-06-25"),
        ("3 nghin hộ", "number", "3000"),
        ("3 ngan hộ", "number", "3000"),
        ("3 trieu hộ", "number", "3000000"),
        ("năm 2019", "date", "2019"),
        ("lúc 8h30", "time", "08:30"),
        ("8 giờ 30 phút", "time", "08:30"),
        ("17 giờ", "time", "17:00"),
        ("6 giờ 45.", "time", "06:45"),
        ("gọi 0987.654.321", "number", "0987654321"),
        ("9 tháng đầu năm", "number", "9"),
    ],
)
def test_one_value(text: str, kind: str, canonical: str) -> None:
    value = one(normalise(text))
    assert (value.kind, value.canonical) == (kind, canonical)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("chín xã", "9"),
        ("mười lăm hộ", "15"),
        ("hai mươi mốt thôn", "21"),
        ("một trăm", "100"),
        ("ba nghìn", "3000"),
        ("hai trăm linh tư", "204"),
        ("ba nghìn năm trăm linh tư", "3504"),
        ("hai mươi năm", "20"),  # twenty years, never twenty-five
        ("Hai xã", "2"),
        ("hai nghìn tỷ", "2000000000000"),
        ("một tỷ hai trăm triệu", "1200000000"),
    ],
)
def test_written_numerals(text: str, number: str) -> None:
    assert one(text).canonical == number


@pytest.mark.parametrize(
    "text",
    [
        "một xã",
        "xã Ba Chẽ",
        "trong năm xã đã làm",
        "thứ hai, thứ ba",
        "năm học",
        "mấy năm ngày ấy",
        "cam chín",
        "ba má",
    ],
)
def test_words_that_only_look_like_numerals(text: str) -> None:
    assert find_values(text) == []


def test_numerals_take_units() -> None:
    assert found("hai tỷ đồng") == [("money", "2000000000", "hai tỷ đồng")]
    assert found("năm mươi phần trăm") == [("percent", "50", "năm mươi phần trăm")]


def test_documents_ranges_and_shares_are_numbers_apart() -> None:
    assert [value.canonical for value in find_values("Nghị quyết 18,19 và Nghị quyết 18, 19")] == [
        "18",
        "19",
    ] * 2
    assert [value.canonical for value in find_values("Chỉ thị số 45-CT/TW ngày 20/6/2020")] == [
        "45",
        "2020-06-20",
    ]
    assert [value.canonical for value in find_values("Nghị quyết số 08/2020/NQ-HĐND")] == ["8", "2020"]
    assert [value.canonical for value in find_values("nhiệm kỳ 2015-2020")] == ["2015", "2020"]
    assert [value.canonical for value in find_values("4/16 chỉ tiêu, 21/21 trường")] == [
        "4",
        "16",
        "21",
        "21",
    ]
    assert [value.canonical for value in find_values("từ 37 lên 41,3%")] == ["37", "41.3"]


def test_a_hyphen_alone_makes_no_day() -> None:
    assert found("thắng 3-05 và 03-5") == [
        ("number", "3", "3"), ("number", "5", "05"), ("number", "3", "03"), ("number", "5", "5"),
    ]  # fmt: skip


def test_two_documents_in_one_number_stand_where_they_are_written() -> None:
    text = "Theo Nghị quyết 12,345"
    assert [(value.canonical, value.start, value.end) for value in find_values(text)] == [
        ("12", 16, 18),
        ("345", 19, 22),
    ]


def test_names_with_digits_hold_no_value() -> None:
    assert find_values("dịch Covid-19, giống TR4, trụ T2, m2") == []


def test_offsets_are_exact() -> None:
    text = "Sáng 25/6/2018, huyện thu 4,3 tỷ đồng, đạt 96,9%."
    assert found(text) == [
        ("date", "2018-06-25", "25/6/2018"),
        ("money", "4300000000", "4,3 tỷ đồng"),
        ("percent", "96.9", "96,9%"),
    ]


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("3.772", "3772", True),
        ("ngày 25-6", "25/6/2018", True),
        ("25/6/2017", "25/6/2018", False),
        ("ngày 25-6", "ngày 26-6", False),
        ("tháng 11", "tháng 11/2018", True),
        ("tháng 11/2018", "năm 2018", False),
        ("năm 2018", "2018", True),
        ("năm 2018", "năm 2019", False),
        ("1,29%", "1,29", True),
        ("4,3 tỷ", "4.300 triệu đồng", True),
        ("45%", "45 đồng", False),
        ("chín xã", "9 xã", True),
        ("02 xã", "hai xã", True),
    ],
)
def test_same_value(a: str, b: str, same: bool) -> None:
    assert same_value(one(a), one(b)) is same
    assert same_value(one(b), one(a)) is same


@given(st.text(st.one_of(st.characters(), st.sampled_from("0123456789.,-/:% đồngtỷtháng năm"))))
def test_values_never_overlap(text: str) -> None:
    text = normalise(text)
    place = 0
    for value in find_values(text):
        assert place <= value.start < value.end <= len(text)
        assert value.canonical
        place = value.end


@given(st.integers(0, 10**9))
def test_grouped_and_plain_digits_are_one_number(number: int) -> None:
    grouped = f"{number:,}".replace(",", ".")
    assert same_value(one(f"có {grouped} ha"), one(f"có {number} ha"))


def test_the_parts_of_a_date_are_year_quarter_month_and_day() -> None:
    assert date_parts("2018-06-25") == (2018, None, 6, 25)
    assert date_parts("--06-25") == (None, None, 6, 25)
    assert date_parts("2018-Q3") == (2018, 3, None, None)
    assert (date_parts("--11"), date_parts("2018")) == ((None, None, 11, None), (2018, None, None, None))
