"""Files on their way into the collection: named by tokens that only whoever sent them can use."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

from fastapi import Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from ui.window.access.gate import VISITOR

UPLOADS = "/tai-len"
"""Where files are sent to: without ``lo`` it gives the token of a new batch, with it one file's bytes are the body."""
LONGEST_NAME = 255

MOST_FILES = 200
"""Files of one visitor that may wait to be added."""
_MOST_UNUSED = 8
"""Lots without a file that one visitor may have begun, one for each window that adds files just now."""
_KEPT_SECONDS = 3600.0
_MOST_OF = 20
"""How many files of the largest size one visitor may have waiting."""


Refusal: TypeAlias = Literal["big", "many"]
"""Why a file was not taken: larger than allowed, or too many wait already."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was sent: ``name`` as its sender calls it, ``path`` where it lies meanwhile."""

    name: str
    path: Path


@dataclass(slots=True)
class UploadBatch:
    """What one visitor sent in one go, with what was refused of it; ``bytes`` counts what is coming too."""

    visitor: str
    begun: float
    files: list[Upload] = field(default_factory=list)
    refused: list[tuple[str, Refusal]] = field(default_factory=list)
    bytes: int = 0


class Uploads:
    """Keeps what was sent in a folder that only this user reads, until it is added or an hour has gone.

    ``now`` gives seconds of a clock that never goes back.
    """

    def __init__(self, max_bytes: int, now: Callable[[], float] = time.monotonic) -> None:
        self.max_bytes = max_bytes
        self._now = now
        self._lock = threading.Lock()
        self._batches: dict[str, UploadBatch] = {}
        self._folder: Path | None = None

    def begin(self, visitor: str) -> str:
        """Give the token of a new batch."""
        token = secrets.token_urlsafe(16)
        with self._lock:
            self._forget_old()
            unused = [
                key for key, batch in self._batches.items() if batch.visitor == visitor and not batch.bytes
            ]
            for key in unused[: -_MOST_UNUSED or None]:
                del self._batches[key]
            self._batches[token] = UploadBatch(visitor, self._now())
        return token

    def expect(self, visitor: str, token: str, name: str, size: int) -> Path | None:
        """Give the path for a file of ``size`` bytes, ``None`` when it is refused, which the batch then tells.

        Raises KeyError for a batch that is not the visitor's.
        """
        with self._lock:
            batch = self._batches[token]
            if batch.visitor != visitor:
                raise KeyError(token)
            mine = [known for known in self._batches.values() if known.visitor == visitor]
            waiting = sum(known.bytes for known in mine)
            if size > self.max_bytes:
                batch.refused = [*batch.refused, (name, "big")][:MOST_FILES]
                return None
            if (
                sum(len(known.files) for known in mine) >= MOST_FILES
                or waiting + size > _MOST_OF * self.max_bytes
            ):
                batch.refused = [*batch.refused, (name, "many")][:MOST_FILES]
                return None
            batch.bytes += size
            return self._home() / secrets.token_hex(16)

    def came(self, token: str, name: str, path: Path) -> None:
        """Add a file to its batch, or delete it when the batch was taken meanwhile."""
        with self._lock:
            batch = self._batches.get(token)
            if batch is not None:
                batch.files.append(Upload(name, path))
                return
        path.unlink(missing_ok=True)

    def failed(self, token: str, path: Path, size: int) -> None:
        """Forget a file that did not come in full."""
        path.unlink(missing_ok=True)
        with self._lock:
            if token in self._batches:
                self._batches[token].bytes -= size

    def take(self, visitor: str, token: str) -> UploadBatch | None:
        """Hand over a batch once, ``None`` for a token that is not the visitor's; the taker deletes the files."""
        with self._lock:
            batch = self._batches.get(token)
            if batch is None or batch.visitor != visitor:
                return None
            return self._batches.pop(token)

    def close(self) -> None:
        """Delete everything that was not taken."""
        with self._lock:
            self._batches.clear()
            if self._folder is not None:
                shutil.rmtree(self._folder, ignore_errors=True)
                self._folder = None

    def _home(self) -> Path:
        """Make the folder, readable for this user alone, when the first file comes."""
        if self._folder is None or not self._folder.is_dir():
            self._folder = Path(tempfile.mkdtemp(prefix="hoidap-"))
        return self._folder

    def _forget_old(self) -> None:
        for token, batch in list(self._batches.items()):
            if self._now() - batch.begun > _KEPT_SECONDS:
                for upload in batch.files:
                    upload.path.unlink(missing_ok=True)
                del self._batches[token]


def receiver(uploads: Uploads) -> Callable[[Request], Awaitable[Response]]:
    """Give the route that takes files, one a request; no name that is sent is ever used as a path."""

    async def take_in(request: Request) -> Response:
        visitor, asked = request.scope.get(VISITOR), request.query_params
        if visitor is None:
            return PlainTextResponse("open the page first", status_code=403)
        token, size = asked.get("lo", ""), asked.get("co", "")
        name = asked.get("ten", "").replace("\\", "/").rpartition("/")[2].strip(". \0")
        if not token:
            return JSONResponse({"batch": uploads.begin(visitor)})
        if not (0 < len(name) <= LONGEST_NAME and size.isascii() and size.isdigit() and len(size) < 16):
            return PlainTextResponse("a file needs a name and a size", status_code=422)
        try:
            path = uploads.expect(visitor, token, name, int(size))
        except KeyError:
            return PlainTextResponse("not here", status_code=404)
        if path is None:
            return PlainTextResponse("not taken", status_code=413)
        whole = False
        try:
            whole = await _written(request, path, int(size))
        finally:  # also when the visitor goes in the midst of it
            if not whole:
                uploads.failed(token, path, int(size))
        if not whole:
            return PlainTextResponse("not the size that was told", status_code=400)
        uploads.came(token, name, path)
        return PlainTextResponse("taken")

    return take_in


async def _written(request: Request, path: Path, size: int) -> bool:
    """Write a body to a new file; false when it is not of the announced size."""
    got = 0
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        async for part in request.stream():
            got += len(part)
            if got > size:
                return False
            file.write(part)
    return got == size
