"""Rich text: Vietnamese letters in all their spellings, tables as grids, and what striprtf would lose or let in."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.errors import ArticleError
from index.ingest.document import Document
from index.ingest.office.rtf import read_rtf

HEAD = (
    r"{\rtf1\ansi\ansicpg1258\deff0{\fonttbl{\f0\fnil\fcharset163 Times New Roman;}}"
    r"{\info{\title Quy \u432?\u7899?c}{\author An}}"
)


def read(folder: Path, body: str) -> Document:
    (folder / "a.rtf").write_text(HEAD + body + "}", encoding="latin-1")
    return read_rtf(folder / "a.rtf")


def test_escapes_and_code_pages_are_letters(tmp_path: Path) -> None:
    document = read(
        tmp_path, r"\pard X\u227? Khe M\u226?y c\'f3 45 h\u7897? ngh\'e8o | 12\par H\'ea\'cct\par"
    )
    assert document.blocks[0].text == "Xã Khe Mây có 45 hộ nghèo | 12"
    assert (document.metadata.title, document.metadata.author) == ("Quy ước", "An")


def test_tables_are_grids_with_merged_and_empty_cells_and_lines_in_a_cell(tmp_path: Path) -> None:
    three = r"\cellx2000\cellx4000\cellx6000"
    document = read(
        tmp_path,
        rf"\trowd\clvmgf\cellx2000\cellx6000\pard\intbl Xa\cell So ho\cell\row"
        rf"\trowd\clvmrg\cellx2000\cellx4000\cellx6000\pard\intbl\cell Ngheo\cell Can\cell\row"
        rf"\trowd{three}\pard\intbl Khe May\par thon 1\cell 45\cell 45\cell\row"
        rf"\trowd{three}\pard\intbl Suoi\cell\cell 8\cell\row\pard Het.\par",
    )
    table = document.blocks[0].table
    assert table is not None
    assert table.rows == (
        ("Xa", "So ho", "So ho"), ("Xa", "Ngheo", "Can"), ("Khe May\nthon 1", "45", "45"), ("Suoi", "", "8"),
    )  # fmt: skip
    assert table.header_rows == 2
    assert document.blocks[1].text == "Het."


def test_deletions_hidden_text_notes_and_headers(tmp_path: Path) -> None:
    document = read(
        tmp_path,
        r"{\header Ban tin so 27\par}\pard Ho tro {\deleted 30}50 trieu{\v bi mat}{\footnote Theo QD 412}.\par"
        r"{\field{\*\fldinst HYPERLINK x}{\fldrslt Nghi dinh 30}}\par",
    )
    assert [(block.kind, block.text) for block in document.blocks] == [
        ("paragraph", "Ho tro 50 trieu."),
        ("paragraph", "Nghi dinh 30"),
        ("note", "Ban tin so 27"),
        ("note", "Theo QD 412"),
    ]
    assert [(item.text, item.reason) for item in document.removed] == [
        ("30", "tracked-deletion"),
        ("bi mat", "hidden"),
    ]


def test_what_is_no_rtf_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "a.rtf").write_text("Không phải RTF", encoding="utf-8")
    with pytest.raises(ArticleError, match=r"save it as \.docx"):
        read_rtf(tmp_path / "a.rtf")


def test_numbers_of_lists_raised_numbers_struck_text_and_lines_of_a_cell(tmp_path: Path) -> None:
    cells = r"\trowd\cellx2000\cellx4000\cellx6000\pard\intbl"
    document = read(
        tmp_path,
        r"{\listtext\pard\plain 1.\tab}Muc mot\par{\pntext 2.\tab}Muc hai\par Den 10{\super 6}, m{\super 2}, "
        r"{\strike\f0 gia cu 5.000} gia 6.000\par "
        rf"{cells} Xa\cell Ngheo\cell Can\cell\row{cells} Suoi\cell\cell 30\line 12\cell\row\pard Het.\par",
    )
    assert [block.text for block in document.blocks if block.table is None] == [
        "1. Muc mot", "2. Muc hai", "Den 10^6, m2, gia 6.000", "Het.",
    ]  # fmt: skip
    assert [block.table.rows for block in document.blocks if block.table is not None] == [
        (("Xa", "Ngheo", "Can"), ("Suoi", "", "30\n12"))
    ]
    assert [(item.text, item.reason) for item in document.removed] == [("gia cu 5.000", "struck-out")]
