"""How long an answer takes, step by step, and what is left of one whose time is up or whose server fails."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

from fakes import FakeEncoder, FakeGenerator, FakeMessages, FakeReader
from llm_server import llm_server

from index.store.store import Store
from rag.assistant import Assistant
from rag.config import AnswerConfig
from rag.reader.calibration import Calibration
from rag.retrieval.retrieve import Retriever
from rag.schema import Delta, Finished, Restarted
from rag.timing import STAGES
from rag.writer.generator import GenerationEvent, Generator, Prompt, Waiting
from rag.writer.openai_server import OpenAIServer
from rag.writer.server_pool import ServerPool

QUESTION = "Huyện Kim Liên kết nạp bao nhiêu đảng viên mới?"
REPLY = "Huyện kết nạp 82 đảng viên mới."
CALIBRATION = Calibration(weights={"told": 1}, bias=0, sure=0.05, perhaps=0.04, supported=0.5)


def made(store: Store, generator: Generator, seconds: float = 300) -> Assistant:
    retriever = Retriever(store, FakeEncoder(), FakeMessages())
    return Assistant(retriever, FakeReader(), generator, CALIBRATION, AnswerConfig(seconds=seconds))


class Busy(FakeGenerator):
    """Serves others for 0.2 s, and writes for as long."""

    def generate(
        self, prompt: Prompt, *, max_tokens: int, stop: threading.Event, seconds: float
    ) -> Iterator[GenerationEvent]:
        yield Waiting(1)
        time.sleep(0.2)
        yield from super().generate(prompt, max_tokens=max_tokens, stop=stop, seconds=seconds)
        time.sleep(0.2)


def test_the_seconds_of_the_steps_are_told_and_make_up_the_whole(store: Store) -> None:
    seconds = made(store, Busy(REPLY)).answer(QUESTION).seconds
    assert 0.2 <= seconds.waiting < 0.4 and 0.2 <= seconds.write < 0.4
    assert min(getattr(seconds, stage) for stage in STAGES) > 0
    assert 0 <= seconds.total - sum(getattr(seconds, stage) for stage in STAGES) < 0.1


def test_the_seconds_of_several_questions_are_added_up(store: Store) -> None:
    both = "Huyện Kim Liên kết nạp bao nhiêu đảng viên mới? Huyện Ba Sen giảm bao nhiêu hộ nghèo?"
    answer = made(store, Busy(REPLY, "Trong 9 tháng, huyện giảm 45 hộ nghèo.")).answer(both)
    assert answer.kind == "several"
    assert answer.seconds.write >= 0.4 and answer.seconds.waiting >= 0.4


def test_several_questions_end_at_the_time_limit_and_what_is_answered_by_then_says_so(store: Store) -> None:
    both = "Huyện Kim Liên kết nạp bao nhiêu đảng viên mới? Huyện Ba Sen giảm bao nhiêu hộ nghèo?"
    answer = made(store, Busy(REPLY), seconds=0.3).answer(both)
    assert (answer.cut, answer.stopped) == (True, False)
    assert "82 đảng viên" in answer.text and "45" not in answer.text


def test_a_long_answer_is_cut_at_the_time_limit_and_keeps_what_is_proved(store: Store) -> None:
    with llm_server(reply=f"{REPLY} {REPLY} " + "và còn nữa " * 200, piece=0.05) as server:
        generator = ServerPool([OpenAIServer(server.base_url, "m", None, 4096)], 1)
        began = time.monotonic()
        answer = made(store, generator, seconds=1.5).answer(QUESTION)
        assert time.monotonic() - began < 5
    assert answer.cut and not answer.stopped
    assert answer.text.startswith("Huyện kết nạp 82 đảng viên mới")
    assert answer.citations


def test_a_draft_whose_server_fails_is_written_anew(store: Store) -> None:
    with llm_server(reply=REPLY, breaks=3) as failing, llm_server(reply=REPLY) as sound:
        servers = [OpenAIServer(one.base_url, "m", None, 4096) for one in (failing, sound)]
        events = list(made(store, ServerPool(servers, 1)).ask(QUESTION))
    place = next(number for number, event in enumerate(events) if isinstance(event, Restarted))
    before, after = (
        "".join(event.text for event in part if isinstance(event, Delta))
        for part in (events[:place], events[place:])
    )
    assert (before, after) == ("Huyện kết nạp", REPLY)
    assert isinstance(events[-1], Finished)
    assert events[-1].answer.text == f"{REPLY} [1]"
