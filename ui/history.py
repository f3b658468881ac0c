"""Conversations and ratings, kept in one SQLite file."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from index.text import fold
from rag.schema import Answer
from ui.errors import WindowError
from ui.events import LOCAL_OWNER
from ui.records import excerpt, from_json, to_json

_SCHEMA = """
CREATE TABLE IF NOT EXISTS conversations (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, title TEXT NOT NULL, updated TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS conversations_by_owner ON conversations (owner, updated DESC);
CREATE TABLE IF NOT EXISTS exchanges (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    asked TEXT NOT NULL, software TEXT NOT NULL, answer TEXT NOT NULL, searchable TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS exchanges_by_conversation ON exchanges (conversation, id);
CREATE TABLE IF NOT EXISTS ratings (
    exchange INTEGER PRIMARY KEY REFERENCES exchanges (id) ON DELETE CASCADE,
    good INTEGER NOT NULL, comment TEXT NOT NULL, correction TEXT NOT NULL);
"""

_TITLE_LENGTH = 60


class GoneError(WindowError):
    """A conversation or answer is not there any more, or belongs to somebody else."""


@dataclass(frozen=True, slots=True)
class Rating:
    """What a user thinks of an answer; ``correction`` is the right answer in the user's words, if given."""

    good: bool
    comment: str = ""
    correction: str = ""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and its answer as kept: the answer's articles hold only the passages that were read."""

    id: int
    asked: datetime
    software: str
    answer: Answer
    rating: Rating | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation in the list; ``updated`` is in UTC."""

    id: str
    title: str
    updated: datetime


class History:
    """The conversations of every owner; an owner never sees another's.

    ``software`` names the version that is kept with each answer.  Every call opens its own connection,
    so that any thread may call.
    """

    def __init__(self, path: Path, software: str = "") -> None:
        self._path = path
        self._software = software
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._connect() as connection:
            connection.executescript(_SCHEMA)
            connection.execute("UPDATE conversations SET owner = ?", (LOCAL_OWNER,))
        path.chmod(0o600)

    @contextmanager
    def _connect(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self._path, timeout=10)) as connection, connection:
                connection.execute("PRAGMA foreign_keys = ON")
                connection.execute("PRAGMA secure_delete = ON")
                yield connection
        except sqlite3.DatabaseError as error:
            raise WindowError(
                f"The conversations in {self._path} cannot be read or written ({error}). "
                "Move that file away to begin a new one."
            ) from error

    def start(self, owner: str, question: str) -> str:
        """Begin a conversation named after its first question; return its id."""
        key = secrets.token_urlsafe(12)
        with self._connect() as connection:
            connection.execute(
                "INSERT INTO conversations VALUES (?, ?, ?, ?)", (key, owner, _title(question), _now())
            )
        return key

    def conversations(self, owner: str, search: str = "") -> list[Conversation]:
        """List an owner's conversations, newest first; ``search`` needs no accents and looks at every text."""
        query = (
            "SELECT id, title, updated FROM conversations WHERE owner = ? ORDER BY updated DESC, rowid DESC"
        )
        with self._connect() as connection:
            rows = connection.execute(query, (owner,)).fetchall()
            holding = {
                key
                for (key,) in connection.execute(
                    "SELECT conversation FROM exchanges WHERE instr(searchable, ?)", (fold(search.strip()),)
                )
            }
        return [
            Conversation(key, title, datetime.fromisoformat(updated))
            for key, title, updated in rows
            if key in holding or fold(search.strip()) in fold(title)
        ]

    def owns(self, owner: str, conversation: str) -> bool:
        """Say whether the conversation exists and belongs to the owner."""
        query = "SELECT 1 FROM conversations WHERE id = ? AND owner = ?"
        with self._connect() as connection:
            return connection.execute(query, (conversation, owner)).fetchone() is not None

    def title(self, owner: str, conversation: str) -> str:
        """Give a conversation's name; raises GoneError when there is no such conversation."""
        query = "SELECT title FROM conversations WHERE id = ? AND owner = ?"
        with self._connect() as connection:
            row = connection.execute(query, (conversation, owner)).fetchone()
        if row is None:
            raise _gone()
        return str(row[0])

    def exchanges(self, owner: str, conversation: str) -> list[Exchange]:
        """Give a conversation's exchanges, oldest first; none when there is no such conversation."""
        query = f"{_EXCHANGES} WHERE owner = ? AND conversations.id = ? ORDER BY exchanges.id"
        with self._connect() as connection:
            return [_exchange(row) for row in connection.execute(query, (owner, conversation))]

    def exchange(self, owner: str, exchange: int) -> Exchange:
        """Give one exchange; raises GoneError when there is no such exchange."""
        query = f"{_EXCHANGES} WHERE owner = ? AND exchanges.id = ?"
        with self._connect() as connection:
            row = connection.execute(query, (owner, exchange)).fetchone()
        if row is None:
            raise _gone()
        return _exchange(row)

    def add(self, owner: str, conversation: str, answer: Answer) -> Exchange:
        """Keep an answer, cut to the passages that were read, at the end of a conversation."""
        kept, asked = excerpt(answer), _now()
        searchable = fold(f"{answer.question}\n{answer.text}")
        with self._connect() as connection:
            self._touch(connection, owner, conversation)
            cursor = connection.execute(
                "INSERT INTO exchanges (conversation, asked, software, answer, searchable) VALUES (?, ?, ?, ?, ?)",
                (conversation, asked, self._software, to_json(kept), searchable),
            )
        return Exchange(int(cursor.lastrowid or 0), datetime.fromisoformat(asked), self._software, kept)

    def cut(self, owner: str, conversation: str, exchange: int) -> None:
        """Drop an exchange and all later ones of its conversation."""
        with self._connect() as connection:
            self._touch(connection, owner, conversation)
            connection.execute(
                "DELETE FROM exchanges WHERE conversation = ? AND id >= ?", (conversation, exchange)
            )

    def rename(self, owner: str, conversation: str, title: str) -> None:
        """Give a conversation another name; an empty one changes nothing."""
        name = _title(title)
        if name:
            self._change(
                "UPDATE conversations SET title = ? WHERE id = ? AND owner = ?", name, conversation, owner
            )

    def delete(self, owner: str, conversation: str) -> None:
        """Delete a conversation with its exchanges and ratings; the file's bytes are overwritten."""
        self._change("DELETE FROM conversations WHERE id = ? AND owner = ?", conversation, owner)

    def rate(self, owner: str, exchange: int, rating: Rating) -> Exchange:
        """Keep a rating, in place of an earlier one; return the rated exchange."""
        self.exchange(owner, exchange)
        with self._connect() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO ratings VALUES (?, ?, ?, ?)",
                (exchange, rating.good, rating.comment.strip(), rating.correction.strip()),
            )
        return self.exchange(owner, exchange)

    def rated(self, owner: str) -> list[tuple[tuple[str, ...], Exchange]]:
        """Give every rated exchange, oldest first, with the earlier questions of its conversation."""
        query = f"{_EXCHANGES} WHERE owner = ? AND ratings.good IS NOT NULL ORDER BY exchanges.id"
        earlier = (
            "SELECT json_extract(answer, '$.question') FROM exchanges WHERE id < ? "
            "AND conversation = (SELECT conversation FROM exchanges WHERE id = ?) ORDER BY id"
        )
        with self._connect() as connection:
            found = [_exchange(row) for row in connection.execute(query, (owner,))]
            return [
                (tuple(row[0] for row in connection.execute(earlier, (item.id, item.id))), item)
                for item in found
            ]

    def _change(self, statement: str, *values: str) -> None:
        with self._connect() as connection:
            if not connection.execute(statement, values).rowcount:
                raise _gone()

    def _touch(self, connection: sqlite3.Connection, owner: str, conversation: str) -> None:
        statement = "UPDATE conversations SET updated = ? WHERE id = ? AND owner = ?"
        if not connection.execute(statement, (_now(), conversation, owner)).rowcount:
            raise _gone()


_EXCHANGES = (
    "SELECT exchanges.id, asked, software, answer, good, comment, correction FROM exchanges "
    "JOIN conversations ON conversations.id = conversation LEFT JOIN ratings ON exchange = exchanges.id"
)


def _exchange(row: tuple[int, str, str, str, int | None, str | None, str | None]) -> Exchange:
    key, asked, software, answer, good, comment, correction = row
    rating = None if good is None else Rating(bool(good), comment or "", correction or "")
    return Exchange(key, datetime.fromisoformat(asked), software, from_json(answer), rating)


def _title(question: str) -> str:
    line = " ".join(question.split())
    if len(line) <= _TITLE_LENGTH:
        return line
    return line[:_TITLE_LENGTH].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"


def _now() -> str:
    return datetime.now(timezone.utc).isoformat()


def _gone() -> GoneError:
    return GoneError("This conversation no longer exists. Reload the page.")
