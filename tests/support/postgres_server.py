"""A PostgreSQL server of the tests' own, in a folder that goes with it; nothing but its socket leads there."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest

_NAMES = count()


class PostgresServer:
    """A running server; every database that it gives is new."""

    def __init__(self, folder: Path, programs: Path) -> None:
        self._folder, self._programs = folder, programs

    def url(self, database: str) -> str:
        """The address of a database."""
        return f"postgresql://postgres@/{database}?host={self._folder}"

    def new_database(self) -> str:
        """Make an empty database and give its address."""
        name = f"hoidap{next(_NAMES)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
        return self.url(name)

    def restart(self) -> None:
        """Stop at once, as if the machine had failed, and start again."""
        self._control("restart", "-m", "immediate")

    def start(self) -> None:
        """Make the cluster and start it."""
        self._run(
            "initdb",
            "-D",
            str(self._folder / "data"),
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-sync",
        )
        self._control("start")

    def start_again(self) -> None:
        """Start what was stopped."""
        self._control("start")

    def stop(self) -> None:
        """Stop it."""
        self._control("stop", "-m", "immediate")

    def _control(self, *what: str) -> None:
        options = f"-c listen_addresses='' -c fsync=off -k {self._folder}"
        self._run(
            "pg_ctl",
            "-D",
            str(self._folder / "data"),
            "-l",
            str(self._folder / "log"),
            "-w",
            "-o",
            options,
            *what,
        )

    def _run(self, program: str, *arguments: str) -> None:
        # It refuses to be run by root; Debian's package makes a user for it.
        before = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        completed = subprocess.run(
            [*before, str(self._programs / program), *arguments],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            cwd="/", check=False,
        )  # fmt: skip
        assert completed.returncode == 0, completed.stderr


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """Start a server for a while; tests are skipped where PostgreSQL is not installed."""
    programs = _programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="hoidap-pg-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        folder.chmod(0o755)
        server = PostgresServer(folder, programs)
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path | None:
    on_path = shutil.which("pg_ctl")
    if on_path:
        return Path(on_path).parent
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    return found[-1].parent if found else None
