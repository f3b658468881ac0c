"""A text is checked: what articles support, what they tell otherwise, and what is not found."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from fakes import FakeReader
from store_maker import retriever_over

from rag.retrieval.retrieve import Retriever
from rag.tools.check_text import CheckedSentence, CheckedText, check_text, claims

ARTICLES = {
    "bao.txt": "Bão số 5 ở Hải Trường\n\n02/11/2019 08:00\n\nBão số 5 làm sập 164 nhà ở huyện Hải Trường. "
    "Hộ có nhà sập được hỗ trợ 40 triệu đồng, hộ có người mất tích được hỗ trợ 20 triệu đồng. "
    "Tài xế bị nạn không uống rượu trước khi lái xe. Chủ tịch huyện là ông Huỳnh Tấn Đạt, bí thư là bà Lê Thị Gấm.\n",
    "che.txt": "Hợp tác xã chè Tân Sơn\n\n05/01/2020 08:00\n\nHTX chè Tân Sơn có 36 thành viên.\n",
}


@pytest.fixture
def retriever(tmp_path: Path) -> Retriever:
    return retriever_over(tmp_path, ARTICLES)


def check(retriever: Retriever, text: str) -> CheckedText:
    return check_text(retriever, FakeReader(), text)


def one(retriever: Retriever, sentence: str) -> CheckedSentence:
    (checked,) = check(retriever, sentence).sentences
    return checked


def test_a_sentence_is_supported_by_the_sentence_that_shows_it(retriever: Retriever) -> None:
    checked = one(retriever, "Bão số 5 làm sập 164 nhà ở huyện Hải Trường.")
    assert checked.verdict == "supported"
    assert checked.source is not None
    article = checked.source.article
    assert (
        article.text[checked.source.start : checked.source.end]
        == "Bão số 5 làm sập 164 nhà ở huyện Hải Trường."
    )


@pytest.mark.parametrize(
    ("sentence", "said", "told"),
    [
        ("Bão số 5 làm sập 146 nhà ở huyện Hải Trường.", "146", "164"),
        ("Hộ có nhà sập được hỗ trợ 20 triệu đồng.", "20 triệu đồng", "40 triệu đồng"),
        ("Chủ tịch huyện là bà Lê Thị Gấm.", "Lê Thị Gấm", "Huỳnh Tấn Đạt"),
        ("Tài xế bị nạn uống rượu trước khi lái xe.", "uống", "không uống"),
    ],
)
def test_what_stands_otherwise_is_shown(retriever: Retriever, sentence: str, said: str, told: str) -> None:
    checked = one(retriever, sentence)
    assert (checked.verdict, checked.claimed, checked.stated) == ("contradicted", said, told)


@pytest.mark.parametrize(
    "sentence",
    [
        "HTX chè Tân Sơn mở cửa hàng ở Hà Nội.",
        "Năm 2021, bão số 5 làm sập 146 nhà ở huyện Hải Trường.",
        "Cầu Suối Đá được khánh thành hôm qua.",
    ],
)
def test_what_no_article_tells_is_not_found(retriever: Retriever, sentence: str) -> None:
    assert one(retriever, sentence).verdict == "not_found"


def test_headings_and_questions_claim_nothing_and_names_carry_on() -> None:
    text = "Tin mới\nHuyện Hải Trường họp sáng nay. Có 164 nhà bị sập vì bão. Bao nhiêu nhà đã dựng lại?"
    found = list(claims(text))
    assert [claim.text for claim in found] == ["Huyện Hải Trường họp sáng nay.", "Có 164 nhà bị sập vì bão."]
    assert found[1].subject == "Hải Trường"
    assert [text[claim.start : claim.end] for claim in found] == [claim.text for claim in found]


def test_it_tells_how_far_it_is_and_stops_when_told(retriever: Retriever) -> None:
    text = "Bão số 5 làm sập 164 nhà. HTX chè Tân Sơn có 36 thành viên."
    steps: list[tuple[int, int]] = []
    check_text(retriever, FakeReader(), text, on_progress=lambda done, total: steps.append((done, total)))
    assert steps == [(0, 2), (1, 2), (2, 2)]
    stop = threading.Event()
    stop.set()
    ended = check_text(retriever, FakeReader(), text, stop=stop)
    assert (ended.stopped, ended.sentences) == (True, ())
