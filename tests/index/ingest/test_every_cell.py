"""Whatever stands in a table is read back cell by cell under its column, in every format that holds tables."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import docx
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markupsafe import escape

from index.ingest.read_files import read_folder
from index.schema import Article
from index.tables import row_cells
from index.text.normalise import normalise

pytestmark = pytest.mark.slow

Rows = Sequence[Sequence[str]]
HEADER = ("Xã", "Hộ nghèo", "Hộ cận nghèo", "Ghi chú")
LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạếốợựịHXTĐ"
WORD = st.text(LETTERS, min_size=2, max_size=6)
CELL = st.one_of(
    st.integers(0, 99_999).map(str),
    st.lists(WORD, min_size=1, max_size=3).map(" ".join),
    st.decimals(0, 99, places=1).map(lambda value: str(value).replace(".", ",")),
)
ROWS = st.lists(st.tuples(WORD.map("Xã {}".format), CELL, CELL, CELL), min_size=3, max_size=6)


def as_csv(rows: Rows) -> bytes:
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    return written.getvalue().encode()


def as_html(rows: Rows) -> bytes:
    head, *body = [
        "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in row)
        for tag, row in zip(["th", *["td"] * len(rows)], rows, strict=False)
    ]
    lines = "".join(f"<tr>{row}</tr>" for row in body)
    return (
        "<!doctype html><html><head><meta charset='utf-8'><title>Rà soát hộ nghèo</title></head><body><article>"
        "<h1>Rà soát hộ nghèo</h1><p>Kết quả rà soát hộ nghèo cuối năm của các xã trong huyện như sau.</p>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table></article></body></html>"
    ).encode()


def as_markdown(rows: Rows) -> bytes:
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join(["# Rà soát hộ nghèo", "", lines[0], "|---" * len(rows[0]) + "|", *lines[1:]]).encode()


def as_word(rows: Rows) -> bytes:
    document, file = docx.Document(), io.BytesIO()
    document.add_heading("Rà soát hộ nghèo")
    table = document.add_table(rows=len(rows), cols=len(rows[0]))
    for written, row in zip(table.rows, rows, strict=True):
        for cell, text in zip(written.cells, row, strict=True):
            cell.text = text
    document.save(file)
    return file.getvalue()


def as_sheet(rows: Rows) -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append([int(cell) if cell.isdigit() else cell for cell in row])
    book.save(file)
    return file.getvalue()


FORMATS: Mapping[str, Callable[[Rows], bytes]] = {
    "bang.html": as_html, "bang.md": as_markdown, "bang.docx": as_word, "bang.xlsx": as_sheet,
}  # fmt: skip


def read(name: str, content: bytes) -> list[Article]:
    with TemporaryDirectory() as folder:
        (Path(folder) / name).write_bytes(content)
        found = list(read_folder(Path(folder)))
    assert all(isinstance(one, Article) for one in found), found
    return [one for one in found if isinstance(one, Article)]


def told(article: Article) -> list[dict[str, str]]:
    """The rows of the tables of an article as column names with their cells."""
    return [
        {cell.name: article.text[cell.start : cell.end] for cell in row_cells(article, table, number)}
        for table in article.tables
        for number in range(table.header_rows, len(table.rows))
    ]


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=ROWS)
def test_a_table_is_read_back_cell_by_cell(name: str, rows: list[tuple[str, ...]]) -> None:
    (article,) = read(name, FORMATS[name]([HEADER, *rows]))
    assert told(article) == [dict(zip(HEADER, map(normalise, row), strict=True)) for row in rows]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=ROWS)
def test_rows_of_a_file_of_rows_keep_every_value(rows: list[tuple[str, ...]]) -> None:
    text = "\n".join(article.text for article in read("bang.csv", as_csv([HEADER, *rows])))
    assert [cell for row in rows for cell in map(normalise, row) if cell not in text] == []
