"""The page of a PDF in a real browser: from the source of an answer and from the page of articles."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api", reason="needs 'pip install playwright'")
from page_maker import canvas, draw_lines
from playwright.sync_api import Browser, Page, expect

from tests.support.window_app import opened
from tests.support.window_browser import Visit, ask


@pytest.fixture
def papers(home: Path) -> Path:
    made = canvas(home / "articles" / "cầu.pdf")
    draw_lines(made, ["Khánh thành cầu Suối Đá", "", "Huyện đã họp bàn việc làm cầu từ năm ngoái."])
    made.showPage()
    made.setFont("Noto", 11)
    draw_lines(made, ["Cầu Suối Đá dài 120 m, kinh phí 14 tỷ đồng, thông xe ngày 25/6/2021."])
    made.save()
    return home


def on_show(page: Page, number: int) -> None:
    """The page is there as a picture with a text in its place."""
    sheet = page.locator("#paper")
    expect(sheet.get_by_role("status")).to_have_text(f"Trang {number}/2")
    expect(sheet.locator("img")).to_have_attribute(
        "alt", f"Ảnh trang {number} của “Khánh thành cầu Suối Đá”. Chữ của trang này có trong bài."
    )
    assert sheet.locator("img").evaluate("image => image.decode().then(() => image.naturalWidth)") > 1000


def test_the_page_of_a_quote_is_shown_and_turned_with_the_keyboard(papers: Path, visit: Visit) -> None:
    with opened(papers) as window:
        page = visit(window.address)
        ask(page, "Cầu thông xe ngày nào, kinh phí mấy tỷ đồng?")
        page.locator("#live .cite").first.click()
        opener = page.locator("#sources .card.active").get_by_role("link", name="Xem trang 2")
        opener.press("Enter")
        on_show(page, 2)
        expect(page.get_by_role("button", name="Trang sau")).to_be_disabled()
        page.keyboard.press("ArrowLeft")
        on_show(page, 1)
        expect(page.get_by_role("button", name="Trang trước")).to_be_disabled()
        page.get_by_role("button", name="Trang sau").click()
        on_show(page, 2)
        page.keyboard.press("Escape")
        expect(page.locator("#paper")).to_be_hidden()
        expect(opener).to_be_focused()
        page.locator("#sources .card.active").get_by_role("button", name="Xem cả bài").click()
        expect(page.locator("#sources").get_by_role("link", name="Xem trang 2")).to_be_visible()


def test_the_pdf_of_an_article_is_shown_and_no_other_file_offers_one(papers: Path, visit: Visit) -> None:
    with opened(papers) as window:
        page = visit(f"{window.address}en/#kho")
        page.get_by_role("button", name="Khánh thành cầu Suối Đá").click()
        page.get_by_role("link", name="See the PDF").click()
        expect(page.locator("#paper").get_by_role("status")).to_have_text("Page 1/2")
        page.get_by_role("button", name="Close").last.click()
        page.get_by_role("button", name="Kim Liên họp sơ kết").click()
        expect(page.get_by_role("link", name="See the PDF")).to_have_count(0)


def test_a_pdf_that_is_gone_is_told(papers: Path, browser: Browser) -> None:
    with opened(papers) as window:
        page = browser.new_page()
        page.goto(f"{window.address}#kho")
        page.get_by_role("button", name="Khánh thành cầu Suối Đá").click()
        (papers / "articles" / "cầu.pdf").unlink()
        page.get_by_role("link", name="Xem bản PDF").click()
        expect(page.locator("#paper").get_by_role("status")).to_have_text(
            "Không hiện được trang này. Hãy tải tệp gốc để xem."
        )
        page.context.close()
