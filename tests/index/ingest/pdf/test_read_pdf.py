"""PDF files: text in reading order, tables as grids, no number dropped, pictures of pages told or recognised."""

from __future__ import annotations

import io
import unicodedata
from itertools import pairwise
from pathlib import Path

import pypdf
import pytest
from page_maker import HEIGHT, canvas, draw_grid, draw_lines
from pdf_maker import make_pdf
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfmetrics import stringWidth

from eval.benchmarks.formats.table_pdfs import numbers_of, score, summary
from index.errors import ArticleError
from index.ingest.document import Block, Document, Place
from index.ingest.document_to_article import to_article
from index.ingest.limits import Limits
from index.ingest.pdf.read_pdf import read_pdf
from index.tables import row_in_words

PAGES = [
    [
        "UBND HUYỆN BA SEN",
        "Báo cáo kết quả trồng rừng năm 2020",
        "Từ đầu năm đến nay, toàn huyện đã trồng được 3.772 ha rừng tập trung, đạt 125,7% kế",
        "hoạch. Trong đó diện tích rừng gỗ lớn là 813 ha. Xã Tân Sen và xã Đồn Sen dẫn đầu.",
        "Các xã còn lại tiếp tục chuẩn bị hiện trường, làm đất và nhận cây giống từ vườn ươm,",
        "- 1 -",
    ],
    ["UBND HUYỆN BA SEN", "phấn đấu trồng xong trước ngày 30/11.", "Người báo cáo: Nguyễn Văn An", "- 2 -"],
    ["UBND HUYỆN BA SEN", "Phụ lục", "- 3 -"],
]
PROSE = [
    "Huyện Yên Hạ vừa tổng kết chương trình nước sạch, có 215 hộ dân ở ba thôn",
    "vùng cao được hưởng lợi từ công trình này. Xã Khe Mây được hỗ trợ 420 triệu",
    "đồng để xây dựng trạm bơm, do ông Giàng A Páo phụ trách việc giám sát.",
]


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks if block.table is None]


def grids(document: Document) -> list[list[tuple[str, ...]]]:
    return [list(block.table.rows) for block in document.blocks if block.table is not None]


def test_lines_become_paragraphs_also_over_pages_and_running_heads_are_read_once(tmp_path: Path) -> None:
    document = read_pdf(make_pdf(tmp_path / "bao-cao.pdf", PAGES))
    assert texts(document) == [
        "Báo cáo kết quả trồng rừng năm 2020",
        "Từ đầu năm đến nay, toàn huyện đã trồng được 3.772 ha rừng tập trung, đạt 125,7% kế hoạch. "
        "Trong đó diện tích rừng gỗ lớn là 813 ha. Xã Tân Sen và xã Đồn Sen dẫn đầu. "
        "Các xã còn lại tiếp tục chuẩn bị hiện trường, làm đất và nhận cây giống từ vườn ươm, "
        "phấn đấu trồng xong trước ngày 30/11.",
        "Người báo cáo: Nguyễn Văn An",
        "Phụ lục",
        "UBND HUYỆN BA SEN",
    ]
    assert sorted({(item.text, item.reason) for item in document.removed}) == [
        ("- 1 -", "page-number"),
        ("- 2 -", "page-number"),
        ("- 3 -", "page-number"),
        ("UBND HUYỆN BA SEN", "running-head"),
    ]
    assert [block.place.page for block in document.blocks] == [1, 1, 2, 3, 1]


def test_lines_that_are_only_a_number_are_text(tmp_path: Path) -> None:
    made = canvas(tmp_path / "a.pdf")
    draw_lines(made, ["Số hộ nghèo của xã Khe Mây", "45", "2020", "Số hộ cận nghèo", "132", "2021"], pitch=24)
    made.save()
    read = texts(read_pdf(tmp_path / "a.pdf"))
    assert read == ["Số hộ nghèo của xã Khe Mây", "45", "2020", "Số hộ cận nghèo", "132", "2021"]


