"""The answers that are being made right now, one a browser window."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class Run:
    """An answer being made; ``abandoned`` means that its window shows something else by now."""

    stop: threading.Event = field(default_factory=threading.Event)
    abandoned: bool = False


class Runs:
    """Finds the run of a window, so that Stop and a change of conversation reach it from another thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._runs: dict[str, Run] = {}

    def start(self, window: str) -> Run | None:
        """Begin a run; ``None`` while the window has one already."""
        with self._lock:
            if window in self._runs:
                return None
            self._runs[window] = run = Run()
            return run

    def stop(self, window: str) -> bool:
        """Ask the window's run to end; say whether there is one."""
        with self._lock:
            run = self._runs.get(window)
        if run is not None:
            run.stop.set()
        return run is not None

    def abandon(self, window: str) -> None:
        """End the window's run and keep it from showing anything more."""
        with self._lock:
            run = self._runs.pop(window, None)
        if run is not None:
            run.abandoned = True
            run.stop.set()

    def finish(self, window: str, run: Run) -> None:
        """Forget a run that has ended by itself."""
        run.stop.set()
        with self._lock:
            if self._runs.get(window) is run:
                del self._runs[window]
