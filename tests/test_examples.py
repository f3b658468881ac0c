from __future__ import annotations

from fakes import ARTICLES

from index.schema import Article
from rag.examples import suggest_questions


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