def test_numbers_at_the_edge_that_do_not_run_on_are_text(tmp_path: Path) -> None:
    made = canvas(tmp_path / "a.pdf")
    for number in ("87", "45", "132"):
        draw_lines(made, PROSE)
        made.drawString(60, 30, number)
        made.showPage()
        made.setFont("Noto", 11)
    made.save()
    assert {"87", "45", "132"} <= set(texts(read_pdf(tmp_path / "a.pdf")))


@pytest.mark.parametrize("form", ["{}", "- {} -", "Trang {}/3", "Page {}"])
def test_page_numbers_run_on(tmp_path: Path, form: str) -> None:
    made = canvas(tmp_path / "a.pdf")
    for number in (4, 5, 6):
        draw_lines(made, PROSE)
        made.drawString(280, 30, form.format(number))
        made.showPage()
        made.setFont("Noto", 11)
    made.save()
    document = read_pdf(tmp_path / "a.pdf")
    assert [item.text for item in document.removed] == [form.format(number) for number in (4, 5, 6)]


def test_a_line_that_every_page_has_in_its_text_is_text(tmp_path: Path) -> None:
    made = canvas(tmp_path / "a.pdf")
    for name in ("Khe Mây", "Suối Đá", "Bản Vàng", "Đồi Chè"):
        lines = [f"Phiếu điều tra xã {name}", "Tình hình chung của xã", *PROSE, "Đề nghị khen thưởng"]
        draw_lines(made, lines, pitch=22)
        made.showPage()
        made.setFont("Noto", 11)
    made.save()
    document = read_pdf(tmp_path / "a.pdf")
    assert (
        texts(document).count("Đề nghị khen thưởng") == texts(document).count("Tình hình chung của xã") == 4
    )
    assert not document.removed


def test_tables_with_lines_are_grids_with_merged_and_empty_cells_and_lines_of_a_cell(tmp_path: Path) -> None:
    rows = [
        ["Xã", "Số hộ năm 2020", "", "Ghi chú"],
        ["", "Nghèo", "Cận nghèo", ""],
        ["Khe Mây", "45", "45", ""],
        ["Suối Đá", "", "30", "mới tách\nnăm 2019"],
        ["Tổng cộng", "45", "75", ""],
    ]
    made = canvas(tmp_path / "a.pdf")
    draw_grid(made, rows, merged={(0, 0, 2, 1), (0, 1, 1, 2), (0, 3, 2, 1)})
    made.save()
    (block,) = read_pdf(tmp_path / "a.pdf").blocks
    assert block.table is not None
    assert (block.kind, block.place, block.table.header_rows) == ("table", Place(page=1), 2)
    assert list(block.table.rows) == [
        ("Xã", "Số hộ năm 2020", "Số hộ năm 2020", "Ghi chú"),
        ("Xã", "Nghèo", "Cận nghèo", "Ghi chú"),
        ("Khe Mây", "45", "45", ""),
        ("Suối Đá", "", "30", "mới tách\nnăm 2019"),
        ("Tổng cộng", "45", "75", ""),
    ]


def test_a_table_without_lines_is_one_whatever_the_order_it_was_drawn_in(tmp_path: Path) -> None:
    rows = [["Xã", "Hộ nghèo", "Cận nghèo", "Năm"], ["Khe Mây", "45", "132", "2020"],
            ["Suối Đá", "30", "", "2020"], ["Bản Vàng", "1.250", "87", "2021"]]  # fmt: skip
    made = canvas(tmp_path / "a.pdf")
    draw_lines(made, ["Kết quả rà soát hộ nghèo huyện Yên Hạ"], top=60)
    for column in range(4):
        draw_lines(made, [row[column] for row in rows], x=60 + 110 * column, pitch=20)
    made.save()
    document = read_pdf(tmp_path / "a.pdf")
    assert texts(document) == ["Kết quả rà soát hộ nghèo huyện Yên Hạ"]
    assert grids(document) == [[tuple(row) for row in rows]]


