"""Copy a store into another, whatever databases and engines they have; cut short, the next call does the rest.

An article that the other store holds with the same content is passed over, so it does not matter where a copy ended.
Vectors are copied, not made: it costs what reading and writing costs.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby, islice
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from index.errors import StoreError
from index.schema import Chunk
from index.store.database.database import Database
from index.store.database.records import Entry
from index.store.database.structure import digest
from index.store.store import Store
from index.text.terms import Terms

_READ = 64
"""Chunks that are read at once: each comes with the text of its whole article."""
_ARTICLES = 64
"""Articles that are written in one transaction."""
Progress: TypeAlias = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Copied:
    """What a copy did: articles written now, those that were there already, and the chunks that both stores hold."""

    written: int
    there_before: int
    chunks: int


def copy_store(
    source: Store, target: Store, on_progress: Progress = lambda what, done, total: None
) -> Copied:
    """Copy what ``source`` holds, bring the engine of ``target`` up to date, and prove that both hold the same.

    ``on_progress`` is told what is done, and how many chunks of how many.  Raises StoreError where another process
    writes to the target, and where it held something else before.
    """
    _refuse_another_kind(source.database, target.database)
    total = source.database.counts().chunks
    written = there_before = done = 0
    with target.writing():
        entries = _entries(source.database)
        while batch := list(islice(entries, _ARTICLES)):
            missing = [entry for entry in batch if not _holds(target.database, entry)]
            if missing:
                target.database.put(missing)
            written, there_before = written + len(missing), there_before + len(batch) - len(missing)
            done += sum(len(entry.chunks) for entry in batch)
            on_progress("copied", done, total)
        _copy_records(source, target)
        if not target.is_current:
            target.refresh()
    _prove_equal(source.database, target.database, on_progress)
    target.check_engine()
    return Copied(written, there_before, total)


def _refuse_another_kind(source: Database, target: Database) -> None:
    for name in ("encoder", "dimension", "chunk_tokens"):
        if source.setting(name) != target.setting(name):
            raise StoreError(
                f"The stores differ in {name} ({source.setting(name)} and {target.setting(name)}); "
                "copy into a new store, or into one of the same kind."
            )


def _entries(database: Database) -> Iterator[Entry]:
    """Read all articles as they were put, those without a chunk last."""
    for _, group in groupby(_chunks(database), key=lambda row: row[0].article.id):
        rows = list(group)
        article = rows[0][0].article
        file = database.file_of(article.id) or ""
        yield Entry(
            article,
            file,
            database.digest_of(article.id) or "",
            [chunk for chunk, _, _ in rows],
            np.stack([vector for _, vector, _ in rows]),
            [terms for _, _, terms in rows],
        )
    no_vectors = np.zeros((0, database.dimension), dtype=np.float32)
    for info in database.articles():
        if not info.chunks:
            file = database.file_of(info.id) or ""
            yield Entry(
                database.article(info.id), file, database.digest_of(info.id) or "", [], no_vectors, []
            )


def _chunks(database: Database) -> Iterator[tuple[Chunk, NDArray[np.float32], Terms]]:
    """Read all chunks in the order of their numbers; those of an article follow each other."""
    after = 0
    while len((rows := database.chunk_rows(after, _READ)).numbers):
        numbers = rows.numbers.tolist()
        after = numbers[-1]
        chunks = database.chunks(numbers)
        for number, vector, terms in zip(numbers, rows.vectors, rows.terms, strict=True):
            yield chunks[number], vector.astype(np.float32), terms


def _holds(database: Database, entry: Entry) -> bool:
    """Whether an article is there with the same content, in the same file."""
    article = entry.article.id
    return database.file_of(article) == entry.file and database.digest_of(article) == entry.digest


def _copy_records(source: Store, target: Store) -> None:
    """Copy what is known of files, of articles that were taken out, and of the last sync; then added files."""
    known, left_out = target.database.files(), target.database.left_out()
    records = [record for name, record in source.database.files().items() if known.get(name) != record]
    taken_out = [out for out in source.database.left_out() if out not in left_out]
    if records or taken_out:
        with target.database.transaction():
            for record in records:
                target.database.finish_file(record)
            target.database.pass_over(taken_out)
    reading, programs = (source.database.setting(key) for key in ("reading", "programs"))
    if reading is not None:
        target.database.note_reading(reading, programs or "")
    if source.database.last_sync is not None:
        target.database.finish_sync(source.database.folders)
    if source.uploads.is_dir() and source.uploads.resolve() != target.uploads.resolve():
        shutil.copytree(source.uploads, target.uploads, dirs_exist_ok=True)


def _prove_equal(source: Database, target: Database, on_progress: Progress) -> None:
    """Compare all that both hold; raises StoreError where it differs."""
    counts = [database.counts() for database in (source, target)]
    if counts[0] != counts[1]:
        others = {info.id for info in target.articles()} - {info.id for info in source.articles()}
        held = f", such as {min(others)!r}, which was not copied" if others else ""
        raise StoreError(
            f"The copy is not equal: {counts[0]} were to be copied, {counts[1]} are there{held}. "
            "Copy into a new store, or run the command again if the articles were changed meanwhile."
        )
    total = 2 * counts[0].chunks
    first = _digest(source, lambda done: on_progress("compared", done, total))
    if first != _digest(target, lambda done: on_progress("compared", counts[0].chunks + done, total)):
        raise StoreError("The copy is not equal: some article differs. Run the command again.")


def _digest(database: Database, on_progress: Callable[[int], None]) -> int:
    """Sum up the hashes of all articles with their chunks, in whichever order, and of all records."""
    records: list[object] = [*database.files().values(), *database.left_out()]
    total, done = sum(_hash(repr(record).encode()) for record in records), 0
    for entry in _entries(database):
        fields = [entry.article.id, entry.file, entry.digest, digest(entry.article)]
        places = [[chunk.position, chunk.start, chunk.end] for chunk in entry.chunks]
        words = b"".join(terms.exact.tobytes() + terms.folded.tobytes() for terms in entry.terms)
        vectors = entry.vectors.astype(np.float16).tobytes()
        total += _hash(json.dumps([fields, places]).encode() + words + vectors)
        done += len(entry.chunks)
        on_progress(done)
    return total


def _hash(content: bytes) -> int:
    return int.from_bytes(hashlib.sha256(content).digest(), "big")
