"""The corpus page's library over a real store."""

from __future__ import annotations

import dataclasses
import os
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from index.encoding.encoder import Encoder
from index.errors import IndexingError, StoreError
from index.folders import UPLOADED, path_of
from index.ingest.limits import DEFAULT_LIMITS
from index.ingest.read_files import SUFFIXES
from index.platform import portable_name, replace
from index.schema import Article
from index.store.database.records import ArticleInfo, Counts
from index.store.store import Store
from index.sync.sync import SyncProgress, sync
from ui.articles.library import Synced
from ui.articles.sync_record import SyncRecord
from ui.articles.title_search import TitleSearch
from ui.articles.trash import Removed, Trash

_WAIT_SECONDS = 5.0
"""How long a click waits for another process, such as one that follows the folder, to finish writing."""


class StoreLibrary:
    """Articles of one store; what a person adds lies in the store, and their own folder is never written to."""

    def __init__(
        self, store: Store, encoder: Encoder, folders: Callable[[], Sequence[Path]] | None = None
    ) -> None:
        self._store = store
        self._folders = folders or (lambda: [*store.database.folders.values()])
        self._encoder = encoder
        self._titles: tuple[int, TitleSearch] | None = None
        self._bin = Trash(store.directory / "removed")
        self.record = SyncRecord()

    @property
    def suffixes(self) -> tuple[str, ...]:
        """Endings of the files that can be added, each with its dot."""
        return SUFFIXES

    @property
    def max_bytes(self) -> int:
        """Size limit of one added file."""
        return DEFAULT_LIMITS.file_bytes

    @property
    def last_sync(self) -> datetime | None:
        """When the folder was last read in full."""
        return self._store.database.last_sync

    @property
    def fault(self) -> IndexingError | None:
        """What keeps the store from being read, ``None`` where nothing does."""
        try:
            self._store.database.counts()
        except IndexingError as error:
            return error
        return None

    def counts(self) -> Counts:
        """Count articles and passages."""
        return self._store.database.counts()

    def search(self, text: str) -> Sequence[ArticleInfo]:
        """Give the articles whose title or source holds every word of a text; all of them for an empty one."""
        return self._newest_titles().matching(text)

    def sources(self) -> Sequence[str]:
        """Give the sources worth choosing as a filter."""
        return self._newest_titles().sources

    def article(self, article_id: str) -> Article | None:
        """Give an article, ``None`` when there is none of that id."""
        try:
            return self._store.database.article(article_id)
        except StoreError:
            return None

    def original(self, article_id: str) -> Path | None:
        """Give the file that an article was read from; never one outside the folders and the uploads."""
        database = self._store.database
        file = database.file_of(article_id)
        if file is None:
            return None
        path = path_of(file, {**database.folders, UPLOADED: self._store.uploads})
        return path if path is not None and path.is_file() else None

    def add(self, name: str, path: Path) -> None:
        """Copy a file among the uploads under a name that is free; a sync then reads it."""
        shutil.copyfile(path, self._free_place(name))

    def remove(self, article_id: str) -> None:
        """Take an article out of the collection, into the trash; a file of the folder itself is never touched."""
        database = self._store.database
        with self._store.writing(_WAIT_SECONDS):
            file = database.file_of(article_id)
            if file is None:
                raise StoreError(f"The store holds no article {article_id!r}.", code="gone")
            title = database.article(article_id).title
            if file.startswith(UPLOADED) and len(database.digests(file)) == 1:
                database.remove_file(file)
                self._bin.put(article_id, title, file, self._store.uploads / file.removeprefix(UPLOADED))
            else:
                database.leave_out(article_id)
                self._bin.put(article_id, title, file, None)
            self._store.refresh()

    def removed(self) -> Sequence[Removed]:
        """List what was taken out, the latest first."""
        return self._bin.all()

    def restore(self, article_id: str) -> None:
        """Put back what was taken out; a sync then reads it."""
        with self._store.writing(_WAIT_SECONDS):
            taken = self._bin.take(article_id)
            if taken is None:
                raise StoreError(f"The store holds no article {article_id!r}.", code="gone")
            item, path = taken
            if path is not None and path.is_file():
                replace(path, self._free_place(item.file.removeprefix(UPLOADED)))
            else:
                self._store.database.take_back(article_id, item.file)

    def sync(self, on_progress: Callable[[SyncProgress], None]) -> Synced:
        """Make the store equal to its folders and the uploads.

        An upload of which nothing can be read is not kept: nobody could take it away otherwise, and every later sync
        would tell of it.  A store without a folder reads the uploads alone.
        """
        try:
            report = sync(
                self._store, self._folders(), self._encoder, on_progress, wait_seconds=_WAIT_SECONDS
            )
        except (IndexingError, OSError) as error:
            self.record.failed(str(error))
            raise
        self.record.done(report)
        database = self._store.database
        failed = []
        for problem in report.problems:
            name = problem.source.removeprefix(UPLOADED)
            failed.append(dataclasses.replace(problem, source=name))
            if problem.source.startswith(UPLOADED) and not database.digests(problem.source):
                (self._store.uploads / name).unlink(missing_ok=True)
        return Synced(
            added=report.added,
            updated=report.changed + report.moved,
            removed=report.removed,
            failed=tuple(failed),
            passed_over=tuple(Counter(item.kind for item in report.passed_over).most_common()),
        )

    def _free_place(self, name: str) -> Path:
        """Give a path among the uploads that no file has yet."""
        safe = portable_name(name) or "tep.txt"
        self._store.uploads.mkdir(mode=0o700, exist_ok=True)
        stem, suffix = os.path.splitext(safe)
        target, number = self._store.uploads / safe, 2
        while target.exists():
            target, number = self._store.uploads / f"{stem} ({number}){suffix}", number + 1
        return target

    def _newest_titles(self) -> TitleSearch:
        """Read the list of articles again only when the store has changed, by whichever process."""
        generation = self._store.database.generation
        held = self._titles
        if held is None or held[0] != generation:
            self._titles = held = generation, TitleSearch(self._store.database.articles())
        return held[1]
