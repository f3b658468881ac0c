"""Make a store equal to its folders, reading and encoding only what has changed.

Articles are stored a batch at a time, each batch in one transaction, and what is gone from the folders is
removed last: whenever a sync is cut short, every article is as it was or as it is to be, and the next sync
does the rest.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, count
from pathlib import Path

from index.chunking import encoder_text, lexical_text, split
from index.errors import ArticleError
from index.folders import list_folders, named_folders
from index.ingest.files import READING, hash_file
from index.ingest.folder import Listing, PassedOver, SourceFile, Unreadable
from index.ingest.problems import explain
from index.ingest.processes import Readers
from index.models.encoder import Encoder
from index.schema import Article, Chunk
from index.store.database import Database
from index.store.records import Entry, FileRecord, LeftOut
from index.store.store import Store
from index.store.structure import digest
from index.text.terms import terms

BATCH_CHUNKS = 256
"""Chunks encoded together and stored in one transaction: enough to sort by length, seconds to lose when killed."""


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


@dataclass(frozen=True, slots=True)
class _Plan:
    """What has to be done: files to read, to rename (old record, file), to forget, and those as they were."""

    read: list[tuple[SourceFile, str]] = field(default_factory=list)
    moved: list[tuple[FileRecord, SourceFile]] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: list[FileRecord] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)


def sync(
    store: Store,
    folders: Path | Sequence[Path],
    encoder: Encoder,
    on_progress: Callable[[SyncProgress], None] = lambda progress: None,
    *,
    wait_seconds: float = 0,
    on_wait: Callable[[str], None] = lambda holder: None,
    allow_empty: bool = False,
) -> SyncReport:
    """Make the store equal to the folders.

    Raises ArticleError where one cannot be listed, or is empty while the store has articles of it (an unplugged
    disk must not cost an index) and ``allow_empty`` does not say that it is meant; StoreError where another
    process still writes after ``wait_seconds``, of which ``on_wait`` is told.
    """
    began = time.monotonic()
    database = store.database
    with store.writing(wait_seconds, on_wait):
        known = database.files()
        named = named_folders([folders] if isinstance(folders, Path) else folders, database.folders)
        listing = list_folders(named, store.directory, known, allow_empty=allow_empty)
        plan = _plan(listing, known, database)
        if plan.moved:
            with database.transaction():
                for record, file in plan.moved:
                    database.move_file(record.source, replace(record, source=file.source))
        with Readers([file for file, _ in plan.read]) as readers:
            problems, restless, left_out = _read_all(store, plan, encoder, readers, on_progress)
        if plan.removed:
            with database.transaction():
                for source in plan.removed:
                    database.remove_file(source)
        database.finish_sync(named, READING)
        if not store.is_current:
            store.refresh()
        counts = database.counts()
    files = ChangedFiles(
        added=tuple(file.source for file, _ in plan.read if file.source not in known),
        changed=tuple(file.source for file, _ in plan.read if file.source in known),
        moved=tuple((record.source, file.source) for record, file in plan.moved),
        removed=tuple(source for source in plan.removed if source in known),
    )
    return SyncReport(
        added=len(files.added),
        changed=len(files.changed),
        moved=len(files.moved),
        removed=len(files.removed),
        unchanged=len(plan.unchanged),
        articles=counts.articles,
        chunks=counts.chunks,
        problems=(*plan.unreadable, *_old_problems(plan), *problems),
        seconds=time.monotonic() - began,
        postponed=len(plan.unreadable) + restless,
        files=files,
        passed_over=listing.passed_over,
        left_out=left_out,
    )


def _plan(listing: Listing, known: dict[str, FileRecord], database: Database) -> _Plan:
    plan = _Plan(unreadable=list(listing.unlisted))
    present = {file.source for file in listing.files}
    away = tuple(item.source for item in listing.unlisted)
    present |= {source for source in known if away and source.startswith(away)}
    vanished = {record.sha256: record for record in known.values() if record.source not in present}
    as_before = database.setting("reading") == READING
    for file in listing.files:
        record = known.get(file.source)
        try:
            sha256 = hash_file(file)
        except ArticleError as error:
            # What was read from it before stays: the file may be locked or its disk away for a moment.
            plan.unreadable.append(Unreadable(file.source, str(error)))
            continue
        if record is not None and record.sha256 == sha256 and as_before:
            plan.unchanged.append(record)
        elif record is None and sha256 in vanished and as_before and not database.is_taken(file.source):
            plan.moved.append((vanished.pop(sha256), file))
        else:
            plan.read.append((file, sha256))
    moved = {record.source for record, _ in plan.moved}
    gone = dict.fromkeys([*known, *database.unfinished_files()])
    plan.removed.extend(source for source in gone if source not in present and source not in moved)
    return plan


def _old_problems(plan: _Plan) -> Iterator[Unreadable]:
    """Tell again what an earlier sync could not read in the files that are as they were."""
    for record in [*plan.unchanged, *(replace(old, source=file.source) for old, file in plan.moved)]:
        for line in record.problems.splitlines():
            place, _, reason = line.partition("\t")
            yield Unreadable(record.source + place, reason)


@dataclass(slots=True)
class _Batch:
    """Articles that wait to be encoded, what is to be done once they are stored, and their bytes of the files."""

    chunks: int = 0
    bytes: int = 0
    articles: list[tuple[Article, str, str, list[Chunk]]] = field(default_factory=list)
    finished: list[Callable[[], None]] = field(default_factory=list)


def _read_all(
    store: Store,
    plan: _Plan,
    encoder: Encoder,
    readers: Readers,
    on_progress: Callable[[SyncProgress], None],
) -> tuple[list[Unreadable], int, int]:
    """Read and store; give what could not be read, how many files changed meanwhile, and how many were left out."""
    files = plan.read
    problems: list[Unreadable] = []
    restless = 0
    progress = _Progress(sum(file.size for file, _ in files), on_progress)
    batch = _Batch()
    max_tokens = int(store.database.setting("chunk_tokens") or 0)
    reader = _Reader(store.database, plan, readers, progress)
    for file, sha256 in files:
        progress.begins(file.source)
        stale = store.database.digests(file.source)
        unreadable: list[Unreadable] = []
        left, share = file.size, file.size / max(1, _unpacked_size(file))
        for article in reader.articles(file, sha256, unreadable):
            size = min(left, int(len(article.text.encode()) * share))
            left -= size
            said = digest(article)
            if stale.pop(article.id, None) == said:
                progress.passed(size)
                continue
            chunks = split(article, encoder.count_tokens, max_tokens)
            batch.articles.append((article, file.source, said, chunks))
            batch.chunks += len(chunks)
            batch.bytes += size
            if batch.chunks >= BATCH_CHUNKS:
                _store(store, batch, encoder, progress)
        batch.bytes += left
        problems += unreadable
        if unreadable and not _is_still(file, sha256):
            restless += 1
        else:
            told = (f"{item.source.removeprefix(file.source)}\t{item.reason}" for item in unreadable)
            record = FileRecord(file.source, sha256, file.size, "\n".join(told))
            batch.finished.append(_finish(store.database, record, list(stale)))
    _store(store, batch, encoder, progress)
    return problems, restless, reader.left_out


def _is_still(file: SourceFile, sha256: str) -> bool:
    """Tell whether a file is what it was before it was read; else it is left to the next sync."""
    try:
        return hash_file(file) == sha256
    except ArticleError:
        return False


def _finish(database: Database, record: FileRecord, stale: list[str]) -> Callable[[], None]:
    def finish() -> None:
        database.remove_articles(record.source, stale)
        database.finish_file(record)

    return finish


class _Reader:
    """Reads the articles of one file after the other; an id that another file has already gets its file's name."""

    def __init__(self, database: Database, plan: _Plan, readers: Readers, progress: _Progress) -> None:
        self._database, self._readers, self._progress = database, readers, progress
        self._taken_out: dict[str, list[LeftOut]] = {}
        for out in database.left_out():
            self._taken_out.setdefault(out.file, []).append(out)
        self._holders: dict[str, str] = {}
        self._keepers = {record.source for record in plan.unchanged}
        self._keepers |= {file.source for _, file in plan.moved} | {item.source for item in plan.unreadable}
        self.left_out = 0

    def articles(self, file: SourceFile, sha256: str, unreadable: list[Unreadable]) -> Iterator[Article]:
        """Read a file's articles; what cannot be read is put aside, what a person took out passed over."""
        for item in self._readers.read(file, self._progress.turns):
            if isinstance(item, Unreadable):
                unreadable.append(item)
                continue
            if item.problems:
                unreadable.append(Unreadable(item.source, explain(item.problems)))
            article = replace(item, id=self._free_id(item.id, file.source))
            if self._is_taken_out(article, file.source, sha256):
                self.left_out += 1
                continue
            self._holders[article.id] = file.source
            yield article

    def _is_taken_out(self, article: Article, file: str, sha256: str) -> bool:
        """Tell whether a person took an article out, and it says what it said then, or its file has not changed."""
        return any(
            out.digest == digest(article) or (out.id == article.id and out.sha256 in ("", sha256))
            for out in (*self._taken_out.get(file, ()), *self._taken_out.get("", ()))
        )

    def _free_id(self, wanted: str, file: str) -> str:
        tried = wanted if wanted.startswith(file) else f"{file}#{wanted}"
        for name in chain((wanted, tried), (f"{tried}-{number}" for number in count(2))):
            if name not in self._holders and self._keeper(name) is None:
                break
        return name

    def _keeper(self, article_id: str) -> str | None:
        """Tell which file keeps an article as it is; one that is read in this sync or gone may lose it."""
        file = self._database.file_of(article_id)
        return file if file in self._keepers else None


