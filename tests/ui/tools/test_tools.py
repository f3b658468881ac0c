"""A table and a checked text outside of the window: in order, as files, as JSON, at the terminal."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import date
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from eval.benchmarks.tools import grade
from index.schema import Article, Chunk, Hit
from rag.schema import Evidence
from rag.tools.check_text import CheckedSentence, CheckedText, Source
from rag.tools.table import Cell, Table, TableRow
from ui.answer_json import checked_object, table_object
from ui.cli import main
from ui.tools.export import to_csv, to_xlsx
from ui.tools.page import SortOrder, ordered
from ui.tools.strings import tool_words

TEXT = "Cuối năm, xã còn {} hộ nghèo."


def row(name: str, value: str, *, day: date | None = date(2021, 12, 5)) -> TableRow:
    text = TEXT.format(value)
    article = Article(f"{name}.txt", f"tin/{name}.txt", name, text, day, place=f"xã {name}")
    hit = Hit(Chunk(article, 0, 0, len(text)), 1.0, 1, 1.0, 1.0)
    at = text.index(value) if value else 0
    span = (at, at + len(value))
    evidence = Evidence(hit, 0, len(text), text, span, span, 1.0, 1.0, 1.0)
    return TableRow(article, (Cell(evidence, 0.934),))


TABLE = Table(
    ("hộ nghèo",),
    (row("Khe Mây", "1.087"), row("Nà Lốc", "115", day=None), replace(row("Ba Sen", "9"), cells=(None,))),
)


def test_numbers_are_ordered_by_their_size_and_what_is_not_told_comes_last() -> None:
    def names(column: str, backward: bool) -> list[str]:
        return [one.article.title for one in ordered(TABLE.rows, SortOrder(column, backward))]

    assert names("cell0", False) == ["Nà Lốc", "Khe Mây", "Ba Sen"]
    assert names("cell0", True) == ["Khe Mây", "Nà Lốc", "Ba Sen"]
    assert names("day", False) == ["Khe Mây", "Ba Sen", "Nà Lốc"]
    assert names("article", False) == ["Ba Sen", "Khe Mây", "Nà Lốc"]
    assert names("", False) == ["Khe Mây", "Nà Lốc", "Ba Sen"]


def test_a_table_as_csv_holds_every_article_and_no_formula() -> None:
    hostile = replace(TABLE.rows[0].article, title='=HYPERLINK("http://evil.example")')
    table = replace(TABLE, rows=(replace(TABLE.rows[0], article=hostile), *TABLE.rows[1:]))
    rows = list(csv.reader(StringIO(to_csv(table, tool_words("vi")).decode("utf-8-sig"))))
    assert rows[0] == ["Bài viết", "Nơi", "Ngày", "hộ nghèo", "Độ chắc chắn", "Câu trong bài", "Tệp"]
    assert rows[1][0] == '\'=HYPERLINK("http://evil.example")'
    assert rows[2] == [
        "Nà Lốc", "xã Nà Lốc", "", "115", "0.93", "Cuối năm, xã còn 115 hộ nghèo.", "tin/Nà Lốc.txt",
    ]  # fmt: skip
    assert rows[3][3:6] == ["", "", ""]


def test_a_table_as_a_workbook_keeps_texts_as_texts() -> None:
    hostile = replace(TABLE.rows[0].article, title="=1+1\x07")
    table = replace(TABLE, rows=(replace(TABLE.rows[0], article=hostile), *TABLE.rows[1:]))
    sheet = load_workbook(BytesIO(to_xlsx(table, tool_words("vi")))).active
    assert sheet is not None
    assert [cell.value for cell in sheet[1]][:4] == ["Bài viết", "Nơi", "Ngày", "hộ nghèo"]
    assert (sheet["A2"].value, sheet["A2"].data_type) == ("=1+1", "s")
    assert [cell.value for cell in sheet["D"]] == ["hộ nghèo", "1.087", "115", None]
    assert sheet["E2"].value == 0.93


def test_json_carries_places_in_the_article_and_null_for_what_is_not_told() -> None:
    payload = table_object(TABLE)
    assert payload["rows"][2]["cells"] == [None]
    assert payload["rows"][1]["cells"] == [
        {
            "value": "115", "certainty": 0.934, "quote": "Cuối năm, xã còn 115 hộ nghèo.", "start": 0, "end": 30,
        }
    ]  # fmt: skip
    evidence = TABLE.rows[1].cells[0].evidence  # type: ignore[union-attr]
    source = Source(evidence.hit, evidence.start, evidence.end, evidence.text)
    text = "Xã còn 151 hộ nghèo."
    checked = CheckedText(text, (CheckedSentence(0, len(text), "contradicted", source, "151", "115"),))
    (sentence,) = checked_object(checked)["sentences"]
    assert (sentence["verdict"], sentence["said"], sentence["told"]) == ("contradicted", "151", "115")
    assert sentence["source"]["quote"] == "Cuối năm, xã còn 115 hộ nghèo."


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["table", "hộ nghèo", "--out", "bang.pdf"], "ending in .xlsx or .csv"),
        (["table", *("hộ nghèo" for _ in range(11))], "10 columns at most"),
        (["check", "không-có.txt"], "Cannot read the text"),
    ],
)
def test_what_cannot_be_done_is_told_before_a_model_is_loaded(
    capsys: pytest.CaptureFixture[str], arguments: list[str], expected: str
) -> None:
    assert main(arguments) == 1
    assert expected in capsys.readouterr().err


@pytest.mark.parametrize(
    ("value", "right", "grade_"),
    [
        ("5,8%", "5,8%", "right"),
        ("giảm còn 5,8% năm 2018", "5,8%", "right"),
        ("6 tập thể", "06 tập thể", "right"),
        ("41,3%", "5,8%", "wrong"),
        ("5,8%", "", "wrong"),
        ("", "5,8%", "missed"),
        ("", "", "right"),
    ],
)
def test_a_cell_is_graded_by_its_value(value: str, right: str, grade_: str) -> None:
    assert grade(value, right) == grade_


def test_the_labelled_sets_quote_their_articles() -> None:
    folder = Path(__file__).parents[3] / "eval"
    table = json.loads((folder / "sets" / "table.json").read_text(encoding="utf-8"))
    assert (len(table["articles"]), len(table["columns"])) == (40, 10)
    for column in table["columns"]:
        for article, value in column["told"].items():
            assert article in table["articles"]
            assert value in (folder / "corpus" / article).read_text(encoding="utf-8")
