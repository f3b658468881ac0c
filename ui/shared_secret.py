"""Secrets that all processes over one PostgreSQL database share, each made by the first process that needs it."""

from __future__ import annotations

import secrets

from index.store.database.sql import Sql

TABLE = "CREATE TABLE IF NOT EXISTS secrets (name TEXT PRIMARY KEY, value TEXT NOT NULL)"


def common_secret(sql: Sql, name: str, first: str = "") -> str:
    """Give the secret of a name, within a transaction: ``first`` or 64 hexadecimal digits where there was none."""
    made = first or secrets.token_hex(32)
    sql.run("INSERT INTO secrets VALUES (?, ?) ON CONFLICT (name) DO NOTHING", (name, made))
    ((value,),) = sql.run("SELECT value FROM secrets WHERE name = ?", (name,))
    return str(value)