def test_a_sentence_or_a_list_of_contents_below_a_table_without_lines_is_none_of_its_rows(
    tmp_path: Path,
) -> None:
    made = canvas(tmp_path / "a.pdf")
    rows = [
        ("Trường", "Số lớp", "Học sinh"),
        ("Khe Mây", "8", "245"),
        ("Suối Đá", "8", "8"),
        ("Bản Vàng", "", "198"),
    ]
    for number, (name, *values) in enumerate(rows):
        made.drawString(70, HEIGHT - 100 - 18 * number, name)
        for right, value in zip((280, 400), values, strict=True):
            made.drawRightString(right, HEIGHT - 100 - 18 * number, value)
    made.drawString(70, HEIGHT - 182, "Kinh phí thực hiện là 1,2 tỷ đồng.")
    for number, (name, page) in enumerate((("1. Tình hình chung", "3"), ("2. Kết quả", "15"))):
        made.drawString(70, HEIGHT - 206 - 16 * number, f"{name} {'.' * 60}")
        made.drawRightString(500, HEIGHT - 206 - 16 * number, page)
    made.save()
    document = read_pdf(tmp_path / "a.pdf")
    assert grids(document) == [rows]
    assert texts(document)[0] == "Kinh phí thực hiện là 1,2 tỷ đồng."
    assert [text.split(" ..")[0] for text in texts(document)[1:]] == ["1. Tình hình chung", "2. Kết quả"]
    assert [text.rpartition(" ")[2] for text in texts(document)[1:]] == ["3", "15"]


def test_a_table_that_goes_on_over_a_page_keeps_its_header_and_its_merged_cell(tmp_path: Path) -> None:
    made = canvas(tmp_path / "a.pdf")
    draw_grid(made, [["Xã", "Thôn", "Số hộ"], ["Khe Mây", "Lũng 1", "45"], ["", "Lũng 2", "30"]],
              top=700, merged={(1, 0, 2, 1)})  # fmt: skip
    made.showPage()
    made.setFont("Noto", 10)
    draw_grid(made, [["", "Lũng 3", "12"], ["", "Lũng 4", "9"], ["Suối Đá", "Đồi 1", "7"]],
              top=60, merged={(0, 0, 2, 1)})  # fmt: skip
    made.save()
    document = read_pdf(tmp_path / "a.pdf")
    assert grids(document)[1] == [
        ("Xã", "Thôn", "Số hộ"), ("Khe Mây", "Lũng 3", "12"), ("Khe Mây", "Lũng 4", "9"), ("Suối Đá", "Đồi 1", "7"),
    ]  # fmt: skip
    assert [block.place.page for block in document.blocks] == [1, 2]
    assert [block.table.header_rows for block in document.blocks if block.table] == [1, 1]


def test_a_header_that_is_written_upwards_is_read(tmp_path: Path) -> None:
    made = canvas(tmp_path / "a.pdf")
    draw_grid(made, [["", "Xã"], ["45", "Khe Mây"]], height=80, width=60)
    made.saveState()
    made.translate(60 + 20, HEIGHT - 100 - 75)
    made.rotate(90)
    made.drawString(0, 0, "Hộ nghèo")
    made.restoreState()
    made.save()
    assert grids(read_pdf(tmp_path / "a.pdf")) == [[("Hộ nghèo", "Xã"), ("45", "Khe Mây")]]


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_pages_that_are_turned_are_read_as_they_are_seen(tmp_path: Path, turn: int) -> None:
    made = canvas(tmp_path / "a.pdf")
    if turn == 180:
        made.translate(595, HEIGHT)
        made.rotate(180)
    elif turn == 90:
        made.translate(595, 0)
        made.rotate(90)
    else:
        made.translate(0, HEIGHT)
        made.rotate(-90)
    for number, line in enumerate(("Biểu tổng hợp", "Số hộ nghèo là 45")):
        made.drawString(50, 400 - 40 * number, line)
    made.save()
    writer = pypdf.PdfWriter(clone_from=tmp_path / "a.pdf")
    writer.pages[0].rotate(turn)
    writer.write(tmp_path / "b.pdf")
    assert texts(read_pdf(tmp_path / "b.pdf")) == ["Biểu tổng hợp", "Số hộ nghèo là 45"]


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_table_that_was_drawn_on_its_side_is_read_upright(tmp_path: Path, turn: int) -> None:
    rows = [["Xã", "Thôn", "Số hộ"], ["Khe Mây", "Lũng Cao", "45"], ["Suối Đá", "Bản Vàng", "30"]]
    made = canvas(tmp_path / "a.pdf")
    draw_lines(made, ["Biểu tổng hợp số hộ nghèo"], top=60)
    draw_grid(made, rows, top=100)
    made.save()
    writer = pypdf.PdfWriter(clone_from=tmp_path / "a.pdf")
    writer.pages[0].rotate(turn)
    writer.pages[0].transfer_rotation_to_content()
    writer.write(tmp_path / "b.pdf")
    document = read_pdf(tmp_path / "b.pdf")
    assert texts(document) == ["Biểu tổng hợp số hộ nghèo"]
    assert grids(document) == [[tuple(row) for row in rows]]


