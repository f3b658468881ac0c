"""Cells with spans as a grid, and which rows are the header."""

from __future__ import annotations

import pytest

from index.ingest.rows.grid import (
    Cell,
    header_rows,
    make_grid,
    split_title,
    with_names_filled,
    without_empty,
)

Rows = list[tuple[str, ...]]


def test_a_cell_stands_in_every_place_that_it_covers() -> None:
    cells = [
        Cell(0, 0, "Xã", rows=2),
        Cell(0, 1, "Số hộ", columns=2),
        Cell(1, 1, "nghèo"),
        Cell(1, 2, "cận nghèo"),
    ]
    assert make_grid(cells) == (("Xã", "Số hộ", "Số hộ"), ("Xã", "nghèo", "cận nghèo"))


def test_a_place_without_a_cell_is_empty_and_wholly_empty_rows_and_columns_go() -> None:
    grid = make_grid([Cell(0, 0, "a"), Cell(2, 2, "b")])
    assert grid == (("a", "", ""), ("", "", ""), ("", "", "b"))
    assert without_empty(grid) == (("a", ""), ("", "b"))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("Xã", "Hộ nghèo"), ("Khe Mây", "45")], 1),
        ([("Xã", "2019", "2020"), ("Khe Mây", "45", "30"), ("Suối Đá", "12", "9")], 1),
        ([("Tổ", "Họ và tên", "Chức vụ"), ("", "Lý Thị Mơ", "Trưởng ban"), ("", "Vàng A Sử", "")], 1),
        ([("TT", "Họ và tên", "Chức vụ"), ("1", "Lý Thị Mơ", "Trưởng ban")], 1),
        ([("Họ và tên", "Vàng Thị Sơ"), ("Quê quán", "xã Khe Mây")], 0),
        ([("Khe Mây", "45", "12"), ("Suối Đá", "30", "8")], 0),
        ([("Xã", "Số hộ", "Số hộ"), ("Xã", "nghèo", "cận nghèo"), ("Khe Mây", "45", "132")], 2),
        ([("Xã", "Số hộ", "Ghi chú"), ("(1)", "(2)", "(3)"), ("Khe Mây", "45", "")], 2),
        ([("TT", "Xã", "Số hộ", "Tăng"), ("A", "B", "1", "2=1-0"), ("1", "Khe Mây", "45", "3")], 2),
        ([("Xã", "Năm 2020", "Năm 2020"), ("Xã", "Nam", "Nữ"), ("Khe Mây", "45", "45")], 2),
        ([("Xã", "Nam", "Nữ"), ("Khe Mây", "45", "45"), ("Suối Đá", "30", "8")], 1),
        ([("", "2019", "2020"), ("Khe Mây", "45", "30"), ("Suối Đá", "12", "9")], 1),
        ([("", "", "Cả nước", ""), ("Năm", "Lớp 9–12", "9–12", "Khác"), ("2019", "45", "30", "1")], 2),
        ([("", "Đồng bào", "Kinh"), ("Năm", "dân tộc", ""), ("Thực tế", "", ""), ("2019", "45", "30")], 2),
        ([("Năm", "Tổng", "PK", "1", "2", "3"), ("2019", "451", "30", "7", "8", "9"), ("2020", "4", "3", "7", "8", "9"),
          ], 1),
        ([("Xã", "Hộ nghèo", "Hộ cận"), ("Vàng", "chưa có", "chưa có"), ("Khe Mây", "45", "1"), ("Lũng", "4", "1")], 1),
        ([("Loại", "Giá"), ("Sinh hoạt", "6.500 đồng"), ("Kinh doanh", "12.000 đồng")], 1),
        ([("Thôn", "Giờ"), ("Lũng Cao", "7h30"), ("Nà Pục", "9h00")], 1),
        ([("Khe Mây", "45 hộ"), ("Suối Đá", "30 hộ")], 0),
        ([("Tên xã", "Khe Mây"), ("Số hộ", "441"), ("Số khẩu", "1.980")], 0),
        ([("Tên công trình", "Trạm bơm"), ("Mức đầu tư", "3,4 tỷ đồng"), ("Thời gian", "180 ngày")], 0),
        ([("Tên xã", "Số hộ"), ("Khe Mây", "441"), ("Suối Đá", "466")], 1),
        ([("một dòng",)], 0),
        ([], 0),
    ],
)  # fmt: skip
def test_header_rows(rows: Rows, expected: int) -> None:
    assert header_rows(rows) == expected


def test_rows_that_the_format_marks_are_the_header_and_a_merged_name_unfolds_below_them() -> None:
    rows = [("Họ và tên", "Quê quán"), ("Vàng Thị Sơ", "Khe Mây")]
    assert header_rows(rows, marked=1) == 1
    assert header_rows([("Số hộ", "Số hộ"), ("nghèo", "cận nghèo"), ("45", "12")], marked=1) == 2


def test_a_first_row_over_the_whole_width_is_the_title() -> None:
    title, rows = split_title([("Biểu 2", "Biểu 2"), ("Xã", "Hộ nghèo"), ("Khe Mây", "45")])
    assert title == ["Biểu 2"]
    assert rows == [("Xã", "Hộ nghèo"), ("Khe Mây", "45")]


def test_a_name_over_several_columns_that_was_not_merged_stands_over_each_of_them() -> None:
    rows = [
        ("Xã", "2019", "", "2020", ""),
        ("", "Nghèo", "Cận", "Nghèo", "Cận"),
        ("Khe Mây", "45", "132", "40", "9"),
    ]
    filled = with_names_filled(rows)
    assert filled[:2] == [("Xã", "2019", "2019", "2020", "2020"), ("Xã", "Nghèo", "Cận", "Nghèo", "Cận")]
    assert header_rows(filled) == 2


@pytest.mark.parametrize(
    "rows",
    [
        [("Xã", "Hộ", ""), ("Khe Mây", "45", "a"), ("Suối Đá", "30", "")],
        [("Xã", "Hộ", ""), ("", "45", "9"), ("Suối Đá", "30", "")],
        [("Xã", "Hộ"), ("", "45"), ("Suối Đá", "30")],
    ],
)
def test_an_empty_cell_of_a_row_that_is_no_such_header_stays_empty(rows: Rows) -> None:
    assert with_names_filled(rows) == rows
