from __future__ import annotations

import errno
import multiprocessing
import multiprocessing.queues
import multiprocessing.synchronize
import os
import resource
import shutil
import signal
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pytest
from fakes import FakeEncoder

from index.errors import StoreError
from index.schema import Filters
from index.search import search
from index.sources import known_source
from index.store.database.sql import Sqlite
from index.store.local.segment import Segment
from index.store.store import Store
from index.store.verify import verify_store
from index.sync.sync import sync

Queue: TypeAlias = "multiprocessing.queues.Queue[int | str]"


def test_there_must_be_a_store(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="hoidap sync FOLDER"):
        Store.open(tmp_path)


def test_it_holds_what_the_folder_holds(store: Store) -> None:
    counts = store.database.counts()
    assert (counts.files, counts.articles) == (5, 5)
    assert counts.chunks >= 5
    article = store.database.article("ba-sen.txt")
    assert article.title == "Huyện Ba Sen giảm nghèo"
    assert "1,29%" in article.text


def rights(path: Path) -> str:
    return oct(path.stat().st_mode & 0o777)


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps the rights of a user's own folder")
def test_only_their_user_can_read_the_articles(
    tmp_path: Path, articles_folder: Path, encoder: FakeEncoder
) -> None:
    before = os.umask(0o022)
    try:
        made = Store.create(tmp_path / "own", encoder.name, encoder.dimension, chunk_tokens=60)
        sync(made, articles_folder, encoder)
        held = {path.name: rights(path) for path in (tmp_path / "own").glob("store.sqlite3*")}
        assert held["store.sqlite3"] == "0o600" and set(held.values()) == {"0o600"}
        assert (rights(tmp_path / "own"), rights(tmp_path / "own" / "search")) == ("0o700", "0o700")
        made.close()
    finally:
        os.umask(before)


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps the rights of a user's own folder")
def test_an_older_store_that_everybody_could_read_is_closed_when_it_is_opened(store: Store) -> None:
    file = store.directory / "store.sqlite3"
    store.close()
    file.chmod(0o644)
    Store.open(store.directory).close()
    assert rights(file) == "0o600"


def test_newest_articles_come_first(store: Store) -> None:
    sources = [info.source for info in store.database.articles()]
    assert sources[:3] == ["cau.txt", "ba-sen.txt", "kim-lien.txt"]
    assert all(info.chunks >= 1 for info in store.database.articles())


def test_every_chunk_is_a_slice_of_its_article(store: Store) -> None:
    for chunk in store.database.chunks(store.database.chunk_numbers()).values():
        assert chunk.text == chunk.article.text[chunk.start : chunk.end]
        assert chunk.text.strip() == chunk.text


def test_filters_choose_by_date_and_source(store: Store) -> None:
    def sources(filters: Filters) -> set[str]:
        chunks = store.database.chunks(store.database.chunk_numbers(filters)).values()
        return {chunk.article.source for chunk in chunks}

    article = store.database.article("ba-sen.txt")
    assert article.date is not None
    assert sources(Filters(from_date=article.date)) == {"ba-sen.txt", "cau.txt"}
    assert sources(Filters(to_date=article.date)) == {"ba-sen.txt", "kim-lien.txt"}
    assert sources(Filters(sources=("c",))) == set()  # the beginning of a name is no folder
    assert sources(Filters(sources=("cau.txt", "che.txt"))) == {"cau.txt", "che.txt"}
    assert sources(Filters(from_date=article.date, sources=("cau.txt", "truong.txt"))) == {"cau.txt"}
    numbers = store.database.article_numbers(
        Filters(sources=("truong.txt", "cau.txt", "ba-sen.txt"))
    ).tolist()
    assert len(numbers) == 3 and numbers == sorted(numbers)  # who searches looks them up by halving


@pytest.mark.parametrize(("name", "tokens"), [("another", 60), ("fake-encoder", 61)])
def test_another_encoder_or_chunk_size_is_refused(store: Store, name: str, tokens: int) -> None:
    with pytest.raises(StoreError, match="--rebuild"):
        Store.open(store.directory, name, tokens)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "store.sqlite3").write_bytes(b"rubbish" * 1000)
    with pytest.raises(StoreError, match="cannot be read"):
        Store.open(tmp_path)


def test_missing_search_files_are_built_again(store: Store) -> None:
    before = store.snapshot().chunks.tolist()
    store.settle()
    shutil.rmtree(store.snapshot_folder)
    assert Store.open(store.directory).snapshot().chunks.tolist() == before


@pytest.mark.parametrize("name", ["vectors.npy", "exact.npy", "manifest.json", "[0-9]*.json"])
def test_damaged_search_files_are_refused_unread(store: Store, name: str) -> None:
    (file,) = store.snapshot_folder.rglob(name)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0xFF
    file.write_bytes(content)
    with pytest.raises(StoreError, match="verify --repair"):
        Store.open(store.directory).snapshot()


