"""Workbooks: tables with their sheet and rows, values as they are shown in Vietnam, hidden sheets apart."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest

from index.errors import ArticleError
from index.ingest.document import Document, Place
from index.ingest.document_to_article import to_article
from index.ingest.limits import Limits
from index.ingest.office.sheets import read_sheets
from index.ingest.rows.cell_values import shown

Values = list[list[object]]


def workbook(path: Path, rows: Values, merged: str = "", title: str = "2020") -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for area in merged.split():
        sheet.merge_cells(area)
    book.save(path)
    return path


def grids(document: Document) -> list[list[tuple[str, ...]]]:
    return [list(block.table.rows) for block in document.blocks if block.table is not None]


def test_a_table_with_title_merged_names_and_equal_and_empty_cells(tmp_path: Path) -> None:
    rows: Values = [
        ["BÁO CÁO HỘ NGHÈO"], [], ["Xã", "Số hộ", None, "Ngày"], [None, "Nghèo", "Cận nghèo", None],
        ["Khe Mây", 45, 45, date(2020, 3, 5)], ["Suối Đá", None, 1250.5, None], ["Người lập: Vàng A Sử"],
    ]  # fmt: skip
    document = read_sheets(workbook(tmp_path / "a.xlsx", rows, "A1:D1 A3:A4 B3:C3 D3:D4"))
    assert grids(document) == [
        [
            ("Xã", "Số hộ", "Số hộ", "Ngày"),
            ("Xã", "Nghèo", "Cận nghèo", "Ngày"),
            ("Khe Mây", "45", "45", "05/03/2020"),
            ("Suối Đá", "", "1250,5", ""),
        ]
    ]
    assert [(block.text, block.place) for block in document.blocks] == [
        ("BÁO CÁO HỘ NGHÈO", Place(sheet="2020", row=1)),
        ("", Place(sheet="2020", row=3)),
        ("Người lập: Vàng A Sử", Place(sheet="2020", row=7)),
    ]
    assert document.blocks[1].table is not None
    assert document.blocks[1].table.header_rows == 2


def test_the_title_of_a_table_has_not_signed_it(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["BẢNG LƯƠNG"], [], ["Họ tên", "Lương"], ["Vừ A Páo", "9.500.000"]])
    article = to_article(read_sheets(path, Limits()), "a.xlsx", "a.xlsx")
    assert (article.title, article.author) == ("BẢNG LƯƠNG", None)


def test_two_tables_of_a_sheet_are_two_and_a_table_with_an_empty_row_is_one(tmp_path: Path) -> None:
    rows: Values = [["Xã", "Hộ"], ["Khe Mây", 45], [], ["Suối Đá", 30], [], ["Thôn", "Bò"], ["Lũng", 7]]
    document = read_sheets(workbook(tmp_path / "a.xlsx", rows))
    assert grids(document) == [
        [("Xã", "Hộ"), ("Khe Mây", "45"), ("", ""), ("Suối Đá", "30")],
        [("Thôn", "Bò"), ("Lũng", "7")],
    ]
    assert [block.place.row for block in document.blocks] == [1, 6]


def test_the_article_knows_the_sheet_and_row_of_each_line(tmp_path: Path) -> None:
    rows: Values = [["Danh sách"], [], ["Xã", "Hộ"], ["Khe Mây", 45], [], ["Suối Đá", 30]]
    article = to_article(read_sheets(workbook(tmp_path / "a.xlsx", rows)), "a", "a.xlsx")
    at = article.text.index("Suối Đá")
    mark = [mark for mark in article.marks if mark.start <= at][-1]
    assert mark.place == Place(sheet="2020", row=6)


def test_several_sheets_are_headed_by_their_names_and_the_title_is_that_of_the_first(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["HỘ NGHÈO HUYỆN YÊN HẠ"], ["Xã", "Hộ"], ["Khe Mây", 45]])
    book = openpyxl.load_workbook(path)
    second = book.create_sheet("2021")
    for row in (["Xã", "Hộ"], ["Khe Mây", 38]):
        second.append(row)
    book.create_sheet("Trống")
    book.save(path)
    article = to_article(read_sheets(path), "a", "a.xlsx")
    assert article.text.split("\n\n") == [
        "2020", "HỘ NGHÈO HUYỆN YÊN HẠ", "Xã | Hộ\nKhe Mây | 45", "2021", "Xã | Hộ\nKhe Mây | 38",
    ]  # fmt: skip
    assert article.title == "HỘ NGHÈO HUYỆN YÊN HẠ"
    assert article.mark_at(article.text.index("38")).place == Place(sheet="2021", row=2)


def test_a_hidden_sheet_is_kept_apart_and_formulas_without_a_value_are_told(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["Xã", "Hộ"], ["Khe Mây", 45], ["Tổng", "=SUM(B2:B2)"]])
    book = openpyxl.load_workbook(path)
    hidden = book.create_sheet("nháp")
    hidden.append(["x", 1])
    hidden.sheet_state = "hidden"
    book.save(path)
    document = read_sheets(path)
    assert [(item.text, item.reason, item.place.sheet) for item in document.removed] == [
        ("x | 1", "hidden", "nháp")
    ]
    assert document.problems == (("formula-not-computed", Place(sheet="2020", row=3)),)


@pytest.mark.parametrize(
    ("value", "number_format", "expected"),
    [
        (1250, "General", "1250"), (1250, "#,##0", "1.250"), (1250.5, "#,##0.0", "1.250,5"), (0.125, "0.0%", "12,5%"),
        (3.772, "General", "3,772"), (45.0, "General", "45"), (420, '#,##0 "triệu đồng"', "420 triệu đồng"),
        (7, "000", "007"), (0.4, "0", "0,4"), (-1250, "#,##0", "-1.250"), (1e-7, "General", "1e-07"),
        (datetime(2020, 3, 5, 8, 30), "d/m/yyyy", "05/03/2020 08:30"), (date(2020, 3, 5), "d/m", "05/03/2020"),
        (datetime(2021, 3, 1), "mm/yyyy", "03/2021"), (date(2021, 3, 1), "yyyy", "2021"), (5, "#,##0 [$₫-42A]", "5 ₫"),
        (time(7, 5), "h:mm", "07:05"), (True, "General", "Đúng"), ("a\r\nb", "General", "a\nb"), ("#N/A", "0", "#N/A"),
    ],
)  # fmt: skip
def test_values_are_written_as_in_vietnam(value: object, number_format: str, expected: str) -> None:
    assert shown(value, number_format) == expected


def test_an_endless_sheet_is_read_up_to_the_limit_and_told(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [[f"Thôn {number}", number] for number in range(500)])
    document = read_sheets(path, Limits(cells=100))
    assert 40 < len(grids(document)[0]) < 60
    assert document.problems == (("too-long", Place(sheet="2020")),)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 cut", b"not a zip"])
def test_a_damaged_workbook_is_an_error_with_a_remedy(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.xlsx").write_bytes(data)
    with pytest.raises(ArticleError, match=r"save it as \.xlsx again"):
        read_sheets(tmp_path / "a.xlsx")


def test_a_workbook_that_explodes_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["a" * 30_000] for _ in range(60)])
    with pytest.raises(ArticleError, match="split it"):
        read_sheets(path, Limits(unpacked_bytes=10_000))


def test_rows_and_columns_that_are_hidden_are_kept_apart_but_not_those_that_a_filter_hides(
    tmp_path: Path,
) -> None:
    rows: Values = [
        ["Xã", "Hộ", "Nháp", "Bò"],
        ["Khe Mây", 45, 999, 7],
        ["Cũ", 1, 2, 3],
        ["Suối Đá", 30, None, 9],
    ]
    path = workbook(tmp_path / "a.xlsx", rows)
    book = openpyxl.load_workbook(path)
    sheet = book["2020"]
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["C"].hidden = True
    book.save(path)
    document = read_sheets(path)
    article = to_article(document, "a", "a.xlsx")
    assert article.text == "Xã | Hộ | Bò\nKhe Mây | 45 | 7\nSuối Đá | 30 | 9"
    assert article.mark_at(article.text.index("Suối")).place == Place(sheet="2020", row=4)
    assert [(item.text, item.place.row) for item in document.removed] == [
        ("Nháp", 1), ("999", 2), ("Cũ | 1 | 2 | 3", 3),
    ]  # fmt: skip
    sheet.auto_filter.ref = "A1:D4"
    sheet.auto_filter.add_filter_column(0, ["Khe Mây", "Suối Đá"])
    book.save(path)
    assert "Cũ | 1 | 3" in to_article(read_sheets(path), "a", "a.xlsx").text


def test_tables_side_by_side_are_two(tmp_path: Path) -> None:
    rows: Values = [["Xã", "Thu", None, "Thôn", "Bò"], ["Khe Mây", 10, None, "Lũng", 7], ["Suối Đá", 12, None, "Nà", 9],
                    ["Bản Vàng", 14]]  # fmt: skip
    assert grids(read_sheets(workbook(tmp_path / "a.xlsx", rows))) == [
        [("Xã", "Thu"), ("Khe Mây", "10"), ("Suối Đá", "12"), ("Bản Vàng", "14")],
        [("Thôn", "Bò"), ("Lũng", "7"), ("Nà", "9")],
    ]


def test_an_empty_column_within_a_table_parts_nothing(tmp_path: Path) -> None:
    rows: Values = [["Xã", "2019", "2020", None, "Tăng", "Giảm"], ["Khe Mây", 10, 11, None, 1, 0]]
    assert grids(read_sheets(workbook(tmp_path / "a.xlsx", rows))) == [
        [("Xã", "2019", "2020", "Tăng", "Giảm"), ("Khe Mây", "10", "11", "1", "0")]
    ]


def test_a_letterhead_and_who_signs_are_no_rows_and_the_title_stands_between(tmp_path: Path) -> None:
    rows: Values = [["UBND HUYỆN YÊN HẠ", None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"], [],
                    ["BIỂU TỔNG HỢP HỘ NGHÈO"], [], ["TT", "Xã", "Số hộ", "Hộ nghèo"], [1, "Khe Mây", 441, 145],
                    [None, "Tổng", 441, 145], [None, None, None, "Yên Hạ, ngày 05 tháng 3 năm 2021"],
                    [None, "NGƯỜI LẬP BIỂU", None, "TRƯỞNG PHÒNG"],
                    [None, "Hoàng Văn Tài", None, "Lò Thị Pha"]]  # fmt: skip
    path = workbook(tmp_path / "a.xlsx", rows, "A1:B1 C1:D1 A3:D3")
    document = read_sheets(path)
    assert grids(document)[-1] == [
        ("TT", "Xã", "Số hộ", "Hộ nghèo"), ("1", "Khe Mây", "441", "145"), ("", "Tổng", "441", "145"),
    ]  # fmt: skip
    article = to_article(document, "a", "a.xlsx")
    assert (article.title, article.date, article.place) == (
        "BIỂU TỔNG HỢP HỘ NGHÈO", date(2021, 3, 5), "huyện Yên Hạ",
    )  # fmt: skip
    assert len(article.tables) == 1
    assert article.text.split("\n\n")[-5:] == [
        "NGƯỜI LẬP BIỂU", "Hoàng Văn Tài", "Yên Hạ, ngày 05 tháng 3 năm 2021", "TRƯỞNG PHÒNG", "Lò Thị Pha",
    ]  # fmt: skip


def test_a_list_of_office_holders_is_not_signed(tmp_path: Path) -> None:
    rows: Values = [
        ["Chức vụ", "Họ tên", "Tuổi"],
        ["Chủ tịch", "Lò Văn Tịnh", None],
        ["Giám đốc", "Lý Mơ", None],
    ]
    assert [len(grid) for grid in grids(read_sheets(workbook(tmp_path / "a.xlsx", rows)))] == [3]


def test_a_last_row_of_equal_values_is_a_row(tmp_path: Path) -> None:
    rows: Values = [["Tháng", "Số ca"], [11, 9], [12, 12]]
    assert grids(read_sheets(workbook(tmp_path / "a.xlsx", rows))) == [
        [("Tháng", "Số ca"), ("11", "9"), ("12", "12")]
    ]


def test_a_cell_far_away_costs_no_columns_between(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["Xã", "Hộ"], *([f"Xã {number}", number] for number in range(300))])
    book = openpyxl.load_workbook(path)
    book["2020"].cell(1, 1900, "Ghi chú")
    book.save(path)
    (grid,) = grids(read_sheets(path))
    assert (len(grid), len(grid[0])) == (301, 3)


def test_a_value_in_the_last_column_that_a_sheet_has_is_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["XFD1"], sheet["A2"], sheet["XFD2"] = "Xã", "Hộ nghèo", "Khe Mây", 45
    book.save(tmp_path / "a.xlsx")
    document = read_sheets(tmp_path / "a.xlsx")
    assert grids(document) == [[("Xã", "Hộ nghèo"), ("Khe Mây", "45")]]
    assert document.problems == ()


def test_a_title_merged_over_a_part_of_the_width_is_no_name_of_columns(tmp_path: Path) -> None:
    rows: Values = [
        [None, None, "BIỂU TỔNG HỢP DÂN SỐ NĂM 2022"], [None, None, None, None, "Đơn vị tính: người"],
        ["STT", "Xã", "Dân số", None, "Ghi chú"], [None, None, "Tổng", "Trong đó: nữ", None],
        [1, "Khe Mây", 2422, 1207, None], [2, "Suối Đá", 1773, 871, "Sơ bộ"],
    ]  # fmt: skip
    document = read_sheets(workbook(tmp_path / "a.xlsx", rows, "C1:E1"))
    assert [block.text for block in document.blocks] == [
        "BIỂU TỔNG HỢP DÂN SỐ NĂM 2022",
        "Đơn vị tính: người",
        "",
    ]
    table = document.blocks[2].table
    assert table is not None
    assert table.rows[:2] == (
        ("STT", "Xã", "Dân số", "Dân số", "Ghi chú"), ("STT", "Xã", "Tổng", "Trong đó: nữ", "Ghi chú"),
    )  # fmt: skip
    assert table.header_rows == 2


def test_a_merged_name_over_some_columns_stays_a_name(tmp_path: Path) -> None:
    rows: Values = [
        [None, "Số hộ được vay vốn năm 2022", None],
        ["Xã", "Nghèo", "Cận nghèo"],
        ["Khe Mây", 45, 30],
    ]
    document = read_sheets(workbook(tmp_path / "a.xlsx", rows, "B1:C1"))
    assert [block.table.header_rows for block in document.blocks if block.table is not None] == [2]
