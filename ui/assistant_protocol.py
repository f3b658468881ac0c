"""Whoever answers, as the window and the servers need it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from index.schema import Filters, Hit
from rag.schema import Event, Turn
from rag.tools.check_text import CheckedText
from rag.tools.table import Limits, Table


class Answers(Protocol):
    """Answers questions."""

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        filters: Filters = Filters(),
        stop: threading.Event | None = None,
    ) -> Iterator[Event]:
        """Answer a question, telling each step as it is done; the last event is Finished."""
        ...


class Surveys(Protocol):
    """Asks many articles at once; ``on_progress`` gets how many of how many steps are done."""

    def table(
        self,
        questions: Sequence[str],
        filters: Filters = Filters(),
        *,
        limits: Limits = Limits(),
        on_progress: Callable[[int, int], None] = ...,
        stop: threading.Event | None = None,
    ) -> Table:
        """Put each question, a column, to every article that speaks of it; ``stop`` ends it early."""
        ...

    def check(
        self,
        text: str,
        filters: Filters = Filters(),
        *,
        on_progress: Callable[[int, int], None] = ...,
        stop: threading.Event | None = None,
    ) -> CheckedText:
        """Hold every sentence of a text against the articles; ``stop`` ends it early."""
        ...


class Assistant(Answers, Surveys, Protocol):
    """Answers, searches, and asks many articles at once."""

    def search(self, question: str, k: int, filters: Filters = Filters()) -> Sequence[Hit]:
        """Find passages without writing an answer."""
        ...
