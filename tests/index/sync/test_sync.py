from __future__ import annotations

import errno
import gzip
import json
import os
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, nullcontext
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from fakes import FakeEncoder

from eval.benchmarks.crash import crash
from index.errors import ArticleError
from index.ingest.document import Place
from index.ingest.limits import OnPage, ignore_progress
from index.ingest.list_folder import SourceFile
from index.ingest.read_files import hash_file
from index.schema import Article, FloatMatrix
from index.search import search
from index.store.store import Store
from index.store.verify import verify_store
from index.sync.report import report_object
from index.sync.sync import SyncProgress, sync


def test_an_unchanged_folder_encodes_nothing(store: Store, articles_folder: Path) -> None:
    encoder = FakeEncoder()
    report = sync(store, articles_folder, encoder)
    assert (report.unchanged, report.added, report.changed, report.moved, report.removed) == (5, 0, 0, 0, 0)
    assert encoder.encoded_passages == 0


def test_new_changed_moved_and_removed_files(store: Store, articles_folder: Path) -> None:
    encoder = FakeEncoder()
    (articles_folder / "moi.txt").write_text("Bài mới\n\nXã Đông Hải có 12 thôn.", encoding="utf-8")
    (articles_folder / "cau.txt").write_text("Cầu Suối Đá\n\nCầu dài 150 m.", encoding="utf-8")
    (articles_folder / "che.txt").unlink()
    (articles_folder / "sub").mkdir()
    (articles_folder / "truong.txt").rename(articles_folder / "sub" / "truong-moi.txt")
    report = sync(store, articles_folder, encoder)
    assert (report.added, report.changed, report.moved, report.removed, report.unchanged) == (1, 1, 1, 1, 2)
    ids = {info.id for info in store.database.articles()}
    assert ids == {"moi.txt", "cau.txt", "sub/truong-moi.txt", "ba-sen.txt", "kim-lien.txt"}
    assert "150 m" in store.database.article("cau.txt").text
    assert "120 m" not in store.database.article("cau.txt").text
    # The moved article kept its vectors: only the new and the changed one were encoded.
    assert encoder.encoded_passages == 2


def test_rows_of_one_file_are_articles_of_their_own(tmp_path: Path) -> None:
    folder = tmp_path / "rows"
    folder.mkdir()
    rows = [
        {"id": f"r{n}", "title": f"Bài {n}", "text": f"Xã số {n} có {n * 10} hộ dân."} for n in range(1, 6)
    ]
    file = folder / "rows.jsonl"
    file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    encoder = FakeEncoder()
    store = Store.create(tmp_path / "s", encoder.name, encoder.dimension, 60)
    assert sync(store, folder, encoder).articles == 5
    encoder.encoded_passages = 0
    rows[2]["text"] = "Xã số 3 nay có 31 hộ dân."
    del rows[4]
    file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    report = sync(store, folder, encoder)
    assert (report.changed, report.articles) == (1, 4)
    assert encoder.encoded_passages == 1
    assert "31 hộ" in store.database.article("r3").text


def test_one_id_in_two_files_is_that_of_the_first(tmp_path: Path) -> None:
    folder = tmp_path / "rows"
    folder.mkdir()
    for name in ("a", "b"):
        row = {"id": "1", "title": name, "text": f"Nội dung của tệp {name}."}
        (folder / f"{name}.jsonl").write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
    encoder = FakeEncoder()
    store = Store.create(tmp_path / "s", encoder.name, encoder.dimension, 60)
    for _ in range(2):
        report = sync(store, folder, encoder)
        assert (report.articles, report.problems) == (2, ())
        assert store.database.article("1").title == "a"
        assert store.database.article("b.jsonl#1").title == "b"


def test_names_that_differ_in_their_composition_stay_two_articles(
    tmp_path: Path, encoder: FakeEncoder
) -> None:
    (tmp_path / "f").mkdir()
    for form, number in (("NFC", 111), ("NFD", 222)):
        name = unicodedata.normalize(form, "Hà Giang.txt")
        (tmp_path / "f" / name).write_text(f"Bài này nói về {number} cây cầu.", encoding="utf-8")
    store = Store.create(tmp_path / "s", encoder.name, encoder.dimension, 60)
    for _ in range(3):
        assert sync(store, tmp_path / "f", encoder).articles == 2


ROWS = (
    "title,text\n{new}Bài A,Bài A nói về trạm bơm.\nBài B,Bài B nói về khoản nợ.\nBài C,Bài C nói về cầu.\n"
)


