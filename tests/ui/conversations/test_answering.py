"""The one line in which questions are answered, whoever looks on."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from answer_maker import answer

from index.errors import StoreError
from index.schema import Filters
from rag.schema import Delta, Event, Finished, Turn
from ui.conversations.answering import Answering
from ui.conversations.history import History, Unanswered
from ui.conversations.jobs import Job
from ui.conversations.watching import Watching


@dataclass
class GatedAssistant:
    """Answers when ``gate`` opens; a question holding ``hỏng`` fails, one holding ``nổ`` in an unknown way."""

    gate: threading.Event = field(default_factory=threading.Event)
    asked: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        filters: Filters = Filters(),
        stop: threading.Event | None = None,
    ) -> Iterator[Event]:
        self.asked.append((question, tuple(turn.question for turn in history)))
        yield Delta("Toàn ")
        while not self.gate.wait(0.01):
            if stop is not None and stop.is_set():
                yield Finished(answer(question, "", refused=True))
                return
        if "hỏng" in question:
            raise StoreError("Damaged search files in kho.")
        if "nổ" in question:
            raise RuntimeError("?")
        yield Finished(answer(question))


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path / "history.db")


@pytest.fixture
def assistant() -> Iterator[GatedAssistant]:
    made = GatedAssistant()
    yield made
    made.gate.set()


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.005)


def submit(answering: Answering, history: History, *questions: str) -> list[Job]:
    return [answering.submit(history.ask(None, question)) for question in questions]


def test_twenty_at_once_keep_their_order_know_their_place_and_lose_nothing(
    history: History, assistant: GatedAssistant
) -> None:
    answering = Answering(assistant, history)
    jobs = submit(answering, history, *(f"Câu {n}?" for n in range(20)))
    until(lambda: len(assistant.asked) == 1)
    assert [answering.ahead(job) for job in jobs] == list(range(20))
    assert [answering.state(job).stage for job in jobs[1:]] == ["queued"] * 19
    assert len(history.waiting()) == 20
    assistant.gate.set()
    until(lambda: all(job.done for job in jobs))
    assert [question for question, _ in assistant.asked] == [f"Câu {n}?" for n in range(20)]
    assert all(len(history.exchanges(job.asked.conversation)) == 1 for job in jobs)


def test_a_follow_up_knows_what_was_answered_before_it(history: History, assistant: GatedAssistant) -> None:
    answering = Answering(assistant, history)
    assistant.gate.set()
    [first] = submit(answering, history, "Một?")
    until(lambda: first.done)
    second = answering.submit(history.ask(first.asked.conversation, "Hai?"))
    until(lambda: second.done)
    assert assistant.asked[-1] == ("Hai?", ("Một?",))


def test_a_question_that_is_stopped_in_the_line_leaves_it_at_once(
    history: History, assistant: GatedAssistant
) -> None:
    answering = Answering(assistant, history)
    running, waiting = submit(answering, history, "Một?", "Hai?")
    until(lambda: len(assistant.asked) == 1)
    answering.stop(waiting.asked.conversation)
    assert waiting.withdrawn and answering.of(waiting.asked.conversation) is None
    answering.stop(running.asked.conversation)
    until(lambda: running.done)
    assert history.conversations() == []
    assert [question for question, _ in assistant.asked] == ["Một?"]


def test_a_failure_is_kept_and_the_next_question_is_answered(
    history: History, assistant: GatedAssistant, caplog: pytest.LogCaptureFixture
) -> None:
    answering = Answering(assistant, history)
    assistant.gate.set()
    jobs = submit(answering, history, "Kho hỏng?", "Máy nổ?", "Còn đây?")
    until(lambda: all(job.done for job in jobs))
    kept = [history.entries(job.asked.conversation)[0] for job in jobs]
    assert [entry.problem for entry in kept if isinstance(entry, Unanswered)] == ["store", "unknown"]
    assert not isinstance(kept[2], Unanswered)
    assert "RuntimeError" in caplog.text


def test_a_conversation_that_is_deleted_meanwhile_hurts_nobody(
    history: History, assistant: GatedAssistant
) -> None:
    answering = Answering(assistant, history)
    gone, other = submit(answering, history, "Một?", "Hai?")
    until(lambda: len(assistant.asked) == 1)
    history.delete(gone.asked.conversation)
    assistant.gate.set()
    until(lambda: gone.done and other.done)
    assert [item.id for item in history.conversations()] == [other.asked.conversation]


def test_what_was_left_when_the_program_ended_is_answered_and_what_ended_it_twice_is_told(
    history: History, assistant: GatedAssistant
) -> None:
    fine, fatal = history.ask(None, "Một?"), history.ask(None, "Chết máy?")
    history.begin(fatal.id)
    history.begin(fatal.id)
    assistant.gate.set()
    answering = Answering(assistant, history)
    answering.resume()
    until(lambda: not history.waiting())
    assert len(history.exchanges(fine.conversation)) == 1
    [told] = history.entries(fatal.conversation)
    assert isinstance(told, Unanswered) and told.problem == "interrupted"


def test_a_model_that_is_being_loaded_is_told(history: History, assistant: GatedAssistant) -> None:
    loaded = threading.Event()
    answering = Answering(assistant, history, ready=loaded.is_set)
    job = answering.submit(history.ask(None, "Một?"))
    job.state = job.state.__class__(job.state.question, "searching", 0.0)
    assert answering.state(job).stage in {"loading", "writing"}
    assert Answering(assistant, history).state(job).stage in {"searching", "writing"}
    loaded.set()


def test_a_look_is_told_every_change_and_the_end(history: History, assistant: GatedAssistant) -> None:
    answering = Answering(assistant, history)
    [job] = submit(answering, history, "Một?")

    async def look() -> list[str]:
        seen = []
        while await answering.changes(job):
            seen.append(answering.state(job).text)
            assistant.gate.set()
        return seen

    until(lambda: len(assistant.asked) == 1)
    asyncio.run(look())
    assert job.done and len(history.exchanges(job.asked.conversation)) == 1


def test_only_the_newest_look_of_a_window_shows_anything() -> None:
    watching = Watching()
    old = watching.begin("a")
    new, other = watching.begin("a"), watching.begin("b")
    assert (watching.holds("a", old), watching.holds("a", new), watching.holds("b", other)) == (
        False,
        True,
        True,
    )
    watching.end("a")
    assert (watching.holds("a", new), watching.holds("b", other)) == (False, True)
