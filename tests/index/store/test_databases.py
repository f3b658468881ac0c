"""What a store promises, whether its tables are in a file or on a PostgreSQL server."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeEncoder
from postgres_server import PostgresServer

from index.errors import StoreError
from index.schema import Article, Chunk, Filters
from index.search import search
from index.store.database.binding import bind
from index.store.database.records import Entry, FileRecord, LeftOut
from index.store.database.schema import FORMAT
from index.store.milvus.connection import MilvusAt
from index.store.store import Store
from index.store.verify import verify_store
from index.sync.sync import sync
from index.text.terms import terms

Place = Callable[[str], Path]


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Gives store folders by name; those of PostgreSQL belong to one database."""
    if request.param == "sqlite":
        return lambda name: tmp_path / name
    server: PostgresServer = request.getfixturevalue("postgres")
    url = server.new_database()

    def bound(name: str) -> Path:
        bind(tmp_path / name, url)
        return tmp_path / name

    return bound


@pytest.fixture
def made(place: Place, articles_folder: Path, encoder: FakeEncoder) -> Iterator[Store]:
    with closing(made_at(place("store"), encoder)) as store:
        sync(store, articles_folder, encoder)
        yield store


def made_at(folder: Path, encoder: FakeEncoder) -> Store:
    return Store.create(folder, encoder.name, encoder.dimension, chunk_tokens=60)


def found(store: Store, encoder: FakeEncoder, question: str) -> list[str]:
    hits = search(store, question, encoder.encode_queries([question])[0], 5)
    return [hit.chunk.article.id for hit in hits]


def entry(name: str, text: str, file: str = "a.txt") -> Entry:
    article = Article(name, file, name, text)
    vector = np.eye(1, FakeEncoder.dimension, dtype=np.float32)
    return Entry(article, file, text, [Chunk(article, 0, 0, len(text))], vector, [terms(text)])


def test_a_folder_is_read_searched_and_verified(made: Store, encoder: FakeEncoder) -> None:
    counts = made.database.counts()
    assert (counts.files, counts.articles) == (5, 5) and counts.chunks >= 5
    assert [info.source for info in made.database.articles()][:3] == ["cau.txt", "ba-sen.txt", "kim-lien.txt"]
    assert found(made, encoder, "huyện Ba Sen giảm nghèo")[0] == "ba-sen.txt"
    assert verify_store(made, encoder).whole
    assert made.database.last_sync is not None


def test_what_it_holds_is_there_when_it_is_opened_again(made: Store, encoder: FakeEncoder) -> None:
    folder = made.directory
    before = made.database.article("ba-sen.txt")
    made.close()
    assert Store.exists(folder)
    with closing(Store.open(folder, encoder.name, 60)) as again:
        assert again.database.article("ba-sen.txt") == before
    with pytest.raises(StoreError, match="--rebuild"):
        Store.open(folder, "another")


def test_what_a_newer_version_wrote_is_left_alone(made: Store, encoder: FakeEncoder) -> None:
    folder, newer = made.directory, str(FORMAT + 1)
    made.database.note_setting("format", newer)
    made.close()
    with pytest.raises(StoreError, match=f"format {newer}, .* Install that version") as told:
        Store.open(folder, encoder.name, 60)
    assert told.value.code == "newer" and "rebuild" not in str(told.value)
    with pytest.raises(StoreError, match="Install that version"):
        Store.create(folder, encoder.name, encoder.dimension, chunk_tokens=60)


def test_filters_choose_by_day_and_source(made: Store) -> None:
    def sources(filters: Filters) -> set[str]:
        return {info.source for info in made.database.articles(filters)}

    day = made.database.article("ba-sen.txt").date
    assert day is not None
    assert sources(Filters(from_date=day)) == {"ba-sen.txt", "cau.txt"}
    assert sources(Filters(to_date=day)) == {"ba-sen.txt", "kim-lien.txt"}
    assert sources(Filters(sources=("c",))) == set()
    assert sources(Filters(sources=("cau.txt", "che.txt"))) == {"cau.txt", "che.txt"}
    assert sources(Filters(sources=("x'; DROP TABLE articles; --",))) == set()


