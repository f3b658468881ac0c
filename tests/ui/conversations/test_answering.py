"""The one line in which questions are answered, whoever looks on."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from gated_assistant import GatedAssistant, until

from ui.conversations.answer_job import Job
from ui.conversations.answering import Answering
from ui.conversations.entries import Unanswered
from ui.conversations.history import History
from ui.conversations.viewers import ViewTickets
from ui.errors import TooManyWaitingError
from ui.operation.fair_queue import FairQueue
from ui.operation.observing import Observation, Observer


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path / "history.db")


@pytest.fixture
def assistant() -> Iterator[GatedAssistant]:
    made = GatedAssistant()
    yield made
    made.gate.set()


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
    assert assistant.asked == [f"Câu {n}?" for n in range(20)]
    assert all(len(history.exchanges(job.asked.conversation)) == 1 for job in jobs)


def test_persons_take_turns_and_one_may_not_fill_the_line(
    history: History, assistant: GatedAssistant
) -> None:
    answering = Answering(assistant, history, line=FairQueue(most=6, most_each=3))
    asked = [("a", "A1?"), ("a", "A2?"), ("a", "A3?"), ("a", "A4?"), ("b", "B1?"), ("c", "C1?")]
    jobs = []
    for person, question in asked:
        answering.admit(person)
        jobs.append(answering.submit(history.ask(None, question), person))
        until(lambda: len(assistant.asked) == 1)
    with pytest.raises(TooManyWaitingError):
        answering.admit("a")
    answering.admit("b")
    assert [answering.ahead(job) for job in jobs] == [0, 1, 4, 5, 2, 3]
    assert (answering.waiting, answering.running) == (5, 1)
    assistant.gate.set()
    until(lambda: all(job.done for job in jobs))
    assert assistant.asked == ["A1?", "A2?", "B1?", "C1?", "A3?", "A4?"]


def test_as_many_answers_are_made_at_a_time_as_there_are_workers(
    history: History, assistant: GatedAssistant
) -> None:
    answering = Answering(assistant, history, workers=3)
    jobs = submit(answering, history, *(f"Câu {n}?" for n in range(8)))
    until(lambda: len(assistant.asked) == 3)
    time.sleep(0.05)
    assert len(assistant.asked) == 3
    assert [answering.state(job).stage for job in jobs[3:]] == ["queued"] * 5
    assistant.gate.set()
    until(lambda: all(job.done for job in jobs))
    assert not history.waiting()


def test_what_became_of_each_question_is_told_with_its_waiting(
    history: History, assistant: GatedAssistant
) -> None:
    observations: list[Observation] = []
    answering = Answering(assistant, history, observer=Observer(observations.append))
    jobs = submit(answering, history, "Một?", "Kho hỏng?", "Ba?", "Bốn?")
    until(lambda: len(assistant.asked) == 1)
    answering.stop(jobs[3].asked.conversation)
    time.sleep(0.1)
    assistant.gate.set()
    until(lambda: all(job.done for job in jobs))
    assert [(one.result, one.error) for one in observations] == [
        ("stopped", ""),
        ("stopped", ""),
        ("error", "store"),
        ("stopped", ""),
    ]  # fmt: skip (the answers of these tests are stopped ones)
    assert (
        observations[3].seconds["waiting"] >= 0.1
        and observations[3].whole >= observations[3].seconds["waiting"]
    )
    assert [one.asked.request for one in observations[1:]] == [f"window-{job.asked.id}" for job in jobs[:3]]


def test_a_follow_up_knows_what_was_answered_before_it(history: History, assistant: GatedAssistant) -> None:
    answering = Answering(assistant, history)
    assistant.gate.set()
    [first] = submit(answering, history, "Một?")
    until(lambda: first.done)
    second = answering.submit(history.ask(first.asked.conversation, "Hai?"))
    until(lambda: second.done)
    assert (assistant.asked[-1], assistant.before[-1]) == ("Hai?", ("Một?",))


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
    assert assistant.asked == ["Một?"]


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
    deleted, other = submit(answering, history, "Một?", "Hai?")
    until(lambda: len(assistant.asked) == 1)
    history.delete(deleted.asked.conversation)
    assistant.gate.set()
    until(lambda: deleted.done and other.done)
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
    [entry] = history.entries(fatal.conversation)
    assert isinstance(entry, Unanswered) and entry.problem == "interrupted"


def test_a_question_that_ended_the_program_twice_is_answered_when_it_is_asked_again(
    history: History, assistant: GatedAssistant
) -> None:
    fatal = history.ask(None, "Chết máy?")
    history.begin(fatal.id)
    history.begin(fatal.id)
    Answering(assistant, history).resume()
    entry = history.entry(fatal.id)
    assert isinstance(entry, Unanswered) and entry.problem == "interrupted"
    history.ask_again(fatal.id)
    Answering(GatedAssistant(), history).resume()  # which dies again
    until(lambda: history.waiting() == [replace(fatal, tries=1)])
    assistant.gate.set()
    Answering(assistant, history).resume()
    until(lambda: not history.waiting())
    assert len(history.exchanges(fatal.conversation)) == 1


def test_an_answer_that_is_left_in_good_order_counts_as_no_try(
    history: History, assistant: GatedAssistant
) -> None:
    running = history.ask(None, "Một?")
    for _ in range(3):
        stopped = GatedAssistant()
        answering = Answering(stopped, history)
        answering.resume()
        until(lambda stopped=stopped: stopped.asked == ["Một?"])  # type: ignore[misc]
        answering.leave()
    assert history.waiting() == [running]
    assistant.gate.set()
    Answering(assistant, history).resume()
    until(lambda: not history.waiting())
    assert len(history.exchanges(running.conversation)) == 1


def test_a_model_that_is_being_loaded_is_told(history: History, assistant: GatedAssistant) -> None:
    loaded = threading.Event()
    answering = Answering(assistant, history, ready=loaded.is_set)
    job = answering.submit(history.ask(None, "Một?"))
    job.state = job.state.__class__(job.state.question, "searching", 0.0)
    assert answering.state(job).stage in {"loading", "writing"}
    assert Answering(assistant, history).state(job).stage in {"searching", "writing"}
    loaded.set()


def test_it_is_kept_that_articles_were_being_read_when_an_answer_began(
    history: History, assistant: GatedAssistant
) -> None:
    reading = iter((True, False))
    assistant.gate.set()
    answering = Answering(assistant, history, reading=lambda: next(reading))
    submit(answering, history, "Một?", "Hai?")
    until(lambda: not history.waiting())
    kept = [item for talk in history.conversations() for item in history.exchanges(talk.id)]
    assert {item.question: item.answer.still_reading for item in kept} == {"Một?": True, "Hai?": False}


def test_a_look_is_told_every_change_and_the_end(history: History, assistant: GatedAssistant) -> None:
    answering = Answering(assistant, history)
    [job] = submit(answering, history, "Một?")

    async def collect() -> list[str]:
        seen = []
        while await answering.changes(job):
            seen.append(answering.state(job).text)
            assistant.gate.set()
        return seen

    until(lambda: len(assistant.asked) == 1)
    asyncio.run(collect())
    assert job.done and len(history.exchanges(job.asked.conversation)) == 1


def test_only_the_newest_look_of_a_window_shows_anything() -> None:
    watching = ViewTickets()
    old = watching.begin("a")
    new, other = watching.begin("a"), watching.begin("b")
    assert (watching.holds("a", old), watching.holds("a", new), watching.holds("b", other)) == (
        False,
        True,
        True,
    )
    watching.end("a")
    assert (watching.holds("a", new), watching.holds("b", other)) == (False, True)


def test_no_thread_waits_for_questions_after_the_window_was_left(
    history: History, assistant: GatedAssistant
) -> None:
    """Such a thread would keep the assistant and its models in memory."""
    before = set(threading.enumerate())
    answering = Answering(assistant, history)
    (job,) = submit(answering, history, "Một?")
    assistant.gate.set()
    until(lambda: job.done)
    (thread,) = set(threading.enumerate()) - before
    answering.leave()
    thread.join(10)
    assert not thread.is_alive()
