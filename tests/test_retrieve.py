from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from fakes import FakeEncoder

from index.schema import Filters
from index.store import Store
from index.sync import sync
from rag.extract import Reading
from rag.question import years_in
from rag.reader.spans import Span
from rag.retrieve import LookUp, Retriever, together
from rag.schema import Asked, Turn


def made(tmp_path: Path, texts: dict[str, str], chunk_tokens: int) -> Retriever:
    folder = tmp_path / "texts"
    folder.mkdir(parents=True)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    encoder = FakeEncoder()
    store = Store.create(tmp_path / "store", encoder.name, encoder.dimension, chunk_tokens)
    sync(store, folder, encoder)
    return Retriever(store, encoder)


LONG = (
    "Xã Đông Hải tổng kết năm\n\n"
    "Xã Đông Hải thu ngân sách đạt bốn tỷ đồng trong năm vừa qua. "
    "Xã Đông Hải thu hoạch lúa đạt sản lượng rất cao trong năm nay. "
    "Lễ hội làng được tổ chức vào mùa xuân với nhiều trò chơi dân gian."
)


def test_neighbouring_passages_of_an_article_become_one(tmp_path: Path) -> None:
    retriever = made(tmp_path, {"a.txt": LONG}, chunk_tokens=18)
    assert retriever.store.database.counts().chunks >= 3
    (hit,) = retriever.search("Xã Đông Hải thu ngân sách, thu hoạch lúa, lễ hội", 5)
    assert hit.rank == 1
    assert "bốn tỷ đồng" in hit.chunk.text
    assert "mùa xuân" in hit.chunk.text
    assert hit.chunk.text == hit.chunk.article.text[hit.chunk.start : hit.chunk.end]


def test_a_repeated_passage_is_shown_once(tmp_path: Path) -> None:
    texts = {"a.txt": LONG, "b.txt": LONG, "c.txt": "Chợ quê\n\nChợ quê họp vào ngày mùng một."}
    hits = made(tmp_path, texts, chunk_tokens=200).search("Xã Đông Hải thu ngân sách đạt bao nhiêu?", 5)
    sources = [hit.chunk.article.source for hit in hits]
    assert sorted(sources)[-1] == "c.txt"
    assert len([source for source in sources if source != "c.txt"]) == 1
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))


def test_as_many_passages_as_asked_although_better_ones_repeat(tmp_path: Path) -> None:
    texts = {"a.txt": LONG, "b.txt": LONG, "c.txt": "Xã Đông Hải họp chợ quê mỗi tuần."}
    hits = made(tmp_path, texts, chunk_tokens=200).search("Xã Đông Hải thu ngân sách", 2)
    assert {hit.chunk.article.source for hit in hits} in ({"a.txt", "c.txt"}, {"b.txt", "c.txt"})


class Finder:
    """A reader that finds its words, and is sure of the passages that hold them."""

    name = "finder"

    def __init__(self, words: str) -> None:
        self.words = words
        self.read_at_once: list[int] = []

    def read(
        self, question: str, passages: Sequence[tuple[str, str]], *, replies: bool = False
    ) -> list[Span]:
        self.read_at_once.append(len(passages))
        places = [text.find(self.words) for _, text in passages]
        return [
            Span(place, place + len(self.words), 5.0, 5.0) if place >= 0 else Span(0, 2, -5.0, -5.0)
            for place in places
        ]


def test_the_surest_span_of_joined_passages_lies_in_all_of_them(tmp_path: Path) -> None:
    plain = made(tmp_path, {"a.txt": LONG}, chunk_tokens=18)
    retriever = Retriever(plain.store, plain.encoder, Finder("sản lượng"))
    (reading,) = retriever.look_up(Asked("Xã Đông Hải thu ngân sách, thu hoạch lúa, lễ hội"), 5).readings
    assert reading.span is not None
    assert reading.hit.chunk.text[reading.span.start : reading.span.end] == "sản lượng"
    assert "bốn tỷ đồng" in reading.hit.chunk.text


def test_a_follow_up_without_accents_is_written_out_with_them(tmp_path: Path) -> None:
    texts = {
        "a.txt": "Thu ngân sách\n\nNăm 2018 huyện Kim Liên thu ngân sách đạt 386 tỷ đồng.",
        "b.txt": "Thu ngân sách\n\nNăm 2019 huyện Kim Liên thu ngân sách đạt 451 tỷ đồng.",
    }
    retriever = made(tmp_path, texts, chunk_tokens=200)
    history = [Turn("nam 2018 huyen kim lien thu ngan sach bao nhieu")]
    assert retriever.in_full("con nam 2019 thi sao", history).text.startswith(
        "năm 2019 huyện Kim Liên thu ngân sách"
    )
    assert retriever.in_full("Cầu Suối Đá dài bao nhiêu mét?", history) == Asked(
        "Cầu Suối Đá dài bao nhiêu mét?"
    )


