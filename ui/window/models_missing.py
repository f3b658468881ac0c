"""A window whose models are not here yet, or whose store is damaged: it opens all the same, so that they can be fetched
in its settings, and the store be mended on the page of articles.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

from index.errors import IndexingError, StoreError
from index.ingest.limits import DEFAULT_LIMITS
from index.ingest.read_files import SUFFIXES
from index.schema import Article
from index.store.database.records import ArticleInfo, Counts
from ui.articles.trash import Removed


@dataclass(frozen=True, slots=True)
class UnreadyAssistant:
    """Answers every question with what is missing."""

    reason: IndexingError

    def ask(self, *asked: Any, **bounds: Any) -> NoReturn:  # noqa: ANN401 (whatever is asked)
        """Raise the reason."""
        raise self.reason

    table = check = ask


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

    def removed(self) -> Sequence[Removed]:
        """Nothing was taken out."""
        return ()

    def add(self, *given: Any) -> NoReturn:  # noqa: ANN401 (whatever is to be changed)
        """Raise the reason."""
        raise self.reason

    remove = restore = sync = add
