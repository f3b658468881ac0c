"""What of a draft is proved, by what, and what is left out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from fakes import FakeReader

from index.schema import Article, Chunk, Hit
from rag.proof.grounding import is_grounded
from rag.proof.verify import Verified, quotation, verify
from rag.schema import Evidence, Query, Reading, Statement

TITLE = "Xã Khe Mây tổng kết năm"
SENTENCES = (
    "Năm 2018, xã Khe Mây kết nạp 82 đảng viên mới, đạt 59% kế hoạch.",
    "Trong số 64 hộ vay vốn có 61 hộ trả nợ đúng hạn.",
    "Cầu Nà Pục dài 215 m, kinh phí 14 tỷ đồng, do Công ty Hoàng Vạn thi công.",
    "Hội nghị do ông Trần Văn An chủ trì; bà Lê Thị Hòa làm thư ký.",
    "Cổng mở từ 6 giờ 45. Bà Nông Thị Vẹn là Trưởng phòng LĐ-TB&XH.",
    "Sân vận động rộng 120 mét vuông, khánh thành ngày 25-6.",
)
QUESTION = "Khe Mây năm nay ra sao?"


def article(*sentences: str, title: str = TITLE, name: str = "a.txt") -> Article:
    return Article(name, name, title, "\n".join([title, *sentences]), date(2018, 12, 20), place="xã Khe Mây")


def evidence(source: Article, words: str = "") -> tuple[Evidence, ...]:
    """Every sentence of an article but its title, with the same likeliest words where it holds them."""
    hit = Hit(Chunk(source, 0, 0, len(source.text)), 1.0, 1, 1.0, 1.0)
    found = []
    for sentence in source.text.split("\n")[1:]:
        start = source.text.index(sentence)
        at = sentence.find(words)
        short = (at, at + len(words)) if words and at >= 0 else (0, 0)
        answer = (start + short[0], start + short[1])
        found.append(Evidence(hit, start, start + len(sentence), sentence, short, answer, 5.0, 5.0, 5.0))
    return tuple(found)


GIVEN = evidence(article(*SENTENCES), words="82 đảng viên")


def checked(
    draft: str,
    *,
    question: str = QUESTION,
    given: tuple[Evidence, ...] = GIVEN,
    verdicts: dict[str, float] | None = None,
) -> Verified:
    reading = Reading(Query(question, question), (given[0].hit,), given, 0.9)
    return verify(draft, reading, given, FakeReader(verdicts), 0.5)


def is_told(statement: str, *numbers: int, question: str = QUESTION) -> bool:
    return is_grounded(statement, question, [GIVEN[number] for number in numbers])


@pytest.mark.parametrize(
    ("statement", "number", "told"),
    [
        ("Xã kết nạp 82 đảng viên mới.", 0, True),
        ("Xã kết nạp 28 đảng viên mới.", 0, False),
        ("Xã đạt 59 phần trăm kế hoạch.", 0, True),
        ("Xã đạt 82% kế hoạch.", 0, False),
        ("Có 61% hộ trả nợ đúng hạn.", 1, False),  # 61 of 64 households
        ("Có 61 hộ trả nợ đúng hạn.", 1, True),
        ("Có 61 người trả nợ đúng hạn.", 1, False),
        ("Cầu dài 215 mét.", 2, True),
        ("Cầu dài 215 km.", 2, False),
        ("Cầu dài 215.", 2, True),
        ("Kinh phí là 14.000 triệu đồng.", 2, True),
        ("Kinh phí là 14 triệu đồng.", 2, False),
        ("Cây cầu tốn 215 đồng.", 2, False),
        ("Sân rộng 120 m².", 5, True),
        ("Sân dài 120 m.", 5, False),
        ("Sân khánh thành ngày 25 tháng 6.", 5, True),
        ("Sân khánh thành ngày 26/6.", 5, False),
        ("Cổng mở lúc 6 giờ 45.", 4, True),
        ("Cổng mở lúc 6 giờ.", 4, False),
    ],
)
def test_a_value_stands_in_the_quote_with_its_unit(statement: str, number: int, told: bool) -> None:
    assert is_told(statement, number) == told


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("Nghỉ từ 5 ngày phải gửi đơn.", True),
        ("Nghỉ ít nhất 5 ngày phải gửi đơn.", True),
        ("Nghỉ 5 ngày phải gửi đơn.", True),
        ("Gửi đơn trước 5 ngày.", False),
        ("Nghỉ dưới 5 ngày phải gửi đơn.", False),
        ("Gửi đơn trước 10 ngày làm việc.", True),
        ("Gửi đơn sau 10 ngày làm việc.", False),
        ("Gửi đơn không quá 10 ngày làm việc.", False),
        ("Mỗi đơn ghi hơn 2 người.", True),  # the sentence names no side
    ],
)
def test_a_value_stays_on_its_side(statement: str, told: bool) -> None:
    text = "Nghỉ từ 5 ngày trở lên phải gửi trước 10 ngày làm việc, mỗi đơn ghi 2 người."
    assert is_grounded(statement, QUESTION, evidence(article(text))) == told


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("Ông Trần Văn An chủ trì hội nghị.", True),
        ("Trần Văn An chủ trì hội nghị.", True),
        ("Lê Văn An chủ trì hội nghị.", False),
        ("Hội nghị do ông Trần Văn Ân chủ trì.", False),
        ("Hội nghị do ông Trần Thị Hòa chủ trì.", False),  # made of two persons
        ("Thư ký là bà Lê Thị Hoa.", False),
        ("Thư ký của xã Khe Mây là bà Lê Thị Hòa.", True),  # the place stands in the heading
        ("Hoi nghi do ong Tran Van An chu tri.", True),
        ("Hội nghị ở huyện Kim Liên do ông Trần Văn An chủ trì.", False),
    ],
)
def test_a_name_stands_in_the_quote_or_its_heading(statement: str, told: bool) -> None:
    assert is_told(statement, 3) == told


def test_a_year_of_the_question_is_enough_where_the_article_tells_it_too() -> None:
    asked = "Năm 2018 cầu Nà Pục dài bao nhiêu?"
    assert is_told("Năm 2018, cầu Nà Pục dài 215 m.", 2, question=asked)
    other = "Năm 2017 cầu Nà Pục dài bao nhiêu?"
    assert not is_told("Năm 2017, cầu Nà Pục dài 215 m.", 2, question=other)


def test_the_question_brings_no_value_of_another_unit() -> None:
    asked = "Có đúng là cầu Nà Pục dài 215 km không?"
    assert not is_told("Đúng, cầu Nà Pục dài 215 km.", 2, question=asked)


def test_the_title_and_the_day_of_the_article_tell_what_the_sentence_leaves_out() -> None:
    assert is_told("Năm 2018, ông Trần Văn An chủ trì hội nghị.", 3)
    assert not is_told("Năm 2019, ông Trần Văn An chủ trì hội nghị.", 3)


def test_letters_that_come_from_nowhere_are_no_proof() -> None:
    assert not is_told("Xã 结纳 82 đảng viên mới.", 0)
    assert is_told("Xã (乡) kết nạp 82 đảng viên mới.", 0, question="Xã (乡) kết nạp mấy đảng viên?")


def test_a_proved_sentence_cites_what_proves_it() -> None:
    found = checked("Xã kết nạp 82 đảng viên mới.")
    assert found.text == "Xã kết nạp 82 đảng viên mới. [1]"
    (citation,) = found.citations
    assert (citation.mark, citation.quote, citation.score) == (1, SENTENCES[0], 0.9)
    (statement,) = found.statements
    assert (statement.start, statement.end, statement.marks) == (0, len(found.text), (1,))
    assert found.short_span is not None
    assert found.text[slice(*found.short_span)] == "82 đảng viên"


def test_a_sentence_without_proof_is_left_out_and_told() -> None:
    found = checked("Xã kết nạp 82 đảng viên mới [1]. Bí thư là ông Nguyễn Văn Tèo [1].")
    assert found.text == "Xã kết nạp 82 đảng viên mới. [1]"
    assert found.left_out == ("Bí thư là ông Nguyễn Văn Tèo.",)
    assert checked("") == Verified()


def test_the_judge_has_the_last_word() -> None:
    statement = "Xã kết nạp 82 đảng viên mới."
    assert checked(statement, verdicts={statement: 0.49}).left_out == (statement,)
    assert checked(statement, verdicts={statement: 0.5}).citations[0].score == 0.5
    assert checked(statement, verdicts={statement: 0.51}).citations[0].score == 0.51


def test_two_sentences_prove_together_what_neither_tells_alone() -> None:
    found = checked("Xã kết nạp 82 đảng viên mới và có 61 hộ trả nợ đúng hạn.")
    assert found.text == "Xã kết nạp 82 đảng viên mới và có 61 hộ trả nợ đúng hạn. [1] [2]"
    assert [citation.quote for citation in found.citations] == [SENTENCES[0], SENTENCES[1]]
    three = "Xã có 82 đảng viên mới, 61 hộ trả nợ và cầu dài 215 m."
    assert checked(three).left_out == (three,)


def test_marks_are_set_anew_in_the_order_in_which_they_appear() -> None:
    found = checked(
        "Cầu Nà Pục dài 215 m [3]. Xã kết nạp 82 đảng viên mới [1]. Cầu do Công ty Hoàng Vạn thi công."
    )
    assert found.text == (
        "Cầu Nà Pục dài 215 m. [1] Xã kết nạp 82 đảng viên mới. [2] Cầu do Công ty Hoàng Vạn thi công. [1]"
    )
    assert [citation.quote for citation in found.citations] == [SENTENCES[2], SENTENCES[0]]


@pytest.mark.parametrize(
    "draft",
    ["Hai nơi cùng làm việc đó. [2] Xã Khe Mây họp.", "Hai nơi cùng làm việc đó [2]. Xã Khe Mây họp."],
)
def test_a_mark_belongs_to_the_sentence_before_it(draft: str) -> None:
    twins = evidence(article("Hai nơi cùng làm việc đó.", "Cả hai nơi cùng làm việc đó."))
    found = checked(draft, given=twins, verdicts={"Xã Khe Mây họp.": 0.0})
    assert found.citations[0].quote == "Cả hai nơi cùng làm việc đó."


def test_a_wrong_mark_does_not_hide_the_proof() -> None:
    found = checked("Xã kết nạp 82 đảng viên mới [4].")
    assert [citation.quote for citation in found.citations] == [SENTENCES[0]]


def test_of_equal_proofs_the_one_that_the_writer_named_is_taken() -> None:
    twins = evidence(article("Xã Khe Mây kết nạp 82 đảng viên.", "Khe Mây là xã kết nạp 82 đảng viên."))
    assert checked("Xã kết nạp 82 đảng viên [2].", given=twins).citations[0].quote == twins[1].text
    assert checked("Xã kết nạp 82 đảng viên.", given=twins).citations[0].quote == twins[0].text


def test_marks_that_point_nowhere_are_counted() -> None:
    found = checked("Xã kết nạp 82 đảng viên mới [9]. Cầu dài 215 m [0, 3].")
    assert found.dropped_marks == 2
    assert "[9]" not in found.text
    assert len(found.citations) == 2
    assert checked(f"Xã kết nạp 82 đảng viên mới [1, {len(GIVEN)}].").dropped_marks == 0
    assert checked(f"Xã kết nạp 82 đảng viên mới [0, {len(GIVEN) + 1}].").dropped_marks == 2


def test_bullets_stay_and_their_numbers_are_no_values() -> None:
    found = checked(
        "- Xã kết nạp 82 đảng viên mới.\n- Xã trồng 99 ha rừng. Cầu dài 215 m.\n2) Có 61 hộ trả nợ."
    )
    assert found.text == "- Xã kết nạp 82 đảng viên mới. [1]\n- Cầu dài 215 m. [2]\n2) Có 61 hộ trả nợ. [3]"
    assert [found.text[one.start : one.end] for one in found.statements] == [
        "Xã kết nạp 82 đảng viên mới. [1]",
        "Cầu dài 215 m. [2]",
        "Có 61 hộ trả nợ. [3]",
    ]


def test_a_year_before_a_full_stop_is_no_number_of_a_list() -> None:
    assert checked("2019. Xã kết nạp 82 đảng viên mới.").text == "Xã kết nạp 82 đảng viên mới. [1]"


def test_marked_words_are_the_short_answer() -> None:
    found = checked("Cầu Nà Pục dài **215 m**, kinh phí **14 tỷ đồng** [3].")
    assert found.text == "Cầu Nà Pục dài 215 m, kinh phí 14 tỷ đồng. [1]"
    assert found.short_span is not None
    assert found.text[slice(*found.short_span)] == "215 m"


def test_the_short_answer_is_no_part_of_another_word_and_no_mark() -> None:
    given = evidence(article("Cả xã có 12 thôn, thôn 1 đông dân hơn cả."), words="1")
    found = checked("Cả xã có 12 thôn, thôn 1 đông dân hơn cả.", given=given)
    assert found.short_span == (found.text.index("thôn 1 ") + 5, found.text.index("thôn 1 ") + 6)
    without = checked("Cả xã có 12 thôn.", given=given)
    assert (without.text, without.short_span) == ("Cả xã có 12 thôn. [1]", None)


def test_words_of_a_sentence_that_is_not_cited_are_no_short_answer() -> None:
    source = article("Thôn 1 có 12 hộ vay vốn.", "Năm nay xã có 64 hộ vay vốn.")
    other, cited = evidence(source, words="hộ vay vốn")
    (told,) = evidence(article("Năm nay xã có 64 hộ vay vốn."), words="64 hộ")
    cited = replace(cited, short_span=told.short_span)
    found = checked("Năm nay xã có 64 hộ vay vốn [2].", given=(other, cited))
    assert [one.quote for one in found.citations] == ["Năm nay xã có 64 hộ vay vốn."]
    assert found.short_span is not None
    assert found.text[slice(*found.short_span)] == "64 hộ"


def test_a_quotation_is_the_sentence_with_its_words() -> None:
    found = quotation(GIVEN[0], 0.7)
    assert found.text == f"{SENTENCES[0]} [1]"
    assert found.citations[0].quote == SENTENCES[0]
    assert found.citations[0].score == 0.7
    assert found.short_span is not None
    assert found.text[slice(*found.short_span)] == "82 đảng viên"
    assert found.citations[0].mark == 1
    assert found.statements == (Statement(0, len(found.text), (1,)),)


@pytest.mark.parametrize(
    "words", ["Năm", "kế hoạch.", SENTENCES[0]], ids=["at its beginning", "at its end", "the whole sentence"]
)
def test_the_words_of_a_quotation_may_reach_to_its_ends(words: str) -> None:
    found = quotation(evidence(article(*SENTENCES), words)[0], 0.7)
    assert found.short_span is not None
    assert found.text[slice(*found.short_span)] == words


def test_what_looks_like_a_mark_in_a_quotation_is_none() -> None:
    (one,) = evidence(article("Theo nguồn [9], xã có 12 thôn."))
    assert quotation(one, 0.7).text == "Theo nguồn (9), xã có 12 thôn. [1]"
    assert quotation(one, 0.7).short_span is None
