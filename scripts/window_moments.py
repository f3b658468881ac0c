"""Ask in a real browser while failures happen at random moments, and prove that no question is lost.

Run ``python -m scripts.window_moments [--moments 50] [--seed 7] [--report FILE]``; needs Playwright and a Chromium,
no model.  After each question, at a moment of chance, the server is killed (``kill -9``), the page reloaded, the
connection cut, or another conversation opened.  A question counts as lost when it is neither among the conversations
nor still in the question box.  Counted beside it: one kept twice, one kept in a conversation that was not on show, a
page that shows what is not its conversation, and one that does not come to rest by itself.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

from playwright.sync_api import Browser, Error, Page
from playwright.sync_api import TimeoutError as TooLate

from tests.support.processes import quickly_started
from tests.support.window_app import opened
from tests.support.window_browser import ARTICLES, READY, running_browser
from ui.conversations.entries import Exchange
from ui.conversations.history import History
from ui.window.access.listen import DEFAULT_PORT, listen

Disaster: TypeAlias = Literal["kill", "reload", "cut", "switch", "new"]
DISASTERS: tuple[Disaster, ...] = get_args(Disaster)
PAUSE = 0.03
"""Seconds between two words of an answer, which then takes about one and a half."""
LATEST = 2.0
"""The latest moment, in seconds after the question was sent."""
PATIENCE = 60.0
"""Seconds that the page has to come to rest by itself."""
_PRESSES = 3
"""How often a person sends what stayed in the box: the page may leave while the key is pressed."""
_AT_REST = """() => document.querySelector('#live .welcome, #live .exchange')
  && !document.querySelector('.running, #pending') && document.querySelector('#send')?.checkVisibility()"""
_SHOWN = """() => [...document.querySelectorAll('#past .asked h2, #live .asked h2')].map((one) => one.lastChild.data)"""
_CURRENT = "() => document.querySelector('#conversations [data-current]')?.dataset.current ?? ''"


@dataclass(frozen=True, slots=True)
class Moment:
    """What happened after a question, how many seconds after it was sent, and what was found that must not be."""

    disaster: Disaster
    after: float
    stayed_in_box: bool
    findings: tuple[str, ...]


@dataclass(slots=True)
class Report:
    """Every moment, and what was found at the end."""

    seed: int
    moments: list[Moment] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)

    @property
    def lost(self) -> int:
        """How many questions are nowhere."""
        return sum(found.startswith("lost") for found in self.all_findings())

    def all_findings(self) -> list[str]:
        """Give what must not be, of every moment and of the end."""
        return [*(found for moment in self.moments for found in moment.findings), *self.findings]


class Server:
    """The window in a process of its own, which can be killed and started again at the same port."""

    def __init__(self, home: Path) -> None:
        self._home = home
        with listen("127.0.0.1", 0, DEFAULT_PORT) as held:
            self._port = held.getsockname()[1]
        self._context = quickly_started("tests.support.window_app")
        self.start()

    def start(self) -> None:
        """Serve what is kept in the folder."""
        near, far = self._context.Pipe()
        self._process = self._context.Process(target=_serve, args=(self._home, self._port, far), daemon=True)
        self._process.start()
        if not near.poll(120):
            raise TimeoutError("The window did not start.")
        self.address = str(near.recv())

    def kill(self) -> None:
        """End it as ``kill -9`` does."""
        self._process.kill()
        self._process.join()


def main() -> None:
    """Read the command line, try, and print what came of it; ends with 1 where something was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--moments", type=int, default=50)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--report", type=Path, help="a JSON file with every moment")
    asked = parser.parse_args()
    chance, report = random.Random(asked.seed), Report(asked.seed)
    with tempfile.TemporaryDirectory() as home, running_browser() as browser:
        kinds = [DISASTERS[number % len(DISASTERS)] for number in range(asked.moments)]
        chance.shuffle(kinds)
        for moment in moments(browser, Path(home), kinds, chance, report):
            result = "; ".join(moment.findings) or ("stayed in the box" if moment.stayed_in_box else "kept")
            sys.stdout.write(f"{len(report.moments):3} {moment.disaster:6} {moment.after:.2f} s: {result}\n")
            sys.stdout.flush()
    counts = Counter(moment.disaster for moment in report.moments)
    sys.stdout.write(f"{len(report.moments)} moments, seed {report.seed}, {dict(sorted(counts.items()))}\n")
    sys.stdout.write(f"lost questions: {report.lost}; findings: {len(report.all_findings())}\n")
    sys.stdout.write("".join(f"  {found}\n" for found in report.findings))
    if asked.report:
        told_whole = json.dumps(asdict(report), ensure_ascii=False, indent=2) + "\n"
        asked.report.write_text(told_whole, encoding="utf-8")
    sys.exit(bool(report.all_findings()))


