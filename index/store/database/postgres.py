"""Tables on a PostgreSQL server, and the connections to it that a process keeps."""

from __future__ import annotations

import os
import platform
import re
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from types import ModuleType
from typing import TYPE_CHECKING

from index.errors import StoreError
from index.store.database.sql import Kind, Row, Sql

if TYPE_CHECKING:
    from psycopg import Connection, Cursor

_WRITER = 0x686F6964
"""Key of the advisory lock that whoever writes holds."""
_MAKING = 0x686F6965
"""Key of the advisory lock that whoever makes tables beside those of the articles holds."""
_PASSWORDS = re.compile(r"\b(ssl)?password=[^&]*&?")
_KEPT_OPEN = 4
"""Connections that stay open while nobody uses them."""


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
        with self._raising_store_errors():
            self._connected().cursor().executemany(_placed(statement), [_storable(row) for row in rows])

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Do all or nothing of what is run within."""
        if self._within:
            yield
            return
        self.run("SELECT 1")  # a connection that was lost is made anew here
        with self._raising_store_errors(), self._connected().transaction():
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
        with self._raising_store_errors():
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
            try:
                self._connection = self._psycopg.connect(
                    self._url, autocommit=True, connect_timeout=10, application_name=process_name()
                )
            except self._psycopg.ProgrammingError:  # what it tells may hold a part of a password
                raise StoreError(
                    f"{without_password(self._url)} is no address of a PostgreSQL database. Write it like "
                    "postgresql://user@host:5432/name, signs such as / @ : % in a password as %2F %40 %3A %25.",
                    code="database",
                ) from None
        return self._connection

    @contextmanager
    def _raising_store_errors(self) -> Iterator[None]:
        try:
            yield
        except self._psycopg.Error as error:
            raise StoreError(
                f"The PostgreSQL database {without_password(self._url)} does not do what is asked "
                f"({' '.join(str(error).split())}). Look whether it runs and lets you in, and try again.",
                code="database",
            ) from error


class Connections:
    """Connections to one server for any thread: each is lent for a while, and some stay open for the next.

    ``close`` ends those that nobody uses; what is lent is ended when it comes back.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._lock = threading.Lock()
        self._idle: list[Postgres] = []
        self._closed = False

    @contextmanager
    def lent(self) -> Iterator[Postgres]:
        """Lend a connection to one thread until the block ends."""
        with self._lock:
            sql = self._idle.pop() if self._idle else None
        sql, whole = sql or Postgres(self._url), False
        try:
            yield sql
            whole = True
        finally:  # after an error nobody knows in which state a connection is
            with self._lock:
                kept = whole and not self._closed and len(self._idle) < _KEPT_OPEN
                if kept:
                    self._idle.append(sql)
            if not kept:
                sql.close()

    def close(self) -> None:
        """End the connections."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for sql in idle:
            sql.close()

    def __del__(self) -> None:
        self.close()


def make_tables(sql: Sql, statements: Iterable[str]) -> None:
    """Make tables that may be there, within a transaction; another process may be making them at this moment."""
    if sql.kind == "postgresql":
        sql.run("SELECT pg_advisory_xact_lock(?)", (_MAKING,))
    for statement in statements:
        sql.run(statement)


def without_password(url: str) -> str:
    """An address as it may be shown."""
    scheme, _, rest = url.partition("://")
    login, at, place = rest.rpartition("@")
    return f"{scheme}://{login.partition(':')[0]}{at}{_PASSWORDS.sub('', place)}"


def process_name() -> str:
    """The name under which the server knows this process."""
    return f"hoidap, process {os.getpid()} on {platform.node()}"[:63]


def _driver() -> ModuleType:
    try:
        import psycopg
    except ImportError as error:
        raise StoreError(
            "A PostgreSQL database needs the package psycopg; install it with: pip install 'hoidap[postgres]'",
            code="driver",
        ) from error
    return psycopg


def _placed(statement: str) -> str:
    """Write the marks of values as psycopg wants them."""
    return statement.replace("%", "%%").replace("?", "%s")


def _storable(values: Sequence[object]) -> list[object]:
    """Values that the server takes: it has no character 0."""
    return [value.replace("\x00", "\ufffd") if isinstance(value, str) else value for value in values]