def test_damage_that_no_program_has_done_is_found_by_the_check(store: Store) -> None:
    """Files that were proved and not touched since are not read again before they are searched."""
    store.snapshot()
    (file,) = store.snapshot_folder.rglob("vectors.npy")
    content, about = bytearray(file.read_bytes()), file.stat()
    content[-1] ^= 0xFF
    file.write_bytes(content)
    os.utime(file, ns=(about.st_atime_ns, about.st_mtime_ns))
    with closing(Store.open(store.directory)) as again:
        assert len(again.snapshot().chunks) == store.database.counts().chunks
        with pytest.raises(StoreError, match=r"vectors\.npy.*verify --repair"):
            again.check_engine()


def test_search_files_are_proved_where_nothing_can_be_noted(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, digest: str) -> None:
        raise OSError("read-only")

    monkeypatch.setattr("index.store.local.segment.remember", refuse)
    for note in store.snapshot_folder.rglob("*.verified"):
        note.unlink()
    with closing(Store.open(store.directory)) as again:
        assert len(again.snapshot().chunks) == store.database.counts().chunks
    assert not [*store.snapshot_folder.rglob("*.verified")]


def hold(
    directory: Path, held: multiprocessing.synchronize.Event, done: multiprocessing.synchronize.Event
) -> None:
    with Store.open(directory).writing():
        held.set()
        done.wait(30)


@pytest.mark.slow
def test_a_second_writer_is_told_who_writes_and_readers_go_on(store: Store, encoder: FakeEncoder) -> None:
    context = multiprocessing.get_context("spawn")
    held, done = context.Event(), context.Event()
    process = context.Process(target=hold, args=(store.directory, held, done))
    process.start()
    try:
        assert held.wait(30)
        with pytest.raises(StoreError, match=f"process {process.pid} since"), store.writing():
            pass
        assert len(store.snapshot().chunks) == store.database.counts().chunks
        messages: list[str] = []
        with pytest.raises(StoreError), store.writing(0.5, messages.append):
            pass
        assert messages[0].startswith(f"process {process.pid} since")
        threading.Timer(0.5, done.set).start()
        with store.writing(30, messages.append):  # waits until the other has finished
            assert len(messages) == 2
    finally:
        done.set()
        process.join(30)
    with store.writing():
        pass


def test_what_is_not_there_yet_while_somebody_writes_is_no_fault(store: Store) -> None:
    """A server proves its store while a sync of hours goes on, and was called damaged meanwhile."""
    read = store.database.articles()[0]
    with closing(Store.open(store.directory)) as beside, beside.writing():
        beside.database.take_back(read.id, store.database.file_of(read.id) or "")
        report = verify_store(store)
        assert report.whole
        assert "being written by process" in {check.name: check.told for check in report.checks}["search"]
    assert [check.name for check in verify_store(store).checks if check.fault] == ["database", "search"]


def test_readers_see_a_store_that_is_built_again(store: Store, articles_folder: Path) -> None:
    before = store.database.chunk_numbers()
    store.snapshot()
    with closing(Store.clear(store.directory, "other-encoder", 128, 60)) as cleared:
        assert store.database.counts().articles == 0
        assert store.database.encoder == "other-encoder"
        sync(cleared, articles_folder, FakeEncoder())
    assert store.database.counts().articles == 5
    assert store.snapshot().chunks.tolist() == store.database.chunk_numbers()
    # An answer that is being made with the old search files finds none of the new passages by their numbers.
    assert not set(before) & set(store.database.chunk_numbers())


def test_a_damaged_store_can_be_built_again(tmp_path: Path, articles_folder: Path) -> None:
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "store.sqlite3").write_bytes(b"rubbish" * 1000)
    with closing(Store.clear(tmp_path / "s", "fake-encoder", 128, 60)) as cleared:
        assert sync(cleared, articles_folder, FakeEncoder()).articles == 5


def test_of_a_damaged_store_what_was_taken_out_stays_out_as_far_as_it_can_be_read(
    store: Store, articles_folder: Path, encoder: FakeEncoder
) -> None:
    store.database.leave_out("ba-sen.txt")
    store.database.settle()
    file = store.directory / "store.sqlite3"
    with closing(sqlite3.connect(file)) as reading:
        ((size,),) = reading.execute("PRAGMA page_size")
        ((root,),) = reading.execute("SELECT rootpage FROM sqlite_master WHERE name = 'articles'")
    store.close()
    with file.open("r+b") as stream:
        stream.seek((root - 1) * size)
        stream.write(b"\xa5" * size)
    with closing(Store.clear(store.directory, encoder.name, encoder.dimension, 60)) as cleared:
        assert sync(cleared, articles_folder, encoder).articles == 4


