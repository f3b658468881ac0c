"""Make a store equal to its folders, reading and encoding only what has changed.

Articles are stored a batch at a time, each batch in one transaction, and what is gone from the folders is
removed last: whenever a sync is cut short, every article is as it was or as it is to be, and the next sync
does the rest.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from index.encoding.encoder import Encoder
from index.errors import StoreError
from index.folders import list_folders, named_folders
from index.ingest.list_folder import PassedOver, Unreadable
from index.ingest.programs import installed_programs
from index.ingest.read_files import READING
from index.store.database.database import Database
from index.store.store import Store
from index.sync.plan import Plan, make_plan, old_problems
from index.sync.progress import Progress, SyncProgress
from index.sync.store_articles import OpenReader, read_here, store_articles

__all__ = ["ChangedFiles", "SyncProgress", "SyncReport", "sync"]


@dataclass(frozen=True, slots=True)
class ChangedFiles:
    """Which files a sync found to be new, changed, moved (from, to) and removed, by their sources."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    moved: tuple[tuple[str, str], ...] = ()
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What a sync did, in files; ``problems`` are what could not be read, also when found by an earlier sync.

    ``postponed`` files could not be opened, or changed while they were read: another sync may read them.
    ``passed_over`` is what is no document, ``left_out`` counts articles that a person took out of the store.
    """

    added: int
    changed: int
    moved: int
    removed: int
    unchanged: int
    articles: int
    chunks: int
    problems: tuple[Unreadable, ...]
    seconds: float
    postponed: int = 0
    files: ChangedFiles = ChangedFiles()
    passed_over: tuple[PassedOver, ...] = ()
    left_out: int = 0


def sync(
    store: Store,
    folders: Path | Sequence[Path],
    encoder: Encoder,
    on_progress: Callable[[SyncProgress], None] = lambda progress: None,
    *,
    wait_seconds: float = 0,
    on_wait: Callable[[str], None] = lambda holder: None,
    allow_empty: bool = False,
    open_reader: OpenReader = read_here,
) -> SyncReport:
    """Make the store equal to the folders.

    Raises ArticleError where one cannot be listed, or is empty while the store has articles of it (an unplugged
    disk must not cost an index) and ``allow_empty`` does not say that it is meant; StoreError where another
    process still writes after ``wait_seconds``, of which ``on_wait`` is told.  ``open_reader`` chooses who reads.
    """
    began = time.monotonic()
    database = store.database
    with store.writing(wait_seconds, on_wait):
        known = database.files()
        named = named_folders([folders] if isinstance(folders, Path) else folders, database.folders)
        listing = list_folders(named, store.directory, known, allow_empty=allow_empty)
        programs = installed_programs()
        plan = make_plan(listing, known, database, programs)
        _prepare(database, plan, programs)
        if not store.is_built:  # whoever asks while the first articles are read is told that none tells it
            with suppress(StoreError):  # an engine that is away is told when all is stored
                store.refresh()
        progress = Progress(sum(file.size for file, _ in plan.read), on_progress)
        stored = store_articles(store, plan, encoder, open_reader, progress)
        if plan.removed:
            with database.transaction():
                for source in plan.removed:
                    database.remove_file(source)
        database.finish_sync(named)
        if not store.is_current:
            store.refresh()
        counts = database.counts()
    files = _changed(plan, known)
    return SyncReport(
        added=len(files.added),
        changed=len(files.changed),
        moved=len(files.moved),
        removed=len(files.removed),
        unchanged=len(plan.unchanged),
        articles=counts.articles,
        chunks=counts.chunks,
        problems=(*plan.unreadable, *old_problems(plan), *stored.problems),
        seconds=time.monotonic() - began,
        postponed=len(plan.unreadable) + stored.restless,
        files=files,
        passed_over=listing.passed_over,
        left_out=stored.left_out,
    )


def _prepare(database: Database, plan: Plan, programs: str) -> None:
    """Mark the files that have to be read again, and give moved ones their new names."""
    if plan.outdated:
        with database.transaction():
            for record in plan.outdated:
                database.finish_file(replace(record, sha256="", problems=""))
    # Noted at once: what is read now need not be read again if this sync is cut short.
    database.note_reading(READING, programs)
    if plan.moved:
        with database.transaction():
            for record, file in plan.moved:
                database.move_file(record.source, replace(record, source=file.source))


def _changed(plan: Plan, known: Collection[str]) -> ChangedFiles:
    """The files of a plan by what became of them; ``known`` are the sources that the store had before."""
    return ChangedFiles(
        added=tuple(file.source for file, _ in plan.read if file.source not in known),
        changed=tuple(file.source for file, _ in plan.read if file.source in known),
        moved=tuple((record.source, file.source) for record, file in plan.moved),
        removed=tuple(source for source in plan.removed if source in known),
    )
