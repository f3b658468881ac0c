"""Connections to a PostgreSQL server, and its address as it may be shown."""

from __future__ import annotations

import threading
from contextlib import closing

import pytest
from postgres_server import PostgresServer

from index.errors import StoreError
from index.store.database.postgres import Connections, Postgres, without_password


def test_a_connection_is_lent_to_one_thread_and_used_again(postgres: PostgresServer) -> None:
    with closing(Connections(postgres.new_database())) as connections:
        with connections.lent() as first:
            first.run("CREATE TABLE t (n INTEGER)")
            with connections.lent() as second:
                assert second is not first
                assert second.run("SELECT count(*) FROM t") == [(0,)]
        with connections.lent() as again:
            assert again in (first, second)


def test_a_connection_that_failed_or_was_lost_hurts_nobody_after(postgres: PostgresServer) -> None:
    with closing(Connections(postgres.new_database())) as connections:
        with pytest.raises(StoreError), connections.lent() as broken:
            broken.run("SELECT nothing")
        with connections.lent() as whole:
            assert whole is not broken and whole.run("SELECT 1") == [(1,)]
        postgres.restart()
        with connections.lent() as again, again.transaction():
            assert again.run("SELECT 1") == [(1,)]


def test_many_threads_are_each_lent_their_own(postgres: PostgresServer) -> None:
    with closing(Connections(postgres.new_database())) as connections:
        with connections.lent() as sql:
            sql.run("CREATE TABLE t (n INTEGER)")

        def add() -> None:
            for _ in range(20):
                with connections.lent() as sql, sql.transaction():
                    sql.run("INSERT INTO t VALUES (1)")

        threads = [threading.Thread(target=add) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with connections.lent() as sql:
            assert sql.run("SELECT count(*) FROM t") == [(240,)]


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://an:secret@host:5432/x", "postgresql://an@host:5432/x"),
        ("postgresql://an:sec@ret/1@host/x", "postgresql://an@host/x"),
        ("postgresql://an@/x?host=/run&password=secret&a=1", "postgresql://an@/x?host=/run&a=1"),
        ("postgresql:///x?sslpassword=secret", "postgresql:///x?"),
        ("postgresql:///x", "postgresql:///x"),
    ],
)
def test_no_password_is_shown(url: str, shown: str) -> None:
    assert without_password(url) == shown


def test_an_address_that_cannot_be_read_tells_nothing_of_its_password() -> None:
    away = Postgres("postgresql://an:secret@host/x?nothing=1")
    with closing(away) as sql, pytest.raises(StoreError, match="%2F") as raised:
        sql.run("SELECT 1")
    assert "secret" not in str(raised.value) and raised.value.code == "database"
