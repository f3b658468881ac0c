"""One start at a time in one place."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.setup.words import SetupError


@contextmanager
def alone(place: Path, *, system: str = sys.platform) -> Iterator[None]:
    """Hold a lock file, which its process loses even when it is killed; raises SetupError where another has it."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("a+b") as file:
        try:
            _take(file.fileno(), system)
        except OSError as error:
            raise SetupError("busy") from error
        yield


def _take(handle: int, system: str) -> None:
    """Take the lock or raise OSError; each system has its own module for it, and the others lack that."""
    if system == "win32":
        windows = importlib.import_module("msvcrt")
        os.lseek(handle, 0, os.SEEK_SET)
        windows.locking(handle, windows.LK_NBLCK, 1)
    else:
        unix = importlib.import_module("fcntl")
        unix.flock(handle, unix.LOCK_EX | unix.LOCK_NB)
