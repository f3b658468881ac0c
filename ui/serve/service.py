"""What other programs may ask for, whichever protocol they speak."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from index.schema import Article, Filters, Hit
from rag.schema import Event, Queued, Turn
from rag.tools.check_text import CheckedText
from rag.tools.table import Limits as Reading
from rag.tools.table import Table
from ui.articles.library import Library
from ui.assistant_protocol import Assistant
from ui.operation.fair_queue import FairQueue
from ui.operation.observing import Asked, Observer
from ui.operation.request_context import ASKER
from ui.serve.access.rate_limits import ConcurrencyLimiter, Limits
from ui.serve.answer_thread import in_thread
from ui.serve.errors import RequestError
from ui.serve.links import Links
from ui.serve.turns import Turns

T = TypeVar("T")
MOST_SOURCES = 200
"""Files and folders of one scope: each is a condition of the database's question, which may hold a thousand."""
_TURNS = 20
"""Earlier questions that a later one may lean on."""


def _whole(text: str) -> str:
    """Give a text back; JSON can hold half a character (``"\\ud800"``), which nothing can store or read."""
    if any("\ud800" <= sign <= "\udfff" for sign in text):
        raise ValueError("half a character (a lone surrogate) is no text")
    return text


Text = Annotated[str, AfterValidator(_whole)]


class Scope(BaseModel):
    """Which articles count: those from one day to another, and those of some files or folders."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    from_date: date | None = Field(None, alias="from", description="articles from this day on, 2020-01-31")
    to_date: date | None = Field(None, alias="to", description="articles up to this day, 2020-12-31")
    sources: list[Text] = Field([], max_length=MOST_SOURCES, description="only these files or folders")

    @property
    def filters(self) -> Filters:
        """The same, as the search takes it."""
        return Filters(self.from_date, self.to_date, tuple(self.sources))


class Service:
    """One assistant and its articles, as a server gives them to others."""

    def __init__(
        self,
        assistant: Assistant,
        library: Library,
        limits: Limits = Limits(),
        links: Links = Links(),
        observer: Observer | None = None,
    ) -> None:
        self.library = library
        self.limits = limits
        self.links = links
        self._assistant = assistant
        self._observer = observer or Observer()
        self._places = ConcurrencyLimiter(limits.surveys)
        self.turns = Turns(FairQueue(limits.waiting, limits.waiting_each), limits.at_once)

    def search(self, question: str, k: int, scope: Scope) -> Sequence[Hit]:
        """Find passages."""
        return self._assistant.search(self._short(question), k, scope.filters)

    def article(self, article_id: str) -> Article:
        """Give an article; raises RequestError where there is none of that id."""
        article = self.library.article(article_id)
        if article is None:
            raise RequestError(404, "no_such_article", f"There is no article {article_id!r}.", param="id")
        return article

    @asynccontextmanager
    async def ask(
        self, question: str, history: Sequence[Turn], scope: Scope
    ) -> AsyncIterator[AsyncIterator[Event]]:
        """Answer a question in its turn, in a thread of its own; who leaves the block early stops the writing.

        Only the last turns of a conversation are read, each question as far as it may be long.
        Raises LineFullError or TooManyWaitingError where there is no room in the line.
        """
        self._short(question)
        lately = [replace(turn, question=self._begin(turn.question)) for turn in history[-_TURNS:]]
        asker, turn, stop = ASKER.get(), self.turns.join(ASKER.get().person), threading.Event()
        working = False

        def asked() -> Asked:
            return Asked(question, asker.request, time.monotonic() - turn.began)

        async def events() -> AsyncIterator[Event]:
            nonlocal working
            async for ahead in self.turns.wait(turn):
                yield Queued(ahead)
            working = True  # from here on the turn ends with the work, however soon its asker leaves
            made = self._assistant.ask(question, lately, filters=scope.filters, stop=stop)
            async for event in in_thread(
                self._observer.follow(asked(), made), lambda: self.turns.leave(turn)
            ):
                yield event

        try:
            yield events()
        finally:
            stop.set()
            if not working:
                self._observer.withdrawn(asked())
                self.turns.leave(turn)

    async def table(self, questions: Sequence[str], scope: Scope, limits: Reading) -> Table:
        """Make a table in a thread of its own; who stops waiting for it ends it."""
        for question in questions:
            self._short(question)
        return await self._surveyed(
            lambda stop: self._assistant.table(questions, scope.filters, limits=limits, stop=stop)
        )

    async def check(self, text: str, scope: Scope) -> CheckedText:
        """Check a text in a thread of its own; who stops waiting for it ends it."""
        return await self._surveyed(lambda stop: self._assistant.check(text, scope.filters, stop=stop))

    async def _surveyed(self, work: Callable[[threading.Event], T]) -> T:
        stop = threading.Event()
        with self._places.taken():
            try:
                return await asyncio.to_thread(work, stop)
            finally:
                stop.set()

    def _begin(self, question: str) -> str:
        return question[: self.limits.question_characters]

    def _short(self, question: str) -> str:
        limit = self.limits.question_characters
        if len(question) > limit:
            raise RequestError(
                400, "too_long", f"A question may have {limit:,} characters.", param="question"
            )
        return question
