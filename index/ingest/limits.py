"""What reading one file may cost, so that a broken or hostile one never costs the others."""

from __future__ import annotations

import time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that one file may hold, in bytes, and cost: pages and seconds of reading, characters
    and table cells of result.

    ``line_bytes`` bounds a line of ``.jsonl``, which may be of any size as a file; ``unpacked_bytes`` what the parts
    that are read of a packed file (Word, Excel, EPUB …) may have together.
    """

    file_bytes: int = 20_000_000
    line_bytes: int = 20_000_000
    unpacked_bytes: int = 100_000_000
    pages: int = 5_000
    seconds: float = 120.0
    characters: int = 10_000_000
    cells: int = 1_000_000

    def start(self) -> Budget:
        """Begin to count the time of one file."""
        return Budget(self, time.monotonic() + self.seconds)


DEFAULT_LIMITS = Limits()


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

    @property
    def spent(self) -> bool:
        """Whether the time or the size of the result has reached its limit."""
        return (
            self.characters > self.limits.characters
            or self.cells > self.limits.cells
            or time.monotonic() > self.deadline
        )