def test_names_are_compared_by_their_letters_alone(made: Store) -> None:
    """A server may sort by a language, in which ``tin/`` and ``tin1`` are neighbours."""
    made.database.put([entry("tin/a.txt", "Một.", "tin/a.txt"), entry("tin1.txt", "Hai.", "tin1.txt")])
    assert [i.source for i in made.database.articles(Filters(sources=("tin",)))] == ["tin/a.txt"]


def test_an_article_takes_the_place_of_the_one_of_its_id(made: Store) -> None:
    made.database.put([entry("x", "Cũ."), entry("y", "Khác.")])
    before = set(made.database.chunk_numbers())
    made.database.put([entry("x", "Mới.")])
    assert made.database.article("x").text == "Mới."
    new, replaced = set(made.database.chunk_numbers()) - before, before - set(made.database.chunk_numbers())
    assert len(new) == len(replaced) == 1 and min(new) > max(before)
    assert made.database.removed_chunks() == sorted(replaced)


def test_what_was_left_out_is_remembered_with_its_file(made: Store) -> None:
    digest = made.database.digest_of("cau.txt") or ""
    made.database.leave_out("cau.txt")
    (out,) = made.database.left_out()
    assert (out.id, out.file, out.digest) == ("cau.txt", "cau.txt", digest) and len(out.sha256) == 64
    made.database.pass_over([LeftOut("cau.txt", "cau.txt", "1", "2"), LeftOut("n", "n", "1", "2")])
    assert {one.digest for one in made.database.left_out()} == {"2"}
    made.database.take_back("cau.txt", "cau.txt")
    assert [one.id for one in made.database.left_out()] == ["n"]
    assert "cau.txt" not in made.database.files()


def test_a_renamed_file_keeps_its_articles_under_its_new_name(made: Store) -> None:
    made.database.put([entry("t.csv#1", "Một.", "t.csv"), entry("riêng", "Hai.", "t.csv")])
    made.database.finish_file(FileRecord("t.csv", "0" * 64, 3))
    made.database.move_file("t.csv", FileRecord("mới/t.csv", "0" * 64, 3))
    assert sorted(made.database.digests("mới/t.csv")) == ["mới/t.csv#1", "riêng"]
    assert "t.csv" not in made.database.files() and made.database.files()["mới/t.csv"].size == 3


def test_a_change_that_fails_leaves_nothing(made: Store) -> None:
    generation, held = made.database.generation, made.database.counts()
    with pytest.raises(RuntimeError, match="midst"), made.database.transaction():
        made.database.put([entry("half", "Nửa.")])
        made.database.remove_file("cau.txt")
        raise RuntimeError("in the midst")
    assert (made.database.generation, made.database.counts()) == (generation, held)
    made.database.put([entry("whole", "Trọn.")])
    assert made.database.generation == generation + 1


def test_signs_that_a_database_may_not_hold_do_not_stop_it(made: Store) -> None:
    made.database.put([entry("nul", "Trước\x00sau 100% ?")])
    text = made.database.article("nul").text
    assert (
        text.startswith("Trước") and text.endswith("sau 100% ?") and len(text) == len("Trước\x00sau 100% ?")
    )


def test_numbers_are_not_given_again_after_a_rebuild(made: Store, encoder: FakeEncoder) -> None:
    folder, highest = made.directory, max(made.database.chunk_numbers())
    made.close()
    with closing(Store.clear(folder, encoder.name, encoder.dimension, 60)) as empty:
        assert empty.database.counts().articles == 0
        empty.database.put([entry("x", "Mới.")])
        assert min(empty.database.chunk_numbers()) > highest


def test_what_was_taken_out_stays_out_when_all_is_read_again(
    made: Store, articles_folder: Path, encoder: FakeEncoder
) -> None:
    made.database.leave_out("ba-sen.txt")
    folders, directory = made.database.folders, made.directory
    made.close()
    with closing(Store.clear(directory, encoder.name, encoder.dimension, 60)) as empty:
        assert (empty.database.counts().articles, empty.database.folders) == (0, folders)
        report = sync(empty, articles_folder, encoder)
        assert (report.articles, report.left_out) == (4, 1)
        assert "ba-sen.txt" not in [info.id for info in empty.database.articles()]
        (articles_folder / "ba-sen.txt").write_text("Ba Sen năm sau\n\nCòn 0,9% hộ nghèo.", encoding="utf-8")
        assert sync(empty, articles_folder, encoder).articles == 5, "a corrected file is another article"


