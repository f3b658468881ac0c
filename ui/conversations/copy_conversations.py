"""Copy conversations with their ratings into another database; cut short, the next call does the rest.

A conversation is written in one transaction.  What is there already is passed over: a question by its moment and words,
so that a conversation that went on meanwhile gets what is missing.  Nothing is deleted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from index.store.database.sql import Sql
from ui.conversations.database import ConversationTables
from ui.errors import WindowError

Progress: TypeAlias = Callable[[str, int, int], None]
_ROWS = (
    "SELECT id, asked, question, software, answer, searchable, scope, tries, problem, detail, good, comment, correction"
    " FROM exchanges LEFT JOIN ratings ON exchange = id WHERE conversation = ? ORDER BY id"
)
_ADD = (
    "INSERT INTO exchanges (conversation, asked, question, software, answer, searchable, scope, tries, problem, detail)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id"
)
_ANSWER = (
    "UPDATE exchanges SET software = ?, answer = ?, searchable = ?, scope = ?, tries = ?, problem = ?, detail = ?"
    " WHERE id = ? AND answer = ''"
)


@dataclass(frozen=True, slots=True)
class CopiedConversations:
    """What a copy did: conversations and questions written now, and questions that were there already.

    ``otherwise`` counts those of the latter that the target has answered itself, in other words; its answer stays.
    """

    conversations: int
    written: int
    there_before: int
    otherwise: int


@dataclass(frozen=True, slots=True)
class _Row:
    """A question as it is kept: the columns of its outcome, and its rating."""

    number: int
    asked: str
    question: str
    told: tuple[str | int, ...]
    rating: tuple[int, str, str] | None

    @property
    def key(self) -> tuple[str, str]:
        """By what it is known in another database, whose numbers are others."""
        return self.asked, self.question

    @property
    def answer(self) -> str:
        """Its answer; empty while there is none."""
        return str(self.told[1])


def copy_conversations(
    source: ConversationTables,
    target: ConversationTables,
    on_progress: Progress = lambda what, done, total: None,
) -> CopiedConversations:
    """Copy every conversation, and prove that the target holds all that the source does.

    ``on_progress`` is told what is done, and how many conversations of how many.  Raises WindowError where the proof
    fails.  No process is to answer questions over the source meanwhile.
    """
    with source.reading() as sql:
        talks = sql.run("SELECT id, owner, title, updated FROM conversations ORDER BY updated, id")
    made = written = there_before = otherwise = 0
    for done, talk in enumerate(talks, 1):
        rows = _rows(source, talk[0])
        with target.writing() as sql:
            made += sql.count(
                "INSERT INTO conversations (id, owner, title, updated) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (id) DO NOTHING",
                talk,
            )
            known = {row.key: row for row in _rows_of(sql, talk[0])}
            for row in rows:
                _copy(sql, talk[0], row, known.get(row.key))
        written += sum(row.key not in known for row in rows)
        there_before += sum(row.key in known for row in rows)
        on_progress("conversations copied", done, len(talks))
    for done, talk in enumerate(talks, 1):
        otherwise += _proved(talk[0], _rows(source, talk[0]), _rows(target, talk[0]))
        on_progress("conversations compared", done, len(talks))
    return CopiedConversations(made, written, there_before, otherwise)


def _copy(sql: Sql, conversation: str, row: _Row, known: _Row | None) -> None:
    """Write a question with its rating, or what of it was not there yet."""
    if known is None:
        ((number,),) = sql.run(_ADD, (conversation, row.asked, row.question, *row.told))
    else:
        number = known.number
        if row.answer and not known.answer:
            sql.run(_ANSWER, (*row.told, number))
    if row.rating is not None and (known is None or known.rating is None):
        sql.run("INSERT INTO ratings VALUES (?, ?, ?, ?)", (number, *row.rating))


def _proved(conversation: str, rows: list[_Row], copies: list[_Row]) -> int:
    """Count the questions that the target answered otherwise; raises WindowError where one is missing or cut."""
    held = {row.key: row for row in copies}
    otherwise = 0
    for row in rows:
        copy = held.get(row.key)
        if copy is None or (row.answer and not copy.answer) or (row.rating and not copy.rating):
            raise WindowError(
                f"The copy is not equal: a question of {row.asked} in conversation {conversation} is not there as it "
                "is kept. Close the window that answers questions there and run the command again."
            )
        otherwise += bool(row.answer) and copy.answer != row.answer
    return otherwise


def _rows(tables: ConversationTables, conversation: str) -> list[_Row]:
    with tables.reading() as sql:
        return _rows_of(sql, conversation)


def _rows_of(sql: Sql, conversation: str) -> list[_Row]:
    rows = []
    for number, asked, question, *fields, good, comment, correction in sql.run(_ROWS, (conversation,)):
        rating = None if good is None else (int(good), str(comment), str(correction))
        rows.append(_Row(number, asked, str(_storable(question)), tuple(map(_storable, fields)), rating))
    return rows


def _storable(value: str | int) -> str | int:
    """A value as every database keeps it: PostgreSQL has no character 0."""
    return value.replace("\x00", "\ufffd") if isinstance(value, str) else value
