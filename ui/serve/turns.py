"""Requests wait for their turn without holding a thread, and get how many come before them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from ui.operation.fair_queue import FairQueue, QueueAtWork

_GLANCE_SECONDS = 1.0
"""How often the place in the queue is looked up for a waiting request."""


@dataclass(slots=True, eq=False)
class Turn:
    """A request that waits, or whose turn it is; ``began`` is when it came, on the clock that never goes back."""

    loop: asyncio.AbstractEventLoop
    began: float = field(default_factory=time.monotonic)
    called: asyncio.Event = field(default_factory=asyncio.Event)

    def call(self) -> None:
        """Let it go on, from whichever thread."""
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self.called.set)


class Turns(QueueAtWork[Turn]):
    """Lets ``at_once`` requests be worked on; the others wait in a line in which persons take turns."""

    def __init__(self, line: FairQueue[Turn], at_once: int) -> None:
        super().__init__(line)
        self._at_once = at_once

    def join(self, person: str) -> Turn:
        """Stand in line; raises LineFullError or TooManyWaitingError where there is no room."""
        turn = Turn(asyncio.get_running_loop())
        with self._lock:
            if len(self._running) >= self._at_once:
                self._line.admit(person)
            self._line.put(person, turn)
            self._call_next()
        return turn

    def leave(self, turn: Turn) -> None:
        """Give a place up, in the line or at work, from whichever thread; once more is harmless."""
        with self._lock:
            self._line.remove(turn)
            self._running.discard(turn)
            self._call_next()

    async def wait(self, turn: Turn) -> AsyncIterator[int]:
        """Wait for the turn, telling how many come before whenever that has changed."""
        reported = 0
        while not turn.called.is_set():
            ahead = self.ahead(turn)
            if ahead and ahead != reported:
                yield ahead
                reported = ahead
            try:
                await asyncio.wait_for(turn.called.wait(), _GLANCE_SECONDS)
            except asyncio.TimeoutError:
                continue

    def _call_next(self) -> None:
        while self._line and len(self._running) < self._at_once:
            following = self._line.take()
            self._running.add(following)
            following.call()
