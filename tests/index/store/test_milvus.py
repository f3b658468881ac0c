"""What only Milvus has to bear: being away, being killed, being left out, and names that mean something to it."""

from __future__ import annotations

import json
import multiprocessing
import multiprocessing.synchronize
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeEncoder

from index.errors import StoreError
from index.schema import Article, Chunk, Filters
from index.search import search
from index.store.database.records import Entry
from index.store.milvus.connection import Connection, MilvusAt
from index.store.milvus.expression import expression, literal
from index.store.store import Store
from index.store.verify import verify_store
from index.sync import sync
from index.text.terms import terms
from rag.assemble import open_encoder
from rag.config import Config, StoreConfig
from ui.cli.doctor import store_state
from ui.strings import words_in
from ui.views.errors import trouble

pytestmark = pytest.mark.slow

QUESTIONS = ("thôn 217 xã Khe Mây trồng chè", "thon 31 thu bao nhieu tan", "hộ trồng chè", "1.019 tấn")


def empty(directory: Path, milvus: MilvusAt | None = None) -> Store:
    Store.create(directory, FakeEncoder.name, FakeEncoder.dimension, 60).close()
    return Store.open(directory, milvus=milvus)


def found(store: Store, question: str) -> list[tuple[str, float]]:
    vector = FakeEncoder().encode_queries([question])[0]
    hits = search(store, question, vector, 10)
    return sorted(
        ((hit.chunk.article.id, round(hit.score, 4)) for hit in hits), key=lambda one: (-one[1], one[0])
    )


def rows_file(folder: Path, count: int) -> None:
    folder.mkdir(exist_ok=True)
    rows = [
        {"id": f"r{number}", "title": f"Bài {number}", "text": told(number)}
        for number in range(1000, 1000 + count)
    ]
    lines = (json.dumps(row, ensure_ascii=False) for row in rows)
    (folder / "rows.jsonl").write_text("\n".join(lines), encoding="utf-8")


def told(number: int) -> str:
    return f"Thôn {number % 300} của xã Khe Mây có {number % 97} hộ trồng chè, thu {number} tấn."


@pytest.mark.parametrize(
    ("filters", "condition"),
    [
        (Filters(), ""),
        (Filters(from_date=date(1, 1, 3)), "day >= 3"),
        (Filters(to_date=date(1, 1, 3)), "day > 0 and day <= 3"),
        (
            Filters(from_date=date(1, 1, 2), sources=("a",)),
            'day >= 2 and (source == "a" or (source >= "a/" and source < "a0") or (source >= "a#" and source < "a$"))',
        ),
    ],
)
def test_filters_are_written_as_milvus_reads_them(filters: Filters, condition: str) -> None:
    assert expression(filters) == condition


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ('a"b', '"a\\"b"'),
        ("a\\", '"a\\\\"'),
        ("a'b {x} % //", '"a\'b {x} % //"'),
        ("một\ndòng\r", '"một\\ndòng\\r"'),
    ],
)
def test_a_name_is_one_literal(text: str, written: str) -> None:
    assert literal(text) == written


def test_two_processes_know_when_milvus_is_current(
    store: Store, articles_folder: Path, tmp_path: Path, encoder: FakeEncoder
) -> None:
    milvus = MilvusAt(str(tmp_path / "engine.db"))
    store.close()
    opened = [Store.open(store.directory, milvus=milvus) for _ in range(2)]
    with closing(opened[0]) as first, closing(opened[1]) as second:
        assert not first.is_current  # the search files were made, but nothing is in Milvus
        assert found(first, "cầu suối đá")[0][0] == "cau.txt"
        assert first.is_current and second.is_current
        (articles_folder / "moi.txt").write_text("Bài mới nói zyxwvut.", encoding="utf-8")
        sync(first, articles_folder, encoder)
        assert second.is_current
        assert found(second, "zyxwvut")[0][0] == "moi.txt"
        article = Article("kho.txt", "kho.txt", "Bài kho", "Bài kho nói abcxyz.")
        second.database.put(
            [
                Entry(
                    article, "kho.txt", "d", [Chunk(article, 0, 0, 19)], np.eye(1, 128, dtype=np.float32),
                    [terms("bài kho nói abcxyz")],
                )
            ]
        )  # fmt: skip
        assert not first.is_current and not second.is_current
        assert found(first, "abcxyz")[0][0] == "kho.txt"  # whoever asks first tells Milvus
        assert second.is_current


def sync_with_milvus(
    directory: Path, folder: Path, engine: str, begun: multiprocessing.synchronize.Event
) -> None:
    with closing(Store.open(directory, milvus=MilvusAt(engine))) as opened:
        if opened.database.counts().chunks == 0:
            sync(opened, folder, FakeEncoder())
        begun.set()
        with opened.writing():
            opened.refresh()
        time.sleep(60)


