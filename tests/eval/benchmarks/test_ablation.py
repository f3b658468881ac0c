"""Families of rules are switched off and on again, and what each is worth is counted."""

from __future__ import annotations

import threading
from importlib import import_module

import pytest
from fakes import FakeEncoder, FakeGenerator, FakeMessages, FakeReader

from eval.benchmarks.ablation import (
    FAMILIES,
    RememberingGenerator,
    RememberingReader,
    measure,
    table,
    without,
)
from eval.benchmarks.several import NoWriter
from eval.schema import Evidence, Question
from index.store.store import Store
from rag.assistant import Assistant
from rag.reader.calibration import Calibration
from rag.retrieval.retrieve import Retriever
from rag.writer.generator import Message, Prompt

CALIBRATION = Calibration(weights={"told": 1}, bias=0, sure=0.5, perhaps=0.3, supported=0.5)
QUESTIONS = (
    Question(
        id="q1",
        text="Còn huyện Ba Sen thì sao?",
        kind="follow_up",
        split="dev",
        evidence=(Evidence("Huyện Ba Sen", "45"),),
        answers=(("45",),),
        follows=("Huyện Kim Liên giảm bao nhiêu hộ nghèo?",),
    ),
    Question(
        id="q2", text="Sân bay Long Thành dài bao nhiêu?", kind="absent", split="dev", evidence=(), answers=()
    ),
)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_is_off_for_a_while_and_on_again(family: str) -> None:
    def standing() -> list[object]:
        return [getattr(import_module(module), name) for module, name, _ in FAMILIES[family]]

    before = standing()
    with without(FAMILIES[family]):
        assert standing() == [instead for _, _, instead in FAMILIES[family]] != before
    assert standing() == before


def test_what_a_family_brings_is_counted(store: Store, encoder: FakeEncoder) -> None:
    assistant = Assistant(Retriever(store, encoder, FakeMessages()), FakeReader(), NoWriter(), CALIBRATION)
    whole, found = measure(
        assistant, QUESTIONS, {name: FAMILIES[name] for name in ("follow-ups written out",)}
    )
    assert [row.question.id for row in whole] == ["q1", "q2"]
    (follow_ups,) = found
    assert (follow_ups.won, follow_ups.lost) == (1, 0) and follow_ups.changed >= 1
    assert table(whole, found).rstrip().endswith("1.00"), "one of one is chance"
    lines = table(whole, found).splitlines()
    assert lines[0] == "2 questions, 2 right with all rules"
    assert lines[-1].split() == [
        "follow-ups",
        "written",
        "out",
        str(follow_ups.changed),
        "1",
        "0",
        "+0",
        "1.00",
    ]


def test_nothing_is_read_or_written_twice() -> None:
    reader = FakeReader()
    twice = RememberingReader(reader)
    passages = [("Đầu", "Huyện có 45 hộ."), ("Đầu", "Xã có 12 hộ.")]
    assert twice.read("Bao nhiêu hộ?", passages) == FakeReader().read("Bao nhiêu hộ?", passages)
    assert twice.read("Bao nhiêu hộ?", passages[::-1]) == FakeReader().read("Bao nhiêu hộ?", passages[::-1])
    assert reader.passages_read == 2
    claims = [("Bao nhiêu hộ?", "45 hộ", "Đầu", "Huyện có 45 hộ.")] * 2
    assert twice.judge(claims) == FakeReader().judge(claims)
    generator = FakeGenerator("Có 45 hộ.")
    writer, prompt = RememberingGenerator(generator), Prompt((Message("user", "Bao nhiêu?"),))
    replies = [
        list(writer.generate(prompt, max_tokens=9, stop=threading.Event(), seconds=9)) for _ in range(2)
    ]
    assert replies[0] == replies[1] and len(generator.prompts) == 1
