"""Something to see within a second: a small page answers until the window itself is loaded.

What is sent there is kept by the browser and asked by the window as soon as it is open, once; what is only typed is in
the question box then.  Only the standard library is needed, so that this can run before anything heavy is imported.
"""

from __future__ import annotations

import html
import re
import select
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib import resources

from ui.strings import LONGEST_QUESTION, Language, words_in

_GLANCE = 0.1
_SLOWEST_ASKER = 2.0
_LONGEST_REQUEST = 16_384
_NAME = re.compile(r"\[\[(\w+)\]\]")


@contextmanager
def opening_page(held: socket.socket) -> Iterator[None]:
    """Answer on a socket that listens already, until the block ends; who asks after that waits for the next server."""
    ended = threading.Event()
    thread = threading.Thread(target=_answer_all, args=(held, ended), name="opening", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _answer_all(held: socket.socket, ended: threading.Event) -> None:
    while not ended.is_set():
        ready, _, _ = select.select([held], [], [], _GLANCE)
        if not ready:
            continue
        with suppress(OSError):
            asker, _ = held.accept()
            with asker:
                _answer(asker)


def _answer(asker: socket.socket) -> None:
    """Give the page; a browser that is slow to ask is left."""
    asker.settimeout(_SLOWEST_ASKER)
    request = b""
    while b"\r\n\r\n" not in request and len(request) < _LONGEST_REQUEST:
        piece = asker.recv(4096)
        if not piece:
            return
        request += piece
    body = _asked_page(request)
    head = (
        "HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/html; charset=utf-8\r\nRetry-After: 1\r\n"
        f"Cache-Control: no-store\r\nContent-Length: {len(body)}\r\nConnection: close\r\n"
        "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
        "connect-src 'self'\r\nReferrer-Policy: no-referrer\r\n\r\n"
    )
    asker.sendall(head.encode() + body)


def _asked_page(request: bytes) -> bytes:
    """Give the page of the language that is asked for; nothing else is here yet."""
    if request.startswith((b"GET / ", b"GET /?")):
        return _page("vi")
    return _page("en") if request.startswith(b"GET /en/") else b""


@cache
def _page(language: Language) -> bytes:
    words = words_in(language)
    filled = {"longest": str(LONGEST_QUESTION)}
    filled["question_too_long"] = words.question_too_long.format(limit=LONGEST_QUESTION)

    def fill(name: re.Match[str]) -> str:
        return html.escape(filled.get(name[1]) or getattr(words, name[1]))

    written = resources.files("ui").joinpath("loading.html").read_text(encoding="utf-8")
    return _NAME.sub(fill, written).encode()
