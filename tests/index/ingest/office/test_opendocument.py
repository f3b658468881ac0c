"""OpenDocument files: lists with numbers, tables, notes, deletions, sheets with their rows, slides."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from index.errors import ArticleError
from index.ingest.document import Document, Place
from index.ingest.limits import Limits
from index.ingest.office.opendocument import read_opendocument

_NAMES = ("office", "text", "table", "draw", "style", "dc")
_NAMESPACES = " ".join(f'xmlns:{name}="urn:{name}"' for name in _NAMES)


def make(path: Path, body: str, kind: str = "text", styles: str = "", margins: str = "") -> Document:
    content = (
        f"<office:document-content {_NAMESPACES}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("content.xml", content)
        file.writestr(
            "styles.xml", f"<office:document-styles {_NAMESPACES}>{margins}</office:document-styles>"
        )
    return read_opendocument(path)


def cell(text: str, more: str = "") -> str:
    return f"<table:table-cell {more}>{f'<text:p>{text}</text:p>' if text else ''}</table:table-cell>"


def row(*cells: str) -> str:
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def test_text_with_its_spaces_notes_deletions_and_comments(tmp_path: Path) -> None:
    document = make(
        tmp_path / "a.odt",
        "<text:tracked-changes><text:changed-region><text:deletion><office:change-info><dc:creator>An</dc:creator>"
        "</office:change-info><text:p>30</text:p></text:deletion></text:changed-region></text:tracked-changes>"
        '<text:h>Hỗ trợ</text:h><text:p>Được<text:s text:c="1"/>50<text:change/> triệu<text:tab/>đồng'
        "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Theo QĐ 412</text:p>"
        "</text:note-body></text:note><office:annotation><text:p>xem lại</text:p></office:annotation>.</text:p>",
        margins="<style:footer><text:p>Trang <text:page-number>3</text:page-number></text:p></style:footer>"
        "<style:header><text:p>Bản tin số 27</text:p></style:header>",
    )
    assert [(block.kind, block.text) for block in document.blocks] == [
        ("heading", "Hỗ trợ"),
        ("paragraph", "Được 50 triệu\tđồng."),
        ("note", "Theo QĐ 412"),
        ("note", "Bản tin số 27"),
    ]
    assert [(item.text, item.reason) for item in document.removed] == [
        ("30", "tracked-deletion"),
        ("xem lại", "comment"),
    ]


def test_automatic_numbers_are_written_as_printed(tmp_path: Path) -> None:
    styles = (
        '<text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-prefix="Điều " '
        'style:num-suffix="." style:num-format="1"/><text:list-level-style-number text:level="2" '
        'style:num-suffix=")" style:num-format="a"/></text:list-style>'
    )
    entry = "<text:list-item><text:p>{}</text:p>{}</text:list-item>".format
    inner = f"<text:list>{entry('Một', '')}{entry('Hai', '')}</text:list>"
    items = entry("Phạm vi", inner) + entry("Hiệu lực", "")
    document = make(tmp_path / "a.odt", f'<text:list text:style-name="L">{items}</text:list>', styles=styles)
    assert [block.text for block in document.blocks] == [
        "Điều 1. Phạm vi",
        "a) Một",
        "b) Hai",
        "Điều 2. Hiệu lực",
    ]


def test_tables_are_grids_with_spans_and_repeated_cells(tmp_path: Path) -> None:
    covered = "<table:covered-table-cell/>"
    document = make(
        tmp_path / "a.odt",
        "<table:table>"
        + row(
            cell("Xã", 'table:number-rows-spanned="2"'),
            cell("Số hộ", 'table:number-columns-spanned="2"'),
            covered,
        )
        + row(covered, cell("Nghèo"), cell("Cận"))
        + row(cell("Khe Mây"), cell("45", 'table:number-columns-repeated="2"'))
        + row(cell("Suối Đá"), cell(""), cell("8"))
        + "</table:table>",
    )
    (block,) = document.blocks
    assert block.table is not None
    assert block.table.rows == (
        ("Xã", "Số hộ", "Số hộ"), ("Xã", "Nghèo", "Cận"), ("Khe Mây", "45", "45"), ("Suối Đá", "", "8"),
    )  # fmt: skip
    assert block.table.header_rows == 2


def test_sheets_have_names_rows_dates_and_numbers_of_vietnam(tmp_path: Path) -> None:
    cells = '<table:table-cell table:number-columns-repeated="16000"/>'
    empty = f'<table:table-row table:number-rows-repeated="1048000">{cells}</table:table-row>'
    document = make(
        tmp_path / "a.ods",
        '<table:table table:name="2020">'
        + row(cell("Danh sách"))
        + row('<table:table-cell table:number-columns-repeated="16000"/>')
        + row(cell("Xã"), cell("Hộ"), cell("Ngày"))
        + row(
            cell("Khe Mây"),
            cell("1,250.5 ha", 'office:value-type="float" office:value="1250.5"'),
            cell("3/5/20", 'office:value-type="date" office:date-value="2020-03-05"'),
        )
        + empty
        + "</table:table>",
        "spreadsheet",
    )
    assert [block.place for block in document.blocks] == [
        Place(sheet="2020", row=1),
        Place(sheet="2020", row=3),
    ]
    assert document.blocks[1].table is not None
    assert document.blocks[1].table.rows == (("Xã", "Hộ", "Ngày"), ("Khe Mây", "1.250,5 ha", "05/03/2020"))


def test_slides_are_pages(tmp_path: Path) -> None:
    box = "<draw:frame><draw:text-box><text:p>{}</text:p></draw:text-box></draw:frame>"
    pages = "".join(f"<draw:page>{box.format(text)}</draw:page>" for text in ("Một", "Hai"))
    document = make(tmp_path / "a.odp", pages, "presentation")
    assert [(block.text, block.place.page) for block in document.blocks] == [("Một", 1), ("Hai", 2)]


def test_an_endless_table_is_cut_and_told_and_a_damaged_file_is_an_error(tmp_path: Path) -> None:
    make(
        tmp_path / "a.ods",
        '<table:table table:name="1">' + row(cell("a"), cell("b")) * 900 + "</table:table>",
        "spreadsheet",
    )
    document = read_opendocument(tmp_path / "a.ods", Limits(cells=300))
    assert document.problems == (("too-long", Place(sheet="1")),)
    (tmp_path / "b.odt").write_bytes((tmp_path / "a.ods").read_bytes()[:200])
    with pytest.raises(ArticleError, match="save it again"):
        read_opendocument(tmp_path / "b.odt")


def test_rows_columns_and_sheets_that_are_hidden_are_kept_apart(tmp_path: Path) -> None:
    hidden = 'table:visibility="collapse"'
    document = make(
        tmp_path / "a.ods",
        f'<table:table table:name="2020"><table:table-column/><table:table-column {hidden}/><table:table-column/>'
        f"{row(cell('Xã'), cell('Nháp'), cell('Hộ'))}{row(cell('Khe Mây'), cell('999'), cell('45'))}"
        f"<table:table-row {hidden}>{cell('Cũ')}{cell('1')}{cell('2')}</table:table-row>"
        f'<table:table-row table:visibility="filter">{cell("Suối Đá")}{cell("")}{cell("30")}</table:table-row>'
        f'</table:table><table:table table:name="Cũ" table:style-name="ta2">{row(cell("bí mật"))}</table:table>',
        "spreadsheet",
        '<style:style style:name="ta2"><style:table-properties table:display="false"/></style:style>',
    )
    (table,) = [block.table for block in document.blocks if block.table is not None]
    assert [line for line in table.rows if any(line)] == [("Xã", "Hộ"), ("Khe Mây", "45"), ("Suối Đá", "30")]
    assert [(item.text, item.reason) for item in document.removed] == [
        ("Nháp", "hidden"), ("999", "hidden"), ("Cũ | 1 | 2", "hidden"), ("bí mật", "hidden"),
    ]  # fmt: skip


def test_numbered_paragraphs_and_tables_within_cells_are_read(tmp_path: Path) -> None:
    inner = f"<table:table>{row(cell('Trâu'), cell('12'))}{row(cell('Bò'), cell('30'))}</table:table>"
    document = make(
        tmp_path / "a.odt",
        "<text:numbered-paragraph><text:p>Thôn Lũng Cao</text:p></text:numbered-paragraph><table:table>"
        f"{row(cell('Xã'), cell('Vật nuôi'))}"
        f"{row(cell('Khe Mây'), f'<table:table-cell>{inner}</table:table-cell>')}</table:table>",
    )
    assert document.blocks[0].text == "- Thôn Lũng Cao"
    assert document.blocks[1].table is not None
    assert document.blocks[1].table.rows[1] == ("Khe Mây", "Trâu: 12\nBò: 30")


def test_rows_below_a_long_gap_keep_their_numbers_and_what_repeats_too_often_is_told(tmp_path: Path) -> None:
    gap = '<table:table-row table:number-rows-repeated="4000"><table:table-cell/></table:table-row>'
    often = (
        f'<table:table-row table:number-rows-repeated="5000">{cell("Suối Đá")}{cell("7")}</table:table-row>'
    )
    rows = row(cell("Xã"), cell("Hộ")) + gap + row(cell("Thôn"), cell("Bò")) + row(cell("Lũng"), cell("45"))
    sheet = '<table:table table:name="1">{}</table:table>'
    document = make(tmp_path / "a.ods", sheet.format(rows), "spreadsheet")
    assert [block.place.row for block in document.blocks] == [1, 4002]
    assert document.problems == ()
    document = make(tmp_path / "b.ods", sheet.format(rows + often), "spreadsheet")
    assert document.problems == (("too-long", Place(sheet="1", row=5003)),)
