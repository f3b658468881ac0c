"""PDF pages drawn letter by letter and line by line, as the makers of PDFs do."""

from __future__ import annotations

from pathlib import Path

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen.canvas import Canvas

FONTS = Path("/usr/share/fonts/truetype")
HEIGHT = A4[1]


def canvas(path: Path, size: float = 11) -> Canvas:
    """A canvas with a Vietnamese font; the test is skipped where Debian's fonts are missing."""
    try:
        pdfmetrics.registerFont(TTFont("Noto", str(FONTS / "noto" / "NotoSans-Regular.ttf")))
        pdfmetrics.registerFont(TTFont("Other", str(FONTS / "noto" / "NotoSerif-Regular.ttf")))
    except (OSError, TTFError):
        pytest.skip("the fonts of the test pages are missing; install fonts-noto-core")
    made = Canvas(str(path), pagesize=A4)
    made.setFont("Noto", size)
    return made


def draw_lines(made: Canvas, lines: list[str], x: float = 60, top: float = 100, pitch: float = 16) -> None:
    """Draw lines from a height below the upper edge on."""
    for number, line in enumerate(lines):
        made.drawString(x, HEIGHT - top - pitch * number, line)


def draw_grid(
    made: Canvas,
    rows: list[list[str]],
    x: float = 60,
    top: float = 100,
    width: float = 110,
    height: float = 22,
    merged: set[tuple[int, int, int, int]] | None = None,
) -> None:
    """Draw a table with lines; ``merged`` names cells (row, column, rows, columns) that are one."""
    made.setFontSize(10)
    inner = {
        (row + r, column + c)
        for row, column, down, across in merged or ()
        for r in range(down)
        for c in range(across)
        if r or c
    }
    spans = {(row, column): (down, across) for row, column, down, across in merged or ()}
    for row, cells in enumerate(rows):
        for column, text in enumerate(cells):
            if (row, column) in inner:
                continue
            down, across = spans.get((row, column), (1, 1))
            left, upper = x + column * width, HEIGHT - top - row * height
            made.rect(left, upper - down * height, across * width, down * height)
            for number, line in enumerate(text.split("\n")):
                made.drawString(left + 3, upper - 10 - 9 * number, line)