def test_the_rows_of_a_next_page_belong_to_the_group_of_the_page_before(tmp_path: Path) -> None:
    made = canvas(tmp_path / "a.pdf")
    draw_grid(made, [["TT", "Xã", "Số hộ"], ["I", "Khu vực III", ""], ["1", "Khe Mây", "45"]], top=700)
    made.showPage()
    made.setFont("Noto", 10)
    draw_grid(made, [["2", "Suối Đá", "30"], ["II", "Khu vực I", ""], ["3", "Yên Hạ", "12"]], top=60)
    made.showPage()
    made.setFont("Noto", 10)
    draw_grid(made, [["4", "Bản Vàng", "7"]], top=60)
    made.save()
    article = to_article(read_pdf(tmp_path / "a.pdf"), "a", "a.pdf")
    last_rows = [row_in_words(article, table, len(table.rows) - 1) for table in article.tables]
    assert last_rows == [
        "I; Khu vực III; TT: 1; Xã: Khe Mây; Số hộ: 45",
        "II; Khu vực I; TT: 3; Xã: Yên Hạ; Số hộ: 12",
        "II; Khu vực I; TT: 4; Xã: Bản Vàng; Số hộ: 7",
    ]
    assert row_in_words(article, article.tables[1], 2) == "I; Khu vực III; TT: 2; Xã: Suối Đá; Số hộ: 30"


def test_names_of_columns_wider_than_their_numbers_stand_each_over_its_own(tmp_path: Path) -> None:
    made = canvas(tmp_path / "a.pdf")
    for number, row in enumerate([("Chỉ tiêu", "Năm 2020", "Năm 2021"), ("Đàn trâu", "1.200", "1.250"),
                                  ("Thu", "28,5", "30"), ("Chi", "27", "29,4")]):  # fmt: skip
        y = HEIGHT - 100 - 20 * number
        made.drawString(60, y, row[0])
        made.drawRightString(260, y, row[1])
        made.drawRightString(260 + stringWidth("Năm 2021", "Noto", 11) + 9, y, row[2])
    made.save()
    (grid,) = grids(read_pdf(tmp_path / "a.pdf"))
    assert grid[:2] == [("Chỉ tiêu", "Năm 2020", "Năm 2021"), ("Đàn trâu", "1.200", "1.250")]


def test_two_columns_are_read_one_after_the_other_however_they_were_drawn(tmp_path: Path) -> None:
    left = [
        "Huyện Yên Hạ vừa tổng kết chương",
        "trình nước sạch, có 215 hộ dân ở ba",
        "thôn vùng cao được hưởng lợi từ",
        "công trình này do Nhà nước đầu tư",
        "và nhân dân góp công từ đầu năm.",
    ]
    right = [
        "Nhân dân các thôn đã đóng góp nhiều",
        "ngày công để đào rãnh và lắp đặt",
        "đường ống dẫn nước về từng nhà,",
        "nay không phải gánh nước từ suối",
        "cách nhà 2 ki-lô-mét nữa.",
    ]
    made = canvas(tmp_path / "a.pdf")
    draw_lines(made, ["Nước sạch về vùng cao"], top=70)
    for number in range(5):
        draw_lines(made, [left[number]], top=100 + 14 * number)
        draw_lines(made, [right[number]], x=290, top=100 + 14 * number)
    made.save()
    assert texts(read_pdf(tmp_path / "a.pdf")) == ["Nước sạch về vùng cao", " ".join(left), " ".join(right)]


