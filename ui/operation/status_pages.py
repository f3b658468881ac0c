"""The pages for the administrator of a server: /metrics, /health and /ready, and who may see how much of them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response

from index.errors import IndexingError
from ui.errors import WindowError
from ui.operation.checks import Finding
from ui.operation.health import Health, Report
from ui.operation.metrics import INSTALL, Metrics
from ui.strings import Words, words_in
from ui.views.markup import Html, element, page

PATHS = frozenset(("/metrics", "/health", "/ready"))
_HERE = frozenset(("127.0.0.1", "::1", "localhost"))
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
LOG = logging.getLogger(__name__)
_AWAY = Finding(
    "store",
    "fault",
    "The database of this server, or its file of tokens, cannot be read.",
    "see the server's log",
)
"""The answer to everybody while the list of who may see more cannot be read."""
_STYLE = (
    "body{font:1.05rem/1.6 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;"
    "color-scheme:light dark}small{opacity:.75}"
)


@dataclass(frozen=True, slots=True)
class StatusAccess:
    """Who may see more of a server than that it runs.

    That is whoever brings a token that ``knows`` it, and anybody on this computer where the server is ``unguarded``:
    asked from here alone, without a password or token.  ``open_metrics`` lets everybody see the figures.
    """

    knows: Callable[[str], bool]
    unguarded: Callable[[], bool]
    open_metrics: bool = False

    def may_see(self, request: Request) -> bool:
        """Say whether a request may see everything."""
        kind, _, secret = request.headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer" and self.knows(secret.strip()):
            return True
        here = request.client is not None and request.client.host in _HERE
        return here and self.unguarded() and not any(name in request.headers for name in _FORWARDED)


class Inspection:
    """Answers for the three paths."""

    def __init__(self, insight: StatusAccess, health: Health, metrics: Metrics | None) -> None:
        self._insight = insight
        self._health = health
        self._metrics = metrics

    async def answer(self, request: Request) -> Response:
        """Answer a request for one of ``PATHS``."""
        if request.method not in ("GET", "HEAD"):
            return PlainTextResponse("GET", status_code=405, headers={"allow": "GET, HEAD"})
        is_metrics = request.url.path == "/metrics"
        if is_metrics and self._insight.open_metrics:
            return await self._figures(sees=True)
        try:
            sees = await run_in_threadpool(self._insight.may_see, request)
        except (IndexingError, WindowError) as error:  # tokens and logins stand in the database or in files
            LOG.warning("Who may see more than the status cannot be read: %s", error)
            return _report_response(Report("failing", (_AWAY,)), request, sees=True)
        if is_metrics:
            return await self._figures(sees=sees)
        return _report_response(await run_in_threadpool(self._health.report), request, sees=sees)

    async def _figures(self, *, sees: bool) -> Response:
        if not sees:
            return PlainTextResponse(
                "The figures are for this computer, for who has a token ('hoidap token new NAME'), or for everybody "
                "where [serve] metrics = true stands in the configuration.",
                status_code=403,
            )
        if self._metrics is None:
            return PlainTextResponse(f"The figures need Prometheus' library: {INSTALL}", status_code=501)
        page = await run_in_threadpool(self._metrics.page)
        return Response(page, media_type=self._metrics.content_type)


def _report_response(report: Report, request: Request, *, sees: bool) -> Response:
    """Give a report in the form that was asked for, with the status that a program looks at."""
    well = report.ready if request.url.path == "/ready" else report.answers
    status = 200 if well else 503
    if "text/html" in request.headers.get("accept", ""):
        return HTMLResponse(_page(report, request, sees=sees), status)
    return JSONResponse(report_object(report, sees=sees), status)


def report_object(report: Report, *, sees: bool) -> dict[str, Any]:
    """Give a report as programs read it: what is wrong only to who may see it."""
    fields: dict[str, Any] = {"status": report.status, "loading": report.status == "loading"}
    if sees:
        fields["problems"] = [
            {
                "name": finding.name,
                "state": finding.state,
                "vi": _sentence(finding, words_in("vi")),
                "en": _sentence(finding, words_in("en")),
                "detail": finding.told,
                "remedy": finding.remedy,
            }
            for finding in report.problems
        ]
    return fields


def _page(report: Report, request: Request, *, sees: bool) -> str:
    words = words_in("en" if request.headers.get("accept-language", "vi").lower().startswith("en") else "vi")
    items = [
        element(
            "li",
            _sentence(finding, words),
            element("br"),
            element("small", " · ".join(filter(None, (finding.told, finding.remedy)))),
        )
        for finding in report.problems
        if sees
    ]
    body = element(
        "body",
        element("h1", words.product),
        element("p", words.health[report.status]),
        element("ul", *items) if items else Html(),
    )
    return page(words.product, _STYLE, body, words.language)


def _sentence(finding: Finding, words: Words) -> str:
    """What is wrong, in words; without a text the technical one."""
    none_left = finding.name == "server" and finding.state == "fault"
    return words.health.get("servers" if none_left else finding.name, finding.told)
