"""Sentence ends of Vietnamese reporters, glued ones included."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.normalise import normalise, sentence_spans


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    "parts",
    [
        ["Huyện trồng 3.772 ha rừng, đạt 1,29%.", "Đến nay còn 45 hộ."],
        ["UBND TP. Hà Nội họp.", "TP.HCM cũng vậy."],
        ["PGS.TS. Nguyễn Văn Hùng và ThS. Lê An, BS. Bình dự.", "Hội nghị kết thúc."],
        ["Nhà ở P.5, Q.1, Tp. Vinh.", "Ông đi rồi."],
        ["Ở đó có lúa, ngô, khoai, v.v. và sắn.", "Hết."],
        ["Công an bắt Nguyễn Văn T.", "Theo điều tra, T. đã bỏ trốn."],
        ["Ông George W. Bush và J.K. Rowling tới.", "Trời mưa."],
        ["Hôm nay nóng 38 độ C.", "Đà Nẵng mát hơn."],
        ["“Tôi đi.", "Anh ở lại”, ông nói.", "Rồi ông đi."],
        ["Ông hỏi: “Có không?” rồi cười.", "Không ai đáp!", "Vì sao?"],
        ["(Ảnh: Bình Minh.)", "Sau đó mọi người về."],
        ["Hiệu quả chưa cao…", "Hội nghị thảo luận."],
        ["Họ nói… rồi thôi.", "Xong."],
    ],
)
def test_sentences_apart(parts: list[str]) -> None:
    assert sentences(" ".join(parts)) == parts


@pytest.mark.parametrize(
    "parts",
    [
        ["đạt 51% kế hoạch.", "Thu ngân sách được 2.596 triệu đồng."],
        ["chưa có sự chuyển biến…", "Tại hội nghị, các tham luận nêu rõ."],
        ["trong sạch, vững mạnh…", "Đồng thời, các đại biểu nhất trí."],
        ["xong trong năm 2018.", "Trọng Nghĩa"],
        ["“Đúng thế”.", "“Vâng”, bà đáp."],
    ],
)
def test_glued_sentences(parts: list[str]) -> None:
    assert sentences("".join(parts)) == parts


def test_addresses_and_file_names_are_not_glued_sentences() -> None:
    assert sentences("Xem Baodatviet.vn hoặc www.Abc.vn nhé.") == ["Xem Baodatviet.vn hoặc www.Abc.vn nhé."]


def test_lines_and_list_markers() -> None:
    text = "Nhiệm vụ\n1. Trồng rừng.\n2. Nuôi cá; bán cá\na. Chợ huyện\n\nI. Phần một"
    assert sentences(text) == [
        "Nhiệm vụ",
        "1. Trồng rừng.",
        "2. Nuôi cá; bán cá",
        "a. Chợ huyện",
        "I. Phần một",
    ]


def test_closing_formula() -> None:
    assert sentences("An toàn xã hội của địa phương./.\n\nBình Minh") == [
        "An toàn xã hội của địa phương./.",
        "Bình Minh",
    ]


def test_empty_text_has_no_sentence() -> None:
    assert sentence_spans("") == []
    assert sentence_spans(" \n ") == []


@given(st.text(st.one_of(st.characters(), st.sampled_from('.…!? \n"”“)(AĐáb1'))))
def test_spans_hold_everything_but_white_space_in_order(text: str) -> None:
    text = normalise(text)
    place = 0
    for start, end in sentence_spans(text):
        assert not text[place:start].strip()
        assert text[start:end] == text[start:end].strip() != ""
        assert "\n" not in text[start:end]
        place = end
    assert not text[place:].strip()
