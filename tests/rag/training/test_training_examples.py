"""Rows say what is true of their window, whichever window is drawn."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby, islice
from pathlib import Path

import pytest

from index.schema import Article
from index.text.normalise import fold
from rag.training.data import TrainingData, TrainingDataError, read_training_data
from rag.training.examples import ExampleMaker, ReadingRow
from rag.training.verdicts import VerdictMaker, VerdictRow
from tests.support.training_maker import BRIDGE, MARKET, make_training_folder

ROWS = 800
TELLING = {
    "cau na puc dai bao nhieu": {BRIDGE[0]},
    "cau na puc xay lau nhat may nam": {BRIDGE[2]},
    "cho tan son hop khi nao": {MARKET[0], MARKET[2]},
    "cho tan son co may ki-ot": {MARKET[1]},
    "cho tan son mo tu nam nao": {MARKET[3]},
    "cho tan son co may ki-ot? mo tu nam nao": {MARKET[3]},
    "hai noi trong bao nhieu que": {"Xã trồng 420 ha quế.", "Khe Đồng có 300 ha quế."},
    "que o lam khe ra sao": {"Xã trồng 420 ha quế.", "Giá quế tăng."},
}
NEWS = Article("n1", "news", "Tin cầu", f"Cầu mới. {BRIDGE[0]} Cầu Nà Pục dài bao nhiêu thì ai cũng biết.")


@pytest.fixture
def data(tmp_path: Path) -> TrainingData:
    return read_training_data([make_training_folder(tmp_path / "data")])


def reading(data: TrainingData, seed: int = 1, rows: int = ROWS) -> list[ReadingRow]:
    return list(islice(ExampleMaker(data, seed, [NEWS]).reading(), rows))


def plain(question: str) -> str:
    return fold(question).rstrip("? ")


def answerable(row: ReadingRow) -> list[str]:
    return [row.text[slice(*row.sentences[number])] for number in row.supporting]


def test_the_telling_sentences_lie_in_the_window_whole(data: TrainingData) -> None:
    rows = [row for row in reading(data) if row.answerable and plain(row.question) in TELLING]
    assert {plain(row.question) for row in rows} == TELLING.keys()
    for row in rows:
        assert answerable(row) and set(answerable(row)) <= TELLING[plain(row.question)]


def test_the_sentences_tile_the_window(data: TrainingData) -> None:
    for row in reading(data):
        assert row.sentences[0][0] == 0 and row.sentences[-1][1] == len(row.text)
        assert all(
            after[0] == before[1] + 1 for before, after in zip(row.sentences, row.sentences[1:], strict=False)
        )


def test_answers_are_exact_and_stand_in_a_telling_sentence(data: TrainingData) -> None:
    seen = set()
    for row in reading(data):
        for start, end in row.answers:
            seen.add(row.text[start:end])
            assert any(
                begin <= start < end <= stop for begin, stop in (row.sentences[n] for n in row.supporting)
            )
    assert seen == {"215 mét", "5 năm", "ngày mùng 5", "chủ nhật", "420 ha", "300 ha", "tăng", "186", "2018"}


def test_a_number_is_not_found_inside_another(data: TrainingData) -> None:
    row = next(
        row
        for row in reading(data)
        if plain(row.question) == "cau na puc xay lau nhat may nam" and row.answerable
    )
    ((start, _),) = row.answers
    assert row.text[:start].endswith("từ 2,5 đến ")


def test_windows_that_do_not_tell_hold_no_telling_sentence(data: TrainingData) -> None:
    rows = [row for row in reading(data) if not row.answerable]
    assert len(rows) > 100
    for row in rows:
        assert (row.supporting, row.answers) == ((), ())
        for sentence in TELLING.get(plain(row.question), ()):
            assert sentence not in row.text


def test_only_what_is_for_training_is_shown(data: TrainingData) -> None:
    assert all(
        "hoi mo ngay nao" not in fold(row.question) and "mùng 9" not in row.text for row in reading(data)
    )


def test_rows_of_one_question_stand_together(data: TrainingData) -> None:
    groups = [list(rows) for _, rows in groupby(reading(data), key=lambda row: row.group)]
    numbers = [rows[0].group for rows in groups if rows[0].group >= 0]
    assert numbers == sorted(set(numbers))
    competing = [rows for rows in groups if any(row.answerable for row in rows) and len(rows) > 1]
    assert len(competing) > 50
    for rows in competing:
        assert len({row.question for row in rows}) == 1


def test_single_sentences_tell_it_or_are_the_likest_that_do_not(data: TrainingData) -> None:
    groups = [list(rows) for _, rows in groupby(reading(data), key=lambda row: row.group)]
    single = [rows for rows in groups if len(rows) > 1 and all(len(row.sentences) == 1 for row in rows)]
    assert single
    asked = [rows for rows in single if plain(rows[0].question) in TELLING]
    assert asked
    for rows in asked:
        supporting = TELLING[plain(rows[0].question)]
        assert {row.text for row in rows if row.answerable} <= supporting
        assert not {row.text for row in rows if not row.answerable} & supporting
        assert sum(not row.answerable for row in rows) <= 6


def test_people_type_in_several_ways(data: TrainingData) -> None:
    typed = {row.question for row in reading(data) if plain(row.question) == "cho tan son hop khi nao"}
    assert "Chợ Tân Sơn họp khi nào?" in typed
    assert "chợ tân sơn họp khi nào" in typed
    assert any(question.startswith("cho tan son hop khi nao") for question in typed)


def test_the_same_seed_gives_the_same_rows(data: TrainingData) -> None:
    assert reading(data, 3) == reading(data, 3) != reading(data, 4)


def verdicts(data: TrainingData) -> list[VerdictRow]:
    return list(islice(VerdictMaker(data, 1).verdicts(), ROWS))


def test_verdicts_are_those_of_what_is_cited(data: TrainingData) -> None:
    rows = verdicts(data)
    assert {row.verdict for row in rows} == {0, 1, 2}
    for row in rows:
        if row.answer == "Cầu dài 215 km.":
            assert (row.verdict, BRIDGE[0] in row.text) == (1, True)
        if row.answer == "Cầu Nà Pục dài 215 mét.":
            # Supported by its sentence, not told by another one of its passage.
            assert row.verdict == (0 if BRIDGE[0] in row.text else 2)


def test_a_changed_number_is_contradicted(data: TrainingData) -> None:
    changed = {row.answer for row in verdicts(data) if "Cầu Nà Pục dài" in row.answer and row.verdict == 1}
    assert changed and changed <= {"Cầu Nà Pục dài 2,5 mét.", "Cầu Nà Pục dài 5 mét."}


def test_yes_and_no_are_judged_with_their_question(data: TrainingData) -> None:
    rows = [row for row in verdicts(data) if row.answer in ("Có.", "Không.")]
    assert rows and all(row.question for row in rows)


def test_without_anything_to_train_on_it_is_told(data: TrainingData) -> None:
    with pytest.raises(TrainingDataError, match="no question"):
        ExampleMaker(replace(data, questions=()), 1)
    with pytest.raises(TrainingDataError, match="nothing to judge"):
        VerdictMaker(
            replace(data, judged=(), questions=tuple(replace(one, reply="") for one in data.questions)), 1
        )


def test_the_same_window_does_not_tell_of_another_year_or_name(data: TrainingData) -> None:
    bridge, *others = data.questions
    dated = replace(bridge, text="Cầu Nà Pục ở xã Lâm Khê năm 2021 dài bao nhiêu?")
    passage = replace(data.passages["p1"], sentences=(*BRIDGE, "Cầu ở xã Lâm Khê."))
    elsewhere = replace(others[0], text="Chợ ở xã Khe Đồng họp khi nào?")
    changed = TrainingData({**data.passages, "p1": passage}, (dated, elsewhere, *others[1:]), data.judged)
    asked = {
        row.question: row
        for row in reading(changed, rows=4000)
        if "dai bao nhieu" in fold(row.question) and plain(row.question) != plain(dated.text)
    }
    years, places = (
        [row for question, row in asked.items() if same in fold(question)]
        for same in ("lam khe nam", "khe dong nam 2021")
    )
    assert years and places
    for row in (*years, *places):
        assert not row.answerable and not row.supporting and BRIDGE[0] in row.text
    assert all("2021" not in row.question for row in years)