def _write_and_wait(folder: Path, ready: multiprocessing.synchronize.Event) -> None:
    store = Store.open(folder)
    with store.writing(), store.database.transaction():
        store.database.put([entry("half", "Nửa.")])
        ready.set()
        signal.pause()


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
def test_a_killed_writer_leaves_nothing_half_and_nobody_locked_out(made: Store) -> None:
    generation = made.database.generation
    context = multiprocessing.get_context("spawn")
    ready = context.Event()
    writer = context.Process(target=_write_and_wait, args=(made.directory, ready), daemon=True)
    writer.start()
    assert ready.wait(60)
    assert "half" not in {info.id for info in made.database.articles()}  # readers see the state before
    writer.kill()
    writer.join()
    with made.writing(wait_seconds=20):
        made.database.put([entry("whole", "Trọn.")])
    assert made.database.generation == generation + 1
    assert {"half", "whole"} & {info.id for info in made.database.articles()} == {"whole"}


# PostgreSQL alone


@pytest.fixture
def url(postgres: PostgresServer) -> str:
    return postgres.new_database()


@pytest.fixture
def one(url: str, tmp_path: Path, encoder: FakeEncoder) -> Iterator[Store]:
    """The store of one computer."""
    with closing(made_on(url, tmp_path / "one", encoder)) as store:
        yield store


@pytest.fixture
def two(one: Store, url: str, tmp_path: Path, encoder: FakeEncoder) -> Iterator[Store]:
    """That of another one over the same database."""
    with closing(made_on(url, tmp_path / "two", encoder)) as store:
        yield store


def made_on(url: str, folder: Path, encoder: FakeEncoder) -> Store:
    bind(folder, url)
    return made_at(folder, encoder)


def test_folders_of_two_computers_see_each_others_articles(
    one: Store, two: Store, articles_folder: Path, encoder: FakeEncoder
) -> None:
    sync(one, articles_folder, encoder)
    assert found(two, encoder, "huyện Ba Sen giảm nghèo")[0] == "ba-sen.txt"
    for article_id in ("ba-sen.txt", "cau.txt"):
        two.database.leave_out(article_id)
        assert article_id not in found(two, encoder, "huyện Ba Sen giảm nghèo, cầu mới")
        assert article_id not in found(one, encoder, "huyện Ba Sen giảm nghèo, cầu mới")
    for each in (one, two):  # the files before were known, so nothing was built anew
        assert len(each.database.search_tokens) == 2


def kept_removals(store: Store) -> int:
    ((count,),) = store.database._sql.run("SELECT count(*) FROM removed_chunks")
    return int(count)


def test_the_list_of_removed_passages_is_emptied_when_every_computer_knows_of_them(
    one: Store, two: Store, articles_folder: Path, encoder: FakeEncoder
) -> None:
    sync(one, articles_folder, encoder)
    assert found(two, encoder, "cầu mới")[0] == "cau.txt"
    two.settle()
    for name in ("cau.txt", "che.txt"):
        (articles_folder / name).unlink()
    sync(one, articles_folder, encoder)
    assert kept_removals(one) == 2
    assert "cau.txt" not in found(two, encoder, "cầu mới")
    assert kept_removals(one) == 0
    for each in (one, two):
        assert each.database.removed_chunks() == []
        assert len(each.database.search_tokens) == 2  # none was built anew
        assert verify_store(each, encoder).whole