@pytest.mark.slow
def test_letters_placed_one_by_one_and_tones_drawn_apart_are_words(tmp_path: Path) -> None:
    made = canvas(tmp_path / "a.pdf")
    for row, line in enumerate(PROSE):
        x = 60.0
        for char in line:
            font = "Other" if len(unicodedata.normalize("NFD", char)) > 2 else "Noto"
            made.setFont(font, 11)
            made.drawString(x, HEIGHT - 100 - 16 * row, char)
            x += stringWidth(char, font, 11) + 0.4
    text = made.beginText(60, HEIGHT - 200)
    for char in "Nước sạch về Khe Mây":
        split = unicodedata.normalize("NFD", char)
        tones = [mark for mark in split if mark in "\u0300\u0301\u0303\u0309\u0323"]
        text.setFont("Noto", 11)
        text.textOut(unicodedata.normalize("NFC", "".join(mark for mark in split if mark not in tones)))
        text.setFont("Other", 11)
        text.textOut("".join(tones))
    made.drawText(text)
    made.save()
    assert texts(read_pdf(tmp_path / "a.pdf")) == [" ".join(PROSE), "Nước sạch về Khe Mây"]


def test_spaced_out_capitals_are_words_and_single_digits_of_a_row_are_not(tmp_path: Path) -> None:
    made = canvas(tmp_path / "a.pdf")
    text = made.beginText(60, HEIGHT - 80)
    text.setCharSpace(5)
    text.textOut("BÁO CÁO NƯỚC SẠCH")
    made.drawText(text)
    for column, digit in enumerate("4567"):
        made.drawString(60 + 11 * column, HEIGHT - 120, digit)
    made.save()
    assert texts(read_pdf(tmp_path / "a.pdf")) == ["BÁO CÁO NƯỚC SẠCH", "4 5 6 7"]


def test_filled_fields_stand_where_they_are_seen(tmp_path: Path) -> None:
    made = canvas(tmp_path / "a.pdf")
    draw_lines(made, ["Họ và tên người làm đơn:", "Hộ nghèo:"], pitch=30)
    made.acroForm.textfield(
        name="ten", value="Vang Thi So", x=220, y=HEIGHT - 105, width=200, height=18, fontName="Helvetica"
    )
    made.acroForm.checkbox(name="ngheo", checked=True, x=220, y=HEIGHT - 135, size=14)
    made.save()
    assert texts(read_pdf(tmp_path / "a.pdf")) == ["Họ và tên người làm đơn: Vang Thi So", "Hộ nghèo: ☑"]


def test_an_agenda_stays_in_lines_and_a_title_apart_from_its_text(tmp_path: Path) -> None:
    agenda = [
              "Từ 8 giờ đến 8 giờ 30: đón tiếp đại biểu các xã và thị trấn",
              "Từ 9 giờ: báo cáo của Chủ tịch UBND huyện Yên Hạ",
              "Từ 10 giờ: thảo luận về chương trình nước sạch năm 2022", "12", "Giải lao", "Bế mạc"]  # fmt: skip
    made = canvas(tmp_path / "a.pdf")
    draw_lines(made, agenda)
    draw_lines(made, ["Báo cáo tổng kết chương trình nước sạch của huyện Yên Hạ năm vừa qua"], top=300)
    draw_lines(made, PROSE, top=325)
    made.save()
    assert texts(read_pdf(tmp_path / "a.pdf")) == [
        *agenda,
        "Báo cáo tổng kết chương trình nước sạch của huyện Yên Hạ năm vừa qua",
        " ".join(PROSE),
    ]


def test_numbered_items_begin_anew(tmp_path: Path) -> None:
    made = canvas(tmp_path / "a.pdf")
    draw_lines(made, ["1. Giao Phòng Tài chính cấp đủ kinh phí cho xã Khe Mây trước ngày 30/9 và",
                      "báo cáo kết quả.", "2. Giao UBND xã thực hiện.", "Điều 2. Hiệu lực từ ngày ký."])  # fmt: skip
    made.save()
    assert texts(read_pdf(tmp_path / "a.pdf")) == [
        "1. Giao Phòng Tài chính cấp đủ kinh phí cho xã Khe Mây trước ngày 30/9 và báo cáo kết quả.",
        "2. Giao UBND xã thực hiện.",
        "Điều 2. Hiệu lực từ ngày ký.",
    ]


