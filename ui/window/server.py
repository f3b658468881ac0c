"""The window is served: on this computer alone unless asked otherwise, with nothing loaded from elsewhere."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import socket
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import gradio as gr
import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, PlainTextResponse, RedirectResponse, Response
from starlette.requests import HTTPConnection
from starlette.routing import Route

from index.errors import StoreError
from ui.articles.pages import Pages, giver
from ui.articles.uploads import UPLOADS, Uploads, receiver
from ui.operation.status_pages import PATHS, Inspection
from ui.settings.owner import KEY, Owner
from ui.settings.password import PasswordHash
from ui.strings import LANGUAGES, words_in
from ui.views.article import ORIGINALS, PAGES
from ui.window.access.auth import PasswordLogin
from ui.window.access.gate import VISITOR, Gate
from ui.window.access.gradio_seam import close_paths, keep_no_statistics, leave_plots_alone, windows
from ui.window.access.listen import ListenOptions, asked_host, host_names, is_foreign_page
from ui.window.gradio_theme import window_theme

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_COOKIE = "hoidap-window"
"""Tells one browser from another where there is no password."""
Password: TypeAlias = "str | PasswordHash | None"
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
    build: Callable[[], FastAPI],
    held: socket.socket,
    proxies: Sequence[str],
    on_server: Callable[[WindowServer], None],
) -> None:
    """Serve what ``build`` gives until interrupted, on a socket that listens already and stays open afterwards."""
    served = held.dup()  # a server closes what it serves

    async def run() -> None:
        server = WindowServer(build(), proxies)
        on_server(server)
        await server.serve([served])

    asyncio.run(run())


class WindowServer(uvicorn.Server):
    """A server that ends at once: the line which every open window holds is let go first."""

    def __init__(self, web: FastAPI, proxies: Sequence[str] = ()) -> None:
        settings = uvicorn.Config(
            web,
            log_config=None,
            server_header=False,
            timeout_graceful_shutdown=3,
            proxy_headers=bool(proxies),
            forwarded_allow_ips=list(proxies),
        )
        super().__init__(settings)
        self._windows = list(windows(web))

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Tell every window to let go, then close."""
        for window in self._windows:
            window.stop_event.set()
        await super().shutdown(sockets)


def site(
    apps: Mapping[str, gr.Blocks],
    reach: ListenOptions = ListenOptions(),
    password: Password = None,
    *,
    uploads: Uploads,
    sessions: Path | str | None = None,
    original: Callable[[str], Path | None] | None = None,
    owner: Owner | None = None,
    inspection: Inspection | None = None,
) -> FastAPI:
    """Put the windows, the password's page and the protecting headers into one web application.

    ``sessions`` is where logins are kept: a file, or the address of a database that several processes share.
    ``original`` gives the file of an article by its id; it is only ever offered for saving, not shown.  ``owner``
    knows the keys that let somebody change settings.  ``inspection`` answers whoever runs the window, before the
    password.
    """
    web = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    login = PasswordLogin(password, sessions, root=reach.root) if password else None
    if login:
        login.add_to(web)
    if original is not None:
        web.add_route(ORIGINALS, _saving(original), methods=["GET"])
        web.add_route(PAGES, giver(Pages(original)), methods=["GET"])

    web.add_route("/favicon.ico", _picture, methods=["GET"])
    web.add_route(UPLOADS, receiver(uploads), methods=["POST"])
    own_paths = frozenset(route.path for route in web.routes if isinstance(route, Route))

    def visitor(request: Request) -> str | None:
        return str(request.scope[VISITOR]) if VISITOR in request.scope else None

    for path, app in sorted(apps.items(), reverse=True):
        # A proxy hands on without its path; mounted under it all the same, Gradio writes the right addresses.
        mounted = f"{reach.root}{path}" or "/"
        gr.mount_gradio_app(web, app, mounted, auth_dependency=visitor, **_mounting())
    close_paths(web)
    leave_plots_alone()
    keep_no_statistics(web)
    several = isinstance(sessions, str)  # in a database, which other processes may use too
    web.add_middleware(Gate, own=own_paths, windows=apps, root=reach.root, several=several)
    hosts = host_names(reach.host, reach.names)
    owns = owner if reach.private else None
    web.add_middleware(_Guard, hosts=hosts, login=login, owner=owns, inspection=inspection)
    return web


