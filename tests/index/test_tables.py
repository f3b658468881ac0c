"""Rows of tables that can be understood alone: groups, lines typed into one row, sheets, numbers of columns."""

from __future__ import annotations

import pytest

from index.chunking import lexical_text
from index.excerpt import passage_only
from index.ingest.document import Block, Document, Place, Table
from index.ingest.document_to_article import to_article
from index.ingest.rows.grid import as_table
from index.schema import Article, Chunk
from index.store.database.structure import pack, unpack
from index.tables import in_words, row_in_words
from ui.strings import words_in
from ui.views.article import article_page

PRICES = (
    ("Hạng mục", "Đơn vị", "Giá"),
    ("I. Nước sinh hoạt", "I. Nước sinh hoạt", "I. Nước sinh hoạt"),
    ("Hộ dân", "đồng/m3", "6.500"),
    ("II", "Nước kinh doanh", ""),
    ("Hộ dân", "đồng/m3", "12.000"),
    ("Nhà hàng", "đồng/m3", "14.000"),
    ("Tổng cộng", "", "32.500"),
)


def article(*rows: tuple[str, ...]) -> Article:
    return to_article(Document((Block("table", table=as_table(rows)),)), "a", "a.docx")


def told(of: Article, table: int = 0) -> list[str]:
    rows = of.tables[table]
    return [row_in_words(of, rows, number) for number in range(rows.header_rows, len(rows.rows))]


def test_a_row_carries_the_name_of_its_group() -> None:
    made = article(*PRICES)
    assert told(made) == [
        "I. Nước sinh hoạt",
        "I. Nước sinh hoạt; Hạng mục: Hộ dân; Đơn vị: đồng/m3; Giá: 6.500",
        "II; Nước kinh doanh",
        "II; Nước kinh doanh; Hạng mục: Hộ dân; Đơn vị: đồng/m3; Giá: 12.000",
        "II; Nước kinh doanh; Hạng mục: Nhà hàng; Đơn vị: đồng/m3; Giá: 14.000",
        "Hạng mục: Tổng cộng; Giá: 32.500",
    ]
    assert made.text.split("\n")[1] == "I. Nước sinh hoạt"


def test_a_passage_within_a_group_is_found_and_cited_with_its_name() -> None:
    made = article(*PRICES)
    rows = made.tables[0].rows
    chunk = Chunk(made, 1, rows[4][0][0], rows[5][-1][1])
    assert in_words(chunk).text.startswith("II; Nước kinh doanh; Hạng mục: Hộ dân")
    above = "Hạng mục | Đơn vị | Giá\nII | Nước kinh doanh |"
    assert lexical_text(chunk).endswith(f"{above}\n{chunk.text}")
    cut = passage_only(chunk).article
    assert cut.text == f"{above}\nHộ dân | đồng/m3 | 12.000\nNhà hàng | đồng/m3 | 14.000"
    [table] = cut.tables
    cells = [[cut.text[start:end] for start, end in row] for row in table.rows]
    assert cells == [list(PRICES[number]) for number in (0, 3, 4, 5)]
    assert (table.header_rows, table.groups) == (1, (1,))


def test_a_group_is_drawn_once_over_all_columns_and_kept_in_the_store() -> None:
    made = article(*PRICES)
    assert '<th colspan="3">I. Nước sinh hoạt</th>' in article_page(made, words_in("vi"))
    assert unpack(pack(made))[0] == made.tables


@pytest.mark.parametrize(
    "row",
    [
        ("Bản Vàng", "", ""),  # nothing is known of it
        ("45", "45", "45"),
        ("I", "45", ""),
        ("Suối Đá", "chưa báo cáo", ""),
    ],
)
def test_a_row_with_little_in_it_names_no_group(row: tuple[str, ...]) -> None:
    made = article(("Xã", "Hộ nghèo", "Hộ cận nghèo"), row, ("Khe Mây", "45", "12"))
    assert made.tables[0].groups == ()
    assert told(made)[1] == "Xã: Khe Mây; Hộ nghèo: 45; Hộ cận nghèo: 12"


def test_rows_that_were_typed_into_one_are_taken_apart() -> None:
    made = article(
        ("Xã", "Hộ\nnghèo", "Ghi\nchú"), ("Khe Mây\nSuối Đá", "45\n30", ""), ("Bản Vàng", "7", "tạm\ntính")
    )
    assert told(made) == [
        "Xã: Khe Mây; Hộ nghèo: 45",
        "Xã: Suối Đá; Hộ nghèo: 30",
        "Xã: Bản Vàng; Hộ nghèo: 7; Ghi chú: tạm tính",
    ]


def test_lines_of_text_in_a_row_stay_together() -> None:
    made = article(
        ("Ngày", "Sáng", "Chiều"),
        ("Thứ hai\n28/6", "8 giờ: họp\n10 giờ: tiếp dân", "nghỉ\nbù"),
        ("Thứ ba", "học", "nghỉ"),
    )
    assert told(made)[0] == "Ngày: Thứ hai; 28/6; Sáng: 8 giờ: họp; 10 giờ: tiếp dân; Chiều: nghỉ bù"


def test_numbers_of_columns_are_no_names_but_quarters_are() -> None:
    numbered = article(("Xã", "Hộ nghèo", "Tỷ lệ"), ("(1)", "(2)", "(3)"), ("Khe Mây", "45", "4,5"))
    assert numbered.tables[0].header_rows == 2
    assert told(numbered) == ["Xã: Khe Mây; Hộ nghèo: 45; Tỷ lệ: 4,5"]
    quarters = Table((("Xã", "Quý", "Quý"), ("Xã", "1", "2"), ("Khe Mây", "45", "40")), header_rows=2)
    made = to_article(Document((Block("table", table=quarters),)), "a", "a.docx")
    assert told(made) == ["Xã: Khe Mây; Quý – 1: 45; Quý – 2: 40"]


def test_a_row_says_from_which_of_several_sheets_it_is() -> None:
    def sheet(name: str, number: str) -> Block:
        table = Table((("Xã", "Hộ nghèo"), ("Khe Mây", number)))
        return Block("table", table=table, place=Place(sheet=name, row=1))

    several = to_article(
        Document((sheet("2020", "45"), sheet("2021", "38"), sheet("Sheet3", "1"))), "a", "a.xlsx"
    )
    assert [told(several, number) for number in range(3)] == [
        ["2020; Xã: Khe Mây; Hộ nghèo: 45"],
        ["2021; Xã: Khe Mây; Hộ nghèo: 38"],
        ["Xã: Khe Mây; Hộ nghèo: 1"],
    ]
    alone = to_article(Document((sheet("2020", "45"),)), "a", "a.xlsx")
    assert told(alone) == ["Xã: Khe Mây; Hộ nghèo: 45"]
