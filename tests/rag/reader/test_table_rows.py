"""Rows of tables as evidence: the row that a question names comes first, and its words are one cell."""

from __future__ import annotations

import pytest

from index.ingest.document import Block, Document, Metadata, Table
from index.ingest.document_to_article import to_article
from index.schema import Chunk, Hit
from index.tables import row_in_words
from rag.proof.verify import cell_answer
from rag.reader.table_rows import cell_sentence, focus_on_named_cells
from rag.schema import Evidence

ROWS = (
    ("Bản", "Số hộ", "Hộ nghèo", "Hộ cận nghèo", "Năm 2023 – Nước sạch (hộ)", "Người phụ trách"),
    ("Co Phát", "52", "26", "11", "19", "Lò Văn Pản"),
    ("Bản Chắt", "61", "8", "26", "40", "Vàng Thị Sơ"),
    ("Pá Lay", "40", "8", "", "12", "Lò Văn Pản"),
)
ARTICLE = to_article(
    Document(
        (Block("table", table=Table(ROWS)), Block("paragraph", "Bản Chắt nghèo nhất.")),
        Metadata(title="Dân số các bản năm 2023"),
    ),
    "a",
    "a.docx",
)
[TABLE] = ARTICLE.tables
HIT = Hit(Chunk(ARTICLE, 0, 0, len(ARTICLE.text)), 0.5, 1, 0.7, 0.4)


def row(number: int, first: str, last: str = "", telling: float = 1.0) -> Evidence:
    """A row whose words were read from one cell to another."""
    text = row_in_words(ARTICLE, TABLE, number)
    cells = TABLE.rows[number]
    left, right = (ROWS[number].index(cell) for cell in (first, last or first))
    start, end = cells[left][0], cells[right][1]
    begin = text.index(first)
    return Evidence(
        HIT, cells[0][0], cells[-1][1], text, (begin, text.index(last or first) + len(last or first)),
        (start, end), 2.0, telling, 0.5,
    )  # fmt: skip


def words(question: str, one: Evidence) -> str:
    [found] = focus_on_named_cells(question, [one])
    assert ARTICLE.text[slice(*found.article_span)] == found.short_answer
    return found.short_answer


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Bản Co Phát có bao nhiêu hộ nghèo?", "26"),
        ("Bản Co Phát có bao nhiêu hộ cận nghèo?", "11"),
        ("ban co phat co bao nhieu ho can ngheo", "11"),
        ("Năm 2023 Co Phát có mấy hộ dùng nước sạch?", "19"),
        ("Người phụ trách bản Co Phát là ai?", "Lò Văn Pản"),
    ],
)
def test_the_words_stand_in_the_column_that_is_named(question: str, expected: str) -> None:
    assert words(question, row(1, "52")) == expected
    assert words(question, row(1, "52", "11")) == expected


def test_what_is_counted_tells_the_column_where_none_is_named() -> None:
    rows = (("Vụ", "Diện tích cấy máy (ha)", "Số hộ tham gia"), ("Xuân 2020", "75", "361"))
    article = to_article(Document((Block("table", table=Table(rows)),)), "a", "a.docx")
    [table] = article.tables
    cells = table.rows[1]
    hit = Hit(Chunk(article, 0, 0, len(article.text)), 0.5, 1, 0.7, 0.4)
    read = Evidence(
        hit, cells[0][0], cells[-1][1], row_in_words(article, table, 1), (0, 9), cells[1], 2, 1, 0.5
    )
    [found] = focus_on_named_cells("Vụ xuân 2020 có bao nhiêu hộ cho cấy máy?", [read])
    assert found.short_answer == "361"


def test_words_that_run_over_cells_become_one_and_others_stay_where_no_column_is_named() -> None:
    assert words("Co Phát thế nào?", row(1, "Co Phát", "26")) == "52"
    assert words("Co Phát thế nào?", row(1, "11")) == "11"
    # Both columns are named: the one that was read stays.
    assert words("Số hộ nghèo của Co Phát?", row(1, "26")) == "26"


def test_the_row_that_is_named_goes_before_the_others_of_its_table() -> None:
    question = "Bản Chắt có bao nhiêu hộ nghèo?"
    plain = Evidence(HIT, ARTICLE.text.index("Bản Chắt nghèo"), len(ARTICLE.text), "Bản Chắt nghèo nhất.",
                     (0, 8), (0, 8), 2.0, 1.5, 0.5)  # fmt: skip
    told = focus_on_named_cells(question, [row(1, "26"), row(2, "8"), row(3, "8"), plain])
    assert [one.supporting for one in told] == [-3.0, 1.0, -3.0, 1.5]
    assert told[1].short_answer == "8"


def test_no_row_is_held_back_where_the_question_names_none() -> None:
    for question in ("Bản nào có nhiều hộ nghèo nhất?", "Có bao nhiêu hộ nghèo?"):
        told = focus_on_named_cells(question, [row(1, "26"), row(2, "8"), row(3, "8")])
        assert [one.supporting for one in told] == [1.0, 1.0, 1.0]


