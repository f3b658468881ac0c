"""The gate: the real models on a small fixed subset must do as well as the kept results say, but for a margin."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.files import CORPUS, KEPT, QUESTIONS, ROOT, read_result
from eval.regression_gate import LIMIT, MARGINS, fallen, main, of_rows, of_searches, sample
from eval.report.records import RetrievalRecord, RowRecord, RunRecord, row_record
from eval.run import ask
from eval.sets.questions import read_questions
from index.store.store import Store
from index.sync.sync import sync
from rag.assemble import open_encoder
from rag.config import Config
from rag.schema import Answer, Seconds, Turn

KEPT_SHARES = {"right": 0.8, "cited": 0.5}


def test_what_falls_is_told() -> None:
    assert fallen({"right": 0.66, "cited": 0.36}, KEPT_SHARES) == []
    assert fallen({"right": 0.64, "cited": 0.5}, KEPT_SHARES) == [
        "right is 0.640, below 0.650 (kept: 0.800)."
    ]
    assert fallen({"right": 0.9}, KEPT_SHARES) == ["cited was not measured."]


def test_the_measures_of_kept_rows_by_hand() -> None:
    rows = [
        RowRecord("a", "fact", "right", 1.0, "", cited=True, marked_wrong=False),
        RowRecord("b", "fact", "misused", 1.0, "", cited=False, marked_wrong=True),
        RowRecord("c", "absent", "right", 1.0, "", cited=None, marked_wrong=False),
        RowRecord("d", "far", "not_refused", 1.0, "", cited=None, marked_wrong=True),
    ]
    assert of_rows(rows) == {"right": 0.5, "cited": 0.5, "unmarked or right": 0.5, "untold refused": 0.5}
    assert of_rows([RowRecord("a", "fact", "right", 1.0, "")]) == {"right": 1.0}


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


def test_a_bad_system_falls_below_the_kept_results() -> None:
    kept = read_result(ROOT / KEPT / "own.json", RunRecord)
    asked = sample(read_questions(QUESTIONS), kept)
    rows = {row.id: row for row in kept.systems[0].rows}
    values = of_rows([row_record(ask(Talker(), question).row) for question in asked])
    regressions = fallen(values, of_rows([rows[question.id] for question in asked]))
    assert len(asked) == LIMIT and values["right"] == 0.0
    assert any(text.startswith("right is 0.000, below ") for text in regressions)


def test_every_measure_of_the_kept_search_has_a_margin() -> None:
    kept = of_searches(read_result(ROOT / KEPT / "own-retrieval.json", RetrievalRecord))
    assert len(kept) == 4 and set(kept) <= set(MARGINS)
    assert all(0.5 < value <= 1 for value in kept.values())


@pytest.mark.model
def test_the_real_models_do_as_well_as_the_kept_results(
    real_models: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    encoder = open_encoder(Config())
    store = Store.create(tmp_path / "store", encoder.name, encoder.dimension, Config().index.chunk_tokens)
    sync(store, CORPUS, encoder)
    store.close()
    assert main(["--store", str(tmp_path / "store")]) == 0, capsys.readouterr().out
