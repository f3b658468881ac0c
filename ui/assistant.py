"""Whoever answers, as the window and the servers need it."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from typing import Protocol

from index.schema import Filters, Hit
from rag.schema import Event, Turn


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


class Assistant(Answers, Protocol):
    """Answers and searches."""

    def search(self, question: str, k: int, filters: Filters = Filters()) -> Sequence[Hit]:
        """Find passages without writing an answer."""
        ...
