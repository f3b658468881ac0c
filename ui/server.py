"""The window is served: on this computer alone unless asked otherwise, with nothing loaded from elsewhere."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import secrets
import socket
from base64 import b64encode
from collections.abc import Callable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import gradio as gr
import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, PlainTextResponse, Response
from starlette.requests import HTTPConnection
from starlette.routing import Route

from ui.door import Door
from ui.errors import WindowError
from ui.reading import ORIGINALS
from ui.strings import ENGLISH, VIETNAMESE
from ui.theme import window_theme
from ui.window.gate import VISITOR, Gate
from ui.window.gradio_seam import close_paths, windows
from ui.window.uploads import UPLOADS, Uploads, receiver

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

DEFAULT_PORT = 7860
_PORTS_TRIED = 40
_COOKIE = "hoidap-window"
"""Tells one browser from another where there is no password."""
_HEADERS = {
    b"content-security-policy": (
        b"default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
        b"img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
        b"object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    ),
    b"referrer-policy": b"same-origin",
    b"x-content-type-options": b"nosniff",
    b"permissions-policy": b"camera=(), microphone=(), geolocation=()",
    b"cross-origin-opener-policy": b"same-origin",
}


def serve(
    apps: Mapping[str, gr.Blocks],
    host: str = "127.0.0.1",
    port: int | None = None,
    password: str | None = None,
    *,
    uploads: Uploads,
    original: Callable[[str], Path | None] | None = None,
    say: Callable[[str], None] = print,
) -> None:
    """Serve the windows until interrupted; ``apps`` maps a path (``""`` or ``"/en"``) to a window.

    Without a ``port`` the first free one from 7860 is taken.  Raises WindowError when the port is taken,
    or when the window would be open to other computers without a password.
    """
    if not password and not is_loopback(host):
        raise WindowError(
            f"A window open to other computers ({host}) needs a password. Set one and start again."
        )
    port_held = listen(host, port)
    shown = f"[{host}]" if ":" in host else host
    say(f"Hỏi đáp: http://{shown}:{port_held.getsockname()[1]}/ (Ctrl+C to stop)")

    async def run() -> None:
        web = site(apps, host, password, uploads=uploads, original=original)
        await WindowServer(web).serve([port_held])

    asyncio.run(run())


class WindowServer(uvicorn.Server):
    """A server that ends at once: the line which every open window holds is let go first."""

    def __init__(self, web: FastAPI) -> None:
        super().__init__(
            uvicorn.Config(web, log_level="warning", server_header=False, timeout_graceful_shutdown=3)
        )
        self._windows = list(windows(web))

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Tell every window to let go, then close."""
        for window in self._windows:
            window.stop_event.set()
        await super().shutdown(sockets)


def site(
    apps: Mapping[str, gr.Blocks],
    host: str = "127.0.0.1",
    password: str | None = None,
    *,
    uploads: Uploads,
    original: Callable[[str], Path | None] | None = None,
) -> FastAPI:
    """Put the windows, the password's door and the protecting headers into one web application.

    ``original`` gives the file of an article by its id; it is only ever offered for saving, not shown.
    """
    web = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    door = Door(password) if password else None
    if door:
        door.add_to(web)
    if original is not None:
        web.add_route(ORIGINALS, _saving(original), methods=["GET"])

    web.add_route("/favicon.ico", _picture, methods=["GET"])
    web.add_route(UPLOADS, receiver(uploads), methods=["POST"])
    own = frozenset(route.path for route in web.routes if isinstance(route, Route))

    def visitor(request: Request) -> str | None:
        return str(request.scope[VISITOR]) if VISITOR in request.scope else None

    for path, app in sorted(apps.items(), reverse=True):
        gr.mount_gradio_app(web, app, path or "/", auth_dependency=visitor, **_mounting())
    close_paths(web)
    web.add_middleware(Gate, own=own, windows=apps)
    web.add_middleware(_Guard, hosts=_hosts(host), door=door)
    return web


def _picture(request: Request) -> Response:
    return Response(_data("logo.svg"), media_type="image/svg+xml")


def _saving(original: Callable[[str], Path | None]) -> Callable[[Request], Response]:
    def give(request: Request) -> Response:
        path = original(request.query_params.get("bai", ""))
        if path is None:
            said = " ".join(words.original_gone for words in (VIETNAMESE, ENGLISH))
            return PlainTextResponse(said, status_code=404)
        return FileResponse(path, filename=path.name, media_type="application/octet-stream")

    return give


