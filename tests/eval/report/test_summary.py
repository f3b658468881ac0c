"""Rows become scores by kind, and two runs are compared question by question."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from eval_maker import (
    BRIDGE_HIT,
    CHAIR,
    MEMBERS,
    PARTY_HIT,
    PROVENANCE,
    QUESTIONS,
    Searching,
    answers,
    finished,
    quote,
    reply,
)

from eval.commands.actions import run_text
from eval.errors import QuestionError
from eval.report.compare import compare
from eval.report.records import run_record
from eval.report.strings import strings
from eval.report.summary import ALL, by_kind
from eval.report.tables import align, changed_questions, changes_table
from eval.run import evaluate
from eval.sets.questions import without_history


def test_scores_by_kind(tmp_path: Path) -> None:
    kinds = by_kind(finished(tmp_path).systems[0].rows, seed=1)
    assert list(kinds) == ["number", "follow_up", "multi", "absent", ALL]
    assert kinds["number"]["right"].value == 1.0
    assert kinds["absent"]["found"].value is None
    overall = kinds[ALL]
    # found: n1 and o1 of the three that can be answered; m1 lacks the bridge
    assert overall["found"].value == pytest.approx(2 / 3)
    assert overall["false_refusals"].value == pytest.approx(1 / 3)
    assert overall["refusal_precision"].value == 0.0
    assert overall["refusal_recall"].value == 0.0
    # ranks 2, 2 and (2, 1)
    assert overall["recall@1"].value == pytest.approx((0 + 0 + 1 / 2) / 3)
    assert overall["mrr@10"].value == pytest.approx((1 / 2 + 1 / 2 + 1) / 3)
    assert overall["total_p50"].value == 2.0


def test_the_table_aligns_vietnamese() -> None:
    lines = align([["Loại", "Số"], ["Sự việc", "12"], ["Ở", "3"]]).splitlines()
    assert lines == ["Loại     Số", "───────  ──", "Sự việc  12", "Ở         3"]


def test_the_table_of_a_run_names_kinds_and_failures(tmp_path: Path) -> None:
    kept = run_record(finished(tmp_path))
    table = run_text(kept, "en")
    for text in ("Kind", "Found", "Cited right", "Follow-up", "Wrongly refused", "2.0 s", "–"):
        assert text in table
    assert "Hỏi tiếp" in run_text(kept, "vi")


def test_a_comparison_names_every_question_that_changed(tmp_path: Path) -> None:
    before = finished(tmp_path / "1").systems[0]
    better = reply(CHAIR.text, "Đồng chí Trần Văn An.", [PARTY_HIT], [quote(PARTY_HIT, "Trần Văn An")])
    lost = reply(MEMBERS.text, "", [BRIDGE_HIT])
    after = finished(tmp_path / "2", o1=better, n1=lost).systems[0]
    comparison = compare(before, after, seed=1)
    assert (comparison.questions, comparison.left_out) == (4, 0)
    assert [row.question.id for row, _ in comparison.now_right] == ["o1"]
    assert [row.question.id for row, _ in comparison.now_wrong] == ["n1"]
    right = next(change for change in comparison.changes if change.measure == "right")
    assert (right.gained, right.lost, right.first, right.second, right.p) == (1, 1, 0.5, 0.5, 1.0)
    words = strings("en")
    row = next(row for row in changes_table(comparison, ("a", "b"), words) if row[0] == "Right")
    assert row[:4] == ["Right", "50.0%", "50.0%", "+0.0%"]
    lost, gained = changed_questions(comparison, words)
    assert lost == ("Now wrong (1)", ["n1  Kim Liên có thêm bao nhiêu đảng viên?  [Right → Not found]"])
    assert gained[0] == "Now right (1)"


def test_a_question_that_was_changed_is_left_out(tmp_path: Path) -> None:
    before = finished(tmp_path / "1").systems[0]
    rows = [replace(before.rows[0], question=replace(MEMBERS, answers=(("83",),))), *before.rows[1:]]
    comparison = compare(before, replace(before, rows=tuple(rows)), seed=1)
    assert (comparison.questions, comparison.left_out) == (3, 2)
    assert all(change.difference.value == 0 for change in comparison.changes)


def test_a_follow_up_is_asked_in_full_and_compared_with_itself(tmp_path: Path) -> None:
    asked_in_full = without_history(QUESTIONS)
    assert [(one.text, one.follows) for one in asked_in_full if one.id == "o1"] == [
        ("Ai chủ trì hội nghị của Kim Liên?", ())
    ]
    assert [one for one in asked_in_full if one.id != "o1"] == [one for one in QUESTIONS if one.id != "o1"]
    full = reply(CHAIR.standalone, "Trần Văn An.", [PARTY_HIT], [quote(PARTY_HIT, "Trần Văn An")])
    given = answers() | {CHAIR.standalone: full}
    first = evaluate([Searching(given)], asked_in_full, PROVENANCE, tmp_path / "1.partial").systems[0]
    second = finished(tmp_path / "2").systems[0]
    comparison = compare(first, second, seed=1)
    assert (comparison.questions, comparison.left_out) == (4, 0)
    assert [row.question.text for row, _ in comparison.now_wrong] == ["Ai chủ trì hội nghị của Kim Liên?"]


def test_a_follow_up_without_its_wording_in_full_is_told() -> None:
    with pytest.raises(QuestionError, match="'o1' follows other questions"):
        without_history([replace(CHAIR, standalone="")])