def test_what_a_person_took_out_stays_out_and_a_new_text_is_read(
    tmp_path: Path, encoder: FakeEncoder
) -> None:
    folder = tmp_path / "f"
    folder.mkdir()
    (folder / "tin.csv").write_text(ROWS.format(new=""), encoding="utf-8")
    (folder / "lich.txt").write_text("Lịch cắt điện ngày 5/7.", encoding="utf-8")
    store = Store.create(tmp_path / "s", encoder.name, encoder.dimension, 60)
    sync(store, folder, encoder)
    ids = {info.title: info.id for info in store.database.articles()}
    with store.writing():
        store.database.leave_out(ids["Bài B"])
        store.database.leave_out("lich.txt")
        store.refresh()
    (folder / "tin.csv").write_text(ROWS.format(new="Bài mới,Bài mới nói về trường.\n"), encoding="utf-8")
    report = sync(store, folder, encoder)
    assert {info.title for info in store.database.articles()} == {"Bài mới", "Bài A", "Bài C"}
    assert report.left_out == 1
    (folder / "lich.txt").write_text("Lịch cắt điện ngày 6/7.", encoding="utf-8")
    sync(store, folder, encoder)
    assert store.database.article("lich.txt").text == "Lịch cắt điện ngày 6/7."


def test_a_folder_that_may_not_be_listed_keeps_what_was_read_from_it(
    tmp_path: Path, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "f"
    (folder / "khóa").mkdir(parents=True)
    (folder / "a.txt").write_text("Bài A nói về trạm bơm.", encoding="utf-8")
    (folder / "khóa" / "b.txt").write_text("Bài B nói về cầu treo.", encoding="utf-8")
    store = Store.create(tmp_path / "s", encoder.name, encoder.dimension, 60)
    assert sync(store, folder, encoder).articles == 2
    real = os.scandir

    def closed(path: str) -> object:
        if str(path).endswith("khóa"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", closed)
    report = sync(store, folder, encoder)
    assert report.articles == 2
    assert [problem.source for problem in report.problems] == ["khóa/"]


def test_a_folder_that_may_be_listed_but_not_entered_keeps_what_was_read_from_it(
    tmp_path: Path, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "f"
    (folder / "khóa" / "sâu").mkdir(parents=True)
    (folder / "a.txt").write_text("Bài A nói về trạm bơm.", encoding="utf-8")
    (folder / "khóa" / "b.txt").write_text("Bài B nói về cầu treo.", encoding="utf-8")
    (folder / "khóa" / "sâu" / "c.txt").write_text("Bài C nói về chợ phiên.", encoding="utf-8")
    store = Store.create(tmp_path / "s", encoder.name, encoder.dimension, 60)
    assert sync(store, folder, encoder).articles == 3
    for name in ("stat", "lstat", "scandir"):
        real = getattr(os, name)

        def closed(path: str, *, _real: Callable[..., object] = real, **options: object) -> object:
            if "khóa/" in str(path):
                raise PermissionError(13, "Permission denied", str(path))
            return _real(path, **options)

        monkeypatch.setattr(os, name, closed)
    report = sync(store, folder, encoder)
    assert (report.articles, report.removed, report.passed_over) == (3, 0, ())
    assert [problem.source for problem in report.problems] == ["khóa/b.txt", "khóa/sâu/"]


def test_a_disk_that_fails_while_the_top_folder_is_listed_takes_nothing_out(
    store: Store, articles_folder: Path, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, asked = os.scandir, iter(range(9))

    def failing(path: str) -> object:
        if Path(path) == articles_folder.resolve() and next(asked):  # the first look tells of permissions
            raise OSError(errno.EIO, "Input/output error", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", failing)
    with pytest.raises(ArticleError, match=r"cannot be listed .*; check its disk") as raised:
        sync(store, articles_folder, encoder)
    assert raised.value.code == "folder"
    assert len(list(store.database.articles())) == 5


@pytest.mark.parametrize(
    ("number", "removed"), [(errno.EIO, 0), (errno.ESTALE, 0), (errno.ETIMEDOUT, 0), (errno.ENOENT, 1)]
)
def test_a_file_whose_disk_fails_keeps_its_article_and_one_that_is_gone_does_not(
    store: Store,
    articles_folder: Path,
    encoder: FakeEncoder,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    removed: int,
) -> None:
    for name in ("stat", "lstat"):
        real = getattr(os, name)

        def failing(path: str, *, _real: Callable[..., object] = real, **options: object) -> object:
            if str(path).endswith("cau.txt"):
                raise OSError(number, os.strerror(number), str(path))
            return _real(path, **options)

        monkeypatch.setattr(os, name, failing)
    report = sync(store, articles_folder, encoder)
    assert (report.removed, report.articles) == (removed, 5 - removed)
    problems = [] if removed else [("cau.txt", "cannot-open")]
    assert [(problem.source, problem.problems[0][0]) for problem in report.problems] == problems


def test_what_cannot_be_read_of_other_files_is_not_told_as_the_stores_fault(
    store: Store, articles_folder: Path, tmp_path: Path
) -> None:
    class Closed(FakeEncoder):
        def encode_passages(
            self, texts: Sequence[str], on_progress: Callable[[int], None] | None = None
        ) -> FloatMatrix:
            raise PermissionError(13, "Permission denied", str(tmp_path / "model.safetensors"))

    (articles_folder / "moi.txt").write_text("Bài mới nói về cầu.", encoding="utf-8")
    with pytest.raises(PermissionError, match=r"model\.safetensors"):
        sync(store, articles_folder, Closed())


def test_a_store_whose_files_were_read_otherwise_reads_them_again(
    store: Store, articles_folder: Path, encoder: FakeEncoder
) -> None:
    store.database.note_reading("1")
    store.database.finish_sync({"": articles_folder})
    encoder.encoded_passages = 0
    assert (sync(store, articles_folder, encoder).changed, encoder.encoded_passages) == (5, 0)
    assert sync(store, articles_folder, encoder).unchanged == 5


def test_the_report_tells_the_fate_of_every_file(
    store: Store, articles_folder: Path, encoder: FakeEncoder
) -> None:
    (articles_folder / "hong.pdf").write_bytes(b"%PDF-1.4 broken")
    (articles_folder / "anh.jpg").write_bytes(b"x")
    report = report_object(sync(store, articles_folder, encoder), store.database)
    fates = {file["source"]: file for file in report["files"]}
    assert (fates["cau.txt"]["fate"], fates["hong.pdf"]["fate"]) == ("unchanged", "not read")
    assert [problem["source"] for problem in fates["hong.pdf"]["problems"]] == ["hong.pdf"]
    assert fates["cau.txt"]["articles"][0]["removed"][0]["reason"] == "page-line"
    assert report["passed_over"] == [{"source": "anh.jpg", "kind": ".jpg"}]


class Scans:
    """Reads every file as one page of text and a page that is a picture of text."""

    def read(self, file: SourceFile, on_page: OnPage = ignore_progress) -> Iterator[Article]:
        problems = (("picture-of-text", Place(page=2)),)
        yield Article(file.source, file.source, "Tờ trình", "Trạm bơm có 3 máy.", problems=problems)


def test_a_file_with_a_page_that_could_not_be_read_is_stored_and_told_as_read_in_part(
    tmp_path: Path, encoder: FakeEncoder
) -> None:
    (tmp_path / "tin").mkdir()
    (tmp_path / "tin" / "tờ trình.pdf").write_bytes(b"%PDF")
    with closing(Store.create(tmp_path / "s", encoder.name, encoder.dimension, 60)) as store:
        for _ in range(2):  # a later sync, which does not read it again, tells it the same
            report = sync(store, tmp_path / "tin", encoder, open_reader=lambda work: nullcontext(Scans()))
            (problem,) = report.problems
            assert (report.articles, problem.in_part) == (1, True)
            assert "pictures of text (page 2)" in problem.reason
        assert store.database.article("tờ trình.pdf").problems == (("picture-of-text", Place(page=2)),)


def test_what_a_program_was_missing_for_is_read_once_that_is_installed(
    store: Store, articles_folder: Path, encoder: FakeEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "programs"))
    (articles_folder / "cũ.doc").write_bytes(b"\xd0\xcf\x11\xe0")
    assert "LibreOffice" in sync(store, articles_folder, encoder).problems[0].reason
    assert sync(store, articles_folder, encoder).unchanged == 6
    (tmp_path / "programs").mkdir()
    (tmp_path / "programs" / "soffice").write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    (tmp_path / "programs" / "soffice").chmod(0o755)
    report = sync(store, articles_folder, encoder)
    assert (report.changed, report.unchanged) == (1, 5)
    assert "LibreOffice could not convert it" in report.problems[0].reason


def test_a_file_that_was_away_while_the_reading_changed_is_read_when_it_is_back(
    store: Store, articles_folder: Path, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.database.note_setting("reading", "of an earlier version")
    record = next(iter(store.database.files().values()))
    store.database.finish_file(replace(record, problems="\ta reason in another form"))

    def locked(file: SourceFile) -> str:
        if file.source == record.source:
            raise ArticleError("it cannot be opened", code="closed")
        return hash_file(file)

    with monkeypatch.context() as patch:
        patch.setattr("index.sync.plan.hash_file", locked)
        report = sync(store, articles_folder, encoder)
        assert ([problem.source for problem in report.problems], report.articles) == ([record.source], 5)
    report = sync(store, articles_folder, encoder)
    assert (report.changed, report.unchanged, report.problems) == (1, 4, ())


def test_a_file_that_moves_as_its_program_comes_is_read(
    store: Store, articles_folder: Path, encoder: FakeEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "programs"))
    (articles_folder / "cũ.doc").write_bytes(b"\xd0\xcf\x11\xe0")
    sync(store, articles_folder, encoder)
    (tmp_path / "programs").mkdir()
    (tmp_path / "programs" / "soffice").write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    (tmp_path / "programs" / "soffice").chmod(0o755)
    (articles_folder / "cũ.doc").rename(articles_folder / "mới.doc")
    report = sync(store, articles_folder, encoder)
    assert "LibreOffice could not convert it" in report.problems[0].reason


def test_an_unreadable_file_is_told_every_time_and_the_rest_goes_on(
    store: Store, articles_folder: Path, encoder: FakeEncoder
) -> None:
    (articles_folder / "hong.pdf").write_bytes(b"%PDF-1.4 broken")
    for _ in range(2):
        report = sync(store, articles_folder, encoder)
        assert [problem.source for problem in report.problems] == ["hong.pdf"]
        assert [code for code, _ in report.problems[0].problems] == ["file"]
        assert report.articles == 5


def test_what_an_earlier_version_could_not_read_is_read_again_and_gets_its_codes(
    store: Store, articles_folder: Path, encoder: FakeEncoder
) -> None:
    (articles_folder / "bang.jsonl").write_text(
        '{"title": "Chợ", "text": "Chợ có 9 gian."}\n{\n', encoding="utf-8"
    )
    first = sync(store, articles_folder, encoder)
    record = store.database.files()["bang.jsonl"]
    store.database.finish_file(replace(record, problems="#2\tit is not a line of JSON"))
    store.database.note_setting("reading", "6")
    (articles_folder / "bang.jsonl").rename(articles_folder / "bang-2.jsonl")
    again = sync(store, articles_folder, encoder)
    assert (first.problems[0].source, again.problems[0].source) == ("bang.jsonl#2", "bang-2.jsonl#2")
    assert again.problems[0].problems == first.problems[0].problems == (("not-rows", Place()),)
    assert (again.articles, again.moved) == (6, 0)
    assert sync(store, articles_folder, encoder).problems == again.problems


def test_an_empty_folder_does_not_empty_the_store(store: Store, tmp_path: Path, encoder: FakeEncoder) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(ArticleError, match="holds no article"):
        sync(store, empty, encoder)
    with pytest.raises(ArticleError):
        sync(store, tmp_path / "nowhere", encoder)
    assert store.database.counts().articles == 5


def test_a_store_is_emptied_only_on_purpose(store: Store, tmp_path: Path, encoder: FakeEncoder) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    store.uploads.mkdir()
    (store.uploads / "them.txt").write_text("Bài thêm\n\nXã Đông Hải có 12 thôn.", encoding="utf-8")
    with pytest.raises(ArticleError, match="--allow-empty"):
        sync(store, empty, encoder)
    report = sync(store, empty, encoder, allow_empty=True)
    assert (report.added, report.removed, report.articles) == (1, 5, 1)
    assert [info.id for info in store.database.articles()] == ["@uploads/them.txt"]


def test_the_store_may_lie_in_the_folder_but_not_the_folder_in_the_store(
    tmp_path: Path, articles_folder: Path, encoder: FakeEncoder
) -> None:
    store = Store.create(articles_folder / "kho", encoder.name, encoder.dimension, 60)
    store.uploads.mkdir()
    (store.uploads / "them.txt").write_text("Bài thêm\n\nXã Đông Hải có 12 thôn.", encoding="utf-8")
    assert sync(store, articles_folder, encoder).added == 6
    assert sync(store, articles_folder, encoder).unchanged == 6
    for folder in (store.directory, store.uploads):
        with pytest.raises(ArticleError, match="store's own folder"):
            sync(store, folder, encoder)


def write_rows(file: Path, rows: dict[str, str]) -> None:
    lines = [json.dumps({"id": key, "text": text}, ensure_ascii=False) for key, text in rows.items()]
    file.write_text("\n".join(lines), encoding="utf-8")


@pytest.mark.parametrize(("source", "target"), [("a", "b"), ("b", "a")])
def test_a_row_that_moves_to_another_file_is_kept(tmp_path: Path, source: str, target: str) -> None:
    folder = tmp_path / "rows"
    folder.mkdir()
    encoder = FakeEncoder()
    store = Store.create(tmp_path / "s", encoder.name, encoder.dimension, 60)
    write_rows(folder / f"{source}.jsonl", {"1": "Xã Một có 10 hộ.", "2": "Xã Hai có 20 hộ."})
    write_rows(folder / f"{target}.jsonl", {"3": "Xã Ba có 30 hộ."})
    sync(store, folder, encoder)
    write_rows(folder / f"{source}.jsonl", {"1": "Xã Một có 10 hộ."})
    write_rows(folder / f"{target}.jsonl", {"3": "Xã Ba có 30 hộ.", "2": "Xã Hai có 20 hộ."})
    report = sync(store, folder, encoder)
    assert (report.changed, report.articles, report.problems) == (2, 3, ())
    assert store.database.file_of("2") == f"{target}.jsonl"
    (folder / f"{source}.jsonl").unlink()
    assert sync(store, folder, encoder).articles == 2


def test_an_unchanged_folder_leaves_the_search_files_as_they_are(
    store: Store, articles_folder: Path, encoder: FakeEncoder
) -> None:
    def files() -> dict[Path, int]:
        return {path: path.stat().st_ino for path in store.snapshot_folder.rglob("*.[jn]*")}

    before = files()
    sync(store, articles_folder, encoder)
    assert files() == before


@pytest.mark.slow
def test_the_progress_of_a_packed_file_is_that_of_what_it_holds(tmp_path: Path, encoder: FakeEncoder) -> None:
    folder = tmp_path / "rows"
    folder.mkdir()
    rows = [{"id": f"r{n}", "text": f"Xã số {n} có {n} hộ dân. " * 5} for n in range(600)]
    with gzip.open(folder / "rows.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write("\n".join(json.dumps(row, ensure_ascii=False) for row in rows))
    store = Store.create(tmp_path / "s", encoder.name, encoder.dimension, 60)
    events: list[SyncProgress] = []
    sync(store, folder, encoder, events.append)
    half = next(progress for progress in events if progress.chunks >= 300)
    assert 0.3 < half.done_bytes / half.total_bytes < 0.75
    assert (events[-1].done_bytes, events[-1].chunks) == (events[-1].total_bytes, 600)


def test_progress_ends_at_the_total(tmp_path: Path, articles_folder: Path, encoder: FakeEncoder) -> None:
    events: list[SyncProgress] = []
    store = Store.create(tmp_path / "s", encoder.name, encoder.dimension, 60)
    sync(store, articles_folder, encoder, events.append)
    assert events[-1].done_bytes == events[-1].total_bytes > 0
    assert events[-1].articles == 5


class Killed(BaseException):
    """Stands for a killed process: nothing catches it."""


class DyingEncoder(FakeEncoder):
    """Encodes a number of passages and then dies."""

    def __init__(self, lives: int) -> None:
        super().__init__()
        self.lives = lives

    def encode_passages(
        self, texts: Sequence[str], on_progress: Callable[[int], None] | None = None
    ) -> FloatMatrix:
        self.lives -= len(texts)
        if self.lives < 0:
            raise Killed
        return super().encode_passages(texts, on_progress)


@pytest.mark.parametrize("earlier", [False, True])
def test_what_a_killed_sync_stored_is_not_read_again(tmp_path: Path, earlier: bool) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(600):
        (folder / f"{number:03}.txt").write_text(f"Xã số {number} có {number} hộ dân.", encoding="utf-8")
    store = Store.create(tmp_path / "s", "fake-encoder", FakeEncoder.dimension, 60)
    if earlier:  # all was read by an earlier version, and every file says something else now
        sync(store, folder, FakeEncoder())
        store.database.note_reading("of an earlier version")
        for number in range(600):
            (folder / f"{number:03}.txt").write_text(
                f"Xã số {number} có {number} gian chợ.", encoding="utf-8"
            )
    with pytest.raises(Killed):
        sync(store, folder, DyingEncoder(300))
    report = sync(store, folder, FakeEncoder())
    assert (report.unchanged, report.added + report.changed) == (
        255,
        345,
    )  # the last of a batch is noted with the next
    assert sync(store, folder, FakeEncoder()).unchanged == 600


def test_what_a_killed_sync_stored_is_not_encoded_again(tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    rows = [{"id": f"r{n}", "text": f"Tiêu đề {n}\n\nXã số {n} có {n} hộ dân."} for n in range(600)]
    (folder / "rows.jsonl").write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    store = Store.create(tmp_path / "s", "fake-encoder", FakeEncoder.dimension, 60)
    with pytest.raises(Killed):
        sync(store, folder, DyingEncoder(300))
    stored = store.database.counts().articles
    assert 0 < stored < 600
    encoder = FakeEncoder()
    assert sync(store, folder, encoder).articles == 600
    assert encoder.encoded_passages == 600 - stored


@pytest.mark.parametrize("target", ["0.jsonl", "c.jsonl"])
def test_a_row_on_its_way_to_another_file_is_never_lost(tmp_path: Path, target: str) -> None:
    """Its old file is read batches before or after the new one, and the sync is killed between."""
    folder = tmp_path / "rows"
    folder.mkdir()
    stays, moves = {"stays": "Xã Một có 10 hộ."}, {"moves": "Xã Hai có 20 hộ."}
    write_rows(folder / "a.jsonl", stays | moves)
    store = Store.create(tmp_path / "s", "fake-encoder", FakeEncoder.dimension, 60)
    sync(store, folder, FakeEncoder())
    write_rows(folder / "a.jsonl", stays)
    write_rows(folder / "b.jsonl", {f"r{n}": f"Xã số {n} có {n} hộ dân." for n in range(600)})
    write_rows(folder / target, moves)
    for _ in range(2):
        with pytest.raises(Killed):
            sync(store, folder, DyingEncoder(300))
        assert {"stays", "moves"} <= {info.id for info in store.database.articles()}
    encoder = FakeEncoder()
    assert sync(store, folder, encoder).articles == 602
    assert store.database.file_of("moves") == target
    assert verify_store(store, encoder).whole


def test_a_file_that_goes_after_its_reading_was_cut_short_leaves_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    (folder / "bai.txt").write_text("Xã Đông Hải có 12 thôn.", encoding="utf-8")
    write_rows(folder / "rows.jsonl", {f"r{n}": f"Xã số {n} có {n} hộ dân." for n in range(600)})
    store = Store.create(tmp_path / "s", "fake-encoder", FakeEncoder.dimension, 60)
    with pytest.raises(Killed):
        sync(store, folder, DyingEncoder(300))
    assert "cut short" in str(verify_store(store).checks[0].fault)
    (folder / "rows.jsonl").unlink()
    encoder = FakeEncoder()
    assert sync(store, folder, encoder).articles == 1
    assert verify_store(store, encoder).whole


@pytest.mark.slow
def test_syncs_killed_at_random_lose_and_double_nothing(tmp_path: Path) -> None:
    report = crash(tmp_path, kills=6, seed=20261122)
    assert report.violations == []
    assert report.kills == 6
    assert report.syncs >= 1


def test_what_is_stored_is_searched_while_a_sync_goes_on(
    tmp_path: Path, articles_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.sync.store_articles.BATCH_CHUNKS", 1)
    monkeypatch.setattr("index.sync.store_articles._PAUSE_SECONDS", 0.0)
    monkeypatch.setattr("index.sync.store_articles._PAUSE_SHARE", 0.0)
    found: list[set[str]] = []

    class Looking(FakeEncoder):
        def encode_passages(
            self, texts: Sequence[str], on_progress: Callable[[int], None] | None = None
        ) -> FloatMatrix:
            vector = self.encode_queries(["huyện"])[0]
            found.append({hit.chunk.article.id for hit in search(beside, "huyện", vector, 20)})
            return super().encode_passages(texts, on_progress)

    encoder = Looking()
    store = Store.create(tmp_path / "store", encoder.name, encoder.dimension, chunk_tokens=60)
    with closing(store), closing(Store.open(tmp_path / "store", encoder.name)) as beside:
        sync(store, articles_folder, encoder)
    assert found[0] == set(), "nothing is read yet, which is no error"
    assert len(found[-1]) == 4
    assert all(earlier <= later for earlier, later in pairwise(found))
