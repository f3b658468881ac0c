from __future__ import annotations

import json
import multiprocessing
import os
import signal
import time
from contextlib import closing
from pathlib import Path

import pytest
from fakes import FakeEncoder
from postgres_server import PostgresServer

from index.errors import StoreError
from index.search import search
from index.store.copy import copy_store
from index.store.milvus.connection import MilvusAt
from index.store.store import Store
from index.store.verify import verify_store
from index.sync.sync import sync
from ui.cli import main

pytestmark = pytest.mark.slow


def empty(directory: Path, milvus: MilvusAt | None = None, tokens: int = 60) -> Store:
    Store.create(directory, FakeEncoder.name, FakeEncoder.dimension, tokens).close()
    return Store.open(directory, milvus=milvus)


def found(store: Store, question: str) -> list[tuple[str, int, float]]:
    vector = FakeEncoder().encode_queries([question])[0]
    hits = search(store, question, vector, 5)
    return [(hit.chunk.article.id, hit.chunk.position, round(hit.score, 4)) for hit in hits]


@pytest.mark.parametrize("engine", ["local", "milvus"])
def test_a_copy_answers_as_the_store_does(
    store: Store, tmp_path: Path, engine: str, encoder: FakeEncoder
) -> None:
    store.database.leave_out("truong.txt")
    store.engine()
    store.uploads.mkdir()
    (store.uploads / "them.txt").write_text("Bài thêm", encoding="utf-8")
    milvus = MilvusAt(str(tmp_path / "engine.db")) if engine == "milvus" else None
    with closing(empty(tmp_path / "copy", milvus)) as target:
        steps: list[tuple[str, int, int]] = []
        copied = copy_store(store, target, lambda *progress: steps.append(progress))
        assert (copied.written, copied.there_before) == (4, 0)
        assert list(dict.fromkeys(what for what, _, _ in steps)) == ["copied", "compared"]
        assert steps[-1][1] == steps[-1][2] == 2 * copied.chunks
        assert target.database.counts() == store.database.counts()
        assert target.database.files() == store.database.files()
        assert target.database.left_out() == store.database.left_out()
        assert target.database.folders == store.database.folders
        assert (target.uploads / "them.txt").read_text(encoding="utf-8") == "Bài thêm"
        assert target.database.article("ba-sen.txt") == store.database.article("ba-sen.txt")
        store.settle()  # until then its words are still counted with those of the article that was taken out
        for question in ("huyện kết nạp bao nhiêu đảng viên", "ty le ho ngheo"):
            assert found(target, question) == found(store, question)
        assert verify_store(target, encoder).whole
        again = copy_store(store, target)
        assert (again.written, again.there_before) == (0, 4)


def test_what_has_changed_since_is_copied_and_what_is_another_store_is_refused(
    store: Store, tmp_path: Path, articles_folder: Path, encoder: FakeEncoder
) -> None:
    with closing(empty(tmp_path / "copy")) as target:
        copy_store(store, target)
        (articles_folder / "cau.txt").write_text("Cầu mới\n\nCầu Suối Đá nay dài 150 m.", encoding="utf-8")
        sync(store, articles_folder, encoder)
        assert copy_store(store, target).written == 1
        assert "150 m" in target.database.article("cau.txt").text
        (articles_folder / "che.txt").unlink()
        sync(store, articles_folder, encoder)
        with pytest.raises(StoreError, match=r"such as 'che\.txt'"):
            copy_store(store, target)
    with (
        closing(empty(tmp_path / "other", tokens=61)) as target,
        pytest.raises(StoreError, match="chunk_tokens"),
    ):
        copy_store(store, target)


def copy_slowly(source: Path, target: Path, milvus: str) -> None:
    with closing(Store.open(source)) as opened, closing(empty(target, MilvusAt(milvus))) as copy:
        copy_store(opened, copy, lambda *progress: time.sleep(0.02))


