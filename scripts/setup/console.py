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


class Console:
    """Shows steps that run at the same time; on a terminal in one line that is drawn again and again."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = sys.stdout if out is None else out
        self._live = self._out.isatty()
        self._lock = threading.Lock()
        self._running: dict[str, tuple[float, str]] = {}
        self._width = 0
        self._ended = threading.Event()
        if self._live:
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
        while not self._ended.wait(_REDRAW_SECONDS):
            with self._lock:
                if self._running and not self._ended.is_set():
                    self._draw()

    def _draw(self) -> None:
        now = time.monotonic()
        line = " | ".join(
            f"{' · '.join(step_names(code))} {detail or f'{now - began:.0f} s'}"
            for code, (began, detail) in self._running.items()
        )
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
