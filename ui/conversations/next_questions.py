"""What could be asked next: looked for while nobody waits, and offered only where the articles tell it."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field

from index.errors import IndexingError
from index.schema import Article, Filters
from rag.errors import AnsweringError
from rag.schema import Finished, Found
from rag.suggestions.first_questions import title_questions
from rag.suggestions.next_questions import Candidate, further_questions, is_answered
from ui.assistant_protocol import Answers
from ui.conversations.entries import Exchange

EXAMPLES, MOST = 4, 3
"""Questions that are offered on the first page, and under an answer."""
_TRIED = 8
"""Candidates that are tried for them."""
_KEPT = 200
"""Answers whose next questions are remembered."""
_PATIENCE = 90.0
"""Seconds for which a window waits for them."""
_GLANCE = 0.1
"""Seconds between two looks."""

Later = Callable[[Callable[[], None]], None]
"""Does something when nothing else is to be done."""


def answers(assistant: Answers, candidate: Candidate, filters: Filters = Filters()) -> bool:
    """Search and read for a question, and say whether its answer is there; the language model writes nothing."""
    try:
        with closing(assistant.ask(candidate.question, filters=filters)) as events:  # type: ignore[type-var]
            for event in events:
                if isinstance(event, Found):
                    return is_answered(candidate, event)
                if isinstance(event, Finished):  # answered from the store, without reading
                    return bool(event.answer.citations)
            return False
    except (IndexingError, AnsweringError):
        return False


@dataclass(slots=True)
class _Search:
    """Candidates that are tried one after another until enough are ``found``."""

    left: list[Candidate]
    wanted: int
    filters: Filters = Filters()
    found: list[str] = field(default_factory=list)
    done: bool = False


class Trying:
    """Tries candidates one at a time, so that a question which comes meanwhile waits for one of them at most."""

    def __init__(self, assistant: Answers, later: Later) -> None:
        self._assistant = assistant
        self._later = later

    def begin(self, candidates: Sequence[Candidate], wanted: int, filters: Filters = Filters()) -> _Search:
        """Begin to try; what is found so far stands in the search."""
        search = _Search(list(candidates), wanted, filters)
        self._next(search)
        return search

    def _next(self, search: _Search) -> None:
        if search.left and len(search.found) < search.wanted:
            self._later(lambda: self._step(search))
        else:
            search.done = True

    def _step(self, search: _Search) -> None:
        candidate = search.left.pop(0)
        try:
            if answers(self._assistant, candidate, search.filters):
                search.found.append(candidate.question)
        finally:
            self._next(search)


class NextQuestions:
    """The questions that go on from each answer, looked for once."""

    def __init__(self, trying: Trying) -> None:
        self._trying = trying
        self._lock = threading.Lock()
        self._searches: OrderedDict[int, _Search] = OrderedDict()

    async def of(self, item: Exchange) -> list[str]:
        """Give what could be asked after an answer; waits until that is known."""
        with self._lock:
            search = self._searches.get(item.id)
            if search is None:
                candidates = further_questions(item.answer)[:_TRIED]
                self._searches[item.id] = search = self._trying.begin(candidates, MOST, item.filters)
                if len(self._searches) > _KEPT:
                    self._searches.popitem(last=False)
        end = time.monotonic() + _PATIENCE
        while not search.done and time.monotonic() < end:
            await asyncio.sleep(_GLANCE)
        return list(search.found)


class Examples:
    """Questions about the newest articles for the first page, made again when the store has changed.

    As long as they are not tried they are offered as they are; afterwards only those that the articles tell.
    """

    def __init__(
        self,
        trying: Trying,
        generation: Callable[[], int],
        newest: Callable[[], Sequence[Article]],
        count: int,
    ) -> None:
        self._trying = trying
        self._generation = generation
        self._newest = newest
        self._count = count
        self._made: tuple[int, list[str], _Search] | None = None

    def __call__(self) -> list[str]:
        """Give the examples for the store as it is now."""
        generation, made = self._generation(), self._made
        if made is None or made[0] != generation:
            candidates = example_candidates(self._newest(), 3 * self._count)
            offered = [candidate.question for candidate in candidates[: self._count]]
            self._made = made = generation, offered, self._trying.begin(candidates, self._count)
        _, offered, search = made
        return list(search.found) if search.done else offered


def example_candidates(articles: Sequence[Article], count: int) -> list[Candidate]:
    """Make questions from the titles of articles, each in other words than the one before."""
    return [Candidate(question, article.title) for article, question in title_questions(articles, count)]
