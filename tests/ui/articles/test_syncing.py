"""One reading of the articles at a time, seen from every window."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from window_app import FolderLibrary

from index.errors import StoreError
from index.ingest.document import Place
from index.ingest.problems import unread_parts
from index.sync.sync import SyncProgress
from ui.articles.library import Synced
from ui.articles.syncing import Step, Syncing
from ui.strings import words_in
from ui.views.articles import outcome, progress, time_left


class GatedLibrary(FolderLibrary):
    gate: threading.Event
    fails = False

    def sync(self, on_progress: Callable[[SyncProgress], None]) -> Synced:
        for done in range(1, 200):
            on_progress(SyncProgress(done, 200, 0, 0, "quét.pdf", done % 7, 7))
            if self.gate.wait(0.01):
                break
        if self.fails:
            raise StoreError("The store is being written by process 4711.", code="busy")
        return Synced(1, 0, 0)


@pytest.fixture
def library(tmp_path: Path) -> GatedLibrary:
    made = GatedLibrary(tmp_path)
    made.gate = threading.Event()
    return made


def until_done(syncing: Syncing) -> None:
    end = time.monotonic() + 20
    while syncing.running:
        assert time.monotonic() < end
        time.sleep(0.005)


def test_whoever_asks_while_it_runs_looks_on_and_late_files_are_read_too(library: GatedLibrary) -> None:
    syncing = Syncing(library)
    syncing.start(["Đã thêm 1 tệp."])
    syncing.start()
    syncing.start(["Đã thêm 2 tệp."])
    library.gate.set()
    until_done(syncing)
    assert syncing.outcome is not None
    assert syncing.outcome.notes == ("Đã thêm 1 tệp.", "Đã thêm 2 tệp.")
    assert syncing.outcome.synced == Synced(1, 0, 0)


def test_a_reading_ends_when_it_is_stopped_and_can_begin_again(library: GatedLibrary) -> None:
    syncing = Syncing(library)
    syncing.start()
    syncing.stop()
    until_done(syncing)
    assert syncing.outcome is not None and syncing.outcome.stopped
    library.gate.set()
    syncing.start()
    until_done(syncing)
    assert syncing.outcome is not None and syncing.outcome.synced is not None


def test_what_was_added_is_told_also_when_the_reading_fails(library: GatedLibrary) -> None:
    library.fails = True
    library.gate.set()
    syncing = Syncing(library)
    syncing.start(["Đã thêm 1 tệp."])
    until_done(syncing)
    assert syncing.outcome is not None
    assert (syncing.outcome.notes, str(syncing.outcome.error)) == (
        ("Đã thêm 1 tệp.",),
        "The store is being written by process 4711.",
    )


def test_the_time_that_is_left_is_told_once_it_can_be_known() -> None:
    assert Step(10, 1000, 10.0).left is None
    assert Step(500, 1000, 1.0).left is None
    assert Step(250, 1000, 10.0).left == 30.0  # a quarter in ten seconds leaves three quarters
    assert time_left(31.0, words_in("vi")) == "còn chừng 35 giây"
    assert time_left(61.0, words_in("vi")) == "còn chừng 2 phút"


def test_the_file_and_the_page_that_are_being_read_are_told(library: GatedLibrary) -> None:
    syncing = Syncing(library)
    syncing.start()
    while syncing.step.page != 3:
        time.sleep(0.001)
    drawn = progress(syncing.step, words_in("vi"))
    syncing.stop()
    assert "Đang đọc: quét.pdf, trang 3/7" in drawn
    assert "Đang đọc" not in progress(Step(1, 2, 3.0), words_in("vi"))
    message = progress(Step(500, 1000, 10.0, articles=1312), words_in("vi"))
    assert "Đang cập nhật: 50% · đã đọc 1.312 bài · còn chừng 10 giây" in message
    assert "Đang đọc: quét.pdf</p>" in progress(Step(1, 2, 3.0, "quét.pdf"), words_in("vi"))
    until_done(syncing)


def test_what_is_no_document_is_told_once_when_the_reading_is_done() -> None:
    synced = Synced(1, 0, 0, passed_over=((".jpg", 2), ("link", 1), ("frame", 1)))
    assert (
        "Không đọc vì không phải tài liệu: 2 .jpg, 1 lối tắt dẫn ra ngoài thư mục, 1 thư mục đi kèm trang web đã lưu."
        in outcome((), synced, words_in("vi"))
    )
    pictures = [("picture-of-text", Place(page=page)) for page in (2, 3)]
    partly = outcome((), Synced(1, 0, 0, (unread_parts("tờ trình.pdf", pictures),)), words_in("vi"))
    assert "lỗi 0" in partly and "(trang 2–3)" in partly and "Phần còn lại của tệp đã đọc" in partly
    assert "không phải tài liệu" not in outcome((), Synced(1, 0, 0), words_in("vi"))
