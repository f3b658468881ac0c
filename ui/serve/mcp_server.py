"""The Model Context Protocol: the articles as tools of any program that speaks it, for reading only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import BaseModel, Field

from index.errors import IndexingError
from rag.errors import AnsweringError
from rag.tools.table import MOST_COLUMNS, Limits
from ui.answer_json import answer_object, article_object, checked_object, table_object
from ui.errors import WindowError
from ui.serve.answer_thread import finished
from ui.serve.service import Scope, Service, Text

_INSTRUCTIONS = (
    "Answers from the user's own Vietnamese articles, which are on this computer. ask_question gives a checked answer "
    "with exact quotes, or says that the articles do not tell; search and fetch give the articles themselves. "
    "Questions are best asked in Vietnamese, with or without accents."
)
_FOUND = 10
_READ_ONLY = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)
Columns = Annotated[list[Annotated[Text, Field(min_length=1)]], Field(min_length=1, max_length=MOST_COLUMNS)]
_KEPT = ("answer", "refused", "confidence", "citations", "statements", "unanswered", "standalone", "narrower")


class Result(BaseModel):
    """An article that was found."""

    id: str
    title: str
    url: str


class Results(BaseModel):
    """Articles that were found, best first."""

    results: list[Result]


class Document(BaseModel):
    """A whole article."""

    id: str
    title: str
    text: str
    url: str
    metadata: dict[str, str]


class Listed(BaseModel):
    """An article in a list; ``date`` is empty where the article tells none."""

    id: str
    title: str
    date: str
    source: str


class Documents(BaseModel):
    """A part of the list of articles; ``total`` counts all of them."""

    total: int
    documents: list[Listed]


def mcp_server(service: Service, version: str = "") -> MCPServer[Any]:
    """Make the server with its six tools."""
    server: MCPServer[Any] = MCPServer(
        "hoidap", title="Hỏi Đáp", instructions=_INSTRUCTIONS, version=version, log_level="WARNING"
    )

    def search(query: str) -> Results:
        """Find articles about a query, best first; fetch gives their text by id."""
        with _telling():
            hits = service.search(query, _FOUND, Scope())
        articles = {hit.chunk.article.id: hit.chunk.article for hit in hits}
        return Results(
            results=[
                Result(id=article.id, title=article.title, url=service.links.article(article))
                for article in articles.values()
            ]
        )

    def fetch(id: str) -> Document:  # noqa: A002  (the name that the clients use)
        """Give the whole text of an article by the id that search or list_documents gave."""
        with _telling():
            article = service.article(id)
        result = article_object(article)
        return Document(
            id=article.id,
            title=article.title,
            text=article.text,
            url=service.links.article(article),
            metadata={key: result[key] for key in ("source", "date", "author", "place") if result[key]},
        )

    async def ask_question(question: str, scope: Scope | None = None) -> dict[str, Any]:
        """Answer a question from the articles; every sentence is tied to an exact quote, with its probability.

        ``refused`` is true where the articles do not tell. ``scope`` narrows it to days and to files or folders.
        """
        chosen = scope or Scope()
        with _telling():
            async with service.ask(question, [], chosen) as events:
                answer = await finished(events)
        result = answer_object(answer, chosen.filters)
        links = {
            citation.mark: service.links.article(citation.hit.chunk.article, (citation.start, citation.end))
            for citation in answer.citations
        }
        cited = [citation | {"url": links[citation["mark"]]} for citation in result["citations"]]
        return {
            **{key: result[key] for key in _KEPT},
            "citations": cited,
            "scope": chosen.model_dump(mode="json", by_alias=True),
        }

    def list_documents(query: str = "", offset: int = 0, limit: int = 50) -> Documents:
        """List the articles, newest first; ``query`` keeps those whose title or file name holds all its words."""
        with _telling():
            found = service.library.search(query)
        chosen = found[max(offset, 0) :][: max(limit, 0)]
        return Documents(
            total=len(found),
            documents=[
                Listed(
                    id=info.id,
                    title=info.title,
                    date=info.date.isoformat() if info.date else "",
                    source=info.source,
                )
                for info in chosen
            ],
        )

    async def make_table(questions: Columns, scope: Scope | None = None) -> dict[str, Any]:
        """Put each question, a column, to every article that speaks of it: one row an article, with its sentence.

        A cell is null where an article does not tell. It takes up to a minute.
        """
        with _telling():
            return table_object(await service.table(questions, scope or Scope(), Limits()))

    async def check_text(text: str, scope: Scope | None = None) -> dict[str, Any]:
        """Say of each sentence of a text whether the articles support it, contradict it, or do not tell."""
        with _telling():
            return checked_object(await service.check(text, scope or Scope()))

    for tool in (search, fetch, ask_question, list_documents, make_table, check_text):
        server.add_tool(tool, annotations=_READ_ONLY)
    return server


@contextmanager
def _telling() -> Iterator[None]:
    """Let the other side read a known error with its remedy; any other only says that something broke."""
    try:
        yield
    except (IndexingError, AnsweringError, WindowError) as error:
        raise ToolError(str(error)) from error
