"""Conversations and ratings, kept in one SQLite file or in a PostgreSQL database."""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from index.schema import Filters
from index.store.database.sql import Row, Sql
from index.text.normalise import fold
from rag.schema import Answer
from ui.conversations.database import ConversationTables
from ui.conversations.entries import Conversation, Entry, Exchange, GoneError, Rating, Unanswered
from ui.conversations.records import excerpt, from_json, scope_from_json, scope_to_json, to_json

_TITLE_LENGTH = 60


class History:
    """The conversations: one list for everybody who is logged in, in a file or at the address of a PostgreSQL database.

    ``software`` names the version that is kept with each answer.  Any thread may call.
    """

    def __init__(self, place: Path | str, software: str = "") -> None:
        self._software = software
        self._tables = ConversationTables(place)
        self._reading, self._writing = self._tables.reading, self._tables.writing

    def ask(
        self, conversation: str | None, question: str, filters: Filters = Filters(), key: str | None = None
    ) -> Unanswered:
        """Keep a question as it is sent, in a conversation or as the first of a new one.

        A ``key`` can be used once: raises WindowError where a question was kept under it.
        """
        asked = _now()
        with self._writing() as sql:
            home = conversation or self._start(sql, question)
            self._touch(sql, home)
            ((number,),) = sql.run(
                "INSERT INTO exchanges "
                "(conversation, asked, software, answer, searchable, question, scope, idempotency_key) "
                "VALUES (?, ?, ?, '', ?, ?, ?, ?) RETURNING id",
                (home, asked, self._software, fold(question), question, scope_to_json(filters), key),
            )
        return Unanswered(number, home, datetime.fromisoformat(asked), question, filters)

    def asked_as(self, key: str) -> str | None:
        """Give the conversation of the question that was kept under a key, ``None`` where there is none."""
        with self._reading() as sql:
            rows = sql.run("SELECT conversation FROM exchanges WHERE idempotency_key = ?", (key,))
        return str(rows[0][0]) if rows else None

    def begin(self, exchange: int) -> None:
        """Count that an answer is begun, and forget what went wrong before; raises GoneError where there is one."""
        statement = (
            "UPDATE exchanges SET tries = tries + 1, problem = '', detail = '' WHERE id = ? AND answer = ''"
        )
        self._change(statement, exchange)

    def break_off(self, exchange: int) -> None:
        """Do not count that an answer was begun: it is left in good order, not because it ended the program."""
        with self._writing() as sql:
            sql.run(
                "UPDATE exchanges SET tries = tries - 1 WHERE id = ? AND answer = '' AND tries > 0",
                (exchange,),
            )

    def ask_again(self, exchange: int) -> None:
        """Let a question without an answer wait as if it were new; raises GoneError where there is an answer."""
        statement = "UPDATE exchanges SET tries = 0, problem = '', detail = '' WHERE id = ? AND answer = ''"
        self._change(statement, exchange)

    def finish(self, exchange: int, answer: Answer) -> Exchange:
        """Keep the answer to a question, cut to the passages that were read; raises GoneError where there is one."""
        kept = excerpt(answer)
        searchable = fold(f"{answer.question}\n{answer.text}")
        statement = (
            "UPDATE exchanges SET answer = ?, searchable = ?, software = ?, problem = ''"
            " WHERE id = ? AND answer = ''"
        )
        self._change(statement, to_json(kept), searchable, self._software, exchange)
        return self.exchange(exchange)

    def fail(self, exchange: int, problem: str, detail: str = "") -> None:
        """Keep what went wrong with a question."""
        statement = "UPDATE exchanges SET problem = ?, detail = ? WHERE id = ? AND answer = ''"
        self._change(statement, problem, detail, exchange)

    def withdraw(self, exchange: int) -> None:
        """Drop a question that was taken back, and its conversation if nothing else is in it."""
        with self._writing() as sql:
            sql.run("DELETE FROM exchanges WHERE id = ? AND answer = ''", (exchange,))
            sql.run("DELETE FROM conversations WHERE id NOT IN (SELECT conversation FROM exchanges)")

    def waiting(self, conversation: str | None = None) -> list[Unanswered]:
        """Give the questions, of one conversation or all, whose answer neither came nor failed; oldest first."""
        within, values = ("", ()) if conversation is None else ("conversation = ? AND", (conversation,))
        query = f"{_ENTRIES} WHERE {within} answer = '' AND problem = '' ORDER BY exchanges.id"
        with self._reading() as sql:
            entries = [_entry(row) for row in sql.run(query, values)]
        return [entry for entry in entries if isinstance(entry, Unanswered)]

    def conversations(self, search: str = "") -> list[Conversation]:
        """List the conversations, newest first; ``search`` needs no accents and looks at every text."""
        query = (
            "SELECT id, title, updated FROM conversations ORDER BY updated DESC, "
            "(SELECT max(id) FROM exchanges WHERE conversation = conversations.id) DESC"
        )
        sought = fold(search.strip())
        pattern = re.sub(r"([\\%_])", r"\\\1", sought)
        with self._reading() as sql:
            rows = sql.run(query)
            holding = {
                key
                for (key,) in sql.run(
                    "SELECT conversation FROM exchanges WHERE searchable LIKE ? ESCAPE '\\'",
                    (f"%{pattern}%",),
                )
            }
        return [
            Conversation(key, title, datetime.fromisoformat(updated))
            for key, title, updated in rows
            if key in holding or sought in fold(title)
        ]

    def holds(self, conversation: str) -> bool:
        """Say whether there is such a conversation."""
        with self._reading() as sql:
            return bool(sql.run("SELECT 1 FROM conversations WHERE id = ?", (conversation,)))

    def title(self, conversation: str) -> str:
        """Give a conversation's name; raises GoneError when there is no such conversation."""
        with self._reading() as sql:
            return str(_only(sql.run("SELECT title FROM conversations WHERE id = ?", (conversation,)))[0])

    def entries(self, conversation: str) -> list[Entry]:
        """Give everything that was asked in a conversation, oldest first; nothing when there is no such one."""
        query = f"{_ENTRIES} WHERE conversation = ? ORDER BY exchanges.id"
        with self._reading() as sql:
            return [_entry(row) for row in sql.run(query, (conversation,))]

    def exchanges(self, conversation: str) -> list[Exchange]:
        """Give a conversation's answered questions, oldest first."""
        return [entry for entry in self.entries(conversation) if isinstance(entry, Exchange)]

    def entry(self, exchange: int) -> Entry:
        """Give one question with its answer if there is one; raises GoneError when there is no such question."""
        with self._reading() as sql:
            return _entry(_only(sql.run(f"{_ENTRIES} WHERE exchanges.id = ?", (exchange,))))

    def exchange(self, exchange: int) -> Exchange:
        """Give one answered question; raises GoneError when there is none."""
        entry = self.entry(exchange)
        if isinstance(entry, Unanswered):
            raise _gone()
        return entry

    def conversation_of(self, exchange: int) -> str:
        """Say where a question was asked; raises GoneError when there is no such question."""
        query = "SELECT conversation FROM exchanges WHERE id = ?"
        with self._reading() as sql:
            return str(_only(sql.run(query, (exchange,)))[0])

    def branch(self, exchange: int, question: str) -> str | None:
        """Copy what was answered before a question into a new conversation; ``None`` when that is nothing.

        The conversation itself stays as it is, whatever was asked in it meanwhile.
        """
        home = self.conversation_of(exchange)
        if not any(entry.id < exchange for entry in self.exchanges(home)):
            return None
        with self._writing() as sql:
            key = self._start(sql, question)
            sql.run(
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
        with self._writing() as sql:
            sql.run(
                "INSERT INTO ratings VALUES (?, ?, ?, ?) ON CONFLICT (exchange) DO UPDATE SET "
                "good = excluded.good, comment = excluded.comment, correction = excluded.correction",
                (exchange, int(rating.good), rating.comment.strip(), rating.correction.strip()),
            )
        return self.exchange(exchange)

    def rated(self) -> list[tuple[tuple[str, ...], Exchange]]:
        """Give every rated exchange, oldest first, with the earlier questions of its conversation."""
        query = f"{_ENTRIES} WHERE ratings.good IS NOT NULL ORDER BY exchanges.id"
        earlier = (
            "SELECT answer FROM exchanges WHERE id < ? AND answer != '' "
            "AND conversation = (SELECT conversation FROM exchanges WHERE id = ?) ORDER BY id"
        )
        with self._reading() as sql:
            found = [_entry(row) for row in sql.run(query)]
            return [
                (tuple(from_json(row[0]).question for row in sql.run(earlier, (item.id, item.id))), item)
                for item in found
                if isinstance(item, Exchange)
            ]

    def _start(self, sql: Sql, question: str) -> str:
        key = secrets.token_urlsafe(12)
        statement = "INSERT INTO conversations (id, owner, title, updated) VALUES (?, '', ?, ?)"
        sql.run(statement, (key, _title(question), _now()))
        return key

    def _change(self, statement: str, *values: str | int) -> None:
        with self._writing() as sql:
            if not sql.count(statement, values):
                raise _gone()

    def _touch(self, sql: Sql, conversation: str) -> None:
        statement = "UPDATE conversations SET updated = ? WHERE id = ?"
        if not sql.count(statement, (_now(), conversation)):
            raise _gone()


_ENTRIES = (
    "SELECT exchanges.id, conversation, asked, software, answer, question, scope, problem, detail, tries, "
    "good, comment, correction FROM exchanges LEFT JOIN ratings ON exchange = exchanges.id"
)


def _only(rows: list[Row]) -> Row:
    """The one row that there is; raises GoneError where there is none."""
    if not rows:
        raise _gone()
    return rows[0]


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
