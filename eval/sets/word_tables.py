"""Writes the Word documents with tables that the questions of kind ``table`` are about.

``python -m eval.sets.word_tables`` writes them anew into ``eval/corpus``; the files in the repository are its output.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from docx import Document

from eval.files import CORPUS

WRITTEN = datetime(2024, 6, 3, 9, 0)
"""The date in the file's properties: fixed, so that writing it anew changes nothing that is read."""


@dataclass(frozen=True, slots=True)
class WordTable:
    """A document of a heading, paragraphs before and after, and one table whose first row names the columns."""

    name: str
    title: str
    before: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    after: tuple[str, ...]


DOCUMENTS = (
    WordTable(
        name="d28-kenh-tay-lich-tuoi-vu-he-thu-2024.docx",
        title="Lịch tưới vụ hè thu năm 2024 của Trạm Thủy nông Kênh Tây",
        before=(
            "Trạm Thủy nông Kênh Tây, huyện Quế Sa, ngày 03/6/2024",
            "Nước lấy theo lượt từ đầu kênh đến cuối kênh. Xã nào không lấy nước trong lượt của mình thì phải chờ "
            "lượt sau, trừ khi mất điện trạm bơm thì được lấy bù.",
        ),
        rows=(
            ("Xã", "Diện tích (ha)", "Lượt 1", "Lượt 2", "Trạm bơm", "Người phụ trách"),
            ("Lộc Điền", "412", "10/6 - 13/6", "1/7 - 4/7", "Cống Đá", "Mẫn Văn Khiêm"),
            ("Gia Cốc", "356", "14/6 - 16/6", "5/7 - 7/7", "Vạc", "Đàm Thị Yên"),
            ("Kẻ Tràng", "508", "17/6 - 21/6", "8/7 - 12/7", "Tràng Trong", "Nghê Văn Sỹ"),
            ("Vân Tảo", "287", "22/6 - 24/6", "13/7 - 15/7", "Vân Tảo", "Mẫn Văn Khiêm"),
            ("Thị trấn Quế", "94", "25/6", "16/7", "Vân Tảo", "Âu Thị Mến"),
        ),
        after=(
            "Lượt 3 chỉ mở nếu đến 20/7 không có mưa quá 30 mm. Thủy lợi phí nội đồng do hợp tác xã thu, không quá "
            "9.000 đồng một sào mỗi vụ.",
        ),
    ),
    WordTable(
        name="d29-ben-lo-ket-qua-kham-suc-khoe-2023.docx",
        title="Công ty TNHH May Bến Lở: kết quả khám sức khỏe định kỳ năm 2023",
        before=(
            "Phòng Nhân sự, ngày 27/11/2023",
            "Đoàn khám của Trung tâm Y tế huyện Tam Trung khám tại xưởng trong bốn ngày, từ 6 đến 9/11/2023. "
            "Loại I là khỏe nhất, loại V là rất yếu.",
        ),
        rows=(
            ("Bộ phận", "Số người khám", "Loại I", "Loại II", "Loại III", "Loại IV và V", "Vắng mặt"),
            ("Chuyền may", "842", "391", "338", "98", "15", "37"),
            ("Là và tẩy", "96", "22", "41", "24", "9", "4"),
            ("Kho, đóng gói", "118", "54", "47", "15", "2", "11"),
            ("Cắt", "73", "30", "30", "11", "2", "3"),
            ("Văn phòng", "88", "49", "31", "7", "1", "12"),
        ),
        after=(
            "Bộ phận là và tẩy có tỷ lệ bệnh hô hấp cao nhất, 31%. Từ tháng 1/2024, công ty thay quạt hút ở xưởng tẩy "
            "và cho bộ phận này khám 6 tháng một lần thay vì 12 tháng.",
        ),
    ),
)


def write(table: WordTable, folder: Path) -> Path:
    """Write one document, every cell its own."""
    document = Document()
    document.core_properties.created = document.core_properties.modified = WRITTEN
    document.core_properties.author = ""
    document.add_heading(table.title, level=1)
    for text in table.before:
        document.add_paragraph(text)
    grid = document.add_table(rows=0, cols=len(table.rows[0]))
    grid.style = "Table Grid"
    for row in table.rows:
        for cell, text in zip(grid.add_row().cells, row, strict=True):
            cell.text = text
    for text in table.after:
        document.add_paragraph(text)
    path = folder / table.name
    document.save(str(path))
    return path


def main() -> int:
    """Write all of them."""
    for table in DOCUMENTS:
        sys.stdout.write(f"{write(table, CORPUS)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
