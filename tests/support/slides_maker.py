"""Slides as PowerPoint writes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pptx.util import Inches


def add_merged_table(slide: Any, rows: Sequence[Sequence[str]]) -> None:  # noqa: ANN401 - python-pptx has no types
    """Add a table of three columns with a name over its last two columns and one over its first two rows."""
    table = slide.shapes.add_table(len(rows), 3, 0, 0, Inches(6), Inches(2)).table
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    table.cell(0, 1).merge(table.cell(0, 2))
    table.cell(0, 0).merge(table.cell(1, 0))
