from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from fakes import FakeEncoder

from eval.crash import crash
from index.errors import ArticleError
from index.schema import FloatMatrix
from index.store import Store
from index.sync import SyncProgress, sync
from index.verify import verify_store


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


def test_one_id_in_two_files_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "rows"
    folder.mkdir()
    for name in ("a", "b"):
        row = {"id": "1", "title": name, "text": f"Nội dung của tệp {name}."}
        (folder / f"{name}.jsonl").write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
    encoder = FakeEncoder()
    store = Store.create(tmp_path / "s", encoder.name, encoder.dimension, 60)
    report = sync(store, folder, encoder)
    assert report.articles == 1
    assert [problem.source for problem in report.problems] == ["b.jsonl#1"]
    assert "a.jsonl" in report.problems[0].reason


def test_an_unreadable_file_is_told_every_time_and_the_rest_goes_on(
    store: Store, articles_folder: Path, encoder: FakeEncoder
) -> None:
    (articles_folder / "hong.pdf").write_bytes(b"%PDF-1.4 broken")
    for _ in range(2):
        report = sync(store, articles_folder, encoder)
        assert [problem.source for problem in report.problems] == ["hong.pdf"]
        assert report.articles == 5


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


def test_an_id_is_given_to_the_next_file_when_the_first_is_gone(tmp_path: Path) -> None:
    folder = tmp_path / "rows"
    folder.mkdir()
    encoder = FakeEncoder()
    store = Store.create(tmp_path / "s", encoder.name, encoder.dimension, 60)
    write_rows(folder / "a.jsonl", {"1": "Xã Một có 10 hộ."})
    write_rows(folder / "b.jsonl", {"1": "Xã Hai có 20 hộ.", "2": "Xã Ba có 30 hộ."})
    for _ in range(2):
        report = sync(store, folder, encoder)
        assert [problem.source for problem in report.problems] == ["b.jsonl#1"]
    (folder / "a.jsonl").unlink()
    report = sync(store, folder, encoder)
    assert (report.removed, report.unchanged, report.articles, report.problems) == (1, 1, 2, ())
    assert "20 hộ" in store.database.article("1").text


def test_a_moved_file_whose_id_is_a_row_s_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "rows"
    folder.mkdir()
    encoder = FakeEncoder()
    store = Store.create(tmp_path / "s", encoder.name, encoder.dimension, 60)
    write_rows(folder / "a.jsonl", {"moi.txt": "Xã Một có 10 hộ."})
    (folder / "cu.txt").write_text("Xã Hai có 20 hộ.", encoding="utf-8")
    sync(store, folder, encoder)
    (folder / "cu.txt").rename(folder / "moi.txt")
    report = sync(store, folder, encoder)
    assert (report.moved, report.added, report.removed, report.articles) == (0, 1, 1, 1)
    assert [problem.source for problem in report.problems] == ["moi.txt"]


def test_an_unchanged_folder_leaves_the_search_files_as_they_are(
    store: Store, articles_folder: Path, encoder: FakeEncoder
) -> None:
    (place,) = store.snapshot_folder.iterdir()
    before = place.stat().st_ino
    sync(store, articles_folder, encoder)
    assert [path.stat().st_ino for path in store.snapshot_folder.iterdir()] == [before]


def test_the_progress_of_a_packed_file_is_that_of_what_it_holds(tmp_path: Path, encoder: FakeEncoder) -> None:
    folder = tmp_path / "rows"
    folder.mkdir()
    rows = [{"id": f"r{n}", "text": f"Xã số {n} có {n} hộ dân. " * 5} for n in range(600)]
    with gzip.open(folder / "rows.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write("\n".join(json.dumps(row, ensure_ascii=False) for row in rows))
    store = Store.create(tmp_path / "s", encoder.name, encoder.dimension, 60)
    heard: list[SyncProgress] = []
    sync(store, folder, encoder, heard.append)
    half = next(progress for progress in heard if progress.chunks >= 300)
    assert 0.3 < half.done_bytes / half.total_bytes < 0.75
    assert (heard[-1].done_bytes, heard[-1].chunks) == (heard[-1].total_bytes, 600)


def test_progress_ends_at_the_total(tmp_path: Path, articles_folder: Path, encoder: FakeEncoder) -> None:
    heard: list[SyncProgress] = []
    store = Store.create(tmp_path / "s", encoder.name, encoder.dimension, 60)
    sync(store, articles_folder, encoder, heard.append)
    assert heard[-1].done_bytes == heard[-1].total_bytes > 0
    assert heard[-1].articles == 5


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


def test_syncs_killed_at_random_lose_and_double_nothing(tmp_path: Path) -> None:
    report = crash(tmp_path, kills=6, seed=20261122)
    assert report.violations == []
    assert report.kills == 6
    assert report.syncs >= 1
