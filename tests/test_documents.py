"""The text of PDF and Word files."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pypdf
import pytest
from pdf_maker import make_pdf

from index.documents import read_docx, read_pdf
from index.errors import ArticleError
from index.ingest.assemble import to_article
from index.ingest.document import DEFAULT_LIMITS, Document, Limits

PAGES = [
    [
        "UBND HUYỆN BA SEN",
        "Báo cáo kết quả trồng rừng năm 2020",
        "Từ đầu năm đến nay, toàn huyện đã trồng được 3.772 ha rừng tập trung, đạt 125,7% kế",
        "hoạch. Trong đó diện tích rừng gỗ lớn là 813 ha. Xã Tân Sen và xã Đồn Sen dẫn đầu.",
        "Các xã còn lại tiếp tục chuẩn bị hiện trường, làm đất và nhận cây giống từ vườn ươm,",
        "1",
    ],
    [
        "UBND HUYỆN BA SEN",
        "phấn đấu trồng xong trước ngày 30/11.",
        "Người báo cáo: Nguyễn Văn An",
        "2",
    ],
    ["UBND HUYỆN BA SEN", "Phụ lục", "3"],
]


def text_of(document: Document) -> str:
    return to_article(document, "a", "a").text


def test_pdf_lines_become_paragraphs_without_running_heads(tmp_path: Path) -> None:
    path = make_pdf(tmp_path / "bao-cao.pdf", PAGES)
    assert text_of(read_pdf(path, DEFAULT_LIMITS)).split("\n\n") == [
        "Báo cáo kết quả trồng rừng năm 2020",
        "Từ đầu năm đến nay, toàn huyện đã trồng được 3.772 ha rừng tập trung, đạt 125,7% kế hoạch. "
        "Trong đó diện tích rừng gỗ lớn là 813 ha. Xã Tân Sen và xã Đồn Sen dẫn đầu. "
        "Các xã còn lại tiếp tục chuẩn bị hiện trường, làm đất và nhận cây giống từ vườn ươm, "
        "phấn đấu trồng xong trước ngày 30/11.",
        "Người báo cáo: Nguyễn Văn An",
        "Phụ lục",
    ]


def test_a_pdf_of_pictures_asks_for_text_recognition(tmp_path: Path) -> None:
    with pytest.raises(ArticleError, match="OCR"):
        read_pdf(make_pdf(tmp_path / "anh.pdf", [[]]), DEFAULT_LIMITS)


def test_a_locked_pdf_asks_for_an_unlocked_copy(tmp_path: Path) -> None:
    writer = pypdf.PdfWriter(clone_from=make_pdf(tmp_path / "mo.pdf", PAGES))
    writer.encrypt("mật khẩu", algorithm="RC4-128")
    with (tmp_path / "khoa.pdf").open("wb") as file:
        writer.write(file)
    with pytest.raises(ArticleError, match="password"):
        read_pdf(tmp_path / "khoa.pdf", DEFAULT_LIMITS)


@pytest.mark.parametrize("cut", [0, 10, 200, 900, -30])
def test_a_damaged_pdf_is_an_article_error_or_what_is_left(tmp_path: Path, cut: int) -> None:
    whole = make_pdf(tmp_path / "a.pdf", PAGES).read_bytes()
    (tmp_path / "b.pdf").write_bytes(whole[:cut])
    try:
        read_pdf(tmp_path / "b.pdf", DEFAULT_LIMITS)
    except ArticleError as error:
        assert ";" in str(error)  # what happened; the remedy


def test_docx_paragraphs_lists_and_tables_in_order(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("Kết quả trồng rừng", 0)
    document.add_paragraph("Toàn huyện trồng 3.772 ha.")
    table = document.add_table(2, 2)
    for cell, text in zip(table._cells, ["Xã", "Diện tích", "Tân Sen", "813 ha"], strict=True):
        cell.text = text
    document.add_paragraph("Phát dọn thực bì", style="List Bullet")
    document.add_paragraph("")
    document.add_paragraph("Thanh Vân")
    path = tmp_path / "a.docx"
    document.save(str(path))
    assert text_of(read_docx(path, DEFAULT_LIMITS)) == (
        "Kết quả trồng rừng\n\nToàn huyện trồng 3.772 ha.\n\n"
        "Xã | Diện tích\nTân Sen | 813 ha\n\n- Phát dọn thực bì\n\nThanh Vân"
    )


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 cut", b"not a zip at all"])
def test_a_damaged_docx_is_an_article_error(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.docx").write_bytes(data)
    with pytest.raises(ArticleError, match=r"save it as \.docx again"):
        read_docx(tmp_path / "a.docx", DEFAULT_LIMITS)


def test_a_zip_that_is_no_word_file_and_one_that_explodes(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("word/document.xml", b" " * 3_000_000)
    (tmp_path / "a.docx").write_bytes(packed.getvalue())
    with pytest.raises(ArticleError, match=r"save it as \.docx again"):
        read_docx(tmp_path / "a.docx", DEFAULT_LIMITS)
    with pytest.raises(ArticleError, match="unpacks to 3 MB"):
        read_docx(tmp_path / "a.docx", Limits(unpacked_bytes=2_000_000))
