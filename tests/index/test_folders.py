"""Several folders in one store: each article keeps its name, and nothing is lost or read twice."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from fakes import FakeEncoder

from index.errors import ArticleError, StoreError
from index.folders import named_folders
from index.sources import known_source
from index.store.store import Store
from index.sync.sync import sync
from index.sync.watch import FoldersWatch
from rag.config import read_config
from rag.errors import ConfigError
from ui.articles.store_library import StoreLibrary


@pytest.fixture
def other(tmp_path: Path) -> Path:
    folder = tmp_path / "Tờ trình"
    (folder / "2024").mkdir(parents=True)
    (folder / "cau.txt").write_text(
        "Tờ trình sửa cầu Bến Gỗ\n\nCầu Bến Gỗ cần 640 triệu đồng để sửa.", "utf-8"
    )
    (folder / "2024" / "cho.txt").write_text("Chợ Quán Rẽ\n\nChợ Quán Rẽ có 48 sạp.", "utf-8")
    return folder


def ids(store: Store) -> set[str]:
    return {info.id for info in store.database.articles()}


FIRST = {"ba-sen.txt", "cau.txt", "che.txt", "kim-lien.txt", "truong.txt"}
SECOND = {"@Tờ trình/cau.txt", "@Tờ trình/2024/cho.txt"}


def test_a_second_folder_is_read_beside_the_first_and_goes_without_it(
    store: Store, articles_folder: Path, other: Path, encoder: FakeEncoder
) -> None:
    before = encoder.encoded_passages
    report = sync(store, [articles_folder, other], encoder)
    assert (report.added, report.unchanged, report.removed) == (2, 5, 0)
    assert encoder.encoded_passages == before + 2
    assert ids(store) == FIRST | SECOND
    report = sync(store, [other], encoder)
    assert (report.unchanged, report.removed) == (2, 5)
    assert ids(store) == SECOND, "an article keeps its name when a folder beside it goes"
    assert sync(store, [other, articles_folder], encoder).added == 5
    assert {source.split("/")[0] for source in ids(store)} == {"@Tờ trình", "@articles"}


def test_files_of_each_folder_are_found_by_path_and_given_out(
    store: Store, articles_folder: Path, other: Path, encoder: FakeEncoder
) -> None:
    sync(store, [articles_folder, other], encoder)
    assert known_source(store.database, str(other / "2024")) == "@Tờ trình/2024"
    assert known_source(store.database, str(other)) == "@Tờ trình"
    assert known_source(store.database, str(articles_folder / "cau.txt")) == "cau.txt"
    with pytest.raises(StoreError, match="No article comes from"):
        known_source(store.database, "/etc")
    library = StoreLibrary(store, encoder)
    assert library.original("@Tờ trình/cau.txt") == (other / "cau.txt").resolve()
    assert library.original("cau.txt") == (articles_folder / "cau.txt").resolve()
    assert library.sources()[0] == "@Tờ trình/"


def test_an_unplugged_folder_costs_no_article(
    store: Store, articles_folder: Path, other: Path, encoder: FakeEncoder
) -> None:
    sync(store, [articles_folder, other], encoder)
    for file in [*other.rglob("*.txt")]:
        file.unlink()
    with pytest.raises(ArticleError, match=r"Tờ trình holds no article; is a disk missing\?"):
        sync(store, [articles_folder, other], encoder)
    assert ids(store) == FIRST | SECOND
    assert sync(store, [articles_folder, other], encoder, allow_empty=True).removed == 2


def test_uploads_that_may_be_listed_but_not_entered_keep_their_articles(
    store: Store, articles_folder: Path, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    uploads = store.directory / "uploads"
    uploads.mkdir()
    (uploads / "moi.txt").write_text("Bài mới\n\nXã Đông Hải có 12 thôn.", "utf-8")
    assert sync(store, [articles_folder], encoder).added == 1
    for name in ("stat", "lstat"):
        real = getattr(os, name)

        def closed(path: str, *, _real: Callable[..., object] = real, **options: object) -> object:
            if "uploads/" in str(path):
                raise PermissionError(13, "Permission denied", str(path))
            return _real(path, **options)

        monkeypatch.setattr(os, name, closed)
    report = sync(store, [articles_folder], encoder)
    assert (report.articles, report.removed) == (6, 0)
    assert [problem.source for problem in report.problems] == ["@uploads/moi.txt"]


def test_folders_in_each_other_are_refused_and_names_told_apart(tmp_path: Path) -> None:
    one, two = tmp_path / "a" / "bài", tmp_path / "b" / "bài"
    (one / "sâu").mkdir(parents=True)
    two.mkdir(parents=True)
    assert named_folders([one, two, one], {}) == {"": one, "@bài/": two}
    third = tmp_path / "c" / "bài"
    assert named_folders([one, third], {"": one, "@bài/": two}) == {"": one, "@bài/": third}
    assert named_folders([two, one, third], {"": one, "@bài/": two}) == {
        "@bài/": two, "": one, "@bài 2/": third,
    }  # fmt: skip
    (one / "@bài").mkdir()
    assert named_folders([one, two], {}) == {"": one, "@bài 2/": two}
    with pytest.raises(ArticleError, match="lies in"):
        named_folders([one, one / "sâu"], {})


def test_small_and_capital_letters_are_one_folder_where_the_system_says_so(tmp_path: Path) -> None:
    def same(first: Path, second: Path) -> bool:
        return str(first).lower() == str(second).lower()

    one, typed = tmp_path / "Bài viết", tmp_path / "bài VIẾT"
    assert named_folders([one, typed], {}, same=same) == {"": one}
    assert named_folders([typed, tmp_path / "khác"], {"@x/": one}, same=same) == {
        "@x/": typed, "@khác/": tmp_path / "khác",
    }  # fmt: skip
    with pytest.raises(ArticleError, match="lies in"):
        named_folders([one, typed / "2024"], {}, same=same)
    assert len(named_folders([one, typed], {})) == 2


@pytest.mark.parametrize("number", [0, 1])
def test_a_change_in_any_folder_is_heard(
    articles_folder: Path, other: Path, tmp_path: Path, number: int
) -> None:
    noticed, stop = threading.Event(), threading.Event()
    folders = [articles_folder, other]

    def hear() -> bool:
        noticed.set()
        return True

    watch = FoldersWatch(folders, tmp_path / "store")
    thread = threading.Thread(target=watch.run, args=(hear, stop), daemon=True)
    thread.start()
    try:
        for count in range(20):  # the thread may not listen yet when the first comes
            (folders[number] / f"moi{count}.txt").write_text("Bài mới", encoding="utf-8")
            if noticed.wait(1):
                break
        assert noticed.is_set()
    finally:
        stop.set()
        thread.join(20)
    assert not thread.is_alive()


def test_folders_of_the_configuration_are_whole_paths(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "c.toml").write_text('[articles]\nfolders = ["~/bài viết"]\nwatch = true\n', encoding="utf-8")
    folders = read_config(tmp_path / "c.toml").articles
    assert (folders.folders, folders.watch) == ((tmp_path / "bài viết",), True)
    (tmp_path / "c.toml").write_text('[articles]\nfolders = ["bài viết"]\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"articles\.folders: .*is no whole path"):
        read_config(tmp_path / "c.toml")
