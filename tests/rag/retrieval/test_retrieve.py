"""A question becomes passages: understood, searched, none of them twice."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes import FakeEncoder, FakeMessages

from index.schema import Filters
from index.store.store import Store
from index.sync.sync import sync
from rag.errors import EmptyQuestionError
from rag.retrieval.retrieve import Retriever
from rag.schema import Query, Turn

MARKET = "Chợ quê\n\nChợ quê họp vào ngày mùng một."
COMMUNE = (
    "Xã Đông Hải tổng kết năm\n\n"
    "Xã Đông Hải thu ngân sách đạt bốn tỷ đồng trong năm vừa qua. "
    "Lễ hội làng được tổ chức vào mùa xuân với nhiều trò chơi dân gian."
)
BUDGET = {
    "a.txt": "Thu ngân sách\n\nNăm 2018 huyện Kim Liên thu ngân sách đạt 386 tỷ đồng.",
    "b.txt": "Thu ngân sách\n\nNăm 2019 huyện Kim Liên thu ngân sách đạt 451 tỷ đồng.",
}


def made(tmp_path: Path, texts: dict[str, str], chunk_tokens: int = 200) -> Retriever:
    folder = tmp_path / "texts"
    folder.mkdir(parents=True)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    encoder = FakeEncoder()
    store = Store.create(tmp_path / "store", encoder.name, encoder.dimension, chunk_tokens)
    sync(store, folder, encoder)
    return Retriever(store, encoder, FakeMessages())


def test_a_repeated_passage_is_shown_once(tmp_path: Path) -> None:
    texts = {"a.txt": COMMUNE, "b.txt": COMMUNE, "c.txt": MARKET}
    hits = made(tmp_path, texts).search("Xã Đông Hải thu ngân sách đạt bao nhiêu?", 5)
    sources = [hit.chunk.article.source for hit in hits]
    assert sources in (["a.txt", "c.txt"], ["b.txt", "c.txt"])
    assert [hit.rank for hit in hits] == [1, 2]
    assert hits[0].score >= hits[1].score


def test_as_many_passages_as_asked_although_better_ones_repeat(tmp_path: Path) -> None:
    texts = {"a.txt": COMMUNE, "b.txt": COMMUNE, "c.txt": "Xã Đông Hải họp chợ quê mỗi tuần."}
    hits = made(tmp_path, texts).search("Xã Đông Hải thu ngân sách", 2)
    assert {hit.chunk.article.source for hit in hits} in ({"a.txt", "c.txt"}, {"b.txt", "c.txt"})


def test_passages_that_differ_in_a_few_words_are_two(tmp_path: Path) -> None:
    hits = made(tmp_path, BUDGET).search("Huyện Kim Liên thu ngân sách bao nhiêu?", 5)
    # 2018/2019 and 386/451 of 12 different syllables: 10 of 14 are shared, less than four fifths.
    assert len(hits) == 2


def test_filters_limit_the_search(tmp_path: Path) -> None:
    retriever = made(tmp_path, BUDGET)
    (hit,) = retriever.search("Huyện Kim Liên thu ngân sách?", 5, Filters(sources=("b.txt",)))
    assert hit.chunk.article.source == "b.txt"


def test_a_question_is_normalised_and_keeps_what_was_typed(tmp_path: Path) -> None:
    typed = "Chợ\u200b quê họp\tngày nào?"
    assert made(tmp_path, {"c.txt": MARKET}).understand(typed) == Query("Chợ quê họp ngày nào?", typed)


def test_accents_come_from_the_passages_about_it(tmp_path: Path) -> None:
    retriever = made(tmp_path, BUDGET)
    assert retriever.understand("huyen kim lien thu ngan sach bao nhieu").text.startswith(
        "huyện Kim Liên thu ngân sách"
    )
    english = "What is the budget of Kim Lien?"
    assert retriever.understand(english).text == english


def test_a_follow_up_without_accents_is_written_out_with_them(tmp_path: Path) -> None:
    retriever = made(tmp_path, BUDGET)
    history = [Turn("nam 2018 huyen kim lien thu ngan sach bao nhieu")]
    asked = retriever.understand("con nam 2019 thi sao", history)
    assert asked.text.startswith("năm 2019 huyện Kim Liên thu ngân sách")
    assert asked.typed == "con nam 2019 thi sao"


def test_a_question_that_stands_alone_leaves_the_history_alone(tmp_path: Path) -> None:
    asked = "Cầu Suối Đá dài bao nhiêu mét?"
    history = [Turn("Năm 2018 huyện Kim Liên thu ngân sách bao nhiêu?")]
    assert made(tmp_path, BUDGET).understand(asked, history) == Query(asked, asked)


@pytest.mark.parametrize("nothing", ["", "?!", "\u200b"])
def test_nothing_cannot_be_searched(tmp_path: Path, nothing: str) -> None:
    with pytest.raises(EmptyQuestionError):
        made(tmp_path, {"c.txt": MARKET}).search(nothing, 3)
