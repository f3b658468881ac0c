from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from fakes import FakeEncoder

from index.store.store import Store
from index.sync.watch import FolderWatch
from rag.config import Config, IndexConfig
from ui.cli.sync import Watcher

pytestmark = pytest.mark.slow

SECONDS = 60.0


def until(condition: Callable[[], bool]) -> bool:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


@contextmanager
def watched(
    folder: Path, left_out: Path, answer: bool = True, rescan_seconds: float = SECONDS
) -> Iterator[list[float]]:
    calls: list[float] = []

    def on_change() -> bool:
        calls.append(time.monotonic())
        return answer

    stop = threading.Event()
    watch = FolderWatch(folder, left_out, rescan_seconds)
    thread = threading.Thread(target=watch.run, args=(on_change, stop), daemon=True)
    thread.start()
    time.sleep(0.5)
    try:
        yield calls
    finally:
        stop.set()
        thread.join(SECONDS)
        assert not thread.is_alive()


def test_a_burst_is_heard_once_and_what_is_no_document_never(articles_folder: Path, tmp_path: Path) -> None:
    with watched(articles_folder, tmp_path / "store") as calls:
        (articles_folder / "anh.png").write_bytes(b"png")
        (articles_folder / ".an.txt").write_text("ẩn", encoding="utf-8")
        time.sleep(2.5)
        assert calls == []
        for number in range(20):
            (articles_folder / f"moi{number}.txt").write_text("Bài mới", encoding="utf-8")
            time.sleep(0.01)
        assert until(lambda: len(calls) == 1)
        (articles_folder / "moi1.txt").rename(articles_folder / "khac.txt")
        assert until(lambda: len(calls) > 1)
        renamed = len(calls)  # a slow disk may tell one change in two pieces
        (articles_folder / "khac.txt").unlink()
        assert until(lambda: len(calls) > renamed)


def test_without_notifications_the_folder_is_looked_at(
    articles_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Polling looks every five seconds, so that what is heard sooner was seen without it.
    monkeypatch.setenv("WATCHFILES_FORCE_POLLING", "true")
    with watched(articles_folder, tmp_path / "store", rescan_seconds=0.3) as calls:
        began = time.monotonic()
        (articles_folder / "cau.txt").write_text("Cầu mới", encoding="utf-8")
        assert until(lambda: len(calls) == 1)
        assert calls[0] - began < 4


def test_what_failed_is_tried_again_though_nothing_changes(articles_folder: Path, tmp_path: Path) -> None:
    with watched(articles_folder, tmp_path / "store", answer=False, rescan_seconds=0.3) as calls:
        (articles_folder / "cau.txt").write_text("Cầu mới", encoding="utf-8")
        assert until(lambda: len(calls) >= 3)


def test_a_folder_that_is_away_is_awaited(articles_folder: Path, tmp_path: Path) -> None:
    with watched(articles_folder, tmp_path / "store", rescan_seconds=0.3) as calls:
        articles_folder.rename(tmp_path / "away")
        assert until(lambda: len(calls) == 1)
        shutil.copytree(tmp_path / "away", articles_folder)
        assert until(lambda: len(calls) == 2)
        (articles_folder / "moi.txt").write_text("Bài mới", encoding="utf-8")
        assert until(lambda: len(calls) == 3)


def follow(folder: Path, store: Path, out: Path) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with out.open("w") as output:
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
        args = argparse.Namespace(
            folders=[folder], store=store, json=True, allow_empty=False, report=None, ray=None
        )
        os._exit(Watcher(args, Config(index=IndexConfig(chunk_tokens=60)), FakeEncoder()).follow())


def test_the_command_follows_until_interrupted(store: Store, articles_folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    process = multiprocessing.get_context("spawn").Process(
        target=follow, args=(articles_folder, store.directory, out), daemon=True
    )
    process.start()

    def reports() -> list[dict[str, object]]:
        lines = out.read_text(encoding="utf-8").splitlines() if out.exists() else []
        return [json.loads(line) for line in lines if line.startswith("{")]

    assert until(lambda: "; Ctrl-C ends it" in out.read_text(encoding="utf-8") if out.exists() else False)
    assert reports()[0]["unchanged"] == 5
    locked = articles_folder / "che.txt"
    with store.writing():  # the round waits, and the store is free again after each
        (articles_folder / "moi.txt").write_text("Bài mới\n\nXã Đông Hải có 12 thôn.", encoding="utf-8")
        assert until(lambda: f"waiting for process {os.getpid()}" in out.read_text(encoding="utf-8"))
    assert until(lambda: len(reports()) == 2)
    assert reports()[1]["files"] == {"added": ["moi.txt"], "changed": [], "moved": [], "removed": []}
    locked.unlink()
    (articles_folder / "cau.txt").rename(articles_folder / "cau-moi.txt")
    assert until(lambda: len(reports()) == 3)
    assert (reports()[2]["removed"], reports()[2]["moved"]) == (1, 1)
    with closing(Store.open(store.directory)) as opened, opened.writing():
        ids = {info.id for info in opened.database.articles()}
    assert ids == {"ba-sen.txt", "cau-moi.txt", "kim-lien.txt", "moi.txt", "truong.txt"}
    assert process.pid is not None
    os.kill(process.pid, signal.SIGINT)
    process.join(SECONDS)
    assert process.exitcode == 0
    assert "no longer following" in out.read_text(encoding="utf-8").splitlines()[-1]
