"""Letters of a PDF page that a line strikes through."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise
from operator import attrgetter

from index.ingest.pdf.content.page import Glyph, Rule

_LOWEST, _HIGHEST = 0.1, 0.5
"""Of the letters' size above the line they stand on: where a line runs through them, not under or over them."""
_LONGER = 0.35
"""Of the letters' size by which the line may be longer or shorter than what it strikes."""
_WIDEST_GAP = 1.0
"""Of the letters' size: a line over a wider gap belongs to a table or a drawing."""


def split_struck(
    glyphs: Sequence[Glyph], rules: Sequence[Rule], strikes: Sequence[Rule]
) -> tuple[list[Glyph], list[list[Glyph]], list[Rule]]:
    """Take out what is struck through; returns the other letters, the struck ones of each line, the other rules.

    ``strikes`` are the lines of a reviewer's pen, ``rules`` all that are drawn on the page.
    """
    standing = sorted((glyph for glyph in glyphs if glyph.turn == 0), key=attrgetter("base"))
    bases = [glyph.base for glyph in standing]
    tallest = max((glyph.size for glyph in standing), default=0.0)
    removed: list[list[Glyph]] = []
    taken: set[int] = set()
    left: list[Rule] = []
    for number, rule in enumerate([*rules, *strikes]):
        near: list[Glyph] = []
        if rule.y0 == rule.y1:
            first, last = bisect_left(bases, rule.y0), bisect_right(bases, rule.y0 + _HIGHEST * tallest)
            near = [glyph for glyph in standing[first:last] if _runs_through(rule, glyph)]
        if near and _fits(rule, near):
            removed.append([glyph for glyph in near if id(glyph) not in taken])
            taken.update(map(id, near))
        elif number < len(rules):
            left.append(rule)
    return [glyph for glyph in glyphs if id(glyph) not in taken], list(filter(None, removed)), left


def _runs_through(rule: Rule, glyph: Glyph) -> bool:
    above = glyph.base - rule.y0
    return (
        rule.x0 <= (glyph.x0 + glyph.x1) / 2 <= rule.x1
        and _LOWEST * glyph.size <= above <= _HIGHEST * glyph.size
    )


def _fits(rule: Rule, struck: list[Glyph]) -> bool:
    """Whether a line begins and ends with the letters; that of a single letter may be the stroke of a Đ."""
    struck.sort(key=attrgetter("x0"))
    letters = [glyph for glyph in struck if not glyph.text.isspace()]
    if len(letters) < 2 and not any(glyph.text.isdigit() for glyph in letters):
        return False
    size = letters[0].size
    return (
        abs(rule.x0 - struck[0].x0) <= _LONGER * size
        and abs(rule.x1 - struck[-1].x1) <= _LONGER * size
        and all(after.x0 - glyph.x1 <= _WIDEST_GAP * size for glyph, after in pairwise(struck))
    )
