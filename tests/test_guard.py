"""The guard: the real models on a small fixed subset must not fall below what was once measured."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from eval.commands import CORPUS, QUESTIONS
from eval.guard import Floor, fallen, main, of_answers, read_guard
from eval.questions import choose, read_questions
from eval.run import ask
from eval.schema import Question
from index.store import Store
from index.sync import sync
from rag.assemble import open_encoder
from rag.config import Config
from rag.schema import Answer, Seconds, Turn

FLOORS = {"right": Floor(0.8, 0.1, "noise"), "cited": Floor(0.5, 0.0, "none")}


def test_what_falls_is_told() -> None:
    assert fallen({"right": 0.71, "cited": 0.5}, FLOORS) == []
    assert fallen({"right": 0.69, "cited": 0.5}, FLOORS) == ["right is 0.690, below 0.700 (once 0.800)."]
    assert fallen({"right": 0.9}, FLOORS) == ["cited was not measured."]


class Talker:
    """Answers everything, and wrongly."""

    name = "talker"

    @property
    def settings(self) -> dict[str, str]:
        return {}

    def answer(self, question: str, history: tuple[Turn, ...] = ()) -> Answer:
        return Answer(
            question, question, "Tôi đoán thế.", False, (), (), (), Seconds(0, 0, 0), "llm", "encoder"
        )


def test_a_bad_system_falls_below_every_recorded_floor_of_the_answers() -> None:
    guard = read_guard()
    sample = choose(read_questions(QUESTIONS), split=guard.split, limit=guard.limit, seed=guard.seed)
    strange = [Question(text, "absent", "", text, ()) for text in guard.strange]
    rows, strange_rows = ([ask(Talker(), one).row for one in questions] for questions in (sample, strange))
    values = of_answers(rows, strange_rows)
    assert values == {"right": 0.0, "cited": 0.0, "strange refused": 0.0}
    assert {told.split(" is ")[0] for told in fallen(values, guard.floors)} >= set(values)


def test_every_floor_is_recorded_with_its_reason() -> None:
    guard = read_guard()
    assert set(guard.floors) == {
        "right", "cited", "strange refused",
        "recall@1, with accents", "recall@5, with accents", "recall@1, without accents", "recall@5, without accents",
    }  # fmt: skip
    for name, floor in guard.floors.items():
        assert 0 < floor.margin < 0.2 and floor.reason, name
        assert 0 < floor.least < floor.measured <= 1, name
    assert replace(FLOORS["right"], measured=0.5).least == pytest.approx(0.4)


@pytest.mark.model
def test_the_real_models_stay_above_the_floors(
    real_models: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    encoder = open_encoder(Config())
    store = Store.create(tmp_path / "store", encoder.name, encoder.dimension, Config().index.chunk_tokens)
    sync(store, CORPUS, encoder)
    store.close()
    assert main(["--store", str(tmp_path / "store")]) == 0, capsys.readouterr().out
