"""The page of articles in a real browser: found, read, added, removed, brought up to date."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api", reason="needs 'pip install playwright'")
from playwright.sync_api import Browser, expect

from index.schema import Article
from tests.support.window_app import Window
from tests.support.window_browser import QUESTION, Visit, ask


def test_the_collection_is_listed_searched_and_read(window: Window, visit: Visit) -> None:
    page = visit(window.address)
    page.get_by_role("link", name="Kho bài viết").click()
    expect(page.locator("#heading")).to_contain_text("3 bài viết, 5 đoạn")
    expect(page.locator("tbody tr")).to_have_count(3)
    box = page.locator("#article-search input")
    box.fill("xyz")
    expect(page.locator("#articles")).to_contain_text("Không có bài nào khớp.")
    box.fill("")
    expect(page.locator("tbody tr")).to_have_count(3)
    box.press_sequentially("so ket")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("button", name="Kim Liên họp sơ kết").click()
    expect(page.locator("#preview")).to_contain_text("do đồng chí Trần Văn An chủ trì")
    expect(page.locator("#preview")).to_contain_text("03/10/2018")
    page.get_by_role("link", name="Trò chuyện").click()
    expect(page.locator("#question")).to_be_visible()


def test_twelve_thousand_articles_are_searched_while_one_types(window: Window, visit: Visit) -> None:
    held = (
        Article(f"{n}.txt", f"tin/{n}.txt", f"Bản tin số {n} của huyện", f"Tin {n}.") for n in range(12_000)
    )
    window.library.held = {article.id: article for article in held}
    page = visit(f"{window.address}#kho")
    expect(page.locator("#heading")).to_contain_text("12.000 bài viết")
    expect(page.locator("tbody tr")).to_have_count(40)
    expect(page.locator(".pager")).to_contain_text("Trang 1/300")
    page.get_by_role("button", name="Trang sau").click()
    expect(page.locator("tbody .title").first).to_have_text("Bản tin số 40 của huyện")
    box = page.locator("#article-search input")
    box.press_sequentially("ban tin 1199")
    expect(page.locator("tbody tr")).to_have_count(12)
    box.press("End")
    box.press("9")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody .title")).to_have_text("Bản tin số 11999 của huyện")
    assert page.locator("datalist option").count() <= 60


def test_a_file_is_added_and_asked_about(window: Window, visit: Visit, tmp_path: Path) -> None:
    good = tmp_path / "chợ mới.txt"
    good.write_text("Chợ Mường họp phiên đầu\n\nChợ Mường họp phiên đầu với 214 gian hàng.", encoding="utf-8")
    page = visit(f"{window.address}#kho")
    chooser = page.locator("#collection input[type=file]")
    chooser.set_input_files(good)
    expect(page.locator("#message")).to_contain_text("Đã thêm 1 tệp.")
    expect(page.locator("#message")).to_contain_text("Đã cập nhật: thêm 1")
    expect(page.locator("tbody tr")).to_have_count(4)
    page.get_by_role("link", name="Trò chuyện").click()
    ask(page, "Chợ Mường có bao nhiêu gian hàng?")
    expect(page.locator("#live .answer")).to_contain_text("214 gian hàng")
    assert len(list(window.library.folder.iterdir())) == 4


@pytest.mark.parametrize(
    ("name", "size", "expected"),
    [
        ("anh.exe", 10, "Hãy lưu thành một loại sau rồi thêm lại: tệp chữ (.txt, .md)."),
        ("dai.txt", 120_000, "Tệp dai.txt lớn hơn 1 MB"),
    ],
)
def test_files_that_do_not_fit_are_refused(
    window: Window, browser: Browser, tmp_path: Path, name: str, size: int, expected: str
) -> None:
    (tmp_path / name).write_bytes(b"a" * size)
    page = browser.new_page()
    page.goto(f"{window.address}#kho")
    page.locator("#collection input[type=file]").set_input_files(tmp_path / name)
    expect(page.locator("#message, .toast-wrap").filter(has_text=expected)).to_be_visible()
    assert not re.search(r"Error|exceed|Close|Invalid", page.locator(".toast-wrap").inner_text())
    assert len(list(window.library.folder.iterdir())) == 3
    page.context.close()


def test_a_removed_article_is_gone_and_comes_back(window: Window, visit: Visit) -> None:
    page = visit(window.address)
    ask(page, QUESTION)
    page.get_by_role("link", name="Kho bài viết").click()
    page.get_by_role("button", name="Huyện Ba Sen giảm nghèo").click()
    page.get_by_role("button", name="Bỏ khỏi kho").click()
    page.get_by_role("button", name="Bỏ bài khỏi kho? Tệp của bạn vẫn còn.").click()
    expect(page.locator("#message")).to_contain_text("Đã bỏ “Huyện Ba Sen giảm nghèo” khỏi kho.")
    expect(page.locator("tbody tr")).to_have_count(2)
    assert (window.library.folder / "ba-sen.txt").exists()
    page.get_by_role("button", name="Cập nhật từ thư mục").click()
    expect(page.locator("#message")).to_contain_text("Đã cập nhật")
    expect(page.locator("tbody tr")).to_have_count(2)
    page.get_by_role("link", name="Trò chuyện").click()
    page.locator("#sources").get_by_role("button", name="Xem cả bài").first.click()
    expect(page.locator("#sources")).to_contain_text("Bài này không còn trong kho")
    ask(page, QUESTION)
    expect(page.locator("#live .refusal")).to_be_visible()
    page.get_by_role("link", name="Kho bài viết").click()
    page.get_by_text("Đã bỏ khỏi kho (1)").click()
    page.get_by_role("button", name="Đưa lại vào kho").click()
    expect(page.locator("tbody tr")).to_have_count(3)


def test_the_first_page_shows_a_reading_and_then_what_can_be_asked(window: Window, visit: Visit) -> None:
    window.library.held.clear()
    window.library.held_up = True
    visit(f"{window.address}#kho").get_by_role("button", name="Cập nhật từ thư mục").click()
    page = visit(window.address)
    welcome = page.locator("#live .welcome")
    expect(welcome).to_contain_text("Đọc đến đâu, hỏi được đến đấy")
    expect(welcome.locator("progress")).to_be_visible()
    window.library.held_up = False
    expect(welcome).to_contain_text("Tôi đọc 3 bài viết")
    expect(welcome.locator("progress")).to_have_count(0)
    expect(welcome.locator(".example").first).to_be_visible()


def test_a_refusal_while_articles_are_read_says_so_and_is_asked_again(window: Window, visit: Visit) -> None:
    del window.library.held["ba-sen.txt"]
    window.library.held_up = True
    visit(f"{window.address}#kho").get_by_role("button", name="Cập nhật từ thư mục").click()
    page = visit(window.address)
    ask(page, QUESTION)
    live, waiting = page.locator("#live"), page.locator("#waiting progress")
    expect(live.locator(".refusal")).to_contain_text("kho chưa đọc xong các bài")
    expect(waiting).to_be_visible()
    page.reload()
    expect(waiting).to_be_visible()
    window.library.held_up = False
    expect(waiting).to_have_count(0)
    live.locator(".refusal").get_by_role("button", name="Hỏi lại").click()
    expect(live.locator(".answer")).to_contain_text("45 hộ nghèo")
    expect(live).not_to_contain_text("kho chưa đọc xong các bài")
    expect(page.locator("#past .refusal")).to_contain_text("kho chưa đọc xong các bài")
    expect(page.locator("#past progress")).to_have_count(0)


def test_a_folder_is_synced_with_progress(window: Window, visit: Visit) -> None:
    window.library.held_up = True
    (window.library.folder / "moi.txt").write_text("Bài mới\n\nNội dung mới.", encoding="utf-8")
    page = visit(f"{window.address}#kho")
    page.get_by_role("button", name="Cập nhật từ thư mục").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(page.locator("#sync")).to_be_disabled()
    window.library.held_up = False
    expect(page.locator("#message")).to_contain_text("Đã cập nhật: thêm 1 tệp, sửa 3, bỏ 0, lỗi 0.")
    expect(page.locator("#heading")).to_contain_text("4 bài viết")
    expect(page.locator("#heading")).to_contain_text("Cập nhật lần cuối")
    expect(page.locator("#sync")).to_be_enabled()


def test_a_tab_that_is_looked_at_again_shows_what_another_one_began(window: Window, visit: Visit) -> None:
    window.library.held_up = True
    (window.library.folder / "moi.txt").write_text("Bài mới\n\nNội dung mới.", encoding="utf-8")
    old, other = visit(f"{window.address}#kho"), visit(f"{window.address}#kho")
    expect(old.locator("#sync")).to_be_enabled()
    other.get_by_role("button", name="Cập nhật từ thư mục").click()
    expect(other.get_by_role("progressbar")).to_be_visible()
    old.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(old.get_by_role("progressbar")).to_be_visible()
    window.library.held_up = False
    expect(old.locator("#heading")).to_contain_text("4 bài viết")


@pytest.mark.parametrize("way", ["address", "back"])
def test_the_page_of_articles_comes_by_address_and_by_back_too(
    window: Window, visit: Visit, way: str
) -> None:
    if way == "address":
        page = visit(window.address)
        page.evaluate("location.hash = '#kho'")
    else:
        page = visit(f"{window.address}#kho")
        expect(page.locator("tbody tr")).to_have_count(3)
        page.evaluate("location.hash = '#hoi'")
        page.reload()
        expect(page.locator("#live .welcome")).to_be_visible()
        page.go_back()
    expect(page.locator("#heading")).to_contain_text("3 bài viết")
    expect(page.locator("tbody tr")).to_have_count(3)
    page.evaluate("location.hash = '#kho/kim-lien.txt'")
    expect(page.locator("#preview .reading")).to_contain_text("Trần Văn An")


def test_back_from_an_article_closes_it_and_forward_opens_it_again(window: Window, visit: Visit) -> None:
    page = visit(f"{window.address}#kho")
    page.get_by_role("button", name="Kim Liên họp sơ kết").click()
    expect(page).to_have_url(f"{window.address}#kho/kim-lien.txt")
    page.get_by_role("button", name="Huyện Ba Sen giảm nghèo").click()
    expect(page).to_have_url(f"{window.address}#kho/ba-sen.txt")
    page.go_back()
    expect(page.locator("#preview .reading")).to_contain_text("Trần Văn An")
    page.go_back()
    expect(page.locator("#preview")).to_have_text("Chọn một bài để đọc ở đây.")
    expect(page).to_have_url(f"{window.address}#kho")
    page.go_forward()
    expect(page.locator("#preview .reading")).to_contain_text("Trần Văn An")


def test_the_kinds_of_files_are_named_as_people_call_them(window: Window, visit: Visit) -> None:
    page = visit(f"{window.address}#kho")
    hint = page.locator("#hint")
    expect(hint).to_contain_text("Nhận tệp chữ (.txt, .md); mỗi tệp tối đa 1 MB.")
    expect(hint.get_by_text(".txt .md")).to_be_hidden()
    hint.get_by_text("Tất cả đuôi tệp nhận được").click()
    expect(hint.get_by_text(".txt .md")).to_be_visible()


def test_the_list_is_sorted_by_its_columns_and_what_was_taken_out_comes_back_at_once(
    window: Window, visit: Visit
) -> None:
    page = visit(f"{window.address}#kho")
    titles = page.locator("tbody .title")
    sorter = page.get_by_role("button", name="Ngày")
    sorter.click()
    expect(titles).to_have_text(
        ["Kim Liên họp sơ kết", "Huyện Ba Sen giảm nghèo", "Bài xấu <script>window.hacked = 1</script>"]
    )
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("Ngày")
    expect(sorter).to_be_focused()
    sorter.click()
    expect(titles.first).to_have_text("Bài xấu <script>window.hacked = 1</script>")
    expect(page.locator("th[aria-sort=descending]")).to_contain_text("Ngày")
    titles.last.click()
    page.get_by_role("button", name="Bỏ khỏi kho").click()
    page.get_by_role("button", name="Bỏ bài khỏi kho?").click()
    expect(page.locator("#message .done")).to_be_focused()
    expect(titles).to_have_count(2)
    page.get_by_role("button", name="Hoàn tác").click()
    expect(titles).to_have_count(3)
