"""A store of an earlier format is opened, brought into the present one, and loses nothing."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeEncoder

from index.errors import StoreError
from index.search import search
from index.store.database.records import LeftOut
from index.store.store import FORMAT, Store
from index.store.verify import verify_store
from index.sync.sync import sync
from index.text.terms import terms

# The tables as the first released version made them.
FORMAT_1 = """
CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE files (
    source TEXT PRIMARY KEY, sha256 TEXT NOT NULL, size INTEGER NOT NULL, problems TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE articles (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, file TEXT NOT NULL, digest TEXT NOT NULL,
    source TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL,
    date TEXT, author TEXT, place TEXT, url TEXT
);
CREATE TABLE left_out (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE INDEX articles_of_file ON articles (file);
CREATE TABLE chunks (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    article INTEGER NOT NULL REFERENCES articles (number) ON DELETE CASCADE,
    position INTEGER NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
    vector BLOB NOT NULL, exact BLOB NOT NULL, folded BLOB NOT NULL,
    UNIQUE (article, position)
);
"""
TEXTS = {
    "cầu.txt": "Khánh thành cầu Suối Đá\n\nCầu Suối Đá dài 120 m được khánh thành với kinh phí 14 tỷ đồng.",
    "chè.txt": "Hợp tác xã chè Tân Sơn\n\nHTX chè Tân Sơn có 36 thành viên, mỗi năm bán 18 tấn chè khô.",
}
LEFT_OUT = "nháp.txt"


def vector(text: str) -> np.ndarray[tuple[int], np.dtype[np.float16]]:
    return FakeEncoder().encode_passages([text])[0].astype(np.float16)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two articles that are stored, and one that a person took out."""
    made = tmp_path / "articles"
    made.mkdir()
    for name, text in {**TEXTS, LEFT_OUT: "Bản nháp\n\nCầu Suối Đá dài 999 m."}.items():
        (made / name).write_text(text, encoding="utf-8")
    return made


@pytest.fixture
def old_store(tmp_path: Path, folder: Path) -> Path:
    """A store folder as the first version left it after a sync."""
    directory = tmp_path / "store"
    directory.mkdir()
    settings = {
        "format": 1, "encoder": "fake-encoder", "dimension": 128, "chunk_tokens": 60, "generation": 7,
        "folder": folder, "last_sync": "2026-09-01T08:00:00+00:00",
    }  # fmt: skip
    with closing(sqlite3.connect(directory / "store.sqlite3")) as database, database:
        database.executescript(FORMAT_1)
        database.executemany(
            "INSERT INTO settings VALUES (?, ?)", [(key, str(value)) for key, value in settings.items()]
        )
        database.execute("INSERT INTO left_out VALUES (?)", (LEFT_OUT,))
        for number, (name, text) in enumerate(TEXTS.items(), start=11):
            found = terms(text)
            database.execute("INSERT INTO files VALUES (?, ?, ?, '')", (name, "0" * 64, 100))
            database.execute(
                "INSERT INTO articles VALUES (?, ?, ?, 'digest', ?, ?, ?, '2021-06-26', 'Thanh Vân', NULL, NULL)",
                (number, name, name, name, text.split("\n")[0], text),
            )
            database.execute(
                'INSERT INTO chunks (article, position, start, "end", vector, exact, folded)'
                " VALUES (?, 0, 0, ?, ?, ?, ?)",
                (number, len(text), vector(text).tobytes(), found.exact.tobytes(), found.folded.tobytes()),
            )
    return directory


def test_opening_keeps_articles_vectors_terms_and_what_was_left_out(old_store: Path) -> None:
    with closing(Store.open(old_store, "fake-encoder", 60)) as store:
        database = store.database
        assert database.setting("format") == str(FORMAT)
        assert (database.encoder, database.dimension, database.generation) == ("fake-encoder", 128, 7)
        assert set(database.files()) == set(TEXTS)
        for name, text in TEXTS.items():
            article = database.article(name)
            assert (article.text, article.title) == (text, text.split("\n")[0])
            assert (article.date, article.author) == (date(2021, 6, 26), "Thanh Vân")
            assert (article.number, article.lead, article.tables, article.removed) == (None, None, (), ())
        numbers = database.chunk_numbers()
        vectors, words = database.chunk_vectors(numbers), database.chunk_terms(numbers)
        for number, chunk in database.chunks(numbers).items():
            assert chunk.text == TEXTS[chunk.article.id]
            assert np.array_equal(vectors[number], vector(chunk.text).astype(np.float32))
            assert np.array_equal(words[number].folded, terms(chunk.text).folded)
        assert len(numbers) == len(TEXTS)
        assert database.left_out() == [LeftOut(LEFT_OUT, "", "", "")]
        assert database.integrity_fault() is None


def test_it_can_be_searched_before_it_is_synced(old_store: Path, encoder: FakeEncoder) -> None:
    with closing(Store.open(old_store)) as store:
        hits = search(store, "cầu Suối Đá", encoder.encode_queries(["cầu Suối Đá"])[0], 1)
    assert [hit.chunk.article.id for hit in hits] == ["cầu.txt"]


def test_the_next_sync_reads_all_again_but_not_what_was_left_out(
    old_store: Path, folder: Path, encoder: FakeEncoder
) -> None:
    with closing(Store.open(old_store)) as store:
        before = store.database.chunk_numbers()
        report = sync(store, folder, encoder)
        assert (report.articles, report.left_out, report.problems) == (len(TEXTS), 1, ())
        assert {info.id for info in store.database.articles()} == set(TEXTS)
        assert all(store.database.article(name).text == text for name, text in TEXTS.items())
        assert encoder.encoded_passages == len(TEXTS)
        assert not set(before) & set(store.database.chunk_numbers())  # numbers are not given twice
        assert [out.id for out in store.database.left_out()] == [LEFT_OUT]
        assert sync(store, folder, encoder).unchanged == 3
        assert encoder.encoded_passages == len(TEXTS)
        assert all(check.fault is None for check in verify_store(store, encoder).checks)


def test_what_was_left_out_can_be_taken_in_again(old_store: Path, folder: Path, encoder: FakeEncoder) -> None:
    with closing(Store.open(old_store)) as store:
        sync(store, folder, encoder)
        store.database.take_back(LEFT_OUT, LEFT_OUT)
        assert sync(store, folder, encoder).articles == 3
        assert "999 m" in store.database.article(LEFT_OUT).text


def test_an_upgrade_that_fails_leaves_the_old_store_as_it_was(old_store: Path) -> None:
    with closing(sqlite3.connect(old_store / "store.sqlite3")) as database, database:
        database.execute("CREATE TABLE left_out_1 (id TEXT)")  # in the way of the upgrade's own
    with pytest.raises(StoreError, match="format 1"):
        Store.open(old_store)
    with closing(sqlite3.connect(old_store / "store.sqlite3")) as database, database:
        assert database.execute("SELECT value FROM settings WHERE key = 'format'").fetchone() == ("1",)
        assert database.execute("SELECT id FROM left_out").fetchall() == [(LEFT_OUT,)]
        assert database.execute("SELECT count(*) FROM articles WHERE digest = 'digest'").fetchone() == (2,)
        database.execute("DROP TABLE left_out_1")
    with closing(Store.open(old_store)) as store:
        assert store.database.left_out() == [LeftOut(LEFT_OUT, "", "", "")]


def test_a_store_of_the_second_format_keeps_all_and_is_searched_at_once(
    tmp_path: Path, folder: Path, encoder: FakeEncoder
) -> None:
    with closing(Store.create(tmp_path / "s", "fake-encoder", encoder.dimension, 60)) as store:
        sync(store, folder, encoder)
        before = store.database.chunk_numbers()
    with closing(sqlite3.connect(tmp_path / "s" / "store.sqlite3")) as database, database:
        database.executescript(
            "DROP TRIGGER chunk_removed; DROP TABLE removed_chunks; DROP INDEX articles_by_source;"
            "DROP INDEX articles_by_date; DELETE FROM settings WHERE key = 'search_tokens';"
            "UPDATE settings SET value = '2' WHERE key = 'format'"
        )
    shutil.rmtree(tmp_path / "s" / "search")
    old = tmp_path / "s" / "search" / "00000003"
    old.mkdir(parents=True)
    (old / "vectors.faiss").write_bytes(b"search files of the second format")
    with closing(Store.open(tmp_path / "s")) as store:
        assert store.snapshot().chunks.tolist() == store.database.chunk_numbers() == before
        assert not old.exists()
        assert sync(store, folder, encoder).unchanged == 3
        (folder / "cầu.txt").unlink()
        assert sync(store, folder, encoder).removed == 1
        assert all(check.fault is None for check in verify_store(store, encoder).checks)
