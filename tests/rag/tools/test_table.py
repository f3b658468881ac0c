"""A question is put to many articles: a row for each, empty where it does not tell."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from fakes import FakeReader
from store_maker import retriever_over

from index.schema import Filters
from rag.errors import EmptyQuestionError
from rag.reader.calibrated_reader import CalibratedReader
from rag.reader.calibration import Calibration
from rag.retrieval.retrieve import Retriever
from rag.tools.table import Table, tabulate

CALIBRATION = Calibration(weights={"told": 1}, bias=0, sure=0.5, perhaps=0.3, supported=0.5)
ARTICLES = {
    "khe-may.txt": "Xã Khe Mây giảm nghèo\n\n05/12/2021 08:00\n\nNăm 2011, tỷ lệ hộ nghèo của xã là 41,3%. "
    "Đến nay tỷ lệ hộ nghèo của xã là 8,79%.\n",
    "na-loc.txt": "Xã Nà Lốc giảm nghèo\n\n06/12/2021 08:00\n\nCuối năm, tỷ lệ hộ nghèo là 15,38%. "
    "Xã kết nạp 12 đảng viên mới.\n",
    "cau.txt": "Khánh thành cầu Suối Đá\n\n26/06/2021 08:00\n\nCầu Suối Đá dài 120 m có kinh phí 14 tỷ đồng.\n",
}


@pytest.fixture
def retriever(tmp_path: Path) -> Retriever:
    return retriever_over(tmp_path, ARTICLES)


def values(table: Table, column: int = 0) -> dict[str, str]:
    return {row.article.id: cell.value for row in table.rows if (cell := row.cells[column])}


def made(retriever: Retriever, *questions: str, **settings: object) -> Table:
    return tabulate(retriever, CalibratedReader(FakeReader(), CALIBRATION), questions, **settings)  # type: ignore[arg-type]


def test_each_article_tells_its_own_value_with_its_sentence(retriever: Retriever) -> None:
    table = made(retriever, "tỷ lệ hộ nghèo của các xã, thị trấn")
    assert values(table) == {"khe-may.txt": "8,79%", "na-loc.txt": "15,38%"}
    row = next(row for row in table.rows if row.article.id == "na-loc.txt")
    assert row.cells[0] is not None
    assert row.cells[0].quote == "Cuối năm, tỷ lệ hộ nghèo là 15,38%."
    assert row.article.date == date(2021, 12, 6)
    assert [row.has_answer for row in table.rows] == sorted(
        (row.has_answer for row in table.rows), reverse=True
    )
    assert table.questions == ("tỷ lệ hộ nghèo của các xã, thị trấn",)


def test_what_a_report_looks_back_on_is_told_where_its_year_is_asked(retriever: Retriever) -> None:
    assert values(made(retriever, "Năm 2011, tỷ lệ hộ nghèo của xã là"))["khe-may.txt"] == "41,3%"


def test_every_question_is_a_column(retriever: Retriever) -> None:
    table = made(retriever, "tỷ lệ hộ nghèo", "kết nạp đảng viên mới")
    assert values(table, 1) == {"na-loc.txt": "12"}
    assert all(len(row.cells) == 2 for row in table.rows)


def test_only_articles_within_the_filters_are_read(retriever: Retriever) -> None:
    table = made(retriever, "tỷ lệ hộ nghèo", filters=Filters(sources=("na-loc.txt",)))
    assert [row.article.id for row in table.rows] == ["na-loc.txt"]


def test_it_tells_how_far_it_is_and_stops_when_told(retriever: Retriever) -> None:
    steps: list[tuple[int, int]] = []
    made(retriever, "tỷ lệ hộ nghèo", on_progress=lambda done, total: steps.append((done, total)))
    assert steps == [(0, 3), (3, 3)]
    stop = threading.Event()
    stop.set()
    ended = made(retriever, "tỷ lệ hộ nghèo", stop=stop)
    assert ended.stopped
    assert ended.rows == ()


@pytest.mark.parametrize("questions", [["…"], ["tỷ lệ hộ nghèo", "?"]])
def test_a_question_without_words_is_told(retriever: Retriever, questions: Sequence[str]) -> None:
    with pytest.raises(EmptyQuestionError):
        made(retriever, *questions)