def picture() -> ImageReader:
    stream = io.BytesIO()
    Image.new("L", (60, 80), 200).save(stream, "PNG")
    return ImageReader(io.BytesIO(stream.getvalue()))


STAMP = [
    "Người ký: ỦY BAN NHÂN DÂN HUYỆN YÊN HẠ",
    "Email: ubnd@vi-du.gov.vn",
    "Thời gian ký: 05.03.2021 08:15:22 +07:00",
]


def scan(path: Path, pages: list[list[str]]) -> Path:
    """A page of text, and then pages that are pictures with these lines over them."""
    made = canvas(path)
    draw_lines(made, PROSE)
    for lines in pages:
        made.showPage()
        made.setFont("Noto", 8)
        made.drawImage(picture(), 0, 40, 595, 800)
        draw_lines(made, lines)
    made.save()
    return path


def test_pages_that_are_pictures_are_told_and_what_apps_stamp_on_them_is_no_text(tmp_path: Path) -> None:
    document = read_pdf(scan(tmp_path / "a.pdf", [["Scanned with CamScanner"], STAMP, []]))
    assert texts(document) == [" ".join(PROSE)]
    assert document.problems == tuple(("picture-of-text", Place(page=page)) for page in (2, 3, 4))
    assert {item.reason for item in document.removed} == {"scanner-stamp", "signature-stamp"}


def test_a_file_of_pictures_only_names_its_pages_and_the_command(tmp_path: Path) -> None:
    made = canvas(tmp_path / "a.pdf")
    for _ in range(3):
        made.drawImage(picture(), 0, 40, 595, 800)
        made.showPage()
    made.save()
    with pytest.raises(ArticleError, match=r"pictures of text \(pages 1–3\);.*apt-get install"):
        to_article(read_pdf(tmp_path / "a.pdf"), "a", "a.pdf")


class Reader:
    """Stands for Tesseract: tells what size of picture it was given."""

    def read(self, image: Image.Image, place: Place, dpi: float = 0.0) -> tuple[Block, ...]:
        if place.page == 3:
            return ()
        return (Block("paragraph", f"{image.size} {dpi:.0f}", None, place, 0.9),)


def test_pictures_are_recognised_in_their_place_with_their_confidence(tmp_path: Path) -> None:
    path = scan(tmp_path / "a.pdf", [["Scanned with CamScanner"], []])
    seen: list[tuple[int, int]] = []
    document = read_pdf(path, Limits(on_page=lambda page, of: seen.append((page, of))), Reader())  # type: ignore[arg-type]
    assert document.blocks[-1] == Block(
        "paragraph", "(2481, 3508) 300", None, Place(page=2), 0.9
    )  # A4 at 300 dpi
    assert seen == [(1, 3), (2, 3), (3, 3)]
    assert document.problems == (("nothing-recognised", Place(page=3)),)


def test_old_fonts_keep_the_letter_that_pdf_takes_for_a_hyphen(tmp_path: Path) -> None:
    made = canvas(tmp_path / "a.pdf")
    made.setFont("Helvetica", 11)
    made.drawString(60, 700, "B¸o c¸o n\xadíc s¹ch Yªn H¹ cho ki-l«-mÐt 2019-2020 ®\xadîc duyÖt")
    made.save()
    article = to_article(read_pdf(tmp_path / "a.pdf"), "a", "a.pdf")
    assert article.text == "Báo cáo nước sạch Yên Hạ cho ki-lô-mét 2019-2020 được duyệt"


def test_a_locked_pdf_asks_for_an_unlocked_copy(tmp_path: Path) -> None:
    writer = pypdf.PdfWriter(clone_from=make_pdf(tmp_path / "mo.pdf", PAGES))
    writer.encrypt("mật khẩu", algorithm="RC4-128")
    writer.write(tmp_path / "khoa.pdf")
    with pytest.raises(ArticleError, match="password"):
        read_pdf(tmp_path / "khoa.pdf")