@pytest.mark.skipif(os.name == "nt", reason="Windows kills otherwise")
def test_a_refresh_that_is_killed_is_finished_by_the_next_and_counts_nothing_twice(tmp_path: Path) -> None:
    folder, engine = tmp_path / "folder", str(tmp_path / "engine.db")
    rows_file(folder, 1100)
    with closing(empty(tmp_path / "store")) as opened:
        sync(opened, folder, FakeEncoder())
        opened.settle()
        wanted = [found(opened, question) for question in QUESTIONS]
    context = multiprocessing.get_context("spawn")
    for seconds in (0.7, 1.5, 2.5, 3.5):
        begun = context.Event()
        process = context.Process(
            target=sync_with_milvus, args=(tmp_path / "store", folder, engine, begun), daemon=True
        )
        process.start()
        assert begun.wait(60)
        time.sleep(seconds)
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        process.join(30)
    with closing(Store.open(tmp_path / "store", milvus=MilvusAt(engine))) as opened:
        assert [found(opened, question) for question in QUESTIONS] == wanted
        assert verify_store(opened).whole
        rows_file(folder, 900)
        sync(opened, folder, FakeEncoder())
        assert verify_store(opened).whole
        assert "r2050" not in [article for article, _ in found(opened, "thu 2050 tấn")]


@pytest.fixture
def silent() -> Iterator[MilvusAt]:
    """A server that takes calls and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield MilvusAt(f"http://127.0.0.1:{listening.getsockname()[1]}", seconds=0.2)


def test_a_server_that_is_away_is_told_with_the_remedy_and_nothing_is_lost(
    store: Store, articles_folder: Path, encoder: FakeEncoder, silent: MilvusAt
) -> None:
    (articles_folder / "moi.txt").write_text("Bài mới nói zyxwvut.", encoding="utf-8")
    for milvus in (MilvusAt("http://127.0.0.1:9", seconds=0.2), silent):
        with closing(Store.open(store.directory, milvus=milvus)) as opened:
            began = time.monotonic()
            with pytest.raises(StoreError, match=r"can be reached \(\[store\] url") as error:
                found(opened, "cầu")
            assert time.monotonic() - began < 20
            assert error.value.code == "engine"
            assert "Phần tìm kiếm không phản hồi" in trouble(error.value, words_in("vi")).sentence
            with pytest.raises(StoreError, match="no article is lost"):
                sync(opened, articles_folder, encoder)
    assert found(store, "zyxwvut")[0][0] == "moi.txt"


@pytest.mark.model
@pytest.mark.usefixtures("real_models")
def test_the_doctor_tells_that_it_is_away(tmp_path: Path) -> None:
    config = Config(store=StoreConfig(url="http://127.0.0.1:9", seconds=0.2))
    Store.create(tmp_path, open_encoder(config).name, 384, config.index.chunk_tokens).close()
    findings = {finding.name: finding for finding in store_state(config, tmp_path)}
    assert findings["search"].state == "fault" and "127.0.0.1:9" in findings["search"].told


def test_what_is_not_installed_is_named_with_its_command(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pymilvus", None)
    remedy = pytest.raises(StoreError, match=r"pip install 'hoidap\[milvus\]'")
    with closing(Store.open(store.directory, milvus=MilvusAt(str(tmp_path / "x.db")))) as opened, remedy:
        found(opened, "cầu")


def test_whoever_does_not_use_it_does_not_load_it() -> None:
    code = (
        "import sys; import ui.cli.parser, rag.assemble, index.store.store, index.search;"
        "print({'pymilvus', 'milvus_lite', 'grpc'} & sys.modules.keys())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=Path(__file__).parents[3]
    )
    assert done.stdout == "set()\n", done.stderr


def test_a_file_is_opened_once_though_several_need_it_first_at_one_moment(tmp_path: Path) -> None:
    """The health page and the loading of the models do so when a server starts."""
    at, together = MilvusAt(str(tmp_path / "m.db")), threading.Barrier(8)

    def has_nothing(_: int) -> bool:
        with closing(Connection(at)) as connection:
            together.wait()
            return connection.has("nothing")

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(has_nothing, range(8))) == [False] * 8


def test_where_milvus_is_must_be_an_address_or_a_file() -> None:
    with pytest.raises(ValueError, match="neither an address"):
        StoreConfig(url="milvus.example:19530")
    assert StoreConfig(url="~/x.db").url == str(Path.home() / "x.db")


def test_a_collection_that_was_begun_before_the_first_article_is_not_written_twice(
    tmp_path: Path, encoder: FakeEncoder
) -> None:
    rows_file(tmp_path / "rows", 40)
    with closing(empty(tmp_path / "store", MilvusAt(str(tmp_path / "engine.db")))) as store:
        store.engine()
        collection = store.database.setting("collection")
        sync(store, tmp_path / "rows", encoder)
        rows_file(tmp_path / "rows", 41)
        sync(store, tmp_path / "rows", encoder)
        assert store.database.setting("collection") == collection
        assert verify_store(store, encoder).whole
