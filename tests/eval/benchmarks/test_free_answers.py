"""Grading by a free wording of what is right, with rows by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fakes import FakeEncoder, FakeGenerator, FakeMessages, FakeReader

from eval.benchmarks.free_answers import Case, Graded, ask_all, case_table, read_cases
from eval.errors import QuestionError
from eval.metrics.wording import Grade, grade
from index.store.store import Store
from rag.assistant import Assistant
from rag.reader.calibration import Calibration
from rag.retrieval.retrieve import Retriever


@pytest.mark.parametrize(
    ("right", "given", "expected"),
    [
        ("44,2 triệu đồng", "Thu nhập đạt 44,2 triệu đồng/người/năm. [1]", "right"),
        ("44,2 triệu đồng", "Thu nhập đạt 58,6 triệu đồng. [1]", "false with a proof mark"),
        ("44,2 triệu đồng", "Thu nhập đạt 58,6 triệu đồng.", "false"),
        ("182,4", "Năm 2021 thu 182,4 tỷ đồng. [1]", "right"),
        ("38,7 tỷ (17,4 + 21,3)", "Góp 17,4 tỷ và 21,3 tỷ đồng. [1]", "false with a proof mark"),
        ("1,86 ha (18.600 m2)", "Bà con hiến 18.600 m2 đất. [1]", "right"),
        ("0,215 km (215 m)", "Cầu dài 215 km. [1]", "false with a proof mark"),
        ("bà Hà Thị Nhung", "Chủ tịch xã là bà Hà Thị Nhung. [1]", "right"),
        ("Bình Trạch cao hơn", "Xã Bình Thạch cao hơn. [1]", "false with a proof mark"),
        ("do quỹ đất ít", "Xã trồng được ít rừng vì quỹ đất ít. [1]", "right"),
        ("chưa (mới 14/19 tiêu chí)", "Chưa, xã mới đạt 14/19 tiêu chí. [1]", "right"),
        ("chưa (mới 14/19 tiêu chí)", "Có, xã đã đạt chuẩn năm 2022. [1]", "false with a proof mark"),
        ("chưa (mới 14/19 tiêu chí)", "Xã đã đạt chuẩn năm 2022. [1]", "false with a proof mark"),
        ("không đóng cửa (lời chèn)", "Nhà máy đóng cửa ngày 01/12. [1]", "false with a proof mark"),
        ("có, 3 - 1", "Quang Vọng đã thắng Mỏ Nhài 3 - 1. [1]", "right"),
        ("(chưa rõ)", "Có 12 xã.", "false"),
        ("từ chối", "Xuân về hoa nở. [1]", "false with a proof mark"),
        ("lời chào lại / hướng dẫn", "Chợ có 186 ki-ốt. [1]", "by eye"),
    ],
)
def test_an_answer_is_graded_by_words_and_numbers(right: str, given: str, expected: Grade) -> None:
    assert grade(right, given, refused=False, marked="[1]" in given) == expected


@pytest.mark.parametrize(
    ("right", "expected"),
    [
        ("không có bài nào (refuse)", "refused rightly"),
        ("không nêu (refuse)", "refused rightly"),
        ("hỏi lại / từ chối", "refused rightly"),
        ("9 căn", "refused wrongly"),
        ("Không có người chết", "refused wrongly"),
    ],
)
def test_a_refusal_is_right_where_the_wording_says_so(right: str, expected: Grade) -> None:
    assert grade(right, "Tôi không tìm thấy.", refused=True, marked=False) == expected


def test_cases_are_read_from_every_folder(tmp_path: Path) -> None:
    row = {"id": "1", "kind": "bảng", "question": "Mấy lớp?", "right": "18 lớp", "seen": "", "follows": None}
    (tmp_path / "02").mkdir()
    (tmp_path / "02" / "questions.jsonl").write_text(
        json.dumps(row) + "\n" + json.dumps(row | {"follows": ["Trường nào?"]}), encoding="utf-8"
    )
    first, second = read_cases(tmp_path)
    assert (first.right, first.follows, second.follows) == ("18 lớp", None, ("Trường nào?",))
    (tmp_path / "02" / "questions.jsonl").write_text('{"id": "1"}', encoding="utf-8")
    with pytest.raises(QuestionError, match="line 1 is no case"):
        read_cases(tmp_path)
    with pytest.raises(QuestionError, match=r"no questions\.jsonl"):
        read_cases(tmp_path / "none")


def test_all_are_asked_and_counted_by_kind(store: Store) -> None:
    cases = [
        Case("1", "số", "Huyện Kim Liên kết nạp bao nhiêu đảng viên mới?", "82 đảng viên"),
        Case("2", "số", "Huyện Kim Liên kết nạp bao nhiêu đảng viên mới?", "83 đảng viên"),
    ]
    generator = FakeGenerator(*["Toàn huyện kết nạp 82 đảng viên mới."] * 2)
    always = Calibration(weights={}, bias=10, sure=0.5, perhaps=0.5, supported=0.5)
    assistant = Assistant(Retriever(store, FakeEncoder(), FakeMessages()), FakeReader(), generator, always)
    graded = list(ask_all(assistant, cases))
    assert [one.grade for one in graded] == ["right", "false with a proof mark"]
    assert [one.grade for one in ask_all(assistant, [Case("3", "trống", " ", "hỏi lại")])] == ["by eye"]
    assert graded[0].manner == "sure" and "82 đảng viên" in graded[0].quotes[0]
    rows = {line.split()[0]: line.split()[1:] for line in case_table(graded).splitlines()[2:]}
    assert rows["số"] == rows["all"] == ["2", "1", "0", "1", "0", "0", "0"]


def test_a_kind_without_a_grade_counts_nothing() -> None:
    one = Graded(Case("1", "chào", "Xin chào", "đáp lại"), "by eye", "", "not_told", None, ())
    assert case_table([one]).splitlines()[-1].split() == ["all", "1", "0", "0", "0", "0", "0", "1"]
