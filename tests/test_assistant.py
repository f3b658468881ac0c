from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date
from typing import Literal

import pytest
from fakes import FakeEncoder, FakeGenerator

from index.schema import Filters
from index.store import Store
from rag.abstain import Calibration, Logistic
from rag.assistant import Assistant
from rag.config import AnswerConfig
from rag.generate import Cut, GenerationEvent, Prompt
from rag.retrieve import Retriever
from rag.schema import Answer, Checking, Delta, Finished, Found, Turn

ALWAYS = Logistic(weights={}, bias=10, threshold=0.5)
LEXICAL = Logistic(weights={"lexical": 100}, bias=-10, threshold=0.5)
SUPPORTED = Logistic(weights={"supported": 10}, bias=-5, threshold=0.5)
QUESTION = "Huyện Kim Liên kết nạp bao nhiêu đảng viên mới?"


def made(
    store: Store, *replies: str, evidence: Logistic = LEXICAL, answer: AnswerConfig | None = None
) -> Assistant:
    return Assistant(
        Retriever(store, FakeEncoder()),
        FakeGenerator(*replies),
        Calibration(evidence=evidence, support=SUPPORTED),
        answer or AnswerConfig(),
    )


def test_the_steps_come_in_their_order(store: Store) -> None:
    events = list(made(store, "Huyện kết nạp 82 đảng viên mới.").ask(QUESTION))
    assert isinstance(events[0], Found)
    assert events[0].passages[0].chunk.article.id == "kim-lien.txt"
    kinds = [type(event) for event in events[1:]]
    assert kinds == [Delta] * 7 + [Checking, Finished]


def test_an_answer_is_cited_and_counted(store: Store) -> None:
    answer = made(store, "Huyện kết nạp 82 đảng viên mới [1].").answer(QUESTION)
    assert answer.text == "Huyện kết nạp 82 đảng viên mới. [1]"
    assert not answer.refused
    (citation,) = answer.citations
    assert citation.hit in answer.passages
    assert "82 đảng viên mới" in citation.quote
    assert citation.quote == citation.hit.chunk.article.text[citation.start : citation.end]
    assert answer.output_tokens == 8
    assert answer.seconds.first_token is not None
    assert answer.seconds.retrieve <= answer.seconds.first_token <= answer.seconds.total


def test_without_evidence_the_model_is_not_asked(store: Store) -> None:
    assistant = made(store)
    answer = assistant.answer("Giá vàng thế giới hôm nay ra sao?")
    assert answer.refused
    assert "không cho biết" in answer.text
    assert answer.citations == ()
    assert answer.output_tokens == 0
    assert answer.seconds.first_token is None


@pytest.mark.parametrize("reply", ["Huyện kết nạp 99 đảng viên mới.", "Không tìm thấy trong tài liệu.", ""])
def test_what_the_passages_do_not_carry_is_refused(store: Store, reply: str) -> None:
    answer = made(store, reply).answer(QUESTION)
    assert answer.refused
    assert answer.citations == ()
    assert answer.passages != ()


def test_a_follow_up_is_searched_in_full(store: Store) -> None:
    assistant = made(store, "Đồng chí Trần Văn An chủ trì hội nghị.")
    answer = assistant.answer("Ai chủ trì hội nghị đó?", [Turn(QUESTION)])
    assert answer.standalone == f"{QUESTION} Ai chủ trì hội nghị đó?"
    assert answer.question == "Ai chủ trì hội nghị đó?"
    assert answer.citations[0].hit.chunk.article.id == "kim-lien.txt"


def test_stopping_keeps_what_was_written_and_is_no_refusal(store: Store) -> None:
    stop = threading.Event()
    written = []
    for event in made(store, "Huyện kết nạp 82 đảng viên mới.").ask(QUESTION, stop=stop):
        if isinstance(event, Delta):
            written.append(event.text)
            if len(written) == 3:
                stop.set()
        elif isinstance(event, Finished):
            answer = event.answer
    assert answer.stopped
    assert not answer.refused
    assert answer.text.startswith("Huyện kết nạp")
    assert "đảng viên" not in answer.text


def cut_short(store: Store, reply: str, why: Literal["time", "length"]) -> Answer:
    class Short(FakeGenerator):
        def generate(
            self, prompt: Prompt, *, max_tokens: int, stop: threading.Event, seconds: float
        ) -> Iterator[GenerationEvent]:
            yield from super().generate(prompt, max_tokens=max_tokens, stop=stop, seconds=seconds)
            yield Cut(why)

    calibration = Calibration(evidence=LEXICAL, support=SUPPORTED)
    return Assistant(Retriever(store, FakeEncoder()), Short(reply), calibration).answer(QUESTION)


@pytest.mark.parametrize("why", ["time", "length"])
def test_an_answer_that_a_limit_ended_is_told_apart(store: Store, why: Literal["time", "length"]) -> None:
    answer = cut_short(store, "Huyện kết nạp 82 đảng viên mới.", why)
    assert answer.cut
    assert not answer.stopped
    assert not answer.refused
    assert not made(store, "Huyện kết nạp 82 đảng viên mới.").answer(QUESTION).cut


def test_out_of_time_before_anything_could_be_proved_is_no_refusal(store: Store) -> None:
    answer = cut_short(store, "Bí thư là ông Nguyễn", "time")
    assert (answer.text, answer.refused, answer.cut) == ("Bí thư là ông Nguyễn", False, True)
    too_long = cut_short(store, "Bí thư là ông Nguyễn", "length")
    assert (too_long.refused, too_long.cut) == (True, False)
    assert cut_short(store, "Không tìm thấy trong tài liệu.", "time").refused


def test_an_unsupported_sentence_is_withheld_when_asked(store: Store) -> None:
    reply = "Huyện kết nạp 82 đảng viên mới. Bí thư là ông Nguyễn Văn Tèo."
    shown = made(store, reply).answer(QUESTION)
    withheld = made(store, reply, answer=AnswerConfig(unsupported="withhold")).answer(QUESTION)
    assert "Tèo" in shown.text
    assert "Tèo" not in withheld.text


def test_filters_reach_the_search(store: Store) -> None:
    answer = made(store, "Không rõ.", evidence=ALWAYS).answer(
        QUESTION, filters=Filters(from_date=date(2020, 1, 1))
    )
    assert {hit.chunk.article.id for hit in answer.passages} <= {"ba-sen.txt", "cau.txt"}


def test_the_prompt_holds_the_passage_and_the_question(store: Store) -> None:
    assistant = made(store, "Huyện kết nạp 82 đảng viên mới.")
    assistant.answer(QUESTION)
    generator = assistant.generator
    assert isinstance(generator, FakeGenerator)
    (prompt,) = generator.prompts
    told = prompt.messages[-1].text
    assert "82 đảng viên mới" in told
    assert told.index("82 đảng viên mới") < told.index(QUESTION)
