"""Two processes over one database behind nginx: one is killed while fifty ask, and nobody is left without a word."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TypeVar

import httpx
import pytest
from fakes import FakeEncoder
from openai import OpenAI
from playwright.sync_api import Browser, expect
from postgres_server import PostgresServer
from serve_app import ANSWER, QUESTION

from index.store.database.binding import bind
from index.store.database.postgres import Postgres
from index.store.store import Store
from index.sync.sync import sync
from tests.support.nginx_proxy import free_port, running_nginx
from tests.support.office_process import PASSWORD, Ports, work
from tests.support.processes import quickly_started
from tests.support.window_browser import ask, settle
from tests.support.window_person import Person
from ui.conversations.entries import Exchange
from ui.conversations.history import History
from ui.serve.access.tokens import open_tokens
from ui.strings import words_in

DOCUMENT = Path(__file__).parents[3] / "docs" / "proxy.md"
PEOPLE, PROGRAMS = 20, 30
DELAY, UNHURRIED = 0.05, 0.3
"""Seconds for each word: an answer takes one to two seconds, or nine, one after another at each process."""
NGINX_SECONDS = 6.0
"""After so long nginx tries a process again that did not answer."""
PATIENCE = 150.0
"""Seconds; on a computer with nothing else to do a tenth of it is enough."""
TOLD = ("45 hộ nghèo", words_in("vi").errors["interrupted"])
"""What a person may be left with: the answer, or what became of it."""
Got = TypeVar("Got")


class Worker:
    """A process, and where it listens."""

    def __init__(self, home: Path, url: str, delay: float, port: int = 0) -> None:
        context = quickly_started("tests.support.office_process")
        self._near, far = context.Pipe()
        arguments: tuple[Path, str, float, int, Connection] = home, url, delay, port, far
        self.process: BaseProcess = context.Process(target=work, args=arguments, daemon=True)
        self.process.start()

    def ports(self) -> Ports:
        """Wait until it listens."""
        assert self._near.poll(300), "a process did not start"
        self.ports_told: Ports = self._near.recv()
        return self.ports_told

    def kill(self) -> None:
        """End it as a machine without power does."""
        self.process.kill()
        self.process.join()

    def end(self) -> None:
        """Let it end by itself."""
        if self.process.is_alive():
            self._near.send(None)
            self.process.join(20)
        self._near.close()


class Colleague(Person):
    """A person who was let in by the password, and goes on as the page does when the line is cut."""

    def __init__(self, address: str, session: str) -> None:
        self._client = httpx.Client(base_url=address, timeout=30)
        self._session = session
        again(
            lambda: self._client.post("vao", data={"password": PASSWORD}),
            lambda response: response.status_code == 303,
        )
        self.open()

    def ask_until_told(self, question: str, history: History) -> str:
        """Ask, look on, and load the page anew whenever something fails; gives what is shown at the end."""
        end, shown, cut = time.monotonic() + PATIENCE, "", False
        while not any(outcome in shown for outcome in TOLD):
            assert time.monotonic() < end, f"nothing was told of {question!r}: {shown[-500:]}"
            try:
                if cut:
                    self.open()
                kept = [talk.id for talk in history.conversations(question)]
                shown = self.open(kept[0]) if kept else self.ask(question)
                if not any(outcome in shown for outcome in TOLD):
                    shown = self.look_on()
                cut = False
            except httpx.HTTPError:  # the page waits until it is answered, and loads itself anew
                again(
                    lambda: self._client.get("gradio_api/app_id"),
                    lambda response: response.status_code == 200,
                )
                cut = True
        return shown


def again(asked: Callable[[], httpx.Response], good: Callable[[httpx.Response], bool]) -> httpx.Response:
    """Ask until the answer is good, as a client does; what is not is tried again after a while."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            response = asked()
            if good(response):
                return response
        except httpx.HTTPError as error:
            response = httpx.Response(599, text=str(error))
        assert time.monotonic() < end, f"{response.status_code} {response.text}"
        time.sleep(min(2.0, float(response.headers.get("retry-after", 0.5))))


