from __future__ import annotations

from pathlib import Path

import pytest
from fakes import FakeEncoder
from openpyxl import Workbook

from index.ingest.document import Place
from index.store.database.records import FileRecord
from index.store.store import Store
from index.sync.sync import sync
from ui.articles.library import Synced
from ui.articles.store_library import StoreLibrary


@pytest.fixture
def library(store: Store) -> StoreLibrary:
    return StoreLibrary(store, FakeEncoder())


def added(library: StoreLibrary, folder: Path, name: str, text: str) -> Synced:
    file = folder / "coming"
    file.write_text(text, encoding="utf-8")
    library.add(name, file)
    return library.sync(lambda progress: None)


def test_titles_are_searched_without_accents_and_without_reading_the_store_again(
    library: StoreLibrary,
) -> None:
    assert [info.id for info in library.search("giam NGHEO")] == ["ba-sen.txt"]
    assert library.search("") is library.search("")
    assert len(library.search("")) == 5


def test_a_change_of_the_store_is_seen_at_once(library: StoreLibrary, tmp_path: Path) -> None:
    assert len(library.search("Chợ Mường")) == 0
    report = added(library, tmp_path, "chợ.txt", "Chợ Mường họp phiên đầu\n\nChợ Mường có 214 gian hàng.")
    assert (report.added, report.failed) == (1, ())
    [info] = library.search("Chợ Mường")
    library.remove(info.id)
    assert len(library.search("Chợ Mường")) == 0


def test_a_name_that_windows_keeps_for_a_device_is_added_under_another(
    library: StoreLibrary, store: Store, tmp_path: Path
) -> None:
    assert added(library, tmp_path, "aux.txt", "Chợ Mường\n\nChợ Mường có 214 gian hàng.").added == 1
    assert [path.name for path in store.uploads.iterdir()] == ["_aux.txt"]


def test_a_file_that_cannot_be_read_is_told_by_name_and_reason(library: StoreLibrary, tmp_path: Path) -> None:
    report = added(library, tmp_path, "trống.txt", " \n")
    [problem] = report.failed
    assert problem.source == "trống.txt"
    assert problem.problems == (("empty", Place()),)


def test_the_original_file_is_given_and_nothing_outside_the_folder(
    library: StoreLibrary, store: Store, articles_folder: Path, tmp_path: Path
) -> None:
    assert library.original("ba-sen.txt") == (articles_folder / "ba-sen.txt").resolve()
    assert library.original("../secret.txt") is None
    added(library, tmp_path, "chợ.txt", "Chợ Mường họp phiên đầu\n\nChợ Mường có 214 gian hàng.")
    [info] = library.search("Chợ Mường")
    assert library.original(info.id) == (store.uploads / "chợ.txt").resolve()
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    store.database.move_file("ba-sen.txt", FileRecord("../secret.txt", "0", 6))
    assert library.original("../secret.txt") is None


def test_an_original_that_was_deleted_is_not_offered(
    library: StoreLibrary, store: Store, articles_folder: Path
) -> None:
    (articles_folder / "che.txt").unlink()
    assert library.original("che.txt") is None
    sync(store, articles_folder, FakeEncoder())
    assert library.original("che.txt") is None


def test_an_article_of_the_folder_comes_back_when_it_is_put_back(
    library: StoreLibrary, articles_folder: Path
) -> None:
    library.remove("ba-sen.txt")
    library.sync(lambda progress: None)
    assert len(library.search("Ba Sen")) == 0 and (articles_folder / "ba-sen.txt").exists()
    [item] = library.removed()
    assert item.id == "ba-sen.txt" and item.title
    library.restore(item.id)
    library.sync(lambda progress: None)
    assert [info.id for info in library.search("Ba Sen")] == ["ba-sen.txt"]
    assert library.removed() == []


def test_an_upload_that_was_removed_lies_in_the_bin_for_its_user_alone_and_comes_back(
    library: StoreLibrary, store: Store, tmp_path: Path
) -> None:
    added(library, tmp_path, "chợ.txt", "Chợ Mường họp phiên đầu\n\nChợ Mường có 214 gian hàng.")
    [info] = library.search("Chợ Mường")
    library.remove(info.id)
    assert list(store.uploads.iterdir()) == []
    assert (store.directory / "removed").stat().st_mode & 0o777 == 0o700
    library.restore(info.id)
    library.sync(lambda progress: None)
    assert [one.title for one in library.search("Chợ Mường")] == [info.title]


def test_an_upload_that_cannot_be_read_is_told_once(library: StoreLibrary, tmp_path: Path) -> None:
    assert [item.source for item in added(library, tmp_path, "trống.txt", " \n").failed] == ["trống.txt"]
    assert library.sync(lambda progress: None).failed == ()


def test_an_upload_that_can_be_read_in_part_is_kept_and_told(
    library: StoreLibrary, store: Store, tmp_path: Path
) -> None:
    book = Workbook()
    for row in (["Xã", "Hộ nghèo"], ["Khe Mây", 45], ["Suối Đá", "=1+29"]):
        book.active.append(row)
    book.save(tmp_path / "hộ nghèo.xlsx")
    library.add("hộ nghèo.xlsx", tmp_path / "hộ nghèo.xlsx")
    for _ in range(2):
        [problem] = library.sync(lambda progress: None).failed
        assert (problem.source, problem.in_part) == ("hộ nghèo.xlsx", True)
        assert [(code, place.sheet) for code, place in problem.problems] == [
            ("formula-not-computed", "Sheet")
        ]
        assert (store.uploads / "hộ nghèo.xlsx").is_file()
        assert [info.title for info in library.search("nghèo.xlsx")] != []


def test_what_is_no_document_is_counted_by_its_kind(library: StoreLibrary, articles_folder: Path) -> None:
    for name in ("a.jpg", "b.jpg", "c.zip"):
        (articles_folder / name).write_bytes(b"x")
    assert library.sync(lambda progress: None).passed_over == ((".jpg", 2), (".zip", 1))
