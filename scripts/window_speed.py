"""Measure the window in a real browser: how soon it shows something, how soon it is ready, and how much it keeps.

Run ``python -m scripts.window_speed``.  Searching and reading are real, the language model is a server that writes one
sentence at once, so that only the window is measured.  Needs Playwright and a Chromium, Linux.
``--page`` measures the page alone, its weight and how soon it is ready, and needs no model.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from statistics import median

import psutil
from playwright.sync_api import Browser, Page, expect

from scripts.window_moments import Server
from tests.support.llm_server import llm_server
from tests.support.window_browser import READY as LOADED
from tests.support.window_browser import ask, running_browser, served, settle
from ui.cli import main as hoidap

TIMES, QUESTIONS = 20, 200
LONGEST_START = 180_000
"""Milliseconds in which the window opens, also on a busy computer."""
ASKED = (
    "Năm 2019 tổng thu ngân sách nhà nước trên địa bàn huyện Yên Hạ đạt bao nhiêu?",
    "Lễ hội đình Thạch Vân năm 2023 có gì mới?",
    "Vì sao Trường bán trú Nà Lủa phải xây thêm phòng?",
    "Năm 2019 thị trấn Phú Lăng có bao nhiêu ca sốt xuất huyết?",
    "Giá vàng SJC chiều nay tăng hay giảm?",
)
CHANGED = """([selector, what]) => new Promise((done) => {
  const shown = () => document.querySelector(selector)?.[what];
  const before = shown();
  let pressed = null;
  const press = () => { pressed ??= performance.now(); };
  addEventListener('click', press, { capture: true, once: true });
  addEventListener('keydown', press, { capture: true, once: true });
  const watch = new MutationObserver(() => {
    if (pressed === null || shown() === before) return;
    watch.disconnect();
    window.waited = performance.now() - pressed;
  });
  watch.observe(document.body, { childList: true, subtree: true, characterData: true });
  window.waited = null;
  done();
})"""
READY = """(() => {
  const look = () => {
    const box = document.activeElement;
    const usable = box?.matches?.('#question textarea') && !box.disabled && document.querySelector('#live .welcome');
    if (usable) window.readyAfter ??= performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})()"""


def main() -> None:
    """Read the command line, measure, and print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "store", type=Path, nargs="?", help="a store of eval/corpus, if there is one; it is copied"
    )
    parser.add_argument("--page", action="store_true", help="only the page, over articles in memory")
    asked = parser.parse_args()
    given: Path | None = asked.store
    sys.stdout.write(f"load of the computer before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n")
    if asked.page:
        measure_page()
        return
    with tempfile.TemporaryDirectory() as home:
        store = Path(home, "store")
        if given is None:
            hoidap(["sync", "eval/corpus", "--store", str(store)])
        else:
            shutil.copytree(given, store, ignore=shutil.ignore_patterns("conversations*"))
        with llm_server(piece=0.0) as llm:
            config = Path(home, "config.toml")
            config.write_text(f'[llm]\nbase_url = "{llm.base_url}"\n', encoding="utf-8")
            measure_window(["--store", str(store), "--config", str(config)])


def measure_window(options: Sequence[str]) -> None:
    """Measure the window as ``hoidap ui`` opens it with these options."""
    with served(*options) as address, running_browser() as browser:
        window = next(child for child in psutil.Process().children() if "ui.cli" in child.cmdline())
        first = browser.new_page()
        first.goto(address)
        first.wait_for_selector(LOADED, timeout=LONGEST_START)
        first.close()
        page = page_figures(browser, address)
        for name, waits in clicks(page).items():
            tell(f"first visible change: {name}", waits)
        for asked, kept in memory(page, window):
            sys.stdout.write(f"memory after {asked:3} questions: {kept / 1e6:6.0f} MB\n")


def measure_page() -> None:
    """Measure the page of a window whose assistant replays."""
    with tempfile.TemporaryDirectory() as home, running_browser() as browser:
        Path(home, "articles").mkdir()
        server = Server(Path(home))
        try:
            page_figures(browser, server.address)
        finally:
            server.kill()


