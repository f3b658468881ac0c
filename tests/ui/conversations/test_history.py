"""Conversations and ratings are kept, found, changed and deleted."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from answer_maker import answer, ask
from postgres_server import PostgresServer

from index.schema import Filters
from index.store.database.sql import Sqlite
from ui.conversations.entries import GoneError, Rating, Unanswered
from ui.conversations.history import History
from ui.conversations.records import excerpt, to_json
from ui.errors import WindowError


@pytest.fixture(params=["sqlite", "postgresql"])
def history(request: pytest.FixtureRequest, tmp_path: Path) -> History:
    if request.param == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres")
        return History(server.new_database(), "hoidap 0.1.0")
    return History(tmp_path / "kept" / "history.db", "hoidap 0.1.0")


def test_conversations_outlive_a_restart(tmp_path: Path) -> None:
    first = History(tmp_path / "history.db", "hoidap 0.1.0")
    key = ask(first, answer(), answer("Ai chủ trì?", "Ông An [1]."))
    again = History(tmp_path / "history.db", "hoidap 0.2.0")
    items = again.exchanges(key)
    assert [item.answer for item in items] == [
        excerpt(answer()),
        excerpt(answer("Ai chủ trì?", "Ông An [1].")),
    ]
    assert {item.software for item in items} == {"hoidap 0.1.0"}
    assert [item.title for item in again.conversations()] == ["Kết nạp bao nhiêu đảng viên?"]


def test_the_newest_conversation_comes_first(history: History) -> None:
    old, new = ask(history, answer("Câu cũ?")), ask(history, answer("Câu mới?"))
    assert [item.id for item in history.conversations()] == [new, old]
    history.ask(old, "Câu nữa?")
    assert [item.id for item in history.conversations()] == [old, new]


@pytest.mark.parametrize("search", ["dang vien", "ĐẢNG VIÊN", "chu tri hoi nghi", "  82 "])
def test_search_needs_no_accents_and_looks_into_answers(history: History, search: str) -> None:
    found = ask(history, answer("Ai chủ trì hội nghị?", "82 đảng viên."))
    ask(history, answer("Chợ mới mở khi nào?", "Ngày 3."))
    assert [item.id for item in history.conversations(search)] == [found]


def test_search_takes_signs_as_they_are(history: History) -> None:
    ask(history, answer("Đạt 100% chưa?"))
    assert history.conversations("100%")
    assert not history.conversations("%0%")


def test_a_long_first_question_makes_a_short_title(history: History) -> None:
    key = ask(
        history,
        answer("Từ đầu năm đến nay toàn đảng bộ huyện Kim Bảng đã kết nạp được bao nhiêu đảng viên mới?"),
    )
    assert history.title(key) == "Từ đầu năm đến nay toàn đảng bộ huyện Kim Bảng đã kết nạp…"


def test_rename_and_delete(history: History) -> None:
    key = ask(history, answer())
    history.rename(key, "  Đảng viên\n2018 ")
    history.rename(key, "   ")
    assert history.title(key) == "Đảng viên 2018"
    history.delete(key)
    assert history.conversations() == []
    with pytest.raises(GoneError):
        history.title(key)


def test_a_deleted_conversation_leaves_no_bytes(tmp_path: Path) -> None:
    history = History(tmp_path / "history.db")
    key = ask(history, answer("Từ khóa hiếm xyzzy?"))
    assert b"xyzzy" in (tmp_path / "history.db").read_bytes()
    history.delete(key)
    assert b"xyzzy" not in (tmp_path / "history.db").read_bytes()
    with closing(sqlite3.connect(tmp_path / "history.db")) as connection:
        assert connection.execute("SELECT count(*) FROM exchanges").fetchone() == (0,)


def test_a_question_is_kept_as_it_is_sent_and_its_answer_when_it_is_finished(history: History) -> None:
    bounds = Filters(date(2019, 1, 1), date(2020, 12, 31), ("tin/",))
    asked = history.ask(None, "Kết nạp bao nhiêu đảng viên?", bounds)
    [entry] = history.entries(asked.conversation)
    assert entry == asked and history.waiting() == [asked] and history.exchanges(asked.conversation) == []
    assert [item.id for item in history.conversations("dang vien")] == [asked.conversation]
    history.begin(asked.id)
    assert history.waiting()[0].tries == 1
    item = history.finish(asked.id, answer())
    assert (item.question, item.filters) == ("Kết nạp bao nhiêu đảng viên?", bounds)
    assert history.waiting() == [] and history.entries(asked.conversation) == [item]


def test_a_question_is_kept_once_under_its_key(history: History) -> None:
    key = "0" * 32
    assert history.asked_as(key) is None
    asked = history.ask(None, "Còn bao nhiêu hộ nghèo?", key=key)
    assert history.asked_as(key) == asked.conversation
    with pytest.raises(WindowError):
        history.ask(None, "Còn bao nhiêu hộ nghèo?", key=key)
    for _ in range(2):  # those without a key are not bound
        history.ask(asked.conversation, "Còn bao nhiêu hộ nghèo?")
    assert [talk.id for talk in history.conversations()] == [asked.conversation]
    assert len(history.entries(asked.conversation)) == 3


def test_what_went_wrong_is_kept_until_the_question_is_begun_again(history: History) -> None:
    asked = history.ask(None, "Hỏi gì?")
    history.fail(asked.id, "store", "Damaged search files")
    [entry] = history.entries(asked.conversation)
    assert isinstance(entry, Unanswered)
    assert (entry.problem, entry.detail, history.waiting()) == ("store", "Damaged search files", [])
    with pytest.raises(GoneError):
        history.exchange(asked.id)
    history.begin(asked.id)
    assert [(one.id, one.problem) for one in history.waiting()] == [(asked.id, "")]


def test_a_question_that_was_taken_back_leaves_nothing_empty(history: History) -> None:
    key = ask(history, answer())
    history.withdraw(history.ask(key, "Thôi?").id)
    alone = history.ask(None, "Thôi nữa?")
    history.withdraw(alone.id)
    history.withdraw(history.exchanges(key)[0].id)
    assert [item.id for item in history.conversations()] == [key]
    assert len(history.entries(key)) == 1


def test_a_branch_holds_what_came_before_and_leaves_the_conversation_whole(history: History) -> None:
    key = ask(history, answer("Một?"), answer("Hai?"), answer("Ba?"))
    first, second, _ = history.exchanges(key)
    new = history.branch(second.id, "Hai khác?")
    assert new is not None and history.title(new) == "Hai khác?"
    assert [item.question for item in history.exchanges(new)] == ["Một?"]
    assert [item.question for item in history.exchanges(key)] == ["Một?", "Hai?", "Ba?"]
    assert history.branch(first.id, "Một khác?") is None
    with pytest.raises(GoneError):
        history.branch(999, "x")


def test_what_an_older_version_kept_is_read_and_is_one_list_for_everybody(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(OLD_SCHEMA)
        for owner in ("local", "aX3_browser"):
            connection.execute(
                "INSERT INTO conversations VALUES (?, ?, ?, '2026-01-01T00:00:00+00:00')",
                (f"c-{owner}", owner, "Cũ"),
            )
        connection.execute(
            "INSERT INTO exchanges VALUES (1, 'c-aX3_browser', '2026-01-01T00:00:00+00:00', 'v', ?, 'cu')",
            (to_json(excerpt(answer("Cũ?"))),),
        )
    history = History(path)
    assert {item.id for item in history.conversations()} == {"c-local", "c-aX3_browser"}
    assert [item.question for item in history.exchanges("c-aX3_browser")] == ["Cũ?"]
    assert history.waiting() == []


OLD_SCHEMA = """
CREATE TABLE conversations (id TEXT PRIMARY KEY, owner TEXT NOT NULL, title TEXT NOT NULL, updated TEXT NOT NULL);
CREATE TABLE exchanges (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    asked TEXT NOT NULL, software TEXT NOT NULL, answer TEXT NOT NULL, searchable TEXT NOT NULL);
CREATE TABLE ratings (
    exchange INTEGER PRIMARY KEY REFERENCES exchanges (id) ON DELETE CASCADE,
    good INTEGER NOT NULL, comment TEXT NOT NULL, correction TEXT NOT NULL);
