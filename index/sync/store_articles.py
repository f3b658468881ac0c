"""Articles are read, cut and encoded, and stored a batch at a time, each batch in one transaction."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field, replace
from itertools import chain, count
from typing import Protocol, TypeAlias

from index.chunking import split
from index.encoding.encoded_passages import EncodedArticle, Passages, chunks_at, encode_chunks
from index.encoding.encoder import Encoder
from index.errors import StoreError
from index.ingest.limits import OnPage, ignore_progress
from index.ingest.list_folder import SourceFile, Unreadable
from index.ingest.problems import unread_parts
from index.ingest.processes import Readers
from index.ingest.read_files import is_still
from index.schema import Article, Chunk
from index.store.database.database import Database
from index.store.database.records import Entry, FileRecord, LeftOut
from index.store.database.structure import digest, pack_problems
from index.store.store import Store
from index.sync.plan import Plan
from index.sync.progress import Progress

_PAUSE_SECONDS, _PAUSE_SHARE = 10.0, 20.0
"""Between two times at which what is stored can be searched: at least, and as a multiple of what the last one took."""
BATCH_CHUNKS = 256
"""Chunks encoded together and stored in one transaction: enough to sort by length, seconds to lose when killed."""

ReadItem: TypeAlias = Article | EncodedArticle | Unreadable


class FileReader(Protocol):
    """Reads files, asked for in the order of the work; it may encode what it reads, else that is done here."""

    def read(self, file: SourceFile, on_page: OnPage = ignore_progress) -> Iterator[ReadItem]:
        """Read the articles of the next file, and in their place what could not be read."""
        ...


@dataclass(frozen=True, slots=True)
class Work:
    """The files to read with their SHA-256, in order, and how their articles are cut.

    ``known`` gives the digests of the articles that the store already has of a file: these need no encoding.
    """

    files: Sequence[tuple[SourceFile, str]]
    chunk_tokens: int
    known: Callable[[str], Collection[str]]


OpenReader: TypeAlias = Callable[[Work], AbstractContextManager[FileReader]]
"""Makes ready who reads the files of a sync; the context ends what was started for it."""


def read_here(work: Work) -> AbstractContextManager[FileReader]:
    """Read in processes of this computer."""
    return Readers([file for file, _ in work.files])


@dataclass(frozen=True, slots=True)
class Stored:
    """What reading and storing found: what could not be read, how many files changed meanwhile or were left out."""

    problems: list[Unreadable]
    restless: int
    left_out: int


class _Publisher:
    """Lets what is stored be searched while a long sync still runs, at a small part of its time."""

    def __init__(self, store: Store) -> None:
        self._store, self._next = store, 0.0

    def stored(self) -> None:
        """Publish what is stored by now, unless that was done a moment ago."""
        began = time.monotonic()
        if began < self._next:
            return
        with suppress(StoreError):  # an engine that is away is told when all is stored
            self._store.refresh()
        now = time.monotonic()
        self._next = now + max(_PAUSE_SECONDS, _PAUSE_SHARE * (now - began))


@dataclass(frozen=True, slots=True)
class _Ready:
    """An article that waits to be stored; without ``passages`` its chunks have to be encoded first."""

    article: Article
    file: str
    digest: str
    chunks: list[Chunk]
    passages: Passages | None


@dataclass(slots=True)
class _Batch:
    """Articles that wait to be stored, what is to be done once they are, and their bytes of the files."""

    chunks: int = 0
    bytes: int = 0
    articles: list[_Ready] = field(default_factory=list)
    finished: list[Callable[[], None]] = field(default_factory=list)

    def add(self, item: _Ready, size: int) -> None:
        """Let an article wait."""
        self.articles.append(item)
        self.chunks += len(item.chunks)
        self.bytes += size


def store_articles(
    store: Store, plan: Plan, encoder: Encoder, open_reader: OpenReader, progress: Progress
) -> Stored:
    """Read the files of a plan and store their articles; what the store has already is passed over."""
    database = store.database
    max_tokens = int(database.setting("chunk_tokens") or 0)
    problems: list[Unreadable] = []
    restless = 0
    # A file that lacks what it had is finished last: what it lacks may stand in a file that is not stored yet.
    lacking: list[Callable[[], None]] = []
    batch, publisher = _Batch(), _Publisher(store)
    work = Work(plan.read, max_tokens, lambda source: database.digests(source).values())
    with open_reader(work) as files:
        reader = _Reader(database, plan, files, progress)
        for file, sha256 in plan.read:
            progress.begins(file.source)
            stale = database.digests(file.source)
            unreadable: list[Unreadable] = []
            left, share = file.size, file.size / max(1, _unpacked_size(file))
            for article, passages in reader.articles(file, sha256, unreadable):
                size = min(left, int(len(article.text.encode()) * share))
                left -= size
                content_digest = digest(article)
                if stale.pop(article.id, None) == content_digest:
                    progress.passed(size)
                    continue
                if passages is None:
                    chunks = split(article, encoder.count_tokens, max_tokens)
                else:
                    chunks = chunks_at(article, passages.spans)
                batch.add(_Ready(article, file.source, content_digest, chunks, passages), size)
                if batch.chunks >= BATCH_CHUNKS:
                    _store(store, batch, encoder, progress)
                    publisher.stored()
            batch.bytes += left
            problems += unreadable
            if unreadable and not is_still(file, sha256):
                restless += 1
            else:
                record = FileRecord(file.source, sha256, file.size, pack_problems(file.source, unreadable))
                (lacking if stale else batch.finished).append(_finish(database, record, list(stale)))
        batch.finished += lacking
        _store(store, batch, encoder, progress)
    return Stored(problems, restless, reader.left_out)


def _finish(database: Database, record: FileRecord, stale: list[str]) -> Callable[[], None]:
    def finish() -> None:
        database.remove_articles(record.source, stale)
        database.finish_file(record)

    return finish


class _Reader:
    """Reads the articles of one file after the other; an id that another file has already gets its file's name."""

    def __init__(self, database: Database, plan: Plan, files: FileReader, progress: Progress) -> None:
        self._database, self._files, self._progress = database, files, progress
        self._taken_out: dict[str, list[LeftOut]] = {}
        for out in database.left_out():
            self._taken_out.setdefault(out.file, []).append(out)
        self._holders: dict[str, str] = {}
        self._keepers = {record.source for record in plan.unchanged}
        self._keepers |= {file.source for _, file in plan.moved} | {item.source for item in plan.unreadable}
        self.left_out = 0

    def articles(
        self, file: SourceFile, sha256: str, unreadable: list[Unreadable]
    ) -> Iterator[tuple[Article, Passages | None]]:
        """Read a file's articles; what cannot be read is put aside, what a person took out passed over."""
        for item in self._files.read(file, self._progress.turns):
            if isinstance(item, Unreadable):
                unreadable.append(item)
                continue
            found, passages = (
                (item.article, item.passages) if isinstance(item, EncodedArticle) else (item, None)
            )
            if found.problems:
                unreadable.append(unread_parts(found.source, found.problems))
            article = replace(found, id=self._free_id(found.id, file.source))
            if self._is_taken_out(article, file.source, sha256):
                self.left_out += 1
                continue
            self._holders[article.id] = file.source
            yield article, passages

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


def _store(store: Store, batch: _Batch, encoder: Encoder, progress: Progress) -> None:
    waiting = [item.chunks for item in batch.articles if item.passages is None]
    made = iter(
        encode_chunks(waiting, encoder, lambda done: progress.encoded(done, batch.chunks, batch.bytes))
    )
    entries = []
    for item in batch.articles:
        passages = item.passages or next(made)
        entries.append(
            Entry(item.article, item.file, item.digest, item.chunks, passages.vectors, passages.terms)
        )
    if entries or batch.finished:
        with store.database.transaction():
            store.database.put(entries)
            for finish in batch.finished:
                finish()
    progress.stored(len(batch.articles), batch.chunks, batch.bytes)
    batch.chunks = batch.bytes = 0
    batch.articles.clear()
    batch.finished.clear()


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
