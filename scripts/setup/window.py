"""The window is opened by the program that was installed."""

from __future__ import annotations

import os
import socket
import subprocess
import webbrowser
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from scripts.setup.console import Console
from scripts.setup.system import System, can_show_browser, child_variables, first_address
from scripts.setup.words import note
from ui.settings.owner import read_opened

_ENDING_SECONDS = 5.0
_CONNECT_SECONDS = 2.0


def show_opened(store: Path, console: Console, system: System, *, browser: bool) -> bool:
    """Show the window that is open on a store already; false where none is."""
    opened = read_opened(store / "window")
    if opened is None:
        return False
    place = urlsplit(opened.address)
    try:
        socket.create_connection((place.hostname or "", place.port or 80), _CONNECT_SECONDS).close()
    except OSError:
        return False
    link = opened.link()
    console.say(note("open_already", address=link))
    if browser and can_show_browser(system, os.environ):
        webbrowser.open(link)
    return True


def open_window(
    python: Path,
    root: Path,
    console: Console,
    system: System,
    options: Sequence[str],
    *,
    browser: bool,
) -> int:
    """Serve the window until it is ended; a browser is opened at its address where there is one to see.

    ``options`` are those of ``hoidap ui``.
    """
    command = [str(python), "-m", "ui.cli", "ui", *options]
    window = subprocess.Popen(
        command, cwd=root, env=child_variables(os.environ), stdout=subprocess.PIPE,
        text=True, encoding="utf-8", errors="replace",
    )  # fmt: skip
    assert window.stdout is not None
    opened = not (browser and can_show_browser(system, os.environ))
    try:
        for line in window.stdout:
            console.say(line.rstrip("\n"))
            if not opened and (address := first_address(line)):
                opened = True
                webbrowser.open(address)
        return window.wait()
    except KeyboardInterrupt:  # on a terminal the window has heard it too, and ends by itself
        return 0
    finally:
        try:
            window.wait(_ENDING_SECONDS)
        except subprocess.TimeoutExpired:
            window.terminate()
            window.wait()
        window.stdout.close()
