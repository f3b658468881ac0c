"""A window whose models are not here yet, or whose store is damaged: it opens all the same, so that they can be fetched
in its settings, and the store be mended on the page of articles.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from index.errors import IndexingError, StoreError
from index.ingest.limits import DEFAULT_LIMITS
from index.ingest.read_files import SUFFIXES
from index.schema import Article, Filters
from index.store.database.records import Counts
from index.sync.sync import SyncProgress
from rag.schema import Event, Turn
from rag.tools.check_text import CheckedText
from rag.tools.table import Limits, Table
from ui.articles.library import ArticleInfo, Synced
from ui.articles.trash import Removed


@dataclass(frozen=True, slots=True)
class UnreadyAssistant:
    """Answers every question with what is missing."""

    reason: IndexingError

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        filters: Filters = Filters(),
        stop: threading.Event | None = None,
    ) -> Iterator[Event]:
        """Raise the reason."""
        raise self.reason

    def table(
        self,
        questions: Sequence[str],
        filters: Filters = Filters(),
        *,
        limits: Limits = Limits(),
        on_progress: Callable[[int, int], None] = lambda done, total: None,
        stop: threading.Event | None = None,
    ) -> Table:
        """Raise the reason."""
        raise self.reason

    def check(
        self,
        text: str,
        filters: Filters = Filters(),
        *,
        on_progress: Callable[[int, int], None] = lambda done, total: None,
        stop: threading.Event | None = None,
    ) -> CheckedText:
        """Raise the reason."""
        raise self.reason


@dataclass(frozen=True, slots=True)
class UnreadyLibrary:
    """An empty collection that can take nothing in before the model is here or the store is mended."""

    reason: IndexingError
    suffixes: tuple[str, ...] = SUFFIXES
    max_bytes: int = DEFAULT_LIMITS.file_bytes
    last_sync: datetime | None = None

    @property
    def fault(self) -> IndexingError | None:
        """The store's damage; a model that is not here is none."""
        return self.reason if isinstance(self.reason, StoreError) else None

    def counts(self) -> Counts:
        """Count nothing."""
        return Counts(0, 0, 0)

    def search(self, text: str) -> Sequence[ArticleInfo]:
        """Find nothing."""
        return ()

    def sources(self) -> Sequence[str]:
        """Name nothing."""
        return ()

    def article(self, article_id: str) -> Article | None:
        """There is none."""
        return None

    def original(self, article_id: str) -> Path | None:
        """There is none."""
        return None

    def add(self, name: str, path: Path) -> None:
        """Raise the reason."""
        raise self.reason

    def remove(self, article_id: str) -> None:
        """Raise the reason."""
        raise self.reason

    def removed(self) -> Sequence[Removed]:
        """Nothing was taken out."""
        return ()

    def restore(self, article_id: str) -> None:
        """Raise the reason."""
        raise self.reason

    def sync(self, on_progress: Callable[[SyncProgress], None]) -> Synced:
        """Raise the reason."""
        raise self.reason