@pytest.mark.skipif(os.name == "nt", reason="Windows kills otherwise")
def test_a_copy_that_is_killed_goes_on_where_it_was(tmp_path: Path, encoder: FakeEncoder) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(300):
        text = (
            f"Bài {number}\n\nThôn {number} của xã Khe Mây có {number + 20} hộ trồng chè, thu {number} tấn."
        )
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")
    engine = str(tmp_path / "engine.db")
    with closing(empty(tmp_path / "from")) as source:
        sync(source, folder, encoder)
        context = multiprocessing.get_context("spawn")
        process = context.Process(target=copy_slowly, args=(source.directory, tmp_path / "to", engine))
        process.start()
        deadline = time.monotonic() + 60
        there = 0
        while there < 64 and time.monotonic() < deadline:
            time.sleep(0.01)
            if Store.exists(tmp_path / "to"):
                with closing(Store.open(tmp_path / "to")) as target:
                    there = target.database.counts().articles
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        process.join(30)
        with closing(empty(tmp_path / "to", MilvusAt(engine))) as target:
            assert target.database.counts().articles >= 64
            copied = copy_store(source, target)
            assert copied.written + copied.there_before == 300 and copied.there_before >= 64
            assert found(target, "thôn 217 xã Khe Mây") == found(source, "thôn 217 xã Khe Mây")


def test_the_command_copies_between_folders_and_configurations(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "server.toml"
    config.write_text(f"[store]\nurl = '{tmp_path / 'engine.db'}'\n", encoding="utf-8")
    server = tmp_path / "server"
    assert main(["store", "copy", str(store.directory), str(config), "--store", str(server), "--json"]) == 0
    counts = json.loads(capsys.readouterr().out)
    assert (counts["written"], counts["there_before"]) == (5, 0) and "in collection hoidap_" in counts[
        "engine"
    ]
    assert main(["store", "copy", str(config), str(tmp_path / "back"), "--store", str(server)]) == 0
    assert "5 articles copied" in capsys.readouterr().out
    with closing(Store.open(tmp_path / "back")) as back:
        assert found(back, "tỷ lệ hộ nghèo") == found(store, "tỷ lệ hộ nghèo")
    assert main(["store", "copy", str(config), str(server), "--store", str(server)]) == 1
    assert "name another folder" in capsys.readouterr().err


def test_a_store_goes_through_every_backend_and_comes_back_the_same(
    store: Store,
    tmp_path: Path,
    postgres: PostgresServer,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Files, PostgreSQL searched by Milvus, SQLite searched by Milvus, PostgreSQL and files, and files again."""
    monkeypatch.setattr("ui.cli.commands.open_encoder", lambda config: FakeEncoder())
    engine = f"[store]\nurl = '{tmp_path / 'engine.db'}'\n"
    settings = {
        "office": f'[database]\nurl = "{postgres.new_database()}"\n{engine}',
        "engine": engine,
        "tables": f'[database]\nurl = "{postgres.new_database()}"\n',
        "home": "",
    }
    before = str(store.directory)
    store.engine()
    for name, text in settings.items():
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
        place = ["--store", str(tmp_path / name)]
        # A store is named by its folder; what its configuration names goes with the folder, but for the engine.
        assert main(["store", "copy", before, str(tmp_path / f"{name}.toml"), *place]) == 0, name
        assert "5 articles copied" in capsys.readouterr().out
        assert main(["verify", *place, "--config", str(tmp_path / f"{name}.toml")]) == 0, name
        assert "5 articles" in capsys.readouterr().out
        before = str(tmp_path / name)
    with closing(Store.open(tmp_path / "home")) as home:
        assert (tmp_path / "home" / "store.sqlite3").is_file()
        for question in ("huyện kết nạp bao nhiêu đảng viên", "ty le ho ngheo"):
            assert found(home, question) == found(store, question)
        for article in store.database.articles():
            assert home.database.article(article.id) == store.database.article(article.id)
