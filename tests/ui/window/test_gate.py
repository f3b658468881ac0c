"""A page and the process that gave it, where several share one database."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import httpx
import pytest
from postgres_server import PostgresServer

from tests.support.window_app import opened
from tests.support.window_person import Person

QUESTION = "Huyện Ba Sen giảm bao nhiêu hộ nghèo?"


def test_a_page_that_comes_to_another_process_loads_itself_anew_and_goes_on(
    tmp_path: Path, postgres: PostgresServer
) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "ba-sen.txt").write_text(
        "Huyện Ba Sen giảm nghèo\n15/10/2020\n\nHuyện Ba Sen giảm 45 hộ nghèo.", encoding="utf-8"
    )
    url = postgres.new_database()
    with (
        opened(tmp_path, database=url) as one,
        opened(tmp_path, database=url) as two,
        Person(one.address, "person0001") as person,
    ):
        one.assistant.hold("writing")
        person.ask(QUESTION)
        [talk] = two.history.conversations()
        person.move(two.address)
        with pytest.raises(httpx.HTTPStatusError, match="409"):
            person.press("new")
        assert QUESTION in person.open(talk.id)  # as a page remembers it
        end = time.monotonic() + 30
        while "Huyện Ba Sen" not in (two.answering.of(talk.id) or pytest.fail("it is done")).state.text:
            assert time.monotonic() < end
            time.sleep(0.1)
        threading.Timer(1.5, one.assistant.go_on).start()
        shown = person.look_on()
        assert (
            "answer draft" in shown and "45 hộ nghèo" in shown
        )  # while it was written, and when it was done
        person.ask("Còn tỷ lệ?")
        assert [entry.question for entry in two.history.entries(talk.id)] == [QUESTION, "Còn tỷ lệ?"]
        assert [question for question, _, _ in one.assistant.asked] == [QUESTION]
