"""A store folder: the database that is the only truth, and the search files derived from it.

Readers may work while one process writes; a second writer is told who holds the store.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from index.database import Database
from index.errors import StoreError
from index.lexical import LexicalIndex
from index.snapshot import Snapshot, latest_generation
from index.vectors import VectorIndex

FORMAT = 1
_DATABASE = "store.sqlite3"
_LOCK = "writer.lock"
_HOLDER = "writer.json"


class Store:
    """One store folder; open it with ``Store.open`` or ``Store.create``."""

    def __init__(self, directory: Path, database: Database) -> None:
        self.directory = directory
        self.database = database
        self._loading = threading.Lock()
        self._snapshot: Snapshot | None = None

    @staticmethod
    def exists(directory: Path) -> bool:
        """Tell whether there is a store in this folder."""
        return (directory / _DATABASE).is_file()

    @staticmethod
    def create(directory: Path, encoder: str, dimension: int, chunk_tokens: int) -> Store:
        """Open the store, making an empty one where there is none; raises StoreError like ``open``."""
        if not Store.exists(directory):
            staging = directory / f"{_DATABASE}.{os.getpid()}.new"
            try:
                directory.mkdir(parents=True, exist_ok=True)
                staging.unlink(missing_ok=True)
                database = Database(staging)
                database.create(
                    {
                        "format": FORMAT,
                        "encoder": encoder,
                        "dimension": dimension,
                        "chunk_tokens": chunk_tokens,
                        "generation": 0,
                    }
                )
                database.close()
                os.replace(staging, directory / _DATABASE)
            except (OSError, sqlite3.Error) as error:
                raise StoreError(
                    f"Cannot make a store in {directory} ({error}); choose another folder with --store."
                ) from error
        return Store.open(directory, encoder, chunk_tokens)

    @staticmethod
    def open(directory: Path, encoder: str | None = None, chunk_tokens: int | None = None) -> Store:
        """Open an existing store; ``encoder`` or ``chunk_tokens`` other than it was built with is refused."""
        if not Store.exists(directory):
            raise StoreError(
                f"There is no store in {directory}. Make one with 'hoidap sync FOLDER --store {directory}'."
            )
        try:
            database = Database(directory / _DATABASE)
            database.share()
            built = {key: database.setting(key) for key in ("format", "encoder", "chunk_tokens")}
        except sqlite3.Error as error:
            raise StoreError(
                f"The database in {directory} cannot be read ({error}). "
                "Move the folder away and run 'hoidap sync FOLDER' again; your articles are not touched."
            ) from error
        wanted = {"format": FORMAT, "encoder": encoder, "chunk_tokens": chunk_tokens}
        for key, value in wanted.items():
            if value is not None and built[key] != str(value):
                raise StoreError(
                    f"The store in {directory} was built with {key} {built[key]}, not {value}. "
                    f"Run 'hoidap sync FOLDER --rebuild --store {directory}' to build it again."
                )
        return Store(directory, database)

    @staticmethod
    def discard(directory: Path) -> None:
        """Delete a store, so that it can be built again; raises StoreError while a process writes to it."""
        with _held(directory, 0):
            for name in (f"{_DATABASE}-wal", f"{_DATABASE}-shm", _DATABASE):
                (directory / name).unlink(missing_ok=True)
            shutil.rmtree(directory / "search", ignore_errors=True)

    @property
    def snapshot_folder(self) -> Path:
        """Where the search files lie."""
        return self.directory / "search"

    @property
    def uploads(self) -> Path:
        """Where files lie that were added through the window."""
        return self.directory / "uploads"

    def close(self) -> None:
        """Close the database."""
        self.database.close()

    def snapshot(self) -> Snapshot:
        """Give the newest search files, built now where they are out of date and nobody writes.

        While another process writes, the last finished state is searched.
        """
        with self._loading:
            newest = latest_generation(self.snapshot_folder)
            if newest != self.database.generation:
                lock = _try_lock(self.directory, 0)
                if lock is not None:
                    with lock:
                        self.refresh()
                newest = latest_generation(self.snapshot_folder)
            if newest is None:
                raise StoreError(
                    f"The store is being built by {_holder(self.directory)}; try again when it has finished."
                )
            if self._snapshot is None or self._snapshot.generation != newest:
                self._snapshot = Snapshot.load(self.snapshot_folder, newest, self.database.encoder)
            return self._snapshot

    @contextmanager
    def writing(self, wait_seconds: float = 0) -> Iterator[None]:
        """Hold the store for writing; raises StoreError, naming the holder, where another process has it."""
        with _held(self.directory, wait_seconds):
            yield

    def refresh(self) -> None:
        """Build the search files from the database, and let nothing removed stay in its log."""
        generation = self.database.generation
        numbers, vectors, terms = self.database.all_vectors()
        Snapshot(generation, numbers, VectorIndex.build(vectors), LexicalIndex.build(terms)).save(
            self.snapshot_folder, self.database.encoder
        )
        self.database.settle()


@contextmanager
def _held(directory: Path, wait_seconds: float) -> Iterator[None]:
    lock = _try_lock(directory, wait_seconds)
    if lock is None:
        raise StoreError(
            f"The store is being written by {_holder(directory)}; wait for it to finish or stop it."
        )
    with lock:
        since = datetime.now().astimezone().isoformat(timespec="seconds")
        told = directory / _HOLDER
        try:
            told.write_text(json.dumps({"pid": os.getpid(), "since": since}), encoding="utf-8")
            yield
        finally:
            told.unlink(missing_ok=True)


def _try_lock(directory: Path, wait_seconds: float) -> FileLock | None:
    """Take the writer's lock, which its process loses even when it is killed; ``None`` where another has it."""
    lock = FileLock(directory / _LOCK)
    try:
        lock.acquire(timeout=wait_seconds)
    except Timeout:
        return None
    return lock


def _holder(directory: Path) -> str:
    try:
        told = json.loads((directory / _HOLDER).read_text(encoding="utf-8"))
        return f"process {told['pid']} since {told['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"
