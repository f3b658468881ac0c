"""The scripts and styles of Gradio: pressed together once, and kept by browsers for as long as they stay the same."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi.responses import Response
from starlette.requests import Request

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

_KINDS = {".js": "text/javascript", ".css": "text/css"}
_KEPT = "public, max-age=31536000, immutable"
"""A year: the name of such a file holds a sum of its text, so that a changed one has another name."""


@dataclass(frozen=True, slots=True)
class Assets:
    """Answers with a file of ``folder``, a flat one; ``names`` are those that there are."""

    folder: Path
    names: frozenset[str]

    @classmethod
    def of(cls, folder: Path) -> Assets:
        """Look into a folder once; only scripts and styles are taken."""
        return cls(folder, frozenset(path.name for path in folder.iterdir() if path.suffix in _KINDS))

    def holds(self, path: str) -> bool:
        """Say whether an address ends with the name of one of the files."""
        return path.rpartition("/")[2] in self.names

    def early(self, needed: Sequence[str]) -> str:
        """The value of a ``Link`` header that lets a browser preload the scripts of a page."""
        return ", ".join(f"<./assets/{name}>; rel=modulepreload" for name in needed if name in self.names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Give a file that is held, pressed together where the browser takes it so."""
        name = scope["path"].rpartition("/")[2]
        taken = Request(scope).headers.get("accept-encoding", "")
        headers = {"cache-control": _KEPT, "vary": "accept-encoding"}
        if "gzip" in taken:
            headers["content-encoding"] = "gzip"
            body = _pressed(self.folder / name)
        else:
            body = (self.folder / name).read_bytes()
        response = Response(body, headers=headers, media_type=_KINDS[Path(name).suffix])
        await response(scope, receive, send)


@lru_cache(maxsize=512)
def _pressed(path: Path) -> bytes:
    return gzip.compress(path.read_bytes())
