"""The pages for the administrator, as paths of the interface that describes itself."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from ui.operation.status_pages import Inspection


def inspection_routes(inspection: Inspection) -> APIRouter:
    """Give what may be asked without a token; with the right token they show more."""
    router = APIRouter(tags=["Operation"])

    @router.get("/health")
    async def health(request: Request) -> Response:
        """Say whether questions are answered: 200 or 503, with what is wrong in words; to a browser as a page."""
        return await inspection.answer(request)

    @router.get("/ready")
    async def ready(request: Request) -> Response:
        """Say whether a question would be answered at once: 503 while the models are still being loaded."""
        return await inspection.answer(request)

    @router.get("/metrics")
    async def metrics(request: Request) -> Response:
        """Give figures for Prometheus."""
        return await inspection.answer(request)

    return router
