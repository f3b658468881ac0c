"""Nothing is lost and nothing grows: killed programs, cut lines, many people, a long day."""

from __future__ import annotations

import ctypes
import gc
import multiprocessing
import os
import random
import re
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from answer_maker import answer
from processes import quickly_started

from index.platform import share_one_arena
from index.schema import Filters
from rag.schema import Delta, Event, Finished, Turn
from tests.support.window_app import Window, opened
from tests.support.window_person import Person
from ui.conversations.answering import Answering
from ui.conversations.entries import Exchange, Unanswered
from ui.conversations.history import History

pytestmark = pytest.mark.slow
KILLS, MOMENTS, PEOPLE = 10, 15, 20
DAY_PEOPLE, DAY_PARTS, PART, PER_WINDOW = 5, 4, 50, 25
"""A thousand questions: five people, four parts of a day, fifty questions of each in each, in two windows."""
MOST_GROWN = 16.0
"""Megabytes between the middle of the day, when everything has been loaded, and its end: what 500 kept questions and
their windows cost."""


class Hesitant:
    """Answers word by word, with pauses of no fixed length."""

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        filters: Filters = Filters(),
        stop: threading.Event | None = None,
    ) -> Iterator[Event]:
        for word in ("Toàn ", "huyện ", "có."):
            time.sleep(random.random() * 0.03)
            yield Delta(word)
        yield Finished(answer(question))


def answer_until_killed(path: Path, line: Connection) -> None:
    """Keep and answer every question that comes, and tell its number once it is kept."""
    history = History(path)
    answering = Answering(Hesitant(), history)
    answering.resume()
    line.send(0)
    while True:
        kept = history.ask(None, line.recv())
        answering.submit(kept)
        line.send(kept.id)


def test_no_question_is_lost_where_the_program_is_killed_at_any_moment(tmp_path: Path) -> None:
    path, chance = tmp_path / "history.db", random.Random(7)
    context = quickly_started("ui.conversations.answering", "answer_maker")
    kept: list[int] = []
    for number in range(KILLS + 1):
        near, far = context.Pipe()
        program = context.Process(target=answer_until_killed, args=(path, far), daemon=True)
        program.start()
        assert near.poll(240) and near.recv() == 0
        for question in range(3):
            near.send(f"Câu hỏi {number}.{question}?")
            kept.append(near.recv())
        if number < KILLS:
            near.send("Câu hỏi chưa kịp lưu?")
            time.sleep(chance.random() * 0.15)
            program.kill()
            program.join()
    history = History(path)
    end = time.monotonic() + 120
    while history.waiting():
        assert time.monotonic() < end, "some questions wait for ever"
        time.sleep(0.05)
    program.kill()
    entries = [history.entry(number) for number in kept]
    answered = [entry for entry in entries if isinstance(entry, Exchange)]
    interrupted = [
        entry for entry in entries if isinstance(entry, Unanswered) and entry.problem == "interrupted"
    ]
    assert len(answered) + len(interrupted) == len(kept) == 3 * (KILLS + 1)
    assert len(answered) > len(kept) / 2


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "ba-sen.txt").write_text(
        "Huyện Ba Sen giảm nghèo\n15/10/2020\n\nHuyện Ba Sen giảm 45 hộ nghèo.", encoding="utf-8"
    )
    return tmp_path


def all_answered(window: Window, count: int, seconds: float = 120) -> list[str]:
    """Wait until nothing is left to be answered; give every question that was answered, the oldest first."""
    end = time.monotonic() + seconds
    while window.history.waiting():
        assert time.monotonic() < end, f"{len(window.history.waiting())} questions still wait"
        time.sleep(0.05)
    talks = window.history.conversations()
    found = [item for talk in talks for item in window.history.exchanges(talk.id)]
    assert len(found) == count
    return [item.question for item in sorted(found, key=lambda item: item.id)]


def test_no_question_is_lost_where_one_reloads_cuts_the_line_or_switches(home: Path) -> None:
    chance = random.Random(11)
    with opened(home, delay=0.004) as window, Person(window.address, "person0001") as person:
        asked = []
        for number in range(MOMENTS):
            asked.append(f"Lần {number}: huyện Ba Sen giảm bao nhiêu hộ nghèo?")
            assert asked[-1] in person.ask(asked[-1])
            time.sleep(chance.random() * 0.1)
            match chance.choice(["reload", "cut", "switch", "leave"]):
                case "reload":
                    person.open(window.history.conversations()[0].id)
                case "cut":
                    person.look_on(cut=chance.randrange(4))
                case "switch":
                    other = chance.choice(window.history.conversations()).id
                    person.press("open", conversation=other)
                case "leave":
                    person.open()
            while len(window.history.waiting()) > 2:
                time.sleep(0.01)
            person.press("new")
        assert all_answered(window, MOMENTS) == asked


