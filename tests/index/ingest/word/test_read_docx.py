"""Word files: what a reader of the printed page sees is read, in its order, and nothing else."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pytest
from PIL import Image
from word_maker import CHANGE, cell, make_word, paragraph, row, run, table

from index.errors import ArticleError
from index.ingest.document import Document
from index.ingest.document_to_article import to_article
from index.ingest.limits import Limits
from index.ingest.word.read_docx import read_word
from index.tables import row_in_words


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks]


def grid(document: Document) -> list[list[str]]:
    (found,) = [block.table for block in document.blocks if block.table is not None]
    return [list(line) for line in found.rows]


def test_equal_and_empty_cells_stay_in_their_columns(tmp_path: Path) -> None:
    rows = [["Xã", "Hộ nghèo", "Hộ cận nghèo", "Hộ thoát nghèo"], ["Khe Mây", "45", "45", "12"],
            ["Suối Đá", "30", "", "8"], ["Bản Vàng", "", "", "7"], ["Đồi Chè", "10", "20", "10"]]  # fmt: skip
    path = make_word(tmp_path / "a.docx", table(*(row(*cells) for cells in rows)))
    assert grid(read_word(path)) == rows


def test_merged_cells_stand_in_every_place_that_they_cover(tmp_path: Path) -> None:
    down, goes_on, wide = '<w:vMerge w:val="restart"/>', "<w:vMerge/>", '<w:gridSpan w:val="2"/>'
    path = make_word(
        tmp_path / "a.docx",
        table(
            row(cell("Xã", down), cell("Số hộ năm 2020", wide)),
            row(cell("", goes_on), "Nghèo", "Cận nghèo"),
            row(cell("Khe Mây", down), "45", "45"),
            row(cell("", goes_on), "12", "9"),
            row("Suối Đá", "", "8"),
            row(cell("Tổng cộng", wide), "62"),
        ),
    )
    document = read_word(path)
    assert grid(document) == [
        ["Xã", "Số hộ năm 2020", "Số hộ năm 2020"],
        ["Xã", "Nghèo", "Cận nghèo"],
        ["Khe Mây", "45", "45"],
        ["Khe Mây", "12", "9"],
        ["Suối Đá", "", "8"],
        ["Tổng cộng", "Tổng cộng", "62"],
    ]
    assert document.blocks[0].table is not None
    assert document.blocks[0].table.header_rows == 2


def test_a_row_that_begins_later_and_old_merges_keep_the_columns(tmp_path: Path) -> None:
    path = make_word(
        tmp_path / "a.docx",
        table(
            row("Thôn", "Nam", "Nữ"),
            row("12", "15", properties='<w:gridBefore w:val="1"/>'),
            row(cell("Cả xã", '<w:hMerge w:val="restart"/>'), cell("", "<w:hMerge/>"), "27"),
        ),
    )
    assert grid(read_word(path)) == [["Thôn", "Nam", "Nữ"], ["", "12", "15"], ["Cả xã", "Cả xã", "27"]]


def test_lines_of_a_cell_stay_apart_and_a_nested_table_stays_in_its_cell(tmp_path: Path) -> None:
    inner = table(row("Ngân sách huyện", "777 triệu đồng"), row("Nhân dân góp", "88 triệu đồng"))
    wide = table(row("Thôn", "Hộ", "Vốn"), row("Nà Pục", "7", "30"), row("Lũng Cao", "9", ""))
    path = make_word(
        tmp_path / "a.docx",
        table(
            row("45\n30", "Kinh phí"),
            row(cell(inner + paragraph("còn lại 5")), "x"),
            row(cell(wide + paragraph("")), "y"),
        ),
    )
    assert grid(read_word(path)) == [
        ["45\n30", "Kinh phí"],
        ["Ngân sách huyện: 777 triệu đồng\nNhân dân góp: 88 triệu đồng\ncòn lại 5", "x"],
        ["Thôn: Nà Pục; Hộ: 7; Vốn: 30\nThôn: Lũng Cao; Hộ: 9", "y"],
    ]


def test_a_title_row_over_the_whole_table_is_no_header_and_a_frame_of_one_column_is_no_table(
    tmp_path: Path,
) -> None:
    title = row(cell("Biểu 1. Số hộ", '<w:gridSpan w:val="2"/>'))
    body = table(row("Lời nói đầu\nHai dòng")) + table(title, row("Xã", "Số hộ"), row("Khe Mây", "45"))
    document = read_word(make_word(tmp_path / "a.docx", body))
    assert texts(document) == ["Lời nói đầu", "Hai dòng", "Biểu 1. Số hộ", ""]
    assert grid(document) == [["Xã", "Số hộ"], ["Khe Mây", "45"]]


def test_insertions_are_read_and_deletions_are_kept_apart(tmp_path: Path) -> None:
    path = make_word(
        tmp_path / "a.docx",
        paragraph(
            run("Mỗi hộ được hỗ trợ ") + f"<w:del {CHANGE}><w:r><w:delText>30</w:delText></w:r></w:del>"
            f"<w:ins {CHANGE}>{run('50')}</w:ins>" + run(" triệu đồng.")
        )
        + paragraph(f"<w:moveFrom {CHANGE}>{run('Ông Bách nghiệm thu.')}</w:moveFrom>")
        + paragraph(f"<w:moveTo {CHANGE}>{run('Ông Bách nghiệm thu.')}</w:moveTo>")
        + paragraph(run("Hạn nộp ") + "", f"<w:rPr><w:del {CHANGE}/></w:rPr>")
        + paragraph("là ngày 30/9.")
        + table(row("Xã", "Hộ"), row("Cũ", "1", properties=f"<w:del {CHANGE}/>"), row("Mới", "2")),
    )
    document = read_word(path)
    assert texts(document) == [
        "Mỗi hộ được hỗ trợ 50 triệu đồng.", "Ông Bách nghiệm thu.", "Hạn nộp là ngày 30/9.", "",
    ]  # fmt: skip
    assert grid(document) == [["Xã", "Hộ"], ["Mới", "2"]]
    assert [(item.text, item.reason) for item in document.removed] == [
        ("30", "tracked-deletion"),
        ("Ông Bách nghiệm thu.", "tracked-deletion"),
        ("Cũ\n1", "tracked-deletion"),
    ]


def test_smart_tags_content_controls_links_and_simple_fields_are_read(tmp_path: Path) -> None:
    body = (
        paragraph(f"<w:smartTag>{run('Thôn Lũng Cao ')}</w:smartTag>" + run("có 15 hộ."))
        + paragraph(
            run("Ngày: ") + f"<w:sdt><w:sdtContent>{run('14/2/2022')}</w:sdtContent></w:sdt>" + run(".")
        )
        + f"<w:sdt><w:sdtContent>{paragraph('Bà Lý Thị Mơ')}</w:sdtContent></w:sdt>"
        + paragraph(
            run("Điện thoại ") + f'<w:fldSimple w:instr=" DOCPROPERTY P ">{run("0203 555 777")}</w:fldSimple>'
        )
        + paragraph(f"<w:hyperlink>{run('Nghị định 30')}</w:hyperlink>")
        + "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>"
        + f"{paragraph('Bấm vào đây để nhập')}</w:sdtContent></w:sdt>"
    )
    document = read_word(make_word(tmp_path / "a.docx", body))
    assert texts(document) == [
        "Thôn Lũng Cao có 15 hộ.", "Ngày: 14/2/2022.", "Bà Lý Thị Mơ", "Điện thoại 0203 555 777", "Nghị định 30",
    ]  # fmt: skip
    assert [item.reason for item in document.removed] == ["placeholder"]


def field(code: str, result: str) -> str:
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    instruction = f"<w:r><w:instrText>{code}</w:instrText></w:r>"
    return mark.format("begin") + instruction + mark.format("separate") + run(result) + mark.format("end")


def test_fields_show_their_result_and_never_their_code(tmp_path: Path) -> None:
    box = '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:checked/></w:checkBox></w:ffData></w:fldChar>'
    body = paragraph(run("Tổng: ") + field(' =SUM(ABOVE) \\# "0" ', "87") + run(" hộ")) + paragraph(
        box + '</w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>' + run(" Hộ nghèo")
    )
    assert texts(read_word(make_word(tmp_path / "a.docx", body))) == ["Tổng: 87 hộ", "☑ Hộ nghèo"]


def test_a_field_within_the_code_of_another_is_not_printed(tmp_path: Path) -> None:
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    inner = field(" MERGEFIELD x ", "ẩn")
    body = paragraph(
        mark.format("begin") + "<w:r><w:instrText> IF </w:instrText></w:r>" + inner
        + mark.format("separate") + run("hiện") + mark.format("end")
    )  # fmt: skip
    assert texts(read_word(make_word(tmp_path / "a.docx", body))) == ["hiện"]


def test_hidden_text_and_comments_are_kept_apart(tmp_path: Path) -> None:
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>bí mật</w:t></w:r>"
    path = make_word(
        tmp_path / "a.docx",
        paragraph(run("Công khai ") + hidden),
        comments=f'<w:comment w:id="0">{paragraph("Xem lại số này")}</w:comment>',
    )
    document = read_word(path)
    assert texts(document) == ["Công khai"]
    assert [(item.text, item.reason) for item in document.removed] == [
        ("bí mật", "hidden"),
        ("Xem lại số này", "comment"),
    ]


def test_a_text_box_is_read_once_though_it_is_written_for_old_programs_too(tmp_path: Path) -> None:
    content = f"<w:txbxContent>{paragraph('Giá vé 35.000 đồng.')}</w:txbxContent>"
    new = f"<w:drawing><a:graphic><wps:wsp><wps:txbx>{content}</wps:txbx></wps:wsp></a:graphic></w:drawing>"
    old = f"<w:pict><v:shape><v:textbox>{content}</v:textbox></v:shape></w:pict>"
    both = f"<mc:AlternateContent><mc:Choice>{new}</mc:Choice><mc:Fallback>{old}</mc:Fallback></mc:AlternateContent>"
    document = read_word(
        make_word(
            tmp_path / "a.docx",
            paragraph(run("Lễ hội") + f"<w:r>{both}</w:r>") + paragraph(f"<w:r>{old}</w:r>"),
        )
    )
    assert [(block.kind, block.text) for block in document.blocks] == [
        ("paragraph", "Lễ hội"),
        ("note", "Giá vé 35.000 đồng."),
        ("note", "Giá vé 35.000 đồng."),
    ]


def test_notes_stand_behind_their_paragraph_and_margins_at_the_end(tmp_path: Path) -> None:
    reference = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    section = (
        '<w:sectPr><w:headerReference w:type="default" r:id="header1"/><w:footerReference r:id="footer1"/>'
        '<w:headerReference w:type="first" r:id="header2"/></w:sectPr>'
    )
    path = make_word(
        tmp_path / "a.docx",
        paragraph(run("Có 4.321 lượt khách") + reference + run(".")) + paragraph("Hết.") + section,
        footnotes='<w:footnote w:type="separator" w:id="0"><w:p/></w:footnote>'
        f'<w:footnote w:id="2">{paragraph("Theo Phòng Thống kê.")}</w:footnote>'
        f'<w:footnote w:id="3">{paragraph("Không ai nhắc đến.")}</w:footnote>',
        header1=paragraph("Bản tin huyện Yên Hạ, số 27"),
        header2=paragraph("Chỉ ở trang đầu, mà trang đầu không khác"),
        footer1=paragraph(run("Trang ") + field(" PAGE ", "7") + run("/") + field(" NUMPAGES ", "9")),
    )
    document = read_word(path)
    assert texts(document) == [
        "Có 4.321 lượt khách.", "Theo Phòng Thống kê.", "Hết.", "Không ai nhắc đến.", "Bản tin huyện Yên Hạ, số 27",
    ]  # fmt: skip
    assert [(item.text, item.reason) for item in document.removed] == [("Trang /", "page-number")]


NUMBERING = """
<w:abstractNum w:abstractNumId="1">
  <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="Điều %1."/></w:lvl>
  <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%2."/></w:lvl>
  <w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%3)"/></w:lvl>
  <w:lvl w:ilvl="3"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2.%4"/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="2">
  <w:lvl w:ilvl="0"><w:start w:val="3"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1."/></w:lvl>
  <w:lvl w:ilvl="1"><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/></w:lvl>