def is_loopback(host: str) -> bool:
    """Say whether only this computer can reach the address."""
    return host in {"localhost", "::1"} or host.startswith("127.")


def listen(host: str, port: int | None) -> socket.socket:
    """Take the asked-for port (0: any), or else the first free one; raises WindowError when there is none.

    The port is held from here on, so that no other program can take it before the window is served.
    """
    if port is None:
        for candidate in range(DEFAULT_PORT, DEFAULT_PORT + _PORTS_TRIED):
            if (taken := _take(host, candidate)) is not None:
                return taken
        last = DEFAULT_PORT + _PORTS_TRIED - 1
        raise WindowError(f"No port from {DEFAULT_PORT} to {last} is free. Choose one.")
    if not 0 <= port < 65_536:
        raise WindowError(f"{port} is no port. Choose a number from 1 to 65535.")
    if (taken := _take(host, port)) is None:
        raise WindowError(
            f"Port {port} is in use by another program. Choose another one, for example {port + 1}."
        )
    return taken


def _take(host: str, port: int) -> socket.socket | None:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror as error:
        raise WindowError(f"This computer has no address {host}. Use 127.0.0.1.") from error
    taken = socket.socket(family, kind, protocol)
    try:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(address)
        taken.listen()
    except OSError as error:
        taken.close()
        if error.errno in {errno.EADDRINUSE, errno.EACCES}:
            return None
        raise WindowError(f"This computer has no address {host}. Use 127.0.0.1.") from error
    return taken


def _hosts(host: str) -> frozenset[str] | None:
    """Names under which a browser may ask; ``None`` for any, when other computers may come in by any name."""
    return frozenset({"localhost", "127.0.0.1", "::1", host}) if is_loopback(host) else None


def _mounting() -> dict[str, Any]:
    """Settings of Gradio: the window's own look, and nothing that is not needed to use it."""
    closed = {"docs_url": None, "redoc_url": None, "openapi_url": None}
    return {
        "theme": window_theme(),
        "head": _head(),
        "footer_links": [],
        "run_history": False,
        "allowed_paths": [],
        "show_error": False,
        "ssr_mode": False,
        "enable_monitoring": False,
        "pwa": False,
        "mcp_server": False,
        "app_kwargs": closed,
    }


def _head() -> str:
    """Icon, style and script of the window; as a stylesheet of Gradio's own the rules would not reach the body."""
    logo = b64encode(_data("logo.svg").encode()).decode()
    return (
        f'<link rel="icon" type="image/svg+xml" href="data:image/svg+xml;base64,{logo}">'
        f"<style>{_data('window.css')}</style><script>{_data('window.js')}</script>"
    )


def _data(name: str) -> str:
    return files("ui").joinpath(name).read_text(encoding="utf-8")


class _Guard:
    """Turns away strangers and foreign host names, and tells browsers to load nothing from elsewhere.

    Whoever may come in gets a name, in the request's scope: of the login, or else of a cookie that every page gives.
    """

    def __init__(self, app: ASGIApp, hosts: frozenset[str] | None, door: Door | None) -> None:
        self._app = app
        self._hosts = hosts
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        headers = dict(_HEADERS)

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *headers.items()]
            await send(message)

        request = HTTPConnection(scope)
        unknown_name = self._hosts is not None and (request.url.hostname or "") not in self._hosts
        if unknown_name or _comes_from_elsewhere(request):
            await (_refuse(guarded) if scope["type"] == "http" else send({"type": "websocket.close"}))
            return
        if self._door and scope["type"] == "http" and not self._door.may_pass(Request(scope)):
            await self._door.turn_away(Request(scope))(scope, receive, guarded)
            return
        name = self._door.visitor(request.cookies) if self._door else request.cookies.get(_COOKIE)
        if name is None and self._door is None and scope["path"].endswith("/"):
            name = secrets.token_urlsafe(18)
            headers[b"set-cookie"] = f"{_COOKIE}={name}; Path=/; HttpOnly; SameSite=Lax".encode()
        known = {VISITOR: hashlib.sha256(name.encode()).hexdigest()[:32]} if name else {}
        await self._app({**scope, **known}, receive, guarded)


def _comes_from_elsewhere(request: HTTPConnection) -> bool:
    """Say whether a page of another site sends this, which a browser lets it do without reading the answer."""
    origin = request.headers.get("origin")
    if origin is None or request.scope.get("method") in {"GET", "HEAD"}:
        return False
    return urlsplit(origin).netloc != request.headers.get("host")


async def _refuse(send: Send) -> None:
    await send({"type": "http.response.start", "status": 403, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b"not from here"})
