"""Several servers of one model, each a process that takes its time."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from llm_server import LlmServer, llm_server

from rag.errors import GenerationError, RequestRefusedError
from rag.writer.generator import GenerationEvent, Message, Piece, Prompt, StartedAgain, Waiting
from rag.writer.openai_server import OpenAIServer
from rag.writer.server_pool import FIRST_REST, ServerPool

PROMPT = Prompt((Message("user", "Bao nhiêu?"),))
REPLY = "Huyện kết nạp 82 đảng viên."


@pytest.fixture
def servers() -> Iterator[list[LlmServer]]:
    with ExitStack() as stack:
        yield [stack.enter_context(llm_server(reply=REPLY)) for _ in range(2)]


class Clock:
    """A clock that a test moves on."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.ahead


def pool(servers: list[LlmServer], at_once: int = 4, clock: Clock | None = None) -> ServerPool:
    made = [OpenAIServer(server.base_url, "m", None, 4096) for server in servers]
    return ServerPool(made, at_once, clock or time.monotonic)


def ask(asked: ServerPool, seconds: float = 20, stop: threading.Event | None = None) -> list[GenerationEvent]:
    return list(asked.generate(PROMPT, max_tokens=50, stop=stop or threading.Event(), seconds=seconds))


def text_of(events: list[GenerationEvent]) -> str:
    """What counts of a reply: the pieces after the last beginning."""
    text = ""
    for event in events:
        text = (
            "" if isinstance(event, StartedAgain) else text + (event.text if isinstance(event, Piece) else "")
        )
    return text


def asked_of(servers: list[LlmServer]) -> list[int]:
    return [server.counts()["asked"] for server in servers]


def test_questions_are_shared_and_never_more_than_a_server_takes(servers: list[LlmServer]) -> None:
    for server in servers:
        server.behave(wait=0.2)
    both = pool(servers, at_once=2)
    began = time.monotonic()
    with ThreadPoolExecutor(8) as many:
        told = list(many.map(lambda _: ask(both), range(8)))
    took = time.monotonic() - began
    assert [text_of(events) for events in told] == [REPLY] * 8
    assert asked_of(servers) == [4, 4]
    assert [server.counts()["most"] for server in servers] == [2, 2]
    assert 0.4 < took < 2.5, "four at a time: two turns of more than 0.2 s"
    waited = [event.ahead for events in told for event in events if isinstance(event, Waiting)]
    assert waited and max(waited) <= 4


def test_the_server_that_has_the_fewest_running_is_asked(servers: list[LlmServer]) -> None:
    servers[0].behave(wait=1.5)
    both = pool(servers)
    slow = threading.Thread(target=ask, args=(both,))
    slow.start()
    while servers[0].counts()["running"] == 0:
        time.sleep(0.01)
    for _ in range(3):
        ask(both)
    assert asked_of(servers) == [1, 3]
    slow.join()


@pytest.mark.parametrize("failing", [{"status": 503}, {"status": 404}, {"breaks": 3}])
def test_a_question_whose_server_fails_begins_again_at_the_next(
    servers: list[LlmServer], failing: dict[str, int]
) -> None:
    servers[0].behave(**failing)
    both = pool(servers)
    events = ask(both)
    assert text_of(events) == REPLY
    assert sum(isinstance(event, StartedAgain) for event in events) == 1
    assert [bool(state.failure) for state in both.states()] == [True, False]
    assert 0 < both.states()[0].rests <= FIRST_REST
    for _ in range(3):
        ask(both)
    assert asked_of(servers) == [1, 4], "the one that failed is left alone"


def test_a_server_that_is_killed_in_the_middle_loses_no_question(servers: list[LlmServer]) -> None:
    for server in servers:
        server.behave(piece=0.1)
    both = pool(servers)
    with ThreadPoolExecutor(6) as many:
        asked = [many.submit(ask, both) for _ in range(6)]
        while servers[0].counts()["running"] < 3:
            time.sleep(0.01)
        time.sleep(0.2)
        servers[0].kill()
        told = [one.result() for one in asked]
    assert [text_of(events) for events in told] == [REPLY] * 6
    assert sum(isinstance(event, StartedAgain) for events in told for event in events) == 3


def test_a_server_that_has_rested_is_asked_again_and_rests_longer_if_it_fails_again(
    servers: list[LlmServer],
) -> None:
    clock = Clock()
    both = pool(servers, clock=clock)
    servers[0].behave(status=500)
    ask(both)
    clock.ahead = FIRST_REST + 1
    ask(both)
    assert FIRST_REST < both.states()[0].rests <= 2 * FIRST_REST
    clock.ahead += 2 * FIRST_REST + 1
    servers[0].behave(status=200)
    ask(both)
    ask(both)
    assert both.states()[0].failure == "" and both.states()[0].rests == 0


def test_only_where_all_fail_it_is_told_and_the_next_question_tries_all_the_same(
    servers: list[LlmServer],
) -> None:
    both = pool(servers)
    for server in servers:
        server.behave(status=503)
    with pytest.raises(GenerationError, match="failed, 503"):
        ask(both)
    assert asked_of(servers) == [1, 1]
    servers[1].behave(status=200)
    assert text_of(ask(both)) == REPLY


def test_what_no_server_would_accept_is_told_at_once_and_blames_none(servers: list[LlmServer]) -> None:
    both = pool(servers)
    for server in servers:
        server.behave(status=400)
    with pytest.raises(RequestRefusedError, match="does not accept the request"):
        ask(both)
    assert sum(asked_of(servers)) == 1
    assert [state.failure for state in both.states()] == ["", ""]


def test_a_silent_server_ends_at_the_time_limit_and_rests(servers: list[LlmServer]) -> None:
    servers[0].behave(wait=10)
    both = pool(servers)
    began = time.monotonic()
    with pytest.raises(GenerationError) as told:
        ask(both, seconds=0.5)
    assert (told.value.code, time.monotonic() - began < 2) == ("too_slow", True)
    assert text_of(ask(both)) == REPLY


def test_a_stop_ends_the_waiting_and_frees_the_place(servers: list[LlmServer]) -> None:
    servers[0].behave(wait=1)
    one = pool(servers[:1], at_once=1)
    running = threading.Thread(target=ask, args=(one,))
    running.start()
    while servers[0].counts()["running"] == 0:
        time.sleep(0.01)
    stop = threading.Event()
    threading.Timer(0.2, stop.set).start()
    began = time.monotonic()
    events = ask(one, stop=stop)
    assert time.monotonic() - began < 0.6
    assert events == [Waiting(1)]
    running.join()
    assert text_of(ask(one)) == REPLY
    assert one.states()[0].running == 0


def test_servers_are_looked_at_without_being_asked_to_write(servers: list[LlmServer]) -> None:
    both = pool(servers)
    assert [state.failure for state in both.check()] == ["", ""]
    servers[0].kill()
    servers[1].behave(status=401)
    away, locked = both.check()
    assert "no language model server answers" in away.failure
    assert "refuses the key" in locked.failure
    assert [state.failure for state in both.states()] == ["", ""]
