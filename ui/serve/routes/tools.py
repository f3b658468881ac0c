"""What is put to many articles at once: a table of what each tells, and a text that is checked against them."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from rag.tools.table import MOST_ARTICLES, MOST_COLUMNS, MOST_PASSAGES, Limits
from ui.answer_json import checked_object, table_object
from ui.serve.answer_thread import cancel_if_disconnected
from ui.serve.service import Scope, Service, Text


class TableAsked(BaseModel):
    """The columns of a table, which articles count, and how much of them is read."""

    model_config = ConfigDict(extra="forbid")

    questions: list[Annotated[Text, Field(min_length=1)]] = Field(
        min_length=1, max_length=MOST_COLUMNS, description="what each column tells"
    )
    scope: Scope = Scope()
    articles: int = Field(
        Limits().articles, ge=1, le=MOST_ARTICLES, description="articles that are read for each column"
    )
    passages: int = Field(
        Limits().passages, ge=1, le=MOST_PASSAGES, description="passages that are read of each article"
    )


class TextChecked(BaseModel):
    """A text to check, and which articles count."""

    model_config = ConfigDict(extra="forbid")

    text: Text = Field(min_length=1)
    scope: Scope = Scope()


def tool_routes(service: Service) -> APIRouter:
    """Give what takes the reader through many articles; it ends when the client disconnects."""
    router = APIRouter(tags=["Hỏi Đáp"])

    @router.post("/table")
    async def table(request: Request, body: TableAsked) -> dict[str, Any]:
        """Put each question to every article that speaks of it; a cell is null where the article does not tell."""
        limits = Limits(body.articles, body.passages)
        made = await cancel_if_disconnected(request, service.table(body.questions, body.scope, limits))
        return table_object(made) | {"scope": body.scope.model_dump(mode="json", by_alias=True)}

    @router.post("/check")
    async def check(request: Request, body: TextChecked) -> dict[str, Any]:
        """Say of each sentence whether the articles support it, contradict it, or do not tell."""
        made = await cancel_if_disconnected(request, service.check(body.text, body.scope))
        return checked_object(made) | {"scope": body.scope.model_dump(mode="json", by_alias=True)}

    return router
