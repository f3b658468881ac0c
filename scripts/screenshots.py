"""Draw the pictures of the documentation: the window with the sample articles and an assistant that replays.

Run ``python -m scripts.screenshots FOLDER``; needs Playwright and a Chromium on the path.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.window_app import Window, opened

QUESTION = "Năm 2019 tổng thu ngân sách nhà nước trên địa bàn huyện Yên Hạ đạt bao nhiêu?"
EXAMPLES = (
    "Năm 2020 huyện Yên Hạ thu ngân sách được bao nhiêu?",
    "Lễ hội đình Thạch Vân năm 2023 có gì mới?",
    "Vì sao Trường bán trú Nà Lủa phải xây thêm phòng?",
    "Năm 2019 thị trấn Phú Lăng có bao nhiêu ca sốt xuất huyết?",
)
DESKTOP, PHONE = (1280, 800), (360, 740)


def main() -> None:
    """Read the command line and write the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where the pictures go")
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, sync_playwright() as player:
        shutil.copytree(Path("eval/corpus"), Path(home, "articles"))
        browser = player.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        with opened(Path(home), delay=0.05, examples=EXAMPLES) as window:
            for scheme in ("light", "dark"):
                desktop(browser, window, scheme, folder)
                phone(browser, window, scheme, folder)
        browser.close()


def desktop(browser: Browser, window: Window, scheme: str, folder: Path) -> None:
    """Picture the wide window: welcome, reading, answer, citation, whole article, refusal, articles."""
    page = opened_page(browser, window, scheme, DESKTOP)
    shoot(page, folder, f"welcome-{scheme}")
    ask(page, QUESTION)
    page.wait_for_selector("#live .answer")
    shoot(page, folder, f"writing-{scheme}")
    settle(page)
    shoot(page, folder, f"answer-{scheme}")
    page.locator("#live .cite").first.click()
    page.wait_for_selector("#sources mark.active")
    shoot(page, folder, f"source-{scheme}")
    page.locator(".card.active [data-act=article]").click()
    page.wait_for_selector("#sources .reading mark.active")
    shoot(page, folder, f"article-{scheme}")
    ask(page, "Giá vàng SJC chiều nay tăng hay giảm?")
    settle(page)
    shoot(page, folder, f"refusal-{scheme}")
    page.locator(".pages a").last.click()
    page.wait_for_selector("tbody tr")
    page.locator("tbody .title").nth(2).click()
    page.wait_for_selector("#preview .reading")
    shoot(page, folder, f"articles-{scheme}")
    page.context.close()


def phone(browser: Browser, window: Window, scheme: str, folder: Path) -> None:
    """Picture the narrow window: welcome, answer, citation, conversations, articles."""
    page = opened_page(browser, window, scheme, PHONE)
    shoot(page, folder, f"phone-welcome-{scheme}")
    ask(page, QUESTION)
    settle(page)
    shoot(page, folder, f"phone-answer-{scheme}")
    page.locator("#live .cite").first.click()
    page.wait_for_selector("#sources mark.active")
    shoot(page, folder, f"phone-source-{scheme}")
    page.locator("[data-toggle=list]").click()
    shoot(page, folder, f"phone-list-{scheme}")
    page.keyboard.press("Escape")
    page.locator(".pages a").last.click()
    page.wait_for_selector("tbody tr")
    shoot(page, folder, f"phone-articles-{scheme}")
    page.context.close()


def opened_page(browser: Browser, window: Window, scheme: str, size: tuple[int, int]) -> Page:
    """Open the window as a new visitor."""
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        locale="vi-VN",
    )
    page = context.new_page()
    page.goto(window.address)
    page.wait_for_selector("#live .welcome")
    return page


def ask(page: Page, question: str) -> None:
    """Send a question."""
    page.locator("#question textarea").fill(question)
    page.keyboard.press("Enter")
    page.wait_for_selector(".running")


def settle(page: Page) -> None:
    """Wait for the answer."""
    page.wait_for_selector(".running", state="detached")


def shoot(page: Page, folder: Path, name: str) -> None:
    """Take one picture once all movement has ended."""
    page.wait_for_timeout(700)
    page.screenshot(path=folder / f"{name}.png")


if __name__ == "__main__":
    main()
