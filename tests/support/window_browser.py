"""A real browser for the window: Debian's Chromium, driven by Playwright."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

_QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
]  # fmt: skip
READY = "#live .welcome, #live .exchange, .login"
ARTICLES = {
    "ba-sen.txt": "Huyện Ba Sen giảm nghèo\n15/10/2020\nnguồn: https://basen.example/tin/1\n\n"
    "Trong 9 tháng đầu năm, huyện Ba Sen giảm 45 hộ nghèo. Tỷ lệ hộ nghèo còn 1,29%.\n\n"
    + "Các xã tiếp tục rà soát từng hộ và giao cán bộ giúp đỡ. " * 30
    + "\n\nDiện tích rừng trồng mới ở Ba Sen đạt 3.772 ha.",
    "kim-lien.txt": "Kim Liên họp sơ kết\n03/10/2018\n\n"
    "Hội nghị ở Kim Liên do đồng chí Trần Văn An chủ trì. Toàn huyện kết nạp 82 đảng viên mới.",
    "xau.txt": "Bài xấu <script>window.hacked = 1</script>\n05/05/2021\nnguồn: javascript:window.hacked=1\n\n"
    'Kẻ xấu chèn <img src=x onerror="window.hacked=1"> và <script>window.hacked=1</script> vào bài này. '
    "Kẻ xấu chèn ![ảnh](http://evil.example/a.png) và [mời bấm](http://evil.example/) ${window.hacked=1} {{hacked}}.",
}
"""Articles by the name of their file, one of them hostile."""
QUESTION = "Huyện Ba Sen giảm bao nhiêu hộ nghèo?"

Visit = Callable[..., Page]
"""Opens an address as a new visitor, in a window of a width and height, and gives its page."""


def chromium() -> str | None:
    """Where a Chromium is, ``None`` when there is none."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@contextmanager
def running_browser() -> Iterator[Browser]:
    """Start a browser that asks nobody for anything but the page."""
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=chromium(), args=_QUIET)
        yield browser
        browser.close()


@dataclass
class Seen:
    """A page with everything that it should not have done."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    def watch(self) -> Page:
        page = self.page
        page.on("console", self._check_console)
        page.on("pageerror", lambda error: self._check_error(str(error)))
        page.on("request", lambda asked: self._check(asked.url))
        return page

    def _check_console(self, message: ConsoleMessage) -> None:
        # Gradio complains of its open lines where a page is left while an answer comes.
        left = message.text.startswith("AbortError") or "Connection errored out" in message.text
        if message.type in {"error", "warning"} and not left:
            self.complaints.append(f"{message.text} {message.location['url']}")

    def _check_error(self, error: str) -> None:
        # Gradio lets go of its open lines in this way when a page is left.
        if not error.startswith("AbortError"):
            self.complaints.append(error)

    def _check(self, url: str) -> None:
        if not url.startswith(("http://127.0.0.1:", "data:", "blob:")):
            self.complaints.append(f"request to {url}")


def ask(page: Page, question: str, *, wait: bool = True) -> None:
    box = page.locator("#question textarea")
    box.fill(question)
    box.press("Enter")
    expect(page.locator("#live h2").last).to_contain_text(question)
    if wait:
        settle(page)


def settle(page: Page, seconds: float = 60) -> None:
    """Wait for the answer."""
    expect(page.locator(".running")).to_have_count(0, timeout=seconds * 1000)
    expect(page.locator("#send")).to_be_visible()


def findings(page: Page, only: str | None = None) -> list[str]:
    """What axe finds on the screen as it is now, each with the first place where it is; ``only`` names one rule."""
    from axe_playwright_python.sync_playwright import Axe

    chosen = {"runOnly": [only]} if only else None
    found = Axe().run(page, options=chosen).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found]


def findings_by_scheme(page: Page) -> list[str]:
    """What axe finds in the light, and of the colours, which are all that differs, in the dark too."""
    found = findings(page)
    page.emulate_media(color_scheme="dark")
    found += [f"dark: {one}" for one in findings(page, "color-contrast")]
    page.emulate_media(color_scheme="light")
    return found


def download(page: Page, button: str) -> str:
    with page.expect_download() as coming:
        page.get_by_role("button", name=button).click()
    return Path(coming.value.path()).read_text(encoding="utf-8")


@contextmanager
def served(*options: str) -> Iterator[str]:
    """Serve the window as the command line does, in a process of its own; give its address."""
    command = [sys.executable, "-m", "ui.cli", "ui", "--port", "0", *options]
    with subprocess.Popen(
        command, cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, text=True
    ) as serving:
        assert serving.stdout is not None
        match = re.search(r"http://127\.0\.0\.1:\d+/", serving.stdout.readline())
        try:
            assert match, "the window did not tell its address"
            yield match[0]
        finally:
            serving.terminate()
