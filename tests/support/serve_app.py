"""A server for other programs over the five articles, with an assistant that replays: no model is needed."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from fakes import FakeEncoder, FakeGenerator, FakeMessages, FakeReader

from index.store.store import Store
from rag.assistant import Assistant
from rag.config import Config
from rag.reader.calibration import Calibration
from rag.retrieval.retrieve import Retriever
from rag.writer.generator import Generator
from ui.articles.store_library import StoreLibrary
from ui.operation import monitoring as parts
from ui.operation.monitoring import Operation
from ui.serve.access.rate_limits import Limits
from ui.serve.access.tokens import Tokens, open_tokens
from ui.serve.app import build_api
from ui.serve.links import Links
from ui.serve.main import ApiServer
from ui.serve.service import Service
from ui.window.access.listen import address_of, host_names, listen

DEFAULTS = Config()
QUESTION = "Huyện Kim Liên kết nạp bao nhiêu đảng viên mới?"
REPLY = "Huyện kết nạp 82 đảng viên mới [1]."
ANSWER = "Huyện kết nạp 82 đảng viên mới. [1]"
QUOTE = "Từ đầu năm 2018 đến nay, toàn huyện kết nạp 82 đảng viên mới, đạt 59% kế hoạch năm."
CALIBRATION = Calibration(weights={"told": 1}, bias=0, sure=0.05, perhaps=0.04, supported=0.5)


@dataclass(frozen=True)
class Served:
    """A server that runs: where, with which generator, and whose tokens let in."""

    address: str
    generator: Generator
    tokens: Tokens
    operation: Operation
    library: StoreLibrary


def assistant(store: Store, generator: Generator) -> Assistant:
    return Assistant(Retriever(store, FakeEncoder(), FakeMessages()), FakeReader(), generator, CALIBRATION)


@contextmanager
def served(
    store: Store,
    *replies: str,
    limits: Limits | None = None,
    generator: Generator | None = None,
    names: Collection[str] | None = host_names("127.0.0.1"),
    config: Config = DEFAULTS,
    behind_proxy: bool = False,
) -> Iterator[Served]:
    """Serve the store on a free port until the block ends."""
    writes = generator or FakeGenerator(*(replies or [REPLY]))
    tokens = open_tokens(store.directory)
    with listen("127.0.0.1", 0, 0) as held:
        address = address_of(held, "127.0.0.1")
        library = StoreLibrary(store, FakeEncoder())
        operation = Operation(parts.Served(config, store.directory, library, store, writes, library.record))
        operation.loading.end()
        links = Links(address, tokens.link_key)
        service = Service(assistant(store, writes), library, limits or Limits(), links, operation.observer)
        inspection = operation.inspection(
            service.turns,
            lambda secret: tokens.find(secret) is not None,
            lambda: names is not None and not tokens.all(),
        )
        server = ApiServer(build_api(service, tokens, names, inspection, behind_proxy=behind_proxy))
        thread = threading.Thread(target=lambda: asyncio.run(server.serve([held])), daemon=True)
        thread.start()
        try:
            yield Served(address, writes, tokens, operation, library)
        finally:
            server.should_exit = True
            thread.join(10)
            assert not thread.is_alive()


def stdio_server(folder: str) -> None:
    """Speak MCP on standard input and output over the store in a folder; runs in a process of its own."""
    from ui.serve.mcp_server import mcp_server

    store = Store.open(Path(folder))
    service = Service(assistant(store, FakeGenerator(REPLY)), StoreLibrary(store, FakeEncoder()))
    mcp_server(service).run("stdio")
