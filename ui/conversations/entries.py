"""What is kept of a conversation: questions, their answers, and what people think of those."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from index.schema import Filters
from rag.schema import Answer
from ui.errors import WindowError


class GoneError(WindowError):
    """A conversation or answer is not there any more, or belongs to somebody else."""


@dataclass(frozen=True, slots=True)
class Rating:
    """What a user thinks of an answer; ``correction`` is the right answer in the user's words, if given."""

    good: bool
    comment: str = ""
    correction: str = ""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and its answer as kept: the answer's articles hold only the passages that were read."""

    id: int
    asked: datetime
    software: str
    answer: Answer
    rating: Rating | None = None
    filters: Filters = Filters()

    @property
    def question(self) -> str:
        """As it was typed."""
        return self.answer.question


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question that was sent and has no answer: it waits, or else ``problem`` names what went wrong.

    ``detail`` is the technical message of it, ``tries`` counts how often its answer was begun.
    """

    id: int
    conversation: str
    asked: datetime
    question: str
    filters: Filters = Filters()
    problem: str = ""
    detail: str = ""
    tries: int = 0


Entry: TypeAlias = "Exchange | Unanswered"


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation in the list; ``updated`` is in UTC."""

    id: str
    title: str
    updated: datetime