def _store(store: Store, batch: _Batch, encoder: Encoder, progress: _Progress) -> None:
    chunks = [chunk for _, _, _, chunks in batch.articles for chunk in chunks]
    entries, place = [], 0
    if chunks:
        texts = [encoder_text(chunk) for chunk in chunks]
        vectors = encoder.encode_passages(texts, lambda count: progress.encoded(count, batch))
        for article, file, digest, own in batch.articles:
            vectors_here = vectors[place : place + len(own)]
            words = [terms(lexical_text(chunk)) for chunk in own]
            entries.append(Entry(article, file, digest, own, vectors_here, words))
            place += len(own)
    if entries or batch.finished:
        with store.database.transaction():
            store.database.put(entries)
            for finish in batch.finished:
                finish()
    progress.stored(batch)
    batch.chunks = batch.bytes = 0
    batch.articles.clear()
    batch.finished.clear()


class _Progress:
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

    def encoded(self, count: int, batch: _Batch) -> None:
        """Count chunks of a batch that is not stored yet."""
        self._encoded += count
        self._tell(self._done + batch.bytes * self._encoded // batch.chunks)

    def stored(self, batch: _Batch) -> None:
        """Count a whole batch."""
        self._done += batch.bytes
        self._articles += len(batch.articles)
        self._chunks += batch.chunks
        self._encoded = 0
        self._tell(self._done)

    def _tell(self, done: int) -> None:
        chunks = self._chunks + self._encoded
        self._report(
            SyncProgress(done, self._total, self._articles, chunks, self._file, self._page, self._pages)
        )


def _unpacked_size(file: SourceFile) -> int:
    """Tell how many bytes a file holds, for ``.gz`` the number in its last four, which may be wrong."""
    if not file.path.name.lower().endswith(".gz"):
        return file.size
    try:
        with file.path.open("rb") as stream:
            stream.seek(max(0, file.size - 4))
            return max(file.size, int.from_bytes(stream.read(4), "little"))
    except OSError:  # reading it will tell what is wrong
        return file.size
