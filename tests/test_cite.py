from __future__ import annotations

import pytest

from index.schema import Article, Chunk, Hit
from rag.cite import attribute, support_score

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


def test_words_of_the_question_prove_little() -> None:
    question = "Thủ đô của Pháp là gì?"
    assert support_score(
        "Thủ đô của Pháp là Paris", question, "Thủ đô của Pháp là gì, ai biết?"
    ) == pytest.approx(5 * 0.25 / (5 * 0.25 + 1))