def page_figures(browser: Browser, address: str) -> Page:
    """Tell the weight of the page and how soon it is ready, as a new visitor and again; give it as it is then."""
    for name, bytes_ in zip(("nothing cached", "cached"), weights(browser, address), strict=True):
        sys.stdout.write(f"page weight, {name}: {bytes_ / 1000:.0f} kB\n")
    tell("page ready, nothing cached", [ready(browser, address) for _ in range(5)])
    page = browser.new_context().new_page()
    reload_ready(page, address)
    tell("page ready, cached", [reload_ready(page, address) for _ in range(5)])
    return page


def weights(browser: Browser, address: str) -> tuple[int, int]:
    """Bytes that come over the line until the window is ready, for a new visitor and for one who comes again."""
    context = browser.new_context()
    page = context.new_page()
    came: list[int] = []
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    line.on("Network.loadingFinished", lambda event: came.append(int(event["encodedDataLength"])))
    reload_ready(page, address)
    page.wait_for_timeout(1000)
    first = sum(came)
    reload_ready(page, address)
    page.wait_for_timeout(1000)
    context.close()
    return first, sum(came) - first


def ready(browser: Browser, address: str) -> float:
    """Milliseconds from navigation to a question box that takes what is typed, as a new visitor."""
    context = browser.new_context()
    waited = reload_ready(context.new_page(), address)
    context.close()
    return waited


def reload_ready(page: Page, address: str) -> float:
    """Milliseconds from navigation to a question box that takes what is typed."""
    page.add_init_script(READY)
    page.goto(address)
    page.wait_for_function("window.readyAfter !== undefined")
    return float(page.evaluate("readyAfter"))


def clicks(page: Page) -> dict[str, list[float]]:
    """Milliseconds from a press to the first change that shows, by what was pressed."""
    waits: dict[str, list[float]] = {"question sent": [], "citation opened": [], "article opened": []}
    panel = "#sources .html-container"
    for time in range(TIMES):
        page.locator("#question textarea").fill(ASKED[time % 4])
        waits["question sent"].append(change(page, "#scroll", page.locator("#send").click))
        expect(page.locator("#live h2").last).to_contain_text(ASKED[time % 4])
        settle(page)
        cite = page.locator("#live .cite, #live .nearest").first
        waits["citation opened"].append(change(page, panel, cite.click, "innerHTML"))
        whole = page.locator("#sources .active [data-act=article]").first
        waits["article opened"].append(change(page, panel, whole.click))
    page.locator("#new").click()
    page.wait_for_selector("#live .welcome")
    page.locator(".pages a[href^='#kho']").click()
    page.wait_for_selector("tbody tr")
    search = page.locator("#article-search input")
    waits["title searched"] = [
        change(page, "#articles", partial(search.press, key)) for key in ["q", "Backspace"] * (TIMES // 2)
    ]
    page.locator(".pages a[href^='#hoi']").click()
    return waits


def change(page: Page, selector: str, press: Callable[[], None], what: str = "innerText") -> float:
    """Press something and give the milliseconds until the ``what`` of ``selector`` is another."""
    page.evaluate(CHANGED, [selector, what])
    press()
    page.wait_for_function("window.waited !== null")
    return float(page.evaluate("waited"))


def memory(page: Page, server: psutil.Process) -> Iterator[tuple[int, int]]:
    """Ask and give the server's resident bytes now and then; ten questions make a conversation."""
    yield 0, server.memory_info().rss
    for number in range(1, QUESTIONS + 1):
        if number % 10 == 1:
            page.locator("#new").click()
            page.wait_for_selector("#live .welcome")
        ask(page, ASKED[number % len(ASKED)], wait=False)
        settle(page, 300)
        if number in (50, 100, 150, QUESTIONS):
            yield number, server.memory_info().rss


def tell(name: str, waits: Sequence[float]) -> None:
    """Print the middle and the worst of some waiting times."""
    sys.stdout.write(f"{name}: median {median(waits):.0f} ms, worst {max(waits):.0f} ms of {len(waits)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
