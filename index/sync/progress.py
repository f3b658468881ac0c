"""How far a sync is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SyncProgress:
    """How far a sync is; ``total_bytes`` counts the files that have to be read, ``chunks`` what was encoded.

    ``file`` is the source of the file that is being read, ``page`` how many of its ``pages`` are (0: not told).
    """

    done_bytes: int
    total_bytes: int
    articles: int
    chunks: int
    file: str = ""
    page: int = 0
    pages: int = 0


class Progress:
    """Counts what is stored, and what of a batch is encoded already."""

    def __init__(self, total: int, report: Callable[[SyncProgress], None]) -> None:
        self._total, self._report = total, report
        self._done = self._articles = self._chunks = self._encoded = 0
        self._file = ""
        self._page = self._pages = 0

    def begins(self, file: str) -> None:
        """Note which file is being read."""
        self._file = file
        self.turns(0, 0)

    def turns(self, page: int, pages: int) -> None:
        """Note which page of the file is read; also called again while nothing comes, so that a stop is heard."""
        self._page, self._pages = page, pages
        self._tell(self._done)

    def passed(self, size: int) -> None:
        """Count bytes of articles that need no encoding."""
        self._done += size
        self._tell(self._done)

    def encoded(self, count: int, of: int, size: int) -> None:
        """Count chunks of a batch of so many, and so many bytes, that is not stored yet."""
        self._encoded += count
        self._tell(self._done + size * self._encoded // of)

    def stored(self, articles: int, chunks: int, size: int) -> None:
        """Count a whole batch."""
        self._done += size
        self._articles += articles
        self._chunks += chunks
        self._encoded = 0
        self._tell(self._done)

    def _tell(self, done: int) -> None:
        chunks = self._chunks + self._encoded
        self._report(
            SyncProgress(done, self._total, self._articles, chunks, self._file, self._page, self._pages)
        )
