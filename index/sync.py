"""Make a store equal to a folder, reading and encoding only what has changed."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from index.articles import SourceFile, Unreadable, find_files, hash_file, read_file
from index.chunks import context, split
from index.database import Entry, FileRecord
from index.encoder import Encoder
from index.errors import ArticleError
from index.lexical import terms
from index.schema import Article, Chunk
from index.store import Store

UPLOADED = "@uploads/"
"""Before the source of a file that was added through the window."""
BATCH_CHUNKS = 256
"""Chunks encoded together and stored in one transaction: enough to sort by length, seconds to lose when killed."""


@dataclass(frozen=True, slots=True)
class SyncProgress:
    """How far a sync is; ``total_bytes`` counts the files that have to be read."""

    done_bytes: int
    total_bytes: int
    articles: int
    chunks: int


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What a sync did, in files; ``problems`` are what could not be read, also when found by an earlier sync."""

    added: int
    changed: int
    moved: int
    removed: int
    unchanged: int
    articles: int
    chunks: int
    problems: tuple[Unreadable, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class _Plan:
    """What has to be done: files to read, to rename (old source, file), to forget, and those as they were."""

    read: list[tuple[SourceFile, str]]
    moved: list[tuple[str, SourceFile, str]]
    removed: list[str]
    unchanged: list[FileRecord]
    unreadable: list[Unreadable]


def sync(
    store: Store,
    folder: Path,
    encoder: Encoder,
    on_progress: Callable[[SyncProgress], None] = lambda progress: None,
    *,
    wait_seconds: float = 0,
) -> SyncReport:
    """Make the store equal to the folder.

    Raises ArticleError where the folder cannot be listed, or is empty while the store is not (an unplugged
    disk must not cost an index); StoreError where another process writes.
    """
    began = time.monotonic()
    with store.writing(wait_seconds):
        files = [*find_files(folder), *_uploads(store, folder)]
        if not files and store.database.counts().files:
            raise ArticleError(
                f"{folder} holds no article, but the store does. If that is meant, remove the store's folder."
            )
        known = store.database.files()
        plan = _plan(files, known)
        for source in plan.removed:
            store.database.remove_file(source)
        for old, file, sha256 in plan.moved:
            store.database.move_file(old, FileRecord(file.source, sha256, file.size, known[old].problems))
        problems = _read_all(store, plan, encoder, on_progress)
        store.database.finish_sync(folder.resolve())
        store.refresh()
    old_problems = [
        Unreadable(record.source, line)
        for record in [*plan.unchanged, *(known[old] for old, _, _ in plan.moved)]
        for line in record.problems.splitlines()
    ]
    changed = sum(file.source in known for file, _ in plan.read)
    counts = store.database.counts()
    return SyncReport(
        added=len(plan.read) - changed,
        changed=changed,
        moved=len(plan.moved),
        removed=len(plan.removed),
        unchanged=len(plan.unchanged),
        articles=counts.articles,
        chunks=counts.chunks,
        problems=(*plan.unreadable, *old_problems, *problems),
        seconds=time.monotonic() - began,
    )


def _uploads(store: Store, folder: Path) -> list[SourceFile]:
    """List the files that were added through the window; they lie in the store, not in the person's folder."""
    if not store.uploads.is_dir() or folder.resolve() == store.uploads.resolve():
        return []
    return [replace(file, source=UPLOADED + file.source) for file in find_files(store.uploads)]


def _plan(files: list[SourceFile], known: dict[str, FileRecord]) -> _Plan:
    plan = _Plan([], [], [], [], [])
    present = {file.source for file in files}
    vanished = {record.sha256: record.source for record in known.values() if record.source not in present}
    for file in files:
        try:
            sha256 = hash_file(file)
        except ArticleError as error:
            # What was read from it before stays: the file may be locked or its disk away for a moment.
            plan.unreadable.append(Unreadable(file.source, str(error)))
            continue
        if file.source in known and known[file.source].sha256 == sha256:
            plan.unchanged.append(known[file.source])
        elif file.source not in known and sha256 in vanished:
            plan.moved.append((vanished.pop(sha256), file, sha256))
        else:
            plan.read.append((file, sha256))
    moved = {old for old, _, _ in plan.moved}
    plan.removed.extend(source for source in known if source not in present and source not in moved)
    return plan


@dataclass(slots=True)
class _Batch:
    """Articles that wait to be encoded, and what is to be done once they are stored."""

    chunks: int = 0
    articles: list[tuple[Article, str, str, list[Chunk]]] = field(default_factory=list)
    finished: list[Callable[[], None]] = field(default_factory=list)


def _read_all(
    store: Store, plan: _Plan, encoder: Encoder, on_progress: Callable[[SyncProgress], None]
) -> list[Unreadable]:
    problems: list[Unreadable] = []
    progress = _Progress(sum(file.size for file, _ in plan.read), on_progress)
    batch = _Batch()
    max_tokens = int(store.database.setting("chunk_tokens") or 0)
    holders: dict[str, str] = {}
    for file, sha256 in plan.read:
        stale = store.database.digests(file.source)
        unreadable: list[Unreadable] = []
        for article in _articles(store, file, holders, unreadable):
            digest = _digest(article)
            if stale.pop(article.id, None) == digest:
                continue
            chunks = split(article, encoder.count_tokens, max_tokens)
            batch.articles.append((article, file.source, digest, chunks))
            batch.chunks += len(chunks)
            if batch.chunks >= BATCH_CHUNKS:
                _store(store, batch, encoder, progress)
        record = FileRecord(file.source, sha256, file.size, "\n".join(item.reason for item in unreadable))
        batch.finished.append(_finish(store, record, list(stale)))
        problems += unreadable
        progress.finished_file(file.size)
    _store(store, batch, encoder, progress)
    return problems


def _finish(store: Store, record: FileRecord, stale: list[str]) -> Callable[[], None]:
    def finish() -> None:
        store.database.remove_articles(stale)
        store.database.finish_file(record)

    return finish


def _articles(
    store: Store, file: SourceFile, holders: dict[str, str], unreadable: list[Unreadable]
) -> Iterator[Article]:
    """Read a file's articles; what cannot be read, and an id that is used already, is put aside.

    ``holders`` tells which file holds an id that was read in this sync.
    """
    left_out = store.database.left_out()
    for item in read_file(file):
        if isinstance(item, Unreadable):
            unreadable.append(item)
            continue
        if item.id in left_out:
            continue
        if item.id in holders:
            holder: str | None = holders[item.id]
        else:
            holder = store.database.file_of(item.id)
            holder = None if holder == file.source else holder
        if holder is not None:
            reason = f"the id {item.id!r} is used already, in {holder}; give every article its own"
            unreadable.append(Unreadable(item.source, reason))
            continue
        holders[item.id] = file.source
        yield item


def _store(store: Store, batch: _Batch, encoder: Encoder, progress: _Progress) -> None:
    texts = [
        f"{context(article)}\n{chunk.text}" for article, _, _, chunks in batch.articles for chunk in chunks
    ]
    if texts:
        vectors = encoder.encode_passages(texts)
        entries, place = [], 0
        for article, file, digest, chunks in batch.articles:
            here = slice(place, place + len(chunks))
            entries.append(
                Entry(article, file, digest, chunks, vectors[here], [terms(text) for text in texts[here]])
            )
            place += len(chunks)
        store.database.put(entries)
    for finish in batch.finished:
        finish()
    progress.stored(batch)
    batch.chunks = 0
    batch.articles.clear()
    batch.finished.clear()


class _Progress:
    """Counts bytes by article while a large file is read, and makes good the difference at its end."""

    def __init__(self, total: int, report: Callable[[SyncProgress], None]) -> None:
        self._total, self._report = total, report
        self._finished = self._within = self._articles = self._chunks = 0

    def stored(self, batch: _Batch) -> None:
        self._articles += len(batch.articles)
        self._chunks += batch.chunks
        self._within += sum(len(article.text.encode()) for article, _, _, _ in batch.articles)
        done = min(self._total, max(self._finished, self._within))
        self._report(SyncProgress(done, self._total, self._articles, self._chunks))

    def finished_file(self, size: int) -> None:
        self._finished += size


def _digest(article: Article) -> str:
    """Identify what an article says, wherever it lies."""
    told = [article.title, article.text, str(article.date), article.author, article.place, article.url]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()
