"""Questions that a language model writes are kept when an answer comes back."""

from __future__ import annotations

import json
from dataclasses import asdict
from itertools import islice
from pathlib import Path

import pytest
from fakes import FakeGenerator

from index.errors import IndexingError
from index.schema import Article
from rag.reader.askable import Written
from rag.reader.examples import Asked, ExampleMaker
from rag.reader.written import ask_for, find_answer, read_written, write_questions
from tests.test_reader_data import ARTICLES

SENTENCE = "Huyện đầu tư 14 tỷ đồng làm đường, xong trong 5 tháng."
PICKED = Asked("a", SENTENCE, 100, 113, 123, "14 tỷ đồng")


@pytest.mark.parametrize(
    ("reply", "question"),
    [
        ("Huyện bỏ ra bao nhiêu tiền làm đường?", "Huyện bỏ ra bao nhiêu tiền làm đường?"),
        ("“Làm đường hết bao nhiêu tiền?”\nĐáp án: 14 tỷ đồng", "Làm đường hết bao nhiêu tiền?"),
        ("Huyện đầu tư làm đường.", None),
        ("Có phải huyện chi 14 tỷ đồng không?", None),
        ("Huyện 投资 bao nhiêu tiền làm đường?", None),
        ("Bao nhiêu?", None),
    ],
)
def test_only_a_question_that_keeps_its_answer_to_itself_is_kept(reply: str, question: str | None) -> None:
    assert ask_for(FakeGenerator(reply), SENTENCE, "14 tỷ đồng") == question


@pytest.mark.parametrize(
    ("reply", "place"),
    [
        ("14 tỷ đồng", (113, 123)),
        ("Huyện đầu tư 14 tỷ đồng.", (113, 123)),
        ("5 tháng.", (146, 153)),
        ("không rõ", None),
        ("17 tỷ đồng", None),
        # It repeats the question.
        ("làm đường", None),
        ("", None),
    ],
)
def test_the_answer_is_where_the_reply_stands(reply: str, place: tuple[int, int] | None) -> None:
    assert find_answer(FakeGenerator(reply), PICKED, "Chi hết bao nhiêu để làm đường?") == place
    if place:
        assert SENTENCE[place[0] - 100 : place[1] - 100] in ("14 tỷ đồng", "5 tháng")


def test_questions_are_written_before_any_is_answered() -> None:
    generator = FakeGenerator(*["Việc này do ai làm hay tốn bao nhiêu?"] * 32, *["không rõ"] * 32)
    assert list(islice(write_questions(ARTICLES, generator, 1), 32)) == [None] * 32
    assert generator.replies == []


def test_written_questions_become_examples() -> None:
    article = ARTICLES[0]
    start = article.text.index("3772 ha")
    written = Written(article.id, start, start + 7, "Kim Sơn phủ xanh thêm được bao nhiêu rừng?")
    maker = ExampleMaker(ARTICLES, 1, [written])

    made = [one for one in islice(maker.examples(), 300) if "phủ xanh" in one.question and one.start >= 0]

    assert len(made) > 20
    assert {one.passage[one.start : one.end] for one in made} == {"3772 ha"}


def test_a_line_that_was_cut_off_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "written.jsonl"
    written = Written("a", 1, 2, "Ai?")
    path.write_text(json.dumps(asdict(written)) + '\n{"article": "b", "st', encoding="utf-8")
    assert read_written(path) == [written]
    with path.open("a", encoding="utf-8") as file:
        file.write("\n" + json.dumps(asdict(written)) + "\n")
    assert read_written(path) == [written, written]
    with pytest.raises(IndexingError, match=r"none\.jsonl"):
        read_written(tmp_path / "none.jsonl")


def test_an_article_without_anything_to_ask_is_passed_over() -> None:
    maker = ExampleMaker([*ARTICLES, Article("z", "z", "Trống", "Ừ.")], 1)
    assert {maker.pick().article for _ in range(50)} <= {article.id for article in ARTICLES}
