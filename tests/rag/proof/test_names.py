"""Names of a text, and whether others tell them."""

from __future__ import annotations

from datetime import date

import pytest

from index.schema import Article
from rag.proof.names import folded_names, has_name, names_are_grounded, share_of_names

ARTICLE = Article(
    "a.txt",
    "a.txt",
    "Huyện Kim Liên họp",
    "Ông Trần Văn An phát biểu năm 2018.",
    date(2018, 10, 3),
    place="tỉnh Yên Hạ",
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Hội nghị do ông Trần Văn An chủ trì.", {"tran van an"}),
        ("Trần Văn An chủ trì. Ông An nói.", {"tran van an", "an"}),
        ("Huyện Kim Liên và xã Tân Sơn", {"kim lien", "tan son"}),
        ("Ai chủ trì? Do đâu? Có.", set()),
        ("Đoàn gồm 12 người.", set()),  # a word of a sentence's beginning, though it is a surname too
        ("Ở xã Khe Mây có UBND", {"khe may", "uy ban nhan dan"}),
    ],
)
def test_names_are_runs_of_capitals_after_the_first_word(text: str, found: set[str]) -> None:
    assert folded_names(text) == found


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("Chủ tịch là ông Trần Văn An.", True),
        ("Chủ tịch huyện là ông Trần Văn Ân.", False),
        ("Chủ tịch huyện Kim Liên Trần Văn An phát biểu.", True),
        ("Chủ tịch là ông Trần Thị Hoa.", False),
        ("Phạm Văn An là chủ tịch.", False),
        ("Ban của Ông Trần Văn An họp.", True),
        ("Xã Khe Mây họp.", True),  # from the question and somewhere in the article
        ("Xã Nà Lừa họp.", False),  # only in the question
        ("Việc đó do Ủy ban nhân dân làm.", True),
        ("Khong co ten nao.", True),
        ("Chu tich la ong Tran Van An.", True),
    ],
)
def test_a_name_is_told_letter_by_letter(statement: str, told: bool) -> None:
    quote = "Ông Trần Văn An, Chủ tịch UBND huyện Kim Liên, và bà Lê Thị Hoa."
    assert names_are_grounded(statement, quote, "Xã Khe Mây và xã Nà Lừa?", "Xã Khe Mây họp.") == told


def test_the_share_of_names_and_numbers_that_an_article_tells() -> None:
    assert share_of_names("ai chủ trì?", ARTICLE) == 1.0  # it names nothing
    assert share_of_names("Năm 2018 huyện Kim Liên ra sao?", ARTICLE) == 1.0
    assert share_of_names("Năm 2019 huyện Kim Liên ra sao?", ARTICLE) == 0.5  # of "2019" and "kim lien"
    assert share_of_names("Ở tỉnh Yên Hạ ngày 3/10 có gì?", ARTICLE) == 1.0
    assert share_of_names("Ở tỉnh Yên Hà có gì?", ARTICLE) == 1.0  # without accents, as people type


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("Huyện Kim Liên ở đâu?", True),
        ("Huyện này ở đâu?", False),
        ("Thẻ BHYT do ai cấp?", False),
        ("", False),
    ],
)
def test_a_question_that_names_something(question: str, named: bool) -> None:
    assert has_name(question) == named
