"""A prompt becomes text, piece by piece."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

_POLL_SECONDS = 0.05  # how late a stop may be seen; well inside the 0.2 s that are promised


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a chat; ``text`` is data: nothing in it can become a control token."""

    role: Literal["system", "user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """The messages, and the words with which the model's reply is made to begin.

    The pieces of the reply do not repeat ``reply_prefix``: the whole reply is the prefix and the pieces.
    """

    messages: tuple[Message, ...]
    reply_prefix: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """``ahead`` generations run or wait before this one."""

    ahead: int


@dataclass(frozen=True, slots=True)
class Started:
    """The worker has taken the prompt."""

    prompt_tokens: int


@dataclass(frozen=True, slots=True)
class StartedAgain:
    """What was written so far does not count: the reply is written anew, by another server."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Whole characters of the reply, how many tokens they are, and the sum of the tokens' log-probabilities.

    ``logprob`` is natural, and ``None`` where the model does not tell.
    """

    text: str
    tokens: int
    logprob: float | None


@dataclass(frozen=True, slots=True)
class Cut:
    """The reply ended before the model had ended it: its time was up, or ``max_tokens`` were written."""

    why: Literal["time", "length"]


GenerationEvent: TypeAlias = Waiting | Started | StartedAgain | Piece | Cut


class Generator(Protocol):
    """A language model that writes one reply at a time."""

    @property
    def name(self) -> str:
        """Model id and the first digits of its hash, or the server's model."""
        ...

    @property
    def context_tokens(self) -> int:
        """Prompt and reply together may not be longer than this."""
        ...

    @property
    def trained(self) -> bool:
        """Whether it was taught the tasks of ``rag.writer.instructions``, and is asked in their words."""
        ...

    def count_tokens(self, text: str) -> int:
        """Length of a text in the model's tokens."""
        ...

    def generate(
        self, prompt: Prompt, *, max_tokens: int, stop: threading.Event, seconds: float
    ) -> Iterator[GenerationEvent]:
        """Write greedily until the model ends, ``max_tokens``, ``stop`` or the time limit.

        ``stop`` ends it within 0.2 s, also while the prompt is evaluated; ``Cut`` is the last event after a limit.
        Raises GenerationError when the prompt does not fit, the model fails, or nothing is written in time.
        """
        ...


class Relay:
    """Events on their way from the thread that makes them to the one that reads them."""

    def __init__(self) -> None:
        self._events: queue.SimpleQueue[GenerationEvent | BaseException | None] = queue.SimpleQueue()

    def send(self, event: GenerationEvent) -> None:
        """Pass an event on; never waits."""
        self._events.put(event)

    def close(self, error: BaseException | None = None) -> None:
        """Nothing more comes; ``error`` is raised in the reading thread."""
        self._events.put(error)

    def receive(self, is_over: Callable[[], bool]) -> Iterator[GenerationEvent | None]:
        """Yield the events as they come, and ``None`` whenever 0.05 s passed without one.

        Ends when the sender closes, or soon after ``is_over`` holds.
        """
        while not is_over():
            try:
                event = self._events.get(timeout=_POLL_SECONDS)
            except queue.Empty:
                yield None
                continue
            if isinstance(event, BaseException):
                raise event
            if event is None:
                return
            yield event
