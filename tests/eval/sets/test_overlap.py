"""That no text of the test sets is trained on: what counts as shared, and what reading rows gives."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from eval.errors import QuestionError
from eval.files import ROOT
from eval.sets.overlap import Overlap, Text, main, names, overlaps, training_texts

WRITTEN = ROOT / "rag" / "training" / "written"
STORY = "Xã Khe Lặng do ông Lò Văn Vè dẫn đầu, thu 12 tấn chè mỗi vụ từ tám sườn đồi phía tây bản Pác Nậm."
PASSAGE = Text("chè.txt", STORY)
QUESTION = Text("q1", "Xã Khe Lặng thu mấy tấn chè mỗi vụ?")


def shared(trained: str, *public: str) -> list[str]:
    row = Text("rows.jsonl, line 1", trained)
    return [one.shared for one in overlaps([PASSAGE], [QUESTION], [row], public)]


def test_thirteen_syllables_in_a_row_are_shared_and_twelve_are_not() -> None:
    words = ["thu", "12", "tấn", "chè", "mỗi", "vụ", "từ", "tám", "sườn", "đồi", "phía", "tây", "bản"]
    assert len(words) == 13
    assert shared(f"Họ {' '.join(words)} kia.") == [" ".join(words)]
    assert shared(f"Họ {' '.join(words[1:])} kia.") == []


def test_a_question_that_is_asked_word_for_word_is_shared_and_a_short_one_is_not() -> None:
    assert shared("xã khe lặng thu mấy tấn chè mỗi vụ") == ["xã khe lặng thu mấy tấn chè mỗi vụ"]
    short = Text("q2", "Còn năm sau?")
    assert overlaps([], [short], [Text("rows.jsonl, line 1", "Còn năm sau?")]) == []


def test_two_invented_names_are_shared_and_one_may_meet_by_chance() -> None:
    assert shared("Bản Pác Nậm và xã Khe Lặng đều vắng.") == ["Khe Lặng, Pác Nậm"]
    assert shared("Xã Khe Lặng vắng.") == []
    assert shared("Bản Pác Nậm và xã Khe Lặng đều vắng.", "Pác Nậm là một huyện.") == []


def test_a_place_is_told_once_for_a_row() -> None:
    row = Text("rows.jsonl, line 4", STORY)
    (found,) = overlaps([PASSAGE], [], [row])
    assert (found.tested, found.trained) == ("chè.txt", "rows.jsonl, line 4")
    assert found == Overlap(found.tested, found.trained, "xã khe lặng do ông lò văn vè dẫn đầu thu 12 tấn")


def test_names_are_capitalised_syllables_without_titles_and_offices() -> None:
    found_names = names("Ông Lò Văn Vè, Phó Chủ tịch UBND huyện Nà Rì, họp với Ban Quản lý ở Khe Lặng.")
    assert found_names == {"Lò Văn Vè", "Nà Rì", "Khe Lặng"}


def test_every_string_of_a_row_is_read_and_the_sentences_of_a_passage_as_one(tmp_path: Path) -> None:
    row = {"id": "p1", "sentences": ["Câu một.", "Câu hai."], "evidence": [{"answer": "82"}], "n": 3}
    path = tmp_path / "rows.jsonl.gz"
    path.write_bytes(gzip.compress(json.dumps(row).encode()))
    assert [one.text for one in training_texts(path)] == ["p1", "Câu một. Câu hai.", "82"]
    path.write_bytes(b"no gzip")
    with pytest.raises(QuestionError, match=r"rows\.jsonl\.gz cannot be read"):
        list(training_texts(path))


def test_a_file_of_one_value_is_one_row(tmp_path: Path) -> None:
    path = tmp_path / "forms.json"
    path.write_text(json.dumps({"forms": {"find": ["Tìm bài về {topic}."]}}, indent=1), encoding="utf-8")
    assert list(training_texts(path)) == [Text("forms.json, line 1", "Tìm bài về {topic}.")]


@pytest.mark.slow
def test_the_program_tells_what_is_shared_and_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"question": "Hôm nay trời mưa à?"}\n', encoding="utf-8")
    assert main([str(rows)]) == 0
    assert "against 1 texts of 1 files: 0 overlaps." in capsys.readouterr().out
    asked = "Muốn tính diện tích hình thang thì dùng công thức nào?"
    rows.write_text(json.dumps({"question": asked}), encoding="utf-8")
    assert main([str(rows)]) == 1
    assert f"b-x11 · rows.jsonl, line 1: {asked}" in capsys.readouterr().out
    assert main([str(tmp_path / "none.jsonl")]) == 1


@pytest.mark.slow
def test_nothing_of_the_test_sets_is_in_what_the_models_learn_from(
    shared_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = sorted([*WRITTEN.glob("*.json*"), *(shared_folder / "training").glob("*.jsonl")])
    public = shared_folder / "corpus" / "news.jsonl.gz"
    assert {WRITTEN / "questions.jsonl", WRITTEN / "messages-forms.json"} < set(rows)
    assert main([*map(str, rows), "--public", str(public)]) == 0, capsys.readouterr().out