def moments(
    browser: Browser, home: Path, kinds: Sequence[Disaster], chance: random.Random, report: Report
) -> Iterator[Moment]:
    """Ask one question for each disaster and give what came of it; ``report`` gets them all and the end."""
    (home / "articles").mkdir(exist_ok=True)
    for name, text in ARTICLES.items():
        (home / "articles" / name).write_text(text, encoding="utf-8")
    server = Server(home)
    try:
        history = History(home / "history.db")
        page = browser.new_context(reduced_motion="reduce").new_page()
        page.set_default_timeout(PATIENCE * 1000)
        page.goto(server.address)
        page.wait_for_selector(READY)
        for number, kind in enumerate(kinds):
            question = f"Lần {number}: huyện Ba Sen giảm bao nhiêu hộ nghèo?"
            report.moments.append(one_moment(page, server, history, question, kind, chance))
            yield report.moments[-1]
        page.context.close()
        report.findings += end(history, len(kinds))
    finally:
        server.kill()


def one_moment(
    page: Page, server: Server, history: History, question: str, kind: Disaster, chance: random.Random
) -> Moment:
    """Ask, cause the failure, wait until the page is idle again, and check it."""
    if chance.random() < 0.4:
        page.locator("#new").click()
        page.wait_for_selector("#live .welcome")
    asked_in = evaluate(page, _CURRENT)
    box = page.locator("#question textarea")
    box.fill(question)
    box.press("Enter")
    after = chance.random() ** 2 * LATEST  # the first moments matter most: nothing is kept yet
    page.wait_for_timeout(after * 1000)
    let_happen(page, server, kind, chance)
    findings = [] if at_rest(page) else [f"restless after {kind}: {question}"]
    if findings:
        page.reload()
        at_rest(page)
    kept, in_box = places(history, question), False
    for _ in range(_PRESSES):
        if kept or box.input_value() != question:
            break
        in_box = True
        box.press("Enter")
        at_rest(page)
        kept = places(history, question)
    findings += judged(page, history, question, asked_in, kept)
    box.fill("")
    return Moment(kind, round(after, 2), in_box, tuple(findings))


def let_happen(page: Page, server: Server, kind: Disaster, chance: random.Random) -> None:
    """Cause the failure."""
    if kind == "kill":
        server.kill()
        time.sleep(chance.random() * 2)
        server.start()
    elif kind == "reload":
        page.reload()
    elif kind == "cut":
        page.context.set_offline(True)
        page.wait_for_timeout(200 + chance.random() * 4000)
        page.context.set_offline(False)
    elif kind == "new" or not page.locator(".opener").count():
        page.locator("#new").click()
    else:
        page.locator(".opener").nth(chance.randrange(page.locator(".opener").count())).click()
    page.wait_for_timeout(300)


def at_rest(page: Page) -> bool:
    """Wait until the page shows an answer or the welcome and takes a question; false where it does not."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            page.wait_for_function(_AT_REST, timeout=max(1.0, (until - time.monotonic()) * 1000))
            page.wait_for_timeout(500)  # a page that reloads itself may begin to do so just now
            if page.evaluate(_AT_REST):
                return True
        except TooLate:
            return False
        except Error:  # the page was left while it was looked at
            page.wait_for_timeout(200)
    return False


def evaluate(page: Page, script: str) -> Any:  # noqa: ANN401 (whatever the script gives)
    """Ask the page something; where it reloads itself at that moment, once it is there again."""
    for _ in range(5):
        try:
            return page.evaluate(script)
        except Error:
            at_rest(page)
    raise TimeoutError("The page reloads itself again and again.")


def judged(page: Page, history: History, question: str, asked_in: str, kept: Sequence[str]) -> list[str]:
    """Say what must not be about a question, and about what the page shows."""
    found = []
    if not kept:
        found.append(f"lost: {question}")
    if len(kept) > 1:
        found.append(f"kept {len(kept)} times: {question}")
    if kept and asked_in and kept[0] != asked_in:
        found.append(f"astray: {question}")
    current = evaluate(page, _CURRENT)
    wanted = [_question(entry) for entry in history.entries(current)] if current else []
    if evaluate(page, _SHOWN) != wanted:
        found.append(f"shows what is not in its conversation: {question}")
    return found


def places(history: History, question: str) -> list[str]:
    """Give the conversations in which a question is kept, one for each time."""
    talks = [talk.id for talk in history.conversations()]
    return [talk for talk in talks for entry in history.entries(talk) if _question(entry) == question]


def end(history: History, asked: int) -> list[str]:
    """Wait until nothing is left to be answered; say what has neither an answer nor a word about what went wrong."""
    until = time.monotonic() + PATIENCE
    while history.waiting() and time.monotonic() < until:
        time.sleep(0.2)
    problems = [f"waits for ever: {entry.question}" for entry in history.waiting()]
    entries = [entry for talk in history.conversations() for entry in history.entries(talk.id)]
    if len({_question(entry) for entry in entries}) < asked:
        problems.append(f"lost at the end: {asked - len({_question(entry) for entry in entries})}")
    unanswered = [entry for entry in entries if not isinstance(entry, Exchange) and not entry.problem]
    return problems + [f"without an answer and a word: {entry.question}" for entry in unanswered]


def _serve(home: Path, port: int, connection: Connection) -> None:
    with opened(home, delay=PAUSE, port=port) as window:
        connection.send(window.address)
        while True:
            time.sleep(60)


def _question(entry: object) -> str:
    return str(getattr(entry, "question", ""))


if __name__ == "__main__":
    main()
