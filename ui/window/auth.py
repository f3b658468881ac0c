"""The password: one for everybody, a session for every browser that gave it, and a brake on guessing."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import json
import os
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from ui.settings.password import PasswordHash
from ui.strings import ENGLISH, VIETNAMESE, Words
from ui.views.markup import Html, element, join

if TYPE_CHECKING:
    from starlette.types import ASGIApp

_COOKIE = "hoidap"
_KEPT = 90 * 24 * 3600
_TRIES, _PAUSE = 8, 60.0
_MOST_CLIENTS, _MOST_SESSIONS = 10_000, 1_000
_FORM_BYTES = 4096


class Brake:
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


class Sessions:
    """The browsers that were let in, kept as hashes in a file that only this user reads.

    They outlive a restart, and end when they log out, after three months, or when the password is another.
    """

    def __init__(
        self, password: str, path: Path | None = None, clock: Callable[[], float] = time.time
    ) -> None:
        self._path = path
        self._clock = clock
        self._lock = threading.Lock()
        kept = self._read()
        salt = str(kept.get("salt") or secrets.token_hex(16))
        mark = hashlib.scrypt(password.encode(), salt=salt.encode(), n=2**14, r=8, p=1).hex()
        known = kept.get("sessions", {}) if hmac.compare_digest(mark, str(kept.get("password", ""))) else {}
        self._kept: dict[str, Any] = {"salt": salt, "password": mark, "sessions": dict(known)}
        self._write()

    def begin(self) -> str:
        """Give the secret of a new session."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            sessions = self._kept["sessions"]
            sessions[_hashed(token)] = self._clock()
            for old in sorted(sessions, key=sessions.__getitem__)[:-_MOST_SESSIONS]:
                del sessions[old]
            self._write()
        return token

    def name(self, token: str) -> str | None:
        """Give the name of a session, ``None`` when there is none of that secret."""
        name = _hashed(token)
        begun = self._kept["sessions"].get(name)
        return name if begun is not None and self._clock() - begun < _KEPT else None

    def end(self, token: str) -> None:
        """End a session: its secret opens nothing any more, whoever has a copy."""
        with self._lock:
            self._kept["sessions"].pop(_hashed(token), None)
            self._write()

    def _read(self) -> dict[str, Any]:
        if self._path is None or not self._path.is_file():
            return {}
        try:
            kept = json.loads(self._path.read_text(encoding="utf-8"))
        except ValueError:
            return {}
        return kept if isinstance(kept, dict) else {}

    def _write(self) -> None:
        if self._path is None:
            return
        coming = self._path.with_suffix(".new")
        with os.fdopen(os.open(coming, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(self._kept, file)
        coming.replace(self._path)


class Door:
    """Lets in who knows the password; ``root`` is the path under which a proxy offers the window."""

    def __init__(
        self,
        password: str | PasswordHash,
        sessions: Path | None = None,
        *,
        root: str = "",
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._password = password
        self._sessions = Sessions(password if isinstance(password, str) else password.text, sessions)
        self._brake = Brake(now)
        self._root = root

    def add_to(self, web: FastAPI) -> None:
        """Add the pages through which one comes in and goes out."""
        web.add_route("/vao", self._enter, methods=["POST"])
        web.add_route("/ra", self._leave, methods=["POST"])

    def visitor(self, cookies: Mapping[str, str]) -> str | None:
        """Give the name of a session that has been let in, ``None`` for a stranger."""
        return self._sessions.name(cookies.get(_COOKIE, ""))

    def may_pass(self, request: Request) -> bool:
        """Say whether a request comes from a browser that has been let in, or wants to be."""
        return request.url.path == "/vao" or self.visitor(request.cookies) is not None

    def turn_away(self, request: Request) -> ASGIApp:
        """Answer a stranger: a page asks for the password, anything else is refused."""
        if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
            return self._page(_words(request), status=401)
        return PlainTextResponse("password needed", status_code=401)

    async def _enter(self, request: Request) -> Response:
        words = _words(request)
        client = request.client.host if request.client else ""
        if not self._brake.takes(client):
            return self._page(words, words.door_wait, status=429)
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > _FORM_BYTES:
                return PlainTextResponse("too long", status_code=413)
        given = parse_qs(body.decode("utf-8", errors="replace")).get("password", [""])[0]
        if not self._is_password(given):
            return self._page(words, words.door_wrong, status=401)
        self._brake.forgive(client)
        place = f"{self._root}/en/" if words.language == "en" else f"{self._root}/"
        response = RedirectResponse(place, status_code=303)
        self.let_in(response, secure=request.url.scheme == "https")
        return response

    def let_in(self, response: Response, *, secure: bool) -> str:
        """Begin a session with an answer; gives the session's name."""
        token = self._sessions.begin()
        response.set_cookie(
            _COOKIE,
            token,
            max_age=_KEPT,
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
        self._sessions.end(request.cookies.get(_COOKIE, ""))
        response = RedirectResponse(f"{self._root}/", status_code=303)
        response.delete_cookie(_COOKIE, path=self._root or "/", httponly=True, samesite="lax")
        return response

    def _page(self, words: Words, complaint: str = "", *, status: int) -> HTMLResponse:
        style = Html(files("ui").joinpath("window.css").read_text(encoding="utf-8"))
        form = element(
            "form",
            element("h1", words.door_title),
            element("p", words.door_text),
            element("p", complaint, class_="notice", role="alert") if complaint else Html(),
            element("label", element("span", words.door_password), element(
                "input", type="password", name="password", required=True, autofocus=True,
                autocomplete="current-password")),
            element("button", words.door_enter, type="submit", class_="button"),
            method="post", action=f"{self._root}/vao?language={words.language}",
        )  # fmt: skip
        head = join(
            Html(
                '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
            ),
            element("title", words.page_title),
            Html(f"<style>{style}</style>"),
        )
        body = element("body", element("main", form, class_="door"), class_="standalone")
        page = element("html", element("head", head), body, lang=words.language)
        return HTMLResponse(f"<!doctype html>{page}", status_code=status)


def _words(request: Request) -> Words:
    english = request.url.path.startswith("/en") or request.query_params.get("language") == "en"
    return ENGLISH if english else VIETNAMESE


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _network(client: str) -> str:
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return client
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is None:
        return str(ipaddress.ip_network(f"{address}/64", strict=False))
    return str(address)
