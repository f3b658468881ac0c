"""A store is really damaged, in each of the ways that disks and kills do it, and mended as the window mends it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from fakes import FakeEncoder

from index.errors import ArticleError, StoreError
from index.store.database.binding import DATABASE
from index.store.database.schema import FORMAT
from index.store.store import Store
from index.store.verify import verify_store
from index.sync.sync import sync
from ui.articles.mending import Mender
from ui.articles.store_library import StoreLibrary
from ui.conversations.history import History
from ui.errors import WindowError

CHUNK_TOKENS = 60


def mender(directory: Path, folder: Path | None, encoder: FakeEncoder) -> Mender:
    return Mender(
        directory,
        encoder,
        CHUNK_TOKENS,
        lambda: Store.open(directory, encoder.name, CHUNK_TOKENS),
        lambda: [folder] if folder else [],
    )


@pytest.fixture
def directory(tmp_path: Path, articles_folder: Path, encoder: FakeEncoder) -> Path:
    """A whole store of five articles, which nobody has open."""
    made = Store.create(tmp_path / "kept", encoder.name, encoder.dimension, CHUNK_TOKENS)
    with closing(made) as store:
        sync(store, articles_folder, encoder)
        store.database.settle()
    return tmp_path / "kept"


def overwritten(path: Path, begin: int, end: int) -> None:
    """Write over a part of a file, as a failing disk does."""
    with path.open("r+b") as file:
        file.seek(begin)
        file.write(b"\xa5" * (end - begin))


def articles(directory: Path) -> int:
    with closing(Store.open(directory)) as store:
        return store.database.counts().articles


def test_a_store_of_a_newer_version_is_not_mended(
    directory: Path, articles_folder: Path, encoder: FakeEncoder
) -> None:
    """Emptying it would take from everybody else what only they can read."""
    with closing(Store.open(directory)) as store:
        store.database.note_setting("format", str(FORMAT + 1))
    with pytest.raises(StoreError, match="newer version"):
        mender(directory, articles_folder, encoder).mend()
    with closing(sqlite3.connect(directory / DATABASE)) as database:
        assert database.execute("SELECT count(*) FROM articles").fetchone() == (5,)


def test_a_whole_store_is_left_as_it_is(directory: Path, articles_folder: Path, encoder: FakeEncoder) -> None:
    before = (directory / DATABASE).read_bytes()
    assert mender(directory, articles_folder, encoder).mend() == "whole"
    assert (directory / DATABASE).read_bytes() == before


@pytest.mark.parametrize("damaged", ["*/*/vectors.npy", "*/*/manifest.json", "*.json"])
def test_damaged_search_files_are_made_anew_and_no_article_is_read_again(
    directory: Path, articles_folder: Path, encoder: FakeEncoder, damaged: str
) -> None:
    [file] = (directory / "search").glob(damaged)
    overwritten(file, 0, file.stat().st_size)
    assert mender(directory, None, encoder).mend() == "search"
    with closing(Store.open(directory)) as store:
        assert verify_store(store).whole and store.database.counts().articles == 5


@pytest.mark.parametrize("begin", [100, 4096])
def test_a_damaged_database_is_emptied_for_a_new_reading_of_its_folder(
    directory: Path, articles_folder: Path, encoder: FakeEncoder, begin: int
) -> None:
    database = directory / DATABASE
    overwritten(database, begin, database.stat().st_size)
    assert mender(directory, articles_folder, encoder).mend() == "emptied"
    with closing(Store.open(directory, encoder.name, CHUNK_TOKENS)) as store:
        assert (store.database.counts().articles, store.database.folders) == (
            0,
            {"": articles_folder.resolve()},
        )
        assert sync(store, articles_folder, encoder).added == 5
        assert verify_store(store, encoder).whole


def test_what_is_no_database_at_all_is_replaced(directory: Path, encoder: FakeEncoder) -> None:
    (directory / DATABASE).write_bytes(b"not a database, but long enough to be read as one" * 100)
    assert mender(directory, None, encoder).mend() == "emptied"
    assert articles(directory) == 0


def test_what_a_person_took_out_stays_out_of_a_store_that_another_model_made(
    directory: Path, articles_folder: Path, encoder: FakeEncoder
) -> None:
    with closing(Store.open(directory)) as store:
        StoreLibrary(store, encoder).remove("ba-sen.txt")
        store.database.note_setting("encoder", "another")
    assert mender(directory, articles_folder, encoder).mend() == "emptied"
    with closing(Store.open(directory)) as store:
        assert sync(store, articles_folder, encoder).articles == 4


def test_an_unplugged_disk_does_not_cost_the_store(
    directory: Path, encoder: FakeEncoder, tmp_path: Path
) -> None:
    database = directory / DATABASE
    overwritten(database, 4096, database.stat().st_size)
    before = database.read_bytes()
    with pytest.raises(ArticleError):
        mender(directory, tmp_path / "unplugged", encoder).mend()
    assert database.read_bytes() == before


def test_pages_that_are_damaged_while_the_store_is_open_are_told_by_its_code(
    directory: Path, encoder: FakeEncoder
) -> None:
    database = directory / DATABASE
    with closing(sqlite3.connect(database)) as reading:
        ((size,),) = reading.execute("PRAGMA page_size")
        roots = [
            root
            for (root,) in reading.execute("SELECT rootpage FROM sqlite_master WHERE tbl_name = 'articles'")
        ]
    with closing(Store.open(directory)) as store:
        library = StoreLibrary(store, encoder)
        for root in filter(None, roots):
            overwritten(database, (root - 1) * size, root * size)
        fault = library.fault
        assert isinstance(fault, StoreError) and fault.code == "store" and "--rebuild" in str(fault)


def test_damaged_conversations_are_not_told_as_a_damaged_store(tmp_path: Path) -> None:
    history = History(tmp_path / "conversations.sqlite3")
    overwritten(tmp_path / "conversations.sqlite3", 0, 4096)
    with pytest.raises(WindowError, match="The conversations in") as raised:
        history.conversations()
    assert raised.value.code == "history" and "rebuild" not in str(raised.value)