@pytest.mark.parametrize("cut", [0, 10, 200, 900, -30])
def test_a_damaged_pdf_is_an_article_error_or_what_is_left(tmp_path: Path, cut: int) -> None:
    whole = make_pdf(tmp_path / "a.pdf", PAGES).read_bytes()
    (tmp_path / "b.pdf").write_bytes(whole[:cut])
    try:
        read_pdf(tmp_path / "b.pdf")
    except ArticleError as error:
        assert ";" in str(error)  # what happened; the remedy


def test_a_file_of_many_pages_is_read_up_to_the_limit_and_told(tmp_path: Path) -> None:
    path = make_pdf(tmp_path / "a.pdf", [[f"Trang thứ {number} của sổ"] for number in range(30)])
    document = read_pdf(path, Limits(pages=10))
    assert len(texts(document)) == 10
    assert [place.page for code, place in document.problems if code == "too-long"] == list(range(11, 31))


def test_the_benchmark_counts_numbers_as_often_as_they_stand(tmp_path: Path) -> None:
    assert numbers_of("45 hộ, 45 hộ và 1.250,5 (12)") == {"45": 2, "1.250,5": 1, "12": 1}
    made = canvas(tmp_path / "a.pdf")
    for number in (1, 2):
        draw_lines(made, PROSE)
        made.drawString(280, 30, str(number))
        made.showPage()
        made.setFont("Noto", 11)
    made.save()
    found = score(tmp_path / "a.pdf")
    # Each page holds 215, 420 and its number: six in all, two of them page numbers.
    assert (found.numbers, found.stored, found.page_numbers, found.lost) == (6, 4, 2, ())
    assert summary([found])["stored"] == 4 / 6
    assert summary([found])["stored_or_page_number"] == 1.0


def test_entries_whose_number_touches_their_text_are_entries(tmp_path: Path) -> None:
    made = canvas(tmp_path / "a.pdf")
    draw_lines(made, ["1.Rà soát hộ nghèo", "a)Lập danh sách", "b)Họp dân", "2.Công khai"])
    made.save()
    assert texts(read_pdf(tmp_path / "a.pdf")) == [
        "1.Rà soát hộ nghèo",
        "a)Lập danh sách",
        "b)Họp dân",
        "2.Công khai",
    ]


def test_names_over_several_columns_without_lines_stand_over_each_of_them(tmp_path: Path) -> None:
    made = canvas(tmp_path / "a.pdf")
    rows = [
        ["Bản", "Số hộ"],
        ["", "Nghèo", "Cận nghèo"],
        ["Bản Vàng", "45", "46"],
        ["Suối Đá", "1.250", "30"],
    ]
    for number, cells in enumerate(rows):
        for column, text in enumerate(cells):
            made.drawString(60 + 150 * column, HEIGHT - 100 - 16 * number, text)
    made.save()
    tables = [block.table for block in read_pdf(tmp_path / "a.pdf").blocks if block.table is not None]
    assert [(table.rows[:2], table.header_rows) for table in tables] == [
        ((("Bản", "Số hộ", "Số hộ"), ("Bản", "Nghèo", "Cận nghèo")), 2)
    ]


INVOICE = [["TT", "Hàng hóa", "SL", "Đơn giá"], ["1", "Xi măng", "40", "82.000"],
           ["2", "Cát vàng loại 1,\nđã gồm vận chuyển", "12,5", "310.000"], ["", "Cộng", "", "7.155.000"]]  # fmt: skip


