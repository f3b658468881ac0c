"""Days of a schedule and names that are links are text, whichever format they are kept in."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from pathlib import Path

import docx
import openpyxl
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from pdf_maker import make_pdf

from index.ingest.read_files import read_folder
from index.ingest.tables import one_line
from index.schema import Article
from index.tables import row_in_words

TITLE = "Điện lực Yên Hạ thông báo lịch ngừng cung cấp điện"
SCHEDULE = [
    "Để bảo dưỡng lưới điện, Điện lực Yên Hạ ngừng cung cấp điện theo lịch sau:",
    "Ngày 05/7/2021, 7h30 - 11h00",
    "Thôn Lũng Cao, thôn Nà Pục của xã Khe Mây.",
    "06/7/2021 13:30",
    "Thôn Bản Vàng của xã Suối Đá.",
    "8h00 ngày 07/7/2021",
    "Toàn bộ thị trấn Yên Hạ.",
    "Thứ năm, 08/7/2021",
    "Thôn Đồi Chè của xã Suối Đá.",
]


def read(folder: Path, name: str, data: bytes) -> Article:
    (folder / name).write_bytes(data)
    (article,) = read_folder(folder)
    assert isinstance(article, Article)
    return article


def as_word(lines: list[str]) -> bytes:
    made, written = docx.Document(), io.BytesIO()
    for line in lines:
        made.add_paragraph(line)
    made.save(written)
    return written.getvalue()


def as_pdf(lines: list[str], folder: Path) -> bytes:
    return make_pdf(folder / "made", [lines]).read_bytes()


@pytest.mark.parametrize("suffix", [".txt", ".md", ".html", ".docx", ".pdf"])
def test_the_days_of_a_schedule_are_kept(tmp_path: Path, suffix: str) -> None:
    lines = [TITLE, *SCHEDULE]
    page = f"<title>{TITLE}</title><h1>{TITLE}</h1>" + "".join(f"<p>{line}</p>" for line in SCHEDULE)
    data = {
        ".txt": lambda: "\n\n".join(lines).encode(),
        ".md": lambda: "\n\n".join([f"# {TITLE}", *SCHEDULE]).encode(),
        ".html": lambda: f"<meta charset='utf-8'><body><article>{page}</article></body>".encode(),
        ".docx": lambda: as_word(lines),
        ".pdf": lambda: as_pdf(lines, tmp_path),
    }[suffix]()
    (tmp_path / "made").unlink(missing_ok=True)
    article = read(tmp_path, f"lich{suffix}", data)
    read_lines = [line for line in article.text.split("\n") if line]
    assert [line for line in read_lines if line in SCHEDULE] == SCHEDULE
    assert (article.title, article.date) == (TITLE, None)


ADDRESS = "https://tep.example/412.pdf"
HEADER = ("Số hiệu", "Trích yếu")
ROW = ("412/QĐ-UBND", "Về việc giao đất làm nhà văn hóa")


def page_with_links() -> bytes:
    cells = "".join(f'<td><a href="{ADDRESS}">{cell}</a></td>' for cell in ROW)
    return (
        "<meta charset='utf-8'><title>Văn bản mới</title><body><h1>Văn bản mới</h1><p>Xã công bố các văn bản sau.</p>"
        f"<table><tr><th>{HEADER[0]}</th><th>{HEADER[1]}</th></tr><tr>{cells}</tr></table></body>"
    ).encode()


def word_with_links() -> bytes:
    made, written = docx.Document(), io.BytesIO()
    made.add_paragraph("Văn bản mới")
    table = made.add_table(2, 2)
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
    for column in range(2):
        table.cell(0, column).text = HEADER[column]
        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), made.part.relate_to(ADDRESS, kind, is_external=True))
        link.append(table.cell(1, column).paragraphs[0].add_run(ROW[column])._r)
        table.cell(1, column).paragraphs[0]._p.append(link)
    made.save(written)
    return written.getvalue()


def sheet_with_links() -> bytes:
    book, written = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADER)
    sheet.append(ROW)
    for column in "AB":
        sheet[f"{column}2"].hyperlink = ADDRESS
    book.save(written)
    return written.getvalue()


def markdown_with_links() -> bytes:
    cells = " | ".join(f"[{cell}]({ADDRESS})" for cell in ROW)
    return f"# Văn bản mới\n\n| {HEADER[0]} | {HEADER[1]} |\n|---|---|\n| {cells} |\n".encode()


LINKED: Mapping[str, Callable[[], bytes]] = {
    ".html": page_with_links, ".docx": word_with_links, ".xlsx": sheet_with_links, ".md": markdown_with_links,
}  # fmt: skip


@pytest.mark.parametrize("suffix", LINKED)
def test_a_cell_that_is_a_link_is_its_text_and_the_article_gets_no_address_of_it(
    tmp_path: Path, suffix: str
) -> None:
    article = read(tmp_path, f"van-ban{suffix}", LINKED[suffix]())
    assert f"{ROW[0]} | {ROW[1]}" in article.text
    assert "tep.example" not in article.text
    assert article.url is None


def test_a_markdown_table_under_a_rule_of_single_dashes_is_one(tmp_path: Path) -> None:
    text = (
        "# Học phí\n\n"
        "| Khối | Mức thu | Ghi chú |\n|:--|--:|:-:|\n"
        "| 6 \\| 7 | **30.000** | trả<br>góp |\n| 8 | 30.000 | |\n"
    )
    article = read(tmp_path, "a.md", text.encode())
    assert "Khối | Mức thu | Ghi chú\n6 | 7 | 30.000 | trả góp\n8 | 30.000 |" in article.text
    assert row_in_words(article, article.tables[0], 1) == "Khối: 6 | 7; Mức thu: 30.000; Ghi chú: trả góp"


def test_a_list_below_a_line_with_a_bar_is_no_table(tmp_path: Path) -> None:
    assert read(tmp_path, "a.md", "Xã | huyện\n-\nHai đơn vị.".encode()).tables == ()


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("Chủ tịch UBND xã\nKhe Mây", "Chủ tịch UBND xã Khe Mây"),
        ("Nhà văn hóa xây năm\n2019 từ vốn của dân", "Nhà văn hóa xây năm 2019 từ vốn của dân"),
        ("Toán\nCô Mơ", "Toán; Cô Mơ"),
        ("Nguyễn Văn An\nTrần Thị Bình", "Nguyễn Văn An; Trần Thị Bình"),
        ("45\n30", "45; 30"),
    ],
)
def test_lines_of_a_cell_that_lead_on_are_one(cell: str, expected: str) -> None:
    assert one_line(cell) == expected
