"""Which process answers which question, where several share one PostgreSQL database.

Whoever answers a question holds a lease of it and renews that; when the process has died the lease runs out and another
process takes the question over.  Beside the lease stands how far the answer is, for whoever looks from another process.
All moments are of the database's clock.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from index.store.database.postgres import Connections, make_tables, process_name
from ui.conversations.progress import Progress, Stage

LEASE_SECONDS = 10.0
_SCHEMA = (
    """
    CREATE TABLE IF NOT EXISTS leases (
        exchange BIGINT PRIMARY KEY REFERENCES exchanges (id) ON DELETE CASCADE,
        owner TEXT NOT NULL, until TIMESTAMPTZ NOT NULL, began TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
        stop BOOLEAN NOT NULL DEFAULT FALSE, stage TEXT NOT NULL DEFAULT 'searching', ahead INTEGER NOT NULL DEFAULT 0,
        text TEXT NOT NULL DEFAULT '', found TEXT NOT NULL DEFAULT '')
    """,
    "CREATE INDEX IF NOT EXISTS leases_by_owner ON leases (owner)",
    "CREATE INDEX IF NOT EXISTS exchanges_waiting ON exchanges (id) WHERE answer = '' AND problem = ''",
)
_UNTIL = "clock_timestamp() + make_interval(secs => ?)"
_TAKEN_OVER = (
    "ON CONFLICT (exchange) DO UPDATE SET owner = excluded.owner, until = excluded.until,"
    " stage = 'searching', ahead = 0, text = '', found = '' WHERE leases.until < clock_timestamp()"
)


@dataclass(frozen=True, slots=True)
class QuestionState:
    """What is known of a question in the database; ``found`` is what ``found_to_json`` wrote, empty where unchanged."""

    settled: bool
    stage: Stage
    ahead: int
    text: str
    found: str
    stopping: bool
    seconds: float


class Leases:
    """The leases of one process; every call raises StoreError where the database does not answer.

    The tables of the conversations must be there.  A lease runs out ``seconds`` after it was last renewed.
    """

    def __init__(self, url: str, *, seconds: float = LEASE_SECONDS) -> None:
        self.seconds = seconds
        self._owner = f"{process_name()}, {secrets.token_hex(6)}"
        self._connections = Connections(url)
        with self._connections.lent() as sql, sql.transaction():
            make_tables(sql, _SCHEMA)

    def take(self, exchange: int) -> bool:
        """Take the lease of a question that has no answer; false where another process holds it."""
        statement = (
            f"INSERT INTO leases (exchange, owner, until) SELECT id, ?, {_UNTIL} FROM exchanges"
            f" WHERE id = ? AND answer = '' {_TAKEN_OVER} OR leases.owner = excluded.owner"
        )
        with self._connections.lent() as sql:
            return sql.count(statement, (self._owner, self.seconds, exchange)) == 1

    def take_abandoned(self) -> list[int]:
        """Lease every question without an answer that no living process has leased; oldest first.

        One that was kept a moment ago is left to the process that kept it, which is about to take it.
        """
        statement = (
            f"INSERT INTO leases (exchange, owner, until) SELECT id, ?, {_UNTIL} FROM exchanges"
            " LEFT JOIN leases ON exchange = id WHERE answer = '' AND problem = ''"
            " AND coalesce(until, asked::timestamptz + make_interval(secs => ?)) < clock_timestamp()"
            f" ORDER BY id {_TAKEN_OVER} RETURNING exchange"
        )
        with self._connections.lent() as sql:
            rows = sql.run(statement, (self._owner, self.seconds, self.seconds))
            return sorted(int(row[0]) for row in rows)

    def renew(self) -> dict[int, bool]:
        """Renew every lease that this process still holds; tells for each whether somebody asked it to stop."""
        statement = f"UPDATE leases SET until = {_UNTIL} WHERE owner = ? RETURNING exchange, stop"
        with self._connections.lent() as sql:
            return {
                int(exchange): bool(stop)
                for exchange, stop in sql.run(statement, (self.seconds, self._owner))
            }

    def give_back(self, exchange: int) -> None:
        """End a lease."""
        with self._connections.lent() as sql:
            sql.run("DELETE FROM leases WHERE exchange = ? AND owner = ?", (exchange, self._owner))

    def give_all_back(self) -> None:
        """End every lease of this process; others take over what it leaves."""
        with self._connections.lent() as sql:
            sql.run("UPDATE leases SET until = '-infinity' WHERE owner = ?", (self._owner,))

    def ask_to_stop(self, exchange: int) -> None:
        """Ask whichever process answers a question to stop."""
        with self._connections.lent() as sql:
            sql.run("UPDATE leases SET stop = TRUE WHERE exchange = ?", (exchange,))

    def write_progress(
        self, states: Sequence[tuple[int, Progress]], found: Sequence[tuple[int, str]]
    ) -> None:
        """Write the progress of answers, by question, and the passages found for some of them."""
        rows = [(now.stage, now.ahead, now.text, exchange, self._owner) for exchange, now in states]
        passages = [(content, exchange, self._owner) for exchange, content in found]
        with self._connections.lent() as sql, sql.transaction():
            held = "WHERE exchange = ? AND owner = ?"
            sql.many(f"UPDATE leases SET stage = ?, ahead = ?, text = ? {held}", rows)
            sql.many(f"UPDATE leases SET found = ? {held}", passages)

    def read(self, exchange: int, *, passages: bool) -> QuestionState | None:
        """Read how far an answer is, with its ``passages`` or without; ``None`` where the question is gone."""
        statement = (
            "SELECT answer != '' OR problem != '', coalesce(stage, 'searching'), coalesce(ahead, 0),"
            " coalesce(text, ''), CASE WHEN ? THEN coalesce(found, '') ELSE '' END, coalesce(stop, FALSE),"
            " coalesce(extract(epoch FROM clock_timestamp() - began), 0)"
            " FROM exchanges LEFT JOIN leases ON exchange = id WHERE id = ?"
        )
        with self._connections.lent() as sql:
            rows = sql.run(statement, (passages, exchange))
        if not rows:
            return None
        ((settled, stage, ahead, text, found, stop, seconds),) = rows
        return QuestionState(settled, cast("Stage", stage), ahead, text, found, stop, float(seconds))

    def close(self) -> None:
        """End the connections."""
        self._connections.close()
