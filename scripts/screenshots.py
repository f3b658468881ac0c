"""Draw the pictures of the documentation: the window as people get it, over the sample articles.

Run ``python -m scripts.screenshots docs``; needs the default models, Playwright and a Chromium on the path.
"""

from __future__ import annotations

import argparse
import io
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page

from tests.support.window_browser import READY, ask, running_browser, served, settle
from ui.cli import main as hoidap

QUESTIONS = (
    "Năm 2019 tổng thu ngân sách nhà nước trên địa bàn huyện Yên Hạ đạt bao nhiêu?",
    "Còn năm 2020 thì sao?",
)
DESKTOP, PHONE = (1280, 800), (360, 740)
TO_QUESTION = "document.querySelector('#live .asked').scrollIntoView()"
LONGEST_START = 180_000
"""Milliseconds in which the window opens, also on a busy computer."""


def main() -> None:
    """Read the command line and write the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where the pictures go")
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as store, running_browser() as browser:
        hoidap(["sync", "eval/corpus", "--store", store])
        with served("--store", store) as address:
            desktop(browser, address, folder)
            phone(browser, address, folder)


def desktop(browser: Browser, address: str, folder: Path) -> None:
    """Picture the wide window: an answer with its source, a whole article, the articles, and the dark."""
    page = opened_page(browser, address, "light")
    for question in QUESTIONS:
        ask(page, question, wait=False)
        settle(page, 120)
    page.evaluate(TO_QUESTION)
    page.locator("#live .cite").first.click()
    page.wait_for_selector("#sources mark.active")
    shoot(page, folder, "window")
    page.locator(".card.active [data-act=article]").click()
    page.wait_for_selector("#sources .reading mark.active")
    shoot(page, folder, "window-source")
    page.locator(".pages a[href^='#kho']").click()
    page.locator("tbody .title").nth(1).click()
    page.wait_for_selector("#preview .reading")
    shoot(page, folder, "window-articles")
    page.context.close()
    page = opened_page(browser, address, "dark")
    page.locator(".opener").first.click()
    page.locator("#live .cite").first.click()
    page.wait_for_selector("#sources mark.active")
    page.evaluate(TO_QUESTION)
    shoot(page, folder, "window-dark")
    page.context.close()


def phone(browser: Browser, address: str, folder: Path) -> None:
    """Picture the narrow window: an answer, and the sentence that a citation opens, side by side."""
    page = opened_page(browser, address, "light", PHONE)
    page.locator("[data-toggle=list]").click()
    page.locator(".opener").first.click()
    page.wait_for_selector("#past .cite")
    page.locator("#past .asked").scroll_into_view_if_needed()
    page.evaluate("scrollTo(0, 0)")
    answer = taken(page)
    page.locator("#past .cite").first.click()
    page.wait_for_selector("#sources mark.active")
    source = taken(page)
    gap = 24
    both = Image.new("RGB", (answer.width + source.width + gap, answer.height), "white")
    both.paste(answer, (0, 0))
    both.paste(source, (answer.width + gap, 0))
    write(both, folder / "window-phone.png")
    page.context.close()


def opened_page(browser: Browser, address: str, scheme: str, size: tuple[int, int] = DESKTOP) -> Page:
    """Open the window as a new visitor."""
    width, height = size
    page = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        locale="vi-VN",
        reduced_motion="reduce",
    ).new_page()
    page.goto(address)
    page.wait_for_selector(READY, timeout=LONGEST_START)
    return page


def shoot(page: Page, folder: Path, name: str) -> None:
    """Write one picture."""
    write(taken(page), folder / f"{name}.png")


def taken(page: Page) -> Image.Image:
    """Take a picture once everything has been drawn, with no pointer over it."""
    page.mouse.move(0, 0)
    page.wait_for_timeout(500)
    return Image.open(io.BytesIO(page.screenshot())).convert("RGB")


def write(picture: Image.Image, path: Path) -> None:
    """Write a picture with as many colours as such a window has: a third of the bytes."""
    picture.quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    main()
