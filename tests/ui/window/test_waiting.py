"""Several people wait in one line of the window: each in turn, told the place, and not with too many questions."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from window_person import Person

from tests.support.window_app import opened
from ui.conversations.entries import Exchange
from ui.operation.fair_queue import FairQueue
from ui.strings import words_in


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


def test_one_person_may_not_fill_the_line_and_another_s_single_question_is_next(home: Path) -> None:
    def place(ahead: int) -> str:
        return words_in("vi").state_queued.format(ahead=ahead)

    with (
        opened(home, line=FairQueue(most_each=2)) as window,
        Person(window.address, "person0001") as many,
        Person(window.address, "person0002") as one,
    ):
        window.assistant.hold("reading")
        many.ask("Câu một?")
        until(lambda: window.answering.running == 1)
        for number, question in enumerate(("Câu hai?", "Câu ba?"), 1):
            many.press("new")
            assert place(number) in many.ask(question)
        many.press("new")
        refused = many.ask("Câu bốn?")
        assert words_in("vi").errors["many_waiting"] in refused
        assert place(2) in one.ask("Câu của người khác?"), "the running one, and one of the other's two"
        assert window.answering.waiting == 3
        window.assistant.go_on()
        until(lambda: window.answering.waiting + window.answering.running == 0)
        kept = [entry for talk in window.history.conversations() for entry in window.history.entries(talk.id)]
    assert {entry.question for entry in kept if isinstance(entry, Exchange)} == {
        "Câu một?", "Câu hai?", "Câu ba?", "Câu của người khác?",
    }  # fmt: skip
