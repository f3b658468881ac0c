"""A reply is an answer where it says what the reader found, and tells what was asked."""

from __future__ import annotations

import pytest

from index.schema import Article, Chunk, Hit
from rag.proof.answers_question import answers
from rag.schema import Evidence, Query
from tests.support.fakes import FakeReader

SENTENCE = "Cụm làng nghề được quy hoạch 8,4 ha, dự kiến tháng 9/2022 khởi công."
QUESTION = Query("Cụm làng nghề khởi công khi nào?", "")


def found(words: str) -> Evidence:
    article = Article("a", "a", "Làng nghề", SENTENCE)
    hit = Hit(Chunk(article, 0, 0, len(SENTENCE)), 1.0, 1.0, 1.0, 1)
    start = SENTENCE.index(words)
    place = (start, start + len(words))
    return Evidence(hit, 0, len(SENTENCE), SENTENCE, place, place, 3.0, 3.0, 3.0)


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
    assert answers(reply, QUESTION, found("tháng 9/2022"), FakeReader()) is right


def test_where_the_reader_found_no_words_the_reply_needs_none() -> None:
    best = found("tháng 9/2022")
    nothing = Evidence(best.hit, 0, best.end, SENTENCE, (0, 0), (0, 0), 3.0, 3.0, 3.0)
    assert answers("Cụm làng nghề sẽ khởi công.", QUESTION, nothing, FakeReader())
