"""What every search engine of a store has to do, asked of the local one and of Milvus (Lite) alike."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from fakes import FakeEncoder

from index.schema import Filters
from index.search import search, search_articles, search_words
from index.store.milvus.connection import MilvusAt
from index.store.store import Store
from index.store.verify import verify_store
from index.sync.sync import sync

pytestmark = pytest.mark.slow

HOSTILE = 'tệp "lạ" \\ or day > 0 or source == "\'{x}%.txt'


@pytest.fixture(scope="module", params=["local", "milvus"])
def milvus(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> MilvusAt | None:
    """Where the engine is; all stores of these tests share one Milvus."""
    return MilvusAt(str(tmp_path_factory.mktemp("milvus") / "m.db")) if request.param == "milvus" else None


@pytest.fixture
def opened(
    tmp_path: Path, articles_folder: Path, encoder: FakeEncoder, milvus: MilvusAt | None
) -> Iterator[Store]:
    """A store of the five articles, searched by the engine."""
    with made(tmp_path / "opened", articles_folder, encoder, milvus) as store:
        yield store


def made(directory: Path, folder: Path, encoder: FakeEncoder, milvus: MilvusAt | None) -> closing[Store]:
    Store.create(directory, encoder.name, encoder.dimension, chunk_tokens=60).close()
    store = Store.open(directory, milvus=milvus)
    sync(store, folder, encoder)
    return closing(store)


def found(store: Store, question: str, filters: Filters = Filters(), k: int = 5) -> list[str]:
    vector = FakeEncoder().encode_queries([question])[0]
    return [hit.chunk.article.id for hit in search(store, question, vector, k, filters)]


def by_words(store: Store, words: str) -> set[str]:
    return {hit.chunk.article.id for hit in search_words(store, words, 5) if hit.lexical > 0}


@pytest.mark.parametrize(
    ("question", "article"),
    [
        ("Huyện Kim Liên kết nạp bao nhiêu đảng viên mới?", "kim-lien.txt"),
        ("huyen kim lien ket nap bao nhieu dang vien moi", "kim-lien.txt"),
        ("ty le ho ngheo huyen ba sen", "ba-sen.txt"),
        ("hợp tác xã chè bán cho ủy ban nhân dân tỉnh", "che.txt"),
    ],
)
def test_the_right_article_comes_first(opened: Store, question: str, article: str) -> None:
    assert found(opened, question)[0] == article
    assert by_words(opened, question) >= {article}


def test_hits_have_both_scores(opened: Store) -> None:
    vector = FakeEncoder().encode_queries(["tỷ lệ hộ nghèo"])[0]
    hits = search(opened, "tỷ lệ hộ nghèo", vector, 5)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert hits[0].lexical > 0.4 > hits[-1].lexical
    stored = opened.database.chunk_vectors(opened.database.chunk_numbers(Filters(sources=("ba-sen.txt",))))
    best = max(float(query_vector @ vector) for query_vector in stored.values())
    assert hits[0].dense == pytest.approx(best, abs=1e-3)


def test_filters_hold(opened: Store) -> None:
    question = "huyện kết nạp đảng viên"
    assert set(found(opened, question)) == {"ba-sen.txt", "cau.txt", "che.txt", "kim-lien.txt", "truong.txt"}
    day = date(2020, 10, 15)
    assert set(found(opened, question, Filters(from_date=day))) == {"ba-sen.txt", "cau.txt"}
    assert set(found(opened, question, Filters(to_date=day))) == {"ba-sen.txt", "kim-lien.txt"}
    assert set(found(opened, question, Filters(sources=("che.txt", "cau.txt")))) == {"che.txt", "cau.txt"}
    assert found(opened, question, Filters(from_date=day, sources=("che.txt",))) == []
    assert found(opened, question, Filters(sources=("ch",))) == []
    assert found(opened, question, Filters(sources=("nowhere",))) == []


def test_names_of_files_are_names_and_no_conditions(
    opened: Store, articles_folder: Path, encoder: FakeEncoder
) -> None:
    below = articles_folder / "thư mục"
    below.mkdir()
    (below / HOSTILE).write_text("Bài lạ\n\nXã Đồng Mai có 77 cây đa.", encoding="utf-8")
    sync(opened, articles_folder, encoder)
    stranger = f"thư mục/{HOSTILE}"
    assert found(opened, "cây đa", Filters(sources=(stranger,))) == [stranger]
    assert found(opened, "cây đa", Filters(sources=("thư mục",))) == [stranger]
    assert found(opened, "cây đa", Filters(sources=(f"{stranger} ",))) == []
    assert stranger not in found(opened, "cây đa", Filters(sources=("cau.txt", '" or source != "')))


def test_words_are_known_as_they_are_written(opened: Store) -> None:
    assert opened.engine().is_written("Khánh") and opened.engine().is_written("nghèo")
    assert not opened.engine().is_written("ngheo") and not opened.engine().is_written("zyxwvut")


def test_articles_come_with_their_passages(opened: Store) -> None:
    vector = FakeEncoder().encode_queries(["huyện"])[0]
    grouped = search_articles(opened, "huyện", vector, 2, 1)
    assert len(grouped) == 2 and all(len(hits) == 1 for hits in grouped)
    assert [hits[0].rank for hits in grouped] == [1, 2]


def test_what_is_added_changed_moved_and_removed_is_found_so(
    opened: Store, articles_folder: Path, encoder: FakeEncoder
) -> None:
    new = articles_folder / "moi.txt"
    new.write_text("Bài mới\n\nXã Phố Cát có zyxwvuta.", encoding="utf-8")
    sync(opened, articles_folder, encoder)
    assert by_words(opened, "zyxwvuta") == {"moi.txt"} and opened.engine().is_written("zyxwvuta")

    new.write_text("Bài mới\n\nXã Phố Cát có zyxwvutb.", encoding="utf-8")
    sync(opened, articles_folder, encoder)
    assert (by_words(opened, "zyxwvuta"), by_words(opened, "zyxwvutb")) == (set(), {"moi.txt"})

    (articles_folder / "khác").mkdir()
    new.rename(articles_folder / "khác" / "cu.txt")
    encoded = encoder.encoded_passages
    sync(opened, articles_folder, encoder)
    assert encoder.encoded_passages == encoded
    assert found(opened, "zyxwvutb", Filters(sources=("khác",))) == ["khác/cu.txt"]
    assert found(opened, "zyxwvutb", Filters(sources=("moi.txt",))) == []

    (articles_folder / "khác" / "cu.txt").unlink()
    sync(opened, articles_folder, encoder)
    assert by_words(opened, "zyxwvutb") == set()
    assert "khác/cu.txt" not in found(opened, "zyxwvutb")
    assert verify_store(opened, encoder).whole


def test_a_store_is_searched_again_when_it_is_opened_again(
    opened: Store, encoder: FakeEncoder, milvus: MilvusAt | None
) -> None:
    before = found(opened, "huyện kết nạp đảng viên mới")
    opened.settle()
    with closing(Store.open(opened.directory, encoder.name, 60, milvus)) as again:
        assert again.is_current
        assert found(again, "huyện kết nạp đảng viên mới") == before


def test_two_stores_have_nothing_of_each_other(
    opened: Store, tmp_path: Path, encoder: FakeEncoder, milvus: MilvusAt | None
) -> None:
    folder = tmp_path / "other"
    folder.mkdir()
    (folder / "khac.txt").write_text("Bài khác\n\nChợ Phố Cát có zyxwvutc.", encoding="utf-8")
    with made(tmp_path / "second", folder, encoder, milvus) as other:
        assert (by_words(other, "zyxwvutc"), by_words(opened, "zyxwvutc")) == ({"khac.txt"}, set())
        assert found(other, "huyện Kim Liên") == ["khac.txt"]
        assert "khac.txt" not in found(opened, "chợ Phố Cát")
        assert verify_store(opened).whole and verify_store(other).whole


def test_it_is_built_again_where_it_is_lost_or_asked_for(
    opened: Store, articles_folder: Path, encoder: FakeEncoder
) -> None:
    before = found(opened, "huyện kết nạp đảng viên mới")
    with opened.writing():
        opened.refresh(rebuild=True)
    assert found(opened, "huyện kết nạp đảng viên mới") == before
    assert verify_store(opened).whole
    with closing(Store.clear(opened.directory, encoder.name, encoder.dimension, 60)):
        pass
    assert found(opened, "huyện") == []
    sync(opened, articles_folder, encoder)
    assert found(opened, "huyện kết nạp đảng viên mới") == before
    assert verify_store(opened).whole


def test_both_engines_find_the_same_with_the_same_scores(
    opened: Store, store: Store, encoder: FakeEncoder
) -> None:
    for text in (
        "Huyện nào kết nạp 82 đảng viên?",
        "rung trong moi 3772 ha",
        "Trường THPT có bao nhiêu học sinh",
    ):
        vector = encoder.encode_queries([text])[0]
        for filters in (
            Filters(),
            Filters(from_date=date(2020, 1, 1)),
            Filters(sources=("che.txt", "cau.txt")),
        ):
            found_here, found_there = (search(one, text, vector, 9, filters) for one in (store, opened))
            assert [hit.chunk.article.id for hit in found_there] == [
                hit.chunk.article.id for hit in found_here
            ]
            scores = [hit.score for hit in found_here]
            assert [hit.score for hit in found_there] == pytest.approx(scores, abs=1e-5)


def test_an_empty_store_finds_nothing(tmp_path: Path, encoder: FakeEncoder, milvus: MilvusAt | None) -> None:
    Store.create(tmp_path / "empty", encoder.name, encoder.dimension, 60).close()
    with closing(Store.open(tmp_path / "empty", milvus=milvus)) as store:
        assert found(store, "huyện") == []
        assert not store.engine().is_written("huyện")
