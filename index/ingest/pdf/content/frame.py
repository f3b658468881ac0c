"""The coordinates of the seen page: from the upper left corner, after the page's rotation."""

from __future__ import annotations

import pypdfium2 as pdfium


class Frame:
    """Turns coordinates of the PDF, from below and before the page's rotation, into those of the seen page."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        self.left, self.bottom, right, top = page.get_cropbox()
        self.turns = (page.get_rotation() // 90) % 4
        across, up = right - self.left, top - self.bottom
        self.width, self.height = (up, across) if self.turns % 2 else (across, up)
        self._top = top

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Turn a point."""
        x, y = x - self.left, y - self.bottom
        if self.turns == 1:
            return y, x
        if self.turns == 2:
            return self.width - x, y
        if self.turns == 3:
            return self.width - y, self.height - x
        return x, self.height - y

    def box(self, x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        """Turn a box: its left, top, right and bottom."""
        if not self.turns:
            x0, x1, y0, y1 = x0 - self.left, x1 - self.left, self._top - y0, self._top - y1
            return (x0, y1, x1, y0) if x0 <= x1 and y1 <= y0 else _ordered(x0, y0, x1, y1)
        ax, ay = self.point(x0, y0)
        bx, by = self.point(x1, y1)
        return _ordered(ax, ay, bx, by)


def _ordered(x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
