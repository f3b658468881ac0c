"""A reply is an answer where it says what the reader found, and tells what was asked."""

from __future__ import annotations

import pytest

from index.schema import Article, Chunk, Hit
from rag.proof.answers_question import answers_question
from rag.schema import Evidence, Query
from tests.support.fakes import FakeReader

SENTENCE = "Cụm làng nghề được quy hoạch 8,4 ha, dự kiến tháng 9/2022 khởi công."
QUESTION = Query("Cụm làng nghề khởi công khi nào?", "")


def found(words: str, sentence: str = SENTENCE) -> Evidence:
    article = Article("a", "a", "Làng nghề", sentence)
    hit = Hit(Chunk(article, 0, 0, len(sentence)), 1.0, 1.0, 1.0, 1)
    start = sentence.index(words)
    place = (start, start + len(words))
    return Evidence(hit, 0, len(sentence), sentence, place, place, 3.0, 3.0, 3.0)


@pytest.mark.parametrize(
    ("reply", "right"),
    [
        ("Cụm làng nghề dự kiến khởi công tháng 9/2022. [1]", True),
        ("Cụm làng nghề được quy hoạch 8,4 ha. [1]", False),  # true, and not what was asked
        ("Tháng 9/2022. [1]", False),  # the reader does not see what was asked in it
        ("cum lang nghe khoi cong thang 9/2022 [1]", True),
    ],
)
def test_a_reply_says_what_was_found(reply: str, right: bool) -> None:
    assert answers_question(reply, QUESTION, found("tháng 9/2022"), FakeReader()) is right


def test_where_the_reader_found_no_words_the_reply_needs_none() -> None:
    best = found("tháng 9/2022")
    nothing = Evidence(best.hit, 0, best.end, SENTENCE, (0, 0), (0, 0), 3.0, 3.0, 3.0)
    assert answers_question("Cụm làng nghề sẽ khởi công.", QUESTION, nothing, FakeReader())


LIST = "Các xã nêu ba khó khăn: thiếu lao động trẻ, nguồn nước cạn dần và giá phân bón tăng cao."
ALL = "Các xã nêu ba khó khăn là thiếu lao động trẻ, nguồn nước cạn dần và giá phân bón tăng cao. [1]"
SOME = "Các xã nêu khó khăn: thiếu lao động trẻ và nguồn nước cạn dần. [1]"
FEES = "Lệ phí là 15.000 đồng một bản, miễn cho hộ nghèo, người khuyết tật và người có công."


@pytest.mark.parametrize(
    ("question", "reply", "right"),
    [
        ("Các xã nêu những khó khăn nào?", ALL, True),
        ("Các xã nêu những khó khăn nào?", SOME, False),
        ("Khó khăn của các xã gồm những gì?", SOME, False),
        ("Các xã nêu khó khăn ra sao?", SOME, True),  # not all of them are asked for
    ],
)
def test_a_list_that_is_asked_for_is_told_whole(question: str, reply: str, right: bool) -> None:
    words = "thiếu lao động trẻ, nguồn nước cạn dần"
    assert answers_question(reply, Query(question, ""), found(words, LIST), FakeReader()) is right


def test_what_introduces_a_list_is_no_part_of_it() -> None:
    reply = "Lệ phí miễn cho hộ nghèo, người khuyết tật và người có công. [1]"
    best = found("hộ nghèo, người khuyết tật và người có công", FEES)
    assert answers_question(reply, Query("Miễn lệ phí cho những ai?", ""), best, FakeReader())


@pytest.mark.parametrize(
    ("question", "sentence", "words", "reply", "right"),
    [
        (
            "Hợp tác xã không thu mua những loại chè nào?",
            "Hợp tác xã không thu mua chè hái bằng máy, chè bị phun thuốc hoặc chè để quá sáu giờ.",
            "chè hái bằng máy",
            "Hợp tác xã không thu mua chè hái bằng máy. [1]",
            False,  # one item of three
        ),
        (
            "Dự án đi qua những xã nào?",
            "Dự án qua ba xã Bình Trị, Bình Sa và An Thạnh, cần thu hồi 38,6 ha đất của hơn bốn trăm hộ.",
            "Bình Trị, Bình Sa và An Thạnh",
            "Dự án đi qua ba xã Bình Trị, Bình Sa và An Thạnh. [1]",
            True,  # what is left out is no item
        ),
        (
            "Lý do trường gia hạn nhận hồ sơ?",
            "Lý do gia hạn là từ ngày 3 đến 7/5, mưa lũ làm sạt lở nhiều đoạn đường.",
            "từ ngày 3 đến 7/5",
            "Lý do gia hạn là từ ngày 3 đến 7/5. [1]",
            False,
        ),
        (
            "Giá mới đắt hơn giá cũ bao nhiêu?",
            "Giá cũ áp dụng từ năm 2017, mức đầu tiên là 6.200 đồng/m3.",
            "6.200 đồng/m3",
            "Giá mới đắt hơn giá cũ 6.200 đồng/m3. [1]",
            False,
        ),
        (
            "Giá mới đắt hơn giá cũ bao nhiêu?",
            "Giá nước tăng thêm 1.200 đồng/m3.",
            "1.200 đồng/m3",
            "Giá mới đắt hơn giá cũ 1.200 đồng/m3. [1]",
            True,
        ),
    ],
)
def test_a_reply_tells_all_of_what_is_asked(
    question: str, sentence: str, words: str, reply: str, right: bool
) -> None:
    assert answers_question(reply, Query(question, ""), found(words, sentence), FakeReader()) is right
