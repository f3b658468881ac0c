"""Old office files: through LibreOffice, or as what they really are, or told with the command that installs it."""

from __future__ import annotations

import shutil
import stat
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import docx
import openpyxl
import pytest
from pptx import Presentation
from slides_maker import add_merged_table
from word_maker import make_word, paragraph

from index.errors import ArticleError
from index.ingest.document import Block, Document, Place
from index.ingest.limits import DEFAULT_LIMITS, Limits
from index.ingest.list_folder import SourceFile
from index.ingest.office.old import NEWER, read_old
from index.ingest.office.read_office import OFFICE_READERS
from index.ingest.read_files import read_file
from index.schema import Article

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def read_old_file(path: Path) -> Article:
    """Read a file as a sync does."""
    (read,) = read_file(SourceFile(path, path.name, path.stat().st_size))
    assert isinstance(read, Article), read
    return read


def test_without_libreoffice_the_command_that_installs_it_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.doc").write_bytes(OLE)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ArticleError, match=r"LibreOffice; run: sudo apt-get install .*save it as \.docx"):
        read_old(tmp_path / "a.doc", DEFAULT_LIMITS, OFFICE_READERS)


def test_the_converted_file_is_read(tmp_path: Path) -> None:
    made = make_word(tmp_path / "made.docx", paragraph("Quyết định 412"))
    program = tmp_path / "soffice"
    # The last argument is the file, the one before it the folder to write to.
    program.write_text(f'#!/bin/sh\nshift 6\ncp {made} "$1/a.docx"\n', encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    (tmp_path / "cũ.doc").write_bytes(OLE)
    document = read_old(tmp_path / "cũ.doc", DEFAULT_LIMITS, OFFICE_READERS, str(program))
    assert [block.text for block in document.blocks] == ["Quyết định 412"]


def test_a_conversion_that_fails_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "a.xls").write_bytes(OLE)
    with pytest.raises(ArticleError, match=r"save it as \.xlsx"):
        read_old(tmp_path / "a.xls", DEFAULT_LIMITS, OFFICE_READERS, shutil.which("true"))


def test_rich_text_new_files_and_pages_under_an_old_ending_are_read_as_what_they_are(tmp_path: Path) -> None:
    make_word(tmp_path / "a.doc", paragraph("Thật ra là docx"))
    (tmp_path / "b.doc").write_text(r"{\rtf1 That ra la rtf\par}", encoding="latin-1")
    (tmp_path / "c.xls").write_text("<html><table><tr><td>45</td></tr></table></html>", encoding="utf-8")

    def page(path: Path, limits: Limits) -> Document:
        return Document((Block("paragraph", f"page {path.name}"),))

    readers = {**OFFICE_READERS, ".html": page}
    read = [
        read_old(tmp_path / name, DEFAULT_LIMITS, readers).blocks[0].text
        for name in ("a.doc", "b.doc", "c.xls")
    ]
    assert read == ["Thật ra là docx", "That ra la rtf", "page c.xls"]


def test_a_page_that_a_program_wrote_for_excel_or_word_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "hộ nghèo.xls").write_text(
        '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><body><table>'
        "<tr><th>Xã</th><th>Hộ nghèo</th></tr><tr><td>Khe Mây</td><td>45</td></tr></table></body></html>",
        encoding="utf-8",
    )
    (tmp_path / "giấy mời.doc").write_text(
        '<?xml version="1.0"?>\n<html><body><p>UBND XÃ KHE MÂY</p><p>GIẤY MỜI</p></body></html>',
        encoding="utf-8",
    )
    table = read_old_file(tmp_path / "hộ nghèo.xls")
    assert (table.text, len(table.tables)) == ("Xã | Hộ nghèo\nKhe Mây | 45", 1)
    assert read_old_file(tmp_path / "giấy mời.doc").text == "UBND XÃ KHE MÂY\n\nGIẤY MỜI"


@pytest.mark.parametrize(
    ("name", "root", "newer"),
    [("a.xls", "Workbook", ".xlsx"), ("b.doc", "w:wordDocument", ".docx"), ("c.doc", "pkg:package", ".docx")],
)
def test_the_xml_of_office_2003_is_told_with_its_remedy(
    tmp_path: Path, name: str, root: str, newer: str
) -> None:
    head = '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n'
    for number, before in enumerate((head, '<?xml version="1.0"?>', "")):
        path = tmp_path / f"{number}{name}"
        path.write_text(f"{before}<{root} xmlns='x'><Data>45</Data></{root}>", encoding="utf-8")
        with pytest.raises(AssertionError, match=f"save it as {newer}"):
            read_old_file(path)


def make_report(path: Path) -> None:
    made = docx.Document()
    made.add_heading("Báo cáo giảm nghèo xã Khe Mây", 0)
    cells = [
        ["Bản", "Số hộ", ""],
        ["", "Nghèo", "Cận nghèo"],
        ["Bản Vàng", "45", "45"],
        ["Suối Đá", "1.250", ""],
    ]
    table = made.add_table(4, 3)
    for row, texts in enumerate(cells):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    table.cell(0, 1).merge(table.cell(0, 2))
    table.cell(0, 0).merge(table.cell(1, 0))
    made.add_paragraph("Rà soát", style="List Number")
    made.add_paragraph("Công khai", style="List Number")
    line = made.add_paragraph("Mức cũ ")
    line.add_run("300.000 đồng").font.strike = True
    line.add_run("nay là 400.000 đồng.")
    made.sections[0].footer.paragraphs[0].text = "Văn phòng UBND xã"
    made.save(str(path))


