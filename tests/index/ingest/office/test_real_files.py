"""Files that office programs themselves have written: one text with a table, a list, a note and struck words."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Font
from pptx import Presentation
from pptx.util import Inches

from index.ingest.document import Place
from index.ingest.list_folder import SourceFile
from index.ingest.office.sheets import read_sheets
from index.ingest.office.slides import read_slides
from index.ingest.read_files import read_file
from index.schema import Article

_NAMES = ["office", "text", "table", "style"]
_NAMESPACES = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in _NAMES)
_LEVEL = '<text:list-level-style-number text:level="{}" style:num-format="{}" style:num-suffix="{}"/>'


def cell(text: str, more: str = "") -> str:
    return f"<table:table-cell {more}><text:p>{text}</text:p></table:table-cell>"


def row(*cells: str) -> str:
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


COVERED = "<table:covered-table-cell/>"
TABLE = (
    '<table:table table:name="T"><table:table-column table:number-columns-repeated="3"/>'
    + row(
        cell("Bản", 'table:number-rows-spanned="2"'),
        cell("Số hộ", 'table:number-columns-spanned="2"'),
        COVERED,
    )
    + row(COVERED, cell("Nghèo"), cell("Cận nghèo"))
    + row(cell("Bản Vàng"), cell("45"), cell("45"))
    + row(cell("Suối Đá"), cell("1.250"), cell(""))
    + "</table:table>"
)
NOTE = (
    '<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body>'
    "<text:p>Theo Nghị quyết 15/NQ-HĐND.</text:p></text:note-body></text:note>"
)
LIST = (
    '<text:list text:style-name="L"><text:list-item><text:p>Rà soát</text:p><text:list><text:list-item>'
    "<text:p>Lập danh sách</text:p></text:list-item></text:list></text:list-item>"
    "<text:list-item><text:p>Công khai</text:p></text:list-item></text:list>"
)
SOURCE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    f'<office:document {_NAMESPACES} office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.text">'
    '<office:automatic-styles><style:style style:name="S" style:family="text"><style:text-properties '
    'style:text-line-through-style="solid" style:text-line-through-type="single"/></style:style>'
    f'<text:list-style style:name="L">{_LEVEL.format(1, "1", ". ")}{_LEVEL.format(2, "a", ") ")}</text:list-style>'
    '</office:automatic-styles><office:body><office:text><text:h text:outline-level="1">Báo cáo xã Khe Mây</text:h>'
    '<text:p>Mức cũ <text:span text:style-name="S">300.000 đồng</text:span> nay là 400.000 đồng'
    f"{NOTE}.</text:p>{LIST}{TABLE}<text:p>Hết.</text:p></office:text></office:body></office:document>"
)
FILTERS = {"docm": "docm:MS Word 2007 XML VBA"}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the text as LibreOffice saves it under each ending."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is missing; install libreoffice-writer-nogui")
    folder = tmp_path_factory.mktemp("written")
    (folder / "a.fodt").write_text(SOURCE, encoding="utf-8")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    for ending in ("docm", "epub", "odt", "rtf"):
        convert = ["--headless", "--convert-to", FILTERS.get(ending, ending), "--outdir", str(folder)]
        subprocess.run(
            [program, profile, *convert, str(folder / "a.fodt")], check=True, capture_output=True, timeout=120
        )
    return folder


@pytest.mark.model
@pytest.mark.parametrize("ending", ["docm", "epub", "odt", "rtf"])
def test_each_keeps_table_note_and_list_and_tells_what_is_struck(written: Path, ending: str) -> None:
    path = written / f"a.{ending}"
    (article,) = read_file(SourceFile(path, path.name, path.stat().st_size))
    assert isinstance(article, Article)
    assert article.title == "Báo cáo xã Khe Mây"
    assert article.author is None
    lines = article.text.split("\n")
    assert "Mức cũ nay là 400.000 đồng." in lines
    assert [line for line in lines if "|" in line] == [
        "Bản | Số hộ | Số hộ", "Bản | Nghèo | Cận nghèo", "Bản Vàng | 45 | 45", "Suối Đá | 1.250 |",
    ]  # fmt: skip
    assert [table.header_rows for table in article.tables] == [2]
    assert any(line.endswith("Theo Nghị quyết 15/NQ-HĐND.") for line in lines)
    entries = [line for line in lines if line.endswith(("Rà soát", "Lập danh sách", "Công khai"))]
    if ending == "epub":  # that program writes no numbers into books
        assert entries == ["Rà soát", "Lập danh sách", "Công khai"]
    else:
        assert entries == ["1. Rà soát", "a) Lập danh sách", "2. Công khai"]
    assert [(item.text, item.reason) for item in article.removed] == [("300.000 đồng", "struck-out")]


def test_struck_text_and_old_fonts_of_slides(tmp_path: Path) -> None:
    made = Presentation()
    slide = made.slides.add_slide(made.slide_layouts[6])
    paragraph = slide.shapes.add_textbox(0, 0, Inches(5), Inches(1)).text_frame.paragraphs[0]
    for text, font, strike in (
        ("Mức ", "", ""), ("300 ", "", "sngStrike"), ("400 ®ång, ", ".VnTime", ""), ("héi ®ång", ".VnTimeH", ""),
    ):  # fmt: skip
        run = paragraph.add_run()
        run.text = text
        run.font.name = font or None
        if strike:
            run.font._element.set("strike", strike)
    made.save(str(tmp_path / "a.pptx"))
    document = read_slides(tmp_path / "a.pptx")
    assert [block.text for block in document.blocks] == ["Mức 400 đồng, HỘI ĐỒNG"]
    assert [(item.text, item.reason, item.place) for item in document.removed] == [
        ("300", "struck-out", Place(page=1))
    ]


def test_struck_cells_and_old_fonts_of_sheets(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for cells in (["X·", "Hé nghÌo"], ["Khe M©y", 45], ["héi ®ång", 30], ["Xã Đá", 7]):
        sheet.append(cells)
    for place in ("A1", "B1", "A2"):
        sheet[place].font = Font(name=".VnTime")
    sheet["A3"].font = Font(name=".VnTimeH")
    sheet["B3"].font = Font(strike=True)
    book.save(tmp_path / "a.xlsx")
    document = read_sheets(tmp_path / "a.xlsx")
    assert [block.table.rows for block in document.blocks if block.table is not None] == [
        (("Xã", "Hộ nghèo"), ("Khe Mây", "45"), ("HỘI ĐỒNG", ""), ("Xã Đá", "7"))
    ]
    assert [(item.text, item.reason, item.place.row) for item in document.removed] == [
        ("30", "struck-out", 3)
    ]
