"""Conversations and ratings, kept in one SQLite file."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, TypeAlias

from index.schema import Filters
from index.text.normalise import fold
from rag.schema import Answer
from ui.conversations.records import excerpt, from_json, scope_from_json, scope_to_json, to_json
from ui.errors import WindowError

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
_ADDED = {
    "question": "TEXT NOT NULL DEFAULT ''",
    "scope": "TEXT NOT NULL DEFAULT '{}'",
    "tries": "INTEGER NOT NULL DEFAULT 0",
    "problem": "TEXT NOT NULL DEFAULT ''",
    "detail": "TEXT NOT NULL DEFAULT ''",
}
"""Columns of exchanges that older files lack; ``answer`` is empty as long as there is none."""

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
    filters: Filters = Filters()

    @property
    def question(self) -> str:
        """As it was typed."""
        return self.answer.question


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question that was sent and has no answer: it waits, or else ``problem`` names what went wrong.

    ``detail`` is the technical message of it, ``tries`` counts how often its answer was begun.
    """

    id: int
    conversation: str
    asked: datetime
    question: str
    filters: Filters = Filters()
    problem: str = ""
    detail: str = ""
    tries: int = 0


Entry: TypeAlias = "Exchange | Unanswered"


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation in the list; ``updated`` is in UTC."""

    id: str
    title: str
    updated: datetime


class History:
    """The conversations: one list of whoever is let in.

    ``software`` names the version that is kept with each answer.  Every call opens its own connection,
    so that any thread may call.
    """

    def __init__(self, path: Path, software: str = "") -> None:
        self._path = path
        self._software = software
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._connect() as connection:
            connection.executescript(_SCHEMA)
            known = {row[1] for row in connection.execute("PRAGMA table_info(exchanges)")}
            for name in _ADDED.keys() - known:
                connection.execute(f"ALTER TABLE exchanges ADD COLUMN {name} {_ADDED[name]}")
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

    def ask(self, conversation: str | None, question: str, filters: Filters = Filters()) -> Unanswered:
        """Keep a question as it is sent, in a conversation or as the first of a new one."""
        asked = _now()
        with self._connect() as connection:
            key = conversation or self._start(connection, question)
            self._touch(connection, key)
            cursor = connection.execute(
                "INSERT INTO exchanges (conversation, asked, software, answer, searchable, question, scope) "
                "VALUES (?, ?, ?, '', ?, ?, ?)",
                (key, asked, self._software, fold(question), question, scope_to_json(filters)),
            )
        number = int(cursor.lastrowid or 0)
        return Unanswered(number, key, datetime.fromisoformat(asked), question, filters)

    def begin(self, exchange: int) -> None:
        """Count that an answer is begun, and forget what went wrong before."""
        self._change(
            "UPDATE exchanges SET tries = tries + 1, problem = '', detail = '' WHERE id = ?", exchange
        )

    def finish(self, exchange: int, answer: Answer) -> Exchange:
        """Keep the answer to a question, cut to the passages that were read."""
        kept = excerpt(answer)
        searchable = fold(f"{answer.question}\n{answer.text}")
        statement = "UPDATE exchanges SET answer = ?, searchable = ?, software = ?, problem = '' WHERE id = ?"
        self._change(statement, to_json(kept), searchable, self._software, exchange)
        return self.exchange(exchange)

    def fail(self, exchange: int, problem: str, detail: str = "") -> None:
        """Keep what went wrong with a question."""
        self._change("UPDATE exchanges SET problem = ?, detail = ? WHERE id = ?", problem, detail, exchange)

    def withdraw(self, exchange: int) -> None:
        """Drop a question that was taken back, and its conversation if nothing else is in it."""
        with self._connect() as connection:
            connection.execute("DELETE FROM exchanges WHERE id = ? AND answer = ''", (exchange,))
            connection.execute(
                "DELETE FROM conversations WHERE id NOT IN (SELECT conversation FROM exchanges)"
            )

    def waiting(self) -> list[Unanswered]:
        """Give the questions whose answer was not finished and did not fail, oldest first."""
        query = f"{_ENTRIES} WHERE answer = '' AND problem = '' ORDER BY exchanges.id"
        with self._connect() as connection:
            entries = [_entry(row) for row in connection.execute(query)]
        return [entry for entry in entries if isinstance(entry, Unanswered)]

    def conversations(self, search: str = "") -> list[Conversation]:
        """List the conversations, newest first; ``search`` needs no accents and looks at every text."""
        query = "SELECT id, title, updated FROM conversations ORDER BY updated DESC, rowid DESC"
        with self._connect() as connection:
            rows = connection.execute(query).fetchall()
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

    def holds(self, conversation: str) -> bool:
        """Say whether there is such a conversation."""
        with self._connect() as connection:
            found = connection.execute("SELECT 1 FROM conversations WHERE id = ?", (conversation,)).fetchone()
        return found is not None

    def title(self, conversation: str) -> str:
        """Give a conversation's name; raises GoneError when there is no such conversation."""
        with self._connect() as connection:
            row = connection.execute(
                "SELECT title FROM conversations WHERE id = ?", (conversation,)
            ).fetchone()
        if row is None:
            raise _gone()
        return str(row[0])

    def entries(self, conversation: str) -> list[Entry]:
        """Give everything that was asked in a conversation, oldest first; nothing when there is no such one."""
        query = f"{_ENTRIES} WHERE conversation = ? ORDER BY exchanges.id"
        with self._connect() as connection:
            return [_entry(row) for row in connection.execute(query, (conversation,))]

    def exchanges(self, conversation: str) -> list[Exchange]:
        """Give a conversation's answered questions, oldest first."""
        return [entry for entry in self.entries(conversation) if isinstance(entry, Exchange)]

    def entry(self, exchange: int) -> Entry:
        """Give one question with its answer if there is one; raises GoneError when there is no such question."""
        with self._connect() as connection:
            row = connection.execute(f"{_ENTRIES} WHERE exchanges.id = ?", (exchange,)).fetchone()
        if row is None:
            raise _gone()
        return _entry(row)

    def exchange(self, exchange: int) -> Exchange:
        """Give one answered question; raises GoneError when there is none."""
        entry = self.entry(exchange)
        if isinstance(entry, Unanswered):
            raise _gone()
        return entry

    def conversation_of(self, exchange: int) -> str:
        """Say where a question was asked; raises GoneError when there is no such question."""
        query = "SELECT conversation FROM exchanges WHERE id = ?"
        with self._connect() as connection:
            row = connection.execute(query, (exchange,)).fetchone()
        if row is None:
            raise _gone()
        return str(row[0])

    def branch(self, exchange: int, question: str) -> str | None:
        """Copy what was answered before a question into a new conversation; ``None`` when that is nothing.

        The conversation itself stays as it is, whatever was asked in it meanwhile.
        """
        home = self.conversation_of(exchange)
        if not any(entry.id < exchange for entry in self.exchanges(home)):
            return None
        with self._connect() as connection:
            key = self._start(connection, question)
            connection.execute(
                "INSERT INTO exchanges (conversation, asked, software, answer, searchable, question, scope) "
                "SELECT ?, asked, software, answer, searchable, question, scope FROM exchanges "
                "WHERE conversation = ? AND id < ? AND answer != '' ORDER BY id",
                (key, home, exchange),
            )
        return key

    def rename(self, conversation: str, title: str) -> None:
        """Give a conversation another name; an empty one changes nothing."""
        name = _title(title)
        if name:
            self._change("UPDATE conversations SET title = ? WHERE id = ?", name, conversation)

    def delete(self, conversation: str) -> None:
        """Delete a conversation with its exchanges and ratings; the file's bytes are overwritten."""
        self._change("DELETE FROM conversations WHERE id = ?", conversation)

    def rate(self, exchange: int, rating: Rating) -> Exchange:
        """Keep a rating, in place of an earlier one; return the rated exchange."""
        self.exchange(exchange)
        with self._connect() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO ratings VALUES (?, ?, ?, ?)",
                (exchange, rating.good, rating.comment.strip(), rating.correction.strip()),
            )
        return self.exchange(exchange)

    def rated(self) -> list[tuple[tuple[str, ...], Exchange]]:
        """Give every rated exchange, oldest first, with the earlier questions of its conversation."""
        query = f"{_ENTRIES} WHERE ratings.good IS NOT NULL ORDER BY exchanges.id"
        earlier = (
            "SELECT json_extract(answer, '$.question') FROM exchanges WHERE id < ? AND answer != '' "
            "AND conversation = (SELECT conversation FROM exchanges WHERE id = ?) ORDER BY id"
        )
        with self._connect() as connection:
            found = [_entry(row) for row in connection.execute(query)]
            return [
                (tuple(row[0] for row in connection.execute(earlier, (item.id, item.id))), item)
                for item in found
                if isinstance(item, Exchange)
            ]

    def _start(self, connection: sqlite3.Connection, question: str) -> str:
        key = secrets.token_urlsafe(12)
        statement = "INSERT INTO conversations (id, owner, title, updated) VALUES (?, '', ?, ?)"
        connection.execute(statement, (key, _title(question), _now()))
        return key

    def _change(self, statement: str, *values: str | int) -> None:
        with self._connect() as connection:
            if not connection.execute(statement, values).rowcount:
                raise _gone()

    def _touch(self, connection: sqlite3.Connection, conversation: str) -> None:
        statement = "UPDATE conversations SET updated = ? WHERE id = ?"
        if not connection.execute(statement, (_now(), conversation)).rowcount:
            raise _gone()


_ENTRIES = (
    "SELECT exchanges.id, conversation, asked, software, answer, question, scope, problem, detail, tries, "
    "good, comment, correction FROM exchanges LEFT JOIN ratings ON exchange = exchanges.id"
)


def _entry(row: tuple[Any, ...]) -> Entry:
    key, conversation, asked, software, answer, question, scope, problem, detail, tries, *rated = row
    when, filters = datetime.fromisoformat(asked), scope_from_json(scope)
    if not answer:
        return Unanswered(key, conversation, when, question, filters, problem, detail, tries)
    good, comment, correction = rated
    rating = None if good is None else Rating(bool(good), comment or "", correction or "")
    return Exchange(key, when, software, from_json(answer), rating, filters)


def _title(question: str) -> str:
    line = " ".join(question.split())
    if len(line) <= _TITLE_LENGTH:
        return line
    return line[:_TITLE_LENGTH].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"


def _now() -> str:
    return datetime.now(timezone.utc).isoformat()


def _gone() -> GoneError:
    return GoneError("This conversation no longer exists. Reload the page.")
