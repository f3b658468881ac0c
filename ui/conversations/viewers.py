"""What each open window looks at while it changes."""

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


class Looks:
    """What each open window looks at: an answer, what could be asked next, how far the articles are read."""

    def __init__(self) -> None:
        self.watching, self.offering, self.waiting = Watching(), Watching(), Watching()

    def leave(self, window: str) -> None:
        """End all looks of a window."""
        for looks in (self.watching, self.offering, self.waiting):
            looks.end(window)
