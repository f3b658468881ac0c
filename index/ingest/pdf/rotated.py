"""Pages whose text lies on its side or stands on its head, though the page itself says nothing of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from index.ingest.pdf.content.page import Glyph, PageContent, Rule

_MOST = 0.7
"""The share of the letters of a page that must lie the same way."""
_LEAST = 20
_Box = tuple[float, float, float, float]


def upright(content: PageContent) -> PageContent:
    """Turn a page so that most of its letters stand upright, its ruled lines with them."""
    letters = [glyph.turn for glyph in content.glyphs if not glyph.text.isspace()]
    turn, count = Counter(letters).most_common(1)[0] if letters else (0, 0)
    if turn not in (1, 2, 3) or count < max(_LEAST, _MOST * len(letters)):
        return content
    width, height = (content.height, content.width) if turn % 2 else (content.width, content.height)
    glyphs = [_glyph(glyph, turn, content) for glyph in content.glyphs]
    rules, strikes = (
        [Rule(*_box((rule.x0, rule.y0, rule.x1, rule.y1), turn, content)) for rule in of]
        for of in (content.rules, content.strikes)
    )
    return replace(content, width=width, height=height, glyphs=glyphs, rules=rules, strikes=strikes)


def _glyph(glyph: Glyph, turn: int, page: PageContent) -> Glyph:
    x0, y0, x1, y1 = _box((glyph.x0, glyph.y0, glyph.x1, glyph.y1), turn, page)
    relative_turn = (glyph.turn - turn) % 4 if glyph.turn >= 0 else glyph.turn
    return glyph._replace(x0=x0, y0=y0, x1=x1, y1=y1, base=y1, turn=relative_turn)


def _box(box: _Box, turn: int, page: PageContent) -> _Box:
    x0, y0, x1, y1 = box
    if turn == 1:
        return page.height - y1, x0, page.height - y0, x1
    if turn == 2:
        return page.width - x1, page.height - y1, page.width - x0, page.height - y0
    return y0, page.width - x1, y1, page.width - x0