@contextmanager
def office(home: Path, url: str, articles: Path, delay: float) -> Iterator[tuple[list[Worker], str, str]]:
    """Two processes, each with a store folder of its own, and nginx before them; gives its two addresses."""
    encoder = FakeEncoder()
    homes = [home / name for name in ("one", "two")]
    for own in homes:
        own.mkdir()
        (own / "articles").symlink_to(articles)
        bind(own / "store", url)
    with closing(Store.create(homes[0] / "store", encoder.name, encoder.dimension, chunk_tokens=60)) as store:
        sync(store, articles, encoder)
    workers = [Worker(own, url, delay) for own in homes]
    try:
        ports = [worker.ports() for worker in workers]
        block = re.findall(r"```nginx\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)[1]
        front, programs = free_port(), free_port()
        places = {
            "127.0.0.1:7860": f"127.0.0.1:{ports[0].window}", "127.0.0.1:7861": f"127.0.0.1:{ports[1].window}",
            "127.0.0.1:8600": f"127.0.0.1:{ports[0].programs}", "127.0.0.1:8601": f"127.0.0.1:{ports[1].programs}",
            "listen 8080": f"listen 127.0.0.1:{front}", "listen 8090": f"listen 127.0.0.1:{programs}",
        }  # fmt: skip
        for documented, here in places.items():
            assert documented in block
            block = block.replace(documented, here)
        with running_nginx(home, block, front):
            yield workers, f"http://127.0.0.1:{front}/", f"http://127.0.0.1:{programs}"
    finally:
        for worker in workers:
            worker.end()


@pytest.mark.slow
def test_one_of_two_processes_is_killed_while_fifty_ask_and_everybody_is_told(
    tmp_path: Path, postgres: PostgresServer, articles_folder: Path
) -> None:
    url = postgres.new_database()
    with office(tmp_path, url, articles_folder, DELAY) as (workers, front, programs):
        secret = open_tokens(tmp_path / "one" / "store").new("phong-1", "read")
        history = History(url)
        begun = threading.Barrier(PEOPLE + PROGRAMS + 1)

        def person(number: int) -> str:
            with Colleague(front, f"colleague{number:04}") as colleague:
                begun.wait()
                question = f"Người {number:02} hỏi: huyện Ba Sen giảm bao nhiêu hộ nghèo?"
                return colleague.ask_until_told(question, history)

        def program(number: int) -> str:
            begun.wait()
            if number % 2:
                with OpenAI(base_url=f"{programs}/v1", api_key=secret, max_retries=20, timeout=40) as client:
                    response = client.chat.completions.create(
                        model="hoidap", messages=[{"role": "user", "content": QUESTION}]
                    )
                return response.choices[0].message.content or ""
            headers = {"authorization": f"Bearer {secret}"}
            asked = {"question": QUESTION}
            answered = again(
                lambda: httpx.post(f"{programs}/ask", json=asked, headers=headers, timeout=40),
                lambda response: response.status_code == 200,
            )
            return str(answered.json()["answer"])

        with ThreadPoolExecutor(PEOPLE + PROGRAMS) as threads:
            shown = [threads.submit(person, number) for number in range(PEOPLE)]
            futures = [threads.submit(program, number) for number in range(PROGRAMS)]
            begun.wait()
            victim = busiest(url, [worker.process.pid for worker in workers])
            workers[victim].kill()
            left = waiting(url)
            assert [any(word in one.result() for word in TOLD) for one in shown] == [True] * PEOPLE
            assert [future.result() for future in futures] == [ANSWER] * PROGRAMS
        assert left, "the process that was killed had nothing to answer"
        talks = history.conversations()
        assert len({talk.title for talk in talks}) == len(talks) == PEOPLE
        entries = [entry for talk in talks for entry in history.entries(talk.id)]
        assert len(entries) == PEOPLE and all(isinstance(entry, Exchange) for entry in entries)


@pytest.mark.slow
def test_a_page_goes_on_at_another_process_when_its_own_is_killed_and_when_that_is_back(
    tmp_path: Path, postgres: PostgresServer, articles_folder: Path, browser: Browser
) -> None:
    url = postgres.new_database()
    with office(tmp_path, url, articles_folder, UNHURRIED) as (workers, front, _):
        history, page = History(url), browser.new_context(locale="en-US").new_page()
        page.goto(front)
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_selector("#live .welcome", timeout=PATIENCE * 1000)
        ask(page, "Tỷ lệ hộ nghèo còn bao nhiêu?", wait=False)
        victim = busiest(url, [worker.process.pid for worker in workers], several=False)
        workers[victim].kill()
        live = page.locator("#live")
        expect(live).to_contain_text("1,29%", timeout=PATIENCE * 1000)
        settle(page, PATIENCE)
        ask(page, "Diện tích rừng trồng mới ở Ba Sen?")
        port = workers[victim].ports_told.window
        workers.append(Worker(tmp_path / ("one", "two")[victim], url, UNHURRIED, port))
        workers[-1].ports()
        time.sleep(NGINX_SECONDS)  # then nginx tries it again
        box = page.locator("#question textarea")
        box.fill("Ai chủ trì hội nghị ở Kim Liên?")
        with page.expect_navigation(timeout=PATIENCE * 1000):  # what it shows the new process does not know
            box.press("Enter")
        page.wait_for_selector("#live .exchange", timeout=PATIENCE * 1000)
        expect(box).to_have_value("Ai chủ trì hội nghị ở Kim Liên?")
        box.press("Enter")
        expect(live.locator("h2")).to_contain_text("Ai chủ trì hội nghị ở Kim Liên?", timeout=PATIENCE * 1000)
        settle(page, PATIENCE)
        page.context.close()
        [talk] = history.conversations()
        assert [isinstance(entry, Exchange) for entry in history.entries(talk.id)] == [True] * 3


def busiest(url: str, processes: list[int | None], *, several: bool = True) -> int:
    """Wait until one process has questions, where ``several`` each; gives the one that has most."""
    end = time.monotonic() + 30
    with closing(Postgres(url)) as sql:
        while True:
            owners = [str(owner) for (owner,) in sql.run("SELECT owner FROM leases")]
            counts = [sum(f"process {pid} " in owner for owner in owners) for pid in processes]
            if (min(counts) > 0 and sum(counts) >= PEOPLE // 2) if several else sum(counts):
                return counts.index(max(counts))
            assert time.monotonic() < end, f"the questions did not come to both processes: {counts}"
            time.sleep(0.02)


def waiting(url: str) -> int:
    """How many questions have no answer yet."""
    return len(History(url).waiting())
