"""Nothing reaches Gradio but what the window itself asks: everything else is answered 404."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import gradio as gr
from fastapi.responses import PlainTextResponse
from starlette.middleware.gzip import GZipMiddleware

from ui.window.access.assets import Assets
from ui.window.access.gradio_seam import (
    ASSETS,
    NEEDED,
    OPENINGS,
    SESSION,
    Opening,
    UnknownPageError,
    checked_event,
    event_shapes,
    has_steps,
)

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 64_000
"""Size of an event's body."""
_MOST_PAGES = 10_000
"""Pages that are known to have been loaded from here; the one not heard of for longest is forgotten first."""
VISITOR = "hoidap.visitor"
"""Where a request's scope holds who sends it; only one that is let in and known has it."""
_DROPPED = (b"x-", b"forwarded", b"content-length", b"content-type", b"transfer-encoding")


class Gate:
    """Lets through what is open, with sessions that are a visitor's own.

    A browser chooses the name of its session itself.  Gradio gets another name, made of that name and the
    visitor's, so that a name which was seen or guessed opens no stream or state of somebody else.
    ``own`` are paths of the program itself; ``windows`` are named by their path, which they are mounted at below
    ``root``.  Where there are ``several`` processes, a page that another one gave is told to load itself anew: what it
    shows, and which conversation that is, only that other one knows.
    """

    def __init__(
        self,
        app: ASGIApp,
        own: frozenset[str],
        windows: Mapping[str, gr.Blocks],
        root: str = "",
        *,
        several: bool = False,
    ) -> None:
        self._pages: OrderedDict[str, None] | None = OrderedDict() if several else None
        self._root = root
        self._app = app
        self._assets = Assets.of(ASSETS)
        self._early = self._assets.early(NEEDED).encode()
        self._whole = GZipMiddleware(self._page)
        self._own = own
        self._windows = windows
        self._events = {place: event_shapes(window) for place, window in windows.items()}
        self._key = secrets.token_bytes(32)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it on as Gradio may see it."""
        if scope["type"] == "lifespan" or (scope["type"] == "http" and scope["path"] in self._own):
            await self._app(scope, receive, send)
            return
        passed = await self._checked(scope, receive) if scope["type"] == "http" else _refused()
        if isinstance(passed, PlainTextResponse):
            await passed(scope, receive, send) if scope["type"] == "http" else await _close(send)
        else:
            await passed.to(passed.scope, passed.receive, send)

    async def _checked(self, scope: Scope, receive: Receive) -> _Passed | PlainTextResponse:
        place, path = self._place(scope["path"])
        opening, found = _opening(scope["method"], path)
        if opening is None:
            return _refused()
        headers = [(name, value) for name, value in scope["headers"] if not name.lower().startswith(_DROPPED)]
        inside = f"{self._root}{scope['path']}"
        clean = {
            **scope, "headers": headers, "query_string": b"", "path": inside, "raw_path": inside.encode(),
        }  # fmt: skip
        if opening.kind == "page":
            return _Passed(clean, receive, self._whole)
        if opening.kind == "file":
            is_asset = path.startswith("/assets/") and self._assets.holds(path)
            return _Passed(clean, receive, self._assets if is_asset else self._app)
        if scope.get(VISITOR) is None:
            return PlainTextResponse("open the page first", status_code=403)
        if opening.kind in {"event", "queued event"}:
            return await self._event(clean, receive, place, queued=opening.kind == "queued event")
        name = found or parse_qs(scope["query_string"].decode("latin-1")).get("session_hash", [""])[0]
        if not SESSION.fullmatch(name):
            return _refused()
        session = self._session(scope[VISITOR], place, name)
        if opening.kind == "life":
            path = inside.removesuffix(name) + session
            return _Passed({**clean, "path": path, "raw_path": path.encode()}, receive, self._app)
        if not has_steps(self._windows[place], session):
            return _refused()
        query = f"session_hash={session}".encode()
        return _Passed({**clean, "query_string": query}, receive, self._app)

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_preload(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), (b"link", self._early)]
            await send(message)

        await self._app(scope, receive, with_preload)

    async def _event(
        self, scope: Scope, receive: Receive, place: str, *, queued: bool
    ) -> _Passed | PlainTextResponse:
        body = await read_body(receive, MOST_BYTES)
        if body is None:
            return PlainTextResponse("too long", status_code=413)
        try:
            written = checked_event(
                body,
                self._events[place],
                lambda name: self._session(scope[VISITOR], place, name),
                queued=queued,
                is_known=self._is_known,
            )
        except UnknownPageError:
            return PlainTextResponse("load the page again", status_code=409)
        except ValueError as error:
            return PlainTextResponse(f"not what this window sends: {error}", status_code=422)
        headers = [
            *scope["headers"],
            (b"content-type", b"application/json"),
            (b"content-length", str(len(written)).encode()),
        ]
        return _Passed({**scope, "headers": headers}, _replayed(written, receive), self._app)

    def _place(self, path: str) -> tuple[str, str]:
        """Split a path into where the window is mounted and what is below."""
        place = next((place for place in self._events if place and path.startswith(f"{place}/")), "")
        return place, path.removeprefix(place)

    def _is_known(self, session: str, opens: bool) -> bool:
        """Say whether a page was loaded from this process, and note one that is."""
        if self._pages is None:
            return True
        if not opens and session not in self._pages:
            return False
        self._pages[session] = None
        self._pages.move_to_end(session)
        if len(self._pages) > _MOST_PAGES:
            self._pages.popitem(last=False)
        return True

    def _session(self, visitor: str, place: str, name: str) -> str:
        identity = f"{visitor}\n{place}\n{name}".encode()
        return hmac.new(self._key, identity, hashlib.sha256).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class _Passed:
    """A request as it is handed on, and to whom."""

    scope: Scope
    receive: Receive
    to: ASGIApp


async def read_body(receive: Receive, most: int) -> bytes | None:
    """Read a request's body; ``None`` when it is longer than ``most`` bytes, or when the sender has gone."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += message.get("body", b"")
        if len(body) > most:
            return None
        if not message.get("more_body", False):
            return bytes(body)


def _opening(method: str, path: str) -> tuple[Opening | None, str]:
    """Find what a request is let through as, with the session that its path names."""
    for opening in OPENINGS:
        if opening.method == method or (method == "HEAD" and opening.kind in {"page", "file"}):
            found = opening.path.fullmatch(path)
            if found:
                return opening, found.groupdict().get("session", "")
    return None, ""


def _replayed(body: bytes, receive: Receive) -> Receive:
    """Give a body that was read already, then whatever comes after it."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def next_message() -> Message:
        return waiting.pop() if waiting else await receive()

    return next_message


def _refused() -> PlainTextResponse:
    return PlainTextResponse("not here", status_code=404)


async def _close(send: Send) -> None:
    """Refuse a WebSocket."""
    await send({"type": "websocket.close", "code": 1008})
