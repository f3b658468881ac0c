"""Conversations, ratings, logins and tokens go from a laptop's files to a server's database, and back."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from answer_maker import answer, ask
from postgres_server import PostgresServer

from index.store.database.binding import bind
from index.store.store import Store
from ui.cli import main
from ui.conversations.copy_conversations import CopiedConversations, copy_conversations
from ui.conversations.database import ConversationTables
from ui.conversations.entries import Entry, Exchange, Rating
from ui.conversations.history import History
from ui.errors import WindowError
from ui.serve.access.tokens import open_tokens
from ui.window.access.sessions import copy_logins, open_sessions


@pytest.fixture(params=["to the server", "to a file"])
def places(
    request: pytest.FixtureRequest, postgres: PostgresServer, tmp_path: Path
) -> tuple[Path | str, Path | str]:
    file, url = tmp_path / "history.db", postgres.new_database()
    return (file, url) if request.param == "to the server" else (url, file)


@pytest.fixture
def source(places: tuple[Path | str, Path | str]) -> History:
    """Two conversations: one with answers, a rating and a failed question, one whose question waits."""
    history = History(places[0], "hoidap 0.1.0")
    first = ask(history, answer(), answer("Ai chủ trì?", "Ông An [1]."))
    history.rate(history.exchanges(first)[1].id, Rating(False, "Sai tên", "Bà Bình"))
    history.fail(history.ask(first, "Hỏng 100%?").id, "store", "Damaged")
    history.begin(history.ask(None, "Còn chờ?").id)
    return history


def copy(places: tuple[Path | str, Path | str], stop_after: int = 0) -> CopiedConversations:
    def advance(what: str, done: int, total: int) -> None:
        if done == stop_after:
            raise KeyboardInterrupt

    return copy_conversations(*map(ConversationTables, places), advance)


def held(history: History) -> list[tuple[str, str, list[Entry]]]:
    """All that a history holds, without the numbers, which each database gives."""
    return [
        (talk.id, talk.title, [replace(entry, id=0) for entry in history.entries(talk.id)])
        for talk in history.conversations()
    ]


def test_all_that_was_asked_answered_and_rated_is_there_afterwards(
    places: tuple[Path | str, Path | str], source: History
) -> None:
    assert copy(places) == CopiedConversations(2, 4, 0, 0)
    target = History(places[1])
    assert held(target) == held(source)
    assert [item.rating for _, item in target.rated()] == [Rating(False, "Sai tên", "Bà Bình")]
    assert [entry.question for entry in target.waiting()] == ["Còn chờ?"]
    assert [
        talk.title for talk in target.conversations("ba binh")
    ] == []  # a correction is no text of the answer
    assert len(target.conversations("ong an")) == 1
    assert copy(places) == CopiedConversations(0, 0, 4, 0)
    assert held(target) == held(source)


def test_a_copy_that_was_cut_short_is_carried_on(
    places: tuple[Path | str, Path | str], source: History
) -> None:
    with pytest.raises(KeyboardInterrupt):
        copy(places, stop_after=1)
    assert len(held(History(places[1]))) == 1
    copied = copy(places)
    assert (copied.conversations, copied.written + copied.there_before) == (1, 4)
    assert held(History(places[1])) == held(source)


def test_what_went_on_in_either_place_is_kept(places: tuple[Path | str, Path | str], source: History) -> None:
    copy(places)
    target = History(places[1])
    (waiting,), (there,) = source.waiting(), target.waiting()
    first = next(talk.id for talk in source.conversations() if talk.id != waiting.conversation)
    source.finish(waiting.id, answer("Còn chờ?", "Có [1]."))
    source.rate(source.exchanges(first)[0].id, Rating(True))
    source.ask(first, "Thêm?")
    target.ask(there.conversation, "Chỉ ở đây?")
    assert copy(places) == CopiedConversations(0, 1, 4, 0)
    answered, only_here = target.entries(there.conversation)
    assert isinstance(answered, Exchange) and answered.answer.text == "Có [1]."
    assert only_here.question == "Chỉ ở đây?"
    assert [entry.question for entry in target.entries(first)][-1] == "Thêm?"
    assert next(item.rating for _, item in target.rated()) == Rating(True)


def test_an_answer_that_was_given_there_stays_and_is_counted(
    places: tuple[Path | str, Path | str], source: History
) -> None:
    copy(places)
    target = History(places[1])
    source.finish(source.waiting()[0].id, answer("Còn chờ?", "Đây [1]."))
    kept = target.finish(target.waiting()[0].id, answer("Còn chờ?", "Kia [1]."))
    assert copy(places) == CopiedConversations(0, 0, 4, 1)
    assert target.exchange(kept.id) == kept


def test_a_copy_that_lacks_something_is_told(places: tuple[Path | str, Path | str], source: History) -> None:
    def forget(what: str, done: int, total: int) -> None:
        if (what, done) == ("conversations copied", total):
            target = History(places[1])
            target.delete(target.conversations()[0].id)

    with pytest.raises(WindowError, match="not equal"):
        copy_conversations(*map(ConversationTables, places), forget)


def test_a_sign_that_the_server_may_not_hold_does_not_stop_it(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    places = tmp_path / "history.db", postgres.new_database()
    ask(History(places[0]), answer("Trước\x00sau?"))
    assert copy(places) == CopiedConversations(1, 1, 0, 0)
    assert copy(places) == CopiedConversations(0, 0, 1, 0)


def test_whoever_was_let_in_is_let_in_there(places: tuple[Path | str, Path | str], tmp_path: Path) -> None:
    begun = open_sessions("mật khẩu", tmp_path / "first.json").begin()
    here, there = (place if isinstance(place, str) else tmp_path / "kept.json" for place in places)
    assert copy_logins(tmp_path / "first.json", here) == 1
    assert copy_logins(here, there) == 1
    assert copy_logins(here, there) == 0
    assert open_sessions("mật khẩu", there).name(begun) is not None
    assert open_sessions("khác", there).name(begun) is None
    open_sessions("mật khẩu", tmp_path / "other.json").begin()
    assert copy_logins(tmp_path / "other.json", there) == 0  # of another salt


def test_the_command_brings_a_laptops_window_to_the_server(
    store: Store, postgres: PostgresServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config, server = tmp_path / "office.toml", tmp_path / "server"
    url = postgres.new_database()
    config.write_text(f'[database]\nurl = "{url}"\n', encoding="utf-8")
    command = ["store", "copy-conversations", str(store.directory), str(config), "--store", str(server)]
    assert main(command) == 1
    assert "There are no conversations" in capsys.readouterr().err
    history = History(store.directory / "window" / "conversations.sqlite3")
    ask(history, answer())
    browser = open_sessions("mật khẩu", store.directory / "window" / "sessions.json").begin()
    secret = open_tokens(store.directory).new("phong-1", "read")
    key = open_tokens(store.directory).link_key()
    assert main([*command, "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert (printed["written"], printed["logins"], printed["tokens"]) == (1, 1, 1)
    assert held(History(url)) == held(history)
    assert open_sessions("mật khẩu", url).name(browser)
    token = open_tokens(server).find(secret)
    assert token is not None and token.name == "phong-1" and open_tokens(server).link_key() == key
    assert main(command) == 0
    assert "0 questions copied in 0 new conversations, 1 were there before" in capsys.readouterr().out


def test_a_token_of_the_same_name_and_another_secret_is_told(
    tmp_path: Path, postgres: PostgresServer
) -> None:
    bind(tmp_path / "two", postgres.new_database())
    one, two = open_tokens(tmp_path / "one"), open_tokens(tmp_path / "two")
    one.new("a", "read")
    two.new("a", "write")
    before = two.all()
    with pytest.raises(WindowError, match="another token 'a'"):
        two.take_over(one)
    assert two.all() == before
