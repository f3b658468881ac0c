"""A table over many articles becomes rows, and a file that a spreadsheet opens."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from io import BytesIO, StringIO

from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from rag.tools.table import Table
from ui.search_scope import shown_source
from ui.tools.strings import ToolWords

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv;charset=utf-8"
_RISKY = ("=", "+", "-", "@", "\t", "\r")
_UNPRINTABLE = dict.fromkeys([*range(9), 11, 12, *range(14, 32)])
_WIDTHS = {"article": 48, "place": 22, "day": 12, "value": 28, "certainty": 11, "quote": 70, "source": 30}


def header(table: Table, copy: ToolWords) -> list[str]:
    """Name the columns: for each question its value, its certainty and its sentence."""
    named = [copy.column_article, copy.column_place, copy.column_day]
    for question in table.questions:
        named += [question, copy.column_certainty, copy.column_quote]
    return [*named, copy.column_source]


def rows(table: Table) -> Iterator[list[str | float | None]]:
    """Give a row for each article, with ``None`` where it does not tell; certainty in [0, 1]."""
    for row in table.rows:
        article = row.article
        cells: list[str | float | None] = [
            article.title, article.place, article.date.isoformat() if article.date else None,
        ]  # fmt: skip
        for cell in row.cells:
            cells += [cell.value, round(cell.certainty, 2), cell.quote] if cell else [None, None, None]
        yield [*cells, shown_source(article.source)]


def to_csv(table: Table, copy: ToolWords) -> bytes:
    """Write UTF-8 with the mark that spreadsheets know it by; no cell can act as a formula."""
    held = StringIO()
    writer = csv.writer(held)
    writer.writerow(map(_harmless, header(table, copy)))
    for row in rows(table):
        writer.writerow(["" if cell is None else _harmless(cell) for cell in row])
    return b"\xef\xbb\xbf" + held.getvalue().encode()


def to_xlsx(table: Table, copy: ToolWords) -> bytes:
    """Write a workbook with a fixed, filtered header; every text stays text."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "Bảng"
    sheet.freeze_panes = "A2"
    widths = ["article", "place", "day", *["value", "certainty", "quote"] * len(table.questions), "source"]
    for number, kind in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(number)].width = _WIDTHS[kind]
    lines: list[Sequence[str | float | None]] = [header(table, copy), *rows(table)]
    for line, cells in enumerate(lines, 1):
        for column, value in enumerate(cells, 1):
            _fill(sheet.cell(line, column), value, bold=line == 1)
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(widths))}{len(table.rows) + 1}"
    held = BytesIO()
    book.save(held)
    return held.getvalue()


def _fill(cell: Cell | MergedCell, value: str | float | None, *, bold: bool) -> None:
    assert isinstance(cell, Cell)
    cell.value = value.translate(_UNPRINTABLE) if isinstance(value, str) else value
    if isinstance(value, str):
        cell.data_type = "s"
    elif value is not None:
        cell.number_format = "0%"
    cell.font = Font(bold=bold)
    cell.alignment = Alignment(wrap_text=True, vertical="top")


def _harmless(cell: str | float) -> str | float:
    """Keep a text from being taken for a formula by whatever opens the file."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_RISKY) else cell
