"""The browsers that gave the password: in a file, or in the database that several processes share."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

from index.platform import write_atomic
from index.store.database.postgres import Connections, make_tables
from ui.settings.password import scrypt
from ui.shared_secret import TABLE, common_secret

KEPT_SECONDS = 90 * 24 * 3600
_MOST_SESSIONS = 1_000
_LOGINS = """
CREATE TABLE IF NOT EXISTS logins (
    name TEXT PRIMARY KEY, begun DOUBLE PRECISION NOT NULL, password TEXT NOT NULL)
"""
_ADD_LOGIN = "INSERT INTO logins VALUES (?, ?, ?)"
_SALT = "password salt"


def open_sessions(
    password: str, place: Path | str | None, clock: Callable[[], float] = time.time
) -> Sessions:
    """Give the sessions kept in a file, at the address of a PostgreSQL database, or while this process runs."""
    if isinstance(place, str):
        return DatabaseSessions(password, place, clock)
    return FileSessions(password, place, clock)


def copy_logins(source: Path | str, target: Path | str) -> int:
    """Let the browsers that are let in by one file or database be let in by another one; gives how many were added.

    They are bound to their password by a salt: none is copied where the target has begun with another one, and all
    log in again there.
    """
    kept = _read_file(source) if isinstance(source, Path) else _read_database(source)
    if not kept.get("sessions"):
        return 0
    return _add_to_file(target, kept) if isinstance(target, Path) else _add_to_database(target, kept)


class FileSessions:
    """The browsers that were let in, kept as hashes in a file that only this user reads.

    They outlive a restart, and end when they log out, after three months, or when the password is another.
    """

    def __init__(
        self, password: str, path: Path | None = None, clock: Callable[[], float] = time.time
    ) -> None:
        self._path = path
        self._clock = clock
        self._lock = threading.Lock()
        kept = {} if path is None else _read_file(path)
        salt = str(kept.get("salt") or secrets.token_hex(16))
        mark = scrypt(password, salt)  # by which it is known that sessions belong to this password
        known = kept.get("sessions", {}) if hmac.compare_digest(mark, str(kept.get("password", ""))) else {}
        self._kept: dict[str, Any] = {"salt": salt, "password": mark, "sessions": dict(known)}
        self._write()

    def begin(self) -> str:
        """Give the secret of a new session."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            sessions = self._kept["sessions"]
            sessions[_hashed(token)] = self._clock()
            for old in sorted(sessions, key=sessions.__getitem__)[:-_MOST_SESSIONS]:
                del sessions[old]
            self._write()
        return token

    def name(self, token: str) -> str | None:
        """Give the name of a session, ``None`` when there is none of that secret."""
        name = _hashed(token)
        begun = self._kept["sessions"].get(name)
        return name if begun is not None and self._clock() - begun < KEPT_SECONDS else None

    def end(self, token: str) -> None:
        """End a session: its secret is invalid from now on, also in a copy."""
        with self._lock:
            self._kept["sessions"].pop(_hashed(token), None)
            self._write()

    def _write(self) -> None:
        if self._path is not None:
            _write_file(self._path, self._kept)


class DatabaseSessions:
    """The browsers that were let in at any process over one PostgreSQL database, kept there as hashes.

    They end as those of a file do.  Every call raises StoreError where the database does not answer.
    """

    def __init__(self, password: str, url: str, clock: Callable[[], float] = time.time) -> None:
        self._connections = Connections(url)
        self._clock = clock
        with self._connections.lent() as sql, sql.transaction():
            make_tables(sql, (TABLE, _LOGINS))
            self._mark = scrypt(password, common_secret(sql, _SALT))
            sql.run("DELETE FROM logins WHERE password != ?", (self._mark,))

    def begin(self) -> str:
        """Give the secret of a new session."""
        token, moment = secrets.token_urlsafe(32), self._clock()
        with self._connections.lent() as sql, sql.transaction():
            sql.run(_ADD_LOGIN, (_hashed(token), moment, self._mark))
            sql.run(
                "DELETE FROM logins WHERE begun < ?"
                " OR name IN (SELECT name FROM logins ORDER BY begun DESC OFFSET ?)",
                (moment - KEPT_SECONDS, _MOST_SESSIONS),
            )
        return token

    def name(self, token: str) -> str | None:
        """Give the name of a session, ``None`` when there is none of that secret."""
        if not token:
            return None
        known = "SELECT 1 FROM logins WHERE name = ? AND password = ? AND begun > ?"
        name = _hashed(token)
        with self._connections.lent() as sql:
            found = sql.run(known, (name, self._mark, self._clock() - KEPT_SECONDS))
        return name if found else None

    def end(self, token: str) -> None:
        """End a session, at every process."""
        with self._connections.lent() as sql:
            sql.run("DELETE FROM logins WHERE name = ?", (_hashed(token),))


Sessions: TypeAlias = FileSessions | DatabaseSessions
"""The browsers that were let in."""


def _read_file(path: Path) -> dict[str, Any]:
    """Read the salt, the mark of the password and the sessions; nothing where the file is not whole."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _write_file(path: Path, kept: dict[str, Any]) -> None:
    write_atomic(path, json.dumps(kept).encode(), mode=0o600)


def _read_database(url: str) -> dict[str, Any]:
    with Connections(url).lent() as sql, sql.transaction():
        make_tables(sql, (TABLE, _LOGINS))
        rows = sql.run("SELECT name, begun, password FROM logins ORDER BY begun")
        if not rows:
            return {}
        sessions = {name: begun for name, begun, _ in rows}
        return {"salt": common_secret(sql, _SALT), "password": rows[-1][2], "sessions": sessions}


def _add_to_file(path: Path, kept: dict[str, Any]) -> int:
    there = _read_file(path) or {**kept, "sessions": {}}
    if any(there.get(name) != kept[name] for name in ("salt", "password")):
        return 0
    new = {name: begun for name, begun in kept["sessions"].items() if name not in there.get("sessions", {})}
    _write_file(path, {**there, "sessions": {**there.get("sessions", {}), **new}})
    return len(new)


def _add_to_database(url: str, kept: dict[str, Any]) -> int:
    with Connections(url).lent() as sql, sql.transaction():
        make_tables(sql, (TABLE, _LOGINS))
        if common_secret(sql, _SALT, kept["salt"]) != kept["salt"]:
            return 0
        rows = [(name, begun, kept["password"]) for name, begun in kept["sessions"].items()]
        return sum(sql.count(f"{_ADD_LOGIN} ON CONFLICT (name) DO NOTHING", row) for row in rows)


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