def make_book(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.create_sheet("Năm 2020", 0)
    rows: list[list[object]] = [
        ["BẢNG TỔNG HỢP"], [], ["Xã", "Hộ nghèo", None, "Ngày"], [None, "Đầu năm", "Cuối năm", None],
        ["Khe Mây", 45, 30, date(2020, 11, 5)], ["Suối Đá", 1250, 12.5, None], ["Cộng", "=SUM(B5:B6)", "=C5+C6"],
    ]  # fmt: skip
    for row in rows:
        sheet.append(row)
    for area in ("A1:D1", "B3:C3", "A3:A4", "D3:D4"):
        sheet.merge_cells(area)
    sheet["B6"].number_format = "#,##0"
    hidden = book["Sheet"]
    hidden.append(["Bảng nháp"])
    hidden.sheet_state = "hidden"
    book.save(path)


def make_slides(path: Path) -> None:
    made = Presentation()
    slide = made.slides.add_slide(made.slide_layouts[1])
    slide.shapes.title.text = "Kết quả rà soát"
    slide.placeholders[1].text = "Khe Mây: 45 hộ"
    slide.notes_slide.notes_text_frame.text = "Nhớ nói về Bản Vàng"
    slide = made.slides.add_slide(made.slide_layouts[6])
    add_merged_table(slide, [["Xã", "Số hộ", ""], ["", "Nghèo", "Cận"], ["Khe Mây", "45", "46"]])
    made.save(str(path))


def old_file(path: Path, make: Callable[[Path], None], folder: Path) -> Article:
    """Write a file, save it under its old ending by LibreOffice, and read it as a sync does."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip(
            "LibreOffice is missing; install libreoffice-writer-nogui, -calc-nogui and -impress-nogui"
        )
    newer = folder / f"{path.stem}{NEWER[path.suffix]}"
    make(newer)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    convert = ["--headless", "--convert-to", path.suffix[1:], "--outdir", str(folder), str(newer)]
    subprocess.run([program, profile, *convert], check=True, capture_output=True, timeout=120)
    made = folder / path.name
    assert made.read_bytes()[:4] == OLE[:4]
    return read_old_file(made)


@pytest.mark.slow
@pytest.mark.model
def test_a_real_doc_keeps_its_table_numbers_notes_and_what_is_struck_through(tmp_path: Path) -> None:
    article = old_file(Path("báo cáo.doc"), make_report, tmp_path)
    assert article.text.split("\n") == [
        "Báo cáo giảm nghèo xã Khe Mây", "",
        "Bản | Số hộ | Số hộ", "Bản | Nghèo | Cận nghèo", "Bản Vàng | 45 | 45", "Suối Đá | 1.250 |", "",
        "1. Rà soát", "2. Công khai", "",
        "Mức cũ nay là 400.000 đồng.", "",
        "Văn phòng UBND xã",
    ]  # fmt: skip
    assert [table.header_rows for table in article.tables] == [2]
    assert [(item.text, item.reason) for item in article.removed] == [("300.000 đồng", "struck-out")]


@pytest.mark.slow
@pytest.mark.model
def test_a_real_xls_shows_its_values_and_keeps_hidden_sheets_apart(tmp_path: Path) -> None:
    article = old_file(Path("hộ nghèo.xls"), make_book, tmp_path)
    assert article.text.split("\n") == [
        "BẢNG TỔNG HỢP", "",
        "Xã | Hộ nghèo | Hộ nghèo | Ngày", "Xã | Đầu năm | Cuối năm | Ngày",
        "Khe Mây | 45 | 30 | 05/11/2020", "Suối Đá | 1.250 | 12,5 |", "Cộng | 1295 | 42,5 |",
    ]  # fmt: skip
    assert [(item.text, item.reason) for item in article.removed] == [("Bảng nháp", "hidden")]
    row = next(mark for mark in article.marks if mark.start == article.text.index("Suối Đá"))
    assert row.place == Place(sheet="Năm 2020", row=6)


@pytest.mark.slow
@pytest.mark.model
def test_a_real_ppt_keeps_tables_notes_and_the_numbers_of_its_slides(tmp_path: Path) -> None:
    article = old_file(Path("kết quả.ppt"), make_slides, tmp_path)
    assert article.text.split("\n") == [
        "Kết quả rà soát", "", "Khe Mây: 45 hộ", "", "Nhớ nói về Bản Vàng", "",
        "Xã | Số hộ | Số hộ", "Xã | Nghèo | Cận", "Khe Mây | 45 | 46",
    ]  # fmt: skip
    assert [mark.place.page for mark in article.marks] == [1, 2]


def test_a_hidden_row_of_an_exported_sheet_is_left_out_and_told(tmp_path: Path) -> None:
    (tmp_path / "a.xls").write_text(
        '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><body><table>'
        "<tr><th>Chủ hộ</th><th>Số tiền</th></tr><tr><td>Vàng Thị Sơ</td><td>50.000.000</td></tr>"
        '<tr style="display:none"><td>Hộ ẩn</td><td>123.456</td></tr></table></body></html>',
        encoding="utf-8",
    )
    article = read_old_file(tmp_path / "a.xls")
    assert article.text == "Chủ hộ | Số tiền\nVàng Thị Sơ | 50.000.000"
    assert [(item.text, item.reason) for item in article.removed] == [("Hộ ẩn | 123.456", "hidden")]
