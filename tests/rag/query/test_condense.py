from __future__ import annotations

import unicodedata

import pytest
from fakes import FakeMessages

from rag.query.condense import condense
from rag.schema import Turn

FIRST = "Năm 2018 huyện Kim Liên kết nạp bao nhiêu đảng viên mới?"


def standalone(later: str, *earlier: str) -> str:
    return condense(later, [Turn(question) for question in earlier], FakeMessages().is_follow_up).text


def test_a_question_that_stands_alone_needs_nothing_of_the_earlier_ones() -> None:
    assert standalone("Ở đâu?") == "Ở đâu?"


def test_a_chain_goes_back_to_the_question_that_stood_alone() -> None:
    history = ("Cầu Suối Đá dài bao nhiêu mét và ai xây dựng?", FIRST, "Ai chủ trì hội nghị đó?")
    assert standalone("Ở đâu?", *history) == f"{FIRST} Ai chủ trì hội nghị đó? Ở đâu?"


@pytest.mark.parametrize(
    ("earlier", "later", "written"),
    [
        (FIRST, "Còn năm 2019 thì sao?", "Năm 2019 huyện Kim Liên kết nạp bao nhiêu đảng viên mới?"),
        (FIRST, "Thế năm 2020 thì sao ạ?", "Năm 2020 huyện Kim Liên kết nạp bao nhiêu đảng viên mới?"),
        (FIRST, "2019", "Năm 2019 huyện Kim Liên kết nạp bao nhiêu đảng viên mới?"),
        (FIRST, "Năm sau thì sao?", "Năm 2019 huyện Kim Liên kết nạp bao nhiêu đảng viên mới?"),
        (FIRST, "Còn năm trước đó?", "Năm 2017 huyện Kim Liên kết nạp bao nhiêu đảng viên mới?"),
        (FIRST, "Còn huyện Ba Sen?", "Năm 2018 huyện Ba Sen kết nạp bao nhiêu đảng viên mới?"),
        (FIRST, "Huyện Ba Sao thì sao?", "Năm 2018 huyện Ba Sao kết nạp bao nhiêu đảng viên mới?"),
        (FIRST, "Huyện này có bao nhiêu xã?", f"{FIRST} Huyện Kim Liên có bao nhiêu xã?"),
        (
            "Bà Lê Thị Hoa dạy ở đâu?",
            "Năm nay bà ấy bao nhiêu tuổi?",
            "Năm nay bà Lê Thị Hoa bao nhiêu tuổi?",
        ),
        (
            "Hội nghị tháng 9/2019 do ai chủ trì?",
            "Thế tháng 10/2020 thì sao?",
            "Hội nghị tháng 10/2020 do ai chủ trì?",
        ),
    ],
)
def test_another_date_or_name_takes_the_place_of_the_earlier_one(
    earlier: str, later: str, written: str
) -> None:
    assert standalone(later, earlier) == written
    assert standalone(later, unicodedata.normalize("NFD", earlier)) == written


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        (
            "Từ năm 2018 đến năm 2019 huyện trồng bao nhiêu ha rừng?",
            "Còn năm 2020 thì sao?",
        ),  # which of the two?
        ("Từ năm 2018 đến 2019 huyện trồng bao nhiêu ha rừng?", "Còn năm 2020 thì sao?"),
        ("Năm 2018 sản lượng tăng bao nhiêu so với 2017?", "Còn năm 2019?"),
        ("Tháng 9/2019 huyện trồng bao nhiêu ha rừng?", "Còn năm 2020 thì sao?"),  # the month would be left
        ("Đầu năm 2020 đàn lợn còn bao nhiêu con?", "Thế cuối năm 2020?"),
        ("Xã Tân Sơn và xã Tân Mai trồng bao nhiêu ha rừng?", "Xã này có bao nhiêu hộ?"),
        ("Ông Nguyễn Văn An làm chủ tịch xã Tân Sơn từ năm nào?", "Còn xã Tân Mai?"),  # another man is
        ("Trường Tiểu học Kim Liên có bao nhiêu học sinh?", "Trường này ở đâu?"),
        ("Đồng chí Bí thư Huyện ủy Kim Liên là ai?", "Đồng chí ấy bao nhiêu tuổi?"),
        ("Lễ hội đình Thạch Vân có gia đình nào được khen?", "Gia đình đó ở thôn nào?"),
        ("Xã Khe Mây có bao nhiêu hộ?", "Xã Hòa Sim có bao nhiêu hộ và xã đó thuộc huyện nào?"),
        (FIRST, "Còn xã Tân Sơn thì sao?"),
        (FIRST, "Còn năm 2019 thì tỉnh giao bao nhiêu?"),
        (FIRST, "Hội nghị đó diễn ra ngày nào?"),
    ],
)
def test_in_doubt_the_earlier_question_stands_before_the_follow_up(earlier: str, later: str) -> None:
    assert standalone(later, earlier) == f"{earlier} {later}"


def test_a_chain_is_written_out_step_by_step() -> None:
    history = ("Thu nhập bình quân của xã Tân Sơn là bao nhiêu?", "Còn xã Tân Mai thì sao?")
    assert standalone("Xã này có bao nhiêu hộ?", *history) == "Xã Tân Mai có bao nhiêu hộ?"


@pytest.mark.parametrize(
    ("later", "written"),
    [
        ("Nhầm, ý tôi là AC Milan.", "Trong bảng này, đội AC Milan trị giá bao nhiêu?"),
        ("à không, mình hỏi AC Milan cơ", "Trong bảng này, đội AC Milan trị giá bao nhiêu?"),
        ("Còn AC Milan nữa?", "Trong bảng này, đội AC Milan trị giá bao nhiêu?"),
    ],
)
def test_a_name_put_right_takes_the_place_of_the_one_that_was_asked(later: str, written: str) -> None:
    assert standalone(later, "Trong bảng này, đội Juventus trị giá bao nhiêu?") == written


def test_of_two_names_none_is_put_in_the_place_of_the_other() -> None:
    earlier = "Trong bảng của Brand Finance, đội Juventus trị giá bao nhiêu?"
    assert standalone("Còn AC Milan?", earlier) == f"{earlier} Còn AC Milan?"


def test_a_year_put_right_takes_the_place_of_the_one_that_was_asked() -> None:
    earlier = "Xã Khe Mây có bao nhiêu hộ nghèo năm 2019?"
    assert standalone("Không, tôi hỏi năm 2020", earlier) == "Xã Khe Mây có bao nhiêu hộ nghèo năm 2020?"


def test_a_very_short_question_did_not_stand_alone_either() -> None:
    history = [Turn("Nguyễn Phi Long và Lê Quang Sơn mâu thuẫn chuyện gì?"), Turn("Hung khí là gì?")]
    asked = condense("Ở thôn nào vậy?", history, is_follow_up=lambda question: "thôn" in question)
    assert asked.text.startswith(history[0].question)