def test_lines_between_rows_that_are_drawn_cell_by_cell_show_the_columns(tmp_path: Path) -> None:
    made = canvas(tmp_path / "a.pdf")
    edges = (60, 80, 185, 215, 270)
    draw_lines(
        made, ["Ban quản lý bản Nong Lay xin gửi báo giá vật tư như sau, có hiệu lực 30 ngày:"], top=60
    )
    top = 100
    for row in INVOICE:
        height = 14 * max(cell.count("\n") + 1 for cell in row) + 8
        for (left, right), cell in zip(pairwise(edges), row, strict=True):
            draw_lines(made, cell.split("\n"), x=left + 3, top=top + 13, pitch=14)
            if row is not INVOICE[-1]:  # nothing is drawn above the first row and below the last
                made.line(left, HEIGHT - top - height, right, HEIGHT - top - height)
        top += height
    made.save()
    document = read_pdf(tmp_path / "a.pdf")
    assert [[tuple(" ".join(cell.split()) for cell in row) for row in grid] for grid in grids(document)] == [
        [tuple(cell.replace("\n", " ") for cell in row) for row in INVOICE]
    ]
    assert texts(document)[0].startswith("Ban quản lý bản Nong Lay")


def test_rows_without_lines_between_them_are_not_one_row(tmp_path: Path) -> None:
    made = canvas(tmp_path / "a.pdf")
    rows = [["Xã", "Hộ nghèo", "Cận nghèo"], *([f"Xã số {n}", f"{n}5", f"{n}8"] for n in range(1, 8))]
    for column in range(3):
        draw_lines(made, [row[column] for row in rows], x=60 + 110 * column)
        for y in (86, 105, 105 + 16 * 7):
            made.line(60 + 110 * column, HEIGHT - y, 170 + 110 * column, HEIGHT - y)
    made.save()
    assert grids(read_pdf(tmp_path / "a.pdf")) == [[tuple(row) for row in rows]]


def test_columns_that_stand_near_each_other_are_several(tmp_path: Path) -> None:
    rows = [("Họ và tên", "Toán", "Văn", "Anh"), ("Lò Thị Ánh", "8.5", "7", "6.5"),
            ("Quàng Văn Bun", "6", "", "7.5"), ("Cầm Thị Chung", "9", "8.25", "5"),
            ("Vừ A Dế", "4", "5", "")]  # fmt: skip
    made = canvas(tmp_path / "a.pdf", 10)
    for number, (name, *marks) in enumerate(rows):
        made.drawString(60, HEIGHT - 100 - 15 * number, name)
        for right, mark in zip((180, 206, 232), marks, strict=True):
            made.drawRightString(right, HEIGHT - 100 - 15 * number, mark)
    made.save()
    assert grids(read_pdf(tmp_path / "a.pdf")) == [rows]


def test_lines_nearer_than_rows_are_lines_of_a_cell(tmp_path: Path) -> None:
    made = canvas(tmp_path / "a.pdf")
    columns = [
        [(100, "Buổi"), (122, "Sáng"), (158, "Chiều")],
        [(100, "Thứ Hai"), (122, "Họp giao ban"), (136, "Phòng 201"), (158, "Tập huấn"), (172, "Phần mềm")],
        [
            (100, "Thứ Ba"),
            (122, "Kiểm tra trạm y tế"),
            (136, "Xã Tân Lập"),
            (158, "Họp"),
            (172, "Hội trường"),
        ],
    ]
    for column, cells in enumerate(columns):
        for top, text in cells:
            made.drawString(60 + 120 * column, HEIGHT - top, text)
    made.save()
    assert grids(read_pdf(tmp_path / "a.pdf")) == [
        [
            ("Buổi", "Thứ Hai", "Thứ Ba"),
            ("Sáng", "Họp giao ban\nPhòng 201", "Kiểm tra trạm y tế\nXã Tân Lập"),
            ("Chiều", "Tập huấn\nPhần mềm", "Họp\nHội trường"),
        ]
    ]


@pytest.mark.parametrize(
    "title", ["bao-cao.pdf.html", "https://xa.example/tin/12", "file:///C:/a", "Ngày hội"]
)
def test_an_address_or_the_name_of_a_file_is_no_title(tmp_path: Path, title: str) -> None:
    made = canvas(tmp_path / "a.pdf")
    made.setTitle(title)
    draw_lines(made, ["Ngày hội việc làm", "", *PROSE])
    made.save()
    assert read_pdf(tmp_path / "a.pdf").metadata.title == ("Ngày hội" if title == "Ngày hội" else "")
