"""Where the tables are: SQLite in a file, or a PostgreSQL server.

Both understand the statements of ``database.py``, written with ``?`` for values; what they say differently (types,
identities, triggers) stands in ``schema.py``.
"""

from __future__ import annotations

import os
import platform
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias

from index.errors import StoreError

if TYPE_CHECKING:
    from psycopg import Connection, Cursor

Kind: TypeAlias = Literal["sqlite", "postgresql"]
Row: TypeAlias = tuple[Any, ...]

_WRITER = 0x686F6964
"""Key of the advisory lock that whoever writes holds."""


class Sql(Protocol):
    """A connection, used by one thread at a time."""

    kind: Kind

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""

    def run(self, statement: str, values: Sequence[object] = ()) -> list[Row]:
        """Run a statement and give its rows."""

    def count(self, statement: str, values: Sequence[object] = ()) -> int:
        """Run a statement that changes rows and give their number."""

    def many(self, statement: str, rows: Iterable[Sequence[object]]) -> None:
        """Run a statement for each row of values."""

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Do all or nothing of what is run within; inside another transaction it is a part of that one."""

    def settle(self) -> None:
        """Let nothing removed stay in a log."""

    def fault(self) -> str | None:
        """The first fault of the engine's own check."""

    def has_table(self, name: str) -> bool:
        """Whether there is a table of this name."""

    def columns(self, table: str) -> set[str]:
        """The names of a table's columns."""

    def take(self) -> bool:
        """Take the lock of whoever writes, among all computers; false where another has it."""

    def holder(self) -> str:
        """Name whoever has that lock."""

    def release(self) -> None:
        """Give that lock back."""

    def close(self) -> None:
        """End the connection."""


class Sqlite:
    """A file; with ``read_only`` one that cannot be written."""

    kind: Kind = "sqlite"

    def __init__(self, path: Path, read_only: bool = False) -> None:
        if read_only:
            self._connection = _connect_read_only(path)
            return
        self._connection = sqlite3.connect(path, check_same_thread=False, timeout=30)
        self._connection.execute("PRAGMA foreign_keys=ON")
        # Removed text is overwritten with zeros: deleting an article leaves nothing of it in the file.
        self._connection.execute("PRAGMA secure_delete=ON")

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        return self._connection.in_transaction

    def run(self, statement: str, values: Sequence[object] = ()) -> list[Row]:
        """Run a statement and give its rows."""
        return self._connection.execute(statement, values).fetchall()

    def count(self, statement: str, values: Sequence[object] = ()) -> int:
        """Run a statement that changes rows and give their number."""
        return self._connection.execute(statement, values).rowcount

    def many(self, statement: str, rows: Iterable[Sequence[object]]) -> None:
        """Run a statement for each row of values."""
        self._connection.executemany(statement, rows)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Do all or nothing of what is run within."""
        if self.in_transaction:
            yield
            return
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            yield

    def share(self) -> None:
        """Let other processes read while this one writes."""
        self._connection.execute("PRAGMA journal_mode=WAL")

    def settle(self) -> None:
        """Move everything from the log into the file."""
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def fault(self) -> str | None:
        """Let SQLite check every page."""
        told = str(self.run("PRAGMA integrity_check(1)")[0][0])
        return None if told == "ok" else told

    def has_table(self, name: str) -> bool:
        """Whether there is a table of this name."""
        return bool(self.run("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (name,)))

    def columns(self, table: str) -> set[str]:
        """The names of a table's columns."""
        return {row[0] for row in self.run("SELECT name FROM pragma_table_info(?)", (table,))}

    def take(self) -> bool:
        """Nobody else writes: the store folder has a lock."""
        return True

    def holder(self) -> str:
        """Nobody else writes."""
        return "another process"

    def release(self) -> None:
        """There is no lock to give back."""

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


