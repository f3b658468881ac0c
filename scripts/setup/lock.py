"""One start at a time in one place."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.setup.words import SetupError


@contextmanager
def alone(place: Path) -> Iterator[None]:
    """Hold a lock file, which its process loses even when it is killed; raises SetupError where another has it."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("a+b") as file:
        try:
            _take(file.fileno())
        except OSError as error:
            raise SetupError("busy") from error
        yield


def _take(handle: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
