"""Every screen under axe, in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api", reason="needs 'pip install playwright'")
pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python")
from axe_playwright_python.sync_playwright import Axe
from page_maker import canvas, draw_lines
from playwright.sync_api import Browser, Page, expect

from tests.window_app import opened
from tests.window_browser import QUESTION, READY, ask


def findings(page: Page) -> list[str]:
    """What axe finds on the screen as it is now, each with the first place where it is."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (390, "light")])
def test_axe_finds_nothing_on_any_screen(browser: Browser, home: Path, width: int, scheme: str) -> None:
    made = canvas(home / "articles" / "cau.pdf")
    draw_lines(made, ["Khánh thành cầu Suối Đá", "", "Cầu Suối Đá dài 120 m."])
    made.save()
    told: dict[str, list[str]] = {}
    with opened(home, password="bí mật") as window:
        context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto(window.address)
        told["password"] = findings(page)
        page.get_by_label("Mật khẩu").fill("bí mật")
        page.get_by_role("button", name="Đăng nhập").click()
        page.wait_for_selector(READY)
        told["welcome"] = findings(page)
        ask(page, f"{QUESTION} bịa")
        page.locator("#live .cite").first.click()
        expect(page.locator("#sources .card.active")).to_be_visible()
        expect(page.locator("#further .example").first).to_be_visible()
        told["answer"] = findings(page)
        page.locator("#sources .card.active [data-act=article]").click()
        expect(page.locator("#sources .reading")).to_be_visible()
        told["article"] = findings(page)
        page.locator("#filters summary").click()
        ask(page, "Giá vàng thế giới hôm qua tăng mấy phần trăm vậy?")
        told["refusal"] = findings(page)
        page.locator("a[href^='#kho']").first.click()
        page.locator("tbody .title").first.click()
        expect(page.locator("#preview .reading")).to_be_visible()
        told["articles"] = findings(page)
        page.get_by_text("Tất cả đuôi tệp nhận được").click()
        told["kinds of files"] = findings(page)
        page.locator("tbody .title", has_text="Khánh thành").click()
        page.get_by_role("link", name="Xem bản PDF").click()
        expect(page.locator("#paper").get_by_role("status")).to_have_text("Trang 1/1")
        told["page of a PDF"] = findings(page)
        page.keyboard.press("Escape")
        page.keyboard.press("?")
        told["keys"] = findings(page)
        context.close()
    assert {screen: found for screen, found in told.items() if found} == {}
