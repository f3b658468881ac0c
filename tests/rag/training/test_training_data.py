"""What was written to learn from is read as it was meant."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from rag.training.data import Evidence, Question, TrainingData, TrainingDataError, read_training_data
from tests.support.training_maker import PASSAGES, make_training_folder, write_rows


@pytest.fixture
def data(tmp_path: Path) -> TrainingData:
    return read_training_data([make_training_folder(tmp_path / "data")])


def question(data: TrainingData, text: str) -> Question:
    (found,) = [one for one in data.questions if one.text == text and one.kind != "contrast"]
    return found


def test_sentences_are_counted_from_zero(data: TrainingData) -> None:
    found = question(data, "Chợ Tân Sơn họp khi nào?")
    assert found.evidence == (Evidence("p2", (0, 2), ("ngày mùng 5", "chủ nhật")),)
    assert found.reply == "Chợ họp ngày mùng 5 và chủ nhật."


def test_a_passage_has_the_heading_that_a_store_gives_it(data: TrainingData) -> None:
    assert data.passages["p1"].date == date(2021, 6, 26)
    assert data.passages["p1"].heading == "Cầu Nà Pục | 26/6/2021"
    assert data.passages["p2"].heading == "Chợ Tân Sơn"


def test_what_is_not_told_has_no_evidence_but_its_passages(data: TrainingData) -> None:
    absent = question(data, "Cầu Nà Pục rộng bao nhiêu?")
    assert (absent.evidence, absent.passages, absent.reply) == ((), ("p1",), "")
    both = question(data, "Hai nơi trồng bao nhiêu keo?")
    assert (both.evidence, both.passages) == ((), ("p3a", "p3b"))


def test_a_passage_that_tells_it_in_two_places_is_one_evidence(data: TrainingData) -> None:
    found = question(data, "Quế ở Lâm Khê ra sao?")
    assert found.evidence == (Evidence("p3a", (0, 1), ("420 ha", "tăng")),)
    assert len(question(data, "Hai nơi trồng bao nhiêu quế?").evidence) == 2


def test_the_words_yes_and_no_are_judged_by_the_verdict(data: TrainingData) -> None:
    judged = {(one.question, one.answer): one.verdict for one in data.judged}
    asked = "Chợ Tân Sơn có 200 ki-ốt không?"
    assert judged[asked, "Không, chợ có 186 ki-ốt."] == "supported"
    assert judged[asked, "Không."] == "supported"
    assert judged[asked, "Có."] == "contradicted"
    assert judged["Chợ Tân Sơn có thu vé không?", "Có."] == "not_told"
    assert judged["", "Chợ Tân Sơn có 186 ki-ốt."] == "supported"


def test_a_false_answer_comes_with_the_honest_one(data: TrainingData) -> None:
    judged = {
        one.answer: (one.verdict, one.trap)
        for one in data.judged
        if one.question == "Cầu Nà Pục dài bao nhiêu?"
    }
    assert judged == {"Cầu dài 215 km.": ("contradicted", "unit"), "Cầu dài 215 mét.": ("supported", "unit")}


def test_a_turn_follows_those_before_it(data: TrainingData) -> None:
    first, second = (one for one in data.questions if one.kind == "conversation")
    assert (first.earlier, first.follow_up) == ((), "Chợ Tân Sơn có mấy ki-ốt?")
    assert second.earlier == ("Chợ Tân Sơn có mấy ki-ốt?",)
    assert (second.follow_up, second.text) == ("Mở từ năm nào?", "Chợ Tân Sơn mở từ năm nào?")


def test_questions_of_passages_that_are_not_here_are_left_out(data: TrainingData) -> None:
    assert all(set(one.passages) <= data.passages.keys() for one in data.questions)
    assert "Ở đâu?" not in {one.text for one in data.questions}


def test_a_bad_row_is_named(tmp_path: Path) -> None:
    folder = make_training_folder(tmp_path / "data")
    with (folder / "questions.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"passage": "p1"}\n')
    with pytest.raises(
        TrainingDataError, match=r"questions\.jsonl, line 6: KeyError\('kind'\); mend the line"
    ):
        read_training_data([folder])


def test_a_folder_without_passages_is_told(tmp_path: Path) -> None:
    with pytest.raises(TrainingDataError, match=r"no passages\.jsonl"):
        read_training_data([tmp_path])


def test_several_folders_are_read_as_one(tmp_path: Path) -> None:
    folder = make_training_folder(tmp_path / "data")
    more = tmp_path / "more"
    more.mkdir()
    write_rows(more / "passages-2.jsonl", [{**PASSAGES[0], "id": "p9"}])
    assert "Ở đâu?" in {one.text for one in read_training_data([folder, more]).questions}