def test_the_background_is_the_rest_of_the_store_without_repetitions(tmp_path: Path) -> None:
    one = {"a.txt": "Chợ phiên\n\nChợ phiên họp mỗi tuần một lần ở xã Tân Sơn."}
    assert (
        made(tmp_path / "1", one, chunk_tokens=200).look_up(Asked("Chợ phiên họp mấy lần?"), 3).background
        == 0.0
    )
    again = {f"{name}.txt": one["a.txt"] for name in "bcdefghijklmnopqrstuv"}
    other = {"z.txt": "Thời tiết\n\nTrời nhiều mây, có mưa rào và dông vài nơi trong ngày."}
    retriever = made(tmp_path / "2", one | again | other, chunk_tokens=200)
    looked_up = retriever.look_up(Asked("Chợ phiên họp mấy lần?"), 3)
    assert looked_up.background == pytest.approx(looked_up.hits[-1].score)
    assert looked_up.hits[-1].chunk.article.id == "z.txt"


def test_eight_passages_are_read_for_three(tmp_path: Path) -> None:
    texts = {
        f"{place}.txt": f"Chợ xã {place}\n\nChợ phiên ở xã {place} họp {place} lần." for place in range(12)
    }
    plain = made(tmp_path, texts, chunk_tokens=200)
    reader = Finder("lần")
    readings = (
        Retriever(plain.store, plain.encoder, reader).look_up(Asked("Chợ phiên họp mấy lần ở xã"), 3).readings
    )
    assert reader.read_at_once == [8]
    assert [reading.hit.rank for reading in readings] == [1, 2, 3]
    assert all(reading.span is not None for reading in readings)


def test_thanks_after_the_question_are_not_searched(tmp_path: Path) -> None:
    retriever = made(tmp_path, {"a.txt": LONG}, chunk_tokens=200)
    asked = retriever.in_full("Huyện trồng mấy ha rừng? Trả lời ngắn gọn, cảm ơn.")
    assert asked == Asked("Huyện trồng mấy ha rừng?")


def test_an_article_about_the_year_of_the_question_comes_before_one_about_another(tmp_path: Path) -> None:
    texts = {
        f"{year}.txt": f"Thu ngân sách năm {year}\n\nHuyện họp bàn thu ngân sách, nợ thuế còn {year - 2000} tỷ đồng."
        for year in (2017, 2018, 2019, 2020)
    }
    retriever = made(tmp_path, texts, chunk_tokens=200)
    first, *rest = retriever.search("Cuối năm 2020 huyện nợ thuế bao nhiêu?", 4)
    assert first.chunk.article.id == "2020.txt"
    assert first.score - rest[0].score > 0.12  # the year among the words, and twice the weight of a title
    undated = retriever.search("Huyện nợ thuế bao nhiêu?", 4)
    assert undated[0].score - undated[-1].score < 0.12


def test_look_ups_of_parts_become_one_list_and_keep_their_own_order(tmp_path: Path) -> None:
    texts = {
        "a.txt": "Cầu Suối Đá\n\nCầu Suối Đá dài 120 mét.",
        "b.txt": "Chợ Tân Sơn\n\nChợ Tân Sơn họp ngày 5.",
        "c.txt": "Cầu và chợ\n\nCầu Suối Đá và chợ Tân Sơn ở cùng một xã.",
    }
    retriever = made(tmp_path, texts, chunk_tokens=200)
    bridge, market = (retriever.look_up(Asked(text), 2) for text in ("Cầu Suối Đá?", "Chợ Tân Sơn?"))
    whole = together([bridge, market])
    ids = [hit.chunk.article.id for hit in whole.hits]
    assert sorted(ids) == ["a.txt", "b.txt", "c.txt"]
    assert [hit.rank for hit in whole.hits] == [1, 2, 3]
    for own in (bridge, market):
        within = own.within(whole)
        assert [hit.chunk for hit in within.hits] == [hit.chunk for hit in own.hits]
        assert set(within.hits) <= set(whole.hits)


def test_chunks_that_a_third_one_connects_are_one_passage(tmp_path: Path) -> None:
    sentences = "".join(
        f" Thôn {place} trồng {place} ha lúa và nuôi {place} con bò." for place in range(1, 9)
    )
    retriever = made(tmp_path, {"a.txt": f"Tin các thôn\n\nXã họp.{sentences}"}, chunk_tokens=18)
    found = retriever.find("thôn trồng lúa nuôi bò", 20, Filters())
    first, second, third, fourth, *_ = sorted(found, key=lambda hit: hit.chunk.start)
    looks = [LookUp((Reading(hit),), 0.0) for hit in (first, fourth, second, third)]
    (whole,) = together(looks).readings
    assert (whole.hit.chunk.start, whole.hit.chunk.end) == (first.chunk.start, fourth.chunk.end)
    assert all(look.within(together(looks)).hits == (whole.hit,) for look in looks)


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("Kế hoạch giai đoạn 2016-2018", {2016, 2017, 2018}),
        ("Năm 2019, hội xuân 2020 và ngày 5/6/2021", {2019, 2020, 2021}),
        ("Xã nào có trên 2000 hộ, 1.990 ha và 2012,5 tấn?", set()),
    ],
)
def test_years_are_told_from_other_numbers(text: str, years: set[int]) -> None:
    assert years_in(text) == years
