"""Presentations: each slide's text, tables, charts and notes, with the slide as page."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches
from slides_maker import add_merged_table

from index.errors import ArticleError
from index.ingest.document import Document, Place
from index.ingest.office.slides import read_slides


def deck() -> Any:  # noqa: ANN401 - python-pptx has no types
    return Presentation()


def save(made: Any, path: Path) -> Document:  # noqa: ANN401
    made.save(str(path))
    return read_slides(path)


def test_title_text_and_notes_of_a_slide(tmp_path: Path) -> None:
    made = deck()
    slide = made.slides.add_slide(made.slide_layouts[1])
    slide.shapes.title.text = "Kết quả rà soát"
    slide.placeholders[1].text = "Khe Mây: 45 hộ\nSuối Đá: 30 hộ"
    slide.notes_slide.notes_text_frame.text = "Nhớ nói về Bản Vàng"
    blocks = save(made, tmp_path / "a.pptx").blocks
    assert [(block.kind, block.text) for block in blocks] == [
        ("heading", "Kết quả rà soát"),
        ("paragraph", "Khe Mây: 45 hộ"),
        ("paragraph", "Suối Đá: 30 hộ"),
        ("note", "Nhớ nói về Bản Vàng"),
    ]
    assert {block.place for block in blocks} == {Place(page=1)}


def test_tables_with_merged_cells_and_charts_are_grids(tmp_path: Path) -> None:
    made = deck()
    slide = made.slides.add_slide(made.slide_layouts[6])
    add_merged_table(slide, [["Xã", "Số hộ", ""], ["", "Nghèo", "Cận"], ["Khe Mây", "45", "45"]])
    data = CategoryChartData()
    data.categories = ["2019", "2020"]
    data.add_series("Hộ nghèo", (45, 30.5))
    slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, 0, Inches(4), Inches(5), Inches(3), data)
    tables = [block.table for block in save(made, tmp_path / "a.pptx").blocks if block.table]
    assert [table.rows for table in tables] == [
        (("Xã", "Số hộ", "Số hộ"), ("Xã", "Nghèo", "Cận"), ("Khe Mây", "45", "45")),
        (("", "Hộ nghèo"), ("2019", "45"), ("2020", "30,5")),
    ]


def test_a_slide_that_is_not_shown_is_kept_apart_and_one_that_is_a_picture_is_told(tmp_path: Path) -> None:
    made = deck()
    hidden = made.slides.add_slide(made.slide_layouts[5])
    hidden.shapes.title.text = "Nháp"
    hidden.element.set("show", "0")
    stream = io.BytesIO()
    Image.new("L", (60, 40), 200).save(stream, "PNG")
    picture = made.slides.add_slide(made.slide_layouts[6])
    picture.shapes.add_picture(io.BytesIO(stream.getvalue()), 0, 0, made.slide_width, made.slide_height)
    document = save(made, tmp_path / "a.pptx")
    assert [(item.text, item.reason) for item in document.removed] == [("Nháp", "hidden")]
    assert document.problems == (("picture-of-text", Place(page=2)),)


def test_a_damaged_presentation_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "a.pptx").write_bytes(b"PK\x03\x04 cut")
    with pytest.raises(ArticleError, match=r"save it as \.pptx again"):
        read_slides(tmp_path / "a.pptx")
