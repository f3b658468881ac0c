"""The text of PDF files."""

from __future__ import annotations

from pathlib import Path

import pypdf
import pytest
from pdf_maker import make_pdf

from index.documents import read_pdf
from index.errors import ArticleError
from index.ingest.assemble import to_article
from index.ingest.document import Document
from index.ingest.limits import DEFAULT_LIMITS

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
