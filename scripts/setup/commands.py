"""Other programs are run with their words in a log, and what they say of a failure is understood."""

from __future__ import annotations

import os
import re
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from scripts.setup.system import child_variables
from scripts.setup.words import SetupError, step_names

Command: TypeAlias = "Sequence[str | os.PathLike[str]]"
_CAUSES = (
    ("disk_full", r"No space left on device|not enough space on the disk|WinError 112|os error (28|112)"),
    ("long_path", r"WinError 206|File name too long|filename or extension is too long|os error 206"),
    ("proxy", r"ProxyError|407 Proxy|Tunnel connection failed|Proxy Authentication"),
    ("certificate", r"CERTIFICATE_VERIFY_FAILED|invalid peer certificate|SSLError|SELF_SIGNED"),
    (
        "network",
        r"Name or service not known|getaddrinfo failed|name resolution|dns error|Network is unreachable|"
        r"Connection refused|Connection reset|[Tt]imed out|No route to host",
    ),
    ("network", r"NewConnectionError|error sending request|Failed to establish"),  # tell less
    (
        "permission",
        r"PermissionError|Permission denied|Read-only file system|Access is denied|"
        r"WinError (5|32)\b|os error (5|13|30|32)\b",
    ),
)


class Commands:
    """Runs programs in a folder; all of them end when a ``with`` block of it fails or is interrupted."""

    def __init__(self, folder: Path, log: Path) -> None:
        self.folder, self.log = folder, log
        self._running: set[subprocess.Popen[str]] = set()
        self._lock = threading.Lock()
        self._stopped = False

    def __enter__(self) -> Commands:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            self.stop()

    def run(
        self,
        step: str,
        command: Command,
        variables: Mapping[str, str] | None = None,
        on_line: Callable[[str], None] = lambda line: None,
    ) -> str:
        """Run a program to its end and give what it said; raises SetupError with its reason where it failed."""
        code, output = self.attempt(command, variables, on_line)
        if code != 0:
            raise failure(step, output, self.log)
        return output

    def attempt(
        self,
        command: Command,
        variables: Mapping[str, str] | None = None,
        on_line: Callable[[str], None] = lambda line: None,
        seconds: float | None = None,
    ) -> tuple[int, str]:
        """Run a program to its end; its exit code (negative: the signal that ended it) and what it said.

        One that takes longer than ``seconds`` is ended, and its last line says so.
        """
        words, began = [str(word) for word in command], time.monotonic()
        with self._lock:
            if self._stopped:
                return 1, "stopped"
            process = subprocess.Popen(
                words, cwd=self.folder, env=child_variables({**os.environ, **(variables or {})}),
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                text=True, encoding="utf-8", errors="replace",
            )  # fmt: skip
            self._running.add(process)
        lines: list[str] = []
        assert process.stdout is not None
        clock = threading.Timer(seconds or 0, process.kill)
        if seconds is not None:
            clock.start()
        for line in process.stdout:
            lines.append(line)
            on_line(line.rstrip("\n"))
        code = process.wait()
        clock.cancel()
        if seconds is not None and code != 0 and time.monotonic() - began >= seconds:
            lines.append(f"timed out after {seconds:g} s\n")
        process.stdout.close()
        with self._lock:
            self._running.discard(process)
            self.log.parent.mkdir(parents=True, exist_ok=True)
            with self.log.open("a", encoding="utf-8") as log:
                log.write(f"$ {' '.join(words)}\n{''.join(lines)}-> {code}\n\n")
        return code, "".join(lines)

    def stop(self) -> None:
        """End every program that still runs and start none any more."""
        with self._lock:
            self._stopped = True
            for process in self._running:
                process.terminate()


def failure(step: str, output: str, log: Path) -> SetupError:
    """Understand why a program failed."""
    reason = last_line(output)
    if known := cause(output):
        return SetupError(known[0], reason=known[1])
    vietnamese, english = step_names(step)
    return SetupError("step_failed", step=vietnamese, step_en=english, reason=reason, log=log)


def cause(output: str) -> tuple[str, str] | None:
    """The known cause in what a program or the system says, with the words that tell it."""
    for code, pattern in _CAUSES:
        if found := re.search(pattern, output):
            return code, found[0]
    return None


def last_line(output: str) -> str:
    """The line of a tool's output that tells the reason: its last error, or its last line."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if line.lower().startswith(("error", "e:", "× "))]
    return (errors or lines or ["no reason given"])[-1][:200]
