"""A store: the database that is the only truth, and the search engine whose content is derived from it.

Readers may work while one process writes; a second writer waits a moment, and is told who holds the store.
"""

from __future__ import annotations

import platform
import shutil
import sqlite3
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from index.errors import DamagedStoreError, StoreError
from index.platform import replace
from index.store.database.binding import DATABASE, bound_to
from index.store.database.database import Database
from index.store.database.postgres import Postgres
from index.store.database.schema import FORMAT
from index.store.database.sql import Sqlite
from index.store.engine import Engine
from index.store.local.engine import LocalEngine
from index.store.local.snapshot import Snapshot
from index.store.locking import held, held_if_free, holder, raising_when_unwritable
from index.store.milvus.connection import MilvusAt
from index.store.milvus.engine import MilvusEngine
from index.store.user_choices import Choices, choices_of

UPLOADS = "uploads"
"""The folder of a store in which files lie that were added through the window."""
_SEARCH = "search"
_MAKING_SECONDS = 60.0
"""Making or upgrading the tables of a server is waited for."""


class Store:
    """One store folder; open it with ``Store.open`` or ``Store.create``."""

    def __init__(self, directory: Path, database: Database, milvus: MilvusAt | None = None) -> None:
        self.directory = directory
        self.database = database
        self._loading = threading.Lock()
        self._engine: Engine = (
            MilvusEngine(milvus, database) if milvus else LocalEngine(self.snapshot_folder, database)
        )

    @staticmethod
    def exists(directory: Path) -> bool:
        """Tell whether there is a store in this folder, or on the server that it belongs to."""
        if (url := bound_to(directory)) is None:
            return (directory / DATABASE).is_file()
        with closing(Database(Postgres(url))) as database:
            return database.is_made

    @staticmethod
    def create(directory: Path, encoder: str, dimension: int, chunk_tokens: int) -> Store:
        """Open the store, making an empty one where there is none; raises StoreError like ``open``."""
        if not Store.exists(directory):
            try:
                directory.mkdir(mode=0o700, parents=True, exist_ok=True)
                with held(directory):
                    if not Store.exists(directory):
                        _make(directory, _settings(encoder, dimension, chunk_tokens, generation=0), Choices())
            except (OSError, sqlite3.Error) as error:
                raise StoreError(
                    f"Cannot make a store in {directory} ({error}); choose another folder with --store."
                ) from error
        return Store.open(directory, encoder, chunk_tokens)

    @staticmethod
    def open(
        directory: Path,
        encoder: str | None = None,
        chunk_tokens: int | None = None,
        milvus: MilvusAt | None = None,
    ) -> Store:
        """Open an existing store; ``encoder`` or ``chunk_tokens`` other than it was built with is refused.

        It is searched on this computer, or by the engine at ``milvus``, which is reached when it is first needed.
        """
        if not Store.exists(directory):
            raise StoreError(
                f"There is no store in {directory}. Make one with 'hoidap sync FOLDER --store {directory}'."
            )
        try:
            database = _open_database(directory, _instance(directory) if milvus is None else "")
            built = {key: database.setting(key) for key in ("format", "encoder", "chunk_tokens")}
        except (sqlite3.Error, DamagedStoreError) as error:
            raise StoreError(
                f"The database in {directory} cannot be read ({error}). "
                "Move the folder away and run 'hoidap sync FOLDER' again; your articles are not touched."
            ) from error
        if (built["format"] or "").isdecimal() and int(built["format"] or 0) > FORMAT:
            database.close()
            raise StoreError(
                f"The store in {directory} was written by a newer version of hoidap (format {built['format']}, this "
                f"version knows {FORMAT}). Install that version here; nothing in the store was changed.",
                code="newer",
            )
        wanted = {"format": FORMAT, "encoder": encoder, "chunk_tokens": chunk_tokens}
        for key, value in wanted.items():
            if value is not None and built[key] != str(value):
                database.close()
                raise StoreError(
                    f"The store in {directory} was built with {key} {built[key]}, not {value}. "
                    f"Run 'hoidap sync FOLDER --rebuild --store {directory}' to build it again."
                )
        return Store(directory, database, milvus)

    @staticmethod
    def clear(directory: Path, encoder: str, dimension: int, chunk_tokens: int) -> Store:
        """Empty a store, damaged or of another encoder though it may be, so that it can be built again.

        What a person took out of it stays out, as far as that can still be read, and its folders keep their names.
        Whoever has it open sees it emptied.  Raises StoreError while a process writes to it.
        """
        with held(directory):
            choices = choices_of(lambda: _open_database(directory, ""))
            try:
                with closing(_database(directory)) as database, database.held(), database.transaction():
                    generation = database.generation + 1
                    database.create(_settings(encoder, dimension, chunk_tokens, generation))
                    choices.note(database)
            except sqlite3.OperationalError as error:
                raise StoreError(
                    f"The store in {directory} cannot be emptied ({error}); delete it."
                ) from error
            except (
                sqlite3.DatabaseError,
                DamagedStoreError,
                ValueError,
            ):  # it is no database, or a damaged one
                (directory / DATABASE).unlink()
                shutil.rmtree(directory / _SEARCH, ignore_errors=True)
                _make(directory, _settings(encoder, dimension, chunk_tokens, generation=0), choices)
        return Store.open(directory, encoder, chunk_tokens)

    @property
    def snapshot_folder(self) -> Path:
        """Where the search files lie."""
        return self.directory / _SEARCH

    @property
    def uploads(self) -> Path:
        """Where files lie that were added through the window."""
        return self.directory / UPLOADS

    def close(self) -> None:
        """Close the database, when what still goes on in the background has ended."""
        self._engine.close()
        self.database.close()

    def settle(self) -> None:
        """Wait until what goes on in the background has ended."""
        self._engine.settle()

    @property
    def is_built(self) -> bool:
        """Whether there is anything to search with, be it of a former state."""
        return self._engine.is_built

    @property
    def is_current(self) -> bool:
        """Whether what is searched is the database's present state."""
        return self._engine.is_current

    def engine(self) -> Engine:
        """Give the engine to search with, brought up to date now where it is not and nobody writes.

        While another process writes, or where the store cannot be written, the last finished state is searched.
        """
        with self._loading:
            if not self._engine.is_current:
                try:
                    with held_if_free(self.directory) as is_held:
                        if is_held:
                            with self.database.held():
                                self.refresh()
                except (StoreError, OSError):
                    if not self._engine.is_built:
                        raise
                if not self._engine.is_built:
                    raise StoreError(
                        f"The store is being built by {holder(self.directory)}; try again when it has finished.",
                        code="busy",
                    )
        return self._engine

    def snapshot(self) -> Snapshot:
        """Give the newest search files of a store that is searched on this computer, as ``engine`` does."""
        engine = self.engine()
        if not isinstance(engine, LocalEngine):
            raise StoreError("This store is searched by Milvus and has no search files; ask its engine.")
        return engine.snapshot()

    def check_engine(self) -> str:
        """Prove what is searched; tells what was seen, or raises StoreError with the fault."""
        return self._engine.check()

    def writer(self) -> str | None:
        """Tell in a sentence who writes to the store now; ``None`` where nobody does, or nobody can."""
        try:
            with held(self.directory), self.database.held():
                return None
        except StoreError as error:
            return str(error) if error.code == "busy" else None

    @contextmanager
    def writing(
        self, wait_seconds: float = 0, on_wait: Callable[[str], None] = lambda holder: None
    ) -> Iterator[None]:
        """Hold the store for writing as ``held`` does, and tell in a sentence where it cannot be written."""
        with (
            held(self.directory, wait_seconds, on_wait),
            self.database.held(wait_seconds, on_wait),
            raising_when_unwritable(self.directory),
        ):
            yield

    def refresh(self, rebuild: bool = False) -> None:
        """Tell the engine what has changed in the database, and let nothing removed stay in the database's log.

        ``rebuild`` makes anew what is searched.
        """
        with raising_when_unwritable(self.directory):
            self._engine.refresh(rebuild)
            self.database.settle()


