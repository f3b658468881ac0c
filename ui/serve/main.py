"""The real server: the assistant, the store and its tokens put together and served."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import uvicorn
from fastapi import FastAPI

from index.platform import share_one_arena
from rag.assemble import open_assistant
from rag.config import Config
from ui.articles.store_library import StoreLibrary
from ui.errors import WindowError
from ui.operation.monitoring import Operation, Served
from ui.serve.access.rate_limits import Limits, limits_of
from ui.serve.access.tokens import Tokens, open_tokens
from ui.serve.app import build_api, product_version
from ui.serve.links import Links
from ui.serve.mcp_server import mcp_server
from ui.serve.service import Service
from ui.window.access.listen import address_of, host_names, is_loopback, listen

DEFAULT_PORT = 8600


def serve(
    config: Config,
    store_folder: Path,
    host: str,
    port: int | None,
    *,
    names: tuple[str, ...] = (),
    public: str | None = None,
    limits: Limits = Limits(),
    say: Callable[[str], None] = print,
) -> None:
    """Answer other programs until interrupted.

    ``names`` are more host names to be asked by; ``public`` is the address of a proxy before it, with which links to
    articles then begin.  Raises WindowError where other computers could come in without
    a token.
    """
    share_one_arena()
    tokens = open_tokens(store_folder)
    check_open(host, public, tokens)
    with listen(host, port, DEFAULT_PORT) as held:
        address = address_of(held, host)
        links = Links(public_address(public) if public else address, tokens.link_key)
        service, operation = open_service(config, store_folder, links, limits)
        say(f"OpenAI: {address}/v1   MCP: {address}/mcp   API: {address}/docs   (Ctrl+C)")
        if not tokens.all():
            say(
                "Every program on this computer may read; 'hoidap token new NAME' asks for a token from now on."
            )
        alone = is_loopback(host) and not names and not public
        inspection = operation.inspection(
            service.turns,
            lambda secret: tokens.find(secret) is not None,
            lambda: alone and not tokens.all(),
        )
        operation.verifying.start()
        web = build_api(service, tokens, host_names(host, names), inspection, behind_proxy=public is not None)
        asyncio.run(ApiServer(web).serve([held]))


class ApiServer(uvicorn.Server):
    """A server that tells nothing of itself, logs as the program does, and ends soon."""

    def __init__(self, web: FastAPI) -> None:
        super().__init__(
            uvicorn.Config(web, log_config=None, server_header=False, timeout_graceful_shutdown=3)
        )


def serve_stdio(config: Config, store_folder: Path) -> None:
    """Speak MCP on standard input and output until the other side ends it."""
    service, _ = open_service(config, store_folder, Links("hoidap:/"), limits_of(config))
    mcp_server(service, product_version()).run("stdio")


def open_service(
    config: Config, store_folder: Path, links: Links, limits: Limits
) -> tuple[Service, Operation]:
    """Open the real models and the store, which load while the first program is still connecting."""
    assistant = open_assistant(config, store_folder)
    store = assistant.retriever.store
    library = StoreLibrary(store, assistant.retriever.encoder)
    operation = Operation(Served(config, store_folder, library, store, assistant.generator, library.record))
    threading.Thread(target=operation.loading.load, args=(assistant,), name="warm-up", daemon=True).start()
    within = replace(limits, file_bytes=library.max_bytes)
    return Service(assistant, library, within, links, operation.observer), operation


def public_address(given: str) -> str:
    """Give the address of a proxy as links begin with it; raises WindowError for what is none."""
    parts = urlsplit(given)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise WindowError(f"{given!r} is no address of a proxy. Write it like https://office.example/hoidap.")
    return given.rstrip("/")


def check_open(host: str, public: str | None, tokens: Tokens) -> None:
    """Raise WindowError where a server would be open to other computers, by itself or a proxy, without a token."""
    if (public or not is_loopback(host)) and not tokens.all():
        raise WindowError(
            f"A server open to other computers ({public or host}) needs a token. "
            "Run 'hoidap token new NAME' and start again."
        )