def test_a_computer_that_was_away_for_many_removals_makes_its_search_files_anew(
    one: Store, two: Store, articles_folder: Path, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.store.database.database.MOST_REMOVALS", 1)
    sync(one, articles_folder, encoder)
    assert found(two, encoder, "cầu mới")[0] == "cau.txt"
    before = two.database.search_tokens
    for name in ("cau.txt", "che.txt", "truong.txt"):
        (articles_folder / name).unlink()
    sync(one, articles_folder, encoder)
    assert kept_removals(one) == 1 and two.database.search_tokens == ()
    assert found(two, encoder, "cầu mới, đồi chè")
    assert {*found(two, encoder, "cầu mới, đồi chè")} <= {"ba-sen.txt", "kim-lien.txt"}
    assert kept_removals(one) == 0 and not set(two.database.search_tokens) & set(before)
    assert verify_store(two, encoder).whole


def test_computers_that_search_with_milvus_share_what_it_holds(
    url: str, tmp_path: Path, articles_folder: Path, encoder: FakeEncoder
) -> None:
    milvus = MilvusAt(str(tmp_path / "milvus.db"))
    for name in ("one", "two"):
        made_on(url, tmp_path / name, encoder).close()
    with (
        closing(Store.open(tmp_path / "one", milvus=milvus)) as one,
        closing(Store.open(tmp_path / "two", milvus=milvus)) as two,
    ):
        sync(one, articles_folder, encoder)
        collection = one.database.setting("collection")
        assert collection
        assert found(two, encoder, "cầu mới")[0] == "cau.txt"
        two.database.leave_out("cau.txt")
        for each in (two, one, two):
            assert "cau.txt" not in found(each, encoder, "cầu mới")
            assert each.database.setting("collection") == collection  # nobody built it anew
        assert kept_removals(one) == 0
        assert verify_store(one, encoder).whole and verify_store(two, encoder).whole


def test_one_computer_writes_at_a_time(one: Store, two: Store) -> None:
    messages: list[str] = []
    here = f"process {os.getpid()} on "
    with one.writing(), pytest.raises(StoreError, match=here), two.writing(0.5, messages.append):
        pass
    assert len(messages) == 1 and here in messages[0]
    with two.writing():
        two.database.put([entry("x", "Mới.")])


def test_a_store_is_opened_and_read_while_another_computer_writes(
    url: str, one: Store, tmp_path: Path, encoder: FakeEncoder
) -> None:
    bind(tmp_path / "two", url)
    with one.writing():
        one.database.put([entry("x", "Cầu mới.")])
        began = time.monotonic()
        with closing(Store.open(tmp_path / "two", encoder.name, 60)) as two:
            assert two.database.article("x").text == "Cầu mới."
        assert time.monotonic() - began < 10


def test_whoever_lost_the_connection_while_writing_writes_no_more(
    postgres: PostgresServer, one: Store, two: Store
) -> None:
    """The lock went with the connection, and another may write by now."""
    with one.writing():
        one.database.put([entry("x", "Một.")])
        postgres.restart()
        with two.writing():
            two.database.put([entry("y", "Hai.")])
            with pytest.raises(StoreError, match="run the command again"):
                one.database.put([entry("z", "Ba.")])
    with one.writing():
        one.database.put([entry("z", "Ba.")])
    assert {info.id for info in two.database.articles()} == {"x", "y", "z"}


def test_a_file_of_many_passages_is_removed(one: Store) -> None:
    """A statement takes no more than 65,535 values."""
    one.database.put([entry("x", "Một.")])
    (number,) = one.database.chunk_numbers()
    one.database.remove_file("a.txt")
    one.database.forget_removed(range(number, number + 70_000))
    assert one.database.removed_chunks() == []


def test_a_server_that_was_restarted_is_found_again(postgres: PostgresServer, one: Store) -> None:
    one.database.put([entry("x", "Mới.")])
    postgres.restart()
    assert one.database.article("x").text == "Mới."
    with pytest.raises(StoreError, match="Look whether it runs"), one.database.transaction():
        one.database.put([entry("y", "Nửa.")])
        postgres.restart()
        one.database.put([entry("z", "Nửa.")])
    assert [info.id for info in one.database.articles()] == ["x"]
    one.database.put([entry("z", "Trọn.")])


def test_a_server_that_is_not_there_is_told_without_its_password(tmp_path: Path) -> None:
    bind(tmp_path / "store", "postgresql://an:secret@127.0.0.1:1/hoidap")
    with pytest.raises(StoreError, match=r"postgresql://an@127\.0\.0\.1:1/hoidap.*Look whether") as raised:
        Store.exists(tmp_path / "store")
    assert "secret" not in str(raised.value)


def test_a_folder_with_articles_of_its_own_is_not_put_out_of_sight(store: Store) -> None:
    with pytest.raises(StoreError, match="hoidap store copy"):
        bind(store.directory, "postgresql:///hoidap")
    bind(store.directory, None)
    assert store.database.counts().articles == 5


def test_only_its_user_reads_the_address(tmp_path: Path) -> None:
    bind(tmp_path / "store", "postgresql://an:secret@host/hoidap")
    (kept,) = (tmp_path / "store").iterdir()
    assert os.name == "nt" or kept.stat().st_mode & 0o777 == 0o600
    bind(tmp_path / "store", None)
    assert list((tmp_path / "store").iterdir()) == []
