"""Browsers that gave the password, in a file and in a database."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from postgres_server import PostgresServer, postgres_server

from index.errors import StoreError
from tests.support.window_app import opened
from ui.strings import words_in
from ui.window.access.sessions import Sessions, open_sessions

Open = Callable[..., Sessions]


@pytest.fixture(params=["file", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    if request.param == "file":
        return tmp_path / "sessions.json"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.new_database()


def test_a_session_opens_until_it_ends_and_only_for_its_password(place: Path | str) -> None:
    sessions = open_sessions("mật khẩu", place)
    token = sessions.begin()
    assert sessions.name(token)
    for other in ("", "abc", f"x{token}", token[:-1]):
        assert sessions.name(other) is None
    assert open_sessions("mật khẩu", place).name(token) == sessions.name(token)
    assert open_sessions("khác", place).name(token) is None
    kept = open_sessions("khác", place)
    token = kept.begin()
    kept.end(token)
    assert kept.name(token) is None and open_sessions("khác", place).name(token) is None


def test_a_session_ends_after_three_months(place: Path | str) -> None:
    moment = 1_000.0
    sessions = open_sessions("mật khẩu", place, lambda: moment)
    token = sessions.begin()
    moment += 89 * 24 * 3600
    assert sessions.name(token) is not None
    moment += 2 * 24 * 3600
    assert sessions.name(token) is None


def test_the_oldest_sessions_give_way_when_there_are_too_many(place: Path | str) -> None:
    moment = 1_000.0
    sessions = open_sessions("mật khẩu", place, lambda: moment)
    first, second = sessions.begin(), ""
    for _ in range(1000):
        moment += 1
        second = second or sessions.begin()
        last = sessions.begin()
    assert sessions.name(first) is sessions.name(second) is None and sessions.name(last)


def test_a_file_of_sessions_is_private_and_a_damaged_one_lets_nobody_in(tmp_path: Path) -> None:
    path = tmp_path / "sessions.json"
    token = open_sessions("mật khẩu", path).begin()
    assert path.stat().st_mode & 0o777 == 0o600
    assert token not in path.read_text(encoding="utf-8")
    path.write_text("{", encoding="utf-8")
    assert open_sessions("mật khẩu", path).name(token) is None


def test_whoever_logs_in_or_out_at_one_process_does_so_at_every_other(postgres: PostgresServer) -> None:
    url = postgres.new_database()
    one, two = open_sessions("mật khẩu", url), open_sessions("mật khẩu", url)
    token = one.begin()
    assert two.name(token) == one.name(token) is not None
    two.end(token)
    assert one.name(token) is None


def test_a_database_that_is_away_lets_nobody_in_and_is_told(postgres: PostgresServer) -> None:
    with pytest.raises(StoreError):
        open_sessions("mật khẩu", "postgresql://an@127.0.0.1:1/x")
    sessions = open_sessions("mật khẩu", postgres.new_database())
    token = sessions.begin()
    postgres.restart()
    assert sessions.name(token) is not None


def test_a_person_who_is_let_in_at_one_window_is_at_the_other_until_the_database_is_away(
    tmp_path: Path,
) -> None:
    (tmp_path / "articles").mkdir()
    password = {"password": "bí mật"}
    with (
        postgres_server() as server,
        opened(tmp_path, password="bí mật", database=(url := server.new_database())) as one,
        opened(tmp_path, password="bí mật", database=url) as two,
    ):
        let_in = {
            "cookie": httpx.post(f"{one.address}vao", data=password).headers["set-cookie"].split(";")[0]
        }
        assert httpx.get(two.address, headers=let_in).status_code == 200
        httpx.post(f"{two.address}ra", headers=let_in)
        assert httpx.get(one.address, headers=let_in).status_code == 401
        server.stop()
        response = httpx.get(one.address, headers=let_in)
        assert response.status_code == 503
        assert (
            words_in("vi").errors["database"] in response.text
            and words_in("en").errors["database"] in response.text
        )
        assert words_in("vi").errors["database"] in httpx.post(f"{one.address}vao", data=password).text
        server.start_again()
        assert httpx.post(f"{one.address}vao", data=password).status_code == 303
