"""An assistant that writes a word and goes on when a gate opens, and a wait for what happens in the background."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from answer_maker import answer

from index.errors import StoreError
from index.schema import Filters
from rag.schema import Delta, Event, Finished, Found, Turn


@dataclass
class GatedAssistant:
    """Finds, writes a word, and goes on when ``gate`` opens; it keeps what was ``asked`` and after which questions.

    A question holding ``hỏng`` fails, one holding ``nổ`` in an unknown way.
    """

    gate: threading.Event = field(default_factory=threading.Event)
    asked: list[str] = field(default_factory=list)
    before: list[tuple[str, ...]] = field(default_factory=list)

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        filters: Filters = Filters(),
        stop: threading.Event | None = None,
    ) -> Iterator[Event]:
        self.before.append(tuple(turn.question for turn in history))
        self.asked.append(question)
        yield Found(f"{question} (đầy đủ)", answer(question).passages, None)
        yield Delta("Toàn ")
        while not self.gate.wait(0.01):
            if stop is not None and stop.is_set():
                yield Finished(answer(question, "", refused=True))
                return
        if "hỏng" in question:
            raise StoreError("Damaged search files in kho.")
        if "nổ" in question:
            raise RuntimeError("?")
        yield Finished(answer(question))


def until(true: Callable[[], bool], seconds: float = 30) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.005)