def _picture(request: Request) -> Response:
    return Response(_data("logo.svg"), media_type="image/svg+xml")


def _saving(original: Callable[[str], Path | None]) -> Callable[[Request], Response]:
    def give(request: Request) -> Response:
        path = original(request.query_params.get("bai", ""))
        if path is None:
            message = " ".join(words.original_gone for words in map(words_in, LANGUAGES))
            return PlainTextResponse(message, status_code=404)
        return FileResponse(path, filename=path.name, media_type="application/octet-stream")

    return give


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

    def __init__(
        self,
        app: ASGIApp,
        hosts: frozenset[str] | None,
        login: PasswordLogin | None,
        owner: Owner | None,
        inspection: Inspection | None = None,
    ) -> None:
        self._app = app
        self._hosts = hosts
        self._login = login
        self._owner = owner
        self._inspection = inspection

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
        unknown_name = (
            self._hosts is not None and asked_host(request.headers.get("host", "")) not in self._hosts
        )
        if unknown_name or _comes_from_elsewhere(request):
            await (_refuse(guarded) if scope["type"] == "http" else send({"type": "websocket.close"}))
            return
        if self._inspection and scope["type"] == "http" and scope["path"] in PATHS:
            answer = await self._inspection.answer(Request(scope))
            await answer(scope, receive, guarded)
            return
        if self._owner and scope.get("method") == "GET" and KEY in request.query_params:
            await _with_key(Request(scope), self._owner, self._login)(scope, receive, guarded)
            return
        try:
            name = await self._login.visitor(request.cookies) if self._login else request.cookies.get(_COOKIE)
        except StoreError:
            await _unknown(scope, receive, guarded, send)
            return
        stranger = self._login is not None and name is None and scope["type"] == "http"
        if self._login and stranger and not self._login.is_login(Request(scope)):
            await self._login.refuse(Request(scope))(scope, receive, guarded)
            return
        if name is None and self._login is None and scope["path"].endswith("/"):
            name = secrets.token_urlsafe(18)
            headers[b"set-cookie"] = f"{_COOKIE}={name}; Path=/; HttpOnly; SameSite=Lax".encode()
        known = {VISITOR: _visitor(name)} if name else {}
        await self._app({**scope, **known}, receive, guarded)


def _visitor(name: str) -> str:
    """Give the name under which the rest of the program knows a browser."""
    return hashlib.sha256(name.encode()).hexdigest()[:32]


def _with_key(request: Request, owner: Owner, login: PasswordLogin | None) -> Response:
    """Take a browser that brings a key for the owner's, and show the page without the key in its address."""
    response = RedirectResponse(request.url.path, status_code=303)
    if not owner.is_key(request.query_params[KEY]):
        return response
    if login is not None:
        owner.add_visitor(_visitor(login.start_session(response, secure=request.url.scheme == "https")))
        return response
    name = request.cookies.get(_COOKIE) or secrets.token_urlsafe(18)
    owner.add_visitor(_visitor(name))
    response.set_cookie(_COOKIE, name, httponly=True, samesite="lax")
    return response


def _comes_from_elsewhere(request: HTTPConnection) -> bool:
    """Say whether a page of another site sends this, which a browser lets it do without reading the answer."""
    origin = request.headers.get("origin")
    if origin is None or request.scope.get("method") in {"GET", "HEAD"}:
        return False
    return is_foreign_page(origin, request.headers.get("host"))


async def _unknown(scope: Scope, receive: Receive, guarded: Send, send: Send) -> None:
    """Refuse everybody while the database with the sessions does not answer."""
    if scope["type"] != "http":
        await send({"type": "websocket.close"})
        return
    message = "\n".join(words.errors["database"] for words in map(words_in, LANGUAGES))
    await PlainTextResponse(message, status_code=503, headers={"retry-after": "5"})(scope, receive, guarded)


async def _refuse(send: Send) -> None:
    await send({"type": "http.response.start", "status": 403, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b"not from here"})
