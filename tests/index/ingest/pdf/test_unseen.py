"""What a PDF page shows no more: text with a line through it, and white text on white paper."""

from __future__ import annotations

from pathlib import Path

import pypdf
from page_maker import HEIGHT, canvas, draw_grid, draw_lines
from pypdf.generic import ArrayObject, FloatObject, NameObject
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from index.ingest.document import Document, Place
from index.ingest.pdf.read_pdf import read_pdf

LINE = "Mức thu cũ 300.000 đồng nay là 400.000 đồng."
SIZE = 11


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks if block.table is None]


def removed(document: Document) -> list[tuple[str, str]]:
    return [(item.text, item.reason) for item in document.removed]


def across(before: str, text: str, x: float = 60) -> tuple[float, float]:
    """Where in a line a text stands after another."""
    begin = x + stringWidth(before, "Noto", SIZE)
    return begin, begin + stringWidth(text, "Noto", SIZE)


def draw_line_over(made: Canvas, before: str, text: str, base: float, thickness: float = 0.8) -> None:
    begin, end = across(before, text)
    made.setLineWidth(thickness)
    made.line(begin, base, end, base)


def test_a_line_through_words_takes_them_out_and_one_under_them_does_not(tmp_path: Path) -> None:
    made = canvas(tmp_path / "a.pdf")
    draw_lines(made, [LINE, "Cả xã có 5 hộ, rồi 6 hộ.", "Ông Đạt ký."])
    base = HEIGHT - 100
    draw_line_over(made, "Mức thu cũ ", "300.000 đồng", base + 0.27 * SIZE)
    draw_line_over(made, "Mức thu cũ 300.000 đồng nay là ", "400.000 đồng", base - 0.1 * SIZE)
    draw_line_over(made, "Cả xã có ", "5", base - 16 + 0.3 * SIZE)
    draw_line_over(
        made, "Ông ", "Đ", base - 32 + 0.3 * SIZE
    )  # some fonts have no Đ, and programs draw its stroke
    made.save()
    document = read_pdf(tmp_path / "a.pdf")
    assert texts(document) == ["Mức thu cũ nay là 400.000 đồng.", "Cả xã có hộ, rồi 6 hộ.", "Ông Đạt ký."]
    assert removed(document) == [("300.000 đồng", "struck-out"), ("5", "struck-out")]
    assert {item.place for item in document.removed} == {Place(page=1)}


def test_a_struck_cell_loses_the_old_number_only_and_the_lines_of_the_table_stay(tmp_path: Path) -> None:
    made = canvas(tmp_path / "a.pdf")
    draw_grid(made, [["Xã", "Hộ nghèo"], ["Khe Mây", "45 30"], ["Suối Đá", "1.250"]], height=14)
    cell, base = 60 + 110 + 3, HEIGHT - 100 - 14 - 10
    made.rect(cell, base + 2.6, stringWidth("45", "Noto", 10), 0.6, stroke=0, fill=1)
    made.save()
    document = read_pdf(tmp_path / "a.pdf")
    assert [block.table.rows for block in document.blocks if block.table is not None] == [
        (("Xã", "Hộ nghèo"), ("Khe Mây", "30"), ("Suối Đá", "1.250"))
    ]
    assert removed(document) == [("45", "struck-out")]


def test_what_a_reviewer_strikes_with_the_pen_of_a_viewer_is_struck(tmp_path: Path) -> None:
    made = canvas(tmp_path / "a.pdf")
    draw_lines(made, [LINE])
    made.save()
    writer = pypdf.PdfWriter(tmp_path / "a.pdf")
    begin, end = across("Mức thu cũ ", "300.000 đồng")
    base = HEIGHT - 100
    corners = [begin, base + 9, end, base + 9, begin, base - 2, end, base - 2]
    note = pypdf.generic.DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/StrikeOut"),
            NameObject("/Rect"): ArrayObject(map(FloatObject, [begin, base - 2, end, base + 9])),
            NameObject("/QuadPoints"): ArrayObject(map(FloatObject, corners)),
        }
    )
    writer.add_annotation(0, note)
    writer.write(tmp_path / "b.pdf")
    document = read_pdf(tmp_path / "b.pdf")
    assert texts(document) == ["Mức thu cũ nay là 400.000 đồng."]
    assert removed(document) == [("300.000 đồng", "struck-out")]


def test_white_text_on_paper_is_kept_apart_and_on_a_dark_ground_it_is_read(tmp_path: Path) -> None:
    made = canvas(tmp_path / "a.pdf")
    draw_lines(made, ["Giá nước là 6.500 đồng."])
    made.setFillColorRGB(0.1, 0.1, 0.4)
    made.rect(50, HEIGHT - 150, 300, 20, stroke=0, fill=1)
    made.setFillColorRGB(1, 1, 1)
    draw_lines(made, ["Tiêu đề trên nền xanh"], top=145)
    draw_lines(made, ["Chữ trắng không ai thấy"], top=200)
    made.save()
    document = read_pdf(tmp_path / "a.pdf")
    assert texts(document) == ["Giá nước là 6.500 đồng.", "Tiêu đề trên nền xanh"]
    assert removed(document) == [("Chữ trắng không ai thấy", "hidden")]
    assert document.removed[0].place == Place(page=1)


def test_text_under_a_scan_is_read_though_it_is_not_drawn(tmp_path: Path) -> None:
    made = canvas(tmp_path / "a.pdf")
    text = made.beginText(60, HEIGHT - 100)
    text.setFont("Noto", SIZE)
    text.setFillColorRGB(1, 1, 1)
    text.setTextRenderMode(3)
    text.textLine("Lớp chữ dưới trang quét: 45 hộ nghèo ở xã Khe Mây năm 2020.")
    made.drawText(text)
    made.save()
    assert texts(read_pdf(tmp_path / "a.pdf")) == [
        "Lớp chữ dưới trang quét: 45 hộ nghèo ở xã Khe Mây năm 2020."
    ]
