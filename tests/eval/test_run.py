"""Everything is asked once, kept as it comes, and gone on with where it stopped."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from eval_maker import (
    BOTH,
    NOT_TOLD,
    PROVENANCE,
    QUESTIONS,
    Replay,
    Searching,
    answers,
    finished,
)

from eval.commands.result_actions import find_system, read_run
from eval.errors import RunError
from eval.files import write_result
from eval.report.summary import summarise
from eval.run import evaluate
from rag.schema import Turn


def test_a_run_asks_everything_with_the_questions_before(tmp_path: Path) -> None:
    system = Searching(answers())
    run = evaluate([system], QUESTIONS, PROVENANCE, tmp_path / "run.partial")
    warm_up, *asked = system.asked
    assert warm_up[0] == NOT_TOLD.text
    assert [question for question, _ in asked] == [question.text for question in QUESTIONS]
    assert asked[1][1] == (Turn("Kim Liên có thêm bao nhiêu đảng viên?"),)
    assert [row.scores.stage for row in run.systems[0].rows] == [
        "right",
        "wrongly_refused",
        "right",
        "not_refused",
    ]
    assert (run.systems[0].llm, run.systems[0].encoder) == ("llm@1", "encoder@1")
    assert run.systems[0].rows[0].scores.ranks == (2,)


def test_a_system_that_does_not_search_has_no_recall(tmp_path: Path) -> None:
    run = evaluate([Replay(answers())], QUESTIONS, PROVENANCE, tmp_path / "run.partial")
    overall = summarise(run.systems[0].rows, seed=1)
    assert overall["recall@5"].value is None
    assert overall["found"].value is None
    assert overall["right"].value == 0.5


def test_a_stopped_run_goes_on_where_it_stopped(tmp_path: Path) -> None:
    checkpoint = tmp_path / "run.partial"
    broken = answers() | {BOTH.text: RuntimeError("power cut")}
    with pytest.raises(RuntimeError):
        evaluate([Searching(broken)], QUESTIONS, PROVENANCE, checkpoint)
    with checkpoint.open("a", encoding="utf-8") as file:
        file.write('{"system": "hoidap", "llm": "cut sho')
    again = Searching(answers())
    run = evaluate([again], QUESTIONS, PROVENANCE, checkpoint, resume=True)
    assert [question for question, _ in again.asked[1:]] == [BOTH.text, NOT_TOLD.text]
    assert run == replace(finished(tmp_path / "other"), systems=run.systems)
    assert [row.question.id for row in run.systems[0].rows] == ["n1", "o1", "m1", "x1"]


def test_a_finished_journal_asks_nothing_again(tmp_path: Path) -> None:
    first = finished(tmp_path)
    idle = Searching({})
    assert evaluate([idle], QUESTIONS, PROVENANCE, tmp_path / "run.partial", resume=True) == first
    assert idle.asked == []


def test_another_run_is_not_continued(tmp_path: Path) -> None:
    finished(tmp_path)
    checkpoint = tmp_path / "run.partial"
    with pytest.raises(RunError, match="other settings"):
        evaluate(
            [Searching(answers(), settings={"passages": 9})], QUESTIONS, PROVENANCE, checkpoint, resume=True
        )
    with pytest.raises(RunError, match="another store"):
        evaluate([Searching(answers())], QUESTIONS, replace(PROVENANCE, manifest={}), checkpoint, resume=True)
    checkpoint.write_text("not ours\n", encoding="utf-8")
    with pytest.raises(RunError, match="damaged"):
        evaluate([Searching(answers())], QUESTIONS, PROVENANCE, checkpoint, resume=True)


def test_a_result_survives_writing_and_reading(tmp_path: Path) -> None:
    run = finished(tmp_path)
    write_result(run, tmp_path / "deep" / "r.json")
    assert read_run(tmp_path / "deep" / "r.json") == run
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["r.json"]
    assert find_system(run, None).name == "hoidap"
    with pytest.raises(RunError, match="no system 'other'"):
        find_system(run, "other")


@pytest.mark.parametrize("text", ["{}", "[", '{"provenance": {}, "systems": []}'])
def test_what_is_no_result_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "r.json").write_text(text, encoding="utf-8")
    with pytest.raises(RunError, match=r"r\.json"):
        read_run(tmp_path / "r.json")
    with pytest.raises(RunError, match="cannot be read"):
        read_run(tmp_path / "none.json")