def read_for_a_while(directory: Path, done: multiprocessing.synchronize.Event, results: Queue) -> None:
    """Search while another process writes; tell how often, or what went wrong."""
    encoder, count = FakeEncoder(), 0
    try:
        with closing(Store.open(directory)) as opened:
            while not done.is_set():
                hits = search(opened, "cầu suối đá", encoder.encode_queries(["cầu suối đá"])[0], 3)
                assert hits[0].chunk.article.id == "cau.txt"
                if count == 0:
                    results.put("begun")
                count += 1
    except Exception as error:  # noqa: BLE001 - told to the test
        results.put(repr(error))
    else:
        results.put(count)


@pytest.mark.slow
def test_two_readers_search_while_one_writes(
    store: Store, articles_folder: Path, encoder: FakeEncoder
) -> None:
    context = multiprocessing.get_context("spawn")
    done, results = context.Event(), context.Queue()
    readers = [
        context.Process(target=read_for_a_while, args=(store.directory, done, results)) for _ in range(2)
    ]
    for reader in readers:
        reader.start()
    assert [results.get(timeout=60) for _ in readers] == ["begun", "begun"]
    end = time.monotonic() + 5
    number = 0
    while time.monotonic() < end:
        number += 1
        (articles_folder / f"moi{number}.txt").write_text(f"Bài {number}\n\nXã {number}.", encoding="utf-8")
        sync(store, articles_folder, encoder, wait_seconds=30)
    done.set()
    counts = [results.get(timeout=60) for _ in readers]
    for reader in readers:
        reader.join(30)
    assert number > 3
    assert all(isinstance(count, int) and count > 3 for count in counts), counts


def test_a_removed_article_leaves_no_trace(store: Store, articles_folder: Path, encoder: FakeEncoder) -> None:
    (articles_folder / "ba-sen.txt").unlink()
    sync(store, articles_folder, encoder)
    store.close()
    stored = b"".join(path.read_bytes() for path in store.directory.rglob("*") if path.is_file())
    assert b"3.772" not in stored
    assert b"Ba Sen" not in stored
    assert "Kim Liên".encode() in stored


def sync_with_little_room(directory: Path, folder: Path, results: multiprocessing.queues.Queue[str]) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    room = (directory / "store.sqlite3").stat().st_size + 100_000
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
    try:
        sync(Store.open(directory), folder, FakeEncoder())
    except StoreError as error:
        results.put(str(error))
    else:
        results.put("no error")


@pytest.mark.slow
def test_a_full_disk_is_told_and_nothing_is_lost(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "long"
    folder.mkdir()
    for number in range(40):
        text = f"Bài dài {number}\n\n" + "Một câu khá dài của bài này. " * 2000
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")
    store.close()
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    process = context.Process(target=sync_with_little_room, args=(store.directory, folder, results))
    process.start()
    assert "Make room" in results.get(timeout=60)
    process.join(30)
    again = Store.open(store.directory)
    assert verify_store(again).checks[0].fault is None
    assert sync(again, folder, FakeEncoder()).articles == 40


def test_a_store_that_cannot_be_written_is_read_and_says_so_when_it_is_to_be_written(
    store: Store, articles_folder: Path, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(database: Sqlite) -> None:
        raise sqlite3.OperationalError("attempt to write a readonly database")

    store.close()
    monkeypatch.setattr(Sqlite, "share", closed)
    opened = Store.open(store.directory)
    assert opened.database.counts().articles == 5
    assert opened.snapshot().chunks.size > 0
    (articles_folder / "moi.txt").write_text("Bài mới nói về cầu.", encoding="utf-8")
    with pytest.raises(StoreError, match="right to write in that folder"):
        sync(opened, articles_folder, encoder)
    opened.close()


def test_a_full_disk_gets_a_sentence(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*values: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Segment, "write", full)
    with pytest.raises(StoreError, match=r"No space left.*Make room on its disk"):
        store.refresh(rebuild=True)


def test_a_write_that_numpy_cuts_short_is_told_as_a_full_disk(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def short(*values: object, **options: object) -> None:
        raise OSError("294912 requested and 229312 written")

    monkeypatch.setattr(np, "save", short)
    with pytest.raises(StoreError, match=r"No space left.*Make room on its disk"):
        store.refresh(rebuild=True)


def test_a_source_is_a_file_or_folder_as_a_person_names_it(store: Store, articles_folder: Path) -> None:
    assert known_source(store.database, "./cau.txt") == "cau.txt"
    assert known_source(store.database, str(articles_folder / "cau.txt")) == "cau.txt"
    assert store.database.chunk_numbers(Filters(sources=("cau",))) == []
    with pytest.raises(StoreError, match="No article comes from 'cau'"):
        known_source(store.database, "cau")
