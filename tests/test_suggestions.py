from __future__ import annotations

from fakes import ARTICLES

from index.schema import Article
from rag.suggestions import suggest_questions


def test_a_number_becomes_a_question_word_where_it_stands() -> None:
    article = Article(
        "a", "a", "", "Đến nay, toàn đảng bộ huyện kết nạp 82 đảng viên mới.", place="huyện Kim Bảng"
    )
    assert suggest_questions([article]) == [
        "Ở huyện Kim Bảng, toàn đảng bộ huyện kết nạp bao nhiêu đảng viên mới?"
    ]


def test_every_question_comes_from_another_article() -> None:
    questions = suggest_questions(ARTICLES, 3)
    assert len(questions) == len(set(questions)) == 3
    assert all(question.endswith("?") for question in questions)


def test_an_article_without_numbers_gives_none() -> None:
    assert suggest_questions([Article("a", "a", "", "Hôm nay trời đẹp.")]) == []


def test_a_day_and_a_reason_are_asked_for_at_the_head() -> None:
    day = Article("a", "a", "", "Ngày 12/11/2020, xã An Kỳ tổ chức Lễ đón nhận danh hiệu xã nông thôn mới.")
    reason = Article("b", "b", "", "Tuyến đường vào xã Tà Brêng thường xuyên ách tắc vì đất đá sạt lở.")
    assert suggest_questions([day, reason]) == [
        "Khi nào xã An Kỳ tổ chức Lễ đón nhận danh hiệu xã nông thôn mới?",
        "Vì sao tuyến đường vào xã Tà Brêng thường xuyên ách tắc?",
    ]


def test_the_kinds_take_turns() -> None:
    text = "Toàn xã trồng được 50 ha rừng keo lai. Lễ hội Đình Cả thu về 14 tỷ đồng cho quỹ khuyến học."
    assert suggest_questions([Article("a", "a", "", text), Article("b", "b", "", text)]) == [
        "Lễ hội Đình Cả thu về bao nhiêu tiền cho quỹ khuyến học?",
        "Toàn xã trồng được bao nhiêu ha rừng keo lai?",
    ]