def test_what_the_title_names_is_no_row() -> None:
    rows = (("Bản", "Số hộ"), ("Pá Chiềng Cuông", "97"), ("Cộng", "498"))
    article = to_article(
        Document((Block("table", table=Table(rows)),), Metadata(title="Xã Pá Chiềng năm 2023")), "a", "a.docx"
    )
    [table] = article.tables
    hit = Hit(Chunk(article, 0, 0, len(article.text)), 0.5, 1, 0.7, 0.4)
    read = [
        Evidence(
            hit,
            cells[0][0],
            cells[-1][1],
            row_in_words(article, table, number),
            (0, 0),
            cells[1],
            2.0,
            1.0,
            0.5,
        )
        for number, cells in enumerate(table.rows)
        if number
    ]
    asked = {
        question: [one.supporting for one in focus_on_named_cells(question, read)]
        for question in ("Xã Pá Chiềng có bao nhiêu hộ?", "Bản Pá Chiềng Cuông có bao nhiêu hộ?")
    }
    assert [*asked.values()] == [[1.0, 1.0], [1.0, -3.0]]


def test_several_rows_that_are_named_stay_equal() -> None:
    told = focus_on_named_cells(
        "So sánh hộ nghèo của Co Phát và Pá Lay", [row(1, "26"), row(2, "8"), row(3, "8")]
    )
    assert [one.supporting for one in told] == [1.0, -3.0, 1.0]


COMMUNES = (
    ("STT", "Xã", "Hộ nghèo", "Hộ cận nghèo", "Năm – 2020"),
    ("1", "Khe Mây", "45", "45", "7"),
    ("2", "Xã Đồi Chè", "10", "", "8"),
)


def cell_evidence(number: int, column: int, rows: tuple[tuple[str, ...], ...] = COMMUNES) -> Evidence:
    """A row of the communes as evidence, its words those of one column."""
    article = to_article(
        Document((Block("table", table=Table(rows)),), Metadata(title="Rà soát")), "a", "a.docx"
    )
    [table] = article.tables
    hit = Hit(Chunk(article, 0, 0, len(article.text)), 0.5, 1, 0.7, 0.4)
    cells = table.rows[number]
    told = row_in_words(article, table, number)
    return Evidence(hit, cells[0][0], cells[-1][1], told, (0, 0), cells[column], 2.0, 1.0, 0.5)


@pytest.mark.parametrize(
    ("question", "number", "column", "told"),
    [
        ("Xã Khe Mây có bao nhiêu hộ cận nghèo?", 1, 3, "Hộ cận nghèo của xã Khe Mây: 45"),
        ("Xã Đồi Chè có bao nhiêu hộ nghèo?", 2, 2, "Hộ nghèo của Xã Đồi Chè: 10"),
        ("Khe Mây có bao nhiêu hộ nghèo và hộ cận nghèo?", 1, 3, None),
        ("Xã nào có 45 hộ nghèo?", 1, 2, None),
        ("Xã Khe Mây ra sao?", 1, 2, None),
        ("Xã Khe Mây có bao nhiêu hộ cận nghèo?", 1, 2, None),
    ],
)
def test_the_cell_that_is_asked_for_is_told_in_one_line(
    question: str, number: int, column: int, told: str | None
) -> None:
    said = cell_sentence(question, cell_evidence(number, column))
    assert (said and said[0]) == told
    if said:
        assert said[0][said[1] :] == told.rpartition(": ")[2]


def test_the_group_of_a_row_goes_with_its_cell() -> None:
    rows = (
        ("Xã", "Hộ nghèo", "Hộ cận nghèo"),
        ("Khối vùng cao",) * 3,
        ("Khe Mây", "45", "12"),
        ("Suối Đá", "9", "8"),
    )
    said = cell_sentence("Xã Khe Mây có bao nhiêu hộ nghèo?", cell_evidence(2, 1, rows))
    assert said is not None and said[0] == "Hộ nghèo của xã Khe Mây (Khối vùng cao): 45"


def test_a_cell_as_an_answer_cites_its_row_and_is_the_short_answer() -> None:
    asked, row = "Xã Khe Mây có bao nhiêu hộ cận nghèo?", cell_evidence(1, 3)
    told = cell_answer(asked, row, 0.9)
    assert told is not None and told.short_span is not None
    assert told.text == "Hộ cận nghèo của xã Khe Mây: 45 [1]"
    assert told.text[slice(*told.short_span)] == "45"
    assert [(one.start, one.end, one.marks) for one in told.statements] == [(0, len(told.text), (1,))]
    (citation,) = told.citations
    assert (citation.mark, citation.score) == (1, 0.9)
    assert citation.quote == "1 | Khe Mây | 45 | 45 | 7"
    second = cell_answer(asked, row, 0.9, mark=2)
    assert second is not None and second.text.endswith(" [2]") and second.citations[0].mark == 2
    assert cell_answer("Xã Khe Mây ra sao?", row, 0.9) is None


def test_what_looks_like_a_mark_in_a_cell_is_none() -> None:
    rows = (("Xã", "Hộ nghèo"), ("Khe Mây", "45 [3]"))
    told = cell_answer("Xã Khe Mây có bao nhiêu hộ nghèo?", cell_evidence(1, 1, rows), 0.9)
    assert told is not None
    assert (told.text, told.short_span) == ("Hộ nghèo của xã Khe Mây: 45 (3) [1]", (25, 31))
