"""Our own interface: articles, passages, and answers with all that is known of them."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from index.ingest.list_folder import Unreadable
from index.store.database.records import ArticleInfo
from rag.schema import Turn
from ui.answer_json import answer_object, article_object, hit_object
from ui.articles.library import Synced
from ui.serve.answer_thread import cancel_if_disconnected, finished
from ui.serve.errors import RequestError
from ui.serve.routes.article_page import article_page
from ui.serve.service import Scope, Service, Text


class Exchange(BaseModel):
    """An earlier question with its answer."""

    question: Text
    answer: Text = ""


class Question(BaseModel):
    """A question, the exchanges before it, oldest first, and which articles count."""

    model_config = ConfigDict(extra="forbid")

    question: Text = Field(min_length=1)
    history: list[Exchange] = []
    scope: Scope = Scope()


def article_routes(service: Service) -> APIRouter:
    """Give what may be read."""
    router = APIRouter(tags=["Hỏi Đáp"])

    @router.get("/search")
    def search(
        q: Annotated[str, Query(min_length=1, description="the question, or words of the passage")],
        scope: Annotated[Scope, Depends(_scope)],
        k: Annotated[int, Query(ge=1, le=50)] = 5,
    ) -> dict[str, Any]:
        """Find passages, best first, without the language model; ``text`` is the article from start to end."""
        hits = service.search(q, k, scope)
        links = (service.links.article(hit.chunk.article, (hit.chunk.start, hit.chunk.end)) for hit in hits)
        passages = [hit_object(hit) | {"url": link} for hit, link in zip(hits, links, strict=True)]
        return {"question": q, "passages": passages}

    @router.post("/ask")
    async def ask(request: Request, body: Question) -> dict[str, Any]:
        """Answer a question from the articles; offsets of citations count in the text of their article."""
        turns = [Turn(turn.question, turn.answer) for turn in body.history]
        async with service.ask(body.question, turns, body.scope) as events:
            answer = await cancel_if_disconnected(request, finished(events))
        return {
            **answer_object(answer, body.scope.filters),
            "scope": body.scope.model_dump(mode="json", by_alias=True),
        }

    @router.get("/articles")
    def articles(
        q: Annotated[str, Query(description="words of the title or the file's name")] = "",
        offset: Annotated[int, Query(ge=0)] = 0,
        limit: Annotated[int, Query(ge=1, le=500)] = 50,
    ) -> dict[str, Any]:
        """List articles, newest first."""
        found = service.library.search(q)
        return {"total": len(found), "articles": [_listed(info) for info in found[offset : offset + limit]]}

    @router.get("/articles/{article_id:path}", response_model=None)
    def article(
        request: Request,
        article_id: str,
        start: Annotated[int | None, Query(ge=0, description="first cited character")] = None,
        end: Annotated[int | None, Query(ge=0, description="after the last cited character")] = None,
    ) -> Response:
        """Give an article; a browser gets a page with the cited characters marked."""
        found = service.article(article_id)
        if request.headers.get("accept", "").startswith("text/html"):
            return HTMLResponse(article_page(found, (start, end) if start is not None and end else None))
        return JSONResponse(article_object(found) | {"url": service.links.article(found)})

    return router


def writing_routes(service: Service) -> APIRouter:
    """Give what changes the articles; all of it takes a token for writing."""
    router = APIRouter(tags=["Articles"], dependencies=[Depends(_may_write)])

    @router.post("/sync")
    def sync() -> dict[str, Any]:
        """Read the folder again and make the store equal to it."""
        return _done(service.library.sync(lambda progress: None))

    @router.post("/articles", status_code=201)
    async def add(
        request: Request,
        name: Annotated[
            str, Query(min_length=1, max_length=200, description="the file's name with its ending")
        ],
    ) -> dict[str, Any]:
        """Add the file that is the body of the request, and read it; it is kept in the store, not in the folder."""
        if not name.lower().endswith(tuple(service.library.suffixes)):
            accepted = " ".join(service.library.suffixes)
            raise RequestError(
                415, "unknown_kind", f"Files of these kinds are read: {accepted}.", param="name"
            )
        with tempfile.TemporaryDirectory(prefix="hoidap-") as folder:
            path = Path(folder) / "upload"
            with path.open("wb") as file:
                async for part in request.stream():
                    file.write(part)
            await run_in_threadpool(service.library.add, name, path)
        return _done(await run_in_threadpool(service.library.sync, lambda progress: None))

    @router.delete("/articles/{article_id:path}", status_code=204)
    def remove(article_id: str) -> None:
        """Remove an article from the store; a file of the user's own folder stays where it is."""
        service.article(article_id)
        service.library.remove(article_id)

    return router


def _scope(
    from_date: Annotated[date | None, Query(alias="from", description="articles from this day on")] = None,
    to_date: Annotated[date | None, Query(alias="to", description="articles up to this day")] = None,
    source: Annotated[list[str] | None, Query(description="only this file or folder; repeatable")] = None,
) -> Scope:
    return Scope(from_date=from_date, to_date=to_date, sources=source or [])


def _may_write(request: Request) -> None:
    if request.scope.get("hoidap.right") != "write":
        raise RequestError(
            403, "read_only", "This takes a token for writing; 'hoidap token new NAME --write' makes one."
        )


def _listed(info: ArticleInfo) -> dict[str, Any]:
    return {
        "id": info.id,
        "title": info.title,
        "date": info.date.isoformat() if info.date else None,
        "source": info.source,
        "passages": info.chunks,
    }


def _done(synced: Synced) -> dict[str, Any]:
    return {
        "added": synced.added,
        "changed": synced.updated,
        "removed": synced.removed,
        "not_read": [_unread(item) for item in synced.failed if not item.in_part],
        "read_in_part": [_unread(item) for item in synced.failed if item.in_part],
    }


def _unread(item: Unreadable) -> dict[str, Any]:
    return {"source": item.source, "reason": item.reason, "codes": [code for code, _ in item.problems]}
