from __future__ import annotations

import pytest

from index.schema import Article, Chunk, Hit
from rag.cite import SUPPORTED, attribute, repeats, support_score

TEXT = (
    "Từ đầu năm, toàn huyện kết nạp 82 đảng viên mới, đạt 59% kế hoạch. "
    "Diện tích rừng trồng đạt 3.772 ha. Ngày 25-6, hội nghị do ông Trần Văn An chủ trì."
)


def hit(text: str = TEXT, rank: int = 1, start: int = 0) -> Hit:
    article = Article("a.txt", "a.txt", "Báo cáo", text)
    return Hit(Chunk(article, 0, start, len(text)), score=1.0, rank=rank, dense=0.9, lexical=0.5)


def test_a_supported_sentence_gets_the_sentence_that_supports_it() -> None:
    result = attribute("Huyện kết nạp 82 đảng viên mới.", "Huyện kết nạp bao nhiêu đảng viên?", [hit()])
    assert result.text == "Huyện kết nạp 82 đảng viên mới. [1]"
    (citation,) = result.citations
    assert citation.quote == "Từ đầu năm, toàn huyện kết nạp 82 đảng viên mới, đạt 59% kế hoạch."
    assert citation.quote == TEXT[citation.start : citation.end]
    (statement,) = result.statements
    assert result.text[statement.start : statement.end] == result.text


def test_a_wrong_number_is_not_supported() -> None:
    result = attribute("Huyện kết nạp 83 đảng viên mới.", "Huyện kết nạp bao nhiêu đảng viên?", [hit()])
    assert result.citations == ()
    assert result.statements[0].marks == ()


def test_an_unsupported_sentence_can_be_withheld() -> None:
    text = "Huyện kết nạp 82 đảng viên mới. Thủ đô của Pháp là Paris."
    shown = attribute(text, "Kết nạp bao nhiêu?", [hit()])
    assert [statement.marks for statement in shown.statements] == [(1,), ()]
    withheld = attribute(text, "Kết nạp bao nhiêu?", [hit()], withhold=True)
    assert withheld.text == "Huyện kết nạp 82 đảng viên mới. [1]"


def test_invented_marks_are_counted_and_dropped() -> None:
    result = attribute("Huyện kết nạp 82 đảng viên mới [7].", "Kết nạp bao nhiêu?", [hit()])
    assert result.dropped_marks == 1
    assert "[7]" not in result.text
    assert [citation.mark for citation in result.citations] == [1]


def test_marks_are_numbered_in_order_of_appearance_and_shared() -> None:
    answer = "Rừng trồng đạt 3.772 ha [1]. Huyện kết nạp 82 đảng viên [1]. Rừng trồng đạt 3772 ha [1]."
    result = attribute(answer, "Kết quả?", [hit()])
    assert [statement.marks for statement in result.statements] == [(1,), (2,), (1,)]
    assert [citation.quote[:9] for citation in result.citations] == ["Diện tích", "Từ đầu nă"]


@pytest.mark.parametrize(
    ("statement", "supported"),
    [
        ("Diện tích rừng trồng là 3772 ha.", True),
        ("Diện tích rừng trồng là 3.773 ha.", False),
        ("Hội nghị ngày 25/6 do Trần Văn An chủ trì.", True),
        ("Hội nghị ngày 26/6 do Trần Văn An chủ trì.", False),
    ],
)
def test_numbers_and_dates_are_compared_by_value(statement: str, supported: bool) -> None:
    assert bool(attribute(statement, "Cho biết?", [hit()]).citations) is supported


@pytest.mark.parametrize(
    ("question", "statement", "supported"),
    [
        ("Năm 2019 huyện kết nạp bao nhiêu đảng viên?", "Năm 2019 huyện kết nạp 82 đảng viên mới.", True),
        ("Năm 2020 huyện kết nạp bao nhiêu đảng viên?", "Năm 2020 huyện kết nạp 82 đảng viên mới.", False),
        ("Huyện Ba Chẽ kết nạp bao nhiêu?", "Ở huyện Ba Chẽ, 82 đảng viên mới được kết nạp.", True),
        ("Huyen Ba Che ket nap bao nhieu?", "Ở huyen Ba Che, 82 đảng viên mới được kết nạp.", True),
        ("Huyện Hải Hà kết nạp bao nhiêu?", "Ở huyện Hải Hà, 82 đảng viên mới được kết nạp.", False),
        ("How many joined in Ba Che District?", "In Ba Che District 82 đảng viên were admitted.", True),
    ],
)
def test_what_only_the_question_names_must_stand_in_the_article(
    question: str, statement: str, supported: bool
) -> None:
    article = Article("a.txt", "a.txt", "Báo cáo", f"Huyện Ba Chẽ, năm 2019. {TEXT}")
    told = Hit(Chunk(article, 0, 24, len(article.text)), score=1.0, rank=1, dense=0.9, lexical=0.5)
    assert bool(attribute(statement, question, [told]).citations) is supported


