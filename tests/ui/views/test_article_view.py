"""What a reader sees of an article: its tables as tables, where a passage stands, and what of the file was left out."""

from __future__ import annotations

import re
from datetime import datetime

from index.excerpt import passage_only
from index.ingest.document import Block, Document, Place, Removed, Table
from index.ingest.document_to_article import to_article
from index.schema import Article, Chunk, Hit
from rag.schema import Answer, Citation, Seconds, Statement
from ui.conversations.entries import Exchange
from ui.conversations.records import excerpt, from_json, to_json
from ui.strings import words_in
from ui.views.article import Highlight, article_page, passage_text, standing
from ui.views.sources import sources

ROWS = (("Xã", "Hộ nghèo", "Hộ cận nghèo"), ("Khe Mây", "45", "45"), ("Suối Đá", "30", ""))


def report() -> Article:
    """A sheet with a table from row 3 on, after a recognised page and with two lines left out."""
    blocks = (
        Block("paragraph", "Số hộ nghèo của huyện", place=Place(page=3), confidence=0.874),
        Block("table", table=Table(ROWS), place=Place(sheet="2020", row=3)),
        Block("paragraph", "Người lập: Vàng A Sử.", place=Place(sheet="2020", row=7)),
    )
    removed = (Removed("12", "page-number", Place(page=3)), Removed("Trang chủ", "boilerplate"))
    return to_article(Document(blocks, removed=removed), "a.xlsx", "a.xlsx")


def tables(html: str) -> list[list[list[str]]]:
    return [
        [re.findall(r"<t[hd]>(.*?)</t[hd]>", row) for row in re.findall(r"<tr>(.*?)</tr>", table)]
        for table in re.findall(r"<table>(.*?)</table>", html)
    ]


def test_tables_are_drawn_as_tables_between_the_paragraphs() -> None:
    page = article_page(report(), words_in("vi"))
    assert tables(page) == [[list(row) for row in ROWS]]
    assert page.count("<th>") == 3 and "Khe Mây | 45" not in page
    assert "<p>Người lập: Vàng A Sử.</p>" in page


def test_a_quoted_row_is_marked_in_each_of_its_cells() -> None:
    article = report()
    start = article.text.index("Khe Mây")
    spot = Highlight(start, start + len("Khe Mây | 45 | 45"), 1)
    shown = passage_text(article.text, [spot], title="", tables=article.tables)
    row = tables(shown)[0][1]
    assert [re.sub("<.*?>", "", cell) for cell in row] == [
        "Khe Mây",
        "45",
        "451",
    ]  # the mark's number ends it
    assert all(cell.startswith("<mark") for cell in row)


def test_pages_that_could_not_be_read_are_told_below_the_article() -> None:
    article = Article("a", "a.pdf", "Tờ trình", "Chữ.", problems=(("picture-of-text", Place(page=2)),))
    drawn = article_page(article, words_in("vi"))
    assert "a.pdf: Chữ trong ảnh chưa đọc được (trang 2)." in drawn
    assert "Phần còn lại của tệp đã đọc và lưu." in drawn


def test_what_was_left_out_opens_below_the_article() -> None:
    page = article_page(report(), words_in("vi"))
    assert "<summary>Đã lược 2 dòng không thuộc bài</summary>" in page
    assert "<li>12<small> (số trang, trang 3)</small></li>" in page
    assert "<li>Trang chủ<small> (phần thừa của trang web)</small></li>" in page


def test_page_sheet_and_row_are_told_and_how_sure_recognition_was() -> None:
    article = report()
    assert ">trang 3 · văn bản nhận dạng từ ảnh, độ chắc chắn 87%<" in standing(article, 0, words_in("vi"))
    assert ">trang tính 2020, dòng 5<" in standing(article, article.text.index("Suối Đá"), words_in("vi"))
    assert standing(Article("a", "a", "T", "x"), 0, words_in("vi")) == ""


def last_row(article: Article) -> Chunk:
    start = article.text.index("Suối Đá")
    return Chunk(article, 1, start, article.text.index("\n\nNgười"))


def answered(chunk: Chunk) -> Answer:
    hit = Hit(chunk, 0.8, 1, 0.9, 0.7)
    quote = Citation(1, hit, chunk.start, chunk.end, 0.95)
    return Answer(
        question="Suối Đá có mấy hộ nghèo?",
        standalone="Suối Đá có mấy hộ nghèo?",
        text="30 hộ [1].",
        refused=False,
        statements=(Statement(0, 10, (1,)),),
        citations=(quote,),
        passages=(hit,),
        seconds=Seconds(0.1, None, 2.0),
        llm="qwen",
        encoder="e5",
        prompt_tokens=1,
        output_tokens=1,
    )


def test_a_passage_cut_out_of_a_table_keeps_the_names_of_the_columns() -> None:
    chunk = last_row(report())
    cut = passage_only(chunk)
    assert cut.text == chunk.text == "Suối Đá | 30 |"
    assert cut.article.text == "Xã | Hộ nghèo | Hộ cận nghèo\nSuối Đá | 30 |"
    (table,) = cut.article.tables
    assert [[cut.article.text[start:end] for start, end in row] for row in table.rows] == [
        ["Xã", "Hộ nghèo", "Hộ cận nghèo"],
        ["Suối Đá", "30", ""],
    ]
    assert cut.article.mark_at(cut.start).place == Place(sheet="2020", row=5)
    assert passage_only(cut) == cut


def test_a_kept_answer_shows_its_row_under_the_header_with_its_place() -> None:
    kept = from_json(to_json(excerpt(answered(last_row(report())))))
    (citation,) = kept.citations
    assert citation.quote == "Suối Đá | 30 |"
    shown = sources(Exchange(1, datetime(2020, 10, 15), "hoidap", kept), words_in("vi"))
    head, row = tables(shown)[0]
    assert head == ["Xã", "Hộ nghèo", "Hộ cận nghèo"]
    assert [re.sub("<.*?>", "", cell) for cell in row] == ["Suối Đá", "30", ""]
    assert ">trang tính 2020, dòng 5<" in shown
