"""The writer's lock of a store: one process at a time, known by name; clear errors where the disk refuses."""

from __future__ import annotations

import errno
import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from index.errors import StoreError

_LOCK = "writer.lock"
_HOLDER = "writer.json"
_ASK_AGAIN_SECONDS = 0.25
_UNWRITABLE = (errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EPERM, errno.EDQUOT)


@contextmanager
def held(
    directory: Path, wait_seconds: float = 0, on_wait: Callable[[str], None] = lambda holder: None
) -> Iterator[None]:
    """Hold a store for writing.

    Where another process has it, ``on_wait`` is told which one, and StoreError is raised after ``wait_seconds``.
    """
    with raising_when_unwritable(directory):
        lock = _try_lock(directory, 0)
        if lock is None and wait_seconds > 0:
            on_wait(holder(directory))
            lock = _try_lock(directory, wait_seconds)
    if lock is None:
        raise StoreError(
            f"The store is being written by {holder(directory)}; wait for it to finish or stop it.",
            code="busy",
        )
    with _kept(lock, directory):
        yield


@contextmanager
def held_if_free(directory: Path) -> Iterator[bool]:
    """Lock a store for writing if it is free; gives whether it is locked."""
    lock = _try_lock(directory, 0)
    if lock is None:
        yield False
    else:
        with _kept(lock, directory):
            yield True


def holder(directory: Path) -> str:
    """Name the process that holds a store, as far as it has left word."""
    try:
        content = json.loads((directory / _HOLDER).read_text(encoding="utf-8"))
        return f"process {content['pid']} since {content['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"


@contextmanager
def raising_when_unwritable(directory: Path) -> Iterator[None]:
    """Turn what the system says of a full disk or a closed folder into a sentence; other files speak for themselves."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise _unwritable(directory, error) from error
    except OSError as error:
        elsewhere = error.filename is not None and not _is_in(directory, error.filename)
        if error.errno not in _UNWRITABLE or elsewhere:
            raise
        raise _unwritable(directory, error) from error


def _is_in(directory: Path, name: str | bytes | int) -> bool:
    """Whether an error speaks of the folder or a file in it."""
    if isinstance(name, int):
        return False
    return Path(os.fsdecode(name)).resolve().is_relative_to(directory.resolve())


def _unwritable(directory: Path, error: Exception) -> StoreError:
    """Say why a store cannot be written, and what to do."""
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    closed = "readonly" in reason or getattr(error, "errno", 0) in (errno.EROFS, errno.EACCES, errno.EPERM)
    remedy = (
        "Give yourself the right to write in that folder, or choose another with --store"
        if closed
        else "Make room on its disk and run the command again"
    )
    return StoreError(
        f"The store in {directory} cannot be written ({reason}). {remedy}: what was stored is kept.",
        code="closed" if closed else "full",
    )


@contextmanager
def _kept(lock: FileLock, directory: Path) -> Iterator[None]:
    """Leave word who holds the store, and let it go in the end."""
    since = datetime.now().astimezone().isoformat(timespec="seconds")
    holder_file = directory / _HOLDER
    try:
        with suppress(OSError):  # no room for a line; that the store is held is what counts
            holder_file.write_text(json.dumps({"pid": os.getpid(), "since": since}), encoding="utf-8")
        yield
    finally:
        holder_file.unlink(missing_ok=True)
        lock.release()


def _try_lock(directory: Path, wait_seconds: float) -> FileLock | None:
    """Take the writer's lock, which its process loses even when it is killed; ``None`` where another has it."""
    lock = FileLock(directory / _LOCK)
    try:
        lock.acquire(timeout=wait_seconds, poll_interval=_ASK_AGAIN_SECONDS)
    except Timeout:
        return None
    return lock