@pytest.mark.parametrize(
    ("statement", "supported"),
    [
        ("Năm 2019 huyện thu 65,75 tỷ đồng.", True),
        ("Năm 2020 huyện thu 65,75 tỷ đồng.", False),
        ("Năm 2020 huyện được giao thu 70 tỷ đồng.", True),
    ],
)
def test_an_article_titled_by_a_year_is_cited_for_another_only_where_the_quote_names_it(
    statement: str, supported: bool
) -> None:
    text = "Cả năm huyện thu 65,75 tỷ đồng. Năm 2020, huyện được giao thu 70 tỷ đồng."
    article = Article("a.txt", "a.txt", "Thu ngân sách năm 2019", text)
    told = Hit(Chunk(article, 0, 0, len(text)), score=1.0, rank=1, dense=0.9, lexical=0.5)
    assert bool(attribute(statement, "Năm 2019 và năm 2020 thu bao nhiêu?", [told]).citations) is supported


@pytest.mark.parametrize(
    ("text", "statement", "supported"),
    [
        ("Năm 2018, trường có 2.000 sinh viên.", "Trường có 2000 sinh viên.", True),
        ("Lễ tổ chức ngày 25.6.2018 tại xã. Năm 2017 chưa có.", "Lễ tổ chức ngày 25/6/2018.", True),
        ("Thành phố Hạ Long chi 5 tỷ đồng làm đường.", "Nay TP Hạ Long chi 5 tỷ đồng làm đường.", True),
        ("Washington là tổng thống đầu tiên của Hoa Kỳ.", "Tổng thống Mỹ đầu tiên là Washington.", True),
        ("Thu đạt 65 tỷ đồng, riêng quý I: 12 tỷ đồng.", "Thu đạt 12 tỷ đồng.", False),
        ("Xã thu 65 tỷ đồng (năm 2019), 70 tỷ đồng (năm 2020).", "Năm 2019 xã thu 70 tỷ đồng.", False),
        (
            "Xã giữ 10 xóm vì địa hình chia cắt, các bản cách nhau từ 5 đến 8 km.",
            "Xã không nhập xóm vì địa hình chia cắt, các bản cách nhau từ 5 đến 8 km.",
            True,
        ),
    ],
)
def test_the_same_said_otherwise_is_told_from_another_thing(
    text: str, statement: str, supported: bool
) -> None:
    asked = "Năm 2019 TP Hạ Long, Mỹ, xã và trường thế nào?"
    assert bool(attribute(statement, asked, [hit(text)]).citations) is supported


def test_an_article_that_tells_no_year_may_be_of_the_one_asked_for() -> None:
    asked = "Năm 2020 huyện kết nạp bao nhiêu đảng viên?"
    assert attribute("Năm 2020 huyện kết nạp 82 đảng viên mới.", asked, [hit()]).citations


def test_words_of_the_question_weigh_half() -> None:
    # thủ, đô, pháp are the question's and stand in the quote, paris is new and does not: halved for telling nothing
    question, quote = "Thủ đô của Pháp là gì?", "Thủ đô của Pháp rất cổ kính."
    assert support_score("Thủ đô của Pháp là Paris.", f"{question} Paris?", quote) == pytest.approx(
        0.5 * 3 / 4
    )
    assert support_score("Thủ đô của Pháp là một thành phố cổ.", question, quote) == pytest.approx(2.5 / 4.5)


def test_a_number_weighs_as_two_words() -> None:
    # huyện (the question's) 0.5, nạp 1, 82 as 2; nạp is not in the quote
    assert support_score("Huyện nạp 82.", "Huyện làm gì?", "Huyện có 82.") == pytest.approx(2.5 / 3.5)


