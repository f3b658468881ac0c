"""Pages of PDF articles as pictures, so that a quote can be compared with the paper that it comes from."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from fastapi import Request
from fastapi.responses import PlainTextResponse, Response

from ui.strings import LANGUAGES, words_in

COUNT = "hoidap-pages"
"""The header that tells how many pages there are."""
_SECONDS = 20.0
_KEPT = 24
_AT_ONCE, _WAITING = 2, 8
_MOST_BYTES = 8_000_000


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as JPEG, and how many ``pages`` there are."""

    pages: int
    data: bytes


class Pages:
    """Draws pages when they are asked for, a few at a time, and keeps the latest.

    ``original`` gives the file of an article; no path comes from outside.
    """

    def __init__(self, original: Callable[[str], Path | None]) -> None:
        self._original = original
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, int, int, int], Picture] = OrderedDict()
        self._drawing = threading.BoundedSemaphore(_AT_ONCE)
        self._waiting = 0

    def picture(self, article: str, number: int) -> Picture | None:
        """Give a page, ``None`` where no picture can be made of it, or where too many are asked for."""
        path = self._original(article)
        if path is None or path.suffix.lower() != ".pdf":
            return None
        state = path.stat()
        key = (str(path), state.st_mtime_ns, state.st_size, number)
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
                return kept
            if self._waiting >= _WAITING:
                return None
            self._waiting += 1
        try:
            with self._drawing:
                made = _drawn(path, number)
        finally:
            with self._lock:
                self._waiting -= 1
        if made is not None:
            with self._lock:
                self._kept[key] = made
                while len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
        return made


def _drawn(path: Path, number: int) -> Picture | None:
    command = [sys.executable, "-m", "ui.articles.page_picture", str(path), str(number)]
    try:
        done = subprocess.run(
            command, cwd=Path(__file__).parents[2], capture_output=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return None
    pages, _, data = done.stdout.partition(b"\n")
    if done.returncode or not pages.isdigit() or not 0 < len(data) <= _MOST_BYTES:
        return None
    return Picture(int(pages), data)


def giver(pages: Pages) -> Callable[[Request], Awaitable[Response]]:
    """Give the route that shows pages."""

    async def give(request: Request) -> Response:
        article, number = request.query_params.get("bai", ""), request.query_params.get("so", "")
        asked = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 0
        made = await asyncio.to_thread(pages.picture, article, asked) if asked else None
        if made is None:
            message = " ".join(words.page_failed for words in map(words_in, LANGUAGES))
            return PlainTextResponse(message, status_code=404)
        headers = {
            COUNT: str(made.pages),
            "cache-control": "private, max-age=300",
            "cross-origin-resource-policy": "same-origin",
        }
        return Response(made.data, media_type="image/jpeg", headers=headers)

    return give
