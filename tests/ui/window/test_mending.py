"""A damaged store in a real browser: the window opens all the same, says what is wrong, and mends it."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from time import monotonic, sleep

import httpx
import pytest

pytest.importorskip("playwright.sync_api", reason="needs 'pip install playwright'")
pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python")
from playwright.sync_api import Browser, Page, expect

from index.errors import StoreError
from index.store.database.binding import DATABASE
from tests.support.window_app import Window
from tests.support.window_browser import READY, Visit, ask, findings, served
from ui.cli import main as hoidap

OPENED_ANEW = 180_000
"""Milliseconds in which a window opens again and its page finds it, also on a busy computer."""
DAMAGE = "Kho bị hỏng hoặc do phiên bản khác tạo ra"


def test_what_was_asked_stays_readable_and_the_way_to_mend_is_told(window: Window, visit: Visit) -> None:
    page = visit(window.address)
    ask(page, "Huyện Ba Sen giảm bao nhiêu hộ nghèo?")
    window.library.damage = StoreError("The database of the store is damaged (malformed).")
    page.locator("#new").click()
    notice = page.locator("#live .notice")
    expect(notice).to_contain_text(DAMAGE)
    assert findings(page) == []
    page.locator(".opener").first.click()
    expect(page.locator("#live .answer")).to_contain_text("45 hộ nghèo")
    page.locator("#new").click()
    notice.get_by_role("link", name="Kho bài viết").click()
    message = page.locator("#message")
    expect(message).to_contain_text(DAMAGE)
    assert findings(page) == []
    mend(page)
    expect(message).to_contain_text("không bài nào bị mất")
    page.reload()
    page.wait_for_selector(READY, state="attached")
    page.goto(f"{window.address}#kho")
    expect(page.locator("#heading")).to_contain_text("3 bài viết")


def mend(page: Page) -> None:
    """Press the button, which asks once more in its own place."""
    page.locator("[data-act=mend]").click()
    expect(page.locator("[data-act=mend]")).to_contain_text("đọc lại mọi bài?")
    page.locator("[data-act=mend]").click()


@pytest.fixture
def made(home: Path) -> Path:
    """A store of the three articles, made by the command line; it was never opened since."""
    assert hoidap(["sync", str(home / "articles"), "--store", str(home / "store")]) == 0
    return home / "store"


def damage_articles(database: Path) -> None:
    """Write over the pages on which the list of articles begins, and leave the rest."""
    with closing(sqlite3.connect(database)) as reading:
        ((size,),) = reading.execute("PRAGMA page_size")
        found = reading.execute(
            "SELECT rootpage FROM sqlite_master WHERE tbl_name = 'articles' AND rootpage > 0"
        )
        roots = [root for (root,) in found]
    with database.open("r+b") as file:
        for root in roots:
            file.seek((root - 1) * size)
            file.write(b"\xa5" * size)


def arrived(browser: Browser, address: str) -> Page:
    """Open a window that may still be loading."""
    end = monotonic() + OPENED_ANEW / 1000
    while monotonic() < end:
        with suppress(httpx.TimeoutException):
            if httpx.get(address).status_code == 200:
                break
        sleep(0.2)
    page = browser.new_context(locale="vi-VN", reduced_motion="reduce").new_page()
    page.set_default_timeout(OPENED_ANEW)
    page.goto(f"{address}#kho")
    page.wait_for_selector(READY, state="attached")
    return page


@pytest.mark.model
def test_articles_of_a_database_with_damaged_pages_are_read_again(browser: Browser, made: Path) -> None:
    damage_articles(made / DATABASE)
    with served("--store", str(made)) as address:
        page = arrived(browser, address)
        expect(page.locator("#message")).to_contain_text(DAMAGE)
        mend(page)
        expect(page.locator("#heading")).to_contain_text("3 bài viết", timeout=OPENED_ANEW)
        expect(page.locator("#articles tbody tr")).to_have_count(3)
        page.context.close()


@pytest.mark.model
def test_a_window_opens_over_what_is_no_database_any_more(browser: Browser, made: Path) -> None:
    (made / DATABASE).write_bytes(b"\xa5" * 50_000)
    with served("--store", str(made)) as address:
        page = arrived(browser, address)
        expect(page.locator("#message")).to_contain_text(DAMAGE)
        page.goto(f"{address}#hoi")
        expect(page.locator("#live .notice")).to_contain_text(DAMAGE)
        page.goto(f"{address}#kho")
        mend(page)
        expect(page.locator("#articles")).to_contain_text("Kho đang trống", timeout=OPENED_ANEW)
        page.context.close()