class Postgres:
    """A PostgreSQL server at ``url``, reached when it is first asked.

    A connection that was lost is made anew once, except within a transaction, which is then lost as a whole, and
    while the writer's lock is held, for that went with it.  Every failure is a StoreError with a remedy.
    """

    kind: Kind = "postgresql"

    def __init__(self, url: str) -> None:
        self._url = url
        self._psycopg = _driver()
        self._connection: Connection[Row] | None = None
        self._within = self._writes = False

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        return self._within

    def run(self, statement: str, values: Sequence[object] = ()) -> list[Row]:
        """Run a statement and give its rows."""
        cursor = self._execute(statement, values)
        return cursor.fetchall() if cursor.description else []

    def count(self, statement: str, values: Sequence[object] = ()) -> int:
        """Run a statement that changes rows and give their number."""
        return int(self._execute(statement, values).rowcount)

    def many(self, statement: str, rows: Iterable[Sequence[object]]) -> None:
        """Run a statement for each row of values."""
        with self._told():
            self._connected().cursor().executemany(_placed(statement), [_storable(row) for row in rows])

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Do all or nothing of what is run within."""
        if self._within:
            yield
            return
        self.run("SELECT 1")  # a connection that was lost is made anew here
        with self._told(), self._connected().transaction():
            self._within = True
            try:
                yield
            finally:
                self._within = False

    def settle(self) -> None:
        """The server keeps its own log."""

    def fault(self) -> str | None:
        """The server checks its pages itself."""
        return None

    def close(self) -> None:
        """End the connection."""
        if self._connection is not None:
            self._connection.close()

    def has_table(self, name: str) -> bool:
        """Whether there is a table of this name."""
        return self.run("SELECT to_regclass(?) IS NOT NULL", (name,)) == [(True,)]

    def columns(self, table: str) -> set[str]:
        """The names of a table's columns."""
        named = "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(?) AND attnum > 0"
        return {row[0] for row in self.run(named, (table,))}

    def take(self) -> bool:
        """Take the writer's lock, which is lost with the connection; false where another has it."""
        self._writes = self.run("SELECT pg_try_advisory_lock(?)", (_WRITER,)) == [(True,)]
        return self._writes

    def holder(self) -> str:
        """Name the process that has the writer's lock, as far as the server lets it be seen."""
        named = (
            "SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
            " JOIN pg_database d ON d.oid = l.database WHERE d.datname = current_database()"
            " AND l.locktype = 'advisory' AND l.granted AND l.classid = 0 AND l.objid = ?"
        )
        return next((row[0] for row in self.run(named, (_WRITER,)) if row[0]), "another computer")

    def release(self) -> None:
        """Give the writer's lock back; one that was lost with the connection is gone already."""
        self._writes = False
        if self._connection is not None and not self._connection.closed:
            self.run("SELECT pg_advisory_unlock(?)", (_WRITER,))

    def _execute(self, statement: str, values: Sequence[object]) -> Cursor[Row]:
        with self._told():
            placed, storable = _placed(statement), _storable(values)
            try:
                return self._connected().execute(placed, storable)
            except self._psycopg.OperationalError:
                if self._within or self._connection is None or not self._connection.closed:
                    raise
                return self._connected().execute(placed, storable)

    def _connected(self) -> Connection[Row]:
        if self._connection is None or self._connection.closed:
            if self._writes:  # another may write by now, from a state that this one does not know
                raise StoreError(
                    f"The connection to {without_password(self._url)} was lost while the store was written. "
                    "What was stored is kept; run the command again."
                )
            self._connection = self._psycopg.connect(
                self._url, autocommit=True, connect_timeout=10, application_name=_process()
            )
        return self._connection

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except self._psycopg.Error as error:
            raise StoreError(
                f"The PostgreSQL database {without_password(self._url)} does not do what is asked "
                f"({' '.join(str(error).split())}). Look whether it runs and lets you in, and try again."
            ) from error


def without_password(url: str) -> str:
    """An address as it may be shown."""
    scheme, _, rest = url.partition("://")
    login, at, place = rest.rpartition("@")
    return f"{scheme}://{login.partition(':')[0]}{at}{place}"


def _process() -> str:
    """The name under which the server knows this process."""
    return f"hoidap, process {os.getpid()} on {platform.node()}"[:63]


def _driver() -> ModuleType:
    try:
        import psycopg
    except ImportError as error:
        raise StoreError(
            "A PostgreSQL database needs the package psycopg; install it with: pip install 'hoidap[postgres]'"
        ) from error
    return psycopg


def _placed(statement: str) -> str:
    """Write the marks of values as psycopg wants them."""
    return statement.replace("%", "%%").replace("?", "%s")


def _storable(values: Sequence[object]) -> list[object]:
    """Values that the server takes: it has no character 0."""
    return [value.replace("\x00", "\ufffd") if isinstance(value, str) else value for value in values]


def _connect_read_only(path: Path) -> sqlite3.Connection:
    """Open a database that cannot be written, on a disk of its own or by its permissions.

    Its log is read too where the files beside it allow that; else the state that was last moved into it.
    """
    for mode in ("mode=ro", "immutable=1"):
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?{mode}", uri=True, check_same_thread=False)
        try:
            connection.execute("SELECT count(*) FROM settings").fetchone()
            return connection
        except sqlite3.OperationalError:
            connection.close()
    raise sqlite3.OperationalError("unable to open it even for reading")