def _settings(encoder: str, dimension: int, chunk_tokens: int, generation: int) -> dict[str, object]:
    return {
        "format": FORMAT,
        "encoder": encoder,
        "dimension": dimension,
        "chunk_tokens": chunk_tokens,
        "generation": generation,
    }


def _make(directory: Path, settings: dict[str, object], choices: Choices) -> None:
    """Make empty tables: in a file beside its place that is moved there when it is whole, or on the server."""
    if bound_to(directory) is not None:
        with closing(_database(directory)) as database, database.held(_MAKING_SECONDS):
            if not database.is_made:  # by another computer, meanwhile
                database.create(settings)
        return
    staging = directory / f"{DATABASE}.new"
    staging.unlink(missing_ok=True)
    staging.touch(mode=0o600)  # SQLite gives its log the rights of the file that is there
    with closing(Database(Sqlite(staging))) as database:
        database.create(settings)
        choices.note(database)
    for end in ("-wal", "-shm"):  # the log of an earlier database would be taken for that of this one
        (directory / f"{DATABASE}{end}").unlink(missing_ok=True)
    replace(staging, directory / DATABASE)


def _database(directory: Path, instance: str = "") -> Database:
    """Reach the database of a store folder, whatever is in it."""
    if (url := bound_to(directory)) is None:
        return Database(Sqlite(directory / DATABASE))
    return Database(Postgres(url), instance)


def _instance(directory: Path) -> str:
    """Name the search files of this folder of this computer among those that the server's database has.

    What Milvus holds is one for all computers and has no name.
    """
    return zlib.crc32(f"{platform.node()} {directory.resolve()}".encode()).to_bytes(4, "big").hex()


def _open_database(directory: Path, instance: str) -> Database:
    """Open the database, brought into the present format; only for reading where it cannot be written."""
    if bound_to(directory) is not None:
        database = _database(directory, instance)
        if database.is_outdated:  # whoever only reads does not wait for another computer that writes
            with database.held(_MAKING_SECONDS):
                database.upgrade()
        return database
    _make_private(directory)
    try:
        file = Sqlite(directory / DATABASE)
        file.share()
        database = Database(file)
        database.upgrade()
        return database
    except sqlite3.OperationalError:
        return Database(Sqlite(directory / DATABASE, read_only=True))


def _make_private(directory: Path) -> None:
    """Take the articles of an older store, which was readable for everybody, from all but their user."""
    for end in ("", "-wal", "-shm"):
        with suppress(OSError):  # what is not ours, or cannot be written, stays as it is
            (directory / f"{DATABASE}{end}").chmod(0o600)
    with suppress(OSError):
        (directory / _SEARCH).chmod(0o700)