def test_what_ended_the_program_twice_is_asked_again_with_one_press(home: Path) -> None:
    question = "Huyện Ba Sen giảm bao nhiêu hộ nghèo?"
    with opened(home) as window, Person(window.address, "person0001") as person:
        fatal = window.history.ask(None, question)
        window.history.begin(fatal.id)
        window.history.fail(fatal.id, "interrupted")
        shown = person.open(fatal.conversation)
        assert "Bấm Hỏi lại để hỏi tiếp" in shown and f'data-exchange=\\"{fatal.id}\\"' in shown
        person.press("again", exchange=str(fatal.id))
        assert all_answered(window, 1) == [question]
        assert "giảm 45 hộ nghèo" in person.look_on()


def test_an_answer_that_is_there_before_one_looks_is_shown(home: Path) -> None:
    with opened(home) as window, Person(window.address, "person0001") as person:
        person.ask("Huyện Ba Sen giảm bao nhiêu hộ nghèo?")
        all_answered(window, 1)
        assert "giảm 45 hộ nghèo" in person.look_on()


def test_twenty_at_once_are_served_in_their_order_and_see_their_place(home: Path) -> None:
    with opened(home, delay=0.01) as window, ExitStack() as leaving, ThreadPoolExecutor(PEOPLE) as threads:
        people = [leaving.enter_context(Person(window.address, f"visitor{n:04}")) for n in range(PEOPLE)]
        window.assistant.hold("searching")  # the place is told though nothing is answered
        began, worked = time.monotonic(), time.process_time()

        def ask(number: int) -> tuple[float, float, str]:
            events = people[number].ask(f"Người {number} hỏi: huyện Ba Sen giảm bao nhiêu hộ nghèo?")
            return time.monotonic() - began, time.process_time() - worked, events

        answers = list(threads.map(ask, range(PEOPLE)))
        # On a busy computer the time counts in which this program was at work, its visitors included.
        assert max(min(wall, work) for wall, work, _ in answers) < 1.0
        places = [
            int(found[1]) if (found := re.search(r"còn (\d+) câu hỏi phía trước", events)) else 0
            for _, _, events in answers
        ]
        assert sorted(places) == list(range(PEOPLE))
        window.assistant.go_on()
        questions = all_answered(window, PEOPLE)
        assert [question for question, _, _ in window.assistant.asked] == questions
        order = [int(re.search(r"Người (\d+)", question)[1]) for question in questions]  # type: ignore[index]
        assert [places[number] for number in order] == list(range(PEOPLE))


def serve_a_day(home: Path, line: Connection) -> None:
    """Serve a window, as the program does; tell its address, and its state whenever it is asked for."""
    share_one_arena()
    with opened(home) as window:
        line.send(window.address)
        while line.recv():
            all_answered(window, len(asked_of(window)))
            line.send((*state(home), len(asked_of(window))))


def asked_of(window: Window) -> list[str]:
    return [
        item.question for talk in window.history.conversations() for item in window.history.exchanges(talk.id)
    ]


def spend_hours(address: str, who: int, part: int) -> None:
    """Ask one person's questions of one part of the day, in a new window now and then, and go away."""
    for number in range(part * PART, (part + 1) * PART):
        if number % PER_WINDOW == 0:
            person = Person(address, f"day{number:03}person{who}")
        person.ask(f"Câu {number} của người {who}: huyện Ba Sen giảm bao nhiêu hộ nghèo?")
        assert "45 hộ nghèo" in person.look_on()
        if number % 2:
            person.press("new")
        if (number + 1) % PER_WINDOW == 0:
            person.close()


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_day_of_five_people_leaves_memory_files_and_handles_as_they_were(home: Path) -> None:
    """The window is a process of its own, looked at after each part of a day, when nobody is there.

    What other tests and the people themselves have left behind is no part of it.
    """
    near, far = multiprocessing.Pipe()
    serving = multiprocessing.get_context("spawn").Process(target=serve_a_day, args=(home, far), daemon=True)
    serving.start()
    address = near.recv()
    measured: list[tuple[float, int, int, int, int]] = []
    with ThreadPoolExecutor(DAY_PEOPLE) as threads:
        for part in range(DAY_PARTS):
            list(threads.map(spend_hours, [address] * DAY_PEOPLE, range(DAY_PEOPLE), [part] * DAY_PEOPLE))
            near.send(True)
            measured.append(near.recv())
    near.send(False)
    serving.join(20)
    early, late = measured[DAY_PARTS // 2 - 1], measured[-1]
    assert late[4] == DAY_PEOPLE * DAY_PARTS * PART == 1000, "no question is lost"
    assert late[1] <= early[1] + 4, f"open files: {early[1]}, then {late[1]}"
    assert late[2] <= early[2] + 4, f"threads: {early[2]}, then {late[2]}"
    assert late[3] == early[3], "files on the disk"
    assert late[0] <= early[0] + MOST_GROWN * 1e6, (
        f"memory in MB: {[round(one[0] / 1e6) for one in measured]}"
    )


def state(home: Path) -> tuple[float, int, int, int]:
    """Bytes of memory, open files, threads, and files in the folder."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)  # what was freed and kept for later is no growth
    resident = int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    files = sum(1 for path in home.rglob("*") if path.is_file() and "journal" not in path.name)
    return resident, len(os.listdir("/proc/self/fd")), threading.active_count(), files
