"""What a database is asked through, and SQLite; ``postgres.py`` is the other.

Both understand the statements of ``database.py``, written with ``?`` for values; what they say differently (types,
identities, triggers) stands in ``schema.py``.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, Protocol, TypeAlias

from index.errors import DamagedStoreError

Kind: TypeAlias = Literal["sqlite", "postgresql"]
Row: TypeAlias = tuple[Any, ...]


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
        with _raising_when_damaged():
            return self._connection.execute(statement, values).fetchall()

    def count(self, statement: str, values: Sequence[object] = ()) -> int:
        """Run a statement that changes rows and give their number."""
        with _raising_when_damaged():
            return self._connection.execute(statement, values).rowcount

    def many(self, statement: str, rows: Iterable[Sequence[object]]) -> None:
        """Run a statement for each row of values."""
        with _raising_when_damaged():
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
        outcome = str(self.run("PRAGMA integrity_check(1)")[0][0])
        return None if outcome == "ok" else outcome

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


@contextmanager
def _raising_when_damaged() -> Iterator[None]:
    """Turn what SQLite says of a damaged file into a sentence; its other errors have classes of their own."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if type(error) is not sqlite3.DatabaseError:
            raise
        raise DamagedStoreError(
            f"The database of the store is damaged ({error}). "
            "Run 'hoidap sync FOLDER --rebuild'; your articles are not touched."
        ) from error


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