</w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="2"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="1"/>
  <w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
"""


def numbered(text: str, list_: int, depth: int) -> str:
    return paragraph(text, f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{list_}"/></w:numPr>')


def test_automatic_numbers_are_written_as_printed_and_lists_begin_anew(tmp_path: Path) -> None:
    steps = [("Phạm vi", 1, 0), ("Khoản", 1, 1), ("Điểm", 1, 2), ("Điểm", 1, 2), ("Khoản", 1, 1), ("Điểm", 1, 2),
             ("Đối tượng", 1, 0), ("Khoản", 1, 1), ("Mục", 1, 3), ("Chương", 2, 0), ("Ý", 2, 1), ("Chương", 2, 0),
             ("Hiệu lực", 1, 0), ("Phụ lục", 3, 0), ("Phụ lục", 3, 0), ("Không số", 0, 0)]  # fmt: skip
    path = make_word(
        tmp_path / "a.docx",
        "".join(numbered(*step) for step in steps),
        numbering=NUMBERING,
    )
    assert texts(read_word(path)) == [
        "Điều 1. Phạm vi", "1. Khoản", "a) Điểm", "b) Điểm", "2. Khoản", "a) Điểm",
        "Điều 2. Đối tượng", "1. Khoản", "2.1.1 Mục", "III. Chương", "- Ý", "IV. Chương",
        "Điều 3. Hiệu lực", "Điều 1. Phụ lục", "Điều 2. Phụ lục", "Không số",
    ]  # fmt: skip


def test_numbers_and_headings_come_from_styles_too(tmp_path: Path) -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/><w:pPr><w:outlineLvl w:val="0"/>'
        '<w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Mine"><w:name w:val="Mục"/><w:basedOn w:val="H1"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="Tit"><w:name w:val="Title"/></w:style>'
    )
    body = "".join(paragraph(text, f'<w:pStyle w:val="{style}"/>')
                   for text, style in (("Quy ước", "Tit"), ("Một", "H1"), ("Hai", "Mine"), ("Thân", "")))  # fmt: skip
    document = read_word(make_word(tmp_path / "a.docx", body, styles=styles, numbering=NUMBERING))
    assert [(block.kind, block.text) for block in document.blocks] == [
        ("heading", "Quy ước"),
        ("heading", "Điều 1. Một"),
        ("heading", "Điều 2. Hai"),
        ("paragraph", "Thân"),
    ]


def test_symbols_tabs_breaks_and_fractions_are_text(tmp_path: Path) -> None:
    body = paragraph(
        '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/><w:t> A</w:t><w:tab/><w:t>B</w:t><w:br/><w:t>2</w:t>'
        '<w:noBreakHyphen/><w:t>3</w:t><w:sym w:font="Symbol" w:char="F0B3"/></w:r>'
        "<m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>4</m:t></m:r></m:den></m:f></m:oMath>"
    )
    assert texts(read_word(make_word(tmp_path / "a.docx", body))) == ["☑ A\tB\n2-3≥1/4"]


def photograph() -> bytes:
    stream = io.BytesIO()
    Image.new("L", (300, 400), 200).save(stream, "PNG")
    return stream.getvalue()


def drawing(width: int, height: int) -> str:
    return (
        f'<w:r><w:drawing><wp:inline><wp:extent cx="{width * 36000}" cy="{height * 36000}"/>'
        '<a:blip r:embed="image1"/></wp:inline></w:drawing></w:r>'
    )


@pytest.mark.parametrize(
    ("text", "width", "height", "problems"),
    [("", 80, 60, ["picture-of-text"]), ("", 10, 10, []),
     ("x" * 200, 160, 110, []), ("x" * 200, 170, 240, ["picture-of-text"])],
)  # fmt: skip
def test_a_photograph_of_a_page_is_told_and_an_illustration_is_not(
    tmp_path: Path, text: str, width: int, height: int, problems: list[str]
) -> None:
    body = paragraph(text or "<w:r/>") + paragraph(drawing(width, height))
    document = read_word(make_word(tmp_path / "a.docx", body, image1=photograph()))
    assert [code for code, _ in document.problems] == problems


def test_title_and_author_are_taken_unless_a_program_wrote_them(tmp_path: Path) -> None:
    made = docx.Document()
    made.core_properties.title, made.core_properties.author = "Quy ước thôn Lũng Cao", "Giàng A Páo"
    made.save(str(tmp_path / "a.docx"))
    made.core_properties.title, made.core_properties.author = "Document1", "Admin"
    made.save(str(tmp_path / "b.docx"))
    first, second = (read_word(tmp_path / name).metadata for name in ("a.docx", "b.docx"))
    assert (first.title, first.author) == ("Quy ước thôn Lũng Cao", "Giàng A Páo")
    assert (second.title, second.author) == ("", "")


def test_a_bomb_of_parts_is_refused_with_a_remedy(tmp_path: Path) -> None:
    path = make_word(tmp_path / "a.docx", paragraph("a" * 2_000_000))
    with pytest.raises(ArticleError, match="split it"):
        read_word(path, Limits(unpacked_bytes=1_000_000))


def test_entities_of_the_file_are_neither_resolved_nor_fetched(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("bí mật", encoding="utf-8")
    path = make_word(tmp_path / "a.docx", paragraph("Công khai"))
    with zipfile.ZipFile(path) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    evil = f'<!DOCTYPE d [<!ENTITY x SYSTEM "file://{tmp_path}/secret.txt">]>'.encode()
    parts["word/document.xml"] = evil + parts["word/document.xml"].replace("Công khai".encode(), b"Xin &x; h")
    with zipfile.ZipFile(path, "w") as file:
        for name, content in parts.items():
            file.writestr(name, content)
    assert "bí mật" not in "".join(texts(read_word(path)))


def test_a_long_file_is_read_up_to_the_limit_and_told(tmp_path: Path) -> None:
    path = make_word(tmp_path / "a.docx", table(*(row(str(number), "x") for number in range(500))))
    document = read_word(path, Limits(cells=100))
    assert ("too-long" in [code for code, _ in document.problems]) and 50 < len(grid(document)) < 60


@pytest.mark.parametrize("cut", [0, 10, 500, -30])
def test_a_damaged_file_is_an_error_with_a_remedy(tmp_path: Path, cut: int) -> None:
    whole = make_word(tmp_path / "a.docx", paragraph("Quyết định")).read_bytes()
    (tmp_path / "b.docx").write_bytes(whole[:cut])
    with pytest.raises(ArticleError, match="save it as"):
        read_word(tmp_path / "b.docx")


def test_a_photograph_in_a_folder_is_named_with_the_command_that_makes_it_readable(tmp_path: Path) -> None:
    path = make_word(tmp_path / "a.docx", paragraph(drawing(160, 220)), image1=photograph())
    with pytest.raises(
        ArticleError, match=r"pictures of text \(picture 1\).*apt-get install tesseract-ocr tesseract-ocr-vie"
    ):
        to_article(read_word(path), "a", "a.docx")


@pytest.mark.parametrize(
    ("font", "text", "expected"),
    [
        (".VnTime", "Tr¹m b¬m 3", "Trạm bơm 3"),
        (".VnTimeH", "b¸o c¸o n\xadíc s¹ch", "BÁO CÁO NƯỚC SẠCH"),
        ("VNI-Times", "Traïm bôm 3", "Trạm bơm 3"),
        (".VnTime", "Trạm bơm 3", "Trạm bơm 3"),
        ("Arial", "Café 3", "Café 3"),
    ],
)
def test_the_font_of_a_run_tells_its_encoding(tmp_path: Path, font: str, text: str, expected: str) -> None:
    content = f'<w:r><w:rPr><w:rFonts w:ascii="{font}"/></w:rPr><w:t>{text}</w:t></w:r>'
    assert texts(read_word(make_word(tmp_path / "a.docx", paragraph(content)))) == [expected]


def test_struck_text_is_kept_apart_and_a_raised_number_is_no_digit_of_the_one_before(tmp_path: Path) -> None:
    raised, struck = '<w:vertAlign w:val="superscript"/>', "<w:strike/>"
    runs = [("Giá cũ 5.000 ", struck), ("giá 6.000 đồng, 10", '<w:strike w:val="0"/>'), ("6", raised), (" m", ""),
            ("2", raised)]  # fmt: skip
    body = "".join(
        f"<w:r><w:rPr>{how}</w:rPr><w:t xml:space='preserve'>{text}</w:t></w:r>" for text, how in runs
    )
    document = read_word(make_word(tmp_path / "a.docx", paragraph(body)))
    assert texts(document) == ["giá 6.000 đồng, 10^6 m2"]
    assert [(item.text, item.reason) for item in document.removed] == [("Giá cũ 5.000", "struck-out")]


def test_a_cell_that_was_deleted_moves_the_next_ones_and_rows_that_a_program_counts_have_their_numbers(
    tmp_path: Path,
) -> None:
    numbering = (
        '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
        '<w:lvlText w:val="%1"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    )
    counted = cell(paragraph("<w:r/>", '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'))
    deleted = cell("Ô cũ", f"<w:cellDel {CHANGE}/>")
    path = make_word(
        tmp_path / "a.docx",
        table(row("STT", "Họ tên", "Tiền"), row(counted, deleted, "Pha", "500"), row(counted, "Páo", "450")),
        numbering=numbering,
    )
    document = read_word(path)
    assert grid(document) == [["STT", "Họ tên", "Tiền"], ["1", "Pha", "500"], ["2", "Páo", "450"]]
    assert [(item.text, item.reason) for item in document.removed] == [("Ô cũ", "tracked-deletion")]


def test_a_numbered_group_that_was_merged_over_the_row_stands_before_its_rows(tmp_path: Path) -> None:
    wide = '<w:gridSpan w:val="2"/>'
    rows = [row("TT", "Nội dung", "Kinh phí"), row("I", cell("Nông nghiệp", wide)), row("1", "Trạm bơm", "420"),
            row("II", cell("Giáo dục", wide)), row("1", "Trường mầm non", "2.100")]  # fmt: skip
    article = to_article(read_word(make_word(tmp_path / "a.docx", table(*rows))), "a", "a.docx")
    assert article.text.split("\n")[1] == "I | Nông nghiệp"
    assert [row_in_words(article, article.tables[0], number) for number in (2, 4)] == [
        "I; Nông nghiệp; TT: 1; Nội dung: Trạm bơm; Kinh phí: 420",
        "II; Giáo dục; TT: 1; Nội dung: Trường mầm non; Kinh phí: 2.100",
    ]
