"""Which values of a passage can answer a question."""

from __future__ import annotations

import pytest

from rag.reader.kinds import lacks_amount, values_asked_for

PASSAGE = (
    "Ngày 12/11/2020, xã Tân Sơn trồng 742 ha rừng của 96 hộ, đạt 107,4% kế hoạch. "
    "Năm 2019 xã chi 1,6 tỷ đồng làm đường dài 1,85 km và cầu dài 116 m."
)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Xã trồng được bao nhiêu ha rừng?", ["742"]),
        ("Xã trồng được bao nhiêu héc ta rừng?", ["742"]),
        ("Rừng của mấy hộ?", ["96"]),
        ("Cầu dài bao nhiêu mét?", ["116"]),
        ("Đường dài bao nhiêu km?", ["1,85"]),
        ("Xã chi bao nhiêu tiền làm đường?", ["1,6 tỷ đồng"]),
        ("Đạt mấy phần trăm kế hoạch?", ["107,4%"]),
        ("Đạt bao nhiêu % kế hoạch?", ["107,4%"]),
        ("Trồng rừng ngày nào?", ["12/11/2020"]),
        ("Xã làm đường năm nào?", ["12/11/2020", "2019"]),
        ("Xã trồng rừng khi nào?", ["12/11/2020", "2019"]),
        ("Xã trồng rừng được bao nhiêu?", ["742", "96", "107,4%", "1,6 tỷ đồng", "1,85", "116"]),
        # Nothing is counted in voters here, so any number may be.
        ("Xã có bao nhiêu cử tri?", ["742", "96", "1,85", "116"]),
        ("Xã trồng bao nhiêu cây?", ["742", "96", "1,85", "116"]),
        ("Đường dài mấy cây số?", ["1,85"]),
        ("Đón bao nhiêu triệu lượt khách?", ["742", "96", "1,85", "116"]),
        ("Khen bao nhiêu đồng chí?", ["742", "96", "1,85", "116"]),
        ("Dân số bao nhiêu người?", ["742", "96", "1,85", "116"]),
        ("Xã chi mấy tỷ?", ["1,6 tỷ đồng"]),
        ("Đường số mấy?", []),
        ("Mỗi năm xã chi bao nhiêu tiền?", ["1,6 tỷ đồng"]),
        ("Mỗi tháng mấy đồng một nhà?", ["1,6 tỷ đồng"]),
        ("Ai trồng rừng?", []),
        ("Xã đứng thứ mấy?", []),
    ],
)
def test_values_of_the_kind_that_is_asked_for(question: str, expected: list[str]) -> None:
    assert [PASSAGE[start:end] for start, end in values_asked_for(question, PASSAGE)] == expected


def test_a_passage_without_such_a_value_gives_none() -> None:
    assert values_asked_for("Xã chi bao nhiêu tiền?", "Xã có 5 thôn.") == []


@pytest.mark.parametrize(
    ("question", "reply", "lacks"),
    [
        ("Ông An được đền bù bao nhiêu tiền?", "Ông An được đền bù 1.150 m2 đất.", True),
        ("Ông An được đền bù bao nhiêu tiền?", "Ông An được đền bù 1,2 tỷ đồng.", False),
        ("Năm 2019 ông An được đền bù bao nhiêu tiền?", "Năm 2019 ông An được đền bù đất [2].", True),
        ("Vé vào cửa giá bao nhiêu tiền?", "Vé vào cửa được miễn phí.", False),
        ("Vé vào cửa giá bao nhiêu tiền?", "Giá vé là 50.000/người.", False),
        ("Bao nhiêu phần trăm số hộ thoát nghèo?", "Tỷ lệ hộ thoát nghèo cao.", True),
        ("Bao nhiêu phần trăm số hộ thoát nghèo?", "Đã có 45 hộ thoát nghèo.", True),
        ("Bao nhiêu phần trăm số hộ thoát nghèo?", "Đã có 9/10 hộ thoát nghèo.", False),
        ("Bao nhiêu phần trăm số hộ thoát nghèo?", "Toàn bộ số hộ thoát nghèo.", False),
        ("Thu được bao nhiêu tỷ, đạt bn % dự toán?", "Huyện thu 451,9 tỷ đồng, đạt 128,7%.", False),
        ("Có bao nhiêu người chết?", "Lũ cuốn trôi nhà.", False),
        ("Cầu do ai xây và hết bao nhiêu tiền?", "Cầu do Công ty Sông Đà xây.", False),
        ("Mấy năm qua xã đã làm gì?", "Xã đã trồng rừng.", False),
    ],
)
def test_a_reply_to_how_much_tells_an_amount(question: str, reply: str, lacks: bool) -> None:
    assert lacks_amount(question, reply) == lacks
