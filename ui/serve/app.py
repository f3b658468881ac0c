"""The server's parts put together into one web application."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from typing import NoReturn

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline
from mcp.server.transport_security import TransportSecuritySettings
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.routing import Route

from ui.operation.checks import installed_version
from ui.operation.status_pages import Inspection
from ui.serve.access.middleware import Guard
from ui.serve.access.tokens import Tokens
from ui.serve.errors import add_error_handlers
from ui.serve.mcp_server import mcp_server
from ui.serve.routes.articles import article_routes, writing_routes
from ui.serve.routes.openai_chat import openai_routes
from ui.serve.routes.openai_responses import responses_routes
from ui.serve.routes.tools import tool_routes
from ui.serve.service import Service

_ABOUT = (
    "Answers from your own articles, every sentence tied to the sentence that supports it. Where the server has "
    "tokens, send one as `Authorization: Bearer …`."
)

_INSPECTED = {
    "/health": "Say whether questions are answered: 200 or 503, with what is wrong in words; to a browser as a page.",
    "/ready": "Say whether a question would be answered at once: 503 while the models are still being loaded.",
    "/metrics": "Give figures for Prometheus.",
}
"""The pages for the administrator: they may be asked without a token, with the right one they show more."""


def build_api(
    service: Service,
    tokens: Tokens,
    names: Collection[str] | None,
    inspection: Inspection,
    *,
    behind_proxy: bool = False,
) -> FastAPI:
    """Build the application; ``names`` are the host names that it may be asked by (``None``: any).

    ``behind_proxy`` says that other computers come in though the server listens on this one alone.
    """
    programs = mcp_server(service, product_version())
    mcp = programs.streamable_http_app(
        json_response=True,
        stateless_http=True,
        # The guard in front of everything looks at host names and origins.
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )

    (only,) = (route for route in mcp.routes if isinstance(route, Route))
    # Without it, whoever writes the address with a slash is sent elsewhere, behind a proxy to one without https.
    slashed = Route(f"{only.path}/", only.endpoint)

    @asynccontextmanager
    async def running(web: FastAPI) -> AsyncIterator[None]:
        async with programs.session_manager.run():
            yield

    web: FastAPI = FastAPIOffline(
        title="Hỏi Đáp",
        description=_ABOUT,
        version=product_version(),
        redoc_url=None,
        lifespan=running,
        routes=[
            *(Route(path, refuse_get, methods=["GET"]) for path in ("/mcp", "/mcp/")),
            *mcp.routes,
            slashed,
        ],
    )
    for routes in (openai_routes, responses_routes, article_routes, tool_routes, writing_routes):
        web.include_router(routes(service))
    for path, about in _INSPECTED.items():
        web.add_api_route(
            path, inspection.answer, tags=["Operation"], summary=path[1:].title(), description=about
        )
    add_error_handlers(web)
    web.add_middleware(
        Guard,
        tokens=tokens,
        limits=service.limits,
        links=service.links,
        names=names,
        others=behind_proxy or names is None,
    )
    return web


async def refuse_get(request: Request) -> NoReturn:
    """Refuse the stream of a server that speaks first, as MCP allows: nothing would ever be said in it."""
    raise HTTPException(405, "This server only answers; POST to it.", {"allow": "POST"})


def product_version() -> str:
    """Name the version, ``"0"`` where the product is not installed."""
    return installed_version("hoidap") or "0"
