"""Several processes over one database: each question is answered once, and seen everywhere."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection

import pytest
from answer_maker import answer
from gated_assistant import GatedAssistant, until
from postgres_server import PostgresServer

from ui.conversations.answer_job import Job
from ui.conversations.answering import Answering
from ui.conversations.entries import Exchange, GoneError, Unanswered
from ui.conversations.history import History
from ui.conversations.leases import LEASE_SECONDS, Leases
from ui.conversations.records import excerpt
from ui.conversations.shared_answering import SharedAnswering

SECONDS = 1.5
"""For how long a lease is given here."""


@dataclass
class Process:
    """What a process has of its own."""

    history: History
    answering: Answering
    assistant: GatedAssistant

    def ask(self, question: str) -> Job:
        return self.answering.submit(self.history.ask(None, question))


@pytest.fixture
def url(postgres: PostgresServer) -> str:
    return postgres.new_database()


@contextmanager
def process(url: str, seconds: float = SECONDS) -> Iterator[Process]:
    history, assistant = History(url), GatedAssistant()
    answering = Answering(assistant, history, sharing=SharedAnswering(Leases(url, seconds=seconds), history))
    answering.resume()
    try:
        yield Process(history, answering, assistant)
    finally:
        answering.leave()
        assistant.gate.set()


def test_an_answer_is_seen_from_another_process_while_it_is_made(url: str) -> None:
    with process(url) as one, process(url) as two:
        job, waiting = one.ask("Một?"), one.ask("Hai?")
        until(
            lambda: (seen := two.answering.of(job.asked.conversation)) is not None and bool(seen.state.text)
        )
        seen = two.answering.of(job.asked.conversation)
        assert seen is not None and seen.elsewhere and seen.asked == two.history.entry(job.asked.id)
        state = two.answering.state(seen)
        assert (state.stage, state.text, state.standalone) == ("writing", "Toàn ", "Một? (đầy đủ)")
        assert state.passages == excerpt(answer("Một?")).passages
        behind = two.answering.of(waiting.asked.conversation)
        assert behind is not None and two.answering.state(behind).ahead == 1
        one.assistant.gate.set()
        until(lambda: job.done and waiting.done)
        assert two.answering.of(job.asked.conversation) is None
        time.sleep(2 * SECONDS)
        assert (one.assistant.asked, two.assistant.asked) == (["Một?", "Hai?"], [])


def test_a_look_from_another_process_is_told_every_change_and_the_end(url: str) -> None:
    import asyncio

    with process(url) as one, process(url) as two:
        job = one.ask("Một?")
        seen = two.answering.of(job.asked.conversation)
        assert seen is not None

        async def collect() -> list[str]:
            texts = []
            while await two.answering.changes(seen):
                texts.append(two.answering.state(seen).text)
                if texts[-1]:
                    one.assistant.gate.set()
            return texts

        assert "Toàn " in asyncio.run(collect())
        assert isinstance(two.history.entry(job.asked.id), Exchange)


def test_a_question_that_was_taken_over_before_it_was_sent_on_is_answered_once(url: str) -> None:
    with process(url) as one:
        asked = one.history.ask(None, "Một?")
        until(lambda: one.assistant.asked == ["Một?"])  # as one that is left
        job = one.answering.submit(asked)
        assert job.elsewhere and (one.answering.waiting, one.answering.running) == (0, 1)
        one.assistant.gate.set()
        until(lambda: not one.history.waiting())
        one.answering._sharing.refresh(job)  # type: ignore[union-attr]
        assert job.done and one.assistant.asked == ["Một?"]


def test_a_person_may_stop_at_one_process_what_another_answers(url: str) -> None:
    # With leases as long as they really are, a busy computer cannot let one run out: it would be taken over.
    with process(url, LEASE_SECONDS) as one, process(url, LEASE_SECONDS) as two:
        running, waiting = one.ask("Một?"), one.ask("Hai?")
        until(lambda: one.assistant.asked == ["Một?"])
        for job in (waiting, running):
            two.answering.stop(job.asked.conversation)
        until(lambda: running.withdrawn and waiting.withdrawn)  # nothing was written that could be kept
        assert two.history.conversations() == []
        assert one.assistant.asked == ["Một?"]


def test_what_a_process_leaves_is_taken_over_at_once_in_the_order_in_which_it_was_asked(url: str) -> None:
    with process(url) as two:
        busy = two.ask("Của hai?")
        with process(url) as one:
            jobs = [one.ask(f"Câu {n}?") for n in range(3)]
            until(lambda: one.assistant.asked == ["Câu 0?"])
        later = two.ask("Sau cùng?")
        until(lambda: two.answering.state(later).ahead == 4)
        two.assistant.gate.set()
        until(lambda: not two.history.waiting())
        assert two.assistant.asked == ["Của hai?", "Câu 0?", "Câu 1?", "Câu 2?", "Sau cùng?"]
        assert busy.done and all(isinstance(two.history.entry(job.asked.id), Exchange) for job in jobs)


def test_whoever_lost_a_question_while_it_stood_still_keeps_nothing_of_it(url: str) -> None:
    history = History(url)
    asleep, awake = Leases(url, seconds=0.2), Leases(url, seconds=30)
    asked = history.ask(None, "Một?")
    assert asleep.take(asked.id) and not awake.take(asked.id) and awake.take_abandoned() == []
    time.sleep(0.3)
    assert awake.take_abandoned() == [asked.id]
    assert asleep.renew() == {} and not asleep.take(asked.id)
    kept = history.finish(asked.id, answer("Một?"))
    with pytest.raises(GoneError):
        history.finish(asked.id, answer("Một?", "Khác [1]."))
    with pytest.raises(GoneError):
        history.fail(asked.id, "store")
    assert history.entry(asked.id) == kept
    awake.give_back(asked.id)
    assert awake.take_abandoned() == [] and not awake.take(asked.id)


def test_a_process_that_lost_a_question_stops_and_shows_the_other_s_answer(url: str) -> None:
    with process(url) as one:
        job = one.ask("Một?")
        until(lambda: one.assistant.asked == ["Một?"])
        thief = Leases(url, seconds=60)
        with thief._connections.lent() as sql:
            sql.run("UPDATE leases SET owner = ?, until = 'infinity'", (thief._owner,))
        until(lambda: job.elsewhere)
        seen = one.answering.of(job.asked.conversation)
        assert seen is not None and not job.done
        one.history.finish(job.asked.id, answer("Một?", "Của người khác [1]."))
        one.answering._sharing.refresh(job)  # type: ignore[union-attr]
        assert job.done
        assert one.history.exchange(job.asked.id).answer.text == "Của người khác [1]."


def test_a_question_whose_process_died_twice_is_told_so(url: str) -> None:
    history = History(url)
    fatal = history.ask(None, "Chết máy?")
    history.begin(fatal.id)
    history.begin(fatal.id)
    with process(url) as one:
        until(lambda: not history.waiting())
        entry = history.entry(fatal.id)
        assert isinstance(entry, Unanswered) and entry.problem == "interrupted"
        assert one.assistant.asked == []


def test_it_is_answered_when_the_person_asks_again(url: str) -> None:
    history = History(url)
    fatal = history.ask(None, "Chết máy?")
    history.begin(fatal.id)
    history.begin(fatal.id)
    with process(url) as one, process(url) as two:
        until(lambda: not history.waiting())
        for each in (one, two):
            each.assistant.gate.set()
        history.ask_again(fatal.id)
        one.answering.submit(fatal)
        until(lambda: isinstance(history.entry(fatal.id), Exchange))
        assert sorted(one.assistant.asked + two.assistant.asked) == ["Chết máy?"]


def test_a_database_that_was_away_for_longer_than_a_lease_loses_nothing(
    postgres: PostgresServer, url: str
) -> None:
    with process(url) as one, process(url) as two:
        job = one.ask("Một?")
        until(lambda: one.assistant.asked == ["Một?"])
        postgres.stop()
        time.sleep(2 * SECONDS)
        postgres.start_again()
        time.sleep(2 * SECONDS)
        one.assistant.gate.set()
        until(lambda: not two.history.waiting())
        assert isinstance(two.history.entry(job.asked.id), Exchange)
        assert two.assistant.asked == []


def answer_for_ever(url: str, line: Connection) -> None:
    with process(url) as worker:
        for number in range(3):
            line.send(worker.ask(f"Câu {number}?").asked.id)
        line.recv()


@pytest.mark.slow
def test_what_a_killed_process_had_taken_is_answered_by_another_once(url: str) -> None:
    context = multiprocessing.get_context("spawn")
    near, far = context.Pipe()
    with process(url) as two:
        other = context.Process(target=answer_for_ever, args=(url, far), daemon=True)
        other.start()
        kept = [near.recv() for _ in range(3)]
        first = two.history.entry(kept[0])
        assert isinstance(first, Unanswered) and two.answering.of(first.conversation) is not None
        other.kill()
        other.join()
        two.assistant.gate.set()
        until(lambda: not two.history.waiting())
        assert two.assistant.asked == ["Câu 0?", "Câu 1?", "Câu 2?"]
        assert all(isinstance(two.history.entry(number), Exchange) for number in kept)
