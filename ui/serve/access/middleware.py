"""Before a request is read: who asks, by which name, how often and how much; afterwards: which request it was."""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Collection
from typing import TYPE_CHECKING

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from ui.operation.logs import log_fields
from ui.operation.request_context import ASKER, Requester
from ui.serve.access.rate_limits import Limits, RateLimiter
from ui.serve.access.tokens import Right, Tokens
from ui.serve.errors import RequestError, as_request_error, error_response
from ui.serve.links import Links
from ui.window.access.listen import asked_host, is_foreign_page

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOG = logging.getLogger(__name__)
_OPEN = re.compile(r"/(docs|openapi\.json|health|ready|metrics|static-offline-docs/.*)")
"""What tells nothing of the articles: the description of this interface, and pages that know who may see them."""
_TOO_LARGE = "This request may hold {:,} bytes."
_REQUEST_ID = re.compile(r"[\w.:-]{1,100}")
_HEADERS = {
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"cache-control": b"no-store",
    b"content-security-policy": (
        b"default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
        b"img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
    ),
}


class Guard:
    """Refuses foreign host names, pages of other sites, missing tokens, and too many or too large requests.

    ``names`` are the host names that may be asked by (``None``: any), ``others`` whether other computers can come in.
    Where they cannot and a store has no token, whoever reaches the server may read; writing always takes a token
    that allows it.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        tokens: Tokens,
        limits: Limits,
        links: Links,
        names: Collection[str] | None,
        others: bool,
    ) -> None:
        self._app = app
        self._tokens = tokens
        self._limits = limits
        self._links = links
        self._names = names
        self._others = others
        self._rate = RateLimiter(limits.requests_per_minute)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request pass, with its id in the answer's header, or tell why not."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        given = request.headers.get("x-request-id", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else f"req_{secrets.token_hex(12)}"
        began, status = time.monotonic(), 0
        ASKER.set(Requester(request_id))

        async def marked(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                ours = {**_HEADERS, b"x-request-id": request_id.encode()}
                message["headers"] = [*message.get("headers", []), *ours.items()]
            await send(message)

        try:
            ASKER.set(Requester(request_id, await self._check(request, scope)))
            await self._app(scope, _counted(receive, self._room(request)), marked)
        except Exception as error:  # noqa: BLE001  (the asker is answered in the one form, the log has the rest)
            if not status:
                await error_response(as_request_error(error))(scope, receive, marked)
        seconds = round(time.monotonic() - began, 3)
        LOG.info(
            "request",
            extra=log_fields(method=request.method, path=request.url.path, status=status, seconds=seconds),
        )

    async def _check(self, request: Request, scope: Scope) -> str:
        """Give the name by which the asker is counted; raises RequestError where it may not pass."""
        if self._names is not None and asked_host(request.headers.get("host", "")) not in self._names:
            raise RequestError(
                403, "foreign_host", "This server is not asked by that host name; see 'hoidap serve --name'."
            )
        origin = request.headers.get("origin")
        if origin is not None and is_foreign_page(origin, request.headers.get("host")):
            raise RequestError(403, "foreign_origin", "Pages of other sites may not ask this server.")
        if _OPEN.fullmatch(request.url.path):
            return ""
        scope["hoidap.right"], asker = await run_in_threadpool(self._right, request)
        if wait := self._rate.wait(asker):
            many = self._limits.requests_per_minute
            raise RequestError(
                429, "rate_limit", f"More than {many} requests a minute; wait {wait:.0f} s.", wait=wait
            )
        declared, room = request.headers.get("content-length", "0"), self._room(request)
        if not declared.isdigit() or int(declared) > room:
            raise RequestError(413, "too_large", _TOO_LARGE.format(room))
        return asker

    def _right(self, request: Request) -> tuple[Right, str]:
        """Tell what the asker may do, and by which name to count it."""
        kind, _, secret = request.headers.get("authorization", "").partition(" ")
        token = self._tokens.find(secret.strip()) if kind.lower() == "bearer" else None
        if token is not None:
            return token.right, f"token {token.name}"
        signature = request.query_params.get("key", "")
        signed = request.method == "GET" and self._links.opens(request.scope["path"], signature)
        # The last token may have been taken away while other computers can still come in.
        if (self._others or self._tokens.all()) and not signed:
            raise RequestError(
                401, "invalid_api_key", "A valid token is needed as 'Authorization: Bearer …'; "
                "'hoidap token new' makes one."
            )  # fmt: skip
        return "read", f"address {request.client.host if request.client else ''}"

    def _room(self, request: Request) -> int:
        upload = request.method == "POST" and request.url.path == "/articles"
        return self._limits.file_bytes if upload else self._limits.body_bytes


def _counted(receive: Receive, room: int) -> Receive:
    """Count what really comes, since a request need not declare its size."""
    come = 0

    async def counted() -> Message:
        nonlocal come
        message = await receive()
        come += len(message.get("body", b""))
        if come > room:
            raise HTTPException(
                413, _TOO_LARGE.format(room)
            )  # the one kind that passes the reading of a body
        return message

    return counted
