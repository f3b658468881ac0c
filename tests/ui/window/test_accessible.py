"""Every screen under axe, in a real browser; the settings are looked at in their own tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api", reason="needs 'pip install playwright'")
pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python")
from page_maker import canvas, draw_lines
from playwright.sync_api import Browser, Page, expect

from tests.support.window_app import Window, opened
from tests.support.window_browser import QUESTION, READY, Visit, ask, findings, findings_by_scheme, settle
from ui.window.access.listen import DEFAULT_PORT, listen
from ui.window.loading_page import opening_page

PASSWORD = "bí mật"
WIDTHS = pytest.mark.parametrize("width", [1280, 390])


@pytest.fixture
def page(browser: Browser, width: int) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme="light", reduced_motion="reduce"
    )
    page = context.new_page()
    page.set_default_timeout(60_000)
    yield page
    context.close()


@WIDTHS
def test_axe_finds_nothing_while_one_asks_and_reads(page: Page, home: Path) -> None:
    violations: dict[str, list[str]] = {}
    with opened(home, password=PASSWORD) as window:
        page.goto(window.address)
        violations["password"] = findings_by_scheme(page)
        page.get_by_label("Mật khẩu").fill("sai")
        page.get_by_role("button", name="Đăng nhập").click()
        violations["wrong password"] = findings_by_scheme(page)
        page.get_by_label("Mật khẩu").fill(PASSWORD)
        page.get_by_role("button", name="Đăng nhập").click()
        page.wait_for_selector(READY)
        violations["welcome"] = findings_by_scheme(page)
        window.assistant.hold("writing")
        ask(page, f"{QUESTION} bịa", wait=False)
        expect(page.locator("#live .draft")).to_be_visible()
        violations["draft"] = findings_by_scheme(page)
        window.assistant.go_on()
        settle(page)
        page.locator("#live .cite").first.click()
        expect(page.locator("#sources .card.active")).to_be_visible()
        expect(page.locator("#further .example").first).to_be_visible()
        page.get_by_role("button", name="Câu trả lời chưa tốt").click()
        page.get_by_text("Thêm nhận xét").click()
        violations["answer"] = findings_by_scheme(page)
        page.locator("#sources .card.active [data-act=article]").click()
        expect(page.locator("#sources .reading")).to_be_visible()
        violations["article"] = findings_by_scheme(page)
        page.locator("#filters summary").click()
        ask(page, "Giá vàng thế giới hôm qua tăng mấy phần trăm vậy?")
        page.locator("#past").get_by_role("button", name="Sửa và hỏi lại").first.click()
        expect(page.locator("#editing")).not_to_be_empty()
        violations["refusal, bounds of the search, an earlier question edited"] = findings_by_scheme(page)
        page.keyboard.press("Control+k")
        page.locator("#exports summary").click()
        page.locator("#conversations summary").click()
        violations["list of conversations"] = findings_by_scheme(page)
        page.keyboard.press("Escape")
        ask(page, "Kho hỏng chưa?")
        page.get_by_text("Chi tiết kỹ thuật").click()
        violations["error"] = findings_by_scheme(page)
        page.locator("body").press("?")
        violations["keys"] = findings_by_scheme(page)
    assert {screen: found for screen, found in violations.items() if found} == {}


@WIDTHS
def test_axe_finds_nothing_on_the_page_of_articles(page: Page, home: Path, tmp_path: Path) -> None:
    made = canvas(home / "articles" / "cau.pdf")
    draw_lines(made, ["Khánh thành cầu Suối Đá", "", "Cầu Suối Đá dài 120 m."])
    made.save()
    (tmp_path / "anh.exe").write_bytes(b"a")
    violations: dict[str, list[str]] = {}
    with opened(home) as window:
        page.goto(f"{window.address}#kho")
        page.get_by_text("Tất cả đuôi tệp nhận được").click()
        violations["articles"] = findings_by_scheme(page)
        page.locator("tbody .title", has_text="Khánh thành").click()
        expect(page.locator("#preview .reading")).to_be_visible()
        violations["an article"] = findings_by_scheme(page)
        page.get_by_role("link", name="Xem bản PDF").click()
        expect(page.locator("#paper").get_by_role("status")).to_have_text("Trang 1/1")
        violations["page of a PDF"] = findings_by_scheme(page)
        page.keyboard.press("Escape")
        take_out = page.get_by_role("button", name="Bỏ khỏi kho")
        surely = page.get_by_role("button", name="Bỏ bài khỏi kho?")
        for scheme, only in (("dark", "color-contrast"), ("light", None)):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            if not surely.is_visible():  # it asks for five seconds
                take_out.click()
            violations[f"asked once more, {scheme}"] = findings(page, only)
        if not surely.is_visible():
            take_out.click()
        surely.click()
        page.get_by_text("Đã bỏ khỏi kho (1)").click()
        violations["an article taken out"] = findings_by_scheme(page)
        page.locator("#collection input[type=file]").set_input_files(tmp_path / "anh.exe")
        expect(page.locator("#message")).to_contain_text("anh.exe")
        violations["a file refused"] = findings_by_scheme(page)
        window.library.held_up = True
        page.get_by_role("button", name="Cập nhật từ thư mục").click()
        expect(page.get_by_role("progressbar")).to_be_visible()
        violations["articles being read"] = findings_by_scheme(page)
        window.library.held_up = False
    assert {screen: found for screen, found in violations.items() if found} == {}


@WIDTHS
def test_axe_finds_nothing_before_there_is_anything(page: Page, tmp_path: Path) -> None:
    """While the program opens, and where the store is empty."""
    (tmp_path / "articles").mkdir()
    violations: dict[str, list[str]] = {}
    with listen("127.0.0.1", 0, DEFAULT_PORT) as held, opening_page(held):
        page.goto(f"http://127.0.0.1:{held.getsockname()[1]}/")
        violations["opening"] = findings_by_scheme(page)
        page.goto("about:blank")
    with opened(tmp_path, examples=()) as window:
        page.goto(window.address)
        page.wait_for_selector(READY)
        violations["welcome"] = findings_by_scheme(page)
        page.locator("a[href^='#kho']").first.click()
        expect(page.locator("#collection")).to_contain_text("Kho đang trống")
        violations["articles"] = findings_by_scheme(page)
    assert violations == {"opening": [], "welcome": [], "articles": []}


def test_axe_finds_nothing_in_the_english_window(window: Window, visit: Visit) -> None:
    page = visit(f"{window.address}en/")
    ask(page, QUESTION)
    page.locator("#live .cite").first.click()
    expect(page.locator("#sources .card.active")).to_be_visible()
    assert findings(page) == []
