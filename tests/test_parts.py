from __future__ import annotations

import pytest

from rag.parts import parts
from rag.schema import Asked


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        (
            "Cuối năm 2019 và cuối năm 2020, xã Tân Sơn nợ thuế bao nhiêu?",
            ("Cuối năm 2019, xã Tân Sơn nợ thuế bao nhiêu?", "Cuối năm 2020, xã Tân Sơn nợ thuế bao nhiêu?"),
        ),
        ("Trong hai năm 2018 và 2019 xã thu gì?", ("Trong năm 2018 xã thu gì?", "Trong năm 2019 xã thu gì?")),
        ("Xã thu gì trong năm 2018, 2019?", ("Xã thu gì trong năm 2018?", "Xã thu gì trong năm 2019?")),
        (
            "Hai xã Mai Chẩm và Thọ Vực góp lần lượt bao nhiêu tiền?",
            ("Xã Mai Chẩm góp bao nhiêu tiền?", "Xã Thọ Vực góp bao nhiêu tiền?"),
        ),
    ],
)
def test_one_thing_asked_of_two_is_two_questions(question: str, asked: tuple[str, ...]) -> None:
    assert parts(Asked(question)) == tuple(map(Asked, asked))


@pytest.mark.parametrize(
    "question",
    [
        "Năm 2019 và năm 2020, năm nào xã thu nhiều hơn?",
        "Năm 2020 xã thu bao nhiêu so với năm 2019?",
        "Từ năm 2018 đến năm 2020 xã thu bao nhiêu?",
        "Ông Trần Nam và bà Lê Hoa cùng làm việc ở đâu?",
        "Năm 2019 và 2020 xã nào thu cao, thu bao nhiêu?",
        "Năm 2019, 2020 và 2021 xã thu bao nhiêu?",
        "Giai đoạn 2011-2015 và 2016-2020 xã có bao nhiêu hộ nghèo?",
        "Xã Tân Hưng, Kim Liên và Nam Đàn lần lượt có bao nhiêu hộ?",
        "Ai và bao giờ xây cầu Suối Đá?",
        "Làm thế nào và khi nào bệnh dịch lan đến xã Tân Sơn?",
        "Xã nào có bao nhiêu hộ?",
        "Ai được bầu làm chủ tịch xã Tân Sơn, huyện Kim Liên năm nào?",
        "Ai xây cầu ở TP. Hồ Chí Minh năm nào?",
        "Ai trao quà cho ông Nguyễn Văn An, bà Trần Thị Bình vào ngày nào?",
        "Sự kiện nào diễn ra lúc 8 giờ, ngày 5/6/2018 ở đâu?",
        "Cuộc thi do ai và đơn vị nào tổ chức?",
        "Ông An sinh năm 1950 và năm 2010 ông làm gì?",
        "Đình Thạch Vân xây năm 1920, năm 2005 được ai trùng tu?",
        "Đơn vị nào đạt giải nhất cả năm 2018 và năm 2019?",
        "Nếu không có gì thay đổi, lễ hội đền Bà Triệu diễn ra ngày nào?",
        "Người nào cũng được phát quà, mỗi suất bao nhiêu tiền?",
        "Khi nào có dịch tả lợn, người dân phải báo cho ai?",
        "Trong chuyến thăm Ai Cập, đoàn đã ký thỏa thuận gì?",
        "Ngoài trí tuệ nhân tạo AI, trường còn dạy môn gì?",
        "What is AI, and what can AI do in schools?",
        "Giữa xã Tân Sơn và xã Kim Liên nơi nào đông dân, nơi nào ít dân?",
        "Ai xây cầu, cầu dài mấy mét, rộng mấy mét, hết bao nhiêu tiền?",
        "",
    ],
)
def test_other_questions_stay_whole(question: str) -> None:
    assert parts(Asked(question)) == (Asked(question),)


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        (
            "Ông Lê Văn An dựng đình Thạch Vân năm nào, vị nào trông coi chùa Bình Sơn?",
            (
                Asked("Ông Lê Văn An dựng đình Thạch Vân năm nào?"),
                Asked("Vị nào trông coi chùa Bình Sơn?"),
            ),
        ),
        (
            "Cầu Suối Đá dài bao nhiêu mét và khánh thành ngày nào?",
            (
                Asked("Cầu Suối Đá dài bao nhiêu mét?"),
                Asked("Khánh thành ngày nào?", "Cầu Suối Đá dài bao nhiêu mét?"),
            ),
        ),
        (
            "Ai làm giám đốc và hợp tác xã Tân Sơn thành lập năm nào?",
            (
                Asked("Ai làm giám đốc?", "Hợp tác xã Tân Sơn thành lập năm nào?"),
                Asked("Hợp tác xã Tân Sơn thành lập năm nào?", "Ai làm giám đốc?"),
            ),
        ),
        (
            "Xã Tân Sơn có bao nhiêu hộ? Và năm đó xã thu ngân sách bao nhiêu?",
            (
                Asked("Xã Tân Sơn có bao nhiêu hộ?"),
                Asked("Năm đó xã thu ngân sách bao nhiêu?", "Xã Tân Sơn có bao nhiêu hộ?"),
            ),
        ),
        (
            "Năm 2019, xã Tân Sơn có bao nhiêu đảng viên và bí thư Đảng ủy xã là ai?",
            (
                Asked("Năm 2019, xã Tân Sơn có bao nhiêu đảng viên?"),
                Asked("Bí thư Đảng ủy xã là ai?", "Năm 2019, xã Tân Sơn có bao nhiêu đảng viên?"),
            ),
        ),
        (
            "1. Ai xây cầu Suối Đá? 2. Cầu dài bao nhiêu mét?",
            (
                Asked("Ai xây cầu Suối Đá?"),
                Asked("Cầu dài bao nhiêu mét?", "Ai xây cầu Suối Đá?"),
            ),
        ),
        (
            "Cầu do ai xây, dài bao nhiêu mét, hết bao nhiêu tiền?",
            (
                Asked("Cầu do ai xây?"),
                Asked("Dài bao nhiêu mét?", "Cầu do ai xây?"),
                Asked("Hết bao nhiêu tiền?", "Cầu do ai xây? Dài bao nhiêu mét?"),
            ),
        ),
    ],
)
def test_each_clause_that_asks_is_a_question(question: str, asked: tuple[Asked, ...]) -> None:
    assert parts(Asked(question)) == asked


def test_every_part_keeps_the_earlier_question() -> None:
    earlier = "Xã Tân Sơn ở huyện nào?"
    assert parts(Asked("Xã có mấy thôn và bao nhiêu hộ dân?", earlier)) == (
        Asked("Xã có mấy thôn?", earlier),
        Asked("Bao nhiêu hộ dân?", f"{earlier} Xã có mấy thôn?"),
    )
