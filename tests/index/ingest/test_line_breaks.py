"""Which ends of lines are no ends of what is told."""

from __future__ import annotations

import pytest

from index.ingest.line_breaks import leads_on


@pytest.mark.parametrize(
    ("before", "line"),
    [
        ("Chủ tịch UBND huyện", "Yên Hạ"),
        ("xã", "Khe Mây"),
        ("Xã", "Khe Mây"),
        ("Công ty", "Hòa Bình"),
        ("theo lời ông", "Lò Văn Pành"),
        ("quy hoạch của", "tỉnh"),
        ("từ ngày", "12/5"),
        ("Số", "412/QĐ-UBND"),
        ("dân tộc Thái ở bản", "Nà Lốc"),
        ("gồm chè, quế,", "Mắc ca"),
    ],
)
def test_a_line_that_leads_on_is_joined(before: str, line: str) -> None:
    assert leads_on(before, line)


@pytest.mark.parametrize(
    ("before", "line"),
    [
        ("Nguyễn Tuấn Anh", "Lê Văn Bình"),
        ("Trần Văn Năm", "Lê Văn Tư"),
        ("Tiếng Anh", "Toán"),
        ("Văn bản", "Số hiệu"),
        ("Ngày", "Giờ"),
        ("Mã số", "Họ tên"),
        ("Số", "Họ và tên"),
        ("Lê Thị Bà", "Hoàng Văn Em"),
        ("45 hộ", "Khe Mây"),
    ],
)
def test_two_names_or_columns_stay_two(before: str, line: str) -> None:
    assert not leads_on(before, line)
