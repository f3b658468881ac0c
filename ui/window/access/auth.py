"""The password: one for everybody, a page that asks for it, and a limiter on guessing."""

from __future__ import annotations

import hmac
import ipaddress
import time
from collections.abc import Callable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from index.errors import StoreError
from ui.settings.password import PasswordHash
from ui.strings import Words, words_in
from ui.views.markup import Html, element, page
from ui.window.access.sessions import KEPT_SECONDS, open_sessions

if TYPE_CHECKING:
    from starlette.types import ASGIApp

_COOKIE = "hoidap"
_ENTRANCE = "/vao"
_TRIES, _PAUSE = 8, 60.0
_MOST_CLIENTS = 10_000
_FORM_BYTES = 4096


class LoginLimiter:
    """Counts the guesses of each client before they are judged; ``now`` gives seconds of a clock that never goes back.

    Whoever guesses too often waits, and nobody else does.  An address of version 6 counts with its whole network.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._tries: dict[str, list[float]] = {}

    def takes(self, client: str) -> bool:
        """Count a guess, and say whether it may be judged."""
        who, moment = _network(client), self._now()
        tries = [when for when in self._tries.pop(who, []) if moment - when < _PAUSE]
        judged = len(tries) < _TRIES
        self._tries[who] = [*tries, moment] if judged else tries
        while len(self._tries) > _MOST_CLIENTS:
            del self._tries[next(iter(self._tries))]
        return judged

    def forgive(self, client: str) -> None:
        """Forget the guesses of a client who knew the password after all."""
        self._tries.pop(_network(client), None)


class PasswordLogin:
    """Lets in who knows the password; ``root`` is the path under which a proxy offers the window."""

    def __init__(
        self,
        password: str | PasswordHash,
        sessions: Path | str | None = None,
        *,
        root: str = "",
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._password = password
        secret = password if isinstance(password, str) else password.text
        self._sessions = open_sessions(secret, sessions)
        self._limiter = LoginLimiter(now)
        self._root = root

    def add_to(self, web: FastAPI) -> None:
        """Add the pages through which one comes in and goes out."""
        web.add_route(_ENTRANCE, self._enter, methods=["POST"])
        web.add_route("/ra", self._leave, methods=["POST"])

    async def visitor(self, cookies: Mapping[str, str]) -> str | None:
        """Give the name of a session that has been let in, ``None`` for a stranger.

        Raises StoreError where the database that keeps the sessions does not answer.
        """
        return await run_in_threadpool(self._sessions.name, cookies.get(_COOKIE, ""))

    def is_login(self, request: Request) -> bool:
        """Whether a request is the login form."""
        return request.url.path == _ENTRANCE

    def refuse(self, request: Request) -> ASGIApp:
        """Answer a request without a session: a page shows the login, anything else is refused."""
        if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
            return self._page(_words(request), status=401)
        return PlainTextResponse("password needed", status_code=401)

    async def _enter(self, request: Request) -> Response:
        words = _words(request)
        client = request.client.host if request.client else ""
        if not self._limiter.takes(client):
            return self._page(words, words.login_wait, status=429)
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > _FORM_BYTES:
                return PlainTextResponse("too long", status_code=413)
        given = parse_qs(body.decode("utf-8", errors="replace")).get("password", [""])[0]
        if not self._is_password(given):
            return self._page(words, words.login_wrong, status=401)
        self._limiter.forgive(client)
        place = f"{self._root}/en/" if words.language == "en" else f"{self._root}/"
        response = RedirectResponse(place, status_code=303)
        try:
            self.start_session(response, secure=request.url.scheme == "https")
        except StoreError:
            return self._page(words, words.errors["database"], status=503)
        return response

    def start_session(self, response: Response, *, secure: bool) -> str:
        """Begin a session with an answer; gives the session's name."""
        token = self._sessions.begin()
        response.set_cookie(
            _COOKIE,
            token,
            max_age=KEPT_SECONDS,
            httponly=True,
            samesite="lax",
            path=self._root or "/",
            secure=secure,
        )
        name = self._sessions.name(token)
        assert name is not None
        return name

    def _is_password(self, given: str) -> bool:
        if isinstance(self._password, PasswordHash):
            return self._password.matches(given)
        return hmac.compare_digest(given.encode(), self._password.encode())

    async def _leave(self, request: Request) -> Response:
        try:
            self._sessions.end(request.cookies.get(_COOKIE, ""))
        except StoreError:
            return self._page(_words(request), _words(request).errors["database"], status=503)
        response = RedirectResponse(f"{self._root}/", status_code=303)
        response.delete_cookie(_COOKIE, path=self._root or "/", httponly=True, samesite="lax")
        return response

    def _page(self, words: Words, complaint: str = "", *, status: int) -> HTMLResponse:
        style = files("ui").joinpath("window.css").read_text(encoding="utf-8")
        form = element(
            "form",
            element("h1", words.login_title),
            element("p", words.login_text),
            element("p", complaint, class_="notice", role="alert") if complaint else Html(),
            element("label", element("span", words.login_password), element(
                "input", type="password", name="password", required=True, autofocus=True,
                autocomplete="current-password")),
            element("button", words.login_enter, type="submit", class_="button"),
            method="post", action=f"{self._root}/vao?language={words.language}",
        )  # fmt: skip
        body = element("body", element("main", form, class_="login"), class_="standalone")
        return HTMLResponse(page(words.page_title, style, body, words.language), status_code=status)


def _words(request: Request) -> Words:
    english = request.url.path.startswith("/en") or request.query_params.get("language") == "en"
    return words_in("en" if english else "vi")


def _network(client: str) -> str:
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return client
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is None:
        return str(ipaddress.ip_network(f"{address}/64", strict=False))
    return str(address)
