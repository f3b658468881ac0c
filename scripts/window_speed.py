"""Measure the window in a real browser: how soon it shows something, how soon it is ready, and how much it keeps.

Run ``python -m scripts.window_speed``.  Searching is real, the language model is replaced by one that
repeats a sentence of what it reads, so that only the window is measured.  Needs Playwright and a Chromium, Linux.
``--page`` measures the page alone, its weight and how soon it is ready, and needs no model.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import re
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median

import psutil
from playwright.sync_api import Browser, Page, expect

from rag.assemble import open_reader, open_retriever
from rag.assistant import Assistant
from rag.config import Config
from rag.reader.calibration import load_calibration
from rag.writer.generator import GenerationEvent, Piece, Prompt, Started
from scripts.window_moments import Server
from tests.support.window_browser import ask, running_browser, settle
from ui.cli import main as hoidap

TIMES, QUESTIONS = 20, 200
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


class RepeatingGenerator:
    """Writes the longest line of the prompt again, word by word."""

    name = "repeating"
    context_tokens = 4096

    def count_tokens(self, text: str) -> int:
        """Count words and signs."""
        return len(re.findall(r"\w+|\S", text))

    def generate(
        self, prompt: Prompt, *, max_tokens: int, stop: threading.Event, seconds: float
    ) -> Iterator[GenerationEvent]:
        """Write at once."""
        yield Started(self.count_tokens(prompt.messages[-1].text))
        line = max(prompt.messages[-1].text.splitlines(), key=len)
        for word in re.findall(r"\S+\s*", line)[:max_tokens]:
            if stop.is_set():
                return
            yield Piece(word, 1, -0.1)


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
        with served(store) as (address, process), running_browser() as browser:
            page = page_figures(browser, address)
            for name, waits in clicks(page).items():
                tell(f"first visible change: {name}", waits)
            for asked, kept in memory(page, process):
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


def serve(store: Path, connection: Connection) -> None:
    """Serve the window with the repeating generator; sends its address through ``connection``."""
    from ui.articles.store_library import StoreLibrary
    from ui.articles.syncing import Syncing
    from ui.articles.uploads import Uploads
    from ui.conversations.answering import Answering
    from ui.conversations.history import History
    from ui.conversations.next_questions import NextQuestions, Trying
    from ui.strings import words_in
    from ui.window.access.listen import ListenOptions
    from ui.window.app import build_app
    from ui.window.server import serve as serve_window

    retriever = open_retriever(Config(), store)
    assistant = Assistant(retriever, open_reader(Config()), RepeatingGenerator(), load_calibration())
    assistant.search("khởi động", 1)
    library = StoreLibrary(retriever.store, retriever.encoder)
    uploads = Uploads(library.max_bytes)
    history = History(store / "conversations.sqlite3")
    answering = Answering(assistant, history)
    further = NextQuestions(Trying(assistant, answering.later))
    syncing = Syncing(library)
    app = build_app(
        answering, library, history, uploads, syncing, lambda: ASKED[:4], further, words=words_in("vi")
    )
    serve_window({"": app}, ListenOptions(port=0), uploads=uploads, say=connection.send)


@contextmanager
def served(store: Path) -> Iterator[tuple[str, int]]:
    """Give the address and the process id of a window of its own process."""
    spawning = multiprocessing.get_context("spawn")
    near, far = spawning.Pipe()
    process = spawning.Process(target=serve, args=(store, far), daemon=True)
    process.start()
    address = re.search(r"http://\S+", near.recv())
    assert address and process.pid
    yield address[0], process.pid
    process.terminate()
    process.join()


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


def memory(page: Page, process: int) -> Iterator[tuple[int, int]]:
    """Ask and give the server's resident bytes now and then; ten questions make a conversation."""
    server = psutil.Process(process)
    yield 0, server.memory_info().rss
    for number in range(1, QUESTIONS + 1):
        if number % 10 == 1:
            page.locator("#new").click()
            page.wait_for_selector("#live .welcome")
        ask(page, ASKED[number % len(ASKED)])
        if number in (50, 100, 150, QUESTIONS):
            yield number, server.memory_info().rss


def tell(name: str, waits: Sequence[float]) -> None:
    """Print the middle and the worst of some waiting times."""
    sys.stdout.write(f"{name}: median {median(waits):.0f} ms, worst {max(waits):.0f} ms of {len(waits)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
