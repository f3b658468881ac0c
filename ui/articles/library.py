"""The interface through which the page of articles sees the articles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from index.errors import IndexingError
from index.ingest.list_folder import Unreadable
from index.schema import Article
from index.store.database.records import ArticleInfo, Counts
from index.sync.sync import SyncProgress
from ui.articles.trash import Removed


@dataclass(frozen=True, slots=True)
class Synced:
    """What a sync did; ``failed`` is what could not be read, whole or in part, by the names of the files.

    ``passed_over`` counts what is no document by its kind, as ``index.ingest.list_folder.PassedOver`` names it.
    """

    added: int
    updated: int
    removed: int
    failed: tuple[Unreadable, ...] = ()
    passed_over: tuple[tuple[str, int], ...] = ()


class Library(Protocol):
    """The articles as a person sees and changes them.

    Every method may be called from any thread and raises IndexingError with its remedy.
    """

    @property
    def suffixes(self) -> tuple[str, ...]:
        """Endings of the files that can be added, each with its dot."""
        ...

    @property
    def max_bytes(self) -> int:
        """Size limit of one added file."""
        ...

    @property
    def last_sync(self) -> datetime | None:
        """When the folder was last read in full, with a time zone."""
        ...

    @property
    def fault(self) -> IndexingError | None:
        """What keeps the store from being read, ``None`` where nothing does."""
        ...

    def counts(self) -> Counts:
        """Count articles and passages."""
        ...

    def search(self, text: str) -> Sequence[ArticleInfo]:
        """Give the articles whose title or source holds every word of a text; all of them for an empty one."""
        ...

    def sources(self) -> Sequence[str]:
        """Give the sources worth choosing as a filter: folders, then files, not more than a list can show."""
        ...

    def article(self, article_id: str) -> Article | None:
        """Give an article, ``None`` when there is none of that id."""
        ...

    def original(self, article_id: str) -> Path | None:
        """Give the file that an article was read from, ``None`` when there is none any more."""
        ...

    def add(self, name: str, path: Path) -> None:
        """Copy a file into the folder under a file name that is free; a sync then reads it."""
        ...

    def remove(self, article_id: str) -> None:
        """Take an article out of the collection; the file of the folder stays."""
        ...

    def removed(self) -> Sequence[Removed]:
        """List what was taken out and can be put back, the latest first."""
        ...

    def restore(self, article_id: str) -> None:
        """Put back what was taken out; a sync then reads it."""
        ...

    def sync(self, on_progress: Callable[[SyncProgress], None]) -> Synced:
        """Bring the store in line with the folder, reporting how far that is."""
        ...
