"""One line that tells what is going on, and a line for each thing that is done."""

from __future__ import annotations

import shutil
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from scripts.setup.words import step_names

_REDRAW_SECONDS = 0.5
_TELL_SECONDS = 20.0
"""Where lines cannot be drawn again, what goes on is told anew this often, so that nobody takes it for dead."""


class Console:
    """Shows steps that run at the same time; on a terminal in one line that is drawn again and again.

    Elsewhere (a file, a pipe) it is a new line, every ``tell_seconds``.
    """

    def __init__(self, out: TextIO | None = None, tell_seconds: float = _TELL_SECONDS) -> None:
        self._out = sys.stdout if out is None else out
        self._live = self._out.isatty()
        self._lock = threading.Lock()
        self._running: dict[str, tuple[float, str]] = {}
        self._width = 0
        self._ended = threading.Event()
        self._pause = _REDRAW_SECONDS if self._live else tell_seconds
        threading.Thread(target=self._redraw, daemon=True).start()

    @contextmanager
    def step(self, code: str) -> Iterator[None]:
        """Show a step while the block runs, and its seconds when it is done."""
        began = time.monotonic()
        with self._lock:
            self._running[code] = (began, "")
        try:
            yield
        finally:
            with self._lock:
                del self._running[code]
        self.say(f"  {' · '.join(step_names(code))}: {time.monotonic() - began:.0f} s")

    def progress(self, code: str, detail: str) -> None:
        """Tell how far a running step is."""
        with self._lock:
            if code in self._running:
                self._running[code] = (self._running[code][0], detail)

    def say(self, text: str) -> None:
        """Write lines that stay."""
        with self._lock:
            self._write(text)

    def close(self) -> None:
        """Leave no half line behind."""
        self._ended.set()
        with self._lock:
            self._clear()

    def _redraw(self) -> None:
        while not self._ended.wait(self._pause):
            with self._lock:
                if self._running and not self._ended.is_set():
                    if self._live:
                        self._draw()
                    else:
                        self._write(f"  … {self._line()}")

    def _line(self) -> str:
        """What runs, in one line."""
        now = time.monotonic()
        return " | ".join(
            f"{' · '.join(step_names(code))} {detail or f'{now - began:.0f} s'}"
            for code, (began, detail) in self._running.items()
        )

    def _draw(self) -> None:
        line = self._line()
        room = shutil.get_terminal_size().columns - 1
        shown = line if len(line) <= room else f"{line[: room - 1]}…"
        self._out.write(f"\r{shown}{' ' * (self._width - len(shown))}")
        self._width = len(shown)
        self._out.flush()

    def _clear(self) -> None:
        if self._live and self._width:
            self._out.write(f"\r{' ' * self._width}\r")
            self._width = 0
            self._out.flush()

    def _write(self, text: str) -> None:
        self._clear()
        self._out.write(text + "\n")
        self._out.flush()
