"""Runs the language model and collects its draft: text, token counts, log-probability, timings."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from rag.schema import Delta, Event, Queued, Restarted
from rag.timing import Stages
from rag.writer.generator import Cut, Generator, Piece, Prompt, Started, StartedAgain, Waiting


@dataclass(slots=True)
class Draft:
    """What the generator has written so far, and what it cost; ``logprob`` is ``None`` where it is unknown.

    ``first_token`` counts seconds from the beginning of the question.
    """

    text: str = ""
    prompt_tokens: int = 0
    output_tokens: int = 0
    logprob: float | None = 0.0
    first_token: float | None = None
    cut: Literal["time", "length"] | None = None

    @property
    def mean_logprob(self) -> float | None:
        """Mean log-probability of a written token, ``None`` where nothing was written or it is unknown."""
        return self.logprob / self.output_tokens if self.logprob is not None and self.output_tokens else None

    def add(self, piece: Piece) -> None:
        """Take in what was written."""
        self.text += piece.text
        self.output_tokens += piece.tokens
        both = self.logprob is not None and piece.logprob is not None
        self.logprob = self.logprob + piece.logprob if both else None  # type: ignore[operator]


@dataclass(frozen=True, slots=True)
class Writing:
    """How one reply is written: at most so many tokens and seconds, until ``stop``.

    ``began`` is the moment of the question on the clock that never goes back.
    """

    max_tokens: int
    seconds: float
    stop: threading.Event
    began: float


def write(
    generator: Generator, prompt: Prompt, writing: Writing, draft: Draft, stages: Stages
) -> Iterator[Event]:
    """Let the model write into ``draft``; yields an event for each piece.  Raises GenerationError."""
    requested, started = time.monotonic(), 0.0
    try:
        for event in generator.generate(
            prompt, max_tokens=writing.max_tokens, stop=writing.stop, seconds=writing.seconds
        ):
            match event:
                case Waiting(ahead):
                    yield Queued(ahead)
                case Started(prompt_tokens):
                    if not started:
                        started = time.monotonic()
                        stages.add("waiting", started - requested)
                    draft.prompt_tokens += prompt_tokens
                case StartedAgain():
                    draft.text, draft.first_token = "", None
                    yield Restarted()
                case Piece():
                    if draft.first_token is None:
                        draft.first_token = time.monotonic() - writing.began
                    draft.add(event)
                    if event.text:
                        yield Delta(event.text)
                case Cut(why):
                    draft.cut = why
    finally:
        stages.add("write", time.monotonic() - (started or requested))
