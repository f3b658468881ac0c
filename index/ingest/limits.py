"""What reading one file may cost, so that a broken or hostile one never costs the others."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeAlias

from index.errors import ArticleError

OnPage: TypeAlias = Callable[[int, int], None]
"""Called with the pages of a file that are read, and how many there are (0: unknown)."""


def ignore_progress(done: int, total: int) -> None:
    """A progress callback that does nothing."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that one file may hold and cost: bytes, pages, seconds of the processor, characters and cells read.

    ``line_bytes`` bounds a line of ``.jsonl``, which may be of any size as a file; ``unpacked_bytes`` the parts
    that are read of a packed file (Word, Excel, EPUB …) together; pages that text recognition reads are bounded by
    ``recognised_pages`` in place of seconds.  ``silent_seconds`` by the clock without a page or an article, and
    ``memory_bytes``, end a reader that runs in a process of its own.  ``on_page`` hears how far a reader is.
    """

    file_bytes: int = 20_000_000
    line_bytes: int = 20_000_000
    unpacked_bytes: int = 100_000_000
    pages: int = 5_000
    recognised_pages: int = 500
    seconds: float = 180.0
    characters: int = 10_000_000
    cells: int = 1_000_000
    silent_seconds: float = 300.0
    memory_bytes: int = 1_500_000_000
    on_page: OnPage = field(default=ignore_progress, compare=False)

    def start(self) -> Budget:
        """Begin to count the processor time of one file: what else runs on the machine cuts no file short."""
        return Budget(self, time.thread_time() + self.seconds)


DEFAULT_LIMITS = Limits()


def unpacks_too_large(limits: Limits) -> ArticleError:
    """Say that a packed file holds more than the limit."""
    return ArticleError(
        f"it unpacks to more than {limits.unpacked_bytes / 1e6:.0f} MB; split it into smaller files",
        code="too-big",
    )


def locked_by_password() -> ArticleError:
    """Say that a file cannot be read without its password."""
    return ArticleError("it is locked by a password; save an unlocked copy", code="locked")


@dataclass(slots=True)
class Budget:
    """What is left of the limits while one file is read: a reader stops where ``spent`` and tells where."""

    limits: Limits
    deadline: float
    characters: int = 0
    cells: int = 0

    def take(self, characters: int, cells: int = 0) -> None:
        """Count text and cells that were read."""
        self.characters += characters
        self.cells += cells

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Do not count the time of what is bounded otherwise (text recognition: by its pages)."""
        started = time.thread_time()
        yield
        self.deadline += time.thread_time() - started

    @property
    def spent(self) -> bool:
        """Whether the time or the size of the result has reached its limit."""
        return (
            self.characters > self.limits.characters
            or self.cells > self.limits.cells
            or time.thread_time() > self.deadline
        )
