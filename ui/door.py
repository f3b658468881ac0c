"""The password: one for everybody, and conversations of one's own for every browser."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Mapping
from importlib.resources import files
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from ui.markup import Html, element, join
from ui.strings import ENGLISH, VIETNAMESE, Words

if TYPE_CHECKING:
    from starlette.types import ASGIApp

_COOKIE = "hoidap"
_YEAR = 365 * 24 * 3600
_TRIES, _PAUSE = 8, 60.0
_FORM_BYTES = 4096


class Door:
    """Lets in who knows the password and remembers each browser by a signed cookie.

    The signing key comes from the password, so that cookies outlive a restart and die with the password.
    ``now`` gives seconds of a clock that never goes back.
    """

    def __init__(self, password: str, now: Callable[[], float] = time.monotonic) -> None:
        self._password = password.encode()
        self._key = hashlib.scrypt(self._password, salt=b"hoidap window", n=2**14, r=8, p=1)
        self._now = now
        self._wrong: list[float] = []

    def add_to(self, web: FastAPI) -> None:
        """Add the pages through which one comes in and goes out."""
        web.add_route("/vao", self._enter, methods=["POST"])
        web.add_route("/ra", self._leave, methods=["GET"])

    def visitor(self, cookies: Mapping[str, str]) -> str | None:
        """Give the id of a browser that has been let in, ``None`` for a stranger."""
        name, _, signature = cookies.get(_COOKIE, "").partition(".")
        return name if name and hmac.compare_digest(signature, self._sign(name)) else None

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
        moment = self._now()
        self._wrong = [when for when in self._wrong if moment - when < _PAUSE]
        if len(self._wrong) >= _TRIES:
            return self._page(words, words.door_wait, status=429)
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > _FORM_BYTES:
                return PlainTextResponse("too long", status_code=413)
        given = parse_qs(body.decode("utf-8", errors="replace")).get("password", [""])[0]
        if not hmac.compare_digest(given.encode(), self._password):
            self._wrong.append(moment)
            return self._page(words, words.door_wrong, status=401)
        response = RedirectResponse("/en/" if words.language == "en" else "/", status_code=303)
        name = self.visitor(request.cookies) or secrets.token_urlsafe(16)
        response.set_cookie(
            _COOKIE, f"{name}.{self._sign(name)}", max_age=_YEAR, httponly=True, samesite="strict",
            secure=request.url.scheme == "https",
        )  # fmt: skip
        return response

    async def _leave(self, request: Request) -> Response:
        response = RedirectResponse("/", status_code=303)
        response.delete_cookie(_COOKIE, httponly=True, samesite="strict")
        return response

    def _sign(self, name: str) -> str:
        return hmac.new(self._key, name.encode(), hashlib.sha256).hexdigest()

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
            method="post", action=f"/vao?language={words.language}",
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
