"""One process of an office: a window, and a server for programs, over the database that it shares with others."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from fakes import FakeEncoder, FakeGenerator
from serve_app import REPLY, served

from index.store.database.binding import bind
from index.store.store import Store
from rag.writer.generator import GenerationEvent, Prompt
from tests.support.window_app import opened
from ui.serve.access.rate_limits import Limits
from ui.window.access.listen import ListenOptions

PASSWORD = "bí mật"
NAME = "office.example"


class UnhurriedGenerator(FakeGenerator):
    """One model for everybody, which needs its time for each word."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._seconds = seconds
        self._alone = threading.Lock()

    def generate(
        self, prompt: Prompt, *, max_tokens: int, stop: threading.Event, seconds: float
    ) -> Iterator[GenerationEvent]:
        with self._alone:
            self.replies.append(REPLY)
            for event in super().generate(prompt, max_tokens=max_tokens, stop=stop, seconds=seconds):
                time.sleep(self._seconds)
                yield event


@dataclass(frozen=True)
class Ports:
    """Where a process listens."""

    window: int
    programs: int


def work(home: Path, url: str, delay: float, port: int, line: Connection) -> None:
    """Serve both until told to end, the window at ``port`` (0: any); tell the ports.

    ``home`` holds the articles and what is this process's own.
    """
    bind(home / "store", url)
    encoder = FakeEncoder()
    store = Store.open(home / "store", encoder.name)
    reach = ListenOptions(names=(NAME,), proxies=("127.0.0.1",))
    with (
        opened(home, delay=delay, password=PASSWORD, port=port, reach=reach, database=url) as window,
        served(
            store, generator=UnhurriedGenerator(delay), limits=Limits(requests_per_minute=10_000)
        ) as programs,
    ):
        line.send(Ports(_port(window.address), _port(programs.address)))
        line.recv()
    store.close()


def _port(address: str) -> int:
    return int(address.rsplit(":", 1)[1].strip("/"))