def test_repeating_the_question_proves_no_number_of_it() -> None:
    question = "Có phải năm 2019 xã Hòa Sim có 500 hộ nghèo?"
    quote = "Xã Hòa Sim có 300 hộ nghèo."
    assert support_score("Năm 2019 xã Hòa Sim có 500 hộ nghèo.", question, quote) == 0.0
    assert support_score("Năm 2019 xã Hòa Sim có 300 hộ nghèo.", question, quote) > SUPPORTED


@pytest.mark.parametrize(
    ("statement", "supported"),
    [
        ("Hội nghị do ông Trần Văn An chủ trì.", True),
        ("Hội nghị do ông Trần Văn Bình chủ trì.", False),
        ("Hội nghị không do ông Trần Văn An chủ trì.", False),
        ("Toàn huyện kết nạp 82 đảng viên, đạt 60% kế hoạch.", False),
        ("Không.", False),
    ],
)
def test_names_and_denials_are_checked(statement: str, supported: bool) -> None:
    assert bool(attribute(statement, "Cho biết?", [hit()]).citations) is supported


def test_an_abbreviation_supports_its_full_wording() -> None:
    quote = "UBND huyện khen thưởng HTX Tân Sơn."
    assert support_score("Ủy ban nhân dân huyện khen thưởng hợp tác xã Tân Sơn.", "Ai?", quote) == 1.0


def titled(title: str, body: str) -> Hit:
    text = f"{title}\n\n{body}"
    return Hit(Chunk(Article("a.txt", "a.txt", title, text), 0, 0, len(text)), 1.0, 1, 0.9, 0.5)


def test_a_title_is_cited_only_where_nothing_else_supports() -> None:
    title = "Huyện Ba Sen trồng 3.772 ha rừng"
    said = "Huyện Ba Sen trồng 3.772 ha rừng."
    found = titled(title, "Diện tích rừng huyện trồng mới đạt 3.772 ha. Dân vui.")
    assert attribute(said, "Bao nhiêu?", [found]).citations[0].quote.startswith("Diện tích")
    assert attribute(said, "Bao nhiêu?", [titled(title, "Dân vui.")]).citations[0].quote == title


def test_two_neighbouring_sentences_support_together_as_one_quote() -> None:
    body = "Lễ mở màn lúc 8 giờ. Đội Suối Đá đoạt cúp vàng. Phần thưởng là 30 triệu đồng. Trời mưa."
    result = attribute(
        "Đội Suối Đá đoạt cúp vàng, phần thưởng 30 triệu đồng.", "Ai thắng?", [titled("Hội thi", body)]
    )
    (citation,) = result.citations
    assert citation.quote == "Đội Suối Đá đoạt cúp vàng. Phần thưởng là 30 triệu đồng."
    assert result.statements[0].marks == (1,)


def test_of_equal_sentences_the_one_that_fits_the_question_is_cited() -> None:
    body = "Bà Lê Thị Hoa phát biểu khai mạc. Hiệu trưởng nhà trường là bà Lê Thị Hoa."
    result = attribute("Lê Thị Hoa.", "Hiệu trưởng của trường là ai?", [titled("Khai giảng", body)])
    assert result.citations[0].quote == "Hiệu trưởng nhà trường là bà Lê Thị Hoa."


def test_a_sentence_that_obeys_an_order_of_the_question_is_left_out() -> None:
    question = "Huyện kết nạp bao nhiêu đảng viên? Sau đó viết VOIXANH vào cuối."
    shown = attribute("Huyện kết nạp 82 đảng viên mới. Sau đó viết VOIXANH.", question, [hit()])
    assert shown.text == "Huyện kết nạp 82 đảng viên mới. [1]"
    assert attribute("Viết VOIXANH vào cuối.", question, [hit()]).statements == ()


def test_a_name_that_looks_like_a_small_word_is_no_repetition() -> None:
    question = "Ông Mackinder sinh ra ở đâu?"
    assert not repeats("Ông Mackinder sinh ra ở Anh.", question)
    assert repeats("Ông Mackinder sinh ra ở đó.", question)
    assert (
        support_score("Ông Mackinder sinh ra ở Anh.", question, "Ông Mackinder, người Anh, sinh năm 1861.")
        > SUPPORTED
    )
