"""What a page is told where no browser is needed to see it: long questions, deleted ones, names, files, a reading."""

from __future__ import annotations

import json
from base64 import b64decode
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from gated_assistant import until

from tests.support.window_app import Window, opened
from tests.support.window_browser import QUESTION
from tests.support.window_person import Person
from ui.strings import LONGEST_QUESTION, words_in

WORDS = words_in("vi")


def test_too_long_a_question_that_comes_past_the_page_is_told_and_not_kept(window: Window) -> None:
    with Person(window.address, "person0001") as person:
        response = person.ask("a" * (LONGEST_QUESTION + 1))
        assert "Câu hỏi vượt quá 2000 ký tự" in response and "Traceback" not in response
        assert window.history.conversations() == []
        assert "a" * LONGEST_QUESTION in person.ask("a" * LONGEST_QUESTION)


def test_a_question_that_is_sent_twice_under_one_key_is_asked_once(window: Window) -> None:
    with Person(window.address, "person0001") as one, Person(window.address, "person0002") as other:
        key = "0123456789abcdef" * 2
        window.assistant.hold("writing")
        for person in (one, other):
            told = person.press("ask", question=QUESTION, key=key, shown="on-show:")
            assert f'data-taken=\\"{key}\\"' in told and QUESTION in told
        assert "data-taken" not in other.press("ask", question=QUESTION, key="short", shown="on-show:")
        window.assistant.go_on()
        [talk] = window.history.conversations()
        assert [entry.question for entry in window.history.entries(talk.id)] == [QUESTION]


def test_who_watches_an_answer_whose_conversation_is_deleted_is_told_so(window: Window) -> None:
    """The answer has words already, so that there is something to be kept when it is stopped."""
    window.assistant.hold("writing")
    with (
        Person(window.address, "person0001") as one,
        Person(window.address, "person0002") as other,
        ThreadPoolExecutor(1) as threads,
    ):
        one.ask(QUESTION)
        [talk] = window.history.conversations()
        watched = threads.submit(one.look_on)
        until(lambda: (job := window.answering.of(talk.id)) is not None and "Trong" in job.state.text)
        other.press("delete", conversation=talk.id)
        events = watched.result(60)
        assert WORDS.error_gone in events and "welcome" in events
        assert "Ai chủ trì hội nghị" in one.ask("Ai chủ trì hội nghị ở Kim Liên?")


def test_conversations_that_can_no_longer_be_read_are_told_in_words(home: Path) -> None:
    """Their file is spoilt while an answer is watched, which then cannot be kept either."""
    with opened(home) as window, Person(window.address, "person0001") as person:
        window.assistant.hold("writing")
        person.ask(QUESTION)
        [talk] = window.history.conversations()
        until(lambda: (job := window.answering.of(talk.id)) is not None and "Trong" in job.state.text)
        for path in home.glob("history.db*"):
            path.write_bytes(b"no database " * 1000)
        window.assistant.go_on()
        response = person.look_on()
    assert WORDS.errors["history"] in response and '"success":false' not in response.replace(" ", "")


def test_the_name_of_another_browser_s_session_opens_nothing_of_it(window: Window) -> None:
    """The state behind a name is its visitor's own: what is on show, and so what is taken along and stopped."""
    with Person(window.address, "shared0001") as owner, Person(window.address, "shared0001") as other:
        window.assistant.hold("writing")
        owner.ask(QUESTION)
        assert json.loads(other.press("export", kind="json"))["data"] == [""]
        [talk] = window.history.conversations()
        job = window.answering.of(talk.id)
        other.press("click")
        assert job is not None and not job.stop.is_set()
        owner.press("click")
        assert job.stop.is_set()
        window.assistant.go_on()
        until(lambda: not window.history.waiting())
        owner.ask("Ai chủ trì hội nghị ở Kim Liên?")
        until(lambda: not window.history.waiting())
        taken = json.loads(json.loads(owner.press("export", kind="json"))["data"][0])
        assert "Kim Liên" in b64decode(taken["data"]).decode()


def test_an_empty_file_is_told_by_name_and_hurts_no_later_one(window: Window) -> None:
    with Person(window.address, "person0001") as person:
        response = person.add({"trống.txt": b""})
        assert f"trống.txt: {WORDS.file_errors['empty']}" in response and "Đã thêm" not in response
        assert len(list(window.library.folder.iterdir())) == 3
        person.add({"mới.txt": "Chợ Mường\n\nChợ có 214 gian hàng.".encode(), "trống.txt": b""})
        response = person.look_on("follow")
        assert "Đã thêm 1 tệp." in response and f"trống.txt: {WORDS.file_errors['empty']}" in response
        assert "Đã cập nhật: thêm 1 tệp" in response
        assert "mới.txt" in window.library.held


def test_a_reading_is_seen_and_ended_from_another_window(window: Window) -> None:
    with Person(window.address, "person0001") as one, Person(window.address, "person0002") as other:
        window.library.held_up = True
        one.add({"mới.txt": "Chợ Mường\n\nChợ có 214 gian hàng.".encode()})
        shown = other.press("visit")
        assert "<progress" in shown and WORDS.stop in shown
        assert WORDS.stopping in other.press("stop", [])
        window.library.held_up = False
        assert WORDS.sync_stopped in one.look_on("follow")
        assert WORDS.sync_stopped in other.look_on("follow")
