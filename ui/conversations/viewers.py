"""Which conversation each open window looks at while an answer is made."""

from __future__ import annotations

import threading
from itertools import count


class Watching:
    """Gives a window's newest look a ticket; an older look, or one at what is no longer on show, holds none."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tickets: dict[str, int] = {}
        self._next = count(1)

    def begin(self, window: str) -> int:
        """Begin to look; the look before ends."""
        with self._lock:
            self._tickets[window] = ticket = next(self._next)
        return ticket

    def holds(self, window: str, ticket: int) -> bool:
        """Say whether a look is still the newest of its window."""
        with self._lock:
            return self._tickets.get(window) == ticket

    def end(self, window: str) -> None:
        """End the look of a window, which shows something else from now on or was closed."""
        with self._lock:
            self._tickets.pop(window, None)
