"""Tickets by which an open window follows something that changes, until it shows something else."""

from __future__ import annotations

import threading
from itertools import count


class ViewTickets:
    """Gives a window's newest request a ticket; an older one, or one for what is no longer shown, expires."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tickets: dict[str, int] = {}
        self._next = count(1)

    def begin(self, window: str) -> int:
        """Give a new ticket; the one before expires."""
        with self._lock:
            self._tickets[window] = ticket = next(self._next)
        return ticket

    def holds(self, window: str, ticket: int) -> bool:
        """Whether a ticket is still the newest of its window."""
        with self._lock:
            return self._tickets.get(window) == ticket

    def end(self, window: str) -> None:
        """Expire the ticket of a window, which shows something else from now on or was closed."""
        with self._lock:
            self._tickets.pop(window, None)


class WindowTickets:
    """The tickets of each open window: for an answer, for suggested questions, for the progress of a sync."""

    def __init__(self) -> None:
        self.watching, self.offering, self.waiting = ViewTickets(), ViewTickets(), ViewTickets()

    def leave(self, window: str) -> None:
        """End all looks of a window."""
        for looks in (self.watching, self.offering, self.waiting):
            looks.end(window)