"""


def test_a_rating_is_kept_with_its_exchange_and_can_change(history: History) -> None:
    key = ask(history, answer())
    [item] = history.exchanges(key)
    assert item.rating is None
    history.rate(item.id, Rating(True))
    rated = history.rate(item.id, Rating(False, " thiếu năm ", "82 người"))
    assert rated.rating == Rating(False, "thiếu năm", "82 người")
    assert history.exchanges(key) == [rated]


def test_a_file_that_is_no_history_is_told_with_a_remedy(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    path.write_text("đây không phải cơ sở dữ liệu" * 50, encoding="utf-8")
    with pytest.raises(WindowError, match="Move that file away"):
        History(path)


@pytest.mark.parametrize(
    ("reason", "remedy"),
    [
        ("database or disk is full", "Make room on its disk"),
        ("attempt to write a readonly database", "Give yourself the right to write it"),
    ],
)
def test_a_full_or_closed_disk_is_no_reason_to_move_the_conversations_away(
    reason: str, remedy: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    history = History(tmp_path / "history.db")
    key = ask(history, answer())

    def closed(*values: object) -> None:
        raise sqlite3.OperationalError(reason)

    with monkeypatch.context() as patch:
        patch.setattr(Sqlite, "run", closed)
        with pytest.raises(WindowError, match=rf"{reason}\). {remedy}"):
            history.ask(key, "Còn huyện khác?")
    assert len(history.exchanges(key)) == 1


def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    History(tmp_path / "history.db")
    assert (tmp_path / "history.db").stat().st_mode & 0o077 == 0
